package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"sluice/shared/lead"
)

// told is what a verification makes of a lead and its person.
type told struct {
	person  lead.Person
	changed bool                // the person
	keys    map[lead.Key]string // identity keys of what was given, with the detail
	facts   lead.Facts          // what is added
	private map[string]any      // sensitive answers, old and new
	sealed  lead.Sealed         // the same; nil where none is new
	company *lead.Company       // what is known of it now; nil where nothing is new
}

// told reads what was given, and what that makes of the lead and its person.
func (v *verifying) told(ctx context.Context, l lead.Lead, p lead.Person, now time.Time) (told, error) {
	out := told{person: p.Clone(), keys: map[lead.Key]string{}}
	spec, _ := v.pol.Form(l.Facts.Form)
	mine, err := openDetails(ctx, v.desk.Vault, p)
	if err != nil {
		return out, err
	}
	given, err := v.in.read(reading{rules: v.pol.Cleansing(), region: cmp.Or(l.Facts.Country, p.Country, spec.Region), name: mine.Name, now: now})
	if err != nil {
		return out, err
	}
	if err := v.correct(ctx, &out, mine, given, now); err != nil {
		return out, err
	}
	for detail, plain := range given.keys {
		key, err := v.desk.Vault.Hash(ctx, plain)
		if err != nil {
			return out, err
		}
		out.keys[key] = detail
	}
	out.facts = given.facts(l.Facts, now)
	if out.company, err = v.learned(ctx, out.facts, cmp.Or(given.Email, mine.Email), now); err != nil {
		return out, err
	}
	answers, private, err := v.in.answers(spec)
	if err != nil {
		return out, err
	}
	out.facts.Answers = answers
	if out.private, err = openAnswers(ctx, v.desk.Vault, l); err != nil || len(private) == 0 {
		return out, err
	}
	if out.private == nil {
		out.private = map[string]any{}
	}
	maps.Copy(out.private, private)
	data, err := json.Marshal(out.private)
	if err != nil {
		return out, fmt.Errorf("keep answers of lead %s: %w", l.ID, err)
	}
	out.sealed, err = v.desk.Vault.Seal(ctx, placePrivate(l.ID), data)
	return out, err
}

// learned is what the facts tell of the company of an address; nil where that is
// nothing new.
func (v *verifying) learned(ctx context.Context, f lead.Facts, email string, now time.Time) (*lead.Company, error) {
	site := companySite(email)
	if site.Registrable == "" || f.Industry+f.Headcount == "" {
		return nil, nil
	}
	id, err := v.desk.Vault.Hash(ctx, companyPlain(site))
	if err != nil {
		return nil, err
	}
	company, err := v.desk.Store.Company(ctx, id)
	if err != nil {
		return nil, err
	}
	company, learned := company.Learned(f, now)
	if !learned {
		return nil, nil
	}
	company.ID, company.Version = id, company.Version+1
	return &company, nil
}

// correct completes and corrects the contact details of a person.
func (v *verifying) correct(ctx context.Context, out *told, mine details, given given, now time.Time) error {
	p := &out.person
	gave := func(detail string) {
		out.changed = true
		p.Gave(detail, now)
	}
	for _, detail := range lead.Details {
		value := given.get(detail)
		if value == "" || value == mine.get(detail) {
			continue
		}
		if detail == lead.DetailPlace {
			p.City, p.Country = cmp.Or(given.City, p.City), cmp.Or(given.Country, p.Country)
			if mine.City == p.City && mine.Country == p.Country {
				continue
			}
			mine.City, mine.Country = p.City, p.Country
			gave(detail)
			continue
		}
		sealed, err := v.desk.Vault.Seal(ctx, placePerson(p.ID, detail), []byte(value))
		if err != nil {
			return err
		}
		*p.Sealed(detail) = sealed
		mine.set(detail, value)
		gave(detail)
	}
	if !out.changed {
		return nil
	}
	alike, err := alikeKeys(ctx, v.desk.Vault, mine)
	p.Alike = alike
	return err
}
