// Package learn fits a model of package predict to a table of closed leads.
package learn

import (
	"context"
	"errors"
	"fmt"

	"sluice/shared/predict"
)

// Column is one column of a table. Cells of a CSV are all texts.
type Column struct {
	Name  string
	Cells []predict.Cell
}

// Table is columns of one length.
type Table []Column

// Options say how to fit. The zero value is the product's defaults.
type Options struct {
	Seed  uint64   // of the folds
	Keep  []string // features to keep though suspicious
	Quick bool     // fewer folds and no pairs: for a look, not for use
}

// Result is a fitted model and what is known of it.
type Result struct {
	Model      *predict.Model
	Out        []float64 // per row the calibrated probability by models that did not see it
	Importance []Importance
	Suspects   []Suspect // left out, unless Options.Keep has them
	Dropped    []Dropped
}

// Importance is how much a feature moves the log-odds: the mean of the absolute
// points over the rows.
type Importance struct {
	Feature string
	Points  float64
}

// Dropped is a column that cannot be a feature, and why.
type Dropped struct{ Feature, Why string }

// ErrOneOutcome is returned where all rows have the same outcome.
var ErrOneOutcome = errors.New("all rows have the same outcome")

// ErrNoFeature is returned where no column can be a feature.
var ErrNoFeature = errors.New("no column can be a feature")

// Models that predict rows which they did not see, and whose mean is the model.
const (
	foldCount  = 5
	quickFolds = 3
)

// Fit learns an additive model. Numbers get a step for up to 64 ranges, texts one
// for each level that 10 rows have, and what is missing, rare or new has its own.
// Folds are boosted side by side until rows that they have not seen gain no more;
// then come the pairs of features that explain what is left. The model is the mean
// of the folds' models, and is calibrated by what each said of the rows it had not
// seen.
//
// The outcomes are in the order of the rows. It returns ErrOneOutcome or
// ErrNoFeature where there is nothing to learn, and the context's error. The same
// table, options and machine give the same model.
func Fit(ctx context.Context, t Table, positive []bool, o Options, progress func(string)) (Result, error) {
	if progress == nil {
		progress = func(string) {}
	}
	if err := check(t, positive); err != nil {
		return Result{}, err
	}
	r := Result{Suspects: Suspects(t, positive)}
	d, dropped := prepare(t, r.Suspects, o.Keep)
	if r.Dropped = dropped; len(d.terms) == 0 {
		return r, ErrNoFeature
	}
	progress(fmt.Sprintf("%d rows, %d features, %d columns left out", len(positive), len(d.terms), len(t)-len(d.columns)))
	folds, pairs, err := d.learn(ctx, positive, o, progress)
	if err != nil {
		return Result{}, err
	}
	scores := make([]float64, d.rows)
	for _, f := range folds {
		for i, row := range f.test.rows {
			scores[row] = f.test.score[i]
		}
	}
	slope, shift := calibrate(scores, positive)
	r.Out = make([]float64, d.rows)
	for i, s := range scores {
		r.Out[i] = chance(slope*s + shift)
	}
	r.Model = d.assemble(folds, pairs, slope, shift)
	r.Importance = importances(r.Model)
	return r, nil
}

// learn boosts the folds: smooth curves first, then rough ones where they gain,
// then pairs.
func (d *draft) learn(ctx context.Context, positive []bool, o Options, progress func(string)) ([]*fold, []candidate, error) {
	count := foldCount
	if o.Quick {
		count = quickFolds
	}
	r := random(o.Seed)
	folds := newFolds(positive, count, &r)
	each(count, func(k int) {
		for _, t := range d.terms {
			folds[k].add(t)
		}
	})
	for _, rough := range []bool{false, true} {
		if err := boost(ctx, folds, rough); err != nil {
			return nil, nil, err
		}
	}
	progress(fmt.Sprintf("curves: log-loss %.4f", total(folds)/float64(d.rows)))
	if o.Quick {
		return folds, nil, nil
	}
	pairs := findPairs(folds, d)
	if len(pairs) == 0 {
		return folds, nil, nil
	}
	for _, c := range pairs {
		t := d.table(c)
		for _, f := range folds {
			f.add(t)
		}
	}
	if err := boost(ctx, folds, true); err != nil {
		return nil, nil, err
	}
	progress(fmt.Sprintf("%d pairs: log-loss %.4f", len(pairs), total(folds)/float64(d.rows)))
	return folds, pairs, nil
}

func check(t Table, positive []bool) error {
	if len(t) == 0 {
		return errors.New("the table has no columns")
	}
	seen := make(map[string]bool)
	for _, c := range t {
		if len(c.Cells) != len(positive) {
			return fmt.Errorf("column %q has %d rows, the outcomes have %d", c.Name, len(c.Cells), len(positive))
		}
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("column %q: the name is empty or there twice", c.Name)
		}
		seen[c.Name] = true
	}
	won := 0
	for _, p := range positive {
		if p {
			won++
		}
	}
	if won == 0 || won == len(positive) {
		return fmt.Errorf("%w: %d of %d are positive", ErrOneOutcome, won, len(positive))
	}
	return nil
}
