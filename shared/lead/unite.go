package lead

import (
	"maps"
	"slices"
	"time"
)

// Part is a person who was merged into another one, with what that one had before:
// what it takes to go back.
type Part struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"`
	By     Actor     `json:"by"`
	Why    string    `json:"why"`
	Before Before    `json:"before"`
}

// Before is what of a person a merge changed, as it was.
type Before struct {
	Details  map[string]Sealed    `json:"details,omitempty"` // those replaced or filled
	Place    *[2]string           `json:"place,omitempty"`   // city and country
	Given    map[string]time.Time `json:"given,omitempty"`
	OptOut   time.Time            `json:"opt_out,omitzero"`
	Contacts []time.Time          `json:"contacts,omitempty"`
	Alike    []Key                `json:"alike,omitempty"`
	Leads    map[string]string    `json:"leads,omitempty"` // product → the lead before, "" for none
	Took     map[string]string    `json:"took,omitempty"`  // product → the lead since
	Doubts   []Doubt              `json:"doubts,omitempty"`
	Apart    []string             `json:"apart,omitempty"`
}

// Union is what a person takes over from another one: sealed anew for its place.
type Union struct {
	Details  map[string]Sealed // by the rules of survivorship; for the place an empty value
	Consents []Consent         // of the other one
	Alike    []Key             // of the person with these details; nil leaves them
	Leads    map[string]string // product → lead, where that changes
}

// partsMost bounds how many persons can be one. More are no typing errors any more,
// but an address that is everybody's.
const partsMost = 20

// Unite merges b into a, by nobody less than an actor. Of a remains what the union
// does not replace; b stays as it is but for where it went. Both are as they were
// read: their versions are moved on by whoever writes them.
func Unite(a, b Person, u Union, by Actor, why string, at time.Time) (Person, Person, error) {
	switch {
	case a.ID == b.ID:
		return a, b, &Error{Kind: Invalid, Field: "with", Text: "this is the same person: name another one"}
	case a.Into != "" || b.Into != "":
		return a, b, Errorf(Conflict, "one of the two was merged meanwhile: look again")
	case len(a.Parts) >= partsMost:
		return a, b, Errorf(Conflict, "%d persons were merged into this one: what they share is nobody's own", partsMost)
	}
	part := Part{Person: b.ID, At: at, By: by, Why: why, Before: Before{
		Given: a.Given, OptOut: a.OptOut, Contacts: a.Contacts, Alike: a.Alike, Doubts: a.Doubts, Apart: a.Apart,
	}}
	was := a
	a = a.Clone()
	for _, detail := range slices.Sorted(maps.Keys(u.Details)) {
		if field := a.Sealed(detail); field != nil {
			part.Before.Details = with(part.Before.Details, detail, *field)
			*field = u.Details[detail]
		} else {
			part.Before.Place = &[2]string{a.City, a.Country}
			a.City, a.Country = b.City, b.Country
		}
		if since := b.Since(detail); !since.Equal(a.Since(detail)) {
			a.Gave(detail, since)
		}
	}
	for _, c := range u.Consents {
		c.From = b.ID
		a.Consents = append(a.Consents, c)
	}
	a.Contacts = joined(a.Contacts, b.Contacts)
	a.OptOut = first(a.OptOut, b.OptOut)
	if u.Alike != nil {
		a.Alike = u.Alike
	}
	for _, product := range slices.Sorted(maps.Keys(u.Leads)) {
		part.Before.Leads = with(part.Before.Leads, product, was.Leads[product])
		part.Before.Took = with(part.Before.Took, product, u.Leads[product])
		a.Leads[product] = u.Leads[product]
	}
	a = a.Settled(b.ID, false)
	a.Apart = apart(a.Apart, slices.DeleteFunc(slices.Clone(b.Apart), func(id string) bool { return id == a.ID }))
	a.Doubts = a.Doubted(slices.DeleteFunc(slices.Clone(b.Doubts), func(d Doubt) bool {
		return slices.ContainsFunc(a.Doubts, func(had Doubt) bool { return had.With == d.With })
	})...)
	a.Parts = append(a.Parts, part)
	b.Into = a.ID
	return a, b, nil
}

