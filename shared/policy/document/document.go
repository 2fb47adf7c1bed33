// Package document reads a policy and the records of reps as people write them:
// YAML with comments. A document with a fault is refused whole, with every fault
// and its line, so that an author mends it in one go.
package document

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/rule"
)

// MaxSize bounds a document in bytes.
const MaxSize = 256 << 10

// Fault is something wrong in a document. Line and Column count from 1, in
// characters.
type Fault struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Path   string `json:"path,omitempty"` // of the field, such as teams[0].dispatcher
	Text   string `json:"text"`           // what is wrong and what to do
}

// String writes the fault as compilers do.
func (f Fault) String() string {
	if f.Path == "" {
		return fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Text)
	}
	return fmt.Sprintf("%d:%d: %s: %s", f.Line, f.Column, f.Path, f.Text)
}

//go:embed schema.json
var policySchema string

//go:embed reps.schema.json
var repsSchema string

// Schema is the JSON Schema of a policy, for editors.
func Schema() string { return policySchema }

// RepsSchema is the JSON Schema of a list of reps, for editors.
func RepsSchema() string { return repsSchema }

// Schemas are compiled when a document is first read: most runs of the command
// read none.
var (
	policyShape = sync.OnceValue(func() *shape { return newShape(policySchema) })
	repsShape   = sync.OnceValue(func() *shape { return newShape(repsSchema) })
)

// Parse reads a policy. With faults, which come in the order of their lines, the
// document is not to be used.
func Parse(source []byte) (policy.Document, []Fault) { return ParseAmong(source, nil) }

// ParseAmong reads a policy for a house that has these reps: teams that get leads
// and have no member are faults then. Without reps, as in a house that is only being set
// up, that is not asked.
func ParseAmong(source []byte, reps []lead.Rep) (policy.Document, []Fault) {
	var d policy.Document
	faults := decode(source, policyShape(), &d, func() []rule.Problem {
		problems := policy.Check(d)
		if len(reps) > 0 {
			problems = append(problems, policy.Unmanned(d, reps)...)
		}
		return problems
	})
	return d, faults
}

// decode reads a source into a value: syntax, then shape, then, as far as the
// shape allows to look, what check finds.
func decode(source []byte, s *shape, into any, check func() []rule.Problem) []Fault {
	read := read(source)
	if read.value == nil || read.full {
		return sorted(read.faults)
	}
	faults := read.faults
	spoilt := read.spoilt // paths that have their fault already
	for _, m := range s.mismatches(read.value) {
		if within(m.path, spoilt) {
			continue
		}
		faults = append(faults, read.fault(m.path, m.text))
		spoilt[m.path] = true
		m.prune()
	}
	data, err := json.Marshal(read.value)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		if len(faults) == 0 { // the schema allows what the type does not
			faults = append(faults, Fault{Line: 1, Column: 1, Text: err.Error()})
		}
		return sorted(faults)
	}
	for _, p := range check() {
		if !within(p.Path, spoilt) {
			faults = append(faults, read.fault(p.Path, p.Text))
		}
	}
	return sorted(faults)
}

// within reports whether the path or one above it is among the spoilt ones.
func within(path string, spoilt map[string]bool) bool {
	for ; path != ""; path = parent(path) {
		if spoilt[path] {
			return true
		}
	}
	return false
}

// parent is the path of what holds a field or element; the top is empty.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

func sorted(faults []Fault) []Fault {
	slices.SortFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(faults)
}
