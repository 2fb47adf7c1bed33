package learn

import (
	"slices"

	"sluice/shared/predict"
)

// draft is the features of a table, before anything is learned of them.
type draft struct {
	rows    int
	columns []string
	curves  []predict.Curve // without points
	terms   []*term         // one each
	groups  []grouped       // one each
}

// prepare finds out what the columns are and puts their cells into bins.
func prepare(t Table, leave []Suspect, keep []string) (draft, []Dropped) {
	var d draft
	var dropped []Dropped
	var cells [][]predict.Cell // by curve
	for _, column := range t {
		d.rows = len(column.Cells)
		if !slices.Contains(keep, column.Name) && slices.ContainsFunc(leave, func(s Suspect) bool { return s.Feature == column.Name }) {
			continue
		}
		f := read(column)
		if f.why != "" {
			dropped = append(dropped, Dropped{column.Name, f.why})
			continue
		}
		for _, c := range f.curves {
			c.Column = len(d.columns)
			d.curves = append(d.curves, c)
			cells = append(cells, column.Cells)
		}
		d.columns = append(d.columns, column.Name)
	}
	limitLevels(d.curves)
	d.terms, d.groups = make([]*term, len(d.curves)), make([]grouped, len(d.curves))
	each(len(d.curves), func(i int) {
		d.terms[i] = bin(&d.curves[i], cells[i])
		d.groups[i] = group(d.terms[i], d.curves[i].Shares)
	})
	return d, dropped
}

// bin finds each cell's bin and the share of the rows in each.
func bin(c *predict.Curve, cells []predict.Cell) *term {
	n := c.Bins()
	t := &term{bins: make([]uint16, len(cells)), count: n, ordered: n}
	if len(c.Edges) > 0 {
		t.ordered = n - len(c.Edges) - 1
	}
	c.Shares = make([]float64, n)
	for i, cell := range cells {
		b := c.Bin(cell)
		t.bins[i] = uint16(b)
		c.Shares[b] += 1 / float64(len(cells))
	}
	for b := range c.Shares {
		c.Shares[b] = round(c.Shares[b], 6)
	}
	return t
}
