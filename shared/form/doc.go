// Package form reads form posts: [Parse] takes a body apart, whatever it is
// encoded as, and [Spec.Validate] holds it against the form as configured. Both
// are pure, bounded in time and memory by the size of the body, and report what
// is wrong by field and stable reason code, never with a value.
package form

// Reasons of faults and problems. They are codes: stable, stored, translated by
// whoever shows them.
const (
	ReasonEmptyBody   = "empty body"
	ReasonTooLarge    = "too large"          // the body
	ReasonTooMany     = "too many fields"    // or parts
	ReasonTooLong     = "too long"           // a name or value
	ReasonMediaType   = "media type"         // none of the three
	ReasonCharset     = "charset"            // not UTF-8
	ReasonEncoding    = "broken encoding"    // percent, multipart or JSON syntax
	ReasonUTF8        = "invalid UTF-8"      // in a name or value
	ReasonControl     = "control characters" // other than line breaks and tabs
	ReasonDuplicate   = "duplicate key"      // in a JSON object
	ReasonNested      = "nested value"       // an object or array inside
	ReasonTrailing    = "trailing data"      // after the JSON value
	ReasonMissing     = "missing"            // required and empty
	ReasonOneOf       = "one of"             // all of a group are empty
	ReasonSeveral     = "several values"     // for a field of one
	ReasonNoNumber    = "not a number"       // kind number
	ReasonNoBoolean   = "not yes or no"      // kinds boolean and consent
	ReasonNoChoice    = "not a choice"       // not in the field's list
	ReasonNoCountry   = "not a country code" // kind country
	ReasonNotAccepted = "not accepted"       // a required consent left open
)
