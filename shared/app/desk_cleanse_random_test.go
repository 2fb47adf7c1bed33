package app_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// TestMergesAndUndosInAnyOrder merges and divides some persons as it comes, and undoes
// all that is left: in between no product of a person has two open leads and the reps'
// counters are exact, and in the end everybody is who they were.
func TestMergesAndUndosInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := setup(t, edit{reps: uncapped, policy: openPool})
			ctx, dora, random := t.Context(), b.user("dora"), rand.New(rand.NewPCG(seed, 1))
			states := []string{"offered", "working", "paused", "triage", "pooled", "lost", "converted", "customer"}
			var all []lead.Lead
			for n := range 6 {
				form := []string{"trial", "demo-zh"}[random.IntN(2)]
				all = append(all, b.brought(b.stranger(form, n), states[random.IntN(len(states))]))
			}
			before, held := map[string][]byte{}, b.holdings()
			for _, l := range all {
				before[l.Person] = image(t, b.person(l.Person))
			}
			for range 14 {
				b.clock.pass(time.Minute)
				one, two := all[random.IntN(len(all))], all[random.IntN(len(all))]
				var err error
				if random.IntN(3) > 0 {
					_, err = b.desk.Merge(ctx, dora, app.Merging{Person: one.Person, With: two.Person})
				} else {
					_, err = b.desk.Divide(ctx, dora, app.Division{Person: one.ID})
				}
				if kind := lead.KindOf(err); err != nil && kind != lead.Conflict && kind != lead.Invalid {
					t.Fatal(err)
				}
				b.onePerProduct(all)
			}
			for undone := true; undone; { // the outermost first
				undone = false
				for _, l := range all {
					if p := b.person(l.Person); p.Into == "" && len(p.Parts) > 0 {
						if _, err := b.desk.Divide(ctx, dora, app.Division{Person: p.ID}); err != nil {
							t.Fatal(err)
						}
						undone = true
					}
				}
			}
			for _, l := range all {
				if is := image(t, b.person(l.Person)); !bytes.Equal(is, before[l.Person]) {
					t.Errorf("a person was\n%s and is\n%s", before[l.Person], is)
				}
				if is := b.lead(l.ID); is.State != l.State || is.Person != l.Person || is.Owner() != l.Owner() {
					t.Errorf("a lead was %s with %q and is %s with %q", l.State, l.Owner(), is.State, is.Owner())
				}
			}
			if now := b.holdings(); !mapsSame(now, held) {
				t.Errorf("the reps held %v and hold %v", held, now)
			}
		})
	}
}

// onePerProduct holds that no person has two open leads for a product, that the open
// one is who they are asked about, and that the reps' counters are exact.
func (b *bundle) onePerProduct(all []lead.Lead) {
	b.t.Helper()
	open := map[string]string{}
	for _, was := range all {
		l := b.lead(was.ID)
		if !l.State.Open() {
			continue
		}
		p, err := b.table.Person(b.t.Context(), l.Person)
		if err != nil || p.Into != "" {
			b.t.Errorf("an open lead is of %s, who went into %q (%v)", p.ID, p.Into, err)
		}
		key := l.Person + " " + l.Product
		if other := open[key]; other != "" || p.Leads[l.Product] != l.ID {
			b.t.Errorf("for one product %s and %s are open, the person's is %s", other, l.ID, p.Leads[l.Product])
		}
		open[key] = l.ID
	}
	b.counters()
}
