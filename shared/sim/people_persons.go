package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// personalMarkers are texts of which at least one is in every personal value
// that a world makes up: names, domains of e-mail addresses, phone numbers and
// free texts. Where one of them is found in the clear, something has leaked.
// The last two are of phone numbers: seven digits in a row that no moment of a
// world is likely to have.
var personalMarkers = []string{"Quillon", "quillon", chinesePhone, longPhone}

const (
	chinesePhone = "1397777" // begins Chinese mobile numbers
	longPhone    = "9073148" // stands within Austrian mobile and German fixed numbers
)

// person is somebody who enquires.
type person struct {
	form    string // by which they enquire first
	name    string
	phone   string // E.164, or ""
	email   string
	company string
	city    string
}

var (
	givenNames = []string{"Emma", "Jürgen", "Olivia", "Lena", "Mateo", "Inés", "Noah", "Anke", "Zoe", "Lucas", "Freya", "Moritz"}
	familyEnds = []string{"", "berg", "mann", "stein", "ova", "sen", "etti", "ski", "dottir", "oglu"}
	hanNames   = []string{"伟", "芳", "敏", "静", "磊", "子涵", "浩然", "欣怡"}
	schoolsOf  = []string{"Primary School", "Academy", "College", "Grammar School"}
	cities     = []string{"Berlin", "Hamburg", "Wien", "Graz"}
	hanCities  = []string{"上海", "北京", "杭州"}
)

// The forms, by how many of a hundred come by them first.
const (
	trialForm, trialShare   = "trial", 45
	schoolForm, schoolShare = "school", 25
	hanForm                 = "demo-zh"
)

// newPerson makes somebody up who has not been there before.
func (p *people) newPerson() *person {
	r := p.world.random
	n := len(p.persons)
	one := &person{name: pick(r, givenNames) + " Quillon" + pick(r, familyEnds), form: hanForm}
	mail := fmt.Sprintf("%s.%d@%s.quillon.example", pick(r, []string{"home", "family", "post"}), n, pick(r, []string{"mail", "web"}))
	switch roll := r.IntN(100); {
	case roll < trialShare:
		one.form = trialForm
		contact := r.IntN(100)
		if contact < 80 {
			one.phone = phoneNumber(n)
		}
		if contact >= 40 {
			one.email = mail
		}
	case roll < trialShare+schoolShare:
		one.form, one.email, one.company = schoolForm, companyMail(n), companyOf(n)
	default:
		one.name = "Quillon" + pick(r, hanNames)
		one.phone = chineseNumber(n)
		if r.IntN(3) == 0 {
			one.email = mail
		}
	}
	if one.city = pick(r, cities); one.form == hanForm {
		one.city = pick(r, hanCities)
	}
	p.persons = append(p.persons, one)
	return one
}

// somebody is one who enquired before, more likely lately; nil where nobody did.
func (p *people) somebody() *person {
	n := len(p.persons)
	if n == 0 {
		return nil
	}
	if recent := 40; n > recent && p.chance(0.7) {
		return p.persons[n-1-p.world.random.IntN(recent)]
	}
	return pick(p.world.random, p.persons)
}

// chineseNumber is the n-th Chinese mobile number, as long as there are any.
func chineseNumber(n int) string {
	const all = 10_000
	if n >= all || n == 7777 { // which would be nothing but sevens
		return phoneNumber(n)
	}
	return fmt.Sprintf("+86%s%04d", chinesePhone, n)
}

// phoneNumber is the n-th of the long numbers: Austrian mobile and German fixed
// ones by turns. There are as many as longPhones.
func phoneNumber(n int) string {
	n %= longPhones
	if n%2 == 0 {
		n /= 2
		return fmt.Sprintf("+43%s%s%03d", austrian[n/1_000], longPhone, n%1_000)
	}
	n /= 2
	return fmt.Sprintf("+49%s%s%04d", german[n/10_000], longPhone, n%10_000)
}

// longPhones is how many numbers there are before they begin to repeat.
const longPhones = 80_000

var (
	german   = []string{"30", "40", "69", "89"} // area codes of Berlin, Hamburg, Frankfurt, Munich
	austrian = austrianPrefixes()
)

// austrianPrefixes are the operators' prefixes 650 to 699 as far as they are
// in use, forty of them.
func austrianPrefixes() []string {
	var prefixes []string
	for n := 650; n < 700; n++ {
		if !strings.Contains("654 656 658 662", fmt.Sprint(n)) && len(prefixes) < longPhones/2/1_000 {
			prefixes = append(prefixes, fmt.Sprint(n))
		}
	}
	return prefixes
}

// typed writes a phone number as people do. The marker stays in one piece.
func typed(r *rand.Rand, e164 string) string {
	if e164 == "" {
		return ""
	}
	at := strings.Index(e164, longPhone)
	if at < 0 {
		switch head := "+86"; r.IntN(4) {
		case 0:
			return strings.TrimPrefix(e164, head)
		case 1:
			return head + " " + strings.TrimPrefix(e164, head)
		}
		return e164
	}
	head, tail := e164[:at], e164[at+len(longPhone):]
	switch r.IntN(4) {
	case 0:
		return head + " " + longPhone + " " + tail
	case 1:
		return "00" + head[1:3] + " (" + head[3:] + ") " + longPhone + tail
	}
	return e164
}

// typedMail writes an address as people do.
func typedMail(r *rand.Rand, address string) string {
	if address != "" && r.IntN(4) == 0 {
		return " " + strings.ToUpper(address[:1]) + address[1:]
	}
	return address
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
