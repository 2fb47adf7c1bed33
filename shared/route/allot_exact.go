package route

import "math"

// transport shares leads that each take one place, exactly: the transportation
// problem. Leads are placed one after the other along the shortest augmenting
// path, with the reps' prices as potentials (Jonker and Volgenant 1987). The path
// is searched among reps, not among their places: from one rep to another leads
// the move of that lead of theirs which loses least by it.
//
// Values are whole numbers, so that sums are exact and equals are equal.
type transport struct {
	leads, width int     // of the columns the last is nobody, who has room for all at no value
	value        []int64 // lead × column, or never
	room         []int   // places left
	price        []int64 // of a place; above 0 only where none is left
	holds        [][]int // column → leads
	owner        []int   // lead → column

	loss  []int64 // column × column: of the cheapest move from one to the other
	mover []int   // the lead that moves so, or none

	// Of the search for one lead.
	distance []int64
	from     []int // the column before, or none
	settled  []bool
}

const (
	none = -1
	// fine is what a value of 1 becomes. Values are below 2, prices and the
	// distances that count are no larger, and sums of five of them fit an int64.
	fine = 1 << 59
	far  = math.MaxInt64
)

func newTransport(g *grid) *transport {
	w := g.reps + 1
	t := &transport{
		leads: g.leads, width: w,
		value: make([]int64, g.leads*w), room: make([]int, w), price: make([]int64, w),
		holds: make([][]int, w), owner: make([]int, g.leads),
		loss: make([]int64, w*w), mover: make([]int, w*w),
		distance: make([]int64, w), from: make([]int, w), settled: make([]bool, w),
	}
	for l := range g.leads {
		for r := range g.reps {
			v := g.value[l*g.reps+r]
			switch {
			case v > 0:
				t.value[l*w+r] = max(1, int64(math.Round(v*fine)))
			case v < 0:
				t.value[l*w+r] = never
			}
		}
	}
	copy(t.room, g.room)
	t.room[g.reps] = math.MaxInt
	for i := range t.mover {
		t.mover[i] = none
	}
	return t
}

func (t *transport) run() []int {
	for l := range t.leads {
		t.place(l)
	}
	nobody := t.width - 1
	for l, r := range t.owner {
		if r == nobody {
			t.owner[l] = none
		}
	}
	return t.owner
}

// place finds room for one more lead, and moves others where that is worth it.
// The sharing of the leads placed so far stays the best there is.
func (t *transport) place(lead int) {
	end := t.search(lead)
	reach := t.distance[end]
	for c := range t.settled {
		if t.settled[c] {
			t.price[c] += reach - t.distance[c]
		}
	}
	t.room[end]--
	for {
		before := t.from[end]
		if before == none {
			t.give(lead, end)
			return
		}
		moved := t.mover[before*t.width+end]
		t.take(moved, before)
		t.give(moved, end)
		end = before
	}
}

// search finds the column with room to which the shortest path leads.
func (t *transport) search(lead int) int {
	row := t.value[lead*t.width:][:t.width]
	best := int64(0) // with nobody
	for c, v := range row {
		if v != never {
			best = max(best, v-t.price[c])
		}
	}
	for c, v := range row {
		t.distance[c], t.from[c], t.settled[c] = far, none, false
		if v != never {
			t.distance[c] = best - (v - t.price[c])
		}
	}
	for {
		next := t.nearest()
		if t.room[next] > 0 {
			return next
		}
		t.settled[next] = true
		for c := range t.width {
			step := next*t.width + c
			if t.mover[step] == none || t.settled[c] {
				continue
			}
			if d := t.distance[next] + t.loss[step] - t.price[next] + t.price[c]; d < t.distance[c] {
				t.distance[c], t.from[c] = d, next
			}
		}
	}
}

// nearest is the unsettled column at the shortest distance. Among equals those
// with most room come first, and nobody last: once all others are settled, no rep
// can take one more lead without loss.
func (t *transport) nearest() int {
	nobody := t.width - 1
	best := nobody
	for c := range nobody {
		if t.settled[c] || t.distance[c] > t.distance[best] {
			continue
		}
		if best == nobody || t.distance[c] < t.distance[best] || t.room[c] > t.room[best] {
			best = c
		}
	}
	return best
}

// give adds a lead to a column.
func (t *transport) give(lead, column int) {
	t.owner[lead] = column
	t.holds[column] = append(t.holds[column], lead)
	row := t.value[lead*t.width:][:t.width]
	for c := range row {
		t.offer(lead, column, c)
	}
}

// offer makes a lead the one to move from its column to another where it loses
// least by it.
func (t *transport) offer(lead, column, to int) {
	row := t.value[lead*t.width:][:t.width]
	step := column*t.width + to
	if to == column || row[to] == never {
		return
	}
	if loss := row[column] - row[to]; t.mover[step] == none || loss < t.loss[step] {
		t.loss[step], t.mover[step] = loss, lead
	}
}

// take removes a lead from a column. Where it was the one to move, another is.
func (t *transport) take(lead, column int) {
	held := t.holds[column]
	for i, l := range held {
		if l == lead {
			held[i] = held[len(held)-1]
			t.holds[column] = held[:len(held)-1]
			break
		}
	}
	for c := range t.width {
		if step := column*t.width + c; t.mover[step] == lead {
			t.mover[step] = none
			for _, l := range t.holds[column] {
				t.offer(l, column, c)
			}
		}
	}
}

// prices are those of a place of each rep, in the values of the grid.
func (t *transport) prices() []float64 {
	prices := make([]float64, t.width-1)
	for r := range prices {
		prices[r] = float64(t.price[r]) / fine
	}
	return prices
}
