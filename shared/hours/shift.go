package hours

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// LookAhead is how far ahead a next shift is looked for.
const LookAhead = 14 * 24 * time.Hour

// OnShift reports whether the rep works now: within a shift, in the rep's zone,
// and neither on leave nor on a holiday of the rep's calendar. A rep without shifts
// works on all other days.
func (c *Calendars) OnShift(rep lead.Rep, now time.Time) bool { return c.onShift(&rep, now) }

func (c *Calendars) onShift(rep *lead.Rep, now time.Time) bool {
	at := localMoment(now, rep.Zone)
	return !OnLeave(rep, at.Day) && !c.Holiday(rep.Calendar, at.Day) && c.InShift(rep, &at)
}

// NextShift is when the rep works next: now where the rep does, and the zero
// time where no shift begins within [LookAhead].
func (c *Calendars) NextShift(rep lead.Rep, now time.Time) time.Time {
	return c.NextShiftBy(&rep, now, now.Add(LookAhead))
}

// NextShiftBy is when the rep works next: now where the rep does, and the zero
// time where that is after the latest moment that counts.
func (c *Calendars) NextShiftBy(rep *lead.Rep, now, latest time.Time) time.Time {
	if c.onShift(rep, now) {
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
	from := now.In(lead.Zone(rep.Zone))
	for {
		_, change := from.ZoneBounds()
		if !change.After(from) || change.After(latest) {
			return c.nextStart(rep, starts, from, latest).In(now.Location())
		}
		if at := c.nextStart(rep, starts, from, change.Add(-1)); !at.IsZero() {
			return at.In(now.Location())
		}
		if from = change; c.onShift(rep, from) { // the clocks are put back into a shift, or forward
			return from.In(now.Location())
		}
	}
}

// nextStart is when a shift starts next, at minutes of the day in order, after now
// and by the latest moment. The clocks do not change in between.
func (c *Calendars) nextStart(rep *lead.Rep, starts []int, now, latest time.Time) time.Time {
	for day := 0; ; day++ {
		year, month, date := now.AddDate(0, 0, day).Date()
		for _, start := range starts {
			at := clock(year, month, date, start, now.Location())
			if at.After(latest) {
				return time.Time{}
			}
			if !at.After(now) {
				at = again(at)
			}
			if at.After(now) && !at.After(latest) && c.onShift(rep, at) {
				return at
			}
		}
	}
}

// OnLeave reports whether a day, as 2006-01-02, is one of a rep's leaves.
func OnLeave(rep *lead.Rep, day string) bool {
	for _, leave := range rep.Leave {
		if leave.From <= day && day <= leave.To {
			return true
		}
	}
	return false
}

// InShift reports whether a moment is within a shift. On a day that is worked
// although it is not usually, the shifts of all days are.
func (c *Calendars) InShift(rep *lead.Rep, at *Moment) bool {
	if len(rep.Shifts) == 0 {
		return true
	}
	worked := false
	for i := range rep.Shifts {
		worked = worked || slices.Contains(rep.Shifts[i].Days, at.Weekday)
	}
	swapped := !worked && c.Workday(rep.Calendar, at.Day)
	for i := range rep.Shifts {
		shift := &rep.Shifts[i]
		if !swapped && !slices.Contains(shift.Days, at.Weekday) {
			continue
		}
		from, okFrom := minutes(shift.From)
		to, okTo := minutes(shift.To)
		if okFrom && okTo && from <= at.Minute && at.Minute < to {
			return true
		}
	}
	return false
}

// Rest is the part of a rep's day that is still to come, from 0 to 1, by the
// shifts of the weekday or of all days, or by the clock where the rep has none. It
// reports false where there is no shift.
func Rest(rep *lead.Rep, at *Moment, allDays bool) (float64, bool) {
	if len(rep.Shifts) == 0 {
		return float64(dayEnd-at.Minute) / dayEnd, true
	}
	whole, rest := 0, 0
	for i := range rep.Shifts {
		shift := &rep.Shifts[i]
		if !allDays && !slices.Contains(shift.Days, at.Weekday) {
			continue
		}
		from, okFrom := minutes(shift.From)
		to, okTo := minutes(shift.To)
		if okFrom && okTo && from < to {
			whole += to - from
			rest += max(0, to-max(from, at.Minute))
		}
	}
	if whole == 0 {
		return 0, false
	}
	return float64(rest) / float64(whole), true
}
