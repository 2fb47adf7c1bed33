package route_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// fair is a team of which some reps are always there, some come and go, and some
// join. Those who are always there are senior, and so are never passed over.
type fair struct {
	roster
	steady int // the first so many
	got    map[string]int
}

func drawFair(t *rapid.T) *fair {
	f := &fair{got: map[string]int{}, steady: rapid.IntRange(2, 5).Draw(t, "steady")}
	f.weights = map[string]int{}
	weighted := rapid.Bool().Draw(t, "weighted")
	for i := range f.steady + rapid.IntRange(0, 4).Draw(t, "fickle") {
		r := rep(fmt.Sprint("rep-", i), func(r *lead.Rep) {
			r.Level = "senior"
			if i >= f.steady {
				r.Level = rapid.SampledFrom(levels).Draw(t, "level")
			}
		})
		f.reps = append(f.reps, r)
		if weighted && rapid.Bool().Draw(t, "has a weight") {
			f.weights[r.ID] = rapid.IntRange(1, 5).Draw(t, "weight")
		}
	}
	f.table = compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{{Team: "young", Weights: f.weights,
		Mode: rapid.SampledFrom([]route.Mode{"", route.Even}).Draw(t, "mode"),
		Steps: []route.Step{{By: route.BySeniority, Levels: map[lead.Grade][]string{
			"A": {"senior"}, "B": {"senior", "junior"},
		}}},
	}}})
	return f
}

// batch is a number of leads that come in at once, in any mix of grades.
func (f *fair) batch(t *rapid.T, most int, now time.Time) {
	for range rapid.IntRange(0, most).Draw(t, "batch") {
		l := lead.Lead{ID: rapid.StringMatching(`[a-z]{3}`).Draw(t, "lead"), Grade: rapid.SampledFrom([]lead.Grade{"A", "B", "C", ""}).Draw(t, "grade")}
		choice := f.give(l, now)
		if choice.Rep == "" {
			t.Fatalf("nobody is chosen: %s", choice.Why)
		}
		f.got[choice.Rep]++
	}
}

// change lets those who come and go do so, for one reason or another, and others
// join.
func (f *fair) change(t *rapid.T, now time.Time) {
	for i := f.steady; i < len(f.reps); i++ {
		r := &f.reps[i]
		r.Active, r.Leave, r.Cap, r.Quota, r.Pace, r.Shifts = true, nil, nil, nil, nil, nil
		switch rapid.IntRange(0, 8).Draw(t, "away") {
		case 0:
			r.Active = false
		case 1:
			r.Leave = []lead.Leave{{From: r.DayOf(now), To: r.DayOf(now)}}
		case 2:
			r.Cap = ptr(r.Holding + 1) // after one more
		case 3:
			r.Quota = ptr(2)
		case 4:
			r.Pace = ptr(90)
		case 5:
			r.Shifts = shifts("00:00-00:01")
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "joins") == 0 && len(f.reps) < 14 {
		r := rep(fmt.Sprint("rep-", len(f.reps)))
		r.Turns["young"] = rapid.SampledFrom([]int{0, route.Median(f.reps, "young", f.weights, r.ID)}).Draw(t, "starts at")
		r.Level = rapid.SampledFrom(levels).Draw(t, "level")
		f.reps = append(f.reps, r)
	}
}

func (f *fair) share(id string) int {
	if w, ok := f.weights[id]; ok {
		return w
	}
	return 1
}

// TestShareIsFair: in whatever order and batches leads come, whoever else is away,
// comes back, joins or is passed over, those who are always there get leads within
// one for each unit of their share.
func TestShareIsFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFair(t)
		now := noon
		for range rapid.IntRange(1, 25).Draw(t, "batches") {
			f.change(t, now)
			f.batch(t, 12, now)
			for _, a := range f.reps[:f.steady] {
				for _, b := range f.reps[:f.steady] {
					ahead := float64(f.got[a.ID])/float64(f.share(a.ID)) - float64(f.got[b.ID])/float64(f.share(b.ID))
					if ahead > 1+1e-9 {
						t.Fatalf("%s is %.2f leads of a share of one ahead of %s: %v, weights %v", a.ID, ahead, b.ID, f.got, f.weights)
					}
				}
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
		}
	})
}

