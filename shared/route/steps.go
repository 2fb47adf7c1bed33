package route

import (
	"cmp"
	"fmt"
	"slices"

	"sluice/shared/lead"
)

// maxStep bounds in bytes how a step is told.
const maxStep = 60

// distribute narrows the members step by step. It returns what to do where a
// step has the last word, and nothing where somebody is to be picked.
func (c *choosing) distribute() Else {
	if c.left() == 0 {
		return ElseWait
	}
	fitted := func(*member) bool { return true } // the steps so far
	for i := range c.way.steps {
		s := &c.way.steps[i]
		next := s.Else != ElseWait && s.Else != ElseTriage
		if !c.applies(s) || next && c.left() == 1 && s.By != ByCohort { // whom it would leave anyway
			continue
		}
		label, fits, ok := c.fitting(s)
		if !ok {
			continue
		}
		label = cut(label, maxStep)
		both := and(fitted, fits)
		if c.narrow(fits) {
			c.steps, fitted = append(c.steps, label), both
			continue
		}
		switch s.Else {
		case ElseTriage:
			c.steps = append(c.steps, label+" (nobody)")
			return ElseTriage
		case ElseWait:
			c.awaited = both
			if !c.nextShift().IsZero() {
				c.steps = append(c.steps, label+" (not there now)")
				c.passOver(both)
				return ElseWait
			}
		}
		c.steps = append(c.steps, label+" (nobody)")
	}
	return ""
}

func and(a, b func(*member) bool) func(*member) bool {
	return func(m *member) bool { return a(m) && b(m) }
}

// applies reports whether a step is for the lead. One whose condition cannot be
// evaluated is not.
func (c *choosing) applies(s *step) bool {
	if len(s.Grades) > 0 && !slices.Contains(s.Grades, c.Lead.Grade) {
		return false
	}
	if s.when == nil {
		return true
	}
	ok, err := c.eval.Holds(s.when)
	return err == nil && ok
}

// narrow leaves the eligible members who fit, or all where none does.
func (c *choosing) narrow(fits func(*member) bool) bool {
	some := slices.ContainsFunc(c.members, func(m member) bool { return m.reason == eligible && fits(&m) })
	if some {
		c.passOver(fits)
	}
	return some
}

// passOver leaves out the eligible members who do not fit.
func (c *choosing) passOver(fits func(*member) bool) {
	for i := range c.members {
		if m := &c.members[i]; m.reason == eligible && !fits(m) {
			m.reason = passedOver
		}
	}
}

// fitting tells which members a step is for, and how it is told of. It reports
// false where the step has nothing to go by for this lead.
func (c *choosing) fitting(s *step) (label string, fits func(*member) bool, ok bool) {
	switch s.By {
	case ByPrevious:
		return c.previous()
	case ByOthers:
		return "not before", func(m *member) bool { return !c.had(m.rep.ID) }, len(c.Lead.Owners) > 0
	case ByAccount:
		return "account owner", is(c.Facts.Account), c.Facts.Account != ""
	case ByReferrer:
		return "referrer", is(c.Facts.Referrer), c.Facts.Referrer != ""
	case ByCohort:
		return c.cohort(s)
	case ByTerritory:
		return c.territory()
	case BySeniority:
		levels := s.Levels[c.Lead.Grade]
		return "seniority " + joined(levels), func(m *member) bool { return slices.Contains(levels, m.rep.Level) }, len(levels) > 0
	case ByTarget:
		return "quota-qualified", func(m *member) bool { return m.rep.Qualified(c.Now) }, true
	case BySkill:
		return c.skilled(max(1, s.Best))
	}
	return "", nil, false
}

func is(rep string) func(*member) bool {
	return func(m *member) bool { return m.rep.ID == rep }
}

func (c *choosing) had(rep string) bool {
	return slices.ContainsFunc(c.Lead.Owners, func(o lead.Owner) bool { return o.Rep == rep })
}

// previous is the latest owner who is eligible again, or, where none is, the
// latest of all.
func (c *choosing) previous() (string, func(*member) bool, bool) {
	owners := c.Lead.Owners
	if len(owners) == 0 {
		return "", nil, false
	}
	latest := owners[len(owners)-1].Rep
	for _, o := range owners {
		if slices.ContainsFunc(c.members, func(m member) bool { return m.rep.ID == o.Rep && m.reason == eligible }) {
			latest = o.Rep
		}
	}
	return "previous owner", is(latest), true
}

// cohort goes by the first row of the schedule that is for the lead and runs now.
func (c *choosing) cohort(s *step) (string, func(*member) bool, bool) {
	for i, row := range s.Cohort {
		if row.From != "" && c.Facts.Date < row.From || row.To != "" && c.Facts.Date > row.To {
			continue
		}
		if ok, err := c.eval.Holds(s.cohorts[i]); err == nil && ok {
			c.class = row
			return "cohort " + row.Name, func(m *member) bool { return slices.Contains(row.Reps, m.rep.ID) }, true
		}
	}
	return "", nil, false
}

// territory goes by the narrowest territory of the lead that has an eligible rep,
// or, where none has, the narrowest of all.
func (c *choosing) territory() (string, func(*member) bool, bool) {
	path := c.Facts.Territories
	if len(path) == 0 {
		return "", nil, false
	}
	covers := func(id string) func(*member) bool {
		return func(m *member) bool { return slices.Contains(m.rep.Territories, id) }
	}
	for _, id := range slices.Backward(path) {
		fits := covers(id)
		if slices.ContainsFunc(c.members, func(m member) bool { return m.reason == eligible && fits(&m) }) {
			return "territory " + id, fits, true
		}
	}
	narrowest := path[len(path)-1]
	return "territory " + narrowest, covers(narrowest), true
}

// skilled goes by the eligible members who convert best in the lead's channel.
// Equals at the end of the list are all of it: an order by name would favour the
// first in the alphabet.
func (c *choosing) skilled(best int) (string, func(*member) bool, bool) {
	ability := c.ability()
	var lifts []float64
	for i := range c.members {
		if m := &c.members[i]; m.reason == eligible {
			lifts = append(lifts, ability.Lift(m.rep.ID, c.Facts.Channel))
		}
	}
	slices.SortFunc(lifts, func(a, b float64) int { return cmp.Compare(b, a) })
	if len(lifts) == 0 {
		return "", nil, false
	}
	least := lifts[min(best, len(lifts))-1]
	return fmt.Sprintf("skill, best %d", best), func(m *member) bool { return ability.Lift(m.rep.ID, c.Facts.Channel) >= least }, true
}
