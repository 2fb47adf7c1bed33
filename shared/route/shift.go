package route

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// lookAhead is how far ahead a next shift is looked for.
const lookAhead = 14 * 24 * time.Hour

// dayEnd is the minute at which a day ends, written 24:00.
const dayEnd = 24 * 60

// OnShift reports whether the rep works now: within a shift, in the rep's zone,
// and neither on leave nor on a holiday of the rep's calendar. A rep without shifts
// works on all other days.
func (c *Calendars) OnShift(rep lead.Rep, now time.Time) bool { return onShift(&rep, now, c) }

func onShift(rep *lead.Rep, now time.Time, calendars *Calendars) bool {
	at := localMoment(now, rep.Zone)
	return !onLeave(rep, at.day) && !calendars.Holiday(rep.Calendar, at.day) && inShift(rep, &at, calendars)
}

// NextShift is when the rep works next: now where the rep does, and the zero
// time where no shift begins within 14 days.
func (c *Calendars) NextShift(rep lead.Rep, now time.Time) time.Time {
	return nextShift(&rep, now, now.Add(lookAhead), c)
}

// nextShift looks no further than to the latest moment, itself included.
func nextShift(rep *lead.Rep, now, latest time.Time, calendars *Calendars) time.Time {
	if onShift(rep, now, calendars) {
		return now
	}
	starts := make([]int, 0, 8)
	for i := range rep.Shifts {
		from, _ := minutes(rep.Shifts[i].From)
		starts = append(starts, from)
	}
	if len(starts) == 0 {
		starts = append(starts, 0) // after a leave
	}
	slices.Sort(starts)
	local := now.In(zoneOf(rep.Zone))
	for day := 0; ; day++ {
		year, month, date := local.AddDate(0, 0, day).Date()
		for _, start := range starts {
			at := clock(year, month, date, start, local.Location())
			if at.After(latest) {
				return time.Time{}
			}
			if at.After(now) && onShift(rep, at, calendars) {
				return at.In(now.Location())
			}
		}
	}
}

// clock is when the clocks of a zone show a minute of a day, or, where they skip
// it, when they go forward.
func clock(year int, month time.Month, date, minute int, zone *time.Location) time.Time {
	at := time.Date(year, month, date, 0, minute, 0, 0, zone)
	_, offset := at.Zone()
	switch shown := at.Add(time.Duration(offset) * time.Second).UTC(); shown.Compare(time.Date(year, month, date, 0, minute, 0, 0, time.UTC)) {
	case -1:
		_, at = at.ZoneBounds()
	case +1:
		at, _ = at.ZoneBounds()
	}
	return at
}

// moment is a point in time as the clocks of a zone show it.
type moment struct {
	day     string // 2006-01-02
	weekday time.Weekday
	minute  int // of the day
}

func localMoment(now time.Time, zone string) moment {
	local := now.In(zoneOf(zone))
	return moment{
		day:     local.Format(time.DateOnly),
		weekday: local.Weekday(),
		minute:  local.Hour()*60 + local.Minute(),
	}
}

// moments converts one point in time for many reps, who share few zones.
type moments struct {
	now   time.Time
	known []zoned
}

type zoned struct {
	zone string
	at   moment
}

func (m *moments) in(zone string) *moment {
	for i := range m.known {
		if m.known[i].zone == zone {
			return &m.known[i].at
		}
	}
	m.known = append(m.known, zoned{zone, localMoment(m.now, zone)})
	return &m.known[len(m.known)-1].at
}

func onLeave(rep *lead.Rep, day string) bool {
	for _, leave := range rep.Leave {
		if leave.From <= day && day <= leave.To {
			return true
		}
	}
	return false
}

// inShift reports whether a moment is within a shift. On a day that is worked
// although it is not usually, the shifts of all days are.
func inShift(rep *lead.Rep, at *moment, calendars *Calendars) bool {
	if len(rep.Shifts) == 0 {
		return true
	}
	worked := false
	for i := range rep.Shifts {
		worked = worked || slices.Contains(rep.Shifts[i].Days, at.weekday)
	}
	swapped := !worked && calendars.Workday(rep.Calendar, at.day)
	for i := range rep.Shifts {
		shift := &rep.Shifts[i]
		if !swapped && !slices.Contains(shift.Days, at.weekday) {
			continue
		}
		from, okFrom := minutes(shift.From)
		to, okTo := minutes(shift.To)
		if okFrom && okTo && from <= at.minute && at.minute < to {
			return true
		}
	}
	return false
}

