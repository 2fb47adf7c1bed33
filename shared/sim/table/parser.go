package table

import "strings"

const (
	mostExpression = 4 << 10 // bytes
	mostParens     = 64      // parentheses and NOTs within each other
	mostIn         = 100     // operands of IN
)

// parser turns an expression's text into an [expression]. The first fault ends
// it: what follows reads as the end of the text.
type parser struct {
	text  string
	at    int
	token string // the one to be read next, "" at the end
	depth int
	out   *expression
	fault *fault
}

func (p *parser) fail(f *fault) {
	if p.fault == nil {
		p.fault = f
	}
	p.at, p.token = len(p.text), ""
}

func (p *parser) syntax() {
	p.fail(invalid("Invalid expression: syntax error; token: %q, near: %q", p.token, p.text[max(0, p.at-20):p.at]))
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// advance reads the next token: a name, a placeholder, a number or a mark.
func (p *parser) advance() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
	if p.at == len(p.text) {
		p.token = ""
		return
	}
	end := p.at + 1
	word := func() {
		for end < len(p.text) && (isLetter(p.text[end]) || isDigit(p.text[end])) {
			end++
		}
	}
	switch c := p.text[p.at]; {
	case isLetter(c):
		word()
	case c == '#' || c == ':':
		if word(); end == p.at+1 {
			p.token = string(c)
			p.syntax()
			return
		}
	case isDigit(c):
		for end < len(p.text) && isDigit(p.text[end]) {
			end++
		}
	case c == '<' && end < len(p.text) && (p.text[end] == '=' || p.text[end] == '>'),
		c == '>' && end < len(p.text) && p.text[end] == '=':
		end++
	case strings.IndexByte("=<>(),.[]+-", c) >= 0:
	default:
		p.token = string(c)
		p.syntax()
		return
	}
	p.token, p.at = p.text[p.at:end], end
}

// is reports whether the next token is a keyword or a mark.
func (p *parser) is(word string) bool { return strings.EqualFold(p.token, word) }

func (p *parser) take(word string) bool {
	if p.token == "" || !p.is(word) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(word string) {
	if !p.take(word) {
		p.syntax()
	}
}

func (p *parser) enter() bool {
	if p.depth++; p.depth > mostParens {
		p.fail(invalid("Invalid expression: too deeply nested"))
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }
