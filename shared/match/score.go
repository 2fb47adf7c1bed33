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
	s.groups = groupsOf(s.fields, func(a, b int) int { return m.Comparisons[a].Order - m.Comparisons[b].Order })
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

// groupsOf lists the columns between which values are shifted: those of a kind in the
// order in which the model was learned.
func groupsOf(fields []Field, order func(a, b int) int) [][]int {
	var groups [][]int
	for _, kinds := range shifted {
		var group []int
		for _, kind := range kinds {
			from := len(group)
			for c, f := range fields {
				if f.Kind == kind {
					group = append(group, c)
				}
			}
			slices.SortStableFunc(group[from:], order)
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

// alone is what a column says by itself. Two values that are but alike, or that often
// meet, say no more than the more common of them does where both rows have it.
func (s *scorer) alone(c int, level uint8, a, b *value) float64 {
	w := s.weights[c][level]
	if meets := s.model.Comparisons[c].Meets; meets != nil && level < moved && level != missing {
		if bits, ok := meets[meet(a, b)]; ok {
			return min(bits, max(s.equal(c, a, b), 0))
		}
	}
	switch {
	case s.model.Comparisons[c].Values == nil:
		return w
	case level < fair:
		return min(w, max(s.equal(c, a, b), 0))
	case level == same:
		return s.equal(c, a, b)
	}
	return max(w+min(0, s.less(c, a, b)), min(w, 0))
}

// equal is what a column says where both rows have the more common of two values.
func (s *scorer) equal(c int, a, b *value) float64 {
	if s.model.Comparisons[c].Values == nil {
		return s.weights[c][same]
	}
	less := s.less(c, a, b)
	lower := s.weights[c][near] + min(0, less) // a slip of a common name says little too
	return min(mostFor, max(s.weights[c][same]+less, lower))
}

// less is by how much a common value says less than the average of the column does, and
// a rare one more.
func (s *scorer) less(c int, a, b *value) float64 {
	common := int(max(a.common, b.common))
	if table := s.rarity[c]; common < len(table) {
		return table[common] - s.weights[c][same]
	}
	return s.model.Comparisons[c].rare(float64(common)) - s.weights[c][same]
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
	var taken [mostFields]float64
	for i := range s.model.Ties {
		t := &s.model.Ties[i]
		if t.Level > 0 && (levels[t.First] < fair || levels[t.Second] != t.Level) {
			continue
		}
		// What one comparison says is taken off others once, however many it is tied to.
		charge := min(s.charge(t, a, b, levels, bits), bits[t.First]-taken[t.First], bits[t.Second]-taken[t.Second])
		if charge <= 0 {
			continue
		}
		taken[t.First] += charge
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
	if t.Both != nil { // two that are but alike say no more than two that are the same
		both := max(t.Both.of(join(a[t.First].hash, a[t.Second].hash)), t.Both.of(join(b[t.First].hash, b[t.Second].hash)))
		if both > 1 {
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
