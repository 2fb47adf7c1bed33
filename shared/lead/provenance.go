package lead

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Provenance is where a fact comes from that the person did not say, and since when it
// is known.
type Provenance struct {
	From string    // phone, domain, company, desk, or an enricher's id; without blanks
	At   time.Time // to the second; zero where it came with the lead
}

// Where facts come from beside enrichers.
const (
	FromPhone   = "phone"   // the number says it
	FromCompany = "company" // known of the same domain
	FromDesk    = "desk"    // the cleansing team completed it
	FromPerson  = "person"  // of a company: one of its people said it
)

// MarshalText implements encoding.TextMarshaler: short, for it is kept with every
// lead. A source with a blank is an error: it could not be read again.
func (o Provenance) MarshalText() ([]byte, error) {
	if strings.Contains(o.From, " ") {
		return nil, fmt.Errorf("write origin of a fact: %q has a blank", o.From)
	}
	if o.At.IsZero() {
		return []byte(o.From), nil
	}
	return []byte(o.From + " " + o.At.UTC().Format(time.RFC3339)), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *Provenance) UnmarshalText(text []byte) error {
	from, at, timed := strings.Cut(string(text), " ")
	*o = Provenance{From: from}
	if !timed {
		return nil
	}
	var err error
	if o.At, err = time.Parse(time.RFC3339, at); err != nil || o.At.UTC().Year() < 0 || o.At.UTC().Year() > 9999 {
		return fmt.Errorf("read origin of a fact: not a source and a time")
	}
	return nil
}

// fillable are the facts that can come from elsewhere, by their names in
// expressions.
var fillable = []struct {
	name string
	of   func(*Facts) *string
}{
	{"country", func(f *Facts) *string { return &f.Country }},
	{"city", func(f *Facts) *string { return &f.City }},
	{"line", func(f *Facts) *string { return &f.Line }},
	{"carrier", func(f *Facts) *string { return &f.Carrier }},
	{"language", func(f *Facts) *string { return &f.Language }},
	{"industry", func(f *Facts) *string { return &f.Industry }},
	{"headcount", func(f *Facts) *string { return &f.Headcount }},
}

// Fillable lists the facts that can be filled from elsewhere.
func Fillable() []string {
	names := make([]string, len(fillable))
	for i, f := range fillable {
		names[i] = f.name
	}
	return names
}

// Fill sets an empty fact by its name in expressions, with where it comes from. It
// reports whether it did: what is known stays, and what cannot be filled is none.
func (f *Facts) Fill(name, value string, from Provenance) bool {
	for _, fact := range fillable {
		if fact.name == name && value != "" && *fact.of(f) == "" {
			*fact.of(f) = value
			f.Origins = with(f.Origins, name, from)
			return true
		}
	}
	return false
}

// Lacks reports whether a fact that can be filled is not known.
func (f *Facts) Lacks(name string) bool {
	return slices.Contains(Fillable(), name) && f.Value(name) == ""
}

// Value is a fact that can be filled, by its name in expressions; "" where it is not
// known.
func (f *Facts) Value(name string) string {
	for _, fact := range fillable {
		if fact.name == name {
			return *fact.of(f)
		}
	}
	return ""
}

// merge lets newer facts fill and replace older ones, and keeps what the newer
// submission does not say. What was only derived never replaces what somebody said.
// The first touch's campaign and channel stay: where the lead came from does not
// change.
func merge(old, add Facts) Facts {
	kept := old
	for _, fact := range fillable {
		value, name := *fact.of(&add), fact.name
		if value == "" {
			continue
		}
		from, derived := add.Origins[name]
		_, was := old.Origins[name]
		switch mine := fact.of(&kept); {
		case derived && *mine != "" && !was:
		case derived:
			*mine = value
			kept.Origins = with(kept.Origins, name, from)
		default:
			*mine = value
			if was {
				kept.Origins = maps.Clone(kept.Origins)
				delete(kept.Origins, name)
			}
		}
	}
	kept.Form = cmp.Or(add.Form, old.Form)
	kept.Campaign = cmp.Or(old.Campaign, add.Campaign)
	kept.Channel = cmp.Or(old.Channel, add.Channel)
	kept.Source = cmp.Or(old.Source, add.Source)
	kept.Referrer = cmp.Or(old.Referrer, add.Referrer)
	kept.Account = cmp.Or(add.Account, old.Account)
	return either(kept, add, add.Answers)
}

// fill lets facts from elsewhere fill what is empty, with where they come from.
func fill(old, add Facts) Facts {
	kept := old
	for _, fact := range fillable {
		value, mine := *fact.of(&add), fact.of(&kept)
		if value == "" || *mine != "" {
			continue
		}
		*mine = value
		if from, derived := add.Origins[fact.name]; derived {
			kept.Origins = with(kept.Origins, fact.name, from)
		}
	}
	kept.Form = cmp.Or(old.Form, add.Form)
	kept.Campaign = cmp.Or(old.Campaign, add.Campaign)
	kept.Channel = cmp.Or(old.Channel, add.Channel)
	kept.Source = cmp.Or(old.Source, add.Source)
	kept.Referrer = cmp.Or(old.Referrer, add.Referrer)
	kept.Account = cmp.Or(old.Account, add.Account)
	return either(kept, add, old.Answers)
}

// unsaid are the facts without those that were only derived and that somebody said
// elsewhere.
func unsaid(derived, said Facts) Facts {
	for _, fact := range fillable {
		_, was := derived.Origins[fact.name]
		if _, is := said.Origins[fact.name]; was && !is && *fact.of(&said) != "" {
			*fact.of(&derived) = ""
			derived.Origins = maps.Clone(derived.Origins)
			delete(derived.Origins, fact.name)
		}
	}
	return derived
}

// either joins what is true once it was true of one, and the answers of both: the
// first to ask, or of which there are, are those of win.
func either(kept, add Facts, win map[string]any) Facts {
	kept.Customer = kept.Customer || add.Customer
	kept.HasPhone = kept.HasPhone || add.HasPhone
	kept.HasEmail = kept.HasEmail || add.HasEmail
	kept.Company = kept.Company || add.Company
	kept.FreeMail = kept.FreeMail || add.FreeMail
	kept.RoleMail = kept.RoleMail || add.RoleMail
	if len(add.Answers) > 0 {
		answers := make(map[string]any, len(kept.Answers)+len(add.Answers))
		maps.Copy(answers, kept.Answers)
		maps.Copy(answers, add.Answers)
		maps.Copy(answers, win)
		kept.Answers = answers
	}
	return kept
}
