package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/sim/table"
)

// TestBrokenPlaces breaks by hand what must hold of where leads come to, of paces
// and of results.
func TestBrokenPlaces(t *testing.T) {
	t.Parallel()
	// moves commits a route to the first rep with its counters' move changed.
	moves := func(spoil func(m *lead.RepMove)) func(s *scene) {
		return func(s *scene) {
			s.edit(0, func(r *lead.Rep) { r.Pace = new(60) })
			c := s.change(s.arrives(), lead.System("route"), toRep(s.rep(0)))
			spoil(&c.Moves[0])
			s.commit(c)
		}
	}
	// ends releases a lead of the first rep with its counters' move changed.
	ends := func(spoil func(m *lead.RepMove)) func(s *scene) {
		return func(s *scene) {
			id := s.pools()
			s.commit(s.claim(id, 0))
			c := s.change(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
			spoil(&c.Moves[0])
			s.commit(c)
		}
	}
	moved := func(by lead.Actor, to lead.Move) func(s *scene) {
		return func(s *scene) {
			to.Why = "ill"
			s.do(s.offers(0), by, to)
		}
	}
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"more than the pace": {[]string{"pace"}, func(s *scene) {
			s.edit(0, func(r *lead.Rep) { r.Pace = new(30) })
			s.offers(0)
			s.pass(23 * time.Hour)
			s.offers(0)
		}},
		"a pace of none": {[]string{"pace"}, func(s *scene) {
			s.edit(0, func(r *lead.Rep) { r.Pace = new(0) })
			s.offers(0)
		}},
		"more than the pace by other counters": {[]string{"counters", "pace"}, func(s *scene) {
			s.edit(0, func(r *lead.Rep) { r.Pace = new(30) })
			s.offers(0)
			s.put("REP", s.rep(0), map[string]any{"paced": 1})
			s.offers(0)
		}},
		"a pace that is not moved":    {[]string{"counters"}, moves(func(m *lead.RepMove) { m.PacedTo = time.Time{} })},
		"a pace that is moved more":   {[]string{"counters"}, moves(func(m *lead.RepMove) { m.PacedTo = m.PacedTo.Add(time.Millisecond) })},
		"a grade that is not counted": {[]string{"counters"}, moves(func(m *lead.RepMove) { m.Grade = lead.GradeD })},
		"the day before, forgotten": {[]string{"counters"}, func(s *scene) {
			s.offers(0)
			s.pass(day)
			s.offers(0)
			s.put("REP", s.rep(0), map[string]any{"last": 0, "rev": 2, "doc": `{"id":"r1","teams":["kids"],"active":true,"zone":"UTC","rev":2,"cap":3,"quota":2}`})
		}},
		"a result that is not counted": {[]string{"counters"}, ends(func(m *lead.RepMove) { m.Result = "" })},
		"a result of another channel":  {[]string{"counters"}, ends(func(m *lead.RepMove) { m.Channel = "exhibition" })},
		"a loss that counts as won":    {[]string{"counters"}, ends(func(m *lead.RepMove) { m.Result, m.Month = lead.ResultWon, "2026-03" })},
		"results out of nothing":       {[]string{"counters"}, func(s *scene) { s.put("REP", "r1#results", map[string]any{"tried#website": 1}) }},
		"results that are gone": {[]string{"counters"}, func(s *scene) {
			ends(func(*lead.RepMove) {})(s)
			s.model = s.model.Clone(table.Options{})
			s.checker.table = s.model
			s.put("REP", "r1#results", map[string]any{"tried#": nil})
			s.checker.quiet()
		}},
		"grades that are not those of the histories": {[]string{"counters"}, func(s *scene) {
			s.offers(0)
			s.model = s.model.Clone(table.Options{})
			s.checker.table = s.model
			s.put("REP", s.rep(0), map[string]any{"mix0": 1})
			s.do("ls1", s.by(0), lead.Accept{Rep: s.rep(0)})
			s.checker.quiet()
		}},

		"by a rule that is for others": {[]string{"routed by rule"}, func(s *scene) {
			to := toRep(s.rep(0))
			to.Choice.Rule = "maths"
			s.do(s.arrives(), lead.System("route"), to)
		}},
		"to a team that it is not for": {[]string{"rep's record", "routed by rule"}, func(s *scene) {
			to := toRep(s.rep(0))
			to.Choice.Team = "maths"
			s.do(s.arrives(), lead.System("route"), to)
		}},
		"to a rep without a share": {[]string{"rep's record"}, func(s *scene) {
			s.apply(shortTerms[3].document(userStep)) // in which the second has none
			s.offers(1)
		}},

		"a wait that is too long": {[]string{"wait for a shift"}, func(s *scene) { s.waits(14*time.Hour + 1) }},
		"waits that are too long together": {[]string{"wait for a shift"}, func(s *scene) {
			id := s.waits(10 * time.Hour)
			s.pass(10 * time.Hour)
			s.do(id, lead.System("sweep"), lead.Route{Choice: lead.Choice{Team: "kids", Wait: s.clock.Add(5 * time.Hour)}})
		}},
		"a wait for nobody": {[]string{"wait for a shift"}, func(s *scene) {
			for i := range s.reps {
				s.edit(i, func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-01", To: "2026-03-09"}} })
			}
			s.pass(settledAfter + time.Second)
			s.waits(2 * time.Hour)
		}},
		"a wait for another team's shift": {[]string{"routed by rule", "wait for a shift"}, func(s *scene) {
			s.pass(time.Hour)
			s.do(s.arrives(), lead.System("route"), lead.Route{Choice: lead.Choice{Team: "maths", Wait: s.clock.Add(time.Hour)}})
		}},
		"a waiting lead that nobody sees": {[]string{"index"}, func(s *scene) {
			s.arrives()
			s.alter = map[string]any{"holder": nil, "heldAt": nil}
			s.do("ls1", lead.System("route"), lead.Route{Choice: lead.Choice{Team: "kids", Wait: s.clock.Add(time.Hour)}})
		}},
		"a lead that waits on after its shift": {[]string{"overdue"}, func(s *scene) {
			id := s.waits(time.Hour)
			s.clock = s.checker.leads[id].lead.Wait.Add(3 * time.Minute)
			s.checker.tick(s.clock, true)
		}},

		"a verdict that there is not":  {[]string{"verdicts"}, func(s *scene) { s.do(s.school(0), s.by(0), lead.Qualify{Rep: s.rep(0), Verdict: "perhaps"}) }},
		"a verdict of another team's":  {[]string{"verdicts"}, func(s *scene) { s.do(s.works(0), s.by(0), lead.Qualify{Rep: s.rep(0), Verdict: "classes"}) }},
		"a verdict of who has it not":  {[]string{"one owner"}, func(s *scene) { s.do(s.school(0), s.by(1), lead.Qualify{Rep: s.rep(0), Verdict: "classes"}) }},
		"a rep who moves leads":        {[]string{"moves"}, moved(lead.Actor{Kind: "rep", ID: "r2"}, lead.Move{Anew: true})},
		"a dispatcher who moves leads": {[]string{"moves"}, moved(lead.Actor{Kind: "dispatcher", ID: "dora"}, lead.Move{Pool: "open-sea"})},
		"another team's manager":       {[]string{"moves"}, moved(lead.Actor{Kind: "manager", ID: "mona"}, lead.Move{Rep: "r2", Team: "kids"})},
		"a move of what is placed just now": {[]string{"moves"}, func(s *scene) {
			c := s.change(s.arrives(), byManager, toPool)
			c.Entry.Events = append([]lead.Event{lead.Moved{Why: "ill"}}, c.Entry.Events...)
			s.fold(&c)
			s.commit(c)
		}},
		"a move that accepts an offer": {[]string{"moves"}, func(s *scene) {
			c := s.change(s.offers(0), byManager, lead.Move{Rep: s.rep(1), Team: "kids", Why: "ill"})
			c.Entry.Events = append(c.Entry.Events[:3], lead.Accepted{}, lead.Due{At: s.clock.Add(30 * time.Minute), Do: lead.DutyRemind})
			s.fold(&c)
			s.commit(c)
		}},
		"a move within the cool-off": {[]string{"cool-off"}, func(s *scene) {
			id := s.offers(0)
			s.do(id, byManager, lead.Move{Rep: s.rep(1), Team: "kids", Why: "ill"})
			s.checker.leads[id].lead.Owners = nil
			c := s.change(id, byManager, lead.Move{Rep: s.rep(0), Team: "kids", Why: "well"})
			owner := lead.Owner{Rep: s.rep(0), Until: s.clock}
			s.checker.leads[id].lead.Owners = []lead.Owner{owner}
			s.fold(&c)
			s.commit(c)
		}},
		"an entry that tells nothing": {[]string{"append only"}, func(s *scene) {
			c := s.change(s.pools(), lead.System("route"), lead.Score{Fit: 1})
			c.Entry.Events = nil
			s.fold(&c)
			s.commit(c)
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}
