package hours_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

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
		"the last day of a leap year":        {daily(berlin, "09:00-18:00"), "2040-12-31 17:00:00", 1, 2 * time.Hour, "2041-01-02 10:00:00"},
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
		"just before the years":  {week("UTC", "", "09:00-18:00"), "1969-12-31 20:00:00", "1970-01-03 21:00:00"},
	} {
		h := calendars.Hours(c.week)
		if got := h.After(moment(t, c.from, c.week.Zone), span); !got.Equal(moment(t, c.want, c.week.Zone)) {
			t.Errorf("%s: %s, want %s", name, got.In(lead.Zone(c.week.Zone)), c.want)
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
