package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sluice/shared/app"
)

// traced plays a job and returns all that happened.
func traced(j job) (*World, []string) {
	var lines []string
	j.options.Trace = func(line string) { lines = append(lines, line) }
	return j.play(), lines
}

// TestSameSeedSameWorld: every call, fault, log line and moment is the same.
func TestSameSeedSameWorld(t *testing.T) {
	t.Parallel()
	var jobs []job
	for _, s := range Scenarios() {
		jobs = append(jobs, job{&s, Options{Seed: 3, Faults: []Fault{{2, Lost}, {5, KilledAfter}}}})
	}
	for _, seed := range []uint64{1, 2, 3, lists, rushes} {
		jobs = append(jobs, job{options: Chance(seed)})
	}
	for _, j := range jobs {
		_, one := traced(j)
		_, again := traced(j)
		if !slices.Equal(one, again) {
			for i := range one {
				if i >= len(again) || one[i] != again[i] {
					t.Errorf("%v differs at line %d:\n%s\n%s", j, i, one[i], again[min(i, len(again)-1)])
					break
				}
			}
		}
		if len(one) == 0 {
			t.Errorf("%v: nothing happened", j)
		}
	}
}

// firstOf is the number of the first call of a class in a scenario.
func firstOf(c class, scenario string) int {
	var classes []class
	scenarioOf(scenario).play(Options{Seed: 1, classes: &classes})
	return slices.Index(classes, c) + 1
}

// TestEverySingleFault plays one scenario with every fault at every call: each
// comes to pass, none breaks a promise.
func TestEverySingleFault(t *testing.T) {
	t.Parallel()
	happened := map[Kind]int{}
	worlds := 0
	play := func(j job) bool {
		w := j.play()
		worlds++
		for _, f := range w.injected {
			happened[f.Kind]++
		}
		if len(w.injected) != len(j.options.Faults) {
			t.Errorf("%v: %v came to pass", j.options.Faults, w.injected)
		}
		for _, v := range w.violations {
			t.Errorf("%v: %s", j.options.Faults, v)
		}
		return true
	}
	eachFault(scenarioOf("an enquiry"), pairsMost, class.kinds, play)
	play(job{scenarioOf("two questions and money for one"), Options{Seed: 1, Faults: []Fault{{firstOf(outside, "two questions and money for one"), Garbage}}}})
	for _, k := range Kinds {
		if happened[k] == 0 {
			t.Errorf("never: %s", k)
		}
	}
	if worlds < 150 {
		t.Errorf("only %d worlds", worlds)
	}
}

// TestMidnight: what was decided before midnight and is committed after the first
// of the next day counts for that.
func TestMidnight(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		for _, faults := range [][]Fault{nil, {{1, NotSent}}, {{9, Lost}}} {
			w := scenarioOf("two teams at midnight").play(Options{Seed: seed + 1, Faults: faults})
			for _, v := range w.violations {
				t.Errorf("seed %d, faults %v: %s", seed+1, faults, v)
			}
		}
	}
}

// TestShrink leaves of a failure's faults only what is needed, and tells how to
// play it again.
func TestShrink(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		o := Chance(seed + 1)
		o.plant = func(_ *World, s app.Store) app.Store { return hopes{s} }
		w := job{options: o}.play()
		f := w.Failure()
		if f == nil || len(f.Injected) < 5 || len(w.outages) > 0 {
			continue
		}
		f.Chance = true
		rule := f.Violations[0].Rule
		small := f.Shrink()
		if n := len(small.Injected); n >= len(f.Injected) {
			t.Errorf("seed %d: %d faults of %d are left", seed+1, n, len(f.Injected))
		}
		for i := range small.Injected {
			fewer := f.replay(slices.Delete(slices.Clone(small.Injected), i, i+1), nil)
			if slices.ContainsFunc(fewer.violations, func(v Violation) bool { return v.Rule == rule }) {
				t.Errorf("seed %d: %v is not needed", seed+1, small.Injected[i])
			}
		}
		if !slices.ContainsFunc(small.Violations, func(v Violation) bool { return v.Rule == rule }) {
			t.Errorf("seed %d: broke %s, with fewer faults %v", seed+1, rule, small.Violations)
		}
		if want := fmt.Sprintf("-seed %d -chance -faults %s", seed+1, listOf(small.Options.Faults)); !strings.Contains(small.Command(), want) {
			t.Errorf("command %q, want %q", small.Command(), want)
		}
		lines := small.Lines()
		if len(lines) == 0 || len(lines) > linesMost+1 || !strings.Contains(lines[len(lines)-1], "VIOLATION") {
			t.Errorf("seed %d: what led to it: %q", seed+1, lines)
		}
		return
	}
	t.Error("no world fails by its faults")
}

// TestCommand names every flag that a world of its own needs.
func TestCommand(t *testing.T) {
	t.Parallel()
	f := Failure{Options: Options{Seed: 5, Days: 2, Reps: 3, LeadsPerDay: 40, FaultRate: 0.01, Outages: 1, Deploys: 2, Policies: 4}}
	if got, want := f.Command(), "build/sluice sim -seed 5 -days 2 -reps 3 -leads-per-day 40 -outages 1 -deploys 2 -policies 4 -fault-rate 0.01 -trace"; got != want {
		t.Errorf("command %q, want %q", got, want)
	}
	f = Failure{Scenario: "accept", Options: Options{Seed: 1, Faults: []Fault{{3, Lost}}}}
	if got, want := f.Command(), `build/sluice sim -seed 1 -scenario "accept" -faults 3:lost -trace`; got != want {
		t.Errorf("command %q, want %q", got, want)
	}
}

func TestCheckOptions(t *testing.T) {
	t.Parallel()
	good := Options{Days: 1, Reps: 1, LeadsPerDay: 1}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, spoil := range []func(*Options){
		func(o *Options) { o.Days = 0 }, func(o *Options) { o.Reps = 1001 }, func(o *Options) { o.LeadsPerDay = -1 },
		func(o *Options) { o.FaultRate = 0.9 }, func(o *Options) { o.Outages = -1 },
	} {
		o := good
		if spoil(&o); o.Check() == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	if _, err := Play("no such", good); err == nil || !strings.Contains(err.Error(), "an enquiry;") {
		t.Errorf("error %v, want one that lists the scenarios", err)
	}
}
