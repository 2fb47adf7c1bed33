package app

import (
	"cmp"
	"slices"
	"time"

	"sluice/shared/form"
	"sluice/shared/identity"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// detailMax bounds a contact detail or a fact that somebody types, in characters.
const detailMax = 200

// reading is what it takes to understand contact details as they are typed.
type reading struct {
	rules  policy.Cleansing
	region string // of phone numbers without a country code
	name   string // of the person so far
	now    time.Time
}

// given are the contact details and facts of a verification, normalised; what was not
// given is empty.
type given struct {
	details
	industry, headcount string
	phone               identity.PhoneNumber
	mail                identity.MailFacts
	keys                map[string]string // detail → what it identifies the person by
}

// read normalises and verifies what was given, as intake does.
func (in Verification) read(r reading) (given, error) {
	g := given{keys: map[string]string{}}
	var raw struct{ name, phone, email, company, city, country, industry, headcount string }
	for _, f := range []struct {
		field
		to *string
	}{
		{field{"name", in.Name}, &raw.name}, {field{"phone", in.Phone}, &raw.phone}, {field{"email", in.Email}, &raw.email},
		{field{"company", in.Company}, &raw.company}, {field{"city", in.City}, &raw.city}, {field{"country", in.Country}, &raw.country},
		{field{"industry", in.Industry}, &raw.industry}, {field{"headcount", in.Headcount}, &raw.headcount},
	} {
		text, err := f.line(detailMax)
		if err != nil {
			return g, err
		}
		*f.to = text
	}
	if raw.country != "" {
		if g.Country = identity.Country(raw.country); g.Country == "" {
			return g, field{"country", ""}.invalid("give a country by its code or name")
		}
	}
	g.Company, g.City = identity.Name(raw.company), identity.Name(raw.city)
	g.industry, g.headcount = identity.Name(raw.industry), identity.Name(raw.headcount)
	found := &found{rules: r.rules}
	if raw.name != "" {
		g.Name = found.name(identity.Name(raw.name))
	}
	if raw.phone != "" {
		g.readPhone(raw.phone, cmp.Or(g.Country, r.region), found)
	}
	if raw.email != "" {
		g.readEmail(raw.email, cmp.Or(g.Name, r.name), found)
	}
	if len(found.faults) > 0 {
		return g, found.faults[0]
	}
	return g, nil
}

func (g *given) readPhone(raw, region string, f *found) {
	phone, err := identity.Phone(identity.PhoneInput{Raw: raw, Region: region})
	if err != nil {
		f.bad(policy.Drop, "phone", identity.ReasonOf(err))
		return
	}
	g.Phone, g.phone = phone.E164, phone
	g.keys[lead.DetailPhone] = "phone:" + phone.E164
}

func (g *given) readEmail(raw, name string, f *found) {
	email, err := identity.Email(raw)
	if err != nil {
		f.bad(policy.Drop, "email", identity.ReasonOf(err))
		return
	}
	g.mail = identity.Mailbox(email)
	f.mailbox(g.mail)
	g.Email = email.Full
	g.keys[lead.DetailEmail] = emailKey(email, g.mail, name)
}

// facts are what a verification adds to a lead's. What was not known, or was only
// derived, comes from the desk; what the person is said to have said is corrected.
func (g given) facts(had lead.Facts, now time.Time) lead.Facts {
	desk := lead.Provenance{From: lead.FromDesk, At: now}
	f := lead.Facts{HasPhone: g.Phone != "", HasEmail: g.Email != "", Company: g.Company != "", FreeMail: g.mail.Free, RoleMail: g.mail.Role}
	for _, fact := range []struct{ name, value string }{
		{"country", g.Country}, {"city", g.City}, {"industry", g.industry}, {"headcount", g.headcount},
	} {
		if fact.value != had.Value(fact.name) {
			f.Fill(fact.name, fact.value, desk)
		}
		if _, derived := had.Origins[fact.name]; !had.Lacks(fact.name) && !derived {
			delete(f.Origins, fact.name)
		}
	}
	if g.Phone != "" {
		f.Line, f.Carrier = string(g.phone.Line), identity.Carrier(g.phone.E164)
	}
	if g.Phone != "" && g.Country == "" {
		f.Fill("country", g.phone.Region, lead.Provenance{From: lead.FromPhone, At: now})
	}
	return f
}

// answerable are the kinds of fields of a form that hold answers.
var answerable = []form.Kind{form.Text, form.NumberKind, form.ChoiceKind, form.BooleanKind, form.MessageKind, form.HiddenKind}

// answers checks answers by the form through which the lead came: those that rules may
// see, and those that are sealed.
func (in Verification) answers(spec form.Spec) (open, private map[string]any, err error) {
	asked, values := form.Spec{ID: spec.ID, Region: spec.Region}, form.Values{}
	for _, f := range spec.Fields {
		if answer, given := in.Answers[f.Name]; given && slices.Contains(answerable, f.Kind) {
			f.Required = false
			asked.Fields, values[f.Name] = append(asked.Fields, f), []string{answer}
		}
	}
	if len(values) < len(in.Answers) {
		return nil, nil, field{"answers", ""}.invalid("the form through which the lead came does not ask for one of these")
	}
	clean, problems := asked.Validate(values)
	if len(problems) > 0 {
		return nil, nil, &lead.Error{Kind: lead.Invalid, Field: problems[0].Field, Text: problems[0].Message}
	}
	return clean.Answers, clean.Private, nil
}