// TestNobodyIsFlooded: who comes back after an absence, or is new, gets their share
// of the leads from then on, give or take what one round of the team is, and is not
// left without either.
func TestNobodyIsFlooded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFair(t)
		last := len(f.reps) - 1
		for i := range f.reps {
			f.reps[i].Level = "senior"
		}
		isNew := rapid.Bool().Draw(t, "is new")
		one := f.reps[last]
		f.reps[last].Active = false
		f.steady = last
		if isNew {
			f.reps = f.reps[:last]
		}
		for range rapid.IntRange(0, 20).Draw(t, "batches before") {
			f.batch(t, 12, noon)
		}
		if isNew {
			one.Turns = map[string]int{"young": rapid.SampledFrom([]int{0, route.Median(f.reps, "young", f.weights, one.ID)}).Draw(t, "starts at")}
			f.reps = append(f.reps, one)
		}
		f.reps[last].Active = true
		clear(f.got)
		for range rapid.IntRange(1, 10).Draw(t, "batches after") {
			f.batch(t, 12, noon)
			n, total, least := 0, 0, math.MaxInt
			for _, r := range f.reps {
				n, total, least = n+f.got[r.ID], total+f.share(r.ID), min(least, f.share(r.ID))
			}
			share := f.share(one.ID)
			even, round := float64(n*share)/float64(total), math.Ceil(float64(share)/float64(least))
			if got := float64(f.got[one.ID]); got > math.Ceil(even)+round || got < math.Floor(even)-round {
				t.Fatalf("%s, new %t, got %.0f of %d leads, and %d of %d is the share", one.ID, isNew, got, n, share, total)
			}
		}
	})
}

// TestAbsenceCostsNothing: a day off costs the leads of the day, and none of the
// days after it.
func TestAbsenceCostsNothing(t *testing.T) {
	t.Parallel()
	f := &fair{got: map[string]int{}}
	f.table = teamOf(t, route.Way{})
	f.reps = []lead.Rep{rep("a"), rep("b"), rep("c"), rep("d")}
	for d := range 20 {
		now := noon.AddDate(0, 0, d)
		for i := range f.reps {
			f.reps[i].Leave = nil
			if d%5 == i { // on every fifth day, each on another
				f.reps[i].Leave = []lead.Leave{{From: f.reps[i].DayOf(now), To: f.reps[i].DayOf(now)}}
			}
		}
		for i := range 12 {
			f.got[f.give(lead.Lead{ID: fmt.Sprint(d, i)}, now).Rep]++
		}
	}
	// Each is there on 16 days, on four of them with all, and on 12 with two others.
	want := 16*3 + 12
	for _, r := range f.reps {
		if n := f.got[r.ID]; n < want-4 || n > want+4 {
			t.Errorf("%s got %d leads, want about %d", r.ID, n, want)
		}
	}
}

// TestLongestPassedOverIsFirst: of those who were passed over while others went on,
// and stand alike now, who has had fewer gets the next lead, whatever its lot.
func TestLongestPassedOverIsFirst(t *testing.T) {
	t.Parallel()
	reps := []lead.Rep{rep("front", turns(40)), rep("a", turns(9)), rep("b", turns(8)), rep("c", turns(20))}
	weights := map[string]int{"c": 4}
	table := teamOf(t, route.Way{Weights: weights})
	for i := range 50 {
		choice := table.Choose(route.Query{Lead: lead.Lead{ID: fmt.Sprint(i)}, Reps: reps, Now: noon})
		if choice.Rep != "c" { // 5 for a share of one
			t.Fatalf("%s is chosen: %+v", choice.Rep, choice.Grounds)
		}
	}
}

// TestWhoLeftTheTeamIsNotItsFront: the turns of a rep who is no longer of the team
// move nobody on.
func TestWhoLeftTheTeamIsNotItsFront(t *testing.T) {
	t.Parallel()
	gone := rep("gone", turns(900), func(r *lead.Rep) { r.Teams = []string{"other"} })
	reps := []lead.Rep{rep("a", turns(4)), gone, rep("b", turns(3))}
	choice := teamOf(t, route.Way{}).Choose(route.Query{Reps: reps, Now: noon})
	if g := choice.Grounds; choice.Rep != "b" || g.First[0].Figure != 3 || route.Advance("young", nil, reps, reps[2]) != 1 {
		t.Errorf("%+v", g)
	}
}
