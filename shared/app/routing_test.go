package app_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// daytime makes everybody work from nine to six UTC, every day.
func daytime(reps []lead.Rep) []lead.Rep {
	for i := range reps {
		reps[i].Zone, reps[i].Cap, reps[i].Quota = "UTC", nil, nil
		reps[i].Shifts = []lead.Shift{{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: "09:00", To: "18:00"}}
	}
	return reps
}

func TestNobodyOnShiftWaitsForTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: daytime}) // it is eight o'clock
	l := b.enquire("trial", typed())
	nine := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	if l.State != lead.StateRouting || !l.Wait.Equal(nine) || l.Deadline == nil || !l.Deadline.At.Equal(nine) {
		t.Fatalf("lead is %s until %s with deadline %v, want routing until nine", l.State, l.Wait, l.Deadline)
	}
	list, err := b.desk.Triage(t.Context(), b.user("dora"), "young", app.Page{})
	if err != nil || len(list.Leads) != 1 || !slices.Contains(list.Leads[0].Acts, app.ActAssign) {
		t.Errorf("the dispatcher sees %+v (%v), want the waiting lead, to be assigned", list.Leads, err)
	}
	b.relay(b.history(l.ID)...)
	if orders := b.route.take(10); len(orders) != 0 {
		t.Errorf("%d routing orders for a lead that waits", len(orders))
	}
	for range 2 {
		if failed := b.handle("route", encode(t, app.RouteOrder{Lead: l.ID})); failed != 0 || b.lead(l.ID).Version != l.Version {
			t.Errorf("an order to route a lead that waits on made version %d of it", b.lead(l.ID).Version)
		}
	}
	b.clock.pass(59 * time.Minute)
	if counts := b.sweep(); counts["due"] != 0 {
		t.Errorf("due before the shift begins: %v", counts)
	}
	b.clock.pass(time.Minute)
	b.sweep()
	if l = b.lead(l.ID); l.State != lead.StateOffered || !l.Wait.IsZero() {
		t.Errorf("when the shift begins the lead is %s until %s, want offered", l.State, l.Wait)
	}
	b.counters()
}

func TestShiftTooFarOffGoesToTheDispatcher(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: daytime, policy: func(d *policy.Document) {
		wait := policy.Duration(30 * time.Minute)
		d.Deadlines.Wait = &wait
	}})
	l := b.enquire("trial", typed())
	if l.State != lead.StateTriage {
		t.Fatalf("lead is %s, want triage", l.State)
	}
	events := b.history(l.ID)[0].Events
	i := slices.IndexFunc(events, func(e lead.Event) bool { _, ok := e.(lead.Triaged); return ok })
	if g := events[i].(lead.Triaged).Grounds; g == nil || len(g.Not) != 1 || g.Not[0].Why != "off shift" || g.Not[0].N != 4 {
		t.Errorf("the grounds are %+v, want four reps off shift", g)
	}
}

func TestWaitingLeadCanBeAssigned(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: daytime})
	l := b.enquire("trial", typed())
	v, err := b.desk.Assign(t.Context(), b.user("dora"), app.Target{Lead: l.ID}, "amy")
	if err != nil || v.State != lead.StateOffered {
		t.Errorf("assigned by hand the lead is %s: %v", v.State, err)
	}
	if l = b.lead(l.ID); l.Owner() != "amy" || !l.Wait.IsZero() {
		t.Errorf("lead is with %q until %s", l.Owner(), l.Wait)
	}
}

// inside lets a team qualify leads before the schools' reps get them.
func inside(d *policy.Document) {
	young := slices.IndexFunc(d.Teams, func(t policy.Team) bool { return t.ID == "young" })
	d.Teams[young].Verdicts = []string{"meeting", "online"}
	d.Routing.Rules = []route.Rule{{Name: "meetings", When: `verdict == "meeting"`, Team: "schools"}}
}

