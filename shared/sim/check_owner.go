package sim

import "sluice/shared/lead"

// owners walks through an entry's events: a lead goes from hand to hand only as
// they say, and to nobody who had it within the cool-off.
func (c *checker) owners(m made) {
	owner, l, moved := m.before.Owner(), m.before, false
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Moved:
			moved = true
		case lead.Restored: // to whom it was taken from
			moved = m.before.State == lead.StateMerged && m.before.Merged.Rep != ""
		case lead.Offered:
			from := l.State == lead.StateNew || l.State == lead.StateRouting
			if e.How == lead.ByHand {
				from = moved || l.State == lead.StateTriage || l.State == lead.StatePooled || !l.Wait.IsZero()
			}
			c.starts(m, l, owner, e.Rep, e.Team, from)
			owner = e.Rep
		case lead.Claimed:
			c.starts(m, l, owner, e.Rep, e.Team, l.State == lead.StatePooled)
			owner = e.Rep
		case lead.Ended:
			if c.breaks(ruleOwner, e.Rep == owner && owner != "") {
				c.tell(ruleOwner, l.ID, "%s ends the period of %s, but %q has the lead", m.entry.ID(), e.Rep, owner)
			}
			owner = ""
		case lead.Accepted, lead.Logged, lead.Dealt, lead.PutOnHold, lead.Qualified:
			if c.breaks(ruleOwner, owner != "" && (moved || m.entry.By.ID == owner)) {
				c.tell(ruleOwner, l.ID, "%s is by %s, but %q has the lead", m.entry.ID(), m.entry.By.ID, owner)
			}
		}
		l = lead.Apply(l, event, m.entry.At)
	}
}

// starts judges the beginning of an ownership period.
func (c *checker) starts(m made, l lead.Lead, owner, rep, team string, fits bool) {
	if c.breaks(ruleOwner, owner == "" && fits) {
		c.tell(ruleOwner, l.ID, "%s gives the lead to %s while it is %s with %q", m.entry.ID(), rep, l.State, owner)
	}
	if m.rules == nil {
		return
	}
	window := m.rules.Rules(team).CoolOff
	if c.breaks(ruleCoolOff, !l.HadBy(rep, m.entry.At, window)) {
		c.tell(ruleCoolOff, l.ID, "%s gives the lead to %s, who had it within %s", m.entry.ID(), rep, window)
	}
}

// lossesKept is how many former owners may still be about to hear of a lead.
const lossesKept = 4

// follow keeps account of what an entry says: numbers, submissions, messages
// that must follow, and who holds how much.
func (c *checker) follow(w *watched, m made) {
	l := m.after
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Captured:
			if before, taken := c.numbers[e.Number]; c.breaks(ruleNumber, !taken && e.Number != "") {
				c.tell(ruleNumber, l.ID, "number %q is that of lead %s", e.Number, before)
			}
			c.numbers[e.Number] = l.ID
			if l.State != lead.StateMerged { // else another lead is touched, in the same commit
				c.adds(l.ID, e.Submission, "l"+e.Submission == l.ID && m.entry.Version == 1)
			}
		case lead.Touched:
			c.adds(l.ID, e.Submission, m.entry.Version > 1)
		}
	}
	c.expectNotices(m)
	c.story(m)
	if from, to := m.before.Owner(), m.after.Owner(); from != to {
		c.holding(from, -1)
		c.holding(to, 1)
		if from != "" {
			w.lost = append(w.lost[max(0, len(w.lost)-lossesKept+1):], loss{from, c.now()})
		}
	}
	if was := (interest{m.before.Person, m.before.Product}); c.open[was] == l.ID { // until the commit is read whole
		delete(c.open, was)
	}
}

// oneOpen holds that a person has no two leads open for a product.
func (c *checker) oneOpen(l lead.Lead) {
	if !l.State.Open() {
		return
	}
	at := interest{l.Person, l.Product}
	if had := c.open[at]; c.breaks(ruleInterest, had == "" || had == l.ID) {
		c.tell(ruleInterest, l.ID, "person %s has lead %s open for %s too", l.Person, had, l.Product)
	}
	c.open[at] = l.ID
}

// adds notes that a submission has become part of a lead, once.
func (c *checker) adds(id, submission string, fits bool) {
	before, known := c.submissions[submission]
	if c.breaks(ruleOutcome, !known && fits) {
		c.tell(ruleOutcome, id, "submission %s became a part of the lead, and of %q before", submission, before)
	}
	c.submissions[submission] = id
}

// number holds that lead numbers are never handed out again.
func (c *checker) number(p part) {
	const count = "n"
	before, _ := p.before.Number(count)
	after, _ := p.after.Number(count)
	if c.breaks(ruleNumber, after > before) {
		c.tell(ruleNumber, "", "the numbers of %s went from %d to %d", p.id, before, after)
	}
}
