package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
)

// PersonView is a person with all that was merged into them, for the cleansing team;
// ops see them without contact data.
type PersonView struct {
	ID       string       `json:"id"`
	Version  int          `json:"version"`
	Created  time.Time    `json:"created"`
	Into     string       `json:"into,omitempty"`     // the person that this one was merged into
	Details  []Detail     `json:"details"`            // contact details that are known
	OptOut   time.Time    `json:"opt_out,omitzero"`   // since when they are not to be contacted
	Contacts []time.Time  `json:"contacts,omitempty"` // when they were contacted lately, ascending
	Leads    []PersonLead `json:"leads"`              // of the merged persons, too
	Consents []Consent    `json:"consents,omitempty"`
	Parts    []PartView   `json:"parts,omitempty"` // persons merged into this one, the latest first
	Doubts   []DoubtView  `json:"doubts,omitempty"`
	Decides  bool         `json:"decides"` // the user may merge, divide and tell apart
}

// Detail is a contact detail of a person.
type Detail struct {
	Detail string    `json:"detail"`          // name, phone, email, company or place
	Value  string    `json:"value,omitempty"` // absent for those who see no contact data
	Since  time.Time `json:"since"`           // when it came
	From   string    `json:"from,omitempty"`  // the merged person who brought it
}

// PersonLead is a lead as the cleansing team sees it beside its person.
type PersonLead struct {
	ID      string     `json:"id"`
	Number  string     `json:"number"`
	Product string     `json:"product"`
	State   lead.State `json:"state"`
	Grade   lead.Grade `json:"grade,omitempty"`
	Team    string     `json:"team,omitempty"`
	Rep     *Who       `json:"rep,omitempty"`
	Created time.Time  `json:"created"`
	Touches int        `json:"touches"`
	Into    string     `json:"into,omitempty"`   // the lead that goes on with it, once merged
	Person  string     `json:"person,omitempty"` // the merged person whose it was
	Facts   []Fact     `json:"facts,omitempty"`  // that the person did not say
	Visible bool       `json:"visible"`          // the user sees all of it
}

// Fact is a fact that can come from elsewhere than from the person, and who told it.
type Fact struct {
	Name  string    `json:"name"` // as in expressions of the policy
	Value string    `json:"value"`
	From  string    `json:"from,omitempty"` // phone, company, desk, or an enricher's id; absent for the person's own
	At    time.Time `json:"at,omitzero"`    // since when it is known, where it is not the person's own
}

// PartView is a person who was merged into another one.
type PartView struct {
	Person string    `json:"person"`
	Name   string    `json:"name,omitempty"` // absent for those who see no contact data
	At     time.Time `json:"at"`
	By     Who       `json:"by"`
	Why    string    `json:"why,omitempty"`
	Undo   bool      `json:"undo"` // it is the last merge, which the user can take back
}

// DoubtView is two persons who may be one, with what speaks for it. The first is who
// was known first.
type DoubtView struct {
	Person      PersonView `json:"person"`
	With        PersonView `json:"with"`
	Probability float64    `json:"probability"` // that both are one
	Evidence    []Evidence `json:"evidence"`
	At          time.Time  `json:"at"`
	// Later says that an enquiry after both were known raised the doubt: what it said
	// is what was compared.
	Later bool `json:"later,omitempty"`
}

// Evidence is how contact details of two persons compare. It holds no value.
type Evidence struct {
	Details []string `json:"details"`
	Level   string   `json:"level"` // such as "same" or "alike"
	Bits    float64  `json:"bits"`  // for being one person; below zero against
}

// Review is a page of doubts. An empty cursor is the end.
type Review struct {
	Doubts []DoubtView `json:"doubts"`
	Cursor string      `json:"cursor,omitempty"`
}

// value is a contact detail as it is shown, "" where it is not.
func (p PersonView) value(detail string) string {
	for _, d := range p.Details {
		if d.Detail == detail {
			return d.Value
		}
	}
	return ""
}

