package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// unavailable holds that a post was not taken and nothing was promised.
func (b *bundle) unavailable(what string) {
	b.t.Helper()
	for _, accept := range []string{asJSON, asPage} {
		got := b.direct(refusal{body: typed().Encode()}.ask(accept))
		if got.status != http.StatusServiceUnavailable || got.header.Get("Location") != "" || strings.Contains(got.body, "submission") {
			b.t.Errorf("%s: answered %d %.200s, want 503 and no promise", what, got.status, got.body)
		}
		if seconds := got.header.Get("Retry-After"); seconds == "" {
			b.t.Errorf("%s: the answer does not say when to try again", what)
		}
		for _, word := range append(internals, "cause of the outage", "connection refused") {
			if strings.Contains(got.body, word) {
				b.t.Errorf("%s: the answer tells %q", what, word)
			}
		}
	}
	if queued := b.intake.take(10); len(queued) > 0 {
		b.t.Errorf("%s: %d messages were queued", what, len(queued))
	}
}

func TestNothingIsPromisedWhileTheQueueIsDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.intake.down = true
	b.unavailable("queue down")
	if !strings.Contains(b.logs.String(), "cause of the outage") {
		t.Error("the log does not say why")
	}
	b.intake.down = false
	if l := b.enquire("trial", typed()); l.State != lead.StateOffered {
		t.Errorf("afterwards the lead is %s", l.State)
	}
}

func TestNothingIsPromisedWithoutKeysOrPolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.withFaults()
	f.fail(2, "CurrentPolicy")
	b.unavailable("policy unreadable at start")
	f.fail(2, "Hash")
	b.unavailable("keys unreadable")
	f.fail(2, "Seal")
	b.unavailable("post cannot be sealed")
	f.fail(1, "Idempotent")
	if got := b.direct(refusal{body: typed().Encode()}.ask(asJSON).keyed("k1")); got.status != http.StatusServiceUnavailable {
		t.Errorf("an unknown idempotency key is answered %d while the table is down", got.status)
	}
	// The policy is known now: capture goes on without the table.
	b.clock.pass(time.Hour)
	f.fail(1, "CurrentPolicy")
	b.accepted("trial", typed())
}

func TestMessageComesBackWhileTheTableIsDown(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Open", "Seal", "Hash", "Reps", "TakeNumbers", "Commit"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			f := b.withFaults()
			id := b.accepted("trial", typed())
			message := b.intake.take(1)[0]
			f.fail(1, method)
			if b.handle("intake", message) != 1 {
				t.Fatal("the message did not come back")
			}
			if _, err := b.table.Submission(t.Context(), id); lead.KindOf(err) != lead.NotFound {
				t.Errorf("a failed message has an outcome already (%v)", err)
			}
			b.settlesOnce(message, id)
		})
	}
}

// settlesOnce delivers a message of an enquiry until it is settled and once
// more, and holds that it led to exactly one lead with one owner.
func (b *bundle) settlesOnce(message []byte, id string) {
	b.t.Helper()
	for range 2 {
		if b.handle("intake", message) != 0 {
			b.t.Fatalf("the message failed again: %s", b.logs)
		}
	}
	l := b.leadOf(id)
	if l.Touches != 1 || l.Version != 1 || l.State != lead.StateOffered {
		b.t.Errorf("lead is %s with %d touches and version %d", l.State, l.Touches, l.Version)
	}
	p, err := b.table.Person(b.t.Context(), l.Person)
	if err != nil || len(p.Keys) != 2 || len(p.Consents) != 1 {
		b.t.Errorf("person has %d keys and %d consents (%v)", len(p.Keys), len(p.Consents), err)
	}
	rep, err := b.table.Rep(b.t.Context(), l.Owner())
	if err != nil || rep.Holding != 1 || rep.Today != 1 || rep.Turns["young"] != 1 {
		b.t.Errorf("rep holds %d, got %d today in %d turns (%v), want 1 each", rep.Holding, rep.Today, rep.Turns["young"], err)
	}
	b.counters()
}

// The answer of a transaction that was committed can be lost: to whoever asked
// it looks as if nothing had happened.

func TestLostAnswerAtIntake(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Commit", "TakeNumbers", "Hash"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			f := b.withFaults()
			id := b.accepted("trial", typed())
			message := b.intake.take(1)[0]
			f.lose(1, method)
			if b.handle("intake", message) != 1 {
				t.Fatal("the lost answer went unnoticed")
			}
			b.settlesOnce(message, id)
		})
	}
}

func TestLostAnswerOfATouchAndOfQuarantine(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.withFaults()
	first := b.enquire("trial", typed())
	id := b.accepted("trial", typed("message", "again"))
	again := b.intake.take(1)[0]
	// What is known first refuses the new person; the second commit is the touch.
	f.lose(1, "Commit")
	for range 3 {
		b.handle("intake", again)
	}
	if l := b.leadOf(id); l.ID != first.ID || l.Touches != 2 || l.Version != 2 {
		t.Errorf("lead has %d touches and version %d, want 2 and 2", l.Touches, l.Version)
	}
	b.clock.pass(time.Minute)
	doc := b.document()
	id = b.accepted("trial", typed("phone", "+1 415 555 0188", "email", ""))
	doc.Forms = doc.Forms[1:]
	doc.Routing.Rules = doc.Routing.Rules[:1]
	doc.Score.Disqualify, doc.Score.Profile = nil, nil
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	message := b.intake.take(1)[0]
	f.lose(1, "Commit")
	if b.handle("intake", message) != 1 || b.handle("intake", message) != 0 {
		t.Fatalf("quarantine: %s", b.logs)
	}
	if sub := b.submission(id); sub.Outcome != lead.OutcomeQuarantined || sub.Reason != "form: no longer configured" {
		t.Errorf("ended as %s (%s)", sub.Outcome, sub.Reason)
	}
}

