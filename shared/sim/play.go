package sim

import (
	"errors"
	"fmt"
	"strings"
)

// Check refuses options that make no world.
func (o Options) Check() error {
	switch {
	case o.Days < 1 || o.Days > 3650:
		return errors.New("days: give 1 to 3650")
	case o.Reps < 1 || o.Reps > 1000:
		return errors.New("reps: give 1 to 1000")
	case o.LeadsPerDay < 1 || o.LeadsPerDay > 100_000:
		return errors.New("leads a day: give 1 to 100000")
	case o.FaultRate < 0 || o.FaultRate > 0.5:
		return errors.New("fault rate: give 0 to 0.5")
	case o.Outages < 0 || o.Deploys < 0 || o.Policies < 0:
		return errors.New("outages, deploys and policies: give 0 or more")
	}
	return nil
}

// Play plays a world to its end; with a name, that scenario.
func Play(scenario string, o Options) (*World, error) {
	j := job{options: o}
	if scenario != "" {
		if j.scenario = scenarioOf(scenario); j.scenario == nil {
			var names []string
			for _, s := range Scenarios() {
				names = append(names, s.Name)
			}
			return nil, fmt.Errorf("there is no scenario %q; there are: %s", scenario, strings.Join(names, "; "))
		}
	}
	w := j.play()
	w.scenario = scenario
	return w, nil
}

// Leads is how many leads were made.
func (w *World) Leads() int { return w.leads }

// Calls is how many remote calls and deliveries there were.
func (w *World) Calls() int { return w.calls }

// Failure tells what was broken; nil where nothing was.
func (w *World) Failure() *Failure {
	if len(w.violations) == 0 {
		return nil
	}
	o := w.opts
	o.Trace, o.Progress, o.classes = nil, nil, nil
	return &Failure{Scenario: w.scenario, Options: o, Violations: w.violations, Injected: w.injected, Calls: w.calls}
}

// linesMost bounds a trace that is shown to people.
const linesMost = 60

// Lines is what led to the first violation: what was told of its lead, and every
// fault. Of a large world there are none.
func (f Failure) Lines() []string {
	if f.Calls > shrinkMost {
		return nil
	}
	var lines []string
	about := f.Violations[0].Lead
	over := false
	f.replay(f.Options.Faults, func(line string) {
		if over {
			return
		}
		over = strings.Contains(line, "VIOLATION")
		fault := false
		for _, k := range Kinds {
			fault = fault || strings.HasSuffix(line, ": "+string(k))
		}
		if over || fault || about != "" && strings.Contains(line, about) {
			lines = append(lines, cut(line, 240))
		}
	})
	if n := len(lines) - linesMost; n > 0 {
		lines = append([]string{fmt.Sprintf("… %d lines before", n)}, lines[n:]...)
	}
	return lines
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n] + "…"
	}
	return s
}
