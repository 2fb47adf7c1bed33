package main

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"sluice/shared/sim"
)

// benchSim measures how many leads the simulator takes through their whole life
// in a second: real handlers and clients, one world a core.
func benchSim(ctx context.Context, f figures) error {
	n := runtime.GOMAXPROCS(0)
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	worlds := make([]*sim.World, n)
	faults := make([]error, n)
	began := time.Now()
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			o := sim.Options{Seed: uint64(i + 1), Days: 2, Reps: 60, LeadsPerDay: 3000}
			worlds[i], faults[i] = sim.Play("", o)
		})
	}
	progress("playing %d worlds of 2 days with 3,000 enquiries a day", n)
	running.Wait()
	took := time.Since(began).Seconds()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	leads, calls := 0, 0
	for _, w := range worlds {
		if w.Failure() != nil {
			return errors.New("bench: a promise was broken: see sluice sim -days 2 -reps 60 -leads-per-day 3000")
		}
		leads, calls = leads+w.Leads(), calls+w.Calls()
	}
	f.print("sim.leads_per_s", float64(leads)/took, "leads/s")
	f.print("sim.calls_per_lead", float64(calls)/float64(leads), "calls")
	return ctx.Err()
}
