package match_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"sluice/shared/match"
)

// maker makes tables of persons of whom it knows which rows are one.
type maker struct {
	*rand.Rand
	language           string
	givens, families   []string
	streets, cities    []string
	rows               [][]string
	truth              []string
	people             int
	typos, gaps        float64 // share of values with a slip, and missing
	switchboard, inbox string
	mails              map[string]bool
}

var languages = map[string][4]string{
	"en": {
		"james mary john patricia robert jennifer michael linda william elizabeth david barbara richard susan joseph jessica thomas sarah charles karen daniel nancy matthew lisa anthony betty mark margaret paul sandra steven ashley andrew kimberly kenneth emily joshua donna kevin michelle brian carol george amanda edward dorothy",
		"smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez wilson anderson taylor moore jackson martin lee thompson white harris clark lewis robinson walker young allen king wright scott torres hill green adams nelson baker hall rivera campbell mitchell carter roberts",
		"oak street|maple avenue|church road|high street|station road|park lane|mill road|victoria street|green lane|main street|school lane|kings road",
		"london|manchester|leeds|bristol|birmingham|liverpool|cardiff|york|oxford|norwich",
	},
	"de": {
		"hans peter michael thomas andreas wolfgang klaus jürgen günter stefan christian uwe werner horst frank dieter manfred maria ursula monika petra elisabeth sabine renate helga karin brigitte ingrid erika andrea gisela claudia susanne gabriele christa christine hildegard anna jan jana martin martina",
		"müller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schäfer koch bauer richter klein wolf schröder neumann schwarz zimmermann braun krüger hofmann hartmann lange schmitt werner schmitz krause meier lehmann schmid schulze maier köhler herrmann könig walter mayer huber kaiser",
		"hauptstraße|bahnhofstraße|gartenweg|schulstraße|dorfstraße|bergstraße|lindenallee|kirchgasse|waldweg|ringstraße|am markt|rosenweg",
		"berlin|hamburg|münchen|köln|frankfurt am main|stuttgart|düsseldorf|leipzig|dortmund|essen",
	},
	"zh": {
		"伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 建华 小明 志强 文静 晓东 海燕 玉兰 国强 春梅 子涵 浩然 雨欣 宇轩 梓涵 一诺 思远",
		"王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹",
		"人民路|解放路|中山路|建设路|和平街|新华路|文化街|长江路|黄河路|南京路|北京路|花园街",
		"北京市|上海市|广州市|深圳市|成都市|杭州市|武汉市|南京市|西安市|重庆市",
	},
	"es": {
		"maría carmen josé antonio manuel francisco david juan javier daniel laura ana isabel cristina marta lucía pablo sergio alejandro jorge alberto luis carlos miguel elena rosa pilar dolores teresa raquel paula sara andrea ángel pedro diego rubén iván",
		"garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez martín jiménez ruiz hernández díaz moreno muñoz álvarez romero alonso gutiérrez navarro torres domínguez vázquez ramos gil ramírez serrano blanco molina morales suárez ortega delgado castro ortiz",
		"calle mayor|calle real|avenida de la constitución|plaza de españa|calle nueva|calle del sol|paseo del prado|gran vía|calle ancha|camino viejo",
		"madrid|barcelona|valencia|sevilla|zaragoza|málaga|murcia|bilbao|granada|vigo",
	},
}

func newMaker(language string, seed uint64) *maker {
	lists := languages[language]
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7)), language: language, typos: .12, gaps: .08, switchboard: "+49 30 5550000", inbox: "info@firma.example", mails: map[string]bool{}}
	m.givens, m.families = strings.Fields(lists[0]), strings.Fields(lists[1])
	m.streets, m.cities = strings.Split(lists[2], "|"), strings.Split(lists[3], "|")
	return m
}

// pick prefers the first of a list, as names do: the n-th is about 1/n as common.
func (m *maker) pick(list []string) string {
	for {
		i := int(float64(len(list)) * m.Float64() * m.Float64())
		if i < len(list) {
			return list[i]
		}
	}
}

