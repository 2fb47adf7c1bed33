package policy

import (
	"cmp"
	"time"

	"sluice/shared/lead"
	"sluice/shared/match"
)

// Cleanse is what happens to enquiries before anybody sees them.
type Cleanse struct {
	Team          string              `json:"team,omitempty"`          // whose dispatcher verifies leads from lists and decides doubts; the fallback team
	Disposable    Handling            `json:"disposable,omitempty"`    // of addresses made for a few minutes; drop
	Undeliverable Handling            `json:"undeliverable,omitempty"` // of addresses that nobody reads; drop
	Role          Handling            `json:"role,omitempty"`          // of an office's addresses, such as info@; accept
	Names         Handling            `json:"names,omitempty"`         // of names that are none, such as asdf; drop
	Merge         *float64            `json:"merge,omitempty"`         // probability from which an enquiry is a known person's by itself; 0.999
	Review        *float64            `json:"review,omitempty"`        // probability from which somebody decides; 0.5
	Survive       map[string]Survival `json:"survive,omitempty"`       // contact detail → which of two merged persons' is kept; name and company longest, the others newest
}

// Handling is what is done with a contact detail that is likely of no use.
type Handling string

// The handlings.
const (
	Accept     Handling = "accept"
	Drop       Handling = "drop"       // left out where another detail serves, else quarantined
	Quarantine Handling = "quarantine" // whatever else there is
)

// Handlings lists the handlings.
var Handlings = []Handling{Accept, Drop, Quarantine}

// Survival is which of two values is kept when persons are merged. An empty one
// never is.
type Survival string

// The rules of survivorship.
const (
	Oldest  Survival = "oldest"  // that came first
	Newest  Survival = "newest"  // that came last
	Longest Survival = "longest" // that says most; of two alike the one that came first
)

// Survivals lists the rules of survivorship.
var Survivals = []Survival{Oldest, Newest, Longest}

// Enricher is a service outside that tells facts.
type Enricher struct {
	ID       string            `json:"id"`
	URL      string            `json:"url"`                // https, of a public host; asked by POST
	Send     []string          `json:"send,omitempty"`     // what it is told: domain, company, country, city, email, phone; domain
	Facts    map[string]string `json:"facts"`              // fact → where it stands in the answer, as a JSON pointer
	Timeout  *Duration         `json:"timeout,omitempty"`  // 3s, at most 10s
	Daily    *int              `json:"daily,omitempty"`    // calls a day, by UTC; 1000
	Failures *int              `json:"failures,omitempty"` // in a row until it is left in peace; 5
	Pause    *Duration         `json:"pause,omitempty"`    // for so long; 5m
}

// Enrichment is an enricher with its defaults.
type Enrichment struct {
	ID, URL  string
	Send     []string
	Facts    map[string]string
	Timeout  time.Duration
	Daily    int
	Failures int
	Pause    time.Duration
}

// Cleansing is the document's cleansing with its defaults.
type Cleansing struct {
	Team                                   string
	Disposable, Undeliverable, Role, Names Handling
	Merge, Review                          float64
	survive                                map[string]Survival
}

// Cleansing says what happens to enquiries before anybody sees them.
func (p *Directory) Cleansing() Cleansing {
	c := p.doc.Cleanse
	return Cleansing{
		Team:       cmp.Or(c.Team, p.doc.Routing.Fallback),
		Disposable: cmp.Or(c.Disposable, Drop), Undeliverable: cmp.Or(c.Undeliverable, Drop),
		Role: cmp.Or(c.Role, Accept), Names: cmp.Or(c.Names, Drop),
		Merge: or(c.Merge, match.DefaultMerge), Review: or(c.Review, reviewDefault),
		survive: c.Survive,
	}
}

// reviewDefault is from when on a person looks at an enquiry beside a known person.
const reviewDefault = 0.5

// Survive says which of two values of a contact detail is kept.
func (c Cleansing) Survive(detail string) Survival {
	if s, ok := c.survive[detail]; ok {
		return s
	}
	if detail == lead.DetailName || detail == lead.DetailCompany {
		return Longest
	}
	return Newest
}

// Enricher returns a service by its id.
func (p *Directory) Enricher(id string) (Enrichment, bool) {
	e, ok := find(p.doc.Enrichers, func(e Enricher) bool { return e.ID == id })
	if !ok {
		return Enrichment{}, false
	}
	return e.enrichment(), true
}

// Enrichers lists the services that can tell one of the facts that are not known.
func (p *Directory) Enrichers(f lead.Facts) []Enrichment {
	var able []Enrichment
	for _, e := range p.doc.Enrichers {
		if all := e.enrichment(); all.Tells(f) {
			able = append(able, all)
		}
	}
	return able
}

// Tells reports whether the service can tell one of the facts that are not known.
func (e Enrichment) Tells(f lead.Facts) bool {
	for fact := range e.Facts {
		if f.Lacks(fact) {
			return true
		}
	}
	return false
}

func (e Enricher) enrichment() Enrichment {
	all := Enrichment{ID: e.ID, URL: e.URL, Send: e.Send, Facts: e.Facts,
		Timeout: time.Duration(or(e.Timeout, Duration(3*time.Second))), Daily: or(e.Daily, 1000),
		Failures: or(e.Failures, 5), Pause: time.Duration(or(e.Pause, Duration(5*time.Minute)))}
	if len(all.Send) == 0 {
		all.Send = []string{SendDomain}
	}
	return all
}

// What an enricher can be told.
const (
	SendDomain  = "domain" // of the company's e-mail
	SendCompany = "company"
	SendCountry = "country"
	SendCity    = "city"
	SendEmail   = "email"
	SendPhone   = "phone"
)

// Sends lists what an enricher can be told.
var Sends = []string{SendDomain, SendCompany, SendCountry, SendCity, SendEmail, SendPhone}
