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
	at, err := time.ParseInLocation(time.DateTime, text, hours.Zone(zone))
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
			t.Errorf("%s: %s, want %s", name, got.In(hours.Zone(c.week.Zone)), c.want)
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
		"three years of it":         {plain, "2026-03-04 09:00:00", 0, 783 * 9 * time.Hour, "2029-03-05 18:00:00"},
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
		"far into another day there": {week("Asia/Shanghai", "", "06:00-23:00"), "2026-03-06T22:30:00Z", 1, 0, "2026-03-09 06:30:00"},
		"all days":                   {hours.Week{}, "2026-03-06 23:59:59", 2, 2 * time.Second, "2026-03-09 00:00:01"},
	})
}

// TestAfterWhereClocksChange: elapsed time is real, days go by the clock.
func TestAfterWhereClocksChange(t *testing.T) {
	t.Parallel()
	const berlin, york, howe, havana, apia = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"
	checkAfter(t, map[string]afterCase{
		// 29 March 2026: 02:00 becomes 03:00.
		"Berlin, forward: a night of eleven hours": {daily(berlin, "20:00-24:00", "00:00-08:00"), "2026-03-28 20:00:00", 0, 11 * time.Hour, "2026-03-29 08:00:00"},
		"Berlin, forward: around the clock":        {daily(berlin), "2026-03-28 12:00:00", 0, 24 * time.Hour, "2026-03-29 13:00:00"},
		"Berlin, forward: a day":                   {daily(berlin), "2026-03-28 12:00:00", 1, 0, "2026-03-29 12:00:00"},
		"Berlin, forward: to what is skipped":      {daily(berlin), "2026-03-28T01:30:15.5Z", 1, 0, "2026-03-29T01:00:00Z"},
		"Berlin, forward: a start is skipped":      {daily(berlin, "02:30-06:00"), "2026-03-29 00:00:00", 0, time.Hour, "2026-03-29 04:00:00"},
		"Berlin, forward: an end is skipped":       {daily(berlin, "01:00-02:30"), "2026-03-29 01:00:00", 0, time.Hour + 1, "2026-03-29T23:00:00.000000001Z"},
		"Berlin, forward: a shift is skipped":      {daily(berlin, "02:00-03:00"), "2026-03-28 02:30:00", 0, time.Hour, "2026-03-30 02:30:00"},
		"Berlin, forward: a day is skipped":        {daily(berlin, "02:00-03:00"), "2026-03-28 02:30:00", 1, 0, "2026-03-30 02:30:00"},
		"Berlin, forward: to the next opening":     {daily(berlin, "02:00-02:45", "09:00-10:00"), "2026-03-28 02:30:00", 1, 0, "2026-03-29 09:00:00"},
		// 25 October 2026: 03:00 becomes 02:00.
		"Berlin, back: a night of thirteen hours": {daily(berlin, "20:00-24:00", "00:00-08:00"), "2026-10-24 20:00:00", 0, 13 * time.Hour, "2026-10-25 08:00:00"},
		"Berlin, back: an hour twice":             {daily(berlin, "02:00-03:00"), "2026-10-25 00:00:00", 0, 2 * time.Hour, "2026-10-25 03:00:00"},
		"Berlin, back: a part of an hour twice":   {daily(berlin, "01:00-02:30"), "2026-10-25 01:00:00", 0, 2 * time.Hour, "2026-10-25T01:30:00Z"},
		"Berlin, back: a day":                     {daily(berlin), "2026-10-24 12:00:00", 1, 0, "2026-10-25 12:00:00"},
		"Berlin, back: to the first of two":       {daily(berlin), "2026-10-24 02:30:00", 1, 0, "2026-10-25T00:30:00Z"},
		"Berlin, back: from the second of two":    {daily(berlin), "2026-10-25T01:30:00Z", 1, 0, "2026-10-26 02:30:00"},
		"Berlin, back: from the first of two":     {daily(berlin, "02:00-03:00"), "2026-10-25T00:59:00Z", 0, time.Hour, "2026-10-25T01:59:00Z"},
		// 8 March 2026: 02:00 becomes 03:00; 1 November: 02:00 becomes 01:00.
		"New York, forward: to what is skipped": {daily(york), "2026-03-07 02:30:00", 1, 0, "2026-03-08T07:00:00Z"},
		"New York, forward: around the clock":   {daily(york), "2026-03-07 12:00:00", 0, 24 * time.Hour, "2026-03-08 13:00:00"},
		"New York, back: to the first of two":   {daily(york), "2026-10-31 01:30:00", 1, 0, "2026-11-01T05:30:00Z"},
		"New York, back: an hour twice":         {daily(york, "01:00-02:00"), "2026-11-01 00:00:00", 0, 2 * time.Hour, "2026-11-01T07:00:00Z"},
		// 5 April 2026: 02:00 becomes 01:30; 4 October: 02:00 becomes 02:30.
		"Lord Howe, forward": {daily(howe, "01:00-03:00"), "2026-10-04 00:00:00", 0, 90 * time.Minute, "2026-10-04 03:00:00"},
		"Lord Howe, back":    {daily(howe, "01:00-03:00"), "2026-04-05 00:00:00", 0, 150 * time.Minute, "2026-04-05 03:00:00"},
		// 8 March 2026 begins at 01:00.
		"Havana, no midnight":                {daily(havana), "2026-03-07 12:00:00", 0, 12*time.Hour + 1, "2026-03-08T05:00:00.000000001Z"},
		"Havana, a start at no midnight":     {daily(havana, "00:00-09:00"), "2026-03-07 12:00:00", 0, time.Hour, "2026-03-08 02:00:00"},
		"Havana, days over no midnight":      {daily(havana, "00:00-09:00"), "2026-03-07 00:30:00", 1, 0, "2026-03-08T05:00:00Z"},
		"Havana, back: a midnight twice":     {daily(havana, "00:00-01:00"), "2026-10-31 12:00:00", 0, 2 * time.Hour, "2026-11-01 01:00:00"},
		"Apia, a day that is left out":       {daily(apia, "09:00-18:00"), "2011-12-29 17:00:00", 0, 2 * time.Hour, "2011-12-31 10:00:00"},
		"Apia, days over one that is left":   {daily(apia, "09:00-18:00"), "2011-12-29 17:00:00", 1, 0, "2011-12-31 17:00:00"},
		"St. John's, a minute past midnight": {daily("America/St_Johns"), "2010-11-06 10:00:00", 1, 0, "2010-11-07 10:00:00"},
	})
}

