package identity

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// compoundSurnames are the Chinese family names of two characters in use.
const compoundSurnames = " 欧阳 司马 诸葛 上官 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 轩辕 端木 百里 呼延 东郭 西门 " +
	"澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 司寇 司空 赫连 拓跋 万俟 第五 公羊 谷梁 纳兰 叶赫 完颜 耶律 " +
	"歐陽 諸葛 東方 獨孤 南宮 尉遲 公孫 長孫 軒轅 東郭 西門 澹臺 濮陽 單于 仲孫 鍾離 鮮于 閭丘 "

// surnames are the common Chinese family names of one character, with their
// traditional forms.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖" +
	"贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关" +
	"兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦" +
	"麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥" +
	"張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇魏呂盧鍾譚陸賈韋鄒龍賀顧龔萬錢嚴湯莊聶魯歐關蘭寧紀畢單駱藍饒農繆簡車連麥婁竇黨宮費衛榮叢鞏鄔邊"

const pinyinSurnames = " wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang han feng deng " +
	"cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lu ding ren shen yao cui zhong tan fan jin shi liao jia xia fu " +
	"fang bai zou meng xiong qin qiu yin xue yan duan lei hou long tao gu mao hao gong shao wan qian dai mo kong xiang chang wen kang niu ge " +
	"xing an qi qiao pang zhuang nie yue zhai zhan geng guan lan jiao zuo liu gan bao ning shang ruan ke ji mei tong ling bi shan pei huo " +
	"miao qu ran ouyang sima zhuge shangguan situ xiahou huangfu murong linghu "

// readHan reads a name with Chinese characters in it. Latin words beside a
// whole Chinese name are what its bearer is called abroad.
func readHan(text string) PersonName {
	n := PersonName{Chinese: true}
	var han, foreign []string
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '、' || r == '/' }) {
		inner, latin := partHan(field)
		han = append(han, inner...)
		foreign = append(foreign, latin...)
	}
	if last := len(han) - 1; last >= 0 {
		if rest, title := cutHanTitle(han[last]); title != "" {
			han[last], n.Honorific = rest, title
		} else if last > 0 && strings.Contains(" "+hanTitles+" ", " "+han[last]+" ") {
			han, n.Honorific = han[:last], han[last]
		}
	}
	foreign = n.cutTitles(foreign, false)
	switch {
	case len(han) > 0 && strings.Contains(han[0], "·"): // a foreign name, or a minority's: given names first
		at := strings.LastIndex(han[0], "·")
		n.Given, n.Family = strings.Join(append([]string{han[0][:at]}, han[1:]...), ""), han[0][at+len("·"):]
	case len(han) == 2 && (isSurname(han[0]) || isSurname(han[1])):
		n.Family, n.Given = han[0], han[1]
		if !isSurname(han[0]) {
			n.Family, n.Given = han[1], han[0]
		}
	default:
		n.Family, n.Given = splitHan(strings.Join(han, ""))
	}
	if n.Given == "" {
		n.Given = strings.Join(foreign, " ")
	} else {
		n.Nick = strings.Join(foreign, " ")
	}
	return n
}

// partHan splits a word where the script changes; middle dots stay within.
func partHan(field string) (han, latin []string) {
	for field != "" {
		first, _ := utf8.DecodeRuneInString(field)
		chinese := isHan(first)
		end := strings.IndexFunc(field, func(r rune) bool { return r != '·' && isHan(r) != chinese })
		if end < 0 {
			end = len(field)
		}
		part := strings.Trim(field[:end], "·.-'")
		field = field[end:]
		switch {
		case part == "":
		case chinese:
			han = append(han, part)
		default:
			latin = append(latin, part)
		}
	}
	return han, latin
}

// splitHan finds the family name at the start of a Chinese name. Four
// characters of which two are family names are a married woman's two.
func splitHan(name string) (family, given string) {
	runes := []rune(name)
	switch n := len(runes); {
	case n <= 1:
		return name, ""
	case isSurname(string(runes[:2])):
		return string(runes[:2]), string(runes[2:])
	case n > 4: // no Chinese name is that long
		return "", name
	case n == 4 && isSurname(string(runes[0])) && isSurname(string(runes[1])):
		return string(runes[:2]), string(runes[2:])
	}
	return string(runes[0]), string(runes[1:])
}

func isSurname(han string) bool {
	switch utf8.RuneCountInString(han) {
	case 1:
		return strings.Contains(surnames, han)
	case 2:
		return listed(compoundSurnames, han)
	}
	return false
}

func isPinyinSurname(word string) bool { return listed(pinyinSurnames, fold(word)) }

// isPinyin reports whether all words are pinyin.
func isPinyin(fields []string) bool {
	return !slices.ContainsFunc(fields, func(word string) bool {
		return split(strings.Join(words(fold(word)), "")) == nil
	})
}

// hanWords are the words of a Chinese name: all characters as one, or family
// and given name in pinyin.
func (n PersonName) hanWords(latin bool) []string {
	family, given := n.Family, n.Given
	foreign := !hasHan(given) && given != ""
	switch {
	case latin:
		given, family = readings(given), surnameReading(family)
	case !foreign:
		return words(fold(strings.ReplaceAll(family+given, "·", "")))
	}
	return append(words(fold(strings.ReplaceAll(given, "·", ""))), words(fold(family))...)
}
