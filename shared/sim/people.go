package sim

import (
	"time"

	"sluice/shared/lead"
)

// people are everybody outside the machine: those who enquire, the reps, their
// dispatchers and managers, customer success and operations. They see what the
// history tells, do what people do about it, and stop when the world ends.
type people struct {
	world    *World
	mood     mood
	persons  []*person
	keys     int      // for idempotency, given out so far
	calls    int      // from lists
	signals  int      // of interest, told of so far
	accepted []string // submissions, as often as they were named in an answer of success
	unnamed  int      // answers of success to browsers

	leads   map[string]*standing
	order   []string // of the leads, as they were created
	resting map[string]int
	crew    []crewmate
	figures *figures
}

// mood is how the people of a world behave: shares of 1.
type mood struct {
	lively float64 // multiplies enquiries other than those of new people

	sleeps, rejects, forgets float64 // what a rep does about an offer, or a follow-up
	words                    float64 // of follow-ups, without evidence
	heeds                    float64 // acts when reminded
	extends, deals, tags     float64 // what a rep does besides a follow-up
	tired                    float64 // people who want to be left in peace, of those followed up
	brink                    float64 // acts in the very minute in which the time runs out
	hasty                    float64 // clicks twice
	careful                  float64 // says which version they saw
	stubborn                 float64 // tries again where no answer came
	late                     float64 // acts on a lead that is gone

	wins, loses, junks, unreachable, recycles, releases, holds float64 // after a follow-up
	plans                                                      float64 // plans the next step

	parks, dumps, ignores float64 // what a dispatcher does but assign
	looks                 float64 // of a rep's days on which they look into the pools
	peeks                 float64 // of what they find there, at the contact data before they decide
	rush                  float64 // of pooled leads that several reps go for at once
	places                float64 // of a manager's days on which they place pooled leads by hand
	removes               float64 // jobs that managers begin, a day
	relocates             float64 // of leads that come to somebody, which a manager moves on
	moves                 float64 // changes of reps' records a day
	browses               float64 // of leads, whose people are seen to do something besides, or come to an event while they rest
	machines              float64 // of those, in whose name a machine does
	checks                float64 // lists that somebody looks at, a day
}

func newPeople(w *World) *people {
	p := &people{world: w, leads: map[string]*standing{}, resting: map[string]int{}}
	p.figures = newFigures()
	for _, r := range w.reps {
		_, weighted := w.doc.Teams[0].Weights[r.ID]
		always := len(r.Shifts) == 0 && len(r.Leave) == 0 && r.Cap == nil && r.Quota == nil && r.Pace == nil && r.Calendar == "" && !weighted
		p.crew = append(p.crew, crewmate{id: r.ID, teams: r.Teams, active: r.Active, always: always})
	}
	p.mood = p.temper()
	return p
}

// temper draws how people behave. Those of a company are steadier than those of
// a small world, in which all is to happen within days.
func (p *people) temper() mood {
	wild := 1.0
	if p.world.opts.LeadsPerDay >= companySize {
		wild = 0.3
	}
	about := func(typical, most float64) float64 {
		return typical + wild*p.world.random.Float64()*(most-typical)
	}
	return mood{
		lively: about(1, 3),
		sleeps: about(0.07, 0.3), rejects: about(0.05, 0.2), forgets: about(0.05, 0.2), words: about(0.25, 0.6), heeds: about(0.5, 0.3),
		extends: about(0.03, 0.12), deals: about(0.05, 0.1), tags: about(0.1, 0.1), tired: about(0.01, 0.06),
		brink: about(0.01, 0.2), hasty: about(0.01, 0.12), careful: about(0.4, 0.1), stubborn: about(0.8, 0.5), late: about(0.01, 0.15),
		wins: about(0.16, 0.1), loses: about(0.12, 0.08), junks: about(0.05, 0.08), unreachable: about(0.07, 0.1),
		recycles: about(0.08, 0.12), releases: about(0.05, 0.18), holds: about(0.05, 0.15), plans: about(0.3, 0.5),
		parks: about(0.1, 0.2), dumps: about(0.06, 0.15), ignores: about(0.06, 0.22),
		looks: about(0.8, 0.4), peeks: about(0.1, 0.3), rush: about(0.01, 0.4), places: about(0.5, 0.9), relocates: about(0.01, 0.12), removes: about(0.3, 0.8), moves: about(1, 3) * float64(len(p.crew)) / 20, checks: about(3, 1),
		browses: about(0.2, 0.5), machines: about(0.5, 0.3),
	}
}

