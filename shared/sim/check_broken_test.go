package sim

import (
	"slices"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/sim/table"
)

// TestBroken breaks each rule by hand and wants it to be noticed, and no other.
func TestBroken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"a submission that is lost": {[]string{"nothing lost"}, func(s *scene) {
			s.checker.captured("s77")
			s.checker.quiet()
		}},
		"a submission that ends twice": {[]string{"one outcome"}, func(s *scene) {
			s.arrives()
			s.put("S#s1", "S", map[string]any{"doc": `{"id":"s1","outcome":"quarantined"}`})
		}},
		"a submission without a lead": {[]string{"one outcome"}, func(s *scene) {
			s.commit(lead.Change{Submission: &lead.Submission{ID: "s9", Outcome: lead.OutcomeCreated, Lead: "ls9"}})
		}},
		"a submission of an unknown outcome": {[]string{"one outcome"}, func(s *scene) {
			s.commit(lead.Change{Submission: &lead.Submission{ID: "s9", Outcome: "forgotten"}})
		}},
		"a lead without a submission": {[]string{"one outcome"}, func(s *scene) {
			c := s.arrival()
			c.Submission = nil
			s.commit(c)
		}},
		"a submission that is added twice": {[]string{"one outcome"}, func(s *scene) {
			c := s.touch(s.pools())
			s.commit(c)
			c = s.change(c.Lead.ID, lead.System("intake"), lead.Touch{Submission: c.Submission.ID})
			s.commit(c)
		}},
		"an idempotency key used again": {[]string{"append only"}, func(s *scene) {
			s.arrives()
			s.put("I#i1", "I", map[string]any{"doc": `"s2"`})
		}},
		"an identity key that changes hands": {[]string{"append only"}, func(s *scene) {
			s.arrives()
			s.put("K#k1", "K", map[string]any{"doc": `"ps2"`})
		}},
		"an identity key without a person": {[]string{"one person"}, func(s *scene) {
			s.put("K#k9", "K", map[string]any{"doc": `"ps9"`})
		}},
		"a person without the key's reservation": {[]string{"one person"}, func(s *scene) {
			c := s.arrival()
			c.Reserve = nil
			s.commit(c)
		}},
		"a person who loses a key": {[]string{"one person"}, func(s *scene) {
			s.arrives()
			p := s.person("ps1")
			p.Version, p.Keys = 2, []lead.Key{"k9"}
			s.commit(lead.Change{Person: &p, Reserve: []lead.Key{"k9"}})
		}},
		"a person written over": {[]string{"versions"}, func(s *scene) {
			s.arrives()
			p := s.person("ps1")
			s.lawless = true
			s.commit(lead.Change{Person: &p})
		}},
		"two open leads for one interest": {[]string{"one open lead"}, func(s *scene) { s.again(s.pools()) }},
		"a person who does not know of the lead": {[]string{"one open lead"}, func(s *scene) {
			c := s.arrival()
			c.Person.Leads = nil
			s.commit(c)
		}},
		"two claims of one lead": {[]string{"append only", "counters", "fold"}, func(s *scene) {
			id := s.pools()
			first, second := s.claim(id, 0), s.claim(id, 1)
			s.lawless = true
			s.commit(first)
			s.commit(second)
		}},
		"a claim of a lead that somebody has": {[]string{"counters", "one owner"}, func(s *scene) {
			id := s.pools()
			c := s.claim(id, 1)
			s.commit(s.claim(id, 0))
			c.Lead.Version, c.Entry.Version = c.Lead.Version+1, c.Entry.Version+1
			c.Moves = append(c.Moves, lead.RepMove{Rep: s.rep(0), Kind: lead.MoveRelease})
			s.fold(&c)
			s.commit(c)
		}},
		"more than the cap": {[]string{"cap"}, func(s *scene) {
			for range 3 {
				s.commit(s.claim(s.pools(), 0))
				s.pass(24 * time.Hour)
			}
			id := s.pools()
			s.lawless = true
			s.commit(s.claim(id, 0))
		}},
		"more than the quota": {[]string{"quota"}, func(s *scene) {
			s.offers(0)
			s.offers(0)
			s.lawless = true
			s.offers(0)
		}},
		"more than the claim limit": {[]string{"claim limit"}, func(s *scene) {
			for range s.policy.ClaimLimit("open-sea") {
				id := s.pools()
				s.commit(s.claim(id, 0))
				s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
			}
			s.commit(s.claim(s.pools(), 0))
		}},
		"a rep who has left": {[]string{"rep's record"}, func(s *scene) {
			r := s.reps[0]
			r.Revision, r.Active = 1, false
			s.must(s.store.PutRep(s.ctx(), r))
			s.offers(0)
		}},
		"a rep off shift": {[]string{"rep's record"}, func(s *scene) {
			r := s.reps[0]
			r.Revision, r.Leave = 1, []lead.Leave{{From: "2026-03-01", To: "2026-03-09"}}
			s.must(s.store.PutRep(s.ctx(), r))
			s.offers(0)
		}},
		"a record edited on an old one": {[]string{"rep's record"}, func(s *scene) {
			s.lawless = true
			r := s.reps[0]
			r.Revision = 7
			s.must(s.store.PutRep(s.ctx(), r))
		}},
		"the same rep within the cool-off": {[]string{"cool-off"}, func(s *scene) {
			id := s.pools()
			s.commit(s.claim(id, 0))
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
			l := &s.checker.leads[id].lead
			owners := l.Owners
			l.Owners = nil
			c := s.claim(id, 0)
			l.Owners, c.Lead.Owners = owners, owners
			s.commit(c)
		}},
		"a deadline that is not moved": {[]string{"deadline"}, func(s *scene) {
			id := s.offers(0)
			c := s.change(id, s.by(0), lead.Accept{Rep: s.rep(0)})
			c.Entry.Events = c.Entry.Events[:1]
			s.fold(&c)
			s.commit(c)
		}},
		"an open lead without a deadline": {[]string{"deadline"}, func(s *scene) {
			id := s.offers(0)
			c := s.change(id, s.by(0), lead.Accept{Rep: s.rep(0)})
			c.Entry.Events[1] = lead.Due{}
			s.fold(&c)
			s.commit(c)
		}},
		"a pool that there is not": {[]string{"responsible party"}, func(s *scene) {
			c := toPool
			c.Choice.Pool = "dead-sea"
			s.do(s.arrives(), lead.System("route"), c)
		}},
		"triage of a team that there is not": {[]string{"responsible party"}, func(s *scene) {
			s.do(s.arrives(), lead.System("route"), lead.Route{Choice: lead.Choice{Team: "nobody", Why: "nobody eligible"}})
		}},
		"a lead that is not where it is due": {[]string{"index"}, func(s *scene) {
			s.alter = map[string]any{"dueShard": "9"}
			s.arrives()
		}},
		"a lead that nobody finds": {[]string{"index"}, func(s *scene) {
			s.alter = map[string]any{"holder": nil, "heldAt": nil}
			s.pools()
		}},
		"a snapshot that is not the fold": {[]string{"fold"}, func(s *scene) {
			c := s.touch(s.pools())
			c.Lead.Fit = 1
			s.commit(c)
		}},
		"a snapshot without an entry": {[]string{"fold"}, func(s *scene) {
			c := s.change(s.pools(), lead.System("sweep"), lead.Score{Fit: 3, Grade: lead.GradeC})
			c.Entry = nil
			s.commit(c)
		}},
		"an entry without a snapshot": {[]string{"fold"}, func(s *scene) {
			c := s.change(s.pools(), lead.System("sweep"), lead.Score{Fit: 3, Grade: lead.GradeC})
			c.Lead = nil
			s.commit(c)
		}},
		"a gap in the history": {[]string{"versions"}, func(s *scene) {
			c := s.change(s.pools(), lead.System("sweep"), lead.Score{Fit: 3, Grade: lead.GradeC})
			c.Lead.Version, c.Entry.Version = 9, 9
			s.lawless = true
			s.commit(c)
		}},
		"history that is written over": {[]string{"append only"}, func(s *scene) {
			s.put("L#"+s.pools(), "H#00000001", map[string]any{"doc": "{}"})
		}},
		"history that is gone": {[]string{"append only"}, func(s *scene) {
			id := s.pools()
			s.answer("DeleteItem", []byte(`{"TableName":"sluice","Key":{"pk":{"S":"L#`+id+`"},"sk":{"S":"H#00000001"}}}`))
		}},
		"an owner without the counters": {[]string{"counters"}, func(s *scene) {
			c := s.claim(s.pools(), 0)
			c.Moves = nil
			s.commit(c)
		}},
		"counters without an owner": {[]string{"counters"}, func(s *scene) {
			s.commit(lead.Change{Moves: []lead.RepMove{{Rep: s.rep(0), Kind: lead.MoveByHand, Revision: 1}}})
		}},
		"a turn that is not counted": {[]string{"counters"}, func(s *scene) {
			id := s.arrives()
			c := s.change(id, lead.System("route"), toRep(s.rep(0)))
			c.Moves[0].Turns = -1
			s.lawless = true
			s.commit(c)
		}},
		"a day's counter that starts anew": {[]string{"counters"}, func(s *scene) {
			s.offers(0)
			c := s.change(s.arrives(), lead.System("route"), toRep(s.rep(0)))
			c.Moves[0].SameDay = false
			s.lawless = true
			s.commit(c)
		}},
		"an edit that changes the counters": {[]string{"counters"}, func(s *scene) {
			s.put("REP", s.rep(0), map[string]any{"holding": 2, "rev": 2, "doc": `{"id":"r1","rev":2,"cap":3,"quota":2}`})
		}},
		"one number for two leads": {[]string{"lead numbers"}, func(s *scene) {
			s.arrives()
			c := s.arrival()
			c.Lead.Number = "F-1"
			first := c.Entry.Events[0].(lead.Captured)
			first.Number = "F-1"
			c.Entry.Events[0] = first
			s.commit(c)
		}},
		"numbers that go back": {[]string{"lead numbers"}, func(s *scene) {
			_, err := s.store.TakeNumbers(s.ctx(), 2026, 5)
			s.must(err)
			s.put("NUMBER#2026", "N", map[string]any{"n": 2})
		}},
		"a policy that there is not": {[]string{"deadline", "policy", "responsible party"}, func(s *scene) {
			c := s.arrival()
			c.Entry.Policy = 7
			s.commit(c)
		}},
		"a policy written over": {[]string{"append only"}, func(s *scene) {
			s.put("POLICY", "V#00000001", map[string]any{"doc": "{}"})
		}},
		"a policy applied over another": {[]string{"policy"}, func(s *scene) { s.put("POLICY", "CURRENT", map[string]any{"v": 1}) }},
		"a message before it is true": {[]string{"told when true"}, func(s *scene) {
			s.checker.mailed("l9-1-offered", "rep@example.com", nil, false)
		}},
		"a record of a message before it is true": {[]string{"told when true"}, func(s *scene) {
			_, err := s.store.BeginDelivery(s.ctx(), "l9-1-offered", s.clock, s.clock)
			s.must(err)
		}},
		"a message to another rep": {[]string{"told when true"}, func(s *scene) {
			id := s.arrives()
			s.do(id, lead.System("route"), toRep(s.rep(0)))
			s.send(id+"-2-offered", s.reps[1].Email)
		}},
		"a message to a rep who has lost the lead": {[]string{"told when true"}, func(s *scene) {
			id := s.arrives()
			s.do(id, lead.System("route"), toRep(s.rep(0)))
			s.do(id, s.by(0), lead.Reject{Rep: s.rep(0), Reason: "too far"})
			s.pass(2 * time.Minute)
			s.send(id+"-2-offered", s.reps[0].Email)
		}},
		"a message sent twice": {[]string{"told once"}, func(s *scene) {
			id := s.offers(0)
			s.checker.mailed(id+"-2-offered", s.reps[0].Email, nil, false)
		}},
		"a message repeated though all was well": {[]string{"told once"}, func(s *scene) {
			id := s.arrives() + "-2-offered"
			s.do("ls1", lead.System("route"), toRep(s.rep(0)))
			for range 2 {
				_, err := s.store.BeginDelivery(s.ctx(), id, s.clock, s.clock.Add(45*time.Second))
				s.must(err)
				s.checker.mailed(id, s.reps[0].Email, nil, false)
				s.pass(time.Minute)
			}
		}},
		"a message sent without a record": {[]string{"told once"}, func(s *scene) {
			id := s.arrives()
			s.do(id, lead.System("route"), toRep(s.rep(0)))
			s.checker.mailed(id+"-2-offered", s.reps[0].Email, nil, false)
		}},
		"a message that two send": {[]string{"told once"}, func(s *scene) {
			id := s.arrives()
			s.do(id, lead.System("route"), toRep(s.rep(0)))
			s.lawless = true
			for range 2 {
				_, err := s.store.BeginDelivery(s.ctx(), id+"-2-offered", s.clock, s.clock.Add(45*time.Second))
				s.must(err)
			}
		}},
		"a message that nobody sends": {[]string{"told at all"}, func(s *scene) {
			s.do(s.arrives(), lead.System("route"), toRep(s.rep(0)))
			s.checker.quiet()
		}},
		"a message that counts as sent": {[]string{"told at all"}, func(s *scene) {
			id := s.arrives()
			s.do(id, lead.System("route"), toRep(s.rep(0)))
			s.must(s.store.EndDelivery(s.ctx(), id+"-2-offered", s.clock))
		}},
		"a name in a key":        {[]string{"privacy"}, func(s *scene) { s.do(s.named("p-Quillon"), lead.System("route"), toPool) }},
		"a name in a log line":   {[]string{"privacy"}, func(s *scene) { s.checker.logged([]byte(`{"error":"Quillon is no number"}`)) }},
		"a name in a queue":      {[]string{"privacy"}, func(s *scene) { s.checker.queued([]byte(`{"name":"Emma Quillon"}`)) }},
		"nobody acts in time":    {[]string{"overdue"}, func(s *scene) { s.wait(3*time.Minute, true) }},
		"nobody acts at the end": {[]string{"overdue"}, func(s *scene) { s.wait(3*time.Minute, false); s.checker.quiet() }},
		"a table that is not what was committed": {[]string{"counters", "fold", "merges", "one open lead", "one person"}, func(s *scene) {
			s.pools()
			s.model = s.model.Clone(table.Options{})
			s.checker.table = s.model
			s.put("REP", s.rep(0), map[string]any{"holding": 2})
			s.put("L#ls1", "L", map[string]any{"doc": "{}"})
			s.put("K#k1", "K", map[string]any{"doc": `"ps2"`})
			s.checker.quiet()
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}

// breaks plays and wants these rules to be broken, and no others.
func breaks(t *testing.T, rules []string, play func(s *scene)) {
	t.Parallel()
	s := newScene(t)
	play(s)
	slices.Sort(rules)
	if got := s.rules(); !slices.Equal(got, rules) {
		t.Errorf("broken rules %v, want %v: %v", got, rules, s.broken)
	}
}

// TestNotBroken plays what looks wrong and is not.
func TestNotBroken(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(s *scene){
		"a repeat after a fault": func(s *scene) {
			id := s.offers(0)
			s.checker.mailed(id+"-2-offered", s.reps[0].Email, nil, true)
		},
		"a repeat by another who took over": func(s *scene) {
			id := s.arrives() + "-2-offered"
			s.do("ls1", lead.System("route"), toRep(s.rep(0)))
			s.trouble = true
			for range 2 {
				_, err := s.store.BeginDelivery(s.ctx(), id, s.clock, s.clock.Add(45*time.Second))
				s.must(err)
				s.checker.mailed(id, s.reps[0].Email, nil, false)
				s.pass(time.Minute)
			}
		},
		"a repeat by another after a lost answer": func(s *scene) {
			id := s.arrives() + "-2-offered"
			s.do("ls1", lead.System("route"), toRep(s.rep(0)))
			s.trouble = true
			for attempt := range 2 {
				_, err := s.store.BeginDelivery(s.ctx(), id, s.clock, s.clock.Add(45*time.Second))
				s.must(err)
				s.checker.mailed(id, s.reps[0].Email, nil, false)
				if attempt == 0 {
					s.checker.mailed(id, s.reps[0].Email, nil, true)
				}
				s.pass(time.Minute)
			}
		},
		"a message no longer due": func(s *scene) {
			id := s.arrives()
			s.do(id, lead.System("route"), toRep(s.rep(0)))
			s.do(id, s.by(0), lead.Reject{Rep: s.rep(0), Reason: "too far"})
			s.must(s.store.EndDelivery(s.ctx(), id+"-2-offered", s.clock))
		},
		"late in trouble": func(s *scene) { s.wait(time.Hour, false) },
		"just in time":    func(s *scene) { s.wait(2*time.Minute, true) },
		"a lowered cap": func(s *scene) {
			s.commit(s.claim(s.pools(), 0))
			r := s.reps[0]
			r.Revision, r.Cap = 1, new(0)
			s.must(s.store.PutRep(s.ctx(), r))
		},
		"a marker within a sealed value": func(s *scene) {
			s.checker.queued([]byte(`{"raw":"AQAAAAFzb21ldGhpbmcQuillonAHNlY3JldGx5c2VhbGVkdmFsdWU="}`))
		},
		"the same change again": func(s *scene) {
			c := s.claim(s.pools(), 0)
			s.commit(c)
			s.pass(11 * time.Minute) // its token is forgotten
			s.commit(c)
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

// fold makes the change's snapshot that of its entry.
func (s *scene) fold(c *lead.Change) {
	l := s.checker.leads[c.Entry.Lead].lead
	l.Version = c.Entry.Version
	for _, e := range c.Entry.Events {
		l = lead.Apply(l, e, c.Entry.At)
	}
	c.Lead = &l
}

// named is a new lead of a person with that id.
func (s *scene) named(person string) string {
	c := s.arrival()
	first := c.Entry.Events[0].(lead.Captured)
	first.Person = person
	c.Entry.Events[0], c.Person.ID, c.Lead.Person, c.Submission.Person = first, person, person, person
	s.commit(c)
	return c.Lead.ID
}

// wait leaves an offer alone until so long after its deadline, in calm or not.
func (s *scene) wait(late time.Duration, calm bool) {
	id := s.offers(0)
	s.clock = s.checker.leads[id].lead.Deadline.At.Add(late)
	s.checker.tick(s.clock, calm)
}
