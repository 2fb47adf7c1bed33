package table

import (
	"slices"
	"strconv"
	"strings"
)

// parse reads a condition, or an update.
func parse(text string, isUpdate bool) (*expression, *fault) {
	p := &parser{text: text, out: &expression{}}
	if len(text) > mostExpression {
		return nil, invalid("Expression size has exceeded the maximum allowed size")
	}
	p.advance()
	switch {
	case p.token == "":
		p.syntax()
	case isUpdate:
		p.out.update = p.update()
	default:
		p.out.cond = p.or()
	}
	if p.token != "" {
		p.syntax()
	}
	return p.out, p.fault
}

func (p *parser) or() *cond {
	return p.chain(opOr, func() *cond { return p.chain(opAnd, p.not) })
}

// chain reads conditions with one operator between them. Those of the same
// operator within parentheses are taken as if there were none.
func (p *parser) chain(o op, part func() *cond) *cond {
	first := part()
	if !p.is(opNames[o]) || p.fault != nil {
		return first
	}
	all := &cond{op: o}
	add := func(c *cond) {
		if c != nil && c.op == o {
			all.kids = append(all.kids, c.kids...)
			return
		}
		all.kids = append(all.kids, c)
	}
	add(first)
	for p.take(opNames[o]) {
		add(part())
	}
	return all
}

func (p *parser) not() *cond {
	if !p.is("NOT") {
		return p.primary()
	}
	if !p.enter() {
		return nil
	}
	defer p.leave()
	p.advance()
	return &cond{op: opNot, kids: []*cond{p.not()}}
}

func (p *parser) primary() *cond {
	if p.is("(") {
		return p.parenthesized()
	}
	if c := p.function(); c != nil {
		return c
	}
	c := &cond{args: []operand{p.operand(false)}}
	switch {
	case p.take("BETWEEN"):
		c.op = opBetween
		c.args = append(c.args, p.operand(false))
		p.expect("AND")
		c.args = append(c.args, p.operand(false))
	case p.take("IN"):
		c.op = opIn
		p.expect("(")
		for more := true; more && p.fault == nil; more = p.take(",") {
			c.args = append(c.args, p.operand(false))
		}
		p.expect(")")
		if len(c.args)-1 > mostIn {
			p.fail(invalid("Invalid expression: the IN operator is provided with too many operands"))
		}
	default:
		i := slices.Index(opNames[opEqual:opBetween], p.token)
		if i < 0 {
			p.syntax()
			return c
		}
		p.advance()
		c.op = opEqual + op(i)
		c.args = append(c.args, p.operand(false))
	}
	return c
}

func (p *parser) parenthesized() *cond {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	p.advance()
	if p.is("(") {
		before := p.at
		c := p.or()
		if p.is(")") && closes(p.text[before-1:p.at-1]) {
			p.fail(invalid("Invalid expression: The expression has redundant parentheses"))
		}
		p.expect(")")
		return c
	}
	c := p.or()
	p.expect(")")
	return c
}

// closes reports whether the first parenthesis of a text is closed by its last
// character.
func closes(text string) bool {
	depth := 0
	text = strings.TrimRight(text, " \t\r\n")
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return i == len(text)-1
		}
	}
	return false
}

// functions are those of conditions, with how many operands they take.
var functions = map[string]struct {
	op   op
	args int
}{
	"attribute_exists":     {opExists, 1},
	"attribute_not_exists": {opNotExists, 1},
	"attribute_type":       {opType, 2},
	"begins_with":          {opBegins, 2},
	"contains":             {opContains, 2},
}

// function reads a condition that is a function, nil where there is none.
func (p *parser) function() *cond {
	f, known := functions[p.token]
	if !known || !p.beforeParen() {
		return nil
	}
	p.advance()
	c := &cond{op: f.op, args: p.arguments(f.args, false)}
	if len(c.args) == 0 {
		return c
	}
	needsPath := f.op == opExists || f.op == opNotExists
	if needsPath && c.args[0].kind != pathOperand {
		p.fail(invalid("Invalid expression: Operator or function requires a document path; operator or function: %s", opNames[f.op]))
	}
	return c
}

// beforeParen reports whether an opening parenthesis follows the next token.
func (p *parser) beforeParen() bool {
	return strings.HasPrefix(strings.TrimLeft(p.text[p.at:], " \t\r\n"), "(")
}

// arguments reads n operands in parentheses.
func (p *parser) arguments(n int, inUpdate bool) []operand {
	p.expect("(")
	var args []operand
	for more := true; more && p.fault == nil; more = p.take(",") {
		args = append(args, p.operand(inUpdate))
	}
	p.expect(")")
	if p.fault == nil && len(args) != n {
		p.fail(invalid("Invalid expression: Incorrect number of operands for operator or function"))
	}
	if p.fault != nil {
		return nil
	}
	return args
}

// operand reads a path, a value, or a function of one.
func (p *parser) operand(inUpdate bool) operand {
	if !p.enter() {
		return operand{}
	}
	defer p.leave()
	if strings.HasPrefix(p.token, ":") {
		slot := slot(&p.out.values, p.token)
		p.advance()
		return operand{kind: valueOperand, slot: slot}
	}
	if p.token == "" || !isLetter(p.token[0]) || !p.beforeParen() {
		return operand{kind: pathOperand, path: p.path()}
	}
	name := p.token
	p.advance()
	switch {
	case name == "size" && !inUpdate:
		args := p.arguments(1, inUpdate)
		if len(args) == 1 && args[0].kind == sizeOperand {
			p.fail(invalid("Invalid expression: Function is not allowed to be used this way in an expression; function: size"))
		}
		return operand{kind: sizeOperand, args: args}
	case name == "if_not_exists" && inUpdate:
		args := p.arguments(2, inUpdate)
		if len(args) == 2 && args[0].kind != pathOperand {
			p.fail(invalid("Invalid expression: Operator or function requires a document path; operator or function: if_not_exists"))
		}
		if p.fault == nil {
			return operand{kind: ifMissingOperand, path: args[0].path, args: args[1:]}
		}
	case name == "list_append" && inUpdate:
		return operand{kind: appendListsOperand, args: p.arguments(2, inUpdate)}
	default:
		p.fail(invalid("Invalid expression: Invalid function name; function: %s", name))
	}
	return operand{}
}

// slot is a placeholder's number in a list, which it is added to if need be.
func slot(list *[]string, placeholder string) int {
	i := slices.Index(*list, placeholder)
	if i < 0 {
		i = len(*list)
		*list = append(*list, placeholder)
	}
	return i
}

func (p *parser) path() []step {
	path := []step{p.name()}
	for p.fault == nil {
		switch {
		case p.take("."):
			path = append(path, p.name())
		case p.take("["):
			i, err := strconv.ParseInt(p.token, 10, 32)
			if err != nil || !isDigit(p.token[0]) {
				p.syntax()
				return path
			}
			p.advance()
			p.expect("]")
			path = append(path, step{slot: -1, index: int(i)})
		default:
			if len(path) > mostNesting {
				p.fail(invalid("Invalid expression: The document path has too many nesting elements"))
			}
			return path
		}
	}
	return path
}

// keywords cannot be names.
var keywords = []string{"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"}

func (p *parser) name() step {
	s := step{slot: -1, index: -1}
	switch {
	case strings.HasPrefix(p.token, "#"):
		s.slot = slot(&p.out.names, p.token)
	case p.token != "" && isLetter(p.token[0]) && !slices.ContainsFunc(keywords, p.is):
		s.name = []byte(p.token)
	default:
		p.syntax()
		return s
	}
	p.advance()
	return s
}
