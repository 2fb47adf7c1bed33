package identity

import (
	"log/slog"
	"strings"
)

// Line is the kind of a phone line.
type Line string

// The kinds of phone line.
const (
	Mobile        Line = "mobile"
	Fixed         Line = "fixed"
	FixedOrMobile Line = "fixed_or_mobile" // the plan does not tell, as in North America
	VoIP          Line = "voip"
	TollFree      Line = "toll_free"
	Premium       Line = "premium"
	Other         Line = "other" // shared cost, personal, pager, company-wide, voicemail
)

// maxPhone bounds the text that is looked at, in bytes; libphonenumber's bound.
const maxPhone = 250

// PhoneInput is a phone number as somebody wrote it.
type PhoneInput struct {
	Raw    string
	Region string // ISO 3166 alpha-2 of the writer, by which a national number is read; "" if unknown
}

// LogValue implements slog.LogValuer.
func (PhoneInput) LogValue() slog.Value { return slog.StringValue("[phone]") }

// PhoneNumber is what a phone number really is. Two ways to write the same
// number give the same E164.
type PhoneNumber struct {
	E164   string // +, calling code, national number
	Region string // ISO 3166 alpha-2; "" for a number of no country, such as +800
	Line   Line
}

// LogValue implements slog.LogValuer.
func (PhoneNumber) LogValue() slog.Value { return slog.StringValue("[phone]") }

// Phone reads a phone number: digits of any script, full-width and Chinese
// punctuation, "tel:" URIs, international prefixes, vanity letters; extensions
// and words around the number are dropped, of two numbers the first is taken.
// A number must be one of its country's numbering plan.
//
// The error is a *[Fault]. A number that exists in the plan but looks made up
// is returned with a fault that is [Doubtful].
func Phone(in PhoneInput) (PhoneNumber, error) {
	text, fault := plainPhone(in.Raw)
	if fault != nil {
		return PhoneNumber{}, fault
	}
	text, _ = cutExtension(text)
	home := byRegion(strings.ToUpper(strings.TrimSpace(in.Region)))
	var first *Fault
	for candidate := range candidates(text) {
		n, fault := candidate.resolve(home)
		if fault == nil {
			return n.public(), suspicion(n)
		}
		if first == nil {
			first = fault
		}
	}
	if first == nil {
		first = phoneFault(NotANumber)
	}
	return PhoneNumber{}, first
}

func (n number) public() PhoneNumber {
	p := PhoneNumber{E164: "+" + n.code + n.national, Region: n.region, Line: n.line}
	if p.Region == "001" {
		p.Region = ""
	}
	return p
}

// resolve reads a candidate and refuses what no plan has.
func (d dialled) resolve(home *territory) (number, *Fault) {
	n, fault := d.read(home)
	if fault == nil {
		located, ok := n.locate()
		if ok {
			return located, nil
		}
		fault = phoneFault(n.misfit())
	}
	// Many write 00 wherever they are.
	if rest, ok := strings.CutPrefix(d.digits, "00"); ok && !d.plus {
		if abroad, again := (dialled{rest, true}).resolve(nil); again == nil {
			return abroad, nil
		}
	}
	for _, digits := range []string{n.national, d.digits, strings.TrimLeft(d.digits, "0")} {
		if reason := filler(digits); reason != "" {
			return number{}, phoneFault(reason)
		}
	}
	return number{}, fault
}

// misfit says why a number that was read is in no plan.
func (n number) misfit() string {
	switch n.by.fit(n.national) {
	case fitShort, fitLocal:
		return TooShort
	case fitLong:
		return TooLong
	}
	return Impossible
}

// suspicion doubts a number that the plan has but that is likely made up. Only
// lines that people have are looked at: a hotline may well be 800 000 0000.
func suspicion(n number) error {
	switch n.line {
	case Mobile, Fixed, FixedOrMobile, VoIP:
	default:
		return nil
	}
	if reason := filler(n.national); reason != "" {
		return &Fault{Detail: PhoneDetail, Reason: reason, Doubt: true}
	}
	return nil
}

// filler recognises digits typed to fill a field: one digit repeated up to the
// end, six times or more with at most three others (an operator or area code)
// before it; digits counting up or down; two digits alternating. It returns the
// reason, or "".
func filler(digits string) string {
	const shortest = 6
	n := len(digits)
	if n < shortest {
		return ""
	}
	same, up, down, alternating := 1, true, true, n >= 8
	for i := 1; i < n; i++ {
		step := (digits[i] + 10 - digits[i-1]) % 10
		if step == 0 {
			same++
		} else {
			same = 1
		}
		up = up && step == 1
		down = down && step == 9
		alternating = alternating && (i < 2 || digits[i] == digits[i-2])
	}
	switch {
	case same >= max(shortest, n-3):
		return RepeatedDigits
	case up || down:
		return SequentialDigits
	case alternating:
		return Fake
	}
	return ""
}
