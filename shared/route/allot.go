package route

import "math"

// Batch asks for the best sharing of many leads at once: a territory that moved,
// a pool that was swept.
type Batch struct {
	Value [][]float64 // lead × rep: expected conversions; NaN or -Inf where the rep may not have the lead
	Room  []int       // by rep: units of room; negative counts as 0
	Load  [][]int     // lead × rep: units that the lead takes of the rep's room, negative counts as 0; nil is one each
}

// Allot returns for each lead the index of its rep, -1 where nobody gets it. No
// rep is given more than their room.
//
// Where every lead takes as much of a rep's room as any other, of all the
// sharings that are possible this is one of the largest total value, and of those
// one that places the most leads. With other loads it is close to that: see
// [Bound]. A lead that nobody can take for a value of 0 or more is left out. The
// same batch is always shared in the same way.
//
// There are as many reps as Room has entries. What Value lacks, in a row or in
// rows of which Load has more, is forbidden, and what it has beyond is passed
// over; where Load lacks an entry, the lead takes one unit. +Inf is no value
// either.
func Allot(b Batch) []int {
	g := gridOf(b)
	if g.alike() {
		return newTransport(g).run()
	}
	return newPacking(g).run()
}

// Bound is what no sharing of the batch is worth more than. Where [Allot] is
// exact it is the value of the best one, but for rounding.
func Bound(b Batch) float64 {
	g := gridOf(b)
	if g.alike() {
		t := newTransport(g)
		t.run()
		return g.bound(t.prices()) * g.unit
	}
	return newPacking(g).bound * g.unit
}

// never is the value of a pair that no good sharing has.
const never = -1

// grid is a batch put in order: values from 0 to below 2, or never. What a lead
// takes fits into the rep's room.
type grid struct {
	leads, reps int
	value       []float64 // lead × rep
	load        []int     // lead × rep
	room        []int
	unit        float64 // times a value it is the batch's; a power of 2, which loses nothing
}

func gridOf(b Batch) *grid {
	g := &grid{leads: len(b.Value), reps: len(b.Room), unit: 1}
	g.value = make([]float64, g.leads*g.reps)
	g.load = make([]int, g.leads*g.reps)
	g.room = make([]int, g.reps)
	for r, room := range b.Room {
		g.room[r] = max(0, room)
	}
	most := 0.0
	for l := range g.leads {
		for r := range g.reps {
			at := l*g.reps + r
			g.value[at], g.load[at] = never, 1
			if b.Load != nil && l < len(b.Load) && r < len(b.Load[l]) {
				g.load[at] = max(0, b.Load[l][r])
			}
			// To leave a lead out is better than a value below 0.
			if r < len(b.Value[l]) && b.Value[l][r] >= 0 && b.Value[l][r] <= math.MaxFloat64 && g.load[at] <= g.room[r] {
				g.value[at] = b.Value[l][r]
				most = max(most, b.Value[l][r])
			}
		}
	}
	if most > 0 {
		_, exponent := math.Frexp(most)
		g.unit = math.Ldexp(1, exponent-1)
	}
	for at, v := range g.value {
		if v > 0 {
			g.value[at] = v / g.unit
		}
	}
	return g
}

// alike reports whether each rep is a number of places that every lead takes one
// of, and makes the room that number.
func (g *grid) alike() bool {
	of := make([]int, g.reps)
	for r := range of {
		of[r] = never
	}
	for at, v := range g.value {
		if v == never {
			continue
		}
		r := at % g.reps
		if of[r] != never && of[r] != g.load[at] {
			return false
		}
		of[r] = g.load[at]
	}
	for r, load := range of {
		switch {
		case load == 0:
			g.room[r] = g.leads
		case load > 0:
			g.room[r] /= load
		}
	}
	for at := range g.load {
		g.load[at] = 1
	}
	return true
}

// bound is what no sharing is worth more than, by any prices of a unit of the
// reps' room that are 0 or more: whoever could pay for what they take would take
// the best for themselves (weak duality).
func (g *grid) bound(prices []float64) float64 {
	sum := 0.0
	for r, p := range prices {
		if p > 0 {
			sum += p * float64(g.room[r])
		}
	}
	for l := range g.leads {
		best := 0.0
		for r, p := range prices {
			at := l*g.reps + r
			if g.value[at] != never {
				best = max(best, g.value[at]-p*float64(g.load[at]))
			}
		}
		sum += best
	}
	return sum
}

// worth is the value of a sharing.
func (g *grid) worth(owner []int) float64 {
	sum := 0.0
	for l, r := range owner {
		if r >= 0 {
			sum += g.value[l*g.reps+r]
		}
	}
	return sum
}
