package main

import (
	"container/heap"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

func demoCommand(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	enquiries := flags.Int("enquiries", 2000, "how many posts to make")
	days := flags.Int("days", 30, "how many days to play")
	seed := flags.Uint64("seed", 1, "the same seed plays the same month")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *enquiries < 1 || *enquiries > 100_000 || *days < 1 || *days > 366 {
		return fmt.Errorf("demo: play 1 to 100,000 enquiries over 1 to 366 days")
	}
	folder, err := os.MkdirTemp("", "sluice-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	began := time.Now()
	p, err := newPlay(ctx, playing{folder: folder, enquiries: *enquiries, days: *days, seed: *seed, progress: os.Stderr})
	if err != nil {
		return err
	}
	defer p.system.close()
	if err := p.run(ctx); err != nil {
		return err
	}
	report, err := p.report(ctx)
	if err != nil {
		return err
	}
	report.print(out)
	fmt.Fprintf(out, "\nPlayed %d days in %s: %s\n", *days, time.Since(began).Round(time.Second), report.verdict())
	return report.check()
}

// playing is what a demonstration is asked to do.
type playing struct {
	folder          string
	enquiries, days int
	seed            uint64
	progress        io.Writer
}

// play is a month of business: people enquire at the front door, reps work
// through the desk's API, the sweep runs whenever something is due, and a
// virtual clock jumps from one act to the next. Every request, queue, stream
// batch and transaction is real; only the waiting is left out.
type play struct {
	playing
	system *system
	clock  *virtualClock
	random *rand.Rand
	people *enquirer
	start  time.Time
	end    time.Time
	agenda agenda
	turns  int // breaks ties of the agenda

	mu      sync.Mutex
	fresh   []lead.Entry            // committed since the last look
	history map[string][]lead.Entry // of each lead
	due     map[string]time.Time    // of each lead, zero for none

	posts    tally
	accepted []string // ids of submissions answered with success
	acts     tally

	chance    *rand.Rand          // of interests
	interests map[string]interest // of the person of each lead
	signals   int                 // told of
	nights    tally               // trainings by their verdict
}

type tally map[string]int

// From so many closed leads on, and so many won, a month of demonstration learns: it has
// no years to wait.
const (
	demoClosed = 300
	demoWon    = 40
)

// demoStart is a Monday morning; any would do.
var demoStart = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

func newPlay(ctx context.Context, with playing) (*play, error) {
	p := &play{playing: with, clock: &virtualClock{now: demoStart}}
	p.begin()
	var err error
	p.system, err = openSystem(ctx, systemOptions{
		folder: with.folder, memory: true, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: samplePolicy, reps: sampleReps, now: p.clock.Now, tap: p.committed, quiet: true,
		retry: time.Millisecond, // at once: the clock stands still while the queues work
		change: func(doc *policy.Document) {
			closed, won := demoClosed, demoWon
			doc.Score.Learn.Closed, doc.Score.Learn.Won = &closed, &won
		},
	})
	if err != nil {
		return nil, err
	}
	p.plan()
	return p, nil
}

// begin empties the books and seeds chance.
func (p *play) begin() {
	p.start, p.end = demoStart, demoStart.AddDate(0, 0, p.days)
	p.random = rand.New(rand.NewPCG(p.seed, 1))
	p.people = &enquirer{random: rand.New(rand.NewPCG(p.seed, 2))}
	p.chance, p.interests, p.nights = rand.New(rand.NewPCG(p.seed, 3)), map[string]interest{}, tally{}
	p.posts, p.acts, p.history, p.due = tally{}, tally{}, map[string][]lead.Entry{}, map[string]time.Time{}
}

// plan puts the month's enquiries, the reps' daily look at the pool and the nightly
// trainings on the agenda.
func (p *play) plan() {
	for range p.enquiries {
		day := p.random.IntN(p.days)
		hour := 8 + p.random.NormFloat64()*4 + 4 // most come in the afternoon
		at := p.start.AddDate(0, 0, day).Add(time.Duration(max(0, min(hour, 23.9)) * float64(time.Hour)))
		if at.Before(p.end) {
			p.at(at, p.enquire)
		}
	}
	for day := range p.days {
		for _, rep := range p.system.reps {
			p.at(p.start.AddDate(0, 0, day).Add(4*time.Hour+time.Duration(p.random.IntN(120))*time.Minute), func(ctx context.Context) error {
				return p.claimSome(ctx, rep)
			})
		}
		p.at(p.start.AddDate(0, 0, day+1).Truncate(24*time.Hour), p.learn)
	}
}

// run plays until the month is over. After every moment at which something
// happened it waits until nothing is under way, and lets people react to what was
// committed.
func (p *play) run(ctx context.Context) error {
	lastDay := 0
	for len(p.agenda) > 0 && !p.agenda[0].at.After(p.end) {
		now, before := p.agenda[0].at, len(p.accepted)
		p.clock.set(now)
		p.system.wake()
		for len(p.agenda) > 0 && !p.agenda[0].at.After(now) {
			next := heap.Pop(&p.agenda).(act)
			if err := next.do(ctx); err != nil {
				return fmt.Errorf("play %s: %w", now.Format(time.DateTime), err)
			}
		}
		if len(p.accepted) > before || p.stirred() {
			if err := p.system.settle(ctx); err != nil {
				return err
			}
			p.react()
		}
		if day := int(now.Sub(p.start).Hours() / 24); day > lastDay {
			lastDay = day
			fmt.Fprintf(p.progress, "\rday %d of %d, %d leads, %d entries ", day, p.days, len(p.history), p.acts["entries"])
		}
	}
	fmt.Fprintln(p.progress)
	return nil
}

// committed is told of every history entry as it is written.
func (p *play) committed(e lead.Entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fresh = append(p.fresh, e)
	p.history[e.Lead] = append(p.history[e.Lead], e)
	p.acts["entries"]++
	for _, event := range e.Events {
		if due, ok := event.(lead.Due); ok {
			p.due[e.Lead] = due.At
		}
	}
}

// stirred says whether anything was committed since the last look.
func (p *play) stirred() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.fresh) > 0
}

func (p *play) take() []lead.Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := p.fresh
	p.fresh = nil
	return fresh
}

func (p *play) at(at time.Time, do func(context.Context) error) {
	p.turns++
	heap.Push(&p.agenda, act{at: at, turn: p.turns, do: do})
}

func (p *play) after(d time.Duration, do func(context.Context) error) {
	p.at(p.clock.Now().Add(d), do)
}

// act is something that happens at a moment.
type act struct {
	at   time.Time
	turn int
	do   func(context.Context) error
}

// agenda is a heap of acts, the next one first.
type agenda []act

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].turn < a[j].turn
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(act)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// virtualClock stands still until it is set.
type virtualClock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the moment the clock was set to.
func (c *virtualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *virtualClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}
