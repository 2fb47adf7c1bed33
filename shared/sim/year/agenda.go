package year

// happening is something that is going to happen to somebody or something.
type happening struct {
	at   int64
	seq  uint64 // of two at the same moment the one that was planned first comes first
	what what
	who  int32 // number of the lead, rep or team that it is about
	mark int32 // what the lead's period was when it was planned: see card.mark
}

type what uint8

const (
	dueTick    what = iota // the sweep acts on a lead
	order                  // a lead that was woken is routed
	work                   // a rep acts on a lead
	reply                  // a customer answers a rep
	comeBack               // a customer enquires again
	show                   // a customer gives signals of interest
	dial                   // a lead of a call list is called
	handOff                // customer success looks at a won lead
	hunt                   // a rep goes through the pool
	dispatch               // a dispatcher clears the triage
	fallIll                // a rep cannot work for some days
	recover                // and can again
	wishOut                // a person does not want to be contacted any more
	takeStock              // the roster is read anew
	endOfMonth             // the books are compared
)

// agenda is a heap of what is going to happen, the soonest first.
type agenda struct {
	heap []happening
	seq  uint64
}

func (h happening) before(o happening) bool { return h.at < o.at || h.at == o.at && h.seq < o.seq }

func (a *agenda) add(h happening) {
	a.seq++
	h.seq = a.seq
	a.heap = append(a.heap, h)
	i := len(a.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h.before(a.heap[up]) {
			break
		}
		a.heap[i] = a.heap[up]
		i = up
	}
	a.heap[i] = h
}

// next takes the soonest off an agenda that has any.
func (a *agenda) next() happening {
	first, last := a.heap[0], a.heap[len(a.heap)-1]
	a.heap = a.heap[:len(a.heap)-1]
	if len(a.heap) == 0 {
		return first
	}
	i := 0
	for {
		down := 2*i + 1
		if down+1 < len(a.heap) && a.heap[down+1].before(a.heap[down]) {
			down++
		}
		if down >= len(a.heap) || !a.heap[down].before(last) {
			break
		}
		a.heap[i] = a.heap[down]
		i = down
	}
	a.heap[i] = last
	return first
}
