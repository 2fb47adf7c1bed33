// Package pool decides what the stock sweep does with a pooled lead ([Look]) and
// with a customer who said "not now" ([Nudge]), and measures what that is worth: a
// share of the leads is held out of each cycle by lot, and what becomes of the
// others is compared with what becomes of them.
package pool

import (
	"hash/fnv"
	"strconv"
)

// Tally is what became of the leads of one arm in a cycle.
type Tally struct {
	Leads     int `json:"leads"`
	Replied   int `json:"replied,omitempty"`
	Converted int `json:"converted,omitempty"`
}

// Plus adds up two tallies.
func (t Tally) Plus(o Tally) Tally {
	return Tally{t.Leads + o.Leads, t.Replied + o.Replied, t.Converted + o.Converted}
}

// HeldOut draws whether a sweep leaves a lead alone in a cycle. The draw is the
// same whenever it is made, and says nothing about another lead or cycle. Of
// many leads it holds out share, from 0 (none) to 1 (all); a larger share holds
// out those of a smaller one and more.
func HeldOut(share float64, lead string, cycle int) bool {
	const bits = 53 // of a float64 between 0 and 1
	return float64(lot(lead, cycle)>>(64-bits))/(1<<bits) < share
}

func lot(lead string, cycle int) uint64 {
	h := fnv.New64a()
	h.Write([]byte(lead))
	h.Write([]byte{0})
	h.Write([]byte(strconv.Itoa(cycle)))
	// FNV mixes its last bytes weakly, and cycles differ in just those: finish the
	// mixing as MurmurHash3 does.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
