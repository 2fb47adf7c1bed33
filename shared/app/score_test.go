package app_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// byBehaviour grades by what leads do, with the points that there are by default.
func byBehaviour(d *policy.Document) {
	learn := d.Score.Learn
	d.Score = score.Spec{
		Profile: []score.Rule{{Name: "phone given", When: "has_phone", Points: 50}},
		Grades:  []score.GradeRule{{Grade: lead.GradeA, When: "behaviour >= 60"}, {Grade: lead.GradeB, When: "behaviour >= 30"}, {Grade: lead.GradeC}},
		Hot:     &score.Bar{Behaviour: 60}, Warm: &score.Bar{Behaviour: 30}, Learn: learn,
	}
}

// engaged commits what a program tells of a lead's person.
func (b *bundle) engaged(l lead.Lead, signals ...lead.Signal) lead.Entry {
	b.t.Helper()
	return b.decided(l.ID, lead.System("site"), lead.Engage{Signals: signals})
}

// decided commits what somebody decides about a lead.
func (b *bundle) decided(id string, by lead.Actor, commands ...lead.Command) lead.Entry {
	b.t.Helper()
	pol, err := b.policy.Get(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	l := b.lead(id)
	after, entry, err := lead.Run(l, by, pol.Rules(l.Team), b.clock.Now(), commands...)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.table.Commit(b.t.Context(), lead.NewChange(after, entry)); err != nil {
		b.t.Fatal(err)
	}
	return entry
}

// ordered gives the score function an order, which it must carry out.
func (b *bundle) ordered(o app.ScoreOrder) {
	b.t.Helper()
	if b.handle("score", encode(b.t, o)) != 0 {
		b.t.Fatalf("the order %+v came back: %s", o, b.logs)
	}
}

// lastScored is how the last entry of a lead scored it, nil where it did not.
func (b *bundle) lastScored(id string) *lead.Scored {
	b.t.Helper()
	history := b.history(id)
	for _, e := range history[len(history)-1].Events {
		if scored, ok := e.(lead.Scored); ok {
			return &scored
		}
	}
	return nil
}

func (b *bundle) signal(kind lead.SignalKind, id string) lead.Signal {
	return lead.Signal{Kind: kind, ID: id, At: b.clock.Now(), Sure: 100}
}

// TestSignalsAreScored: within one message, told again for nothing, corrected, faded.
func TestSignalsAreScored(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: byBehaviour})
	l := b.enquire("trial", person("Ada Quill", "+49 30 901820111", "ada@quillmere.de"))
	if l.Grade != lead.GradeC || l.Behaviour != 25 || l.Maturity != lead.Cold {
		t.Fatalf("new it is %+v", l.Standing())
	}
	was := l.Standing()
	came := []lead.Signal{b.signal(lead.SignalEvent, "fair"), b.signal(lead.SignalEvent, "webinar"), b.signal(lead.SignalClick, "m1")}
	b.relay(b.engaged(l, came...))
	orders := b.score.take(10)
	if len(orders) != 1 || len(b.route.all()) != 0 {
		t.Fatalf("signals led to the orders %s", orders)
	}
	carry := func() error {
		if b.handle("score", orders[0]) != 0 {
			return errors.New(b.logs.String())
		}
		return nil
	}
	b.trips("scoring", 2, carry) // the lead, the commit
	scored := b.lastScored(l.ID)
	if l = b.lead(l.ID); l.Grade != lead.GradeA || l.Behaviour != 71 || l.Maturity != lead.Hot || scored == nil || scored.Cause != "signals" || *scored.Was != was {
		t.Fatalf("with signals it is %+v by %+v", l.Standing(), scored)
	}
	b.trips("the same order again", 1, carry)
	b.relay(b.history(l.ID)[2])
	if again := b.score.take(10); len(again) != 0 || b.lead(l.ID).Version != l.Version {
		t.Errorf("a score led to the orders %s", again)
	}

	scanner := came[1]
	scanner.Sure, scanner.Judged = 0, b.clock.Now()
	b.relay(b.engaged(l, scanner))
	b.ordered(read1(t, b.score.take(1)))
	if l = b.lead(l.ID); l.Grade != lead.GradeB || l.Behaviour != 51 || l.Maturity != lead.Warm {
		t.Errorf("corrected it is %+v", l.Standing())
	}

	b.clock.pass(24 * time.Hour) // 49: nobody would act otherwise
	quiet := app.ScoreOrder{Leads: []string{l.ID}, Cause: "acted on", Quiet: true}
	b.ordered(quiet)
	if after := b.lead(l.ID); after.Version != l.Version {
		t.Errorf("fading alone was written: %+v", b.lastScored(l.ID))
	}
	b.ordered(app.ScoreOrder{Leads: []string{l.ID}, Cause: "reply"})
	if after := b.lead(l.ID); after.Version != l.Version+1 || after.Behaviour != 49 {
		t.Errorf("a day later it is %+v", after.Standing())
	}
	b.clock.pass(13 * 24 * time.Hour)
	b.ordered(quiet)
	if after := b.lead(l.ID); after.Grade != lead.GradeC || after.Behaviour != 26 {
		t.Errorf("a half-life later it is %+v", after.Standing())
	}
}

