package hours_test

import (
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/us"
	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// drawn is a week at a place where the clocks change, compiled and told anew.
type drawn struct {
	place
	hours *hours.Hours
	model model
}

func draw(t *rapid.T, calendars *hours.Calendars) drawn {
	p := rapid.SampledFrom(places).Draw(t, "place")
	w := drawWeek(t, p.zone)
	return drawn{p, calendars.Hours(w), model{w, lead.Zone(p.zone), calendars}}
}

// TestHoursAreTheModels: whatever is asked, counting minute by minute comes to the
// same.
func TestHoursAreTheModels(t *testing.T) {
	t.Parallel()
	calendars := house(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, calendars)
		from := drawMoment(t, d.place)
		span := lead.Span{Days: rapid.IntRange(0, 4).Draw(t, "days"), Time: drawTime(t, "time")}
		if rapid.Bool().Draw(t, "days alone") {
			span.Time = 0
		}
		got := d.hours.After(from, span)
		if want := d.model.after(from, span); !got.Equal(want) {
			t.Fatalf("%+v after %s: %s, want %s", span, from.In(d.model.zone), got.In(d.model.zone), want.In(d.model.zone))
		}
		if got.Before(from) || !d.hours.Open(got) && !d.hours.Open(got.Add(-1)) {
			t.Fatalf("%+v after %s: %s is no working time", span, from, got)
		}
		to := from.Add(drawTime(t, "passes"))
		if got, want := d.hours.Between(from, to), d.model.between(from, to); got != want {
			t.Fatalf("between %s and %s: %s, want %s", from, to, got, want)
		}
	})
}

// TestOpenIsOnShift: a team works when a rep with its shifts does.
func TestOpenIsOnShift(t *testing.T) {
	t.Parallel()
	calendars := house(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, calendars)
		rep := lead.Rep{Zone: d.zone, Shifts: d.model.week.Shifts, Calendar: d.model.week.Calendar}
		for range 50 {
			at := drawMoment(t, d.place)
			if on, open := calendars.OnShift(rep, at), d.hours.Open(at); on != open {
				t.Fatalf("%s: open %t, on shift %t", at, open, on)
			}
			if next, opening := calendars.NextShift(rep, at), d.hours.After(at, lead.Span{}); !next.IsZero() && !next.Equal(opening) {
				t.Fatalf("%s: opening %s, next shift %s", at, opening, next)
			}
		}
	})
}

// TestLatest: between the latest working moment and the moment itself nobody works,
// and it is one or the end of one.
func TestLatest(t *testing.T) {
	t.Parallel()
	calendars := house(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, calendars)
		at := drawMoment(t, d.place)
		latest := d.hours.Latest(at)
		switch {
		case latest.After(at), d.hours.Between(latest, at) != 0, !latest.Equal(d.hours.Latest(latest)) && d.hours.Open(latest):
			t.Fatalf("latest working moment at %s: %s", at, latest)
		case d.hours.Open(at) != latest.Equal(at) && d.hours.Open(at):
			t.Fatalf("%s is working time, the latest is %s", at, latest)
		case !d.hours.Open(latest) && !d.hours.Open(latest.Add(-1)):
			t.Fatalf("latest working moment at %s: %s, which is none", at, latest)
		}
	})
}

// TestTimePasses: working time adds up, and later or longer never ends earlier.
func TestTimePasses(t *testing.T) {
	t.Parallel()
	calendars := house(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, calendars)
		after := func(at time.Time, span time.Duration) time.Time { return d.hours.After(at, lead.Span{Time: span}) }
		from, a, b := drawMoment(t, d.place), 100*drawTime(t, "a"), 1+drawTime(t, "b")
		end := after(from, a)
		if got, want := after(end, b), after(from, a+b); !got.Equal(want) {
			t.Fatalf("%s and then %s from %s: %s, want %s", a, b, from, got, want)
		}
		if after(from, a+b).Before(end) {
			t.Fatalf("%s ends before %s from %s", a+b, a, from)
		}
		if later := after(from.Add(b), a); later.Before(end) {
			t.Fatalf("%s from %s ends at %s, and from %s later at %s", a, from, end, b, later)
		}
		if got := d.hours.Between(from, end); got != a {
			t.Fatalf("%s from %s until %s: %s in between", a, from, end, got)
		}
		if got, want := d.hours.Between(from, end)+d.hours.Between(end, end.Add(b)), d.hours.Between(from, end.Add(b)); got != want {
			t.Fatalf("from %s over %s to %s: %s, want %s", from, end, b, got, want)
		}
	})
}

