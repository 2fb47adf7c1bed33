package sim

import (
	"fmt"
	"math"
	"time"
)

// Sorts of enquiries besides those of new people, for each of these. All of them
// are multiplied by how lively the world is.
var arrivals = []struct {
	share float64
	make  func(*people)
}{
	{0.08, (*people).returning},
	{0.04, (*people).anotherProduct},
	{0.02, (*people).mixedUp},
	{0.02, (*people).family},
	{0.03, (*people).impatient},
	{0.03, (*people).repeated},
	{0.015, (*people).reused},
	{0.05, (*people).refused},
	{0.025, (*people).madeUp},
	{0.1, (*people).resembling},
	{0.02, (*people).scattered},
	{0.05, (*people).bought},
}

// newLeads is how many leads come of these, for each of a new person.
const newLeads = 0.3

// arrive puts a day's enquiries on the agenda.
func (p *people) arrive(start time.Time) {
	r := p.world.random
	rate := 1.12
	if d := start.Weekday(); d == time.Saturday || d == time.Sunday {
		rate = 0.7
	}
	// The other sorts make leads as well.
	n := p.whole(float64(p.world.opts.LeadsPerDay) * rate * (0.85 + 0.3*r.Float64()) / (1 + newLeads*p.mood.lively))
	for range n {
		p.at(start.Add(p.arrival()), func() {
			one := p.newPerson()
			p.send(p.enquiry(one, one.form))
		})
	}
	for _, a := range arrivals {
		for range p.whole(float64(n) * a.share * p.mood.lively) {
			p.at(start.Add(p.arrival()), func() { a.make(p) })
		}
	}
}

// listed is a list of addresses that somebody bought and a program posts, one
// after the other. Nobody on it is worth a call before others.
func (p *people) listed(start time.Time) {
	for i := range p.world.opts.Listed {
		p.at(start.Add(8*time.Hour+time.Duration(i)*time.Second), func() {
			one := p.newPerson()
			mail := fmt.Sprintf("list.%d@quillon.example", len(p.persons))
			p.send(post{form: trialForm, sender: program, fields: []field{{"name", one.name}, {"email", mail}, {"age", "16"}, {"consent", "yes"}}})
		})
	}
}

// whole rounds up or down by chance, so that small numbers add up to what they
// should.
func (p *people) whole(x float64) int {
	n := int(x)
	if p.chance(x - math.Floor(x)) {
		n++
	}
	return n
}

// arrival is when on a day somebody enquires.
func (p *people) arrival() time.Duration {
	if rush := p.world.opts.Rush; rush > 0 {
		return 9*time.Hour + p.world.within(rush)
	}
	return p.hour()
}

// hour is a moment of the day: most people enquire from morning to evening.
func (p *people) hour() time.Duration {
	r := p.world.random
	if r.IntN(5) == 0 {
		return time.Duration(r.Int64N(int64(day)))
	}
	return 8*time.Hour + time.Duration((r.Float64()+r.Float64())*6*float64(time.Hour))
}

// returning is the same person for the same product.
func (p *people) returning() {
	if one := p.somebody(); one != nil {
		p.send(p.enquiry(one, one.form))
	}
}

// anotherProduct is a person who is interested in something else too.
func (p *people) anotherProduct() {
	one := p.somebody()
	switch {
	case one == nil:
	case one.form != trialForm:
		p.send(p.enquiry(one, trialForm))
	case one.email == "":
		p.send(p.enquiry(one, hanForm))
	default:
		p.send(p.enquiry(one, schoolForm).with("company", "Quillon "+pick(p.world.random, schoolsOf)))
	}
}

// mixedUp gives the phone of one known person with the e-mail of another.
func (p *people) mixedUp() {
	one, other := p.somebody(), p.somebody()
	if one == nil {
		return
	}
	p.send(p.enquiry(&person{name: one.name, phone: one.phone, email: other.email, city: one.city}, trialForm))
}

// family are new people who enquire at the same instant and share what they can
// be reached by, each in another way.
func (p *people) family() {
	one, other := p.newPerson(), p.newPerson()
	phone, mail := phoneNumber(len(p.persons)+longPhones/2), one.email
	if mail == "" {
		mail = "family." + phone[1:] + "@mail.quillon.example"
	}
	for _, member := range []person{
		{name: one.name, phone: phone, email: mail, city: one.city},
		{name: other.name, phone: phone, email: other.email, city: one.city},
		{name: other.name, phone: other.phone, email: mail, city: one.city},
	} {
		p.send(p.enquiry(&member, trialForm))
	}
}

// impatient is a new person who presses the button several times.
func (p *people) impatient() {
	one := p.newPerson()
	o := p.enquiry(one, one.form)
	o.key = ""
	for range 2 + p.world.random.IntN(3) {
		p.send(o)
	}
}

// repeated is a program that posts the same twice or more, at once or later.
func (p *people) repeated() {
	one := p.newPerson()
	o := p.enquiry(one, one.form)
	o.sender, o.key = program, p.newKey()
	p.send(o)
	for range 1 + p.world.random.IntN(2) {
		wait := time.Duration(0)
		if p.chance(0.5) {
			wait = p.soon(3 * time.Hour)
		}
		p.after(wait, func() { p.send(o) })
	}
}

// reused is a program that uses one key for two bodies.
func (p *people) reused() {
	one := p.newPerson()
	first := p.enquiry(one, one.form)
	first.sender, first.key = program, p.newKey()
	p.send(first)
	wait := time.Duration(0)
	if p.chance(0.5) {
		wait = p.soon(time.Hour)
	}
	p.after(wait, func() { p.send(first.with("name", "Ada "+one.name)) })
}

// refused is a post that is sent back at the door.
func (p *people) refused() {
	one := p.newPerson()
	o := p.enquiry(one, one.form)
	switch p.world.random.IntN(6) {
	case 0:
		o = o.with("consent", "")
	case 1:
		o = o.with("phone", "").with("email", "")
	case 2:
		o = o.with("phone", "12").with("email", "Quillon@")
	case 3:
		o = o.with("name", "")
	case 4:
		o = o.with("budget", "Quillon").with("role", "Quillon")
	default:
		o.form = "gone"
	}
	p.send(o)
}

// madeUp is a number that exists but was typed to fill the field: it is taken at
// the door and ends in quarantine.
func (p *people) madeUp() {
	one := p.newPerson()
	one.phone, one.email = "", ""
	o := p.enquiry(one, hanForm)
	p.send(o.with("phone", pick(p.world.random, []string{"+8613888888888", "13666666666"})))
}
