package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// notice is a message that must follow from a history entry.
type notice struct {
	lead  string
	rep   string // to whom a lead is offered, or leads are moved
	job   string // that moves them
	team  string // whose manager is told
	start time.Time

	begun   int // attempts to send it
	mails   int
	attempt int  // mails of the latest attempt
	sent    bool // as the table has it
}

// expectNotices derives from an entry alone whom it concerns.
func (c *checker) expectNotices(m made) {
	job := ""
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Moved:
			job = e.Job
		case lead.Offered:
			if job != "" { // the rep is told once of all of them
				if id := job + "-" + e.Rep + "-moved"; c.notices[id] == nil {
					c.notices[id] = &notice{lead: m.after.ID, rep: e.Rep, job: job}
				}
				continue
			}
			c.notices[m.entry.ID()+"-offered"] = &notice{lead: m.after.ID, rep: e.Rep, start: m.entry.At}
		case lead.Escalated:
			c.notices[m.entry.ID()+"-escalated"] = &notice{lead: m.after.ID, team: e.Team}
		}
	}
}

// delivery judges the record of a message: taken by one sender at a time, and
// sent for ever.
func (c *checker) delivery(p part) {
	n := c.notices[p.id]
	if c.breaks(ruleTrue, n != nil) {
		c.tell(ruleTrue, "", "message %s is under way and no entry says so", p.id)
		return
	}
	if p.after.Text("status") == "sent" {
		if !n.sent && c.breaks(ruleTold, n.mails > 0 || !c.concerns(n)) {
			c.tell(ruleTold, n.lead, "message %s counts as sent, but nobody got it", p.id)
		}
		n.sent = true
		return
	}
	n.begun, n.attempt = n.begun+1, 0
	lease, _ := p.before.Number("lease")
	if c.breaks(ruleOnce, !n.sent && lease <= c.now().UnixMilli()) {
		c.tell(ruleOnce, n.lead, "message %s is sent by another, or was sent before", p.id)
	}
}

// concerns reports whether a message still has somebody whom it concerns.
func (c *checker) concerns(n *notice) bool {
	if n.team != "" {
		return len(c.managers(n.team)) > 0
	}
	if n.job != "" {
		return true
	}
	p := c.leads[n.lead].lead.Period
	return p != nil && p.Rep == n.rep && p.Start.Equal(n.start)
}

// managers are the addresses of a team's manager, in all versions of the policy.
func (c *checker) managers(team string) []string {
	var out []string
	for _, v := range c.inForce {
		d := c.policies[v.number]
		if d == nil {
			continue
		}
		t, _ := d.Team(team)
		if u, ok := d.User(t.Manager); ok && t.Manager != "" {
			out = append(out, u.Email)
		}
	}
	return out
}

// stillHeard is how long after losing a lead a rep may get a message about it
// that was on its way.
const stillHeard = time.Minute

// mailed judges a message that the mail system took. Only a fault repeats it:
// within an attempt, or because another one follows an attempt that failed.
func (c *checker) mailed(id, to string, text []byte, faulty bool) {
	c.position++
	n := c.notices[id]
	if c.breaks(ruleTrue, n != nil) {
		c.tell(ruleTrue, "", "message %s was sent and no entry says so", id)
		return
	}
	n.mails, n.attempt = n.mails+1, n.attempt+1
	if n.team != "" {
		if c.breaks(ruleTrue, slices.Contains(c.managers(n.team), to)) {
			c.tell(ruleTrue, n.lead, "message %s went to somebody who is not the manager of team %s", id, n.team)
		}
	} else if c.breaks(ruleTrue, c.hears(n, to)) {
		c.tell(ruleTrue, n.lead, "message %s went to somebody who does not have the lead", id)
	}
	if n.team != "" || n.job != "" { // no lead's contact data
		if m := c.exposes(text); c.breaks(rulePrivate, m == nil) {
			c.tell(rulePrivate, n.lead, "message %s shows %q", id, m)
		}
	}
	fits := n.mails == 1 || faulty || n.attempt == 1 && !c.calm()
	if c.breaks(ruleOnce, n.begun > 0 && fits) {
		c.tell(ruleOnce, n.lead, "message %s was sent %d times, with %d attempts", id, n.mails, n.begun)
	}
}

// hears reports whether an address is that of the rep to whom the lead was
// offered, and the rep has it or has just lost it.
func (c *checker) hears(n *notice, to string) bool {
	r, w := c.reps[n.rep], c.leads[n.lead]
	if r == nil || !slices.Contains(r.emails, to) {
		return false
	}
	if n.job != "" {
		return true
	}
	return w.lead.Owner() == n.rep || slices.ContainsFunc(w.lost, func(l loss) bool {
		return l.rep == n.rep && c.now().Sub(l.at) <= stillHeard
	})
}
