package table

import (
	"bytes"
	"strconv"
)

// at follows a path into an item.
func (b *binding) at(path []step, s *stored) value {
	v := find(s, b.name(path[0]))
	for _, step := range path[1:] {
		if v.kind == 0 {
			return value{}
		}
		if step.index >= 0 {
			v = v.element(step.index)
		} else {
			v = v.member(b.name(step))
		}
	}
	return v
}

// of is an operand's value, none where a path leads nowhere.
func (b *binding) of(o *operand, s *stored) value {
	switch o.kind {
	case valueOperand:
		return b.values[o.slot]
	case sizeOperand:
		n, ok := length(b.of(&o.args[0], s))
		if !ok {
			return value{}
		}
		digits := strconv.AppendInt(nil, int64(n), 10)
		return value{raw: digits, kind: numberKind, size: numberSize(digits)}
	}
	return b.at(o.path, s)
}

// length is what the function size gives: bytes of a text or binary, elements
// of a list or map.
func length(v value) (int, bool) {
	switch v.kind {
	case textKind, binaryKind:
		return v.size, true
	case mapKind:
		return len(v.members()), true
	case listKind:
		return len(v.elements()), true
	}
	return 0, false
}

// holds evaluates a condition on an item, which may be nil.
func (b *binding) holds(c *cond, s *stored) bool {
	switch c.op {
	case opAnd:
		for _, kid := range c.kids {
			if !b.holds(kid, s) {
				return false
			}
		}
		return true
	case opOr:
		for _, kid := range c.kids {
			if b.holds(kid, s) {
				return true
			}
		}
		return false
	case opNot:
		return !b.holds(c.kids[0], s)
	}
	first := b.of(&c.args[0], s)
	switch c.op {
	case opExists:
		return first.kind != 0
	case opNotExists:
		return first.kind == 0
	case opBetween:
		return b.ordered(first, b.of(&c.args[1], s), opAtLeast) && b.ordered(first, b.of(&c.args[2], s), opAtMost)
	case opIn:
		for i := range c.args[1:] {
			if v := b.of(&c.args[i+1], s); first.kind != 0 && equal(first, v) {
				return true
			}
		}
		return false
	}
	second := b.of(&c.args[1], s)
	switch c.op {
	case opEqual:
		return first.kind != 0 && equal(first, second)
	case opUnequal:
		return first.kind == 0 || !equal(first, second)
	case opType:
		return first.kind != 0 && kindNames[first.kind] == string(second.raw)
	case opBegins:
		switch {
		case first.kind != second.kind:
		case first.kind == textKind:
			return bytes.HasPrefix(first.text(), second.text())
		case first.kind == binaryKind:
			return bytes.HasPrefix(first.binary(), second.binary())
		}
		return false
	case opContains:
		return contains(first, second)
	}
	return b.ordered(first, second, c.op)
}

func (b *binding) ordered(x, y value, o op) bool {
	c, ok := order(x, y)
	if !ok {
		return false
	}
	switch o {
	case opLess:
		return c < 0
	case opAtMost:
		return c <= 0
	case opMore:
		return c > 0
	}
	return c >= 0
}

func contains(v, part value) bool {
	switch {
	case v.kind == listKind:
		for _, e := range v.elements() {
			if equal(e, part) {
				return true
			}
		}
	case v.kind != part.kind:
	case v.kind == textKind:
		return bytes.Contains(v.text(), part.text())
	case v.kind == binaryKind:
		return bytes.Contains(v.binary(), part.binary())
	}
	return false
}

// check refuses a condition that no item could be asked, whatever is stored:
// values of a type that an operator does not take, or one path on both sides.
func (b *binding) check(c *cond) *fault {
	for _, kid := range c.kids {
		if f := b.check(kid); f != nil {
			return f
		}
	}
	for i := range c.args {
		if f := b.checkOperand(c.op, c.args, i); f != nil {
			return f
		}
	}
	if c.op != opBetween {
		return nil
	}
	low, high := c.args[1], c.args[2]
	if low.kind == valueOperand && high.kind == valueOperand {
		x, y := b.values[low.slot], b.values[high.slot]
		if c, ok := order(x, y); !ok {
			return invalid("Invalid expression: The BETWEEN operator requires same data type for lower and upper bounds")
		} else if c > 0 {
			return invalid("Invalid expression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound")
		}
	}
	return nil
}

func (b *binding) checkOperand(o op, args []operand, i int) *fault {
	arg := args[i]
	if i > 0 && arg.kind == pathOperand && args[0].kind == pathOperand && b.samePath(arg.path, args[0].path) {
		return invalid("Invalid expression: The first operand must be distinct from the remaining operands for this operator or function; operator: %s", opNames[o])
	}
	k := numberKind // of a size
	switch arg.kind {
	case sizeOperand:
		if of := arg.args[0]; of.kind == valueOperand {
			if _, ok := length(b.values[of.slot]); !ok {
				return invalid("Invalid expression: Incorrect operand type for operator or function; operator or function: size")
			}
		}
	case pathOperand:
		if o == opType && i == 1 {
			return invalid("Invalid expression: attribute_type takes the name of a type")
		}
		return nil
	case valueOperand:
		k = b.values[arg.slot].kind
	}
	taken := true
	switch o {
	case opLess, opAtMost, opMore, opAtLeast, opBetween:
		taken = k <= binaryKind
	case opBegins:
		taken = k == textKind || k == binaryKind
	case opType:
		if i == 1 {
			taken = k == textKind && typeNamed(string(b.values[arg.slot].raw))
		}
	case opContains:
		if i == 0 {
			taken = k == textKind || k == binaryKind || k == listKind
		}
	}
	if !taken {
		return invalid("Invalid expression: Incorrect operand type for operator or function; operator or function: %s, operand type: %s", opNames[o], kindNames[k])
	}
	return nil
}

func typeNamed(name string) bool {
	return kindOf([]byte(name)) != 0 || name == "SS" || name == "NS" || name == "BS"
}

// conjuncts are the parts of a condition that all have to hold.
func (c *cond) conjuncts() []*cond {
	if c.op == opAnd {
		return c.kids
	}
	return []*cond{c}
}

// text is a condition's stable text, see [Condition].
func (b *binding) text(c *cond) string {
	w := writer{e: b.e, resolve: b}
	w.cond(c, opEqual)
	return string(w.out)
}
