package app_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestServicesThatFail: one that fails so often in a row is left in peace, and asked
// once after the pause; a lead that nobody asks about waits for nobody.
func TestServicesThatFail(t *testing.T) {
	t.Parallel()
	const peace = "left in peace after it failed"
	b := asking(t, firm(func(e *policy.Enricher) { e.Failures, e.Pause = new(3), new(policy.Duration(10*time.Minute)) }))
	n := 0
	ask := func(want string) {
		t.Helper()
		n++
		l := b.follow(b.enquire("school", newcomer(n)))
		if why := b.why(l.ID); why != want || len(l.Asked) > 0 {
			t.Fatalf("lead %d: %s, want %s; still asked %v", n, why, want, l.Asked)
		}
	}
	down, unknown := lead.Errorf(lead.Unavailable, "the receiver answers 503"), lead.Errorf(lead.NotFound, "the enricher knows nothing: it answers 404")
	const failed = "no usable answer"
	b.asker.answers("", down)
	ask(failed)
	ask(failed)
	b.asker.answers("", unknown) // which is an answer
	ask("told")
	b.asker.answers("<html>", nil)
	ask(failed)
	b.asker.answers("", down)
	ask(failed)
	b.asker.answers("", lead.Errorf(lead.Invalid, "the receiver refuses with 401"))
	ask(failed)
	b.asker.answers(school, nil)
	for range 3 {
		ask(peace)
	}
	b.clock.pass(9 * time.Minute)
	ask(peace)
	b.clock.pass(time.Minute)
	b.asker.answers("", down)
	ask(failed) // half open: one is asked
	b.asker.answers(school, nil)
	ask(peace)
	b.clock.pass(10 * time.Minute)
	ask("told")
	ask("told")
	if got, want := len(b.asker.all()), 9; got != want {
		t.Errorf("asked %d times, want %d", got, want)
	}
}

// TestHalfOpenAsksOnce: of many who come at the moment at which the pause is over, one
// is asked about.
func TestHalfOpenAsksOnce(t *testing.T) {
	t.Parallel()
	b := asking(t, firm(func(e *policy.Enricher) { e.Failures = new(1) }))
	b.asker.answers("", lead.Errorf(lead.Unavailable, "the receiver cannot be reached"))
	b.follow(b.enquire("school", office("Ada Quill", "ada@quillmere.de")))
	b.clock.pass(5 * time.Minute)
	b.handle("deliver", b.many(10)...)
	if got := len(b.asker.all()); got != 2 {
		t.Errorf("asked %d times, want once before the pause and once after it", got)
	}
}

// newcomer is the post of the nth of many who resemble nobody, each of a company of
// their own.
func newcomer(n int) url.Values {
	given, _, _ := strings.Cut(unlike[n%len(unlike)], " ")
	_, family, _ := strings.Cut(unlike[(n/len(unlike)+n)%len(unlike)], " ")
	return office(given+" "+family, fmt.Sprintf("n%d@house%d.de", n, n))
}

// many takes in enquiries of people of companies of their own, and returns the notices
// that follow.
func (b *bundle) many(n int) (notices [][]byte) {
	b.t.Helper()
	for range n {
		l := b.enquire("school", newcomer(len(b.intake.sent)))
		for _, notice := range b.notices(l.ID) {
			if strings.Contains(string(notice), `"asked"`) {
				notices = append(notices, notice)
			}
		}
	}
	if len(notices) != n {
		b.t.Fatalf("%d notices, want %d", len(notices), n)
	}
	return notices
}

// TestBudgetOfADay is exact, whoever asks at the same moment, and begins anew at
// midnight in UTC.
func TestBudgetOfADay(t *testing.T) {
	t.Parallel()
	b := asking(t, firm(func(e *policy.Enricher) { e.Daily = new(7) }))
	b.clock.pass(10 * time.Hour) // 18:00
	notices := b.many(20)
	other := *b // another copy of the function, with a breaker of its own
	other.run = maps.Clone(b.run)
	other.wire(b.table, b.vault)
	var both sync.WaitGroup
	for i, part := range [][][]byte{notices[:10], notices[10:]} {
		both.Go(func() { []*bundle{b, &other}[i].handle("deliver", part...) })
	}
	both.Wait()
	if got := len(b.asker.all()); got != 7 {
		t.Fatalf("asked %d times, want 7", got)
	}
	b.drain()
	b.clock.pass(6*time.Hour - time.Second)
	late, early := b.many(1), b.many(1)
	b.handle("deliver", late...)
	b.clock.pass(time.Second)
	b.handle("deliver", early...)
	if got := len(b.asker.all()); got != 8 {
		t.Errorf("asked %d times after midnight, want once more", got)
	}
}
