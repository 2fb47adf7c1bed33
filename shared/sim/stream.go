package sim

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// stream feeds relay with the new history entries of the table. The entries of
// one partition keep their order in a lane, as long as nothing goes wrong;
// entries of one transaction are told apart.
type stream struct {
	world    *World
	lanes    [lanes]lane
	sequence int
	failed   []record // given up after all attempts, for people to look at
}

type lane struct {
	records  []record
	busy     bool
	attempts int // in a row, at the first record
}

type record struct {
	sequence string
	item     table.Item
	ready    time.Time
}

const (
	lanes          = 4
	recordsMost    = 100
	streamAttempts = 16 // one and 15 more, as the stack has it
)

// changed takes up what a committed write has told.
func (s *stream) changed(changes []table.Change) {
	for _, c := range changes {
		_, sk := c.After.Key()
		if !c.Before.IsZero() || c.After.IsZero() || !strings.HasPrefix(sk, schema.HistoryPrefix) {
			continue
		}
		s.add(c.After)
	}
}

func (s *stream) add(item table.Item) {
	w := s.world
	s.sequence++
	pk, _ := item.Key()
	h := fnv.New32a()
	h.Write([]byte(pk))
	at := int(h.Sum32() % lanes)
	r := record{sequence: fmt.Sprintf("%021d", s.sequence), item: item, ready: w.now.Add(20*time.Millisecond + w.within(200*time.Millisecond))}
	switch w.fault(records, "stream") {
	case Delayed:
		r.ready = w.now.Add(time.Second + w.within(30*time.Second))
		at = w.random.IntN(lanes)
	case Twice:
		other := &s.lanes[w.random.IntN(lanes)]
		other.records = append(other.records, r)
		s.wake(other, r.ready)
	}
	l := &s.lanes[at]
	l.records = append(l.records, r)
	s.wake(l, r.ready)
}

// wake has the lane looked at when its first record is ready.
func (s *stream) wake(l *lane, at time.Time) {
	if l.busy {
		return
	}
	l.busy = true
	s.world.at(at, func() { s.tell(l) })
}

// tell hands the lane's next records to relay.
func (s *stream) tell(l *lane) {
	w := s.world
	n := 0
	for n < min(len(l.records), recordsMost) && !l.records[n].ready.After(w.now) {
		n++
	}
	if n == 0 {
		l.busy = false
		if len(l.records) > 0 {
			s.wake(l, l.records[0].ready)
		}
		return
	}
	told := l.records[:n:n]
	w.invoke("relay", streamEvent(told), func(out []byte, err error) { s.settle(l, told, out, err) })
}

// settle goes on behind what was told, or tries again from the first failure.
func (s *stream) settle(l *lane, told []record, out []byte, err error) {
	w := s.world
	done := len(told)
	if err != nil {
		done = 0
	} else {
		var answer events.DynamoDBEventResponse
		if json.Unmarshal(out, &answer) == nil && len(answer.BatchItemFailures) > 0 {
			for done = 0; done < len(told)-1 && told[done].sequence != answer.BatchItemFailures[0].ItemIdentifier; done++ {
			}
		}
	}
	l.records = l.records[done:]
	pause := time.Duration(0)
	switch {
	case done > 0:
		l.attempts = 0
	default:
		l.attempts++
		pause = min(time.Second<<min(l.attempts, 10), time.Minute)
		if l.attempts == streamAttempts {
			s.failed = append(s.failed, l.records[0])
			l.records, l.attempts = l.records[1:], 0
			w.deaths++
			w.alarm()
		}
	}
	l.busy = false
	if len(l.records) > 0 {
		s.wake(l, w.now.Add(pause))
	}
}

// redrive tells again what was given up.
func (s *stream) redrive() {
	failed := s.failed
	s.failed = nil
	for _, r := range failed {
		l := &s.lanes[0]
		r.ready = s.world.now
		l.records = append(l.records, r)
		s.wake(l, r.ready)
	}
}

// streamEvent is a batch as Lambda sends it.
func streamEvent(told []record) []byte {
	out := []byte(`{"Records":[`)
	for i, r := range told {
		if i > 0 {
			out = append(out, ',')
		}
		pk, sk := r.item.Key()
		out = fmt.Appendf(out, `{"eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"SequenceNumber":%q,"Keys":{%q:{"S":%q},%q:{"S":%q}},"NewImage":`,
			r.sequence, schema.PK, pk, schema.SK, sk)
		out = append(out, r.item.Image()...)
		out = append(out, "}}"...)
	}
	return append(out, "]}"...)
}
