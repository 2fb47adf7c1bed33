package local

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

type receiveIn struct {
	QueueUrl                    string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
	AttributeNames              []string // the older name of the next
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
}

type receivedMessage struct {
	MessageId              string
	ReceiptHandle          string
	Body                   string
	MD5OfBody              string
	Attributes             map[string]string    `json:",omitempty"`
	MessageAttributes      map[string]attribute `json:",omitempty"`
	MD5OfMessageAttributes string               `json:",omitempty"`
}

type receiveOut struct {
	Messages []receivedMessage `json:",omitempty"`
}

// lookAgain bounds how long a waiting receive trusts its timers: under a
// virtual clock a message may become visible at any moment.
const lookAgain = 100 * time.Millisecond

// receiveMessage takes what is visible, and waits for it in real time if the
// call or the queue says so.
func (s *SQS) receiveMessage(ctx context.Context, in *receiveIn) (receiveOut, error) {
	limit, err := within("MaxNumberOfMessages", in.MaxNumberOfMessages, span{1, 10, 1})
	if err != nil {
		return receiveOut{}, err
	}
	var deadline time.Time
	for {
		got, hold, err := s.tryReceive(in, limit)
		if err != nil || len(got.Messages) > 0 {
			return got, err
		}
		if deadline.IsZero() {
			deadline = time.Now().Add(hold.wait)
		}
		left := time.Until(deadline)
		if left <= 0 {
			return got, nil
		}
		timer := time.NewTimer(min(left, hold.due, lookAgain))
		select {
		case <-hold.wake:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return receiveOut{}, nil
		case <-s.stop:
			timer.Stop()
			return receiveOut{}, nil
		}
		timer.Stop()
	}
}

// waiting is what an empty-handed receive waits for.
type waiting struct {
	wait time.Duration   // how long at most
	wake <-chan struct{} // closed when a message has become visible
	due  time.Duration   // until the next hidden message is
}

