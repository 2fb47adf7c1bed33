package table

import (
	"bytes"
	"slices"
	"sync"
)

// mostParsed bounds the expressions that are kept parsed; then they start anew.
const mostParsed = 4096

// cache keeps expressions parsed, by their text. Copies of a table share it,
// and may run side by side.
type cache struct {
	mu      sync.RWMutex
	conds   map[string]parsed
	updates map[string]parsed
}

type parsed struct {
	e     *expression
	fault *fault
}

func newCache() *cache { return &cache{conds: map[string]parsed{}, updates: map[string]parsed{}} }

// get parses a text, or finds it parsed.
func (c *cache) get(text []byte, isUpdate bool) (*expression, *fault) {
	kept := c.conds
	if isUpdate {
		kept = c.updates
	}
	c.mu.RLock()
	p, ok := kept[string(text)]
	c.mu.RUnlock()
	if ok {
		return p.e, p.fault
	}
	p.e, p.fault = parse(string(text), isUpdate)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(kept) >= mostParsed {
		clear(kept)
	}
	kept[string(text)] = p
	return p.e, p.fault
}

// binding is an expression with the names and values of one request. Without an
// expression it is what a request has that gave none.
type binding struct {
	e      *expression
	names  [][]byte // by slot
	values []value  // by slot
}

// emptied keeps nothing but memory.
func (b binding) emptied() binding { return binding{names: b.names[:0], values: b.values[:0]} }

// name is what a step of a path stands for.
func (b *binding) name(s step) []byte {
	if s.slot < 0 {
		return s.name
	}
	return b.names[s.slot]
}

func (b *binding) samePath(p, q []step) bool {
	return slices.EqualFunc(p, q, func(s, t step) bool {
		return s.index == t.index && (s.index >= 0 || bytes.Equal(b.name(s), b.name(t)))
	})
}

// pair is a placeholder of a name, and the name.
type pair struct{ placeholder, name []byte }

// expressions are the parts of a request that expressions are made of.
type expressions struct {
	names     []pair
	values    []field
	hasNames  bool
	hasValues bool
	usedNames []bool
	used      []bool // values
}

// emptied keeps nothing but memory.
func (x expressions) emptied() expressions {
	return expressions{names: x.names[:0], values: x.values[:0], usedNames: x.usedNames, used: x.used}
}

// bind parses a text and binds it. Without a text the binding is empty.
func (x *expressions) bind(c *cache, b *binding, text []byte, isUpdate bool) *fault {
	if text == nil {
		return nil
	}
	e, f := c.get(text, isUpdate)
	if f != nil {
		return f
	}
	b.e = e
	b.names = slices.Grow(b.names[:0], len(e.names))[:len(e.names)]
	b.values = slices.Grow(b.values[:0], len(e.values))[:len(e.values)]
	for slot, placeholder := range e.names {
		i := slices.IndexFunc(x.names, func(p pair) bool { return string(p.placeholder) == placeholder })
		if i < 0 {
			return invalid("Invalid expression: An expression attribute name used in the document path is not defined; attribute name: %s", placeholder)
		}
		b.names[slot], x.usedNames[i] = x.names[i].name, true
	}
	for slot, placeholder := range e.values {
		i := slices.IndexFunc(x.values, func(f field) bool { return string(f.name) == placeholder })
		if i < 0 {
			return invalid("Invalid expression: An expression attribute value used in expression is not defined; attribute value: %s", placeholder)
		}
		b.values[slot], x.used[i] = x.values[i].value, true
	}
	return nil
}

// begin forgets which names and values were used.
func (x *expressions) begin() {
	x.usedNames = append(x.usedNames[:0], make([]bool, len(x.names))...)
	x.used = append(x.used[:0], make([]bool, len(x.values))...)
}

// finish refuses names and values that no expression used. Binding comes before.
func (x *expressions) finish(hasExpression bool) *fault {
	switch {
	case !hasExpression && x.hasNames:
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	case !hasExpression && x.hasValues:
		return invalid("ExpressionAttributeValues can only be specified when using expressions")
	case x.hasNames && len(x.names) == 0:
		return invalid("ExpressionAttributeNames must not be empty")
	case x.hasValues && len(x.values) == 0:
		return invalid("ExpressionAttributeValues must not be empty")
	}
	for i, used := range x.usedNames {
		if !used {
			return invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", x.names[i].placeholder)
		}
	}
	for i, used := range x.used {
		if !used {
			return invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", x.values[i].name)
		}
	}
	for _, p := range x.names {
		if len(p.placeholder) < 2 || p.placeholder[0] != '#' || len(p.name) == 0 {
			return invalid("ExpressionAttributeNames contains invalid key or value: %s", p.placeholder)
		}
	}
	for _, f := range x.values {
		if len(f.name) < 2 || f.name[0] != ':' {
			return invalid("ExpressionAttributeValues contains invalid key: %s", f.name)
		}
	}
	return nil
}
