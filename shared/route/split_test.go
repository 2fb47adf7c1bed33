package route_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// batch is a drawn number of leads that are shared at once, and the way of the team.
type batch struct {
	way   route.Way
	table *route.Table
	share route.Share
}

func drawBatch(t *rapid.T, leads, reps int, mode route.Mode) *batch {
	b := &batch{way: route.Way{Team: "young", Mode: mode, CoolOff: day, Wait: day, Weights: map[string]int{}}}
	b.share = route.Share{Team: "young", Now: noon, Given: map[string]int{}}
	for i := range rapid.IntRange(0, reps).Draw(t, "reps") {
		r := rep(fmt.Sprint("rep-", i), func(r *lead.Rep) {
			r.Active = rapid.IntRange(0, 5).Draw(t, "active") > 0
			r.Cap, r.Holding = sometimes(t, "cap", rapid.IntRange(0, 6)), rapid.IntRange(0, 4).Draw(t, "holding")
			r.Tried = map[string]int{"website": 100, "fair": 100}
			r.Won = map[string]int{"website": rapid.IntRange(0, 60).Draw(t, "won"), "fair": rapid.IntRange(0, 60).Draw(t, "won of the fair")}
			r.Teams = rapid.SampledFrom([][]string{{"young"}, {"young"}, {"other"}}).Draw(t, "teams")
			spoil(r, rapid.SampledFrom([]int{2, 4, 9}).Draw(t, "spoilt")) // shifts and quotas do not count
		})
		if b.share.Reps = append(b.share.Reps, r); rapid.IntRange(0, 3).Draw(t, "weighted") == 0 {
			b.way.Weights[r.ID] = rapid.IntRange(0, 3).Draw(t, "weight")
		}
	}
	for i := range rapid.IntRange(0, leads).Draw(t, "leads") {
		l := lead.Lead{ID: fmt.Sprint("lead-", i), Grade: rapid.SampledFrom([]lead.Grade{"", "A+", "B", "D"}).Draw(t, "grade")}
		l.Facts.Channel = rapid.SampledFrom(channels).Draw(t, "channel")
		if rapid.IntRange(0, 2).Draw(t, "had") == 0 {
			l.Owners = []lead.Owner{{Rep: fmt.Sprint("rep-", rapid.IntRange(0, reps).Draw(t, "owner")),
				Until: noon.Add(-time.Duration(rapid.IntRange(0, 40).Draw(t, "ended")) * time.Hour)}}
		}
		b.share.Leads = append(b.share.Leads, l)
	}
	if rapid.IntRange(0, 3).Draw(t, "but one") == 0 {
		b.share.Except = "rep-0"
	}
	b.table = compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{b.way}})
	return b
}

func (b *batch) weight(id string) int {
	if w, given := b.way.Weights[id]; given {
		return w
	}
	return 1
}

// may reports whether a rep may have a lead, rooms aside.
func (b *batch) may(l lead.Lead, r lead.Rep) bool {
	cooling := slices.ContainsFunc(l.Owners, func(o lead.Owner) bool { return o.Rep == r.ID && noon.Sub(o.Until) <= b.way.CoolOff })
	return r.Active && r.ID != b.share.Except && slices.Contains(r.Teams, "young") && b.weight(r.ID) > 0 && !cooling
}

func (b *batch) room(r lead.Rep) int {
	if r.Cap == nil {
		return math.MaxInt
	}
	return max(0, *r.Cap-r.Holding)
}

// TestSplitIsSound: nobody gets what they may not have or have no room for, and
// nothing is left over that somebody could take.
func TestSplitIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 30, 6, rapid.SampledFrom([]route.Mode{route.Even, route.Growth, route.Efficiency}).Draw(t, "mode"))
		split := b.table.Split(b.share)
		if len(split) != len(b.share.Leads) {
			t.Fatalf("%d leads are shared, of %d", len(split), len(b.share.Leads))
		}
		got := map[string]int{}
		for n, id := range split {
			at := slices.IndexFunc(b.share.Reps, func(r lead.Rep) bool { return r.ID == id })
			if got[id]++; id != "" && (at < 0 || !b.may(b.share.Leads[n], b.share.Reps[at])) {
				t.Fatalf("%+v goes to %q, who may not have it", b.share.Leads[n], id)
			}
		}
		for _, r := range b.share.Reps {
			if got[r.ID] > b.room(r) {
				t.Fatalf("%s gets %d leads and has room for %d", r.ID, got[r.ID], b.room(r))
			}
			for n, id := range split {
				if id == "" && b.may(b.share.Leads[n], r) && got[r.ID] < b.room(r) && b.way.Mode != route.Efficiency {
					t.Fatalf("lead %d goes to nobody, and %s could have it", n, r.ID)
				}
			}
		}
	})
}

