package table

import (
	"bytes"
	"slices"

	"sluice/shared/schema"
)

func (m *Model) getItem(r *reader) ([]byte, *fault) {
	q := &m.one
	q.reset("")
	q.read(r, ofGet)
	r.end()
	if r.fault != nil {
		return nil, r.fault
	}
	if f := q.locate(); f != nil {
		return nil, f
	}
	s := m.visible(q.pk, q.sk, q.consistent)
	if s == nil {
		return []byte("{}"), nil
	}
	answer := make([]byte, 0, len(s.image)+10)
	return append(append(append(answer, `{"Item":`...), s.image...), '}'), nil
}

// visible returns an item as a read sees it.
func (m *Model) visible(pk, sk []byte, consistent bool) *stored {
	r := m.row(pk, sk)
	switch {
	case r == nil:
		return nil
	case consistent:
		return r.now
	}
	return r.seen
}

// mostKeys bounds a BatchGetItem.
const mostKeys = 100

func (m *Model) batchGetItem(r *reader) ([]byte, *fault) {
	answer := []byte(`{"Responses":{`)
	total, tables := 0, 0
	var failed *fault
	r.object(func(name []byte) {
		switch {
		case string(name) == "RequestItems":
			r.object(func(table []byte) {
				if tables++; tables > 1 {
					answer = append(answer, ',')
				}
				answer = append(appendText(answer, table), ':')
				var n int
				var f *fault
				answer, n, f = m.batchOf(answer, r)
				if total += n; failed == nil {
					failed = f
				}
			})
		case string(name) == "ReturnConsumedCapacity":
			r.choice("NONE")
		default:
			r.fail(invalid("the parameter %s is not modelled here", name))
		}
	})
	r.end()
	switch {
	case r.fault != nil:
		return nil, r.fault
	case failed != nil:
		return nil, failed
	case total == 0:
		return nil, invalid("1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case total > mostKeys:
		return nil, invalid("Too many items requested for the BatchGetItem call")
	}
	return append(answer, `},"UnprocessedKeys":{}}`...), nil
}

// batchOf reads the part of a batch that is for one table, and appends its items.
func (m *Model) batchOf(answer []byte, r *reader) (_ []byte, keys int, _ *fault) {
	q := &m.one
	q.reset("")
	var found []Key
	r.object(func(name []byte) {
		switch string(name) {
		case "Keys":
			r.array(func() {
				q.key = r.fields(q.key, 0)
				if f := q.locate(); f != nil && r.fault == nil {
					r.fail(f)
				}
				found = append(found, Key{string(q.pk), string(q.sk)})
			})
		case "ConsistentRead":
			q.consistent = r.boolean()
		default:
			r.fail(invalid("the parameter %s is not modelled here", name))
		}
	})
	if r.fault != nil {
		return answer, 0, nil
	}
	answer = append(answer, '[')
	first := true
	for i, k := range found {
		if slices.Contains(found[:i], k) {
			return answer, 0, invalid("Provided list of item keys contains duplicates")
		}
		if s := m.visible([]byte(k.PK), []byte(k.SK), q.consistent); s != nil {
			if !first {
				answer = append(answer, ',')
			}
			first = false
			answer = append(answer, s.image...)
		}
	}
	return append(answer, ']'), len(found), nil
}

// startKey reads a query's ExclusiveStartKey: exactly the key attributes of the
// table, and of the index where it is of one.
func (q *request) startKey(x *index) (pk, sk, hash, sort []byte, _ *fault) {
	bad := invalid("The provided starting key is invalid")
	want := 2
	if x != nil {
		want = 4
	}
	if len(q.start) != want {
		return nil, nil, nil, nil, bad
	}
	text := func(name string) []byte {
		i := slices.IndexFunc(q.start, func(f field) bool { return string(f.name) == name })
		if i < 0 || q.start[i].value.kind != textKind || q.start[i].value.size == 0 {
			return nil
		}
		return q.start[i].value.text()
	}
	pk, sk = text(schema.PK), text(schema.SK)
	if pk == nil || sk == nil {
		return nil, nil, nil, nil, bad
	}
	if x == nil {
		return pk, sk, pk, sk, nil
	}
	if hash, sort = text(x.hash), text(x.sort); hash == nil || sort == nil {
		return nil, nil, nil, nil, bad
	}
	return bytes.Clone(pk), bytes.Clone(sk), hash, sort, nil
}
