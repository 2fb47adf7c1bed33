package local

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Account is the account number in every ARN and queue URL made here.
const Account = "000000000000"

// SQSOptions says where an [SQS] keeps its messages and what time it is.
type SQSOptions struct {
	Dir    string           // folder of the journals, made if missing; "" keeps messages in memory only
	Region string           // for ARNs; "" is us-east-1
	Now    func() time.Time // governs visibility, delay and retention; nil is time.Now
	NewID  func() string    // unique message and task ids; nil is random
}

// SQS is a queue service in this process that speaks the AWS JSON 1.0
// protocol: standard queues with visibility, delay, retention, long polls,
// batches, dead-letter queues and their redrive. All callers share one set of
// queues and nothing is checked of who they are.
//
// With a folder, an accepted message survives the death of the process: after
// a restart everything that was not deleted is visible again, with its receive
// count. Delivery is at least once, as in AWS.
type SQS struct {
	opts SQSOptions
	ops  map[string]operation
	stop chan struct{} // closed by endWaits
	end  sync.Once

	mu     sync.Mutex
	queues map[string]*queue
	tasks  []moveTask // latest last
	closed bool
}

// OpenSQS reads the journals of the folder, if there is one, and compacts
// them. Only one SQS may use a folder at a time.
func OpenSQS(opts SQSOptions) (*SQS, error) {
	opts.Region = cmp.Or(opts.Region, "us-east-1")
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.NewID == nil {
		opts.NewID = newID
	}
	s := &SQS{opts: opts, stop: make(chan struct{}), queues: map[string]*queue{}}
	s.ops = s.operations()
	if opts.Dir == "" {
		return s, nil
	}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("open queues: %w", err)
	}
	return s, nil
}

// ARN names a queue for policies and event sources.
func (s *SQS) ARN(name string) string {
	return strings.Join([]string{"arn", "aws", "sqs", s.opts.Region, Account, name}, ":")
}

// Wake has every waiting receive look again: call it after moving a virtual
// clock. Without it they look every 100 ms.
func (s *SQS) Wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		q.broadcast()
	}
}

// Close ends waiting receives, refuses further calls and closes the journals.
func (s *SQS) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.endWaits()
	var faults []error
	for _, q := range s.queues {
		faults = append(faults, q.journal.close())
	}
	return errors.Join(faults...)
}

// endWaits has receives answer with what there is, from now on.
func (s *SQS) endWaits() { s.end.Do(func() { close(s.stop) }) }

const journalSuffix = ".jsonl"

// load fills the queues from the folder's journals.
func (s *SQS) load() error {
	if err := os.MkdirAll(s.opts.Dir, 0o700); err != nil {
		return err
	}
	paths, err := filepath.Glob(filepath.Join(s.opts.Dir, "*"+journalSuffix))
	if err != nil {
		return err
	}
	states := map[string]journalState{}
	for _, path := range paths {
		state, err := readJournalFile(path)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		if state.queue == nil { // died while it was created, before anybody was told
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		states[state.queue.Name] = state
	}
	latest := latestHops(states)
	for name, state := range states {
		// Of a message whose move was cut short both queues tell; it is where
		// it was moved to.
		state.messages = slices.DeleteFunc(state.messages, func(m *message) bool { return latest[m.root()] != m })
		if err := s.restore(name, state); err != nil {
			return fmt.Errorf("restore queue %s: %w", name, err)
		}
	}
	return nil
}

func readJournalFile(path string) (journalState, error) {
	file, err := os.Open(path)
	if err != nil {
		return journalState{}, err
	}
	defer file.Close()
	state, err := readJournal(file)
	if err != nil {
		return journalState{}, err
	}
	name := strings.TrimSuffix(filepath.Base(path), journalSuffix)
	if state.queue != nil && state.queue.Name != name {
		return journalState{}, fmt.Errorf("journal is that of queue %q", state.queue.Name)
	}
	return state, nil
}

// latestHops finds, for each message, the copy that was moved last.
func latestHops(states map[string]journalState) map[string]*message {
	latest := map[string]*message{}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		for _, m := range states[name].messages {
			if other := latest[m.root()]; other == nil || other.Hop < m.Hop {
				latest[m.root()] = m
			}
		}
	}
	return latest
}

// restore builds a queue from its journal and writes that anew, compacted.
func (s *SQS) restore(name string, state journalState) error {
	set, err := parseSettings(state.queue.Attributes)
	if err != nil {
		return err
	}
	q := newQueue(name)
	q.set, q.given = set, state.queue.Attributes
	if q.given == nil {
		q.given = map[string]string{}
	}
	q.created, q.modified = time.UnixMilli(state.queue.Created), time.UnixMilli(state.queue.Modified)
	now := s.opts.Now()
	state.messages = slices.DeleteFunc(state.messages, func(m *message) bool { return q.expired(m, now) })
	if q.journal, err = createJournal(s.path(name), q.entry(), state.messages); err != nil {
		return err
	}
	for _, m := range state.messages {
		due := now
		if m.Receives == 0 {
			// A clock that went back must not stretch a delay.
			delay := time.Duration(m.Delay) * time.Millisecond
			due = time.UnixMilli(min(m.Sent, now.UnixMilli())).Add(delay)
		}
		q.know(m)
		q.hide(m, due) // settle shows it, or finds it was received too often
	}
	s.queues[name] = q
	return nil
}

const (
	// compactFrom keeps small journals from being rewritten all the time.
	compactFrom = 8 << 20
	// compactRatio: a journal is rewritten when it is this many times what its
	// messages need, so each byte is copied less than once on average.
	compactRatio = 3
)

// compact rewrites a journal that holds mostly the past. What fails leaves the
// old one in use; it is tried again at the next change.
func (s *SQS) compact(q *queue) {
	if q.journal == nil || q.journal.size < max(compactFrom, compactRatio*q.live) {
		return
	}
	fresh, err := createJournal(s.path(q.name), q.entry(), q.inOrder())
	if err != nil {
		return
	}
	_ = q.journal.close() // the file it wrote to is no longer in the folder
	q.journal, q.live = fresh, 0
	for _, m := range q.messages {
		q.live += m.size
	}
}

func (s *SQS) path(name string) string {
	return filepath.Join(s.opts.Dir, name+journalSuffix)
}

func (q *queue) entry() *queueEntry {
	return &queueEntry{Name: q.name, Attributes: q.given, Created: q.created.UnixMilli(), Modified: q.modified.UnixMilli()}
}

// queueName is what AWS allows for standard queues; it is safe as a file name.
var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// newID is a random UUID, version 4.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
