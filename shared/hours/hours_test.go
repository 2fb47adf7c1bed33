package hours_test

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

var workdays = []time.Weekday{1, 2, 3, 4, 5}

// week reads spans such as 09:00-18:00, worked from Monday to Friday.
func week(zone, calendar string, spans ...string) hours.Week {
	w := hours.Week{Zone: zone, Calendar: calendar, Shifts: shifts(spans...)}
	for i := range w.Shifts {
		w.Shifts[i].Days = workdays
	}
	return w
}

// daily is a week whose spans are worked every day.
func daily(zone string, spans ...string) hours.Week {
	return hours.Week{Zone: zone, Shifts: shifts(spans...)}
}

// moment reads 2026-03-04 09:00:00 by the clocks of a zone, or a time of RFC 3339.
func moment(t testing.TB, text, zone string) time.Time {
	t.Helper()
	if strings.Contains(text, "T") {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	at, err := time.ParseInLocation(time.DateTime, text, lead.Zone(zone))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// house has a calendar that is off on 4 March 2026, a Wednesday, with the Saturday
// after it worked instead, and the public holidays of Germany and the US.
func house(t testing.TB) *hours.Calendars {
	return calendars(t,
		hours.Calendar{ID: "house", Off: []lead.Leave{{From: "2026-03-04"}}, Work: []string{"2026-03-07"}},
		hours.Calendar{ID: "de", Country: "DE"}, hours.Calendar{ID: "us", Country: "US"},
	)
}

type afterCase struct {
	week hours.Week
	from string
	days int
	time time.Duration
	want string
}

func checkAfter(t *testing.T, cases map[string]afterCase) {
	t.Helper()
	house := house(t)
	for name, c := range cases {
		from, want := moment(t, c.from, c.week.Zone), moment(t, c.want, c.week.Zone)
		h := house.Hours(c.week)
		got := h.After(from, lead.Span{Days: c.days, Time: c.time})
		if !got.Equal(want) {
			t.Errorf("%s: %s, want %s", name, got.In(lead.Zone(c.week.Zone)), c.want)
		}
		if got.Location() != time.UTC {
			t.Errorf("%s: in %s", name, got.Location())
		}
	}
}

func TestAfterByTime(t *testing.T) {
	t.Parallel()
	plain := week("UTC", "", "09:00-18:00")
	lunch := week("UTC", "", "13:00-18:00", "09:00-12:00")
	const second = time.Second
	// 4 March 2026 is a Wednesday.
	checkAfter(t, map[string]afterCase{
		"within the day":            {plain, "2026-03-04 10:00:00", 0, time.Hour, "2026-03-04 11:00:00"},
		"one second short of close": {plain, "2026-03-04 17:00:00", 0, time.Hour - second, "2026-03-04 17:59:59"},
		"used up at close":          {plain, "2026-03-04 17:00:00", 0, time.Hour, "2026-03-04 18:00:00"},
		"one second past close":     {plain, "2026-03-04 17:00:00", 0, time.Hour + second, "2026-03-05 09:00:01"},
		"a nanosecond past close":   {plain, "2026-03-04 17:00:00", 0, time.Hour + 1, "2026-03-05T09:00:00.000000001Z"},
		"parts of seconds":          {plain, "2026-03-04T17:59:59.75Z", 0, time.Second / 2, "2026-03-05T09:00:00.25Z"},
		"at close":                  {plain, "2026-03-04 18:00:00", 0, second, "2026-03-05 09:00:01"},
		"parts of seconds at close": {plain, "2026-03-04T18:00:00.5Z", 0, second, "2026-03-05 09:00:01"},
		"before opening":            {plain, "2026-03-04 03:00:00", 0, time.Hour, "2026-03-04 10:00:00"},
		"on Friday evening":         {plain, "2026-03-06 17:30:00", 0, time.Hour, "2026-03-09 09:30:00"},
		"on Saturday":               {plain, "2026-03-07 12:00:00", 0, time.Hour, "2026-03-09 10:00:00"},
		"a week of it":              {plain, "2026-03-04 10:00:00", 0, 45 * time.Hour, "2026-03-11 10:00:00"},
		"three years of it":         {plain, "2026-03-04 09:00:00", 0, 783 * 9 * time.Hour, "2029-03-02 18:00:00"},
		"over lunch":                {lunch, "2026-03-04 11:30:00", 0, time.Hour, "2026-03-04 13:30:00"},
		"until lunch":               {lunch, "2026-03-04 11:30:00", 0, time.Hour / 2, "2026-03-04 12:00:00"},
		"from lunch":                {lunch, "2026-03-04 12:10:00", 0, time.Minute, "2026-03-04 13:01:00"},
		"none, at work":             {plain, "2026-03-04 10:00:00", 0, 0, "2026-03-04 10:00:00"},
		"none, at a closing":        {plain, "2026-03-04 18:00:00", 0, 0, "2026-03-05 09:00:00"},
		"none, at lunch":            {lunch, "2026-03-04 12:00:00", 0, 0, "2026-03-04 13:00:00"},
		"none, at an opening":       {lunch, "2026-03-04 13:00:00", 0, 0, "2026-03-04 13:00:00"},
		"less than none":            {plain, "2026-03-04 10:00:00", -1, -time.Hour, "2026-03-04 10:00:00"},
		"over a holiday":            {week("UTC", "house", "09:00-18:00"), "2026-03-03 17:30:00", 0, time.Hour, "2026-03-05 09:30:00"},
		"on a swapped workday":      {week("UTC", "house", "09:00-18:00"), "2026-03-06 17:30:00", 0, time.Hour, "2026-03-07 09:30:00"},
		"over the turn of the year": {week("UTC", "de", "09:00-18:00"), "2026-12-31 17:30:00", 0, time.Hour, "2027-01-04 09:30:00"},
		"until the year's close":    {plain, "2026-12-31 17:00:00", 0, time.Hour, "2026-12-31 18:00:00"},
		"the year's last evening":   {daily("America/New_York", "18:00-24:00"), "2026-12-31 21:00:00", 0, time.Hour, "2026-12-31 22:00:00"},
		"in Shanghai":               {week("Asia/Shanghai", "", "09:00-18:00"), "2026-03-04 17:30:00", 0, time.Hour, "2026-03-05 09:30:00"},
		"all day":                   {hours.Week{}, "2026-03-07 12:34:56", 0, 30 * time.Hour, "2026-03-08 18:34:56"},
		"all day but on a holiday":  {hours.Week{Calendar: "house"}, "2026-03-03 23:00:00", 0, 2 * time.Hour, "2026-03-05 01:00:00"},
		"through the night":         {daily("UTC", "20:00-24:00", "00:00-04:00"), "2026-03-04 23:00:00", 0, 6 * time.Hour, "2026-03-05 21:00:00"},
		"overlapping and touching":  {daily("UTC", "09:00-12:00", "11:00-14:00", "14:00-15:00", "10:00-10:30"), "2026-03-04 08:00:00", 0, 6 * time.Hour, "2026-03-04 15:00:00"},
		"an unknown zone":           {week("Nowhere/Land", "", "09:00-18:00"), "2026-03-04T17:30:00Z", 0, time.Hour, "2026-03-05T09:30:00Z"},
		"an unknown calendar":       {week("UTC", "moon", "09:00-18:00"), "2026-03-04 17:00:00", 0, time.Hour, "2026-03-04 18:00:00"},
	})
}

func TestAfterByDays(t *testing.T) {
	t.Parallel()
	plain := week("UTC", "", "09:00-18:00")
	// From 09:00 to 18:00, on Fridays to noon and from 14:00 to 16:00 alone.
	short := hours.Week{Shifts: []lead.Shift{
		{Days: workdays[:4], From: "09:00", To: "18:00"}, {Days: workdays[4:], From: "10:00", To: "12:00"}, {Days: workdays[4:], From: "14:00", To: "16:00"},
	}}
	checkAfter(t, map[string]afterCase{
		"the next day":               {plain, "2026-03-04 10:17:23", 1, 0, "2026-03-05 10:17:23"},
		"parts of seconds":           {plain, "2026-03-04T10:17:23.25Z", 1, 0, "2026-03-05T10:17:23.25Z"},
		"over the weekend":           {plain, "2026-03-04 10:00:00", 3, 0, "2026-03-09 10:00:00"},
		"five are a week":            {plain, "2026-03-04 10:00:00", 5, 0, "2026-03-11 10:00:00"},
		"from the evening":           {plain, "2026-03-04 20:00:00", 1, 0, "2026-03-06 09:00:00"},
		"from the early morning":     {plain, "2026-03-04 03:00:00", 1, 0, "2026-03-05 09:00:00"},
		"from a Saturday":            {plain, "2026-03-07 12:00:00", 1, 0, "2026-03-10 09:00:00"},
		"to before an opening":       {short, "2026-03-05 09:30:00", 1, 0, "2026-03-06 10:00:00"},
		"to a break":                 {short, "2026-03-05 12:30:00", 1, 0, "2026-03-06 14:00:00"},
		"to the start of a break":    {short, "2026-03-05 12:00:00", 1, 0, "2026-03-06 14:00:00"},
		"to after a closing":         {short, "2026-03-05 17:30:00", 1, 0, "2026-03-06 16:00:00"},
		"to a closing":               {short, "2026-03-05 16:00:00", 1, 0, "2026-03-06 16:00:00"},
		"and time from a closing":    {short, "2026-03-05 17:30:00", 1, time.Hour, "2026-03-09 10:00:00"},
		"and time of the same day":   {plain, "2026-03-04 10:00:00", 2, time.Hour, "2026-03-06 11:00:00"},
		"and time of the next":       {plain, "2026-03-04 17:30:00", 2, time.Hour, "2026-03-09 09:30:00"},
		"over a holiday":             {week("UTC", "house", "09:00-18:00"), "2026-03-03 10:00:00", 1, 0, "2026-03-05 10:00:00"},
		"to a swapped workday":       {week("UTC", "house", "09:00-18:00"), "2026-03-06 10:00:00", 1, 0, "2026-03-07 10:00:00"},
		"over Easter":                {week("Europe/Berlin", "de", "09:00-18:00"), "2026-04-02 15:00:00", 2, 0, "2026-04-08 15:00:00"},
		"over the year":              {week("Europe/Berlin", "de", "09:00-18:00"), "2026-12-30 15:00:00", 2, 0, "2027-01-04 15:00:00"},
		"a year of them":             {plain, "2026-03-04 10:00:00", 261, 0, "2027-03-04 10:00:00"},
		"far into another day there": {week("Asia/Shanghai", "", "06:00-23:00"), "2026-03-04T22:30:00Z", 1, 0, "2026-03-06 06:30:00"},
		"all days":                   {hours.Week{}, "2026-03-06 23:59:59", 2, 2 * time.Second, "2026-03-09 00:00:01"},
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	h := house(t).Hours(week("Europe/Berlin", "house", "09:00-12:00", "13:00-18:00"))
	for text, want := range map[string]bool{
		"2026-03-05 08:59:59": false, "2026-03-05 09:00:00": true, "2026-03-05 11:59:59": true, "2026-03-05 12:00:00": false,
		"2026-03-05 13:00:00": true, "2026-03-05 18:00:00": false, "2026-03-04 10:00:00": false, "2026-03-07 10:00:00": true,
		"2026-03-08 10:00:00": false, "2026-12-31 10:00:00": true, "2027-01-01 10:00:00": true, "2027-01-02 10:00:00": false,
		"2026-03-05T07:59:59.999999999Z": false, "2026-03-05T16:59:59.999999999Z": true, "2026-03-05T17:00:00.000000001Z": false,
	} {
		if got := h.Open(moment(t, text, "Europe/Berlin")); got != want {
			t.Errorf("%s: open %t", text, got)
		}
	}
}

// TestSwappedWorkday: on a day worked instead of another the shifts of all days
// are, and on one that is worked anyway its own.
func TestSwappedWorkday(t *testing.T) {
	t.Parallel()
	c := calendars(t, hours.Calendar{ID: "house", Work: []string{"2026-03-07", "2026-03-18"}})
	w := hours.Week{Calendar: "house", Shifts: append(shifts("09:00-18:00", "20:00-21:00"), shifts("10:00-19:00")...)}
	w.Shifts[0].Days, w.Shifts[1].Days, w.Shifts[2].Days = workdays[:3], workdays[3:4], workdays[4:]
	h := c.Hours(w)
	for text, want := range map[string]bool{
		"2026-03-07 09:00:00": true, "2026-03-07 18:30:00": true, "2026-03-07 19:00:00": false, "2026-03-07 20:30:00": true, "2026-03-14 10:00:00": false,
		"2026-03-18 10:00:00": true, "2026-03-18 18:30:00": false, "2026-03-18 20:30:00": false,
	} {
		if got := h.Open(moment(t, text, "UTC")); got != want {
			t.Errorf("%s: open %t", text, got)
		}
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	const forever = time.Duration(math.MaxInt64)
	plain := week("Europe/Berlin", "de", "09:00-12:00", "13:00-18:00")
	for name, c := range map[string]struct {
		week hours.Week
		a, b string
		want time.Duration
	}{
		"of one day":          {plain, "2026-03-04 10:00:00", "2026-03-04 11:30:00", 90 * time.Minute},
		"over lunch":          {plain, "2026-03-04 11:00:00", "2026-03-04 14:00:00", 2 * time.Hour},
		"over night":          {plain, "2026-03-04 17:00:00", "2026-03-05 10:00:00", 2 * time.Hour},
		"of a week":           {plain, "2026-03-02 00:00:00", "2026-03-09 00:00:00", 40 * time.Hour},
		"over a year":         {plain, "2026-12-31 17:00:00", "2027-01-04 10:00:00", 2 * time.Hour},
		"of years":            {week("UTC", "", "09:00-17:00"), "2024-01-01 00:00:00", "2027-01-01 00:00:00", (262 + 261 + 261) * 8 * time.Hour},
		"of a weekend":        {plain, "2026-03-06 18:00:00", "2026-03-09 09:00:00", 0},
		"of nothing":          {plain, "2026-03-04 10:00:00", "2026-03-04 10:00:00", 0},
		"backwards":           {plain, "2026-03-04 10:00:00", "2026-03-04 09:00:00", 0},
		"parts of seconds":    {plain, "2026-03-04T16:59:59.75Z", "2026-03-05T08:00:00.125Z", 375 * time.Millisecond},
		"part of one second":  {plain, "2026-03-04T10:00:00.25Z", "2026-03-04T10:00:00.5Z", 250 * time.Millisecond},
		"over a second":       {plain, "2026-03-04T10:00:00.75Z", "2026-03-04T10:00:01.5Z", 750 * time.Millisecond},
		"an hour that misses": {daily("Europe/Berlin"), "2026-03-29 00:00:00", "2026-03-30 00:00:00", 23 * time.Hour},
		"an hour twice":       {daily("Europe/Berlin"), "2026-10-25 00:00:00", "2026-10-26 00:00:00", 25 * time.Hour},
		"more than fits":      {daily("UTC"), "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", forever},
	} {
		h := house(t).Hours(c.week)
		if got := h.Between(moment(t, c.a, c.week.Zone), moment(t, c.b, c.week.Zone)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestHoursAtOnce asks for years that share a place from many sides.
func TestHoursAtOnce(t *testing.T) {
	t.Parallel()
	h := house(t).Hours(week("Europe/Berlin", "de", "09:00-18:00"))
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			for n := range 400 {
				year := 2020 + (n+i)%12
				from := time.Date(year, 3, 2, 12, 0, 0, 0, time.UTC)
				got := h.After(from, lead.Span{Days: 1})
				if got.Sub(from) < 12*time.Hour || got.Sub(from) > 72*time.Hour || !h.Open(got) {
					t.Errorf("from %s: %s", from, got)
				}
			}
		})
	}
	wait.Wait()
}

func TestHoursAllocateNothing(t *testing.T) {
	h := house(t).Hours(week("Europe/Berlin", "de", "09:00-12:00", "13:00-18:00"))
	from := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	h.After(from, lead.Span{Days: 5})
	if n := testing.AllocsPerRun(10, func() {
		h.After(from, lead.Span{Days: 5, Time: time.Hour})
		h.Open(from)
		h.Between(from, from.AddDate(0, 0, 30))
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHours(b *testing.B) {
	h := house(b).Hours(week("Europe/Berlin", "de", "09:00-12:00", "13:00-18:00"))
	from := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		span lead.Span
	}{
		{"an hour", lead.Span{Time: time.Hour}}, {"40 hours", lead.Span{Time: 40 * time.Hour}},
		{"5 days", lead.Span{Days: 5}}, {"30 days", lead.Span{Days: 30}}, {"250 days and an hour", lead.Span{Days: 250, Time: time.Hour}},
	} {
		b.Run("after "+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.After(from, c.span)
			}
		})
	}
	b.Run("between", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			h.Between(from, from.AddDate(0, 0, 30))
		}
	})
	b.Run("first of a year", func(b *testing.B) {
		b.ReportAllocs()
		c := house(b)
		c.Holiday("de", "2026-03-04")
		for b.Loop() {
			c.Hours(week("Europe/Berlin", "de", "09:00-12:00", "13:00-18:00")).Open(from)
		}
	})
}
