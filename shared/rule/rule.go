// Package rule compiles the conditions of a policy: boolean expressions over
// [lead.Facts], such as
//
//	product == "kids-coding" and answer.age >= 7 and country in ["CN", "SG"]
//
// The language is that of expr-lang, cut down to what cannot run away: no loops,
// no ranges, no variables and no functions but those of [Functions], so that a
// condition costs microseconds whatever the policy or the enquiry says.
//
// A form need not ask everything. Comparing an answer that is missing is false,
// never an error; "not" makes that true, so ask for the answer too where that
// matters: answer.age != nil and not (answer.age >= 4).
//
// The same holds of the chance to convert, which is a number from 0 to 1 where a
// model has been learned, and missing before that: chance >= 0.3 is false then, and
// chance == nil is true.
package rule

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
	"github.com/expr-lang/expr/vm/runtime"

	"sluice/shared/lead"
)

// The limits of one condition. They bound the cost of compiling and running a
// hostile one; an honest one stays far below.
const (
	MaxLength  = 1000 // bytes
	MaxNodes   = 200  // names, values and operators
	MaxPattern = 1000 // instructions of a regular expression

	memoryBudget = 10_000 // array elements built in one run
)

// Functions lists the functions that a condition may call.
var Functions = []string{
	"abs", "ceil", "float", "floor", "int", "len", "lower", "round", "string", "trim", "upper",
}

// Problem is a fault of a configured value and where it stands.
type Problem struct {
	Path string // of the value, such as "profile[2].when"
	Text string // what is wrong and what to do
}

// Condition is a compiled expression. It is safe for concurrent use.
type Condition struct {
	program *vm.Program
	uses    Uses
}

// Uses tells what a condition looks at, so that misspelt names are found before
// they silently never match.
type Uses struct {
	Facts    []string            // facts it names, such as "product"
	Answers  []string            // answers it names
	Literals map[string][]string // fact, or "answer." and an answer → texts it is compared with
}

// environment is what an expression sees. The grade is repeated as plain text:
// a named type would not be found in a list of texts.
type environment struct {
	lead.Facts
	Grade string `expr:"grade"`
}

// Compile checks a condition against the facts and compiles it. The error is one
// line, for the author of the policy.
func Compile(text string) (*Condition, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return nil, fmt.Errorf("write a condition, such as product == \"…\"")
	case len(text) > MaxLength:
		return nil, fmt.Errorf("shorten the condition: it has %d bytes, at most %d are allowed", len(text), MaxLength)
	}
	guard := &guard{uses: Uses{Literals: map[string][]string{}}}
	config := newConfig(guard)
	tree, err := checker.ParseCheck(text, config)
	if guard.fault != "" {
		return nil, fmt.Errorf("%s", guard.fault)
	}
	if err != nil {
		return nil, explain(err)
	}
	program, err := compiler.Compile(tree, config)
	if err != nil {
		return nil, explain(err)
	}
	return &Condition{program: program, uses: guard.uses}, nil
}

// functions are the tables of what may be called. They are made once, and only
// read afterwards: they cost more than compiling a condition does.
var functions = sync.OnceValue(func() (c conf.Config) {
	c.Builtins, c.Functions, c.Disabled = conf.FunctionsTable{}, conf.FunctionsTable{}, map[string]bool{}
	for _, f := range builtin.Builtins {
		if slices.Contains(Functions, f.Name) {
			c.Builtins[f.Name] = f
		} else {
			c.Disabled[f.Name] = true
		}
	}
	addComparisons(&c)
	return c
})

func newConfig(g *guard) *conf.Config {
	config := functions()
	config.WithEnv(environment{})
	config.MaxNodes = MaxNodes
	config.ShortCircuit = true
	config.Expect, config.ExpectAny = reflect.Bool, true
	config.Visitors = []ast.Visitor{g}
	return &config
}

// explain makes one line of the library's error and its picture of the place.
func explain(err error) error {
	if e, ok := err.(*file.Error); ok {
		return fmt.Errorf("at character %d: %s", e.Column+1, strings.ReplaceAll(e.Message, "\n", " "))
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s", first)
}

// Uses tells what the condition looks at.
func (c *Condition) Uses() Uses { return c.uses }

// Evaluation runs conditions over the facts of one lead. It is not safe for
// concurrent use.
type Evaluation struct {
	machine vm.VM
	facts   environment
}

// Over prepares an evaluation of facts.
func Over(facts lead.Facts) *Evaluation {
	return &Evaluation{
		machine: vm.VM{MemoryBudget: memoryBudget},
		facts:   environment{Facts: facts, Grade: string(facts.Grade)},
	}
}

// SetScore gives the conditions that follow the fit and the behaviour, 0 to 100, and
// the chance, 0 to 1, which is nil where no model says one.
func (e *Evaluation) SetScore(fit, behaviour int, chance any) {
	e.facts.Fit, e.facts.Behaviour, e.facts.Chance = fit, behaviour, chance
}

// Holds reports whether the condition is true. The error says that it could not
// be evaluated with these facts, such as arithmetic with a missing answer; it
// may contain an answer, so it is not for a log.
func (e *Evaluation) Holds(c *Condition) (bool, error) {
	result, err := e.machine.Run(c.program, &e.facts)
	if err != nil {
		return false, fmt.Errorf("evaluate condition: %w", err)
	}
	switch result := result.(type) {
	case bool:
		return result, nil
	case nil: // a missing yes-or-no answer
		return false, nil
	}
	return false, fmt.Errorf("evaluate condition: %T is neither true nor false", result)
}

// comparisons are the orderings in which a missing answer is false.
var comparisons = map[string]struct {
	name string
	less func(a, b any) bool
}{
	"<":  {"$less", runtime.Less},
	"<=": {"$lessOrEqual", runtime.LessOrEqual},
	">":  {"$more", runtime.More},
	">=": {"$moreOrEqual", runtime.MoreOrEqual},
}
