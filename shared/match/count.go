package match

import (
	"cmp"
	"slices"
)

// leastTie is from how many bits on columns count as tied.
const leastTie = 0.5

// count counts how many entities have each value, as far as it is clear which
// rows are one, and finds the ties of columns.
func (l *learner) count() {
	sets := newSets(len(l.t.rows))
	for i, p := range l.pairs {
		if l.match[i] >= sure {
			sets.join(int(p.a), int(p.b))
		}
	}
	entity := make([]uint64, len(l.t.rows))
	for i := range entity {
		entity[i] = uint64(sets.root(i))
	}
	eachOf(l.n, func(c int) {
		comparison := &l.model.Comparisons[c]
		comparison.Values = l.holders(entity, func(row []*value) (uint64, bool) { return row[c].hash, !row[c].missing() })
		for _, v := range l.t.pool[c] {
			v.common = comparison.Values.of(v.hash)
		}
	})
	l.model.Ties = l.ties()
	eachOf(len(l.model.Ties), func(i int) {
		t := &l.model.Ties[i]
		t.Both = l.holders(entity, func(row []*value) (uint64, bool) {
			a, b := row[t.First], row[t.Second]
			return join(a.hash, b.hash), !a.missing() && !b.missing()
		})
	})
}

// holders counts the entities of each key.
func (l *learner) holders(entity []uint64, key func(row []*value) (uint64, bool)) *Frequencies {
	type holder struct{ key, entity uint64 }
	var list []holder
	filled := map[uint64]bool{}
	for i, row := range l.t.rows {
		if k, ok := key(row); ok {
			list = append(list, holder{k, entity[i]})
			filled[entity[i]] = true
		}
	}
	slices.SortFunc(list, func(a, b holder) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.entity, b.entity))
	})
	list = slices.Compact(list)
	f := &Frequencies{Entities: len(filled), Counts: map[uint64]uint32{}}
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && list[j].key == list[i].key {
			j++
		}
		if j-i > 1 {
			f.Counts[list[i].key] = uint32(j - i)
		}
		i = j
	}
	return f
}

// ties finds which columns agree together more often than each for itself among
// rows of two entities, and keeps a tree of the closest, so that nothing is
// taken away twice.
func (l *learner) ties() []Tie {
	both := make([][]float64, l.n) // pairs that agree in both
	var list []Tie
	for c := range both {
		both[c] = make([]float64, l.n)
	}
	type tally struct{ both, first, second, present [64][64]float64 }
	var all tally
	for i := range l.pairs {
		if q := float64(l.chance[i]); q > 0.01 {
			levels := l.of(i)
			for c := range l.n {
				if levels[c] < near {
					continue
				}
				for d := c + 1; d < l.n; d++ {
					if levels[d] >= near {
						all.both[c][d] += q
					}
				}
			}
		}
	}
	present := make([]float64, l.n) // share of rows that have a value
	for _, row := range l.t.rows {
		for c := range row {
			if !row[c].missing() {
				present[c]++
			}
		}
	}
	for c := range present {
		present[c] /= float64(len(l.t.rows))
	}
	agree := func(c int) float64 {
		levels := l.model.Comparisons[c].Levels
		return levels[near].U + levels[moved].U + levels[same].U
	}
	for c := range l.n {
		for d := c + 1; d < l.n; d++ {
			expected := agree(c) * agree(d) * l.total * present[c] * present[c] * present[d] * present[d]
			bits := log2((all.both[c][d] + 1) / (expected + 1))
			names := l.t.fields[c].Kind == Family && l.t.fields[d].Kind == Given || l.t.fields[c].Kind == Given && l.t.fields[d].Kind == Family
			if bits >= leastTie || names {
				list = append(list, Tie{First: c, Second: d, Bits: max(bits, 0)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Tie) int { return cmp.Compare(b.Bits, a.Bits) })
	return tree(l.n, list)
}

// tree keeps the ties that close no circle, each pointing away from the first
// column of its tree, parents before children.
func tree(n int, list []Tie) []Tie {
	sets := newSets(n)
	next := make([][]Tie, n)
	for _, t := range list {
		if sets.join(t.First, t.Second) {
			next[t.First] = append(next[t.First], t)
			next[t.Second] = append(next[t.Second], Tie{First: t.Second, Second: t.First, Bits: t.Bits})
		}
	}
	var out []Tie
	seen := make([]bool, n)
	for root := range n {
		if seen[root] {
			continue
		}
		seen[root] = true
		queue := []int{root}
		for len(queue) > 0 {
			for _, t := range next[queue[0]] {
				if !seen[t.Second] {
					seen[t.Second] = true
					out = append(out, t)
					queue = append(queue, t.Second)
				}
			}
			queue = queue[1:]
		}
	}
	return out
}
