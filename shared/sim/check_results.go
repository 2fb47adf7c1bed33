package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/sim/table"
)

// resultsOf reads the counters of how a rep's work on leads ended.
func resultsOf(i table.Item) (r lead.Rep) {
	r.Tried, r.Won, r.Months = map[string]int{}, map[string]int{}, map[string]int{}
	if i.IsZero() {
		return r
	}
	counters := map[string]map[string]int{"tried": r.Tried, "won": r.Won, "month": r.Months}
	for _, name := range i.Names() {
		kind, key, _ := strings.Cut(name, "#")
		if of := counters[kind]; of != nil {
			n, _ := i.Number(name)
			of[key] = int(n)
		}
	}
	return r
}

func sameResults(a, b lead.Rep) bool {
	return maps.Equal(a.Tried, b.Tried) && maps.Equal(a.Won, b.Won) && maps.Equal(a.Months, b.Months)
}

func resultsText(r lead.Rep) string {
	return fmt.Sprintf("tried %v, won %v, by month %v", r.Tried, r.Won, r.Months)
}

// result judges a change of these counters: an entry ends the work of the rep.
func (c *checker) result(p part, t *commit) {
	move, m := t.move(p.id)
	r := c.reps[p.id]
	if c.breaks(ruleCounters, r != nil && move != nil && move.Result != "") {
		c.tell(ruleCounters, "", "results of rep %s were written without an entry that ends the rep's work", p.id)
		return
	}
	before, after := resultsOf(p.before), resultsOf(p.after)
	if want := move.Count(before); c.breaks(ruleCounters, sameResults(want, after) && sameResults(r.Rep, before)) {
		c.tell(ruleCounters, m.after.ID, "%s moves the results of rep %s from %s to %s", m.entry.ID(), p.id, resultsText(before), resultsText(after))
	}
	r.Tried, r.Won, r.Months = after.Tried, after.Won, after.Months
}

// pacing is what a rep was given since the pace was set, or changed.
type pacing struct {
	first  time.Time
	given  int
	credit int // leads that may have been open then
}

// The span of a pace, and how much of it stays open for lack of leads.
const (
	paceSpan = 30 * day
	paceOpen = 7 * day
)

func (x *pacing) changed(r lead.Rep, paced time.Time) {
	*x = pacing{}
	if r.Pace != nil && !paced.IsZero() {
		x.credit = int(time.Duration(*r.Pace)*paceOpen/paceSpan) + 1
	}
}

// paced holds a lead by distribution against the pace of the rep: by the moment
// that the counters say, and by how many there were since the first.
func (c *checker) paced(r *colleague, m *made, before lead.Rep) {
	if r.Pace == nil {
		return
	}
	at := m.entry.At
	was := r.Rep
	was.Paced, was.Served = before.Paced, before.Served
	if c.breaks(rulePace, was.Paces(at)) {
		c.tell(rulePace, m.after.ID, "%s gives the lead to rep %s, whose pace of %d allows the next from %s on", m.entry.ID(), r.ID, *r.Pace, before.Paced)
		return
	}
	x := &r.pacing
	if x.given == 0 {
		x.first = at
	}
	x.given++
	most := 1 + x.credit + int(max(0, at.Sub(x.first))/(paceSpan/time.Duration(*r.Pace)))
	if c.breaks(rulePace, x.given <= most) {
		c.tell(rulePace, m.after.ID, "%s is lead %d of rep %s since %s, the pace of %d allows %d", m.entry.ID(), x.given, r.ID, x.first, *r.Pace, most)
	}
}

// works reports whether the record and the policy let a rep have the team's leads
// by distribution at the moment of the entry.
func (c *checker) works(r *colleague, m *made, team string) bool {
	if m.rules == nil { // told elsewhere
		return true
	}
	found, _ := m.rules.Team(team)
	share, weighted := found.Weights[r.ID]
	return slices.Contains(r.Teams, team) && (!weighted || share > 0) && m.rules.OnShift(r.Rep, m.entry.At)
}
