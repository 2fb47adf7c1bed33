package match

import (
	"slices"
	"unicode"

	"sluice/shared/identity"
)

// established is how many entities have a name that is no slip of another.
const established = 4

// nameLevel compares given or family names that are not the same.
func nameLevel(a, b *value) uint8 {
	short := min(len(a.runes), len(b.runes))
	switch {
	case a.latin == b.latin && a.latin != "":
		return near // in characters here, in pinyin there
	case alike(a.spelling, b.spelling):
		if a.common >= established && b.common >= established {
			return fair // Jana and Jan, Martin and Marvin: most likely two names
		}
		return near
	case short == 1 && a.runes[0] == b.runes[0] && !isHan(a.key),
		len(a.words) != len(b.words) && (fits(a.words, b.words) || fits(b.words, a.words)):
		return part
	case short >= 3 && len(a.words) == 1 && len(b.words) == 1 && (string(a.runes[:short]) == string(b.runes[:short])):
		return part // Rob, Robert
	case loose(a.spelling, b.spelling):
		return weak
	}
	return different
}

// fits reports whether each of the words is one of the whole's, or its initial.
func fits(whole, words []word) bool {
	for i := range words {
		found := false
		for j := range whole {
			found = found || whole[j].hash == words[i].hash ||
				len(words[i].runes) == 1 && whole[j].runes[0] == words[i].runes[0]
		}
		if !found {
			return false
		}
	}
	return len(words) > 0
}

// agreement of two lists of words: what is matched, in weight.
type agreement struct {
	shared     float64 // 0 to 1, twice the matched weight over all weight
	exact      int     // words the same
	close      int     // words alike but not the same
	short      int     // initials and short forms of the other's
	restA      int     // words of a without a partner
	restB      int
	digitsRest bool // numbers on both sides without a partner
}

// pairUp matches words with words, each with one at most: first the same, then
// the alike, then the short.
//
// Short forms such as Bill are looked up where asked for: that takes time.
func pairUp(a, b []word, lookUp bool) agreement {
	var usedA, usedB uint64
	var g agreement
	var total, matched float64
	for i := range a {
		total += a[i].weight
	}
	for j := range b {
		total += b[j].weight
	}
	take := func(i, j int, worth float64) {
		usedA |= 1 << i
		usedB |= 1 << j
		matched += worth * (a[i].weight + b[j].weight)
	}
	for i, j := 0, 0; i < len(a) && j < len(b); { // sorted
		switch c := compareRunes(a[i].runes, b[j].runes); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			take(i, j, 1)
			g.exact++
			i++
			j++
		}
	}
	rest := func(try func(x, y *word) float64, count *int) {
		for i := range a {
			if usedA>>i&1 == 1 {
				continue
			}
			best, at := 0.0, -1
			for j := range b {
				if usedB>>j&1 == 0 {
					if worth := try(&a[i], &b[j]); worth > best {
						best, at = worth, j
					}
				}
			}
			if at >= 0 {
				take(i, at, best)
				*count++
			}
		}
	}
	if g.exact < min(len(a), len(b)) {
		rest(func(x, y *word) float64 {
			if x.digits || y.digits || !alike(x.spelling, y.spelling) {
				return 0
			}
			return 0.85
		}, &g.close)
		rest(func(x, y *word) float64 { return shortened(x, y, lookUp) }, &g.short)
	}
	for i := range a {
		if usedA>>i&1 == 0 {
			g.restA++
			g.digitsRest = g.digitsRest || a[i].digits
		}
	}
	digitsB := false
	for j := range b {
		if usedB>>j&1 == 0 {
			g.restB++
			digitsB = digitsB || b[j].digits
		}
	}
	g.digitsRest = g.digitsRest && digitsB
	g.shared = matched / total
	return g
}

