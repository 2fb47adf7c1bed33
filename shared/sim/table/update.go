package table

import (
	"bytes"
	"slices"

	"sluice/shared/schema"
)

// checkUpdate refuses an update that no item could take, whatever is stored.
func (b *binding) checkUpdate() *fault {
	u := b.e.update
	paths := u.paths()
	for i, p := range paths {
		for _, q := range paths[:i] {
			n := min(len(p), len(q))
			if b.samePath(p[:n], q[:n]) {
				return invalid("Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths")
			}
			if conflicting(b, p[:n], q[:n]) {
				return invalid("Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths")
			}
		}
	}
	for _, a := range u.set {
		if f := b.checkSource(a.a); f != nil {
			return f
		}
		if f := b.checkSource(a.b); f != nil {
			return f
		}
		if a.arith == 0 {
			continue
		}
		for _, o := range []operand{a.a, a.b} {
			if o.kind == appendListsOperand || o.kind == valueOperand && b.values[o.slot].kind != numberKind {
				return invalid("Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: %s", string(a.arith))
			}
		}
	}
	for _, a := range u.add {
		if b.values[a.slot].kind != numberKind {
			return invalid("Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD")
		}
	}
	return nil
}

// checkSource refuses a path that is to stand in for itself.
func (b *binding) checkSource(o operand) *fault {
	for _, arg := range o.args {
		if o.kind == ifMissingOperand && arg.kind == pathOperand && b.samePath(o.path, arg.path) {
			return invalid("Invalid UpdateExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: if_not_exists")
		}
		if f := b.checkSource(arg); f != nil {
			return f
		}
	}
	return nil
}

// conflicting reports whether two paths take one value for a map and for a list.
func conflicting(b *binding, p, q []step) bool {
	for i := range p {
		if (p[i].index >= 0) != (q[i].index >= 0) {
			return true
		}
		if !b.samePath(p[i:i+1], q[i:i+1]) {
			return false
		}
	}
	return false
}

// apply makes the item that an update leaves of the one before, which has at
// least the key.
func (b *binding) apply(before []field, s *stored) ([]field, *fault) {
	u := b.e.update
	for _, p := range u.paths() {
		if name := string(b.name(p[0])); name == schema.PK || name == schema.SK {
			return nil, invalid("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", name)
		}
	}
	set := make([]value, len(u.set))
	var f *fault
	for i := range u.set {
		if set[i], f = b.assigned(&u.set[i], s); f != nil {
			return nil, f
		}
	}
	root := &node{kind: mapKind}
	for _, f := range before {
		root.names = append(root.names, f.name)
		root.kids = append(root.kids, &node{leaf: f.value})
	}
	for i, a := range u.set {
		if f := b.put(root, a.path, set[i]); f != nil {
			return nil, f
		}
	}
	for _, path := range u.remove {
		if f := b.put(root, path, value{}); f != nil {
			return nil, f
		}
	}
	for _, a := range u.add {
		total := b.values[a.slot]
		if had := b.at(a.path, s); had.kind != 0 {
			if total, f = arithmetic(had, total, false); f != nil {
				return nil, f
			}
		}
		if f := b.put(root, a.path, total); f != nil {
			return nil, f
		}
	}
	return root.fields(), nil
}

// assigned is the value that an assignment gives, by the item as it was.
func (b *binding) assigned(a *assignment, s *stored) (value, *fault) {
	v, f := b.source(&a.a, s)
	if f != nil || a.arith == 0 {
		return v, f
	}
	w, f := b.source(&a.b, s)
	if f != nil {
		return v, f
	}
	return arithmetic(v, w, a.arith == '-')
}

func (b *binding) source(o *operand, s *stored) (value, *fault) {
	switch o.kind {
	case valueOperand:
		return b.values[o.slot], nil
	case ifMissingOperand:
		if v := b.at(o.path, s); v.kind != 0 {
			return v, nil
		}
		return b.source(&o.args[0], s)
	case appendListsOperand:
		x, f := b.source(&o.args[0], s)
		if f != nil {
			return x, f
		}
		y, f := b.source(&o.args[1], s)
		if f != nil {
			return y, f
		}
		if x.kind != listKind || y.kind != listKind {
			return x, wrongType()
		}
		return newList(slices.Concat(x.elements(), y.elements())), nil
	}
	v := b.at(o.path, s)
	if v.kind == 0 {
		return v, invalid("The provided expression refers to an attribute that does not exist in the item")
	}
	return v, nil
}

