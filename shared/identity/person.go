package identity

import (
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PersonName is a person's name taken apart, each part as written.
type PersonName struct {
	Given     string // middle names and initials included
	Family    string // with its particles: "van der Berg"
	Honorific string // Dr, Frau, 先生
	Suffix    string // Jr, III, PhD
	Nick      string // what stands in quotation marks or brackets
	Chinese   bool   // written in Chinese characters
}

// LogValue implements slog.LogValuer.
func (PersonName) LogValue() slog.Value { return slog.StringValue("[name]") }

// ReadName takes a name apart: "Given Family", "Family, Given", "FAMILY Given",
// Chinese names family first and without spaces. Where nothing tells the two
// apart, the last word is the family name; a lone word is a given name, unless
// a form of address comes with it.
func ReadName(raw string) PersonName {
	text, nick := cutNick(strings.Map(narrow, Name(raw)))
	var n PersonName
	if hasHan(text) {
		n = readHan(text)
	} else {
		n = readWestern(text)
	}
	if n.Nick == "" {
		n.Nick = nick
	}
	return n
}

// cutNick takes what stands in quotation marks or brackets out of a name,
// unless it is all there is.
func cutNick(text string) (rest, nick string) {
	const left, right = "\"“”„«(（「", "\"”““»)）」"
	start := strings.IndexAny(text, left)
	if start < 0 {
		return text, ""
	}
	open := []rune(text[start:])[0]
	shut := []rune(right)[slices.Index([]rune(left), open)]
	inside := start + len(string(open))
	length := strings.IndexRune(text[inside:], shut)
	if length < 0 {
		return strings.TrimSpace(text[:start] + " " + text[inside:]), ""
	}
	before, after := text[:start], text[inside+length+len(string(shut)):]
	nick = strings.TrimSpace(text[inside : inside+length])
	if rest = strings.Join(strings.Fields(before+" "+after), " "); len(words(rest)) == 0 {
		return nick, ""
	}
	rest, _ = cutNick(rest) // of several the first counts
	return rest, nick
}

func readWestern(text string) PersonName {
	var n PersonName
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		whole := len(parts) > 1 || len(parts) == 1 && strings.Contains(parts[0], " ")
		rest := n.cutTitles(strings.Fields(part), whole)
		if len(rest) > 0 {
			parts = append(parts, strings.Join(rest, " "))
		}
	}
	switch len(parts) {
	case 0: // nothing but titles: then they are the name
		n = PersonName{Given: strings.TrimSpace(text)}
	case 1:
		n.order(strings.Fields(parts[0]))
	default:
		n.Family, n.Given = parts[0], strings.Join(parts[1:], " ")
	}
	return n
}

// cutTitles takes titles and suffixes out of the words of a name. Behind a
// comma and a whole name, a word that may be a name too is a suffix: "Ada
// Example, MA", but not "Li, Ma".
func (n *PersonName) cutTitles(fields []string, behind bool) []string {
	join := func(to *string, word string) {
		*to = strings.TrimSpace(*to + " " + strings.Trim(word, ",;"))
	}
	var rest []string
	for i, word := range fields {
		switch {
		case isTitle(word) && !(i > 0 && i == len(fields)-1 && bare(word) == "sr"):
			join(&n.Honorific, word)
		case isSuffix(word), i > 0 && (bare(word) == "sr" || word == "MBA"), behind && len(fields) == 1 && listed(markedSuffixes, bare(word)):
			join(&n.Suffix, word)
		case len(words(fold(word))) == 0: // the & of "Mr & Mrs"
		default:
			rest = append(rest, word)
		}
	}
	return rest
}

// order tells given and family names in a row of words apart.
func (n *PersonName) order(fields []string) {
	last := len(fields) - 1
	family := last // where the family name begins
	switch {
	case last == 0 && n.Honorific == "":
		n.Given = fields[0]
		return
	case last == 0:
		n.Family = fields[0]
		return
	case shouted(fields[0]) && !shouted(fields[last]), // SMITH John
		isPinyinSurname(fields[0]) && !isPinyinSurname(fields[last]) && isPinyin(fields): // Wang Xiaoming
		n.Family, n.Given = fields[0], strings.Join(fields[1:], " ")
		return
	}
	for i := 1; i < last; i++ {
		if listed(particles, strings.ToLower(fields[i])) { // not folded: Văn is a name
			family = i
			break
		}
	}
	n.Given, n.Family = strings.Join(fields[:family], " "), strings.Join(fields[family:], " ")
}

// shouted reports whether a word is in capitals, and more than an initial.
func shouted(word string) bool {
	letters := 0
	for _, r := range word {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1 && !strings.Contains(word, ".")
}

// Key is what names are compared by: folded, without titles, suffixes and
// nicknames, the words in alphabetical order. Chinese characters stay; see
// [PersonName.Latin].
func (n PersonName) Key() string {
	if n.Chinese {
		return key(n.hanWords(false))
	}
	return key(nameWords(n.Given + " " + n.Family))
}

// Latin is the key with Chinese characters in pinyin, by which 王小明 and
// "Wang Xiaoming" are compared. Names of different characters may share it.
func (n PersonName) Latin() string {
	if n.Chinese {
		return key(n.hanWords(true))
	}
	return n.Key()
}

// key joins words in alphabetical order, as many as a name can have: in Latin
// letters a name may be longer than it was.
func key(all []string) string {
	slices.Sort(all)
	for len(all) > 1 && utf8.RuneCountInString(strings.Join(all, " ")) > MaxName {
		all = all[:len(all)-1]
	}
	return Name(strings.Join(all, " "))
}

// NameTokens are the words of a name as [PersonName.Key] compares them, in the
// order in which they are read: given names first, or all of a Chinese name
// as one.
func NameTokens(raw string) []string {
	n := ReadName(raw)
	if n.Chinese {
		return n.hanWords(false)
	}
	return nameWords(n.Given + " " + n.Family)
}

// nameWords are the folded words of a name without titles and suffixes, unless
// there are no others.
func nameWords(text string) []string {
	all := words(fold(strings.Map(narrow, text)))
	kept := slices.DeleteFunc(slices.Clone(all), func(word string) bool {
		return listed(titles, word) || listed(suffixes, word)
	})
	if len(kept) == 0 {
		return all
	}
	return kept
}
