package sim

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/lead"
)

var withhold = lead.Withhold{Team: "kids"}

func TestBrokenCleansing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"a lead from a list that is routed": {[]string{"verified first"}, func(s *scene) {
			s.commit(s.listed(toRep(s.rep(0))))
		}},
		"a lead from a list that nobody verifies": {[]string{"verified first"}, func(s *scene) {
			s.commit(s.listed())
		}},
		"a lead from a list that rests": {[]string{"verified first"}, func(s *scene) {
			c := s.listed(withhold)
			s.commit(c)
			n := s.change(c.Lead.ID, dora, lead.Close{As: lead.StateJunk, Reason: "nobody there"})
			s.instead(&n, kind[lead.Closed], lead.Pooled{Pool: "open-sea", Why: "nobody there"})
			due := lead.Next(*n.Lead, s.policy.Rules("kids"))
			s.instead(&n, kind[lead.Due], lead.Due{At: due.At, Do: due.Do})
			s.commit(n)
		}},
		"a lead left to a team that does not verify": {[]string{"verified first"}, func(s *scene) {
			s.commit(s.listed(lead.Withhold{Team: "schools"}))
		}},
		"a lead that a rep verifies": {[]string{"verified first"}, func(s *scene) {
			c := s.listed(withhold)
			s.commit(c)
			s.do(c.Lead.ID, s.by(0), lead.Verify{})
		}},
		"a list taken for the person": {[]string{"lists wake nobody"}, func(s *scene) {
			s.comesBack(s.pools(), lead.Touch{Facts: lead.Facts{Form: boughtForm}})
		}},
		"the person taken for a list": {[]string{"lists wake nobody"}, func(s *scene) {
			s.comesBack(s.pools(), lead.Touch{Facts: lead.Facts{Form: trialForm}, Listed: true})
		}},
		"a list that wakes a lead":              {[]string{"lists wake nobody"}, func(s *scene) { s.wokenByList(s.pools()) }},
		"a list that wakes a lead in nurturing": {[]string{"lists wake nobody"}, func(s *scene) { s.wokenByList(s.nurtured()) }},
		"an answer of nobody who was asked": {[]string{"enrichers"}, func(s *scene) {
			id := s.asked()
			c := s.told(id, s.industry("care"))
			s.instead(&c, kind[lead.Enriched], lead.Enriched{By: places, Facts: lead.Facts{}})
			s.commit(c)
		}},
		"an answer that counts twice": {[]string{"enrichers"}, func(s *scene) {
			id := s.asked()
			c := s.told(id, s.industry("care"))
			s.commit(c)
			again := s.change(id, lead.System("enricher/"+register), lead.Score{Fit: 10, Grade: lead.GradeC})
			s.instead(&again, kind[lead.Scored], lead.Enriched{By: register, Facts: s.industry("care")})
			s.commit(again)
		}},
		"a fact whose origin nobody knows": {[]string{"what people said"}, func(s *scene) {
			s.commit(s.told(s.asked(), lead.Facts{Industry: "care"}))
		}},
		"a fact of another origin": {[]string{"what people said"}, func(s *scene) {
			var f lead.Facts
			f.Fill("industry", "care", lead.Provenance{From: places, At: s.clock})
			s.commit(s.told(s.asked(), f))
		}},
		"a company that forgets": {[]string{"versions", "what people said"}, func(s *scene) {
			s.commit(lead.Change{Company: &lead.Company{ID: "o1", Version: 1, Known: map[string]string{"industry": "care"},
				Origins: map[string]lead.Provenance{"industry": {From: register, At: s.clock}}}})
			s.put("O#o1", "O", map[string]any{"doc": `{"id":"o1","v":1,"known":{"industry":"retail"},"origins":{"industry":"register 2026-03-02T10:00:00Z"}}`})
		}},
		"a budget that is exceeded": {[]string{"enrichers"}, func(s *scene) {
			for n := range 2 {
				s.put("SPENT#enricher/register", "2026-03-02", map[string]any{"n": n + 1})
			}
		}},
		"a budget that is given back": {[]string{"enrichers"}, func(s *scene) {
			s.put("SPENT#enricher/register", "2026-03-02", map[string]any{"n": 1})
			s.put("SPENT#enricher/register", "2026-03-02", map[string]any{"n": 0})
		}},
		"a question that nobody paid for": {[]string{"enrichers"}, func(s *scene) {
			s.checker.asks(register, s.asked()+"-1-asked-register")
		}},
		"a question that nobody wanted": {[]string{"enrichers"}, func(s *scene) {
			s.checker.asks(register, s.arrives()+"-1-asked-register")
		}},
		"a question about somebody who opted out": {[]string{"enrichers"}, func(s *scene) {
			id := s.asked()
			s.do(id, dora, lead.OptOut{})
			s.pass(2 * time.Minute)
			s.put("SPENT#enricher/register", "2026-03-02", map[string]any{"n": 1})
			s.checker.asks(register, id+"-1-asked-register")
		}},
		"an enricher that never tells": {[]string{"enrichers", "told at all"}, func(s *scene) {
			s.do(s.asked(), lead.System("route"), toPool)
			s.checker.quiet()
		}},
		"a person whom nobody finds": {[]string{"index"}, func(s *scene) { s.misplaced("likeName") }},
		"a doubt that nobody finds":  {[]string{"index"}, func(s *scene) { s.misplaced("holder") }},
		"a lead that nobody finds to verify": {[]string{"index"}, func(s *scene) {
			s.alter = map[string]any{"holder": nil, "heldAt": nil}
			s.commit(s.listed(withhold))
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}

// TestFilled holds that what somebody said is found replaced, whichever event does it:
// those that the product knows never do.
func TestFilled(t *testing.T) {
	t.Parallel()
	said := lead.Lead{ID: "l1", Facts: lead.Facts{City: "Graz"}}
	other := said
	other.Facts.City = "Berlin"
	told := lead.Facts{City: "Berlin"}
	for _, c := range []struct {
		name          string
		before, after lead.Lead
		broken        bool
	}{
		{"left", said, said, false},
		{"replaced", said, other, true},
		{"taken away", said, lead.Lead{ID: "l1"}, true},
	} {
		s := newScene(t)
		s.checker.filled(made{entry: lead.Entry{Lead: "l1", Version: 2}}, c.before, c.after, told, register)
		if (len(s.broken) > 0) != c.broken {
			t.Errorf("%s: broken %v", c.name, s.broken)
		}
	}
}

func TestCleansingThatIsFine(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(s *scene){
		"a lead from a list": func(s *scene) { s.commit(s.listed(withhold)) },
		"a lead that is verified": func(s *scene) {
			c := s.listed(withhold)
			s.commit(c)
			s.do(c.Lead.ID, dora, lead.Verify{}, lead.Score{Fit: 70, Grade: lead.GradeA}, toPool)
		},
		"a lead that is thrown away": func(s *scene) {
			c := s.listed(withhold)
			s.commit(c)
			s.do(c.Lead.ID, dora, lead.Close{As: lead.StateJunk, Reason: "nobody there"})
		},
		"the person's own enquiry": func(s *scene) {
			c := s.listed(withhold)
			s.commit(c)
			s.comesBack(c.Lead.ID, lead.Touch{Facts: lead.Facts{Form: trialForm}})
		},
		"a list that adds to a lead": func(s *scene) {
			s.comesBack(s.pools(), lead.Touch{Facts: lead.Facts{Form: boughtForm, City: "Graz"}, Listed: true})
		},
		"a list that adds what ripens a lead": func(s *scene) {
			s.comesBack(s.nurtured(), lead.Touch{Facts: lead.Facts{Form: boughtForm, City: "Graz"}, Listed: true},
				lead.Score{Fit: 70, Grade: lead.GradeA, Maturity: lead.Hot}, toPool)
		},
		"an answer": func(s *scene) {
			id := s.asked()
			s.put("SPENT#enricher/register", "2026-03-02", map[string]any{"n": 1})
			s.checker.asks(register, id+"-1-asked-register")
			s.commit(s.told(id, s.industry("care")))
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

// comesBack is a further submission of the person of a lead, by whatever form.
func (s *scene) comesBack(id string, touch lead.Touch, then ...lead.Command) {
	s.t.Helper()
	s.number++
	touch.Submission = fmt.Sprint("s", s.number)
	c := s.change(id, lead.System("intake"), append([]lead.Command{touch}, then...)...)
	c.Submission = &lead.Submission{ID: touch.Submission, Received: s.clock, Outcome: lead.OutcomeMerged, Lead: id, Person: c.Lead.Person}
	s.commit(c)
}

// wokenByList commits a submission from a list that wakes a lead as the person's own would.
func (s *scene) wokenByList(id string) {
	s.t.Helper()
	s.number++
	c := s.change(id, lead.System("intake"), lead.Touch{Submission: "s9", Facts: lead.Facts{Form: boughtForm}})
	s.instead(&c, kind[lead.Touched], lead.Touched{Submission: "s9", Facts: lead.Facts{Form: boughtForm}, Listed: true})
	c.Submission = &lead.Submission{ID: "s9", Received: s.clock, Outcome: lead.OutcomeMerged, Lead: id, Person: c.Lead.Person}
	s.commit(c)
}

// misplaced is a person in doubt who lacks one place in the indexes.
func (s *scene) misplaced(attribute string) {
	s.t.Helper()
	s.arrives()
	p := s.person("ps1")
	p.Version, p.Alike, p.Doubts = 2, []lead.Key{"n1", "c1"}, []lead.Doubt{{With: "ps9", Probability: 0.6, At: s.clock}}
	s.commit(lead.Change{Person: &p})
	i, _ := s.model.Get("P#ps1", "P")
	doc := i.Text("doc")
	s.put("P#ps1", "P", map[string]any{attribute: nil, "v": 3, "doc": `{"id":"ps1","v":3` + doc[len(`{"id":"ps1","v":2`):]})
}
