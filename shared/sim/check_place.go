package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// placed judges where an entry leaves the lead: by which rule, for which shift, by
// whose verdict, at whose hands.
func (c *checker) placed(m made) {
	if m.rules == nil { // told elsewhere
		return
	}
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Offered:
			if e.How == lead.ByOffer {
				c.routed(m, e.Team, e.Rule)
			}
		case lead.Waiting:
			c.routed(m, e.Team, "")
			c.waits(m, e)
		case lead.Qualified:
			c.qualified(m, e)
		case lead.Moved:
			c.relocated(m, e)
		}
	}
}

// routed holds that the policy's rules send the lead to the team. What they look
// at here does not change with the hour.
func (c *checker) routed(m made, team, rule string) {
	if c.breaks(ruleRouted, m.after.Grade != "") {
		c.tell(ruleRouted, m.after.ID, "%s gives it to team %s without a grade", m.entry.ID(), team)
	}
	facts := m.after.Facts
	facts.Grade, facts.Fit = m.after.Grade, m.after.Fit
	to := m.rules.Routing().Match(facts)
	if c.breaks(ruleRouted, to.Team == team && !to.Triage && (rule == "" || rule == to.Rule)) {
		c.tell(ruleRouted, m.after.ID, "%s gives it to team %s by rule %q, by the policy it is for team %q by rule %q", m.entry.ID(), team, rule, to.Team, to.Rule)
	}
}

// settledAfter is how long after an edit the roster of a function may be the one
// before: a commit that went out on it may still come.
const settledAfter = 3 * time.Minute

// waits holds that a lead waits no longer than its team allows, for somebody who
// will work then.
func (c *checker) waits(m made, e lead.Waiting) {
	l := m.after
	most := l.Since.Add(m.rules.Rules(e.Team).Wait)
	if c.breaks(ruleWait, l.State == lead.StateRouting && l.Wait.Equal(e.Until) && e.Until.After(m.entry.At) && !e.Until.After(most)) {
		c.tell(ruleWait, l.ID, "%s leaves it waiting until %s, at most it may until %s", m.entry.ID(), e.Until, most)
	}
	if c.now().Sub(c.edits) <= settledAfter || !c.calm() {
		return
	}
	then := &made{rules: m.rules, entry: lead.Entry{At: e.Until}}
	somebody := false
	for _, r := range c.reps {
		somebody = somebody || r.Active && c.works(r, then, e.Team)
	}
	if c.breaks(ruleWait, somebody) {
		c.tell(ruleWait, l.ID, "%s leaves it waiting until %s, when nobody of team %s works", m.entry.ID(), e.Until, e.Team)
	}
}

// qualified holds that a verdict is one of the team's, and that the lead goes on.
func (c *checker) qualified(m made, e lead.Qualified) {
	team, _ := m.rules.Team(m.before.Team)
	fits := slices.Contains(team.Verdicts, e.Verdict) && m.after.State == lead.StateRouting && m.after.Facts.Verdict == e.Verdict
	if c.breaks(ruleVerdict, fits) {
		c.tell(ruleVerdict, m.after.ID, "%s finds it %q for team %s and leaves it %s", m.entry.ID(), e.Verdict, m.before.Team, m.after.State)
	}
}

// relocated holds that only a manager of the lead's team moves it, or an admin of the
// pool that it rests in, from where it can be moved, and to one place.
func (c *checker) relocated(m made, e lead.Moved) {
	l, by := m.after, m.entry.By
	if e.Job != "" {
		c.jobMoves(m, e.Job)
	}
	user, _ := m.rules.User(by.ID)
	admin := func(pool string) bool {
		p, _ := m.rules.Pool(pool)
		return slices.Contains(p.Admins, by.ID)
	}
	fits := by.Kind == "manager" && slices.Contains(user.Teams, m.before.Team)
	if by.Kind == "pool_admin" {
		fits = m.before.State == lead.StatePooled && admin(m.before.Pool) && l.State != lead.StateRouting && (l.State != lead.StatePooled || admin(l.Pool))
	}
	fits = fits && e.Why != ""
	switch m.before.State {
	case lead.StateOffered, lead.StateWorking, lead.StatePaused, lead.StateTriage, lead.StatePooled, lead.StateNurturing:
	default:
		fits = fits && !m.before.Wait.IsZero()
	}
	switch l.State {
	case lead.StateOffered, lead.StateWorking:
		worked := m.before.State == lead.StateWorking || m.before.State == lead.StatePaused
		fits = fits && l.Period.How == lead.ByHand && l.Period.Start.Equal(m.entry.At) && l.Offers == 1 && worked == (l.State == lead.StateWorking)
	case lead.StatePooled, lead.StateRouting:
		fits = fits && l.Period == nil && l.Offers == 0 && l.Wait.IsZero()
	default:
		fits = false
	}
	if c.breaks(ruleMove, fits) {
		c.tell(ruleMove, l.ID, "%s by %s %s moves it from %s of team %s to %s with %q", m.entry.ID(), by.Kind, by.ID, m.before.State, m.before.Team, l.State, l.Owner())
	}
}