func wrongType() *fault {
	return invalid("An operand in the update expression has an incorrect data type")
}

func arithmetic(a, b value, minus bool) (value, *fault) {
	if a.kind != numberKind || b.kind != numberKind {
		return value{}, wrongType()
	}
	digits, f := sum(a.raw, b.raw, minus)
	if f != nil {
		return value{}, f
	}
	return value{raw: digits, kind: numberKind, size: numberSize(digits)}, nil
}

// put sets a path to a value, or removes it where the value is none.
func (b *binding) put(root *node, path []step, v value) *fault {
	at := root
	for _, s := range path[:len(path)-1] {
		if at = at.step(b, s); at == nil {
			return invalid("The document path provided in the update expression is invalid for update")
		}
	}
	if !at.open().put(b, path[len(path)-1], v) {
		return invalid("The document path provided in the update expression is invalid for update")
	}
	return nil
}

// node is a value that is being changed: a leaf, or a map or list of nodes.
type node struct {
	leaf  value
	kind  kind // of an opened map or list, else 0
	names [][]byte
	kids  []*node // in a list, nil is one removed
	extra []appended
}

// appended is an element set behind a list's end.
type appended struct {
	index int
	value value
}

// open takes a leaf that is a map or a list apart.
func (n *node) open() *node {
	if n.kind != 0 {
		return n
	}
	switch n.leaf.kind {
	case mapKind:
		for _, f := range n.leaf.members() {
			n.names = append(n.names, f.name)
			n.kids = append(n.kids, &node{leaf: f.value})
		}
	case listKind:
		for _, v := range n.leaf.elements() {
			n.kids = append(n.kids, &node{leaf: v})
		}
	default:
		return n
	}
	n.kind = n.leaf.kind
	return n
}

// step goes one step down a path, nil where there is nothing.
func (n *node) step(b *binding, s step) *node {
	n = n.open()
	switch {
	case s.index < 0 && n.kind == mapKind:
		if i, found := slices.BinarySearchFunc(n.names, b.name(s), bytes.Compare); found {
			return n.kids[i]
		}
	case s.index >= 0 && n.kind == listKind && s.index < len(n.kids):
		return n.kids[s.index]
	}
	return nil
}

// put sets or removes an entry; false where the node cannot have it.
func (n *node) put(b *binding, s step, v value) bool {
	if s.index >= 0 {
		return n.putElement(s.index, v)
	}
	if n.kind != mapKind {
		return false
	}
	name := b.name(s)
	i, found := slices.BinarySearchFunc(n.names, name, bytes.Compare)
	switch {
	case v.kind == 0 && found:
		n.names, n.kids = slices.Delete(n.names, i, i+1), slices.Delete(n.kids, i, i+1)
	case v.kind == 0:
	case found:
		n.kids[i] = &node{leaf: v}
	default:
		n.names, n.kids = slices.Insert(n.names, i, name), slices.Insert(n.kids, i, &node{leaf: v})
	}
	return true
}

func (n *node) putElement(i int, v value) bool {
	switch {
	case n.kind != listKind:
		return false
	case i >= len(n.kids) && v.kind != 0:
		n.extra = append(n.extra, appended{i, v})
	case i >= len(n.kids):
	case v.kind == 0:
		n.kids[i] = nil
	default:
		n.kids[i] = &node{leaf: v}
	}
	return true
}

// value closes the node again.
func (n *node) value() value {
	switch n.kind {
	case mapKind:
		return newMap(n.fields())
	case listKind:
		var elements []value
		for _, kid := range n.kids {
			if kid != nil {
				elements = append(elements, kid.value())
			}
		}
		slices.SortFunc(n.extra, func(a, b appended) int { return a.index - b.index })
		for _, e := range n.extra {
			elements = append(elements, e.value)
		}
		return newList(elements)
	}
	return n.leaf
}

func (n *node) fields() []field {
	out := make([]field, len(n.kids))
	for i, kid := range n.kids {
		out[i] = field{n.names[i], kid.value()}
	}
	return out
}

// adopt adds an entry and returns it, or the one that is there. The order of a
// list is that of the calls.
func (n *node) adopt(b *binding, s step, kid *node) *node {
	if s.index >= 0 {
		n.kids = append(n.kids, kid)
		return kid
	}
	i, found := slices.BinarySearchFunc(n.names, b.name(s), bytes.Compare)
	if found {
		return n.kids[i]
	}
	n.names, n.kids = slices.Insert(n.names, i, b.name(s)), slices.Insert(n.kids, i, kid)
	return kid
}
