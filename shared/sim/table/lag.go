package table

import "container/heap"

// late is a change that index queries and eventually consistent reads do not
// see yet.
type late struct {
	change
	at  int64 // when they see it, in ns of Unix time
	seq int   // in the order of the writes
}

// lateness is a heap of what lags, the first to be seen on top.
type lateness []*late

func (l lateness) Len() int { return len(l) }
func (l lateness) Less(i, j int) bool {
	return l[i].at < l[j].at || l[i].at == l[j].at && l[i].seq < l[j].seq
}
func (l lateness) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *lateness) Push(x any)   { *l = append(*l, x.(*late)) }
func (l *lateness) Pop() any {
	last := len(*l) - 1
	x := (*l)[last]
	(*l)[last] = nil
	*l = (*l)[:last]
	return x
}

// apply makes a change true, and seen at once or after its lag.
func (m *Model) apply(c change, now int64) {
	part := m.parts[c.pk]
	if part == nil {
		part = newListOf[row]()
		m.parts[c.pk] = part
	}
	p := seekRow(part, c.sk)
	if r := part.get(p); r == nil || r.sk != c.sk {
		p = part.insert(p, row{sk: c.sk})
	}
	r := part.get(p)
	r.now = c.after
	for i := range m.indexes {
		m.indexes[i].move(m.indexes[i].now, c.before, c.after)
	}
	if m.o.Lag != nil {
		r.settled = max(r.settled, now+max(0, int64(m.o.Lag())))
	}
	if r.settled > now {
		m.seq++
		r.waiting++
		heap.Push(&m.late, &late{change: c, at: r.settled, seq: m.seq})
		return
	}
	m.show(c, r)
	if c.after == nil {
		m.drop(part, p, c.pk)
	}
}

// show lets a change be seen.
func (m *Model) show(c change, r *row) {
	for i := range m.indexes {
		if x := &m.indexes[i]; x.parted {
			x.move(x.seen, c.before, c.after)
		}
	}
	r.seen = c.after
}

// drop forgets a row without an item.
func (m *Model) drop(part *list[row], p place, pk string) {
	part.remove(p)
	if part.empty() {
		delete(m.parts, pk)
	}
}

// settle lets everything be seen whose time has come.
func (m *Model) settle() {
	if len(m.late) == 0 {
		return
	}
	for now := m.now(); len(m.late) > 0 && m.late[0].at <= now; {
		c := heap.Pop(&m.late).(*late).change
		part := m.parts[c.pk]
		p := seekRow(part, c.sk)
		r := part.get(p)
		m.show(c, r)
		if r.waiting--; r.waiting == 0 && r.now == nil {
			m.drop(part, p, c.pk)
		}
	}
}
