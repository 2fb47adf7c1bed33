package learn

import (
	"math"
)

// How the boosting goes. They are the same for every table.
var (
	rate      = 0.1 // of each step
	ridge     = 1.0 // added to the weight of a leaf
	roughRate = 0.1
	stage2    = 1.0
	repeats   = 1
	leastGain = 1.0  // of a step, as twice the gain of log-likelihood
	leastLeaf = 10.0 // rows of a leaf
)

// term is one curve, or a table of two, while it is learned: the bin of each row.
type term struct {
	bins    []uint16 // by row of the table
	count   int      // bins
	ordered int      // first bin of the ranges of numbers, count where there are none
}

// fold is one model: learned from the rows outside the fold, judged by those in it.
type fold struct {
	train, test sample
	terms       []learned
	base        float64
}

// sample is rows with their scores.
type sample struct {
	rows     []int32
	positive []float64 // 1 or 0
	score    []float64 // log-odds
	residual []float64
	weight   []float64
}

// learned is what a fold knows of a term.
type learned struct {
	*term
	train, test []uint16 // bins of the rows
	rows        []float64
	points      []float64
	rough       []float64
	isRough     bool
	sums        []sums
	step        []float64
}

// sums are of the rows of one bin.
type sums struct{ residual, weight float64 }

func newSample(positive []bool, rows []int32) sample {
	s := sample{rows: rows, positive: make([]float64, len(rows)), score: make([]float64, len(rows)), residual: make([]float64, len(rows)), weight: make([]float64, len(rows))}
	for i, row := range rows {
		if positive[row] {
			s.positive[i] = 1
		}
	}
	return s
}

func newFold(positive []bool, train, test []int32) *fold {
	f := &fold{train: newSample(positive, train), test: newSample(positive, test)}
	won := 0.0
	for _, p := range f.train.positive {
		won += p
	}
	f.shift(logit((won + 0.5) / (float64(len(train)) + 1)))
	return f
}

func (f *fold) shift(by float64) {
	f.base += by
	for i := range f.train.score {
		f.train.score[i] += by
	}
	for i := range f.test.score {
		f.test.score[i] += by
	}
}

func (f *fold) add(t *term) {
	l := learned{
		term: t, train: pick(t.bins, f.train.rows), test: pick(t.bins, f.test.rows),
		rows: make([]float64, t.count), points: make([]float64, t.count), sums: make([]sums, t.count), step: make([]float64, t.count),
	}
	for _, b := range l.train {
		l.rows[b]++
	}
	f.terms = append(f.terms, l)
}

func pick(bins []uint16, rows []int32) []uint16 {
	picked := make([]uint16, len(rows))
	for i, row := range rows {
		picked[i] = bins[row]
	}
	return picked
}

// round lets each term from the given one on make one step. Within a round the
// weights stay as they are and residuals move along the tangent: steps are small,
// and a round needs but one exponential a row.
func (f *fold) round(from int) (moved bool) {
	s := &f.train
	residual, weight := 0.0, 0.0
	for i, score := range s.score {
		p := chance(score)
		s.weight[i] = max(p*(1-p), 1e-6)
		s.residual[i] = s.positive[i] - p
		residual += s.residual[i]
		weight += s.weight[i]
	}
	f.shift(residual / weight)
	for i := range s.residual {
		s.residual[i] -= s.weight[i] * residual / weight
	}
	for i := range f.terms[from:] {
		l := &f.terms[from+i]
		l.total(s)
		if !l.choose() {
			continue
		}
		moved = true
		l.apply(f)
	}
	return moved
}

func (l *learned) total(s *sample) {
	clear(l.sums)
	sums := l.sums
	residual, weight := s.residual[:len(l.train)], s.weight[:len(l.train)]
	for i, b := range l.train {
		t := &sums[b]
		t.residual += residual[i]
		t.weight += weight[i]
	}
}

func (l *learned) apply(f *fold) {
	s := &f.train
	for b, step := range l.step {
		l.points[b] += step
	}
	step := l.step
	score, residual, weight := s.score[:len(l.train)], s.residual[:len(l.train)], s.weight[:len(l.train)]
	for i, b := range l.train {
		d := step[b]
		score[i] += d
		residual[i] -= weight[i] * d
	}
	for i, b := range l.test {
		f.test.score[i] += step[b]
	}
}

