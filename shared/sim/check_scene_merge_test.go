package sim

import (
	"slices"

	"sluice/shared/lead"
)

var dora = lead.Actor{Kind: "dispatcher", ID: "dora"}

// two are persons who have a lead each for the same product: the first one's with a
// rep, the second one's in the pool.
func (s *scene) two() {
	s.t.Helper()
	s.offers(0)
	s.pools()
}

// union is the merge of the second person into the first.
func (s *scene) union(by lead.Actor, why string) lead.Change {
	s.t.Helper()
	a, b := s.person("ps1"), s.person("ps2")
	la, lb := s.checker.leads[a.Leads["kids-coding"]].lead, s.checker.leads["ls2"].lead
	after, gone, err := lead.Unite(a, b, lead.Union{}, by, why, s.clock)
	s.must(err)
	after.Version++
	gone.Version++
	return joint(lead.Change{Person: &after}, lead.Change{Person: &gone},
		s.change(lb.ID, by, lead.Absorb{Into: la.ID, Person: a.ID}),
		s.change(la.ID, by, lead.Take{Lead: lb.ID, Facts: lb.Facts, Touches: lb.Touches, Signals: lb.Enquired()}))
}

// merges commits the merge of the second person into the first.
func (s *scene) merges() {
	s.t.Helper()
	s.two()
	s.commit(s.union(dora, "the same voice"))
}

// division is the undoing of that merge.
func (s *scene) division() lead.Change {
	s.t.Helper()
	alone, again, err := lead.Divide(s.person("ps1"), s.person("ps2"))
	s.must(err)
	alone.Version++
	again.Version++
	la, lb := s.checker.leads["ls1"].lead, s.checker.leads["ls2"].lead
	return joint(lead.Change{Person: &alone}, lead.Change{Person: &again},
		s.change(lb.ID, dora, lead.Restore{Why: "two people"}),
		s.change(la.ID, dora, lead.Return{Lead: lb.ID, Facts: la.Facts, Touches: lb.Touches}))
}

// joint are changes in one transaction.
func joint(changes ...lead.Change) lead.Change {
	var c lead.Change
	for _, part := range changes {
		c.Moves = append(c.Moves, part.Moves...)
		part.Moves = nil
		c.Also = append(c.Also, part)
	}
	return c
}

// listed is a new lead from a list, which waits to be verified or does not.
func (s *scene) listed(more ...lead.Command) lead.Change {
	s.t.Helper()
	c := s.arrival()
	id, n := c.Lead.ID, c.Submission.ID
	commands := append([]lead.Command{lead.Capture{Number: "F-" + n, Person: c.Person.ID, Product: "kids-coding", Submission: n,
		Facts: lead.Facts{Product: "kids-coding", Form: boughtForm}}}, more...)
	made := s.change(id, lead.System("intake"), append(commands, lead.Score{Fit: 70, Grade: lead.GradeA})...)
	made.Person, made.Reserve, made.Submission = c.Person, c.Reserve, c.Submission
	return made
}

// asked is a new lead about which an enricher is asked.
func (s *scene) asked() string {
	s.t.Helper()
	c := s.arrival(lead.Ask{Of: []string{register}})
	s.commit(c)
	return c.Lead.ID
}

// told is an enricher's answer.
func (s *scene) told(id string, facts lead.Facts) lead.Change {
	return s.change(id, lead.System("enricher/"+register), lead.Enrich{By: register, Facts: facts})
}

// industry is a fact as the enricher tells it.
func (s *scene) industry(what string) lead.Facts {
	var f lead.Facts
	f.Fill("industry", what, lead.Provenance{From: register, At: s.clock})
	return f
}

// instead replaces an event of an entry by another one.
func (s *scene) instead(c *lead.Change, was func(lead.Event) bool, is ...lead.Event) {
	s.t.Helper()
	i := slices.IndexFunc(c.Entry.Events, was)
	if i < 0 {
		s.t.Fatal("the entry has no such event")
	}
	c.Entry.Events = slices.Replace(slices.Clone(c.Entry.Events), i, i+1, is...)
	s.fold(c)
}

func kind[E lead.Event](e lead.Event) bool {
	_, ok := e.(E)
	return ok
}

// unites has two new persons be told apart from a third, be merged by what an enquiry
// told, and be parted again; and an enricher tell of one more.
func (s *scene) unites() {
	s.t.Helper()
	var ids []string
	for range 3 {
		id := s.arrives()
		s.do(id, lead.System("route"), toPool)
		ids = append(ids, id)
	}
	whose := func(n int) lead.Person { return s.person(s.checker.leads[ids[n]].lead.Person) }
	s.parts(whose(0).ID, whose(2).ID)
	after, gone, err := lead.Unite(whose(0), whose(1), lead.Union{}, lead.System("intake"), "alike: s1", s.clock)
	s.must(err)
	after.Version, gone.Version = after.Version+1, gone.Version+1
	s.commit(joint(lead.Change{Person: &after}, lead.Change{Person: &gone},
		s.change(ids[1], dora, lead.Absorb{Into: ids[0], Person: after.ID}),
		s.change(ids[0], dora, lead.Take{Lead: ids[1], Touches: 1, Signals: s.checker.leads[ids[1]].lead.Enquired()})))
	alone, again, err := lead.Divide(whose(0), s.person(gone.ID))
	s.must(err)
	alone.Version, again.Version = alone.Version+1, again.Version+1
	facts := s.checker.leads[ids[0]].lead.Facts
	s.commit(joint(lead.Change{Person: &alone}, lead.Change{Person: &again},
		s.change(ids[1], dora, lead.Restore{Why: "two people"}),
		s.change(ids[0], dora, lead.Return{Lead: ids[1], Facts: facts, Touches: 1})))

	told := s.asked()
	done, err := s.store.BeginDelivery(s.ctx(), told+"-1-asked-register", s.clock, s.clock)
	s.must(err)
	if !done {
		s.must(s.store.EndDelivery(s.ctx(), told+"-1-asked-register", s.clock))
	}
	s.commit(s.told(told, s.industry("care")))
	s.do(told, lead.System("route"), toPool)
	s.comesBack(told, lead.Touch{Facts: lead.Facts{Form: boughtForm}, Listed: true})
}
