package app_test

import (
	"context"
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

// colleague is the post of somebody of a company.
func colleague(name, company, phone, email string) url.Values {
	return url.Values{"name": {name}, "company": {company}, "phone": {phone}, "email": {email}, "city": {"Berlin"}, "country": {"DE"}, "consent": {"yes"}}
}

// asOffice lets the school's form ask for what is known of companies.
func asOffice(d *policy.Document) {
	f := &d.Forms[slices.IndexFunc(d.Forms, func(f form.Spec) bool { return f.ID == "school" })]
	f.Fields = append(f.Fields, form.Field{Name: "branch", Kind: form.IndustryKind}, form.Field{Name: "people", Kind: form.HeadcountKind})
	for i := range f.Fields {
		f.Fields[i].Required = f.Fields[i].Name == "consent"
	}
}

func (b *bundle) person(id string) lead.Person {
	b.t.Helper()
	p, err := b.table.Person(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// TestDetailsAreVerified posts details that are likely of no use.
func TestDetailsAreVerified(t *testing.T) {
	t.Parallel()
	const phone = "+49 30 901820"
	quarantine := func(d *policy.Document) {
		d.Cleanse = policy.Cleanse{Disposable: policy.Quarantine, Role: policy.Drop, Names: policy.Quarantine, Undeliverable: policy.Drop}
	}
	for name, c := range map[string]struct {
		change func(*policy.Document)
		post   url.Values
		reason string  // of quarantine, empty for a lead
		has    [3]bool // name, phone, email
	}{
		"made for ten minutes, alone":       {post: colleague("Ada Quill", "", "", "ada@mailinator.com"), reason: "email: disposable address"},
		"made for ten minutes, and a phone": {post: colleague("Ada Quill", "", phone, "ada@mailinator.com"), has: [3]bool{true, true, false}},
		"made for ten minutes, strictly":    {change: quarantine, post: colleague("Ada Quill", "", phone, "ada@mailinator.com"), reason: "email: disposable address"},
		"nobody reads it":                   {change: quarantine, post: colleague("Ada Quill", "", "", "noreply@quillmere.de"), reason: "email: address that nobody reads"},
		"an office's":                       {post: colleague("Ada Quill", "", "", "info@quillmere.de"), has: [3]bool{true, false, true}},
		"an office's, unwanted":             {change: quarantine, post: colleague("Ada Quill", "", phone, "info@quillmere.de"), has: [3]bool{true, true, false}},
		"no name":                           {post: colleague("asdf", "", phone, ""), has: [3]bool{false, true, false}},
		"no name, strictly":                 {change: quarantine, post: colleague("asdfgh", "", phone, ""), reason: "name: "},
		"all well":                          {change: quarantine, post: colleague("Ada Quill", "", phone, "ada@quillmere.de"), has: [3]bool{true, true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := func(d *policy.Document) {
				if asOffice(d); c.change != nil {
					c.change(d)
				}
			}
			b := setup(t, edit{policy: change})
			sub := b.accepted("school", c.post)
			b.drain()
			got := b.submission(sub)
			if c.reason != "" {
				if got.Outcome != lead.OutcomeQuarantined || !strings.HasPrefix(got.Reason, c.reason) {
					t.Fatalf("ended as %s because of %q, want %q", got.Outcome, got.Reason, c.reason)
				}
				return
			}
			if got.Outcome != lead.OutcomeCreated {
				t.Fatalf("ended as %s because of %q", got.Outcome, got.Reason)
			}
			p := b.person(got.Person)
			if has := [3]bool{len(p.Name) > 0, len(p.Phone) > 0, len(p.Email) > 0}; has != c.has {
				t.Errorf("the person has name, phone, email %v, want %v", has, c.has)
			}
		})
	}
}

// TestOfficesAddress: an address that many use is nobody's identity, but one's
// together with their name.
func TestOfficesAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: asOffice})
	ada := b.enquire("school", colleague("Ada Quill", "", "", "office@quillmere.de"))
	ben := b.enquire("school", colleague("Ben Marlow", "", "", "office@quillmere.de"))
	again := b.enquire("school", colleague("QUILL, Ada", "", "", "office@quillmere.de"))
	if ada.Person == ben.Person || again.ID != ada.ID {
		t.Errorf("Ada %s, Ben %s, and Ada again %s", ada.Person, ben.Person, again.Person)
	}
	if !ada.Facts.RoleMail || ada.Facts.FreeMail {
		t.Errorf("facts %+v", ada.Facts)
	}
}

