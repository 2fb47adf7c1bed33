package lead

import (
	"maps"
	"slices"
	"time"
)

// Person is a human. Contact data is sealed field by field.
type Person struct {
	ID       string            `json:"id"`
	Version  int               `json:"v"`
	Name     Sealed            `json:"name,omitempty"`
	Phone    Sealed            `json:"phone,omitempty"` // E.164
	Email    Sealed            `json:"email,omitempty"`
	Company  Sealed            `json:"company,omitempty"`
	City     string            `json:"city,omitempty"`
	Country  string            `json:"country,omitempty"` // ISO 3166 alpha-2
	Keys     []Key             `json:"keys"`
	Leads    map[string]string `json:"leads"` // product → the one lead that may be open
	Consents []Consent         `json:"consents,omitempty"`
	Created  time.Time         `json:"created"`

	Contacts []time.Time `json:"contacts,omitempty"` // when they were contacted lately, ascending
	OptOut   time.Time   `json:"opt_out,omitzero"`   // since when they are not to be contacted

	// Given are the contact details that came later than the person: when.
	Given map[string]time.Time `json:"given,omitempty"`
	// Alike are at most two keys that people share who may be one: by them those
	// are found who resemble somebody new.
	Alike []Key `json:"alike,omitempty"`

	Into   string   `json:"into,omitempty"`   // the person that this one was merged into
	Parts  []Part   `json:"parts,omitempty"`  // persons merged into this one, the latest last
	Doubts []Doubt  `json:"doubts,omitempty"` // persons that this one may be: for somebody to decide
	Apart  []string `json:"apart,omitempty"`  // persons that this one is not, as somebody decided
}

// The contact details of a person, as they are named in places of sealed values and
// in rules of survivorship.
const (
	DetailName    = "name"
	DetailPhone   = "phone"
	DetailEmail   = "email"
	DetailCompany = "company"
	DetailPlace   = "place" // city and country together
)

// Details lists the contact details.
var Details = []string{DetailName, DetailPhone, DetailEmail, DetailCompany, DetailPlace}

// Sealed is where a person's sealed contact detail is; nil for the place, which is
// in the clear.
func (p *Person) Sealed(detail string) *Sealed {
	switch detail {
	case DetailName:
		return &p.Name
	case DetailPhone:
		return &p.Phone
	case DetailEmail:
		return &p.Email
	case DetailCompany:
		return &p.Company
	}
	return nil
}

// Since is when a contact detail came.
func (p Person) Since(detail string) time.Time {
	if at, later := p.Given[detail]; later {
		return at
	}
	return p.Created
}

// Gave returns the person with a note of when a contact detail came.
func (p *Person) Gave(detail string, at time.Time) {
	given := maps.Clone(p.Given)
	if given == nil {
		given = map[string]time.Time{}
	}
	given[detail] = at
	p.Given = given
}

// OptedOut reports whether the person has opted out themself: not only one who was
// merged into them, of whom they may be parted again.
func (p Person) OptedOut() bool {
	return !p.OptOut.IsZero() && (len(p.Parts) == 0 || p.OptOut.After(p.Parts[len(p.Parts)-1].At))
}

// Doubt is a person that another one may be, with what speaks for it.
type Doubt struct {
	With        string     `json:"with"` // person
	Probability float64    `json:"p"`    // that both are one
	Evidence    []Evidence `json:"why,omitempty"`
	At          time.Time  `json:"at"`
	Submission  string     `json:"sub,omitempty"` // that raised the doubt
}

// Evidence is how one contact detail of two persons compares. It holds no value.
type Evidence struct {
	Detail string  `json:"of"`
	Level  string  `json:"is"`   // such as "exact" or "similar"
	Weight float64 `json:"bits"` // for being one person; below zero against
}

// doubtsMost bounds what a person is compared with at once and what is remembered
// of it; the least likely are forgotten.
const doubtsMost = 8

// Doubted returns the doubts with some more, the likeliest first, one for each
// person. Whom somebody has told apart is not doubted again.
func (p Person) Doubted(more ...Doubt) []Doubt {
	all := slices.Clone(p.Doubts)
	for _, d := range more {
		if d.With == p.ID || slices.Contains(p.Apart, d.With) {
			continue
		}
		all = slices.DeleteFunc(all, func(had Doubt) bool { return had.With == d.With })
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b Doubt) int {
		switch {
		case a.Probability > b.Probability:
			return -1
		case a.Probability < b.Probability:
			return 1
		}
		return 0
	})
	return all[:min(len(all), doubtsMost)]
}

// Settled returns the person without the doubt whether it is another one, which is
// remembered where somebody decided that they are two.
func (p Person) Settled(with string, decided bool) Person {
	p.Doubts = slices.DeleteFunc(slices.Clone(p.Doubts), func(d Doubt) bool { return d.With == with })
	if len(p.Doubts) == 0 {
		p.Doubts = nil
	}
	if decided {
		p.Apart = apart(p.Apart, []string{with})
	}
	return p
}

// apartMost bounds the persons that one is remembered not to be.
const apartMost = 32

// Consent is a person's permission as it was given.
type Consent struct {
	Purpose    string    `json:"purpose"`
	Version    string    `json:"version"` // of the text shown
	Basis      string    `json:"basis"`   // legal basis
	At         time.Time `json:"at"`
	Address    Sealed    `json:"ip,omitempty"` // source address
	Submission string    `json:"sub"`
	From       string    `json:"from,omitempty"` // the person merged into this one with whom it came
}

// Same reports whether two consents give the same permission.
func (c Consent) Same(other Consent) bool {
	return c.Purpose == other.Purpose && c.Version == other.Version && c.Basis == other.Basis
}

// Clone returns a person that shares nothing with p.
func (p Person) Clone() Person {
	p.Keys = slices.Clone(p.Keys)
	p.Leads = maps.Clone(p.Leads)
	p.Consents = slices.Clone(p.Consents)
	p.Contacts = slices.Clone(p.Contacts)
	p.Given = maps.Clone(p.Given)
	p.Alike = slices.Clone(p.Alike)
	p.Parts = slices.Clone(p.Parts)
	p.Doubts = slices.Clone(p.Doubts)
	p.Apart = slices.Clone(p.Apart)
	if p.Leads == nil {
		p.Leads = map[string]string{}
	}
	return p
}
