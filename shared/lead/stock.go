package lead

import (
	"fmt"
	"hash/fnv"
	"time"
)

// Did is what the stock sweep did with a lead that it looked at.
type Did string

// What a look can do. The first is the hold-out; all others but the archived are
// the treated arm: those are taken out before it is drawn.
const (
	DidHold   Did = "held_out" // left alone, to be compared with
	DidRoute  Did = "routed"   // likely: offered to a rep
	DidList   Did = "listed"   // likely: put on a call list
	DidTouch  Did = "touched"  // a re-activation message
	DidRest   Did = "rested"   // nothing could be done now
	DidRetire Did = "archived" // rested in pools for too long
)

// Dids lists what a look can do.
var Dids = []Did{DidHold, DidRoute, DidList, DidTouch, DidRest, DidRetire}

// Stock is the look that a later reply or conversion of a lead is credited to.
type Stock struct {
	Pool    string    `json:"pool"`
	Cycle   time.Time `json:"cycle"`
	Held    bool      `json:"held,omitempty"`    // it was in the hold-out
	Replied bool      `json:"replied,omitempty"` // a reply was credited
}

// What a look is credited with.
const (
	CreditReply   = "replied"   // the person enquired again or answered a call
	CreditConvert = "converted" // the lead was won
)

// Tally counts what a history entry adds to the figures of a pool's cycle.
type Tally struct {
	Pool  string
	Cycle time.Time
	Shard string         // by the lead: one cycle's counters are spread
	Add   map[string]int // "touched", "routed", … and "replied", "converted", of the hold-out "held_out.replied", …
}

// TallyShards is how many items the counters of a cycle are spread over.
const TallyShards = 32

// TallyOf is what an entry adds to a cycle's figures; nil is nothing.
func TallyOf(entry Entry) *Tally {
	var t *Tally
	count := func(pool string, cycle time.Time, what string) {
		if t == nil {
			t = &Tally{Pool: pool, Cycle: cycle.UTC(), Shard: fmt.Sprintf("%02d", hash(entry.Lead, "tally")%TallyShards), Add: map[string]int{}}
		}
		t.Add[what]++
	}
	for _, e := range entry.Events {
		switch e := e.(type) {
		case Swept:
			if e.Did != "" {
				count(e.Pool, e.Cycle, string(e.Did))
			}
		case Credited:
			what := e.Of
			if e.Stock.Held {
				what = string(DidHold) + "." + e.Of
			}
			count(e.Stock.Pool, e.Stock.Cycle, what)
		}
	}
	return t
}

// CycleAt is when the cycle began that a moment belongs to. Cycles of a length
// follow each other without a gap from the beginning of 1970 on.
func CycleAt(at time.Time, length time.Duration) time.Time {
	return time.Unix(0, 0).UTC().Add(time.Duration(cycleNumber(at, length)) * length)
}

// cycleNumber counts cycles; dates before 1970 belong to the first.
func cycleNumber(at time.Time, length time.Duration) int64 {
	return max(0, int64(at.Sub(time.Unix(0, 0))/max(length, time.Minute)))
}

// lookAt is when the stock sweep looks at a pooled lead next: once in each cycle
// that begins after it came in, or in the one it came in where its place in that is
// still ahead. A lead's place in a cycle is its own, so that the work is spread, and
// in the first four fifths, so that a late look is still one of its cycle.
func lookAt(l Lead, r Rules) time.Time {
	length := r.Cycle(l.Pool)
	places := length / 5 * 4
	if r.Quiet != nil { // the end of a night is up to a day later
		places = max(places-24*time.Hour, length/4)
	}
	n := cycleNumber(l.Since, length)
	if !l.Looked.IsZero() {
		n = max(n, cycleNumber(l.Looked, length)+1)
	}
	for ; ; n++ {
		at := time.Unix(0, 0).UTC().Add(time.Duration(n)*length + spread(l.ID, "look", places))
		if r.Quiet != nil {
			// Those of a night do not all come at its end.
			if awake := r.Quiet.Until(at, l.Facts.Country); awake.After(at) {
				at = awake.Add(spread(l.ID, "wake", min(r.Quiet.Awake(), length/5)))
			}
		}
		if at.After(l.Since) {
			return at
		}
	}
}

// Cycle is how long a cycle of a pool takes.
func (r Rules) Cycle(pool string) time.Duration {
	if rest, ok := r.Pools[pool]; ok {
		return max(rest.Cycle, time.Minute)
	}
	return max(r.Sweep, time.Minute)
}

// spread is a lead's own part of a span, in whole seconds.
func spread(id, of string, span time.Duration) time.Duration {
	return time.Duration(hash(id, of)%uint32(max(1, span/time.Second))) * time.Second
}

func hash(id, of string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(of))
	h.Write([]byte(id))
	// The last bytes of ids differ little, and FNV hardly mixes its last byte.
	x := h.Sum32()
	x ^= x >> 16
	x *= 0x85ebca6b
	x ^= x >> 13
	x *= 0xc2b2ae35
	return x ^ x>>16
}
