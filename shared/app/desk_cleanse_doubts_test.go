package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// doubt notes on the person of a lead that they may be that of another one.
func (b *bundle) doubt(l, with lead.Lead) {
	b.t.Helper()
	b.changePerson(l, func(p *lead.Person) {
		p.Doubts = p.Doubted(lead.Doubt{With: with.Person, Probability: 0.8, At: b.clock.Now(), Evidence: []lead.Evidence{
			{Detail: "name", Level: "alike", Weight: 6.2}, {Detail: "email, phone", Level: "different", Weight: -1.5}}})
	})
}

// pairs are the doubts that a user sees, page by page.
func (b *bundle) pairs(user string, limit int) []string {
	b.t.Helper()
	var all []string
	for p := (app.Page{Limit: limit}); ; {
		review, err := b.desk.Doubts(b.t.Context(), b.user(user), p)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, d := range review.Doubts {
			all = append(all, d.Person.ID+" "+d.With.ID)
		}
		if p.Cursor = review.Cursor; p.Cursor == "" {
			return all
		}
	}
}

func TestDoubtsSideBySide(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx := t.Context()
	one, two := b.brought(b.stranger("trial", 0), "working"), b.stranger("demo-zh", 1)
	b.doubt(two, one)
	before := b.logs.String()
	review, err := b.desk.Doubts(ctx, b.user("dora"), app.Page{})
	if err != nil || len(review.Doubts) != 1 || review.Cursor != "" {
		t.Fatalf("%+v (%v)", review, err)
	}
	d := review.Doubts[0]
	if d.Person.ID != one.Person || d.With.ID != two.Person || d.Probability != 0.8 || len(d.Evidence) != 2 ||
		!slices.Equal(d.Evidence[1].Details, []string{"email", "phone"}) || d.Evidence[1].Bits != -1.5 {
		t.Errorf("the doubt is %+v", d)
	}
	name := d.Person.Details[0]
	if name.Detail != "name" || name.Value != unlike[0] || !name.Since.Equal(b.person(one.Person).Created) {
		t.Errorf("the first is %+v", d.Person.Details)
	}
	l := d.Person.Leads
	if len(l) != 1 || l[0].Number != one.Number || l[0].Product != one.Product || l[0].State != lead.StateWorking || l[0].Rep == nil || l[0].Rep.Name == "" || l[0].Grade != one.Grade {
		t.Errorf("its leads are %+v", l)
	}
	logged := strings.TrimPrefix(b.logs.String(), before)
	if !strings.Contains(logged, `"msg":"reveal"`) || !strings.Contains(logged, one.Person) || !strings.Contains(logged, two.Person) {
		t.Errorf("the log says %s", logged)
	}
	before = b.logs.String()
	review, err = b.desk.Doubts(ctx, b.user("omar"), app.Page{})
	if text := string(encode(t, review)); err != nil || len(review.Doubts) != 1 || strings.Contains(text, "Quill") || strings.Contains(text, "+86") || strings.Contains(b.logs.String()[len(before):], "reveal") {
		t.Errorf("ops see %s (%v)", text, err)
	}
	if v, err := b.desk.Person(ctx, b.user("dora"), two.Person); err != nil || len(v.Doubts) != 1 {
		t.Errorf("the person shows %d doubts (%v)", len(v.Doubts), err)
	}
}

// TestApart: whom somebody told apart are not asked about again, whichever of the two
// had the doubt.
func TestApart(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, dora := t.Context(), b.user("dora")
	one, two := b.stranger("trial", 0), b.stranger("trial", 1)
	b.doubt(one, two)
	b.doubt(two, one)
	if got := b.pairs("dora", 10); len(got) != 1 {
		t.Errorf("%d pairs, want one for both doubts", len(got))
	}
	for range 2 { // done twice it is done
		if _, err := b.desk.Apart(ctx, dora, two.ID, one.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.pairs("dora", 10); len(got) != 0 {
		t.Errorf("%v is asked again", got)
	}
	for _, l := range []lead.Lead{one, two} {
		if p := b.person(l.Person); len(p.Doubts) != 0 || len(p.Apart) != 1 {
			t.Errorf("a person has doubts %v and is not %v", p.Doubts, p.Apart)
		}
	}
	b.enquire("trial", person(unlike[0], phoneNumber(7000), ""))
	b.doubt(one, two)
	if got := b.pairs("dora", 10); len(got) != 0 {
		t.Errorf("%v is doubted again", got)
	}
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: one.ID, With: two.ID}); err != nil {
		t.Errorf("who told them apart cannot change their mind: %v", err)
	}
}

// TestDoubtsAboutWhoWasMerged: a doubt about somebody who was merged meanwhile is one
// about whom they are now, or none.
func TestDoubtsAboutWhoWasMerged(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, dora := t.Context(), b.user("dora")
	one, two, three := b.stranger("trial", 0), b.stranger("trial", 1), b.stranger("trial", 2)
	b.doubt(three, two)
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: one.ID, With: two.ID}); err != nil {
		t.Fatal(err)
	}
	if got := b.pairs("dora", 10); !slices.Equal(got, []string{one.Person + " " + three.Person}) {
		t.Errorf("the doubts are %v, want one about whom the second is now", got)
	}
	if _, err := b.desk.Apart(ctx, dora, three.Person, one.Person); err != nil {
		t.Fatal(err)
	}
	if p := b.person(three.Person); len(p.Doubts) != 0 {
		t.Errorf("left is %+v", p.Doubts)
	}
	b.doubt(three, two)
	if got := b.pairs("dora", 10); len(got) != 0 {
		t.Errorf("told apart from whom they are now, %v is asked", got)
	}
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: three.ID, With: two.ID}); err != nil {
		t.Fatal(err)
	}
	if got := b.pairs("dora", 10); len(got) != 0 {
		t.Errorf("once all are one, %v is asked", got)
	}
}

// TestDoubtsArePaged: each pair comes once, in as many round trips as there are pages.
func TestDoubtsArePaged(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	var ls []lead.Lead
	for n := range 8 {
		ls = append(ls, b.stranger("trial", n))
	}
	for n, l := range ls[1:] {
		b.clock.pass(time.Minute)
		b.doubt(l, ls[n])
	}
	all := b.pairs("dora", 3)
	slices.Sort(all)
	if len(all) != 7 || len(slices.Compact(all)) != 7 {
		t.Errorf("%d pairs: %v", len(all), all)
	}
	warm := func() error { _, err := b.desk.Doubts(t.Context(), b.user("dora"), app.Page{}); return err }
	if err := warm(); err != nil {
		t.Fatal(err)
	}
	before := b.table.Meter()
	if err := warm(); err != nil {
		t.Fatal(err)
	}
	few := b.table.Meter().Sub(before).RoundTrips
	for n := range 6 {
		b.doubt(ls[n], ls[n+2])
	}
	b.trips("the list with twice the pairs", few, warm)
	if few > 8 {
		t.Errorf("a page takes %d round trips", few)
	}
}
