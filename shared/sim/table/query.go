package table

import (
	"strconv"
	"strings"

	"sluice/shared/schema"
)

// mostPage is how many bytes of items a query reads before it ends its page.
const mostPage = 1 << 20

// query does Query on the table or one of its indexes.
func (m *Model) query(r *reader) ([]byte, *fault) {
	q := &m.one
	q.reset("")
	q.read(r, ofQuery)
	r.end()
	if r.fault != nil {
		return nil, r.fault
	}
	var x *index
	if q.index != nil {
		for i := range m.indexes {
			if m.indexes[i].name == string(q.index) {
				x = &m.indexes[i]
			}
		}
		switch {
		case x == nil:
			return nil, invalid("The table does not have the specified index: %s", q.index)
		case q.consistent:
			return nil, invalid("Consistent reads are not supported on global secondary indexes")
		}
	}
	if q.hasLimit && q.limit < 1 {
		return nil, invalid("1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")
	}
	span, f := q.span(m.cache, x)
	if f != nil {
		return nil, f
	}
	if q.hasStart {
		if f := q.startAfter(x, &span); f != nil {
			return nil, f
		}
	}
	p := page{limit: q.limit, answer: []byte(`{"Items":[`)}
	if x != nil {
		m.queryIndex(x, q, &span, &p)
	} else {
		m.queryTable(q, &span, &p)
	}
	return p.end(), nil
}

// startAfter narrows a query to what follows its start key.
func (q *request) startAfter(x *index, s *span) *fault {
	pk, sk, hash, sort, f := q.startKey(x)
	if f != nil {
		return f
	}
	if string(hash) != s.hash || s.below(string(sort)) || s.above(string(sort)) || x == nil && s.ends(string(sort), q.backward) {
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	s.start = &entry{sort: string(sort), pk: string(pk), sk: string(sk)}
	return nil
}

func (m *Model) queryTable(q *request, s *span, p *page) {
	part := m.parts[s.hash]
	if part == nil {
		return
	}
	visit(part, q.backward,
		func(r *row) bool { return s.below(r.sk) || !q.backward && s.start != nil && r.sk <= s.start.sk },
		func(r *row) bool { return s.above(r.sk) || q.backward && s.start != nil && r.sk >= s.start.sk },
		func(r *row) bool {
			found := r.seen
			if q.consistent {
				found = r.now
			}
			if found == nil {
				return true
			}
			p.next()
			p.answer = append(p.answer, found.image...)
			p.size += found.size
			return p.goesOn(func() {
				if !s.ends(found.sk, q.backward) {
					p.lastKey(found.pk, found.sk, nil, "", "")
				}
			})
		})
}

func (m *Model) queryIndex(x *index, q *request, s *span, p *page) {
	part := x.seen[s.hash]
	if part == nil {
		return
	}
	visit(part, q.backward,
		func(e *entry) bool { return s.below(e.sort) || !q.backward && s.start != nil && !s.start.before(e) },
		func(e *entry) bool { return s.above(e.sort) || q.backward && s.start != nil && !e.before(s.start) },
		func(e *entry) bool {
			p.next()
			p.answer = appendKey(p.answer, e.pk, e.sk, x, s.hash, e.sort)
			p.size += len(schema.PK) + len(schema.SK) + len(x.hash) + len(x.sort) + len(e.pk) + len(e.sk) + len(s.hash) + len(e.sort)
			return p.goesOn(func() { p.lastKey(e.pk, e.sk, x, s.hash, e.sort) })
		})
}

// visit goes through the entries that are neither below nor above, forward or
// backward, until each returns false.
func visit[T any](l *list[T], backward bool, below, above, each func(*T) bool) {
	if backward {
		p := l.seek(func(e *T) bool { return !above(e) })
		for p = l.previous(p); ; p = l.previous(p) {
			if e := l.get(p); e == nil || below(e) || !each(e) {
				return
			}
		}
	}
	for p := l.seek(below); ; p = l.next(p) {
		if e := l.get(p); e == nil || above(e) || !each(e) {
			return
		}
	}
}

// page is a query's answer while it grows.
type page struct {
	answer []byte
	last   []byte // LastEvaluatedKey, nil where the query came to its end
	count  int
	limit  int // 0 is none
	size   int
}

func (p *page) next() {
	if p.count++; p.count > 1 {
		p.answer = append(p.answer, ',')
	}
}

// goesOn reports whether the page has room for more, and else notes its last key.
func (p *page) goesOn(last func()) bool {
	if p.count == p.limit || p.size > mostPage {
		last()
		return false
	}
	return true
}

func (p *page) lastKey(pk, sk string, x *index, hash, sort string) {
	p.last = appendKey(nil, pk, sk, x, hash, sort)
}

func (p *page) end() []byte {
	out := append(p.answer, `],"Count":`...)
	out = strconv.AppendInt(out, int64(p.count), 10)
	out = append(out, `,"ScannedCount":`...)
	out = strconv.AppendInt(out, int64(p.count), 10)
	if p.last != nil {
		out = append(append(out, `,"LastEvaluatedKey":`...), p.last...)
	}
	return append(out, '}')
}

// appendKey appends an item's key, and its index key where there is an index.
func appendKey(out []byte, pk, sk string, x *index, hash, sort string) []byte {
	text := func(name, s string) {
		out = append(append(append(out, '"'), name...), `":{"S":`...)
		out = append(appendText(out, s), '}')
	}
	out = append(out, '{')
	text(schema.PK, pk)
	out = append(out, ',')
	text(schema.SK, sk)
	if x != nil {
		out = append(out, ',')
		text(x.hash, hash)
		out = append(out, ',')
		text(x.sort, sort)
	}
	return append(out, '}')
}

// span is what a key condition selects: a partition and a range of its sort
// keys.
type span struct {
	hash     string
	low      *string
	high     *string
	lowOpen  bool    // low itself is not selected
	highOpen bool    // high itself is not selected
	prefix   *string // instead of both
	exact    bool    // low and high are one
	start    *entry  // of the page before
}

func (s *span) below(sort string) bool {
	switch {
	case s.prefix != nil:
		return sort < *s.prefix
	case s.low == nil:
		return false
	}
	return sort < *s.low || s.lowOpen && sort == *s.low
}

func (s *span) above(sort string) bool {
	switch {
	case s.prefix != nil:
		return sort > *s.prefix && !strings.HasPrefix(sort, *s.prefix)
	case s.high == nil:
		return false
	}
	return sort > *s.high || s.highOpen && sort == *s.high
}

// ends reports whether nothing of the table can follow a sort key, because it is
// the last that was asked for.
func (s *span) ends(sort string, backward bool) bool {
	if s.exact {
		return false
	}
	bound, open := s.high, s.highOpen
	if backward {
		bound, open = s.low, s.lowOpen
	}
	return bound != nil && !open && *bound == sort
}
