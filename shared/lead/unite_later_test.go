package lead_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestWhatCameSinceStays merges two persons, lets their life go on, and takes the
// merge back: who went on is as if only that had come, and the other is as before but
// for what counts for both.
func TestWhatCameSinceStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPerson(t, "a"), drawPerson(t, "b")
		one, gone := unite(t, a, b, drawUnion(t, a, b))
		came := drawLater(t, one, b)
		alone, other := divide(t, stored(t, came.to(one)), gone)

		want := came.to(a)
		want.Contacts = came.contacts(a) // old ones are forgotten with the next contact only
		if came.optOut.IsZero() || !one.OptOut.IsZero() {
			want.OptOut = a.OptOut
		}
		same(t, stored(t, want), alone)
		wantB := b.Clone()
		wantB.Contacts = came.contacts(b)
		if b.OptOut.IsZero() && one.OptOut.IsZero() {
			wantB.OptOut = came.optOut
		}
		same(t, wantB, other)
		bounded(t, alone)
	})
}

// laterLife is what happens to a person after a merge.
type laterLife struct {
	at       time.Time
	details  []string    // given now
	contact  []time.Time // made or logged now
	optOut   time.Time   // zero is none
	consents []lead.Consent
	raised   []lead.Doubt
	apart    []string // decided now
	leads    map[string]string
	keys     []lead.Key
}

// drawLater draws what happens from the moment of the merge on to one who was merged
// with b.
func drawLater(t *rapid.T, one, b lead.Person) laterLife {
	c := laterLife{at: noon.Add(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Hour, 5 * day}).Draw(t, "later")), leads: map[string]string{}}
	for _, detail := range lead.Details {
		if rapid.IntRange(0, 3).Draw(t, "later "+detail) == 0 {
			c.details = append(c.details, detail)
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "later contacts") {
		// A visit may be logged after the merge that was made before, and contacts are
		// kept to the second.
		ago := rapid.SampledFrom([]time.Duration{0, 0, time.Second, time.Hour, day}).Draw(t, "contacted ago")
		c.contact = append(c.contact, c.at.Add(-ago))
	}
	if rapid.Bool().Draw(t, "opts out later") {
		c.optOut = c.at.Truncate(time.Second)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "later consents") {
		c.consents = append(c.consents, lead.Consent{Purpose: "mail", Version: fmt.Sprint(i), At: c.at, Submission: "s-later"})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "later doubts") {
		c.raised = append(c.raised, lead.Doubt{With: fmt.Sprint("later-", i), Probability: 0.99, At: c.at})
	}
	if len(one.Doubts) > 0 && rapid.Bool().Draw(t, "doubted again") { // with better evidence
		if id := rapid.SampledFrom(one.Doubts).Draw(t, "doubted").With; !slices.Contains(b.Apart, id) {
			c.raised = append(c.raised, lead.Doubt{With: id, Probability: 0.995, At: c.at})
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "decided later") {
		id := fmt.Sprint("later-", i)
		if len(one.Doubts) > i && !slices.Contains(b.Apart, one.Doubts[i].With) {
			id = one.Doubts[i].With
		}
		c.apart = append(c.apart, id)
	}
	for _, product := range append([]string{"painting"}, products...) {
		if rapid.IntRange(0, 4).Draw(t, "later "+product) == 0 {
			c.leads[product] = "l-" + product + "-later"
		}
	}
	c.keys = []lead.Key{"key later"}
	return c
}

// to is a person to whom it happens.
func (c laterLife) to(p lead.Person) lead.Person {
	p = p.Clone()
	for _, detail := range c.details {
		if sealed := p.Sealed(detail); sealed != nil {
			*sealed = lead.Sealed("later " + detail)
		} else {
			p.City, p.Country = "Leipzig", "DE"
		}
		p.Gave(detail, c.at)
	}
	for _, at := range c.contact {
		p.Contact(at)
	}
	if p.OptOut.IsZero() {
		p.OptOut = c.optOut
	}
	p.Consents = append(p.Consents, c.consents...)
	for _, id := range c.apart {
		p = p.Settled(id, true)
	}
	p.Doubts = p.Doubted(c.raised...)
	for product, id := range c.leads {
		p.Leads[product] = id
	}
	p.Keys = append(p.Keys, c.keys...)
	return p
}

// contacts are those of a person with the later ones.
func (c laterLife) contacts(p lead.Person) []time.Time {
	all := slices.Clone(p.Contacts)
	for _, at := range c.contact {
		all = append(all, at.Truncate(time.Second))
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}
