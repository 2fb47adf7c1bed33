package table

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"time"
)

// tokenKept is for how long a transaction is known by its token (API reference,
// "TransactWriteItems").
const tokenKept = int64(10 * time.Minute)

// tokens remember which transactions were done.
type tokens struct {
	done map[string]doneToken
	old  []string // in the order they were done
}

type doneToken struct {
	digest uint64 // of the transaction's parameters
	at     int64  // ns of Unix time
}

func (t *tokens) clone() tokens { return tokens{done: maps.Clone(t.done), old: slices.Clone(t.old)} }

// find returns the digest of the transaction that a token stands for.
func (t *tokens) find(token []byte, now int64) (digest uint64, ok bool) {
	n := 0
	for n < len(t.old) && t.done[t.old[n]].at+tokenKept <= now {
		delete(t.done, t.old[n])
		n++
	}
	t.old = t.old[n:]
	done, ok := t.done[string(token)]
	return done.digest, ok
}

func (t *tokens) add(token []byte, digest uint64, now int64) {
	if t.done == nil {
		t.done = map[string]doneToken{}
	}
	kept := string(token)
	t.done[kept] = doneToken{digest, now}
	t.old = append(t.old, kept)
}

// digest is the same for the same parameters, in whatever order the members of
// their objects came.
func (q *request) digest(seed uint64) uint64 {
	h := mix(seed, uint64(len(q.operation)))
	for _, text := range [][]byte{q.table, q.condition, q.update, q.returnsFailed} {
		h = mixText(h, text)
	}
	var names uint64
	for _, p := range q.names {
		names += mixText(mixText(0, p.placeholder), p.name)
	}
	h = mix(h, names)
	for _, fields := range [][]field{q.key, q.item, q.values} {
		h = mix(h, uint64(len(fields)))
		for _, f := range fields { // sorted
			h = mixText(mix(mixText(h, f.name), uint64(f.value.kind)), f.value.raw)
		}
	}
	return h
}

func mix(h, x uint64) uint64 {
	high, low := bits.Mul64(h^0x9e3779b97f4a7c15, x^0xd6e8feb86659fd93)
	return high ^ low
}

func mixText(h uint64, text []byte) uint64 {
	h = mix(h, uint64(len(text)))
	for ; len(text) >= 8; text = text[8:] {
		h = mix(h, binary.LittleEndian.Uint64(text))
	}
	var last [8]byte
	copy(last[:], text)
	return mix(h, binary.LittleEndian.Uint64(last[:]))
}
