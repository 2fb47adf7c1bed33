package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// enquirer makes up people who enquire, the same ones for the same seed: of
// several countries and scripts, careless typists, double posters and bots.
type enquirer struct {
	random *rand.Rand
	before []url.Values // who enquired already, to enquire again
}

type country struct {
	given, family []string
	familyFirst   bool
	phone         func(*rand.Rand) string
	city          string
}

var countries = []country{
	{given: []string{"伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "洋", "艳", "勇", "子涵", "浩然", "欣怡"},
		family: []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"}, familyFirst: true,
		phone: digits("+861", "3#########", "5#########", "8#########"), city: "上海"},
	{given: []string{"Emma", "Olivia", "Noah", "Liam", "Ava", "Mia", "Lucas", "Amelia", "Ethan", "Zoe"},
		family: []string{"Carter", "Brooks", "Hughes", "Bennett", "Foster", "Hayes", "Murphy", "Ward"},
		phone:  digits("+1", "212555####", "415555####", "312555####"), city: "Chicago"},
	{given: []string{"Jürgen", "Anke", "Lena", "Felix", "Greta", "Jonas", "Käthe", "Moritz"},
		family: []string{"Müller", "Schäfer", "Köhler", "Weiß", "Lang", "Böhm", "Richter"},
		phone:  digits("+49", "151########", "170#######"), city: "München"},
	{given: []string{"Isla", "Harry", "Freya", "Oscar", "Poppy", "Alfie"},
		family: []string{"O'Neill", "Evans", "Clarke", "Hall-Smith", "Green", "Lewis"},
		phone:  digits("+447", "700900###", "911######"), city: "Leeds"},
	{given: []string{"Lucía", "Mateo", "Sofía", "Hugo", "Inés", "Álvaro"},
		family: []string{"García", "Muñoz", "Iglesias", "Peña", "Núñez"},
		phone:  digits("+346", "1#######", "5#######"), city: "Sevilla"},
	{given: []string{"Aarav", "Diya", "Vihaan", "Ananya", "Ishaan", "Kavya"},
		family: []string{"Sharma", "Patel", "Iyer", "Reddy", "Khan", "Das"},
		phone:  digits("+91", "98########", "70########"), city: "Pune"},
}

func digits(prefix string, patterns ...string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		pattern := patterns[r.IntN(len(patterns))]
		return prefix + strings.Map(func(c rune) rune {
			if c == '#' {
				return rune('0' + r.IntN(10))
			}
			return c
		}, pattern)
	}
}

// kinds of enquiries, in shares of a hundred.
const (
	shareAgain = 12 // the same person again, typed another way
	shareJunk  = 6  // nonsense in the contact details
)

// next is one post to a form. Nonsense may be refused on the spot.
func (e *enquirer) next() (form string, values url.Values) {
	switch roll := e.random.IntN(100); {
	case roll < shareAgain && len(e.before) > 0:
		values = e.again()
	case roll < shareAgain+shareJunk:
		values = e.junk()
	default:
		values = e.person()
		e.before = append(e.before, values)
	}
	form = values.Get("_form")
	values = clone(values)
	values.Del("_form")
	return form, values
}

func clone(v url.Values) url.Values {
	out := url.Values{}
	for k, list := range v {
		out[k] = slices.Clone(list)
	}
	return out
}

func (e *enquirer) person() url.Values {
	r := e.random
	c := countries[r.IntN(len(countries))]
	given, family := pick(r, c.given), pick(r, c.family)
	name := given + " " + family
	if c.familyFirst {
		name = family + given
	}
	v := url.Values{
		"_form": {"trial"}, "name": {name}, "city": {c.city},
		"age": {fmt.Sprint(2 + r.IntN(14))}, "consent": {"yes"},
		"utm_source": {pick(r, []string{"google", "wechat", "newsletter", "partner", "xiaohongshu"})},
		"gclid":      {fmt.Sprintf("demo-%08x", r.Uint32())},
	}
	if r.IntN(100) < 60 {
		v.Set("budget", pick(r, []string{"low", "mid", "high"}))
	}
	email := fmt.Sprintf("%s.%d@%s", pick(r, []string{"home", "family", "me", "post"}), r.IntN(1_000_000),
		pick(r, []string{"example.com", "example.org", "mail.example.net"}))
	switch roll := r.IntN(100); {
	case c.familyFirst:
		v.Set("_form", "demo-zh")
		v.Set("phone", c.phone(r))
	case roll < 12:
		school(r, v)
		v.Set("email", email)
	case roll < 30:
		v.Set("email", email)
	case roll < 50:
		v.Set("phone", c.phone(r))
	default:
		v.Set("phone", c.phone(r))
		v.Set("email", email)
	}
	return v
}

// school makes the person one who asks for a school.
func school(r *rand.Rand, v url.Values) {
	for _, field := range []string{"age", "budget"} {
		v.Del(field)
	}
	v.Set("_form", "school")
	v.Set("company", pick(r, []string{"Northfield", "Riverside", "St. Brigid", "Lakeview"})+" "+pick(r, []string{"Primary School", "Academy", "College"}))
	v.Set("headcount", fmt.Sprint(80+r.IntN(900)))
	v.Set("role", pick(r, []string{"head", "teacher", "office", "other"}))
}

// again is somebody who enquired before, with the details typed another way.
func (e *enquirer) again() url.Values {
	was := e.before[e.random.IntN(len(e.before))]
	v := clone(was)
	if phone := v.Get("phone"); phone != "" {
		v.Set("phone", phone[:3]+" "+phone[3:6]+"-"+phone[6:])
	}
	if email := v.Get("email"); email != "" {
		v.Set("email", " "+strings.ToUpper(email[:1])+email[1:])
	}
	return v
}

func (e *enquirer) junk() url.Values {
	v := e.person()
	if v.Get("_form") == "school" { // which asks for a good address
		v.Set("_form", "trial")
	}
	switch e.random.IntN(5) {
	case 0:
		v.Set("phone", "11111111111")
		v.Del("email")
	case 1:
		v.Set("phone", "123456")
		v.Set("email", "nobody@")
	case 2:
		v.Set("email", "a b@example..com")
		v.Del("phone")
	case 3: // a number that exists but was made up: taken at the door, quarantined behind it
		v.Set("phone", "+8613888888888")
		v.Del("email")
	default:
		v.Del("phone")
		v.Del("email")
	}
	return v
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
