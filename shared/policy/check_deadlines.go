package policy

import (
	"fmt"
	"slices"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
	"sluice/shared/rule"
)

// The bounds of deadlines: the machine looks once a minute, a sweep takes a day to
// come round the clock, and a year is longer than anybody waits.
const (
	minDeadline = time.Minute
	minSweep    = day
	maxDeadline = 366 * day
	maxTalk     = time.Hour

	maxRetention = 3650 * day
)

// boundsOf are those of a deadline by its name.
func boundsOf(name string) (least, most time.Duration) {
	switch name {
	case "cool_off", "step_grace", "wait", "extend", "zombie": // can be none at all
		return 0, maxDeadline
	case "talk":
		return time.Second, maxTalk
	case "sweep":
		return minSweep, maxDeadline
	}
	return minDeadline, maxDeadline
}

func deadlineFaults(d Document) []rule.Problem {
	c := &checker{}
	c.deadlines("deadlines", d.Deadlines)
	c.order("deadlines", d.Deadlines, Defaults())
	house := d.Deadlines.over(Defaults())
	for i, t := range d.Teams {
		at := fmt.Sprintf("teams[%d]", i)
		c.deadlines(at+".deadlines", t.Deadlines)
		c.order(at+".deadlines", t.Deadlines, house)
		if t.Deadlines.Sweep != nil {
			c.report(at+".deadlines.sweep", "give it with the pool: a pool looks at all of its leads in one cycle")
		}
		if t.Hours != nil {
			c.week(at, t, d.Zone, t.Deadlines.over(house))
		}
	}
	if keep := d.Retention.Submissions; keep != nil && (time.Duration(*keep) < day || time.Duration(*keep) > maxRetention) {
		c.report("retention.submissions", "keep raw posts for 1d to 3650d: they are what replay and recovery start from")
	}
	return c.problems
}

// bounded checks a duration that is given.
func (c *checker) bounded(path string, given *Duration, least, most time.Duration) {
	if given == nil {
		return
	}
	if d := time.Duration(*given); d < least || d > most {
		c.report(path, "give between %s and %s, not %s", Duration(least), Duration(most), *given)
	}
}

func (c *checker) deadlines(at string, d Deadlines) {
	for _, f := range d.times() {
		least, most := boundsOf(f.name)
		c.bounded(at+"."+f.name, f.given, least, most)
	}
	working := func(path string, given Span) {
		if span := given.plain(); span < minDeadline || span > maxDeadline {
			c.report(path, "give between %s and %s of working time, not %s", Duration(minDeadline), Duration(maxDeadline), given)
		}
	}
	for _, f := range d.spans() {
		if f.given != nil {
			working(at+"."+f.name, *f.given)
		}
	}
	for _, grade := range lead.Grades {
		if span, ok := d.FirstContact[grade]; ok {
			working(fmt.Sprintf("%s.first_contact.%s", at, grade), span)
		}
		if span, ok := d.Cadence[grade]; ok {
			working(fmt.Sprintf("%s.cadence.%s", at, grade), span)
		}
	}
	for i := range d.Warn {
		c.bounded(fmt.Sprintf("%s.warn[%d]", at, i), &d.Warn[i], minDeadline, maxDeadline)
	}
}

// order checks that what comes first is not longer than what comes after it. A
// fault is told where one of the two is given, in the house's deadlines or in a
// team's.
func (c *checker) order(at string, d Deadlines, base lead.Rules) {
	r := d.over(base)
	if d.Protect != nil || d.Accept != nil {
		// Whoever accepted at the last moment would lose the lead at once.
		if r.Protect <= Span(r.Accept).plain() {
			c.report(at+"."+first("protect", d.Protect != nil, "accept"),
				"let protect be longer than accept: a lead is protected for %s and an offer stands for %s", Duration(r.Protect), Span(r.Accept))
		}
	}
	if (d.Protect != nil || d.ProtectMost != nil) && r.Protect > r.Most && r.Protect <= maxDeadline {
		c.report(at+"."+first("protect", d.Protect != nil, "protect_most"),
			"let protect_most be at least protect: a lead is protected for %s, and for %s with its extension", Duration(r.Protect), Duration(r.Most))
	}
	if (d.Hold != nil || d.HoldMost != nil) && r.Hold > r.HoldMost {
		c.report(at+"."+first("hold", d.Hold != nil, "hold_most"),
			"let hold_most be at least hold: a \"not now\" rests for %s, and for %s in all", Duration(r.Hold), Duration(r.HoldMost))
	}
	if d.Zombie != nil && r.Zombie > r.Most {
		c.report(at+".zombie", "let zombie be at most protect_most, %s: a lead is gone by then; 0s is for none", Duration(r.Most))
	}
	for i, before := range d.Warn {
		if time.Duration(before) >= r.Protect {
			c.report(fmt.Sprintf("%s.warn[%d]", at, i), "warn in less than protect: a lead is protected for %s", Duration(r.Protect))
		}
	}
}

// first is the field that is given, of two that do not go together.
func first(field string, given bool, other string) string {
	if given {
		return field
	}
	return other
}

// week checks when a team works, and that its offers end while a lead is protected.
func (c *checker) week(at string, t Team, zone string, r lead.Rules) {
	var unknown bool
	for i, s := range t.Hours.Shifts {
		for j, name := range s.Days {
			if !slices.Contains(route.Weekdays(), name) {
				unknown = true
				c.report(fmt.Sprintf("%s.hours.shifts[%d].days[%d]", at, i, j), "there is no day %.40q: use %s", name, list(route.Weekdays()))
			}
		}
	}
	week := t.Hours.week("")
	faults := hours.CheckWeek(week, at+".hours")
	c.problems = append(c.problems, faults...)
	if unknown || len(faults) > 0 || r.Protect <= Span(r.Accept).plain() || r.Protect > maxDeadline { // told already
		return
	}
	week = t.Hours.week(zone)
	week.Calendar = ""
	if outlasts((*hours.Calendars)(nil).Hours(week), r.Accept, r.Protect) {
		c.report(at+".hours", "open the team for longer, or let accept be shorter: in these hours an offer of %s can stand for longer than a lead is protected, %s",
			Span(r.Accept), Duration(r.Protect))
	}
}

// outlasts reports whether working time can take at least as long as some real
// time, in a week without holidays.
func outlasts(h *hours.Hours, s lead.Span, real time.Duration) bool {
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC) // any week will do
	for hour := range 7 * 24 {
		offered := monday.Add(time.Duration(hour) * time.Hour)
		end := offered.Add(real)
		if last := h.After(offered, lead.Span{Days: s.Days}); !last.Before(end) || h.Between(last, end) < s.Time {
			return true
		}
	}
	return false
}
