package match

import (
	"cmp"
	"context"
	"slices"
)

// rule brings rows together that share a key of each of its features.
type rule struct {
	name  string
	parts []int
	total int    // pairs that it would bring without bounds
	found []pair // those it brings, from the smallest blocks on
}

// rules are all features alone, and in twos of different columns.
func (t *table) rules() []*rule {
	features := t.features()
	var list []*rule
	for i, f := range features {
		list = append(list, &rule{name: f.name, parts: []int{i}})
		for j, g := range features[i+1:] {
			if g.group != f.group {
				list = append(list, &rule{name: f.name + " + " + g.name, parts: []int{i, i + 1 + j}})
			}
		}
	}
	return list
}

// entry is a row under a key.
type entry struct {
	key uint64
	row int32
}

// keys are the keys of every row by feature.
func (t *table) keys() [][][]uint64 {
	features := t.features()
	keys := make([][][]uint64, len(features))
	eachOf(len(features), func(i int) {
		keys[i] = make([][]uint64, len(t.rows))
		var buffer []uint64
		for r, row := range t.rows {
			buffer = features[i].keys(row, buffer[:0])
			slices.Sort(buffer)
			keys[i][r] = slices.Clone(slices.Compact(buffer))
		}
	})
	return keys
}

// measure finds how much each rule would bring.
func (t *table) measure(ctx context.Context, rules []*rule, keys [][][]uint64, progress func(done, total int)) error {
	const step = 16
	for start := 0; start < len(rules); start += step {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := rules[start:min(start+step, len(rules))]
		eachOf(len(some), func(i int) {
			_, blocks := t.blocks(some[i], keys)
			for _, b := range blocks {
				some[i].total += (b.end - b.start) * (b.end - b.start - 1) / 2
			}
		})
		progress(start+len(some), len(rules))
	}
	return nil
}

// span is a block: entries of one key.
type span struct{ start, end int }

// blocks returns the blocks of a rule.
func (t *table) blocks(r *rule, keys [][][]uint64) ([]entry, []span) {
	var entries []entry
	for row := range t.rows {
		first := keys[r.parts[0]][row]
		if len(r.parts) == 1 {
			for _, k := range first {
				entries = append(entries, entry{k, int32(row)})
			}
			continue
		}
		for _, k := range first {
			for _, l := range keys[r.parts[1]][row] {
				entries = append(entries, entry{join(k, l), int32(row)})
			}
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.row, b.row))
	})
	var spans []span
	for i := 0; i < len(entries); {
		j := i + 1
		for j < len(entries) && entries[j].key == entries[i].key {
			j++
		}
		if j-i > 1 {
			spans = append(spans, span{i, j})
		}
		i = j
	}
	return entries, spans
}

// bring finds the pairs of a rule, those of the smallest blocks first.
func (t *table) bring(r *rule, keys [][][]uint64, bound int) {
	entries, spans := t.blocks(r, keys)
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.end-a.start, b.end-b.start) })
	for _, s := range spans {
		if len(r.found) >= bound || s.end-s.start > widestBlock {
			break
		}
		block := entries[s.start:s.end]
		for i := range block {
			for j := i + 1; j < len(block); j++ {
				if a, b := block[i].row, block[j].row; !t.linking() || t.side[a] != t.side[b] {
					r.found = append(r.found, pair{a, b})
				}
			}
		}
	}
}

// pairSet is a set of pairs, open addressing by a mixed hash.
type pairSet struct {
	slots []uint64 // a<<32 | b; 0 is empty, as b is never 0
	count int
}

func newPairSet(most int) *pairSet {
	size := 1 << 10
	for size < 2*most {
		size *= 2
	}
	return &pairSet{slots: make([]uint64, size)}
}

func (s *pairSet) add(p pair) {
	id := uint64(p.a)<<32 | uint64(p.b)
	at := mix(id) & uint64(len(s.slots)-1)
	for s.slots[at] != 0 {
		if s.slots[at] == id {
			return
		}
		at = (at + 1) & uint64(len(s.slots)-1)
	}
	s.slots[at] = id
	s.count++
}

func (s *pairSet) has(p pair) bool {
	id := uint64(p.a)<<32 | uint64(p.b)
	at := mix(id) & uint64(len(s.slots)-1)
	for s.slots[at] != 0 {
		if s.slots[at] == id {
			return true
		}
		at = (at + 1) & uint64(len(s.slots)-1)
	}
	return false
}

// list returns the pairs by rows.
func (s *pairSet) list() []pair {
	ids := make([]uint64, 0, s.count)
	for _, id := range s.slots {
		if id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	pairs := make([]pair, len(ids))
	for i, id := range ids {
		pairs[i] = pair{int32(id >> 32), int32(id & 0xffffffff)}
	}
	return pairs
}
