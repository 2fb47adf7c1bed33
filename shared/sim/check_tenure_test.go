package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// TestBrokenTenures breaks by hand what must hold of how reps keep leads and lose
// them.
func TestBrokenTenures(t *testing.T) {
	t.Parallel()
	sweep := lead.System("sweep")
	takes := func(s *scene, id string, n int) lead.Change {
		return s.tells(id, sweep, lead.Expired{Duty: lead.DutyReclaim},
			lead.Ended{Rep: s.rep(n), Why: "follow-up missed", Result: lead.ResultLost}, lead.Woken{Why: "follow-up missed", Again: true})
	}
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"a lead lost without a word": {[]string{"warned"}, func(s *scene) {
			id := s.works(0)
			s.pass(5 * time.Hour)
			s.commit(takes(s, id, 0))
		}},
		"a lead lost before the time that was told": {[]string{"warned"}, func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.due(id)
			s.pass(time.Minute)
			s.commit(takes(s, id, 0))
		}},
		"a lead lost after a word of another clock": {[]string{"warned"}, func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.due(id)
			s.do(id, s.by(0), calledUs(s.rep(0)))
			s.pass(12 * time.Hour)
			s.commit(takes(s, id, 0))
		}},
		"a lead lost without a word to the manager": {[]string{"warned"}, func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.clock = s.checker.leads[id].tenure.told.At
			s.commit(takes(s, id, 0))
		}},
		"a lead kept for too long": {[]string{"protection"}, func(s *scene) {
			id := s.works(0)
			for range 10 {
				s.do(id, s.by(0), calledUs(s.rep(0)))
				s.pass(8 * time.Hour)
			}
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
		}},
		"a lead kept for too long at the end": {[]string{"overdue", "protection", "told at all"}, func(s *scene) {
			s.works(0)
			s.do("ls1", s.by(0), lead.Hold{Rep: s.rep(0), Reason: "in summer"})
			s.pass(10 * time.Hour)
			s.do("ls1", s.by(0), calledUs(s.rep(0)))
			s.do(s.arrives(), lead.System("route"), toRep(s.rep(1))) // of which nobody hears
			s.pass(4*24*time.Hour + 15*time.Hour)
			s.checker.quiet()
		}},
		"a lead lost though there is a deal": {[]string{"protection"}, func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Deal{Rep: s.rep(0), Open: true})
			s.due(id)
			s.clock = s.checker.leads[id].tenure.told.At
			c := s.tells(id, sweep, lead.Reminded{Rep: s.rep(0), Team: "kids", Of: lead.DutyReclaim, At: s.clock, Manager: true})
			s.commit(c)
			s.commit(takes(s, id, 0))
		}},
		"more reps than the policy allows": {[]string{"second assignment"}, func(s *scene) {
			id := s.offers(0)
			s.due(id)
			s.due(id)
			s.do(id, lead.System("route"), toRep(s.rep(1)))
			s.due(id)
			s.clock = s.checker.leads[id].lead.Deadline.At
			s.commit(s.tells(id, sweep, lead.Expired{Duty: lead.DutyWithdraw}, lead.Ended{Rep: s.rep(1), Why: "not accepted in time"},
				lead.Woken{Why: "not accepted in time", Again: true}))
			s.commit(s.tells(id, lead.System("route"), lead.Offered{Rep: s.rep(2), Team: "kids", How: lead.ByOffer, Rule: "fallback"}))
		}},
		"to triage after a rep has lost it": {[]string{"second assignment"}, func(s *scene) {
			id := s.offers(0)
			s.due(id)
			s.due(id)
			s.commit(s.tells(id, lead.System("route"), lead.Triaged{Team: "kids", Why: "nobody eligible"}))
		}},
		"taken back and parked": {[]string{"second assignment"}, func(s *scene) {
			id := s.offers(0)
			s.due(id)
			s.clock = s.checker.leads[id].lead.Deadline.At
			s.commit(s.tells(id, sweep, lead.Expired{Duty: lead.DutyWithdraw}, lead.Ended{Rep: s.rep(0), Why: "not accepted in time"}, lead.Nurtured{Reason: "not accepted"}))
		}},
		"more looks at contact data than allowed": {[]string{"reveals"}, func(s *scene) {
			for range s.policy.RevealLimit("open-sea") + 1 {
				s.do(s.pools(), s.by(0), lead.Reveal{Rep: s.rep(0)})
			}
		}},
		"a look at contact data by another": {[]string{"reveals"}, func(s *scene) {
			id := s.pools()
			s.edit(0, func(r *lead.Rep) { r.Teams = []string{"schools"} })
			s.do(id, s.by(0), lead.Reveal{Rep: s.rep(0)})
		}},
		"a look at contact data that is not counted": {[]string{"counters"}, func(s *scene) {
			c := s.change(s.pools(), s.by(0), lead.Reveal{Rep: s.rep(0)})
			c.Moves = nil
			s.commit(c)
		}},
		"a reminder that nobody gets": {[]string{"told at all"}, func(s *scene) {
			s.due(s.offers(0))
			s.checker.quiet()
		}},
		"a reminder to another": {[]string{"told when true"}, func(s *scene) {
			id := s.offers(0)
			s.due(id)
			s.send(id+"-3-reminded", s.reps[1].Email)
		}},
		"a reminder of what is done": {[]string{"told when true"}, func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.do(id, s.by(0), calledUs(s.rep(0)))
			s.pass(2 * time.Minute)
			s.send(id+"-4-reminded", s.reps[0].Email)
		}},
		"a warning of what a deal keeps off": {[]string{"told when true"}, func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.due(id)
			s.do(id, s.by(0), lead.Deal{Rep: s.rep(0), Open: true})
			s.pass(2 * time.Minute)
			s.send(id+"-5-warned", "max@fernway.example")
		}},
		"a warning to another's manager": {[]string{"told when true"}, func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.due(id)
			s.send(id+"-5-warned", "mona@fernway.example")
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}