// choose makes the step of a term: levels move towards what their rows say, shrunk
// by how much levels differ at all; ranges of numbers are cut in two where that
// gains most.
func (l *learned) choose() bool {
	clear(l.step)
	moved := l.chooseLevels()
	moved = l.chooseCut() || moved
	if roughRate > 0 && l.isRough {
		moved = l.chooseRough() || moved
	}
	return moved
}

func (l *learned) chooseRough() bool {
	if l.rough == nil {
		l.rough = make([]float64, l.count)
	}
	excess, squares, n := 0.0, 0.0, 0
	for b := l.ordered; b < l.count; b++ {
		t := l.sums[b]
		if t.weight == 0 {
			continue
		}
		n++
		own := t.residual + t.weight*l.rough[b]
		excess += own*own - t.weight
		squares += t.weight * t.weight
	}
	if excess <= 0 || n < 5 {
		excess = 0
	}
	variance := excess / max(squares, 1e-9)
	moved := false
	for b := l.ordered; b < l.count; b++ {
		t := l.sums[b]
		if t.weight == 0 {
			continue
		}
		to := (t.residual + t.weight*l.rough[b]) * variance / (t.weight*variance + 1)
		d := roughRate * (to - l.rough[b])
		l.rough[b] += d
		l.step[b] += d
		moved = moved || math.Abs(d) > 1e-4
	}
	return moved
}

// chooseLevels shrinks each level as the variance between levels says, estimated
// from what the rows say beyond chance (method of moments: DerSimonian, Laird 1986).
func (l *learned) chooseLevels() bool {
	excess, squares := 0.0, 0.0
	for b := range l.ordered {
		t := l.sums[b]
		if t.weight == 0 {
			continue
		}
		own := t.residual + t.weight*l.points[b] // weight times what it would be without the others
		excess += own*own - t.weight
		squares += t.weight * t.weight
	}
	if excess <= 0 {
		excess = 0
	}
	variance := excess / max(squares, 1e-9)
	moved := false
	for b := range l.ordered {
		t := l.sums[b]
		if t.weight == 0 {
			continue
		}
		// the step to points that the shrunk estimate has
		to := (t.residual + t.weight*l.points[b]) * variance / (t.weight*variance + 1)
		l.step[b] = rate * (to - l.points[b])
		moved = moved || math.Abs(l.step[b]) > 1e-4
	}
	return moved
}

func (l *learned) chooseCut() bool {
	var all sums
	rows := 0.0
	for b := l.ordered; b < l.count; b++ {
		all.residual += l.sums[b].residual
		all.weight += l.sums[b].weight
		rows += l.rows[b]
	}
	if rows < 2*leastLeaf {
		return false
	}
	var left sums
	before, best, cut := 0.0, leastGain, -1
	var a, z float64
	for b := l.ordered; b < l.count-1; b++ {
		left.residual += l.sums[b].residual
		left.weight += l.sums[b].weight
		before += l.rows[b]
		if before < leastLeaf {
			continue
		}
		if rows-before < leastLeaf {
			break
		}
		right := sums{all.residual - left.residual, all.weight - left.weight}
		gain := left.residual*left.residual/(left.weight+ridge) + right.residual*right.residual/(right.weight+ridge)
		if gain > best {
			best, cut = gain, b
			a, z = left.residual/(left.weight+ridge), right.residual/(right.weight+ridge)
		}
	}
	if cut < 0 {
		return false
	}
	for b := l.ordered; b < l.count; b++ {
		if b <= cut {
			l.step[b] = rate * a
		} else {
			l.step[b] = rate * z
		}
	}
	return true
}

// loss is the sum of log-losses of the rows in the fold.
func (f *fold) loss() float64 {
	sum := 0.0
	for i, score := range f.test.score {
		if f.test.positive[i] == 1 {
			score = -score
		}
		sum += softplus(score)
	}
	return sum
}

func chance(score float64) float64 { return 1 / (1 + math.Exp(-score)) }
func logit(p float64) float64      { return math.Log(p / (1 - p)) }

func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}
