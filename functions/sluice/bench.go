package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// figures is where a benchmark prints: one line each, name value unit.
type figures struct{ out io.Writer }

func (f figures) print(name string, value float64, unit string) {
	text := fmt.Sprintf("%.3f", value)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	fmt.Fprintln(f.out, name, text, unit)
}

// benchCommand runs the benchmarks whose name starts with the prefix. What they
// are doing goes to standard error.
func benchCommand(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "prefix of the figures wanted, such as intake")
	grown := flags.Int("grown", 20_000, "leads in the table for the figures on growth")
	due := flags.Int("due", 1_000, "leads that are due at once for the figures on the sweep")
	contended := flags.Int("contended", 2_000, "leads that come at once for 50 reps with caps")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if min(*grown, *due, *contended) < 1 {
		return errors.New("bench: -grown, -due and -contended are numbers of leads: give at least 1")
	}
	f := figures{out}
	benches := []struct {
		prefixes string
		run      func() error
	}{
		{"intake", func() error { return benchIntake(ctx, f, *grown) }},
		{"sweep", func() error { return benchSweep(ctx, f, *due) }},
		{"start", func() error { return benchStart(ctx, f) }},
		{"sim", func() error { return benchSim(ctx, f) }},
		{"route", func() error { return benchRoute(ctx, f, *contended) }},
		{"year", func() error { return benchYear(f) }},
		{"score", func() error { return benchScore(ctx, f, *only) }},
		{"match", func() error { return benchLinkage(ctx, f, *only) }},
	}
	ran := false
	for _, b := range benches {
		wanted := slices.ContainsFunc(strings.Fields(b.prefixes), func(p string) bool {
			return strings.HasPrefix(p, *only) || strings.HasPrefix(*only, p+".")
		})
		if !wanted {
			continue
		}
		ran = true
		if err := b.run(); err != nil {
			return err
		}
	}
	if !ran {
		return fmt.Errorf("bench: nothing starts with %q; there are intake, sweep, start, sim, route, year, score and match", *only)
	}
	return nil
}

// progress tells on standard error what is being done.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// median of durations; it sorts them.
func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