func TestVerdictRoutesOn(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: inside})
	l := b.enquire("trial", typed())
	rep, on := b.userOf(l.Owner()), app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(t.Context(), rep, on); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Qualify(t.Context(), rep, on, app.Verdict{Verdict: "nonsense"}); lead.KindOf(err) != lead.Invalid {
		t.Errorf("a verdict that there is not: %v", err)
	}
	if _, err := b.desk.Qualify(t.Context(), rep, on, app.Verdict{Verdict: "meeting", Note: "wants a visit"}); err != nil {
		t.Fatal(err)
	}
	b.tell(l.ID)
	after := b.lead(l.ID)
	if after.State != lead.StateOffered || after.Team != "schools" || after.Facts.Verdict != "meeting" {
		t.Errorf("lead is %s of team %s with verdict %q, want offered in schools", after.State, after.Team, after.Facts.Verdict)
	}
	r, err := b.table.Rep(t.Context(), rep.Rep)
	if err != nil || r.Won["website"] != 1 || r.Tried["website"] != 1 || r.Months["2026-03"] != 1 {
		t.Errorf("the verdict counts as %v won of %v, %v (%v)", r.Won, r.Tried, r.Months, err)
	}
	b.counters()
}

func TestOnlyAQualifyingTeamQualifies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", typed())
	rep, on := b.userOf(l.Owner()), app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(t.Context(), rep, on); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Qualify(t.Context(), rep, on, app.Verdict{Verdict: "meeting"}); lead.KindOf(err) != lead.Conflict {
		t.Errorf("qualifying for nobody: %v", err)
	}
}

func TestManagerMovesALead(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped})
	ctx, l := t.Context(), b.enquire("trial", typed())
	owner, on := b.userOf(l.Owner()), app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(ctx, owner, on); err != nil {
		t.Fatal(err)
	}
	to := "amy"
	if owner.Rep == to {
		to = "ben"
	}
	move := app.Relocation{Rep: to, Reason: "speaks the language"}
	for name, u := range map[string]app.User{"its rep": owner, "a dispatcher": b.user("dora"), "a marketer": b.user("mia")} {
		if _, err := b.desk.Move(ctx, u, on, move); err == nil {
			t.Errorf("%s moved the lead", name)
		}
	}
	manager := b.user("max")
	for name, wrong := range map[string]app.Relocation{
		"nowhere": {Reason: "x"}, "two places": {Rep: to, Pool: "open-sea", Reason: "x"}, "without a reason": {Rep: to},
		"nobody": {Rep: "nobody", Reason: "x"}, "no pool": {Pool: "puddle", Reason: "x"}, "who has it": {Rep: owner.Rep, Reason: "x"},
	} {
		if _, err := b.desk.Move(ctx, manager, on, wrong); err == nil {
			t.Errorf("moved to %s", name)
		}
	}
	if _, err := b.desk.Move(ctx, manager, on, move); err != nil {
		t.Fatal(err)
	}
	after := b.lead(l.ID)
	if after.Owner() != to || after.State != lead.StateWorking || after.Deadline == nil || after.Deadline.Do != lead.DutyRemind {
		t.Errorf("lead is %s with %q, deadline %v; want working on with %s", after.State, after.Owner(), after.Deadline, to)
	}
	b.relay(b.history(l.ID)[after.Version-1])
	if notices := b.deliver.take(10); len(notices) != 1 || !strings.Contains(string(notices[0]), to) {
		t.Errorf("told %s, want the new rep", notices)
	}
	if _, err := b.desk.Move(ctx, manager, on, app.Relocation{Anew: true, Reason: "wrong team"}); err != nil {
		t.Fatal(err)
	}
	b.tell(l.ID)
	if after := b.lead(l.ID); after.State != lead.StateOffered || after.Owner() == to {
		t.Errorf("through the rules anew the lead is %s with %q", after.State, after.Owner())
	}
	b.counters()
}

