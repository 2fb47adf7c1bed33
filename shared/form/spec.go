package form

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Kind says what a field holds and so how its value is read.
type Kind string

// The kinds of field. Names, phone, e-mail, company, country and city make the
// [Contact]; consent makes a [Consent]; a message is always private; the others
// are answers, private if the field is sensitive.
const (
	Text        Kind = "text"   // one line
	NameKind    Kind = "name"   // a person's full name
	GivenKind   Kind = "given"  // first name
	FamilyKind  Kind = "family" // last name
	PhoneKind   Kind = "phone"
	EmailKind   Kind = "email"
	CompanyKind Kind = "company"
	NumberKind  Kind = "number"
	ChoiceKind  Kind = "choice" // one or more of Choices
	BooleanKind Kind = "boolean"
	ConsentKind Kind = "consent" // accepts the form's consent text
	CountryKind Kind = "country" // ISO 3166 alpha-2
	CityKind    Kind = "city"
	// Of the person's company; what one of its people says is known of the others.
	IndustryKind  Kind = "industry"
	HeadcountKind Kind = "headcount" // a band, such as 11-50
	MessageKind   Kind = "message"   // several lines
	HiddenKind    Kind = "hidden"    // set by the page, one line
	// ReferralKind is the code of a recommendation, set by the page from its
	// address: the id of the lead of whoever recommends us.
	ReferralKind Kind = "referral"
)

// Unseen reports whether a page carries the field without showing it.
func (f Field) Unseen() bool { return f.Kind == HiddenKind || f.Kind == ReferralKind }

var kinds = []Kind{
	Text, NameKind, GivenKind, FamilyKind, PhoneKind, EmailKind, CompanyKind, NumberKind,
	ChoiceKind, BooleanKind, ConsentKind, CountryKind, CityKind, IndustryKind, HeadcountKind, MessageKind, HiddenKind, ReferralKind,
}

// Spec is a form as configured; the policy holds it under its id.
type Spec struct {
	ID       string  `json:"id"`
	Name     string  `json:"name,omitempty"` // heading of the hosted page
	Product  string  `json:"product"`
	Campaign string  `json:"campaign,omitempty"`
	Channel  string  `json:"channel,omitempty"`
	Language string  `json:"language,omitempty"` // BCP 47
	Region   string  `json:"region,omitempty"`   // ISO 3166 alpha-2, of phone numbers without a country code
	Fields   []Field `json:"fields"`
	// AnyOf lists groups of field names; at least one of each group must be
	// filled in, such as phone or e-mail.
	AnyOf   [][]string `json:"any_of,omitempty"`
	Consent *Consent   `json:"consent,omitempty"`
	// Origins are the sites whose pages may post by script: scheme://host[:port],
	// with *. for any subdomain, or * alone for every site.
	Origins []string `json:"origins,omitempty"`
	// ThankYou is the page shown after a post; empty for the built-in one. A post
	// may ask for another on one of ThankYouHosts (*. for any subdomain).
	ThankYou      string   `json:"thank_you,omitempty"`
	ThankYouHosts []string `json:"thank_you_hosts,omitempty"`
	// Unverified marks what comes from a list, not from the person: bought, swapped
	// or collected. The cleansing team confirms it before it is routed.
	Unverified bool `json:"unverified,omitempty"`
	// Closed forms take no new posts. Validate does not look at it, so that what
	// came before can still be replayed.
	Closed bool `json:"closed,omitempty"`
}

// Field is one field of a form.
type Field struct {
	Name      string   `json:"name"`
	Label     string   `json:"label,omitempty"`
	Kind      Kind     `json:"kind"`
	Required  bool     `json:"required,omitempty"`
	Sensitive bool     `json:"sensitive,omitempty"` // encrypted; scoring sees it on arrival, routing never
	Max       int      `json:"max,omitempty"`       // runes; 500 by default, 4000 for a message
	Choices   []string `json:"choices,omitempty"`
}

// Consent is a permission as the form words it.
type Consent struct {
	Text    string `json:"text"`
	Version string `json:"version"`
	Purpose string `json:"purpose"`
	Basis   string `json:"basis"` // legal basis: consent, contract, legitimate_interest…
}

