package gauge

// AUC is the probability that a positive row has the higher prediction than a
// negative one, where equal predictions count a half: the area under the curve of
// hits over false alarms, which is the statistic of Mann and Whitney over the
// number of such pairs (Hanley and McNeil, 1982). It is 0.5 where all rows came
// out alike.
func AUC(p []float64, positive []bool) float64 {
	n := positives(p, positive)
	if n == 0 || n == len(p) {
		return 0.5
	}
	above, pairs := 0, 0.0 // positives seen so far; pairs in the right order
	for _, g := range groups(p, positive) {
		pairs += float64(g.rows-g.won) * (float64(above) + float64(g.won)/2)
		above += g.won
	}
	return pairs / (float64(n) * float64(len(p)-n))
}

// BestShare is the share of all positives that are found among the best fraction
// of the rows by prediction, 0 to 1. Of rows with one prediction as much is taken
// as fits, with their positives in proportion. Where there are no positives it is
// the fraction itself, as by chance.
func BestShare(p []float64, positive []bool, fraction float64) float64 {
	fraction = bounded(fraction)
	n := positives(p, positive)
	if n == 0 {
		return fraction
	}
	return found(groups(p, positive), fraction*float64(len(p))) / float64(n)
}

// found counts the positives among the best rows.
func found(all []group, rows float64) (won float64) {
	for _, g := range all {
		if rows <= float64(g.rows) {
			return won + rows*float64(g.won)/float64(g.rows)
		}
		rows -= float64(g.rows)
		won += float64(g.won)
	}
	return won
}

// Point is one point of the lift curve.
type Point struct {
	Rows  float64 `json:"rows"`  // share of the rows, the best first
	Found float64 `json:"found"` // share of the positives among them
}

// Lift is the curve of BestShare from nothing to all rows in equal steps: who
// works through the share of the rows finds that share of the positives.
func Lift(p []float64, positive []bool, steps int) []Point {
	n := positives(p, positive)
	all := groups(p, positive)
	curve := make([]Point, 0, steps+1)
	for i := range steps + 1 {
		at := Point{Rows: float64(i) / float64(steps)}
		at.Found = at.Rows
		if n > 0 {
			at.Found = found(all, at.Rows*float64(len(p))) / float64(n)
		}
		curve = append(curve, at)
	}
	return curve
}
