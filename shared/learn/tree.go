package learn

// How a table of two features makes a step.
const (
	treeGain = 4.0 // of a tree, as twice the gain of log-likelihood
	treeLeaf = 1.0 // weight of a leaf
)

// grid is how a table of two is laid out: row by row, a group of the first feature
// each.
type grid struct{ a, b axis }

// axis is the groups of a feature: levels, then ranges of numbers in their order.
type axis struct{ count, ordered int }

// takes tells whether a cut at a group takes another group off: a level alone, or
// all ranges up to one.
func (x axis) takes(cut, group int) bool {
	if cut < x.ordered {
		return group == cut
	}
	return x.ordered <= group && group <= cut
}

// half is a part of a tree, which may be cut once more on the other axis.
type half struct {
	gain        float64
	cut         int // -1: it is not cut
	taken, rest float64
}

// tree cuts a table on one axis, and either part of it on the other.
type tree struct {
	turned      bool // the first cut is on the second feature
	cut         int
	gain        float64
	taken, rest half
}

// chooseTree makes the step of a table of two by the tree that gains most.
func (c *curve) chooseTree() bool {
	best := tree{gain: treeGain, cut: -1}
	c.grow(&best, false)
	c.grow(&best, true)
	if best.cut < 0 {
		return false
	}
	one, two := c.grid.axes(best.turned)
	for x := range one.count {
		p := &best.rest
		if one.takes(best.cut, x) {
			p = &best.taken
		}
		for y := range two.count {
			points := p.rest
			if p.cut >= 0 && two.takes(p.cut, y) {
				points = p.taken
			}
			c.step[c.grid.bin(x, y, best.turned)] = stepRate * points
		}
	}
	return true
}

func (g *grid) axes(turned bool) (one, two axis) {
	if turned {
		return g.b, g.a
	}
	return g.a, g.b
}

func (g *grid) bin(x, y int, turned bool) int {
	if turned {
		x, y = y, x
	}
	return x*g.b.count + y
}

// grow looks for a better tree among those that cut one axis first.
func (c *curve) grow(best *tree, turned bool) {
	one, two := c.grid.axes(turned)
	var room [4][2 * pairGroups]sums
	all, below, taken, rest := room[0][:two.count], room[1][:two.count], room[2][:two.count], room[3][:two.count]
	for x := range one.count {
		for y := range all {
			all[y].add(c.sums[c.grid.bin(x, y, turned)])
		}
	}
	for x := range one.count {
		for y := range taken {
			taken[y] = c.sums[c.grid.bin(x, y, turned)]
			if x >= one.ordered {
				below[y].add(taken[y])
				taken[y] = below[y]
			}
			rest[y] = all[y].less(taken[y])
		}
		t, r := two.best(taken), two.best(rest)
		if gain := t.gain + r.gain; gain > best.gain {
			*best = tree{turned, x, gain, t, r}
		}
	}
}

// best is the cut of one line of groups that gains most, if any gains.
func (x axis) best(line []sums) half {
	var all, below sums
	for _, s := range line {
		all.add(s)
	}
	whole := all.residual / (all.weight + leafRidge)
	best := half{all.residual * whole, -1, whole, whole}
	for g, s := range line {
		if g >= x.ordered {
			below.add(s)
			s = below
		}
		r := all.less(s)
		if s.weight < treeLeaf || r.weight < treeLeaf {
			continue
		}
		taken, rest := s.residual/(s.weight+leafRidge), r.residual/(r.weight+leafRidge)
		if gain := s.residual*taken + r.residual*rest; gain > best.gain {
			best = half{gain, g, taken, rest}
		}
	}
	return best
}
