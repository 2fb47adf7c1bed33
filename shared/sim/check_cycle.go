package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// resting is since when a lead has waited in a pool for the sweep to look at it.
type resting struct {
	from   time.Time // it came in, or was looked at
	policy int       // that decided so
	looked time.Time // last, in whichever pool
}

// cycles judges the sweep's looks of an entry: in each cycle of its pool a lead is
// looked at once.
func (c *checker) cycles(w *watched, m made) {
	r, l := &w.resting, m.before
	for _, event := range m.entry.Events {
		before := l
		l = lead.Apply(l, event, m.entry.At)
		switch e := event.(type) {
		case lead.Swept:
			began := cycleBegin(m.entry.At, c.cycleOf(m.entry.Policy, before.Pool))
			fits := before.State == lead.StatePooled && e.Pool == before.Pool && e.Cycle.Equal(began) && r.looked.Before(began)
			if c.breaks(ruleCycle, fits && slices.Contains(lead.Dids, e.Did)) {
				c.tell(ruleCycle, l.ID, "%s looks at it (%s) in the cycle of %s, by the policy in that of %s; it did so before at %s", m.entry.ID(), e.Did, e.Cycle, began, r.looked)
			}
			c.unseen(r, before, began, m.entry.Policy)
			*r = resting{m.entry.At, m.entry.Policy, m.entry.At}
		case lead.Pooled:
			r.from, r.policy = m.entry.At, m.entry.Policy
		default:
			if before.State == lead.StatePooled && l.State != lead.StatePooled {
				c.unseen(r, before, m.entry.At, m.entry.Policy)
			}
		}
	}
}

// unseen holds that no whole cycle has passed in which a lead rested and nobody
// looked at it.
func (c *checker) unseen(r *resting, l lead.Lead, until time.Time, policy int) {
	length := c.cycleOf(r.policy, l.Pool)
	began := cycleBegin(r.from, length).Add(length)
	over := began.Add(length)
	seen := over.After(until) || c.since().After(began) || !c.wakeful(r.policy, l.Facts.Country, began, length) || !c.steady(r, l, until, policy)
	if c.breaks(ruleCycle, seen) {
		c.tell(ruleCycle, l.ID, "nobody looked at it from %s to %s; it has rested in %s since %s", began, over, l.Pool, r.from)
	}
}

// steady reports whether the policy has asked for the same since the lead came
// into the pool or was looked at.
func (c *checker) steady(r *resting, l lead.Lead, until time.Time, policy int) bool {
	same := func(number int) bool {
		return c.cycleOf(number, l.Pool) == c.cycleOf(r.policy, l.Pool) && c.quietOf(number, l.Facts.Country) == c.quietOf(r.policy, l.Facts.Country)
	}
	for i, v := range c.inForce {
		ended := i+1 < len(c.inForce) && c.inForce[i+1].at.Before(r.from)
		if !ended && !v.at.After(until) && !same(v.number) {
			return false
		}
	}
	return same(policy)
}

// wakeful reports whether the sweep can look at a lead in a cycle whatever the
// lead's place in it: it leaves people in peace at night, and a short cycle may be
// all night.
func (c *checker) wakeful(policy int, country string, began time.Time, length time.Duration) bool {
	q := c.quietOf(policy, country)
	if q.length() < length/2 {
		return true
	}
	for at := began.Add(length / 4 * 3); at.Before(began.Add(length)); at = at.Add(time.Minute) {
		if q.at(at) {
			return false
		}
	}
	return true
}

// cycleOf is how long a cycle of a pool is by a version of the policy.
func (c *checker) cycleOf(policy int, pool string) time.Duration {
	doc := c.documents[policy]
	for _, p := range doc.Pools {
		if p.ID == pool && p.Sweep != nil {
			return time.Duration(*p.Sweep)
		}
	}
	if doc.Deadlines.Sweep != nil {
		return time.Duration(*doc.Deadlines.Sweep)
	}
	return 30 * day
}

// cycleBegin is when the cycle began that a moment is in: they follow each other
// from 1970 on.
func cycleBegin(at time.Time, length time.Duration) time.Time {
	return time.Unix(0, at.UnixNano()/int64(length)*int64(length)).UTC()
}