func (s *SQS) tryReceive(in *receiveIn, limit int) (receiveOut, waiting, error) {
	if err := s.lock(); err != nil {
		return receiveOut{}, waiting{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return receiveOut{}, waiting{}, err
	}
	wait, err := within("WaitTimeSeconds", in.WaitTimeSeconds, span{0, 20, int(q.set.wait / time.Second)})
	if err != nil {
		return receiveOut{}, waiting{}, err
	}
	hide, err := within("VisibilityTimeout", in.VisibilityTimeout, span{0, 43_200, int(q.set.visibility / time.Second)})
	if err != nil {
		return receiveOut{}, waiting{}, err
	}
	now := s.opts.Now()
	messages, err := s.take(q, limit, now)
	if err != nil {
		return receiveOut{}, waiting{}, err
	}
	var out receiveOut
	for _, m := range messages {
		q.hide(m, now.Add(time.Duration(hide)*time.Second))
		out.Messages = append(out.Messages, s.receivedMessage(in, m))
	}
	hold := waiting{wait: time.Duration(wait) * time.Second, wake: q.wake, due: lookAgain}
	if len(q.hidden) > 0 {
		hold.due = max(q.hidden[0].due.Sub(now), time.Millisecond)
	}
	return out, hold, nil
}

func within(name string, given *int, r span) (int, error) {
	if given == nil {
		return r.preset, nil
	}
	if *given < r.least || *given > r.most {
		return 0, invalidParameter(name, fmt.Sprintf("must be from %d to %d", r.least, r.most))
	}
	return *given, nil
}

// take pops up to limit messages and counts the receive. What is too old is
// dropped on the way, what was received too often goes to the dead letters.
func (s *SQS) take(q *queue, limit int, now time.Time) ([]*message, error) {
	if err := s.settle(now); err != nil {
		return nil, err
	}
	var taken []*message
	var ids, stale []string
	for len(taken) < limit {
		m := q.ready.pop()
		if m == nil {
			break
		}
		if q.expired(m, now) {
			stale = append(stale, m.ID)
			q.remove(m)
			continue
		}
		if target := s.deadLetters(q, m); target != nil {
			if err := s.move(m, q, target, now); err != nil {
				q.giveBack(append(taken, m))
				return nil, err
			}
			continue
		}
		taken = append(taken, m)
		ids = append(ids, m.ID)
	}
	var entries []entry
	if len(stale) > 0 {
		entries = append(entries, entry{Delete: stale})
	}
	if len(ids) > 0 {
		entries = append(entries, entry{Receive: &receiveEntry{IDs: ids, At: now.UnixMilli()}})
	}
	if err := q.journal.append(entries...); err != nil {
		q.giveBack(taken)
		return nil, err
	}
	for _, m := range taken {
		m.received(now.UnixMilli())
	}
	s.compact(q)
	return taken, nil
}

// giveBack shows messages again that could not be delivered.
func (q *queue) giveBack(messages []*message) {
	for _, m := range messages {
		q.show(m)
	}
}

// sender stands for the caller, whom nobody checked.
const sender = "AIDALOCALSENDER"

func (s *SQS) receivedMessage(in *receiveIn, m *message) receivedMessage {
	out := receivedMessage{MessageId: m.ID, ReceiptHandle: m.handle(), Body: m.Body, MD5OfBody: md5Hex(m.Body)}
	system := map[string]string{
		"SenderId":                         sender,
		"SentTimestamp":                    strconv.FormatInt(m.Sent, 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.First, 10),
	}
	if m.Source != "" {
		system["DeadLetterQueueSourceArn"] = s.ARN(m.Source)
	}
	wanted := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	for name, value := range system {
		if slices.Contains(wanted, name) || slices.Contains(wanted, "All") {
			if out.Attributes == nil {
				out.Attributes = map[string]string{}
			}
			out.Attributes[name] = value
		}
	}
	for name, a := range m.Attributes {
		if slices.ContainsFunc(in.MessageAttributeNames, func(pattern string) bool { return matches(pattern, name) }) {
			if out.MessageAttributes == nil {
				out.MessageAttributes = map[string]attribute{}
			}
			out.MessageAttributes[name] = a
		}
	}
	out.MD5OfMessageAttributes = md5OfAttributes(out.MessageAttributes)
	return out
}

// matches knows "All", ".*", a name, and a prefix that ends in ".*".
func matches(pattern, name string) bool {
	prefix, isPrefix := strings.CutSuffix(pattern, ".*")
	return pattern == "All" || pattern == name || isPrefix && strings.HasPrefix(name, prefix)
}

type deleteIn struct {
	QueueUrl      string
	ReceiptHandle string
}

// deleteMessage succeeds for a stale handle without deleting, as AWS does.
func (s *SQS) deleteMessage(_ context.Context, in *deleteIn) (none, error) {
	if err := s.lock(); err != nil {
		return none{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return none{}, err
	}
	m, err := q.find(in.ReceiptHandle)
	if err != nil || m == nil {
		return none{}, err
	}
	return none{}, s.forget(q, m)
}

// forget deletes for good.
func (s *SQS) forget(q *queue, messages ...*message) error {
	ids := make([]string, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	if len(ids) == 0 {
		return nil
	}
	if err := q.journal.append(entry{Delete: ids}); err != nil {
		return err
	}
	for _, m := range messages {
		q.remove(m)
	}
	s.compact(q)
	return nil
}

type visibilityIn struct {
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (s *SQS) changeVisibility(_ context.Context, in *visibilityIn) (none, error) {
	if err := s.lock(); err != nil {
		return none{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return none{}, err
	}
	return none{}, s.setVisibility(q, in.ReceiptHandle, in.VisibilityTimeout)
}

// setVisibility counts from now; 0 gives the message back at once.
func (s *SQS) setVisibility(q *queue, handle string, given *int) error {
	seconds, err := within("VisibilityTimeout", given, span{0, 43_200, -1})
	if err != nil {
		return err
	}
	if seconds < 0 {
		return &fault{"MissingParameter", "The request must contain the parameter VisibilityTimeout."}
	}
	m, err := q.find(handle)
	if err != nil {
		return err
	}
	now := s.opts.Now()
	if m == nil {
		return invalidParameter("ReceiptHandle", "message does not exist or is not available for visibility timeout change")
	}
	if m.place == visible || !m.due.After(now) {
		return &fault{"MessageNotInflight", "The specified message isn't in flight."}
	}
	q.postpone(m, now.Add(time.Duration(seconds)*time.Second))
	q.broadcast()
	return nil
}
