package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/sim/table"
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

// TestBrokenCycles breaks by hand what must hold of the sweep's looks, their figures
// and the contacts that come of them.
func TestBrokenCycles(t *testing.T) {
	t.Parallel()
	sweep := lead.System("sweep")
	// spoils commits a touch with its change altered.
	spoils := func(spoil func(s *scene, c *lead.Change)) func(s *scene) {
		return func(s *scene) {
			id := s.pools()
			s.turn(id)
			c := s.change(id, sweep, lead.Look{Did: lead.DidTouch})
			spoil(s, &c)
			s.commit(c)
		}
	}
	optsOut := func(s *scene) string {
		id := s.works(0)
		s.do(id, s.by(0), lead.OptOut{})
		return id
	}
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"looked at twice in a cycle": {[]string{"cycle"}, func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidRest)
			s.pass(time.Minute)
			s.commit(s.tells(id, sweep, lead.Swept{Pool: "open-sea", Cycle: cycleBegin(s.clock, 6*time.Hour), Did: lead.DidRest}))
		}},
		"a look of another cycle": {[]string{"cycle"}, func(s *scene) {
			id := s.pools()
			s.turn(id)
			s.commit(s.tells(id, sweep, lead.Swept{Pool: "open-sea", Cycle: cycleBegin(s.clock, 12*time.Hour).Add(-time.Hour), Did: lead.DidRest}))
		}},
		"a look into another pool": {[]string{"cycle"}, func(s *scene) {
			id := s.pools()
			s.turn(id)
			s.commit(s.tells(id, sweep, lead.Swept{Pool: "school-pool", Cycle: cycleBegin(s.clock, 6*time.Hour), Did: lead.DidRest}))
		}},
		"nobody looks before a claim": {[]string{"cycle"}, func(s *scene) {
			id := s.pools()
			s.pass(14 * time.Hour)
			s.commit(s.claim(id, 0))
		}},
		"nobody looks in the next cycle": {[]string{"cycle"}, func(s *scene) {
			s.apply(short(s, func(d *policy.Document) { d.Contact.Quiet = shortTerms[1].quiet }))
			id := s.pools()
			s.looks(id, lead.DidRest)
			s.pass(12 * time.Hour)
			s.do(id, sweep, lead.Look{Did: lead.DidRest})
		}},
		"nobody looks at all": {[]string{"cycle", "overdue"}, func(s *scene) {
			s.pools()
			s.pass(2 * day)
			s.checker.quiet()
		}},

		"a look that does not count":   {[]string{"tallies"}, spoils(func(_ *scene, c *lead.Change) { c.Tally = nil })},
		"a look that counts elsewhere": {[]string{"tallies"}, spoils(func(_ *scene, c *lead.Change) { c.Tally.Shard = "xx" })},
		"a look that counts twice":     {[]string{"tallies"}, spoils(func(_ *scene, c *lead.Change) { c.Tally.Add["touched"] = 2 })},
		"figures out of nothing":       {[]string{"tallies"}, func(s *scene) { s.put("CYCLE#open-sea", "2026-03-02T00:00:00Z#00", map[string]any{"touched": 1}) }},
		"figures that are not the same": {[]string{"tallies", "told at all"}, func(s *scene) {
			s.looks(s.pools(), lead.DidTouch)
			whole := s.model
			s.model = s.model.Clone(table.Options{})
			s.checker.table = s.model
			whole.All(func(i table.Item) bool {
				if pk, sk := i.Key(); pk == "CYCLE#open-sea" {
					s.put(pk, sk, map[string]any{"touched": 7})
				}
				return true
			})
			s.checker.quiet()
		}},

		"a touch that is not counted": {[]string{"contact budget"}, spoils(func(_ *scene, c *lead.Change) { c.Person = nil })},
		"a touch of another moment": {[]string{"contact budget"}, spoils(func(s *scene, c *lead.Change) {
			c.Person.Contacts[0] = s.clock.Add(-time.Hour).Truncate(time.Second)
		})},
		"contacts that are forgotten": {[]string{"contact budget"}, func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), meeting(s.rep(0)))
			s.pass(25 * time.Hour)
			c := s.change(id, s.by(0), meeting(s.rep(0)))
			c.Person.Contacts = c.Person.Contacts[1:]
			s.commit(c)
		}},
		"two touches on a day": {[]string{"contact budget"}, func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidTouch)
			s.turn(id)
			s.do(id, sweep, lead.Look{Did: lead.DidTouch})
			s.checker.notices = nil
		}},
		"a touch at night": {[]string{"contact budget"}, func(s *scene) {
			id := s.pools()
			s.clock = begin.Add(23 * time.Hour)
			s.do(id, sweep, lead.Look{Did: lead.DidTouch})
		}},
		"a touch of who has opted out": {[]string{"contact budget"}, func(s *scene) {
			id := optsOut(s)
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "they want no calls"})
			s.looks(id, lead.DidTouch)
		}},
		"a rep who meets somebody too often": {[]string{"contact budget"}, func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), meeting(s.rep(0)))
			s.pass(time.Hour)
			s.do(id, s.by(0), meeting(s.rep(0)))
		}},
		"a reason for what was allowed": {[]string{"contact budget"}, func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayCall, Beyond: "they asked for it"}})
		}},
		"a rep who meets who has opted out": {[]string{"contact budget"}, func(s *scene) { s.do(optsOut(s), s.by(0), meeting(s.rep(0))) }},
		"a wish that is forgotten": {[]string{"contact budget"}, func(s *scene) {
			id := optsOut(s)
			c := s.change(id, s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayCall, Beyond: "an order"}})
			c.Person.OptOut = time.Time{}
			s.commit(c)
		}},
		"a message to who has opted out": {[]string{"contact budget"}, func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidTouch)
			p := s.person(s.checker.leads[id].lead.Person)
			s.checker.persons[p.ID].OptOut = s.clock
			s.pass(2 * time.Minute)
			s.send(id+"-3-revived", s.mailOf(id))
		}},
		"a message to somebody else": {[]string{"told when true"}, func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidTouch)
			s.send(id+"-3-revived", "other@quillon.example")
		}},
		"a message at night": {[]string{"contact budget"}, func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidTouch)
			s.clock = begin.Add(26 * time.Hour)
			s.send(id+"-3-revived", s.mailOf(id))
		}},
		"a message that nobody sends": {[]string{"told at all"}, func(s *scene) {
			s.looks(s.pools(), lead.DidTouch)
			s.checker.quiet()
		}},
		"a message that only counts as sent": {[]string{"told at all"}, func(s *scene) {
			id := s.pools()
			s.looks(id, lead.DidTouch)
			s.must(s.store.EndDelivery(s.ctx(), id+"-3-revived", s.clock))
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