// TestNoWorkingTime: where a year has none, a span passes around the clock.
func TestNoWorkingTime(t *testing.T) {
	t.Parallel()
	var off []lead.Leave
	for _, year := range []string{"2026", "2027"} {
		for _, span := range []string{"01-01 03-31", "04-01 06-30", "07-01 09-30", "10-01 12-31"} {
			from, to, _ := strings.Cut(span, " ")
			off = append(off, lead.Leave{From: year + "-" + from, To: year + "-" + to})
		}
	}
	calendars := calendars(t, hours.Calendar{ID: "off", Off: off})
	span := lead.Span{Days: 3, Time: time.Hour}
	for name, c := range map[string]struct {
		week       hours.Week
		from, want string
	}{
		"shifts that cannot be":  {daily("UTC", "18:00-09:00", "x-y"), "2026-03-04 10:00:00", "2026-03-07 11:00:00"},
		"shifts of no day":       {hours.Week{Shifts: []lead.Shift{{From: "09:00", To: "10:00"}}}, "2026-12-30 10:00:00", "2027-01-02 11:00:00"},
		"always on holiday":      {hours.Week{Zone: "Asia/Shanghai", Calendar: "off"}, "2026-03-04 10:00:00", "2026-03-07 11:00:00"},
		"on holiday, with hours": {week("Asia/Shanghai", "off", "09:00-18:00"), "2026-03-04 20:00:00", "2026-03-07 21:00:00"},
		"into a year off":        {week("UTC", "off", "09:00-18:00"), "2025-12-31 17:30:00", "2026-01-03 18:30:00"},
		"out of the years off":   {week("America/New_York", "off", "09:00-18:00"), "2027-12-30 22:00:00", "2028-01-05 10:00:00"},
		"before all years":       {week("UTC", "", "09:00-18:00"), "1950-01-01 20:00:00", "1950-01-04 21:00:00"},
		"after all years":        {week("UTC", "", "09:00-18:00"), "2400-01-01 20:00:00", "2400-01-04 21:00:00"},
		"into the years":         {week("UTC", "", "09:00-18:00"), "1969-12-31 20:00:00", "1970-01-06 10:00:00"},
	} {
		h := calendars.Hours(c.week)
		if got := h.After(moment(t, c.from, c.week.Zone), span); !got.Equal(moment(t, c.want, c.week.Zone)) {
			t.Errorf("%s: %s, want %s", name, got.In(hours.Zone(c.week.Zone)), c.want)
		}
	}
	off2026 := calendars.Hours(week("Asia/Shanghai", "off", "09:00-18:00"))
	a, b := moment(t, "2026-03-04 20:00:00", "Asia/Shanghai"), moment(t, "2026-03-05 01:00:00", "Asia/Shanghai")
	if !off2026.Open(a) || off2026.Between(a, b) != 5*time.Hour {
		t.Error("a year off is not open around the clock")
	}
}

