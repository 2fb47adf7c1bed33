package learn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sluice/shared/gauge"
)

// Suspect is a feature that knows the answer too well: most likely it was
// written down after the outcome was known, as the length of the call in which a
// customer said yes is. A model that learns from it looks splendid and is of no
// use, because the feature is empty where a prediction is needed.
type Suspect struct {
	Feature, Why string
	AUC          float64 // that the feature reaches alone, on rows it was not counted on
}

// What makes a feature suspicious.
const (
	// Alone: hardly any single fact that is known beforehand reaches this. The best
	// honest ones in tables of leads that are known to be clean are below 0.8.
	tooGood = 0.9

	// Beside the others: it ranks at least this well alone; with all the others it
	// ranks at least that well; and of the pairs that the others together rank
	// wrongly it turns so many round. Honest features overlap with others and turn
	// round a third of them at best.
	strongAlone    = 0.8
	strongTogether = 0.92
	turnedRound    = 0.6

	// Certain both ways: values that almost always win and values that almost never
	// do, each with so much of what came out that way. Customers have no such
	// values. Whoever judges a lead after talking to somebody gives them.
	almostAlways = 0.9
	almostNever  = 1. / 8 // of the share of positives among all rows
	eachWay      = 0.05

	// Certain one way: values that as good as always win, or being filled in at all,
	// which as good as always or never does, with so much of what came out that way.
	// Values that never win are no sign: who is too young to buy is one.
	certainlyWon  = 0.97
	certainlyLost = 1. / 30 // of the share of positives among all rows
	oneWay        = 0.3

	// Told by its name: such features need be no stronger than this.
	named = 0.68
)

const (
	leastToJudge = 50     // rows, and a tenth of them of each outcome at least
	mostToJudge  = 50_000 // rows; of more every second, third, … is looked at
	certainRows  = 30     // of values that are said to win
	certainWon   = 5      // positive rows that values that are said to lose would usually have
)

// Suspects finds the features that are known only after contact, or are too good
// to be true, the strongest first. It looks at the data alone; the name of a
// column lowers what the data have to show, and never suffices. A feature is
// suspicious by any of these:
//
//   - it is filled in nearly only in rows that ended one way, or has values with
//     which next to nothing is lost, and that for many rows;
//   - some of its values are almost certain to win, and others to lose;
//   - it ranks too well alone;
//   - it ranks well alone, and puts right most of what all the others together get
//     wrong, up to a whole that is too good;
//   - its name says that it comes after contact, and it is among the strong ones.
//
// What a feature ranks is told of rows that it was not counted on (five folds),
// and chance is allowed for. Of a table with fewer than 50 rows, or fewer than 5 of an
// outcome, it tells nothing.
func Suspects(t Table, positive []bool) []Suspect {
	t, positive = everyNth(t, positive)
	won := 0
	for _, yes := range positive {
		if yes {
			won++
		}
	}
	if min(won, len(positive)-won) < leastToJudge/10 || len(positive) < leastToJudge {
		return nil
	}
	all := make([]*evidence, len(t))
	each(len(t), func(i int) { all[i] = newEvidence(t[i], positive, won) })
	all = slices.DeleteFunc(all, func(e *evidence) bool { return e == nil })
	var found []Suspect
	for _, e := range all {
		if why := e.why(all); why != "" {
			found = append(found, Suspect{Feature: e.name, Why: why, AUC: e.auc})
		}
	}
	slices.SortStableFunc(found, func(a, b Suspect) int { return cmp.Compare(b.AUC, a.AUC) })
	return found
}

// everyNth thins a large table.
func everyNth(t Table, positive []bool) (Table, []bool) {
	step := (len(positive) + mostToJudge - 1) / mostToJudge
	if step < 2 {
		return t, positive
	}
	thin := make(Table, len(t))
	for i, c := range t {
		thin[i].Name = c.Name
		for row := 0; row < len(c.Cells); row += step {
			thin[i].Cells = append(thin[i].Cells, c.Cells[row])
		}
	}
	var outcomes []bool
	for row := 0; row < len(positive); row += step {
		outcomes = append(outcomes, positive[row])
	}
	return thin, outcomes
}

// why tells in what way a feature is suspicious; "" if it is not.
func (e *evidence) why(all []*evidence) string {
	if why := e.certain(); why != "" {
		return why
	}
	pairs := fmt.Sprintf("it alone ranks %.0f of 100 pairs of a won and a lost row rightly", 100*e.auc)
	if e.surely() >= tooGood {
		return pairs + ", which hardly any fact does that is known beforehand"
	}
	if e.surely() >= strongAlone {
		if rest, together := e.beside(all); together >= strongTogether && together-rest >= turnedRound*(1-rest) {
			return fmt.Sprintf("%s, and puts right %.0f %% of what all the others together rank wrongly", pairs, 100*(together-rest)/(1-rest))
		}
	}
	if hint := afterContact(e.name); hint != "" && e.surely() >= named {
		return fmt.Sprintf("%s, and %s", pairs, hint)
	}
	return ""
}

// surely is the AUC without what chance may have added (one-sided 95 %; the
// standard error is that of Hanley and McNeil, 1982).
func (e *evidence) surely() float64 {
	a := e.auc
	won, lost := float64(e.won), float64(len(e.positive)-e.won)
	variance := (a*(1-a) + (won-1)*(a/(2-a)-a*a) + (lost-1)*(2*a*a/(1+a)-a*a)) / (won * lost)
	return a - 1.645*math.Sqrt(max(variance, 0))
}

// beside is the AUC of all other features together, without those that are as
// strong, and the AUC with this one.
func (e *evidence) beside(all []*evidence) (rest, together float64) {
	var others []*evidence
	for _, o := range all {
		if o != e && o.auc < strongAlone {
			others = append(others, o)
		}
	}
	slices.SortStableFunc(others, func(a, b *evidence) int { return cmp.Compare(b.auc, a.auc) })
	others = others[:min(len(others), mostOthers)]
	rest = gauge.AUC(weigh(others, e.positive), e.positive)
	return rest, gauge.AUC(weigh(append(others, e), e.positive), e.positive)
}
