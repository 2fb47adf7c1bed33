package local

import (
	"context"
	"slices"
	"time"
)

// move takes a message that was received too often to its dead-letter queue,
// with its id and age, as AWS does for standard queues. The copy is durable
// before the original is forgotten; should the process die between the two,
// the greater Hop tells which of them counts.
func (s *SQS) move(m *message, from, to *queue, now time.Time) error {
	moved := &message{
		ID: m.ID, Origin: m.Origin, Hop: m.Hop + 1, Body: m.Body, Attributes: m.Attributes,
		Sent: m.Sent, Source: from.name, place: visible,
	}
	return s.transfer(m, moved, from, to, now)
}

func (s *SQS) transfer(m, moved *message, from, to *queue, now time.Time) error {
	if err := s.accept(to, now, moved); err != nil {
		return err
	}
	// The message is in its new place whether this can be written or not: the
	// copy outranks what stays behind in the journal.
	_ = from.journal.append(entry{Delete: []string{m.ID}})
	from.remove(m)
	s.compact(from)
	return nil
}

// moveTask is a finished redrive. Redrives are done within the call, so none
// is ever running.
type moveTask struct {
	handle, source, destination string // ARNs; destination may be ""
	started                     int64  // epoch ms
	moved                       int
}

// keptTasks is how many redrives are remembered; AWS tells of ten a queue.
const keptTasks = 100

type startMoveIn struct{ SourceArn, DestinationArn string }

type startMoveOut struct{ TaskHandle string }

// startMoveTask redrives a dead-letter queue: each message that is not in
// flight goes to the queue given, or back to the one it came from. There it is
// new, with another id, a new age and no receives.
func (s *SQS) startMoveTask(_ context.Context, in *startMoveIn) (startMoveOut, error) {
	if err := s.lock(); err != nil {
		return startMoveOut{}, err
	}
	defer s.mu.Unlock()
	now := s.opts.Now()
	if err := s.settle(now); err != nil {
		return startMoveOut{}, err
	}
	from := s.queues[arnName(in.SourceArn)]
	to := s.queues[arnName(in.DestinationArn)]
	if from == nil || in.DestinationArn != "" && to == nil {
		return startMoveOut{}, &fault{"ResourceNotFoundException", "The resource that you specified for the SourceArn or DestinationArn parameter doesn't exist."}
	}
	if !s.isDeadLetterQueue(from) {
		return startMoveOut{}, invalidParameter("SourceArn", "source queue must be configured as a dead-letter queue")
	}
	task := moveTask{handle: s.opts.NewID(), source: in.SourceArn, destination: in.DestinationArn, started: now.UnixMilli()}
	for _, m := range from.inOrder() {
		dest := to
		if dest == nil {
			dest = s.queues[m.Source]
		}
		if m.place != visible || dest == nil || dest == from || from.expired(m, now) {
			continue
		}
		moved := &message{
			ID: s.opts.NewID(), Origin: m.root(), Hop: m.Hop + 1, Body: m.Body, Attributes: m.Attributes,
			Sent: now.UnixMilli(), place: visible,
		}
		if err := s.transfer(m, moved, from, dest, now); err != nil {
			return startMoveOut{}, err
		}
		task.moved++
	}
	s.tasks = append(s.tasks, task)
	s.tasks = slices.Delete(s.tasks, 0, max(0, len(s.tasks)-keptTasks))
	return startMoveOut{TaskHandle: task.handle}, nil
}

func (s *SQS) isDeadLetterQueue(target *queue) bool {
	for _, q := range s.queues {
		if q.set.redrive != nil && arnName(q.set.redrive.Target) == target.name {
			return true
		}
	}
	return false
}

type listMoveIn struct {
	SourceArn  string
	MaxResults int
}

type moveResult struct {
	Status                            string
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"`
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	StartedTimestamp                  int64
}

type listMoveOut struct{ Results []moveResult }

// listMoveTasks tells the latest redrive first; one unless more are asked for.
func (s *SQS) listMoveTasks(_ context.Context, in *listMoveIn) (listMoveOut, error) {
	if err := s.lock(); err != nil {
		return listMoveOut{}, err
	}
	defer s.mu.Unlock()
	if s.queues[arnName(in.SourceArn)] == nil {
		return listMoveOut{}, &fault{"ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist."}
	}
	out := listMoveOut{Results: []moveResult{}}
	for _, t := range slices.Backward(s.tasks) {
		if t.source != in.SourceArn || len(out.Results) == max(1, min(in.MaxResults, 10)) {
			continue
		}
		out.Results = append(out.Results, moveResult{
			Status: "COMPLETED", SourceArn: t.source, DestinationArn: t.destination,
			ApproximateNumberOfMessagesMoved: t.moved, ApproximateNumberOfMessagesToMove: t.moved,
			StartedTimestamp: t.started,
		})
	}
	return out, nil
}
