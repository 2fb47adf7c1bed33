package table

import (
	"bytes"
	"encoding/base64"
	"slices"
)

// kind is a type of attribute value.
type kind byte

// The kinds that are modelled. Sets are not.
const (
	textKind kind = iota + 1
	numberKind
	binaryKind
	boolKind
	nullKind
	mapKind
	listKind
)

// names of the kinds on the wire.
var kindNames = [...]string{textKind: "S", numberKind: "N", binaryKind: "B", boolKind: "BOOL", nullKind: "NULL", mapKind: "M", listKind: "L"}

func kindOf(name []byte) kind {
	for k := textKind; k <= listKind; k++ {
		if kindNames[k] == string(name) {
			return k
		}
	}
	return 0
}

// value is an attribute value as it stands on the wire, so that most are never
// decoded: between its quotes for text, number and binary, whole for the others.
// Numbers are canonical; members of maps are in order.
type value struct {
	raw     []byte
	size    int  // bytes as the service counts them
	kind    kind // 0 is no value
	escaped bool // a text with escapes in it
}

// field is an attribute, or an entry of a map.
type field struct {
	name  []byte // decoded
	value value
}

// mostNesting is how deep lists and maps may stand in each other.
const mostNesting = 32

// fields reads an object of attribute values, sorted by name. The slice given
// is used again.
func (r *reader) fields(out []field, depth int) []field {
	out = out[:0]
	r.object(func(name []byte) {
		f := field{name: name, value: r.value(depth)}
		at, found := slices.BinarySearchFunc(out, f, func(a, b field) int { return bytes.Compare(a.name, b.name) })
		if found {
			out[at] = f // the last one counts
			return
		}
		out = slices.Insert(out, at, f)
	})
	return out
}

// value reads one attribute value.
func (r *reader) value(depth int) (v value) {
	kinds := 0
	r.object(func(name []byte) {
		kinds++
		v = r.valueOf(name, depth)
	})
	switch {
	case r.fault != nil:
		return value{}
	case kinds == 0:
		r.fail(invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	case kinds > 1:
		r.fail(invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"))
	}
	return v
}

func (r *reader) valueOf(name []byte, depth int) value {
	v := value{kind: kindOf(name)}
	switch v.kind {
	case textKind:
		v.raw, v.size, v.escaped = r.quoted()
	case numberKind:
		digits, f := canonical(r.text())
		if r.fault != nil {
			return value{}
		}
		if f != nil {
			r.fail(f)
			return value{}
		}
		v.raw, v.size = digits, numberSize(digits)
	case binaryKind:
		v.raw = r.text()
		n, ok := binarySize(v.raw)
		if !ok {
			r.malformed()
		}
		v.size = n
	case boolKind:
		v.raw, v.size = falseText, 1
		if r.boolean() {
			v.raw = trueText
		}
	case nullKind:
		v.raw, v.size = trueText, 1
		if !r.boolean() && r.fault == nil {
			r.fail(invalid("One or more parameter values were invalid: Null attribute value types must have the value of true"))
		}
	case mapKind, listKind:
		if depth >= mostNesting {
			r.fail(invalid("Nesting Levels have exceeded supported limits"))
			return value{}
		}
		return r.nested(v.kind, depth+1)
	default:
		r.fail(invalid("attribute values of type %s are not modelled", name))
	}
	return v
}

var (
	trueText  = []byte("true")
	falseText = []byte("false")
)

// nested reads a map or a list and writes it anew, its members in order.
func (r *reader) nested(k kind, depth int) value {
	if k == mapKind {
		return newMap(r.fields(nil, depth))
	}
	var elements []value
	r.array(func() { elements = append(elements, r.value(depth)) })
	return newList(elements)
}

// newMap makes a value of sorted fields.
func newMap(fields []field) value {
	v := value{kind: mapKind, size: 3, raw: appendFields(nil, fields)}
	for _, f := range fields {
		v.size += 1 + len(f.name) + f.value.size
	}
	return v
}

func newList(elements []value) value {
	v := value{kind: listKind, size: 3, raw: []byte{'['}}
	for i, e := range elements {
		if i > 0 {
			v.raw = append(v.raw, ',')
		}
		v.raw = e.append(v.raw)
		v.size += 1 + e.size
	}
	v.raw = append(v.raw, ']')
	return v
}

func appendFields(out []byte, fields []field) []byte {
	out = append(out, '{')
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendText(out, f.name), ':')
		out = f.value.append(out)
	}
	return append(out, '}')
}

// append appends the value as it stands on the wire.
func (v value) append(out []byte) []byte {
	out = append(append(append(out, '{', '"'), kindNames[v.kind]...), '"', ':')
	if v.kind <= binaryKind {
		out = append(append(append(out, '"'), v.raw...), '"')
	} else {
		out = append(out, v.raw...)
	}
	return append(out, '}')
}

// text is what a text stands for; it may be a part of the value.
func (v value) text() []byte {
	if v.escaped {
		return decoded(nil, v.raw)
	}
	return v.raw
}

func (v value) binary() []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(v.raw)))
	n, _ := base64.StdEncoding.Decode(out, v.raw) // was checked when it was read
	return out[:n]
}

// binarySize is how many bytes a base64 text stands for.
func binarySize(text []byte) (size int, ok bool) {
	if len(text)%4 != 0 {
		return 0, false
	}
	padding := 0
	for padding < 2 && padding < len(text) && text[len(text)-1-padding] == '=' {
		padding++
	}
	for _, c := range text[:len(text)-padding] {
		if !base64Letters[c] {
			return 0, false
		}
	}
	return len(text)/4*3 - padding, true
}

var base64Letters = func() (table [256]bool) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		table[c] = true
	}
	return table
}()

// members reads a map's fields, and elements a list's values.
func (v value) members() []field { return (&reader{in: v.raw}).fields(nil, 0) }

func (v value) elements() (out []value) {
	r := &reader{in: v.raw}
	r.array(func() { out = append(out, r.value(0)) })
	return out
}

// member is an entry of a map, no value where there is none.
func (v value) member(name []byte) (found value) {
	if v.kind != mapKind {
		return value{}
	}
	r := &reader{in: v.raw}
	r.object(func(n []byte) {
		if entry := r.value(0); bytes.Equal(n, name) {
			found = entry
		}
	})
	return found
}

func (v value) element(i int) value {
	if v.kind != listKind {
		return value{}
	}
	if all := v.elements(); i < len(all) {
		return all[i]
	}
	return value{}
}

// equal reports whether two values are the same; those of different types never
// are.
func equal(a, b value) bool {
	if a.kind != b.kind {
		return false
	}
	switch {
	case a.kind == textKind && (a.escaped || b.escaped):
		return bytes.Equal(a.text(), b.text())
	case a.kind == mapKind:
		return slices.EqualFunc(a.members(), b.members(), func(x, y field) bool {
			return bytes.Equal(x.name, y.name) && equal(x.value, y.value)
		})
	case a.kind == listKind:
		return slices.EqualFunc(a.elements(), b.elements(), equal)
	}
	return bytes.Equal(a.raw, b.raw)
}

// order compares two texts, numbers or binaries; ok is false for all else.
func order(a, b value) (c int, ok bool) {
	if a.kind != b.kind {
		return 0, false
	}
	switch a.kind {
	case textKind:
		return bytes.Compare(a.text(), b.text()), true
	case numberKind:
		return compareNumbers(a.raw, b.raw), true
	case binaryKind:
		return bytes.Compare(a.binary(), b.binary()), true
	}
	return 0, false
}
