package identity

import (
	_ "embed"
	"strings"
)

// carriers has the prefixes of mobile numbers, calling code included, with the
// network that each was given to. It is libphonenumber's carrier data
// (Apache-2.0) in English for all countries, written by TestCarriersAreCurrent
// from github.com/nyaruka/phonenumbers; a prefix whose carrier a shorter one
// tells as well is left out.
//
//go:embed carriers.tsv
var carriers string

// longestPrefix is that of the prefixes, in digits.
const longestPrefix = 10

// Carrier is the network, by its name in English, that a mobile number was
// first given to, or "". Where numbers are kept on a change of network, which
// is most countries, the number's owner may have left it since.
func Carrier(e164 string) string {
	digits, ok := strings.CutPrefix(e164, "+")
	if !ok {
		return ""
	}
	for n := min(longestPrefix, len(digits)); n > 1; n-- {
		if name, ok := lookUp(carriers, digits[:n]); ok {
			return name
		}
	}
	return ""
}