// read1 is the one order of a queue.
func read1(t *testing.T, bodies [][]byte) (o app.ScoreOrder) {
	t.Helper()
	if len(bodies) != 1 {
		t.Fatalf("%d orders, want 1", len(bodies))
	}
	if err := json.Unmarshal(bodies[0], &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestGradeByHandStays while the rep has the lead.
func TestGradeByHandStays(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: byBehaviour})
	l, _, on := b.working()
	if err := act(b.desk.LogActivity(t.Context(), b.userOf(l.Owner()), on, app.Activity{Way: "call", Seconds: 60, Grade: lead.GradeD})); err != nil {
		t.Fatal(err)
	}
	b.relay(b.engaged(l, b.signal(lead.SignalEvent, "a"), b.signal(lead.SignalEvent, "b")))
	b.ordered(read1(t, b.score.take(10)))
	if after := b.lead(l.ID); after.Grade != lead.GradeD || after.Behaviour != 65 || after.Maturity != lead.Hot || !after.ByHand {
		t.Errorf("it is %+v, by hand %t", after.Standing(), after.ByHand)
	}
}

// TestRipeLeadIsRouted: one that is nurtured and becomes hot goes to routing at once.
func TestRipeLeadIsRouted(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: byBehaviour})
	l, _, _ := b.working()
	rep, err := b.table.Rep(t.Context(), l.Owner())
	if err != nil {
		t.Fatal(err)
	}
	pol, err := b.policy.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	after, entry, err := lead.Run(b.lead(l.ID), lead.System("test"), pol.Rules(l.Team), b.clock.Now(), lead.Recycle{Rep: rep.ID, Reason: "too early"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.table.Commit(t.Context(), lead.NewChange(after, entry)); err != nil {
		t.Fatal(err)
	}
	b.relay(b.engaged(after, b.signal(lead.SignalEvent, "a"), b.signal(lead.SignalDownload, "b")))
	b.ordered(read1(t, b.score.take(10)))
	if l = b.lead(l.ID); l.State != lead.StateNurturing || l.Maturity != lead.Warm {
		t.Fatalf("warm it is %s, %s", l.State, l.Maturity)
	}
	b.relay(b.engaged(l, b.signal(lead.SignalEvent, "c")))
	b.ordered(read1(t, b.score.take(10)))
	l = b.lead(l.ID)
	history := b.history(l.ID)
	b.relay(history[len(history)-1])
	if l.State != lead.StateRouting || len(b.route.all()) != 1 {
		t.Fatalf("hot it is %s, and %d orders of routing", l.State, len(b.route.all()))
	}
	b.routed()
	if l = b.lead(l.ID); l.State != lead.StateOffered && l.State != lead.StateTriage {
		t.Errorf("routed it is %s", l.State)
	}
}

// TestOddOrders: those that cannot be carried out come back or are dropped, and harm
// nobody.
func TestOddOrders(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: byBehaviour})
	f := b.withFaults()
	l := b.enquire("trial", person("Ada Quill", "+49 30 901820111", "ada@quillmere.de"))
	b.engaged(l, b.signal(lead.SignalEvent, "a"))
	many := make([]string, 26)
	for i := range many {
		many[i] = l.ID
	}
	for name, body := range map[string][]byte{
		"none": nil, "no JSON": []byte("{"), "a list": []byte("[]"), "no lead": encode(t, app.ScoreOrder{Cause: "x"}), "too many": encode(t, app.ScoreOrder{Leads: many, Cause: "x"}),
		"nothing asked":           encode(t, app.ScoreOrder{Leads: []string{l.ID}}),
		"by a policy not known":   encode(t, app.ScoreOrder{Leads: []string{l.ID}, Cause: "policy 9", Policy: 9}),
		"a lead that has no name": []byte(`{"leads":5}`),
	} {
		if b.handle("score", body) != 1 {
			t.Errorf("%s: it was carried out", name)
		}
	}
	if after := b.lead(l.ID); after.Version != 2 {
		t.Errorf("the lead has version %d", after.Version)
	}

	// Leads that are gone hold up nobody.
	b.ordered(app.ScoreOrder{Leads: []string{"gone", l.ID}, Cause: "signals", Over: true})
	if after := b.lead(l.ID); after.Version != 3 {
		t.Errorf("beside one that is gone the lead was not scored: version %d", after.Version)
	}

	// One that fails is tried again, the others are done.
	other := b.enquire("trial", person("Benedict Marlowe", "+49 40 901820112", "b.marlowe@tarnbrook.de"))
	b.engaged(l, b.signal(lead.SignalEvent, "b"))
	b.engaged(other, b.signal(lead.SignalEvent, "b"))
	f.fail(1, "Lead")
	if b.handle("score", encode(t, app.ScoreOrder{Leads: []string{l.ID, other.ID}, Cause: "signals"})) != 1 {
		t.Error("a failure was not told")
	}
	if b.lead(l.ID).Version != 4 || b.lead(other.ID).Version != 3 {
		t.Errorf("versions %d and %d, want 4 and 3", b.lead(l.ID).Version, b.lead(other.ID).Version)
	}

	// Somebody is quicker.
	f.meanwhile("Commit", func() { b.engaged(l, b.signal(lead.SignalDownload, "c")) })
	b.trips("scoring against another", 2+2+2, func() error { b.ordered(app.ScoreOrder{Leads: []string{l.ID}, Cause: "signals"}); return nil })
	if after := b.lead(l.ID); after.Behaviour != 75 { // 25 + 2·20 + 10
		t.Errorf("after a conflict it is %+v", after.Standing())
	}
	f.lose(1, "Commit")
	b.engaged(l, b.signal(lead.SignalReply, "d"))
	order := encode(t, app.ScoreOrder{Leads: []string{l.ID}, Cause: "signals"})
	if b.handle("score", order) != 1 || b.handle("score", order) != 0 {
		t.Error("a lost answer was not tried again")
	}
	scores := 0
	for _, e := range b.history(l.ID) {
		if scoredIn(e) {
			scores++
		}
	}
	if scores != 4 {
		t.Errorf("scored %d times, want 4", scores)
	}
	for _, secret := range []string{"Quill", "Marlowe", "901820", "tarnbrook", "fair"} {
		if log := b.logs.String(); strings.Contains(log, secret) {
			t.Errorf("the log tells %q: %s", secret, log)
		}
	}
}

