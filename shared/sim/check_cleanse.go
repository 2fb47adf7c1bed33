package sim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/schema"
)

// origin is what the histories tell of where a lead comes from: whether it still
// waits to be verified, and which enrichers have not answered.
type origin struct {
	withheld bool
	asked    map[string]bool
}

// cleansed walks through an entry's events: who came from a list is verified before
// anybody gets the lead, enrichers answer once, and nothing that the machine found out
// replaces what somebody said.
func (c *checker) cleansed(w *watched, m made) {
	o, l, enquired := &w.origin, m.before, false
	for _, event := range m.entry.Events {
		before := l
		l = lead.Apply(l, event, m.entry.At)
		switch e := event.(type) {
		case lead.Captured:
			o.withheld = c.isList(m.entry.Policy, e.Facts.Form)
		case lead.Unverified:
			o.withheld = true
			if c.breaks(ruleVerified, m.rules == nil || e.Team == m.rules.Cleansing().Team || before.Merged != nil || m.before.Merged != nil) {
				c.tell(ruleVerified, l.ID, "%s leaves it to team %s, which does not verify leads", m.entry.ID(), e.Team)
			}
		case lead.Touched:
			enquired = !e.Listed
			c.touchedAgain(m, before, l, e)
		case lead.Verified:
			if c.breaks(ruleVerified, o.withheld && (enquired || c.cleanses(m))) {
				c.tell(ruleVerified, l.ID, "%s verifies it for %s %s while it is %s", m.entry.ID(), m.entry.By.Kind, m.entry.By.ID, before.State)
			}
			o.withheld = false
		case lead.Asked:
			for _, by := range e.Of {
				if o.asked == nil {
					o.asked = map[string]bool{}
				}
				o.asked[by] = true
			}
		case lead.Enriched:
			if c.breaks(ruleAsked, o.asked[e.By]) {
				c.tell(ruleAsked, l.ID, "%s adds what enricher %s told, which was not asked, or has answered", m.entry.ID(), e.By)
			}
			delete(o.asked, e.By)
			c.filled(m, before, l, e.Facts, e.By)
		case lead.Took:
			c.took(m, before, l, e.Facts)
		case lead.Offered, lead.Waiting, lead.Triaged, lead.Pooled, lead.Nurtured, lead.Claimed, lead.Woken, lead.Swept, lead.Converted, lead.Called, lead.Revealed:
			if c.breaks(ruleVerified, !o.withheld || enquired) {
				c.tell(ruleVerified, l.ID, "%s makes it %s, though it came from a list and nobody has verified it", m.entry.ID(), l.State)
			}
		}
	}
	o.withheld = o.withheld && !enquired
	if c.breaks(ruleVerified, !o.withheld || l.State == lead.StateUnverified || !l.State.Open()) {
		c.tell(ruleVerified, l.ID, "%s leaves it %s, though it came from a list and nobody has verified it", m.entry.ID(), l.State)
	}
}

// isList reports whether a form's leads are of people who did not enquire, by a version
// of the policy.
func (c *checker) isList(policy int, id string) bool {
	forms := c.documents[policy].Forms
	i := slices.IndexFunc(forms, func(f form.Spec) bool { return f.ID == id })
	return i >= 0 && forms[i].Unverified
}

// cleanses reports whether an entry is by somebody who verifies leads.
func (c *checker) cleanses(m made) bool {
	user, ok := m.rules.User(m.entry.By.ID)
	return ok && m.rules != nil && (m.entry.By.Kind == "dispatcher" || m.entry.By.Kind == "manager") &&
		slices.Contains(user.Teams, m.rules.Cleansing().Team)
}

// touchedAgain holds that a list by itself wakes no lead and replaces nothing that the
// person said. What it adds may make a nurtured lead hot, as an enricher's answer may.
func (c *checker) touchedAgain(m made, before, after lead.Lead, e lead.Touched) {
	if c.breaks(ruleListed, e.Listed == c.isList(m.entry.Policy, cmp.Or(e.Facts.Form, after.Facts.Form))) {
		c.tell(ruleListed, after.ID, "%s takes a submission by form %q for one from a list: %t", m.entry.ID(), e.Facts.Form, e.Listed)
	}
	if !e.Listed {
		return
	}
	stays := m.after.State == m.before.State && m.after.Owner() == m.before.Owner()
	ripens := m.before.State == lead.StateNurturing && m.before.Maturity != lead.Hot && m.after.Maturity == lead.Hot
	if c.breaks(ruleListed, stays || ripens || m.before.State == lead.StateRouting) {
		c.tell(ruleListed, after.ID, "%s makes it %s because of a list; it was %s", m.entry.ID(), m.after.State, m.before.State)
	}
	c.filled(m, before, after, lead.Facts{}, "")
}

