package table

// write does PutItem, UpdateItem or DeleteItem.
func (m *Model) write(r *reader, operation string, part int) ([]byte, *fault) {
	q := &m.one
	q.reset(operation)
	q.read(r, part|ofSingle)
	r.end()
	if r.fault != nil {
		return nil, r.fault
	}
	if f := q.checkReturns(); f != nil {
		return nil, f
	}
	if f := q.prepare(m.cache); f != nil {
		return nil, f
	}
	if f := q.locate(); f != nil {
		return nil, f
	}
	if q.operation == opPut {
		if f := m.checkItem(q.item); f != nil {
			return nil, f
		}
	}
	c := change{before: m.current(q.pk, q.sk)}
	if !m.permitted(q, c.before) {
		f := &fault{code: conditionFailed, message: "The conditional request failed"}
		if string(q.returnsFailed) == "ALL_OLD" {
			f.item = c.before
		}
		return nil, f
	}
	if f := m.execute(q, &c); f != nil {
		return nil, f
	}
	m.commit([]change{c})
	return q.answer(c), nil
}

// checkReturns refuses what a put or delete cannot return.
func (q *request) checkReturns() *fault {
	if q.operation != opUpdate && len(q.returns) > 0 && string(q.returns) != "NONE" && string(q.returns) != "ALL_OLD" {
		return invalid("Return values set to invalid value")
	}
	return nil
}

// permitted evaluates the condition of a write on the item as it is.
func (m *Model) permitted(q *request, s *stored) bool {
	switch {
	case q.cond.e == nil:
		return true
	case m.o.Relax == nil:
		return q.cond.holds(q.cond.e.cond, s)
	}
	holds := true
	for _, c := range q.cond.e.cond.conjuncts() {
		relaxed := m.o.Relax(Condition{
			Operation: q.operation, Key: Key{string(q.pk), string(q.sk)}, Text: q.cond.text(c),
		})
		holds = holds && (relaxed || q.cond.holds(c, s))
	}
	return holds
}

// execute completes a change by what the write leaves of the item before.
func (m *Model) execute(q *request, c *change) *fault {
	fields := q.item
	switch q.operation {
	case opDelete, opCheck:
		c.after = nil
		if c.before != nil {
			c.pk, c.sk = c.before.pk, c.before.sk
		}
		return nil
	case opUpdate:
		fields = c.before.fields(m.batch)
		if m.batch = fields; c.before == nil {
			fields = q.key
		}
		if q.change.e == nil { // an update that only makes sure that there is an item
			break
		}
		var f *fault
		if fields, f = q.change.apply(fields, c.before); f != nil {
			return f
		}
	}
	if q.operation == opUpdate { // a put was checked before its condition
		if f := m.checkItem(fields); f != nil {
			return f
		}
	}
	c.after = newStored(fields)
	c.pk, c.sk = c.after.pk, c.after.sk
	return nil
}

// checkItem refuses an item that the table does not take, whatever is stored.
func (m *Model) checkItem(fields []field) *fault {
	if f := m.checkIndexKeys(fields); f != nil {
		return f
	}
	size := 0
	for _, f := range fields {
		if size += len(f.name) + f.value.size; len(f.name) == 0 {
			return invalid("One or more parameter values were invalid: An attribute name may not be empty")
		}
	}
	if size > mostItem {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	return nil
}

// commit makes changes true, all of them together.
func (m *Model) commit(changes []change) {
	now := m.now()
	var told []Change
	for _, c := range changes {
		if c.before == nil && c.after == nil {
			continue
		}
		m.apply(c, now)
		if m.o.Changed != nil {
			told = append(told, Change{Before: Item{c.before}, After: Item{c.after}})
		}
	}
	if len(told) > 0 {
		m.o.Changed(told)
	}
}

// answer is what a single write returns.
func (q *request) answer(c change) []byte {
	of := c.after
	partial := false
	switch string(q.returns) {
	case "ALL_OLD":
		of = c.before
	case "UPDATED_OLD":
		of, partial = c.before, true
	case "UPDATED_NEW":
		partial = true
	case "ALL_NEW":
	default:
		of = nil
	}
	if of == nil {
		return []byte("{}")
	}
	image := of.image
	if partial {
		fields := q.change.touched(of)
		if len(fields) == 0 {
			return []byte("{}")
		}
		image = appendFields(nil, fields)
	}
	return append(append([]byte(`{"Attributes":`), image...), '}')
}

// touched is what an item has at the paths that an update writes.
func (b *binding) touched(s *stored) []field {
	if b.e == nil {
		return nil
	}
	root := &node{kind: mapKind}
	for _, path := range b.e.update.paths() {
		if v := b.at(path, s); v.kind != 0 {
			b.graft(root, path, v)
		}
	}
	return root.fields()
}

// graft sets a value at a path, making the maps and lists on the way.
func (b *binding) graft(at *node, path []step, v value) {
	for i, s := range path {
		kid := &node{leaf: v}
		if i+1 < len(path) {
			kid = &node{kind: mapKind}
			if path[i+1].index >= 0 {
				kid.kind = listKind
			}
		}
		at = at.adopt(b, s, kid)
	}
}