// book gives one rep many leads, some of them accepted.
func (b *bundle) book(rep string, n int) []string {
	b.t.Helper()
	var ids []string
	owner := b.userOf(rep)
	for i := range n {
		l := b.enquire("trial", person("Person", phoneNumber(i), ""))
		if l.Owner() != rep {
			b.t.Fatalf("lead %d went to %q", i, l.Owner())
		}
		if i%2 == 0 {
			if _, err := b.desk.Accept(b.t.Context(), owner, app.Target{Lead: l.ID}); err != nil {
				b.t.Fatal(err)
			}
		}
		ids = append(ids, l.ID)
	}
	return ids
}

// only lets one rep of the young team get leads, until the others are back.
func only(rep string) func([]lead.Rep) []lead.Rep {
	return func(reps []lead.Rep) []lead.Rep {
		for i := range uncapped(reps) {
			reps[i].Active = reps[i].ID == rep
		}
		return reps
	}
}

func (b *bundle) activate(ids ...string) {
	b.t.Helper()
	for _, id := range ids {
		r, err := b.table.Rep(b.t.Context(), id)
		if err != nil {
			b.t.Fatal(err)
		}
		r.Active = true
		if err := b.table.PutRep(b.t.Context(), r); err != nil {
			b.t.Fatal(err)
		}
	}
}

func TestBookOfALeavingRepIsMoved(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy")})
	ctx, manager := t.Context(), b.user("max")
	ids := b.book("amy", 25)
	b.activate("ben", "cai")
	leaving := app.Removal{From: lead.Origin{Rep: "amy"}, To: lead.Goal{Team: "young"}, Reason: "leaves the company"}
	seen, err := b.desk.Foresee(ctx, manager, leaving)
	if err != nil || seen.Leads != 25 || seen.Moved != 25 || seen.More || seen.Owners["amy"] != 25 || seen.States[lead.StateWorking] != 13 ||
		seen.Given["ben"]+seen.Given["cai"] != 25 || max(seen.Given["ben"], seen.Given["cai"]) != 13 {
		t.Fatalf("foreseen %+v (%v)", seen, err)
	}
	leaving.Key = seen.Key
	job, err := b.desk.Remove(ctx, manager, leaving)
	if err != nil || job.State != "open" {
		t.Fatal(job, err)
	}
	if again, err := b.desk.Remove(ctx, manager, leaving); err != nil || again.ID != job.ID {
		t.Errorf("begun twice it is job %s (%v), want %s", again.ID, err, job.ID)
	}
	f := b.withFaults() // the sweep dies in the middle, twice, once after the store had said yes
	f.fail(3, "Commit")
	if _, err := b.sweepOnce(); err == nil {
		t.Error("the sweep did not say that it failed")
	}
	f.lose(2, "Commit")
	b.sweepOnce()
	b.clock.pass(time.Minute)
	if counts := b.sweep(); counts["moved"] != 25 {
		t.Errorf("sweep counted %v, want 25 moved", counts)
	}
	job, err = b.desk.Job(ctx, manager, job.ID)
	if err != nil || job.State != "done" || job.Seen != 25 || job.Moved != 25 || len(job.Skipped) != 0 || job.Given["ben"]+job.Given["cai"] != 25 {
		t.Fatalf("job %+v (%v)", job, err)
	}
	told := map[string]bool{}
	for i, id := range ids {
		l := b.lead(id)
		want := lead.StateOffered
		if i%2 == 0 {
			want = lead.StateWorking
		}
		if l.Owner() == "amy" || l.Owner() == "" || l.State != want || l.Job != job.ID {
			t.Errorf("lead %d is %s with %q of job %q, want %s with another", i, l.State, l.Owner(), l.Job, want)
		}
		if n := len(l.Owners); n != 1 {
			t.Errorf("lead %d had %d owners, want amy alone: it was moved twice", i, n)
		}
		history := b.history(id)
		b.relay(history[len(history)-1])
		for _, n := range b.deliver.take(10) {
			if b.handle("deliver", n) != 0 {
				t.Errorf("notice came back: %s", b.logs)
			}
		}
		told[l.Owner()] = true
	}
	if mails := b.mails(); len(mails) != len(told) {
		t.Errorf("%d messages for %d reps: each is to be told once", len(mails), len(told))
	}
	b.counters()
	if r, err := b.table.Rep(ctx, "amy"); err != nil || r.Holding != 0 {
		t.Errorf("amy holds %d (%v)", r.Holding, err)
	}
}

