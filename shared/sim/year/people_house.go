package year

import (
	"slices"

	"sluice/shared/lead"
)

// hunt has a rep go through the pool of their team: look at the contact data of some
// leads, and claim others, now and then as many as the day allows and more.
func (w *world) hunt(n int) {
	rep, m := &w.reps[n], &w.members[n]
	tomorrow := teams[m.team].home.when(teams[m.team].home.day(w.now)+1, 0)
	w.plan(m.there.next(tomorrow)+w.between(10*minute, 7*hour), hunt, int32(n))
	if !m.there.within(w.now) {
		return
	}
	looks, claims := w.random.IntN(5), int(w.random.ExpFloat64()*min(3, w.daily/5))
	if w.chance(0.01) {
		looks, claims = 14, 40
	}
	by := lead.Actor{Kind: "rep", ID: rep.ID}
	for range looks {
		if c := w.fish(m.team); c != nil {
			w.try(w.do(c, by, teams[m.team].id, lead.Reveal{Rep: rep.ID}))
		}
	}
	for range claims {
		if c := w.fish(m.team); c != nil {
			w.try(w.do(c, by, teams[m.team].id, lead.Claim{Rep: rep.ID, Team: teams[m.team].id}))
		}
	}
}

// fish takes any lead of a team's pool; nil where it is empty.
func (w *world) fish(team int) *card {
	sea := w.seas[team]
	if len(sea) == 0 {
		return nil
	}
	return &w.cards[sea[w.random.IntN(len(sea))]]
}

// try counts what was refused: a limit, a cool-off, a freeze.
func (w *world) try(err error) {
	if err != nil {
		w.figures.refused++
	}
}

// dispatch has the dispatcher of a team decide on what waits for them, each hour of
// most working days.
func (w *world) dispatch(t int) {
	w.plan(w.now+hour, dispatch, int32(t))
	home := teams[t].home
	d, clock := home.day(w.now), home.clock(w.now)
	if !slices.Contains(teams[t].days, weekday(d)) || home.isOff(dateOf(d)) || clock < 9*hour || clock >= 18*hour || d%11 == 0 {
		return
	}
	waiting := w.triage[t]
	w.triage[t] = nil
	for _, n := range waiting {
		c := &w.cards[n]
		if c.State != lead.StateTriage {
			continue
		}
		by := lead.Actor{Kind: "dispatcher", ID: "head"}
		switch x := w.random.Float64(); {
		case x < 0.2:
			w.must(c, w.do(c, by, c.Team, lead.Close{As: lead.StateJunk, Reason: "nonsense"}))
		case x < 0.4:
			w.must(c, w.do(c, by, c.Team, lead.Recycle{Reason: "next term"}))
		default:
			w.assign(c, by, t)
		}
		if c.State == lead.StateTriage {
			w.triage[t] = append(w.triage[t], n)
		}
	}
}

// assign gives a lead by hand to any rep of the team with room.
func (w *world) assign(c *card, by lead.Actor, t int) {
	first := w.random.IntN(len(w.reps))
	for i := range w.reps {
		n := (first + i) % len(w.reps)
		if rep := &w.reps[n]; w.members[n].team == t && rep.Active && rep.Holding < *rep.Cap {
			if w.do(c, by, teams[t].id, lead.Assign{Rep: rep.ID, Team: teams[t].id}) == nil {
				return
			}
		}
	}
}

// handOff has customer success confirm a won lead, or leave it until the manager
// asks.
func (w *world) handOff(c *card) {
	if c.State != lead.StateConverted {
		return
	}
	if w.chance(0.05) {
		w.plan(w.now+w.about(30*hour), handOff, c.number)
		return
	}
	w.must(c, w.do(c, lead.Actor{Kind: "customer_success", ID: "care"}, c.Team, lead.Confirm{}))
}
