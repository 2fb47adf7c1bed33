package identity

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Company is what a company's name really is.
type Company struct {
	Name string // tidied, as written
	Key  string // to compare by: folded, without legal form, article, "and" and, of Chinese names, the place
	Form string // the legal form by its usual abbreviation; "" where the name has none
}

// ReadCompany takes a company's name apart. Reading a key gives the same key.
//
// A Chinese name's place before it is left out of the key where it is called one
// (北京市海淀区…) or where four characters or more remain, so that
// 北京字节跳动科技有限公司 and 字节跳动科技有限公司 are one, yet 上海银行 keeps what
// tells it from others.
// Subsidiaries that differ in nothing but the place share a key.
func ReadCompany(raw string) Company {
	c := Company{Name: Name(raw)}
	c.Key, c.Form = companyKey(c.Name)
	for { // what was apart may have become a form, as "公 司" does
		next, form := companyKey(Name(c.Key))
		if next == c.Key {
			return c
		}
		c.Key, c.Form = next, cmp.Or(c.Form, form)
	}
}

func companyKey(name string) (key, form string) {
	text := norm.NFKC.String(name)
	if unlatin(text) {
		text, form = cutHanForms(text)
	}
	all := joinLetters(words(dotless(fold(text))))
	for {
		rest, cut := cutForm(all)
		form = cmp.Or(form, cut)
		rest = cutLinks(rest)
		if len(rest) == len(all) {
			break
		}
		all = rest
	}
	if key = strings.Join(all, " "); unlatin(key) {
		key = cutHanPlace(strings.ReplaceAll(key, " ", ""))
	}
	return key, form
}

// unlatin reports whether a name is in a script that is written without spaces
// between words, or in Korean, where forms are glued to the name.
func unlatin(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return isHan(r) || 0x3040 <= r && r <= 0x30FF || 0xAC00 <= r && r <= 0xD7AF
	})
}

// dotless closes abbreviations up: g.m.b.h. is gmbh, a/s is as.
func dotless(folded string) string {
	var b strings.Builder
	for i := 0; i < len(folded); i++ {
		switch c := folded[i]; {
		case c == '.' && (i+2 >= len(folded) || !isLetter(folded[i+1]) || !isLetter(folded[i+2]) || single(folded, i)):
		case c == '/' && single(folded, i) && i+2 >= len(folded):
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// single reports whether the byte at i comes behind one letter alone.
func single(text string, i int) bool {
	return i > 0 && isLetter(text[i-1]) && (i == 1 || !isLetter(text[i-2]))
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }

// joinLetters makes one word of letters that stand alone in a row: "s. r. l."
// is srl, "A B Dick" is ab dick.
func joinLetters(all []string) []string {
	var joined []string
	inRow := false
	for _, word := range all {
		alone := len(word) == 1 && isLetter(word[0])
		if alone && inRow {
			joined[len(joined)-1] += word
		} else {
			joined = append(joined, word)
		}
		inRow = alone
	}
	return joined
}

// longestForm is the most words that a legal form has.
const longestForm = 6

// cutForm takes the longest legal form off the end of a name, or one off its
// start, unless nothing would remain.
func cutForm(all []string) (rest []string, form string) {
	for n := min(longestForm, len(all)-1); n > 0; n-- {
		if form := formOf(legalForms, withoutLinks(all[len(all)-n:])); form != "" {
			return all[:len(all)-n], form
		}
	}
	if len(all) > 1 && listed(frontForms, all[0]) {
		return all[1:], cmp.Or(formOf(legalForms, all[0]), strings.ToUpper(all[0]))
	}
	return all, ""
}

// formOf finds the line of a legal form in a table and returns its usual
// abbreviation; "" for what is none.
func formOf(forms, text string) string {
	if len(text) < 2 {
		return ""
	}
	for at := 0; ; at += len(text) {
		i := strings.Index(forms[at:], text)
		if i < 0 {
			return ""
		}
		at += i
		if end := at + len(text); forms[at-1] == '|' && (forms[end] == '|' || forms[end] == '\n') {
			start := strings.LastIndexByte(forms[:at], '\n') + 1
			form, _, _ := strings.Cut(forms[start:], "|")
			form, _, _ = strings.Cut(form, " (")
			return form
		}
	}
}

// links are the words for "and", which "&" is as well.
const links = " and und et och og y e "

func withoutLinks(all []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(all), func(w string) bool { return listed(" and und et ", w) }), " ")
}

// cutLinks drops the words for "and" between others, what is left of one at the
// end, and the article before.
func cutLinks(all []string) []string {
	var rest []string
	for i, word := range all {
		switch last := i == len(all)-1; {
		case len(all) > 1 && (i == 0 && word == "the" || listed(" and und ", word)):
		case i > 0 && !last && listed(links, word):
		default:
			rest = append(rest, word)
		}
	}
	if len(rest) == 0 {
		return all
	}
	return rest
}

// cutHanForms takes the forms off a Chinese, Japanese or Korean name, and the
// brackets; the first that is found counts.
func cutHanForms(text string) (rest, form string) {
	text = strings.Map(func(r rune) rune {
		if r == '(' || r == ')' || unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return r
		}
		return -1
	}, text)
	for formOf(hanForms, text) == "" {
		longest, front := "", false
		for line := range strings.SplitSeq(hanForms, "\n") {
			for variant := range strings.SplitSeq(line, "|") {
				ends, begins := strings.HasSuffix(text, variant), strings.HasPrefix(text, variant) && listed(hanFrontForms, variant)
				if len(variant) > len(longest) && len(variant) < len(text) && (ends || begins) {
					longest, front = variant, !ends
				}
			}
		}
		if longest == "" {
			break
		}
		if form == "" {
			form = formOf(hanForms, longest)
		}
		if front {
			text = text[len(longest):]
		} else {
			text = text[:len(text)-len(longest)]
		}
	}
	return text, form
}

