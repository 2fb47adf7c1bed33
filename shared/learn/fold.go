package learn

import "math"

// sample is some of the rows, with what is known of them so far.
type sample struct {
	rows     []int32
	positive []float64 // 1 or 0
	score    []float64 // log-odds
	residual []float64 // of the probability
	weight   []float64 // how much a residual moves with the score
}

func newSample(positive []bool, rows []int32) sample {
	n := len(rows)
	s := sample{rows, make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for i, row := range rows {
		if positive[row] {
			s.positive[i] = 1
		}
	}
	return s
}

// fold is one model: learned from the rows outside the fold, judged by those in it.
type fold struct {
	train, test sample
	base        float64
	curves      []curve
}

// newFolds shares the rows out and prepares a model for each fold.
func newFolds(positive []bool, count int, r *random) []*fold {
	dealt := deal(positive, count, r)
	folds := make([]*fold, count)
	each(count, func(k int) {
		var train, test []int32
		for row, d := range dealt {
			if int(d) == k {
				test = append(test, int32(row))
			} else {
				train = append(train, int32(row))
			}
		}
		f := &fold{train: newSample(positive, train), test: newSample(positive, test)}
		won := 0.0
		for _, p := range f.train.positive {
			won += p
		}
		f.shift(logit((won + 0.5) / (float64(len(train)) + 1)))
		folds[k] = f
	})
	return folds
}

func (f *fold) add(t *term) {
	c := curve{
		term: t, train: pick(t.bins, f.train.rows), test: pick(t.bins, f.test.rows), rows: make([]float64, t.count),
		points: make([]float64, t.count), rough: make([]float64, t.count), step: make([]float64, t.count), sums: make([]sums, t.count),
	}
	for _, b := range c.train {
		c.rows[b]++
	}
	f.curves = append(f.curves, c)
}

func pick(bins []uint16, rows []int32) []uint16 {
	picked := make([]uint16, len(rows))
	for i, row := range rows {
		picked[i] = bins[row]
	}
	return picked
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

// round lets each curve make one step, with or without the rough ones, and tells
// whether any did. Within a round the weights stay as they are and the residuals
// move along the tangent: steps are small, and so a round needs but one
// exponential a row.
func (f *fold) round(rough bool) bool {
	s := &f.train
	residual, weight := 0.0, 0.0
	for i, score := range s.score {
		p := chance(score)
		s.weight[i] = max(p*(1-p), 1e-6)
		s.residual[i] = s.positive[i] - p
		residual += s.residual[i]
		weight += s.weight[i]
	}
	by := residual / weight
	f.shift(by)
	for i := range s.residual {
		s.residual[i] -= s.weight[i] * by
	}
	moved := false
	for i := range f.curves {
		c := &f.curves[i]
		c.total(s)
		if c.choose(rough) {
			moved = true
			c.apply(f)
		}
	}
	return moved
}

// loss is the sum of the log-losses of the rows in the fold.
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

// state is what a fold has learned so far.
type state struct {
	base          float64
	points, rough [][]float64
	train, test   []float64 // scores
}

func (f *fold) save() state {
	s := state{base: f.base, train: clone(f.train.score), test: clone(f.test.score)}
	for i := range f.curves {
		s.points = append(s.points, clone(f.curves[i].points))
		s.rough = append(s.rough, clone(f.curves[i].rough))
	}
	return s
}

func (f *fold) restore(s state) {
	f.base = s.base
	copy(f.train.score, s.train)
	copy(f.test.score, s.test)
	for i := range f.curves {
		copy(f.curves[i].points, s.points[i])
		copy(f.curves[i].rough, s.rough[i])
	}
}

func clone(x []float64) []float64 { return append([]float64(nil), x...) }

func chance(score float64) float64 { return 1 / (1 + math.Exp(-score)) }
func logit(p float64) float64      { return math.Log(p / (1 - p)) }

func softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
