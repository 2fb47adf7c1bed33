package hours

import (
	"slices"
	"time"
)

// Years outside of these are not reckoned.
const (
	firstYear = 1970
	lastYear  = 2299
)

// never is further away, in Unix seconds, than anything that is asked: some
// 34,000 years.
const never = 1 << 40

const daySeconds = 24 * 60 * 60

// workYear is the working time of a year, all in Unix seconds.
type workYear struct {
	number   int
	from, to int64
	stints   []stint // one at least
	total    int64   // working seconds

	firstDay, nextDay int64     // of the year and of the next, in days since 1970-01-01
	worked            [6]uint64 // a bit each for the days with working time
}

// stint is working time without a break.
type stint struct {
	from, to int64
	before   int64 // working seconds of the year before it
}

// yearOf is the year of a moment.
func (h *Hours) yearOf(at time.Time) *workYear {
	y := h.year(at.UTC().Year())
	switch second := at.Unix(); {
	case second < y.from:
		return h.year(y.number - 1)
	case second >= y.to:
		return h.year(y.number + 1)
	}
	return y
}

func (h *Hours) year(number int) *workYear {
	number = min(max(number, firstYear-1), lastYear+1)
	place := &h.years[number%len(h.years)]
	y := place.Load()
	if y == nil || y.number != number {
		y = h.reckon(number)
		place.Store(y)
	}
	return y
}

// reckon finds the working time of a year, stretch by stretch between two changes
// of the clocks.
func (h *Hours) reckon(number int) *workYear {
	y := &workYear{number: number, from: -never, to: never, firstDay: dayOf(number), nextDay: dayOf(number + 1)}
	if number >= firstYear {
		y.from = shown(y.firstDay*daySeconds, h.zone)
	}
	if number <= lastYear {
		y.to = shown(y.nextDay*daySeconds, h.zone)
	}
	if firstYear <= number && number <= lastYear {
		for at := y.from; at < y.to; {
			offset, change := offsetAt(at, h.zone)
			change = min(change, y.to)
			h.fill(y, at, change, offset)
			at = change
		}
	}
	if len(y.stints) == 0 {
		y.stints = append(y.stints, stint{from: y.from, to: y.to})
		y.total = y.to - y.from
		for i := range y.worked {
			y.worked[i] = ^uint64(0)
		}
	}
	return y
}

// fill adds the working time from one change of the clocks to the next.
func (h *Hours) fill(y *workYear, from, to, offset int64) {
	first, _ := split(from + offset)
	for day := first; day*daySeconds-offset < to; day++ {
		midnight := day*daySeconds - offset
		for _, p := range h.partsOf(day) {
			open := stint{max(from, midnight+p.from*60), min(to, midnight+p.to*60), y.total}
			if open.from >= open.to {
				continue
			}
			y.total += open.to - open.from
			y.work(day)
			if n := len(y.stints); n > 0 && y.stints[n-1].to == open.from {
				y.stints[n-1].to = open.to
			} else {
				y.stints = append(y.stints, open)
			}
		}
	}
}

// partsOf are the hours of a day by the clock.
func (h *Hours) partsOf(day int64) []part {
	date := time.Unix(day*daySeconds, 0).UTC()
	parts := h.days[date.Weekday()]
	if h.calendar == nil {
		return parts
	}
	number, month, of := date.Date()
	switch y := h.calendar.year(number); {
	case y.off[month]&(1<<of) != 0:
		return nil
	case len(parts) == 0 && y.work[month]&(1<<of) != 0:
		return h.swapped
	}
	return parts
}

// work notes that a day has working time.
func (y *workYear) work(day int64) {
	if n := day - y.firstDay; n >= 0 && day < y.nextDay {
		y.worked[n/64] |= 1 << (n % 64)
	}
}

// works reports whether a day, of this year, has working time.
func (y *workYear) works(day int64) bool {
	n := day - y.firstDay
	return y.number > lastYear || y.worked[n/64]&(1<<(n%64)) != 0
}

// next is the first stint that ends after a second; there may be none.
func (y *workYear) next(second int64) int {
	i, _ := slices.BinarySearchFunc(y.stints, second, func(s stint, second int64) int {
		if s.to > second {
			return +1
		}
		return -1
	})
	return i
}

// during is the stint in which, or at whose end, so many working seconds of the
// year have passed; the last for more than there are.
func (y *workYear) during(seconds int64) int {
	i, _ := slices.BinarySearchFunc(y.stints, seconds, func(s stint, seconds int64) int {
		if s.before+s.to-s.from >= seconds {
			return +1
		}
		return -1
	})
	return min(i, len(y.stints)-1)
}

// passed is the working time of the year until a moment.
func (y *workYear) passed(at time.Time) (seconds int64, nanos time.Duration) {
	second := at.Unix()
	i := y.next(second)
	switch {
	case i == len(y.stints):
		return y.total, 0
	case y.stints[i].from > second:
		return y.stints[i].before, 0
	}
	return y.stints[i].before + second - y.stints[i].from, time.Duration(at.Nanosecond())
}
