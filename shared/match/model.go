package match

// Model is what was learned of a kind of table, or is given: how values are
// compared, and what each outcome says. It goes through JSON unchanged, and
// holds no value in the clear: those whose frequency counts are hashed.
type Model struct {
	Fields      []Field      `json:"fields"`
	Prior       float64      `json:"prior"` // bits for a pair before anything is compared, negative
	Comparisons []Comparison `json:"comparisons"`
}

// Comparison is one look at two rows.
type Comparison struct {
	Field  int     `json:"field"` // the column
	Kind   Kind    `json:"kind"`
	Levels []Level `json:"levels"` // missing first, then from different to the same
}

// Level is an outcome of a comparison.
type Level struct {
	Name string  `json:"name"`
	M    float64 `json:"m"` // share among pairs of one entity
	U    float64 `json:"u"` // share among pairs of two
}

// Record is a row ready to be compared.
type Record struct{}

// Evidence is what a comparison of two records says.
type Evidence struct {
	Probability float64 // that they are the same, 0 to 1
	Weight      float64 // bits, the sum of the parts'
	Merge       bool    // enough to merge without a person: nothing points to two people
	Parts       []Part
}

// Part is what one comparison adds.
type Part struct {
	Fields []string // the columns' names
	Level  string
	Weight float64 // bits
}

// Prepare normalises the values of a row, in the order of the model's fields.
func (m *Model) Prepare(values []string) Record { return Record{} }

// Compare weighs two records. Common is how many entities are known that share
// the name by which the two were found, 1 or less where nobody counted: the
// prior odds are divided by it.
func (m *Model) Compare(a, b Record, common int) Evidence { return Evidence{} }

// Explain tells what each comparison of a pair adds, those that add nothing
// left out.
func (m *Model) Explain(p Pair) []Part { return nil }

// Enquiries is the fixed model by which a new enquiry is compared with stored
// persons. Its fields are full name, company, email, phone, city, country.
func Enquiries() *Model { return &Model{} }
