package sim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// post is what a form, a page's script or a program sends, perhaps several
// times.
type post struct {
	form   string
	sender sender
	fields []field
	key    string // for idempotency; "" is none
	tries  int    // so far
}

type field struct{ name, value string }

// sender is who posts.
type sender int

const (
	browser sender = iota // a plain HTML form, answered by a page
	script                // of a page: form-encoded, answered by JSON
	program               // JSON
)

// enquiry fills in a form for a person.
func (p *people) enquiry(one *person, form string) post {
	r := p.world.random
	out := post{form: form, sender: script}
	switch roll := r.IntN(100); {
	case roll < 15:
		out.sender = browser
	case roll < 45:
		out.sender = program
		if r.IntN(4) > 0 {
			out.key = p.newKey()
		}
	}
	add := func(name, value string) {
		if value != "" {
			out.fields = append(out.fields, field{name, value})
		}
	}
	add("name", one.name)
	add("phone", typed(r, one.phone))
	add("email", typedMail(r, one.email))
	switch form {
	case schoolForm:
		add("company", one.company)
		add("city", one.city)
		add("headcount", strconv.Itoa(60+r.IntN(900)))
		add("role", pick(r, []string{"head", "teacher", "office"}))
	case hanForm:
		add("city", one.city)
		if n := len(p.order); n > 0 && r.IntN(4) == 0 { // recommended by somebody who enquired
			add("friend", p.order[r.IntN(n)])
		}
		p.child(add)
	default:
		add("city", one.city)
		p.child(add)
	}
	add("utm_source", pick(r, []string{"google", "wechat", "newsletter", ""}))
	add("consent", "yes")
	return out
}

// child adds what is asked about the child and may be left open.
func (p *people) child(add func(name, value string)) {
	r := p.world.random
	if r.IntN(10) > 0 {
		add("age", strconv.Itoa(2+r.IntN(13)+r.IntN(40)/38*20))
	}
	if r.IntN(10) < 6 {
		add("budget", pick(r, []string{"low", "mid", "high"}))
	}
	if r.IntN(10) < 2 {
		add("message", "Please ask for Mrs Quillon.\nEvenings are best.")
	}
	if r.IntN(20) == 0 { // a field that somebody put on the page and told nobody
		add("nickname", "Little Quillon")
	}
}

func (p *people) newKey() string {
	p.keys++
	return "key-" + strconv.Itoa(p.keys)
}

// with replaces, or adds, the value of a field; "" takes it away.
func (o post) with(name, value string) post {
	fields := make([]field, 0, len(o.fields)+1)
	for _, f := range o.fields {
		if f.name != name {
			fields = append(fields, f)
		}
	}
	if value != "" {
		fields = append(fields, field{name, value})
	}
	o.fields = fields
	return o
}

func (o post) encode() (contentType string, body []byte) {
	if o.sender != program {
		var b strings.Builder
		for i, f := range o.fields {
			if i > 0 {
				b.WriteByte('&')
			}
			b.WriteString(f.name + "=" + url.QueryEscape(f.value))
		}
		return "application/x-www-form-urlencoded", []byte(b.String())
	}
	body = []byte{'{'}
	for i, f := range o.fields {
		if i > 0 {
			body = append(body, ',')
		}
		name, _ := json.Marshal(f.name) // strings
		value, _ := json.Marshal(f.value)
		body = append(append(append(body, name...), ':'), value...)
	}
	return "application/json", append(body, '}')
}

// send posts, and again after a while where no answer came or the site was out
// of order: a program with the same idempotency key, a person by pressing the
// button again.
func (p *people) send(o post) {
	if p.over() {
		return
	}
	contentType, body := o.encode()
	header := map[string]string{"Content-Type": contentType}
	if o.sender == browser {
		header["Accept"] = "text/html"
	}
	if o.key != "" {
		header["Idempotency-Key"] = o.key
	}
	o.tries++
	p.world.ask(request{function: "capture", method: http.MethodPost, path: "/f/" + o.form, header: header, body: body}, func(a answer) {
		p.figures.posts[a.status]++
		switch {
		case a.status == http.StatusAccepted, a.status == http.StatusSeeOther:
			p.accept(a)
		case a.status == 0 || a.status >= 500:
			p.resend(o)
		}
	})
}

// accept notes a success. A browser is shown a page, which names no submission.
func (p *people) accept(a answer) {
	if a.status == http.StatusSeeOther {
		p.unnamed++
		return
	}
	var told struct{ Submission string }
	held := json.Unmarshal(a.body, &told) == nil && told.Submission != ""
	if c := p.world.checker; c.breaks(ruleAnswer, held) {
		c.tell(ruleAnswer, "", "a post was accepted without telling the submission")
		return
	}
	p.world.checker.captured(told.Submission)
	p.accepted = append(p.accepted, told.Submission)
}

func (p *people) resend(o post) {
	switch {
	case o.sender == program && o.tries < 6:
		p.after(30*time.Second<<o.tries, func() { p.send(o) })
	case o.tries < 3 && p.chance(0.7):
		p.after(p.soon(5*time.Minute), func() { p.send(o) })
	}
}
