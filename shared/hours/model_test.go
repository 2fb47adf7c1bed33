package hours_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// place is a zone, and a moment at which its clocks do something.
type place struct{ zone, around string }

var places = []place{
	{"UTC", "2026-12-31T23:00:00Z"},
	{"Asia/Shanghai", "2027-12-31T16:00:00Z"},
	{"Asia/Kathmandu", "2026-03-07T18:15:00Z"},
	{"Europe/Berlin", "2026-03-29T01:00:00Z"}, {"Europe/Berlin", "2026-10-25T01:00:00Z"}, {"Europe/Berlin", "2028-12-31T23:00:00Z"},
	{"America/New_York", "2027-01-01T05:00:00Z"}, {"America/New_York", "2026-03-08T07:00:00Z"}, {"America/New_York", "2026-11-01T06:00:00Z"},
	{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"}, {"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
	{"America/Havana", "2026-03-08T05:00:00Z"}, {"America/Havana", "2026-11-01T05:00:00Z"}, // no midnight; one twice
	{"Africa/Cairo", "2026-04-23T22:00:00Z"}, {"Africa/Cairo", "2026-10-29T21:00:00Z"}, // no midnight; an hour before it twice
	{"Asia/Amman", "2021-10-28T22:00:00Z"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},     // a day is left out
	{"America/St_Johns", "2010-11-07T02:31:00Z"}, // a day begins for a minute, and then an hour later once more
}

func (p place) change() time.Time {
	at, err := time.Parse(time.RFC3339, p.around)
	if err != nil {
		panic(err)
	}
	return at
}

// model is a week told anew: it asks of every minute whether it is worked. Clocks
// are changed at whole minutes.
type model struct {
	week      hours.Week
	zone      *time.Location
	calendars *hours.Calendars
}

func (m model) open(at time.Time) bool {
	local := at.In(m.zone)
	day, clock := local.Format("2006-01-02"), local.Format("15:04")
	if m.calendars.Holiday(m.week.Calendar, day) {
		return false
	}
	usual := slices.ContainsFunc(m.week.Shifts, func(s lead.Shift) bool { return slices.Contains(s.Days, local.Weekday()) })
	swapped := !usual && m.calendars.Workday(m.week.Calendar, day)
	return len(m.week.Shifts) == 0 || slices.ContainsFunc(m.week.Shifts, func(s lead.Shift) bool {
		return (swapped || slices.Contains(s.Days, local.Weekday())) && s.From <= clock && clock < s.To
	})
}

// opening is the moment, or the start of the next minute that is worked.
func (m model) opening(at time.Time) time.Time {
	for !m.open(at) {
		at = at.Truncate(time.Minute).Add(time.Minute)
	}
	return at
}

func (m model) after(at time.Time, s lead.Span) time.Time {
	at = m.opening(at)
	if s.Days > 0 {
		at = m.daysAfter(at, s.Days)
	}
	for left := s.Time; left > 0; {
		at = m.opening(at)
		step := min(left, at.Truncate(time.Minute).Add(time.Minute).Sub(at))
		at, left = at.Add(step), left-step
	}
	return at
}

func (m model) daysAfter(at time.Time, days int) time.Time {
	within := at.Sub(at.Truncate(time.Minute))
	clock := at.In(m.zone).Format("15:04")
	day := at.In(m.zone).Format(time.DateOnly)
	at = at.Truncate(time.Minute)
	on := func() string { return at.In(m.zone).Format(time.DateOnly) }
	for days > 0 {
		if at = at.Add(time.Minute); on() > day && m.open(at) {
			day, days = on(), days-1
		}
	}
	var wanted, last time.Time
	for at = at.Add(-25 * time.Hour); !(on() > day); at = at.Add(time.Minute) {
		if on() < day {
			continue
		}
		if shown := at.In(m.zone).Format("15:04"); wanted.IsZero() && shown >= clock {
			if wanted = at; shown != clock {
				within = 0 // the clocks skip it
			}
		}
		switch {
		case !m.open(at):
		case wanted.Equal(at):
			return at.Add(within)
		case !wanted.IsZero():
			return at
		default:
			last = at
		}
	}
	return last.Add(time.Minute)
}

func (m model) between(a, b time.Time) (sum time.Duration) {
	for a.Before(b) {
		step := min(b.Sub(a), a.Truncate(time.Minute).Add(time.Minute).Sub(a))
		if m.open(a) {
			sum += step
		}
		a = a.Add(step)
	}
	return sum
}

// drawWeek draws a week with a working day at least.
func drawWeek(t *rapid.T, zone string) hours.Week {
	clock := rapid.SampledFrom([]string{"00:00", "00:30", "01:30", "02:00", "02:15", "03:00", "09:00", "12:00", "13:00", "18:00", "23:15", "24:00"})
	w := hours.Week{Zone: zone, Calendar: rapid.SampledFrom([]string{"", "house", "de"}).Draw(t, "calendar")}
	for range rapid.IntRange(0, 3).Draw(t, "shifts") {
		from, to := clock.Draw(t, "from"), clock.Draw(t, "to")
		if from == to {
			continue
		}
		days := rapid.SliceOfNDistinct(rapid.SampledFrom(everyDay), 1, 7, func(d time.Weekday) time.Weekday { return d }).Draw(t, "days")
		w.Shifts = append(w.Shifts, lead.Shift{Days: days, From: min(from, to), To: max(from, to)})
	}
	return w
}

// drawMoment draws one near to where the clocks of a place change.
func drawMoment(t *rapid.T, p place) time.Time {
	near := rapid.OneOf(rapid.IntRange(-8*24*60, 3*24*60), rapid.IntRange(-48*60, 24*60), rapid.IntRange(-180, 180)).Draw(t, "minute")
	at := p.change().Add(time.Duration(near) * time.Minute)
	return at.Add(rapid.SampledFrom([]time.Duration{0, 0, 1, time.Second, time.Minute - 1}).Draw(t, "within"))
}

func drawTime(t *rapid.T, label string) time.Duration {
	minutes := rapid.OneOf(rapid.IntRange(0, 90), rapid.IntRange(0, 30*60)).Draw(t, label)
	return time.Duration(minutes)*time.Minute + rapid.SampledFrom([]time.Duration{0, 0, 1, time.Second, 59*time.Second + 1}).Draw(t, label+" within")
}
