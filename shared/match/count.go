package match

import (
	"cmp"
	"slices"
)

// ownBits is how much a value says at most on which rows have it in common.
const ownBits = 5

// leastTie is from how many bits on columns count as tied.
const leastTie = 0.5

// count counts how many entities have each value, as far as it is clear which
// rows are one, and finds the ties of columns. Two rows with one value count as
// one entity where all else says so: the value must not speak for itself, else
// a common one would look rare.
func (l *learner) count() {
	s := newScorer(l.model).tabulate()
	var clear []int // pairs that are one entity
	for i := range l.pairs {
		if l.match[i] >= sure {
			clear = append(clear, i)
		}
	}
	rest := make([]float32, len(clear)*(l.n+1)) // odds, and what each column says
	inChunks(len(clear), func(_, from, to int) {
		bits := make([]float64, l.n+1)
		for k := from; k < to; k++ {
			p := l.pairs[clear[k]]
			own := rest[k*(l.n+1) : (k+1)*(l.n+1)]
			own[l.n] = float32(l.model.Prior + s.weigh(l.t.rows[p.a], l.t.rows[p.b], l.of(clear[k]), bits))
			for c := range l.n {
				own[c] = float32(max(bits[c]-ownBits, 0))
			}
		}
	})
	without := func(columns ...int) []int32 {
		sets := newSets(len(l.t.rows))
		for k, i := range clear {
			odds := rest[k*(l.n+1)+l.n]
			for _, c := range columns {
				odds -= rest[k*(l.n+1)+c]
			}
			if odds >= 0 {
				sets.join(int(l.pairs[i].a), int(l.pairs[i].b))
			}
		}
		return sets.roots()
	}
	eachOf(l.n, func(c int) {
		l.setValues(c, without(c))
		comparison := &l.model.Comparisons[c]
		if k := l.t.fields[c].Kind; k == Category || k == City {
			comparison.Meets = l.meets(c)
		}
	})
	l.model.Ties = l.ties()
	eachOf(len(l.model.Ties), func(i int) {
		t := &l.model.Ties[i]
		t.Both = l.holders(without(t.First, t.Second), func(row []*value) (uint64, bool) {
			a, b := row[t.First], row[t.Second]
			return join(a.hash, b.hash), !a.missing() && !b.missing()
		})
	})
}

// countRows counts every row as an entity of its own: all that is known at
// first. Common values then say little from the beginning, and EM does not take
// those who share a switchboard for one person.
func (l *learner) countRows() {
	entity := newSets(len(l.t.rows)).roots()
	eachOf(l.n, func(c int) { l.setValues(c, entity) })
}

func (l *learner) setValues(c int, entity []int32) {
	comparison := &l.model.Comparisons[c]
	comparison.Values = l.holders(entity, func(row []*value) (uint64, bool) { return row[c].hash, !row[c].missing() })
	for _, v := range l.t.pool[c] {
		v.common = comparison.Values.of(v.hash)
	}
}

// Bounds of what is learned of values that meet.
const (
	meetValues = 60 // the commonest values of a column
	meetPrior  = 3  // how many pairs the level counts for
)

// meets learns which different values of a column meet in pairs of one entity
// more or less often than their level says: two names of one thing, or two things.
func (l *learner) meets(c int) map[uint64]float64 {
	count := map[*value]float64{}
	filled := 0.0
	for _, row := range l.t.rows {
		if !row[c].missing() {
			count[row[c]]++
			filled++
		}
	}
	common := make([]*value, 0, len(count))
	for v := range count {
		common = append(common, v)
	}
	slices.SortFunc(common, func(a, b *value) int { return cmp.Or(cmp.Compare(count[b], count[a]), compareValues(a, b)) })
	common = common[:min(len(common), meetValues)]
	met := map[uint64]float64{}
	all := 0.0
	for i, p := range l.pairs {
		level := l.of(i)[c]
		if level == missing {
			continue
		}
		all += float64(l.match[i])
		if level < moved && l.match[i] > 0.01 {
			met[meet(l.t.rows[p.a][c], l.t.rows[p.b][c])] += float64(l.match[i])
		}
	}
	bits := map[uint64]float64{}
	levels := l.model.Comparisons[c].Levels
	for i, a := range common {
		for _, b := range common[i+1:] {
			level := levels[levelOf(l.t.fields[c].Kind, a, b)]
			chance := 2 * count[a] / filled * count[b] / filled
			if l.t.linking() {
				chance = l.meetChance(c, a, b)
			}
			expected := all * chance * level.M / level.U
			shift := log2((met[meet(a, b)] + meetPrior) / (expected + meetPrior))
			if shift > 0.3 || shift < -0.3 {
				bits[meet(a, b)] = max(mostAgainst, min(level.Bits+shift, levels[same].Bits))
			}
		}
	}
	return bits
}

// meetChance is how often two values meet by chance in a pair of two tables.
func (l *learner) meetChance(c int, a, b *value) float64 {
	var n [2][2]float64
	var filled [2]float64
	for i, row := range l.t.rows {
		side := l.t.side[i]
		switch row[c] {
		case a:
			n[side][0]++
		case b:
			n[side][1]++
		}
		if !row[c].missing() {
			filled[side]++
		}
	}
	if filled[0]*filled[1] == 0 {
		return 0
	}
	return (n[0][0]*n[1][1] + n[0][1]*n[1][0]) / (filled[0] * filled[1])
}

// meet is the key of two values, whichever comes first.
func meet(a, b *value) uint64 { return join(min(a.hash, b.hash), max(a.hash, b.hash)) }

// holders counts the entities of each key.
func (l *learner) holders(entity []int32, key func(row []*value) (uint64, bool)) *Frequencies {
	type holder struct {
		key    uint64
		entity int32
	}
	var list []holder
	filled := map[int32]bool{}
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
	for i := range l.pairs {
		if q := float64(l.chance[i]); q > 0.01 {
			levels := l.of(i)
			for c := range l.n {
				if levels[c] < fair {
					continue
				}
				for d := c + 1; d < l.n; d++ {
					if levels[d] >= fair {
						both[c][d] += q
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
		return levels[fair].U + levels[near].U + levels[moved].U + levels[same].U
	}
	for c := range l.n {
		for d := c + 1; d < l.n; d++ {
			expected := agree(c) * agree(d) * l.total * present[c] * present[c] * present[d] * present[d]
			bits := log2((both[c][d] + 1) / (expected + 1))
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
