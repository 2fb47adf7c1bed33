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
	if f := q.prepare(m.cache); f != nil {
		return nil, f
	}
	if f := q.checkReturns(); f != nil {
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

// checkReturns refuses what a write cannot return.
func (q *request) checkReturns() *fault {
	if q.operation != opUpdate && len(q.returns) > 0 && string(q.returns) != "NONE" && string(q.returns) != "ALL_OLD" {
		return invalid("Return values set to invalid value")
	}
	if !q.partial() || q.change.e == nil {
		return nil
	}
	for _, path := range q.change.e.update.paths {
		for _, s := range path {
			if s.index >= 0 {
				return invalid("what %s returns of lists is not modelled", q.returns)
			}
		}
	}
	return nil
}

// partial reports whether an update returns only what it writes.
func (q *request) partial() bool {
	return string(q.returns) == "UPDATED_OLD" || string(q.returns) == "UPDATED_NEW"
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
		s := c.before
		if s == nil {
			s = newStored(q.key) // which is where an update starts
		}
		m.draft.begin(s)
		if q.change.e != nil { // else it only makes sure that there is an item
			if f := q.change.apply(&m.draft, s); f != nil {
				return f
			}
		}
		fields = m.draft.fields
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
	var of *stored
	switch string(q.returns) {
	case "ALL_OLD", "UPDATED_OLD":
		of = c.before
	case "ALL_NEW", "UPDATED_NEW":
		of = c.after
	}
	if of == nil {
		return []byte("{}")
	}
	image := of.image
	if q.partial() {
		fields := q.change.touched(of)
		if len(fields) == 0 {
			return []byte("{}")
		}
		image = appendFields(nil, fields)
	}
	return append(append([]byte(`{"Attributes":`), image...), '}')
}

// touched is what an item has at the paths that an update writes: of a map only
// the entries written.
func (b *binding) touched(s *stored) []field {
	if b.e == nil {
		return nil
	}
	root := &node{kind: mapKind}
	for _, path := range b.e.update.paths {
		v := b.at(path, s)
		if v.kind == 0 {
			continue
		}
		at, last := root, len(path)-1
		for _, step := range path[:last] {
			if at.step(b, step) == nil {
				at.put(b, step, newMap(nil))
			}
			at = at.step(b, step)
		}
		at.open().put(b, path[last], v)
	}
	return root.fields()
}
