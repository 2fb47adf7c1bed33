package match

import "math"

// Model is what was learned of a table, or is given: how values are compared,
// and what each outcome says. It goes through JSON unchanged, and holds no value
// in the clear: those whose frequency counts are hashed.
type Model struct {
	Fields      []Field      `json:"fields"`
	Prior       float64      `json:"prior"`       // bits for a pair before anything is compared: log2 of the odds
	Comparisons []Comparison `json:"comparisons"` // one for each column
	Ties        []Tie        `json:"ties,omitempty"`
	Relations   []Relation   `json:"relations,omitempty"`
}

// Comparison is how one column of two rows is compared.
type Comparison struct {
	Field  int          `json:"field"`           // the column
	Order  int          `json:"order,omitempty"` // among the columns of its kind: the first counts where values are in each other's place
	Kind   Kind         `json:"kind"`
	Levels []Level      `json:"levels"`           // by number: 0 is missing, then from different to the same
	Values *Frequencies `json:"values,omitempty"` // how many entities have each value; nil where that is not known
	Words  *Frequencies `json:"words,omitempty"`  // how many rows have each word

	// Meets tells what it says, in bits, that one row has one value and the other
	// another, where the two name the same thing, or often meet without doing so.
	Meets map[uint64]float64 `json:"meets,omitempty"`
}

// Level is an outcome of a comparison. One without a name does not occur.
type Level struct {
	Name string  `json:"name,omitempty"`
	M    float64 `json:"m,omitempty"`    // share among pairs of one entity, of those where both have a value
	U    float64 `json:"u,omitempty"`    // share among pairs of two
	Bits float64 `json:"bits,omitempty"` // what it says: log2(M/U), made to rise from level to level
}

// Tie says that of two columns one tells in part what the other does, as city
// and postcode: where both agree, the second counts less.
type Tie struct {
	First  int          `json:"first"` // comparisons
	Second int          `json:"second"`
	Bits   float64      `json:"bits"`            // how much less, in bits
	Level  uint8        `json:"level,omitempty"` // of the second, where it is only at that one
	Both   *Frequencies `json:"both,omitempty"`  // how many entities have two values together
}

// Relation is a way in which two entities are alike without being one.
type Relation struct {
	Name  string    `json:"name"`
	Prior float64   `json:"prior"` // bits: log2 of how many pairs there are, to those of strangers
	Share []float64 `json:"share"` // for each comparison how often the two agree as if they were one
}

// Record is a row ready to be compared.
type Record struct{ values []*value }

// Evidence is what a comparison of two records says.
type Evidence struct {
	Probability float64 // that they are the same, 0 to 1
	Weight      float64 // bits, the sum of the parts'
	Merge       bool    // enough to merge without a person: nothing points to two people
	Parts       []Part
}

// Part is what one comparison adds, or a relation takes away.
type Part struct {
	Fields []string // the columns' names
	Level  string
	Weight float64 // bits
}

// Prepare normalises the values of a row, in the order of the model's fields.
func (m Model) Prepare(values []string) Record {
	r := Record{values: make([]*value, len(m.Comparisons))}
	for i, c := range m.Comparisons {
		var raw string
		if c.Field < len(values) {
			raw = values[c.Field]
		}
		v := parse(c.Kind, raw)
		if c.Words != nil {
			v.weigh(c.Words)
		}
		if c.Values != nil && c.Values.Counts != nil { // else what its kind tells
			v.common = c.Values.of(v.hash)
		}
		r.values[i] = &v
	}
	return r
}

// Compare weighs two records. Common is how many entities are known that share
// the name by which the two were found, 1 or less where nobody counted: the
// prior odds are divided by it.
func (m Model) Compare(a, b Record, common int) Evidence {
	s := newScorer(&m)
	levels := make([]uint8, s.n)
	bits := make([]float64, s.n+1)
	compareRows(s.fields, s.groups, a.values, b.values, levels)
	lookUp(s.fields, a.values, b.values, levels)
	weight := s.weigh(a.values, b.values, levels, bits)
	odds := m.Prior + weight - math.Log2(float64(max(common, 1)))
	e := Evidence{Probability: probability(odds), Weight: weight, Parts: m.parts(levels, bits)}
	e.Merge = e.Probability >= DefaultMerge && !doubtful(s.fields, levels)
	return e
}

// Explain tells what each comparison of a pair adds, those that add nothing
// left out.
func (m Model) Explain(p Pair) []Part {
	bits := make([]float64, len(p.Bits))
	for i, b := range p.Bits {
		bits[i] = float64(b)
	}
	return m.parts(p.Levels, bits)
}

func (m Model) parts(levels []uint8, bits []float64) []Part {
	var parts []Part
	for i, c := range m.Comparisons {
		if levels[i] != missing {
			parts = append(parts, Part{Fields: []string{m.Fields[c.Field].Name}, Level: c.Levels[levels[i]].Name, Weight: bits[i]})
		}
	}
	if n := len(m.Comparisons); n < len(bits) && bits[n] < -0.05 {
		parts = append(parts, Part{Level: "may be two who are related", Weight: bits[n]})
	}
	return parts
}

// probability of odds in bits.
func probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }
