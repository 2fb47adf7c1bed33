package identity

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// NameBlock is a key under which names are kept that may be one person's: equal
// for names that sound alike in whatever order they are written, so that
// candidates are found by it and compared then. It is made of the first given
// name and the last word of the family name, of double ones with a hyphen the
// first half; initials beside a longer given name, titles, suffixes and
// particles do not count. Latin letters become
// consonant classes; Chinese names, in characters or pinyin, the syllables in
// alphabetical order. It is "" where there is no name.
func NameBlock(raw string) string {
	n := ReadName(raw)
	if n.Chinese {
		return key(hanSounds(surnameReading(n.Family), n.Given))
	}
	given, family := heads(n.Given), heads(n.Family)
	if both := slices.Concat(nameWords(n.Given), nameWords(n.Family)); isChinese(both) {
		var all []string
		for _, word := range both {
			all = append(all, split(word)...)
		}
		return key(all)
	}
	isParticle := func(word string) bool { return listed(particles, word) }
	if !allOf(family, isParticle) {
		family = slices.DeleteFunc(family, isParticle)
	}
	if !allOf(given, isInitial) {
		given = slices.DeleteFunc(given, isInitial)
	}
	var all []string
	if len(given) > 0 {
		all = append(all, sound(given[0]))
	}
	if len(family) > 0 {
		all = append(all, sound(family[len(family)-1]))
	}
	return key(all)
}

// heads are the words of a name, those with a hyphen cut at it.
func heads(text string) []string {
	fields := strings.Fields(text)
	for i, field := range fields {
		head, rest, _ := strings.Cut(field, "-")
		if listed(particles, fold(head)) || len(words(head)) == 0 { // al-Fayed
			head = rest
		}
		if len(words(head)) > 0 {
			fields[i] = head
		}
	}
	return nameWords(strings.Join(fields, " "))
}

func hanSounds(family, given string) []string {
	var all []string
	for _, word := range append(words(fold(family)), words(fold(readings(given)))...) {
		if s := split(word); s != nil {
			all = append(all, s...)
		} else {
			all = append(all, sound(word))
		}
	}
	return all
}

// isChinese reports whether words are a Chinese name in pinyin: nothing else,
// and a family name at one end.
func isChinese(all []string) bool {
	if len(all) < 2 || len(all) > 4 || !isPinyin(all) {
		return false
	}
	return isPinyinSurname(all[0]) || isPinyinSurname(all[len(all)-1])
}

func isInitial(word string) bool { return utf8.RuneCountInString(word) == 1 }

func allOf(all []string, is func(string) bool) bool {
	return !slices.ContainsFunc(all, func(word string) bool { return !is(word) })
}

// longestSound bounds a word's code: what is beyond tells little.
const longestSound = 4

// sound is a word's code: its consonants by the way they sound in the European
// languages that names come from (b p, d t th, c k q g, f v ph, s z, sch sh ch
// and soft g are one each), doubled ones once, vowels only as "A" at the start.
// The idea is Soundex's and Metaphone's, made coarser where languages differ.
// Words in other scripts are their own code.
func sound(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return word
	}
	var code []byte
	last := byte(0)
	for i := 0; i < len(word) && len(code) < longestSound; {
		class, n := consonant(word, i)
		switch {
		case class == vowel && i == 0:
			code, last = append(code, 'A'), 0
		case class == vowel:
			last = 0
		case class == silent:
		case class != last:
			code, last = append(code, class), class
		}
		i += n
	}
	return string(code)
}

const (
	vowel  = 'a'
	silent = '-'
)

// consonant is the class of the sound that begins at a letter, and how many
// letters spell it.
func consonant(word string, i int) (class byte, letters int) {
	rest := word[i:]
	next := byte(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	soft := next == 'e' || next == 'i' || next == 'y'
	if i == 0 && (strings.HasPrefix(rest, "chr") || strings.HasPrefix(rest, "chl")) {
		return 'K', len("ch")
	}
	for _, s := range spellings {
		if strings.HasPrefix(rest, s.text) && (i == 0 || !s.start) {
			return s.class, len(s.text)
		}
	}
	switch c := rest[0]; c {
	case 'a', 'e', 'i', 'o', 'u':
		return vowel, 1
	case 'y':
		if i == 0 {
			return 'J', 1
		}
		return vowel, 1
	case 'h', 'w':
		if i > 0 {
			return silent, 1
		}
		return c &^ 0x20, 1
	case 'b', 'p':
		return 'P', 1
	case 'd', 't':
		return 'T', 1
	case 'f', 'v':
		return 'F', 1
	case 'c':
		if soft {
			return 'S', 1
		}
		return 'K', 1
	case 'g':
		if soft {
			return 'J', 1
		}
		return 'K', 1
	case 'k', 'q':
		return 'K', 1
	case 's', 'z':
		return 'S', 1
	case 'x':
		if i == 0 {
			return 'S', 1
		}
		return 'K', 1
	default: // j l m n r
		return c &^ 0x20, 1
	}
}

// spellings are sounds of several letters, the longer first.
var spellings = [...]struct {
	text  string
	class byte
	start bool // only at the start of a word
}{
	{"tsch", 'X', false}, {"sch", 'X', false}, {"tch", 'X', false},
	{"sh", 'X', false}, {"ch", 'X', false}, {"cz", 'X', false}, {"sz", 'S', false}, {"ph", 'F', false}, {"th", 'T', false}, {"ck", 'K', false},
	{"kh", 'K', false}, {"kn", 'N', true}, {"gn", 'N', true}, {"wr", 'R', true}, {"ps", 'S', true}, {"wh", 'W', true}, {"gh", 'K', true}, {"gh", silent, false},
}
