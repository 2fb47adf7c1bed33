package hours_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/us"
	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

func calendars(t interface {
	Helper()
	Fatalf(string, ...any)
}, list ...hours.Calendar) *hours.Calendars {
	t.Helper()
	c, problems := hours.CompileCalendars(list)
	if problems != nil {
		t.Fatalf("%v", problems)
	}
	return c
}

// daysOff lists the days off of a year, as 01-02.
func daysOff(c *hours.Calendars, id string, year int) string {
	var off []string
	for day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		if c.Holiday(id, day.Format(time.DateOnly)) {
			off = append(off, day.Format("01-02"))
		}
	}
	return strings.Join(off, " ")
}

// TestPublicHolidays are the published ones. Where a holiday falls on a weekend
// and is moved, both days are off.
func TestPublicHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		country string
		year    int
		want    string
	}{
		{"DE", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"},
		{"DE-BY", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"},
		{"US", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"},
		{"US", 2027, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
		{"US", 2028, "01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25"},
		{"GB", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"},
		{"GB", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 12-25 12-26 12-27"},
		{"JP", 2026, "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23"},
		{"JP", 2024, "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23"},
	} {
		if got := daysOff(calendars(t, hours.Calendar{ID: "x", Country: c.country}), "x", c.year); got != c.want {
			t.Errorf("%s %d:\n%s, want\n%s", c.country, c.year, got, c.want)
		}
	}
}

// TestCalendarOfItsOwn is China's National Day of 2026: seven days off, paid for
// with weekend days before and after.
func TestCalendarOfItsOwn(t *testing.T) {
	t.Parallel()
	c := calendars(t,
		hours.Calendar{ID: "cn", Off: []lead.Leave{{From: "2026-10-01", To: "2026-10-07"}, {From: "2028-02-28", To: "2028-03-01"}}, Work: []string{"2026-09-20", "2026-10-10"}},
		hours.Calendar{ID: "de", Country: "DE", Off: []lead.Leave{{From: "2026-12-24"}, {From: "2026-12-28", To: "2027-01-03"}}, Work: []string{"2026-12-26", "2027-01-02"}},
	)
	for year, want := range map[int]string{
		2026: "10-01 10-02 10-03 10-04 10-05 10-06 10-07", 2027: "", 2028: "02-28 02-29 03-01",
	} {
		if got := daysOff(c, "cn", year); got != want {
			t.Errorf("cn %d: %s, want %s", year, got, want)
		}
	}
	if got, want := daysOff(c, "de", 2026), "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-24 12-25 12-28 12-29 12-30 12-31"; got != want {
		t.Errorf("de 2026: %s, want %s", got, want)
	}
	if got, want := daysOff(c, "de", 2027), "01-01 01-03 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26"; got != want {
		t.Errorf("de 2027: %s, want %s", got, want)
	}
	for day, want := range map[string]bool{"2026-09-20": true, "2026-10-10": true, "2026-10-11": false, "2027-10-10": false, "2026-10-01": false} {
		if got := c.Workday("cn", day); got != want {
			t.Errorf("%s worked: %t, want %t", day, got, want)
		}
	}
	if !c.Workday("de", "2026-12-26") || c.Workday("de", "2026-12-25") || c.Workday("cn", "2026-12-26") {
		t.Error("days worked are mixed up")
	}
}

func TestNoCalendarNoHoliday(t *testing.T) {
	t.Parallel()
	c := calendars(t, hours.Calendar{ID: "de", Country: "DE"})
	var none *hours.Calendars
	for _, day := range []string{"2026-12-25", "2026-02-30", "2027-02-29", "", "2026-12-2", "2026-12-255", "2026/12/25", "x026-12-25", "2026-13-25", "2026-00-25", "2026-12-00", "2026-12-32", "-026-12-25"} {
		if none.Holiday("de", day) || none.Workday("de", day) || c.Holiday("", day) || c.Holiday("fr", day) || c.Workday("fr", day) ||
			day != "2026-12-25" && c.Holiday("de", day) {
			t.Errorf("%q is a holiday", day)
		}
	}
	for _, day := range []string{"0000-12-25", "9999-12-25"} {
		if !c.Holiday("de", day) {
			t.Errorf("%s is none", day)
		}
	}
}

func TestCompileCalendarsRefuses(t *testing.T) {
	t.Parallel()
	span := func(from, to string) hours.Calendar {
		return hours.Calendar{ID: "x", Off: []lead.Leave{{From: "2026-01-01"}, {From: from, To: to}}}
	}
	for name, c := range map[string]struct {
		calendar   hours.Calendar
		path, text string
	}{
		"no id":            {hours.Calendar{Country: "DE"}, "calendars[1].id", "give the calendar an id"},
		"taken":            {hours.Calendar{ID: "first"}, "calendars[1].id", "taken"},
		"unknown country":  {hours.Calendar{ID: "x", Country: "CN"}, "calendars[1].country", `of "CN": give AR, AT, BE,`},
		"small letters":    {hours.Calendar{ID: "x", Country: "de"}, "calendars[1].country", `, DE, DK,`},
		"regions only":     {hours.Calendar{ID: "x", Country: "AU"}, "calendars[1].country", `give AU-ACT, AU-NSW, AU-NT, AU-QLD, AU-SA, AU-TAS, AU-VIC, AU-WA, or`},
		"unknown region":   {hours.Calendar{ID: "x", Country: "DE-XX"}, "calendars[1].country", `give DE, DE-BB, DE-BE`},
		"no date":          {span("1 May", "2026-05-02"), "calendars[1].off[1].from", "write a date"},
		"no end":           {span("2026-05-02", "soon"), "calendars[1].off[1].to", "write a date"},
		"backwards":        {span("2026-05-02", "2026-05-01"), "calendars[1].off[1].to", "on or after"},
		"the wrong year":   {span("2026-12-24", "2028-01-02"), "calendars[1].off[1].to", "at most 100 days"},
		"no leap day":      {span("2027-02-29", "2027-03-01"), "calendars[1].off[1].from", "write a date"},
		"no day to work":   {hours.Calendar{ID: "x", Work: []string{"2026-10-10", "10/10"}}, "calendars[1].work[1]", "write a date"},
		"a day of no year": {hours.Calendar{ID: "x", Work: []string{"10-10"}}, "calendars[1].work[0]", "write a date"},
	} {
		made, problems := hours.CompileCalendars([]hours.Calendar{{ID: "first"}, c.calendar})
		if made != nil || len(problems) != 1 || problems[0].Path != c.path || !strings.Contains(problems[0].Text, c.text) {
			t.Errorf("%s: %v, want %s: …%s…", name, problems, c.path, c.text)
		}
	}
	if made, problems := hours.CompileCalendars(nil); made.Holiday("x", "2026-12-25") || problems != nil {
		t.Errorf("no calendars: %v", problems)
	}
}

// TestHolidaysAreTheLibrarys: what is remembered of a year is what the library
// says of each of its days, with the days of the house put on top.
func TestHolidaysAreTheLibrarys(t *testing.T) { // not parallel: it asks the library itself
	countries := map[string][]*cal.Holiday{"": nil, "DE": de.Holidays, "US": us.Holidays, "GB": gb.Holidays, "DE-SN": de.HolidaysSN}
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom([]string{"", "DE", "US", "GB", "DE-SN"}).Draw(t, "country")
		day := rapid.Map(rapid.IntRange(0, 200*366), func(n int) string {
			return time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
		})
		near := func(from string, days int) string {
			at, _ := time.Parse(time.DateOnly, from)
			return at.AddDate(0, 0, days).Format(time.DateOnly)
		}
		own := hours.Calendar{ID: "x", Country: country}
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			from := day.Draw(t, "from")
			own.Off = append(own.Off, lead.Leave{From: from, To: near(from, rapid.IntRange(0, 99).Draw(t, "length"))})
			own.Work = append(own.Work, near(from, rapid.IntRange(-2, 50).Draw(t, "worked")))
		}
		c := calendars(t, own)
		library := cal.Calendar{Holidays: countries[country]}
		asked := rapid.SliceOfN(day, 10, 30).Draw(t, "days")
		for _, span := range own.Off {
			asked = append(asked, span.From, span.To, near(span.From, -1), near(span.To, 1))
		}
		for _, day := range append(asked, own.Work...) {
			want := slices.ContainsFunc(own.Off, func(l lead.Leave) bool { return l.From <= day && day <= l.To })
			worked := slices.Contains(own.Work, day)
			at, _ := time.Parse(time.DateOnly, day)
			if actual, observed, _ := library.IsHoliday(at); actual || observed {
				want = true
			}
			if got := c.Holiday("x", day); got != (want && !worked) {
				t.Fatalf("%s in %+v: %t", day, own, got)
			}
			if got := c.Workday("x", day); got != worked {
				t.Fatalf("%s worked in %+v: %t", day, own, got)
			}
		}
	})
}

// TestHolidaysInEveryZone: where clocks go forward at midnight a day has no
// midnight, and yet its holidays stay. 8 March 2026 is such a day in Havana.
func TestHolidaysInEveryZone(t *testing.T) { // not parallel: the library has one zone for all
	zone, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	cal.DefaultLoc = zone
	c := calendars(t, hours.Calendar{ID: "berlin", Country: "DE-BE"})
	if c.Holiday("berlin", "2026-03-07") || !c.Holiday("berlin", "2026-03-08") {
		t.Error("Women's Day has moved")
	}
}

// TestHolidaysAtOnce: Japan's equinoxes are reckoned in place by the library.
func TestHolidaysAtOnce(t *testing.T) {
	t.Parallel()
	c := calendars(t, hours.Calendar{ID: "jp", Country: "JP"}, hours.Calendar{ID: "too", Country: "JP"})
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for year := 2000; year < 2030; year++ {
				want := 20 // in March
				if year%4 == 3 || year < 2024 && year%4 == 2 {
					want = 21
				}
				for date := 19; date <= 22; date++ {
					day := fmt.Sprintf("%d-03-%d", year, date)
					moved := date == want+1 && time.Date(year, 3, want, 0, 0, 0, 0, time.UTC).Weekday() == time.Sunday
					if got := c.Holiday([]string{"jp", "too"}[i%2], day); got != (date == want || moved) {
						t.Errorf("%s is a holiday: %t", day, got)
					}
				}
			}
		})
	}
	wait.Wait()
	if jp.VernalEquinoxDay.Day == 0 {
		t.Error("the library no longer reckons in place: there is no need to take turns")
	}
}

func BenchmarkHoliday(b *testing.B) {
	c := calendars(b, hours.Calendar{ID: "de", Country: "DE"}, hours.Calendar{ID: "us", Country: "US"}, hours.Calendar{ID: "cn"})
	b.Run("repeated", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if c.Holiday("de", "2026-12-24") {
				b.Fatal("a holiday")
			}
		}
	})
	b.Run("first of a year", func(b *testing.B) {
		b.ReportAllocs()
		for year := 0; b.Loop(); year++ {
			c.Holiday("us", []string{"2026-12-25", "2034-12-25"}[year%2]) // they share a place
		}
	})
	b.Run("compile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			calendars(b, hours.Calendar{ID: "de", Country: "DE"}, hours.Calendar{ID: "us", Country: "US"})
		}
	})
}
