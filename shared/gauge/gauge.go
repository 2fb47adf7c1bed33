// Package gauge measures predictions against what came true.
//
// Every function takes the probabilities and the outcomes of the same rows, in
// one order, and panics where their numbers differ. Results hang on the pairs
// alone, not on their order (but for the last digits of a sum). A probability is
// within 0 and 1; one that is not a number counts as 0. Where all rows came out
// alike, or there are none, nothing can be ranked, and a measure of ranking tells
// what chance reaches.
package gauge

import (
	"math"
	"slices"
)

// Summary is what is told of one set of predictions.
type Summary struct {
	Rows        int     `json:"rows"`
	Positives   int     `json:"positives"`
	AUC         float64 `json:"auc"`
	LogLoss     float64 `json:"log_loss"`
	BaseLogLoss float64 `json:"base_log_loss"` // of telling everybody the share of positives
	Brier       float64 `json:"brier"`
	ECE         float64 `json:"ece"`          // over ten bins of equal width
	ECEByCount  float64 `json:"ece_by_count"` // over ten bins of as many rows
	BestHalf    float64 `json:"best_half"`    // share of the positives in the better half of the rows
	BestFifth   float64 `json:"best_fifth"`   // and in the best fifth
	Reliability []Bin   `json:"reliability"`  // ten bins of as many rows
}

// bins is how many the summary takes.
const bins = 10

// Measure tells everything of one set of predictions.
func Measure(p []float64, positive []bool) Summary {
	n := positives(p, positive)
	s := Summary{
		Rows: len(p), Positives: n, AUC: AUC(p, positive), LogLoss: LogLoss(p, positive), Brier: Brier(p, positive), ECE: ECE(p, positive, bins),
		BestHalf: BestShare(p, positive, 0.5), BestFifth: BestShare(p, positive, 0.2), Reliability: ByCount(p, positive, bins),
	}
	s.ECEByCount = gap(s.Reliability)
	if n > 0 && n < len(p) {
		rate := float64(n) / float64(len(p))
		s.BaseLogLoss = -rate*math.Log(rate) - (1-rate)*math.Log1p(-rate)
	}
	return s
}

// LogLoss is the mean of −ln of the probability that was given to what came true,
// in nats; 0 of no rows. Probabilities are kept 1e-15 away from 0 and 1, so that
// one certain mistake costs 34.5 and not everything.
func LogLoss(p []float64, positive []bool) float64 {
	positives(p, positive)
	sum := 0.0
	for i, x := range p {
		sum += loss(x, positive[i])
	}
	return mean(sum, len(p))
}

func loss(p float64, positive bool) float64 {
	const least = 1e-15
	p = min(max(bounded(p), least), 1-least)
	if positive {
		return -math.Log(p)
	}
	return -math.Log1p(-p)
}

// Brier is the mean squared distance of probability and outcome (Brier, 1950),
// 0 to 1; 0 of no rows.
func Brier(p []float64, positive []bool) float64 {
	positives(p, positive)
	sum := 0.0
	for i, x := range p {
		d := bounded(x)
		if positive[i] {
			d = 1 - d
		}
		sum += d * d
	}
	return mean(sum, len(p))
}

func mean(sum float64, n int) float64 { return sum / float64(max(n, 1)) }

func bounded(p float64) float64 {
	if math.IsNaN(p) {
		return 0
	}
	return min(max(p, 0), 1)
}

// positives counts them.
func positives(p []float64, positive []bool) (n int) {
	if len(p) != len(positive) {
		panic("gauge: predictions and outcomes are of different rows")
	}
	for _, yes := range positive {
		if yes {
			n++
		}
	}
	return n
}

// group is the rows of one probability.
type group struct {
	p         float64
	rows, won int
}

// groups are the rows by falling probability.
func groups(p []float64, positive []bool) []group {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch x, y := bounded(p[a]), bounded(p[b]); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	var all []group
	for _, i := range order {
		if x := bounded(p[i]); len(all) == 0 || all[len(all)-1].p != x {
			all = append(all, group{p: x})
		}
		last := &all[len(all)-1]
		last.rows++
		if positive[i] {
			last.won++
		}
	}
	return all
}
