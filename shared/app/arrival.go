package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"sluice/shared/form"
	"sluice/shared/identity"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// arrival is a submission read and understood, before anything is known of the
// person.
type arrival struct {
	env      Envelope
	spec     form.Spec
	clean    form.Clean
	contact  lead.Contact
	facts    lead.Facts
	keys     []lead.Key          // identity keys, the phone's first
	holders  map[lead.Key]string // persons whom refused transactions told to have a key
	consents []lead.Consent
	address  []byte // source address, in the clear
}

// read opens and understands an envelope. What it came with is read again here,
// not passed on by capture, so that a replay profits from every repair. Its
// errors of kind Invalid are the reason for quarantine.
func (in *intake) read(ctx context.Context, pol *policy.Policy, env Envelope) (arrival, error) {
	a := arrival{env: env, holders: map[lead.Key]string{}}
	plain, err := in.Vault.Open(ctx, placeSubmission(env.ID), env.Raw)
	if err != nil {
		return a, err
	}
	var p parcel
	if err := json.Unmarshal(plain, &p); err != nil {
		return a, &lead.Error{Kind: lead.Invalid, Field: "envelope", Text: "its content cannot be read"}
	}
	a.address = []byte(p.Address)
	spec, ok := pol.Form(env.Form)
	if !ok {
		return a, &lead.Error{Kind: lead.Invalid, Field: "form", Text: "no longer configured"}
	}
	a.spec = spec
	values, err := form.Parse(env.Type, p.Body, pol.Limits())
	if err != nil {
		return a, unreadable(err)
	}
	clean, problems := spec.Validate(values)
	if len(problems) > 0 {
		return a, &lead.Error{Kind: lead.Invalid, Field: problems[0].Field, Text: problems[0].Reason}
	}
	a.clean = clean
	if err := in.understand(ctx, &a); err != nil {
		return a, err
	}
	for _, c := range clean.Consents {
		a.consents = append(a.consents, lead.Consent{Purpose: c.Purpose, Version: c.Version, Basis: c.Basis, At: env.At, Submission: env.ID})
	}
	return a, nil
}

// understand normalises the contact details and derives the facts. A detail that
// cannot be right is left out where the other one serves.
func (in *intake) understand(ctx context.Context, a *arrival) error {
	c := a.clean.Contact
	a.contact = lead.Contact{Name: identity.Name(c.Name), Company: identity.Name(c.Company)}
	a.facts = lead.Facts{
		Product: a.spec.Product, Form: a.spec.ID, Campaign: a.spec.Campaign, Channel: a.spec.Channel,
		Language: a.spec.Language, Source: a.clean.Attribution.UTMSource, Country: c.Country, City: c.City,
		Company: a.contact.Company != "", Answers: a.clean.Answers,
	}
	var faults []error
	add := func(plain string) error {
		key, err := in.Vault.Hash(ctx, plain)
		a.keys = append(a.keys, key)
		return err
	}
	if c.Phone != "" {
		phone, err := identity.Phone(identity.PhoneInput{Raw: c.Phone, Region: cmp.Or(c.Country, a.spec.Region)})
		if err != nil {
			faults = append(faults, &lead.Error{Kind: lead.Invalid, Field: "phone", Text: identity.ReasonOf(err)})
		} else {
			a.contact.Phone = phone.E164
			a.facts.HasPhone, a.facts.Line = true, string(phone.Line)
			if a.facts.Country == "" {
				a.facts.Country = phone.Region
			}
			if err := add("phone:" + phone.E164); err != nil {
				return err
			}
		}
	}
	if c.Email != "" {
		email, err := identity.Email(c.Email)
		if err != nil {
			faults = append(faults, &lead.Error{Kind: lead.Invalid, Field: "email", Text: identity.ReasonOf(err)})
		} else {
			a.contact.Email, a.facts.HasEmail = email.Full, true
			if err := add("email:" + email.Key); err != nil {
				return err
			}
		}
	}
	if err := in.referrer(ctx, a); err != nil {
		return err
	}
	switch {
	case len(a.keys) > 0:
		return nil
	case len(faults) > 0:
		return faults[0]
	}
	return &lead.Error{Kind: lead.Invalid, Field: "phone", Text: "neither a phone number nor an e-mail address was given"}
}

// referrer finds the rep of whoever recommended us. A code that leads nowhere is
// passed over: the enquiry is as good without it.
func (in *intake) referrer(ctx context.Context, a *arrival) error {
	code := a.clean.Referral
	if !isID(code) {
		return nil
	}
	l, err := in.Store.Lead(ctx, code)
	switch {
	case err == nil:
		a.facts.Referrer = l.LastOwner()
	case lead.KindOf(err) != lead.NotFound:
		return err
	}
	return nil
}

// unreadable makes the parser's complaint a reason for quarantine.
func unreadable(err error) error {
	var fault *form.Fault
	if errors.As(err, &fault) {
		return &lead.Error{Kind: lead.Invalid, Field: fault.Field, Text: fault.Reason}
	}
	return &lead.Error{Kind: lead.Invalid, Text: "the post cannot be read", Cause: err}
}
