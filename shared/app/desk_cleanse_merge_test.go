package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// names of people who do not resemble each other.
var unlike = []string{"Ada Quill", "Boris Thackeray", "Chen Yulan", "Dimitri Vasko", "Elin Sandgren", "Farid Nazari", "Gwen Abernathy", "Hiro Tanabe"}

// stranger makes somebody new with a lead for a product of a form.
func (b *bundle) stranger(form string, n int) lead.Lead {
	b.t.Helper()
	b.clock.pass(time.Minute)
	return b.enquire(form, person(unlike[n%len(unlike)], phoneNumber(7000+n), ""))
}

// brought brings a lead into a state, by the reps and the manager.
func (b *bundle) brought(l lead.Lead, to string) lead.Lead {
	b.t.Helper()
	ctx, on, max := b.t.Context(), app.Target{Lead: l.ID}, b.user("max")
	must := func(_ app.LeadView, err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatalf("bring a lead to %s: %v", to, err)
		}
	}
	if to == "offered" {
		return b.lead(l.ID)
	}
	rep := b.userOf(l.Owner())
	if to == "triage" {
		must(b.desk.Reject(ctx, rep, on, app.Rejection{Reason: "wrong region"}))
		return b.lead(l.ID)
	}
	must(b.desk.Accept(ctx, rep, on))
	switch to {
	case "working":
	case "paused":
		must(b.desk.Hold(ctx, rep, on, "next month"))
	case "pooled":
		must(b.desk.Release(ctx, rep, on, app.Return{Reason: "no time"}))
	case "lost":
		must(b.desk.Close(ctx, rep, on, app.Closing{As: lead.StateLost, Reason: "no need"}))
	case "converted":
		must(b.desk.Convert(ctx, rep, on, app.Win{}))
	case "customer":
		must(b.desk.Convert(ctx, rep, on, app.Win{}))
		must(b.desk.Confirm(ctx, b.user("cora"), on))
	case l.Owner():
	default:
		must(b.desk.Move(ctx, max, on, app.Relocation{Rep: to, Reason: "test"}))
	}
	return b.lead(l.ID)
}

// image is a person as JSON, but for the version.
func image(t testing.TB, p lead.Person) []byte {
	p.Version = 0
	return encode(t, p)
}

// TestMergeInEveryState merges persons whose leads are in every pair of states, and
// takes it back: at most one lead is open in between, nobody's counters are off, and
// both persons are afterwards what they were.
func TestMergeInEveryState(t *testing.T) {
	t.Parallel()
	states := []string{"offered", "working", "paused", "triage", "pooled", "lost", "converted", "customer"}
	for _, first := range states {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			b := setup(t, edit{reps: uncapped, policy: openPool})
			ctx, dora := t.Context(), b.user("dora")
			for n, second := range states {
				one, two := b.brought(b.stranger("trial", 2*n), first), b.brought(b.stranger("trial", 2*n+1), second)
				before := map[string][]byte{one.Person: image(t, b.person(one.Person)), two.Person: image(t, b.person(two.Person))}
				held := b.holdings()
				b.clock.pass(time.Minute)
				what := first + " and " + second
				after, err := b.desk.Merge(ctx, dora, app.Merging{Person: two.ID, With: one.ID, Why: "same voice"})
				if first == "converted" && second == "converted" {
					if lead.KindOf(err) != lead.Conflict || !strings.Contains(err.Error(), "hand-off") {
						t.Errorf("%s: %v, want a conflict that says what to do", what, err)
					}
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if after.ID != one.Person || after.Version == 0 || len(after.Parts) != 1 || after.Parts[0].Person != two.Person || !after.Parts[0].Undo {
					t.Errorf("%s: %+v", what, after)
				}
				b.oneOpen(what, one, two)
				b.counters()
				if _, err := b.desk.Divide(ctx, dora, app.Division{Person: after.ID, With: two.Person}); err != nil {
					t.Fatalf("undo %s: %v", what, err)
				}
				b.counters()
				for id, was := range before {
					if is := image(t, b.person(id)); !bytes.Equal(was, is) {
						t.Errorf("undo %s: a person was\n%s and is\n%s", what, was, is)
					}
				}
				for _, was := range []lead.Lead{one, two} {
					is := b.lead(was.ID)
					if is.State == lead.StateWorking && was.State == lead.StatePaused { // its rep decides anew
						was.State = is.State
					}
					if is.State != was.State || is.Person != was.Person || is.Owner() != was.Owner() || is.Pool != was.Pool ||
						is.Touches != was.Touches || !bytes.Equal(encode(t, is.Facts), encode(t, was.Facts)) || is.Grade != was.Grade {
						t.Errorf("undo %s: the lead was %s with %q in %q, %d touches, and is %s with %q in %q, %d touches",
							what, was.State, was.Owner(), was.Pool, was.Touches, is.State, is.Owner(), is.Pool, is.Touches)
					}
					if lead.Fold(b.history(was.ID)).State != is.State {
						t.Errorf("undo %s: the lead is not what its history tells", what)
					}
				}
				if now := b.holdings(); !mapsSame(now, held) {
					t.Errorf("undo %s: the reps held %v and hold %v", what, held, now)
				}
			}
		})
	}
}

