package learn

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sluice/shared/gauge"
	"sluice/shared/predict"
)

// Contest is a challenger judged against what is in force, on rows that neither has
// seen: the newest.
type Contest struct {
	Judged     int            // rows that both were compared on; 0 where they were too few
	Challenger gauge.Summary  // on those
	Incumbent  gauge.Summary  // on those
	Model      *predict.Model // fitted to all rows, the newest included; nil where the incumbent stays
	Fitted     Result         // of the challenger
	Better     bool           // beyond chance
	Why        string         // in words
}

// The newest part of the rows that a contest is judged on.
const (
	judgedShare = 5   // one in so many
	judgedLeast = 200 // rows
	judgedEach  = 30  // of both outcomes, which [gauge.Beats] asks for
)

// Compete fits a challenger to the older rows of a table in the order of time and
// compares it with the incumbent on the newest: a fifth, at least 200, and enough of
// both outcomes, but never more than half, and of those from seen on alone, for the
// incumbent may have learned from the rows before. A nil incumbent is the share of
// positives among the older rows, told to everybody. A challenger that is better beyond
// chance is fitted once more, to all rows. Where there is too little to judge by nothing
// is fitted.
func Compete(ctx context.Context, t Table, positive []bool, seen int, incumbent *predict.Model, o Options, progress func(string)) (Contest, error) {
	n, from := len(positive), max(judgedFrom(positive), seen)
	newer, before := rarer(positive[from:]), rarer(positive[:from])
	switch {
	case newer < judgedEach || n-from < min(judgedLeast, n/2):
		return Contest{Why: fmt.Sprintf("Too few to compare by: %d leads, %d of the rarer outcome. At least %d and %d are needed.", n-from, newer, judgedLeast, judgedEach)}, nil
	case len(t) == 0:
		return Contest{Why: nothingKnown}, nil
	case before < judgedEach:
		return Contest{Why: fmt.Sprintf("Too few to learn from: of the older leads %d are of the rarer outcome. At least %d are needed.", before, judgedEach)}, nil
	}
	older, err := Fit(ctx, t.rows(0, from), positive[:from], o, progress)
	if errors.Is(err, ErrNoFeature) {
		return Contest{Why: nothingKnown}, nil
	}
	if err != nil {
		return Contest{}, err
	}
	newest := t.rows(from, n)
	challenger, told := judge(older.Model, newest), judge(incumbent, newest)
	if incumbent == nil {
		told = slices.Repeat([]float64{float64(positives(positive[:from])) / float64(from)}, n-from)
	}
	c := Contest{Judged: n - from, Challenger: gauge.Measure(challenger, positive[from:]), Incumbent: gauge.Measure(told, positive[from:]), Fitted: older}
	beats := gauge.Beats(challenger, told, positive[from:])
	c.Better, c.Why = beats.Better, beats.Sentence
	if !c.Better {
		return c, nil
	}
	c.Fitted, err = Fit(ctx, t, positive, o, progress)
	c.Model = c.Fitted.Model
	return c, err
}

const nothingKnown = "Nothing to learn from: nothing is known of the leads that could tell them apart."

// judgedFrom is where the newest part of the rows begins.
func judgedFrom(positive []bool) int {
	n := len(positive)
	from := max(n-max(n/judgedShare, judgedLeast), n-n/2)
	for won := positives(positive[from:]); from > n-n/2 && min(won, n-from-won) < judgedEach; {
		if from--; positive[from] {
			won++
		}
	}
	return from
}

// rows are those of a table from one on and before another.
func (t Table) rows(from, to int) Table {
	part := make(Table, len(t))
	for i, c := range t {
		part[i] = Column{c.Name, c.Cells[from:to]}
	}
	return part
}

// judge is what a model says of each row of a table; a feature that the table does not
// have is missing. No model says nothing.
func judge(m *predict.Model, t Table) []float64 {
	if m == nil || len(t) == 0 {
		return nil
	}
	columns := make([][]predict.Cell, len(m.Features()))
	for i, name := range m.Features() {
		if at := slices.IndexFunc(t, func(c Column) bool { return c.Name == name }); at >= 0 {
			columns[i] = t[at].Cells
		}
	}
	p, row := make([]float64, len(t[0].Cells)), make([]predict.Cell, len(columns))
	for i := range p {
		for j, cells := range columns {
			if cells != nil {
				row[j] = cells[i]
			}
		}
		p[i] = m.Chance(row)
	}
	return p
}

func positives(all []bool) (n int) {
	for _, yes := range all {
		if yes {
			n++
		}
	}
	return n
}

// rarer is how many rows the rarer outcome has.
func rarer(all []bool) int {
	won := positives(all)
	return min(won, len(all)-won)
}
