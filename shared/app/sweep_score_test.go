package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// corridor is what a walk goes along, in memory: shards with leads in their order. Its
// calls fail one after the other.
type corridor struct {
	app.Store
	shards  [schema.DueShards][]string
	walk    score.Rescore
	sent    []app.ScoreOrder
	calls   int
	failing int // the call that fails, 0 for none
	lose    bool
}

// call counts a call; done is called unless it fails before.
func (c *corridor) call(do func()) error {
	c.calls++
	if c.calls == c.failing {
		if c.lose {
			do()
		}
		return errDown
	}
	do()
	return nil
}

func (c *corridor) Due(context.Context, int, time.Time, int) ([]string, bool, error) {
	return nil, false, nil
}

func (c *corridor) Leads(context.Context, []string) ([]lead.Lead, error) { return nil, nil }

func (c *corridor) OpenJobs(context.Context, time.Time, int) ([]string, error) { return nil, nil }

func (c *corridor) Rescore(context.Context) (r score.Rescore, err error) {
	err = c.call(func() { r = c.walk })
	return r, err
}

func (c *corridor) PutRescore(_ context.Context, r score.Rescore) error {
	if r.Version != c.walk.Version+1 {
		return lead.Errorf(lead.Conflict, "another walks")
	}
	return c.call(func() { c.walk = r })
}

func (c *corridor) Open(_ context.Context, shard int, p app.Page) (ids []string, next string, err error) {
	err = c.call(func() {
		all, from := c.shards[shard], 0
		fmt.Sscan(p.Cursor, &from)
		to := min(from+p.Limit, len(all))
		if ids = all[from:to]; to < len(all) {
			next = fmt.Sprint(to)
		}
	})
	return ids, next, err
}

func (c *corridor) Send(_ context.Context, body []byte) error {
	return c.call(func() {
		var order app.ScoreOrder
		if err := json.Unmarshal(body, &order); err != nil {
			panic(err)
		}
		c.sent = append(c.sent, order)
	})
}

// version is a policy store at a version.
type version struct {
	app.PolicyStore
	at int
}

func (v *version) CurrentPolicy(ctx context.Context, known int) (policy.Record, error) {
	r, err := v.PolicyStore.CurrentPolicy(ctx, 0)
	r.Version = v.at
	return r, err
}

// walker is a sweep along a corridor.
type walker struct {
	*corridor
	*clock
	t       *testing.T
	policy  *version
	handler lambda.Handler
}

func newWalker(b *bundle, leads int) *walker {
	w := &walker{&corridor{}, &clock{now: b.clock.Now()}, b.t.(*testing.T), &version{b.table, 1}, nil}
	for i := range leads {
		shard := &w.shards[i%schema.DueShards]
		*shard = append(*shard, fmt.Sprintf("l%05d", i))
	}
	w.process()
	return w
}

// process is a new process of the sweep.
func (w *walker) process() {
	ports := app.Ports{Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Now: w.Now, NewID: app.NewID}
	w.handler = app.Sweep(app.SweepPorts{Ports: ports, Store: w.corridor, Policy: &app.Current{Store: w.policy, Now: w.Now}, Score: w.corridor})
}

// run is a run of the sweep, a minute after the one before.
func (w *walker) run() error {
	w.pass(time.Minute)
	event, err := json.Marshal(events.EventBridgeEvent{Source: "aws.events", DetailType: "Scheduled Event", Time: w.Now()})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.handler.Invoke(w.t.Context(), event)
	return err
}

// ordered are the leads that were ordered, sorted.
func (w *walker) ordered(by int) (ids []string) {
	for _, o := range w.sent {
		if !o.Quiet || o.Cause != fmt.Sprint("policy ", o.Policy) || len(o.Leads) > 25 || o.Over {
			w.t.Errorf("the walk sent %+v", o)
		}
		if o.Policy == by {
			ids = append(ids, o.Leads...)
		}
	}
	slices.Sort(ids)
	return ids
}

func (w *walker) all() (ids []string) {
	for _, shard := range w.shards {
		ids = append(ids, shard...)
	}
	slices.Sort(ids)
	return ids
}

func TestWalkOrdersEachLeadOnce(t *testing.T) {
	t.Parallel()
	w := newWalker(setup(t), 2600)
	var runs []int // leads that each ordered
	for range 6 {
		before := len(w.ordered(1))
		if err := w.run(); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, len(w.ordered(1))-before)
	}
	if !slices.Equal(runs, []int{0, 1000, 1000, 600, 0, 0}) || !slices.Equal(w.ordered(1), w.all()) || w.walk.Sent != 2600 || w.walk.Ended.IsZero() {
		t.Errorf("runs of %v leads, walk %+v", runs, w.walk)
	}
	// Nothing changes: the first run of a process reads the walk, the others do nothing.
	w.process()
	before := w.calls
	for range 5 {
		if err := w.run(); err != nil {
			t.Fatal(err)
		}
	}
	if w.calls != before+1 {
		t.Errorf("%d calls when nothing had changed, want 1", w.calls-before)
	}
}

