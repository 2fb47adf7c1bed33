package app_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestTwoDecideAtOnce: of two who merge, or undo, at the same moment one does, and the
// other agrees or is told.
func TestTwoDecideAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx := t.Context()
	for n := range 6 {
		one, two := b.brought(b.stranger("trial", 2*n), "working"), b.brought(b.stranger("trial", 2*n+1), "working")
		m := app.Merging{Person: one.Person, With: two.Person}
		errs := both(func(u string) error { _, err := b.desk.Merge(ctx, b.user(u), m); return err })
		if errs[0] != nil || errs[1] != nil {
			t.Errorf("merging at once: %v", errs)
		}
		if p := b.person(one.Person); len(p.Parts) != 1 || p.Version != 2 {
			t.Errorf("merged %d times, version %d", len(p.Parts), p.Version)
		}
		b.counters()
		errs = both(func(u string) error {
			_, err := b.desk.Divide(ctx, b.user(u), app.Division{Person: one.Person, With: two.Person})
			return err
		})
		if (errs[0] == nil) == (errs[1] == nil) || lead.KindOf(firstOf(errs)) != lead.Conflict {
			t.Errorf("undoing at once: %v, want that one does and one is told", errs)
		}
		b.counters()
	}
	one, two := b.stranger("trial", 20), b.stranger("trial", 21)
	errs := both(func(u string) error { // one says the two are one, the other that they are not
		if u == "dora" {
			_, err := b.desk.Merge(ctx, b.user(u), app.Merging{Person: one.Person, With: two.Person})
			return err
		}
		_, err := b.desk.Apart(ctx, b.user(u), one.Person, two.Person)
		return err
	})
	for _, err := range errs {
		if err != nil && lead.KindOf(err) != lead.Conflict && lead.KindOf(err) != lead.Unavailable {
			t.Errorf("deciding differently at once: %v", errs)
		}
	}
	b.counters()
}

func firstOf(errs [2]error) error {
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

func both(do func(user string) error) (errs [2]error) {
	var wait sync.WaitGroup
	for i, u := range []string{"dora", "max"} {
		wait.Go(func() { errs[i] = do(u) })
	}
	wait.Wait()
	return errs
}

// TestMergesAreUndoneInTurn: only the last merge can be taken back, and each click
// takes back what it names.
func TestMergesAreUndoneInTurn(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, dora := t.Context(), b.user("dora")
	var ls []lead.Lead
	for n := range 4 {
		ls = append(ls, b.stranger("trial", n))
	}
	before := map[string][]byte{}
	for _, l := range ls {
		before[l.Person] = image(t, b.person(l.Person))
	}
	first := ls[0].Person
	merge := func(a, c string) {
		t.Helper()
		if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: a, With: c}); err != nil {
			t.Fatal(err)
		}
	}
	merge(ls[3].ID, ls[2].ID)  // the third goes on
	merge(first, ls[1].Person) // the first does
	merge(ls[3].ID, ls[1].ID)  // all are the first now
	if v, err := b.desk.Person(ctx, dora, ls[3].Person); err != nil || v.Into != ls[2].Person {
		t.Errorf("the fourth is %+v (%v)", v, err)
	}
	v, err := b.desk.Person(ctx, dora, ls[3].ID)
	if err != nil || v.ID != first || len(v.Parts) != 2 || len(v.Leads) != 4 || !v.Parts[0].Undo || v.Parts[1].Undo {
		t.Errorf("named by a lead it is %s, parts %+v, %d leads (%v)", v.ID, v.Parts, len(v.Leads), err)
	}
	_, err = b.desk.Divide(ctx, dora, app.Division{Person: first, With: ls[1].Person})
	refusedFor(t, "undoing an earlier one", err, lead.Conflict, "")
	_, err = b.desk.Divide(ctx, dora, app.Division{Person: ls[2].Person})
	refusedFor(t, "undoing in a person who was merged", err, lead.Conflict, "")
	_, err = b.desk.Divide(ctx, dora, app.Division{Person: first, With: ls[2].Person, Version: v.Version - 1})
	refusedFor(t, "having seen an older one", err, lead.Conflict, "version")
	for _, d := range []app.Division{{Person: first, With: ls[2].Person, Version: v.Version}, {Person: first}, {Person: ls[2].ID}} {
		if _, err := b.desk.Divide(ctx, dora, d); err != nil {
			t.Fatalf("undo %+v: %v", d, err)
		}
	}
	_, err = b.desk.Divide(ctx, dora, app.Division{Person: first, With: ls[2].Person})
	refusedFor(t, "undoing once more", err, lead.Conflict, "")
	for id, was := range before {
		if is := image(t, b.person(id)); !bytes.Equal(was, is) {
			t.Errorf("a person was\n%s and is\n%s", was, is)
		}
	}
	b.counters()
}

