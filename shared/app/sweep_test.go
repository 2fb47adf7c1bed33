package app_test

import (
	"encoding/json"
	"slices"
	"strings"
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

// until passes the time and sweeps until the lead's deadline with the duty has been
// acted on, and returns what that sweep counted.
func (b *bundle) until(id string, duty lead.Duty) map[string]int {
	b.t.Helper()
	for range 10 {
		due := b.lead(id).Deadline
		if due == nil {
			break
		}
		b.clock.pass(due.At.Sub(b.clock.Now()))
		if counts := b.sweep(); due.Do == duty {
			return counts
		}
	}
	b.t.Fatalf("lead %s is never due for %s", id, duty)
	return nil
}

func TestOfferNotAcceptedGoesToOthersAndThenToThePool(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	b.clock.pass(29 * time.Minute)
	if counts := b.sweep(); counts["due"] != 0 {
		t.Fatalf("sweep found %v a minute before half of the time", counts)
	}
	b.clock.pass(time.Minute)
	if counts := b.sweep(); counts["due"] != 1 || counts["remind"] != 1 {
		t.Fatalf("sweep counted %v, want one reminder", counts)
	}
	b.relay(b.history(l.ID)[1:]...)
	if notices := b.deliver.take(10); len(notices) != 1 || b.handle("deliver", notices...) != 0 {
		t.Fatalf("%d notices after half of the time, want the rep's reminder; log: %s", len(notices), b.logs)
	}
	b.clock.pass(29 * time.Minute)
	if counts := b.sweep(); counts["due"] != 0 {
		t.Fatalf("sweep found %v a minute early", counts)
	}
	var had []string
	for round := 1; ; round++ {
		l = b.lead(l.ID)
		if l.State == lead.StatePooled {
			break
		}
		if l.State != lead.StateOffered || slices.Contains(had, l.Owner()) {
			t.Fatalf("round %d: lead is %s with %q, want offered to another than %v", round, l.State, l.Owner(), had)
		}
		had = append(had, l.Owner())
		if counts := b.until(l.ID, lead.DutyWithdraw); counts["withdraw"] != 1 || counts["failed"] != 0 {
			t.Fatalf("sweep counted %v, want one withdrawal", counts)
		}
		b.tell(l.ID)
	}
	if pol, _ := b.policy.Get(t.Context()); len(had) != pol.Rules(l.Team).MaxOffers {
		t.Errorf("%d reps got it before the pool: %v", len(had), had)
	}
	for _, rep := range had {
		if r, err := b.table.Rep(t.Context(), rep); err != nil || r.Holding != 0 {
			t.Errorf("rep %s holds %d (%v), want 0", rep, r.Holding, err)
		}
	}
}

func TestLostRoutingOrderIsFoundBySweep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	b.until(l.ID, lead.DutyWithdraw) // back to routing; nobody tells route
	b.clock.pass(2 * time.Minute)
	if counts := b.sweep(); counts["route"] != 1 {
		t.Fatalf("sweep counted %v, want one lead routed", counts)
	}
	if l = b.lead(l.ID); l.State != lead.StateOffered {
		t.Errorf("lead is %s, want offered", l.State)
	}
}

// TestMissedFirstFollowUpGoesToAnotherRep: reminded, the manager told, taken away.
func TestMissedFirstFollowUpGoesToAnotherRep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	first := l.Owner()
	if _, err := b.desk.Accept(t.Context(), b.userOf(first), app.Target{Lead: l.ID}); err != nil {
		t.Fatal(err)
	}
	before := len(b.history(l.ID))
	if counts := b.until(l.ID, lead.DutyReclaim); counts["reclaim"] != 1 {
		t.Fatalf("sweep counted %v, want one reclaim", counts)
	}
	b.relay(b.history(l.ID)[before:]...)
	if notices := b.deliver.take(10); len(notices) != 3 { // two reminders, the last one to the manager as well
		t.Errorf("%d notices before the lead was taken back, want 3: %s", len(notices), notices)
	} else if failed := b.handle("deliver", notices...); failed != 0 {
		t.Errorf("deliver failed: %s", b.logs)
	}
	b.routed()
	if l = b.lead(l.ID); l.State != lead.StateOffered || l.Owner() == first {
		t.Errorf("lead is %s with %q, want offered to another", l.State, l.Owner())
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
	b.clock.pass(30 * time.Minute)
	if counts := b.sweep(); counts["due"] != n || counts["remind"] != n || counts["failed"] != 0 {
		t.Errorf("sweep counted %v, want %d reminders", counts, n)
	}
	b.clock.pass(30 * time.Minute)
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
	accept := policy.Span{Time: 10 * time.Minute}
	doc.Deadlines.Accept = &accept
	for i := range doc.Teams {
		doc.Teams[i].Deadlines.Accept = &accept
	}
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	after := b.enquire("trial", person("Noah Brooks", "+1 415 555 0140", ""))
	if got := after.Deadline.At.Sub(b.clock.Now()); got != 5*time.Minute || b.history(after.ID)[0].Policy != 2 {
		t.Errorf("a minute later an offer is reminded of after %s by policy %d, want 5m by 2", got, b.history(after.ID)[0].Policy)
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

// TestWarningThatIsNotTrueAnyMore: a manager is not told of a lead that is about to
// be taken away where its rep has opened a deal since.
func TestWarningThatIsNotTrueAnyMore(t *testing.T) {
	t.Parallel()
	for name, dealt := range map[string]bool{"as it was": false, "a deal since": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
			user, on := b.userOf(l.Owner()), app.Target{Lead: l.ID}
			if _, err := b.desk.Accept(t.Context(), user, on); err != nil {
				t.Fatal(err)
			}
			b.until(l.ID, lead.DutyRemind)
			b.until(l.ID, lead.DutyRemind) // the last one, to the manager as well
			history := b.history(l.ID)
			if dealt {
				open := true
				if _, err := b.desk.Deal(t.Context(), user, on, app.Opportunity{Open: &open}); err != nil {
					t.Fatal(err)
				}
			}
			b.relay(history[len(history)-1])
			for _, notice := range b.deliver.take(10) {
				if b.handle("deliver", notice) != 0 {
					t.Fatalf("deliver failed: %s", b.logs)
				}
			}
			warned := 0
			for _, mail := range b.mails() {
				if strings.Contains(mail, "about to be taken") {
					warned++
				}
			}
			if dealt == (warned > 0) {
				t.Errorf("%d warnings went to the manager", warned)
			}
		})
	}
}
