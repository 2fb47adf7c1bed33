package lead_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// noon is when persons are merged.
var noon = monday.Add(3*time.Hour + 500*time.Millisecond)

var products = []string{"robots", "chess", "music"}

// drawPerson draws anybody: with or without details that came later, an earlier life,
// and persons that they may be.
func drawPerson(t *rapid.T, id string) lead.Person {
	p := lead.Person{ID: id, Version: rapid.IntRange(1, 9).Draw(t, "version"), Created: drawMoment(t, "created"), Leads: map[string]string{}}
	flip := func(name string) bool { return rapid.Bool().Draw(t, name) }
	for _, detail := range lead.Details {
		if sealed := p.Sealed(detail); sealed != nil && flip("has "+detail) {
			*sealed = lead.Sealed(detail + " of " + id)
		}
		if flip(detail + " came later") {
			p.Gave(detail, drawMoment(t, detail+" came"))
		}
	}
	p.City = rapid.SampledFrom([]string{"", "Suzhou"}).Draw(t, "city")
	p.Country = rapid.SampledFrom([]string{"", "CN"}).Draw(t, "country")
	for i := range rapid.IntRange(0, 2).Draw(t, "keys") {
		p.Keys = append(p.Keys, lead.Key(fmt.Sprint("key ", i, " of ", id)))
	}
	if flip("alike") {
		p.Alike = []lead.Key{lead.Key("name of " + id), ""}
	}
	for _, product := range products {
		if flip(product) {
			p.Leads[product] = "l-" + product + "-" + id
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "consents") {
		p.Consents = append(p.Consents, lead.Consent{Purpose: "call", Version: fmt.Sprint(i), At: drawMoment(t, "consented"), Submission: "s-" + id,
			From: rapid.SampledFrom([]string{"", "earlier-" + id}).Draw(t, "consent from"), Address: lead.Sealed("address at " + id)})
	}
	for range rapid.IntRange(0, 30).Draw(t, "contacts") {
		p.Contacts = append(p.Contacts, drawMoment(t, "contact"))
	}
	slices.SortFunc(p.Contacts, time.Time.Compare)
	if flip("opted out") {
		p.OptOut = drawMoment(t, "opt-out")
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "parts") {
		p.Parts = append(p.Parts, lead.Part{Person: fmt.Sprint("earlier-", i, "-", id), At: p.Created})
	}
	for range rapid.SampledFrom([]int{0, 1, 3, 31, 33}).Draw(t, "apart") {
		p = p.Settled(drawOther(t, "apart"), true)
	}
	for range rapid.IntRange(0, 9).Draw(t, "doubts") {
		p.Doubts = p.Doubted(drawDoubt(t))
	}
	if len(p.Doubts) == 0 {
		p.Doubts = nil
	}
	return p
}

// drawMoment draws a moment at or before noon, of few: many are the same.
func drawMoment(t *rapid.T, name string) time.Time {
	ago := rapid.SampledFrom([]time.Duration{0, 0, time.Second, time.Hour, day, 2 * day, 20 * day}).Draw(t, name)
	return noon.Truncate(time.Second).Add(-ago)
}

// drawOther draws somebody, who may be one of the persons of a test.
func drawOther(t *rapid.T, name string) string {
	return rapid.OneOf(rapid.SampledFrom([]string{"a", "b", "p0", "p1", "p2"}), rapid.StringMatching(`x[0-9]{1,2}`)).Draw(t, name)
}

func drawDoubt(t *rapid.T) lead.Doubt {
	return lead.Doubt{With: drawOther(t, "with"), Probability: float64(rapid.IntRange(5, 9).Draw(t, "tenths")) / 10,
		Evidence: []lead.Evidence{{Detail: lead.DetailName, Level: "similar", Weight: 3.5}}, At: drawMoment(t, "doubted")}
}

// drawUnion draws what of b goes over to a, by whatever rules.
func drawUnion(t *rapid.T, a, b lead.Person) lead.Union {
	u := lead.Union{Leads: map[string]string{}}
	for _, detail := range lead.Details {
		sealed := b.Sealed(detail)
		has := sealed == nil && b.City+b.Country != "" || sealed != nil && len(*sealed) > 0
		if !has || !rapid.Bool().Draw(t, "takes "+detail) {
			continue
		}
		if u.Details == nil {
			u.Details = map[string]lead.Sealed{}
		}
		u.Details[detail] = nil
		if sealed != nil {
			u.Details[detail] = lead.Sealed(string(*sealed) + " for " + a.ID)
		}
	}
	for _, c := range b.Consents {
		c.Address = lead.Sealed(string(c.Address) + " for " + a.ID)
		u.Consents = append(u.Consents, c)
	}
	if rapid.Bool().Draw(t, "other likeness") {
		u.Alike = []lead.Key{lead.Key("both of " + a.ID), lead.Key("place of " + b.ID)}
	}
	for _, product := range products {
		if id := b.Leads[product]; id != "" && (a.Leads[product] == "" || rapid.Bool().Draw(t, product+" goes on")) {
			u.Leads[product] = id
		}
	}
	return u
}
