package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// Suite is what must hold before anybody trusts a change: every scenario with
// every single fault at every call, with every pair of faults where it is short,
// and many worlds by chance.
type Suite struct {
	Seeds    int // worlds by chance, from seed 1 on
	Parallel int // worlds at a time
	// Progress is told now and then, by one caller at a time; may be nil.
	Progress func(Tally)

	relax func(o *Options)
}

// Tally counts what a suite has played.
type Tally struct {
	Worlds, Leads, Submissions, Calls, Faults int
	Singles, Pairs, Seeds                     int // worlds by sort
	Failed                                    []Failure
}

// Failure is a world in which a promise was broken.
type Failure struct {
	Scenario   string // "" is none
	Chance     bool   // the options are those of [Chance]
	Options    Options
	Violations []Violation
	Injected   []Fault
	Calls      int
}

// Command replays the failure.
func (f Failure) Command() string {
	o := f.Options
	args := []string{"build/sluice sim", fmt.Sprintf("-seed %d", o.Seed)}
	switch {
	case f.Scenario != "":
		args = append(args, fmt.Sprintf("-scenario %q", f.Scenario))
	case f.Chance:
		args = append(args, "-chance")
	default:
		args = append(args, fmt.Sprintf("-days %d -reps %d -leads-per-day %d -outages %d -deploys %d -policies %d -fault-rate %g",
			o.Days, o.Reps, o.LeadsPerDay, o.Outages, o.Deploys, o.Policies, o.FaultRate))
	}
	if len(o.Faults) > 0 {
		args = append(args, "-faults "+listOf(o.Faults))
	}
	return strings.Join(append(args, "-trace"), " ")
}

func listOf(faults []Fault) string {
	var list []string
	for _, f := range faults {
		list = append(list, f.String())
	}
	return strings.Join(list, ",")
}

// pairsMost is how many calls a scenario may have for all pairs of faults to be
// tried.
const pairsMost = 12

// failuresMost is when a suite gives up.
const failuresMost = 10

// job is one world to be played.
type job struct {
	scenario *Scenario
	options  Options
}

// Of so many worlds by chance, one is a rush, in which a day's enquiries come at
// once, and one has a bought list.
const (
	rushes = 50
	lists  = 24
)

// Chance are the options of a world by chance: small, full of trouble, and with
// limits that are met.
func Chance(seed uint64) Options {
	r := rand.New(rand.NewPCG(seed, 3))
	o := Options{Seed: seed, Days: 1, Reps: 3 + r.IntN(4)}
	if r.IntN(4) == 0 {
		o.Days += r.IntN(4)
	}
	o.LeadsPerDay = max(1, 4/o.Days+r.IntN(3)-1)
	switch {
	case seed%rushes == 0:
		o.Days, o.Reps, o.LeadsPerDay, o.Rush = 1, 5+r.IntN(6), 60, time.Duration(1+r.IntN(20))*time.Minute
	case seed%lists == 0:
		o.Listed = 60 + r.IntN(80)
	case r.IntN(4) > 0:
		o.Rush = time.Duration(1+r.IntN(15)) * time.Minute
	}
	o.FaultRate = []float64{0, 0.002, 0.01, 0.03, 0.08}[r.IntN(5)]
	o.Outages, o.Deploys, o.Policies = r.IntN(3), r.IntN(3), r.IntN(3)
	return o
}

