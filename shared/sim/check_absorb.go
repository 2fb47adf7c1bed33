package sim

import (
	"slices"

	"sluice/shared/lead"
)

// absorbed holds that a lead that ends in favour of another one leaves all it has to
// that one, and takes it back when it is restored.
func (c *checker) absorbed(m *made, t *commit) {
	for _, event := range m.entry.Events {
		switch e := event.(type) {
		case lead.Absorbed:
			on := t.entryOf(e.Into)
			// A row of a list wakes nobody: it may go on as a lead that is over.
			goesOn := on != nil && (on.after.State.Open() || on.after.State != lead.StateMerged && c.leads[m.after.ID].origin.withheld)
			fits := goesOn && on.after.Product == m.after.Product && on.after.Person == e.Person &&
				m.after.Person == e.Person && m.after.State == lead.StateMerged && m.after.Period == nil && e.Rep == m.before.Owner() &&
				on.after.Touches-on.before.Touches == m.after.Touches && on.takes(func(x lead.Event) bool {
				took, ok := x.(lead.Took)
				return ok && took.Lead == m.after.ID
			})
			if c.breaks(ruleMerge, fits) {
				c.tell(ruleMerge, m.after.ID, "%s ends it in favour of lead %s, which does not take over what it has", m.entry.ID(), e.Into)
			}
		case lead.Restored:
			was := m.before.Merged
			if c.breaks(ruleMerge, was != nil && m.before.State == lead.StateMerged && e.Person == was.From && m.after.State.Open()) {
				c.tell(ruleMerge, m.after.ID, "%s restores it, %s, to person %s and leaves it %s", m.entry.ID(), m.before.State, e.Person, m.after.State)
				continue
			}
			on := t.entryOf(was.Into)
			fits := on != nil && on.before.Touches-on.after.Touches == m.before.Touches && on.takes(func(x lead.Event) bool {
				returned, ok := x.(lead.Returned)
				return ok && returned.Lead == m.after.ID
			})
			if c.breaks(ruleMerge, fits) {
				c.tell(ruleMerge, m.after.ID, "%s restores it, and lead %s does not give back what it took over", m.entry.ID(), was.Into)
			}
		}
	}
}

func (t *commit) entryOf(id string) *made {
	i := slices.IndexFunc(t.made, func(m made) bool { return m.after.ID == id })
	if i < 0 {
		return nil
	}
	return &t.made[i]
}

func (m *made) takes(what func(lead.Event) bool) bool {
	return slices.ContainsFunc(m.entry.Events, what)
}

// goesOn holds that a lead that was absorbed goes on as another one of its person's.
func (c *checker) goesOn(l lead.Lead) {
	if l.State != lead.StateMerged {
		return
	}
	on, who := c.leads[l.Merged.Into], c.persons[c.root(l.Person)]
	fits := on != nil && who != nil && who.Leads[l.Product] != "" && who.Leads[l.Product] != l.ID
	if c.breaks(ruleMerge, fits) {
		c.tell(ruleMerge, l.ID, "it was absorbed by lead %s, and its person %s has no other one", l.Merged.Into, l.Person)
	}
}
