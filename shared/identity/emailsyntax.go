package identity

import "strings"

// Syntax is what the standards say of an address's syntax.
type Syntax string

// The verdicts on an address.
const (
	SyntaxValid Syntax = "valid" // a dot-atom at a domain within RFC 5321's limits
	SyntaxOdd   Syntax = "odd"   // allowed by RFC 5321 or 5322 or once allowed, and hardly meant: quotes, comments, folding, literals, too long
	SyntaxError Syntax = "error" // no standard allows it
)

// EmailSyntax judges an address by RFC 5322's grammar with its obsolete forms
// and RFC 5321's limits, as the isemail test suite does, and as it stands: no
// tidying, no other script. [Email] is what a form asks; this is a judge.
func EmailSyntax(address string) Syntax {
	p := &addrSpec{rest: address}
	p.word(isAtext)
	for !p.failed && p.take('.') {
		p.odd = p.odd || p.spaced
		p.word(isAtext)
	}
	length := len(address) - len(p.rest)
	if p.failed || !p.take('@') {
		return SyntaxError
	}
	domain := len(address) - len(p.rest)
	p.domain()
	switch {
	case p.failed || p.rest != "":
		return SyntaxError
	case p.odd || length > maxLocalPart || len(address) > maxAddress || !isHostName(strings.ToLower(address[domain:])) || numericTop(address[domain:]):
		return SyntaxOdd
	}
	return SyntaxValid
}

// numericTop also finds domains of one label, which RFC 5321 allows and no
// mail reaches.
func numericTop(domain string) bool {
	_, top, ok := cutLast(domain, '.')
	return !ok || strings.Trim(top, "0123456789") == ""
}

func cutLast(text string, sep byte) (before, after string, ok bool) {
	at := strings.LastIndexByte(text, sep)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+1:], true
}

// addrSpec reads RFC 5322's addr-spec from the front.
type addrSpec struct {
	rest   string
	odd    bool // something beside dot-atoms was read
	spaced bool // comments or folding white space were read just now
	failed bool
}

func (p *addrSpec) take(c byte) bool {
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// word reads an atom or a quoted string with white space and comments around.
func (p *addrSpec) word(isText func(byte) bool) {
	p.skip()
	if p.failed {
		return
	}
	if strings.HasPrefix(p.rest, `"`) {
		p.quoted()
	} else if !p.atom(isText) {
		p.failed = true
	}
	p.skip()
}

func (p *addrSpec) atom(isText func(byte) bool) bool {
	n := 0
	for n < len(p.rest) && isText(p.rest[n]) {
		n++
	}
	p.rest = p.rest[n:]
	return n > 0
}

// domain reads labels, or a literal in square brackets.
func (p *addrSpec) domain() {
	p.skip()
	if !p.failed && strings.HasPrefix(p.rest, "[") {
		p.literal()
		p.skip()
		return
	}
	for {
		p.skip()
		start := p.rest
		if p.failed || !p.atom(isAtext) {
			p.failed = true
			return
		}
		label := start[:len(start)-len(p.rest)]
		p.failed = label[0] == '-' || label[len(label)-1] == '-'
		p.skip()
		if p.failed || !p.take('.') {
			return
		}
	}
}

// skip reads comments and folding white space: CFWS with its obsolete forms.
func (p *addrSpec) skip() {
	before := len(p.rest)
	for !p.failed && p.rest != "" {
		switch p.rest[0] {
		case '(':
			p.comment()
		case ' ', '\t', '\r':
			p.fold()
		default:
			p.spaced = len(p.rest) < before
			p.odd = p.odd || p.spaced
			return
		}
	}
	p.spaced = len(p.rest) < before
	p.odd = p.odd || p.spaced
}

// fold reads white space: a line break only where white space follows it.
func (p *addrSpec) fold() {
	p.odd = true
	for p.rest != "" {
		switch {
		case p.rest[0] == ' ' || p.rest[0] == '\t':
			p.rest = p.rest[1:]
		case strings.HasPrefix(p.rest, "\r\n ") || strings.HasPrefix(p.rest, "\r\n\t"):
			p.rest = p.rest[3:]
		case p.rest[0] == '\r':
			p.failed = true
			return
		default:
			return
		}
	}
}

func (p *addrSpec) comment() {
	p.odd = true
	depth := 0
	p.enclosed(func(c byte) (end, ok bool) {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		return depth == 0, c != 0
	})
}

func (p *addrSpec) quoted() {
	p.odd = true
	quotes := 0
	p.enclosed(func(c byte) (end, ok bool) {
		if c == '"' {
			quotes++
		}
		return quotes == 2, c != 0
	})
}

// literal reads any literal: addresses of the right form are as odd as others.
func (p *addrSpec) literal() {
	p.odd = true
	open := 0
	p.enclosed(func(c byte) (end, ok bool) {
		if c == '[' {
			open++
		}
		return c == ']', open == 1 && c != 0
	})
}

// enclosed reads up to the end of what began with the next byte: control
// characters and escaped ones are allowed in all three, line breaks only where
// they fold, bytes beyond ASCII and NUL never.
func (p *addrSpec) enclosed(at func(c byte) (end, ok bool)) {
	for p.rest != "" {
		switch c := p.rest[0]; {
		case c == '\\':
			if len(p.rest) < 2 || p.rest[1] >= 0x80 {
				p.failed = true
				return
			}
			p.rest = p.rest[2:]
		case c == '\r':
			if p.fold(); p.failed {
				return
			}
		case c == '\n' || c >= 0x80:
			p.failed = true
			return
		default:
			end, ok := at(c)
			if !ok {
				p.failed = true
				return
			}
			p.rest = p.rest[1:]
			if end {
				return
			}
		}
	}
	p.failed = true
}
