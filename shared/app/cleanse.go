package app

import (
	"cmp"
	"context"

	"sluice/shared/form"
	"sluice/shared/identity"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// understand normalises the contact details, verifies them and derives the facts. A
// detail that cannot be right is left out where another one serves.
func (in *intake) understand(ctx context.Context, pol *policy.Directory, a *arrival) error {
	c, rules := a.clean.Contact, pol.Cleansing()
	a.contact = lead.Contact{Name: identity.Name(c.Name), Company: identity.Name(c.Company)}
	a.facts = lead.Facts{
		Product: a.spec.Product, Form: a.spec.ID, Campaign: a.spec.Campaign, Channel: a.spec.Channel,
		Language: a.spec.Language, Source: a.clean.Attribution.UTMSource, Country: c.Country, City: c.City,
		Industry: c.Industry, Headcount: c.Headcount,
		Company: a.contact.Company != "", Answers: a.clean.Answers,
	}
	found := &found{rules: rules}
	a.contact.Name = found.name(a.contact.Name)
	if err := in.phone(ctx, a, c, found); err != nil {
		return err
	}
	if err := in.email(ctx, a, c, found); err != nil {
		return err
	}
	if err := in.referrer(ctx, a); err != nil {
		return err
	}
	switch {
	case found.never != nil:
		return found.never
	case len(a.keys) > 0:
		return nil
	case len(found.faults) > 0:
		return found.faults[0]
	}
	return &lead.Error{Kind: lead.Invalid, Field: "phone", Text: "neither a phone number nor an e-mail address was given"}
}

// found is what is wrong with the details of a submission.
type found struct {
	rules  policy.Cleansing
	faults []error // of details that were left out
	never  error   // that no other detail makes up for
}

// bad notes what is wrong with a detail and reports whether it is left out.
func (f *found) bad(how policy.Handling, field, reason string) bool {
	if reason == "" || how == policy.Accept {
		return false
	}
	fault := &lead.Error{Kind: lead.Invalid, Field: field, Text: reason}
	f.faults = append(f.faults, fault)
	if how == policy.Quarantine && f.never == nil {
		f.never = fault
	}
	return true
}

func (f *found) name(name string) string {
	if name != "" && f.bad(f.rules.Names, "name", identity.DoubtfulName(name)) {
		return ""
	}
	return name
}

// The reasons for addresses that are of no use.
const (
	reasonDisposable    = "disposable address"
	reasonUndeliverable = "address that nobody reads"
	reasonRole          = "address of an office"
)

// mailbox notes what is wrong with whose an address is and reports whether it is left
// out.
func (f *found) mailbox(box identity.MailFacts) bool {
	for _, judged := range []struct {
		how policy.Handling
		is  bool
		why string
	}{
		{f.rules.Disposable, box.Disposable, reasonDisposable},
		{f.rules.Undeliverable, box.Undeliverable, reasonUndeliverable},
		{f.rules.Role, box.Role, reasonRole},
	} {
		if judged.is && f.bad(judged.how, "email", judged.why) {
			return true
		}
	}
	return false
}

func (in *intake) phone(ctx context.Context, a *arrival, c form.Contact, f *found) error {
	if c.Phone == "" {
		return nil
	}
	phone, err := identity.Phone(identity.PhoneInput{Raw: c.Phone, Region: cmp.Or(c.Country, a.spec.Region)})
	if err != nil {
		f.bad(policy.Drop, "phone", identity.ReasonOf(err))
		return nil
	}
	a.contact.Phone = phone.E164
	a.facts.HasPhone, a.facts.Line, a.facts.Carrier = true, string(phone.Line), identity.Carrier(phone.E164)
	a.facts.Fill("country", phone.Region, lead.Provenance{From: lead.FromPhone})
	return in.identify(ctx, a, "phone:"+phone.E164)
}

func (in *intake) email(ctx context.Context, a *arrival, c form.Contact, f *found) error {
	if c.Email == "" {
		return nil
	}
	email, err := identity.Email(c.Email)
	if err != nil {
		f.bad(policy.Drop, "email", identity.ReasonOf(err))
		return nil
	}
	box := identity.Mailbox(email)
	if f.mailbox(box) {
		return nil
	}
	a.contact.Email, a.facts.HasEmail = email.Full, true
	a.facts.FreeMail, a.facts.RoleMail = box.Free, box.Role
	if site := siteOf(email, box); site.Registrable != "" {
		if a.company, err = in.Vault.Hash(ctx, companyPlain(site)); err != nil {
			return err
		}
	}
	return in.identify(ctx, a, emailKey(email, box, a.contact.Name))
}

// emailKey is what an address identifies. An office's address is many people's: it
// is one's only together with their name.
func emailKey(email identity.Address, box identity.MailFacts, name string) string {
	if box.Role {
		return "email:" + email.Key + "|name:" + identity.ReadName(name).Key()
	}
	return "email:" + email.Key
}

func (in *intake) identify(ctx context.Context, a *arrival, plain string) error {
	key, err := in.Vault.Hash(ctx, plain)
	a.keys = append(a.keys, key)
	return err
}
