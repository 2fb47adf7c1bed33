package lead_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// budget is the default one: 1 a day, 3 in 7 days, 8 in 30, grade A 1 a day and C 2
// in 7 days.
func budget() lead.Budget {
	return lead.Budget{
		Limits: []lead.Limit{{Most: 1, Days: 1}, {Most: 3, Days: 7}, {Most: 8, Days: 30}},
		Grades: map[lead.Grade][]lead.Limit{lead.GradeA: {{Most: 1, Days: 1}}, lead.GradeC: {{Most: 2, Days: 7}}},
	}
}

func zone(t rapid.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestBudgetEdges: each default is used up until a midnight where the person is,
// whatever the clocks do.
func TestBudgetEdges(t *testing.T) {
	t.Parallel()
	const (
		berlin, shanghai, santiago = "Europe/Berlin", "Asia/Shanghai", "America/Santiago"
		cairo, havana, gaza        = "Africa/Cairo", "America/Havana", "Asia/Gaza"
	)
	days := func(first string, n, every int) []string {
		at, _ := time.Parse(time.DateTime, first)
		var list []string
		for i := range n {
			list = append(list, at.AddDate(0, 0, i*every).Format(time.DateTime))
		}
		return list
	}
	for name, test := range map[string]struct {
		zone     string
		grade    lead.Grade
		contacts []string // as the clocks there show
		from     string   // in UTC
	}{
		"1 a day":                          {berlin, lead.GradeB, days("2026-03-02 09:00:00", 1, 1), "2026-03-02 23:00:00"},
		"1 a day of A":                     {berlin, lead.GradeA, days("2026-03-02 00:00:00", 1, 1), "2026-03-02 23:00:00"},
		"a day ends where they are":        {shanghai, lead.GradeA, days("2026-03-02 23:59:59", 1, 1), "2026-03-02 16:00:00"},
		"3 in 7 days":                      {berlin, lead.GradeB, days("2026-03-02 09:00:00", 3, 1), "2026-03-08 23:00:00"},
		"3 in 7 days, one of them early":   {berlin, lead.GradeB, days("2026-03-02 09:00:00", 3, 3), "2026-03-08 23:00:00"},
		"2 in 7 days of C":                 {berlin, lead.GradeC, days("2026-03-02 09:00:00", 2, 2), "2026-03-08 23:00:00"},
		"8 in 30 days":                     {berlin, lead.GradeB, days("2026-02-02 09:00:00", 8, 4), "2026-03-03 23:00:00"},
		"a day of 23 hours":                {berlin, lead.GradeB, days("2026-03-29 01:00:00", 1, 1), "2026-03-29 22:00:00"},
		"a day of 25 hours":                {berlin, lead.GradeB, days("2026-10-25 02:30:00", 1, 1), "2026-10-25 23:00:00"},
		"7 days over a change":             {berlin, lead.GradeC, days("2026-03-26 09:00:00", 2, 1), "2026-04-01 22:00:00"},
		"a day begins at 1, after 24:00":   {santiago, lead.GradeB, days("2026-09-05 23:30:00", 1, 1), "2026-09-06 04:00:00"},
		"a day begins at 1, after midday":  {cairo, lead.GradeB, days("2026-04-23 13:00:00", 1, 1), "2026-04-23 22:00:00"},
		"an hour comes twice before it":    {cairo, lead.GradeB, days("2026-10-29 13:00:00", 1, 1), "2026-10-29 22:00:00"},
		"midnight comes twice":             {havana, lead.GradeB, days("2026-10-31 09:00:00", 1, 1), "2026-11-01 04:00:00"},
		"midnight comes twice, east of it": {gaza, lead.GradeB, days("2021-10-28 09:00:00", 1, 1), "2021-10-28 21:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			there := zone(t, test.zone)
			var contacts []time.Time
			for _, c := range test.contacts {
				at, err := time.ParseInLocation(time.DateTime, c, there)
				if err != nil {
					t.Fatal(err)
				}
				contacts = append(contacts, at.UTC())
			}
			last := contacts[len(contacts)-1]
			from := budget().From(contacts, test.grade, there, last)
			if got := from.Format(time.DateTime); got != test.from {
				t.Errorf("again from %s, want %s", got, test.from)
			}
			for moment, want := range map[time.Time]bool{last: false, from.Add(-time.Second): false, from: true} {
				if got := budget().Allows(contacts, test.grade, there, moment); got != want {
					t.Errorf("allowed at %v: %t", moment, got)
				}
			}
		})
	}
	now := monday.Add(time.Second)
	if from := budget().From(nil, lead.GradeA, time.UTC, now); !from.Equal(now) {
		t.Errorf("somebody never contacted, from %v", from)
	}
	if none := (lead.Budget{Limits: []lead.Limit{{Most: 0, Days: 1}}}); none.Allows(nil, "", time.UTC, now) {
		t.Error("a budget of none allows a contact")
	}
}

