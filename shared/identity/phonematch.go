package identity

// PhoneMatch is how far two ways to write phone numbers are one number.
type PhoneMatch string

// The degrees of match are libphonenumber's.
const (
	ExactMatch    PhoneMatch = "EXACT_MATCH"     // calling code, number and extension
	NationalMatch PhoneMatch = "NSN_MATCH"       // national numbers, one without its calling code
	ShortMatch    PhoneMatch = "SHORT_NSN_MATCH" // one number ends in the other
	NoMatch       PhoneMatch = "NO_MATCH"
	NoPhoneNumber PhoneMatch = "NOT_A_NUMBER" // one of them is no number
)

// SamePhone compares two numbers.
func SamePhone(a, b PhoneInput) PhoneMatch { return NoMatch }

// Carrier is the network that a mobile number was first given out by, in
// English, or "".
func Carrier(e164 string) string { return "" }
