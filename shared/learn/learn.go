// Package learn fits a model of package predict to a table of closed leads.
package learn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

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
	Quick bool     // fewer folds: for a look, not for use
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

var foldCount = 5

// Fit learns the model.
func Fit(ctx context.Context, t Table, positive []bool, o Options, progress func(string)) (Result, error) {
	if progress == nil {
		progress = func(string) {}
	}
	if err := check(t, positive); err != nil {
		return Result{}, err
	}
	var r Result
	r.Suspects = Suspects(t, positive)
	left := make(map[string]bool)
	for _, s := range r.Suspects {
		left[s.Feature] = !slices.Contains(o.Keep, s.Feature)
	}
	m := &predict.Model{Format: 1}
	var terms []*term
	for _, column := range t {
		if left[column.Name] {
			continue
		}
		f := read(column)
		if f.why != "" {
			r.Dropped = append(r.Dropped, Dropped{column.Name, f.why})
			continue
		}
		for _, c := range f.curves {
			c.Column = len(m.Columns)
			terms = append(terms, bin(&c, column.Cells))
			m.Curves = append(m.Curves, c)
		}
		m.Columns = append(m.Columns, column.Name)
	}
	rnd := random(o.Seed)
	var dealt [][]uint8
	for range repeats {
		dealt = append(dealt, deal(positive, foldCount, &rnd))
	}
	folds := make([]*fold, foldCount*repeats)
	each(len(folds), func(k int) {
		var train, test []int32
		for i, d := range dealt[k/foldCount] {
			if int(d) == k%foldCount {
				test = append(test, int32(i))
			} else {
				train = append(train, int32(i))
			}
		}
		folds[k] = newFold(positive, train, test)
		for _, t := range terms {
			folds[k].add(t)
		}
	})
	if err := boost(ctx, folds, 0); err != nil {
		return Result{}, err
	}
	if roughRate > 0 {
		for _, f := range folds {
			for i := range f.terms {
				f.terms[i].isRough = true
			}
		}
		if err := boost(ctx, folds, 0); err != nil {
			return Result{}, err
		}
	}
	pairs := findPairs(folds, terms, m)
	for _, p := range pairs {
		for _, f := range folds {
			f.add(p.term)
		}
	}
	if len(pairs) > 0 {
		if err := boost(ctx, folds, map[bool]int{true: 0, false: len(terms)}[stage2 > 0]); err != nil {
			return Result{}, err
		}
	}
	scores := make([]float64, len(positive))
	for _, f := range folds {
		for i, row := range f.test.rows {
			scores[row] += f.test.score[i] / float64(repeats)
		}
	}
	slope, shift := calibrate(scores, positive)
	r.Out = make([]float64, len(scores))
	for i, s := range scores {
		r.Out[i] = chance(slope*s + shift)
	}
	assemble(m, folds, terms, pairs, slope, shift)
	r.Model = m
	r.Importance = importance(m)
	return r, nil
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

func bin(c *predict.Curve, cells []predict.Cell) *term {
	t := &term{bins: make([]uint16, len(cells)), count: c.Bins(), ordered: c.Bins()}
	if len(c.Edges) > 0 {
		t.ordered = c.Bins() - len(c.Edges) - 1
	}
	c.Points, c.Shares = make([]float64, c.Bins()), make([]float64, c.Bins())
	for i, cell := range cells {
		b := c.Bin(cell)
		t.bins[i] = uint16(b)
		c.Shares[b]++
	}
	for b := range c.Shares {
		c.Shares[b] /= float64(len(cells))
	}
	return t
}

// assemble makes the model of the folds: the mean of their curves, calibrated, and
// centred so that points tell the difference from an average row.
func assemble(m *predict.Model, folds []*fold, terms []*term, pairs []*pair, slope, shift float64) {
	n := float64(len(folds))
	base := 0.0
	for _, f := range folds {
		base += f.base / n
	}
	m.Base = base*slope + shift
	mean := func(i, bins int) []float64 {
		points := make([]float64, bins)
		for _, f := range folds {
			for b, p := range f.terms[i].points {
				points[b] += p * slope / n
			}
		}
		return points
	}
	for i := range m.Curves {
		c := &m.Curves[i]
		c.Points = mean(i, len(c.Points))
		average := 0.0
		for b, p := range c.Points {
			average += p * c.Shares[b]
		}
		m.Base += average
		for b := range c.Points {
			c.Points[b] = round(c.Points[b]-average, 4)
		}
	}
	for i, p := range pairs {
		points := mean(len(terms)+i, p.count)
		for a := range p.pair.Points {
			for b := range p.pair.Points[a] {
				p.pair.Points[a][b] = round(points[a*len(p.pair.Points[a])+b], 4)
			}
		}
		m.Pairs = append(m.Pairs, p.pair)
	}
	m.Base = round(m.Base, 6)
	for i := range m.Curves {
		for b := range m.Curves[i].Shares {
			m.Curves[i].Shares[b] = round(m.Curves[i].Shares[b], 5)
		}
	}
}

func round(x float64, places int) float64 {
	by := math.Pow10(places)
	return math.Round(x*by) / by
}

func importance(m *predict.Model) []Importance {
	var all []Importance
	for _, s := range m.Shapes() {
		sum := 0.0
		for _, b := range s.Bins {
			sum += math.Abs(b.Points) * b.Share
		}
		all = append(all, Importance{s.Feature, sum})
	}
	slices.SortStableFunc(all, func(a, b Importance) int {
		if a.Points > b.Points {
			return -1
		}
		if a.Points < b.Points {
			return 1
		}
		return 0
	})
	return all
}
