package match

import (
	"math"
	"slices"
	"strings"

	"sluice/shared/identity"
)

// value is one value ready to be compared.
type value struct {
	key      string // what is equal where values are the same; "" is missing
	hash     uint64 // of key
	spelling        // of key
	words    []word // sorted
	latin    string // of a name in Chinese characters, what it is in pinyin
	local    []rune // of an e-mail address, before the @, without a tag and signs between words
	host     string // and after it
	day      day
	number   float64
	isNum    bool
	common   float64 // how many entities have it, at least 1
}

// word is a word of a value.
type word struct {
	spelling
	hash   uint64
	digits bool
	weight float64 // bits: the rarer, the more
}

// titles before and after names, which people give or leave out as they like.
// Jr and Sr are none of them: they tell people apart.
var titles = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "miss": true, "dr": true, "prof": true, "sir": true, "herr": true, "frau": true,
	"mme": true, "monsieur": true, "madame": true, "phd": true, "mba": true, "dipl": true, "ing": true,
}

// parse reads a value of a kind. What cannot be read as its kind is compared
// as it is written.
func parse(kind Kind, raw string) value {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return value{}
	}
	folded := fold(raw)
	list := words(folded)
	whole := strings.Join(list, "")
	if absent[whole] || whole == "" {
		return value{}
	}
	v := value{common: 1}
	switch kind {
	case Given, Family:
		list = without(list, titles)
		v.setWords(list)
		v.key = strings.Join(list, "")
		v.latin = inLatin(raw, v.key)
	case Full:
		list = without(list, titles)
		v.setWords(list)
		v.key = v.sorted()
		v.latin = inLatin(raw, v.key)
		if isHan(v.key) && len([]rune(v.key)) == 2 {
			v.common = twoCharacters
		}
	case Company:
		if key := identity.ReadCompany(raw).Key; key != "" {
			list = words(fold(key))
		}
		v.setWords(bigrams(list))
		v.key = strings.Join(list, "")
	case Address, Text:
		v.setWords(bigrams(list))
		v.key = whole
	case City:
		if key := identity.City(raw); key != "" {
			list = words(fold(key))
		}
		v.setWords(list)
		v.key = v.sorted()
	case Category:
		v.setWords(list)
		v.key = v.sorted()
	case Postcode:
		v.key = strings.ToLower(identity.Postcode(raw))
	case Email:
		v.setEmail(raw, folded)
	case Phone:
		v.key = readPhone(raw)
	case Date:
		var ok bool
		if v.day, ok = readDate(raw); ok {
			v.key = string(v.day.digits())
		} else {
			v.key = whole
		}
	case Number:
		v.key = whole
		if v.number, v.isNum = readNumber(raw); v.isNum && isDigits(whole) {
			v.key = strings.TrimLeft(whole, "0")
		}
	default: // ID
		v.key = whole
	}
	if v.key == "" {
		if v.key = whole; kind == Phone {
			return value{}
		}
	}
	v.spelling = spell(v.key)
	v.hash = hash(v.key)
	return v
}

func (v *value) missing() bool { return v.key == "" }

func (v *value) setWords(list []string) {
	v.words = make([]word, len(list))
	for i, w := range list {
		v.words[i] = word{spelling: spell(w), hash: hash(w), digits: isDigits(w), weight: 1}
	}
	slices.SortFunc(v.words, func(a, b word) int { return slices.Compare(a.runes, b.runes) })
}

func (v *value) sorted() string {
	var b strings.Builder
	for i, w := range v.words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(w.runes))
	}
	return b.String()
}

// inLatin returns the pinyin of a name in Chinese characters, of others the
// words without spaces between them.
func inLatin(raw, key string) string {
	if isHan(key) {
		return strings.ReplaceAll(identity.ReadName(raw).Latin(), " ", "")
	}
	return strings.ReplaceAll(key, " ", "")
}

func (v *value) setEmail(raw, folded string) {
	v.key = strings.Join(strings.Fields(folded), "")
	if address, err := identity.Email(raw); err == nil {
		v.key = fold(address.Key)
	}
	local, host, _ := strings.Cut(v.key, "@")
	local, _, _ = strings.Cut(local, "+")
	local = strings.Map(func(r rune) rune {
		if strings.ContainsRune(".-_", r) { // which some hosts ignore
			return -1
		}
		return r
	}, local)
	v.local, v.host = []rune(local), host
}

func without(list []string, set map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return set[w] })
}

// weigh sets the weights of words by the share of rows that hold them.
func (v *value) weigh(f *Frequencies) {
	for i := range v.words {
		v.words[i].weight = max(0.5, math.Log2(float64(f.Entities+1)/f.of(v.words[i].hash)))
	}
}

// Frequencies tells how common values are. Those not listed belong to one
// entity each.
type Frequencies struct {
	Entities int               `json:"entities"`
	Counts   map[uint64]uint32 `json:"counts"` // by hash; nil where nothing was counted
}

func (f *Frequencies) of(hash uint64) float64 {
	if f == nil {
		return 1
	}
	return float64(max(1, f.Counts[hash]))
}
