package identity

import (
	"slices"
	"strings"
	"unicode"
)

// The reasons to doubt a name.
const (
	NoLetters       = "no letters"       // digits, signs, an emoji
	HasDigits       = "digits"           // digits among the letters
	HasLink         = "link"             // a URL: spam
	HasAddress      = "e-mail address"   // the wrong field
	HasMarkup       = "markup"           // <a href=…>, [url=…]
	FillerWord      = "filler word"      // test, n/a, 匿名
	RepeatedLetters = "repeated letters" // aaa, xxxx
	KeyboardRun     = "keyboard run"     // asdf, qwerty
	SingleLetter    = "single letter"
)

// fillers are words that people type so as not to leave a field empty.
const fillers = " test tests testing tester testuser test123 dummy fake foobar null undefined unknown unbekannt " +
	"anonymous anonym anonimo anonyme nobody noname name nombre nom vorname nachname firstname lastname surname fullname user username admin " +
	"customer kunde cliente asd asdf asdfg asdfgh asdfghjkl sdf dfg qwe qwer qwert qwerty qwertz azerty zxc zxcv zxcvb abcd " +
	"abcde xyz blah bla lorem ipsum keine kein prueba essai teste prova no keiner xx yy zz " +
	"测试 测试员 匿名 无 无名 未知 没有 不详 保密 先生 女士 小姐 客户 用户 姓名 名字 游客 访客 张三 李四 王五 某某 某人 "

// weakFillers count only beside a filler: each is somebody's name.
const weakFillers = " na nan nil none guest gast client demo sample secret private foo bar baz abc "

// DoubtfulName says why a name is likely none, as one of the codes above or
// [Empty] or [TooLong]; "" for one that may well be a name. It is meant for
// marking, not for refusing: some people's names are on every such list.
func DoubtfulName(raw string) string {
	text := strings.Map(narrow, Name(raw))
	lower := strings.ToLower(text)
	switch {
	case text == "":
		return Empty
	case strings.ContainsAny(text, "<>[]{}"):
		return HasMarkup
	case strings.Contains(text, "@"):
		return HasAddress
	case strings.Contains(lower, "://"), strings.Contains(lower, "www."), hasDomain(lower):
		return HasLink
	case lower == "n/a", lower == "n.a.", lower == "k.a.":
		return FillerWord
	case !strings.ContainsFunc(text, unicode.IsLetter):
		return NoLetters
	}
	all := words(fold(text))
	switch {
	case slices.ContainsFunc(all, isFiller) && allOf(all, isWeakFiller), isFiller(strings.Join(all, "")):
		return FillerWord
	case strings.ContainsFunc(text, unicode.IsDigit):
		return HasDigits
	case allOf(all, isInitial) && len(all) == 1 && !hasHan(text):
		return SingleLetter
	case allOf(all, repeats):
		return RepeatedLetters
	case allOf(all, runs):
		return KeyboardRun
	case len([]rune(raw)) > 2*MaxName:
		return TooLong
	}
	return ""
}

func isFiller(word string) bool { return listed(fillers, word) }

func isWeakFiller(word string) bool { return isFiller(word) || listed(weakFillers, word) }

// hasDomain finds a word such as example.com: letters around a dot, the last of
// them a top-level domain that is used for links.
func hasDomain(text string) bool {
	for word := range strings.FieldsSeq(text) {
		word, path, isPath := strings.Cut(word, "/")
		dot := strings.LastIndexByte(word, '.')
		if dot < 2 {
			continue
		}
		top := strings.TrimRight(word[dot+1:], "!?,;:)")
		if isPath && path != "" && len(top) > 1 || listed(" com net org info biz ru cn top xyz online site shop club link click live vip io ", top) {
			return true
		}
	}
	return false
}

// repeats reports whether a word is one letter three times or more, or two
// letters in turn six times.
func repeats(word string) bool {
	letters := []rune(word)
	if len(letters) < 3 {
		return false
	}
	same, alternate := true, len(letters) >= 6
	for i := range letters {
		same = same && letters[i] == letters[0]
		alternate = alternate && letters[i] == letters[i%2]
	}
	return same || alternate
}

// runs reports whether a word of four letters or more goes along a row of the
// keyboard, in either direction.
func runs(word string) bool {
	const rows = "qwertyuiop asdfghjkl zxcvbnm qwertzuiop azertyuiop"
	if len(word) < 4 {
		return false
	}
	back := []byte(word)
	slices.Reverse(back)
	return strings.Contains(rows, word) || strings.Contains(rows, string(back))
}