// short is the scene's policy, changed.
func short(s *scene, change func(d *policy.Document)) policy.Document {
	doc := s.checker.documents[s.policy.Version()]
	change(&doc)
	return doc
}

// TestNotBrokenLater plays what looks wrong and is not.
func TestNotBrokenLater(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(s *scene){
		"nobody looks in trouble": func(s *scene) {
			id := s.pools()
			s.pass(14 * time.Hour)
			s.trouble = true
			s.commit(s.claim(id, 0))
		},
		"nobody looks at night": func(s *scene) {
			s.clock = begin.Add(20 * time.Hour)
			id := s.pools()
			s.clock = begin.Add(32 * time.Hour)
			s.commit(s.claim(id, 0))
		},
		"nobody looks while the policy changes": func(s *scene) {
			id := s.pools()
			s.apply(short(s, func(d *policy.Document) { d.Contact.Quiet = shortTerms[2].quiet }))
			s.pass(14 * time.Hour)
			s.commit(s.claim(id, 0))
		},
		"a lead kept while there is a deal": func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Deal{Rep: s.rep(0), Open: true})
			s.pass(10 * day)
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
		},
		"a lead kept for a while after a deal": func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Deal{Rep: s.rep(0), Open: true})
			s.pass(10 * day)
			s.do(id, s.by(0), lead.Deal{Rep: s.rep(0)})
			s.pass(2 * time.Hour)
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
		},
		"a lead kept while it is on hold, and longer": func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), calledUs(s.rep(0)))
			s.do(id, s.by(0), lead.Extend{Rep: s.rep(0), Reason: "a large school"})
			s.do(id, s.by(0), lead.Hold{Rep: s.rep(0), Reason: "in summer"})
			s.pass(40 * time.Hour)
			s.do(id, s.by(0), calledUs(s.rep(0)))
			s.pass(95 * time.Hour)
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
		},
		"a message that is no longer due": func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidTouch)
			s.commit(s.claim(id, 0))
			s.must(s.store.EndDelivery(s.ctx(), id+"-3-revived", s.clock))
		},
		"a reminder that is no longer due": func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.do(id, s.by(0), calledUs(s.rep(0)))
			s.must(s.store.EndDelivery(s.ctx(), id+"-4-reminded", s.clock))
		},
		"a warning of what a deal keeps off": func(s *scene) {
			id := s.works(0)
			s.due(id)
			s.due(id)
			s.do(id, s.by(0), lead.Deal{Rep: s.rep(0), Open: true})
			s.must(s.store.EndDelivery(s.ctx(), id+"-5-warned", s.clock))
		},
		"a rep who says why": func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), meeting(s.rep(0)))
			s.pass(time.Hour)
			s.do(id, s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayCall, Seconds: 60, Beyond: "they asked for it"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if play(s); len(s.broken) > 0 {
				t.Errorf("broken: %v", s.broken)
			}
		})
	}
}
