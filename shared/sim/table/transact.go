package table

import (
	"bytes"
	"slices"
)

// Limits of a transaction.
const (
	mostWrites     = 100
	mostBytes      = 4 << 20
	mostTokenBytes = 36
)

// transaction is a TransactWriteItems request; its writes are the model's.
type transaction struct {
	token    []byte
	hasToken bool
}

func (m *Model) transactWriteItems(r *reader) ([]byte, *fault) {
	t := m.readTransaction(r)
	if r.fault != nil {
		return nil, r.fault
	}
	var digest uint64
	now := m.now()
	if t.hasToken {
		if len(t.token) == 0 || len(t.token) > mostTokenBytes {
			return nil, invalid("1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length of 1 to 36")
		}
	}
	if f := m.checkTransaction(); f != nil {
		return nil, f
	}
	if t.hasToken {
		for i := range m.many {
			digest = m.many[i].digest(digest)
		}
		if was, done := m.tokens.find(t.token, now); done && was == digest {
			return []byte("{}"), nil
		} else if done {
			return nil, &fault{code: tokenMismatch, message: "The client token was used before with other parameters"}
		}
	}
	if f := m.transact(); f != nil {
		return nil, f
	}
	if t.hasToken {
		m.tokens.add(t.token, digest, now)
	}
	return []byte("{}"), nil
}

func (m *Model) readTransaction(r *reader) (t transaction) {
	m.many = m.many[:0]
	r.object(func(name []byte) {
		switch member := string(name); {
		case member != "TransactItems" && member != "ClientRequestToken" && member != "ReturnConsumedCapacity" && member != "ReturnItemCollectionMetrics":
			r.fail(invalid("the parameter %s is not modelled here", name))
		case r.literal("null"):
		case member == "TransactItems":
			r.array(func() { m.readWrite(r) })
		case member == "ClientRequestToken":
			t.token, t.hasToken = r.text(), true
		default:
			r.choice("NONE")
		}
	})
	r.end()
	return t
}

// readWrite reads one write of a transaction.
func (m *Model) readWrite(r *reader) {
	n := len(m.many)
	if n < cap(m.many) {
		m.many = m.many[:n+1] // with the memory of an earlier one
	} else {
		m.many = append(m.many, request{})
	}
	q := &m.many[n]
	q.reset("")
	r.object(func(name []byte) {
		operation, part := "", 0
		switch string(name) {
		case opPut:
			operation, part = opPut, ofPut
		case opUpdate:
			operation, part = opUpdate, ofUpdate
		case opDelete:
			operation, part = opDelete, ofDelete
		case opCheck:
			operation, part = opCheck, ofCheck
		}
		switch {
		case part == 0:
			r.fail(invalid("the parameter %s is not modelled here", name))
		case r.literal("null"):
		case q.operation != "":
			r.fail(invalid("TransactItems can only contain one of Check, Put, Update or Delete"))
		default:
			q.operation = operation
			q.read(r, part)
		}
	})
	if r.fault == nil && q.operation == "" {
		r.fail(invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"))
	}
}

// checkTransaction refuses what no table could do, whatever is stored.
func (m *Model) checkTransaction() *fault {
	if n := len(m.many); n == 0 || n > mostWrites {
		return invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and %d", mostWrites)
	}
	size := 0
	for i := range m.many {
		q := &m.many[i]
		switch {
		case q.operation == opUpdate && q.update == nil, q.operation == opCheck && q.condition == nil:
			return invalid("1 validation error detected: the expression of a %s must not be null", q.operation)
		}
		if f := q.prepare(m.cache); f != nil {
			return f
		}
		for _, f := range q.item {
			size += len(f.name) + f.value.size
		}
	}
	if size > mostBytes {
		return invalid("Transaction request cannot be larger than 4 MB")
	}
	return nil
}

// transact does all writes or none.
func (m *Model) transact() *fault {
	if f := m.locateAll(); f != nil {
		return f
	}
	m.changes, m.reasons = m.changes[:0], m.reasons[:0]
	failed := false
	for i := range m.many {
		c, r := m.attempt(&m.many[i])
		m.changes, m.reasons = append(m.changes, c), append(m.reasons, r)
		failed = failed || r.code != reasonNone
	}
	if failed {
		return cancel(slices.Clone(m.reasons))
	}
	m.commit(m.changes)
	clear(m.changes)
	return nil
}

// locateAll finds the items of a transaction, which must not be named twice.
func (m *Model) locateAll() *fault {
	for i := range m.many {
		q := &m.many[i]
		if q.flaw = q.locate(); q.flaw == nil && q.operation == opPut {
			q.flaw = m.checkItem(q.item)
		}
		switch {
		case q.flaw == nil:
		case q.flaw.ofWrite:
			continue
		default:
			return q.flaw
		}
		for j := range i {
			if bytes.Equal(q.sk, m.many[j].sk) && bytes.Equal(q.pk, m.many[j].pk) {
				return invalid("Transaction request cannot include multiple operations on one item")
			}
		}
	}
	return nil
}

// attempt finds out what a write comes to on its own.
func (m *Model) attempt(q *request) (change, reason) {
	if q.flaw != nil {
		return change{}, reason{code: reasonValidation, message: q.flaw.message}
	}
	c := change{before: m.current(q.pk, q.sk)}
	if !m.permitted(q, c.before) {
		r := reason{code: reasonCondition, message: "The conditional request failed"}
		if string(q.returnsFailed) == "ALL_OLD" {
			r.item = c.before
		}
		return c, r
	}
	if f := m.execute(q, &c); f != nil {
		return c, reason{code: reasonValidation, message: f.message}
	}
	if q.operation == opCheck {
		c = change{}
	}
	return c, reason{code: reasonNone}
}