// Divide takes the last merge of a person back: a is the person, b the one that was
// merged into it. What came since stays with a, but for what nobody can tell apart:
// contacts made and a wish not to be contacted count for both. Where details came
// since, the keys by which a is found by likeness are to be worked out anew.
func Divide(a, b Person) (Person, Person, error) {
	if len(a.Parts) == 0 || a.Into != "" {
		return a, b, Errorf(Conflict, "nobody was merged into this person, or it was merged itself since: undo that first")
	}
	part := a.Parts[len(a.Parts)-1]
	if part.Person != b.ID || b.Into != a.ID {
		return a, b, Errorf(Conflict, "another merge came after this one: undo that first")
	}
	before := part.Before
	a, b = a.Clone(), b.Clone()
	a.Parts = slices.Delete(a.Parts, len(a.Parts)-1, len(a.Parts))
	if len(a.Parts) == 0 {
		a.Parts = nil
	}
	a.divideDetails(before, b)
	a.Consents = slices.DeleteFunc(a.Consents, func(c Consent) bool { return c.From == b.ID })
	if len(a.Consents) == 0 {
		a.Consents = nil
	}
	since := without(without(a.Contacts, before.Contacts), b.Contacts)
	a.Contacts, b.Contacts = joined(before.Contacts, since), joined(b.Contacts, since)
	if opted := first(before.OptOut, b.OptOut); a.OptOut.Equal(opted) {
		a.OptOut = before.OptOut
	} else if b.OptOut.IsZero() {
		b.OptOut = a.OptOut
	}
	for product, lead := range before.Took {
		if a.Leads[product] != lead { // a later lead has taken its place
			continue
		}
		if was := before.Leads[product]; was != "" {
			a.Leads[product] = was
		} else {
			delete(a.Leads, product)
		}
	}
	a.Alike = before.Alike
	a.divideDoubts(before, b)
	b.Into = ""
	return a, b, nil
}

// divideDetails gives back the details that a merge replaced or filled, but for those
// that came since.
func (p *Person) divideDetails(before Before, other Person) {
	took := func(detail string) bool {
		_, ok := before.Details[detail]
		return ok || detail == DetailPlace && before.Place != nil
	}
	given := maps.Clone(before.Given)
	for _, detail := range Details {
		at, merged := p.Since(detail), Person{Created: p.Created, Given: before.Given}.Since(detail)
		if took(detail) {
			merged = other.Since(detail)
		}
		switch sealed := p.Sealed(detail); {
		case !at.Equal(merged): // it came since
			given = with(given, detail, at)
		case !took(detail):
		case sealed != nil:
			*sealed = before.Details[detail]
		default:
			p.City, p.Country = before.Place[0], before.Place[1]
		}
	}
	p.Given = given
}

// divideDoubts gives back the doubts and decisions that a merge changed, with those
// that came since. A doubt that was decided since stays so.
func (p *Person) divideDoubts(before Before, other Person) {
	known := slices.Concat(before.Apart, other.Apart)
	decided := slices.DeleteFunc(slices.Clone(p.Apart), func(id string) bool { return slices.Contains(known, id) })
	had := slices.Concat(before.Doubts, other.Doubts)
	raised := slices.DeleteFunc(slices.Clone(p.Doubts), func(d Doubt) bool {
		return slices.ContainsFunc(had, func(old Doubt) bool { return old.With == d.With && old.At.Equal(d.At) })
	})
	p.Apart = apart(before.Apart, decided)
	p.Doubts = slices.DeleteFunc(slices.Clone(before.Doubts), func(d Doubt) bool { return slices.Contains(decided, d.With) })
	if p.Doubts = p.Doubted(raised...); len(p.Doubts) == 0 {
		p.Doubts = nil
	}
}

// apart adds persons that one is not to those that are known, the latest last.
func apart(known, more []string) []string {
	all := slices.Clone(known)
	for _, id := range more {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all[max(0, len(all)-apartMost):]
}

// first is the earlier of two moments that may not have been.
func first(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// joined are moments of both, ascending.
func joined(some, more []time.Time) []time.Time {
	all := append(slices.Clone(some), more...)
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// without takes moments out of others, each once.
func without(from, some []time.Time) []time.Time {
	left := slices.Clone(from)
	for _, at := range some {
		if i := slices.IndexFunc(left, at.Equal); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return left
}

// with adds an entry to a map that may not be there yet and that others share.
func with[K comparable, V any](m map[K]V, key K, value V) map[K]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[K]V{}
	}
	m[key] = value
	return m
}
