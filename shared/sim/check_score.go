package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// scoring is what the histories tell of how a lead is scored.
type scoring struct {
	byHand bool      // whoever has it gave the grade
	freed  time.Time // since when a grade that was given by hand is nobody's
	due    time.Time // of the latest entry after which the score may be another
}

// scores walks through an entry's events and judges each score.
func (c *checker) scores(w *watched, m made) {
	s, l := &w.scoring, m.before
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Scored:
			c.judgeScore(s, l, m, e)
			s.due = m.entry.At
		case lead.Engaged:
			s.due = m.entry.At
		case lead.Logged:
			if s.byHand = s.byHand || e.Grade != ""; e.Inbound {
				s.due = m.entry.At
			}
		case lead.Ended:
			if s.byHand {
				s.byHand, s.freed = false, m.entry.At
			}
		}
		l = lead.Apply(l, event, m.entry.At)
	}
}

// judgeScore holds that a score is what the policy says, with the model that is in
// force, of what is known of the lead by then; that it says what was there before; and
// that it does not touch what a rep has decided.
func (c *checker) judgeScore(s *scoring, l lead.Lead, m made, e lead.Scored) {
	was := l.Standing()
	if c.breaks(ruleScored, (e.Was == nil) == (was.Grade == "") && (e.Was == nil || *e.Was == was)) {
		c.tell(ruleScored, l.ID, "%s scores it anew, says that it was %v and it was %v", m.entry.ID(), e.Was, was)
	}
	if s.byHand && c.breaks(ruleByHand, e.Grade == l.Grade) {
		c.tell(ruleByHand, l.ID, "%s gives it grade %s, though %s gave it %s", m.entry.ID(), e.Grade, l.Owner(), l.Grade)
	}
	if l.State == lead.StateNurturing && l.Maturity != lead.Hot && e.Maturity == lead.Hot {
		if c.breaks(ruleRipe, m.takes(func(e lead.Event) bool { _, woken := e.(lead.Woken); return woken })) {
			c.tell(ruleRipe, l.ID, "%s makes it hot and leaves it in nurturing", m.entry.ID())
		}
	}
	if c.breaks(ruleScored, m.rules == nil || slices.Contains(c.recent(), m.rules)) {
		c.tell(ruleScored, l.ID, "%s scores it by policy %d, which is not in force", m.entry.ID(), m.entry.Policy)
	}
	if c.breaks(ruleScored, slices.Contains(c.recentModels(), e.Model)) {
		c.tell(ruleScored, l.ID, "%s scores it by model %d, which is not in force", m.entry.ID(), e.Model)
	}
	if m.rules == nil || c.answersOf == nil {
		return
	}
	want := c.scoreBy(m.rules, e.Model, l, m.entry.At)
	if s.byHand {
		want.Grade = e.Grade
	}
	same := e.Fit == want.Fit && e.Behaviour == want.Behaviour && e.Chance == want.Chance && e.Model == want.Model &&
		e.Grade == want.Grade && e.Maturity == want.Maturity && slices.Equal(e.Reasons, want.Reasons)
	if c.breaks(ruleScored, same) {
		want.Was, want.Cause = e.Was, e.Cause
		c.tell(ruleScored, l.ID, "%s scores it %+v, by the policy %+v", m.entry.ID(), e, want)
	}
}

// scoreBy is how a policy with a model, 0 for none, scores a lead at a moment.
func (c *checker) scoreBy(pol *policy.Policy, model int, l lead.Lead, at time.Time) lead.Score {
	facts := l.Facts
	if private := c.answersOf(l); len(private) > 0 {
		facts.Answers = map[string]any{}
		for _, some := range []map[string]any{l.Facts.Answers, private} {
			for name, answer := range some {
				facts.Answers[name] = answer
			}
		}
	}
	return pol.With(c.models[model]).Score(l, facts, at)
}

// walkMost is how long after a change of the policy or the model it may take until
// every lead is scored by it, beside the time for a thousand leads a minute.
const walkMost = 8 * time.Minute

// scoredAnew holds that an open lead is scored as the policy and the model in force
// have it since a moment, but for what makes no difference to anybody.
func (c *checker) scoredAnew(w *watched, since time.Time) {
	l := w.lead
	pol := c.policies[c.inForce[len(c.inForce)-1].number]
	if !l.State.Open() || c.answersOf == nil || pol == nil {
		return
	}
	since = later(since, w.scoring.due)
	var want lead.Standing
	held := false
	for _, at := range []time.Time{since, c.now()} { // it fades meanwhile
		s := c.scoreBy(pol, c.model(), l, at)
		want = lead.Standing{Fit: s.Fit, Behaviour: s.Behaviour, Chance: s.Chance, Grade: s.Grade, Maturity: s.Maturity}
		if w.scoring.byHand || w.scoring.freed.After(since) {
			want.Grade = l.Grade
		}
		held = held || !l.Standing().Differs(want)
	}
	if c.breaks(ruleAnew, held) {
		c.tell(ruleAnew, l.ID, "it is scored %+v, by policy %d and model %d in force since %s it is %+v", l.Standing(), pol.Version(), c.model(), since, want)
	}
}
