package match

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxValue bounds in bytes what is read of a value, and maxTokens its words.
const (
	maxValue  = 1000
	maxTokens = 40
)

// absent are values that people and programs write for nothing.
var absent = map[string]bool{
	"na": true, "nan": true, "null": true, "nil": true, "none": true, "unknown": true, "unbekannt": true,
	"keine": true, "missing": true, "notavailable": true, "notapplicable": true, "nodata": true, "不详": true, "无": true,
}

// letters that do not come apart into a base and a mark.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// fold drops case, accents and width: what differs between ways to write the same.
func fold(raw string) string {
	if len(raw) > maxValue {
		raw = strings.ToValidUTF8(raw[:maxValue], "")
	}
	ascii := true
	for i := 0; i < len(raw); i++ {
		if raw[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(raw)
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(raw))
	return norm.NFC.String(letters.Replace(plain))
}

// words splits folded text at everything that is no letter or digit, and
// between letters and digits of Chinese text and others.
func words(folded string) []string {
	var list []string
	start, han := -1, false
	flush := func(end int) {
		if start >= 0 && len(list) < maxTokens {
			list = append(list, folded[start:end])
		}
		start = -1
	}
	for i, r := range folded {
		isHan := unicode.Is(unicode.Han, r)
		switch {
		case r == '\'' || r == '’':
			continue // o'brien is one word: the sign goes below
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush(i)
			continue
		case start >= 0 && isHan != han:
			flush(i)
		}
		if start < 0 {
			start, han = i, isHan
		}
	}
	flush(len(folded))
	for i, w := range list {
		if strings.ContainsAny(w, "'’") {
			list[i] = strings.NewReplacer("'", "", "’", "").Replace(w)
		}
	}
	return list
}

// isHan reports whether a word is written in Chinese characters.
func isHan(word string) bool {
	for _, r := range word {
		return unicode.Is(unicode.Han, r)
	}
	return false
}

// bigrams turns words in Chinese characters, which stand without spaces, into
// overlapping pairs of characters.
func bigrams(list []string) []string {
	var out []string
	for _, w := range list {
		runes := []rune(w)
		if !isHan(w) || len(runes) <= 2 {
			out = append(out, w)
			continue
		}
		for i := range len(runes) - 1 {
			out = append(out, string(runes[i:i+2]))
		}
	}
	return out[:min(len(out), maxTokens)]
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// hash is FNV-1a with a final mix: the same on every machine, as models are kept.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix spreads a number's bits (the end of MurmurHash3).
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// join hashes two hashes in order.
func join(a, b uint64) uint64 { return mix(a*31 + b + 0x9e3779b97f4a7c15) }
