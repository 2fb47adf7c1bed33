package learn

import (
	"cmp"
	"math"
	"slices"

	"sluice/shared/predict"
)

// What is too little to be kept in an artifact.
const (
	pointPlaces = 4    // decimals of points
	likeOther   = 0.01 // log-odds between a level and the rare ones, for it to be one of them
)

// assemble makes the model of the folds: the mean of their curves, times the slope
// of the calibration. Curves are centred, so that points tell the difference from
// an average row.
func (d *draft) assemble(folds []*fold, pairs []candidate, slope, shift float64) *predict.Model {
	m := &predict.Model{Format: 1, Base: shift}
	for _, f := range folds {
		m.Base += f.base * slope / float64(len(folds))
	}
	mean := func(i int) []float64 {
		points := make([]float64, len(folds[0].curves[i].points))
		for _, f := range folds {
			for b, p := range f.curves[i].points {
				points[b] += p * slope / float64(len(folds))
			}
		}
		return points
	}
	for i, c := range d.curves {
		c.Points = mean(i)
		m.Base += centre(c.Points, c.Shares)
		m.Curves = append(m.Curves, c)
	}
	for i, c := range pairs {
		points, t := mean(len(d.curves)+i), folds[0].curves[len(d.curves)+i].term
		shares := make([]float64, t.count)
		for _, b := range t.bins {
			shares[b] += 1 / float64(d.rows)
		}
		m.Base += centre(points, shares)
		if slices.ContainsFunc(points, func(p float64) bool { return p != 0 }) {
			m.Pairs = append(m.Pairs, d.pair(c, points))
		}
	}
	m.Base = round(m.Base, pointPlaces)
	for i := range m.Curves {
		mergeLevels(m, i)
	}
	m.Columns = d.columns
	leaveOut(m)
	return m
}

// centre moves the average to the base, which the caller adds it to.
func centre(points, shares []float64) float64 {
	average := 0.0
	for b, p := range points {
		average += p * shares[b]
	}
	for b := range points {
		points[b] = round(points[b]-average, pointPlaces)
	}
	return average
}

// mergeLevels puts levels that say what the rare ones say among those.
func mergeLevels(m *predict.Model, at int) {
	c := &m.Curves[at]
	if len(c.Levels) == 0 {
		return
	}
	first := predict.BinOther + 1
	gone := make([]bool, len(c.Points))
	for i := range c.Levels {
		gone[first+i] = math.Abs(c.Points[first+i]-c.Points[predict.BinOther]) < likeOther
	}
	for i := range m.Pairs {
		groups := m.Pairs[i].GroupsA
		if m.Pairs[i].B == at {
			groups = m.Pairs[i].GroupsB
		} else if m.Pairs[i].A != at {
			continue
		}
		for b := range gone {
			gone[b] = gone[b] && groups[b] == groups[predict.BinOther]
		}
	}
	for b, g := range gone {
		if g {
			c.Shares[predict.BinOther] = round(min(1, c.Shares[predict.BinOther]+c.Shares[b]), 6)
		}
	}
	c.Levels = without(c.Levels, gone[first:])
	c.Points, c.Shares = without(c.Points, gone), without(c.Shares, gone)
	for i := range m.Pairs {
		p := &m.Pairs[i]
		if p.A == at {
			p.GroupsA = without(p.GroupsA, gone)
		}
		if p.B == at {
			p.GroupsB = without(p.GroupsB, gone)
		}
	}
}

func without[T any](all []T, gone []bool) []T {
	var kept []T
	for i, x := range all {
		if !gone[i] {
			kept = append(kept, x)
		}
	}
	return kept
}

// leaveOut takes out curves that never add anything, and columns without a curve.
func leaveOut(m *predict.Model) {
	var curves []predict.Curve
	var columns []string
	curveAt, columnAt := make([]int, len(m.Curves)), make(map[int]int)
	for i, c := range m.Curves {
		paired := slices.ContainsFunc(m.Pairs, func(p predict.Pair) bool { return p.A == i || p.B == i })
		if !paired && !slices.ContainsFunc(c.Points, func(p float64) bool { return p != 0 }) {
			continue
		}
		at, ok := columnAt[c.Column]
		if !ok {
			at = len(columns)
			columnAt[c.Column] = at
			columns = append(columns, m.Columns[c.Column])
		}
		c.Column, curveAt[i] = at, len(curves)
		curves = append(curves, c)
	}
	for i := range m.Pairs {
		m.Pairs[i].A, m.Pairs[i].B = curveAt[m.Pairs[i].A], curveAt[m.Pairs[i].B]
	}
	m.Curves, m.Columns = curves, columns
}

func round(x float64, places int) float64 {
	by := math.Pow10(places)
	return math.Round(x*by) / by
}

// importances tells what moves the log-odds most.
func importances(m *predict.Model) []Importance {
	var all []Importance
	for _, s := range m.Shapes() {
		sum := 0.0
		for _, b := range s.Bins {
			sum += math.Abs(b.Points) * b.Share
		}
		all = append(all, Importance{s.Feature, round(sum, pointPlaces)})
	}
	slices.SortStableFunc(all, func(a, b Importance) int { return cmp.Compare(b.Points, a.Points) })
	return all
}
