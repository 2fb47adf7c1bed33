package sim

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/score"
	"sluice/shared/sim/table"
)

// schedule is the rule that starts the sweep every minute. A minute in which
// nothing is due is left out: its sweep would find nothing.
type schedule struct {
	world *World
	next  time.Time // the tick that is planned; zero where none is
	walk  time.Time // when the walk that scores all leads anew goes on; zero where it is over
}

// due plans the tick that finds what falls due at a moment.
func (s *schedule) due(at time.Time) {
	w := s.world
	minute := at.Truncate(time.Minute)
	if minute.Before(at) {
		minute = minute.Add(time.Minute)
	}
	if !minute.After(w.now) {
		minute = w.now.Truncate(time.Minute).Add(time.Minute)
	}
	if !s.next.IsZero() && !minute.Before(s.next) {
		return
	}
	s.next = minute
	w.at(minute, func() {
		if !s.next.Equal(minute) {
			return // a sooner tick was planned since
		}
		s.next = time.Time{}
		if at, ok := s.soonest(); ok && !at.After(minute) {
			s.strike(minute)
		} else if ok {
			s.due(at) // what was due has moved
		}
	})
}

// strike starts the sweep and plans the next one.
func (s *schedule) strike(minute time.Time) {
	w := s.world
	start := func() {
		w.invoke("sweep", sweepEvent(minute), func([]byte, error) {
			if at, ok := s.soonest(); ok {
				s.due(at)
			}
		})
	}
	switch w.fault(tick, "sweep") {
	case NotSent:
		s.due(minute.Add(time.Second)) // there is another one in a minute
		return
	case Twice:
		w.after(w.within(10*time.Second), start)
	case Delayed:
		w.after(w.within(3*time.Minute), start)
		return
	}
	w.after(w.within(time.Second), start)
	w.after(30*time.Second, func() { w.checker.tick(w.now, w.calm()) })
}

// sweepEvent is what the rule sends for a minute.
func sweepEvent(minute time.Time) []byte {
	return fmt.Appendf(nil, `{"source":"aws.events","detail-type":"Scheduled Event","time":%q}`, minute.Format(time.RFC3339))
}

// soonest looks up what is due next.
func (s *schedule) soonest() (time.Time, bool) {
	first := ""
	for shard := range schema.DueShards {
		if at, _, ok := s.world.table.First(schema.DueIndex, strconv.Itoa(shard)); ok && (first == "" || at < first) {
			first = at
		}
	}
	if at, _, ok := s.world.table.First(schema.DueIndex, dueJobs); ok && (first == "" || at < first) {
		first = at
	}
	if at := s.walk.UTC().Format(momentInIndex); !s.walk.IsZero() && (first == "" || at < first) {
		first = at
	}
	if len(first) < len(momentInIndex) {
		return time.Time{}, false
	}
	moment, err := time.Parse(momentInIndex, first[:len(momentInIndex)])
	return moment, err == nil
}

// changed plans the tick of the walk that scores all leads anew, where a write made it
// necessary or takes it on.
func (s *schedule) changed(c table.Change) {
	if pk, _ := c.After.Key(); pk != "POLICY" && pk != "MODEL" {
		return
	}
	number := func(pk, name string) int {
		i, _ := s.world.table.Get(pk, "CURRENT")
		n, _ := i.Number(name)
		return int(n)
	}
	var r score.Rescore
	if i, ok := s.world.table.Get("MODEL", "RESCORE"); ok {
		json.Unmarshal([]byte(i.Text(schema.Doc)), &r) // the zero one where it cannot be read
	}
	switch known := r.Policy == number("POLICY", schema.Version) && r.Model == number("MODEL", "inForce"); {
	case known && !r.Ended.IsZero():
		s.walk = time.Time{}
		return
	case known && r.Sent == 0: // it waits until every process knows of it
		s.walk = r.Began.Add(time.Minute)
	default:
		s.walk = s.world.now
	}
	s.due(s.walk)
}

// dueJobs is where the due index has jobs that move leads.
const dueJobs = "J"

// momentInIndex begins the sort keys of the due index.
const momentInIndex = "20060102T150405.000000000"

// entered plans the tick of a deadline that was just set.
func (s *schedule) entered(e lead.Entry) {
	for _, event := range e.Events {
		if d, ok := event.(lead.Due); ok && !d.At.IsZero() {
			s.due(d.At)
		}
	}
}
