package hours

import (
	"time"

	"sluice/shared/lead"
)

// dayEnd is the minute at which a day ends, written 24:00.
const dayEnd = 24 * 60

// Moment is a point in time as the clocks of a zone show it.
type Moment struct {
	Day     string // 2006-01-02
	Weekday time.Weekday
	Minute  int // of the day, 0 to 1439
}

// Left is how long the day still is by the clock.
func (m *Moment) Left() time.Duration { return time.Duration(dayEnd-m.Minute) * time.Minute }

func localMoment(now time.Time, zone string) Moment {
	local := now.In(lead.Zone(zone))
	return Moment{
		Day:     local.Format(time.DateOnly),
		Weekday: local.Weekday(),
		Minute:  local.Hour()*60 + local.Minute(),
	}
}

// Moments convert one point in time for many reps, who share few zones. They are
// for one goroutine.
type Moments struct {
	now   time.Time
	known []zoned
}

type zoned struct {
	zone string
	at   Moment
}

// MomentsOf are those of a point in time.
func MomentsOf(now time.Time) Moments { return Moments{now: now} }

// In is the moment in a zone, by its IANA name; UTC where it is unknown.
func (m *Moments) In(zone string) *Moment {
	for i := range m.known {
		if m.known[i].zone == zone {
			return &m.known[i].at
		}
	}
	m.known = append(m.known, zoned{zone, localMoment(m.now, zone)})
	return &m.known[len(m.known)-1].at
}

// Tomorrow is when the next day begins in a zone, by its IANA name.
func Tomorrow(now time.Time, zone string) time.Time {
	local := now.In(lead.Zone(zone))
	year, month, date := local.Date()
	return clock(year, month, date+1, 0, local.Location())
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
