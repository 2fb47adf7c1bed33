package identity

import (
	_ "embed"
	"strings"
)

// pinyin has the reading of each character of Unicode's main block of Chinese
// ones, in order, sixteen to a line and six letters to a character, so that a
// character's place gives its reading. It is written by TestPinyinIsCurrent
// from github.com/mozillazg/go-pinyin (MIT; first reading, without tones, ü as
// u), whose own map costs milliseconds at every start.
//
//go:embed pinyin.txt
var pinyin string

const (
	firstHan     = '\u4E00'
	lastHan      = '\u9FFF'
	readingWidth = 6
	readingsLine = 16
)

// reading is how a character is read in names, or "".
func reading(r rune) string {
	switch r { // the first reading of the dictionary is not that of names
	case '长':
		return "chang"
	case '都':
		return "du"
	case '厦':
		return "xia"
	case '重':
		return "chong"
	case '藏':
		return "zang"
	}
	if r < firstHan || r > lastHan {
		return ""
	}
	n := int(r - firstHan)
	at := n/readingsLine*(readingsLine*readingWidth+1) + n%readingsLine*readingWidth
	return strings.TrimRight(pinyin[at:at+readingWidth], " ")
}

// readings writes Chinese characters in pinyin as one word; what has no reading
// stays.
func readings(text string) string {
	var b strings.Builder
	for _, r := range text {
		if s := reading(r); s != "" {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// surnameReading is how a surname is read, which for some characters is not how
// they are read elsewhere.
func surnameReading(surname string) string {
	if s, ok := strings.CutPrefix(surnameReadings[strings.Index(surnameReadings, " "+surname)+1:], surname); ok {
		s, _, _ = strings.Cut(s, " ")
		return s
	}
	return readings(surname)
}

const surnameReadings = " 单shan 曾zeng 仇qiu 解xie 朴piao 查zha 区ou 盖ge 尉迟yuchi 万俟moqi 翟zhai 缪miao 覃qin 秘bi 召shao 折she " +
	"员yun 种chong 繁po 隗wei 祭zhai 佴nai 乐yue 阚kan 洗xian 长孙zhangsun 单于chanyu 澹台tantai 句gou 葛ge 逄pang "

// syllables are those of pinyin without tones, by their first letter;
// TestPinyinIsCurrent compares.
var syllables = [...]string{
	'a': " a ai an ang ao ",
	'b': " ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ",
	'c': " ca cai can cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo ",
	'd': " da dai dan dang dao de den deng di dian diao die ding diu dong dou du duan dui dun duo ",
	'e': " e ei en eng er ",
	'f': " fa fan fang fei fen feng fiao fo fou fu ",
	'g': " ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ",
	'h': " ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ",
	'j': " ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ",
	'k': " ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo ",
	'l': " la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lue lun luo ",
	'm': " ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu ",
	'n': " na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nue nun nuo ",
	'o': " o ou ",
	'p': " pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu ",
	'q': " qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ",
	'r': " ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo ",
	's': " sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ",
	't': " ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo ",
	'w': " wa wai wan wang wei wen weng wo wu ",
	'x': " xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ",
	'y': " ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun ",
	'z': " za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo ",
}

func isSyllable(text string) bool {
	return int(text[0]) < len(syllables) && listed(syllables[text[0]], text)
}

// split takes a word of pinyin apart into syllables, long ones first; nil for
// what is none. Typed v and passports' yu for ü are read as u.
func split(word string) []string {
	if word == "" || len(word) > 24 {
		return nil
	}
	if rest, ok := plainU(word); ok {
		word = rest
	}
	var found []string
	var dead uint32 // a bit for each length of rest that was tried in vain
	var walk func(rest string) bool
	walk = func(rest string) bool {
		if rest == "" || dead&(1<<len(rest)) != 0 {
			return rest == ""
		}
		for n := min(readingWidth, len(rest)); n > 0; n-- {
			if isSyllable(rest[:n]) {
				found = append(found, rest[:n])
				if walk(rest[n:]) {
					return true
				}
				found = found[:len(found)-1]
			}
		}
		dead |= 1 << len(rest)
		return false
	}
	if walk(word) {
		return found
	}
	return nil
}

// plainU turns the ways to type lü and nü into lu and nu.
func plainU(word string) (string, bool) {
	if !strings.ContainsAny(word, "vy") {
		return "", false
	}
	return strings.NewReplacer("lv", "lu", "nv", "nu", "lyu", "lu", "nyu", "nu").Replace(word), true
}
