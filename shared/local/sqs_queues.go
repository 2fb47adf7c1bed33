package local

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

type none struct{}

// lock takes the server's lock unless it is closed.
func (s *SQS) lock() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return &fault{"ServiceUnavailable", "The queues are closed."}
	}
	return nil
}

// named finds a queue by its URL; only the last part counts, so that a URL
// stays good when the edge moves to another port. The lock must be held.
func (s *SQS) named(url string) (*queue, error) {
	name := url[strings.LastIndexByte(url, '/')+1:]
	if q := s.queues[name]; q != nil {
		return q, nil
	}
	if url == "" {
		return nil, &fault{"MissingParameter", "The request must contain the parameter QueueUrl."}
	}
	return nil, &fault{"QueueDoesNotExist", "The specified queue does not exist."}
}

type createQueueIn struct {
	QueueName  string
	Attributes map[string]string
}

type queueURLOut struct{ QueueUrl string }

// createQueue is idempotent: a queue that exists is told again if what is
// asked for is what it has. Tags are ignored.
func (s *SQS) createQueue(ctx context.Context, in *createQueueIn) (queueURLOut, error) {
	if !queueName.MatchString(in.QueueName) {
		return queueURLOut{}, &fault{"InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length."}
	}
	set, err := parseSettings(in.Attributes)
	if err != nil {
		return queueURLOut{}, err
	}
	if err := s.lock(); err != nil {
		return queueURLOut{}, err
	}
	defer s.mu.Unlock()
	out := queueURLOut{queueURL(ctx, in.QueueName)}
	now := s.opts.Now()
	if q := s.queues[in.QueueName]; q != nil {
		has := s.attributes(q, now)
		for name, value := range in.Attributes {
			if !sameValue(name, value, has[name]) {
				return queueURLOut{}, &fault{"QueueNameExists", "A queue already exists with the same name and a different value for attribute " + name + "."}
			}
		}
		return out, nil
	}
	if err := s.checkTarget(set); err != nil {
		return queueURLOut{}, err
	}
	q := newQueue(in.QueueName)
	q.set, q.created, q.modified = set, now, now
	maps.Copy(q.given, in.Attributes)
	if s.opts.Dir != "" {
		if q.journal, err = createJournal(s.path(q.name), q.entry(), nil); err != nil {
			return queueURLOut{}, err
		}
	}
	s.queues[q.name] = q
	return out, nil
}

// checkTarget refuses a dead-letter queue that is not there.
func (s *SQS) checkTarget(set settings) error {
	if set.redrive == nil || s.queues[arnName(set.redrive.Target)] != nil {
		return nil
	}
	return &fault{"InvalidParameterValue", "Value " + set.redrive.Target + " for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist."}
}

type getQueueURLIn struct{ QueueName string }

func (s *SQS) getQueueURL(ctx context.Context, in *getQueueURLIn) (queueURLOut, error) {
	if err := s.lock(); err != nil {
		return queueURLOut{}, err
	}
	defer s.mu.Unlock()
	if _, err := s.named(in.QueueName); err != nil {
		return queueURLOut{}, err
	}
	return queueURLOut{queueURL(ctx, in.QueueName)}, nil
}

type queueIn struct{ QueueUrl string }

type getQueueAttributesIn struct {
	QueueUrl       string
	AttributeNames []string
}

type attributesOut struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *SQS) getQueueAttributes(_ context.Context, in *getQueueAttributesIn) (attributesOut, error) {
	if err := s.lock(); err != nil {
		return attributesOut{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return attributesOut{}, err
	}
	now := s.opts.Now()
	if err := s.settle(now); err != nil {
		return attributesOut{}, err
	}
	all := s.attributes(q, now)
	if slices.Contains(in.AttributeNames, "All") {
		return attributesOut{all}, nil
	}
	maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(in.AttributeNames, name) })
	return attributesOut{all}, nil
}

type setQueueAttributesIn struct {
	QueueUrl   string
	Attributes map[string]string
}

func (s *SQS) setQueueAttributes(_ context.Context, in *setQueueAttributesIn) (none, error) {
	if err := s.lock(); err != nil {
		return none{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return none{}, err
	}
	given := maps.Clone(q.given)
	maps.Copy(given, in.Attributes)
	set, err := parseSettings(given)
	if err != nil {
		return none{}, err
	}
	if err := s.checkTarget(set); err != nil {
		return none{}, err
	}
	before := *q
	q.set, q.given, q.modified = set, given, s.opts.Now()
	if err := q.journal.append(entry{Queue: q.entry()}); err != nil {
		q.set, q.given, q.modified = before.set, before.given, before.modified
		return none{}, err
	}
	return none{}, nil
}

type listQueuesIn struct {
	QueueNamePrefix string
	MaxResults      int
	NextToken       string // the last name of the page before
}

type listQueuesOut struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

func (s *SQS) listQueues(ctx context.Context, in *listQueuesIn) (listQueuesOut, error) {
	if err := s.lock(); err != nil {
		return listQueuesOut{}, err
	}
	defer s.mu.Unlock()
	const most = 1000
	limit := most
	if in.MaxResults > 0 {
		limit = min(in.MaxResults, most)
	}
	var out listQueuesOut
	last := ""
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if !strings.HasPrefix(name, in.QueueNamePrefix) || name <= in.NextToken {
			continue
		}
		if len(out.QueueUrls) == limit {
			out.NextToken = last
			break
		}
		out.QueueUrls = append(out.QueueUrls, queueURL(ctx, name))
		last = name
	}
	return out, nil
}

func (s *SQS) deleteQueue(_ context.Context, in *queueIn) (none, error) {
	if err := s.lock(); err != nil {
		return none{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return none{}, err
	}
	if q.journal != nil {
		if err := os.Remove(q.journal.path); err != nil {
			return none{}, fmt.Errorf("remove journal: %w", err)
		}
		_ = q.journal.close()
	}
	delete(s.queues, q.name)
	q.broadcast()
	return none{}, nil
}

// purgeQueue is done at once, and may be repeated at once, unlike in AWS.
func (s *SQS) purgeQueue(_ context.Context, in *queueIn) (none, error) {
	if err := s.lock(); err != nil {
		return none{}, err
	}
	defer s.mu.Unlock()
	q, err := s.named(in.QueueUrl)
	if err != nil {
		return none{}, err
	}
	if err := q.journal.append(entry{Purge: true}); err != nil {
		return none{}, err
	}
	q.purge()
	s.compact(q)
	return none{}, nil
}

// deadLetters is the queue that takes a message that was received too often,
// or nil while it may be received again.
func (s *SQS) deadLetters(q *queue, m *message) *queue {
	if q.set.redrive == nil || m.Receives < q.set.redrive.max() {
		return nil
	}
	target := s.queues[arnName(q.set.redrive.Target)]
	if target == q {
		return nil
	}
	return target
}

// settle moves on, in every queue, what the clock has made due. It looks at
// all of them, since a dead-letter queue is filled from another.
func (s *SQS) settle(now time.Time) error {
	for _, q := range s.queues {
		for m := q.nextDue(now); m != nil; m = q.nextDue(now) {
			target := s.deadLetters(q, m)
			if target == nil {
				q.show(m)
				continue
			}
			if err := s.move(m, q, target, now); err != nil {
				q.show(m)
				return err
			}
		}
	}
	return nil
}