func mapsSame(a, b map[string]int) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// holdings is how many leads each rep holds.
func (b *bundle) holdings() map[string]int {
	b.t.Helper()
	reps, err := b.table.Reps(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	held := map[string]int{}
	for _, r := range reps {
		held[r.ID] = r.Holding
	}
	return held
}

// oneOpen holds that of the leads of two merged persons one is open where one was, and
// is the person's.
func (b *bundle) oneOpen(what string, was ...lead.Lead) {
	b.t.Helper()
	open, wasOpen := []string{}, false
	for _, l := range was {
		is := b.lead(l.ID)
		wasOpen = wasOpen || l.State.Open()
		if is.Person != was[0].Person {
			b.t.Errorf("%s: the lead %s is of %s", what, is.State, is.Person)
		}
		if is.State.Open() {
			open = append(open, is.ID)
		} else if l.State.Open() && is.State != lead.StateMerged {
			b.t.Errorf("%s: the lead that was %s is %s", what, l.State, is.State)
		}
	}
	p := b.person(was[0].Person)
	if len(open) > 1 || len(open) == 0 && wasOpen || len(open) == 1 && p.Leads[was[0].Product] != open[0] {
		b.t.Errorf("%s: open are %v, the person's lead is %s", what, open, p.Leads[was[0].Product])
	}
}

// TestMergeWithOneRep merges persons of whom one rep holds both leads: for one product
// one of them goes, for two both stay.
func TestMergeWithOneRep(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"trial", "demo-zh"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			b := setup(t, edit{reps: uncapped, policy: openPool})
			ctx, dora := t.Context(), b.user("dora")
			one, two := b.brought(b.stranger("trial", 1), "amy"), b.brought(b.stranger(form, 2), "amy")
			want := 1
			if one.Product != two.Product {
				want = 2
			}
			held := b.holdings()["amy"]
			if held != 2 {
				t.Fatalf("amy holds %d", held)
			}
			if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: one.Person, With: two.Person}); err != nil {
				t.Fatal(err)
			}
			if now := b.holdings()["amy"]; now != want {
				t.Errorf("amy holds %d leads, want %d", now, want)
			}
			b.counters()
			// What happens meanwhile stays with the person who goes on.
			b.clock.pass(time.Hour)
			b.enquire("trial", person("Ada", phoneNumber(7002), ""))
			if _, err := b.desk.Divide(ctx, dora, app.Division{Person: one.Person}); err != nil {
				t.Fatal(err)
			}
			b.counters()
			if now := b.holdings()["amy"]; now != 2 {
				t.Errorf("after the undo amy holds %d", now)
			}
			if l := b.lead(one.ID); l.Touches != 2 || l.Person != one.Person {
				t.Errorf("the lead that went on has %d touches: the enquiry since is its own", l.Touches)
			}
			if l := b.lead(two.ID); l.Person != two.Person || l.State != two.State || l.Touches != 1 {
				t.Errorf("the other one is %s of %s with %d touches", l.State, l.Person, l.Touches)
			}
		})
	}
}

