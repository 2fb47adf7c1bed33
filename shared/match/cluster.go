package match

import (
	"cmp"
	"slices"
)

// crossRows bounds how many rows of a cluster are compared with another's.
const crossRows = 24

// clusterer joins rows into clusters, the surest pairs first.
type clusterer struct {
	t       *table
	s       *scorer
	sets    *sets
	members [][]int32
	levels  []uint8
	bits    []float64
}

func newClusterer(t *table, s *scorer) *clusterer {
	c := &clusterer{t: t, s: s, sets: newSets(len(t.rows)), members: make([][]int32, len(t.rows)), levels: make([]uint8, s.n), bits: make([]float64, s.n+1)}
	for i := range c.members {
		c.members[i] = []int32{int32(i)}
	}
	return c
}

// join joins the clusters of two rows if they bear it.
func (c *clusterer) join(a, b int32, bear func(x, y []int32) bool) bool {
	i, j := c.sets.root(int(a)), c.sets.root(int(b))
	if i == j {
		return true
	}
	if !bear(c.members[i], c.members[j]) {
		return false
	}
	c.sets.join(i, j)
	low, high := min(i, j), max(i, j)
	c.members[low] = append(c.members[low], c.members[high]...)
	slices.Sort(c.members[low])
	c.members[high] = nil
	return true
}

// weigh returns the odds of two rows in bits, and whether they have enough in
// common to tell: had all they have agreed, they could be one.
func (c *clusterer) weigh(a, b int32) (odds float64, tells bool) {
	x, y := c.t.rows[a], c.t.rows[b]
	c.t.compareWell(x, y, c.levels)
	odds = c.s.model.Prior + c.s.weigh(x, y, c.levels, c.bits)
	most := c.s.model.Prior
	for i, level := range c.levels {
		if level != missing {
			most += max(c.s.weights[i][same], 0)
		}
	}
	return odds, most > 0
}

// mostCross bounds what one pair says for or against joining two clusters, in bits.
const mostCross = 12

// agree reports whether the rows of two clusters agree on the whole: the mean of
// their odds is for it. One weak pair does not join what else speaks against it.
func (c *clusterer) agree(x, y []int32) bool {
	var sum float64
	for _, a := range x[:min(len(x), crossRows)] {
		for _, b := range y[:min(len(y), crossRows)] {
			odds, tells := c.weigh(a, b)
			if !tells {
				odds = min(0, odds-c.s.model.Prior)
			}
			sum += max(-mostCross, min(mostCross, odds))
		}
	}
	return sum > 0
}

// found is a pair with what is known of it.
type found struct {
	pair
	index int
	p     float64
}

// clusters joins all pairs from the least probability on.
func (l *learner) clusters(least float64) *clusterer {
	c := newClusterer(l.t, newScorer(l.model).tabulate())
	for _, f := range l.surest(func(i int) bool { return float64(l.match[i]) >= least }) {
		c.join(f.a, f.b, c.agree)
	}
	return c
}

// surest returns the pairs to keep, the surest first.
func (l *learner) surest(keep func(i int) bool) []found {
	var list []found
	for i, p := range l.pairs {
		if keep(i) {
			list = append(list, found{p, i, float64(l.match[i])})
		}
	}
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b))
	})
	return list
}
