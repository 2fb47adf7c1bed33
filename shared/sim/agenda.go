package sim

import (
	"container/heap"
	"time"
)

// agenda is what will happen, the soonest first; what is due at the same moment
// happens in the order in which it was put there.
type agenda struct {
	events []event
	seq    uint64
}

type event struct {
	at  time.Time
	seq uint64
	do  func()
}

func (a *agenda) Len() int { return len(a.events) }

func (a *agenda) Less(i, j int) bool {
	x, y := a.events[i], a.events[j]
	if c := x.at.Compare(y.at); c != 0 {
		return c < 0
	}
	return x.seq < y.seq
}

func (a *agenda) Swap(i, j int) { a.events[i], a.events[j] = a.events[j], a.events[i] }

func (a *agenda) Push(x any) { a.events = append(a.events, x.(event)) }

func (a *agenda) Pop() any {
	last := len(a.events) - 1
	e := a.events[last]
	a.events[last] = event{}
	a.events = a.events[:last]
	return e
}

func (a *agenda) add(at time.Time, do func()) {
	a.seq++
	heap.Push(a, event{at, a.seq, do})
}

func (a *agenda) next() event { return heap.Pop(a).(event) }
