package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sluice/shared/learn"
	"sluice/shared/predict"
)

// splits are the ways to choose the rows that are measured on.
var splits = []string{"mod5", "first20", "last20", "none"}

// leastWindow is how many rows a model is learned from at least.
const leastWindow = 200

// parts are rows of the table: those that are learned from, and those that are
// measured on. Where the split is by time, both are in order of time.
type parts struct{ train, test []int }

// splitRows splits n rows; without a split all of them are learned from and
// measured on.
func splitRows(split string, n int) parts {
	var p parts
	fifth := n / 5
	for i := range n {
		test := split == "mod5" && i%5 == 0 || split == "first20" && i < fifth || split == "last20" && i >= n-fifth
		if test || split == "none" {
			p.test = append(p.test, i)
		}
		if !test {
			p.train = append(p.train, i)
		}
	}
	if split == "first20" { // the newest rows come first
		slices.Reverse(p.train)
		slices.Reverse(p.test)
	}
	return p
}

// learn fits and predicts what is measured.
func (t *training) learn(ctx context.Context) error {
	t.parts = splitRows(t.split, len(t.closed.positive))
	if err := t.bothEnds(); err != nil {
		return usageError{fmt.Errorf("train: %w", err)}
	}
	progress("learning from %s rows of %d columns", thousands(len(t.parts.train)), len(t.closed.columns))
	began := time.Now()
	var err error
	if t.result, err = t.fit(ctx, t.parts.train, learn.Options{Keep: t.keep}, func(s string) { progress("%s", s) }); err != nil {
		return err
	}
	progress("learned from %s rows in %.1f s", thousands(len(t.parts.train)), time.Since(began).Seconds())
	if t.split == "none" {
		t.chances = t.result.Out
		return nil
	}
	t.chances = t.predict(t.result.Model, t.parts.test)
	if t.roll == 0 {
		return nil
	}
	t.never = t.chances
	return t.rolling(ctx)
}

// bothEnds checks that rows of both outcomes are learned from.
func (t *training) bothEnds() error {
	won := 0
	for _, row := range t.parts.train {
		if t.closed.positive[row] {
			won++
		}
	}
	if won == 0 || won == len(t.parts.train) {
		return fmt.Errorf("-split %s leaves %s rows to learn from, which all ended alike: choose another split", t.split, thousands(len(t.parts.train)))
	}
	return nil
}

// rolling learns again before every so many rows, as a house does that trains
// each week. What is a feature is decided once.
func (t *training) rolling(ctx context.Context) error {
	began, told := time.Now(), time.Now()
	times := append(slices.Clone(t.parts.train), t.parts.test...)
	o := learn.Options{Keep: t.features()}
	t.chances = nil
	for done := 0; done < len(t.parts.test); done += t.roll {
		next := t.parts.test[done:min(done+t.roll, len(t.parts.test))]
		end := len(t.parts.train) + done
		window := times[max(0, end-t.window):end]
		r, err := t.fit(ctx, window, o, nil)
		switch {
		case errors.Is(err, learn.ErrOneOutcome): // the model before goes on
		case err != nil:
			return fmt.Errorf("learn again from %d rows: %w", len(window), err)
		default:
			t.fits++
			r.Suspects = t.result.Suspects
			t.result = r
		}
		t.chances = append(t.chances, t.predict(t.result.Model, next)...)
		if time.Since(told) > 2*time.Second {
			told = time.Now()
			progress("learned again %d times of %d", t.fits, (len(t.parts.test)+t.roll-1)/t.roll)
		}
	}
	progress("learned again %d times in %.1f s", t.fits, time.Since(began).Seconds())
	return nil
}

// features are the columns that are not left out as suspicious.
func (t *training) features() []string {
	var names []string
	for _, c := range t.closed.columns {
		if !t.leftOut(c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (t *training) leftOut(name string) bool {
	return !slices.Contains(t.keep, name) && slices.ContainsFunc(t.result.Suspects, func(s learn.Suspect) bool { return s.Feature == name })
}

// fit learns from some rows.
func (t *training) fit(ctx context.Context, rows []int, o learn.Options, told func(string)) (learn.Result, error) {
	positive := make([]bool, len(rows))
	for i, row := range rows {
		positive[i] = t.closed.positive[row]
	}
	var table learn.Table
	for _, c := range t.closed.columns {
		if t.leftOut(c.Name) { // known from a fit before
			continue
		}
		cells := make([]predict.Cell, len(rows))
		for i, row := range rows {
			cells[i] = c.Cells[row]
		}
		table = append(table, learn.Column{Name: c.Name, Cells: cells})
	}
	return learn.Fit(ctx, table, positive, o, told)
}

// predict tells the probability of some rows.
func (t *training) predict(m *predict.Model, rows []int) []float64 {
	at := map[string]int{}
	for i, c := range t.closed.columns {
		at[c.Name] = i
	}
	names := m.Features()
	row := make([]predict.Cell, len(names))
	chances := make([]float64, len(rows))
	for i, r := range rows {
		for k, name := range names {
			row[k] = t.closed.columns[at[name]].Cells[r]
		}
		chances[i] = m.Chance(row)
	}
	return chances
}

// outcomes are those of the measured rows.
func (t *training) outcomes() []bool {
	positive := make([]bool, len(t.parts.test))
	for i, row := range t.parts.test {
		positive[i] = t.closed.positive[row]
	}
	return positive
}
