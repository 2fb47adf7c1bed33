package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// crowd makes up a table of people as years of forms leave it: a fifth of its
// rows is somebody who is there already, typed another way, and families share
// a name, a house and a telephone. The same rows for the same seed.
type crowd struct {
	random *rand.Rand
	people int      // so far
	last   resident // to be somebody's family
}

// resident is a person with the values of a row.
type resident struct {
	number int // of the person: the truth
	folk   *folk
	given  spelling
	family spelling
	values map[string]string
}

// spelling is a name, and another way in which the same person writes it.
type spelling struct{ usual, other string }

// folk is people of one country: names from the most common on, and places.
// A slash parts the usual spelling from the other one.
type folk struct {
	share       int // of a hundred
	given       string
	family      string
	familyFirst bool
	streets     string
	house       string // of street and number
	cities      string // with the postcodes' beginnings
	postcode    string // digits after it
	phone       func(*rand.Rand) string
	code        string // of the country, before its phone numbers
}

var folks = []folk{
	{share: 40, familyFirst: true, house: "%[1]s%[2]d号", postcode: "###", code: "+86", phone: digits("", "13#########", "15#########", "18#########"),
		family:  "王/Wang 李/Li 张/Zhang 刘/Liu 陈/Chen 杨/Yang 黄/Huang 赵/Zhao 吴/Wu 周/Zhou 徐/Xu 孙/Sun 马/Ma 朱/Zhu 胡/Hu 郭/Guo 何/He 高/Gao 林/Lin 罗/Luo 郑/Zheng 梁/Liang 谢/Xie 宋/Song 唐/Tang 许/Xu 韩/Han 冯/Feng 邓/Deng 曹/Cao 彭/Peng 曾/Zeng 肖/Xiao 田/Tian 董/Dong 袁/Yuan 潘/Pan 于/Yu 蒋/Jiang 蔡/Cai 欧阳/Ouyang 司马/Sima",
		given:   "伟/Wei 芳/Fang 娜/Na 敏/Min 静/Jing 丽/Li 强/Qiang 磊/Lei 军/Jun 洋/Yang 勇/Yong 艳/Yan 杰/Jie 娟/Juan 涛/Tao 明/Ming 超/Chao 秀英/Xiuying 霞/Xia 平/Ping 刚/Gang 桂英/Guiying 子涵/Zihan 浩然/Haoran 欣怡/Xinyi 梓轩/Zixuan 宇航/Yuhang 诗涵/Shihan 雨桐/Yutong 佳怡/Jiayi 思远/Siyuan 嘉琪/Jiaqi 俊杰/Junjie 晓东/Xiaodong 建国/Jianguo 志强/Zhiqiang 雪梅/Xuemei 文博/Wenbo 天宇/Tianyu 若曦/Ruoxi",
		streets: "人民路 中山路 解放路 建设路 南京路 和平路 长江路 文化路 新华路 幸福路 朝阳街 光明街", cities: "上海/200 北京/100 广州/510 深圳/518 杭州/310 成都/610 武汉/430 南京/210 西安/710 重庆/400"},
	{share: 22, house: "%[2]d %[1]s", postcode: "##", code: "+1", phone: digits("", "2125######", "4155######", "3125######", "6175######"),
		family:  "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts",
		given:   "James/Jim Mary Robert/Bob Patricia/Pat John/Jack Jennifer/Jenny Michael/Mike Linda William/Bill Elizabeth/Liz David/Dave Barbara/Barb Richard/Rick Susan/Sue Joseph/Joe Jessica/Jess Thomas/Tom Sarah Charles/Charlie Karen Christopher/Chris Lisa Daniel/Dan Nancy Matthew/Matt Betty Anthony/Tony Sandra Steven/Steve Ashley Andrew/Andy Emily Kenneth/Ken Michelle Joshua/Josh Amanda/Mandy Kevin Melissa Emma Olivia Noah Liam",
		streets: "Main/Street Oak/Avenue Park/Avenue Maple/Street Cedar/Road Washington/Street Lake/Drive Hill/Road Elm/Street Walnut/Street Sunset/Boulevard River/Road", cities: "Chicago/606 Boston/021 Houston/770 Denver/802 Seattle/981 Portland/972 Austin/787 Atlanta/303 Phoenix/850 Dallas/752"},
	{share: 14, house: "%[1]s %[2]d", postcode: "###", code: "+49", phone: digits("0", "151########", "170#######", "30#######", "89#######"),
		family:  "Müller/Mueller Schmidt Schneider Fischer Weber Meyer/Meier Wagner Becker Schulz Hoffmann Schäfer/Schaefer Koch Bauer Richter Klein Wolf Schröder/Schroeder Neumann Schwarz Zimmermann Braun Krüger/Krueger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Köhler/Koehler Weiß/Weiss Böhm/Boehm",
		given:   "Thomas Michael Andreas Peter Stefan/Stephan Christian Hans Klaus Jürgen/Juergen Sabine Susanne Petra Monika Anna Julia Katharina/Kathi Lena Felix Greta Jonas Käthe/Kaethe Moritz Maximilian/Max Sophie Lukas/Lucas Leonie Johannes/Hannes Franziska/Franzi",
		streets: "Haupt/straße Bahnhof/straße Garten/straße Schul/straße Berg/straße Linden/weg Wald/weg Kirch/gasse Goethe/straße Schiller/platz", cities: "München/80 Berlin/10 Hamburg/20 Köln/50 Frankfurt/60 Stuttgart/70 Leipzig/04 Bremen/28"},
	{share: 12, house: "%[2]d %[1]s", postcode: "####", code: "+91", phone: digits("", "98########", "70########", "91########"),
		family:  "Sharma Kumar Singh Patel Gupta Khan Das Reddy Iyer Nair Verma Mehta Joshi Shah Rao Mukherjee Chatterjee Banerjee Pillai Menon Agarwal/Aggarwal Bhat/Bhatt Desai Kulkarni",
		given:   "Rahul Priya Amit Anjali Rajesh/Raj Sunita Sanjay Pooja/Puja Vijay Neha Arjun Kavya/Kavia Rohan Ananya Aarav Diya Vihaan/Vihan Ishaan/Ishan Deepak/Dipak Lakshmi/Laxmi Suresh Meena Kiran Mohammed/Mohd",
		streets: "MG/Road Station/Road Park/Street Nehru/Nagar Gandhi/Road Temple/Street Lake/View", cities: "Pune/41 Mumbai/40 Delhi/11 Bengaluru/56 Chennai/60 Hyderabad/50 Kolkata/70"},
	{share: 12, house: "%[1]s, %[2]d", postcode: "###", code: "+34", phone: digits("", "61#######", "65#######", "91#######"),
		family:  "García/Garcia Rodríguez/Rodriguez González/Gonzalez Fernández/Fernandez López/Lopez Martínez/Martinez Sánchez/Sanchez Pérez/Perez Gómez/Gomez Martín/Martin Jiménez/Jimenez Ruiz Hernández/Hernandez Díaz/Diaz Moreno Muñoz/Munoz Álvarez/Alvarez Romero Alonso Gutiérrez/Gutierrez Navarro Torres Iglesias Peña/Pena Núñez/Nunez",
		given:   "Antonio/Toni José/Jose Manuel/Manolo Francisco/Paco David Juan Javier/Javi Carlos Daniel/Dani María/Maria Carmen Ana Isabel/Isa Laura Cristina/Cris Marta Lucía/Lucia Mateo Sofía/Sofia Hugo Inés/Ines Álvaro/Alvaro Dolores/Lola Ignacio/Nacho",
		streets: "Calle/Mayor Calle/Real Avenida/Constitución Plaza/España Calle/Sol Calle/Nueva Paseo/Prado", cities: "Madrid/28 Barcelona/08 Valencia/46 Sevilla/41 Zaragoza/50 Málaga/29 Bilbao/48"},
}

