// Package predict applies a learned model: it turns the facts of a lead into a
// probability with reasons that add up to it.
//
// A model is additive. Each feature has a curve, which gives points for each
// range of numbers, each level of a text, a missing value, and all that is rare
// or was never seen. A few pairs of features have a table of points besides. The
// points and the base add up to the log-odds of the probability, which makes a
// reason exact: it is what the feature added. (Lou, Caruana, Gehrke, Hooker:
// Accurate Intelligible Models with Pairwise Interactions, KDD 2013.)
package predict

import "math"

// Model is a learned additive model. It comes from Decode or from package learn,
// and is not changed afterwards: then it is safe for concurrent use.
type Model struct {
	Format  int      `json:"format"`          // 1
	Columns []string `json:"features"`        // names of a row's cells, in order
	Base    float64  `json:"base"`            // log-odds of a row to which nothing adds points
	Curves  []Curve  `json:"curves"`          // one or more a column
	Pairs   []Pair   `json:"pairs,omitempty"` // what two features do together, beyond what each does
}

// A cell falls into one bin of a curve. The first two bins are the same for every
// curve; then come the levels, then the ranges of numbers.
const (
	BinMissing = 0 // nothing is known
	BinOther   = 1 // something rare, unreadable or never seen
	binFirst   = 2
)

// Curve gives points to the cells of one column.
type Curve struct {
	Column int       `json:"column"`
	Read   Read      `json:"read,omitempty"`   // what of a date; empty for the value itself
	Order  Order     `json:"order,omitempty"`  // of year, month and day, where Read is set
	Comma  bool      `json:"comma,omitempty"`  // numbers have a decimal comma
	Levels []string  `json:"levels,omitempty"` // ascending, without regard to case
	Edges  []float64 `json:"edges,omitempty"`  // ascending; a number on an edge is in the range above
	Points []float64 `json:"points"`           // log-odds, a bin each
	Shares []float64 `json:"shares"`           // of the learned rows, a bin each
}

// Pair gives points to two curves' bins together. Bins are put into groups, and
// the points have a row for each group of A, a column for each of B.
type Pair struct {
	A       int         `json:"a"` // index of a curve
	B       int         `json:"b"`
	GroupsA []int       `json:"groups_a"` // by bin of A
	GroupsB []int       `json:"groups_b"`
	Points  [][]float64 `json:"points"` // log-odds
}

// Reason is what one feature, or a pair of them, adds to the log-odds.
type Reason struct {
	Feature string // the column; of a date with its part; of a pair "a × b"
	Value   string // as a person would read it
	Points  float64
}

// Features are the names of the cells of a row, in order.
func (m *Model) Features() []string { return m.Columns }

// surest bounds the log-odds that a chance is made of, which keeps it off 0 and 1.
const surest = 30

// Chance is the calibrated probability, above 0 and below 1. The row has a cell
// for each of Features; cells beyond its end are missing.
func (m *Model) Chance(row []Cell) float64 {
	return 1 / (1 + math.Exp(-max(-surest, min(surest, m.LogOdds(row)))))
}

// LogOdds are those of the calibrated probability.
func (m *Model) LogOdds(row []Cell) float64 {
	sum := m.Base
	for i := range m.Curves {
		c := &m.Curves[i]
		sum += c.Points[c.Bin(cellOf(row, c.Column))]
	}
	for i := range m.Pairs {
		sum += m.together(&m.Pairs[i], row)
	}
	return sum
}

// Explain takes the log-odds apart: the base, and then the points of the reasons
// in the order returned, add up to LogOdds to the last bit.
func (m *Model) Explain(row []Cell) (base float64, reasons []Reason) {
	reasons = make([]Reason, 0, len(m.Curves)+len(m.Pairs))
	for i := range m.Curves {
		c := &m.Curves[i]
		bin := c.Bin(cellOf(row, c.Column))
		reasons = append(reasons, Reason{m.name(c), c.told(cellOf(row, c.Column), bin), c.Points[bin]})
	}
	for i := range m.Pairs {
		p := &m.Pairs[i]
		a, b := &m.Curves[p.A], &m.Curves[p.B]
		cellA, cellB := cellOf(row, a.Column), cellOf(row, b.Column)
		reasons = append(reasons, Reason{
			Feature: m.name(a) + " × " + m.name(b),
			Value:   a.told(cellA, a.Bin(cellA)) + " × " + b.told(cellB, b.Bin(cellB)),
			Points:  m.together(p, row),
		})
	}
	return m.Base, reasons
}

func (m *Model) together(p *Pair, row []Cell) float64 {
	a, b := &m.Curves[p.A], &m.Curves[p.B]
	return p.Points[p.GroupsA[a.Bin(cellOf(row, a.Column))]][p.GroupsB[b.Bin(cellOf(row, b.Column))]]
}

func (m *Model) name(c *Curve) string {
	if c.Read == "" {
		return m.Columns[c.Column]
	}
	return m.Columns[c.Column] + " (" + string(c.Read) + ")"
}

func cellOf(row []Cell, column int) Cell {
	if column < len(row) {
		return row[column]
	}
	return Cell{}
}