// TestUndoWhenTheRepIsFull: a rep who has no room for a lead again does not get it; it
// is routed anew.
func TestUndoWhenTheRepIsFull(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, dora := t.Context(), b.user("dora")
	one, two := b.brought(b.stranger("trial", 1), "amy"), b.brought(b.stranger("trial", 2), "ben")
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: one.Person, With: two.Person}); err != nil {
		t.Fatal(err)
	}
	none := 0
	ben, err := b.table.Rep(ctx, "ben")
	if err != nil {
		t.Fatal(err)
	}
	if ben.Cap = &none; b.table.PutRep(ctx, ben) != nil {
		t.Fatal("the cap cannot be set")
	}
	if _, err := b.desk.Divide(ctx, dora, app.Division{Person: one.Person}); err != nil {
		t.Fatal(err)
	}
	if l := b.lead(two.ID); l.State != lead.StateRouting || l.Deadline == nil {
		t.Errorf("the lead is %s until %v, want it on its way to somebody", l.State, l.Deadline)
	}
	b.counters()
}

// TestUndoAfterLaterActs: what was done with the lead that goes on stays as it is.
func TestUndoAfterLaterActs(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: openPool})
	ctx, dora := t.Context(), b.user("dora")
	one, two := b.brought(b.stranger("trial", 1), "pooled"), b.brought(b.stranger("trial", 2), "pooled")
	if _, err := b.desk.Merge(ctx, dora, app.Merging{Person: one.Person, With: two.Person}); err != nil {
		t.Fatal(err)
	}
	b.clock.pass(time.Hour)
	on := app.Target{Lead: b.person(one.Person).Leads[one.Product]}
	claims := b.user(slices.DeleteFunc(others(one.LastOwner()), func(id string) bool { return id == two.LastOwner() })[0])
	if err := act(b.desk.Claim(ctx, claims, on)); err != nil {
		t.Fatal(err)
	}
	if err := act(b.desk.LogActivity(ctx, claims, on, app.Activity{Way: "call", Seconds: 90})); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Divide(ctx, dora, app.Division{Person: one.Person}); err != nil {
		t.Fatal(err)
	}
	other := two
	if on.Lead == two.ID {
		other = one
	}
	if l := b.lead(on.Lead); l.Owner() != claims.Rep || l.State != lead.StateWorking {
		t.Errorf("what was claimed is %s with %q", l.State, l.Owner())
	}
	if l := b.lead(other.ID); l.State != lead.StatePooled || l.Pool != other.Pool {
		t.Errorf("the other one is %s in %q", l.State, l.Pool)
	}
	if a, c := b.person(one.Person), b.person(two.Person); len(a.Contacts) != 1 || len(c.Contacts) != 1 {
		t.Errorf("the call counts for %d and %d, want for both", len(a.Contacts), len(c.Contacts))
	}
	b.counters()
}

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
		if (errs[0] == nil) == (errs[1] == nil) || lead.KindOf(cmpErr(errs)) != lead.Conflict {
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

func cmpErr(errs [2]error) error {
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
	// By their ids: two persons, again in the merge with two leads, the commit; the parts, the leads.
	b.trips("merging", 2+4+1+2, func() error {
		_, err := b.desk.Merge(ctx, max, app.Merging{Person: one.Person, With: two.Person})
		return err
	})
	b.trips("a merged person", 3, func() error { _, err := b.desk.Person(ctx, max, one.Person); return err })
}
