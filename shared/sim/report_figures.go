package sim

import (
	"maps"
	"slices"
	"time"

	"sluice/shared/lead"
)

// figures are counted as the world goes on: nothing is kept of a lead but
// durations.
type figures struct {
	posts map[int]int // by status, 0 for no answer
	acts  map[string]*ActCount
	reps  map[inTeam]*RepFigures
	pools map[string]*poolCount

	offers, inTime, begun, contacted, withdrawn, reclaimed, escalated int
	waited, qualified, moved                                          int
	reminded, warned, again, nudged                                   int

	accept, contact, late []time.Duration
}

type inTeam struct{ team, rep string }

type poolCount struct {
	PoolFigures
	resting []time.Duration
	cycles  map[time.Time]bool
}

// look counts a sweep's look at a lead.
func (p *poolCount) look(e lead.Swept) {
	p.Looks[e.Did]++
	p.cycles[e.Cycle] = true
	if e.Did != lead.DidRetire { // of which nothing more is expected
		p.Arms[armOf(e.Did == lead.DidHold)].Looks++
	}
}

// credit counts what came of a look.
func (p *poolCount) credit(e lead.Credited) {
	arm := &p.Arms[armOf(e.Stock.Held)]
	if e.Of == lead.CreditReply {
		arm.Replied++
	} else {
		arm.Converted++
	}
}

func armOf(held bool) int {
	if held {
		return 1
	}
	return 0
}

func newFigures() *figures {
	return &figures{posts: map[int]int{}, acts: map[string]*ActCount{}, reps: map[inTeam]*RepFigures{}, pools: map[string]*poolCount{}}
}

// act counts an act by its answer.
func (f *figures) act(what string, status int) {
	c, ok := f.acts[what]
	if !ok {
		c = &ActCount{What: what}
		f.acts[what] = c
	}
	switch {
	case status == 0 || status >= 500:
		c.Unheard++
	case status < 300:
		c.Done++
	default:
		c.Refused++
	}
}

// advance is a history entry with what people knew of the lead before and after.
type advance struct {
	before, after standing
	entry         lead.Entry
	now           time.Time // of the commit
}

func (f *figures) entry(s advance) {
	f.lateness(s)
	if s.before.state == lead.StatePooled && (s.after.state != lead.StatePooled || s.again()) {
		f.leave(s)
	}
	for _, e := range s.entry.Events {
		switch e := e.(type) {
		case lead.Waiting:
			f.waited++
		case lead.Qualified:
			f.qualified++
		case lead.Moved:
			f.moved++
		case lead.Offered:
			if s.has(lead.Accepted{}) { // the work goes on in other hands
				continue
			}
			f.offers++
			if r := f.rep(e.Team, e.Rep); e.How == lead.ByHand {
				r.ByHand++
			} else {
				r.Offers++
			}
		case lead.Claimed:
			f.begun++
			f.rep(s.after.team, e.Rep).Claims++
		case lead.Accepted:
			f.begun++
			if s.has(lead.Moved{}) {
				continue
			}
			f.rep(s.before.team, s.before.rep).Accepted++
			f.accept = append(f.accept, s.now.Sub(s.before.offered))
			if !s.entry.At.After(s.before.due) {
				f.inTime++
			}
		case lead.Logged:
			if !s.before.contacted {
				f.contacted++
				f.contact = append(f.contact, s.now.Sub(s.before.began))
			}
		case lead.Converted:
			f.rep(s.before.team, s.before.rep).Converted++
		case lead.Expired:
			switch e.Duty {
			case lead.DutyWithdraw:
				f.withdrawn++
			case lead.DutyReclaim:
				f.reclaimed++
			}
		case lead.Escalated:
			f.escalated++
		case lead.Reminded:
			if f.reminded++; e.Manager {
				f.warned++
			}
		case lead.Woken:
			if e.Again {
				f.again++
			}
		case lead.Nudged:
			if e.Skipped == "" {
				f.nudged++
			}
		case lead.Swept:
			f.pool(e.Pool).look(e)
		case lead.Credited:
			f.pool(e.Stock.Pool).credit(e)
		case lead.Pooled:
			f.pool(e.Pool).In++
		}
	}
}

