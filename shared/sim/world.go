// Package sim plays the whole system in a world of its own: the real handlers,
// the real store and the real AWS clients over models of the services, on one
// thread and a virtual clock. A seed decides everything, so that what went wrong
// once goes wrong again.
//
// Each invocation of a function is a coroutine. A remote call ends its turn; the
// agenda, ordered by virtual time, says whose turn is next. A call takes a random
// while, so that calls of different processes interleave in ever new ways. What
// one process does at once is done one after the other, in a random order.
//
// Faults come to remote calls and deliveries by number or by chance (see
// [Kind]); a checker watches every committed write.
package sim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	sqsapi "github.com/aws/aws-sdk-go-v2/service/sqs"

	"sluice/shared/app"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
	"sluice/shared/vault"
)

// Options say what happens in a world.
type Options struct {
	Seed        uint64
	Days        int               // for how long people act
	Reps        int               // sales reps
	LeadsPerDay int               // enquiries a day, about
	Rush        time.Duration     // all of a day's enquiries come within so long; 0 is over the day
	Listed      int               // enquiries besides, on the first day, of people on a list that somebody bought: they rest in a pool
	FaultRate   float64           // share of calls and deliveries that go wrong; 0 is none
	Faults      []Fault           // that go wrong besides
	Outages     int               // of an hour, of a service each
	Deploys     int               // of a new version, in the middle
	Policies    int               // new versions of the policy, in the middle
	Trace       func(line string) // told of every call, delivery, commit and log line; may be nil
	// Progress is told at the end of each day; may be nil.
	Progress func(day, leads int)

	learned bool // there may be models
	relax   func(table.Condition) bool
	plant   func(*World, app.Store) app.Store
	classes *[]class // collects the class of each call
}

// World is one run.
type World struct {
	opts     Options
	scenario string // its name; "" is a world of its own
	random   *rand.Rand
	faults   *rand.Rand // of its own, so that a fault more or less changes nothing else by itself
	now      time.Time
	end      time.Time     // people stop acting, faults stop
	settling time.Duration // for how long the world goes on then
	agenda   agenda

	table  *table.Model
	store  *dynamo.Table
	vault  *vault.Vault // the checker's
	sqs    *sqsapi.Client
	ses    *sesv2.Client
	queues map[string]*sqs
	stream stream
	ticks  schedule
	log    *slog.Logger

	idle    map[string][]*instance
	version int
	workers []*worker
	current *task
	running int

	doc     policy.Document
	reps    []lead.Rep
	people  *people
	told    func(lead.Entry) // whoever reacts to what has happened
	checker *checker

	calls    int // remote calls and deliveries so far
	planned  map[int]Kind
	injected []Fault
	troubled time.Time // of the last fault
	outages  []outage
	alarmed  bool
	deaths   int // dead letters
	leads    int
	ids      uint64
	keys     int
	mails    int
	started  int // processes
	model    int // of the chance to convert with which the world began; 0 is none

	violations []Violation
}

// Violation is a promise that was broken.
type Violation struct {
	Rule string
	At   time.Time
	Lead string
	Text string
}

// String tells the violation in a line.
func (v Violation) String() string {
	text := v.At.Format("2006-01-02 15:04:05") + "  " + v.Rule
	if v.Lead != "" {
		text += " (lead " + v.Lead + ")"
	}
	return text + ": " + v.Text
}

// begin is when every world begins, a Monday.
var begin = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

const (
	// violationsMost is when a world that goes wrong is ended.
	violationsMost = 20
)

func newWorld(o Options) *World {
	w := &World{opts: o, now: begin, settling: 150 * time.Minute, idle: map[string][]*instance{}, queues: map[string]*sqs{}, planned: map[int]Kind{}, told: func(lead.Entry) {}}
	w.random = rand.New(rand.NewPCG(o.Seed, 1))
	w.faults = rand.New(rand.NewPCG(o.Seed, 2))
	w.end = begin.AddDate(0, 0, o.Days)
	for _, f := range o.Faults {
		w.planned[f.At] = f.Kind
	}
	w.stream.world, w.ticks.world = w, w
	for _, name := range queueNames {
		w.queues[name] = &sqs{world: w, name: name, limit: limits[name]}
	}
	w.log = slog.New(slog.NewJSONHandler(logs{w}, &slog.HandlerOptions{ReplaceAttr: timeless}))
	w.doc, w.reps = worldPolicy(o, w.random)
	w.services()
	w.checker = newChecker(w)
	w.seed()
	if o.LeadsPerDay > 0 {
		w.people = newPeople(w)
		w.told = w.people.told
		w.trouble()
		w.people.start()
	}
	return w
}