// TestCompanyIsKnown: what one of its people says fills what the next left empty.
func TestCompanyIsKnown(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: asOffice})
	post := colleague("Ada Quill", "Quillmere GmbH", "", "ada@mail.quillmere.de")
	post.Set("branch", "publishing")
	post.Set("people", "51-200")
	first := b.enquire("school", post)
	if first.Facts.Industry != "publishing" || len(first.Facts.Origins) != 0 {
		t.Errorf("facts of the first %+v", first.Facts)
	}
	said := b.clock.Now()
	b.clock.pass(time.Hour)
	post = colleague("Ben Marlow", "", "", "ben@quillmere.de")
	post.Set("people", "11-50")
	second := b.enquire("school", post)
	want := lead.Provenance{From: lead.FromCompany, At: said}
	if f := second.Facts; f.Industry != "publishing" || f.Headcount != "11-50" || f.Origins["industry"] != want || len(f.Origins) != 1 {
		t.Errorf("facts of the second %+v", f)
	}
	third := b.enquire("school", colleague("Cleo Tarn", "Quillmere", "", "cleo@gmail.com"))
	if third.Facts.Industry != "" || !third.Facts.FreeMail {
		t.Errorf("a provider's address tells of no company: %+v", third.Facts)
	}
}

// TestAlikeIsMergedAndUndone: a person who is known by likeness is merged at once, as
// a person of their own who can be parted again.
func TestAlikeIsMergedAndUndone(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: asOffice})
	first := b.enquire("school", colleague("Theodora Quillfeather", "Marlowe Instruments GmbH", "+49 30 901820111", ""))
	b.clock.pass(time.Hour)
	sub := b.accepted("school", colleague("Theodora Quillfeather", "Marlowe Instruments", "", "t.quillfeather@gmail.com"))
	b.drain()
	got := b.submission(sub)
	if got.Outcome != lead.OutcomeMerged || got.Lead != first.ID || got.Person != first.Person {
		t.Fatalf("ended as %s on lead %s of %s, want a touch on %s", got.Outcome, got.Lead, got.Person, first.ID)
	}
	p := b.person(first.Person)
	if len(p.Parts) != 1 || len(p.Email) == 0 {
		t.Fatalf("the person has %d parts", len(p.Parts))
	}
	other := b.person(p.Parts[0].Person)
	if other.Into != p.ID || other.Leads["school-classes"] == first.ID {
		t.Errorf("who was merged: %+v", other)
	}
	own := b.lead(other.Leads["school-classes"])
	if own.State != lead.StateMerged || own.Merged.Into != first.ID || own.Person != p.ID || own.Deadline != nil {
		t.Errorf("its lead is %s: %+v", own.State, own.Merged)
	}
	again := b.enquire("school", colleague("Theodora Quillfeather", "", "", "t.quillfeather@gmail.com"))
	if again.ID != first.ID || again.Touches != 3 {
		t.Errorf("the address leads to %s with %d touches", again.ID, again.Touches)
	}
}

// TestAlikeIsDoubted: where it is not sure somebody decides, and nobody is merged.
func TestAlikeIsDoubted(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: asOffice})
	first := b.enquire("school", colleague("Theodora Quillfeather", "", "+49 30 901820111", ""))
	second := b.enquire("school", colleague("Theodora Quillfeather", "", "+49 30 901820333", ""))
	if first.Person == second.Person {
		t.Fatal("merged by a name and a city")
	}
	p := b.person(second.Person)
	if len(p.Doubts) != 1 || p.Doubts[0].With != first.Person || len(p.Doubts[0].Evidence) == 0 {
		t.Fatalf("doubts %+v", p.Doubts)
	}
	ids, _, err := b.table.Doubts(t.Context(), app.Page{})
	if err != nil || !slices.Equal(ids, []string{p.ID}) {
		t.Errorf("the list has %v (%v)", ids, err)
	}
	third := b.enquire("school", colleague("Benedict Marlowe", "", "+49 30 901820555", ""))
	if q := b.person(third.Person); len(q.Doubts) != 0 {
		t.Errorf("somebody else: %+v", q.Doubts)
	}
}