// shortened is what it is worth that one word is the start or a short form of
// the other, 0 for none.
func shortened(x, y *word, lookUp bool) float64 {
	p, q := x.runes, y.runes
	if len(p) > len(q) {
		p, q = q, p
	}
	switch {
	case x.digits || y.digits:
		return 0
	case len(p) < len(q) && p[0] == q[0] && slices.Equal(p, q[:len(p)]) && !unicode.Is(unicode.Han, p[0]):
		return 0.5 + 0.3*float64(len(p)-1)/float64(len(q))
	case lookUp && identity.Nicknames(string(p), string(q)):
		return 0.7
	}
	return 0
}

func compareRunes(a, b []rune) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return int(a[i]) - int(b[i])
		}
	}
	return len(a) - len(b)
}

// shortForms raises the level of two names where one has the other's short form:
// Bill and William.
func shortForms(kind Kind, a, b *value, level uint8) uint8 {
	switch {
	case kind == Given && (level == different || level == weak) && identity.Nicknames(a.key, b.key):
		return part
	case kind == Full && (level == different || level == weak || level == part):
		return max(level, fullLevel(a, b, true))
	}
	return level
}

// fullLevel compares whole names that are not the same: words in any order,
// initials, short forms, names left out.
func fullLevel(a, b *value, lookUp bool) uint8 {
	if a.latin == b.latin && a.latin != "" {
		return near // Wei Ming and Weiming, or in characters
	}
	g := pairUp(a.words, b.words, lookUp)
	full := g.exact + g.close
	one := len(a.words) == 1 && len(b.words) == 1
	switch {
	case g.restA == 0 && g.restB == 0 && g.short == 0 && (full > 1 || one):
		return near
	case (g.restA == 0 || g.restB == 0) && g.shared >= 0.45 && full > 0 && (g.short == 0 || g.restA == g.restB),
		(g.restA == 0 || g.restB == 0) && g.shared >= 0.45 && full+g.short >= 3,
		g.restA == 0 && g.restB == 0 && g.short > 1,
		g.shared >= 0.75 && full > 3:
		return fair
	case g.shared >= 0.45 && full >= 2:
		return part
	case one && isHan(a.key) && isHan(b.key) && bag(a.runes, b.runes) == 1:
		return near // family and given name the other way round
	case full > 0 || one && isHan(a.key) && isHan(b.key) && a.runes[0] == b.runes[0]:
		return weak
	}
	return different
}

// wordsLevel compares companies, addresses and wording that are not the same,
// by the weight of the words they share.
func wordsLevel(a, b *value) uint8 {
	// Of as many words each, two slips must be in two words, or in a long one: a
	// name that is short and two letters off is another.
	slip := len(a.runes) >= 4 && len(b.runes) >= 4 && edits(a.runes, b.runes, 1) <= 1 ||
		len(a.words) != len(b.words) && alike(a.spelling, b.spelling)
	if slip && !numbersDiffer(a.words, b.words) {
		return near
	}
	g := pairUp(a.words, b.words, false)
	limit := uint8(near)
	if g.digitsRest {
		limit = part // another house, another year
	}
	contained := (g.restA == 0 || g.restB == 0) && g.short == 0
	switch {
	case g.shared >= 0.88:
		return min(near, limit)
	case g.shared >= 0.7, contained && g.shared >= 0.5:
		return min(fair, limit)
	case g.shared >= 0.45, contained:
		return min(part, limit)
	case g.shared >= 0.25, min(len(a.runes), len(b.runes)) > 8 && max(len(a.runes), len(b.runes)) <= 32 && ceiling(a.spelling, b.spelling) >= 0.85 && jaroWinkler(a.runes, b.runes) >= 0.85:
		return weak
	}
	return different
}

// numbersDiffer reports whether both hold a number that the other does not.
func numbersDiffer(a, b []word) bool {
	lacks := func(x, y []word) bool {
		for i := range x {
			if x[i].digits && !contains(y, x[i:i+1]) {
				return true
			}
		}
		return false
	}
	return lacks(a, b) && lacks(b, a)
}
