package policy

import (
	"fmt"
	"slices"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// Unmanned lists the places that name a team of which no rep is an active member,
// and reps that there are not. Reps are records and not in the document, so that
// it can be asked only where they are known.
func Unmanned(d Document, reps []lead.Rep) []rule.Problem {
	c := &checker{}
	var ids []string
	manned := map[string]bool{}
	for _, r := range reps {
		ids = append(ids, r.ID)
		for _, team := range r.Teams {
			manned[team] = manned[team] || r.Active
		}
	}
	team := func(path, id string) {
		if _, known := find(d.Teams, func(t Team) bool { return t.ID == id }); known && !manned[id] {
			c.report(path, "no active rep is of the team %s: its leads would all wait for the dispatcher; add a rep, or name another team", id)
		}
	}
	for i, r := range d.Routing.Rules {
		team(fmt.Sprintf("routing.rules[%d].team", i), r.Team)
	}
	team("routing.fallback", d.Routing.Fallback)
	for i, t := range d.Teams {
		at := fmt.Sprintf("teams[%d]", i)
		if single, known := find(reps, func(r lead.Rep) bool { return r.ID == t.Single }); t.Single != "" && !(known && slices.Contains(single.Teams, t.ID)) {
			c.report(at+".single", "the rep %s is not of the team: its leads would all wait for the dispatcher", t.Single)
		}
		for j, s := range t.Distribution {
			for k, row := range s.Cohort {
				for l, rep := range row.Reps {
					c.refer(fmt.Sprintf("%s.distribution[%d].schedule[%d].reps[%d]", at, j, k, l), "rep", rep, ids)
				}
			}
		}
	}
	return c.problems
}
