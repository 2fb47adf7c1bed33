package year

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sluice/shared/lead"
	"sluice/shared/pool"
)

// Print writes the report as plain text.
func (r *Report) Print(out io.Writer) {
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("2026 with %d leads of %d persons, %d reps, seed %d", r.Leads, r.Persons, r.Options.Reps, r.Options.Seed)
	line("\nAt the end")
	for _, s := range slices.SortedFunc(maps.Keys(r.States), func(a, b lead.State) int {
		return cmp.Or(r.States[b]-r.States[a], cmp.Compare(a, b))
	}) {
		line("  %-28s %9d  %s", s, r.States[s], share(r.States[s], r.Leads))
	}
	line("\nWhat happened")
	for _, c := range []struct{ name, event string }{
		{"enquired again", "touched"}, {"offered to reps", "offered"}, {"accepted", "accepted"}, {"rejected", "rejected"},
		{"waited for a shift", "waiting"}, {"sent to a dispatcher", "triaged"}, {"followed up", "logged"},
		{"reminders to reps", "reminded"}, {"of them to managers too", "reminded manager"}, {"escalations", "escalated"},
		{"offers taken back", "expired withdraw"}, {"leads taken back", "expired reclaim"}, {"claimed from pools", "claimed"},
		{"looked at in the clear", "revealed"}, {"put on hold", "put_on_hold"}, {"light touches", "nudged"}, {"none for a reason", "nudged skipped"},
		{"extended", "extended"}, {"deals opened or closed", "dealt"}, {"calls from lists", "called"}, {"opted out", "opted_out"}, {"converted", "converted"},
	} {
		line("  %-28s %9d", c.name, r.Events[c.event])
	}
	line("  %-28s %9d", "second assignments", r.Again)
	line("  %-28s %9d", "claims and looks refused", r.Refused)
	line("  %-28s %9s  of %d", "first follow-ups in time", share(r.InTime, r.Due), r.Due)
	r.sweeps(line)
	line("\nContacts of a person in the year")
	for n, persons := range r.Contacts {
		name := fmt.Sprint(n)
		if n == contactsMost {
			name += " or more"
		}
		line("  %-28s %9d  %s", name, persons, strings.Repeat("▪", 40*persons/max(1, slices.Max(r.Contacts))))
	}
	line("\nShared among reps            routed  converted   turns of the least, the mean, the most")
	for _, s := range r.Spread {
		line("  %-24s %9d  %9d   %.0f, %.1f, %.0f", s.Team, s.Assigned, s.Converted, s.Least, s.Mean, s.Most)
	}
	r.promises(line)
	line("\n%d decisions and %d history entries in %.1f s: %.0f decisions a second; at most %d leads due in a minute, acted on %.0f s late at most",
		r.Decisions, r.Entries, r.Took.Seconds(), r.PerSecond(), r.Busiest, r.LateMost.Seconds())
}

// PerSecond is how many decisions were made in a second.
func (r *Report) PerSecond() float64 { return float64(r.Decisions) / max(r.Took.Seconds(), 1e-9) }

func (r *Report) sweeps(line func(string, ...any)) {
	line("\nStock sweep     looks  held out   routed   listed  touched   rested archived  replied converted")
	for _, c := range r.Cycles {
		d := c.Did
		out := string(lead.DidHold) + "."
		line("  %s %8d %9d %8d %8d %8d %8d %8d %8d %9d", c.Began.Format("2006-01-02"), c.Looks, d[string(lead.DidHold)], d[string(lead.DidRoute)], d[string(lead.DidList)],
			d[string(lead.DidTouch)], d[string(lead.DidRest)], d[string(lead.DidRetire)],
			d[lead.CreditReply]+d[out+lead.CreditReply], d[lead.CreditConvert]+d[out+lead.CreditConvert])
	}
	lift := func(what string, l pool.Lift) {
		line("  %s: %.2f %% of %d swept, %.2f %% of %d held out: %+.2f points (%+.2f to %+.2f)", what, 100*l.Treated.P, l.Treated.N,
			100*l.HeldOut.P, l.HeldOut.N, 100*l.Diff, 100*l.Low, 100*l.High)
	}
	lift("replied", r.Replied)
	lift("converted", r.Converted)
}

func (r *Report) promises(line func(string, ...any)) {
	line("\nPromises                                                          judged  at the limit  broken")
	for _, rule := range r.Rules {
		tight := ""
		if rule.Tight > 0 {
			tight = fmt.Sprint(rule.Tight)
		}
		line("  %-60s %9d %13s %7d", rule.Name, rule.Judged, tight, rule.Broken)
	}
	for _, text := range r.Found {
		line("  %s", text)
	}
	if missing := r.Violations - len(r.Found); missing > 0 {
		line("  and %d more", missing)
	}
}

func share(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of))
}