func TestTerritoryIsMoved(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy"), policy: func(d *policy.Document) {
		d.Territories = []route.Territory{{ID: "east", When: `city == "Shanghai"`}}
	}})
	ctx, manager := t.Context(), b.user("max")
	b.book("amy", 3)
	other := b.enquire("trial", url.Values{"name": {"Ida Stone"}, "phone": {"+1 415 555 0141"}, "age": {"7"}, "city": {"Beijing"}, "consent": {"yes"}})
	b.activate("ben")
	_, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Team: "young", Territory: "east"}, To: lead.Goal{Rep: "ben"}, Reason: "new territory"})
	if err != nil {
		t.Fatal(err)
	}
	if counts := b.sweep(); counts["moved"] != 3 {
		t.Errorf("sweep counted %v, want the 3 leads of the territory moved", counts)
	}
	if l := b.lead(other.ID); l.Owner() != "amy" {
		t.Errorf("a lead of elsewhere went to %q", l.Owner())
	}
	b.counters()
}

func TestListIsMovedAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy")})
	ctx, manager := t.Context(), b.user("max")
	ids := b.book("amy", 4)
	three := 3
	ben, err := b.table.Rep(ctx, "ben")
	if err != nil {
		t.Fatal(err)
	}
	ben.Active, ben.Cap = true, &three
	if err := b.table.PutRep(ctx, ben); err != nil {
		t.Fatal(err)
	}
	school := b.enquire("school", url.Values{"name": {"Noah Brooks"}, "company": {"North School"}, "email": {"noah@example.com"}, "consent": {"yes"}})
	manager.Teams = []string{"young"}
	job, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Leads: append(ids, school.ID, "lnobody")}, To: lead.Goal{Rep: "ben"}, Reason: "balance"})
	if err != nil {
		t.Fatal(err)
	}
	b.sweep()
	if job, err = b.desk.Job(ctx, manager, job.ID); err != nil || job.State != "done" || job.Moved != 3 || len(job.Left) != 2 {
		t.Errorf("job %+v (%v), want three moved, one beyond the cap and one of another team left", job, err)
	}
	b.counters()
}

func TestJobIsStopped(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy")})
	ctx, manager := t.Context(), b.user("max")
	ids := b.book("amy", 2)
	job, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Rep: "amy"}, To: lead.Goal{Pool: "open-sea"}, Reason: "leaves"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.StopJob(ctx, b.user("dora"), job.ID); lead.KindOf(err) != lead.NotFound {
		t.Errorf("a dispatcher stopped it: %v", err)
	}
	if job, err = b.desk.StopJob(ctx, manager, job.ID); err != nil || job.State != "stopped" {
		t.Errorf("job %+v (%v)", job, err)
	}
	if counts := b.sweep(); counts["moved"] != 0 {
		t.Errorf("a stopped job moved %d", counts["moved"])
	}
	if l := b.lead(ids[0]); l.Owner() != "amy" {
		t.Errorf("the lead went to %q", l.Owner())
	}
}

