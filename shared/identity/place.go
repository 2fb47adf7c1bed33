package identity

import (
	_ "embed"
	"strings"
)

// countries has the names of countries, folded and without spaces, with their
// ISO 3166-1 alpha-2 codes: the codes themselves, alpha-3, and the names in
// English, Chinese, German, Spanish, French, Italian, Portuguese, Japanese and
// the country's own languages. It is written by TestCountriesAreCurrent from
// golang.org/x/text/language/display (CLDR).
//
//go:embed countries.tsv
var countries string

// Country is the ISO 3166-1 alpha-2 code of a country as people write it, by
// code or name; "" for what is none.
func Country(raw string) string {
	const longest = 200
	if len(raw) > longest {
		return ""
	}
	name := placeKey(raw)
	if code, ok := lookUp(countries, name); ok {
		return code
	}
	name = strings.TrimPrefix(name, "the")
	code, _ := lookUp(countries, name)
	return code
}

func placeKey(raw string) string { return strings.Join(words(dotless(fold(raw))), "") }

// City is the key that cities are compared by: folded, in Latin letters with
// Chinese in pinyin, without what it is called besides its name (市, City of,
// am Main), so that 北京市, Beijing and "Beijing City" are one. Common English
// names are those of the place: Munich is munchen. Reading a key gives the same
// key.
func City(raw string) string {
	text, _, _ := strings.Cut(strings.Map(narrow, Name(raw)), ",")
	if text == "" {
		text = strings.Map(narrow, Name(raw))
	}
	if bare, _ := cutBrackets(text); bare != "" {
		text = bare
	}
	if hasHan(text) {
		return hanCity(text)
	}
	all := words(fold(text))
	for i, word := range all {
		if word == "st" || word == "ste" || word == "sankt" || word == "sainte" || word == "santa" && i == 0 && len(all) == 1 {
			all[i] = "saint"
		}
	}
	for {
		rest := cutCityWords(all)
		if len(rest) == len(all) {
			break
		}
		all = rest
	}
	name := strings.Join(all, " ")
	if own, ok := lookUpWord(exonyms, name); ok {
		return own
	}
	return name
}

func cutBrackets(text string) (rest, inside string) {
	before, after, ok := strings.Cut(text, "(")
	if !ok {
		return text, ""
	}
	inside, after, _ = strings.Cut(after, ")")
	return strings.TrimSpace(strings.TrimSpace(before) + " " + strings.TrimSpace(after)), inside
}

