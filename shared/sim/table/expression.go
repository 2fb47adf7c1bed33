package table

import "strconv"

// expression is a condition, a key condition or an update, parsed. It refers to
// names and values by their number in its lists, to be bound for each request.
type expression struct {
	cond   *cond
	update *update
	names  []string // placeholders with their #
	values []string // placeholders with their :
}

// step is one part of a document path.
type step struct {
	slot  int    // of a placeholder in expression.names; -1 is none
	name  []byte // as written, without placeholder
	index int    // of a list's element; -1 where the step is a name
}

// operandKind tells operands apart.
type operandKind byte

const (
	pathOperand operandKind = iota
	valueOperand
	sizeOperand        // of the argument, a path or a value
	ifMissingOperand   // the path's value, else the argument's; updates only
	appendListsOperand // both arguments, one after the other; updates only
)

type operand struct {
	kind operandKind
	path []step
	slot int // of a value
	args []operand
}

// op is an operator or a function of a condition.
type op byte

const (
	opAnd op = iota
	opOr
	opNot
	opEqual
	opUnequal
	opLess
	opAtMost
	opMore
	opAtLeast
	opBetween
	opIn
	opExists
	opNotExists
	opType
	opBegins
	opContains
)

var opNames = [...]string{
	opAnd: "AND", opOr: "OR", opNot: "NOT",
	opEqual: "=", opUnequal: "<>", opLess: "<", opAtMost: "<=", opMore: ">", opAtLeast: ">=",
	opBetween: "BETWEEN", opIn: "IN",
	opExists: "attribute_exists", opNotExists: "attribute_not_exists", opType: "attribute_type",
	opBegins: "begins_with", opContains: "contains",
}

// cond is a condition: of other conditions or of operands.
type cond struct {
	op   op
	kids []*cond
	args []operand
}

// update is an update's actions, those of each clause in the order written.
type update struct {
	set    []assignment
	remove [][]step
	add    []addition
	paths  [][]step // all that are written
}

// assignment sets a path to an operand, or to the sum or difference of two.
type assignment struct {
	path  []step
	a, b  operand
	arith byte // '+', '-' or 0
}

type addition struct {
	path []step
	slot int // of the value added
}

// writer renders parts of an expression. With resolve it gives the stable text
// of [Condition]: names instead of placeholders, ? for values, * for what
// follows the first name of a path.
type writer struct {
	e       *expression
	resolve *binding
	out     []byte
}

func (w *writer) put(s string) { w.out = append(w.out, s...) }

func (w *writer) path(path []step) {
	for i, s := range path {
		switch {
		case i > 0 && w.resolve != nil:
			w.put(".*")
			continue
		case s.index >= 0:
			w.put("[" + strconv.Itoa(s.index) + "]")
			continue
		case i > 0:
			w.put(".")
		}
		switch {
		case s.slot < 0:
			w.out = append(w.out, s.name...)
		case w.resolve != nil:
			w.out = append(w.out, w.resolve.names[s.slot]...)
		default:
			w.put(w.e.names[s.slot])
		}
	}
}

func (w *writer) operand(o operand) {
	switch o.kind {
	case pathOperand:
		w.path(o.path)
	case valueOperand:
		if w.resolve != nil {
			w.put("?")
			return
		}
		w.put(w.e.values[o.slot])
	case sizeOperand:
		w.put("size(")
		w.operands(o.args)
		w.put(")")
	case ifMissingOperand:
		w.put("if_not_exists(")
		w.path(o.path)
		w.put(", ")
		w.operand(o.args[0])
		w.put(")")
	case appendListsOperand:
		w.put("list_append(")
		w.operands(o.args)
		w.put(")")
	}
}

func (w *writer) operands(list []operand) {
	for i, o := range list {
		if i > 0 {
			w.put(", ")
		}
		w.operand(o)
	}
}

// cond writes a condition, in parentheses where it binds less than what is
// around it.
func (w *writer) cond(c *cond, around op) {
	loose := c.op == opAnd && around != opOr || c.op == opOr || c.op == opNot && around == opNot
	if loose = loose && around != opEqual; loose { // opEqual: nothing is around
		w.put("(")
		defer w.put(")")
	}
	switch c.op {
	case opAnd, opOr:
		for i, kid := range c.kids {
			if i > 0 {
				w.put(" " + opNames[c.op] + " ")
			}
			w.cond(kid, c.op)
		}
	case opNot:
		w.put("NOT ")
		w.cond(c.kids[0], opNot)
	case opBetween:
		w.operand(c.args[0])
		w.put(" BETWEEN ")
		w.operand(c.args[1])
		w.put(" AND ")
		w.operand(c.args[2])
	case opIn:
		w.operand(c.args[0])
		w.put(" IN (")
		w.operands(c.args[1:])
		w.put(")")
	case opExists, opNotExists, opType, opBegins, opContains:
		w.put(opNames[c.op] + "(")
		w.operands(c.args)
		w.put(")")
	default:
		w.operand(c.args[0])
		w.put(" " + opNames[c.op] + " ")
		w.operand(c.args[1])
	}
}

func (w *writer) update(u *update) {
	clause := func(word string, n int, each func(i int)) {
		for i := range n {
			switch {
			case i > 0:
				w.put(", ")
			case len(w.out) > 0:
				w.put(" " + word + " ")
			default:
				w.put(word + " ")
			}
			each(i)
		}
	}
	clause("SET", len(u.set), func(i int) {
		a := u.set[i]
		w.path(a.path)
		w.put(" = ")
		w.operand(a.a)
		if a.arith != 0 {
			w.put(" " + string(a.arith) + " ")
			w.operand(a.b)
		}
	})
	clause("REMOVE", len(u.remove), func(i int) { w.path(u.remove[i]) })
	clause("ADD", len(u.add), func(i int) {
		w.path(u.add[i].path)
		w.put(" " + w.e.values[u.add[i].slot])
	})
}

// String is the expression written anew.
func (e *expression) String() string {
	w := writer{e: e}
	if e.cond != nil {
		w.cond(e.cond, opEqual)
	} else {
		w.update(e.update)
	}
	return string(w.out)
}