// took holds that of another lead's facts only those replace what was known that
// somebody said there and nobody here.
func (c *checker) took(m made, before, after lead.Lead, other lead.Facts) {
	for _, fact := range lead.Fillable() {
		was, is, told := before.Facts.Value(fact), after.Facts.Value(fact), other.Value(fact)
		from, derived := before.Facts.Origins[fact]
		theirs, theirsDerived := other.Origins[fact]
		if told != "" && (was == "" || derived && !theirsDerived) {
			was, from = told, theirs
		}
		if c.breaks(ruleFacts, is == was && after.Facts.Origins[fact] == from) {
			c.tell(ruleFacts, after.ID, "%s makes %s %q from %q, where %q from %q is due", m.entry.ID(), fact, is, after.Facts.Origins[fact].From, was, from.From)
		}
	}
}

// filled holds that only what was not known is filled, and says by whom.
func (c *checker) filled(m made, before, after lead.Lead, told lead.Facts, by string) {
	for _, fact := range lead.Fillable() {
		was, is, said := before.Facts.Value(fact), after.Facts.Value(fact), told.Value(fact)
		fits := was == "" || is == was && after.Facts.Origins[fact] == before.Facts.Origins[fact]
		if by != "" && was == "" && is != "" {
			fits = is == said && after.Facts.Origins[fact].From == by && !after.Facts.Origins[fact].At.IsZero()
		}
		if c.breaks(ruleFacts, fits) {
			c.tell(ruleFacts, after.ID, "%s makes %s %q from %q, which was %q from %q", m.entry.ID(), fact, is, after.Facts.Origins[fact].From, was, before.Facts.Origins[fact].From)
		}
	}
}

// company holds that what is known of a company stays, with where it comes from.
func (c *checker) company(p part) {
	c.onward(p, "company")
	var now lead.Company
	err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &now)
	fits := err == nil && string(now.ID) == p.id && now.Version == versionOf(p.after)
	for fact, value := range c.companies[p.id] {
		fits = fits && now.Known[fact] == value
	}
	for fact := range now.Known {
		fits = fits && now.Origins[fact].From != ""
	}
	if c.breaks(ruleFacts, fits) {
		c.tell(ruleFacts, "", "company %s is known by %v and was by %v: %v", p.id, now.Known, c.companies[p.id], err)
	}
	c.companies[p.id] = now.Known
}

// spending is an enricher on a day, as its budget is counted.
type spending struct{ enricher, day string }

// spend holds that enrichers are asked no more often than the day's budget allows.
func (c *checker) spend(p part) {
	const count = "n"
	enricher, _ := strings.CutPrefix(p.id, "enricher/")
	before, _ := p.before.Number(count)
	after, _ := p.after.Number(count)
	if c.breaks(ruleAsked, after == before+1 && int(after) <= c.budget(enricher)) {
		c.tell(ruleAsked, "", "calls of enricher %s on %s went from %d to %d, of at most %d", enricher, p.sk, before, after, c.budget(enricher))
	}
	c.spent[spending{enricher, p.sk}] = int(after)
}

// budget is how often an enricher may be asked a day.
func (c *checker) budget(enricher string) int {
	most := 0
	for _, p := range c.recent() {
		if e, ok := p.Enricher(enricher); ok {
			most = max(most, e.Daily)
		}
	}
	return most
}

// asks judges a question to an enricher: for a lead that waits for it, within the
// day's budget, and about nobody who wants to be left in peace.
func (c *checker) asks(enricher, id string) {
	n := c.notices[id]
	if c.breaks(ruleAsked, n != nil && n.enricher == enricher) {
		c.tell(ruleAsked, "", "enricher %s is asked by %s, and no entry says so", enricher, id)
		return
	}
	at := spending{enricher, c.now().UTC().Format(time.DateOnly)}
	c.questions[at]++
	yesterday := spending{enricher, c.now().Add(-justNow).UTC().Format(time.DateOnly)}
	if c.breaks(ruleAsked, c.questions[at] <= c.spent[at] || at != yesterday) {
		c.tell(ruleAsked, n.lead, "enricher %s is asked %d times on %s, paid for are %d", enricher, c.questions[at], at.day, c.spent[at])
	}
	who := c.persons[c.root(c.leads[n.lead].lead.Person)]
	if c.breaks(ruleAsked, who.OptOut.IsZero() || c.now().Sub(who.OptOut) <= justNow) {
		c.tell(ruleAsked, n.lead, "enricher %s is asked about a person who opted out at %s", enricher, who.OptOut)
	}
}

// answered holds that every enricher that was asked has answered, or is known not to.
func (c *checker) allTold(w *watched) {
	if c.breaks(ruleAsked, len(w.origin.asked) == 0 && len(w.lead.Asked) == 0) {
		c.tell(ruleAsked, w.lead.ID, "enrichers %v were asked and never told anything", w.lead.Asked)
	}
}
