package sim

import (
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// TestCleanLife plays lives as they should be: nothing is broken, and every rule
// that can be was judged.
func TestCleanLife(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	rests := s.pools()
	s.do(rests, s.by(1), lead.Reveal{Rep: s.rep(1)})
	s.looks(rests, lead.DidTouch)
	s.send(rests+"-4-revived", s.mailOf(rests))
	id := s.offers(0)
	s.checker.captured("s1")
	s.pass(time.Minute)
	s.do(id, s.by(0), lead.Accept{Rep: s.rep(0)})
	s.do(id, s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayMeeting}})
	s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
	s.commit(s.claim(id, 1))
	s.do(id, s.by(1), lead.Hold{Rep: s.rep(1), Reason: "in summer"})
	s.merge(id)
	s.do(id, s.by(1), lead.Convert{Rep: s.rep(1)})
	s.do(id, lead.Actor{Kind: "customer_success", ID: "cora"}, lead.Confirm{})
	s.do(s.again(id), lead.System("route"), toPool)

	other := s.offers(2)
	s.due(other)
	s.send(other+"-3-reminded", s.reps[2].Email)
	s.due(other)
	s.do(other, lead.System("route"), toRep(s.rep(0)))
	s.send(other+"-5-offered", s.reps[0].Email)
	s.do(other, s.by(0), lead.Accept{Rep: s.rep(0)})
	s.do(other, s.by(0), lead.Close{Rep: s.rep(0), As: lead.StateLost, Reason: "moved away"})
	triaged := s.arrives()
	s.do(triaged, lead.System("route"), lead.Route{Choice: lead.Choice{Team: "kids", Why: "nobody eligible"}})
	s.do(triaged, lead.Actor{Kind: "dispatcher", ID: "dora"}, lead.Close{As: lead.StateJunk, Reason: "a joke"})
	escalated := s.arrives()
	s.do(escalated, lead.System("route"), lead.Route{Choice: lead.Choice{Team: "kids", Why: "nobody eligible"}})
	s.clock = s.checker.leads[escalated].lead.Deadline.At
	s.do(escalated, lead.System("sweep"), lead.Expire{})
	manager, _ := s.policy.User("max")
	s.send(escalated+"-3-escalated", manager.Email)
	s.edit(3, func(r *lead.Rep) { r.Pace = new(30) })
	s.pass(settledAfter + time.Minute)
	waiting := s.waits(2 * time.Hour)
	s.pass(2 * time.Hour)
	s.do(waiting, lead.System("sweep"), toRep(s.rep(3)))
	s.send(waiting+"-3-offered", s.reps[3].Email)
	s.do(waiting, s.by(3), lead.Accept{Rep: s.rep(3)})
	s.do(waiting, byManager, lead.Move{Rep: s.rep(2), Team: "kids", Why: "ill"})
	s.send(waiting+"-5-offered", s.reps[2].Email)
	s.do(waiting, byManager, lead.Move{Pool: "open-sea", Why: "nobody has time"})
	s.do(waiting, byManager, lead.Move{Anew: true, Why: "somebody has"})
	s.do(waiting, lead.System("route"), toRep(s.rep(1)))
	s.send(waiting+"-8-offered", s.reps[1].Email)
	s.job(begins)
	s.job(notes(waiting))
	s.moves(waiting, toOpen)
	s.job(settles(s))
	looked := s.school(1)
	s.do(looked, s.by(1), lead.Qualify{Rep: s.rep(1), Verdict: "classes"})
	s.do(looked, lead.System("route"), lead.Route{Choice: lead.Choice{Team: "schools", Why: "nobody eligible"}})
	s.unites()
	s.quarantine()
	s.ends(id)
	s.ends(other)
	s.ends(triaged)
	given := s.works(2)
	s.do(given, s.by(2), lead.Log{Rep: s.rep(2), Activity: lead.Logged{Way: lead.WayMeeting, Grade: lead.GradeB}})
	s.do(given, lead.System("score"), lead.Score{Fit: 60, Grade: lead.GradeA})
	s.do(given, s.by(2), lead.Recycle{Rep: s.rep(2), Reason: "in summer"})
	s.do(given, lead.System("score"), lead.Score{Fit: 60, Grade: lead.GradeA, Maturity: lead.Hot})
	_, err := s.store.TakeNumbers(s.ctx(), 2026, 1)
	s.must(err)
	s.checker.logged([]byte(`{"msg":"message"}`))
	s.checker.tick(s.clock, true)
	s.checker.quiet()

	if len(s.broken) > 0 {
		t.Errorf("broken: %v", s.broken)
	}
	for _, r := range s.checker.rules() {
		if r.checked == 0 && !strings.Contains(r.name, "answers") && !strings.Contains(r.name, "linearizable") || r.broken > 0 {
			t.Errorf("rule %s was judged %d times and broken %d times", r.name, r.checked, r.broken)
		}
	}
}

// BenchmarkCommitted judges a new lead with its first offer: seven items.
func BenchmarkCommitted(b *testing.B) {
	s := newScene(b)
	for _, r := range s.reps {
		r.Revision, r.Cap, r.Quota = 1, nil, nil
		s.must(s.store.PutRep(s.ctx(), r))
	}
	setup := len(s.seen)
	for i := range 1000 {
		c := s.arrival(toRep(s.rep(i % len(s.reps))))
		s.commit(c)
	}
	if len(s.broken) > 0 || len(s.seen[setup]) != 7 {
		b.Fatalf("%d items, broken: %v", len(s.seen[setup]), s.broken)
	}
	next := len(s.seen)
	for b.Loop() {
		if next == len(s.seen) {
			b.StopTimer()
			s.checker.init()
			for _, changes := range s.seen[:setup] {
				s.checker.committed(changes)
			}
			next = setup
			b.StartTimer()
		}
		s.checker.committed(s.seen[next])
		next++
	}
	if len(s.broken) > 0 {
		b.Fatalf("broken: %v", s.broken[0])
	}
}

// TestMomentsAreNoPhones: a fraction of a second may have the digits of one.
func TestMomentsAreNoPhones(t *testing.T) {
	t.Parallel()
	c := newChecker(&World{opts: Options{Seed: 1}, now: begin})
	for text, leaks := range map[string]bool{
		`{"at":"2026-03-02T08:00:00.071397777Z"}`: false,
		`{"phone":"+8613977770001"}`:              true,
		`call 13977770001 at once`:                true,
	} {
		if got := c.exposes([]byte(text)) != nil; got != leaks {
			t.Errorf("%s: leaks %t", text, got)
		}
	}
}
