package policy_test

import (
	"slices"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

func TestUnmanned(t *testing.T) {
	t.Parallel()
	all := reps(t)
	d := sample(t)
	if problems := policy.Unmanned(d, all); problems != nil {
		t.Errorf("the sample's reps: %v", problems)
	}
	for i := range all {
		if slices.Contains(all[i].Teams, "schools") {
			all[i].Active = false
		}
	}
	d.Teams[0].Single = "nobody"
	d.Teams[1].Distribution = []route.Step{{By: route.ByCohort, Cohort: []route.Cohort{{Name: "p1", When: "true", Reps: []string{"amy", "gone"}}}}}
	var paths []string
	for _, p := range policy.Unmanned(d, all) {
		paths = append(paths, p.Path)
	}
	want := []string{"routing.rules[0].team", "teams[0].single", "teams[1].distribution[0].schedule[0].reps[1]"}
	if !slices.Equal(paths, want) {
		t.Errorf("faults at %v, want %v", paths, want)
	}
	if problems := policy.Unmanned(policy.Document{Routing: route.Spec{Fallback: "gone"}}, []lead.Rep{{ID: "amy"}}); problems != nil {
		t.Errorf("a team that there is not is told of elsewhere: %v", problems)
	}
}
