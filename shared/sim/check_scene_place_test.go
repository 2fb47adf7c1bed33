package sim

import (
	"encoding/json"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// school is a new lead of a school, in the triage of the team that looks at it
// first, then in the hands of a rep.
func (s *scene) school(n int) string {
	s.t.Helper()
	c := s.arrival()
	first := c.Entry.Events[0].(lead.Captured)
	first.Product, first.Facts.Product = "school-classes", "school-classes"
	c.Entry.Events[0], c.Lead.Product, c.Lead.Facts.Product = first, "school-classes", "school-classes"
	c.Person.Leads = map[string]string{"school-classes": c.Lead.ID}
	s.commit(c)
	s.do(c.Lead.ID, lead.System("route"), lead.Route{Choice: lead.Choice{Team: "enquiries", Why: "nobody eligible"}})
	s.do(c.Lead.ID, lead.Actor{Kind: "dispatcher", ID: "dirk"}, lead.Assign{Rep: s.rep(n)})
	s.send(c.Lead.ID+"-3-offered", s.reps[n].Email)
	s.do(c.Lead.ID, s.by(n), lead.Accept{Rep: s.rep(n)})
	return c.Lead.ID
}

// works is a new lead on which a rep works.
func (s *scene) works(n int) string {
	s.t.Helper()
	id := s.offers(n)
	s.do(id, s.by(n), lead.Accept{Rep: s.rep(n)})
	return id
}

// apply puts another policy into force.
func (s *scene) apply(doc policy.Document) {
	s.t.Helper()
	data, err := json.Marshal(doc)
	s.must(err)
	version := s.policy.Version() + 1
	s.must(s.store.PutPolicy(s.ctx(), policy.Record{Version: version, Document: data}))
	s.policy = policy.List(doc, version)
}

// edit changes a rep's record.
func (s *scene) edit(n int, edit func(*lead.Rep)) {
	s.t.Helper()
	r, err := s.store.Rep(s.ctx(), s.rep(n))
	s.must(err)
	edit(&r)
	s.must(s.store.PutRep(s.ctx(), r))
}

// waits has a lead wait for a shift of its team.
func (s *scene) waits(in time.Duration) string {
	s.t.Helper()
	id := s.arrives()
	s.do(id, lead.System("route"), lead.Route{Choice: lead.Choice{Rule: "fallback", Team: "kids", Wait: s.clock.Add(in), Why: "nobody is on shift"}})
	return id
}

var byManager = lead.Actor{Kind: "manager", ID: "max"}