// TestTwoKeysJoin: an enquiry with the phone of one and the address of another makes
// them one, where it is like both.
func TestTwoKeysJoin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second string
		joined bool
	}{
		"one and the same": {"Theodora Quillfeather", true},
		"a couple":         {"Benedict Marlowe", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, edit{policy: asOffice})
			first := b.enquire("school", colleague("Theodora Quillfeather", "", "+49 30 901820111", ""))
			b.clock.pass(time.Hour)
			post := colleague(c.second, "", "", "quillfeather@posteo.de")
			post.Set("city", "Hamburg")
			second := b.enquire("school", post)
			if first.Person == second.Person {
				t.Fatal("one person before anything tells so")
			}
			b.clock.pass(time.Hour)
			b.enquire("school", colleague("Theodora Quillfeather", "", "+49 30 901820111", "quillfeather@posteo.de"))
			p, q := b.person(first.Person), b.person(second.Person)
			if joined := q.Into == p.ID; joined != c.joined {
				t.Fatalf("joined: %v, doubts %+v", joined, p.Doubts)
			}
			if !c.joined {
				if len(p.Doubts) != 1 || p.Doubts[0].With != q.ID {
					t.Errorf("doubts %+v", p.Doubts)
				}
				return
			}
			mine, theirs := b.lead(first.ID), b.lead(second.ID)
			if mine.State.Open() == theirs.State.Open() || len(p.Doubts) != 0 {
				t.Errorf("leads %s and %s, doubts %+v", mine.State, theirs.State, p.Doubts)
			}
		})
	}
}

// TestListsAreVerified: what comes from a list waits for the cleansing team, and wakes
// nobody.
func TestListsAreVerified(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		asOffice(d)
		bought := *find(d.Forms, "school")
		bought.ID, bought.Channel, bought.Unverified = "bought", "purchased-list", true
		d.Forms = append(d.Forms, bought)
		if !slices.Contains(d.Channels, "purchased-list") {
			d.Channels = append(d.Channels, "purchased-list")
		}
		d.Cleanse.Team = "schools"
	}})
	l := b.enquire("bought", colleague("Ada Quill", "Quillmere", "+49 30 901820111", ""))
	if l.State != lead.StateUnverified || l.Team != "schools" || l.Deadline == nil || l.Deadline.Do != lead.DutyEscalate || l.Grade == "" {
		t.Fatalf("a lead of a list is %s of %q, due %v", l.State, l.Team, l.Deadline)
	}
	ids, _, err := b.table.Unverified(t.Context(), app.Page{})
	if err != nil || !slices.Equal(ids, []string{l.ID}) {
		t.Errorf("the list has %v (%v)", ids, err)
	}
	b.enquire("bought", colleague("Ada Quill", "Quillmere", "+49 30 901820111", ""))
	if l = b.lead(l.ID); l.State != lead.StateUnverified || l.Touches != 2 {
		t.Errorf("a second list: %s, %d touches", l.State, l.Touches)
	}
	b.enquire("school", colleague("Ada Quill", "Quillmere", "+49 30 901820111", ""))
	if l = b.lead(l.ID); l.State == lead.StateUnverified || l.State == lead.StateNew {
		t.Errorf("after the person's own enquiry it is %s", l.State)
	}
}

func find(forms []form.Spec, id string) *form.Spec {
	return &forms[slices.IndexFunc(forms, func(f form.Spec) bool { return f.ID == id })]
}

// TestWhatComparingCosts: one read more, and two write units, for somebody who
// resembles nobody.
func TestWhatComparingCosts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.enquire("trial", person("Ada Quill", "+49 30 901820111", "ada@quillmere.de")) // warms policy, roster, numbers, keys
	id := b.accepted("trial", person("Benedict Marlowe", "+49 40 901820112", "b.marlowe@tarnbrook.de"))
	before := b.table.Meter()
	b.drain()
	cost := b.table.Meter().Sub(before)
	if b.leadOf(id).State == "" || cost.WriteUnits > 18 || cost.RoundTrips > 4 || cost.ReadUnits > 2 {
		t.Errorf("a new lead cost %+v", cost)
	}
}

// decides lets somebody decide between the enquiry's transaction and the next.
type decides struct {
	app.Store
	then func()
}

func (s decides) Commit(ctx context.Context, c lead.Change) error {
	err := s.Store.Commit(ctx, c)
	if err == nil && c.Submission != nil {
		s.then()
	}
	return err
}

// TestToldApartMeanwhile: who is told apart while an enquiry with the keys of both
// comes in is not joined by it.
func TestToldApartMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: asOffice})
	first := b.enquire("school", colleague("Theodora Quillfeather", "", "+49 30 901820111", ""))
	post := colleague("Theodora Quillfeather", "", "", "quillfeather@posteo.de")
	post.Set("city", "Hamburg")
	second := b.enquire("school", post)
	b.wire(decides{b.table, func() {
		p := b.person(first.Person)
		p.Version++
		p.Apart = []string{second.Person}
		if err := b.table.Commit(b.t.Context(), lead.Change{Person: &p}); err != nil {
			t.Error(err)
		}
	}}, b.vault)
	b.enquire("school", colleague("Theodora Quillfeather", "", "+49 30 901820111", "quillfeather@posteo.de"))
	if p, q := b.person(first.Person), b.person(second.Person); p.Into+q.Into != "" || len(p.Parts)+len(q.Parts) > 0 {
		t.Error("they were joined")
	}
}
