package learn

import (
	"cmp"
	"slices"

	"sluice/shared/predict"
)

// Bounds of pairs.
const (
	mostPairs  = 15
	pairGroups = 16   // of a feature in a pair, about
	groupShare = 0.01 // of the rows, for a level to be a group of its own
	leastCross = 1.0  // gain of log-likelihood in rows that a pair was not learned from
)

// grouped is a term in few groups.
type grouped struct {
	of    []int   // by bin
	rows  []uint8 // by row of the table
	shape axis
}

// candidate is a pair that is looked at.
type candidate struct {
	a, b int // terms
	gain float64
}

// findPairs looks at what the curves leave unexplained in the rows that they were
// not learned from, and picks the pairs whose tables, learned from the other folds,
// explain most of it.
func findPairs(folds []*fold, d *draft) []candidate {
	left, in := unexplained(folds, d.rows)
	var all []candidate
	for b := range d.terms {
		for a := range b {
			if d.groups[a].shape.count > 1 && d.groups[b].shape.count > 1 && d.curves[a].Column != d.curves[b].Column {
				all = append(all, candidate{a: a, b: b})
			}
		}
	}
	each(len(all), func(i int) {
		c := &all[i]
		c.gain = crossGain(&d.groups[c.a], &d.groups[c.b], left, in, len(folds))
	})
	all = slices.DeleteFunc(all, func(c candidate) bool { return c.gain < leastCross })
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.gain, x.gain) })
	return all[:min(mostPairs, len(all))]
}

// unexplained is by row what its own fold's model leaves, and the fold.
func unexplained(folds []*fold, rows int) (left []sums, in []uint8) {
	left, in = make([]sums, rows), make([]uint8, rows)
	for k, f := range folds {
		for i, row := range f.test.rows {
			p := chance(f.test.score[i])
			left[row], in[row] = sums{f.test.positive[i] - p, max(p*(1-p), 1e-6)}, uint8(k)
		}
	}
	return left, in
}

// group puts the bins of a term into groups: the most frequent levels each into
// one, ranges of numbers into neighbours of about as many rows, the rest into the
// first.
func group(t *term, shares []float64) grouped {
	g := grouped{of: make([]int, t.count), rows: make([]uint8, len(t.bins))}
	var levels []int
	ranges := 1.0
	for b := range t.ordered {
		levels = append(levels, b)
		ranges -= shares[b]
	}
	slices.SortStableFunc(levels, func(a, b int) int { return cmp.Compare(shares[b], shares[a]) })
	most := pairGroups - 1
	if t.ordered < t.count {
		most = 2
	}
	count := 1
	for _, b := range levels[:min(most, len(levels))] {
		if shares[b] >= groupShare {
			g.of[b] = count
			count++
		}
	}
	g.shape.ordered = count
	filled := 0.0
	for b := t.ordered; b < t.count; b++ {
		if filled >= 0.9*ranges/(pairGroups-1) { // bins are never quite even
			count++
			filled = 0
		}
		g.of[b] = count
		filled += shares[b]
	}
	if t.ordered < t.count {
		count++
	}
	g.shape.count = count
	for row, b := range t.bins {
		g.rows[row] = uint8(g.of[b])
	}
	return g
}

// crossGain is by how much a table of two, learned from all folds but one and
// shrunk, raises the log-likelihood of that one, summed over the folds.
func crossGain(a, b *grouped, left []sums, in []uint8, folds int) float64 {
	nb := b.shape.count
	n := a.shape.count * nb
	tables, all := make([]sums, n*folds), make([]sums, n)
	for row, s := range left {
		tables[int(in[row])*n+int(a.rows[row])*nb+int(b.rows[row])].add(s)
	}
	for i, s := range tables {
		all[i%n].add(s)
	}
	gain := 0.0
	for k := range folds {
		out := tables[k*n : k*n+n]
		excess, squares := 0.0, 0.0
		for i := range n {
			t := all[i].less(out[i])
			excess += t.residual*t.residual - t.weight
			squares += t.weight * t.weight
		}
		if excess <= 0 {
			continue
		}
		variance := excess / squares
		for i := range n {
			t := all[i].less(out[i])
			points := t.residual * variance / (t.weight*variance + 1)
			gain += points*out[i].residual - points*points*out[i].weight/2
		}
	}
	return gain
}

// table makes a term of a pair.
func (d *draft) table(c candidate) *term {
	a, b := &d.groups[c.a], &d.groups[c.b]
	t := &term{bins: make([]uint16, d.rows), count: a.shape.count * b.shape.count, grid: &grid{a.shape, b.shape}}
	t.ordered = t.count
	for row := range t.bins {
		t.bins[row] = uint16(int(a.rows[row])*b.shape.count + int(b.rows[row]))
	}
	return t
}

// pair is the artifact of a table of two.
func (d *draft) pair(c candidate, points []float64) predict.Pair {
	p := predict.Pair{A: c.a, B: c.b, GroupsA: d.groups[c.a].of, GroupsB: d.groups[c.b].of}
	for row := range slices.Chunk(points, d.groups[c.b].shape.count) {
		p.Points = append(p.Points, row)
	}
	return p
}