// again reports whether the entry puts the lead into a pool, be it the one where
// it was.
func (s advance) again() bool { return s.has(lead.Pooled{}) }

// has reports whether the entry has an event of a kind.
func (s advance) has(kind lead.Event) bool {
	return slices.ContainsFunc(s.entry.Events, func(e lead.Event) bool { return lead.KindOfEvent(e) == lead.KindOfEvent(kind) })
}

// lateness is of what the system does because a deadline has passed.
func (f *figures) lateness(s advance) {
	owed := s.before.owed
	if s.entry.By.Kind == "system" && !owed.IsZero() && !owed.After(s.entry.At) {
		f.late = append(f.late, s.now.Sub(owed))
	}
}

// leave counts a lead that goes out of a pool.
func (f *figures) leave(s advance) {
	p := f.pool(s.before.pool)
	p.resting = append(p.resting, s.now.Sub(s.before.pooled))
	switch {
	case s.after.state == lead.StateWorking:
		p.Claimed++
	case s.after.by == lead.ByHand && s.after.state == lead.StateOffered:
		p.Assigned++
	case s.has(lead.Moved{}):
		p.Moved++
	case s.has(lead.Closed{}):
		p.Closed++
	default:
		p.Woken++
	}
}

func (f *figures) rep(team, rep string) *RepFigures {
	key := inTeam{team, rep}
	r, ok := f.reps[key]
	if !ok {
		r = &RepFigures{Rep: rep}
		f.reps[key] = r
	}
	return r
}

func (f *figures) pool(id string) *poolCount {
	p, ok := f.pools[id]
	if !ok {
		p = &poolCount{PoolFigures: PoolFigures{Pool: id, Looks: map[lead.Did]int{}}, cycles: map[time.Time]bool{}}
		f.pools[id] = p
	}
	return p
}

func (f *figures) report(r *Report) {
	for _, what := range slices.Sorted(maps.Keys(f.acts)) {
		r.Acts = append(r.Acts, *f.acts[what])
	}
	r.SLA = SLA{
		Offers: f.offers, AcceptedInTime: f.inTime, Accept: spreadOf(f.accept), Begun: f.begun, Contacted: f.contacted, Contact: spreadOf(f.contact),
		Withdrawn: f.withdrawn, Reclaimed: f.reclaimed, Escalated: f.escalated, Late: spreadOf(f.late),
		Waited: f.waited, Qualified: f.qualified, Moved: f.moved, Reminded: f.reminded, Warned: f.warned, Again: f.again, Nudged: f.nudged,
	}
	for _, id := range slices.Sorted(maps.Keys(f.pools)) {
		p := f.pools[id].PoolFigures
		p.Resting, p.Cycles = spreadOf(f.pools[id].resting), len(f.pools[id].cycles)
		r.Pools = append(r.Pools, p)
	}
}

// fairness lists each team's reps, in the order of the world's.
func (p *people) fairness() []TeamFairness {
	var teams []TeamFairness
	for _, team := range p.world.doc.Teams {
		t := TeamFairness{Team: team.ID}
		least, most := 0, 0
		for i, rep := range p.world.reps {
			figures, ok := p.figures.reps[inTeam{team.ID, rep.ID}]
			if !ok && !slices.Contains(rep.Teams, team.ID) {
				continue
			}
			one := RepFigures{Rep: rep.ID}
			if ok {
				one = *figures
			}
			one.Always = p.crew[i].always && slices.Contains(rep.Teams, team.ID)
			if one.Always {
				if t.Always == 0 || one.Offers < least {
					least = one.Offers
				}
				most = max(most, one.Offers)
				t.Always++
			}
			t.Reps = append(t.Reps, one)
		}
		t.Spread = most - least
		teams = append(teams, t)
	}
	return teams
}
