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
// the name of its entity, by which rows of an equal one are the same. Where
// first > 0, only pairs of a row below first and one from it on count: those
// across two tables.
func Judge(clusters []int, truth []string, first int) Quality {
	type cell struct {
		cluster int
		entity  string
	}
	found, real, both := map[int][2]int{}, map[string][2]int{}, map[cell][2]int{}
	for i, cluster := range clusters {
		side := 0
		if i >= first {
			side = 1
		}
		count(found, cluster, side)
		count(real, truth[i], side)
		count(both, cell{cluster, truth[i]}, side)
	}
	tp := pairsIn(both, first)
	return Quality{TP: tp, FP: pairsIn(found, first) - tp, FN: pairsIn(real, first) - tp}
}

func count[K comparable](m map[K][2]int, key K, side int) {
	n := m[key]
	n[side]++
	m[key] = n
}

func pairsIn[K comparable](m map[K][2]int, first int) (pairs int) {
	for _, n := range m {
		if first > 0 {
			pairs += n[0] * n[1]
		} else {
			pairs += n[1] * (n[1] - 1) / 2
		}
	}
	return pairs
}

// JudgeMerges counts the pairs that merges without a person join, directly or
// through others, against the same truth.
func JudgeMerges(pairs []Pair, truth []string, first int) Quality {
	s := newSets(len(truth))
	for _, p := range pairs {
		if p.Merge {
			s.join(p.A, p.B)
		}
	}
	clusters := make([]int, len(truth))
	for i := range clusters {
		clusters[i] = s.root(i)
	}
	return Judge(clusters, truth, first)
}
