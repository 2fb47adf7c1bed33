package identity

import "errors"

// Fault says why a contact detail is refused or doubted. It never holds the
// detail itself, so that it can be logged, stored and shown.
type Fault struct {
	Detail string // PhoneDetail or EmailDetail
	Reason string // one of the codes below, stable
	// Doubt marks a detail that may be real but looks made up: not to be
	// refused where it is entered, since its owner cannot correct it, yet to be
	// looked at by a person. The value comes along with such a fault.
	Doubt bool
}

// The details that can be at fault.
const (
	PhoneDetail = "phone"
	EmailDetail = "email"
)

// The reasons that phone numbers and e-mail addresses share.
const (
	Empty    = "empty"
	TooLong  = "too long"
	TooShort = "too short" // phone only
)

// The reasons for phone numbers.
const (
	NotANumber       = "not a number"
	NoCountry        = "no country"        // national number, and no country to read it in
	Impossible       = "impossible"        // no such number in the country's plan
	RepeatedDigits   = "repeated digits"   // 0000 0000 and the like
	SequentialDigits = "sequential digits" // 12345678 and the like
	Fake             = "fake"              // another filler pattern, 1212 1212 and the like
)

// The reasons for e-mail addresses.
const (
	NotAnAddress     = "not an address"    // no local part and domain around one @
	BadCharacters    = "bad characters"    // control characters, spaces, line breaks
	BadLocalPart     = "bad local part"    // before the @
	BadDomain        = "bad domain"        // after the @
	QuotedLocalPart  = "quoted local part" // "a b"@… or with a comment: legal, never meant
	DomainIsAddress  = "domain is address" // an IP address instead of a domain
	IncompleteDomain = "incomplete domain" // no top-level domain
)

// Error implements error: a sentence for the person who entered the detail,
// saying what to correct.
func (f *Fault) Error() string {
	if text := sentences[f.Detail][f.Reason]; text != "" {
		return text
	}
	return "This contact detail is not valid."
}

// Is makes errors.Is compare by what is wrong.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && f.Reason == t.Reason && (t.Detail == "" || f.Detail == t.Detail)
}

// Doubtful reports whether err is a doubt rather than a refusal.
func Doubtful(err error) bool {
	var f *Fault
	return errors.As(err, &f) && f.Doubt
}

// ReasonOf returns the code of the fault in err, or "".
func ReasonOf(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.Reason
	}
	return ""
}

func phoneFault(reason string) *Fault { return &Fault{Detail: PhoneDetail, Reason: reason} }
func emailFault(reason string) *Fault { return &Fault{Detail: EmailDetail, Reason: reason} }

var sentences = map[string]map[string]string{
	PhoneDetail: {
		Empty:            "Please enter a phone number.",
		TooLong:          "The phone number has too many digits: please enter one number.",
		TooShort:         "The phone number has too few digits: please include the area code.",
		NotANumber:       "This is not a phone number: please use digits, with a + and the country code if it is from abroad.",
		NoCountry:        "Please begin the phone number with + and the country code.",
		Impossible:       "There is no such phone number: please check the digits and the country code.",
		RepeatedDigits:   "The phone number repeats one digit: please enter the number we can reach you at.",
		SequentialDigits: "The phone number only counts up or down: please enter the number we can reach you at.",
		Fake:             "The phone number looks made up: please enter the number we can reach you at.",
	},
	EmailDetail: {
		Empty:            "Please enter an e-mail address.",
		TooLong:          "The e-mail address is too long: at most 64 characters before the @ and 254 in all.",
		NotAnAddress:     "This is not an e-mail address: it needs a name, an @ and a domain, as in name@example.com.",
		BadCharacters:    "The e-mail address has spaces, line breaks or invisible characters in it: please remove them.",
		BadLocalPart:     "The part of the e-mail address before the @ is not valid: please check dots and special characters.",
		BadDomain:        "The part of the e-mail address after the @ is not a valid domain: please check its spelling.",
		QuotedLocalPart:  "E-mail addresses with quotation marks or comments are not accepted: please enter it plainly.",
		DomainIsAddress:  "The e-mail address needs a domain name after the @, not an IP address.",
		IncompleteDomain: "The domain of the e-mail address is incomplete: please add its ending, such as .com.",
	},
}
