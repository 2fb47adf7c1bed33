package match

import (
	"context"
	"fmt"
)

// Probabilities that decide, the same for all tables.
const (
	DefaultMerge  = 0.999
	DefaultLink   = 0.5
	DefaultReview = 0.1
)

// Field is a column of a table.
type Field struct {
	Name string `json:"name"` // for reports only
	Kind Kind   `json:"kind"`
}

// Table is rows of values as people wrote them; "" is missing. A row that is
// shorter than the fields lacks the rest.
type Table struct {
	Fields []Field
	Rows   [][]string
}

// Options are the limits of a run. The zero value is good.
type Options struct {
	Merge  float64 // probability from which a pair is merged without a person; 0 means DefaultMerge
	Link   float64 // probability from which a pair counts as the same in clusters; 0 means DefaultLink
	Review float64 // probability from which a pair is worth a person's look; 0 means DefaultReview

	// Progress hears how far a stage is. It may be nil, and is never called
	// from two goroutines at once.
	Progress func(stage string, done, total int)
}

// Pair is two rows that may be the same, A < B.
type Pair struct {
	A, B        int
	Probability float64 // that they are the same entity, 0 to 1
	Weight      float64 // evidence in bits, the sum of Bits

	// Merge tells that nobody needs to look: the evidence is enough, nothing
	// in it points to two people of one household, and it agrees with all else
	// that is merged with the two.
	Merge  bool
	Linked bool // both are in one cluster

	Levels []uint8   // the level of each of the model's comparisons
	Bits   []float32 // the evidence of each of the model's comparisons
}

// Block is a rule by which pairs were found.
type Block struct {
	Rule  string // the columns whose likeness brought them
	Pairs int    // that no earlier rule had brought
}

// Result is what a run found. Rows of a second table are numbered on from
// those of the first.
type Result struct {
	Model    Model
	Pairs    []Pair // at or above Review, or in one cluster; the surest first, ties by rows
	Clusters []int  // for each row the number of its cluster; clusters are numbered by their first row
	Rows     int
	Compared int // candidate pairs, after blocking
	Blocks   []Block
}

// Dedupe finds the rows of one table that are the same entity. The only errors
// are those of a table without fields or with an unknown kind, and the context's.
func Dedupe(ctx context.Context, t Table, o Options) (Result, error) {
	return run(ctx, t.Fields, [][][]string{t.Rows}, o)
}

// Link finds the rows of two tables with the same fields, in the same order,
// that are the same entity. Pairs are of one row of each; two rows of one table
// come into one cluster only through the other table. Tables are not taken to
// be free of duplicates.
func Link(ctx context.Context, a, b Table, o Options) (Result, error) {
	if len(a.Fields) != len(b.Fields) {
		return Result{}, fmt.Errorf("link tables: %d fields and %d", len(a.Fields), len(b.Fields))
	}
	for i := range a.Fields {
		if a.Fields[i].Kind != b.Fields[i].Kind {
			return Result{}, fmt.Errorf("link tables: field %d is %s in one and %s in the other", i, a.Fields[i].Kind, b.Fields[i].Kind)
		}
	}
	return run(ctx, a.Fields, [][][]string{a.Rows, b.Rows}, o)
}
