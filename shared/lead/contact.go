package lead

import (
	"slices"
	"time"
)

// Budget bounds how often a person is contacted, over every channel and by
// whomever: reps, call lists, sweeps.
type Budget struct {
	Limits []Limit           // for everybody
	Grades map[Grade][]Limit // for leads of a grade as well
}

// Limit is at most so many contacts in so many days on end, by the clocks of
// where the person is.
type Limit struct {
	Most int `json:"most"`
	Days int `json:"days"`
}

// contactsKept bounds how many contacts are remembered of a person: more than any
// limit counts.
const contactsKept = 64

// contactDays is the longest span of days that a limit may count.
const contactDays = 31

// From is from when on a person may be contacted again: now where that is
// allowed, else the beginning of a day.
func (b Budget) From(contacts []time.Time, g Grade, zone *time.Location, now time.Time) time.Time {
	from := now
	for _, limits := range [][]Limit{b.Limits, b.Grades[g]} {
		for _, limit := range limits {
			if free := limit.from(contacts, zone, now); free.After(from) {
				from = free
			}
		}
	}
	return from
}

// Allows reports whether a person may be contacted now.
func (b Budget) Allows(contacts []time.Time, g Grade, zone *time.Location, now time.Time) bool {
	return !b.From(contacts, g, zone, now).After(now)
}

// from is when so few contacts are left in the window that there may be one more: in
// the past where that is so already. Contacts ascend.
func (m Limit) from(contacts []time.Time, zone *time.Location, now time.Time) time.Time {
	if m.Most <= 0 {
		year, month, date := now.In(zone).Date()
		return midnight(year, month, date+contactDays, zone)
	}
	if len(contacts) < m.Most {
		return now
	}
	year, month, date := contacts[len(contacts)-m.Most].In(zone).Date()
	return midnight(year, month, date+m.Days, zone)
}

// mostAhead is more than the clocks of any zone were ever ahead of UTC.
const mostAhead = 16 * time.Hour

// midnight is when a day begins in a zone. Where the clocks skip midnight the day
// begins as they go forward, and where they show it twice, with the first.
func midnight(year int, month time.Month, date int, zone *time.Location) time.Time {
	shown := time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
	for at := shown.Add(-mostAhead); ; {
		_, ahead := at.In(zone).Zone()
		_, change := at.In(zone).ZoneBounds()
		at = later(at, shown.Add(-time.Duration(ahead)*time.Second))
		if change.IsZero() || at.Before(change) {
			return at
		}
		at = change.UTC()
	}
}

// Contact notes that the person was contacted.
func (p *Person) Contact(at time.Time) {
	oldest := at.AddDate(0, 0, -contactDays-1)
	kept := make([]time.Time, 0, len(p.Contacts)+1)
	for _, c := range p.Contacts {
		if c.After(oldest) {
			kept = append(kept, c)
		}
	}
	kept = append(kept, at.UTC().Truncate(time.Second))
	slices.SortFunc(kept, time.Time.Compare) // a visit may be logged after a later call
	p.Contacts = kept[max(0, len(kept)-contactsKept):]
}