// BasisConsent is the legal basis that needs the person's own act.
const BasisConsent = "consent"

func (f Field) max() int {
	switch {
	case f.Max > 0:
		return f.Max
	case f.Kind == MessageKind:
		return 4000
	}
	return 500
}

// label is what a person calls the field.
func (f Field) label() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

func (s Spec) field(name string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// Check reports every fault of a form's configuration; Field is the path to
// what is at fault, such as fields[2].kind.
func (s Spec) Check() []Problem {
	var found []Problem
	add := func(path, reason, format string, args ...any) {
		found = append(found, Problem{Field: path, Reason: reason, Message: fmt.Sprintf(format, args...)})
	}
	if s.ID == "" || strings.Trim(s.ID, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		add("id", "bad id", "give an id of lower-case letters, digits, - and _")
	}
	if s.Region != "" && !isCountry(s.Region) {
		add("region", ReasonNoCountry, "give an ISO 3166 code of two capital letters, such as CN")
	}
	seen, kept, reachable, consents := map[string]bool{}, map[Kind]bool{}, false, false
	for i, f := range s.Fields {
		at := fmt.Sprintf("fields[%d]", i)
		switch {
		case f.Name == "" || len(f.Name) > defaultName || strings.ContainsFunc(f.Name, isControl):
			add(at+".name", "bad name", "give a name of at most %d bytes", defaultName)
		case f.Name == ThankYouField:
			add(at+".name", "bad name", "%s is the field by which a post asks for its thank-you page", ThankYouField)
		case seen[f.Name]:
			add(at+".name", "duplicate name", "another field has this name")
		}
		seen[f.Name] = true
		if !slices.Contains(kinds, f.Kind) {
			add(at+".kind", "unknown kind", "use one of %v", kinds)
		}
		if f.Kind == ChoiceKind && len(f.Choices) == 0 {
			add(at+".choices", ReasonMissing, "list the choices")
		}
		if f.Max < 0 || f.Max > defaultValue {
			add(at+".max", "out of range", "give at most %d", defaultValue)
		}
		if f.Kind == IndustryKind || f.Kind == HeadcountKind {
			if kept[f.Kind] {
				add(at+".kind", "duplicate kind", "another field holds the company's %s: one is kept", f.Kind)
			}
			if f.Sensitive {
				add(at+".sensitive", "not sensitive", "what is known of a company is a fact that rules see: leave this out, or ask it as a text")
			}
		}
		kept[f.Kind] = true
		reachable = reachable || f.Kind == PhoneKind || f.Kind == EmailKind
		consents = consents || f.Kind == ConsentKind
	}
	if !reachable {
		add("fields", "no contact detail", "a form needs a field of kind phone or email")
	}
	if consents && s.Consent == nil {
		add("consent", ReasonMissing, "a field of kind consent needs the text that it accepts")
	}
	for i, group := range s.AnyOf {
		for j, name := range group {
			if _, ok := s.field(name); !ok {
				add(fmt.Sprintf("any_of[%d][%d]", i, j), "unknown field", "the form has no such field")
			}
		}
	}
	s.checkAddresses(add)
	return found
}

func (s Spec) checkAddresses(add func(path, reason, format string, args ...any)) {
	for i, o := range s.Origins {
		if o != "*" && !isOriginPattern(o) {
			add(fmt.Sprintf("origins[%d]", i), "bad origin", "write it as https://www.example.com, without a path")
		}
	}
	for i, h := range s.ThankYouHosts {
		if !isHostPattern(h) {
			add(fmt.Sprintf("thank_you_hosts[%d]", i), "bad host", "write it as www.example.com or *.example.com")
		}
	}
	if s.ThankYou != "" {
		if _, ok := safeURL(s.ThankYou); !ok {
			add("thank_you", "bad URL", "give an https URL")
		}
	}
}

func isOriginPattern(o string) bool {
	scheme, rest, _ := strings.Cut(strings.ToLower(o), "://")
	host, _, _ := strings.Cut(rest, ":")
	u, err := url.Parse(scheme + "://" + strings.TrimPrefix(rest, "*."))
	return err == nil && (scheme == "https" || scheme == "http") && isHostPattern(host) &&
		u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

func isCountry(code string) bool {
	return len(code) == 2 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
