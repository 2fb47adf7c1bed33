package table

import (
	"bytes"
	"slices"
)

// draft is an item that is being changed: its fields, sorted, and for those that
// are changed within, what they are taken apart to.
type draft struct {
	fields []field
	nodes  []*node
}

// begin takes over an item's fields.
func (d *draft) begin(s *stored) {
	d.fields = s.fields(d.fields)
	d.nodes = append(d.nodes[:0], make([]*node, len(d.fields))...)
}

// put sets a path to a value, or removes it where the value is none.
func (d *draft) put(b *binding, path []step, v value) *fault {
	name := b.name(path[0])
	i, found := slices.BinarySearchFunc(d.fields, name, func(f field, name []byte) int { return bytes.Compare(f.name, name) })
	switch {
	case len(path) > 1 && found:
		if d.nodes[i] == nil {
			d.nodes[i] = &node{leaf: d.fields[i].value}
		}
		return d.nodes[i].putAt(b, path[1:], v)
	case len(path) > 1:
		return badPath()
	case v.kind == 0 && found:
		d.fields, d.nodes = slices.Delete(d.fields, i, i+1), slices.Delete(d.nodes, i, i+1)
	case v.kind == 0:
	case found:
		d.fields[i].value = v
	default:
		d.fields, d.nodes = slices.Insert(d.fields, i, field{name, v}), slices.Insert(d.nodes, i, nil)
	}
	return nil
}

// close puts what was taken apart together again.
func (d *draft) close() {
	for i, n := range d.nodes {
		if n != nil {
			d.fields[i].value = n.value()
		}
	}
}

func badPath() *fault {
	return invalid("The document path provided in the update expression is invalid for update")
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

// putAt sets or removes what a path leads to.
func (n *node) putAt(b *binding, path []step, v value) *fault {
	last := len(path) - 1
	for _, s := range path[:last] {
		if n = n.step(b, s); n == nil {
			return badPath()
		}
	}
	if !n.open().put(b, path[last], v) {
		return badPath()
	}
	return nil
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
