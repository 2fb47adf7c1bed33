package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// What matching has to reach. Times and memory leave room for a busy machine.
const (
	goalMerged  = 0.995 // precision of what is merged without a person, on every table
	goalSeconds = 60    // 50,000 rows
	goalMB      = 1_500
)

// linkageBench measures matching, and remembers which goals were missed.
type linkageBench struct {
	figures
	only   string // prefix of the figures wanted
	data   string // folder of the measuring data
	missed []error
}

// benchLinkage measures how well and how fast the same people are found, on
// tables that nobody here wrote and on a large one of our own, and how phones
// and addresses of mail are read.
func benchLinkage(ctx context.Context, f figures, only string) error {
	b := &linkageBench{figures: f, only: only, data: cmp.Or(os.Getenv("SLUICE_DATA"), filepath.Join("..", "shared", "data"))}
	for _, part := range []struct {
		names []string
		run   func(context.Context) error
	}{
		{[]string{"match.phone_examples", "match.phone_cases", "match.isemail"}, b.suites},
		{linkageSetNames(), b.sets},
		{[]string{"match.50k"}, b.large},
	} {
		wanted := false
		for _, name := range part.names {
			wanted = wanted || b.wants(name)
		}
		if !wanted {
			continue
		}
		if err := part.run(ctx); err != nil {
			return err
		}
	}
	return errors.Join(b.missed...)
}

func (b *linkageBench) wants(name string) bool {
	return strings.HasPrefix(name, b.only) || strings.HasPrefix(b.only, name+".")
}

// ratio prints a part of 1 with as many digits as the goals need.
func (b *linkageBench) ratio(name string, value float64) {
	fmt.Fprintf(b.out, "%s %.4f ratio\n", name, value)
}

// atLeast remembers a figure that is below its goal.
func (b *linkageBench) atLeast(name string, value, goal float64) {
	if value < goal {
		b.missed = append(b.missed, fmt.Errorf("bench: %s is %.4f, and should be at least %v", name, value, goal))
	}
}

func (b *linkageBench) atMost(name string, value, goal float64) {
	if value > goal {
		b.missed = append(b.missed, fmt.Errorf("bench: %s is %.1f, and should be at most %v", name, value, goal))
	}
}

// quality prints what a run came to.
func (b *linkageBench) quality(name string, t truthReport, seconds float64) {
	b.ratio(name+".p", t.Clusters.Precision)
	b.ratio(name+".r", t.Clusters.Recall)
	b.ratio(name+".f1", t.Clusters.F1)
	b.ratio(name+".auto_p", t.Merges.Precision)
	b.ratio(name+".auto_r", t.Merges.Recall)
	b.print(name+".seconds", seconds, "s")
	b.atLeast(name+".auto_p", t.Merges.Precision, goalMerged)
}

// absent tells, and says so, that a set is not among the measuring data.
func (b *linkageBench) absent(set string, files ...string) bool {
	for _, file := range files {
		if _, err := os.Stat(filepath.Join(b.data, file)); errors.Is(err, fs.ErrNotExist) {
			progress("skipping %s: no measuring data (set SLUICE_DATA)", set)
			return true
		}
	}
	return false
}

// largeRows is the table that a house of some size has.
const largeRows = 50_000

// large runs the command on a large table in a process of its own, so that its
// memory is told from everybody else's.
func (b *linkageBench) large(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "sluice-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	table := filepath.Join(folder, "people.csv")
	if err := writeCrowd(table, largeRows); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	progress("matching %d rows", largeRows)
	cmd := exec.CommandContext(ctx, self, "match", "-in", table, "-map", crowdMapping, "-truth", crowdColumns[0], "-json",
		"-out", filepath.Join(folder, "clusters.csv"))
	cmd.Stderr = os.Stderr
	began := time.Now()
	told, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("match %d rows: %w", largeRows, err)
	}
	seconds := time.Since(began).Seconds()
	var r matchReport
	if err := json.Unmarshal(told, &r); err != nil || r.Truth == nil {
		return fmt.Errorf("read the report of %d rows: %w", largeRows, err)
	}
	b.quality("match.50k", *r.Truth, seconds)
	b.atMost("match.50k.seconds", seconds, goalSeconds)
	mb := peakMB(cmd.ProcessState)
	b.print("match.50k.rss_mb", mb, "MB")
	b.atMost("match.50k.rss_mb", mb, goalMB)
	return nil
}

func writeCrowd(file string, rows int) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	c := &crowd{random: rand.New(rand.NewPCG(1, 50))}
	return errors.Join(c.write(out, rows), out.Flush(), f.Close())
}

// peakMB is the most memory that a process had, in MB.
func peakMB(s *os.ProcessState) float64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	unit := 1024.0 // Linux counts in KiB
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return float64(usage.Maxrss) * unit / 1e6
}
