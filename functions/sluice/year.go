package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"sluice/shared/sim/year"
)

// yearCommand plays a year of business on the pure core and reports on it.
func yearCommand(_ context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("year", flag.ContinueOnError)
	var o year.Options
	flags.Uint64Var(&o.Seed, "seed", 1, "decides everything that happens")
	flags.IntVar(&o.Reps, "reps", 40, "sales reps")
	flags.IntVar(&o.Leads, "leads", 200_000, "that come in over the year")
	if err := flags.Parse(args); err != nil {
		return err
	}
	r, err := playYear(o)
	if err != nil {
		return err
	}
	r.Print(out)
	return yearBroken(r)
}

// playYear tells on standard error how far it is, a line a month.
func playYear(o year.Options) (*year.Report, error) {
	// Leads stay and are few beside what is made for each decision.
	defer debug.SetGCPercent(debug.SetGCPercent(yearGC))
	began := time.Now()
	o.Progress = func(month time.Month, leads int) {
		progress("%-9s %7d leads, %5.1f s", month, leads, time.Since(began).Seconds())
	}
	return year.Play(o)
}

// yearGC trades memory for time, with less of it than small worlds can: the leads of
// a year live until its end.
const yearGC = 300

// yearBroken is an error where a promise was broken, or one was never looked at.
func yearBroken(r *year.Report) error {
	broken := r.Broken()
	if len(broken) == 0 {
		return nil
	}
	if broken[0].Broken == 0 {
		return fmt.Errorf("year: no case of a promise was met: %s", broken[0].Name)
	}
	return errors.New("a promise was broken")
}
