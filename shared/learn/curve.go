package learn

import "math"

// How a step is made. These are the same for every table.
const (
	stepRate  = 0.1  // of what a step would be by itself
	leafRidge = 1.0  // added to the weight of a leaf
	leastGain = 1.0  // of a cut, as twice the gain of log-likelihood: what chance gains on average
	leastLeaf = 10.0 // rows of a leaf
	stillness = 1e-4 // log-odds; a step below it is none
)

// term is a feature, or a table of two, while it is learned.
type term struct {
	bins    []uint16 // by row of the table
	count   int      // bins
	ordered int      // first bin of the ranges of numbers; count where there are none
	grid    *grid    // of a table of two
}

// curve is what a fold has learned of a term.
type curve struct {
	*term
	train, test []uint16  // bins of the fold's rows
	rows        []float64 // of the train rows, by bin
	points      []float64
	rough       []float64 // the part of points that ranges have each by itself
	step        []float64
	sums        []sums
}

// sums are of the rows of one bin.
type sums struct{ residual, weight float64 }

func (s *sums) add(t sums) {
	s.residual += t.residual
	s.weight += t.weight
}

func (s sums) less(t sums) sums { return sums{s.residual - t.residual, s.weight - t.weight} }

func (c *curve) total(s *sample) {
	clear(c.sums)
	sums := c.sums
	residual, weight := s.residual[:len(c.train)], s.weight[:len(c.train)]
	for i, b := range c.train {
		t := &sums[b]
		t.residual += residual[i]
		t.weight += weight[i]
	}
}

func (c *curve) apply(f *fold) {
	step := c.step
	for b, d := range step {
		c.points[b] += d
	}
	s := &f.train
	score, residual, weight := s.score[:len(c.train)], s.residual[:len(c.train)], s.weight[:len(c.train)]
	for i, b := range c.train {
		d := step[b]
		score[i] += d
		residual[i] -= weight[i] * d
	}
	for i, b := range c.test {
		f.test.score[i] += step[b]
	}
}

// choose makes the step. Levels move towards what their rows say, shrunk by how
// much levels differ at all. Ranges of numbers are cut in two where that gains
// most. Where rough curves are asked for, ranges then move each by itself as
// levels do: neighbours need not be alike, as in numbers that are codes.
func (c *curve) choose(rough bool) bool {
	clear(c.step)
	if c.grid != nil {
		return c.chooseTree()
	}
	moved := c.shrink(c.points, 0, c.ordered)
	if c.cut() {
		moved = true
	}
	if rough && c.count-c.ordered >= leastRough {
		before := clone(c.step[c.ordered:])
		clear(c.step[c.ordered:])
		if c.shrink(c.rough, c.ordered, c.count) {
			moved = true
		}
		for b := c.ordered; b < c.count; b++ {
			c.rough[b] += c.step[b]
			c.step[b] += before[b-c.ordered]
		}
	}
	return moved
}

// leastRough is how many ranges it takes to tell how much they differ.
const leastRough = 5

// shrink steps towards points as the variance between bins lets them be. The
// variance is by how much the bins' own estimates spread beyond chance (the method
// of moments: DerSimonian, Laird 1986); where they do not, nothing remains of them.
func (c *curve) shrink(points []float64, from, to int) bool {
	excess, squares := 0.0, 0.0
	for b := from; b < to; b++ {
		t := c.sums[b]
		own := t.residual + t.weight*points[b] // the weight times the bin's own estimate
		excess += own*own - t.weight
		squares += t.weight * t.weight
	}
	if squares == 0 {
		return false
	}
	variance := max(excess, 0) / squares
	moved := false
	for b := from; b < to; b++ {
		t := c.sums[b]
		own := t.residual + t.weight*points[b]
		c.step[b] = stepRate * (own*variance/(t.weight*variance+1) - points[b])
		moved = moved || math.Abs(c.step[b]) > stillness
	}
	return moved
}

func (c *curve) cut() bool {
	var all sums
	rows := 0.0
	for b := c.ordered; b < c.count; b++ {
		all.add(c.sums[b])
		rows += c.rows[b]
	}
	var left sums
	below, gain, at := 0.0, leastGain, -1
	var down, up float64
	for b := c.ordered; b < c.count-1; b++ {
		left.add(c.sums[b])
		below += c.rows[b]
		if below < leastLeaf || rows-below < leastLeaf {
			continue
		}
		right := all.less(left)
		low, high := left.residual/(left.weight+leafRidge), right.residual/(right.weight+leafRidge)
		if g := left.residual*low + right.residual*high; g > gain {
			gain, at, down, up = g, b, low, high
		}
	}
	if at < 0 {
		return false
	}
	for b := c.ordered; b < c.count; b++ {
		if c.step[b] = stepRate * up; b <= at {
			c.step[b] = stepRate * down
		}
	}
	return true
}
