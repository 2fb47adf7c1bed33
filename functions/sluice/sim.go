package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"sluice/shared/sim"
)

// gcPercent trades memory for time: a world lives on little, and most of what it
// makes is soon forgotten.
const gcPercent = 800

// simCommand plays one world and reports on it, or, with -seeds, the whole
// suite.
func simCommand(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("sim", flag.ContinueOnError)
	var o sim.Options
	flags.Uint64Var(&o.Seed, "seed", 1, "decides everything that happens")
	flags.IntVar(&o.Days, "days", 90, "for how many days people act")
	flags.IntVar(&o.Reps, "reps", 40, "sales reps")
	flags.IntVar(&o.LeadsPerDay, "leads-per-day", 500, "enquiries a day, about")
	flags.Float64Var(&o.FaultRate, "fault-rate", 0.001, "share of remote calls and deliveries that go wrong")
	flags.IntVar(&o.Outages, "outages", 2, "hours in which a service answers nobody")
	flags.IntVar(&o.Deploys, "deploys", 3, "new versions of the functions, in the middle")
	flags.IntVar(&o.Policies, "policies", 2, "new versions of the policy, in the middle")
	faults := flags.String("faults", "", "the faults by number and kind, such as 17:killed,23:lost, and no others")
	chance := flags.Bool("chance", false, "a small world full of trouble, by the seed alone, as the suite plays it")
	scenario := flags.String("scenario", "", "a short scenario of the suite, by name")
	seeds := flags.Int("seeds", 0, "play the suite: every scenario with every single fault, and this many worlds by chance")
	trace := flags.Bool("trace", false, "tell every call, fault and log line")
	if err := flags.Parse(args); err != nil {
		return err
	}
	debug.SetGCPercent(gcPercent)
	if *seeds > 0 {
		return simSuite(ctx, *seeds, out)
	}
	if *chance {
		o = sim.Chance(o.Seed)
	}
	if *faults != "" {
		list, err := sim.ParseFaults(*faults)
		if err != nil {
			return err
		}
		o.FaultRate, o.Faults = 0, list
	}
	if *trace {
		o.Trace = func(line string) { fmt.Fprintln(out, line) }
	}
	if err := o.Check(); err != nil {
		return err
	}
	return simOne(*scenario, *chance, o, out)
}

func simOne(scenario string, chance bool, o sim.Options, out io.Writer) error {
	began, told := time.Now(), time.Now()
	o.Progress = func(day, leads int) {
		if time.Since(told) > 5*time.Second {
			told = time.Now()
			progress("day %d of %d, %d leads", day, o.Days, leads)
		}
	}
	w, err := sim.Play(scenario, o)
	if err != nil {
		return err
	}
	took := time.Since(began)
	if scenario == "" {
		w.Report().Print(out)
		fmt.Fprintf(out, "\n%d leads in %.1f s: %.0f leads a second, %d remote calls and deliveries\n",
			w.Leads(), took.Seconds(), float64(w.Leads())/took.Seconds(), w.Calls())
	}
	if f := w.Failure(); f != nil {
		f.Chance = chance
		return simFailed(*f, out)
	}
	if scenario != "" { // else the report says so
		fmt.Fprintln(out, "No promise was broken.")
	}
	return nil
}

// simFailed tells a failure with the fewest faults that still show it, and how
// to play it again.
func simFailed(f sim.Failure, out io.Writer) error {
	f = f.Shrink()
	fmt.Fprintf(out, "\nBroken, with %d faults:\n", len(f.Injected))
	for i, v := range f.Violations {
		if i == 5 {
			fmt.Fprintf(out, "  and %d more\n", len(f.Violations)-i)
			break
		}
		fmt.Fprintf(out, "  %s\n", v)
	}
	if lines := f.Lines(); len(lines) > 0 {
		fmt.Fprintln(out, "\nWhat led to it:")
		for _, line := range lines {
			fmt.Fprintf(out, "  %s\n", line)
		}
	}
	fmt.Fprintf(out, "\nPlay it again:  %s\n", f.Command())
	return errors.New("a promise was broken")
}

func simSuite(ctx context.Context, seeds int, out io.Writer) error {
	began, told := time.Now(), time.Now()
	suite := sim.Suite{Seeds: seeds, Parallel: runtime.GOMAXPROCS(0), Progress: func(t sim.Tally) {
		if time.Since(told) < 10*time.Second {
			return
		}
		told = time.Now()
		fmt.Fprintf(os.Stderr, "%4.0f s  %d single faults, %d pairs, %d seeds, %d leads, %d failed\n",
			time.Since(began).Seconds(), t.Singles, t.Pairs, t.Seeds, t.Leads, len(t.Failed))
	}}
	t := suite.Run(ctx)
	slices.SortFunc(t.Failed, func(a, b sim.Failure) int { return cmp.Compare(len(a.Injected), len(b.Injected)) })
	fmt.Fprintf(out, "%d scenarios with %d single faults and %d pairs, %d seeds: %d leads, %d remote calls and deliveries, %d faults in %.0f s\n",
		len(sim.Scenarios()), t.Singles, t.Pairs, t.Seeds, t.Leads, t.Calls, t.Faults, time.Since(began).Seconds())
	if len(t.Failed) > 0 {
		fmt.Fprintf(out, "%d worlds in which a promise was broken:\n", len(t.Failed))
		for _, f := range t.Failed {
			fmt.Fprintf(out, "  %s\n    %s\n", f.Command(), f.Violations[0])
		}
		return simFailed(t.Failed[0], out)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Fprintln(out, "No promise was broken.")
	return nil
}
