package app_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// bought adds a form by which rows of a bought list come in, and requires nothing.
func bought(d *policy.Document) {
	school := &d.Forms[slices.IndexFunc(d.Forms, func(f form.Spec) bool { return f.ID == "school" })]
	for i := range school.Fields {
		school.Fields[i].Required = false
	}
	f := *school
	f.ID, f.Channel, f.Unverified, f.AnyOf = "bought", "purchased-list", true, nil
	f.Fields = append(slices.Clone(f.Fields), form.Field{Name: "branch", Kind: form.IndustryKind}, form.Field{Name: "people", Kind: form.HeadcountKind})
	d.Forms = append(d.Forms, f)
	openPool(d)
}

// row is what a list tells of somebody.
func row(name, phone, email string) url.Values {
	return url.Values{"name": {name}, "phone": {phone}, "email": {email}, "company": {"Quillmere School"}}
}

func TestVerifiedLeadsAreRoutedAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: bought})
	ctx, dora := t.Context(), b.user("dora")
	l := b.enquire("bought", row("A Quill", "+49 30 901820", "ada@example.org"))
	if l.State != lead.StateUnverified {
		t.Fatalf("a row of a list is %s", l.State)
	}
	b.clock.pass(time.Hour)
	list, err := b.desk.Unverified(ctx, dora, app.Page{})
	if err != nil || len(list.Leads) != 1 || list.Leads[0].Contact == nil || list.Leads[0].Contact.Phone != "+4930901820" ||
		!slices.Contains(list.Leads[0].Acts, app.ActVerify) || !slices.Contains(list.Leads[0].Acts, app.ActJunk) {
		t.Fatalf("the list shows %+v (%v)", list.Leads, err)
	}
	if _, err := b.policy.Get(ctx); err != nil { // the model is asked for, as the policy was
		t.Fatal(err)
	}
	before := b.person(l.Person)
	b.trips("verifying", 4, func() error { // the lead, the person, the reps, the commit
		v, err := b.desk.Verify(ctx, dora, app.Target{Lead: l.ID, Version: l.Version}, app.Verification{
			Name: "Ada Quill", Phone: "030 / 90 18 21", Company: "Quillmere School", City: "Berlin", Country: "Germany", Industry: "education", Headcount: "51-200",
			Answers: map[string]string{"role": "head", "message": "a class for forty", "headcount": "400"}, Note: "needs a class in May"})
		if err == nil && (v.Visible || v.Contact != nil || v.State != lead.StateOffered) {
			t.Errorf("it shows %+v", v)
		}
		return err
	})
	after := b.lead(l.ID)
	if after.State != lead.StateOffered || after.Team != "schools" || after.Owner() == "" || after.Grade.Rank() >= l.Grade.Rank() {
		t.Errorf("it is %s of %s with %q, graded %s after %s", after.State, after.Team, after.Owner(), after.Grade, l.Grade)
	}
	f := after.Facts
	if f.Industry != "education" || f.Headcount != "51-200" || f.City != "Berlin" || f.Origins["industry"].From != lead.FromDesk ||
		f.Origins["city"].From != lead.FromDesk || f.Country != "DE" || f.Answers["role"] != "head" || f.Answers["headcount"] != 400.0 || f.Answers["message"] != nil {
		t.Errorf("the facts are %+v", f)
	}
	p := b.person(l.Person)
	if len(p.Keys) != len(before.Keys)+1 || p.Version != before.Version+1 || slices.Equal(p.Alike, before.Alike) {
		t.Errorf("the person has %d keys after %d, version %d", len(p.Keys), len(before.Keys), p.Version)
	}
	for detail, changed := range map[string]bool{lead.DetailName: true, lead.DetailPhone: true, lead.DetailPlace: true, lead.DetailEmail: false, lead.DetailCompany: false} {
		if _, is := p.Given[detail]; is != changed {
			t.Errorf("%s is noted as new: %t", detail, is)
		}
	}
	c, err := app.OpenContact(ctx, b.vault, p)
	if err != nil || c.Name != "Ada Quill" || c.Phone != "+4930901821" || c.Email != "ada@example.org" {
		t.Errorf("the person is %q %q %q (%v)", c.Name, c.Phone, c.Email, err)
	}
	// Who calls from the corrected number is known.
	if again := b.enquire("school", row("Ada Quill", "+49 30 901821", "")); again.ID != l.ID {
		t.Errorf("an enquiry from the corrected number is lead %s", again.ID)
	}
	told, err := b.desk.Timeline(ctx, b.userOf(after.Owner()), l.ID, app.Page{})
	if err != nil {
		t.Fatal(err)
	}
	verified := told.Entries[1].Events[0]
	if verified.Kind != "verified" || verified.Note != "needs a class in May" || !slices.ContainsFunc(verified.Facts, func(f app.Fact) bool { return f.Name == "industry" && f.From == "desk" }) {
		t.Errorf("the time-line tells %+v", verified)
	}
	b.counters()
	refusedFor(t, "verifying again", act(b.desk.Verify(ctx, b.user("max"), app.Target{Lead: l.ID}, app.Verification{})), lead.Conflict, "")
	refusedFor(t, "once it has left", act(b.desk.Verify(ctx, dora, app.Target{Lead: l.ID}, app.Verification{})), lead.NotFound, "")
}

