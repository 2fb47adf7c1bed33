package app_test

import (
	"net/url"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// theodora is the post of one person, by a number and an address of theirs.
func theodora(phone, address string) url.Values {
	return colleague("Theodora Quillfeather", "Marlowe Instruments GmbH", phone, address)
}

// TestAlikeIsDeliveredAgain: an enquiry that was delivered twice has its one outcome,
// whether its person was new, is somebody's who was known, or brought the first lead
// of a product.
func TestAlikeIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]string{"the same product": "school", "another product": "trial"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, edit{policy: asOffice})
			twice := func(form string, values url.Values) lead.Submission {
				t.Helper()
				id := b.accepted(form, values)
				bodies := b.intake.take(1)
				for range 2 {
					if failed := b.handle("intake", bodies...); failed > 0 {
						t.Fatalf("intake failed: %s", b.logs)
					}
				}
				return b.submission(id)
			}
			first := twice("school", theodora("+49 30 901820111", "marigold77@posteo.de"))
			b.clock.pass(time.Hour)
			second := twice(form, theodora("+49 30 901820911", "marigold77@gmail.com"))
			if first.Outcome != lead.OutcomeCreated || second.Person != first.Person {
				t.Fatalf("ended as %s, and as %s of %s", first.Outcome, second.Outcome, second.Person)
			}
			for _, sub := range []lead.Submission{first, second} {
				if l := b.lead(sub.Lead); l.Person != sub.Person || !l.State.Open() {
					t.Errorf("lead %s of %s is %s of %s", l.ID, sub.Person, l.State, l.Person)
				}
			}
			if p := b.person(first.Person); len(p.Parts) != 1 || form == "school" && b.lead(first.Lead).Touches != 2 {
				t.Errorf("%d persons were merged, %d touches", len(p.Parts), b.lead(first.Lead).Touches)
			}
		})
	}
}

// TestAlikeIsPartedAgain: whoever was merged at once gets the lead back that they came
// for, scored.
func TestAlikeIsPartedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: asOffice})
	first := b.enquire("school", theodora("+49 30 901820111", ""))
	b.clock.pass(time.Hour)
	id := b.accepted("school", theodora("", "t.quillfeather@gmail.com"))
	b.drain()
	if _, err := b.desk.Divide(t.Context(), b.user("dora"), app.Division{Person: first.Person, Why: "two people"}); err != nil {
		t.Fatal(err)
	}
	l, p := b.lead("l"+id), b.person("p"+id)
	if p.Into != "" || p.Leads[l.Product] != l.ID || l.Person != p.ID || !l.State.Open() || l.Grade == "" {
		t.Errorf("person %s of %q has %v; the lead is %s of %s, grade %q", p.ID, p.Into, p.Leads, l.State, l.Person, l.Grade)
	}
	if again := b.lead(first.ID); again.Touches != 1 || !again.State.Open() {
		t.Errorf("the first lead is %s with %d touches", again.State, again.Touches)
	}
}
