package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// scores has a scene's checker hold scores against the policy.
func (s *scene) scores() { s.checker.answersOf = func(lead.Lead) map[string]any { return nil } }

// scored is how a lead is scored as it is, with a model, 0 for none.
func (s *scene) scored(id string, model int) lead.Score {
	l := s.checker.leads[id].lead
	return s.checker.scoreBy(s.checker.policies[s.policy.Version()], model, l, s.clock)
}

var machine = lead.Actor{Kind: "marketer", ID: "mia"}

// signal is one of a while ago.
func (s *scene) signal(kind lead.SignalKind, id string, sure int) lead.Signal {
	return lead.Signal{Kind: kind, ID: id, At: s.clock.Add(-time.Hour), Sure: sure}
}

// walks goes through all leads for the policy in force.
func (s *scene) walks(version, policy, model int) {
	s.t.Helper()
	s.must(s.store.PutRescore(s.ctx(), score.Rescore{Version: version, Policy: policy, Model: model, Sent: 1, Shard: 4, Began: s.clock, Ended: s.clock}))
}

// ends keeps how a lead ended.
func (s *scene) ends(id string) {
	s.t.Helper()
	history, _, err := s.store.History(s.ctx(), id, lead.Page{Limit: 200})
	s.must(err)
	s.must(s.store.PutOutcome(s.ctx(), score.OutcomeOf(history, s.policy.Clock())))
}

// other is the scene's policy with other grades.
func other(s *scene) policy.Document {
	return short(s, func(d *policy.Document) {
		d.Score.Grades = []score.GradeRule{{Grade: lead.GradeB, When: "fit >= 20"}, {Grade: lead.GradeD}}
	})
}

