package table

import (
	"bytes"
	"slices"
	"strconv"

	"sluice/shared/schema"
)

// stored is an item as the table keeps it. It never changes, so copies of a
// table share it.
type stored struct {
	pk, sk string
	image  []byte // the item as it stands on the wire, attributes in order
	attrs  []attr // in the order of the image
	size   int    // bytes as the service counts them
}

// attr is where an attribute stands in the image.
type attr struct {
	name, nameEnd uint32
	from, to      uint32
	size          uint32
	kind          kind
	escaped       bool // the value
	escapedName   bool
}

// newStored makes an item of sorted fields, which must have the table's key.
func newStored(fields []field) *stored {
	length := 2
	for _, f := range fields {
		length += len(f.name) + len(f.value.raw) + 16
	}
	s := &stored{image: make([]byte, 0, length), attrs: make([]attr, len(fields))}
	var pk, sk []byte
	s.image = append(s.image, '{')
	for i, f := range fields {
		if i > 0 {
			s.image = append(s.image, ',')
		}
		a := &s.attrs[i]
		a.kind, a.escaped, a.size = f.value.kind, f.value.escaped, uint32(f.value.size)
		s.image = append(s.image, '"')
		a.name = uint32(len(s.image))
		s.image = appendEscaped(s.image, f.name)
		a.nameEnd = uint32(len(s.image))
		a.escapedName = int(a.nameEnd-a.name) != len(f.name)
		s.image = append(s.image, '"', ':')
		a.from = uint32(len(s.image) + len(`{"":`) + len(kindNames[a.kind]))
		if a.kind <= binaryKind {
			a.from++
		}
		a.to = a.from + uint32(len(f.value.raw))
		s.image = f.value.append(s.image)
		s.size += len(f.name) + f.value.size
		switch string(f.name) {
		case schema.PK:
			pk = f.value.text()
		case schema.SK:
			sk = f.value.text()
		}
	}
	s.image = append(s.image, '}')
	var both [128]byte // one text for both
	key := string(append(append(both[:0], pk...), sk...))
	s.pk, s.sk = key[:len(pk)], key[len(pk):]
	return s
}

func (s *stored) attrName(a *attr) []byte {
	name := s.image[a.name:a.nameEnd:a.nameEnd]
	if a.escapedName {
		return decoded(nil, name)
	}
	return name
}

func (s *stored) value(a *attr) value {
	return value{raw: s.image[a.from:a.to:a.to], size: int(a.size), kind: a.kind, escaped: a.escaped}
}

// find returns an attribute's value, none where the item or the attribute is
// missing.
func find[T string | []byte](s *stored, name T) value {
	if s == nil {
		return value{}
	}
	for i := range s.attrs {
		a := &s.attrs[i]
		if n := s.image[a.name:a.nameEnd]; string(n) == string(name) && !a.escapedName ||
			a.escapedName && string(s.attrName(a)) == string(name) {
			return s.value(a)
		}
	}
	return value{}
}

// fields returns all attributes, sorted by name.
func (s *stored) fields(out []field) []field {
	out = out[:0]
	if s == nil {
		return out
	}
	for i := range s.attrs {
		out = append(out, field{s.attrName(&s.attrs[i]), s.value(&s.attrs[i])})
	}
	return out
}

// Item is an item of the table as it was at one moment. It never changes. The
// zero Item is none.
type Item struct{ s *stored }

// IsZero reports whether there is no item.
func (i Item) IsZero() bool { return i.s == nil }

// Key returns the item's partition key and sort key.
func (i Item) Key() (pk, sk string) {
	if i.s == nil {
		return "", ""
	}
	return i.s.pk, i.s.sk
}

// Has reports whether the item has the attribute, of whatever type.
func (i Item) Has(name string) bool { return find(i.s, name).kind != 0 }

// Text returns an attribute of type text, "" where it is missing or of another
// type.
func (i Item) Text(name string) string {
	if v := find(i.s, name); v.kind == textKind {
		return string(v.text())
	}
	return ""
}

// Number returns an attribute that is a whole number of at most 18 digits.
func (i Item) Number(name string) (int64, bool) {
	v := find(i.s, name)
	if v.kind != numberKind {
		return 0, false
	}
	return integer(v.raw)
}

// Binary returns an attribute of type binary, nil where it is missing or of
// another type.
func (i Item) Binary(name string) []byte {
	if v := find(i.s, name); v.kind == binaryKind {
		return v.binary()
	}
	return nil
}

// Map returns the whole numbers of an attribute of type map by their names, nil
// where it is missing or of another type.
func (i Item) Map(name string) map[string]int64 {
	v := find(i.s, name)
	if v.kind != mapKind {
		return nil
	}
	members := v.members()
	out := make(map[string]int64, len(members))
	for _, f := range members {
		if n, ok := integer(f.value.raw); ok && f.value.kind == numberKind {
			out[string(f.name)] = n
		}
	}
	return out
}

// Names returns the names of all attributes, sorted.
func (i Item) Names() []string {
	if i.s == nil {
		return nil
	}
	names := make([]string, len(i.s.attrs))
	for n := range i.s.attrs {
		names[n] = string(i.s.attrName(&i.s.attrs[n]))
	}
	return names
}

// Image returns the item as an object of attribute values on the wire, its
// attributes sorted by name; nil of the zero Item.
func (i Item) Image() []byte { return i.AppendImage(nil) }

// AppendImage appends what [Item.Image] returns.
func (i Item) AppendImage(out []byte) []byte {
	if i.s == nil {
		return out
	}
	return append(out, i.s.image...)
}

// Size is the item's size in bytes as the service counts it.
func (i Item) Size() int {
	if i.s == nil {
		return 0
	}
	return i.s.size
}

// Equal reports whether both are the same item with the same content.
func (i Item) Equal(other Item) bool {
	if i.s == nil || other.s == nil || i.s == other.s {
		return i.s == other.s
	}
	return slices.EqualFunc(i.s.fields(nil), other.s.fields(nil), func(a, b field) bool {
		return bytes.Equal(a.name, b.name) && equal(a.value, b.value)
	})
}

// String tells the item's key, for messages of tests.
func (i Item) String() string {
	pk, sk := i.Key()
	return strconv.Quote(pk) + " " + strconv.Quote(sk)
}
