package app

import (
	"context"
	"encoding/json"
	"errors"

	"sluice/shared/form"
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
	company  lead.Key            // keyed hash of the domain of a company's e-mail; empty for a provider's
	alike    []lead.Key          // keys that people share who may be one
	about    lead.Company        // what is known of the company
	account  string              // the rep who won a customer there
	likely   string              // the person who it is, as far as it looks
	doubts   []lead.Doubt        // persons who it may be
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
	if err := in.understand(ctx, pol.Directory, &a); err != nil {
		return a, err
	}
	for _, c := range clean.Consents {
		a.consents = append(a.consents, lead.Consent{Purpose: c.Purpose, Version: c.Version, Basis: c.Basis, At: env.At, Submission: env.ID})
	}
	return a, nil
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