// TestDaysAreWorkingDays: the day is the nth that the calendar and the shifts have
// worked, and a day more is never earlier.
func TestDaysAreWorkingDays(t *testing.T) {
	t.Parallel()
	calendars := house(t)
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "Asia/Kathmandu"}).Draw(t, "zone")
		w := drawWeek(t, zone)
		h := calendars.Hours(w)
		m := model{w, lead.Zone(zone), calendars}
		from := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC).Add(100 * drawTime(t, "from"))
		n := rapid.IntRange(1, 40).Draw(t, "days")
		date := h.After(from, lead.Span{}).In(m.zone)
		for left := n; left > 0; {
			date = time.Date(date.Year(), date.Month(), date.Day()+1, 0, 0, 0, 0, m.zone)
			if m.between(date, date.AddDate(0, 0, 1)) > 0 {
				left--
			}
		}
		got := h.After(from, lead.Span{Days: n})
		if day := got.Add(-1).In(m.zone).Format(time.DateOnly); day != date.Format(time.DateOnly) && got.In(m.zone).Format(time.DateOnly) != date.Format(time.DateOnly) {
			t.Fatalf("%d days from %s: %s, want %s", n, from, got, date)
		}
		later := from.Add(drawTime(t, "later"))
		if h.After(later, lead.Span{Days: n}).Before(got) || !h.After(from, lead.Span{Days: n + 1}).After(got) {
			t.Fatalf("%d days from %s are not before as many from %s, or one more", n, from, later)
		}
	})
}

// TestHoursAreTheLibrarys compares weeks of one span a day with the calendar
// library's own reckoning of business hours, which knows one zone and no change of
// the clocks.
func TestHoursAreTheLibrarys(t *testing.T) { // not parallel: the library has one zone for all
	cal.DefaultLoc = time.UTC
	countries := map[string][]*cal.Holiday{"de": de.Holidays, "us": us.Holidays}
	calendars := house(t)
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom([]string{"de", "us"}).Draw(t, "country")
		opens, closes := rapid.IntRange(0, 12*60).Draw(t, "opens"), rapid.IntRange(12*60+1, 23*60+59).Draw(t, "closes")
		clock := func(minute int) string { return time.Unix(int64(minute)*60, 0).UTC().Format("15:04") }
		h := calendars.Hours(week("UTC", country, clock(opens)+"-"+clock(closes)))
		library := cal.NewBusinessCalendar()
		library.AddHoliday(countries[country]...)
		library.SetWorkHours(time.Duration(opens)*time.Minute, time.Duration(closes)*time.Minute)

		minute := rapid.IntRange(opens, closes-1).Draw(t, "minute")
		from := time.Date(2024, 1, 1, 0, minute, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 2000).Draw(t, "day"))
		worked := time.Duration(rapid.IntRange(1, 100*60).Draw(t, "worked")) * time.Minute
		if got, want := h.After(from, lead.Span{Time: worked}), library.AddWorkHours(from, worked); !got.Equal(want) {
			t.Fatalf("%s of %s to %s from %s: %s, want %s", worked, clock(opens), clock(closes), from, got, want)
		}
		to := from.Add(worked)
		if got, want := h.Between(from, to), library.WorkHoursInRange(from, to); got != want {
			t.Fatalf("%s to %s from %s to %s: %s, want %s", clock(opens), clock(closes), from, to, got, want)
		}
		if !library.IsWorkday(from) {
			return
		}
		days := rapid.IntRange(0, 300).Draw(t, "days")
		if got, want := h.After(from, lead.Span{Days: days}), library.WorkdaysFrom(from, days); !got.Equal(want) {
			t.Fatalf("%d days from %s: %s, want %s", days, from, got, want)
		}
	})
}

// FuzzHours: whatever a week says, its hours answer.
func FuzzHours(f *testing.F) {
	f.Add("09:00", "18:00", "13:00", "24:00", "Europe/Berlin", byte(0b0111110), int64(1_774_750_000), 3, int64(time.Hour))
	f.Add("00:00", "24:00", "x", "", "America/Havana", byte(0), int64(-1), -1, int64(-1))
	f.Add("23:59", "24:00", "24:00", "00:00", "Pacific/Apia", byte(1), int64(1<<40), 1<<40, int64(1<<62))
	calendars := house(f)
	f.Fuzz(func(t *testing.T, from, to, from2, to2, zone string, days byte, second int64, n int, span int64) {
		w := hours.Week{Zone: zone, Calendar: "de"}
		var worked []time.Weekday
		for _, day := range everyDay {
			if days&(1<<day) != 0 {
				worked = append(worked, day)
			}
		}
		w.Shifts = []lead.Shift{{Days: worked, From: from, To: to}, {Days: worked, From: from2, To: to2}}
		hours.CheckWeek(w, "week")
		h := calendars.Hours(w)
		at := time.Unix(second, 0)
		end := h.After(at, lead.Span{Days: n, Time: time.Duration(span)})
		if end.Before(at) {
			t.Errorf("%s is before %s", end, at)
		}
		if passed := h.Between(at, end); passed < time.Duration(span) && n <= 0 {
			t.Errorf("%s, not %s", passed, time.Duration(span))
		}
	})
}

// FuzzClocks: a time of day is accepted as the standard library reads one, with
// the end of the day besides.
func FuzzClocks(f *testing.F) {
	for _, text := range []string{"09:00", "24:00", "23:59", "9:00", "09:60", "09:00 ", "24:01", "0٩:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := time.Parse("15:04", text)
		want := (err == nil && len(text) == 5 || text == "24:00") && text != "00:00"
		if got := hours.CheckWeek(daily("", "00:00-"+text), "") == nil; got != want {
			t.Errorf("%q: read %t", text, got)
		}
	})
}
