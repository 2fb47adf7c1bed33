package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// notice is a message that must follow from a history entry.
type notice struct {
	lead     string
	rep      string    // to whom a lead is offered, or leads are moved, or who is reminded
	job      string    // that moves them
	team     string    // whose manager is told
	person   string    // to whom the house writes
	pool     string    // whose message that is; empty is the light touch
	list     string    // that the house dials: nobody is written to
	merged   bool      // the rep hears that the lead goes on as another one
	warns    bool      // about what will happen while a rep has the lead
	enricher string    // who is asked: nobody is written to
	start    time.Time // of the period that it is about

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
		case lead.Reminded:
			start := m.after.Period.Start
			c.notices[m.entry.ID()+"-reminded"] = &notice{lead: m.after.ID, rep: e.Rep, warns: true, start: start}
			if e.Manager {
				c.notices[m.entry.ID()+"-warned"] = &notice{lead: m.after.ID, team: e.Team, warns: true, start: start}
			}
		case lead.Absorbed:
			if e.Rep != "" {
				c.notices[m.entry.ID()+"-merged"] = &notice{lead: m.after.ID, rep: e.Rep, merged: true}
			}
		case lead.Asked:
			for _, by := range e.Of {
				c.notices[m.entry.ID()+"-asked-"+by] = &notice{lead: m.after.ID, enricher: by}
			}
		case lead.Swept:
			switch e.Did {
			case lead.DidTouch:
				c.notices[m.entry.ID()+"-revived"] = &notice{lead: m.after.ID, person: m.after.Person, pool: e.Pool}
			case lead.DidList:
				c.notices[m.entry.ID()+"-listed"] = &notice{lead: m.after.ID, list: e.List}
			}
		case lead.Nudged:
			if e.Skipped == "" {
				c.notices[m.entry.ID()+"-nudged"] = &notice{lead: m.after.ID, person: m.after.Person}
			}
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
	w := c.leads[n.lead]
	p := w.lead.Period
	switch {
	case n.list != "" || n.enricher != "":
		return false
	case n.merged:
		return w.lead.Merged != nil && w.lead.Merged.Rep == n.rep
	case n.person != "":
		return c.wants(n)
	case n.job != "":
		return true
	case n.team != "" && len(c.managers(n.team)) == 0:
		return false
	case n.warns && n.team != "" && (w.tenure.deal || w.lead.Cohort != ""): // it is not taken from the rep
		return false
	case n.warns:
		return p != nil && p.Start.Equal(n.start) && w.tenure.reminded
	case n.team != "":
		return true
	}
	return p != nil && p.Rep == n.rep && p.Start.Equal(n.start)
}

// justNow is how long ago a message may have been composed that goes out now.
const justNow = time.Minute

// wants reports whether a person may well be written to by the house: they rest,
// are awake and have not opted out, and the policy has something to say.
func (c *checker) wants(n *notice) bool {
	l := c.leads[n.lead].lead
	who := c.persons[c.root(l.Person)]
	if l.State != lead.StatePooled && l.State != lead.StatePaused || !who.OptOut.IsZero() || c.mail(c.root(l.Person)) == "" {
		return false
	}
	for _, v := range c.inForce {
		doc := c.documents[v.number]
		i := slices.IndexFunc(doc.Pools, func(p policy.Pool) bool { return p.ID == n.pool })
		says := n.pool == "" && doc.LightTouch != nil || i >= 0 && doc.Pools[i].Reactivate != nil
		q := c.quietOf(v.number, l.Facts.Country)
		if !says || q.at(c.now()) || q.at(c.now().Add(-justNow)) {
			return false
		}
	}
	return true
}

// written judges a message of the house to a person: to them alone, awake, and not
// against their will.
func (c *checker) written(id string, n *notice, to string) {
	person := c.root(c.leads[n.lead].lead.Person)
	who := c.persons[person]
	united := c.united[person]
	if c.breaks(ruleTrue, to == c.mail(person) || !united.IsZero() && c.now().Sub(united) <= justNow) {
		c.tell(ruleTrue, n.lead, "message %s did not go to person %s", id, person)
	}
	if c.breaks(ruleBudget, who.OptOut.IsZero() || c.now().Sub(who.OptOut) <= justNow) {
		c.tell(ruleBudget, n.lead, "message %s went to person %s, who opted out at %s", id, person, who.OptOut)
	}
	awake := false
	for _, pol := range c.recent() {
		q := c.quietOf(pol.Version(), c.leads[n.lead].lead.Facts.Country)
		awake = awake || !q.at(c.now()) || !q.at(c.now().Add(-justNow))
	}
	if c.breaks(ruleBudget, awake) {
		c.tell(ruleBudget, n.lead, "message %s went to person %s in quiet hours", id, person)
	}
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
	if n.person != "" {
		c.written(id, n, to)
	} else if n.team != "" {
		if c.breaks(ruleTrue, slices.Contains(c.managers(n.team), to)) {
			c.tell(ruleTrue, n.lead, "message %s went to somebody who is not the manager of team %s", id, n.team)
		}
	} else if c.breaks(ruleTrue, c.hears(n, to)) {
		c.tell(ruleTrue, n.lead, "message %s went to somebody who does not have the lead", id)
	}
	if t := c.leads[n.lead].tenure; n.warns && c.breaks(ruleTrue, t.reminded || c.now().Sub(t.clock) <= justNow) {
		c.tell(ruleTrue, n.lead, "message %s warns, though nobody was reminded since %s", id, t.clock)
	}
	if t := c.leads[n.lead].tenure; n.warns && n.team != "" && c.breaks(ruleTrue, !t.deal || c.now().Sub(t.dealt) <= justNow) {
		c.tell(ruleTrue, n.lead, "message %s warns, though a deal keeps it with its rep since %s", id, t.dealt)
	}
	if n.team != "" || n.job != "" || n.warns || n.merged { // no lead's contact data
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
	if n.job != "" || n.merged {
		return true
	}
	return w.lead.Owner() == n.rep || slices.ContainsFunc(w.lost, func(l loss) bool {
		return l.rep == n.rep && c.now().Sub(l.at) <= stillHeard
	})
}