// hanPlaces are China's provinces and largest cities, as names begin with them.
const hanPlaces = " 中国 北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 " +
	"内蒙古 广西 西藏 宁夏 新疆 香港 澳门 台湾 深圳 广州 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 大连 宁波 厦门 济南 合肥 福州 无锡 佛山 东莞 沈阳 哈尔滨 " +
	"长春 石家庄 太原 南昌 昆明 贵阳 南宁 海口 兰州 乌鲁木齐 呼和浩特 银川 西宁 拉萨 珠海 温州 常州 南通 徐州 烟台 泉州 嘉兴 绍兴 金华 台州 中山 惠州 "

// hanPlaceEnds close the name of a place within a company's.
const hanPlaceEnds = "特别行政区 自治区 省 市 区 县 镇"

// fewestHan is how many characters must remain of a name without a place that
// may be part of it.
const fewestHan = 4

// cutHanPlace takes the places off the front of a Chinese company's name.
func cutHanPlace(name string) string {
	for {
		rest, certain := afterPlace(name)
		left := utf8.RuneCountInString(rest)
		if left < 2 || left < fewestHan && !certain {
			return name
		}
		name = rest
	}
}

// afterPlace is what follows the place that a name begins with, or "", and
// whether the place is called one: 苏州市 is, 苏州 is not.
func afterPlace(name string) (rest string, certain bool) {
	runes := []rune(name)
	for n := min(4, len(runes)-1); n > 1; n-- {
		place, rest := string(runes[:n]), string(runes[n:])
		known := listed(hanPlaces, place)
		for end := range strings.SplitSeq(hanPlaceEnds, " ") {
			if after, ok := strings.CutPrefix(rest, end); ok && (known || end != "镇" && hanOnlyPlace(place)) {
				return after, true
			}
		}
		if known {
			return rest, false
		}
	}
	return "", false
}

// hanOnlyPlace reports whether characters before 市, 区 and the like can be a
// place that is on no list: 海淀区, 义乌市.
func hanOnlyPlace(place string) bool {
	return onlyHan(place) && !strings.ContainsAny(place, "市区县省园社城超集") && utf8.RuneCountInString(place) <= 3
}
