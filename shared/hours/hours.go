// Package hours is when people work: the calendars of holidays, the shifts of a
// rep, the week of a team with the working time that passes in it, and the part of
// the day in which nobody is contacted. It knows no clock: the moment comes in as
// an argument.
//
// Working time is what the clocks of a zone show. On a day on which they are
// changed a shift is an hour shorter or longer, and one whose start they skip
// begins when they go forward.
package hours

import (
	"math"
	"sync/atomic"
	"time"

	"sluice/shared/lead"
)

// Week is when a team works.
type Week struct {
	Zone     string       `json:"zone,omitempty"`     // IANA; the house's where empty
	Shifts   []lead.Shift `json:"shifts,omitempty"`   // they may overlap; none means all day on every day that is not off
	Calendar string       `json:"calendar,omitempty"` // of holidays, by its id in the policy
}

// maxDays bounds the days of a span: some 270 years.
const maxDays = 100_000

// Hours are a compiled [Week]. They are safe for concurrent use, and remember the
// years asked for, each in the place of its number.
//
// A year without any working time counts as worked around the clock, and so do
// those before 1970 and after 2299: what waits for it waits for no longer than the
// span itself says.
type Hours struct {
	zone     *time.Location
	calendar *calendar // nil for none
	days     [7][]part // by weekday
	swapped  []part    // of a day worked instead of another: those of all days
	years    [4]atomic.Pointer[workYear]
}

var _ lead.Hours = (*Hours)(nil)

// After is when a span of working time has passed since from, in UTC. Outside of
// working time it is counted from the next opening, which is also the answer for
// no span at all.
//
// The days come first: to the same time of the clock on the nth working day after
// that of from, a working day being one with any working time. Where that day is
// not worked at that time, it is to its next opening, else to its closing. What
// remains of the span is working time; used up at a closing it ends there and not
// at the next opening. What is negative counts as none, and more than
// 100,000 days as those.
func (h *Hours) After(from time.Time, s lead.Span) time.Time {
	days, span := min(max(s.Days, 0), maxDays), max(s.Time, 0)
	if number := h.yearOf(from).number; number < firstYear || number > lastYear {
		return from.UTC().Add(time.Duration(days) * 24 * time.Hour).Add(span)
	}
	at := h.opening(from)
	if days > 0 {
		at = h.daysAfter(at, days)
	}
	if span > 0 {
		at = h.timeAfter(at, span)
	}
	return at
}

// Open reports whether a moment is working time. A closing is not.
func (h *Hours) Open(at time.Time) bool {
	y, second := h.yearOf(at), at.Unix()
	i := y.next(second)
	return i < len(y.stints) && y.stints[i].from <= second
}

// Latest is the last moment of working time at or before another, in UTC: the
// closing before it where it is not working time itself.
func (h *Hours) Latest(at time.Time) time.Time {
	y, second := h.yearOf(at), at.Unix()
	i := y.next(second)
	if y.number < firstYear || i < len(y.stints) && y.stints[i].from <= second {
		return at.UTC()
	}
	if i == 0 { // the year before has some: every year does
		before := h.year(y.number - 1)
		return time.Unix(before.stints[len(before.stints)-1].to, 0).UTC()
	}
	return time.Unix(y.stints[i-1].to, 0).UTC()
}

// Between is the working time from a to b, 0 where b is not after a. What does not
// fit, some 292 years, is the longest duration there is.
func (h *Hours) Between(a, b time.Time) time.Duration {
	if !b.After(a) {
		return 0
	}
	first, last := h.yearOf(a), h.yearOf(b)
	seconds, nanos := last.passed(b)
	before, nanosBefore := first.passed(a)
	seconds -= before
	for y := first; y.number < last.number; y = h.year(y.number + 1) {
		seconds += y.total
	}
	if seconds >= math.MaxInt64/int64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(seconds)*time.Second + nanos - nanosBefore
}

// opening is the moment itself where it is working time, else the next that is.
func (h *Hours) opening(at time.Time) time.Time {
	y, second := h.yearOf(at), at.Unix()
	i := y.next(second)
	for i == len(y.stints) {
		y = h.year(y.number + 1)
		i = 0
	}
	if from := y.stints[i].from; from > second {
		return time.Unix(from, 0).UTC()
	}
	return time.Unix(second, int64(at.Nanosecond())).UTC()
}

// daysAfter is the same time of the clock so many working days later, moved into
// the working time of that day.
func (h *Hours) daysAfter(at time.Time, days int) time.Time {
	_, offset := at.In(h.zone).Zone()
	day, clock := split(at.Unix() + int64(offset))
	y := h.year(time.Unix(day*daySeconds, 0).UTC().Year())
	for days > 0 {
		day++
		for y.number <= lastYear && day >= y.nextDay {
			y = h.year(y.number + 1)
		}
		if y.works(day) {
			days--
		}
	}
	then := shown(day*daySeconds+clock, h.zone)
	i := y.next(then)
	switch {
	case i < len(y.stints) && y.stints[i].from <= then:
		if ahead, _ := offsetAt(then, h.zone); then+ahead != day*daySeconds+clock { // skipped
			return time.Unix(then, 0).UTC()
		}
		return time.Unix(then, int64(at.Nanosecond())).UTC()
	case i < len(y.stints) && y.stints[i].from < shown((day+1)*daySeconds, h.zone):
		then = y.stints[i].from
	case i > 0:
		then = y.stints[i-1].to
	}
	return time.Unix(then, 0).UTC()
}

// timeAfter is when so much working time, more than none, has passed.
func (h *Hours) timeAfter(at time.Time, span time.Duration) time.Time {
	y := h.yearOf(at)
	seconds, nanos := y.passed(at)
	nanos += span % time.Second
	seconds += int64(span/time.Second) + int64(nanos/time.Second)
	nanos %= time.Second
	whole := seconds // rounded up
	if nanos > 0 {
		whole++
	}
	for whole > y.total && y.number <= lastYear {
		seconds, whole = seconds-y.total, whole-y.total
		y = h.year(y.number + 1)
	}
	s := y.stints[y.during(whole)]
	return time.Unix(s.from+seconds-s.before, int64(nanos)).UTC()
}
