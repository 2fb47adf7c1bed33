package year

import (
	"cmp"
	"slices"
	"time"

	"sluice/shared/lead"
)

// do decides commands on a lead by the rules of a team and keeps what follows. An
// error leaves everything as it was.
func (w *world) do(c *card, by lead.Actor, team string, commands ...lead.Command) error {
	w.figures.decisions++
	after, entry, err := lead.Run(c.Lead, by, w.policy.Rules(team), w.time, commands...)
	if err != nil || len(entry.Events) == 0 {
		return err
	}
	return w.commit(c, after, entry)
}

// commit moves the counters of reps, keeps the lead and its history entry, and sees
// to what follows from it.
func (w *world) commit(c *card, after lead.Lead, entry lead.Entry) error {
	moves := lead.Moves(after, entry)
	for i := range moves {
		if err := w.expect(&moves[i], c.Pool); err != nil {
			return err
		}
	}
	w.after, w.entry = after, entry // where they can be pointed at without making two new ones
	if w.tamper != nil {
		w.tamper(c, &w.after, &w.entry)
	}
	for _, m := range moves {
		i := w.byRep[m.Rep]
		w.reps[i] = m.Count(w.reps[i])
	}
	w.figures.count(w.entry)
	w.checker.entry(c, &w.after, &w.entry)
	before := c.Lead
	c.Lead = w.after
	if int(c.number)%sampled == 0 {
		c.history = append(c.history, w.entry)
	}
	if d := c.Deadline; d != nil && (before.Deadline == nil || !before.Deadline.At.Equal(d.At)) {
		w.plan(max(ceil(d.At.Add(time.Second-1).Unix(), w.every), floor(w.now, w.every)+1)*w.every, dueTick, c.number)
	}
	w.berth(c, before.State, before.Team, before.Pool)
	for _, e := range w.entry.Events {
		w.first(c, e)
		w.follow(c, e)
	}
	return nil
}

// expect completes a move with the rep's record, and refuses it where a limit is
// reached, as the desk and the transaction do.
func (w *world) expect(m *lead.RepMove, pool string) error {
	if m.Kind == lead.MoveRelease {
		return nil
	}
	rep := &w.reps[w.byRep[m.Rep]]
	m.Expect(*rep, w.time)
	assigned, claimed := rep.CountToday(w.time)
	full := rep.Cap != nil && rep.Holding >= *rep.Cap
	switch m.Kind {
	case lead.MoveReveal:
		m.Most = w.policy.RevealLimit(pool)
		full = rep.RevealsToday(w.time) >= m.Most
	case lead.MoveClaim:
		m.Most = w.policy.ClaimLimit(pool)
		full = full || claimed >= m.Most
	case lead.MoveAssign:
		m.Step = w.policy.Advance(m.Team, *rep, w.reps)
		full = full || rep.Quota != nil && assigned >= *rep.Quota
	}
	if full || !rep.Active {
		return lead.Errorf(lead.Conflict, "a limit of rep %s is reached", m.Rep)
	}
	return nil
}

// berth keeps the lists of the pools.
func (w *world) berth(c *card, state lead.State, team, pool string) {
	if state == lead.StatePooled && (c.State != lead.StatePooled || c.Pool != pool) {
		sea := w.seas[seaOf(pool)]
		last := sea[len(sea)-1]
		sea[c.berth], w.cards[last].berth = last, c.berth
		w.seas[seaOf(pool)] = sea[:len(sea)-1]
		state = ""
	}
	if c.State == lead.StatePooled && state != lead.StatePooled {
		sea := &w.seas[seaOf(c.Pool)]
		c.berth = int32(len(*sea))
		*sea = append(*sea, c.number)
	}
}

func seaOf(pool string) int {
	return slices.IndexFunc(teams, func(t team) bool { return t.pool == pool })
}

func teamOf(id string) int {
	return max(0, slices.IndexFunc(teams, func(t team) bool { return t.id == id }))
}

// follow has people and the machine do what they do when they hear of an event.
func (w *world) follow(c *card, e lead.Event) {
	switch e := e.(type) {
	case lead.Woken:
		if c.State == lead.StateRouting && c.Wait.IsZero() && !w.chance(0.01) { // one in a hundred orders is lost
			w.plan(w.now+w.between(1, 10), order, c.number)
		}
	case lead.Offered:
		c.mark, c.fails = c.mark+1, 0
		if c.State == lead.StateOffered {
			w.planWork(c, w.now+w.about(14*minute))
		}
	case lead.Claimed:
		c.mark, c.fails = c.mark+1, 0
		w.planWork(c, w.now+w.about(2*hour))
	case lead.Ended:
		c.mark, c.deal, c.plan = c.mark+1, 0, 0
	case lead.Triaged:
		t := teamOf(cmp.Or(e.Team, c.Team))
		w.triage[t] = append(w.triage[t], c.number)
	case lead.Reminded:
		w.reminded(c, e)
	case lead.Escalated:
		if c.Period != nil && w.chance(0.4) { // the manager sees to it
			w.planWork(c, w.now+w.about(8*hour))
		}
	case lead.Swept:
		w.swept(c, e)
	case lead.Nudged:
		if e.Skipped == "" && w.chance(0.06) {
			w.plan(w.now+w.about(day), comeBack, c.number)
		}
	case lead.OptedOut:
		p := &w.persons[c.person]
		p.Version, p.OptOut = p.Version+1, w.time
	case lead.Converted:
		w.plan(w.now+w.about(9*hour), handOff, c.number)
	}
}
