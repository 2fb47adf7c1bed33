package rule

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// outcomes is the set of what a condition may come to.
type outcomes uint8

const (
	holds outcomes = 1 << iota
	fails
	breaks // cannot be evaluated, or is neither true nor false

	anything = holds | fails | breaks
)

// outcomeOf returns what a truth value comes to.
func outcomeOf(b bool) outcomes {
	if b {
		return holds
	}
	return fails
}

// formula is a condition as far as it is understood: connectives over fixed
// outcomes and atoms.
type formula struct {
	connective connective
	parts      []*formula
	fixed      outcomes
	atom       *atom
}

type connective uint8

const (
	isFixed connective = iota
	isAtom
	not
	and
	or
	choose // the second part where the first holds, else the third
)

// atom is a part of a condition that looks at one variable. Without an operator
// it is the variable's own truth.
type atom struct {
	variable *variable
	operator string // as in comparisons, ==, != or in
	literal  any
	flipped  bool // the literal stands on the left

	table []outcomes // by the values of the variable
	free  outcomes   // of all of them together
}

// constraint is a condition with the variables it looks at, in their order.
type constraint struct {
	rule      int
	formula   *formula
	size      int // parts of the formula
	variables []*variable
}

// builder makes formulas that share their variables.
type builder struct {
	vocabulary Vocabulary
	variables  map[string]*variable
	all        []*variable // in the order they were met
	seen       []*variable // in the condition at hand
	size       int         // of it
}

func newBuilder(v Vocabulary) *builder {
	return &builder{vocabulary: v, variables: map[string]*variable{}}
}

func (b *builder) constraint(i int, c *Condition) *constraint {
	b.seen, b.size = nil, 0
	f := b.formula(c.program.Node())
	return &constraint{rule: i, formula: f, size: b.size, variables: b.seen}
}

// formula reads what stands where a truth value is expected. The guard has put
// a comparison with true around what may be something else, except at the end of
// a condition: there, what is not true does not hold.
func (b *builder) formula(n ast.Node) *formula {
	b.size++
	switch n := n.(type) {
	case *ast.NilNode:
		return &formula{fixed: breaks}
	case *ast.BoolNode:
		return &formula{fixed: outcomeOf(n.Value)}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return &formula{connective: not, parts: b.formulas(n.Node)}
		}
	case *ast.BinaryNode:
		return b.binary(n)
	case *ast.CallNode:
		for operator, c := range comparisons {
			if name, ok := n.Callee.(*ast.IdentifierNode); ok && name.Value == c.name && len(n.Arguments) == 2 {
				return b.compare(n, operator, n.Arguments[0], n.Arguments[1])
			}
		}
	case *ast.ConditionalNode:
		return &formula{connective: choose, parts: b.formulas(n.Cond, n.Exp1, n.Exp2)}
	default:
		if v := b.variable(n); v != nil {
			return b.met(&atom{variable: v})
		}
	}
	return b.opaque(n)
}

func (b *builder) formulas(nodes ...ast.Node) []*formula {
	var parts []*formula
	for _, n := range nodes {
		parts = append(parts, b.formula(n))
	}
	return parts
}

func (b *builder) binary(n *ast.BinaryNode) *formula {
	switch n.Operator {
	case "and", "&&":
		return &formula{connective: and, parts: b.formulas(n.Left, n.Right)}
	case "or", "||":
		return &formula{connective: or, parts: b.formulas(n.Left, n.Right)}
	case "==":
		if right, ok := n.Right.(*ast.BoolNode); ok && right.Value && isTruth(n.Left) {
			return b.formula(n.Left)
		}
		return b.compare(n, n.Operator, n.Left, n.Right)
	case "!=", "in", "<", "<=", ">", ">=":
		return b.compare(n, n.Operator, n.Left, n.Right)
	}
	return b.opaque(n)
}

// isTruth reports whether a part comes to true, to false or to an error, and to
// nothing else.
func isTruth(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BoolNode, *ast.CallNode: // there are no calls but comparisons
		return true
	case *ast.UnaryNode:
		return n.Operator == "not" || n.Operator == "!"
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			return isTruth(n.Left) && isTruth(n.Right)
		}
		return slices.Contains(certain, n.Operator)
	}
	return false
}

