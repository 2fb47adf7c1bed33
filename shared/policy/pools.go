package policy

import (
	"cmp"
	"fmt"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/rule"
)

// likelyDefault is which pooled leads go to reps where a pool does not say.
const likelyDefault = `grade in ["A+", "A"]`

// compileLikely compiles the pools' conditions of likely leads.
func compileLikely(d Document) (map[string]*rule.Condition, []rule.Problem) {
	likely := map[string]*rule.Condition{}
	var problems []rule.Problem
	for i, p := range d.Pools {
		c, err := rule.Compile(cmp.Or(p.Likely, likelyDefault))
		if err != nil {
			problems = append(problems, rule.Problem{Path: fmt.Sprintf("pools[%d].likely", i), Text: err.Error()})
		}
		likely[p.ID] = c
	}
	return likely, problems
}

// Likely reports whether a lead of a pool is one to be given to a rep or called. A
// condition that cannot be evaluated with its facts does not hold.
func (p *Policy) Likely(l lead.Lead, now time.Time) bool {
	c := p.likely[l.Pool]
	if c == nil {
		return false
	}
	holds, err := rule.Over(p.table.Facts(l, now)).Holds(c)
	return err == nil && holds
}

// Stock is what a pool's sweep goes by.
type Stock struct {
	HoldOut    float64       // share of leads that a cycle leaves alone
	List       string        // call list of likely leads; empty for none
	Reactivate *Letter       // nil for no message
	Archive    time.Duration // leads that have been known for so long are archived
}

// Stock is how a pool is swept.
func (p *Directory) Stock(pool string) Stock {
	found, _ := p.Pool(pool)
	return Stock{HoldOut: or(found.HoldOut, 0.1), List: found.List, Reactivate: found.Reactivate,
		Archive: time.Duration(or(found.Archive, Duration(730*day)))}
}

// RevealLimit is how many leads of a pool a member may look at in the clear in a day
// without claiming them.
func (p *Directory) RevealLimit(pool string) int {
	found, _ := p.Pool(pool)
	return or(found.RevealDaily, 10)
}

// List returns a call list by its id.
func (p *Directory) List(id string) (CallList, bool) {
	return find(p.doc.Lists, func(l CallList) bool { return l.ID == id })
}

// Lists lists the call lists in the order of the document.
func (p *Directory) Lists() []CallList { return p.doc.Lists }

// Ways lists how reps are advised to follow up leads of a grade.
func (p *Directory) Ways(g lead.Grade) []string { return p.doc.Ways[g] }

// LightTouch is the message to a customer who said "not now"; nil for none.
func (p *Directory) LightTouch() *Letter { return p.doc.LightTouch }

// restings are what holds for the leads of each pool.
func restings(d Document, cycle time.Duration) map[string]lead.Resting {
	all := map[string]lead.Resting{}
	for _, p := range d.Pools {
		all[p.ID] = lead.Resting{Cycle: time.Duration(or(p.Sweep, Duration(cycle))), Freeze: time.Duration(or(p.Freeze, 0))}
	}
	return all
}

// contact is compiled from a policy's Contact. It implements lead.Quiet.
type contact struct {
	budget lead.Budget
	quiet  hours.Silence
	house  *time.Location
	zones  map[string]*time.Location
}

func newContact(d Document) *contact {
	c := &contact{house: lead.Zone(d.Zone), zones: map[string]*time.Location{}, budget: lead.Budget{Limits: d.Contact.Limits, Grades: d.Contact.Grades}}
	if c.budget.Limits == nil {
		c.budget.Limits = []lead.Limit{{Most: 1, Days: 1}, {Most: 3, Days: 7}, {Most: 8, Days: 30}}
	}
	if c.budget.Grades == nil {
		c.budget.Grades = map[lead.Grade][]lead.Limit{
			lead.GradeAPlus: {{Most: 1, Days: 1}}, lead.GradeA: {{Most: 1, Days: 1}}, lead.GradeC: {{Most: 2, Days: 7}},
		}
	}
	c.quiet = hours.CompileQuiet(or(d.Contact.Quiet, hours.Quiet{From: "21:00", To: "08:00"}))
	for country, zone := range d.Contact.Zones {
		c.zones[country] = lead.Zone(zone)
	}
	return c
}

func (c *contact) zone(country string) *time.Location {
	if zone, ok := c.zones[country]; ok {
		return zone
	}
	return c.house
}

// Until implements lead.Quiet.
func (c *contact) Until(at time.Time, country string) time.Time {
	return c.quiet.Until(at, c.zone(country))
}

// Awake implements lead.Quiet.
func (c *contact) Awake() time.Duration { return c.quiet.Awake() }

// ContactFrom is from when on a person may be contacted about a lead: now where
// the budget allows it, the zero time where they do not want it at all.
func (p *Directory) ContactFrom(person lead.Person, l lead.Lead, now time.Time) time.Time {
	if !person.OptOut.IsZero() {
		return time.Time{}
	}
	return p.contact.budget.From(person.Contacts, l.Grade, p.contact.zone(l.Facts.Country), now)
}

// Quiet reports whether it is quiet where the lead is: nobody is written to then.
func (p *Directory) Quiet(l lead.Lead, now time.Time) bool {
	return p.contact.Until(now, l.Facts.Country).After(now)
}
