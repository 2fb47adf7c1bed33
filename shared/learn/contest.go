package learn

import (
	"context"
	"fmt"

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
)

// Compete fits a challenger to the older rows of a table in the order of time and
// compares it with the incumbent on the newest fifth, at least 200 rows, of those from
// seen on: the incumbent may have learned from the rows before. A nil incumbent is the
// share of positives among the older rows, told to everybody. A challenger that is
// better beyond chance is fitted once more, to all rows.
func Compete(ctx context.Context, t Table, positive []bool, seen int, incumbent *predict.Model, o Options, progress func(string)) (Contest, error) {
	n := len(positive)
	from := max(n-max(n/judgedShare, judgedLeast), seen)
	if n-from < judgedLeast {
		return Contest{Why: fmt.Sprintf("%d leads were closed since the model in force was learned: at least %d are needed to compare", n-from, judgedLeast)}, nil
	}
	older, err := Fit(ctx, t.rows(0, from), positive[:from], o, progress)
	if err != nil {
		return Contest{}, err
	}
	newest := t.rows(from, n)
	challenger := judge(older.Model, newest)
	told := judge(incumbent, newest)
	if incumbent == nil {
		for i := range told {
			told[i] = baseRate(positive[:from])
		}
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
	if len(t) == 0 {
		return nil
	}
	p := make([]float64, len(t[0].Cells))
	if m == nil {
		return p
	}
	columns := map[string][]predict.Cell{}
	for _, c := range t {
		columns[c.Name] = c.Cells
	}
	row := make([]predict.Cell, len(m.Features()))
	for i := range p {
		for j, name := range m.Features() {
			row[j] = predict.Cell{}
			if cells := columns[name]; cells != nil {
				row[j] = cells[i]
			}
		}
		p[i] = m.Chance(row)
	}
	return p
}

// baseRate is the share of the positives.
func baseRate(positive []bool) float64 {
	n := 0
	for _, yes := range positive {
		if yes {
			n++
		}
	}
	return float64(n) / float64(max(1, len(positive)))
}
