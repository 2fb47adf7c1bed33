package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
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