// TestVerificationIsChecked: what is typed at the desk is verified as at intake.
func TestVerificationIsChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: bought})
	ctx, dora := t.Context(), b.user("dora")
	l := b.enquire("bought", row("Ada Quill", "+49 30 901820", ""))
	on := app.Target{Lead: l.ID}
	for field, in := range map[string]app.Verification{
		"name":    {Name: "asdf"},
		"phone":   {Phone: "+49 1"},
		"email":   {Email: "ada@mailinator.com"},
		"country": {Country: "Atlantis"},
		"city":    {City: "Ber\x07lin"},
		"company": {Company: strings.Repeat("x", 300)},
		"answers": {Answers: map[string]string{"shoe": "42"}},
		"role":    {Answers: map[string]string{"role": "king"}},
		"note":    {Note: "\x00"},
	} {
		refusedFor(t, field, act(b.desk.Verify(ctx, dora, on, in)), lead.Invalid, field)
	}
	refusedFor(t, "a name among the answers", act(b.desk.Verify(ctx, dora, on, app.Verification{Answers: map[string]string{"name": "Ada"}})), lead.Invalid, "answers")
	refusedFor(t, "an older version", act(b.desk.Verify(ctx, dora, app.Target{Lead: l.ID, Version: 9}, app.Verification{})), lead.Conflict, "version")
	if after := b.lead(l.ID); after.Version != l.Version || b.person(l.Person).Version != 1 {
		t.Errorf("something was written all the same")
	}
	if err := act(b.desk.Verify(ctx, dora, on, app.Verification{})); err != nil { // all is as the list has it
		t.Error(err)
	}
	if p := b.person(l.Person); p.Version != 1 {
		t.Errorf("the person was written without a change")
	}
}

// TestVerifiedNumberOfSomebodyElse: the two are likely one, and merging them helps.
func TestVerifiedNumberOfSomebodyElse(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: bought})
	ctx, dora := t.Context(), b.user("dora")
	known := b.stranger("trial", 0)
	l := b.enquire("bought", row("Ada Q", "", "ada@example.org"))
	verify := func() error {
		return act(b.desk.Verify(ctx, dora, app.Target{Lead: l.ID}, app.Verification{Phone: phoneNumber(7000)}))
	}
	err := verify()
	refusedFor(t, "another's number", err, lead.Conflict, "phone")
	var taken *app.Taken
	if !errors.As(err, &taken) || taken.Person != known.Person || taken.Lead != known.ID || !strings.Contains(err.Error(), known.Number) {
		t.Fatalf("it says %v of %+v", err, taken)
	}
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: l.ID, With: taken.Lead}); err != nil {
		t.Fatal(err)
	}
	if err := verify(); err != nil {
		t.Fatalf("once they are merged: %v", err)
	}
	if after := b.lead(l.ID); after.Person != known.Person || after.State == lead.StateUnverified {
		t.Errorf("it is %s of %s", after.State, after.Person)
	}
	// And a number of somebody who was merged into the person is theirs already.
	third := b.enquire("bought", row("Gwen Abernathy", "+49 30 901830", ""))
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: known.ID, With: third.ID}); err != nil {
		t.Fatal(err)
	}
	b.counters()
}

