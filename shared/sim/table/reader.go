package table

import (
	"unicode/utf16"
	"unicode/utf8"
)

// reader reads JSON from a request's bytes. The first fault ends the reading:
// everything after it reads as nothing.
type reader struct {
	in    []byte
	at    int
	fault *fault
}

// fail keeps the first fault and leaves nothing to read.
func (r *reader) fail(f *fault) {
	if r.fault == nil {
		r.fault = f
	}
	r.at = len(r.in)
}

func (r *reader) malformed() {
	r.fail(&fault{code: serialization, message: "the request is not JSON of the expected form"})
}

// peek returns the next byte that is no space, 0 at the end.
func (r *reader) peek() byte {
	for r.at < len(r.in) {
		switch c := r.in[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
	return 0
}

func (r *reader) take(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

func (r *reader) expect(c byte) {
	if !r.take(c) {
		r.malformed()
	}
}

// end requires that nothing follows.
func (r *reader) end() {
	if r.peek() != 0 || r.at < len(r.in) {
		r.malformed()
	}
}

// object visits each member by its name; the visitor reads its value. The name
// is good until the visitor returns.
func (r *reader) object(member func(name []byte)) {
	r.expect('{')
	if r.take('}') {
		return
	}
	for r.fault == nil {
		name := r.text()
		r.expect(':')
		if r.fault != nil {
			return
		}
		member(name)
		if !r.take(',') {
			r.expect('}')
			return
		}
	}
}

// array visits each element, which the visitor reads.
func (r *reader) array(element func()) {
	r.expect('[')
	if r.take(']') {
		return
	}
	for r.fault == nil {
		element()
		if !r.take(',') {
			r.expect(']')
			return
		}
	}
}

// plain are the bytes that stand for themselves in a JSON string.
var plain = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return table
}()

// quoted reads a string and returns what is between its quotes as it is, how
// many bytes it stands for, and whether that differs for escapes in it.
func (r *reader) quoted() (raw []byte, size int, escaped bool) {
	r.expect('"')
	in, from, saved := r.in, r.at, 0
	for at := from; at < len(in); {
		c := in[at]
		switch {
		case plain[c]:
			at++
		case c == '"':
			r.at = at + 1
			return in[from:at], at - from - saved, saved > 0
		case c == '\\' && at+1 < len(in) && simple[in[at+1]] != 0:
			at, saved = at+2, saved+1
		case c == '\\':
			_, width, size := unescape(in[at:])
			if width == 0 {
				r.malformed()
				return nil, 0, false
			}
			at, saved = at+width, saved+width-size
		default:
			r.malformed()
			return nil, 0, false
		}
	}
	r.malformed()
	return nil, 0, false
}

// text reads a string and decodes it; without escapes it is a part of the input.
func (r *reader) text() []byte {
	raw, size, escaped := r.quoted()
	if escaped {
		return decoded(make([]byte, 0, size), raw)
	}
	return raw
}

// simple are the escapes of two characters.
var simple = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape reads the escape that the input starts with: the character, how many
// bytes it took, 0 where it is none, and how many it has in UTF-8. Half of a
// pair reads as the replacement character.
func unescape(in []byte) (c rune, width, size int) {
	if len(in) < 2 {
		return 0, 0, 0
	}
	if c := simple[in[1]]; c != 0 {
		return rune(c), 2, 1
	}
	unit, ok := hex4(in)
	if !ok {
		return 0, 0, 0
	}
	if !utf16.IsSurrogate(unit) {
		return unit, 6, utf8.RuneLen(unit)
	}
	if second, ok := hex4(in[6:]); ok {
		if c := utf16.DecodeRune(unit, second); c != utf8.RuneError {
			return c, 12, 4
		}
	}
	return utf8.RuneError, 6, 3
}

// hex4 reads \uXXXX.
func hex4(in []byte) (rune, bool) {
	if len(in) < 6 || in[0] != '\\' || in[1] != 'u' {
		return 0, false
	}
	var unit rune
	for _, c := range in[2:6] {
		switch {
		case '0' <= c && c <= '9':
			unit = unit<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			unit = unit<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			unit = unit<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// decoded appends what the inside of a well-formed JSON string stands for.
func decoded(out, raw []byte) []byte {
	for at := 0; at < len(raw); {
		if raw[at] != '\\' {
			from := at
			for at < len(raw) && raw[at] != '\\' {
				at++
			}
			out = append(out, raw[from:at]...)
			continue
		}
		c, width, _ := unescape(raw[at:])
		out = utf8.AppendRune(out, c)
		at += max(1, width)
	}
	return out
}

// appendText appends a JSON string.
func appendText[T string | []byte](out []byte, s T) []byte {
	return append(appendEscaped(append(out, '"'), s), '"')
}

// appendEscaped appends the inside of a JSON string.
func appendEscaped[T string | []byte](out []byte, s T) []byte {
	const digits = "0123456789abcdef"
	from := 0
	for i := range len(s) {
		c := s[i]
		if plain[c] {
			continue
		}
		out = append(out, s[from:i]...)
		from = i + 1
		if c == '"' || c == '\\' {
			out = append(out, '\\', c)
		} else {
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(out, s[from:]...)
}

// boolean reads true or false.
func (r *reader) boolean() bool {
	switch {
	case r.literal("true"):
		return true
	case r.literal("false"):
		return false
	}
	r.malformed()
	return false
}

func (r *reader) literal(word string) bool {
	r.peek()
	if len(r.in)-r.at < len(word) || string(r.in[r.at:r.at+len(word)]) != word {
		return false
	}
	r.at += len(word)
	return true
}

// integer reads a whole number of at most nine digits.
func (r *reader) integer() int {
	r.peek()
	negative, n, digits := r.take('-'), 0, 0
	for ; r.at < len(r.in) && '0' <= r.in[r.at] && r.in[r.at] <= '9'; digits++ {
		n = n*10 + int(r.in[r.at]-'0')
		r.at++
		if digits == 9 {
			break
		}
	}
	if digits == 0 || digits > 8 {
		r.malformed()
	}
	if negative {
		return -n
	}
	return n
}