func TestRemovalsThatCannotBe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, manager := t.Context(), b.user("max")
	ok := app.Removal{From: lead.Origin{Rep: "amy"}, To: lead.Goal{Rep: "ben"}, Reason: "leaves"}
	for field, change := range map[string]func(*app.Removal){
		"from":           func(r *app.Removal) { r.From = lead.Origin{} },
		"to":             func(r *app.Removal) { r.To.Pool = "open-sea" },
		"reason":         func(r *app.Removal) { r.Reason = " " },
		"from.rep":       func(r *app.Removal) { r.From.Rep = "nobody" },
		"to.rep":         func(r *app.Removal) { r.To.Rep = "nobody" },
		"to.team":        func(r *app.Removal) { r.To = lead.Goal{Team: "nobody"} },
		"to.pool":        func(r *app.Removal) { r.To = lead.Goal{Pool: "puddle"} },
		"from.team":      func(r *app.Removal) { r.From = lead.Origin{Team: "nobody"} },
		"from.territory": func(r *app.Removal) { r.From = lead.Origin{Team: "young", Territory: "moon"} },
		"key":            func(r *app.Removal) { r.Key = "no key at all" },
		"from.leads":     func(r *app.Removal) { r.From = lead.Origin{Leads: []string{"l1", "l1"}} },
	} {
		r := ok
		change(&r)
		for name, do := range map[string]func() error{
			"foreseen": func() error { _, err := b.desk.Foresee(ctx, manager, r); return err },
			"begun":    func() error { _, err := b.desk.Remove(ctx, manager, r); return err },
		} {
			if err := do(); lead.KindOf(err) != lead.Invalid || !strings.Contains(fmt.Sprintf("%#v", err), fmt.Sprintf("Field:%q", field)) {
				t.Errorf("%s: %s: %#v, want the field named", field, name, err)
			}
		}
	}
	for _, u := range []string{"amy", "dora", "mia", "omar"} {
		if _, err := b.desk.Remove(ctx, b.user(u), ok); lead.KindOf(err) != lead.Denied {
			t.Errorf("%s moves leads: %v", u, err)
		}
	}
}

func TestReferralGoesToTheReferrersRep(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		d.Forms[0].Fields = append(d.Forms[0].Fields, form.Field{Name: "ref", Kind: form.ReferralKind})
		d.Teams[0].Mode = route.Growth
	}})
	first := b.enquire("trial", person("Emma Carter", phoneNumber(0), ""))
	for i := 1; i < 6; i++ {
		values := person("Friend", phoneNumber(i), "")
		values.Set("ref", first.ID)
		l := b.enquire("trial", values)
		if l.Owner() != first.Owner() || l.Facts.Referrer != first.Owner() {
			t.Errorf("recommended lead %d went to %q, referrer %q; want %q", i, l.Owner(), l.Facts.Referrer, first.Owner())
		}
	}
	for i, code := range []string{"lnobody", "no code at all", strings.Repeat("l", 400)} {
		values := person("Friend", phoneNumber(10+i), "")
		values.Set("ref", code)
		if l := b.enquire("trial", values); l.State != lead.StateOffered || l.Facts.Referrer != "" {
			t.Errorf("with a code that leads nowhere the lead is %s, referrer %q", l.State, l.Facts.Referrer)
		}
	}
	b.counters()
}

func TestAccountOwnerGetsTheNextInterest(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped, policy: func(d *policy.Document) {
		d.Teams[0].Distribution = []route.Step{{By: route.ByAccount}}
	}})
	first := b.enquire("trial", person("Emma Carter", phoneNumber(0), ""))
	for i := 1; i < 4; i++ { // it is others' turn
		b.enquire("trial", person("Another", phoneNumber(i), ""))
	}
	second := b.enquire("demo-zh", url.Values{"name": {"Emma Carter"}, "phone": {phoneNumber(0)}, "age": {"8"}, "consent": {"yes"}})
	if second.ID == first.ID || second.Owner() != first.Owner() || second.Facts.Account != first.Owner() {
		t.Errorf("the next interest went to %q, account owner %q; want %q", second.Owner(), second.Facts.Account, first.Owner())
	}
	b.counters()
}

