package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/sim/table"
)

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
			s.clock = begin.Add(20 * time.Hour)
			id := s.pools()
			s.clock = begin.Add(23 * time.Hour)
			s.commit(s.tells(id, sweep, lead.Swept{Pool: "open-sea", Cycle: cycleBegin(s.clock, 6*time.Hour), Did: lead.DidTouch}))
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
