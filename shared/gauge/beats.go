package gauge

import (
	"fmt"
	"math"
)

// Comparison tells whether one set of predictions is better than another.
type Comparison struct {
	N          int     `json:"n"`          // rows
	Difference float64 `json:"difference"` // how much lower the challenger's log-loss is, nats a row
	Low        float64 `json:"low"`        // with 95 % confidence it is at least this
	Better     bool    `json:"better"`     // the challenger is better beyond chance
	Sentence   string  `json:"sentence"`   // for people
}

// leastOfEach is how many rows of both outcomes a comparison needs. With fewer a
// challenger that is sure of everything looks good until the first surprise.
const leastOfEach = 30

// Beats compares two sets of predictions for the same rows, which neither model
// has seen. Each row gives one difference of log-loss, and the challenger is
// better where their mean is above 0 by a one-sided paired t-test at 95 % with
// Johnson's correction for skewness (1978): a few bad surprises against many small
// gains are what an overconfident model looks like. Outcomes are taken as drawn
// independently, their shares too.
func Beats(challenger, incumbent []float64, positive []bool) Comparison {
	won := positives(challenger, positive)
	positives(incumbent, positive)
	c := Comparison{N: len(positive)}
	if least := min(won, c.N-won); least < leastOfEach {
		c.Sentence = fmt.Sprintf("Too few rows to compare: %d of the rarer outcome, and %d are needed.", least, leastOfEach)
		return c
	}
	n := float64(c.N)
	gains := make([]float64, c.N)
	sum := 0.0
	for i, yes := range positive {
		gains[i] = loss(incumbent[i], yes) - loss(challenger[i], yes)
		sum += gains[i]
	}
	c.Difference = sum / n
	second, third := 0.0, 0.0
	for _, g := range gains {
		d := g - c.Difference
		second += d * d
		third += d * d * d
	}
	variance := second / (n - 1)
	if variance == 0 { // one model twice, or each row better by the same
		c.Low = c.Difference
	} else {
		t := student95(n - 1)
		skewed := third / n / (6 * variance * n)
		c.Low = c.Difference + skewed*(1+2*t*t) - t*math.Sqrt(variance/n)
	}
	c.Better = c.Low > 0
	c.Sentence = c.sentence()
	return c
}

func (c Comparison) sentence() string {
	switch {
	case c.Better:
		return fmt.Sprintf("The challenger is better beyond chance: over %d rows its log-loss is lower by %.5f, with 95 %% confidence by at least %.5f.", c.N, c.Difference, c.Low)
	case c.Difference > 0:
		return fmt.Sprintf("The challenger is not better beyond chance: over %d rows its log-loss is lower by %.5f, which may be luck.", c.N, c.Difference)
	case c.Difference == 0:
		return fmt.Sprintf("The challenger is not better: over %d rows the log-losses are the same.", c.N)
	}
	return fmt.Sprintf("The challenger is not better: over %d rows its log-loss is higher by %.5f.", c.N, -c.Difference)
}

// student95 is the 95 % quantile of Student's t with that many degrees of freedom
// (Abramowitz and Stegun 26.7.5), right to four digits from 30 on.
func student95(freedom float64) float64 {
	const z = 1.6448536269514722
	return z + (z*z*z+z)/(4*freedom) + (5*math.Pow(z, 5)+16*z*z*z+3*z)/(96*freedom*freedom)
}
