package desk_test

import (
	"testing"

	"sluice/shared/lead"
)

// listed puts a lead in the pool on the sample's call list, as the sweep does.
func (b *bundle) listed(n int) lead.Lead {
	b.t.Helper()
	l := b.enquire("trial", enquiry(n))
	pol, err := b.app.Policy.Get(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	run := func(c lead.Command) {
		b.t.Helper()
		after, entry, err := lead.Run(l, lead.System("test"), pol.Rules(l.Team), b.clock.Now(), c)
		if err == nil {
			err = b.table.Commit(b.t.Context(), lead.NewChange(after, entry))
		}
		if err != nil {
			b.t.Fatal(err)
		}
		l = after
	}
	run(lead.Move{Pool: "open-sea", Why: "test"})
	b.clock.pass(l.Deadline.At.Sub(b.clock.Now()))
	run(lead.Look{Did: lead.DidList, List: "callers"})
	return l
}

// TestListsAreDialled hands a lead out and takes what came of it.
func TestListsAreDialled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.listed(1)
	const next, outcomes = "POST /api/lists/callers/next", "POST /api/lists/callers/outcomes"
	out := b.ok("dora", next, obj{"free": 2, "busy": 1, "ringing": 1})
	leads, _ := out.body["leads"].([]any)
	if out.body["dial"] != 1.0 || out.body["predictive"] != false || len(leads) != 1 || leads[0].(obj)["lead"] != l.ID || leads[0].(obj)["phone"] == "" {
		t.Fatalf("answered %s", out.raw)
	}
	if again := b.ok("dora", next, obj{"free": 2, "busy": 1, "ringing": 0}); len(again.body["leads"].([]any)) != 0 || again.body["dial"] != 2.0 {
		t.Errorf("handed out again: %s", again.raw)
	}
	told := func(name string, value any) obj {
		in := obj{"lead": l.ID, "call": "c-1", "outcome": "not_interested", "ring": 9, "seconds": 40, "summary": "not before summer"}
		in[name] = value
		return in
	}
	for _, fresh := range []bool{true, false} {
		if got := b.ok("dora", outcomes, told("call", "c-1")); got.body["recorded"] != fresh || got.body["state"] != "pooled" {
			t.Errorf("answered %s", got.raw)
		}
	}
	b.refused("dora", next, obj{"free": -1}, "422 invalid")
	b.refused("dora", next, obj{"agents": 1}, "422 invalid")
	b.refused("dora", next, "{", "400 malformed")
	b.refused("dora", "POST /api/lists/nowhere/next", obj{}, "404 not_found")
	b.refused("mia", next, obj{}, "404 not_found")
	b.refused("eva", next, obj{}, "404 not_found")
	b.refused("", next, obj{}, "401 unauthenticated")
	b.refused("dora", outcomes, told("lead", "nobody"), "404 not_found")
	b.refused("dora", outcomes, told("outcome", "delighted"), "422 invalid")
	b.refused("dora", outcomes, told("seconds", 86401), "422 invalid")
	b.refused("dora", outcomes, obj{}, "422 invalid")
	b.refused("mia", outcomes, told("call", "c-2"), "404 not_found")
}
