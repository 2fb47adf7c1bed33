package form

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"unicode"

	"sluice/shared/identity"
	"sluice/shared/lead"
)

// ThankYouField is the field by which a post asks for its thank-you page.
const ThankYouField = "thank_you"

// Problem is what is wrong with one field of a post. Neither text holds the
// value.
type Problem struct {
	Field   string `json:"field"`   // as configured
	Reason  string `json:"reason"`  // a stable code
	Message string `json:"message"` // a sentence for the person, in English
}

// Contact is who the post is from. Names are tidy; phone and e-mail are as they
// were written, and one of the two may be nonsense while the other serves.
type Contact struct {
	Name    string // the full name, made of the two others where it was not asked for
	Given   string
	Family  string
	Phone   string
	Email   string
	Company string
	Country string // ISO 3166 alpha-2
	City    string

	Industry  string // of the company
	Headcount string
}

// LogValue implements slog.LogValuer.
func (Contact) LogValue() slog.Value { return slog.StringValue("[contact]") }

// Clean is a post that was held against its form.
type Clean struct {
	Contact Contact
	// Answers are what rules may see: float64, bool, string, or []string for
	// several choices.
	Answers map[string]any
	// Private are answers that are kept encrypted: sensitive ones, messages, and
	// fields that the form does not know, the last under their own names as string
	// or []string. Scoring sees them on arrival, routing never.
	Private     map[string]any
	Consents    []Consent
	Attribution lead.Attribution
	Referral    string // code of a recommendation, as it was given
	ThankYou    string // the page asked for, not checked: see ThankYouURL
}

// LogValue implements slog.LogValuer.
func (Clean) LogValue() slog.Value { return slog.StringValue("[post]") }

// Validate holds a post against the form and reports every problem at once, in
// the order of the fields.
//
// A required phone number or e-mail address must be one (package identity says
// what is); an optional one that is not is let pass as long as another contact
// detail is good, since a lead with one good detail is worth having. A detail
// that is only in doubt is no problem here. Without a region a national phone
// number cannot be judged, and is let pass.
func (s Spec) Validate(values Values) (Clean, []Problem) {
	c := check{spec: s, values: values, clean: Clean{Answers: map[string]any{}, Private: map[string]any{}}}
	c.region = s.Region
	for _, f := range s.Fields {
		if code := strings.ToUpper(oneLine(values.First(f.Name))); f.Kind == CountryKind && isCountry(code) {
			c.region = code
		}
	}
	for i, f := range s.Fields {
		c.order = i
		c.field(f)
	}
	c.groups()
	c.rest()
	slices.SortStableFunc(c.problems, func(a, b placed) int { return a.order - b.order })
	var problems []Problem
	for _, p := range c.problems {
		problems = append(problems, p.Problem)
	}
	return c.clean, problems
}

// check is one validation under way.
type check struct {
	spec     Spec
	values   Values
	region   string
	clean    Clean
	order    int // of the field being read
	problems []placed
	reach    int      // contact details that are good
	bad      []placed // optional contact details that are not
}

type placed struct {
	Problem
	order int
}

func (c *check) problem(f Field, reason, message string) {
	c.problems = append(c.problems, placed{Problem{f.Name, reason, message}, c.order})
}

// field reads one configured field into its place.
func (c *check) field(f Field) {
	given := c.given(f)
	if len(given) == 0 {
		switch {
		case f.Kind == ConsentKind && f.Required:
			c.problem(f, ReasonNotAccepted, fmt.Sprintf("Please accept: %s.", f.label()))
		case f.Required:
			c.problem(f, ReasonMissing, fmt.Sprintf("Please fill in %s.", f.label()))
		}
		return
	}
	for _, value := range given {
		if n := len([]rune(value)); n > f.max() {
			c.problem(f, ReasonTooLong, fmt.Sprintf("%s is too long: please use at most %d characters.", f.label(), f.max()))
			return
		}
	}
	if f.Kind == ChoiceKind {
		c.choice(f, given)
		return
	}
	value := given[0]
	if f.Kind == BooleanKind || f.Kind == ConsentKind {
		value = given[len(given)-1] // after a hidden field for the open box
	} else if len(slices.Compact(slices.Clone(given))) > 1 {
		c.problem(f, ReasonSeveral, fmt.Sprintf("Please give one value for %s.", f.label()))
		return
	}
	c.value(f, value)
}

