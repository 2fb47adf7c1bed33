package learn

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"sluice/shared/predict"
)

var (
	mostPairs  = 15
	pairGroups = 16
)

// pair is a table of two terms.
type pair struct {
	*term
	pair predict.Pair
	gain float64
}

// findPairs looks at what the curves leave unexplained in rows that they were not
// learned from, and picks the pairs whose tables, learned from the other folds,
// explain most of it.
func findPairs(folds []*fold, terms []*term, m *predict.Model) []*pair {
	rows := len(terms[0].bins)
	residual, weight, in := make([]float64, rows), make([]float64, rows), make([]uint8, rows)
	for k, f := range folds {
		for i, row := range f.test.rows {
			p := chance(f.test.score[i])
			residual[row] += (f.test.positive[i] - p) / float64(repeats)
			weight[row] += max(p*(1-p), 1e-6) / float64(repeats)
			if k < foldCount {
				in[row] = uint8(k)
			}
		}
	}
	groups := make([][]int, len(terms))
	counts := make([]int, len(terms))
	of := make([][]uint8, len(terms))
	for i, t := range terms {
		groups[i], counts[i] = group(t, m.Curves[i].Shares)
		of[i] = make([]uint8, rows)
		for row, b := range t.bins {
			of[i][row] = uint8(groups[i][b])
		}
	}
	type candidate struct {
		a, b int
		gain float64
	}
	var all []candidate
	for a := range terms {
		for b := range a {
			if counts[a] > 1 && counts[b] > 1 && m.Curves[a].Column != m.Curves[b].Column {
				all = append(all, candidate{b, a, 0})
			}
		}
	}
	each(len(all), func(i int) {
		c := &all[i]
		c.gain = crossGain(of[c.a], of[c.b], counts[c.a], counts[c.b], in, foldCount, residual, weight)
	})
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.gain, x.gain) })
	if os.Getenv("SHOW") != "" {
		for _, c := range all[:min(25, len(all))] {
			fmt.Printf("%.1f %s×%s\n", c.gain, m.Columns[m.Curves[c.a].Column], m.Columns[m.Curves[c.b].Column])
		}
	}
	var pairs []*pair
	for _, c := range all[:min(mostPairs, len(all))] {
		if c.gain <= 0 {
			break
		}
		p := &pair{term: &term{bins: make([]uint16, rows), count: counts[c.a] * counts[c.b]}, gain: c.gain}
		p.ordered = p.count
		p.pair = predict.Pair{A: c.a, B: c.b, GroupsA: groups[c.a], GroupsB: groups[c.b]}
		for range counts[c.a] {
			p.pair.Points = append(p.pair.Points, make([]float64, counts[c.b]))
		}
		for row := range p.bins {
			p.bins[row] = uint16(int(of[c.a][row])*counts[c.b] + int(of[c.b][row]))
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// group puts the bins of a term into few groups: ranges of numbers into neighbours
// of about as many rows, the most frequent levels each into one, the rest into one.
func group(t *term, shares []float64) (groups []int, count int) {
	groups = make([]int, t.count)
	var levels []int
	inLevels := 0.0
	for b := range t.ordered {
		levels = append(levels, b)
		inLevels += shares[b]
	}
	slices.SortStableFunc(levels, func(a, b int) int { return cmp.Compare(shares[b], shares[a]) })
	most := pairGroups - 1
	if t.ordered < t.count {
		most = 2
	}
	count = 1 // group 0 is the rest
	for i, b := range levels {
		if i < most && shares[b] >= 0.01 {
			groups[b] = count
			count++
		}
	}
	if t.ordered == t.count {
		return groups, count
	}
	size := (1 - inLevels) / float64(pairGroups-1)
	filled := 0.0
	for b := t.ordered; b < t.count; b++ {
		groups[b] = count
		filled += shares[b]
		if filled >= size*0.9 && b < t.count-1 {
			count++
			filled = 0
		}
	}
	return groups, count + 1
}

// crossGain is by how much the table of two terms, learned from all folds but one,
// improves the log-likelihood of that one, summed over the folds.
func crossGain(a, b []uint8, na, nb int, in []uint8, folds int, residual, weight []float64) float64 {
	n := na * nb
	table := make([]sums, n*folds)
	for row := range a {
		t := &table[(int(in[row])*na+int(a[row]))*nb+int(b[row])]
		t.residual += residual[row]
		t.weight += weight[row]
	}
	gain := 0.0
	all := make([]sums, n)
	for i := range table {
		all[i%n].residual += table[i].residual
		all[i%n].weight += table[i].weight
	}
	for k := range folds {
		excess, squares := 0.0, 0.0
		for i := range n {
			t := sums{all[i].residual - table[k*n+i].residual, all[i].weight - table[k*n+i].weight}
			excess += t.residual*t.residual - t.weight
			squares += t.weight * t.weight
		}
		if excess <= 0 {
			continue
		}
		variance := excess / squares
		for i := range n {
			out := table[k*n+i]
			t := sums{all[i].residual - out.residual, all[i].weight - out.weight}
			if t.weight == 0 {
				continue
			}
			points := t.residual * variance / (t.weight*variance + 1)
			gain += points*out.residual - points*points*out.weight/2
		}
	}
	return gain
}
