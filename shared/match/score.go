package match

import (
	"math"
	"slices"
)

// Bounds of what a single comparison may say, in bits.
const (
	mostFor     = 25
	mostAgainst = -10
)

// scorer is a model ready to weigh many pairs.
type scorer struct {
	model     *Model
	n         int
	fields    []Field // of each comparison
	groups    [][]int
	weights   [][levelCount]float64
	rarity    [][]float64 // by comparison and commonness: bits of the same value
	relations []relation
}

type relation struct {
	prior  float64
	share  []float64             // log2 of the share that agrees as in one entity
	rest   []float64             // log2 of the rest
	partly [][levelCount]float64 // bits of levels that are told of the relation by themselves
}

// rareTable is up to where commonness is looked up.
const rareTable = 512

func newScorer(m *Model) *scorer {
	s := &scorer{model: m, n: len(m.Comparisons)}
	for _, c := range m.Comparisons {
		s.fields = append(s.fields, Field{Kind: c.Kind})
		var w [levelCount]float64
		for l, level := range c.Levels {
			w[l] = level.Bits
		}
		s.weights = append(s.weights, w)
	}
	s.rarity = make([][]float64, s.n)
	s.groups = groupsOf(s.fields)
	for _, r := range m.Relations {
		k := relation{prior: r.Prior}
		for c, share := range r.Share {
			k.share = append(k.share, math.Log2(share))
			k.rest = append(k.rest, math.Log2(1-share))
			var own [levelCount]float64
			for l, p := range partly[r.Name][m.Comparisons[c].Kind] {
				if p > 0 {
					own[l] = math.Log2(p / max(m.Comparisons[c].Levels[l].U, 1e-9))
				}
			}
			k.partly = append(k.partly, own)
		}
		s.relations = append(s.relations, k)
	}
	return s
}

// tabulate prepares for many pairs what would take long for each.
func (s *scorer) tabulate() *scorer {
	for i := range s.model.Comparisons {
		if c := &s.model.Comparisons[i]; c.Values != nil {
			s.rarity[i] = make([]float64, rareTable)
			for common := range s.rarity[i] {
				s.rarity[i][common] = c.rare(float64(common))
			}
		}
	}
	return s
}

func groupsOf(fields []Field) [][]int {
	var groups [][]int
	for _, kinds := range shifted {
		var group []int
		for c, f := range fields {
			if slices.Contains(kinds, f.Kind) {
				group = append(group, c)
			}
		}
		if len(group) > 1 {
			groups = append(groups, group)
		}
	}
	return groups
}

// rare is what it says that two have the same value, which so many entities
// have: that many of all would have it by chance. A value of one entity counts
// somewhat more than the average of the column.
func (c *Comparison) rare(common float64) float64 {
	m, u := c.Levels[same].M, c.Levels[same].U
	entities := float64(c.Values.Entities)
	prior := entities / 8
	chance := (max(common, 1) - 1 + prior*u) / (entities - 1 + prior)
	if entities < 2 || chance <= 0 {
		return c.Levels[same].Bits
	}
	return math.Log2(m) - math.Log2(min(chance, 1))
}

// alone is what a column says by itself.
func (s *scorer) alone(c int, level uint8, a, b *value) float64 {
	w := s.weights[c][level]
	if meets := s.model.Comparisons[c].Meets; meets != nil && level < moved && level != missing {
		if bits, ok := meets[meet(a, b)]; ok {
			return bits
		}
	}
	if s.model.Comparisons[c].Values == nil || level < fair {
		return w
	}
	common := int(max(a.common, b.common))
	var bits float64
	if table := s.rarity[c]; common < len(table) {
		bits = table[common]
	} else {
		bits = s.model.Comparisons[c].rare(float64(common))
	}
	less := min(0, bits-s.weights[c][same])
	if level == same {
		lower := s.weights[c][near] + less // a slip of a common name says little too
		return min(mostFor, max(bits, lower))
	}
	return max(w+less, min(w, 0))
}

// weigh sets the bits of every comparison and, last, what relations take away.
// It returns their sum.
func (s *scorer) weigh(a, b []*value, levels []uint8, bits []float64) float64 {
	var total float64
	for c := range s.n {
		bits[c] = s.alone(c, levels[c], a[c], b[c])
		total += bits[c]
	}
	var against float64
	for k := range s.relations {
		if odds := s.relations[k].odds(s, levels, bits); odds > -20 {
			against += math.Exp2(odds)
		}
	}
	var less float64
	for i := range s.model.Ties {
		t := &s.model.Ties[i]
		if levels[t.First] < fair || levels[t.Second] < fair || t.Level > 0 && levels[t.Second] != t.Level {
			continue
		}
		charge := s.charge(t, a, b, levels, bits)
		bits[t.Second] -= charge
		less += charge
	}
	total -= less
	bits[s.n] = 0
	if against > 0 {
		bits[s.n] = -math.Log2(1 + against*math.Exp2(-less))
	}
	return total + bits[s.n]
}

// charge is how much less the second of two tied comparisons counts.
func (s *scorer) charge(t *Tie, a, b []*value, levels []uint8, bits []float64) float64 {
	first, second := bits[t.First], bits[t.Second]
	if second <= 0 || first <= 0 {
		return 0
	}
	charge := min(t.Bits, first, second)
	if t.Both != nil && levels[t.First] == same && levels[t.Second] == same {
		if both := t.Both.of(join(a[t.First].hash, a[t.Second].hash)); both > 1 {
			m := s.model.Comparisons[t.First].Levels[same].M * s.model.Comparisons[t.Second].Levels[same].M
			most := math.Log2(m) - math.Log2((both-1)/float64(max(t.Both.Entities-1, 1)))
			charge = max(charge, min(second, first+second-max(most, first)))
		}
	}
	return max(charge, 0)
}

// odds of the relation to strangers, in bits.
func (r *relation) odds(s *scorer, levels []uint8, bits []float64) float64 {
	odds := r.prior
	for c := range levels[:s.n] {
		switch {
		case levels[c] == missing:
		case r.partly[c][levels[c]] > 0:
			odds += r.partly[c][levels[c]]
		default:
			odds += max(r.rest[c], bits[c]+r.share[c])
		}
	}
	return min(odds, 900)
}