// crowdColumns are the columns of the table; person is the truth.
var crowdColumns = []string{"person", "given", "family", "birth", "email", "phone", "address", "postcode", "city"}

// crowdMapping is what they hold.
const crowdMapping = "given=given,family=family,dob=birth,email=email,phone=phone,address=address,postcode=postcode,city=city"

// write writes a table of so many rows in an order of its own.
func (c *crowd) write(out io.Writer, rows int) error {
	var all []resident
	for len(all) < rows*4/5 {
		c.last = c.newcomer()
		all = append(all, c.last)
	}
	for people := len(all); len(all) < rows; {
		all = append(all, c.again(all[c.random.IntN(people)]))
	}
	c.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if _, err := fmt.Fprintln(out, strings.Join(crowdColumns, ",")); err != nil {
		return err
	}
	for _, p := range all {
		line := []string{fmt.Sprint(p.number)}
		for _, column := range crowdColumns[1:] {
			line = append(line, `"`+p.values[column]+`"`)
		}
		if _, err := fmt.Fprintln(out, strings.Join(line, ",")); err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) chance(percent int) bool { return c.random.IntN(100) < percent }

// common picks one of a list, those in front more often, as names are shared out.
func (c *crowd) common(list string) string {
	all := strings.Fields(list)
	u := c.random.Float64()
	return all[int(u*u*float64(len(all)))]
}

func (c *crowd) spelling(list string) spelling {
	usual, other, ok := strings.Cut(c.common(list), "/")
	if !ok {
		other = usual
	}
	return spelling{usual, other}
}

// newcomer is a person who is not in the table yet, at times of the family of
// the one before.
func (c *crowd) newcomer() resident {
	c.people++
	roll := c.random.IntN(100)
	p := resident{number: c.people, values: map[string]string{}}
	for i := range folks {
		if p.folk = &folks[i]; roll < p.folk.share {
			break
		}
		roll -= p.folk.share
	}
	kin := c.people > 1 && c.chance(8)
	if kin {
		p.folk = c.last.folk
	}
	p.given, p.family = c.spelling(p.folk.given), c.spelling(p.folk.family)
	if kin {
		p.family = c.last.family
	}
	p.values["given"], p.values["family"] = p.given.usual, p.family.usual
	c.fill(p)
	if kin {
		for _, column := range []string{"address", "postcode", "city", "phone"} {
			p.values[column] = c.last.values[column]
		}
	}
	for _, m := range missing {
		if c.chance(m.percent) {
			p.values[m.column] = ""
		}
	}
	return p
}

// missing is how often people leave what out.
var missing = []struct {
	column  string
	percent int
}{{"birth", 30}, {"email", 20}, {"phone", 20}, {"address", 35}, {"postcode", 30}, {"city", 8}}

// fill gives a person an address and everything else but a name.
func (c *crowd) fill(p resident) {
	p.values["birth"] = fmt.Sprintf("%04d-%02d-%02d", 1945+c.random.IntN(62), 1+c.random.IntN(12), 1+c.random.IntN(28))
	p.values["phone"] = p.folk.code + strings.TrimPrefix(p.folk.phone(c.random), "0")
	p.values["email"] = c.email(p)
	c.move(p)
}

func (c *crowd) move(p resident) {
	street := strings.ReplaceAll(c.common(p.folk.streets), "/", streetGap(p.folk))
	p.values["address"] = fmt.Sprintf(p.folk.house, street, 1+c.random.IntN(600))
	city, start, _ := strings.Cut(c.common(p.folk.cities), "/")
	p.values["city"], p.values["postcode"] = city, digits(start, p.folk.postcode)(c.random)
}

func streetGap(f *folk) string {
	if f.code == "+49" {
		return ""
	}
	return " "
}

// email is made of the name where it can be, as most are.
func (c *crowd) email(p resident) string {
	host := pick(c.random, []string{"example.com", "example.com", "example.org", "mail.example.net", "post.example.net"})
	given, family := plainName(p.given.other), plainName(p.family.other)
	switch roll := c.random.IntN(100); {
	case roll < 30:
		return fmt.Sprintf("%s.%s%d@%s", given, family, c.random.IntN(1000), host)
	case roll < 55:
		return fmt.Sprintf("%s%s%d@%s", given[:1], family, c.random.IntN(10_000), host)
	case roll < 75:
		return fmt.Sprintf("%s%02d%02d@%s", given, c.random.IntN(100), c.random.IntN(100), host)
	}
	return fmt.Sprintf("%d@%s", 10_000_000+c.random.IntN(900_000_000), host)
}

// plainName writes a name as an address does.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, strings.ToLower(name))
}
