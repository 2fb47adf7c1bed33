package route_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// TestWhoIsPassedOverTogetherTakesTurns: juniors who are passed over for the best
// leads share the others as evenly as if the seniors were not there.
func TestWhoIsPassedOverTogetherTakesTurns(t *testing.T) {
	t.Parallel()
	for best := 2; best <= 5; best++ { // every so manieth lead is a good one
		way := route.Way{Team: "young", Steps: []route.Step{{By: route.BySeniority, Levels: map[lead.Grade][]string{"A": {"senior"}}}}}
		f := compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{way}})
		var reps []lead.Rep
		for i := range 8 {
			reps = append(reps, rep(fmt.Sprint("rep-", i), func(r *lead.Rep) { r.Level = map[bool]string{true: "senior", false: "junior"}[i < 3] }))
		}
		got := map[string]int{}
		for n := range 2000 {
			l := lead.Lead{ID: fmt.Sprintf("l%d-%d", best, n), Grade: "B"}
			if (n*7919)%best == 0 {
				l.Grade = "A"
			}
			now := noon.Add(time.Duration(n) * time.Minute)
			choice := f.Choose(route.Query{Lead: l, Facts: l.Facts, Reps: reps, Now: now})
			for i := range reps {
				if reps[i].ID == choice.Rep {
					m := lead.RepMove{Rep: choice.Rep, Kind: lead.MoveAssign, Team: "young", Step: route.Advance("young", nil, reps, reps[i]), At: now, Day: reps[i].DayOf(now)}
					reps[i] = m.Count(reps[i])
				}
			}
			got[choice.Rep]++
			least, most := 2000, 0
			for i := 3; i < 8; i++ {
				least, most = min(least, got[reps[i].ID]), max(most, got[reps[i].ID])
			}
			if most-least > 1 {
				t.Fatalf("of %d leads, every %dth a good one, the juniors have %d to %d", n+1, best, least, most)
			}
		}
	}
}

// TestSplitLeavesNobodyOver: where a few have no room, those who have take more
// than twice an even share.
func TestSplitLeavesNobodyOver(t *testing.T) {
	t.Parallel()
	f := compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{{Team: "young", Mode: route.Efficiency}}})
	reps := []lead.Rep{rep("a", full), rep("b", full), rep("c")}
	s := route.Share{Team: "young", Reps: reps, Now: noon}
	for i := range 10 {
		s.Leads = append(s.Leads, lead.Lead{ID: fmt.Sprint("l", i), Grade: "B"})
	}
	for n, to := range f.Split(s) {
		if to != "c" {
			t.Errorf("lead %d goes to %q", n, to)
		}
	}
}