// zones have clocks that are changed in every way.
var zones = []string{"UTC", "Europe/Berlin", "Asia/Shanghai", "America/Santiago", "Africa/Cairo", "America/Havana", "Asia/Gaza", "Atlantic/Azores", "Pacific/Apia", "Asia/Kathmandu"}

// TestBudgetHolds contacts a person whenever the budget allows it, and counts by the
// calendar.
func TestBudgetHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		there := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		limit := rapid.Custom(func(t *rapid.T) lead.Limit {
			return lead.Limit{Most: rapid.IntRange(1, 10).Draw(t, "most"), Days: rapid.IntRange(1, 31).Draw(t, "days")}
		})
		b := lead.Budget{
			Limits: rapid.SliceOfN(limit, 1, 3).Draw(t, "limits"),
			Grades: map[lead.Grade][]lead.Limit{lead.GradeC: rapid.SliceOfN(limit, 0, 2).Draw(t, "of C")},
		}
		grade := rapid.SampledFrom([]lead.Grade{lead.GradeB, lead.GradeC}).Draw(t, "grade")
		limits := append(slices.Clone(b.Limits), b.Grades[grade]...)
		var all []time.Time // none forgotten
		allowed := func(at time.Time) bool {
			for _, m := range limits {
				n := 0
				for _, c := range all {
					if day := dayNumber(at, there) - dayNumber(c, there); 0 <= day && day < m.Days {
						n++
					}
				}
				if n >= m.Most {
					return false
				}
			}
			return true
		}
		var p lead.Person
		now := time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC)
		for range 40 {
			now = now.Add(drawUpTo(t, "wait", rapid.SampledFrom([]time.Duration{0, time.Hour, day, 5 * day}).Draw(t, "most")))
			from := b.From(p.Contacts, grade, there, now)
			switch {
			case from.Before(now) || b.Allows(p.Contacts, grade, there, now) != from.Equal(now):
				t.Fatalf("at %v it is allowed from %v on", now, from)
			case from.Equal(now) != allowed(now):
				t.Fatalf("at %v it is allowed from %v on, contacted %v", now, from, all)
			case !allowed(from) || !from.Equal(now) && allowed(from.Add(-time.Nanosecond)):
				t.Fatalf("from %v is not the first moment, contacted %v", from, all)
			}
			soon := now.Add(drawUpTo(t, "soon", 3*day))
			if again := b.From(p.Contacts, grade, there, soon); again.Before(from) {
				t.Fatalf("at %v it is allowed from %v on, at %v from %v", now, from, soon, again)
			}
			now = from
			p.Contact(now)
			all = append(all, now)
		}
	})
}

// dayNumber counts the days of a zone's calendar.
func dayNumber(at time.Time, there *time.Location) int {
	y, m, d := at.In(there).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / int64(day/time.Second))
}

// TestContactsKept keeps a person's latest contacts, in order and in seconds, and
// not for ever.
func TestContactsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p lead.Person
		now := monday
		for range rapid.IntRange(1, 100).Draw(t, "contacts") {
			now = now.Add(drawUpTo(t, "wait", 2*day))
			at := now.Add(-drawUpTo(t, "told late by", day)).In(time.FixedZone("", 3600))
			shared := slices.Clone(p.Contacts)
			before := p
			p.Contact(at)
			if !slices.Equal(before.Contacts, shared) {
				t.Fatal("a person's contacts changed under another")
			}
			kept := at.Truncate(time.Second).UTC()
			outdone := len(before.Contacts) == 64 && !before.Contacts[0].Before(kept) // by as many later ones
			if !slices.Contains(p.Contacts, kept) && !outdone || !slices.IsSortedFunc(p.Contacts, time.Time.Compare) || len(p.Contacts) > 64 {
				t.Fatalf("contacted at %v, kept %v", at, p.Contacts)
			}
			for _, c := range before.Contacts {
				if len(before.Contacts) < 64 && at.Sub(c) <= 31*day && !slices.Contains(p.Contacts, c) {
					t.Fatalf("forgot %v at %v", c, at)
				}
			}
		}
		p.Contact(now.Add(40 * day))
		if len(p.Contacts) != 1 {
			t.Fatalf("after 40 days it keeps %v", p.Contacts)
		}
	})
}