// minutes reads 15:04 as minutes of the day.
func minutes(clock string) (int, bool) {
	if len(clock) != 5 || clock[2] != ':' {
		return 0, false
	}
	a, b, c, d := clock[0]-'0', clock[1]-'0', clock[3]-'0', clock[4]-'0' // of what is no digit, above 9
	total := (int(a)*10+int(b))*60 + int(c)*10 + int(d)
	if max(a, b, d) > 9 || c > 5 || total > dayEnd {
		return 0, false
	}
	return total, true
}

// zones remembers time zones: reading one opens a file. A zone never changes
// while a program runs, so that what is remembered stays true.
var zones sync.Map // name → *time.Location

// zoneOf returns a zone by its IANA name, UTC where it is unknown.
func zoneOf(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

// maxPace bounds a pace, in leads of 30 days: a lead every 26 seconds.
const maxPace = 100_000

// CheckRep lists what is wrong with the record of a rep. Paths are those of its
// JSON, such as "shifts[0].from". Whether the teams exist is not asked.
func CheckRep(rep lead.Rep) []rule.Problem {
	var problems []rule.Problem
	report := func(path, format string, args ...any) {
		problems = append(problems, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
	if rep.ID == "" {
		report("id", "give the rep an id")
	}
	if rep.Name == "" {
		report("name", "give the rep a name")
	}
	if _, err := time.LoadLocation(rep.Zone); err != nil || rep.Zone == "" || rep.Zone == "Local" {
		report("zone", "name the time zone as IANA does, such as Asia/Shanghai")
	}
	if rep.Cap != nil && *rep.Cap < 0 {
		report("cap", "leave the cap out for no cap; 0 gives the rep no leads; it cannot be below")
	}
	if rep.Quota != nil && *rep.Quota < 0 {
		report("quota", "leave the quota out for no quota; 0 gives the rep no new leads; it cannot be below")
	}
	if rep.Pace != nil && (*rep.Pace < 0 || *rep.Pace > maxPace) {
		report("pace", "leave the pace out for none; 0 gives the rep no leads; the most is %d in 30 days", maxPace)
	}
	if rep.Target != nil && *rep.Target < 0 {
		report("target", "leave the target out for a rep who is never qualified; it cannot be below 0")
	}
	if _, err := time.Parse(time.DateOnly, rep.Since); err != nil && rep.Since != "" {
		report("since", "write a date such as 2026-05-01")
	}
	if len(rep.Level) > maxName {
		report("level", "shorten the level to %d bytes", maxName)
	}
	if len(rep.Shifts) > 50 || len(rep.Leave) > 100 {
		report("shifts", "give at most 50 shifts and 100 leaves")
	}
	for i, shift := range rep.Shifts {
		at := fmt.Sprintf("shifts[%d]", i)
		if len(shift.Days) == 0 {
			report(at+".days", "list the days of the shift")
		}
		for _, day := range shift.Days {
			if day < time.Sunday || day > time.Saturday {
				report(at+".days", "a day is 0, Sunday, to 6, Saturday")
			}
		}
		from, okFrom := minutes(shift.From)
		to, okTo := minutes(shift.To)
		if !okFrom {
			report(at+".from", "write a time of day such as 09:00")
		}
		if !okTo {
			report(at+".to", "write a time of day such as 18:00, or 24:00 for the day's end")
		}
		if okFrom && okTo && from >= to {
			report(at+".to", "end the shift after it starts; write one past midnight as two, until 24:00 and from 00:00")
		}
	}
	for i, leave := range rep.Leave {
		at := fmt.Sprintf("leave[%d]", i)
		if _, err := time.Parse(time.DateOnly, leave.From); err != nil {
			report(at+".from", "write a date such as 2026-05-01")
		}
		if _, err := time.Parse(time.DateOnly, leave.To); err != nil {
			report(at+".to", "write a date such as 2026-05-01")
		} else if leave.To < leave.From {
			report(at+".to", "end the leave on or after the day on which it starts")
		}
	}
	return problems
}
