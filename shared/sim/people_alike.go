package sim

import (
	"fmt"
	"strings"
	"time"
)

// resembling is somebody who enquired before, or seems to, with no phone number or
// address that is known.
func (p *people) resembling() {
	one := p.somebody()
	if one == nil {
		return
	}
	r := p.world.random
	like := *one
	switch r.IntN(6) {
	case 0, 1: // their own number and address, mistyped
		like.phone, like.email = slipped(one.phone), mistyped(one.email)
	case 2: // from work, or from home
		n := len(p.persons)
		like.phone, like.email = "", fmt.Sprintf("home.%d@mail.quillon.example", n)
		if one.company == "" {
			like.email, like.company = companyMail(n), companyOf(n)
		}
	case 3: // a relative with a number of their own
		like.name, like.phone, like.email = pick(r, givenNames)+" "+familyOf(one.name), slipped(one.phone), ""
	case 4: // the same name, and somebody else
		other := p.newPerson()
		like.phone, like.email, like.company = other.phone, other.email, other.company
	default: // written otherwise
		like.name = written(one.name)
		like.phone, like.email = slipped(one.phone), mistyped(one.email)
	}
	if like.phone == "" && like.email == "" {
		like.email = fmt.Sprintf("post.%d@web.quillon.example", len(p.persons))
	}
	p.persons = append(p.persons, &like)
	o := p.enquiry(&like, formFor(&like, one.form))
	if like.company != "" {
		o = o.with("company", like.company)
	}
	p.send(o)
}

// scattered is somebody who enquires twice at once, by numbers and addresses that
// differ, and later by some of both.
func (p *people) scattered() {
	one := p.newPerson()
	if one.phone == "" || one.email == "" {
		one.phone, one.email = phoneNumber(len(p.persons)), fmt.Sprintf("home.%d@mail.quillon.example", len(p.persons))
	}
	again := *one
	again.phone, again.email = slipped(one.phone), mistyped(one.email)
	p.send(p.enquiry(one, trialForm))
	p.send(p.enquiry(&again, trialForm))
	again.phone = one.phone
	p.after(p.soon(12*time.Hour), func() { p.send(p.enquiry(&again, trialForm)) })
}

// formFor is the form that a person can fill in, the one wished for if possible.
func formFor(one *person, form string) string {
	switch {
	case form == hanForm && one.phone == "", form == schoolForm && (one.email == "" || one.company == ""):
		return trialForm
	}
	return form
}

// bought is a row of a list that somebody sold: of a stranger, of somebody who is
// known, or of somebody who resembles them.
func (p *people) bought() {
	one := p.newPerson()
	if p.chance(0.5) {
		one = p.somebody()
	}
	row := *one
	if p.chance(0.4) {
		row.phone, row.email = slipped(row.phone), mistyped(row.email)
	}
	o := p.enquiry(&row, boughtForm).with("company", row.company)
	o.sender = program
	if p.chance(0.5) {
		o = o.with("industry", pick(p.world.random, []string{"education", "retail", "care"}))
	}
	p.send(o)
}

const boughtForm = "bought"

// slipped is a phone number with a slip of the finger in its last digits: one that
// nobody has.
func slipped(e164 string) string {
	at := len(e164) - 4
	if at < 0 {
		return ""
	}
	if strings.HasSuffix(e164[:at+1], longPhone) { // the marker stays in one piece
		at++
	}
	if e164[at] == '9' {
		return e164[:at] + "0" + e164[at+1:]
	}
	return e164[:at] + "9" + e164[at+1:]
}

// mistyped is an address with one letter too many.
func mistyped(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok {
		return ""
	}
	return local[:1] + local[:1] + local[1:] + "@" + domain
}

// written is a name as the same person may write it another time.
func written(name string) string {
	if han, ok := strings.CutPrefix(name, "Quillon"); ok && pinyinOf[han] != "" {
		return pinyinOf[han] + " Quillon"
	}
	given, family, ok := strings.Cut(name, " ")
	if !ok {
		return name
	}
	return family + ", " + given
}

var pinyinOf = map[string]string{"伟": "Wei", "芳": "Fang", "敏": "Min", "静": "Jing", "磊": "Lei", "子涵": "Zihan", "浩然": "Haoran", "欣怡": "Xinyi"}

func familyOf(name string) string {
	if _, family, ok := strings.Cut(name, " "); ok {
		return family
	}
	return "Quillon"
}

// companies is how many schools there are: several people of each enquire.
const companies = 30

func companyOf(n int) string {
	return fmt.Sprintf("Quillon %s %d", schoolsOf[n%len(schoolsOf)], n%companies)
}

func companyMail(n int) string { return fmt.Sprintf("office.%d@quillon%d.school", n, n%companies) }
