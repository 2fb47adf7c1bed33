package learn

import "math"

// mostOthers bounds how many other features one is judged beside, the strongest
// ones, and with that the time it takes.
const mostOthers = 30

// weigh adds features up as logistic regression on their scores does: a quick
// model that is good enough to tell what a feature adds. It returns the
// probability of each row.
func weigh(all []*evidence, positive []bool) []float64 {
	n := len(all) + 1
	weights, row := make([]float64, n), make([]float64, n)
	row[0] = 1
	score := func(i int) (sum float64) {
		for k, e := range all {
			row[k+1] = e.score[i]
		}
		for k, w := range weights {
			sum += w * row[k]
		}
		return sum
	}
	for range newtonSteps {
		s := newSystem(n)
		for i, yes := range positive {
			p := chance(score(i))
			s.add(row, p, yes)
		}
		for k, step := range s.solve(weights) {
			weights[k] += step
		}
	}
	p := make([]float64, len(positive))
	for i := range p {
		p[i] = chance(score(i))
	}
	return p
}

const (
	newtonSteps = 6
	pulledBy    = 1. // keeps weights of features that say the same small
)

// system is one step of Newton's method: the curvature and, in the last column,
// the slope of the likelihood.
type system [][]float64

func newSystem(n int) system {
	s := make(system, n)
	for k := range s {
		s[k] = make([]float64, n+1)
	}
	return s
}

func (s system) add(row []float64, p float64, positive bool) {
	residual, weight := -p, p*(1-p)
	if positive {
		residual++
	}
	for a, x := range row {
		s[a][len(s)] += residual * x
		for b := range a + 1 {
			s[a][b] += weight * x * row[b]
		}
	}
}

// solve finds the step from these weights by elimination. The ridge makes all
// pivots positive.
func (s system) solve(weights []float64) []float64 {
	n := len(s)
	for a := range n {
		for b := a + 1; b < n; b++ {
			s[a][b] = s[b][a]
		}
		s[a][a] += pulledBy
		s[a][n] -= pulledBy * weights[a]
	}
	for a := range n {
		for b := a + 1; b < n; b++ {
			if factor := s[b][a] / s[a][a]; factor != 0 {
				for k := a; k <= n; k++ {
					s[b][k] -= factor * s[a][k]
				}
			}
		}
	}
	step := make([]float64, n)
	for a := n - 1; a >= 0; a-- {
		sum := s[a][n]
		for b := a + 1; b < n; b++ {
			sum -= s[a][b] * step[b]
		}
		if step[a] = sum / s[a][a]; math.IsNaN(step[a]) {
			step[a] = 0
		}
	}
	return step
}