// TestMergeRefuses what makes no sense.
func TestMergeRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, dora := t.Context(), b.user("dora")
	one, two := b.stranger("trial", 1), b.stranger("trial", 2)
	merge := func(m app.Merging) error { _, err := b.desk.Merge(ctx, dora, m); return err }
	refusedFor(t, "with nobody", merge(app.Merging{Person: one.ID}), lead.Invalid, "with")
	refusedFor(t, "with oneself", merge(app.Merging{Person: one.ID, With: one.ID}), lead.Invalid, "with")
	refusedFor(t, "with who is not there", merge(app.Merging{Person: one.ID, With: "pnobody"}), lead.Invalid, "with")
	refusedFor(t, "of who is not there", merge(app.Merging{Person: "lnothing", With: one.ID}), lead.NotFound, "")
	refusedFor(t, "with contact data as the reason", merge(app.Merging{Person: one.ID, With: two.ID, Why: "both are ada@example.com"}), lead.Invalid, "why")
	refusedFor(t, "having seen another version", merge(app.Merging{Person: one.ID, With: two.ID, Version: 7}), lead.Conflict, "version")
	if _, err := b.desk.Divide(ctx, dora, app.Division{Person: one.ID}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("undoing what never was: %v", err)
	}
	if err := merge(app.Merging{Person: one.ID, With: two.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	_, err := b.desk.Apart(ctx, dora, one.Person, two.Person)
	refusedFor(t, "apart once merged", err, lead.Conflict, "")
}

// TestWhoDecides: the cleansing team's dispatchers and managers, and nobody else; ops
// look without contact data.
func TestWhoDecides(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: func(d *policy.Document) {
		d.Cleanse.Team = "schools"
		for i := range d.Users {
			if d.Users[i].ID == "dora" {
				d.Users[i].Teams = []string{"young"}
			}
		}
	}})
	ctx := t.Context()
	one, two := b.stranger("trial", 1), b.stranger("trial", 2)
	for _, id := range []string{"dora", "amy", "mia", "cora", "omar", b.userOf(one.Owner()).ID} {
		u := b.user(id)
		want := lead.NotFound
		if id == "omar" {
			want = lead.Denied
		}
		_, merging := b.desk.Merge(ctx, u, app.Merging{Person: one.Person, With: two.Person})
		_, dividing := b.desk.Divide(ctx, u, app.Division{Person: one.Person})
		_, parting := b.desk.Apart(ctx, u, one.Person, two.Person)
		for what, err := range map[string]error{"merge": merging, "divide": dividing, "apart": parting} {
			if lead.KindOf(err) != want {
				t.Errorf("%s as %s: %v", what, id, err)
			}
		}
		v, err := b.desk.Person(ctx, u, one.Person)
		if _, doubting := b.desk.Doubts(ctx, u, app.Page{}); (id == "omar") != (doubting == nil) || (id == "omar") != (err == nil) {
			t.Errorf("looking as %s: %v, %v", id, err, doubting)
		}
		if text := string(encode(t, v)); strings.Contains(text, "Quill") || strings.Contains(text, "Thackeray") || strings.Contains(text, "7001") || v.Decides {
			t.Errorf("%s sees %s", id, text)
		}
	}
	before := b.logs.String()
	v, err := b.desk.Person(ctx, b.user("max"), one.Person)
	if err != nil || !v.Decides || !slices.ContainsFunc(v.Details, func(d app.Detail) bool { return d.Detail == "name" && d.Value == "Boris Thackeray" }) {
		t.Errorf("the manager sees %+v (%v)", v, err)
	}
	if logged := strings.TrimPrefix(b.logs.String(), before); !strings.Contains(logged, `"msg":"reveal"`) || !strings.Contains(logged, one.Person) {
		t.Errorf("the log says %s", logged)
	}
}

// TestHistoryOfMergedLeads: who has the lead that goes on sees what happened with the
// other one, too, and who had that one is told where it went.
func TestHistoryOfMergedLeads(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx := t.Context()
	one, two := b.brought(b.stranger("trial", 1), "working"), b.brought(b.stranger("trial", 2), "offered")
	if one.Owner() == two.Owner() {
		t.Fatal("one rep has both")
	}
	has, had := b.userOf(one.Owner()), b.userOf(two.Owner())
	if err := act(b.desk.Lead(ctx, has, two.ID)); lead.KindOf(err) != lead.NotFound {
		t.Errorf("before: %v", err)
	}
	if _, err := b.desk.Merge(ctx, b.user("max"), app.Merging{Person: one.Person, With: two.Person}); err != nil {
		t.Fatal(err)
	}
	v, err := b.desk.Lead(ctx, has, two.ID)
	if err != nil || v.Into != one.ID || v.Contact == nil || v.Contact.Masked || v.Person != "" || len(v.Acts) > 0 {
		t.Errorf("its rep sees %+v (%v)", v, err)
	}
	told, err := b.desk.Timeline(ctx, has, one.ID, app.Page{})
	if err != nil {
		t.Fatal(err)
	}
	last := told.Entries[len(told.Entries)-1].Events
	if i := slices.IndexFunc(last, func(e app.Event) bool { return e.Kind == "took" }); i < 0 || last[i].Lead != two.ID {
		t.Errorf("the time-line tells %+v", last)
	}
	if _, err := b.desk.Timeline(ctx, has, two.ID, app.Page{}); err != nil {
		t.Errorf("the other's history: %v", err)
	}
	if err := act(b.desk.Lead(ctx, had, two.ID)); lead.KindOf(err) != lead.Denied || !strings.Contains(err.Error(), "merged") {
		t.Errorf("who had it is told %v", err)
	}
	if v, err := b.desk.Lead(ctx, b.user("max"), one.ID); err != nil || v.Person != one.Person {
		t.Errorf("the cleansing team sees the person %q (%v)", v.Person, err)
	}
}

// TestRoundTripsOfMerging: their number does not grow with what the persons have been
// through.
func TestRoundTripsOfMerging(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, max := t.Context(), b.user("max")
	one, two := b.brought(b.stranger("trial", 1), "working"), b.brought(b.stranger("trial", 2), "pooled")
	b.trips("a person", 2, func() error { _, err := b.desk.Person(ctx, max, one.Person); return err }) // person, leads
	// By their ids: two persons, again in the merge, with a lead each, which is read
	// for its details and to be decided on, the commit; the parts, the leads.
	b.trips("merging", 2+6+1+2, func() error {
		_, err := b.desk.Merge(ctx, max, app.Merging{Person: one.Person, With: two.Person})
		return err
	})
	b.trips("a merged person", 3, func() error { _, err := b.desk.Person(ctx, max, one.Person); return err })
}