// TestFarAway: nothing hangs, and nothing ends before it starts.
func TestFarAway(t *testing.T) {
	t.Parallel()
	house := house(t)
	for _, w := range []hours.Week{{}, week("Europe/Berlin", "de", "09:00-18:00"), daily("UTC", "09:00-09:01"), {Shifts: []lead.Shift{{From: "x"}}}} {
		h := house.Hours(w)
		for _, from := range []time.Time{{}, time.Unix(1<<50, 1), time.Unix(-1<<50, 1), time.Unix(0, 0), time.Date(2299, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)} {
			for _, span := range []lead.Span{{}, {Days: math.MaxInt}, {Time: math.MaxInt64}, {Days: math.MaxInt, Time: math.MaxInt64}} {
				if got := h.After(from, span); got.Before(from) {
					t.Errorf("%+v from %s: %s", span, from, got)
				}
			}
		}
	}
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

func TestCheckWeek(t *testing.T) {
	t.Parallel()
	good := week("Europe/Berlin", "anything", "09:00-12:00", "13:00-24:00")
	for _, w := range []hours.Week{good, {}, daily("", "09:00-18:00")} {
		if problems := hours.CheckWeek(w, "teams[0].hours"); problems != nil {
			t.Errorf("good week: %v", problems)
		}
	}
	for path, edit := range map[string]func(*hours.Week){
		"zone":           func(w *hours.Week) { w.Zone = "Nowhere/Land" },
		"shifts":         func(w *hours.Week) { w.Shifts = make51() },
		"shifts[0].days": func(w *hours.Week) { w.Shifts = []lead.Shift{{From: "09:00", To: "10:00"}} },
		"shifts[1].days": func(w *hours.Week) {
			w.Shifts = append(shifts("09:00-10:00"), lead.Shift{Days: []time.Weekday{7}, From: "09:00", To: "10:00"})
		},
		"shifts[0].from": func(w *hours.Week) { w.Shifts = shifts("9-10:00") },
		"shifts[0].to":   func(w *hours.Week) { w.Shifts = shifts("09:00-09:00") },
	} {
		w := good
		edit(&w)
		for below, want := range map[string]string{"": path, "teams[0].hours": "teams[0].hours." + path} {
			if problems := hours.CheckWeek(w, below); len(problems) != 1 || problems[0].Path != want {
				t.Errorf("%s: problems %v", want, problems)
			}
		}
	}
	if problems := hours.CheckWeek(hours.Week{Zone: "Local"}, ""); len(problems) != 1 {
		t.Errorf("the zone of the machine: %v", problems)
	}
}

func make51() (all []lead.Shift) {
	for range 51 {
		all = append(all, shifts("09:00-10:00")...)
	}
	return all
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
