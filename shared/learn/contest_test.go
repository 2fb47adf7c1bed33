package learn_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"sluice/shared/learn"
	"sluice/shared/predict"
)

// closed is a table of n rows of which each is positive where won says so; its one
// feature tells that rightly in so many of 100 cases.
func closed(n, rightly int, won func(i int) bool) (learn.Table, []bool) {
	rnd := rand.New(rand.NewPCG(uint64(n), uint64(rightly)))
	cells, positive := make([]predict.Cell, n), make([]bool, n)
	for i := range n {
		positive[i] = won(i)
		cells[i] = predict.Flag(positive[i] == (rnd.IntN(100) < rightly))
	}
	return learn.Table{{Name: "hint", Cells: cells}}, positive
}

// TestCompeteJudges: by which rows, and when by none.
func TestCompeteJudges(t *testing.T) {
	t.Parallel()
	every := func(k int) func(int) bool { return func(i int) bool { return i%k == 0 } }
	for name, c := range map[string]struct {
		n, seen int
		won     func(int) bool
		judged  int // rows; 0 for none
		why     string
	}{
		"a fifth":                       {2000, 0, every(5), 400, ""},
		"at least 200":                  {500, 0, every(5), 200, ""},
		"not more than half":            {240, 0, every(4), 120, ""},
		"enough that won":               {2000, 0, every(20), 600, ""},
		"enough that were lost":         {2000, 0, func(i int) bool { return i%20 > 0 }, 600, ""},
		"half has too few that won":     {2000, 0, every(50), 0, "Too few to compare by: 1000 leads, 20 of the rarer outcome"},
		"those after the incumbent":     {2000, 1750, every(5), 250, ""},
		"few after the incumbent":       {2000, 1801, every(5), 0, "199 leads, 39"},
		"none after the incumbent":      {2000, 2000, every(5), 0, "0 leads, 0"},
		"few won after the incumbent":   {2000, 1700, func(i int) bool { return i < 1700 && i%5 == 0 || i%30 == 0 }, 0, "300 leads, 10"},
		"all that won, won of late":     {2000, 0, func(i int) bool { return i > 1800 && i%3 == 0 }, 0, "Too few to learn from"},
		"nothing":                       {0, 0, every(2), 0, "0 leads"},
		"one lead":                      {1, 0, every(2), 0, "leads"},
		"beyond those there are":        {300, 300, every(3), 0, "0 leads"},
		"what is rare is enough by one": {120, 0, every(2), 60, ""},
	} {
		table, positive := closed(c.n, 70, c.won)
		contest, err := learn.Compete(t.Context(), table, positive, c.seen, nil, learn.Options{Quick: true}, nil)
		if err != nil || contest.Judged != c.judged || !strings.Contains(contest.Why, c.why) || c.judged == 0 && (contest.Model != nil || contest.Better || contest.Why == "") {
			t.Errorf("%s: judged by %d, want %d: %s (%v)", name, contest.Judged, c.judged, contest.Why, err)
		}
	}
}

// TestCompeteWithoutFeatures: leads of which nothing is known that tells them apart.
func TestCompeteWithoutFeatures(t *testing.T) {
	t.Parallel()
	constant, positive := closed(1000, 70, func(i int) bool { return i%4 == 0 })
	for i := range constant[0].Cells {
		constant[0].Cells[i] = predict.Text("web")
	}
	for name, table := range map[string]learn.Table{"none": nil, "one that is always the same": constant} {
		contest, err := learn.Compete(t.Context(), table, positive, 0, nil, learn.Options{}, nil)
		if err != nil || contest.Better || contest.Why == "" {
			t.Errorf("%s: %+v (%v)", name, contest, err)
		}
	}
}

// TestCompeteIsFair: the incumbent is asked of rows that neither has seen, with what they
// have of its features; the one that wins is fitted to all.
func TestCompeteIsFair(t *testing.T) {
	t.Parallel()
	third := func(i int) bool { return i*7%3 == 0 }
	good, positive := closed(3000, 80, third)
	first, err := learn.Compete(t.Context(), good, positive, 0, nil, learn.Options{}, nil)
	if err != nil || !first.Better || first.Model == nil || first.Incumbent.AUC != 0.5 || first.Challenger.AUC < 0.7 {
		t.Fatalf("against the share of the positives: %+v (%v)", first, err)
	}
	same, err := learn.Compete(t.Context(), good, positive, 1500, first.Model, learn.Options{}, nil)
	if err != nil || same.Better || same.Model != nil {
		t.Errorf("against itself, on what it has seen: %s (%v)", same.Why, err)
	}
	bad, positive := closed(3000, 20, third) // the same says the contrary now
	turned, err := learn.Compete(t.Context(), bad, positive, 0, first.Model, learn.Options{}, nil)
	if err != nil || !turned.Better || turned.Incumbent.AUC > 0.3 {
		t.Errorf("after a drift: %s, the incumbent's AUC is %.2f (%v)", turned.Why, turned.Incumbent.AUC, err)
	}
	bad[0].Name = "another" // the incumbent knows nothing of the rows
	blind, err := learn.Compete(t.Context(), bad, positive, 0, first.Model, learn.Options{}, nil)
	if err != nil || !blind.Better || blind.Incumbent.AUC != 0.5 {
		t.Errorf("without the incumbent's feature: %s, its AUC is %.2f (%v)", blind.Why, blind.Incumbent.AUC, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := learn.Compete(ctx, good, positive, 0, nil, learn.Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("when time has run out: %v", err)
	}
}
