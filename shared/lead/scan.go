package lead

import "bytes"

// readOwn reads an entry that is laid out as MarshalJSON does it, letter by
// letter, which is how all are stored. It is false for any other, sound or not:
// readAny tells.
func readOwn(data []byte) (Entry, bool) {
	s := &scan{rest: data}
	var e Entry
	s.want(`{"lead":"`)
	e.Lead = string(s.text())
	s.want(`,"v":`)
	e.Version = s.number()
	s.want(`,"at":`)
	if err := e.At.UnmarshalJSON(s.quoted()); err != nil {
		return e, false
	}
	s.want(`,"by":{"kind":"`)
	e.By.Kind = string(s.text())
	if s.has(`,"id":"`) {
		e.By.ID = string(s.text())
	}
	s.want(`}`)
	if s.has(`,"policy":`) {
		e.Policy = s.number()
	}
	s.want(`,"events":[`)
	e.Events = make([]Event, 0, usualEvents)
	for more := true; more && !s.failed; more = s.has(`,`) {
		s.want(`{"e":"`)
		decode, ok := decoders[string(s.text())]
		s.want(`,"d":`)
		data := s.object()
		s.want(`}`)
		if s.failed || !ok {
			return e, false
		}
		event, err := decode(data)
		if err != nil {
			return e, false
		}
		e.Events = append(e.Events, event)
	}
	s.want(`]}`)
	return e, !s.failed && len(s.rest) == 0
}

// usualEvents is how many events few entries exceed.
const usualEvents = 4

// scan takes JSON from its front. Once something else is there than was asked
// for, it has failed and answers nothing any more.
type scan struct {
	rest   []byte
	failed bool
}

// take moves n bytes off the front; it fails for n below 0.
func (s *scan) take(n int) []byte {
	if s.failed = s.failed || n < 0; s.failed {
		return nil
	}
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

// has takes what is written so, if it is next.
func (s *scan) has(literal string) bool {
	if s.failed || len(s.rest) < len(literal) || string(s.rest[:len(literal)]) != literal {
		return false
	}
	s.take(len(literal))
	return true
}

func (s *scan) want(literal string) {
	if !s.has(literal) {
		s.failed = true
	}
}

// text takes a string whose opening quote was taken, and its closing quote. It
// fails where there is more to decoding it than to copy it.
func (s *scan) text() []byte {
	text := s.take(bytes.IndexByte(s.rest, '"'))
	for _, c := range text {
		if c < ' ' || c > '~' || c == '\\' {
			s.failed = true
		}
	}
	s.want(`"`)
	return text
}

// quoted takes a string with its quotes.
func (s *scan) quoted() []byte {
	from := s.rest
	s.want(`"`)
	s.text()
	return from[:len(from)-len(s.rest)]
}

// number takes a count of at most 9 digits, from 1 on.
func (s *scan) number() int {
	n, digits := 0, 0
	for digits < len(s.rest) && '0' <= s.rest[digits] && s.rest[digits] <= '9' {
		digits++
	}
	taken := s.take(digits)
	if digits == 0 || digits > 9 || s.failed || taken[0] == '0' {
		s.failed = true
		return 0
	}
	for _, c := range taken {
		n = n*10 + int(c-'0')
	}
	return n
}

// object takes as much as is an object if it is sound JSON.
func (s *scan) object() []byte {
	depth, inText := 0, false
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			inText = !inText
		case inText && c == '\\':
			i++ // whatever it escapes
		case inText:
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
		if depth <= 0 && !inText {
			if s.rest[i] != '}' { // what began is no object
				break
			}
			return s.take(i + 1)
		}
	}
	s.failed = true
	return nil
}
