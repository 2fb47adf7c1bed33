package app

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"sluice/shared/lead"
)

// Bounds of what people write, in characters.
const (
	noteMax   = 2000 // notes, summaries: sealed
	reasonMax = 80   // reasons: kept in the clear, for counting
)

func sameFold(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// field is a text that somebody wrote into a field.
type field struct{ name, text string }

// note checks a free text that is going to be sealed.
func (f field) note() (string, error) {
	return f.clean(noteMax, func(r rune) bool { return r == '\n' || r == '\t' })
}

// line checks a text of one line.
func (f field) line(limit int) (string, error) {
	return f.clean(limit, func(rune) bool { return false })
}

// reason checks a reason. Reasons are kept in the clear and counted, so that
// what may name a person is refused: an @, or a run of five digits.
func (f field) reason() (string, error) {
	text, err := f.line(reasonMax)
	if err != nil {
		return "", err
	}
	digits := 0
	for _, r := range text {
		switch {
		case r == '@':
			digits = 5
		case unicode.IsDigit(r):
			digits++
		case r != ' ' && r != '-' && r != '/':
			digits = 0
		}
		if digits >= 5 {
			return "", f.invalid("a reason is kept in the clear: leave names, numbers and addresses to the note")
		}
	}
	return text, nil
}

func (f field) clean(limit int, allowed func(rune) bool) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(f.text, "\r\n", "\n"))
	if !utf8.ValidString(text) {
		return "", f.invalid("the text is not valid UTF-8")
	}
	for _, r := range text {
		// Control characters and the marks that turn the direction of text.
		if (unicode.IsControl(r) && !allowed(r)) || unicode.Is(unicode.Bidi_Control, r) {
			return "", f.invalid("the text holds a control character")
		}
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return "", f.invalid("the text has %d characters: %d are allowed", n, limit)
	}
	return text, nil
}

func (f field) invalid(format string, args ...any) error {
	return &lead.Error{Kind: lead.Invalid, Field: f.name, Text: fmt.Sprintf(format, args...)}
}

// mask hides contact data of a lead that nobody has claimed yet: enough stays to
// tell two leads apart, not enough to reach anybody.
func mask(c lead.Contact) lead.Contact {
	return lead.Contact{Name: maskWords(c.Name), Phone: maskPhone(c.Phone), Email: maskEmail(c.Email), Company: maskWords(c.Company)}
}

// hidden stands for what is masked; its length tells nothing.
const hidden = "•••"

// maskWords keeps the first character of each word.
func maskWords(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = w[:firstRune(w)] + hidden
	}
	return strings.Join(words, " ")
}

// maskPhone keeps the plus with two digits and the last two.
func maskPhone(phone string) string {
	if len(phone) < 8 {
		return maskWords(phone)
	}
	return phone[:3] + " " + hidden + " " + phone[len(phone)-2:]
}

// maskEmail keeps the first character of both sides and the top-level domain.
func maskEmail(email string) string {
	local, domain, _ := strings.Cut(email, "@")
	if domain == "" {
		return maskWords(email)
	}
	masked := maskWords(local) + "@" + maskWords(domain)
	if dot := strings.LastIndexByte(domain, '.'); dot > 0 {
		masked += domain[dot:]
	}
	return masked
}

func firstRune(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
