package table

import (
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/schema"
)

// Options are what a table has from the world around it. None of its functions
// may call [Model.Answer].
type Options struct {
	// Now is the virtual clock; nil stands still. Only idempotency tokens and
	// lag look at it: expiry never purges.
	Now func() time.Time
	// Lag is asked once for each item written: for how long index queries and
	// eventually consistent reads still see what was before. They never see an
	// item go backwards: a change waits for those before it. nil is no lag.
	Lag func() time.Duration
	// Relax is asked about each conjunct of each condition before it is
	// evaluated, and reports that it is to be taken as true; nil relaxes none.
	Relax func(Condition) bool
	// Changed is told of each committed write, all changes of a transaction
	// together and in the order of its writes; nil is nobody. The slice is the
	// receiver's.
	Changed func([]Change)
}

// Key is an item's primary key.
type Key struct{ PK, SK string }

// Condition is one conjunct of a write's condition.
type Condition struct {
	// Operation is Put, Update, Delete or ConditionCheck, on its own or within
	// a transaction.
	Operation string
	Key       // of the item
	// Text is the conjunct with attribute names for placeholders, ? for values
	// and * for what follows the first name of a path, so that it is the same
	// for every call: "v = ?", "turns.* = ?". Parentheses around it are left out.
	Text string
}

// Change is one committed write of an item.
type Change struct {
	Before Item // none where it is new
	After  Item // none where it was deleted
}

// Model is a table. It is used by one goroutine at a time; copies of it are
// independent of each other.
type Model struct {
	o       Options
	parts   map[string]*list[row] // by partition key
	indexes [4]index
	late    lateness
	seq     int // of what lags
	tokens  tokens
	cache   *cache

	one     request // memory that requests use again
	many    []request
	draft   draft
	changes []change
	reasons []reason
}

// row is an item of a partition: as it is, and as eventually consistent reads
// see it. One of both may be none.
type row struct {
	sk        string
	now, seen *stored
	settled   int64 // when seen becomes what now is, in ns of Unix time
	waiting   int   // changes that are not seen yet
}

// change is one item's change before others are told of it.
type change struct {
	pk, sk        string
	before, after *stored
}

// New returns an empty table.
func New(o Options) *Model {
	m := &Model{o: o, parts: map[string]*list[row]{}, cache: newCache()}
	m.indexes = [4]index{
		{name: schema.DueIndex, hash: schema.DueShard, sort: schema.DueAt},
		{name: schema.HeldIndex, hash: schema.Holder, sort: schema.HeldAt},
		{name: schema.LikeNameIndex, hash: schema.LikeName, sort: schema.PK},
		{name: schema.LikePlaceIndex, hash: schema.LikePlace, sort: schema.PK},
	}
	for i := range m.indexes {
		m.indexes[i].now = entries{}
		m.indexes[i].seen = m.indexes[i].now
	}
	if o.Lag != nil {
		m.partIndexes()
	}
	return m
}

// Clone returns an independent copy, with all that the table remembers: what
// still lags, and tokens. Items are shared.
func (m *Model) Clone(o Options) *Model {
	c := &Model{o: o, parts: make(map[string]*list[row], len(m.parts)), indexes: m.indexes, cache: m.cache}
	for pk, part := range m.parts {
		c.parts[pk] = part.clone()
	}
	for i := range c.indexes {
		x := &c.indexes[i]
		x.now, x.seen = x.now.clone(), x.seen.clone()
		if !x.parted {
			x.seen = x.now
		}
	}
	c.late, c.seq = slices.Clone(m.late), m.seq
	c.tokens = m.tokens.clone()
	if o.Lag != nil {
		c.partIndexes()
	}
	return c
}

// now is the virtual clock in nanoseconds of Unix time.
func (m *Model) now() int64 {
	if m.o.Now == nil {
		return 0
	}
	return m.o.Now().UnixNano()
}

// Answer executes a request and returns what the service would answer: an HTTP
// status and a body. target is the header X-Amz-Target, body is JSON. Neither
// the body nor the answer is kept.
func (m *Model) Answer(target string, body []byte) (status int, answer []byte) {
	m.settle()
	_, operation, _ := strings.Cut(target, ".")
	r := &reader{in: body}
	var f *fault
	switch operation {
	case "GetItem":
		answer, f = m.getItem(r)
	case "BatchGetItem":
		answer, f = m.batchGetItem(r)
	case "Query":
		answer, f = m.query(r)
	case "PutItem":
		answer, f = m.write(r, opPut, ofPut)
	case "UpdateItem":
		answer, f = m.write(r, opUpdate, ofUpdate)
	case "DeleteItem":
		answer, f = m.write(r, opDelete, ofDelete)
	case "TransactWriteItems":
		answer, f = m.transactWriteItems(r)
	default:
		f = &fault{code: unknownOperation, message: "the operation " + operation + " is not modelled"}
	}
	if f != nil {
		return f.status(), f.answer()
	}
	return 200, answer
}

// seekRow finds an item's row, or where it would be.
func seekRow(part *list[row], sk string) place {
	return part.seek(func(r *row) bool { return r.sk < sk })
}

// row returns an item's row, nil where there is none.
func (m *Model) row(pk, sk []byte) *row {
	part := m.parts[string(pk)]
	if part == nil {
		return nil
	}
	r := part.get(part.seek(func(r *row) bool { return r.sk < string(sk) }))
	if r == nil || r.sk != string(sk) {
		return nil
	}
	return r
}

// current returns an item as it is, nil where there is none.
func (m *Model) current(pk, sk []byte) *stored {
	if r := m.row(pk, sk); r != nil {
		return r.now
	}
	return nil
}

// Get returns an item as it is now, whatever lags.
func (m *Model) Get(pk, sk string) (Item, bool) {
	s := m.current([]byte(pk), []byte(sk))
	return Item{s}, s != nil
}

// All visits all items as they are now, in the order of their keys, until the
// visitor returns false.
func (m *Model) All(visit func(Item) bool) {
	for _, pk := range slices.Sorted(maps.Keys(m.parts)) {
		if !m.visit(pk, visit) {
			return
		}
	}
}

// Partition visits the items of a partition as they are now, in the order of
// their sort keys, until the visitor returns false.
func (m *Model) Partition(pk string, visit func(Item) bool) { m.visit(pk, visit) }

func (m *Model) visit(pk string, visit func(Item) bool) bool {
	part := m.parts[pk]
	if part == nil {
		return true
	}
	for p := (place{}); part.get(p) != nil; p = part.next(p) {
		if s := part.get(p).now; s != nil && !visit(Item{s}) {
			return false
		}
	}
	return true
}

// First returns the first entry of a partition of an index as if nothing
// lagged: its sort key and its item. ok is false where the partition is empty
// or there is no such index.
func (m *Model) First(index, partition string) (sort string, item Item, ok bool) {
	for i := range m.indexes {
		if x := &m.indexes[i]; x.name == index {
			if part := x.now[partition]; part != nil {
				e := part.get(place{})
				item, ok = m.Get(e.pk, e.sk)
				return e.sort, item, ok
			}
		}
	}
	return "", Item{}, false
}
