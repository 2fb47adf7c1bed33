package match

import (
	"math/bits"
	"slices"
)

// jaroWinkler is the likeness of two words, 0 to 1 (Winkler 1990): common
// letters within half a length, less transpositions, more for a common start.
func jaroWinkler(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if len(a) > 64 {
		a = a[:64]
	}
	if len(b) > 64 {
		b = b[:64]
	}
	window := max(max(len(a), len(b))/2-1, 0)
	var usedA, usedB uint64
	common := 0
	for i, r := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if usedB>>j&1 == 0 && b[j] == r {
				usedA |= 1 << i
				usedB |= 1 << j
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	moved, j := 0, 0
	for i, r := range a {
		if usedA>>i&1 == 0 {
			continue
		}
		for usedB>>j&1 == 0 {
			j++
		}
		if b[j] != r {
			moved++
		}
		j++
	}
	m := float64(common)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(moved)/2)/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

// edits is the number of letters added, dropped, changed or swapped with their
// neighbour that turn a into b (optimal string alignment), or more than bound.
func edits(a, b []rune, bound int) int {
	if d := len(a) - len(b); d > bound || -d > bound {
		return bound + 1
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	if len(b) > 64 {
		if slices.Equal(a, b) {
			return 0
		}
		return bound + 1
	}
	var rows [3][65]int
	two, one, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(one[j]+1, now[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, two[j-2]+1)
			}
			now[j] = d
			least = min(least, d)
		}
		if least > bound {
			return bound + 1
		}
		two, one, now = one, now, two
	}
	return one[len(b)]
}

// bag is the share of letters that two words have in common whatever their
// order, 0 to 1: 1 for anagrams.
func bag(a, b []rune) float64 {
	common := 0
	var used uint64
	for _, r := range a {
		for j := range min(len(b), 64) {
			if used>>j&1 == 0 && b[j] == r {
				used |= 1 << j
				common++
				break
			}
		}
	}
	if len(a)+len(b) == 0 {
		return 0
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

// spelling is the signs of a word, and which there are: a bit for each, several
// signs to a bit.
type spelling struct {
	runes []rune
	set   uint64
}

func spell(s string) spelling {
	w := spelling{runes: []rune(s)}
	for _, r := range w.runes {
		w.set |= 1 << (r & 63)
	}
	return w
}

// alike reports whether two words are one but for a slip of the keyboard: one
// edit in four letters or more, two in seven, or nearly the same start to end.
func alike(a, b spelling) bool {
	short, long := min(len(a.runes), len(b.runes)), max(len(a.runes), len(b.runes))
	if short < 3 || long > 2*short || ceiling(a, b) < 0.82 {
		return false
	}
	bound := 1
	if short >= 7 {
		bound = 2
	}
	if long > 32 { // Winkler's likeness says little of long texts, and takes long
		return edits(a.runes, b.runes, 3) <= 3
	}
	if long == 3 {
		return edits(a.runes, b.runes, 1) <= 1 && bag(a.runes, b.runes) == 1 // two letters swapped
	}
	return edits(a.runes, b.runes, bound) <= bound || short >= 5 && jaroWinkler(a.runes, b.runes) >= 0.93
}

// loose reports whether two words look like each other: Winkler's likeness of
// 0.82, or the same letters shuffled.
func loose(a, b spelling) bool {
	if min(len(a.runes), len(b.runes)) < 3 || ceiling(a, b) < 0.8 {
		return false
	}
	return bag(a.runes, b.runes) >= 0.8 || jaroWinkler(a.runes, b.runes) >= 0.82
}

// ceiling is a quick bound from above on Winkler's likeness, by the signs that
// one has and the other lacks.
func ceiling(a, b spelling) float64 {
	n, m := len(a.runes), len(b.runes)
	common := float64(min(n-bits.OnesCount64(a.set&^b.set), m-bits.OnesCount64(b.set&^a.set)))
	jaro := (common/float64(n) + common/float64(m) + 1) / 3
	prefix := 0
	for prefix < min(4, n, m) && a.runes[prefix] == b.runes[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}
