package app_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
)

// routed hands what relay sent on to route.
func (b *bundle) routed() {
	b.t.Helper()
	for _, order := range b.route.take(100) {
		if failed := b.handle("route", order); failed > 0 {
			b.t.Fatalf("route failed: %s", b.logs)
		}
	}
}

// tell relays a lead's newest entry and routes what follows.
func (b *bundle) tell(id string) {
	b.t.Helper()
	history := b.history(id)
	b.relay(history[len(history)-1])
	b.routed()
}

func TestOfferNotAcceptedGoesToAnotherAndThenToThePool(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	first := l.Owner()
	b.clock.pass(59 * time.Minute)
	if counts := b.sweep(); counts["due"] != 0 {
		t.Fatalf("sweep found %v a minute early", counts)
	}
	b.clock.pass(time.Minute)
	if counts := b.sweep(); counts["due"] != 1 || counts["withdraw"] != 1 || counts["failed"] != 0 {
		t.Fatalf("sweep counted %v, want one withdrawal", counts)
	}
	if l = b.lead(l.ID); l.State != lead.StateRouting || l.Owner() != "" {
		t.Fatalf("lead is %s with %q, want routing", l.State, l.Owner())
	}
	b.tell(l.ID)
	l = b.lead(l.ID)
	if l.State != lead.StateOffered || l.Owner() == first {
		t.Fatalf("lead is %s with %q, want offered to another than %q", l.State, l.Owner(), first)
	}
	b.clock.pass(time.Hour)
	b.sweep()
	if l = b.lead(l.ID); l.State != lead.StatePooled || l.Pool == "" || l.Deadline == nil {
		t.Fatalf("after the second offer the lead is %s in %q, deadline %v; want pooled", l.State, l.Pool, l.Deadline)
	}
	for _, rep := range []string{first, l.Owners[1].Rep} {
		if r, err := b.table.Rep(t.Context(), rep); err != nil || r.Holding != 0 {
			t.Errorf("rep %s holds %d (%v), want 0", rep, r.Holding, err)
		}
	}
}

func TestLostRoutingOrderIsFoundBySweep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	b.clock.pass(time.Hour)
	b.sweep() // back to routing; nobody tells route
	b.clock.pass(2 * time.Minute)
	if counts := b.sweep(); counts["route"] != 1 {
		t.Fatalf("sweep counted %v, want one lead routed", counts)
	}
	if l = b.lead(l.ID); l.State != lead.StateOffered {
		t.Errorf("lead is %s, want offered", l.State)
	}
}

func TestMissedFirstFollowUpGoesToThePool(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	if _, err := b.desk.Accept(t.Context(), b.userOf(l.Owner()), app.Target{Lead: l.ID}); err != nil {
		t.Fatal(err)
	}
	l = b.lead(l.ID)
	b.clock.pass(l.Deadline.At.Sub(b.clock.Now()))
	if counts := b.sweep(); counts["reclaim"] != 1 {
		t.Fatalf("sweep counted %v, want one reclaim", counts)
	}
	if l = b.lead(l.ID); l.State != lead.StatePooled {
		t.Errorf("lead is %s, want pooled", l.State)
	}
}

func TestNobodyEligibleWaitsForTheDispatcher(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: func(reps []lead.Rep) []lead.Rep {
		for i := range reps {
			reps[i].Active = false
		}
		return reps
	}})
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	if l.State != lead.StateTriage || l.Team == "" {
		t.Fatalf("lead is %s of team %q, want triage", l.State, l.Team)
	}
	b.clock.pass(4 * time.Hour)
	if counts := b.sweep(); counts["escalate"] != 1 {
		t.Fatalf("sweep counted %v, want one escalation", counts)
	}
	b.tell(l.ID)
	notices := b.deliver.take(10)
	if len(notices) != 1 || b.handle("deliver", notices...) != 0 {
		t.Fatalf("%d notices, want the manager's; log: %s", len(notices), b.logs)
	}
	if l = b.lead(l.ID); l.State != lead.StateTriage || l.Deadline == nil {
		t.Errorf("lead is %s with deadline %v, want triage with the next one", l.State, l.Deadline)
	}
}

func TestSweepWorksThroughMoreThanAPage(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped})
	const n = 120
	for i := range n {
		b.accepted("trial", person("Person", phoneNumber(i), ""))
	}
	b.drain()
	b.clock.pass(time.Hour)
	if counts := b.sweep(); counts["due"] != n || counts["withdraw"] != n || counts["failed"] != 0 {
		t.Errorf("sweep counted %v, want %d withdrawals", counts, n)
	}
	if counts := b.sweep(); counts["due"] != 0 {
		t.Errorf("the next sweep found %v", counts)
	}
}

func TestNewPolicyIsPickedUpWithinAMinute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	pol, err := b.policy.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, _ := json.Marshal(pol.Document())
	var doc policy.Document
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	accept := policy.Duration(10 * time.Minute)
	doc.Deadlines.Accept = &accept
	for i := range doc.Teams {
		doc.Teams[i].Deadlines.Accept = &accept
	}
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	after := b.enquire("trial", person("Noah Brooks", "+1 415 555 0140", ""))
	if got := after.Deadline.At.Sub(b.clock.Now()); got != 10*time.Minute || b.history(after.ID)[0].Policy != 2 {
		t.Errorf("a minute later an offer stands for %s by policy %d, want 10m by 2", got, b.history(after.ID)[0].Policy)
	}
	if l := b.lead(before.ID); !l.Deadline.At.Equal(before.Deadline.At) {
		t.Errorf("an offer made before moved its deadline")
	}
}

// uncapped takes every limit off the reps.
func uncapped(reps []lead.Rep) []lead.Rep {
	for i := range reps {
		reps[i].Cap, reps[i].Quota, reps[i].Shifts = nil, nil, nil
	}
	return reps
}

// onlyTeam keeps n reps of the young team, with a cap.
func onlyTeam(n, most int) func([]lead.Rep) []lead.Rep {
	return func(reps []lead.Rep) []lead.Rep {
		model := reps[slices.IndexFunc(reps, func(r lead.Rep) bool { return slices.Contains(r.Teams, "young") })]
		var team []lead.Rep
		for i := range n {
			r := model
			r.ID, r.Teams, r.Shifts, r.Quota = repName(i), []string{"young"}, nil, nil
			if most > 0 {
				r.Cap = &most
			}
			team = append(team, r)
		}
		return team
	}
}
