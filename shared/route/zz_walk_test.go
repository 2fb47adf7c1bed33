package route_test

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/route"
)

func TestZZWalk(t *testing.T) {
	for name, c := range map[string]struct {
		way  route.Way
		partA float64
	}{
		"growth 20%": {route.Way{Team: "young", Mode: route.Growth}, .2},
		"growth 50%": {route.Way{Team: "young", Mode: route.Growth}, .5},
		"seniority 20%": {route.Way{Team: "young", Steps: []route.Step{{By: route.BySeniority, Levels: map[lead.Grade][]string{"A": {"senior"}, "B": {"junior"}}}}}, .2},
		"seniority 50%": {route.Way{Team: "young", Steps: []route.Step{{By: route.BySeniority, Levels: map[lead.Grade][]string{"A": {"senior"}, "B": {"junior"}}}}}, .5},
	} {
		worst := map[string]int{}
		sumd := map[string]float64{}
		var last map[string][2]int
		for seed := range 40 {
			rng := rand.New(rand.NewSource(int64(seed)))
			tab, p := route.Compile(route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{c.way}})
			if p != nil {
				t.Fatal(p)
			}
			var reps []lead.Rep
			for i := range 8 {
				r := rep(fmt.Sprint("r", i))
				r.Level = "junior"
				if i < 3 {
					r.Level = "senior"
					r.Target = ptr(0)
				}
				reps = append(reps, r)
			}
			got := map[string][2]int{}
			for n := range 2000 {
				g, k := lead.Grade("B"), 1
				if rng.Float64() < c.partA {
					g, k = "A", 0
				}
				ch := tab.Choose(route.Query{Lead: lead.Lead{ID: fmt.Sprint(seed, "-", n), Grade: g}, Reps: reps, Now: noon.Add(time.Duration(n) * time.Minute)})
				for i := range reps {
					if reps[i].ID == ch.Rep {
						m := lead.RepMove{Rep: ch.Rep, Kind: lead.MoveAssign, Team: "young", Grade: g}
						m.Expect(reps[i], noon)
						m.Step = route.Advance("young", nil, reps, reps[i])
						reps[i] = m.Count(reps[i]); reps[i].Paced=noon.Add(time.Duration(n) * time.Minute)
						x := got[ch.Rep]
						x[k]++
						got[ch.Rep] = x
					}
				}
			}
			last = got
			for _, grp := range []struct {
				n    string
				k    int
				from, to int
			}{{"A seniors", 0, 0, 3}, {"B juniors", 1, 3, 8}} {
				lo, hi := 1<<30, 0
				for i := grp.from; i < grp.to; i++ {
					v := got[fmt.Sprint("r", i)][grp.k]
					lo, hi = min(lo, v), max(hi, v)
				}
				worst[grp.n] = max(worst[grp.n], hi-lo)
				sumd[grp.n] += float64(hi-lo) / 40
			}
		}
		t.Log(name, "worst", worst, "mean", sumd, last)
	}
}