// TestOutcomesAreKept: how leads ended, as it is now.
func TestOutcomesAreKept(t *testing.T) {
	t.Parallel()
	b := setup(t, edit{policy: byBehaviour})
	outcome := func(id string) score.Outcome {
		t.Helper()
		all, _, err := b.table.Outcomes(t.Context(), b.clock.Now(), app.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range all {
			if o.Lead == id {
				return o
			}
		}
		return score.Outcome{}
	}
	follow := func(id string) {
		t.Helper()
		history := b.history(id)
		b.relay(history[len(history)-1])
		for _, body := range b.score.take(10) {
			if b.handle("score", body) != 0 {
				t.Fatal(b.logs)
			}
		}
	}
	ctx := t.Context()
	won, rep, on := b.working()
	if err := act(b.desk.Convert(ctx, rep, on, app.Win{})); err != nil {
		t.Fatal(err)
	}
	follow(won.ID)
	o := outcome(won.ID)
	if !o.Won || o.Closed.IsZero() || o.Known["form"] != "trial" {
		t.Errorf("won it ended as %+v", o)
	}
	if l := b.lead(won.ID); b.lastScored(l.ID) != nil || o.Version != l.Version {
		t.Errorf("the end was followed by a score, or is of version %d, not %d", o.Version, l.Version)
	}
	b.trips("an end told again", 2, func() error { // the history, the outcome
		b.ordered(app.ScoreOrder{Leads: []string{won.ID}, Over: true})
		return nil
	})

	form := person("Benedict Marlowe", "+49 40 901820112", "b.marlowe@tarnbrook.de")
	l := b.enquire("trial", form)
	rep, on = b.userOf(l.Owner()), app.Target{Lead: l.ID}
	if err := errors.Join(act(b.desk.Accept(ctx, rep, on)), act(b.desk.Close(ctx, rep, on, app.Closing{As: "lost", Reason: "price"}))); err != nil {
		t.Fatal(err)
	}
	follow(l.ID)
	lost := outcome(l.ID)
	if lost.Won || lost.Closed.IsZero() {
		t.Errorf("lost it ended as %+v", lost)
	}
	ends := b.history(l.ID)
	b.clock.pass(time.Hour)
	b.enquire("trial", form)
	follow(l.ID)
	if o := outcome(l.ID); !o.Closed.IsZero() || o.Version <= lost.Version {
		t.Errorf("open again it ended as %+v", o)
	}
	b.relay(ends[len(ends)-1]) // the stream tells the end once more
	b.ordered(read1(t, b.score.take(10)))
	if o := outcome(l.ID); !o.Closed.IsZero() {
		t.Errorf("told again it ended as %+v", o)
	}
}
