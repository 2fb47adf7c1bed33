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

func TestPostBecomesOwnedLeadWithDeadline(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", "Emma.Carter@example.com"))
	if l.State != lead.StateOffered || l.Owner() == "" || l.Grade != lead.GradeA && l.Grade != lead.GradeAPlus {
		t.Fatalf("lead is %s, owner %q, grade %q (%v)", l.State, l.Owner(), l.Grade, l.Reasons)
	}
	if want := b.clock.Now().Add(30 * time.Minute); l.Deadline == nil || !l.Deadline.At.Equal(want) || l.Deadline.Do != lead.DutyRemind {
		t.Errorf("deadline is %+v, want a reminder at %s", l.Deadline, want)
	}
	if !strings.HasPrefix(l.Number, "L-2026-") {
		t.Errorf("number is %q", l.Number)
	}
	history := b.history(l.ID)
	if len(history) != 1 || history[0].Policy != 1 {
		t.Errorf("history is %+v, want one entry decided by policy 1", history)
	}
	rep, err := b.table.Rep(t.Context(), l.Owner())
	if err != nil || rep.Holding != 1 || rep.Today != 1 {
		t.Errorf("rep holds %d, was given %d today (%v), want 1 and 1", rep.Holding, rep.Today, err)
	}
	p, err := b.table.Person(t.Context(), l.Person)
	if err != nil || len(p.Consents) != 1 || p.Consents[0].Version != "2026-01" || p.Leads["kids-coding"] != l.ID || len(p.Keys) != 2 {
		t.Errorf("person is %+v (%v)", p, err)
	}
}

func TestOfferIsToldOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", "emma@example.com"))
	history := b.history(l.ID)
	b.relay(history...)
	b.relay(history...) // the stream delivers again
	notices := b.deliver.take(10)
	if len(notices) != 2 || len(b.route.take(10)) != 0 {
		t.Fatalf("relay sent %d notices, want the one notice twice and nothing to route", len(notices))
	}
	for _, notice := range append(notices, notices...) {
		if failed := b.handle("deliver", notice); failed > 0 {
			t.Fatalf("deliver failed: %s", b.logs)
		}
	}
	files, err := os.ReadDir(b.outbox)
	if err != nil || len(files) != 1 {
		t.Fatalf("outbox holds %d messages (%v), want 1", len(files), err)
	}
	mail, err := os.ReadFile(filepath.Join(b.outbox, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Emma Carter", "+14155550132", "emma@example.com", l.Number, "/leads/" + l.ID, "Please accept by"} {
		if !strings.Contains(string(mail), want) {
			t.Errorf("the mail lacks %q:\n%s", want, mail)
		}
	}
}

func TestSamePersonAgainIsATouch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", "emma.carter@gmail.com"))
	second := b.accepted("trial", person("E. Carter", "001 (415) 555-0132", "someone.else@example.org"))
	third := b.accepted("trial", person("Emma C", "", "emmacarter+news@gmail.com"))
	b.drain()
	for _, id := range []string{second, third} {
		if sub := b.submission(id); sub.Outcome != lead.OutcomeMerged || sub.Lead != first.ID {
			t.Errorf("submission ended as %s on lead %s, want merged on %s", sub.Outcome, sub.Lead, first.ID)
		}
	}
	l := b.lead(first.ID)
	if l.Touches != 3 || l.Owner() != first.Owner() || l.Version != 3 {
		t.Errorf("lead has %d touches, owner %q, version %d; want 3, %q, 3", l.Touches, l.Owner(), l.Version, first.Owner())
	}
	if p, err := b.table.Person(t.Context(), l.Person); err != nil || len(p.Keys) != 3 {
		t.Errorf("person has %d keys (%v), want the phone and two addresses", len(p.Keys), err)
	}
}

func TestAnotherProductIsAnotherLead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.enquire("trial", person("王芳", "+86 139 1234 5678", ""))
	second := b.enquire("demo-zh", person("王芳", "13912345678", ""))
	if first.ID == second.ID || first.Person != second.Person || first.Product == second.Product {
		t.Errorf("leads %s of %s and %s of %s, want two leads of one person", first.ID, first.Person, second.ID, second.Person)
	}
}