// rarer adds names of syllables to the lists, so that there are as many as in
// a city: the common ones stay the commonest.
func (m *maker) rarer(n int) *maker {
	syllables := strings.Fields("ba bel cor dan del el fer gar han il jo kan lin mor nel or pas quin ros san tor ul vin wes yan zel")
	name := func() string {
		s := ""
		for range 2 + m.IntN(2) {
			s += syllables[m.IntN(len(syllables))]
		}
		return s
	}
	for range n {
		m.givens, m.families = append(m.givens, name()), append(m.families, name(), name(), name())
		m.streets, m.cities = append(m.streets, name()+" street"), append(m.cities, name())
	}
	return m
}

// given is a given name; the less common have a second.
func (m *maker) given() string {
	if m.IntN(3) > 0 || m.language == "zh" {
		return m.pick(m.givens)
	}
	return m.pick(m.givens) + " " + m.givens[m.IntN(len(m.givens))]
}

var personFields = []match.Field{
	{Name: "given", Kind: match.Given}, {Name: "family", Kind: match.Family}, {Name: "born", Kind: match.Date}, {Name: "street", Kind: match.Address},
	{Name: "house", Kind: match.Number}, {Name: "zip", Kind: match.Postcode}, {Name: "city", Kind: match.City}, {Name: "phone", Kind: match.Phone}, {Name: "mail", Kind: match.Email},
}

type person struct{ given, family, born, street, house, zip, city, phone, mail string }

func (p person) row() []string {
	return []string{p.given, p.family, p.born, p.street, p.house, p.zip, p.city, p.phone, p.mail}
}

func (m *maker) person() person {
	p := person{given: m.given(), family: m.pick(m.families), born: m.date(1940, 2005)}
	p.street, p.house, p.city = m.streets[m.IntN(len(m.streets))], fmt.Sprint(1+m.IntN(120)), m.cities[m.IntN(len(m.cities))]
	p.zip = fmt.Sprintf("%d%04d", 1+len(p.city)%9, m.IntN(300))
	p.phone = m.phone()
	p.mail = m.mail(p)
	return p
}

func (m *maker) date(from, to int) string {
	return fmt.Sprintf("%04d-%02d-%02d", from+m.IntN(to-from), 1+m.IntN(12), 1+m.IntN(28))
}

func (m *maker) phone() string { return fmt.Sprintf("+49 1%d %07d", 50+m.IntN(30), m.IntN(10_000_000)) }

func (m *maker) mail(p person) string {
	hosts := []string{"gmail.com", "web.example", "qq.com", "outlook.com", "firma.example"}
	local := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, p.given+p.family)
	host := hosts[m.IntN(len(hosts))]
	if m.language == "zh" || m.IntN(3) == 0 {
		local += fmt.Sprint(1 + m.IntN(9999))
	}
	for m.mails[local+"@"+host] {
		local += fmt.Sprint(m.IntN(100))
	}
	m.mails[local+"@"+host] = true
	return local + "@" + host
}

// add adds a person with copies, each with slips of its own.
func (m *maker) add(p person, copies int) {
	m.people++
	m.rows = append(m.rows, p.row())
	m.truth = append(m.truth, fmt.Sprint(m.people))
	for range copies {
		m.rows = append(m.rows, m.spoil(p).row())
		m.truth = append(m.truth, fmt.Sprint(m.people))
	}
}

// spoil writes a person down once more: with slips, gaps, another number, the
// names the other way round, a short form, after a move.
func (m *maker) spoil(p person) person {
	if m.IntN(20) == 0 {
		p.given, p.family = p.family, p.given
	}
	if m.IntN(12) == 0 {
		p.given, _, _ = strings.Cut(p.given, " ")
		for long, short := range map[string]string{"robert": "bob", "william": "bill", "elizabeth": "liz", "michael": "mike", "francisco": "paco", "thomas": "tom"} {
			if p.given == long {
				p.given = short
			}
		}
	}
	if m.IntN(8) == 0 {
		q := m.person()
		p.street, p.house, p.zip, p.city = q.street, q.house, q.zip, q.city
	}
	if m.IntN(5) == 0 {
		p.phone = m.phone()
	}
	if m.IntN(4) == 0 {
		p.mail = m.mail(p)
	}
	for i, v := range []*string{&p.given, &p.family, &p.born, &p.street, &p.house, &p.zip, &p.city, &p.phone, &p.mail} {
		switch {
		case i > 1 && m.Float64() < m.gaps:
			*v = ""
		case m.Float64() < m.typos:
			*v = m.slip(*v)
		}
	}
	return p
}

