package rule

import (
	"fmt"
	"reflect"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
)

// guard walks the tree of a condition once, children first: it refuses what the
// language of conditions does not have, notes what the condition uses, and makes
// comparisons with missing answers harmless.
type guard struct {
	fault string // the first one
	uses  Uses
}

// Visit implements ast.Visitor.
func (g *guard) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		if !slices.Contains(g.uses.Facts, n.Value) {
			g.uses.Facts = append(g.uses.Facts, n.Value)
		}
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode,
		*ast.StringNode, *ast.ConstantNode, *ast.ChainNode:
	case *ast.ArrayNode:
		g.array(node, n)
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			n.Node = truth(n.Node)
		}
	case *ast.BinaryNode:
		g.binary(node, n)
	case *ast.ConditionalNode:
		n.Cond = truth(n.Cond)
	case *ast.MemberNode:
		g.member(n)
	case *ast.BuiltinNode:
		if !slices.Contains(Functions, n.Name) {
			g.refuse("%s is not available here: use comparisons, in, contains, startsWith, endsWith, matches and the functions %s",
				n.Name, strings.Join(Functions, ", "))
		}
	case *ast.CallNode:
		g.refuse("%s is not a function: the functions are %s", n.Callee, strings.Join(Functions, ", "))
	default:
		g.refuse("loops, variables, ranges and maps are not available here: write a comparison")
	}
}

func (g *guard) refuse(format string, args ...any) {
	if g.fault == "" {
		g.fault = fmt.Sprintf(format, args...)
	}
}

func (g *guard) binary(node *ast.Node, n *ast.BinaryNode) {
	g.numeric(n.Left, n.Right)
	g.numeric(n.Right, n.Left)
	switch n.Operator {
	case "..":
		g.refuse("write a range as two comparisons, such as answer.age >= 4 and answer.age <= 9")
	case "**", "^":
		g.refuse("powers are not available here")
	case "matches":
		g.pattern(n.Right)
	case "and", "&&", "or", "||":
		n.Left, n.Right = truth(n.Left), truth(n.Right)
	case "==", "!=":
		g.literal(n.Left, n.Right)
		g.literal(n.Right, n.Left)
	case "in":
		g.literal(n.Left, n.Right)
	case "<", "<=", ">", ">=":
		if !unknown(n.Left) && !unknown(n.Right) {
			return
		}
		call := &ast.CallNode{
			Callee:    &ast.IdentifierNode{Value: comparisons[n.Operator].name},
			Arguments: []ast.Node{n.Left, n.Right},
		}
		ast.Patch(node, call)
	}
}

// member allows answer.name only: facts have no other parts, and a name that is
// computed cannot be checked.
func (g *guard) member(n *ast.MemberNode) {
	of, isName := n.Node.(*ast.IdentifierNode)
	name, isText := n.Property.(*ast.StringNode)
	if !isName || of.Value != "answer" || !isText {
		g.refuse("a dot or bracket takes an answer by its name, such as answer.age")
		return
	}
	if !slices.Contains(g.uses.Answers, name.Value) {
		g.uses.Answers = append(g.uses.Answers, name.Value)
	}
}

// chance is the one fact whose type shows only when a condition runs: it is a number
// or, without a model, missing.
const chance = "chance"

// numeric refuses to compare the chance with what it never is.
func (g *guard) numeric(fact, value ast.Node) {
	if name, ok := fact.(*ast.IdentifierNode); !ok || name.Value != chance {
		return
	}
	if t := value.Type(); t == reflect.TypeFor[string]() || t == reflect.TypeFor[[]string]() {
		g.refuse("chance is a number from 0 to 1: compare it with one, such as chance >= 0.3")
	}
}

// literal notes that a fact is compared with texts.
func (g *guard) literal(fact, value ast.Node) {
	var name string
	switch n := fact.(type) {
	case *ast.IdentifierNode:
		name = n.Value
	case *ast.MemberNode: // of nothing but answer
		name = "answer." + strings.Trim(n.Property.String(), `"`)
	default:
		return
	}
	var texts []string
	switch v := value.(type) {
	case *ast.StringNode:
		texts = []string{v.Value}
	case *ast.ConstantNode:
		texts, _ = v.Value.([]string)
	}
	if len(texts) > 0 {
		g.uses.Literals[name] = append(g.uses.Literals[name], texts...)
	}
}

// array turns a list of literals into a constant, built once. The library's own
// way makes a map of it, which panics when it is asked for another type.
func (g *guard) array(node *ast.Node, n *ast.ArrayNode) {
	var texts []string
	var numbers []int
	var values []any
	for _, element := range n.Nodes {
		switch e := element.(type) {
		case *ast.StringNode:
			texts, values = append(texts, e.Value), append(values, e.Value)
		case *ast.IntegerNode:
			numbers, values = append(numbers, e.Value), append(values, e.Value)
		case *ast.FloatNode:
			values = append(values, e.Value)
		case *ast.BoolNode:
			values = append(values, e.Value)
		default:
			g.refuse("a list holds texts, numbers, true and false only")
			return
		}
	}
	// Typed where it can be, so that a text is not looked for among numbers.
	var list any = values
	switch len(values) {
	case len(texts):
		list = texts
	case len(numbers):
		list = numbers
	}
	constant := &ast.ConstantNode{Value: list}
	ast.Patch(node, constant)
	constant.SetType(reflect.TypeOf(list))
}

// pattern bounds a regular expression: its running time is the text's length
// times its number of instructions.
func (g *guard) pattern(n ast.Node) {
	text, ok := n.(*ast.StringNode)
	if !ok {
		g.refuse("matches takes a pattern in quotes")
		return
	}
	parsed, err := syntax.Parse(text.Value, syntax.Perl)
	if err != nil {
		g.refuse("the pattern is not a regular expression: %v", err)
		return
	}
	if program, err := syntax.Compile(parsed.Simplify()); err != nil || len(program.Inst) > MaxPattern {
		g.refuse("simplify the pattern: it is too large to run on every lead")
	}
}

// truth makes a missing yes-or-no answer false.
func truth(n ast.Node) ast.Node {
	if !unknown(n) {
		return n
	}
	equal := &ast.BinaryNode{Operator: "==", Left: n, Right: &ast.BoolNode{Value: true}}
	equal.SetLocation(n.Location())
	equal.SetType(reflect.TypeFor[bool]())
	return equal
}

// unknown reports whether the type shows only when the condition runs.
func unknown(n ast.Node) bool {
	t := n.Type()
	return t == nil || t.Kind() == reflect.Interface
}

func addComparisons(config *conf.Config) {
	signature := []reflect.Type{reflect.TypeFor[func(any, any) bool]()}
	for _, c := range comparisons {
		config.Functions[c.name] = &builtin.Function{
			Name:  c.name,
			Types: signature,
			Func: func(args ...any) (any, error) {
				if args[0] == nil || args[1] == nil {
					return false, nil
				}
				return c.less(args[0], args[1]), nil
			},
		}
	}
}