// personViews shows persons with their details and leads, by id, and logs the look.
func (d *Desk) personViews(ctx context.Context, u viewer, persons []lead.Person) (map[string]PersonView, error) {
	persons = slices.SortedFunc(slices.Values(persons), olderFirst)
	leads, err := d.leadsOf(ctx, persons)
	if err != nil {
		return nil, err
	}
	names, sees := d.names(u.pol), u.sightOfPersons()
	out := make(map[string]PersonView, len(persons))
	var ids []string
	for _, p := range persons {
		view := PersonView{ID: p.ID, Version: p.Version, Created: p.Created, Into: p.Into, OptOut: p.OptOut, Contacts: p.Contacts,
			Leads: []PersonLead{}, Decides: u.cleansing() != ""}
		if view.Details, err = d.details(ctx, p, sees); err != nil {
			return nil, err
		}
		for _, l := range leads[p.ID] {
			view.Leads = append(view.Leads, u.personLead(ctx, names, p, l))
		}
		out[p.ID] = view
		ids = append(ids, p.ID)
	}
	if len(ids) > 0 && sees == full {
		d.Log.InfoContext(ctx, "reveal", "user", u.ID, "persons", ids)
	}
	return out, nil
}

// details are the contact details that are known of a person, and where they come
// from.
func (d *Desk) details(ctx context.Context, p lead.Person, sees sight) ([]Detail, error) {
	out := []Detail{}
	for _, detail := range lead.Details {
		sealed := p.Sealed(detail)
		if sealed != nil && len(*sealed) == 0 || sealed == nil && p.City+p.Country == "" {
			continue
		}
		shown := Detail{Detail: detail, Since: p.Since(detail), From: broughtBy(p, detail)}
		switch {
		case sees < full:
		case sealed == nil:
			shown.Value = strings.TrimPrefix(p.City+", "+p.Country, ", ")
			shown.Value = strings.TrimSuffix(shown.Value, ", ")
		default:
			text, err := d.open(ctx, placePerson(p.ID, detail), *sealed)
			if err != nil {
				return nil, fmt.Errorf("open %s of person %s: %w", detail, p.ID, err)
			}
			shown.Value = text
		}
		out = append(out, shown)
	}
	return out, nil
}

// broughtBy is the merged person whose contact detail a person has now, "" where it
// is their own.
func broughtBy(p lead.Person, detail string) string {
	for _, part := range slices.Backward(p.Parts) {
		_, replaced := part.Before.Details[detail]
		if detail == lead.DetailPlace {
			replaced = part.Before.Place != nil
		}
		switch {
		case p.Since(detail).After(part.At): // told since
			return ""
		case replaced:
			return part.Person
		}
	}
	return ""
}

// leadsOf reads the leads of persons, the latest first, and those that were merged
// into them.
func (d *Desk) leadsOf(ctx context.Context, persons []lead.Person) (map[string][]lead.Lead, error) {
	whose := map[string]string{}
	note := func(person string, leads map[string]string) {
		for _, id := range leads {
			if id != "" {
				whose[id] = person
			}
		}
	}
	for _, p := range persons {
		note(p.ID, p.Leads)
		for _, part := range p.Parts {
			note(p.ID, part.Before.Leads)
		}
	}
	leads, err := d.Store.Leads(ctx, slices.Sorted(maps.Keys(whose)))
	if err != nil {
		return nil, err
	}
	out := map[string][]lead.Lead{}
	for _, l := range leads {
		out[whose[l.ID]] = append(out[whose[l.ID]], l)
	}
	for _, of := range out {
		slices.SortFunc(of, func(a, b lead.Lead) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID)) })
	}
	return out, nil
}

func (u viewer) personLead(ctx context.Context, names *names, p lead.Person, l lead.Lead) PersonLead {
	out := PersonLead{ID: l.ID, Number: l.Number, Product: l.Product, State: l.State, Grade: l.Grade, Team: l.Team,
		Created: l.Created, Touches: l.Touches, Facts: factsFrom(l.Facts), Visible: u.sight(l) != unseen}
	if rep := l.Owner(); rep != "" {
		out.Rep = &Who{Kind: RoleRep, ID: rep, Name: names.rep(ctx, rep)}
	}
	if l.Merged != nil {
		out.Into = l.Merged.Into
		if l.Merged.From != p.ID {
			out.Person = l.Merged.From
		}
	}
	return out
}

// factsTold are the facts that can come from elsewhere, with where they come from.
func factsTold(f lead.Facts) []Fact {
	var out []Fact
	for _, name := range lead.Fillable() {
		if value := f.Value(name); value != "" {
			out = append(out, Fact{Name: name, Value: value, From: f.Origins[name].From, At: f.Origins[name].At})
		}
	}
	return out
}

// factsFrom are those of them that the person did not say.
func factsFrom(f lead.Facts) []Fact {
	return slices.DeleteFunc(factsTold(f), func(f Fact) bool { return f.From == "" })
}
