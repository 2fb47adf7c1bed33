package hours

import (
	"math"
	"time"
)

// noZone tells what to write instead of a zone that is none.
const noZone = "name the time zone as IANA does, such as Asia/Shanghai"

func isZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

// maxAhead is more, in seconds, than clocks were ever ahead of UTC.
const maxAhead = 16 * 60 * 60

// clock is when the clocks of a zone first show a minute of a day, or, where they
// skip it, when they go forward.
func clock(year int, month time.Month, date, minute int, zone *time.Location) time.Time {
	return time.Unix(shown(time.Date(year, month, date, 0, minute, 0, 0, time.UTC).Unix(), zone), 0).In(zone)
}

// again is when the clocks show a second time what they show at a moment, since
// they were put back; the moment itself where they do not.
func again(at time.Time) time.Time {
	_, change := at.ZoneBounds()
	if change.IsZero() {
		return at
	}
	_, before := at.Zone()
	_, after := change.Zone()
	if second := at.Add(time.Duration(before-after) * time.Second); !second.Before(change) {
		return second
	}
	return at
}

// shown is clock for seconds: those of UTC when its clocks show the same.
func shown(local int64, zone *time.Location) int64 {
	at := local - maxAhead
	for {
		offset, change := offsetAt(at, zone)
		if at = max(at, local-offset); at < change {
			return at
		}
		at = change
	}
}

// offsetAt is by how many seconds the clocks of a zone are ahead of UTC at a Unix
// second, and until when at least.
func offsetAt(at int64, zone *time.Location) (ahead, change int64) {
	local := time.Unix(at, 0).In(zone)
	_, offset := local.Zone()
	change = math.MaxInt64
	if _, end := local.ZoneBounds(); !end.IsZero() {
		change = end.Unix()
	}
	if change <= at { // the library takes the last day of a leap year for the next year's
		change = at - at%daySeconds + daySeconds
	}
	return int64(offset), change
}

// split is a Unix second as the day, counted from 1970-01-01, and the second of it.
func split(second int64) (day, of int64) {
	day, of = second/daySeconds, second%daySeconds
	if of < 0 {
		day, of = day-1, of+daySeconds
	}
	return day, of
}

// dayOf is the first day of a year.
func dayOf(year int) int64 {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC).Unix() / daySeconds
}