func TestKeysOfTwoPeople(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.enquire("trial", person("Ann One", "+1 415 555 0133", "ann@example.com"))
	two := b.enquire("trial", person("Bob Two", "+1 415 555 0134", "bob@example.com"))
	id := b.accepted("trial", person("Ann Two", "+1 415 555 0134", "ann@example.com"))
	b.drain()
	if sub := b.submission(id); sub.Outcome != lead.OutcomeMerged || sub.Lead != two.ID {
		t.Errorf("the post of a known phone with another's address ended as %s on %s, want merged on the phone's lead %s (not %s)",
			sub.Outcome, sub.Lead, two.ID, one.ID)
	}
}

func TestTouchWakes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	rep := b.userOf(l.Owner())
	ctx := t.Context()
	target := app.Target{Lead: l.ID}
	if _, err := b.desk.Accept(ctx, rep, target); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Recycle(ctx, rep, target, "child is too young"); err != nil {
		t.Fatal(err)
	}
	b.clock.pass(24 * time.Hour)
	again := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", ""))
	if again.ID != l.ID || again.State != lead.StateOffered || again.Owner() == l.Owner() {
		t.Errorf("after a new enquiry the lead is %s with %q, want offered to another rep than %q", again.State, again.Owner(), l.Owner())
	}
}

func TestRedeliveryChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.accepted("trial", person("Emma Carter", "+1 415 555 0132", "emma@example.com"))
	messages := b.intake.take(1)
	for range 3 {
		if failed := b.handle("intake", messages...); failed > 0 {
			t.Fatalf("intake failed: %s", b.logs)
		}
	}
	if l := b.leadOf(id); l.Touches != 1 || l.Version != 1 {
		t.Errorf("after three deliveries the lead has %d touches and version %d, want 1 and 1", l.Touches, l.Version)
	}
}

func TestMalformedMessageLeavesItsNeighboursAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.accepted("trial", person("Emma Carter", "+1 415 555 0132", ""))
	good := b.intake.take(1)[0]
	if failed := b.handle("intake", []byte("{not json"), good, []byte(`{"id":"x"}`), []byte("")); failed != 3 {
		t.Errorf("%d of 4 messages failed, want the 3 malformed ones", failed)
	}
	b.leadOf(id)
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	post := person("Emma Carter", "+1 415 555 0132", "")
	first := b.accepted("trial", post, "Idempotency-Key", "order-7")
	b.drain()
	if again := b.accepted("trial", post, "Idempotency-Key", "order-7"); again != first {
		t.Errorf("the same post has id %s the second time, want %s", again, first)
	}
	if left := b.intake.take(10); len(left) > 0 {
		t.Errorf("a replay queued %d messages", len(left))
	}
	other := person("Emma Carter", "+1 415 555 0199", "")
	if w := b.post("trial", other, "Idempotency-Key", "order-7"); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Idempotency-Key") {
		t.Errorf("another body under the key answered %d %s, want 409 naming the header", w.Code, w.Body)
	}
}

func TestIdempotencyKeyReusedBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.accepted("trial", person("Emma Carter", "+1 415 555 0132", ""), "Idempotency-Key", "order-8")
	second := b.accepted("trial", person("Emma Carter", "+1 415 555 0199", ""), "Idempotency-Key", "order-8")
	for _, message := range b.intake.take(2) {
		if failed := b.handle("intake", message); failed > 0 {
			t.Fatalf("intake failed: %s", b.logs)
		}
	}
	b.leadOf(first)
	if sub := b.submission(second); sub.Outcome != lead.OutcomeQuarantined || !strings.Contains(sub.Reason, "idempotency_key") {
		t.Errorf("the second body ended as %s (%s), want quarantined", sub.Outcome, sub.Reason)
	}
}

func (b *bundle) userOf(rep string) app.User {
	b.t.Helper()
	users, err := b.desk.Users(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, u := range users {
		if u.Rep == rep {
			return u
		}
	}
	b.t.Fatalf("rep %q has no user", rep)
	return app.User{}
}
