package app_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// mailbox is a queue that can be looked into, and made to fail.
type mailbox struct {
	mu     sync.Mutex
	bodies [][]byte
	sent   [][]byte // all there ever were
	down   bool
}

func (m *mailbox) Send(_ context.Context, body []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return &lead.Error{Kind: lead.Unavailable, Text: "the queue is down", Cause: errors.New("cause of the outage")}
	}
	m.bodies = append(m.bodies, bytes.Clone(body))
	m.sent = append(m.sent, m.bodies[len(m.bodies)-1])
	return nil
}

// all looks at what is queued and leaves it there.
func (m *mailbox) all() [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.bodies)
}

func (m *mailbox) take(n int) [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	n = min(n, len(m.bodies))
	taken := m.bodies[:n:n]
	m.bodies = m.bodies[n:]
	return taken
}

// lines collects what is logged.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// faults makes calls of a store and a vault fail, by the name of the method:
// before they do anything, or after they did it, when only the answer is lost.
type faults struct {
	mu            sync.Mutex
	before, after map[string]int // how often yet
	first         map[string]func()
}

var errDown = &lead.Error{Kind: lead.Unavailable, Text: "the store cannot be reached: try again", Cause: errors.New("connection refused")}

// fail makes the next n calls of a method fail before they do anything.
func (f *faults) fail(n int, method string) { f.set(&f.before, n, method) }

// lose makes the next n calls of a method do their work and answer with an error.
func (f *faults) lose(n int, method string) { f.set(&f.after, n, method) }

// meanwhile lets something else happen before the next call of a method.
func (f *faults) meanwhile(method string, do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.first = map[string]func(){method: do}
}

func (f *faults) set(which *map[string]int, n int, method string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *which == nil {
		*which = map[string]int{}
	}
	(*which)[method] = n
}

func (f *faults) hit(which *map[string]int, method string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if (*which)[method] == 0 {
		return nil
	}
	(*which)[method]--
	return errDown
}

// around does the call between the faults.
func (f *faults) around(method string, call func() error) error {
	f.mu.Lock()
	do := f.first[method]
	delete(f.first, method)
	f.mu.Unlock()
	if do != nil {
		do()
	}
	if err := f.hit(&f.before, method); err != nil {
		return err
	}
	if err := call(); err != nil {
		return err
	}
	return f.hit(&f.after, method)
}

// faultyStore is the table with faults in what the functions call.
type faultyStore struct {
	app.Store
	*faults
}

func (s faultyStore) Commit(ctx context.Context, c lead.Change) error {
	return s.around("Commit", func() error { return s.Store.Commit(ctx, c) })
}

func (s faultyStore) Lead(ctx context.Context, id string) (l lead.Lead, err error) {
	err = s.around("Lead", func() (err error) { l, err = s.Store.Lead(ctx, id); return err })
	return l, err
}

func (s faultyStore) Person(ctx context.Context, id string) (p lead.Person, err error) {
	err = s.around("Person", func() (err error) { p, err = s.Store.Person(ctx, id); return err })
	return p, err
}

func (s faultyStore) Reps(ctx context.Context) (reps []lead.Rep, err error) {
	err = s.around("Reps", func() (err error) { reps, err = s.Store.Reps(ctx); return err })
	return reps, err
}

func (s faultyStore) Idempotent(ctx context.Context, key lead.Key) (sub lead.Submission, err error) {
	err = s.around("Idempotent", func() (err error) { sub, err = s.Store.Idempotent(ctx, key); return err })
	return sub, err
}

func (s faultyStore) TakeNumbers(ctx context.Context, year, n int) (first int, err error) {
	err = s.around("TakeNumbers", func() (err error) { first, err = s.Store.TakeNumbers(ctx, year, n); return err })
	return first, err
}

func (s faultyStore) BeginDelivery(ctx context.Context, id string, now, lease time.Time) (done bool, err error) {
	err = s.around("BeginDelivery", func() (err error) { done, err = s.Store.BeginDelivery(ctx, id, now, lease); return err })
	return done, err
}

func (s faultyStore) EndDelivery(ctx context.Context, id string, now time.Time) error {
	return s.around("EndDelivery", func() error { return s.Store.EndDelivery(ctx, id, now) })
}

func (s faultyStore) CurrentPolicy(ctx context.Context, known int) (r policy.Record, err error) {
	err = s.around("CurrentPolicy", func() (err error) { r, err = s.Store.CurrentPolicy(ctx, known); return err })
	return r, err
}

// faultyVault is the vault with faults.
type faultyVault struct {
	app.Vault
	*faults
}

func (v faultyVault) Open(ctx context.Context, place string, sealed lead.Sealed) (plain []byte, err error) {
	err = v.around("Open", func() (err error) { plain, err = v.Vault.Open(ctx, place, sealed); return err })
	return plain, err
}

func (v faultyVault) Seal(ctx context.Context, place string, plain []byte) (sealed lead.Sealed, err error) {
	err = v.around("Seal", func() (err error) { sealed, err = v.Vault.Seal(ctx, place, plain); return err })
	return sealed, err
}

func (v faultyVault) Hash(ctx context.Context, plain string) (key lead.Key, err error) {
	err = v.around("Hash", func() (err error) { key, err = v.Vault.Hash(ctx, plain); return err })
	return key, err
}

// withFaults wires the functions over the table and vault with faults.
func (b *bundle) withFaults() *faults {
	f := &faults{}
	b.policy = &app.Current{Store: faultyStore{b.table, f}, Models: b.table, Now: b.clock.Now}
	b.wire(faultyStore{b.table, f}, faultyVault{b.vault, f})
	return f
}
