package learn

import (
	"fmt"
	"math"

	"sluice/shared/gauge"
	"sluice/shared/predict"
)

// evidence is what one feature tells of the outcome, without any other.
type evidence struct {
	name     string
	positive []bool
	won      int       // positive rows
	score    []float64 // per row the log-odds against an average row, counted on other rows
	auc      float64   // of the scores
	bins     []certainty
}

// certainty counts the rows of one value, or range of values.
type certainty struct {
	rows, won int
	label     string // of a value; ranges have none
	most      int    // rows of the value that a sum has its label of
}

func (c certainty) rate() float64 { return float64(c.won) / float64(max(c.rows, 1)) }

const (
	evidenceFolds = 5
	pull          = 20 // rows of an average kind that each value is mixed with
)

// newEvidence weighs a column; nil where it cannot be a feature. Of a column with
// several curves, such as a date, the strongest counts.
func newEvidence(column Column, positive []bool, won int) *evidence {
	f := read(column)
	if f.why != "" {
		return nil
	}
	limitLevels(f.curves) // and puts them into the order in which they are found
	var best *evidence
	for _, c := range f.curves {
		e := &evidence{name: column.Name, positive: positive, won: won}
		t := bin(&c, column.Cells)
		e.bins = e.weigh(t)
		for i, label := range c.Levels {
			if len(c.Edges) == 0 {
				e.bins[predict.BinOther+1+i].label = label
			}
		}
		e.auc = gauge.AUC(e.ranked(), positive)
		if best == nil || e.auc > best.auc {
			best = e
		}
	}
	return best
}

// weigh gives each row the log-odds of its value among the rows of the other
// folds, mixed with what is usual.
func (e *evidence) weigh(t *term) []certainty {
	total := make([]certainty, t.count)
	var folds [evidenceFolds][]certainty
	for k := range folds {
		folds[k] = make([]certainty, t.count)
	}
	for i, b := range t.bins {
		for _, n := range []*certainty{&total[b], &folds[i%evidenceFolds][b]} {
			n.rows++
			if e.positive[i] {
				n.won++
			}
		}
	}
	rate := float64(e.won) / float64(len(e.positive))
	e.score = make([]float64, len(t.bins))
	for i, b := range t.bins {
		own := folds[i%evidenceFolds][b]
		p := (float64(total[b].won-own.won) + pull*rate) / (float64(total[b].rows-own.rows) + pull)
		e.score[i] = math.Log(p/(1-p)) - math.Log(rate/(1-rate))
	}
	return total
}

// ranked are the scores as probabilities.
func (e *evidence) ranked() []float64 {
	p := make([]float64, len(e.score))
	for i, s := range e.score {
		p[i] = 1 / (1 + math.Exp(-s))
	}
	return p
}

// certain tells which values are too sure of the outcome.
func (e *evidence) certain() string {
	usual := float64(e.won) / float64(len(e.positive))
	lost := len(e.positive) - e.won
	wins := func(c certainty, from float64) bool {
		return c.rows >= certainRows && c.rate() >= from && c.rate() >= 1.5*usual
	}
	loses := func(c certainty, share float64) bool {
		return float64(c.rows)*usual >= certainWon && c.rate() <= share*usual
	}
	var filled, always, yes, no certainty
	for i, b := range e.bins {
		if i != predict.BinMissing {
			filled.add(b)
		}
		if wins(b, certainlyWon) {
			always.add(b)
		}
		if b.label != "" && wins(b, almostAlways) {
			yes.add(b)
		}
		if b.label != "" && loses(b, almostNever) {
			no.add(b)
		}
	}
	switch {
	case wins(filled, certainlyWon) && shareOf(filled.won, e.won) >= oneWay:
		return fmt.Sprintf("it is filled in nearly only where a row was won (%.0f %% of those)", 100*shareOf(filled.won, e.won))
	case loses(filled, certainlyLost) && shareOf(filled.rows-filled.won, lost) >= oneWay:
		return fmt.Sprintf("it is filled in nearly only where a row was lost (%.0f %% of those)", 100*shareOf(filled.rows-filled.won, lost))
	case shareOf(always.won, e.won) >= oneWay:
		return fmt.Sprintf("%.0f %% of what was won has values with which next to nothing is lost", 100*shareOf(always.won, e.won))
	case shareOf(yes.won, e.won) >= eachWay && shareOf(no.rows-no.won, lost) >= eachWay:
		return fmt.Sprintf("%q wins %.0f times of 100 and %q %.0f times: whoever says so has most likely talked to the lead before",
			yes.label, 100*yes.rate(), no.label, 100*no.rate())
	}
	return ""
}

// add joins another value; the label is that of the more frequent one.
func (c *certainty) add(o certainty) {
	if c.rows == 0 || o.rows > c.most {
		c.label, c.most = o.label, o.rows
	}
	c.rows += o.rows
	c.won += o.won
}

func shareOf(some, of int) float64 { return float64(some) / float64(max(of, 1)) }
