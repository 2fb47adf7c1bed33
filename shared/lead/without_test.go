package lead_test

import (
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestReturnedAsIfNeverTaken plays the same life twice, once with leads that are taken
// over in between and given back, the last one first, and once without: in the end
// the two know the same.
func TestReturnedAsIfNeverTaken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		with, without := newLife(), newLife()
		taken, n := []string{}, 0
		play := func(commands ...lead.Command) {
			for _, l := range []*life{with, without} {
				if err := l.do(commands...); err != nil {
					t.Fatalf("%T: %v", commands[0], err)
				}
			}
		}
		giveBack := func() {
			last := taken[len(taken)-1]
			taken = taken[:len(taken)-1]
			give := lead.Return(lead.Without(with.history, last))
			give.Touches = with.lead.Touches - give.Touches
			if err := with.do(give); err != nil {
				t.Fatal(err)
			}
		}
		first := capture()
		first.Facts = drawFacts(t)
		play(first)
		t.Repeat(map[string]func(*rapid.T){
			"touch": func(t *rapid.T) {
				c := lead.Touch{Facts: drawFacts(t), Listed: rapid.Bool().Draw(t, "listed")}
				c.Private = lead.Sealed(rapid.SampledFrom([]string{"", "later"}).Draw(t, "private"))
				play(c)
			},
			"engage": func(t *rapid.T) { play(lead.Engage{Signals: drawSignals(t, monday)}) },
			"enrich": func(t *rapid.T) {
				play(lead.Ask{Of: []string{"atlas"}})
				play(lead.Enrich{By: "atlas", Facts: drawFacts(t)}, drawScore(t))
			},
			"take": func(t *rapid.T) {
				n++
				id := rapid.SampledFrom([]string{"l2", "l3", "l4", "l5"}).Draw(t, "lead")
				for _, had := range taken {
					if had == id {
						t.Skip("taken over already")
					}
				}
				taken = append(taken, id)
				take := lead.Take{Lead: id, Facts: drawFacts(t), Touches: n, Private: lead.Sealed(rapid.SampledFrom([]string{"", "both"}).Draw(t, "private"))}
				for _, s := range drawSignals(t, monday) {
					s.ID = id + s.ID // each lead has its own
					take.Signals = append(take.Signals, s)
				}
				commands := []lead.Command{take}
				if rapid.Bool().Draw(t, "with its touch") {
					commands = []lead.Command{lead.Touch{Facts: drawFacts(t), Private: lead.Sealed("its own")}, lead.Take{Lead: id}}
				}
				if err := with.do(append(commands, drawScore(t))...); err != nil {
					t.Fatal(err)
				}
			},
			"return": func(t *rapid.T) {
				if len(taken) == 0 {
					t.Skip("none")
				}
				giveBack()
			},
		})
		for len(taken) > 0 {
			giveBack()
		}
		got, want := with.lead, without.lead
		if rapidText(t, got.Facts) != rapidText(t, want.Facts) || string(got.Private) != string(want.Private) || got.Touches != want.Touches || rapidText(t, got.Signals) != rapidText(t, want.Signals) {
			t.Fatalf("it knows %s %q of %d touches, %s\nhad it taken over none, %s %q of %d, %s", rapidText(t, got.Facts), string(got.Private), got.Touches,
				rapidText(t, got.Signals), rapidText(t, want.Facts), string(want.Private), want.Touches, rapidText(t, want.Signals))
		}
	})
}
