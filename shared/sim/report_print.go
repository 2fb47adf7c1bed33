package sim

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"sluice/shared/lead"
)

// Print writes the report as plain text of at most 100 columns.
func (r *Report) Print(out io.Writer) {
	w := printer{out}
	w.line("%d days, %d reps, about %d enquiries a day, seed %d", r.Options.Days, r.Options.Reps, r.Options.LeadsPerDay, r.Options.Seed)
	w.counts("At the door", r.Posts)
	w.counts("What became of submissions", r.Outcomes)
	w.funnel(r.Funnel)
	w.sla(r.SLA)
	w.fairness(r.Fairness)
	w.pools(r.Pools)
	w.states(r.States)
	w.acts(r.Acts)
	w.messages(r)
	w.checks(r)
}

type printer struct{ io.Writer }

func (w printer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// grid is a part of the report: cells in columns, the first to the left, the
// others to the right, and a note at the end of a row.
type grid struct {
	rows  [][]string
	notes []string
}

// labelLeast is how wide the first column is at least, so that the parts stand
// below each other.
const labelLeast = 30

func newGrid(title ...string) *grid { return &grid{rows: [][]string{title}, notes: []string{""}} }

func (g *grid) row(label string, cells ...any) *grid {
	row := []string{"  " + label}
	for _, c := range cells {
		row = append(row, fmt.Sprint(c))
	}
	g.rows, g.notes = append(g.rows, row), append(g.notes, "")
	return g
}

// note is put behind the last row.
func (g *grid) note(text string) { g.notes[len(g.notes)-1] = text }

func (w printer) grid(g *grid) {
	widths := []int{labelLeast}
	for _, row := range g.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	w.line("")
	for i, row := range g.rows {
		text := fmt.Sprintf("%-*s", widths[0], row[0])
		for j, cell := range row[1:] {
			text += fmt.Sprintf("  %*s", widths[j+1], cell)
		}
		w.line("%s", strings.TrimRight(text+"  "+g.notes[i], " "))
	}
}

func (w printer) counts(title string, list []Count) {
	g := newGrid(title)
	for _, c := range list {
		g.row(c.What, c.N, share(c.N, total(list)))
	}
	w.grid(g)
}

func (w printer) funnel(stages []Count) {
	g := newGrid("Funnel", "leads", "of the stage before", "of all")
	for i, c := range stages {
		if i == 0 {
			g.row(c.What, c.N)
			continue
		}
		g.row(c.What, c.N, share(c.N, stages[i-1].N), share(c.N, stages[0].N))
	}
	w.grid(g)
}

func (w printer) sla(s SLA) {
	g := newGrid("In time", "share", "median", "90 %", "99 %", "longest")
	spread := func(what, share string, s Spread) {
		g.row(what, share, span(s.Median), span(s.P90), span(s.P99), span(s.Max))
	}
	spread("offers accepted", share(s.AcceptedInTime, s.Offers), s.Accept)
	spread("first contacts made", share(s.Contacted, s.Begun), s.Contact)
	spread("system late by", "", s.Late)
	w.grid(g)
	w.grid(newGrid("Not in time", "", "").
		row("offers withdrawn", s.Withdrawn, share(s.Withdrawn, s.Offers)).
		row("leads taken back", s.Reclaimed, share(s.Reclaimed, s.Begun)).
		row("reminders to reps", s.Reminded).
		row("warnings to managers", s.Warned).
		row("escalations", s.Escalated))
	w.grid(newGrid("On the way", "").
		row("waits for a shift", s.Waited).
		row("qualified for another team", s.Qualified).
		row("straight to another rep", s.Again).
		row("light touches on hold", s.Nudged).
		row("moved by a manager", s.Moved))
}

// barMost is the longest bar, in columns.
const barMost = 20

func (w printer) fairness(teams []TeamFairness) {
	for _, t := range teams {
		g := newGrid("Team "+t.Team, "offers", "by hand", "claimed", "accepted", "converted")
		most := 1
		for _, r := range t.Reps {
			most = max(most, r.Offers)
		}
		for _, r := range t.Reps {
			name := r.Rep
			if r.Always {
				name += " *"
			}
			g.row(name, r.Offers, r.ByHand, r.Claims, r.Accepted, r.Converted)
			g.note(strings.Repeat("#", (r.Offers*barMost+most-1)/most))
		}
		w.grid(g)
		if t.Always > 1 {
			w.line("  * could take leads at any time: the offers of these %d differ by %d", t.Always, t.Spread)
		}
	}
}

func (w printer) pools(pools []PoolFigures) {
	g := newGrid("Pools", "in", "claimed", "by hand", "woken", "moved", "closed", "left", "rested", "90 %")
	for _, p := range pools {
		g.row(p.Pool, p.In, p.Claimed, p.Assigned, p.Woken, p.Moved, p.Closed, p.Left, span(p.Resting.Median), span(p.Resting.P90))
	}
	w.grid(g)
	for _, p := range pools {
		w.looks(p)
	}
}

// looks are what a pool's sweep did with its leads, and what became of both arms.
func (w printer) looks(p PoolFigures) {
	if p.Cycles == 0 {
		return
	}
	g := newGrid(fmt.Sprintf("Looks into %s: %d cycles", p.Pool, p.Cycles), "leads", "", "replied", "", "won", "")
	for i, arm := range p.Arms {
		g.row([]string{"worked", "held out"}[i], arm.Looks, "", arm.Replied, share(arm.Replied, arm.Looks), arm.Converted, share(arm.Converted, arm.Looks))
		if i > 0 {
			continue
		}
		for _, did := range lead.Dids {
			if n := p.Looks[did]; n > 0 && did != lead.DidHold && did != lead.DidRetire {
				g.row("  "+string(did), n, share(n, arm.Looks))
			}
		}
	}
	w.grid(g.row(string(lead.DidRetire), p.Looks[lead.DidRetire]))
}

func (w printer) states(states []StateCount) {
	title := []string{"Where every lead is"}
	for _, g := range lead.Grades {
		title = append(title, string(g))
	}
	g := newGrid(append(title, "all")...)
	for _, s := range states {
		var cells []any
		for _, n := range s.ByGrade[:len(lead.Grades)] {
			cells = append(cells, n)
		}
		g.row(string(s.State), append(cells, s.All)...)
	}
	w.grid(g)
}

func (w printer) acts(acts []ActCount) {
	g := newGrid("What people did", "done", "refused", "unanswered")
	for _, a := range acts {
		g.row(a.What, a.Done, a.Refused, a.Unheard)
	}
	w.grid(g)
}

func (w printer) messages(r *Report) {
	g := newGrid("Messages and faults").
		row("mails", r.Mails).row("mails sent again", r.Repeated).
		row("calls and deliveries", r.Events).row("faults survived", total(r.Faults))
	for _, f := range r.Faults {
		g.row("  "+f.What, f.N)
	}
	w.grid(g.row("dead letters", r.DeadLetters))
}

func (w printer) checks(r *Report) {
	g := newGrid("Checks", "times", "broken")
	for _, c := range r.Checks {
		g.row(c.Rule, c.Checked, c.Broken)
	}
	w.grid(g)
	if len(r.Violations) == 0 {
		w.line("\nNo promise was broken.")
		return
	}
	w.line("\nPromises broken: %d. The first:\n  %s", len(r.Violations), r.Violations[0])
}

// share is a part in per cent.
func share(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of))
}

// span writes a duration in the two largest units that it has.
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "-"
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 2*day:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}