// slip makes one slip of the keyboard.
func (m *maker) slip(s string) string {
	r := []rune(s)
	if len(r) < 3 {
		return s
	}
	i := m.IntN(len(r) - 1)
	switch m.IntN(4) {
	case 0:
		r[i], r[i+1] = r[i+1], r[i]
	case 1:
		r = append(r[:i], r[i+1:]...)
	case 2:
		r[i] = rune(strings.ToLower("abcdefghiklmnoprstuvwz")[m.IntN(22)])
		if s[0] >= '0' && s[0] <= '9' || s[0] == '+' {
			r[i] = rune('0' + m.IntN(10))
		}
	default:
		r = append(r[:i+1], r[i:]...)
	}
	return string(r)
}

// household adds people who share a home, a family name and often a phone: a
// couple, twins, a father and a son of one name.
func (m *maker) household(copies func() int) {
	p := m.person()
	m.add(p, copies())
	related := func() person {
		q := m.person()
		q.family, q.street, q.house, q.zip, q.city = p.family, p.street, p.house, p.zip, p.city
		if m.IntN(2) == 0 {
			q.phone = p.phone
		}
		if m.IntN(8) == 0 { // one mailbox for all; but two of one name have two
			q.mail = p.mail
		}
		return q
	}
	m.add(related(), copies())
	switch m.IntN(8) {
	case 0: // twins
		a, b := related(), related()
		a.born = m.date(1990, 2010)
		b.born = a.born
		for first(b.given) == first(a.given) {
			b.given = m.given()
		}
		m.add(a, copies())
		m.add(b, copies())
	case 1: // a son of the father's name
		q := related()
		q.given, q.born = p.given, m.date(2006, 2012)
		q.mail, q.phone = m.mail(q), m.phone()
		m.add(q, copies())
	}
}

func first(given string) string {
	name, _, _ := strings.Cut(given, " ")
	return name
}

// table makes a table of about n rows of which a share are duplicates.
func (m *maker) table(n int, duplicates float64, households bool) (match.Table, []string) {
	copies := func() int {
		switch {
		case m.Float64() >= duplicates:
			return 0
		case m.IntN(4) == 0:
			return 2
		}
		return 1
	}
	for len(m.rows) < n {
		switch {
		case households && m.IntN(6) == 0:
			m.household(copies)
		case m.IntN(25) == 0: // somebody at a company
			p := m.person()
			p.phone, p.mail = m.switchboard, m.inbox
			m.add(p, copies())
		default:
			m.add(m.person(), copies())
		}
	}
	perm := m.Perm(len(m.rows))
	t := match.Table{Fields: personFields}
	var truth []string
	for _, i := range perm {
		t.Rows = append(t.Rows, m.rows[i])
		truth = append(truth, m.truth[i])
	}
	return t, truth
}

// columns keeps some columns of a table.
func columns(t match.Table, keep ...int) match.Table {
	out := match.Table{}
	for _, c := range keep {
		out.Fields = append(out.Fields, t.Fields[c])
	}
	for _, row := range t.Rows {
		var r []string
		for _, c := range keep {
			r = append(r, row[c])
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

// whole writes given and family name into one column, Chinese ones without a space.
func whole(t match.Table, language string) match.Table {
	out := match.Table{Fields: append([]match.Field{{Name: "name", Kind: match.Full}}, t.Fields[2:]...)}
	for _, row := range t.Rows {
		name := row[0] + " " + row[1]
		if language == "zh" {
			name = row[1] + row[0]
		}
		out.Rows = append(out.Rows, append([]string{strings.TrimSpace(name)}, row[2:]...))
	}
	return out
}
