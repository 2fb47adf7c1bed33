package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sluice/shared/gauge"
	"sluice/shared/learn"
)

// The data floor: with less, what is learned is mostly chance.
const (
	floorWon    = 120   // positive rows
	floorClosed = 1_000 // rows
)

// trainOptions are what the command was told.
type trainOptions struct {
	in               string
	target, positive string
	drop, keep       []string // as they were typed, until the table is read
	split            string
	roll, window     int // rows; 0 never fits again
	anyway           bool
	table            sheetOptions
	json             bool

	modelFile, pageFile string
}

// training is one run of the command.
type training struct {
	trainOptions
	closed *closedTable
	parts  parts

	result  learn.Result // of what is written
	chances []float64    // of the measured rows, in the order of parts.test
	never   []float64    // of them too, where the model is fitted again, and here it is not
	fits    int
}

// trainCommand learns a model from closed leads and tells how good it is.
func trainCommand(ctx context.Context, args []string, out io.Writer) error {
	o, err := trainFlags(args)
	if err != nil {
		return err
	}
	t := &training{trainOptions: o}
	if err := t.read(ctx); err != nil {
		return err
	}
	if err := t.learn(ctx); err != nil {
		return err
	}
	r := t.report()
	if err := t.write(ctx, r); err != nil {
		return err
	}
	if o.json {
		lines := json.NewEncoder(out)
		lines.SetIndent("", "  ")
		return lines.Encode(r)
	}
	return r.print(out)
}

// trainFlags reads the flags and refuses what cannot be meant.
func trainFlags(args []string) (trainOptions, error) {
	var o trainOptions
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	raw := func(to *[]string) func(string) error {
		return func(text string) error {
			*to = append(*to, text)
			return nil
		}
	}
	flags.StringVar(&o.in, "in", "", "table of closed leads (CSV with a header, may be compressed with gzip)")
	flags.StringVar(&o.target, "target", "", "column that tells how a lead ended; rows where it is empty are not closed and left out")
	flags.StringVar(&o.positive, "positive", "", "its value for a success; all others are none")
	flags.StringVar(&o.table.encoding, "encoding", "", "of the table, where it is not UTF-8: utf-16le, gb18030, windows-1252, …")
	flags.IntVar(&o.table.maxRows, "max-rows", 1_000_000, "rows of the table at most")
	flags.Func("drop", "columns that are no features: a,b (may come several times)", raw(&o.drop))
	flags.Func("keep", "columns that are features although they are suspicious", raw(&o.keep))
	flags.StringVar(&o.split, "split", "none", "rows to measure on, which are not learned from: mod5 (every fifth), first20 or last20 (the first or last fifth); none learns from all and measures each on models of the others")
	flags.IntVar(&o.roll, "roll", 0, "learn again before every so many measured rows (with first20, where the newest rows come first, or last20)")
	flags.IntVar(&o.window, "window", 3_000, "rows before them to learn from then")
	flags.BoolVar(&o.anyway, "anyway", false, fmt.Sprintf("learn although there are fewer than %d rows, or %d successes", floorClosed, floorWon))
	flags.StringVar(&o.modelFile, "out", "", "file for the model (JSON)")
	flags.StringVar(&o.pageFile, "report", "", "file for the report as a page (HTML)")
	flags.BoolVar(&o.json, "json", false, "print the report as JSON")
	return o, o.table.parse(flags, args, o.check)
}

func (o *trainOptions) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("there is no use for %q", rest[0])
	case o.in == "":
		return errors.New("name a table of closed leads with -in (sluice train -h tells the flags)")
	case o.target == "":
		return errors.New("name the column that tells how a lead ended with -target")
	case !slices.Contains(splits, o.split):
		return fmt.Errorf("-split %q: there are %s", o.split, strings.Join(splits, ", "))
	case o.roll < 0:
		return errors.New("-roll is a number of rows")
	case o.roll > 0 && o.split != "first20" && o.split != "last20":
		return fmt.Errorf("-roll learns from the rows before those it measures: it goes with -split last20, or first20 where the newest rows come first, not with %s", o.split)
	case o.roll > 0 && o.window < leastWindow:
		return fmt.Errorf("-window is at least %d rows", leastWindow)
	case o.table.maxRows < 1:
		return errors.New("-max-rows is at least 1")
	}
	if _, err := encodingNamed(o.table.encoding); err != nil {
		return err
	}
	return writable([]string{o.in}, o.modelFile, o.pageFile)
}

// writable refuses to write over what is read, or twice to one file, and where
// there is no folder, before the work is done.
func writable(taken []string, files ...string) error {
	for _, file := range files {
		if file == "" {
			continue
		}
		if folder, err := os.Stat(filepath.Dir(file)); err != nil || !folder.IsDir() {
			return fmt.Errorf("there is no folder for %s", file)
		}
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			return fmt.Errorf("%s is a folder: name a file in it", file)
		}
		if slices.ContainsFunc(taken, func(other string) bool { return sameFile(file, other) }) {
			return fmt.Errorf("%s is named for two things: what is written needs a file of its own", file)
		}
		taken = append(taken, file)
	}
	return nil
}

// write writes the files that were asked for.
func (t *training) write(ctx context.Context, r trainReport) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if t.modelFile != "" {
		data, err := t.result.Model.Encode()
		if err != nil {
			return fmt.Errorf("write %s: %w", t.modelFile, err)
		}
		if err := writeWhole(t.modelFile, func(out io.Writer) error { _, err := out.Write(data); return err }); err != nil {
			return fmt.Errorf("write %s: %w", t.modelFile, err)
		}
	}
	if t.pageFile == "" {
		return nil
	}
	p := &trainPage{trainReport: r, Lift: gauge.Lift(t.chances, t.outcomes(), liftSteps), Shapes: t.result.Model.Shapes()}
	if err := writeWhole(t.pageFile, p.print); err != nil {
		return fmt.Errorf("write %s: %w", t.pageFile, err)
	}
	return nil
}