// TestWalkGoesOnAfterFailures lets each call fail by turns, before it does anything and
// after it did: no lead is left out, and few are ordered twice.
func TestWalkGoesOnAfterFailures(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, lose := range []bool{false, true} {
		for failing := 1; ; failing++ {
			w := newWalker(b, 130)
			w.failing, w.lose = failing, lose
			failures := 0
			for run := 0; w.walk.Ended.IsZero() && run < 10; run++ {
				if w.run() != nil {
					failures++
				}
			}
			got := w.ordered(1)
			twice := len(got)
			got = slices.Compact(got)
			if twice -= len(got); !slices.Equal(got, w.all()) || twice > 130 || w.walk.Ended.IsZero() {
				t.Fatalf("call %d fails, lost %t: %d of %d leads ordered, %d of them twice; %+v", failing, lose, len(got), 130, twice, w.walk)
			}
			if w.calls < failing {
				break
			}
			if failures != 1 {
				t.Fatalf("call %d failed, and %d runs did", failing, failures)
			}
		}
	}
	// A call that fails each time: what was done before it is kept.
	w := newWalker(b, 900)
	for run := range 40 {
		w.failing = w.calls + 13 + run%3
		_ = w.run()
		if !w.walk.Ended.IsZero() {
			t.Logf("with a failure in each run the walk took %d runs", run+1)
			break
		}
	}
	if got := slices.Compact(w.ordered(1)); !slices.Equal(got, w.all()) || w.walk.Ended.IsZero() {
		t.Errorf("with a failure in each run %d of 900 leads were ordered", len(got))
	}
}

// TestWalkBeginsAnew when the policy changes meanwhile, and a process that knows an
// older one leaves it alone.
func TestWalkBeginsAnew(t *testing.T) {
	t.Parallel()
	w := newWalker(setup(t), 1500)
	for range 2 {
		if err := w.run(); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.ordered(1)) != 1000 {
		t.Fatalf("%d ordered", len(w.ordered(1)))
	}
	older := w.handler // it knows the policy for half a minute
	w.policy.at = 2
	w.process()
	for range 5 {
		if err := w.run(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(w.ordered(2), w.all()) || len(w.ordered(1)) != 1000 || w.walk.Policy != 2 {
		t.Errorf("%d ordered by the first policy, %d by the second: %+v", len(w.ordered(1)), len(w.ordered(2)), w.walk)
	}
	w.policy.at, w.handler = 1, older
	was := w.walk
	if err := w.run(); err != nil || w.walk != was {
		t.Errorf("who knows an older policy made it %+v (%v)", w.walk, err)
	}
}

// TestWalkOfManyLeads goes along the table itself, and counts what that costs.
func TestWalkOfManyLeads(t *testing.T) {
	t.Parallel()
	const n = 3000
	b := setup(t)
	b.clock.pass(time.Minute)
	b.sweep() // the walk begins, and finds nobody
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("l%06d", i))
	}
	due := b.clock.Now().Add(30 * 24 * time.Hour)
	pace.Each(t.Context(), n, 16, func(i int) {
		l := lead.Lead{ID: ids[i], Version: 1, State: lead.StateNurturing, Person: "p1", Product: "kids-coding", Touches: 1,
			Deadline: &lead.Deadline{At: due.Add(time.Duration(i*7%n/3) * time.Minute), Do: lead.DutyPool}} // three at each moment
		if err := b.table.Commit(t.Context(), lead.Change{Lead: &l}); err != nil {
			t.Error(err)
		}
	})
	var ordered []string
	read := 0.0
	for range 5 {
		b.clock.pass(time.Minute)
		before := b.table.Meter()
		if counts := b.sweep(); counts["failed"] != 0 {
			t.Fatal(counts)
		}
		cost := b.table.Meter().Sub(before)
		read += cost.ReadUnits
		if cost.RoundTrips > 4+1+3+40+8 || cost.WriteUnits > 1 { // due, jobs, policy and model, pages, walk
			t.Errorf("a run costs %+v", cost)
		}
		for _, body := range b.score.take(100) {
			var order app.ScoreOrder
			if err := json.Unmarshal(body, &order); err != nil {
				t.Fatal(err)
			}
			ordered = append(ordered, order.Leads...)
		}
	}
	if read > n/25*.5+5*8 { // a page is half a unit; beside them a run reads what it always does
		t.Errorf("the walk read %g units", read)
	}
	slices.Sort(ordered)
	if !slices.Equal(ordered, ids) {
		t.Errorf("%d leads ordered, %d of them different; want each of %d once", len(ordered), len(slices.Compact(ordered)), n)
	}
}
