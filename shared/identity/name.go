package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxName bounds a person's name, in runes.
const MaxName = 120

// Name tidies a person's name without changing it: Unicode's composed form,
// single spaces, none at the ends, no control or invisible characters, at most
// [MaxName] runes. Case and script stay as written.
func Name(raw string) string {
	// Only so much can matter; the rest is not worth composing.
	const enough = 64 * MaxName
	if len(raw) > enough {
		raw = raw[:enough]
	}
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.In(r, unicode.C), unicode.In(r, unicode.Variation_Selector):
			return -1
		}
		return r
	}, raw)
	name := norm.NFC.String(strings.Join(strings.Fields(visible), " "))
	if runes := []rune(name); len(runes) > MaxName {
		name = strings.TrimSpace(string(runes[:MaxName]))
	}
	return name
}
