package match

import (
	"cmp"
	"context"
	"slices"
)

// Bounds of blocking: all pairs are compared where these are few; else so many
// per row, of any one rule an eighth of that.
const (
	allPairs    = 600_000
	pairsPerRow = 60
	leastPairs  = 600_000
	widestBlock = 400 // rows
)

// feature is a way to say that two rows are alike: the keys that a row has.
type feature struct {
	name  string
	group int // features of one group are not combined
	keys  func(row []*value, out []uint64) []uint64
}

// features are chosen by the kinds of the columns: each has its values as they
// are, and those in which people make slips have rougher keys.
func (t *table) features() []feature {
	var list []feature
	var names, addresses []int
	for c, f := range t.fields {
		switch f.Kind {
		case Given, Family, Full:
			names = append(names, c)
		case Address:
			addresses = append(addresses, c)
		}
	}
	group := len(t.fields)
	add := func(name string, group int, keys func(row []*value, out []uint64) []uint64) {
		list = append(list, feature{name, group, keys})
	}
	if len(names) > 0 {
		add("name", group, func(row []*value, out []uint64) []uint64 {
			for _, c := range names {
				out = append(out, wordKeys(row[c], 1, 6)...)
			}
			return out
		})
		add("name~", group, func(row []*value, out []uint64) []uint64 {
			for _, c := range names {
				for i := range row[c].words {
					if i < 6 {
						out = append(out, roughKeys(row[c].words[i].runes)...)
					}
				}
			}
			return out
		})
		if len(names) > 1 {
			add("names", group, func(row []*value, out []uint64) []uint64 {
				sum, n := uint64(0), 0
				for _, c := range names {
					if !row[c].missing() {
						sum += row[c].hash // either way round
						n++
					}
				}
				if n < 2 {
					return out
				}
				return append(out, sum)
			})
		}
	}
	if len(addresses) > 0 {
		add("address", group+1, func(row []*value, out []uint64) []uint64 {
			for _, c := range addresses {
				if !row[c].missing() {
					out = append(out, row[c].hash)
				}
			}
			return out
		})
		add("address~", group+1, func(row []*value, out []uint64) []uint64 {
			for _, c := range addresses {
				out = append(out, wordKeys(row[c], 3, 3)...)
				out = append(out, startKey(row[c].runes, 5)...)
			}
			return out
		})
	}
	for c, f := range t.fields {
		c := c
		if f.Kind != Given && f.Kind != Family && f.Kind != Address {
			add(f.Name, c, func(row []*value, out []uint64) []uint64 {
				if row[c].missing() {
					return out
				}
				return append(out, row[c].hash)
			})
		}
		if rough := roughOf(f.Kind); rough != nil {
			add(f.Name+"~", c, func(row []*value, out []uint64) []uint64 {
				if row[c].missing() {
					return out
				}
				return append(out, rough(row[c])...)
			})
		}
	}
	return list
}

// roughOf returns the rougher keys of a kind, nil for none.
func roughOf(kind Kind) func(v *value) []uint64 {
	switch kind {
	case Company, Text:
		return func(v *value) []uint64 { return append(wordKeys(v, 2, 5), startKey(v.runes, 6)...) }
	case City:
		return func(v *value) []uint64 { return roughKeys(v.runes) }
	case Email:
		return func(v *value) []uint64 {
			return append(startKey(v.local, 5), join(hash(string(v.local)), 1))
		}
	case Phone:
		return func(v *value) []uint64 { return halves(v.runes, 4) }
	case ID:
		return func(v *value) []uint64 { return halves(v.runes, 3) }
	case Postcode:
		return func(v *value) []uint64 { return halves(v.runes, 2) }
	case Date:
		return func(v *value) []uint64 {
			d := v.day
			if !d.ok {
				return nil
			}
			low, high := min(d.month, d.date), max(d.month, d.date)
			return []uint64{
				join(uint64(d.year), uint64(d.month)), join(uint64(d.year), 100+uint64(d.date)),
				join(uint64(d.month), 200+uint64(d.date)), join(uint64(d.year)<<8|uint64(low), 300+uint64(high)),
			}
		}
	}
	return nil
}