// TestDiscarding ends what is not real; the person may be opted out before.
func TestDiscarding(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: bought})
	ctx, dora := t.Context(), b.user("dora")
	l := b.enquire("bought", row("Ada Quill", "+49 30 901820", ""))
	on := app.Target{Lead: l.ID}
	for _, id := range []string{"amy", "mia", "cora", "omar"} {
		u := b.user(id)
		for what, err := range map[string]error{"verify": act(b.desk.Verify(ctx, u, on, app.Verification{})),
			"junk": act(b.desk.Close(ctx, u, on, app.Closing{As: lead.StateJunk, Reason: "spam"})), "opt out": act(b.desk.OptOut(ctx, u, on))} {
			if kind := lead.KindOf(err); kind != lead.Denied && kind != lead.NotFound {
				t.Errorf("%s as %s: %v", what, id, err)
			}
		}
		list, err := b.desk.Unverified(ctx, u, app.Page{})
		if sees := id == "omar"; sees != (err == nil) || sees && (len(list.Leads) != 1 || list.Leads[0].Contact != nil || len(list.Leads[0].Acts) > 0) {
			t.Errorf("%s sees %+v (%v)", id, list.Leads, err)
		}
	}
	if err := act(b.desk.OptOut(ctx, dora, on)); err != nil || b.person(l.Person).OptOut.IsZero() {
		t.Errorf("opting out: %v", err)
	}
	refusedFor(t, "as lost", act(b.desk.Close(ctx, dora, on, app.Closing{As: lead.StateLost, Reason: "x"})), lead.Invalid, "as")
	refusedFor(t, "recycling", act(b.desk.Recycle(ctx, dora, on, "later")), lead.Conflict, "")
	if err := act(b.desk.Close(ctx, dora, on, app.Closing{As: lead.StateJunk, Reason: "no such school"})); err != nil {
		t.Fatal(err)
	}
	if after := b.lead(l.ID); after.State != lead.StateJunk {
		t.Errorf("it is %s", after.State)
	}
	if list, err := b.desk.Unverified(ctx, dora, app.Page{}); err != nil || len(list.Leads) != 0 {
		t.Errorf("the list shows %+v (%v)", list.Leads, err)
	}
}

// TestUnverifiedIsPaged: all are listed, each once.
func TestUnverifiedIsPaged(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: bought})
	ctx, dora := t.Context(), b.user("dora")
	for n := range 7 {
		b.accepted("bought", row(unlike[n], phoneNumber(n), ""))
	}
	b.drain()
	seen := map[string]bool{}
	for p := (app.Page{Limit: 3}); ; {
		list, err := b.desk.Unverified(ctx, dora, p)
		if err != nil || len(list.Leads) > 3 {
			t.Fatal(len(list.Leads), err)
		}
		for _, l := range list.Leads {
			if seen[l.ID] {
				t.Errorf("%s is listed twice", l.ID)
			}
			seen[l.ID] = true
		}
		if p.Cursor = list.Cursor; p.Cursor == "" {
			break
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d of 7 are listed", len(seen))
	}
}

// TestVerifyMeetsOthers: a rep who was given another lead at the same moment, and an
// enquiry of the person meanwhile.
func TestVerifyMeetsOthers(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: bought})
	ctx, dora := t.Context(), b.user("dora")
	f := b.withFaults()
	l := b.enquire("bought", row("Ada Quill", "+49 30 901820", ""))
	f.meanwhile("Commit", func() { b.enquire("school", row(unlike[1], "+49 30 901840", "")) })
	if err := act(b.desk.Verify(ctx, dora, app.Target{Lead: l.ID}, app.Verification{City: "Berlin"})); err != nil {
		t.Fatal(err)
	}
	second := b.enquire("bought", row("Chen Yulan", "+49 30 901850", ""))
	f.meanwhile("Commit", func() { b.enquire("school", row("Chen Yulan", "+49 30 901850", "")) })
	refusedFor(t, "after they enquired themselves", act(b.desk.Verify(ctx, b.user("max"), app.Target{Lead: second.ID}, app.Verification{City: "Berlin"})), lead.Conflict, "")
	if after := b.lead(second.ID); after.State != lead.StateOffered {
		t.Errorf("it is %s", after.State)
	}
	b.counters()
}
