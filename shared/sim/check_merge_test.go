package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

func TestBrokenMerges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"persons without their leads": {[]string{"merges"}, func(s *scene) {
			s.two()
			c := s.union(dora, "the same voice")
			c.Also = c.Also[:2]
			s.commit(c)
		}},
		"a lead that nobody takes over": {[]string{"merges"}, func(s *scene) {
			s.two()
			c := s.union(dora, "the same voice")
			c.Also = c.Also[:3]
			s.commit(c)
		}},
		"touches that are lost": {[]string{"merges"}, func(s *scene) {
			s.two()
			c := s.union(dora, "the same voice")
			c.Also[3] = s.change("ls1", dora, lead.Take{Lead: "ls2", Signals: s.checker.leads["ls2"].lead.Enquired()})
			s.commit(c)
		}},
		"two open leads of one person": {[]string{"merges", "one open lead"}, func(s *scene) {
			s.two()
			c := s.union(dora, "the same voice")
			c.Also = append(c.Also[:2:2], s.change("ls2", dora, lead.Join{Person: "ps1"}))
			s.commit(c)
		}},
		"somebody who changes as they are merged": {[]string{"merges"}, func(s *scene) {
			s.two()
			c := s.union(dora, "the same voice")
			c.Also[1].Person.City = "Graz"
			s.commit(c)
		}},
		"somebody who does not know who was merged into them": {[]string{"merges"}, func(s *scene) {
			s.two()
			c := s.union(dora, "the same voice")
			c.Also[0].Person.Parts = nil
			s.commit(c)
		}},
		"a key that nobody has": {[]string{"merges", "one open lead"}, func(s *scene) {
			s.arrives()
			p := s.person("ps1")
			p.Version, p.Into = 2, "ps9"
			s.commit(lead.Change{Person: &p})
			s.checker.quiet()
		}},
		"an opt-out that is forgotten": {[]string{"contact budget"}, func(s *scene) {
			s.two()
			s.do("ls2", dora, lead.OptOut{})
			c := s.union(dora, "the same voice")
			c.Also[0].Person.OptOut = time.Time{}
			s.commit(c)
		}},
		"an undoing that forgets the lead": {[]string{"one open lead"}, func(s *scene) {
			s.merges()
			c := s.division()
			c.Also = c.Also[:2]
			s.commit(c)
		}},
		"an undoing after which the other keeps what it took": {[]string{"merges"}, func(s *scene) {
			s.merges()
			c := s.division()
			c.Also = c.Also[:3]
			s.commit(c)
		}},
		"an undoing after which the other keeps a fact": {[]string{"merges"}, func(s *scene) {
			s.merges()
			c := s.division()
			la := s.checker.leads["ls1"].lead
			la.Facts.City = "Graz"
			c.Also[3] = s.change("ls1", dora, lead.Return{Lead: "ls2", Facts: la.Facts, Touches: 1})
			s.commit(c)
		}},
		"an undoing that changes a person": {[]string{"merges"}, func(s *scene) {
			s.merges()
			c := s.division()
			c.Also[0].Person.City = "Graz"
			s.commit(c)
		}},
		"an undoing of another merge": {[]string{"merges", "one open lead"}, func(s *scene) {
			s.merges()
			s.arrives()
			p, gone := s.person("ps1"), s.person("ps2")
			p.Version, gone.Version = p.Version+1, gone.Version+1
			gone.Into = ""
			s.commit(joint(lead.Change{Person: &p}, lead.Change{Person: &gone}))
		}},
		"an undoing that forgets a contact": {[]string{"contact budget"}, func(s *scene) {
			s.merges()
			s.pass(time.Minute)
			c := s.change("ls1", s.by(0), lead.Accept{Rep: s.rep(0)})
			s.commit(c)
			s.pass(time.Minute)
			s.do("ls1", s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayCall, Seconds: 300}})
			d := s.division()
			d.Also[0].Person.Contacts, d.Also[1].Person.Contacts = nil, nil
			s.commit(d)
		}},
		"two who were told apart": {[]string{"told apart"}, func(s *scene) {
			s.two()
			s.parts("ps1", "ps2")
			s.commit(s.union(lead.System("intake"), "alike: s2"))
		}},
		"who was told apart from somebody merged before": {[]string{"told apart"}, func(s *scene) {
			s.merges()
			s.arrives()
			s.parts("ps2", "ps3")
			s.joins(lead.System("intake"), "alike: s3")
		}},
		"a decision that is forgotten": {[]string{"told apart"}, func(s *scene) {
			s.two()
			s.parts("ps1", "ps2")
			p := s.person("ps1")
			p.Version, p.Apart = p.Version+1, nil
			s.commit(lead.Change{Person: &p})
		}},
		"a merge by the system without evidence": {[]string{"evidence"}, func(s *scene) {
			s.two()
			s.likeness = 0.99
			s.commit(s.union(lead.System("intake"), "alike: s2"))
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}

func TestMergesThatAreFine(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(s *scene){
		"a merge":                    func(s *scene) { s.merges() },
		"a merge and its undoing":    func(s *scene) { s.merges(); s.pass(time.Hour); s.commit(s.division()) },
		"a merge by the system":      func(s *scene) { s.two(); s.commit(s.union(lead.System("intake"), "alike: s2")) },
		"a merge by hand of anybody": func(s *scene) { s.likeness = 0; s.merges() },
		"a merge by what an enquiry told": func(s *scene) {
			s.two()
			p := s.person("ps1")
			p.Version, p.Doubts = p.Version+1, []lead.Doubt{{With: "ps2", Probability: 0.9995, At: s.clock, Submission: "s2"}}
			s.commit(lead.Change{Person: &p})
			s.likeness = 0
			s.commit(s.union(lead.System("intake"), "alike: s2"))
		},
		"a merge after a merge": func(s *scene) { s.merges(); s.arrives(); s.joins(dora, "the same voice") },
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

// parts tells two persons apart.
func (s *scene) parts(a, b string) {
	s.t.Helper()
	p, q := s.person(a).Settled(b, true), s.person(b).Settled(a, true)
	p.Version, q.Version = p.Version+1, q.Version+1
	s.commit(joint(lead.Change{Person: &p}, lead.Change{Person: &q}))
}

// joins merges a third person into the first.
func (s *scene) joins(by lead.Actor, why string) {
	s.t.Helper()
	after, gone, err := lead.Unite(s.person("ps1"), s.person("ps3"), lead.Union{}, by, why, s.clock)
	s.must(err)
	after.Version, gone.Version = after.Version+1, gone.Version+1
	s.commit(joint(lead.Change{Person: &after}, lead.Change{Person: &gone},
		s.change("ls3", by, lead.Absorb{Into: "ls1", Person: "ps1"}),
		s.change("ls1", by, lead.Take{Lead: "ls3", Touches: 1, Signals: s.checker.leads["ls3"].lead.Enquired()})))
}