// given returns the values of a field that are not blank, on one line unless
// the field is a message.
func (c *check) given(f Field) []string {
	tidy := oneLine
	if f.Kind == MessageKind {
		tidy = func(v string) string { return strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")) }
	}
	var given []string
	for _, raw := range c.values[f.Name] {
		if v := tidy(raw); v != "" {
			given = append(given, v)
		}
	}
	return given
}

// oneLine puts a value on one line: white space of any kind becomes single
// spaces, invisible characters go but those that join letters and pictures.
func oneLine(value string) string {
	value = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200c', r == '\u200d':
			return r
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, value)
	return strings.Join(strings.Fields(value), " ")
}

// groups holds the post against any_of. A contact detail counts only if it is
// good; where one was given that is not, that is the problem.
func (c *check) groups() {
	for _, group := range c.spec.AnyOf {
		var labels []string
		met := false
		for _, name := range group {
			f, _ := c.spec.field(name)
			labels = append(labels, f.label())
			met = met || len(c.given(f)) > 0 && !c.isBad(name)
		}
		switch {
		case met || len(group) == 0:
		case slices.ContainsFunc(group, c.isBad):
			c.weak(func(p placed) bool { return slices.Contains(group, p.Field) })
		default:
			at := slices.IndexFunc(c.spec.Fields, func(f Field) bool { return f.Name == group[0] })
			c.problems = append(c.problems, placed{Problem{group[0], ReasonOneOf,
				fmt.Sprintf("Please fill in %s.", strings.Join(labels, " or "))}, at})
		}
	}
	if c.reach == 0 {
		c.weak(func(placed) bool { return true })
	}
}

func (c *check) isBad(name string) bool {
	return slices.ContainsFunc(c.bad, func(p placed) bool { return p.Field == name })
}

// weak reports optional contact details that are nonsense, each once.
func (c *check) weak(which func(placed) bool) {
	for _, p := range c.bad {
		if which(p) && !slices.Contains(c.problems, p) {
			c.problems = append(c.problems, p)
		}
	}
}

// rest reads what is not a field of the form: consent, attribution, and fields
// that somebody added to a page without telling.
func (c *check) rest() {
	if t := c.spec.Consent; t != nil && t.Basis != BasisConsent &&
		!slices.ContainsFunc(c.spec.Fields, func(f Field) bool { return f.Kind == ConsentKind }) {
		c.clean.Consents = append(c.clean.Consents, *t) // rests on another basis than an act
	}
	if k := &c.clean.Contact; k.Name == "" {
		k.Name = fullName(k.Given, k.Family)
	}
	c.clean.ThankYou = strings.TrimSpace(c.values.First(ThankYouField))
	c.clean.Attribution = attribution(c.values)
	for _, name := range slices.Sorted(maps.Keys(c.values)) {
		if _, known := c.spec.field(name); known || name == ThankYouField || isAttribution(name) {
			continue
		}
		if all := c.given(Field{Name: name, Kind: MessageKind}); len(all) == 1 {
			c.clean.Private[name] = all[0]
		} else if len(all) > 1 {
			c.clean.Private[name] = all
		}
	}
}

// fullName joins the parts in the order in which their script writes them.
func fullName(given, family string) string {
	if strings.ContainsFunc(given+family, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hangul) }) {
		return identity.Name(family + given)
	}
	return identity.Name(given + " " + family)
}