// TestSplitIsEven: page by page, members get leads within one for each unit of
// their share, where nothing keeps a lead from anybody.
func TestSplitIsEven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 0, 6, route.Even)
		for i := range b.share.Reps {
			b.share.Reps[i].Cap = nil
		}
		for range rapid.IntRange(1, 5).Draw(t, "pages") {
			b.share.Leads = make([]lead.Lead, rapid.IntRange(0, 40).Draw(t, "leads"))
			for _, id := range b.table.Split(b.share) {
				b.share.Given[id]++
			}
			for _, one := range b.share.Reps {
				for _, other := range b.share.Reps {
					if !b.may(lead.Lead{}, one) || !b.may(lead.Lead{}, other) {
						continue
					}
					ahead := float64(b.share.Given[one.ID])/float64(b.weight(one.ID)) - float64(b.share.Given[other.ID])/float64(b.weight(other.ID))
					if ahead > 1+1e-9 {
						t.Fatalf("%s is %.2f ahead of %s: %v", one.ID, ahead, other.ID, b.share.Given)
					}
				}
			}
		}
	})
}

// TestSplitPrefersTheIdle: of members with as many of the batch, who holds fewer
// leads gets the next.
func TestSplitPrefersTheIdle(t *testing.T) {
	t.Parallel()
	reps := []lead.Rep{rep("a", func(r *lead.Rep) { r.Holding = 9 }), rep("b", func(r *lead.Rep) { r.Holding = 2 }), rep("c", func(r *lead.Rep) { r.Holding = 5 })}
	split := teamOf(t, route.Way{}).Split(route.Share{Team: "young", Reps: reps, Now: noon, Leads: make([]lead.Lead, 4)})
	if want := []string{"b", "c", "a", "b"}; !slices.Equal(split, want) {
		t.Errorf("%v, want %v", split, want)
	}
	if split := teamOf(t, route.Way{}).Split(route.Share{Team: "unknown", Reps: reps, Now: noon, Leads: make([]lead.Lead, 1)}); split[0] != "" {
		t.Errorf("a lead goes to %q of no team", split[0])
	}
}

// TestSplitByGainIsBest: no other split of a small batch has more expected
// conversions, of those in which nobody gets more than twice an even share.
func TestSplitByGainIsBest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 5, 4, route.Efficiency)
		split := b.table.Split(b.share)
		var members []lead.Rep
		for _, r := range b.share.Reps {
			if b.may(lead.Lead{}, r) {
				members = append(members, r)
			}
		}
		ability := route.NewAbilities(b.share.Reps, noon).Of("young")
		value := func(n int, id string) float64 {
			return route.Chances[b.share.Leads[n].Grade] * ability.Lift(id, b.share.Leads[n].Facts.Channel)
		}
		rooms := map[string]int{}
		for _, r := range members {
			rooms[r.ID] = min(b.room(r), (2*len(b.share.Leads)+len(members)-1)/len(members))
		}
		var best func(n int) (float64, int)
		best = func(n int) (most float64, placed int) {
			if n == len(b.share.Leads) {
				return 0, 0
			}
			most, placed = best(n + 1)
			for _, r := range members {
				if rooms[r.ID] > 0 && b.may(b.share.Leads[n], r) {
					rooms[r.ID]--
					rest, others := best(n + 1)
					rooms[r.ID]++
					if rest += value(n, r.ID); rest > most+1e-9 || rest > most-1e-9 && others+1 > placed {
						most, placed = max(most, rest), others+1
					}
				}
			}
			return most, placed
		}
		got, placed := 0.0, 0
		for n, id := range split {
			if id != "" {
				got, placed = got+value(n, id), placed+1
			}
		}
		if most, could := best(0); math.Abs(got-most) > 1e-6 || placed < could {
			t.Fatalf("%d leads of %.4f conversions, and %d of %.4f could be had: %v", placed, got, could, most, split)
		}
	})
}