// certain are the operators whose results are never anything but true and false.
var certain = []string{"==", "!=", "in", "<", "<=", ">", ">=", "contains", "startsWith", "endsWith", "matches"}

// compare reads the comparison n of a variable with a literal.
func (b *builder) compare(n ast.Node, operator string, left, right ast.Node) *formula {
	leftValue, leftFixed := literalOf(left)
	rightValue, rightFixed := literalOf(right)
	switch {
	case leftFixed && rightFixed:
		return &formula{fixed: evaluate(operator, leftValue, rightValue)}
	case rightFixed:
		if v := b.variable(left); v != nil {
			return b.met(&atom{variable: v, operator: operator, literal: rightValue})
		}
	case leftFixed && operator != "in": // an answer may be any list
		if v := b.variable(right); v != nil {
			return b.met(&atom{variable: v, operator: operator, literal: leftValue, flipped: true})
		}
	}
	return b.opaque(n)
}

func literalOf(n ast.Node) (value any, ok bool) {
	switch n := n.(type) {
	case *ast.NilNode:
		return nil, true
	case *ast.BoolNode:
		return n.Value, true
	case *ast.IntegerNode:
		return n.Value, true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.StringNode:
		return n.Value, true
	case *ast.ConstantNode:
		return n.Value, true
	case *ast.UnaryNode:
		switch value, _ := literalOf(n.Node); value := value.(type) {
		case int:
			return -value, n.Operator == "-"
		case float64:
			return -value, n.Operator == "-"
		}
	}
	return nil, false
}

// variable returns the variable that is a fact or an answer; nil where n is
// neither.
func (b *builder) variable(n ast.Node) *variable {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		switch kind := n.Type().Kind(); {
		case kind == reflect.String, kind == reflect.Bool, kind == reflect.Int:
			return b.named(n.Value, kind)
		case n.Value == chance:
			return b.named(n.Value, reflect.Float64)
		}
	case *ast.MemberNode: // of nothing but answer
		if name, ok := n.Property.(*ast.StringNode); ok {
			return b.named("answer."+name.Value, reflect.Interface)
		}
	case *ast.ChainNode:
		return b.variable(n.Node)
	}
	return nil
}

func (b *builder) named(name string, kind reflect.Kind) *variable {
	if v, ok := b.variables[name]; ok {
		return v
	}
	v := &variable{name: name, kind: kind}
	v.texts, v.closed = b.vocabulary[name]
	b.variables[name] = v
	b.all = append(b.all, v)
	return v
}

// opaque takes a part as it stands: the same part always comes to the same.
func (b *builder) opaque(n ast.Node) *formula {
	name := "opaque " + ast.Dump(n)
	if strings.Contains(name, "[]interface {}") { // 1 and 1.0 look alike in it
		name = fmt.Sprint(len(b.all), " ", name)
	}
	v := b.named(name, reflect.Invalid)
	v.outcomes = anything
	if cannotBreak(n) {
		v.outcomes = holds | fails
	}
	return b.met(&atom{variable: v})
}

// met notes that the condition at hand has the atom.
func (b *builder) met(a *atom) *formula {
	a.variable.atoms = append(a.variable.atoms, a)
	if !slices.Contains(b.seen, a.variable) {
		b.seen = append(b.seen, a.variable)
	}
	return &formula{connective: isAtom, atom: a}
}

// cannotBreak reports whether a part can always be evaluated and, where it is a
// whole condition, is true or false: comparisons of facts that are texts, or
// lists of them.
func cannotBreak(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IdentifierNode, *ast.StringNode:
		return n.Type().Kind() == reflect.String
	case *ast.BuiltinNode:
		switch n.Name {
		case "lower", "upper", "trim":
			return len(n.Arguments) == 1 && cannotBreak(n.Arguments[0])
		}
	case *ast.BinaryNode:
		if n.Operator == "in" {
			return n.Right.Type() == reflect.TypeFor[[]string]() && cannotBreak(n.Left)
		}
		return slices.Contains(certain, n.Operator) && cannotBreak(n.Left) && cannotBreak(n.Right)
	}
	return false
}
