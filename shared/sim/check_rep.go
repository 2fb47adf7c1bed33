package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/schema"
	"sluice/shared/sim/table"
)

// colleague is a rep's record and counters as last written, and what the
// histories say of them.
type colleague struct {
	lead.Rep
	emails []string // now and before
	zone   *time.Location
	moved  bool // to another time zone: days cannot be compared any more

	held     int            // leads held, by their snapshots
	assigned map[string]int // leads by distribution, by day
	claimed  map[string]int // leads claimed, by day
	revealed map[string]int // looks at the contact data of pooled leads, by day
	pacing   pacing
}

// rep judges a change of a rep's record or counters.
func (c *checker) rep(p part, t *commit) {
	r := c.reps[p.id]
	if r == nil {
		r = &colleague{assigned: map[string]int{}, claimed: map[string]int{}, revealed: map[string]int{}}
		c.reps[p.id] = r
	}
	after, before := countersOf(p.after), r.Rep
	if after.Revision != before.Revision || p.before.IsZero() {
		c.edited(p, r, before, after)
	} else {
		move, m := t.move(p.id)
		if c.breaks(ruleCounters, move != nil && p.after.Text(schema.Doc) == p.before.Text(schema.Doc)) {
			c.tell(ruleCounters, "", "rep %s was written without an entry that moves leads", p.id)
		} else if move != nil {
			c.moved(r, *move, m, before, after)
		}
	}
	r.Revision, r.Cap, r.Quota = after.Revision, after.Cap, after.Quota
	r.Holding, r.Day, r.Today, r.Last, r.Claims, r.Reveals = after.Holding, after.Day, after.Today, after.Last, after.Claims, after.Reveals
	r.Turns, r.Mix, r.Paced, r.Served = after.Turns, after.Mix, after.Paced, after.Served
	t.touch(p.id)
}

// countersOf reads what the table keeps beside a rep's record.
func countersOf(i table.Item) lead.Rep {
	number := func(name string) int {
		n, _ := i.Number(name)
		return int(n)
	}
	limit := func(name string) *int {
		if n := number(name); i.Has(name) {
			return &n
		}
		return nil
	}
	r := lead.Rep{Revision: number("rev"), Cap: limit("cap"), Quota: limit("quota"),
		Holding: number("holding"), Day: i.Text("day"), Today: number("today"), Last: number("last"), Claims: number("claims"), Reveals: number("reveals"),
		Turns: map[string]int{}, Mix: map[lead.Grade]int{}}
	for team, n := range i.Map("turns") {
		r.Turns[team] = int(n)
	}
	for rank, grade := range append(lead.Grades[:len(lead.Grades):len(lead.Grades)], "") {
		if n := number(fmt.Sprint("mix", rank)); n > 0 {
			r.Mix[grade] = n
		}
	}
	r.Paced, r.Served = moment(i, "paced"), moment(i, "served")
	return r
}

// moment reads epoch milliseconds; the zero time where there are none.
func moment(i table.Item, name string) time.Time {
	if at, there := i.Number(name); there {
		return time.UnixMilli(at).UTC()
	}
	return time.Time{}
}

// edited judges a change of the record by people: one revision on, and the
// counters as they were.
func (c *checker) edited(p part, r *colleague, before, after lead.Rep) {
	var doc lead.Rep
	err := json.Unmarshal([]byte(p.after.Text(schema.Doc)), &doc)
	fits := err == nil && after.Revision == before.Revision+1 && doc.Revision == after.Revision &&
		sameLimit(doc.Cap, after.Cap) && sameLimit(doc.Quota, after.Quota)
	if c.breaks(ruleRecord, fits) {
		c.tell(ruleRecord, "", "rep %s goes from revision %d to %d: %v", p.id, before.Revision, after.Revision, err)
	}
	kept := after
	kept.Turns = maps.Clone(after.Turns)
	maps.DeleteFunc(kept.Turns, func(team string, _ int) bool { _, had := before.Turns[team]; return !had })
	if c.breaks(ruleCounters, sameCounters(before, kept)) {
		c.tell(ruleCounters, "", "an edit of rep %s changes the counters", p.id)
	}
	zone, err := time.LoadLocation(doc.Zone)
	if err != nil {
		zone = time.UTC
	}
	r.moved = r.moved || r.zone != nil && r.Zone != doc.Zone
	if c.edits = c.now(); !sameLimit(r.Pace, doc.Pace) {
		r.pacing.changed(doc, before.Paced)
	}
	doc.Tried, doc.Won, doc.Months = r.Tried, r.Won, r.Months
	r.zone, r.Rep = zone, doc
	if !slices.Contains(r.emails, doc.Email) {
		r.emails = append(r.emails, doc.Email)
	}
}

