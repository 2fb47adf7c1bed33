package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold writes text as it is compared: lower case, without diacritics, in Latin
// letters where Cyrillic and Greek ones have common equivalents, full-width
// and other compatibility forms as plain ones. It is idempotent.
func fold(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToLower(r)
		switch {
		case 'a' <= r && r <= 'z':
			b.WriteRune(r)
		case 0x300 <= r && r <= 0x36F: // combining diacritics
		case r == unicode.ReplacementChar, unicode.Is(unicode.Cf, r):
		default:
			if letter, ok := latin(r); ok {
				b.WriteString(letter)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return norm.NFC.String(b.String())
}

// plain reports whether a text is folded already, for the many that are.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// latin writes a lower-case letter that Unicode does not decompose in basic
// Latin ones. Cyrillic as passports have it (ICAO Doc 9303), where that and
// common use agree; Greek as ELOT 743.
func latin(r rune) (string, bool) {
	const (
		cyrillic = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia"
		greek    = "a v g d e z i th i k l m n x o p r s s t y f ch ps o"
	)
	switch {
	case 'а' <= r && r <= 'я':
		return wordAt(cyrillic, int(r-'а')), true
	case 'α' <= r && r <= 'ω':
		return wordAt(greek, int(r-'α')), true
	}
	switch r {
	case 'ß':
		return "ss", true
	case 'ø', 'ɵ':
		return "o", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'þ':
		return "th", true
	case 'ı':
		return "i", true
	case 'ħ':
		return "h", true
	case 'ŋ':
		return "n", true
	case 'ə':
		return "a", true
	case 'є':
		return "ie", true
	case 'і', 'ї':
		return "i", true
	case 'ґ':
		return "g", true
	case 'ј':
		return "j", true
	case 'ѓ', 'ђ':
		return "d", true
	case 'љ':
		return "lj", true
	case 'њ':
		return "nj", true
	case 'ћ':
		return "c", true
	case 'џ':
		return "dz", true
	}
	return "", false
}

// wordAt is the i-th word of a list; a dash stands for nothing.
func wordAt(list string, i int) string {
	for word := range strings.SplitSeq(list, " ") {
		if i == 0 {
			return strings.Trim(word, "-")
		}
		i--
	}
	return ""
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func hasHan(text string) bool { return strings.ContainsFunc(text, isHan) }

func onlyHan(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !isHan(r) })
}

// words are the runs of letters and digits of a folded text. Apostrophes
// within a word are dropped: O'Brien is obrien.
func words(folded string) []string {
	var all []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			all = append(all, word.String())
			word.Reset()
		}
	}
	for _, r := range folded {
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.N):
			word.WriteRune(r)
		case r == '\'', r == '’', r == '‘', r == '`', r == 'ʼ', r == '´':
		default:
			end()
		}
	}
	end()
	return all
}