// trouble puts outages, deployments and new policies on the agenda.
func (w *World) trouble() {
	span := w.end.Sub(begin)
	for range w.opts.Outages {
		from := begin.Add(w.within(span - time.Hour))
		s := []service{tableService, queueService, mailService, outsideService}[w.random.IntN(4)]
		w.outages = append(w.outages, outage{s, from, from.Add(time.Hour)})
	}
	for range w.opts.Deploys {
		w.at(begin.Add(w.within(span)), w.deploy)
	}
	if w.opts.learns() && w.opts.Policies > 0 {
		w.at(begin.Add(w.within(span)), func() { w.learn(5) })
	}
	doc := w.doc
	for range w.opts.Policies {
		w.at(begin.Add(w.within(span)), func() {
			doc = policyChange(doc, w.random)
			w.apply(doc, 5)
		})
	}
}

// apply puts a new version of the policy as `sluice policy apply` does, again
// where that failed.
func (w *World) apply(doc policy.Document, tries int) {
	t := &task{name: "policy apply"}
	var err error
	w.begin(t, time.Minute, func(ctx context.Context) {
		var current policy.Record
		if current, err = w.store.CurrentPolicy(ctx, 0); err == nil {
			err = w.store.PutPolicy(ctx, policyRecord(current.Version+1, w.now, doc))
		}
	}, func() {
		if (err != nil || t.dead) && tries > 1 {
			w.after(10*time.Minute, func() { w.apply(doc, tries-1) })
		}
	})
}

// runUntil plays the world up to a moment.
func (w *World) runUntil(last time.Time) {
	for w.agenda.Len() > 0 && !w.agenda.events[0].at.After(last) && len(w.violations) < violationsMost {
		e := w.agenda.next()
		if day := e.at.YearDay() != w.now.YearDay(); day && w.opts.Progress != nil {
			w.opts.Progress(int(e.at.Sub(begin)/(24*time.Hour)), w.leads)
		}
		w.now = e.at
		e.do()
	}
	w.now = last
}

// run plays the world to its end.
func (w *World) run() {
	w.runUntil(w.end.Add(w.settling))
	if len(w.violations) < violationsMost {
		w.settled()
	}
	for _, k := range w.workers {
		k.stop()
	}
}

// settled looks at what is left when everything should be at rest.
func (w *World) settled() {
	for _, name := range queueNames {
		q := w.queues[name]
		if n := len(q.messages) + len(q.dead); n > 0 {
			w.violate(Violation{Rule: "empty queues", Text: fmt.Sprintf("%d messages to %s are left", n, name)})
		}
	}
	if w.running > 0 {
		w.violate(Violation{Rule: "at rest", Text: fmt.Sprintf("%d invocations have not ended", w.running)})
	}
	w.checker.quiet()
}

// changed is told of each committed write.
func (w *World) changed(changes []table.Change) {
	w.checker.committed(changes)
	w.stream.changed(changes)
	for _, c := range changes {
		if c.After.Text(schema.DueShard) == dueJobs {
			w.ticks.due(w.now)
		}
		w.ticks.changed(c)
	}
	for _, made := range w.checker.write.made {
		if made.entry.Version == 1 {
			w.leads++
		}
		w.ticks.entered(made.entry)
		w.told(made.entry)
	}
}

// lag is how long an index, or a reader who does not insist, may be behind.
func (w *World) lag() time.Duration {
	if w.random.IntN(4) > 0 {
		return 0
	}
	return w.within(3 * time.Second)
}

func (w *World) violate(v Violation) {
	if v.At.IsZero() {
		v.At = w.now
	}
	w.violations = append(w.violations, v)
	w.trace("VIOLATION %s", v)
}

func (w *World) clock() time.Time { return w.now }

func (w *World) at(t time.Time, do func()) {
	if t.Before(w.now) {
		t = w.now
	}
	w.agenda.add(t, do)
}

func (w *World) after(d time.Duration, do func()) { w.at(w.now.Add(d), do) }

// within is a random while of up to d.
func (w *World) within(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return time.Duration(w.random.Int64N(int64(d)))
}

var idText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// newID is unique and sorts by time, as app.NewID.
func (w *World) newID() string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(w.now.UnixMilli())<<16)
	w.ids++
	binary.BigEndian.PutUint64(id[8:], w.ids<<20|w.random.Uint64()>>44)
	return idText.EncodeToString(id[:])
}

func digest(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

// trace tells what happens, where somebody wants to know.
func (w *World) trace(format string, args ...any) {
	if w.opts.Trace != nil {
		w.opts.Trace(w.now.Format("02 15:04:05.000  ") + fmt.Sprintf(format, args...))
	}
}

// logs takes the functions' log lines.
type logs struct{ world *World }

func (l logs) Write(line []byte) (int, error) {
	l.world.checker.logged(line)
	l.world.trace("log %s", bytes.TrimSpace(line))
	return len(line), nil
}

// timeless leaves out of log lines what the real clock says.
func timeless(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == "took") {
		return slog.Attr{}
	}
	return a
}