// cutCityWords takes one group of words off that say what a place is.
func cutCityWords(all []string) []string {
	name := strings.Join(all, " ")
	for _, front := range []string{"city of", "stadt", "ville de", "ciudad de", "municipality of", "greater", "town of", "landeshauptstadt"} {
		if rest, ok := strings.CutPrefix(name, front+" "); ok && name != "ciudad de mexico" {
			return strings.Fields(rest)
		}
	}
	for _, end := range []string{"shi", "city", "municipality", "am main", "a m", "main", "district", "metropolitan area"} {
		if rest, ok := strings.CutSuffix(name, " "+end); ok && !listed(" mexico kansas quezon new salt panama ho ", firstWord(rest)) && (end != "main" || strings.HasPrefix(name, "frankfurt")) {
			return strings.Fields(rest)
		}
	}
	return all
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// hanCity writes a Chinese city in pinyin; of 浙江省杭州市西湖区 the city counts.
func hanCity(text string) string {
	name := strings.Join(words(fold(text)), "")
	if city, ok := innerCity(name); ok {
		name = city
	}
	for end := range strings.SplitSeq("特别行政区 自治州 地区 市 省 区 县 州", " ") {
		if end == "州" {
			break // 杭州, 广州 are names
		}
		if rest, ok := strings.CutSuffix(name, end); ok && len([]rune(rest)) > 1 {
			name = rest
			break
		}
	}
	if read, ok := lookUpWord(cityReadings, name); ok {
		return read
	}
	if !onlyHan(name) {
		return fold(readings(name))
	}
	return readings(name)
}

// innerCity is what ends in 市 behind a province.
func innerCity(name string) (string, bool) {
	if _, rest, ok := strings.Cut(name, "省"); ok && rest != "" {
		name = rest
	} else if _, rest, ok := strings.Cut(name, "自治区"); ok && rest != "" {
		name = rest
	}
	city, _, ok := strings.Cut(name, "市")
	return city, ok && len([]rune(city)) > 1
}

// lookUpWord finds a word's partner in a list of pairs "word=partner".
func lookUpWord(pairs, word string) (string, bool) {
	if word == "" || strings.ContainsAny(word, "=;") {
		return "", false
	}
	_, rest, ok := strings.Cut(pairs, ";"+word+"=")
	if !ok {
		return "", false
	}
	partner, _, _ := strings.Cut(rest, ";")
	return partner, true
}

// cityReadings are Chinese cities whose reading is not that of their
// characters.
const cityReadings = ";重庆=chongqing;厦门=xiamen;长沙=changsha;长春=changchun;长治=changzhi;六安=luan;番禺=panyu;乐清=yueqing;铅山=yanshan;" +
	"香港=hong kong;澳门=macao;台北=taipei;高雄=kaohsiung;台中=taichung;哈尔滨=harbin;乌鲁木齐=urumqi;呼和浩特=hohhot;拉萨=lhasa;" +
	"纽约=new york;伦敦=london;巴黎=paris;东京=tokyo;柏林=berlin;慕尼黑=munchen;新加坡=singapore;首尔=seoul;悉尼=sydney;莫斯科=moskva;"

// exonyms are the English names of cities, and older ones, with their own.
const exonyms = ";munich=munchen;muenchen=munchen;cologne=koln;koeln=koln;nuremberg=nurnberg;nuernberg=nurnberg;hanover=hannover;brunswick=braunschweig;" +
	"duesseldorf=dusseldorf;zuerich=zurich;geneva=geneve;genf=geneve;basle=basel;vienna=wien;prague=praha;prag=praha;warsaw=warszawa;warschau=warszawa;" +
	"cracow=krakow;krakau=krakow;rome=roma;milan=milano;mailand=milano;turin=torino;florence=firenze;naples=napoli;venice=venezia;genoa=genova;" +
	"lisbon=lisboa;lissabon=lisboa;oporto=porto;seville=sevilla;brussels=bruxelles;brussel=bruxelles;antwerp=antwerpen;ghent=gent;bruges=brugge;" +
	"the hague=den haag;copenhagen=kobenhavn;gothenburg=goteborg;athens=athina;bucharest=bucuresti;belgrade=beograd;moscow=moskva;moskau=moskva;" +
	"saint petersburg=sankt peterburg;kiev=kyiv;peking=beijing;canton=guangzhou;tientsin=tianjin;nanking=nanjing;hongkong=hong kong;xianggang=hong kong;" +
	"aomen=macao;macau=macao;nyc=new york;mexico city=ciudad de mexico;bombay=mumbai;madras=chennai;calcutta=kolkata;bangalore=bengaluru;saigon=ho chi minh city;"

// Postcode is the key that postcodes are compared by: letters and digits in
// capitals, without a country's prefix (D-80331, 〒100-0001) and without the
// last four digits of an American one. Reading a key gives the same key.
func Postcode(raw string) string {
	const longest = 64
	if len(raw) > longest {
		return ""
	}
	text := strings.ToUpper(fold(raw))
	if prefix, rest, ok := strings.Cut(text, "-"); ok && len(prefix) <= 3 && onlyUpper(strings.TrimSpace(prefix)) && onlyDigits(squeeze(rest)) {
		text = rest
	}
	if zip, four, ok := strings.Cut(text, "-"); ok && len(squeeze(zip)) == 5 && len(squeeze(four)) == 4 && onlyDigits(squeeze(text)) {
		return squeeze(zip)
	}
	return squeeze(text)
}

func squeeze(text string) string { return strings.ToUpper(strings.Join(words(text), "")) }

func onlyDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func onlyUpper(text string) bool {
	return text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
