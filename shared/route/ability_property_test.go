package route_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/route"
)

var channelNames = []string{"fair", "web", "call", ""}

// reps draws reps with counters: counts where they are for the nearest that can
// be, or anything.
func reps(counts *rapid.Generator[int]) *rapid.Generator[[]lead.Rep] {
	return rapid.Custom(func(t *rapid.T) []lead.Rep {
		list := make([]lead.Rep, rapid.IntRange(0, 8).Draw(t, "reps"))
		for i := range list {
			r := worked(fmt.Sprintf("r%d", i), rapid.SampledFrom([]string{"", "2026-03-01", "2025-10-01", "2001-01-01", "x"}).Draw(t, "since"))
			for _, channel := range rapid.SliceOfDistinct(rapid.SampledFrom(channelNames), rapid.ID).Draw(t, "channels") {
				r.Tried[channel], r.Won[channel] = counts.Draw(t, "tried"), counts.Draw(t, "won")
			}
			list[i] = r
		}
		return list
	})
}

var (
	sane = rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 100), rapid.IntRange(0, 5000))
	wild = rapid.OneOf(sane, rapid.Int())
)

// everything lists all that an ability tells of reps.
func everything(a *route.Ability, list []lead.Rep) []float64 {
	var all []float64
	add := func(e route.Estimate) { all = append(all, e.Mean, e.Low, e.High, float64(e.Tried), float64(e.Won)) }
	for _, r := range append(slices.Clone(list), lead.Rep{ID: "unknown"}) {
		add(a.Overall(r.ID))
		for _, channel := range append([]string{"unknown"}, channelNames...) {
			add(a.Of(r.ID, channel))
			all = append(all, a.Lift(r.ID, channel), a.Channel(channel))
		}
	}
	return all
}

func TestAbilityIsSane(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := reps(wild).Draw(t, "list")
		a := ability(list...)
		check := func(e route.Estimate) {
			if !(0 < e.Mean && e.Mean < 1 && 0 <= e.Low && e.Low <= e.Mean && e.Mean <= e.High && e.High <= 1) || e.Won < 0 || e.Won > e.Tried {
				t.Fatalf("estimate %+v", e)
			}
		}
		for _, r := range append(list, lead.Rep{ID: "unknown"}) {
			check(a.Overall(r.ID))
			for _, channel := range append([]string{"unknown"}, channelNames...) {
				e, mean, lift := a.Of(r.ID, channel), a.Channel(channel), a.Lift(r.ID, channel)
				check(e)
				if !(0 < mean && mean < 1) || !(lift > 0) || math.Abs(lift*mean/e.Mean-1) > 1e-9 {
					t.Fatalf("%s on %s: channel %v, lift %v, estimate %+v", r.ID, channel, mean, lift, e)
				}
			}
		}
	})
}

func TestAbilityKnowsNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := reps(sane).Draw(t, "list")
		other := rapid.Permutation(list).Draw(t, "other")
		if got, want := everything(ability(other...), list), everything(ability(list...), list); !slices.Equal(got, want) {
			t.Fatalf("in another order the same reps have %v, want %v", got, want)
		}
	})
}

func TestAbilityKnowsNoNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := reps(sane).Draw(t, "list")
		renamed := slices.Clone(list)
		for i := range renamed {
			renamed[i].ID = fmt.Sprintf("z%d", 9-i)
		}
		got, want := everything(ability(renamed...), renamed), everything(ability(list...), list)
		// Sums are made in the order of the names: the last digits may differ.
		if !slices.EqualFunc(got, want, func(x, y float64) bool { return near(x, y, 1e-6*(1+y)) }) {
			t.Fatalf("by other names the same reps have %v, want %v", got, want)
		}
	})
}

func TestAbilityShrinks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := reps(sane).Draw(t, "list")
		a := ability(list...)
		for _, r := range list {
			for _, channel := range channelNames {
				e := a.Of(r.ID, channel)
				if e.Tried == 0 {
					continue
				}
				raw := float64(e.Won) / float64(e.Tried)
				prior, strength := a.Prior(r.ID, channel)
				if e.Mean < min(raw, prior)-1e-5 || e.Mean > max(raw, prior)+1e-5 || strength < 1 {
					t.Fatalf("%s on %s: %v is not between %v and the prior %v", r.ID, channel, e.Mean, raw, prior)
				}
			}
		}
	})
}

// TestAbilityCountsOnce changes a cell's outcomes: what is believed of it but for
// them follows no more than the channel does.
func TestAbilityCountsOnce(t *testing.T) {
	t.Parallel()
	prior := func(outcome string) (mean, channel float64) {
		reps := slices.Concat(many(30, "r", "2020-01-01", "fair 7/100", "web 14/100"), many(30, "s", "2020-01-01", "fair 13/100", "web 26/100"))
		a := ability(append(reps, worked("a", "2020-01-01", outcome, "web 20/100"))...)
		mean, _ = a.Prior("a", "fair")
		return mean, a.Channel("fair")
	}
	good, more := prior("fair 40/100")
	bad, less := prior("fair 0/100")
	if math.Abs(good/bad/(more/less)-1) > 0.03 {
		t.Errorf("by its own outcomes the prior of a cell moves from %v to %v, the channel from %v to %v", bad, good, less, more)
	}
}

func TestAbilityFollowsData(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tried := rapid.IntRange(1, 50).Draw(t, "tried")
		won := rapid.IntRange(0, tried).Draw(t, "won")
		times := rapid.IntRange(2, 20).Draw(t, "times")
		others := many(15, "r", "2020-01-01", "fair 10/100", "web 20/100")
		estimate := func(n int) float64 {
			r := worked("a", "2020-01-01", fmt.Sprintf("fair %d/%d", n*won, n*tried), "web 4/20")
			return ability(append(others, r)...).Of("a", "fair").Mean
		}
		raw := float64(won) / float64(tried)
		if few, more := estimate(1), estimate(times); math.Abs(more-raw) > math.Abs(few-raw)+1e-6 {
			t.Fatalf("%d of %d: %v, of %d times as many %v", won, tried, few, times, more)
		}
	})
}

// TestAbilityRewardsWins compares a rep with another one who differs in nothing
// but more wins.
func TestAbilityRewardsWins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := reps(sane).Draw(t, "list")
		tried := rapid.IntRange(1, 200).Draw(t, "tried")
		won := rapid.IntRange(0, tried-1).Draw(t, "won")
		more := rapid.IntRange(won+1, tried).Draw(t, "more")
		since := rapid.SampledFrom([]string{"", "2026-03-01", "2001-01-01"}).Draw(t, "since")
		web := "web " + rapid.SampledFrom([]string{"0/0", "0/30", "3/30", "400/500"}).Draw(t, "web")
		a := ability(append(list, worked("less", since, fmt.Sprintf("fair %d/%d", won, tried), web), worked("more", since, fmt.Sprintf("fair %d/%d", more, tried), web))...)
		for _, channel := range []string{"fair", "web", "call", "unknown"} {
			if less, more := a.Lift("less", channel), a.Lift("more", channel); more <= less {
				t.Fatalf("on %s who won more has a lift of %v, and who won less %v", channel, more, less)
			}
		}
		if less, more := a.Overall("less").Mean, a.Overall("more").Mean; more <= less {
			t.Fatalf("who won more has %v, who won less %v", more, less)
		}
	})
}
