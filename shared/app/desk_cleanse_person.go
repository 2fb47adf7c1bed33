package app

import (
	"context"
	"slices"
	"strings"

	"sluice/shared/lead"
)

// partsShown bounds how many merged persons are read to show one.
const partsShown = 100

// Person shows a person, named by their id or by that of one of their leads, with all
// that was merged into them; to the cleansing team, and without contact data to ops.
func (d *Desk) Person(ctx context.Context, u User, id string) (PersonView, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return PersonView{}, err
	}
	if v.sightOfPersons() == unseen {
		return PersonView{}, noPerson()
	}
	p, err := d.personNamed(ctx, id)
	if err != nil {
		return PersonView{}, err
	}
	return d.person(ctx, v, p)
}

// personNamed reads a person by their id, or the one whose a lead is by the lead's.
func (d *Desk) personNamed(ctx context.Context, id string) (lead.Person, error) {
	if strings.HasPrefix(id, "l") {
		l, err := d.Store.Lead(ctx, id)
		if err != nil {
			return lead.Person{}, missing(err)
		}
		return personOf(ctx, d.Store, l.Person)
	}
	p, err := d.Store.Person(ctx, id)
	if err != nil && lead.KindOf(err) == lead.NotFound {
		err = noPerson()
	}
	return p, err
}

// person shows all of a person: who was merged into them, and whom they may be.
func (d *Desk) person(ctx context.Context, u viewer, p lead.Person) (PersonView, error) {
	merged, err := d.merged(ctx, p)
	if err != nil {
		return PersonView{}, err
	}
	views, err := d.personViews(ctx, u, append(merged, p))
	if err != nil {
		return PersonView{}, err
	}
	view := views[p.ID]
	known := map[string]bool{}
	for _, l := range view.Leads {
		known[l.ID] = true
	}
	for _, part := range merged {
		for _, l := range views[part.ID].Leads {
			if !known[l.ID] {
				known[l.ID] = true
				l.Person = part.ID
				view.Leads = append(view.Leads, l)
			}
		}
	}
	names := d.names(u.pol)
	for i, part := range slices.Backward(p.Parts) {
		view.Parts = append(view.Parts, PartView{Person: part.Person, Name: views[part.Person].value(lead.DetailName), At: part.At, By: names.who(ctx, part.By), Why: part.Why,
			Undo: view.Decides && p.Into == "" && i == len(p.Parts)-1})
	}
	for _, c := range p.Consents {
		view.Consents = append(view.Consents, Consent{Purpose: c.Purpose, Version: c.Version, Basis: c.Basis, At: c.At})
	}
	view.Doubts, err = d.doubts(ctx, u, []lead.Person{p})
	return view, err
}

// merged reads all who were merged into a person, and into those before.
func (d *Desk) merged(ctx context.Context, p lead.Person) ([]lead.Person, error) {
	var all []lead.Person
	next := []lead.Person{p}
	for len(next) > 0 && len(all) < partsShown {
		var ids []string
		for _, p := range next {
			for _, part := range p.Parts {
				ids = append(ids, part.Person)
			}
		}
		if len(ids) == 0 {
			break
		}
		found, err := d.Store.Persons(ctx, ids)
		if err != nil {
			return nil, err
		}
		all, next = append(all, found...), found
	}
	return all, nil
}

// followed reads persons by their ids, or whom they were merged into: one round trip,
// and one for each time that somebody was merged again.
func (d *Desk) followed(ctx context.Context, ids []string) (map[string]lead.Person, error) {
	read := map[string]lead.Person{}
	next := ids
	for range hopsMost {
		slices.Sort(next)
		next = slices.Compact(next)
		if len(next) == 0 {
			break
		}
		found, err := d.Store.Persons(ctx, next)
		if err != nil {
			return nil, err
		}
		next = nil
		for _, p := range found {
			read[p.ID] = p
			if _, known := read[p.Into]; p.Into != "" && !known {
				next = append(next, p.Into)
			}
		}
	}
	out := make(map[string]lead.Person, len(ids))
	for _, id := range ids {
		p, ok := read[id]
		for range hopsMost {
			if !ok || p.Into == "" {
				break
			}
			p, ok = read[p.Into]
		}
		if ok && p.Into == "" {
			out[id] = p
		}
	}
	return out, nil
}
