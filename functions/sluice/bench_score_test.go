package main

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"sluice/shared/gauge"
)

// The table of the benchmark is what it says: most columns tell something, two
// tell nothing, and what is behind it ranks better than chance and worse than a leak.
func TestClosedLeads(t *testing.T) {
	t.Parallel()
	var text, again bytes.Buffer
	logOdds, won, err := newClosedLeads(5).write(&text, 4_000)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := newClosedLeads(5).write(&again, 4_000); err != nil || again.String() != text.String() {
		t.Errorf("one seed makes two tables (%v)", err)
	}
	s := sheetOf(t, "closed.csv", text.String())
	if len(s.columns) != 21 || len(s.rows) != 4_000 || len(won) != 4_000 {
		t.Fatalf("%d columns, %d rows", len(s.columns), len(s.rows))
	}
	chances, positive := make([]float64, len(logOdds)), 0
	for i, z := range logOdds {
		chances[i] = 1 / (1 + math.Exp(-z))
		if won[i] != (s.rows[i][20] == "yes") {
			t.Fatalf("row %d is said to be won: %v", i, won[i])
		}
		if won[i] {
			positive++
		}
	}
	if auc := gauge.AUC(chances, won); auc < 0.75 || auc > 0.87 || positive < 600 || positive > 2_000 {
		t.Errorf("%d won, at best AUC %v", positive, auc)
	}
	if ece := gauge.ECE(chances, won, 10); ece > 0.03 {
		t.Errorf("what is behind it is off by %v", ece)
	}
}

func TestScoreGoals(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &scoreBench{linkageBench{figures: figures{&out}}}
	b.measures("score.x", gauge.Summary{AUC: 0.87234, ECE: 0.0123, LogLoss: 0.4})
	b.atLeast("score.x.auc", 0.872, goalXEducation)
	b.notAbove("score.x.ece", 0.03, goalECE)
	if want := "score.x.auc 0.8723 ratio\nscore.x.ece 0.0123 ratio\nscore.x.log_loss 0.4000 nats\n"; out.String() != want || len(b.missed) > 0 {
		t.Errorf("printed %s, missed %v", &out, b.missed)
	}
	b.notAbove("score.x.ece", 0.0301, goalECE)
	if err := errors.Join(b.missed...); err == nil || !strings.Contains(err.Error(), "score.x.ece is 0.0301, and should be at most 0.03") {
		t.Errorf("missed %v", err)
	}
}

// Without the measuring data the benchmark says so, and does not fail.
func TestScoreBenchWithoutData(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &scoreBench{linkageBench{figures: figures{&out}, data: t.TempDir()}}
	if err := errors.Join(b.xEducation(t.Context()), b.bank(t.Context()), b.flags(t.Context())); err != nil || out.Len() > 0 || len(b.missed) > 0 {
		t.Errorf("%v, %s, %v", err, &out, b.missed)
	}
}