func sameLimit(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// move is what the commit's entries move of a rep's counters: one lead, or several
// that are released at once.
func (t *commit) move(rep string) (moved *lead.RepMove, by *made) {
	for i := range t.made {
		for j := range t.made[i].moves {
			switch move := &t.made[i].moves[j]; {
			case move.Rep != rep:
			case moved == nil:
				first := *move
				moved, by = &first, &t.made[i]
			case move.Kind == lead.MoveRelease && moved.Kind == lead.MoveRelease:
				moved.More++
			}
		}
	}
	return moved, by
}

func (t *commit) touch(rep string) {
	if !slices.Contains(t.touched, rep) {
		t.touched = append(t.touched, rep)
	}
}

// moved judges one move of counters against the limits of that moment.
func (c *checker) moved(r *colleague, move lead.RepMove, m *made, before, after lead.Rep) {
	id := m.after.ID
	move.Day = max(before.Day, m.entry.At.In(r.zone).Format(time.DateOnly)) // a day that has begun is not left
	move.Step = after.Turns[move.Team] - before.Turns[move.Team]
	expected := move
	expected.Expect(before, m.entry.At)
	move.PacedTo = expected.PacedTo
	want := move.Count(before)
	if c.breaks(ruleCounters, sameCounters(want, after) && (move.Kind != lead.MoveAssign || move.Step > 0)) {
		c.tell(ruleCounters, id, "%s moves rep %s by %s from %s to %s, want %s", m.entry.ID(), r.ID, move.Kind, countersText(before), countersText(after), countersText(want))
	}
	if move.Kind == lead.MoveRelease {
		return
	}
	if c.breaks(ruleCap, move.Kind == lead.MoveReveal || after.Cap == nil || after.Holding <= *after.Cap) {
		c.tell(ruleCap, id, "%s lets rep %s hold %d of %d", m.entry.ID(), r.ID, after.Holding, *after.Cap)
	}
	works := r.Active && (move.Kind != lead.MoveAssign || c.works(r, m, move.Team))
	if c.breaks(ruleRecord, works) {
		c.tell(ruleRecord, id, "%s gives the lead to rep %s, whose record does not allow it", m.entry.ID(), r.ID)
	}
	switch move.Kind {
	case lead.MoveAssign:
		c.paced(r, m, before)
		r.assigned[move.Day]++
		c.ofDay(r, m, after.Today, r.assigned[move.Day])
		if c.breaks(ruleQuota, after.Quota == nil || r.moved || r.assigned[move.Day] <= *after.Quota) {
			c.tell(ruleQuota, id, "%s is lead %d of rep %s on %s, the quota is %d", m.entry.ID(), r.assigned[move.Day], r.ID, move.Day, *after.Quota)
		}
	case lead.MoveReveal:
		r.revealed[move.Day]++
		c.ofDay(r, m, after.Reveals, r.revealed[move.Day])
		if m.rules == nil {
			return
		}
		if c.breaks(ruleReveals, m.before.State == lead.StatePooled && m.rules.IsMember(m.before.Pool, r.Rep)) {
			c.tell(ruleReveals, id, "%s shows it, %s in pool %q, to rep %s, who is no member", m.entry.ID(), m.before.State, m.before.Pool, r.ID)
		}
		if most := m.rules.RevealLimit(m.before.Pool); c.breaks(ruleReveals, r.moved || r.revealed[move.Day] <= most) {
			c.tell(ruleReveals, id, "%s is look %d of rep %s on %s, the limit is %d", m.entry.ID(), r.revealed[move.Day], r.ID, move.Day, most)
		}
	case lead.MoveClaim:
		r.claimed[move.Day]++
		c.ofDay(r, m, after.Claims, r.claimed[move.Day])
		if m.rules == nil {
			return
		}
		most := m.rules.ClaimLimit(m.before.Pool)
		if c.breaks(ruleClaims, r.moved || r.claimed[move.Day] <= most) {
			c.tell(ruleClaims, id, "%s is claim %d of rep %s on %s, the limit is %d", m.entry.ID(), r.claimed[move.Day], r.ID, move.Day, most)
		}
	}
}

// ofDay holds that a day's counter is what the histories say.
func (c *checker) ofDay(r *colleague, m *made, counter, told int) {
	if c.breaks(ruleCounters, r.moved || counter == told) {
		c.tell(ruleCounters, m.after.ID, "after %s the counter of rep %s is %d for the day, by the histories it is %d", m.entry.ID(), r.ID, counter, told)
	}
}

func countersText(r lead.Rep) string {
	return fmt.Sprintf("%d held, on %s %d given (%d before) and %d claimed, %d shown, turns %v, mix %v, paced to %s, served at %s", r.Holding, r.Day, r.Today, r.Last, r.Claims, r.Reveals, r.Turns, r.Mix, r.Paced, r.Served)
}

func sameCounters(a, b lead.Rep) bool {
	return a.Holding == b.Holding && a.Day == b.Day && a.Today == b.Today && a.Last == b.Last && a.Claims == b.Claims && a.Reveals == b.Reveals &&
		maps.Equal(a.Turns, b.Turns) && maps.Equal(a.Mix, b.Mix) && a.Paced.Equal(b.Paced) && a.Served.Equal(b.Served)
}

// counted holds that the counters of every rep whom an entry moves have moved
// with it, and collects whose holdings to compare.
func (c *checker) counted(m *made, t *commit) {
	for _, move := range m.moves {
		written := slices.ContainsFunc(t.reps, func(p part) bool { return p.id == move.Rep })
		if c.breaks(ruleCounters, written) {
			c.tell(ruleCounters, m.after.ID, "%s moves a lead of rep %s without the counters", m.entry.ID(), move.Rep)
		}
		if counted := slices.ContainsFunc(t.results, func(p part) bool { return p.id == move.Rep }); c.breaks(ruleCounters, counted == (move.Result != "")) {
			c.tell(ruleCounters, m.after.ID, "%s ends the work of rep %s with the result %q, counted %t", m.entry.ID(), move.Rep, move.Result, counted)
		}
		t.touch(move.Rep)
	}
}

// holding counts the leads that a rep has, by the snapshots.
func (c *checker) holding(rep string, n int) {
	if r := c.reps[rep]; r != nil {
		r.held += n
	}
}

// holds compares a rep's counter with the leads that the rep has.
func (c *checker) holds(rep string) {
	r := c.reps[rep]
	if c.breaks(ruleCounters, r != nil && r.held == r.Holding) {
		if r == nil {
			c.tell(ruleCounters, "", "there is no rep %s", rep)
			return
		}
		c.tell(ruleCounters, "", "rep %s has %d leads, by the counter %d", rep, r.held, r.Holding)
	}
}
