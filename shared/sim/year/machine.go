package year

import (
	"errors"

	"sluice/shared/lead"
	"sluice/shared/pool"
	"sluice/shared/route"
)

// sweepMost is how many leads the product's sweep acts on in a minute.
const sweepMost = 2000

// due has the sweep act on a lead whose deadline may have passed.
func (w *world) due(c *card) {
	if c.Deadline == nil || c.Deadline.At.After(w.time) {
		return
	}
	if w.acted++; w.acted > sweepMost {
		w.plan(w.now+minute, dueTick, c.number)
		return
	}
	w.figures.busiest = max(w.figures.busiest, w.acted)
	before := *c.Deadline
	var err error
	switch before.Do {
	case lead.DutyScore, lead.DutyRoute:
		err = w.route(c, lead.System("sweep"))
	case lead.DutySweep:
		err = w.look(c)
	case lead.DutyNudge:
		err = w.nudge(c)
	default:
		err = w.do(c, lead.System("sweep"), c.Team, lead.Expire{})
	}
	if err != nil {
		w.checker.refused(c, before.Do, err)
	}
	if c.Deadline != nil && c.Deadline.At.Equal(before.At) { // it stays due
		w.plan(w.now+minute, dueTick, c.number)
	}
}

// order routes a lead that was woken, unless somebody was quicker.
func (w *world) order(c *card) {
	if c.State != lead.StateRouting || !c.Wait.IsZero() {
		return
	}
	if err := w.route(c, lead.System("route")); err != nil {
		w.checker.refused(c, lead.DutyRoute, err)
	}
}

// route places a lead that is waiting for it, after the commands before, in one
// history entry.
func (w *world) route(c *card, by lead.Actor, before ...lead.Command) error {
	after := c.Lead
	if len(before) > 0 {
		var err error
		w.figures.decisions++
		if after, _, err = lead.Run(c.Lead, by, w.policy.Rules(c.Team), w.time, before...); err != nil {
			return err
		}
	}
	if after.State != lead.StateNew && after.State != lead.StateRouting || len(before) > 0 && w.chance(0.002) { // one in 500 is not placed at once
		return w.do(c, by, c.Team, before...)
	}
	choice := w.choose(after)
	return w.do(c, by, choice.Team, append(before, lead.Route{Choice: choice})...)
}

func (w *world) choose(l lead.Lead) lead.Choice {
	w.figures.decisions++
	return w.policy.Routing().Choose(route.Query{Lead: l, Facts: l.Facts, Reps: w.reps, Abilities: w.abilities, Now: w.time})
}

// look is the stock sweep's.
func (w *world) look(c *card) error {
	w.figures.decisions++
	out, err := pool.Look(w.policy, c.Lead, w.policy.Score(c.Lead, c.Facts, w.time), w.time, pool.Asking{
		Choose: func(scored lead.Lead) (lead.Choice, error) { return w.choose(scored), nil },
		Person: func() (lead.Person, error) { return w.persons[c.person].Person, nil },
	})
	return errors.Join(err, w.carryOut(c, out))
}

// nudge is the light touch to a customer who said "not now".
func (w *world) nudge(c *card) error {
	out, err := pool.Nudge(w.policy.Directory, c.Lead, w.time, func() (lead.Person, error) { return w.persons[c.person].Person, nil })
	return errors.Join(err, w.carryOut(c, out))
}

func (w *world) carryOut(c *card, out pool.Outcome) error {
	if len(out.Commands) == 0 {
		return nil
	}
	if err := w.do(c, lead.System("sweep"), out.Team, out.Commands...); err != nil {
		return err
	}
	if out.Person != nil {
		w.persons[c.person].Person = *out.Person
	}
	return nil
}