// wordKeys are the keys of a value's weightiest words.
func wordKeys(v *value, shortest, most int) []uint64 {
	var list []word
	for _, w := range v.words {
		if len(w.runes) >= shortest || isHan(string(w.runes)) {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b word) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), compareRunes(a.runes, b.runes))
	})
	var keys []uint64
	for _, w := range list[:min(most, len(list))] {
		keys = append(keys, w.hash)
	}
	return keys
}

// roughKeys are keys that survive most slips: the first three letters, the last
// three, and the consonants in their classes.
func roughKeys(runes []rune) []uint64 {
	if len(runes) < 2 {
		return nil
	}
	if isHan(string(runes)) {
		return []uint64{join(hash(string(runes[:1])), 3), join(hash(string(runes[1:])), 4)}
	}
	keys := startKey(runes, 3)
	if n := len(runes); n >= 4 {
		keys = append(keys, join(hash(string(runes[n-3:])), 1))
	}
	return append(keys, join(hash(sound(runes)), 2))
}

func startKey(runes []rune, n int) []uint64 {
	if len(runes) == 0 {
		return nil
	}
	return []uint64{join(hash(string(runes[:min(n, len(runes))])), 5)}
}

// halves are the first and the last signs, which a single slip leaves one of.
func halves(runes []rune, least int) []uint64 {
	n := len(runes) / 2
	if n < least {
		n = min(least, len(runes)-1)
	}
	if n < 1 {
		return nil
	}
	return []uint64{join(hash(string(runes[:n])), 6), join(hash(string(runes[len(runes)-n:])), 7)}
}

// classes of consonants that sound alike, after Soundex (Russell 1918).
var classes = map[rune]byte{
	'b': '1', 'p': '1', 'f': '1', 'v': '1', 'w': '1', 'c': '2', 'g': '2', 'j': '2', 'k': '2', 'q': '2', 's': '2', 'x': '2', 'z': '2',
	'd': '3', 't': '3', 'l': '4', 'm': '5', 'n': '5', 'r': '6',
}

// sound is how the consonants of a word sound, up to five of them.
func sound(runes []rune) string {
	var out []byte
	for _, r := range runes {
		if class := classes[r]; class != 0 && (len(out) == 0 || out[len(out)-1] != class) && len(out) < 5 {
			out = append(out, class)
		}
	}
	return string(out)
}

// pair is two rows of a table, the smaller number first.
type pair struct{ a, b int32 }

// candidates finds the pairs to compare.
func (t *table) candidates(ctx context.Context, progress func(done, total int)) ([]pair, []Block, error) {
	if t.pairs() <= allPairs {
		pairs := t.everyPair()
		return pairs, []Block{{Rule: "all pairs", Pairs: len(pairs)}}, nil
	}
	rules := t.rules()
	keys := t.keys()
	if err := t.measure(ctx, rules, keys, progress); err != nil {
		return nil, nil, err
	}
	// The rules that bring the fewest pairs are the most telling.
	slices.SortStableFunc(rules, func(a, b *rule) int {
		return cmp.Or(cmp.Compare(a.total, b.total), cmp.Compare(a.name, b.name))
	})
	budget := max(leastPairs, pairsPerRow*len(t.rows))
	found := newPairSet(budget)
	var blocks []Block
	const step = 4
	for start := 0; start < len(rules) && found.count < budget; start += step {
		some := rules[start:min(start+step, len(rules))]
		eachOf(len(some), func(i int) { t.bring(some[i], keys, budget/8) })
		for _, r := range some {
			before := found.count
			for _, p := range r.found {
				if found.count < budget {
					found.add(p)
				}
			}
			r.found = nil
			if found.count > before {
				blocks = append(blocks, Block{Rule: r.name, Pairs: found.count - before})
			}
		}
	}
	return found.list(), blocks, ctx.Err()
}

func (t *table) everyPair() []pair {
	var pairs []pair
	for i := range t.rows {
		for j := i + 1; j < len(t.rows); j++ {
			if !t.linking() || t.side[i] != t.side[j] {
				pairs = append(pairs, pair{int32(i), int32(j)})
			}
		}
	}
	return pairs
}
