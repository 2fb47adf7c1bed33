package identity

import "strings"

// PhoneMatch is how far two ways to write phone numbers are one number.
type PhoneMatch string

// The degrees of match are libphonenumber's.
const (
	ExactMatch    PhoneMatch = "EXACT_MATCH"     // calling code, national number and extension are the same
	NationalMatch PhoneMatch = "NSN_MATCH"       // the same, but one or both came without a calling code
	ShortMatch    PhoneMatch = "SHORT_NSN_MATCH" // one ends in the other, or only one has an extension
	NoMatch       PhoneMatch = "NO_MATCH"
	NotNumbers    PhoneMatch = "NOT_A_NUMBER" // one or both are no numbers
)

// SamePhone compares two phone numbers as libphonenumber's isNumberMatch does.
// A number without a calling code is read in its writer's region, else in the
// other number's, else as it stands. Whether the numbers exist is not asked.
func SamePhone(a, b PhoneInput) PhoneMatch {
	first, faultA := parsePhone(a)
	second, faultB := parsePhone(b)
	switch {
	case faultA != "" && faultA != NoCountry || faultB != "" && faultB != NoCountry:
		return NotNumbers
	case faultA == "" && faultB == "":
		return first.match(second)
	case faultA == "":
		return first.matchNational(b)
	case faultB == "":
		return second.matchNational(a)
	}
	return first.match(second)
}

// lineNumber is a number as it is compared. The code is "" where it is unknown.
type lineNumber struct{ code, national, extension string }

// parsePhone reads a number without asking whether it exists. With the fault
// [NoCountry] comes the national number as it was dialled.
func parsePhone(in PhoneInput) (n lineNumber, reason string) {
	text, fault := plainPhone(in.Raw)
	if fault != nil {
		return lineNumber{}, fault.Reason
	}
	text, n.extension = cutExtension(text)
	home := byRegion(strings.ToUpper(strings.TrimSpace(in.Region)))
	reason = NotANumber
	for candidate := range candidates(text) {
		read, fault := candidate.read(home)
		if abroad, ok := candidate.fromAnywhere(read); ok {
			read, fault = abroad, nil
		}
		switch {
		case fault == nil:
			n.code, n.national = read.code, read.national
			return n, ""
		case fault.Reason == NoCountry && len(candidate.digits) <= maxNational:
			n.national = candidate.digits
			return n, NoCountry
		}
		reason = fault.Reason
	}
	return lineNumber{}, reason
}

// fromAnywhere reads a number with 00 before it as international where that is
// none at home, as [Phone] does.
func (d dialled) fromAnywhere(atHome number) (number, bool) {
	rest, ok := strings.CutPrefix(d.digits, "00")
	if !ok || d.plus {
		return number{}, false
	}
	if _, real := atHome.locate(); real {
		return number{}, false
	}
	abroad, fault := dialled{rest, true}.resolve(nil)
	return abroad, fault == nil
}

// matchNational compares with a number that has no calling code, read as
// somebody would dial it who is where the first one is.
func (n lineNumber) matchNational(in PhoneInput) PhoneMatch {
	in.Region = mainTerritory(&territory{colCode: n.code})[colRegion]
	other, reason := parsePhone(in)
	switch {
	case reason == NoCountry: // a code of no country
		n.code = ""
	case reason != "":
		return NotNumbers
	}
	if match := n.match(other); match != ExactMatch {
		return match
	}
	return NationalMatch
}

func (n lineNumber) match(other lineNumber) PhoneMatch {
	switch known := n.code != "" && other.code != ""; {
	case n.extension != "" && other.extension != "" && n.extension != other.extension:
		return NoMatch
	case known && n.code != other.code:
		return NoMatch
	case known && n == other:
		return ExactMatch
	case !known && n.national == other.national && n.extension == other.extension:
		return NationalMatch
	case n.endsLike(other):
		return ShortMatch
	}
	return NoMatch
}

// endsLike reports whether one national number ends in the other, zeros before
// them aside.
func (n lineNumber) endsLike(other lineNumber) bool {
	a, b := strings.TrimLeft(n.national, "0"), strings.TrimLeft(other.national, "0")
	return strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
}
