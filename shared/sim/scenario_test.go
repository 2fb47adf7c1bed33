package sim

import (
	"testing"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// TestScenariosDoWhatTheySay holds the scripts to their names: without a fault, what
// they are about happens to the first lead.
func TestScenariosDoWhatTheySay(t *testing.T) {
	t.Parallel()
	type counts map[string]int
	for name, want := range map[string]counts{
		"a reminder":                            {"reminded of withdraw": 1, "expired": 0},
		"the manager's warning":                 {"reminded of reclaim": 2, "manager": 1, "expired": 0},
		"an offer that goes on to the next rep": {"reminded of withdraw": 1, "expired": 1, "offered": 2},
		"a lead that goes on to the next rep":   {"reminded of reclaim": 2, "expired": 1, "offered": 2},
		"a lead that nobody else gets":          {"expired": 2, "offered": 2, "pooled": 1},
		"a light touch":                         {"nudged": 1, "skipped": 0},
		"a look that touches":                   {"touched": 1, "swept": 1},
		"a look that holds out":                 {"held_out": 1, "swept": 1},
		"a look that routes":                    {"routed": 1, "swept": 1, "offered": 2},
		"a look that finds nobody":              {"touched": 1, "swept": 1, "offered": 1},
		"a look that archives":                  {"archived": 1, "swept": 1, "closed": 1},
		"two sweeps at once":                    {"touched": 1, "swept": 1},
		"two sweeps at once over a likely lead": {"routed": 1, "swept": 1, "offered": 2},
		"a look against a claim":                {"claimed": 1, "pooled": 2},
		"a look against a release":              {"claimed": 1, "pooled": 2, "swept": 1},
		"a touch while a rep meets the person":  {"swept": 1},
		"a person opts out as the house writes": {"swept": 1},
		"the first calls from a list":           {"listed": 1, "dialled": 1, "called": 1},
		"two diallers at once":                  {"listed": 1, "dialled": 1},
		"more time as the time runs out":        {"expired": 0},

		"an enquiry with a slip":                         {"touched": 1, "took": 1},
		"a slip by somebody whose lead was lost":         {"touched": 1, "took": 1, "woken": 1},
		"a slip by somebody who asks for something else": {"touched": 0, "took": 0},
		"a row of a list":                                {"unverified": 1, "offered": 0},
		"a row of somebody who rests":                    {"touched": 1, "woken": 0, "offered": 0},
		"a row with a slip":                              {"touched": 1, "took": 1},
		"a row is verified":                              {"verified": 1, "offered": 1},
		"a row is verified twice at once":                {"verified": 1, "offered": 1},
		"nobody verifies a row":                          {"escalated": 1, "verified": 0},
		"two questions and money for one":                {"asked": 1, "enriched": 1},
		"a merge":                                        {"took": 1},
		"a merge twice at once":                          {"took": 1},
		"an undoing":                                     {"took": 1, "returned": 1},
		"an undoing twice at once":                       {"took": 1, "returned": 1},
		"an undoing of what the system merged":           {"took": 1, "returned": 1},
		"an undoing of a row with a slip":                {"took": 1, "returned": 1},

		"a signal":                                      {"engaged": 1, "scored": 2},
		"one signal twice at once":                      {"engaged": 1, "scored": 2},
		"a signal of whose lead was lost":               {"engaged": 1},
		"a signal of a machine, and what it was":        {"engaged": 2},
		"what a signal was before the signal":           {"engaged": 1},
		"signals while a merge is undone":               {"engaged": 1, "took": 1, "returned": 1},
		"a lead that ripens":                            {"engaged": 1, "woken": 1, "offered": 2},
		"a lead that ripens twice at once":              {"engaged": 1, "woken": 1, "offered": 2},
		"a grade by hand while signals come":            {"engaged": 1, "logged": 1},
		"a walk":                                        {"scored": 2},
		"a walk as processes still know the old policy": {"engaged": 1, "scored": 3},
		"two walks at once":                             {"scored": 2},
		"a policy while the walk goes on":               {"scored": 1},
		"a model":                                       {"scored": 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := scenarioOf(name).perform(Options{Seed: 1})
			got := counts{}
			c.table.Partition("L#"+c.leads[0], func(i table.Item) bool {
				var e lead.Entry
				if _, sk := i.Key(); sk == "L" || e.UnmarshalJSON([]byte(i.Text(schema.Doc))) != nil {
					return true
				}
				for _, event := range e.Events {
					got[lead.KindOfEvent(event)]++
					switch event := event.(type) {
					case lead.Reminded:
						got["reminded of "+string(event.Of)]++
						if event.Manager {
							got["manager"]++
						}
					case lead.Swept:
						got[string(event.Did)]++
					case lead.Nudged:
						if event.Skipped != "" {
							got["skipped"]++
						}
					}
				}
				return true
			})
			for what, n := range want {
				if got[what] != n {
					t.Errorf("%s %d times, want %d: %v", what, got[what], n, got)
				}
			}
			for _, v := range c.violations {
				t.Error(v)
			}
		})
	}
}
