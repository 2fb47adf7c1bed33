package sim

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sluice/shared/lead"
)

// Print writes the report as plain text of at most 100 columns.
func (r *Report) Print(out io.Writer) {
	w := printer{tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)}
	defer w.Flush()
	w.row("%d days, %d reps, about %d enquiries a day, seed %d", r.Options.Days, r.Options.Reps, r.Options.LeadsPerDay, r.Options.Seed)
	w.counts("At the door", r.Posts)
	w.counts("What became of submissions", r.Outcomes)
	w.funnel(r.Funnel)
	w.sla(r.SLA)
	w.fairness(r.Fairness)
	w.pools(r.Pools)
	w.states(r.States)
	w.acts(r.Acts)
	w.section("Messages and faults")
	w.row("  mails sent\t%d\tof them again: %d", r.Mails, r.Repeated)
	w.row("  calls and deliveries\t%d", r.Events)
	w.row("  faults survived\t%d", total(r.Faults))
	for _, f := range r.Faults {
		w.row("    %s\t%d", f.What, f.N)
	}
	w.row("  dead letters\t%d\tall redriven", r.DeadLetters)
	w.checks(r)
}

// printer writes rows whose cells stand below each other within a section.
type printer struct{ *tabwriter.Writer }

func (w printer) row(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// section begins a part with columns of its own.
func (w printer) section(title string) {
	w.Flush()
	w.row("\n%s", title)
}

func (w printer) counts(title string, list []Count) {
	w.section(title)
	for _, c := range list {
		w.row("  %s\t%d\t%s", c.What, c.N, share(c.N, total(list)))
	}
}

func (w printer) funnel(stages []Count) {
	w.section("Funnel\tleads\tof the stage before\tof all")
	for i, c := range stages {
		if i == 0 {
			w.row("  %s\t%d", c.What, c.N)
			continue
		}
		w.row("  %s\t%d\t%s\t%s", c.What, c.N, share(c.N, stages[i-1].N), share(c.N, stages[0].N))
	}
}

func (w printer) sla(s SLA) {
	w.section("Time\tin time\tmedian\t90 %\t99 %\tlongest")
	spread := func(what, inTime string, s Spread) {
		w.row("  %s\t%s\t%s\t%s\t%s\t%s", what, inTime, span(s.Median), span(s.P90), span(s.P99), span(s.Max))
	}
	spread("offers accepted", share(s.AcceptedInTime, s.Offers), s.Accept)
	spread("first contact made", share(s.Contacted, s.Begun), s.Contact)
	spread("the system's acts, after their time", "", s.Late)
	w.section("Nobody acted in time")
	w.row("  offers withdrawn\t%d\t%s of the offers", s.Withdrawn, share(s.Withdrawn, s.Offers))
	w.row("  leads taken back\t%d\t%s of those begun", s.Reclaimed, share(s.Reclaimed, s.Begun))
	w.row("  escalations\t%d", s.Escalated)
}

// barMost is the longest bar, in columns.
const barMost = 24

func (w printer) fairness(teams []TeamFairness) {
	for _, t := range teams {
		w.section(fmt.Sprintf("Team %s\toffers\tby hand\tclaimed\taccepted\tconverted\t", t.Team))
		most := 1
		for _, r := range t.Reps {
			most = max(most, r.Offers)
		}
		for _, r := range t.Reps {
			always := ""
			if r.Always {
				always = " *"
			}
			w.row("  %s%s\t%d\t%d\t%d\t%d\t%d\t%s", r.Rep, always, r.Offers, r.ByHand, r.Claims, r.Accepted, r.Converted,
				strings.Repeat("#", (r.Offers*barMost+most-1)/most))
		}
		w.Flush()
		if t.Always > 1 {
			w.row("  * could always take leads, %d of them: offers differ by %d", t.Always, t.Spread)
		}
	}
}

func (w printer) pools(pools []PoolFigures) {
	w.section("Pools\tin\tclaimed\tby hand\tcame back\tstill there\trested (median)\t90 %")
	for _, p := range pools {
		w.row("  %s\t%d\t%d\t%d\t%d\t%d\t%s\t%s", p.Pool, p.In, p.Claimed, p.Assigned, p.Woken, p.Left, span(p.Resting.Median), span(p.Resting.P90))
	}
}

func (w printer) acts(acts []ActCount) {
	w.section("What people did\tdone\trefused\tunanswered")
	for _, a := range acts {
		w.row("  %s\t%d\t%d\t%d", a.What, a.Done, a.Refused, a.Unheard)
	}
}

func (w printer) states(states []StateCount) {
	title := "Where every lead is"
	for _, g := range lead.Grades {
		title += "\t" + string(g)
	}
	w.section(title + "\tall")
	for _, s := range states {
		row := "  " + string(s.State)
		for _, n := range s.ByGrade[:len(lead.Grades)] {
			row += fmt.Sprintf("\t%d", n)
		}
		w.row("%s\t%d", row, s.All)
	}
}

func (w printer) checks(r *Report) {
	w.section("Checks\ttimes\tbroken")
	for _, c := range r.Checks {
		w.row("  %s\t%d\t%d", c.Rule, c.Checked, c.Broken)
	}
	w.Flush()
	if len(r.Violations) == 0 {
		w.row("\nNo promise was broken.")
		return
	}
	w.row("\n%d promises were broken, the first:", len(r.Violations))
	w.row("  %s", r.Violations[0])
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
