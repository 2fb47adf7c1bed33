package year

import (
	"cmp"
	"maps"
	"slices"

	"sluice/shared/lead"
)

// cycleOf is a cycle of a pool; cycles are counted since 1970.
type cycleOf struct {
	pool   string
	number int64
}

// pooled follows a lead's stays in pools.
func (k *checker) pooled(t *track, e lead.Event, id string) {
	switch e := e.(type) {
	case lead.Pooled:
		// It has to be looked at in the cycles that are still to begin.
		t.berth, t.next = k.now, ceil(k.now, cycle)
	case lead.Swept:
		number := floor(k.now, cycle)
		k.judge(ruleTwice, number != t.last, id, "again in cycle %d", number)
		k.missed(t, number, id)
		t.last = number
		of := cycleOf{e.Pool, number}
		if k.looks[of] == nil {
			k.looks[of] = map[lead.Did]int{}
		}
		k.looks[of][e.Did]++
	}
}

// missed judges the cycles before one, in which the lead should have been looked at.
func (k *checker) missed(t *track, number int64, id string) {
	for ; t.next < number; t.next++ {
		k.judge(ruleCycle, t.last == t.next, id, "not in cycle %d", t.next)
	}
}

// leaves ends a stay in a pool: the cycle that is not over does not count.
func (k *checker) leaves(t *track, id string) {
	k.missed(t, floor(k.now, cycle), id)
	t.berth = 0
}

// sums holds the figures that the entries add to a cycle against the looks seen.
func (k *checker) sums(w *world) {
	inOrder := func(a, b cycleOf) int { return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.pool, b.pool)) }
	for _, of := range slices.SortedFunc(maps.Keys(k.looks), inOrder) {
		looks, counted := k.looks[of], map[lead.Did]int{}
		for _, did := range lead.Dids {
			if n := w.figures.cycles[of][string(did)]; n > 0 {
				counted[did] = n
			}
		}
		k.judge(ruleFigures, maps.Equal(counted, looks), "of pool "+of.pool, "cycle %d: %v, want %v", of.number, counted, looks)
	}
}
