package route_test

import (
	"testing"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// TestWhoComesLaterCounts: a slot of a rep who is there now is worth less to keep
// where somebody comes later today who can take the leads that are still expected.
func TestWhoComesLaterCounts(t *testing.T) {
	t.Parallel()
	gain := func(hours string) float64 {
		now := rep("now", func(r *lead.Rep) { r.Quota, r.Shifts, r.Last = ptr(2), shifts("09:00-18:00"), 6 })
		later := rep("later", func(r *lead.Rep) { r.Quota, r.Shifts = ptr(20), shifts(hours) })
		now.Mix = map[lead.Grade]int{"A": 100}
		table, problems := route.Compile(route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{{Team: "young", Mode: route.Efficiency}}})
		if problems != nil {
			t.Fatal(problems)
		}
		l := lead.Lead{ID: "l", Grade: "B"}
		choice := table.Choose(route.Query{Lead: l, Facts: l.Facts, Reps: []lead.Rep{now, later}, Now: noon})
		if choice.Rep != "now" {
			t.Fatalf("%q is chosen", choice.Rep)
		}
		return choice.Grounds.First[0].Figure
	}
	if over, coming := gain("06:00-11:00"), gain("14:00-20:00"); over >= coming {
		t.Errorf("gain %v where somebody comes later, %v where nobody does", coming, over)
	}
}