// Run plays the suite. It ends early with what it has when ctx ends or too much
// has failed.
func (s Suite) Run(ctx context.Context) Tally {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	jobs := make(chan job)
	go func() {
		defer close(jobs)
		s.each(func(j job) bool {
			if s.relax != nil {
				s.relax(&j.options)
			}
			select {
			case jobs <- j:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	var mu sync.Mutex
	var tally Tally
	var running sync.WaitGroup
	for range max(1, s.Parallel) {
		running.Go(func() {
			for j := range jobs {
				w := j.play()
				mu.Lock()
				tally.count(j, w)
				if s.Progress != nil {
					s.Progress(tally)
				}
				if len(tally.Failed) >= failuresMost {
					cancel()
				}
				mu.Unlock()
			}
		})
	}
	running.Wait()
	return tally
}

func (j job) play() *World {
	if j.scenario != nil {
		return j.scenario.play(j.options)
	}
	w := newWorld(j.options)
	w.run()
	return w
}

func (t *Tally) count(j job, w *World) {
	t.Worlds++
	switch {
	case j.scenario == nil:
		t.Seeds++
	case len(j.options.Faults) > 1:
		t.Pairs++
	default:
		t.Singles++
	}
	t.Calls += w.calls
	t.Faults += len(w.injected)
	t.Leads += w.leads
	if len(w.violations) > 0 {
		f := w.Failure()
		f.Options = j.options
		if f.Chance = j.scenario == nil; !f.Chance {
			f.Scenario = j.scenario.Name
		}
		t.Failed = append(t.Failed, *f)
	}
}

// each lists the worlds.
func (s Suite) each(play func(job) bool) {
	for _, s := range handovers() {
		if !eachFault(&s, pairsMost, class.kinds, play) {
			return
		}
	}
	for _, s := range laterOn() { // what happened before takes its time
		if !eachFault(&s, 0, class.kinds, play) {
			return
		}
	}
	for _, s := range slices.Concat(cleansing(), merges(), scorings()) {
		if !eachFault(&s, 0, class.harmful, play) {
			return
		}
	}
	for seed := range uint64(s.Seeds) {
		if !play(job{options: Chance(seed + 1)}) {
			return
		}
	}
}

// eachFault lists a scenario without a fault, with each single one, and with each
// pair where it has no more than so many calls.
func eachFault(s *Scenario, pairs int, of func(class) []Kind, play func(job) bool) bool {
	var classes []class
	s.play(Options{Seed: 1, classes: &classes})
	var singles []Fault
	for i, c := range classes {
		for _, kind := range of(c) {
			singles = append(singles, Fault{i + 1, kind})
		}
	}
	if !play(job{s, Options{Seed: 1}}) {
		return false
	}
	for i, f := range singles {
		if !play(job{s, Options{Seed: 1, Faults: []Fault{f}}}) {
			return false
		}
		if len(classes) > pairs {
			continue
		}
		for _, g := range singles[i+1:] {
			if g.At > f.At && !play(job{s, Options{Seed: 1, Faults: []Fault{f, g}}}) {
				return false
			}
		}
	}
	return true
}

// Replay plays a failure's world again, with faults of its own.
func (f Failure) replay(faults []Fault, trace func(string)) *World {
	o := f.Options
	o.FaultRate, o.Faults, o.Trace, o.classes = 0, faults, trace, nil
	j := job{options: o}
	if f.Scenario != "" {
		j.scenario = scenarioOf(f.Scenario)
	}
	return j.play()
}

func scenarioOf(name string) *Scenario {
	all := Scenarios()
	if i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}

// shrinkMost is how many calls a world may have for its faults to be tried one
// by one.
const shrinkMost = 100_000

// Shrink looks for fewer faults that break the same promise. A large world is
// left as it is: it would take hours.
func (f Failure) Shrink() Failure {
	if f.Calls > shrinkMost {
		return f
	}
	rule := f.Violations[0].Rule
	breaks := func(faults []Fault) *World {
		w := f.replay(faults, nil)
		if slices.ContainsFunc(w.violations, func(v Violation) bool { return v.Rule == rule }) {
			return w
		}
		return nil
	}
	keep := slices.Clone(f.Injected)
	w := breaks(keep)
	if w == nil { // by chance alone: the very same world then
		return f
	}
	for n := len(keep); n >= 1; {
		before := len(keep)
		for from := 0; from+n <= len(keep); {
			fewer := slices.Delete(slices.Clone(keep), from, from+n)
			if found := breaks(fewer); found != nil {
				keep, w = fewer, found
			} else {
				from += n
			}
		}
		if n > 1 || len(keep) == before { // one by one until none can be spared
			n /= 2
		}
	}
	f.Options.FaultRate, f.Options.Faults = 0, keep
	f.Violations, f.Injected = w.violations, w.injected
	return f
}
