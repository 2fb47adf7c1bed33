package hours

import (
	"time"

	"sluice/shared/rule"
)

// Quiet is the part of each day in which nobody is contacted, by the clocks of
// where the person is. It may go past midnight, as from 21:00 to 09:00. Without
// both ends there is none.
type Quiet struct {
	From string `json:"from,omitempty"` // 15:04
	To   string `json:"to,omitempty"`   // 15:04
}

// CheckQuiet lists what is wrong with quiet hours. Paths are those of their JSON
// below the given one, such as "contact.quiet.from".
func CheckQuiet(q Quiet, path string) []rule.Problem {
	if q == (Quiet{}) {
		return nil
	}
	var problems []rule.Problem
	report := reporter(&problems, path)
	from, okFrom := minutes(q.From)
	to, okTo := minutes(q.To)
	if !okFrom {
		report("from", "write the time of day at which nobody is contacted any more, such as 21:00")
	}
	if !okTo {
		report("to", "write the time of day from which people are contacted again, such as 09:00")
	}
	if okFrom && okTo && from%dayEnd == to%dayEnd {
		report("to", "leave a part of the day to contact people in")
	}
	return problems
}

// Silence is a compiled [Quiet]. The zero one is none.
type Silence struct {
	from, length time.Duration // from midnight by the clock
}

// CompileQuiet compiles quiet hours that were checked; of faulty ones there are
// none.
func CompileQuiet(q Quiet) Silence {
	from, okFrom := minutes(q.From)
	to, okTo := minutes(q.To)
	if !okFrom || !okTo {
		return Silence{}
	}
	length := (to - from + dayEnd) % dayEnd
	return Silence{from: time.Duration(from%dayEnd) * time.Minute, length: time.Duration(length) * time.Minute}
}

// Until is the moment itself where it is not quiet, else when the quiet ends, in
// UTC. The zone is that of the person.
func (s Silence) Until(at time.Time, zone *time.Location) time.Time {
	at = at.UTC()
	for {
		offset, change := offsetAt(at.Unix(), zone)
		_, clock := split(at.Unix() + offset)
		since := (time.Duration(clock)*time.Second + time.Duration(at.Nanosecond()) - s.from + 24*time.Hour) % (24 * time.Hour)
		if since >= s.length {
			return at
		}
		end := at.Add(s.length - since)
		if end.Unix() < change {
			return end
		}
		at = time.Unix(change, 0).UTC() // and on by the clocks as they are then
	}
}

// Awake is how long of a day is not quiet, on a day without a change of the
// clocks: 12 hours for a quiet from 21:00 to 09:00.
func (s Silence) Awake() time.Duration { return 24*time.Hour - s.length }