// TestMoveLeavesWhatWentElsewhere: a lead that the rep lost while a job was on its
// way to it is not taken from whoever has it then.
func TestMoveLeavesWhatWentElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: only("amy")})
	ctx, manager := t.Context(), b.user("max")
	ids := b.book("amy", 1)
	b.activate("ben", "cai")
	job, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Rep: "amy"}, To: lead.Goal{Rep: "ben"}, Reason: "leaves"})
	if err != nil {
		t.Fatal(err)
	}
	f := b.withFaults()
	f.meanwhile("Commit", func() {
		if _, err := b.desk.Move(ctx, manager, app.Target{Lead: ids[0]}, app.Relocation{Rep: "cai", Reason: "speaks the language"}); err != nil {
			t.Error(err)
		}
	})
	b.sweep()
	if l := b.lead(ids[0]); l.Owner() != "cai" {
		t.Errorf("the lead is with %q, want cai", l.Owner())
	}
	if job, err = b.desk.Job(ctx, manager, job.ID); err != nil || job.Moved != 0 || len(job.Left) != 1 || job.State != "done" {
		t.Errorf("job %+v (%v)", job, err)
	}
	b.counters()
}

// TestModeIsSwitchedByThePolicy: within a minute, without a deploy.
func TestModeIsSwitchedByThePolicy(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{reps: uncapped})
	of := func(l lead.Lead) lead.Figure {
		events := b.history(l.ID)[0].Events
		i := slices.IndexFunc(events, func(e lead.Event) bool { _, ok := e.(lead.Offered); return ok })
		if i < 0 {
			t.Fatalf("lead is %s", l.State)
		}
		return events[i].(lead.Offered).Grounds.Of
	}
	if got := of(b.enquire("trial", person("Person", phoneNumber(0), ""))); got != lead.ByTurns {
		t.Errorf("in mode growth the choice is made by %q", got)
	}
	doc := b.document()
	doc.Teams[0].Mode = route.Efficiency
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	if got := of(b.enquire("trial", person("Person", phoneNumber(1), ""))); got != lead.ByGain {
		t.Errorf("in mode efficiency the choice is made by %q", got)
	}
}

// TestJobCountsWhatItDidBeforeItDied: the lead that it sent through the rules is
// with a rep since, to whom the job gave nothing.
func TestJobCountsWhatItDidBeforeItDied(t *testing.T) {
	t.Parallel()
	for _, to := range []lead.Goal{{Anew: true}, {Team: "young"}} {
		b := setup(t, edit{reps: only("amy")})
		ctx, manager := t.Context(), b.user("max")
		ids := b.book("amy", 1)
		b.activate("ben")
		job, err := b.desk.Remove(ctx, manager, app.Removal{From: lead.Origin{Rep: "amy"}, To: to, Reason: "leaves"})
		if err != nil {
			t.Fatal(err)
		}
		f := b.withFaults()
		f.lose(1, "Commit")
		b.sweepOnce()
		given := 0
		if to.Team != "" {
			given = 1
			if _, err := b.desk.Reject(ctx, b.user("ben"), app.Target{Lead: ids[0]}, app.Rejection{Reason: "no time"}); lead.KindOf(err) != lead.Conflict {
				t.Errorf("ben goes on with a lead that was worked on: %v", err)
			}
			if _, err := b.desk.Release(ctx, b.user("ben"), app.Target{Lead: ids[0]}, app.Return{Reason: "no time"}); err != nil {
				t.Fatal(err)
			}
		} else {
			b.tell(ids[0])
			if l := b.lead(ids[0]); l.Owner() != "ben" {
				t.Fatalf("routed to %q", l.Owner())
			}
		}
		b.clock.pass(time.Minute)
		b.sweep()
		if job, err = b.desk.Job(ctx, manager, job.ID); err != nil || job.Moved != 1 || job.Given["ben"] != given || job.State != "done" {
			t.Errorf("job %+v (%v), want one lead moved, %d to ben", job, err, given)
		}
		b.counters()
	}
}