// TestKeysOfTwoPeopleFoundOneByOne: the address is one person's, and while that
// person is read the number becomes another's.
func TestKeysOfTwoPeopleFoundOneByOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.withFaults()
	one := b.enquire("trial", person("Ann One", "", "ann@example.com"))
	second := b.accepted("trial", person("Bob Two", "+1 415 555 0134", ""))
	both := b.accepted("trial", person("Bob Two", "+1 415 555 0134", "ann@example.com"))
	messages := b.intake.take(2)
	f.meanwhile("Person", func() { b.handle("intake", messages[0]) })
	if b.handle("intake", messages[1]) != 0 {
		t.Fatalf("the message was decided in circles: %s", b.logs)
	}
	two := b.leadOf(second)
	if got := b.leadOf(both); got.ID != two.ID || two.ID == one.ID || got.Touches != 2 {
		t.Errorf("it ended on lead %s with %d touches, want the number's %s, not the address's %s", got.ID, got.Touches, two.ID, one.ID)
	}
}

func TestLostAnswerAtRoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.withFaults()
	l := b.enquire("trial", typed())
	b.until(l.ID, lead.DutyWithdraw)
	b.relay(b.history(l.ID)...)
	orders := b.route.take(10)
	if len(orders) != 1 {
		t.Fatalf("%d orders to route, want 1", len(orders))
	}
	f.lose(1, "Commit")
	if b.handle("route", orders[0]) != 1 || b.handle("route", orders[0]) != 0 || b.handle("route", orders[0]) != 0 {
		t.Fatalf("route: %s", b.logs)
	}
	if after := b.lead(l.ID); after.State != lead.StateOffered || after.Version != 4 || after.Owner() == l.Owner() {
		t.Errorf("lead is %s with version %d", after.State, after.Version)
	}
	b.counters()
}

func TestLostAnswerAtSweep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.withFaults()
	l := b.enquire("trial", typed())
	b.until(l.ID, lead.DutyRemind)
	b.clock.pass(30 * time.Minute)
	f.lose(1, "Commit")
	// The schedule is asked again where the sweep fails.
	if out, err := b.sweepOnce(); err == nil {
		t.Fatalf("the lost answer went unnoticed: %s", out)
	}
	if counts := b.sweep(); counts["due"] != 0 || counts["failed"] != 0 {
		t.Errorf("the next sweep counts %v", counts)
	}
	if after := b.lead(l.ID); after.State != lead.StateRouting || after.Version != 3 {
		t.Errorf("lead is %s with version %d", after.State, after.Version)
	}
	b.counters()
	// One that fails is found again.
	b.clock.pass(time.Hour)
	f.fail(1, "Commit")
	if _, err := b.sweepOnce(); err == nil {
		t.Fatal("the outage went unnoticed")
	}
	if counts := b.sweep(); counts["route"] != 1 {
		t.Errorf("the next sweep counts %v", counts)
	}
}

// TestCrashBetweenSendingAndNoting is the one moment in which a message can go
// out twice; it is the same message then, and not before the lease is over.
func TestCrashBetweenSendingAndNoting(t *testing.T) {
	t.Parallel()
	for name, crash := range map[string]func(*faults){
		"before it is noted": func(f *faults) { f.fail(1, "EndDelivery") },
		"answer lost":        func(f *faults) { f.lose(1, "EndDelivery") },
		"lease's answer":     func(f *faults) { f.lose(1, "BeginDelivery") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			f := b.withFaults()
			l := b.enquire("trial", typed())
			b.relay(b.history(l.ID)...)
			notice := b.deliver.take(1)[0]
			crash(f)
			if b.handle("deliver", notice) != 1 {
				t.Fatal("the crash went unnoticed")
			}
			if name != "answer lost" && b.handle("deliver", notice) != 1 {
				t.Error("sent again while the lease stands")
			}
			before := b.mails()
			b.clock.pass(46 * time.Second)
			for range 2 {
				if b.handle("deliver", notice) != 0 {
					t.Fatalf("after the lease: %s", b.logs)
				}
			}
			after := b.mails()
			if len(after) != 1 || !strings.Contains(after[0], "Message-Id: <"+app.Notice{Lead: l.ID, Version: 1, Kind: app.NoticeOffered}.ID()+"@example.com>") {
				t.Errorf("the outbox holds %d messages, want 1 with the notice's id: %v", len(after), after)
			}
			if name == "answer lost" && before[0] != after[0] {
				t.Error("a noted message was sent again")
			}
		})
	}
}

// mails reads the outbox.
func (b *bundle) mails() []string {
	b.t.Helper()
	files, err := filepath.Glob(filepath.Join(b.outbox, "*.eml"))
	if err != nil {
		b.t.Fatal(err)
	}
	var all []string
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			b.t.Fatal(err)
		}
		all = append(all, string(data))
	}
	return all
}
