package route

import (
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// nextShift is when the first of the members who are waited for will be eligible
// who is not now for a reason that passes; zero where that is further off than a
// lead waits.
func (c *choosing) nextShift() (first time.Time) {
	since := c.Now
	if c.Lead.State == lead.StateRouting {
		since = c.Lead.Since
	}
	latest := since.Add(c.way.Wait)
	for i := range c.members {
		m := &c.members[i]
		if !m.reason.passes() || c.awaited != nil && !c.awaited(m) || c.blocked(m.rep) {
			continue
		}
		if at := c.table.able(m.rep, c.Now, latest); at.After(c.Now) {
			first, latest = at, at.Add(-1)
		}
	}
	return first
}

// blocked reports whether a rep cannot have the lead whenever they are there.
func (c *choosing) blocked(rep *lead.Rep) bool {
	return rep.Cap != nil && rep.Holding >= *rep.Cap || rep.Quota != nil && *rep.Quota == 0 || rep.Pace != nil && *rep.Pace == 0 ||
		c.Lead.HadBy(rep.ID, c.Now, c.way.CoolOff)
}

// able is when a rep can take a lead again as far as shifts, the day's quota and
// the pace go; zero where that is after the latest moment that counts.
func (t *Table) able(rep *lead.Rep, now, latest time.Time) time.Time {
	at := now
	if rep.Quota != nil && rep.Today >= *rep.Quota && today(rep, rep.DayOf(now)) >= *rep.Quota {
		at = hours.Tomorrow(now, rep.Zone)
	}
	if paced := rep.PacedFrom(); rep.Pace != nil && paced.After(at) {
		at = paced
	}
	if at.After(latest) {
		return time.Time{}
	}
	return t.calendars.NextShiftBy(rep, at, latest).In(now.Location())
}