// TestBrokenScores breaks by hand what must hold of scores.
func TestBrokenScores(t *testing.T) {
	t.Parallel()
	system := lead.System("score")
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"a score that is not the policy's": {[]string{"scored"}, func(s *scene) {
			s.scores()
			s.do(s.arrives(), system, lead.Score{Fit: 61, Behaviour: 25, Maturity: lead.Warm, Grade: lead.GradeA})
		}},
		"a score with other reasons": {[]string{"scored"}, func(s *scene) {
			s.scores()
			id := s.arrives()
			s.pass(5 * day)
			c := s.scored(id, 0)
			c.Reasons = []string{"it is nice"}
			s.do(id, system, c)
		}},
		"a score that fades too slowly": {[]string{"scored"}, func(s *scene) {
			s.scores()
			id := s.arrives()
			s.do(id, machine, lead.Engage{Signals: []lead.Signal{s.signal(lead.SignalEvent, "e1", 100)}})
			c := s.scored(id, 0)
			s.pass(14 * day)
			s.do(id, system, c)
		}},
		"a score that says that another was there": {[]string{"scored"}, func(s *scene) {
			c := s.change(s.pools(), system, lead.Score{Fit: 3, Grade: lead.GradeC})
			e := c.Entry.Events[0].(lead.Scored)
			e.Was = &lead.Standing{Fit: 71, Grade: lead.GradeA}
			c.Entry.Events[0] = e
			s.commit(c)
		}},
		"a score by a policy that is out of force": {[]string{"scored"}, func(s *scene) {
			id := s.pools()
			s.apply(other(s))
			s.pass(10 * time.Minute)
			c := s.change(id, system, lead.Score{Fit: 3, Grade: lead.GradeC})
			c.Entry.Policy = 1
			s.commit(c)
		}},
		"a score by no model though there is one": {[]string{"scored"}, func(s *scene) {
			id := s.pools()
			s.must(s.store.PutTraining(s.ctx(), training(1, s.clock)))
			s.pass(10 * time.Minute)
			s.do(id, system, lead.Score{Fit: 3, Grade: lead.GradeC})
		}},
		"a grade by hand that a score replaces": {[]string{"graded by hand"}, func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayMeeting, Grade: lead.GradeB}})
			s.commit(s.tells(id, system, lead.Scored{Fit: 3, Grade: lead.GradeC, Was: &lead.Standing{Fit: 70, Grade: lead.GradeB}}))
		}},
		"a lead that ripens and rests on": {[]string{"ripe"}, func(s *scene) {
			id := s.nurtured()
			s.commit(s.tells(id, system, lead.Scored{Fit: 70, Grade: lead.GradeA, Maturity: lead.Hot, Was: &lead.Standing{Fit: 70, Grade: lead.GradeA}}))
		}},
		"a signal that counts twice": {[]string{"fold", "signals"}, func(s *scene) {
			id := s.pools()
			one := s.signal(lead.SignalClick, "c1", 100)
			s.do(id, machine, lead.Engage{Signals: []lead.Signal{one}})
			c := s.change(id, machine, lead.Engage{Signals: []lead.Signal{s.signal(lead.SignalClick, "c2", 100)}})
			twice := *c.Lead
			twice.Signals = append(twice.Signals, one)
			c.Lead = &twice
			s.commit(c)
			s.must(s.store.Commit(s.ctx(), s.change(id, machine, lead.Engage{Signals: []lead.Signal{s.signal(lead.SignalOpen, "o1", 10)}})))
		}},
		"a merge that leaves signals behind": {[]string{"signals"}, func(s *scene) {
			s.two()
			s.do("ls2", machine, lead.Engage{Signals: []lead.Signal{s.signal(lead.SignalClick, "c1", 100)}})
			c := s.union(dora, "the same voice")
			lb := s.checker.leads["ls2"].lead
			c.Also[3] = s.change("ls1", dora, lead.Take{Lead: "ls2", Facts: lb.Facts, Touches: 1, Signals: lb.Enquired()[1:]})
			s.commit(c)
		}},
		"an undoing after which signals of the other stay": {[]string{"signals"}, func(s *scene) {
			s.merges()
			c := s.division()
			la := s.checker.leads["ls1"].lead
			c.Also[3] = s.change("ls1", dora, lead.Return{Lead: "ls2", Facts: la.Facts, Touches: 1, Signals: la.Signals})
			s.commit(c)
		}},
		"a signal that was accepted and is unknown": {[]string{"signals"}, func(s *scene) {
			s.checker.engaged(s.pools(), []lead.Signal{s.signal(lead.SignalClick, "c1", 100)})
			s.checker.quiet()
		}},
		"a correction that is dropped": {[]string{"signals"}, func(s *scene) {
			id := s.pools()
			one := s.signal(lead.SignalClick, "c1", 60)
			s.do(id, machine, lead.Engage{Signals: []lead.Signal{one}})
			s.checker.engaged(id, []lead.Signal{judged(one, s.clock)})
			s.checker.quiet()
		}},
		"a walk that never ends": {[]string{"scored anew"}, func(s *scene) {
			s.apply(other(s))
			s.pass(time.Minute)
			s.must(s.store.PutRescore(s.ctx(), score.Rescore{Version: 2, Policy: 2, Began: s.clock}))
			s.pass(20 * time.Minute)
			s.checker.tick(s.clock, true)
		}},
		"a walk in too large steps": {[]string{"scored anew"}, func(s *scene) {
			s.apply(other(s))
			s.must(s.store.PutRescore(s.ctx(), score.Rescore{Version: 2, Policy: 2, Began: s.clock}))
			s.must(s.store.PutRescore(s.ctx(), score.Rescore{Version: 3, Policy: 2, Began: s.clock, Sent: 1001, Shard: 4, Ended: s.clock}))
		}},
		"a walk that goes back": {[]string{"scored anew"}, func(s *scene) {
			s.apply(other(s))
			s.walks(2, 2, 0)
			s.walks(3, 1, 0)
		}},
		"a walk without end for the same policy": {[]string{"scored anew"}, func(s *scene) { s.walks(2, 1, 0) }},
		"a walk that passes a lead by": {[]string{"scored anew"}, func(s *scene) {
			s.scores()
			s.arrives()
			s.apply(other(s))
			s.walks(2, 2, 0)
			s.pass(20 * time.Minute)
			s.checker.walks(false)
		}},
		"signals after which nobody scores": {[]string{"scored anew"}, func(s *scene) {
			s.scores()
			id := s.arrives()
			s.apply(other(s))
			s.walks(2, 2, 0)
			s.do(id, system, s.scored(id, 0))
			s.do(id, machine, lead.Engage{Signals: []lead.Signal{s.signal(lead.SignalEvent, "e1", 100)}})
			s.pass(20 * time.Minute)
			s.checker.walks(true)
		}},
		"a lead that is over, and nobody keeps how": {[]string{"endings"}, func(s *scene) {
			s.lose()
			s.checker.quiet()
		}},
		"a lead that goes on, and is kept as lost": {[]string{"endings"}, func(s *scene) {
			id := s.lose()
			s.ends(id)
			s.comesBack(id, lead.Touch{Facts: lead.Facts{Form: "trial"}})
			s.checker.quiet()
		}},
		"an ending that an older one replaces": {[]string{"endings"}, func(s *scene) {
			id := s.lose()
			s.ends(id)
			s.pass(time.Minute)
			s.put("OUTCOME#2026-03", id, map[string]any{"v": 1})
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}

// nurtured is a lead in nurturing.
func (s *scene) nurtured() string {
	s.t.Helper()
	id := s.works(0)
	s.do(id, s.by(0), lead.Recycle{Rep: s.rep(0), Reason: "in summer"})
	return id
}

// lose is a lead that is lost.
func (s *scene) lose() string {
	s.t.Helper()
	id := s.works(0)
	s.do(id, s.by(0), lead.Close{Rep: s.rep(0), As: lead.StateLost, Reason: "moved away"})
	return id
}

// TestScoresThatAreFine plays what may happen to scores.
func TestScoresThatAreFine(t *testing.T) {
	t.Parallel()
	system := lead.System("score")
	for name, play := range map[string]func(s *scene){
		"a correction before what it corrects": func(s *scene) {
			id := s.pools()
			one := s.signal(lead.SignalClick, "c1", 60)
			for _, told := range []lead.Signal{judged(one, s.clock), one} {
				if c := s.change(id, machine, lead.Engage{Signals: []lead.Signal{told}}); c.Entry != nil && len(c.Entry.Events) > 0 {
					s.commit(c)
				}
				s.checker.engaged(id, []lead.Signal{told})
			}
			s.checker.keptSignals()
		},
		"more signals than are kept": func(s *scene) {
			id := s.pools()
			for i := range 20 {
				one := s.signal(lead.SignalVisit, string(rune('a'+i)), 100)
				s.do(id, machine, lead.Engage{Signals: []lead.Signal{one}})
				s.checker.engaged(id, []lead.Signal{one})
				s.pass(time.Minute)
			}
			s.checker.keptSignals()
		},
		"signals of a lead that goes on as another": func(s *scene) {
			s.two()
			one := s.signal(lead.SignalClick, "c1", 100)
			s.do("ls2", machine, lead.Engage{Signals: []lead.Signal{one}})
			s.checker.engaged("ls2", []lead.Signal{one})
			s.commit(s.union(dora, "the same voice"))
			s.checker.keptSignals()
		},
		"a score by the old policy just after the new one": func(s *scene) {
			s.scores()
			id := s.arrives()
			s.do(id, machine, lead.Engage{Signals: []lead.Signal{s.signal(lead.SignalEvent, "e1", 100)}})
			c := s.change(id, system, s.scored(id, 0))
			s.apply(other(s))
			s.commit(c)
		},
		"a model, and a walk by it": func(s *scene) {
			s.scores()
			id := s.arrives()
			s.must(s.store.PutTraining(s.ctx(), training(1, s.clock)))
			s.pass(time.Minute)
			s.walks(2, 1, 1)
			s.do(id, system, s.scored(id, 1))
			s.pass(20 * time.Minute)
			s.checker.walks(false)
		},
		"a grade by hand that is nobody's any more": func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Log{Rep: s.rep(0), Activity: lead.Logged{Way: lead.WayMeeting, Grade: lead.GradeB}})
			s.do(id, s.by(0), lead.Release{Rep: s.rep(0), Reason: "no time"})
			s.do(id, system, lead.Score{Fit: 3, Grade: lead.GradeC})
		},
		"a customer who was won long before somebody confirmed it": func(s *scene) {
			id := s.works(0)
			s.do(id, s.by(0), lead.Convert{Rep: s.rep(0)})
			s.ends(id)
			s.due(id)
			manager, _ := s.policy.User("max")
			s.send(id+"-5-escalated", manager.Email)
			s.do(id, lead.Actor{Kind: "customer_success", ID: "cora"}, lead.Confirm{})
			s.checker.quiet()
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
