package year

import "sluice/shared/lead"

// book is what the checker knows of a person: the days, counted by the clocks of
// where they are, on which they were contacted, and whether they want to be.
type book struct {
	days   []int32
	optOut bool
}

// contacts judges an event that contacts the person.
func (k *checker) contacts(c *card, t *track, e lead.Event) {
	b := &k.people[c.person]
	system := true
	switch e := e.(type) {
	case lead.OptedOut:
		b.optOut = true
		return
	case lead.Swept:
		if e.Did != lead.DidTouch && e.Did != lead.DidList {
			return
		}
	case lead.Nudged:
		if e.Skipped != "" {
			return
		}
	case lead.Logged:
		if system = false; e.Way == lead.WayNote || e.Inbound {
			return
		}
	default:
		return
	}
	home := placeOf(c.Facts.Country)
	today := int32(home.day(k.now))
	b.days = append(b.days, today)
	k.limit(ruleDaily, b.since(today), dailyMost, c.ID)
	k.limit(ruleWeekly, b.since(today-6), weeklyMost, c.ID)
	k.limit(ruleMonthly, b.since(today-29), monthlyMost, c.ID)
	if t.grade == lead.GradeC {
		k.limit(ruleGrade, b.since(today-6), weeklyC, c.ID)
	}
	k.judge(ruleOptOut, !b.optOut, c.ID, "by the system: %t", system)
	if system {
		clock := home.clock(k.now)
		k.judge(ruleQuiet, quietTo <= clock && clock < quietFrom, c.ID, "at %d s of the day", clock)
	}
}

// since counts the contacts from a day on.
func (b *book) since(first int32) (n int) {
	for i := len(b.days) - 1; i >= 0 && b.days[i] >= first; i-- {
		n++
	}
	return n
}
