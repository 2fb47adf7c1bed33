package identity

import (
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Limits of an address in bytes: RFC 5321 §4.5.3.1.1, and §4.5.3.1.3 less the
// angle brackets (RFC 3696 erratum 1690).
const (
	maxLocalPart = 64
	maxAddress   = 254
)

// Address is what an e-mail address really is.
type Address struct {
	Full   string // to send to: as written, domain in lower-case ASCII
	Key    string // to compare by: equal for ways to write the same mailbox
	Domain string // lower-case ASCII, internationalised labels as xn--…
}

// LogValue implements slog.LogValuer.
func (Address) LogValue() slog.Value { return slog.StringValue("[e-mail]") }

// Email reads an e-mail address as people write one into a form. The error is
// a *[Fault].
//
// The syntax is RFC 5321's Mailbox with RFC 6531's letters of any script, less
// what the standards allow and nobody means on a form: quoted local parts and
// comments (in practice typing errors or attempts at injection), address
// literals, domains of one label. Spaces around the address are dropped; line
// breaks are refused even there, as they would let a header be forged. Signs
// that a Chinese keyboard makes (＠ ． 。) are read as the ASCII ones.
func Email(raw string) (Address, error) {
	address, fault := readEmail(raw)
	if fault != nil { // not returned as it is: a nil *Fault is no nil error
		return Address{}, fault
	}
	return address, nil
}

func readEmail(raw string) (Address, *Fault) {
	text := strings.TrimFunc(raw, func(r rune) bool {
		return r == '\t' || unicode.In(r, unicode.Zs, unicode.Cf)
	})
	switch {
	case text == "":
		return Address{}, emailFault(Empty)
	case len(text) > 4*maxAddress: // before any work is done on it
		return Address{}, emailFault(TooLong)
	case !utf8.ValidString(text):
		return Address{}, emailFault(BadCharacters)
	}
	text = norm.NFC.String(strings.Map(narrow, text))
	if len(text) > len("mailto:") && strings.EqualFold(text[:len("mailto:")], "mailto:") {
		text = text[len("mailto:"):]
	}
	if fault := refuseShape(text); fault != nil {
		return Address{}, fault
	}
	at := strings.LastIndexByte(text, '@')
	local := text[:at]
	if !dotAtom(local) {
		return Address{}, emailFault(BadLocalPart)
	}
	domain, fault := mailDomain(text[at+1:])
	if fault != nil {
		return Address{}, fault
	}
	full := local + "@" + domain
	lower := norm.NFC.String(strings.ToLower(local))
	if max(len(local), len(lower)) > maxLocalPart || len(full) > maxAddress {
		return Address{}, emailFault(TooLong)
	}
	return Address{Full: full, Key: mailbox{lower, domain}.key(), Domain: domain}, nil
}

// refuseShape finds what is wrong with an address before it is taken apart.
func refuseShape(text string) *Fault {
	at := strings.LastIndexByte(text, '@')
	switch {
	case strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}):
		return emailFault(BadCharacters)
	case strings.ContainsAny(text, `"()`):
		return emailFault(QuotedLocalPart)
	case at <= 0 || at == len(text)-1:
		return emailFault(NotAnAddress)
	case text[at+1] == '[':
		return emailFault(DomainIsAddress)
	}
	return nil
}

// narrow turns full-width ASCII and the ideographic full stops into ASCII.
func narrow(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == '。', r == '｡':
		return '.'
	}
	return r
}

// dotAtom reports whether a local part is RFC 5322's dot-atom, extended by
// RFC 6531 to letters and digits of any script.
func dotAtom(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return false
		}
		for _, r := range atom {
			if r < utf8.RuneSelf {
				if !isAtext(byte(r)) {
					return false
				}
			} else if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
				return false
			}
		}
	}
	return true
}

func isAtext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// domains checks and converts internationalised domain names (UTS #46, as
// browsers do).
func domains() *idna.Profile {
	return idna.New(
		idna.MapForLookup(),
		idna.BidiRule(),
		idna.Transitional(false),
		idna.StrictDomainName(true),
		idna.VerifyDNSLength(true),
	)
}

func mailDomain(written string) (string, *Fault) {
	domain := strings.ToLower(written)
	if strings.Contains(domain, "xn--") || !isHostName(domain) {
		var err error
		if domain, err = domains().ToASCII(written); err != nil || !isHostName(domain) {
			return "", emailFault(BadDomain)
		}
	}
	dot := strings.LastIndexByte(domain, '.')
	top := domain[dot+1:]
	switch {
	case dot < 0:
		return "", emailFault(IncompleteDomain)
	case strings.Trim(domain, "0123456789.") == "":
		return "", emailFault(DomainIsAddress)
	case strings.Trim(top, "0123456789") == "": // no top-level domain is a number
		return "", emailFault(BadDomain)
	}
	return domain, nil
}

// isHostName reports whether a lower-case ASCII domain obeys RFC 1123: labels
// of letters, digits and inner hyphens.
func isHostName(domain string) bool {
	if len(domain) > 253 {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}
