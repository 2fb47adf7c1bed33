package identity

import (
	"iter"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// plainPhone writes a number in ASCII as far as it goes (digits of any script,
// full-width forms, dashes and spaces of any kind), and cuts off what is not
// the number: words before it, URI parameters. The text that is left begins with
// a plus or a digit; an extension may be at its end.
func plainPhone(raw string) (string, *Fault) {
	switch {
	case len(raw) > maxPhone:
		return "", phoneFault(TooLong)
	case !utf8.ValidString(raw):
		return "", phoneFault(NotANumber)
	}
	text := strings.TrimSpace(strings.Map(plainRune, raw))
	switch {
	case text == "":
		return "", phoneFault(Empty)
	case strings.Contains(text, "@"): // an e-mail address may hold a number
		return "", phoneFault(NotANumber)
	}
	text, ok := joinContext(text)
	if !ok {
		return "", phoneFault(NotANumber)
	}
	start := strings.IndexAny(text, "+0123456789")
	if start < 0 {
		return "", phoneFault(NotANumber)
	}
	text = text[start:]
	text, _, _ = strings.Cut(text, ";isub=")
	return text, nil
}

func plainRune(r rune) rune {
	if d, ok := digitOf(r); ok {
		return rune(d)
	}
	switch {
	case r >= 0xFF01 && r <= 0xFF5E: // full-width ASCII
		r -= 0xFEE0
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0x30FC, r == 0xFE58, r == 0xFE63:
		return '-'
	case r == 0x2053, r == 0x223C:
		return '~'
	case r == '、':
		return ','
	case r == '。':
		return '.'
	case r == '·', r == '・', unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Mn): // copied along from contact lists; accents
		return -1
	case r == 'ó', r == 'Ó':
		return 'o'
	}
	return unicode.ToLower(r)
}

// joinContext puts the phone-context of a "tel:" URI (RFC 3966 §5.1.4) before
// the number. It reports false for a context that is neither a number nor a
// domain.
func joinContext(text string) (string, bool) {
	local, rest, found := strings.Cut(text, ";phone-context=")
	if !found {
		return text, true
	}
	if _, after, ok := strings.Cut(local, "tel:"); ok {
		local = after
	}
	context, _, _ := strings.Cut(rest, ";")
	switch {
	case strings.HasPrefix(context, "+"):
		return context + local, true
	case strings.ContainsFunc(context, unicode.IsLetter):
		return local, true
	}
	return "", false
}

// extensionPattern matches what follows a number to reach somebody behind it, as in
// libphonenumber, and the Chinese words for it. The less certain the mark, the
// fewer digits it may have.
var extensionPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:` +
		`;ext=\d{1,20}` +
		`|[ ,]*(?:e?xt(?:ensio?n?)?n?|доб|anexo|分机号?|转)[:.]?[ ,-]*\d{1,20}#?` +
		`|[ ,]*(?:[x#~]|int)[:.]?[ ,-]*\d{1,9}#?` +
		`|[- ]+\d{1,6}#` +
		`| *(?:,,|;)[:.]?[ ,-]*\d{1,15}#?` +
		`| *,+[:.]?[ ,-]*\d{1,9}#?` +
		`)$`)
})

// cutExtension takes the extension off a number; it is "" or digits.
func cutExtension(text string) (number, extension string) {
	for _, second := range []string{"/x", "/ x", `\x`, `\ x`} { // … x302/x2303
		text, _, _ = strings.Cut(text, second)
	}
	at := extensionPattern().FindStringIndex(text)
	if at != nil && len(digitsIn(text[:at[0]])) > 2 {
		return text[:at[0]], digitsIn(text[at[0]:])
	}
	return text, ""
}

// punctuation is what may stand between the digits of one number.
const punctuation = " -x().[]/~*"

// candidates yields the ways in which a text may be meant, the likeliest first:
// all of it, with letters as on a keypad; what comes before the first word or
// foreign sign; what comes before a sign that separates two numbers.
func candidates(text string) iter.Seq[dialled] {
	return func(yield func(dialled) bool) {
		plus := strings.HasPrefix(text, "+")
		body := strings.TrimLeft(text, "+ ")
		words := strings.IndexFunc(body, func(r rune) bool { return !isPhoneRune(r) })
		if words < 0 {
			words = len(body)
		}
		if words == len(body) {
			if all := digitsIn(body); all != "" && !yield(dialled{all, plus}) {
				return
			}
		} else {
			if vanity := onKeypad(body); vanity != "" && !yield(dialled{vanity, plus}) {
				return
			}
			if before := digitsIn(body[:words]); len(before) > 2 && !yield(dialled{before, plus}) {
				return
			}
		}
		if second := strings.IndexAny(body, "/,;"); second > 0 {
			yield(dialled{digitsIn(body[:second]), plus})
		}
	}
}

func isPhoneRune(r rune) bool {
	return '0' <= r && r <= '9' || strings.ContainsRune(punctuation, r)
}

func digitsIn(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// onKeypad spells a number out that has letters in it: three or more stand for
// the digits on their keys, fewer are slips. It returns "" for text that is no
// number.
func onKeypad(body string) string {
	const keys = "22233344455566677778889999" // ITU-T E.161
	var digits, plain strings.Builder
	letters, lead := 0, 0
	for _, r := range body {
		switch {
		case '0' <= r && r <= '9':
			digits.WriteRune(r)
			plain.WriteRune(r)
			if letters == 0 {
				lead++
			}
		case 'a' <= r && r <= 'z':
			digits.WriteByte(keys[r-'a'])
			letters++
		case !isPhoneRune(r):
			return ""
		}
	}
	switch {
	case lead < 3:
		return ""
	case letters < 3:
		return plain.String()
	}
	return digits.String()
}