// start puts the first day on the agenda.
func (p *people) start() {
	p.listed(p.world.now)
	p.morning(p.world.now)
}

// morning plans a day, and the next morning.
func (p *people) morning(start time.Time) {
	if p.over() {
		return
	}
	p.arrive(start)
	p.pools(start)
	p.records(start)
	p.reading(start)
	p.removals(start)
	p.doubting(start)
	next := start.Add(day)
	p.world.at(next, func() { p.morning(next) })
}

// told is what the people learn of each committed history entry, in the order in
// which they were committed.
func (p *people) told(e lead.Entry) {
	s, known := p.leads[e.Lead]
	if !known {
		s = &standing{id: e.Lead}
		p.leads[e.Lead] = s
		p.order = append(p.order, e.Lead)
	}
	before := *s
	for _, event := range e.Events {
		s.apply(event, p.world.now)
	}
	s.version = e.Version
	if before.state == lead.StatePooled {
		p.resting[before.pool]--
	}
	if s.state == lead.StatePooled {
		p.resting[s.pool]++
	}
	p.figures.entry(advance{before: before, after: *s, entry: e, now: p.world.now})
	if !p.over() {
		p.react(s, before, e)
	}
}

// react puts on the agenda what people will do about what has happened.
func (p *people) react(s *standing, before standing, e lead.Entry) {
	for _, event := range e.Events {
		switch event := event.(type) {
		case lead.Captured:
			p.browse(s)
		case lead.Offered:
			if s.state == lead.StateOffered { // and not another's work gone on with
				p.answerOffer(s, event.Rep)
			}
			p.relocate(s)
		case lead.Accepted, lead.Claimed, lead.Resumed:
			if s.state == lead.StateWorking {
				p.followUp(s)
			}
		case lead.Logged:
			p.besides(s)
			switch s.state {
			case lead.StateWorking:
				p.decide(s)
			case lead.StatePaused: // words alone leave it on hold
				p.takeUp(s)
			}
		case lead.Reminded:
			p.heed(s)
		case lead.PutOnHold:
			p.takeUp(s)
		case lead.Ended:
			p.lateClick(s, before, event.Rep)
		case lead.Triaged:
			p.dispatch(s)
			p.relocate(s)
		case lead.Waiting:
			p.hurry(s)
		case lead.Pooled:
			p.scramble(s)
			p.relocate(s)
		case lead.Swept:
			if event.Did == lead.DidList {
				p.ring()
			}
		case lead.Nurtured:
			p.relocate(s)
			p.ripen(s)
		case lead.Unverified:
			p.verify(s, p.teamOf(event.Team).Dispatcher)
		case lead.Joined:
			if !event.Undone {
				p.regret(s)
			}
		case lead.Absorbed:
			p.regret(s)
		case lead.Converted:
			p.confirm(s, p.mood.ignores)
		case lead.Escalated:
			p.escalated(s)
		}
	}
}

// over reports whether people have stopped.
func (p *people) over() bool { return !p.world.now.Before(p.world.end) }

func (p *people) chance(share float64) bool { return p.world.random.Float64() < share }

func (p *people) at(t time.Time, do func()) {
	if t.Before(p.world.end) {
		p.world.at(t, do)
	}
}

func (p *people) after(d time.Duration, do func()) { p.at(p.world.now.Add(d), do) }

// soon is a random while of up to d, short ones more likely.
func (p *people) soon(d time.Duration) time.Duration {
	x := p.world.random.Float64()
	return time.Duration(x * x * float64(d))
}
