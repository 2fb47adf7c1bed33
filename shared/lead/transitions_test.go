package lead_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Ann has the lead where somebody has it, Bo had it before, Cy never had it.
const ann, bo, cy = "ann", "bo", "cy"

// situation is a lead in a state, with how it came there.
type situation struct {
	state lead.State
	title string
	life  func(*testing.T) *life
}

func situations() []situation {
	afterBo := func(t *testing.T) *life { return offered(t, bo).expire(t) }
	return []situation{
		{"", "no lead yet", func(*testing.T) *life { return newLife() }},
		{lead.StateNew, "new", captured},
		{lead.StateRouting, "routing: Bo let the first offer pass", afterBo},
		{lead.StateRouting, "routing: nobody was on shift, it waits for tomorrow", waiting},
		{lead.StateRouting, "routing: Bo let the first offer pass, it waits for tomorrow", func(t *testing.T) *life { return afterBo(t).must(t, waitFor(monday.Add(day))) }},
		{lead.StateOffered, "offered to Ann, the first to get it", func(t *testing.T) *life { return offered(t, ann) }},
		{lead.StateOffered, "offered to Ann after Bo let the first offer pass", func(t *testing.T) *life { return afterBo(t).must(t, toRep(ann)) }},
		{lead.StateTriage, "triage: Bo rejected it", func(t *testing.T) *life {
			return offered(t, bo).must(t, lead.Reject{Rep: bo, Reason: "speaks Spanish"})
		}},
		{lead.StateTriage, "triage: Bo rejected it, and the manager was told", func(t *testing.T) *life {
			return offered(t, bo).must(t, lead.Reject{Rep: bo, Reason: "speaks Spanish"}).expire(t)
		}},
		{lead.StateWorking, "working: Ann accepted", func(t *testing.T) *life { return working(t, ann) }},
		{lead.StateWorking, "working: Ann called and plans a visit in 5 days", func(t *testing.T) *life {
			return working(t, ann).must(t, lead.Log{Rep: ann, Activity: lead.Logged{Way: "call", StepAt: monday.Add(5 * day)}})
		}},
		{lead.StatePaused, "paused: Ann's customer said not now", func(t *testing.T) *life {
			return working(t, ann).must(t, lead.Hold{Rep: ann, Reason: "after the holidays"})
		}},
		{lead.StateNurturing, "nurturing: Bo found it not ripe", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Recycle{Rep: bo, Reason: "no budget this year"})
		}},
		{lead.StatePooled, "pooled: Bo released it", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Release{Rep: bo, Reason: "too far away"})
		}},
		{lead.StateConverted, "converted by Bo", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Convert{Rep: bo, Value: lead.Money{Amount: 120000, Currency: "CNY"}, Order: "o-1"})
		}},
		{lead.StateCustomer, "customer", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Convert{Rep: bo}, lead.Confirm{})
		}},
		{lead.StateJunk, "junk", func(t *testing.T) *life { return closed(t, lead.StateJunk) }},
		{lead.StateLost, "lost", func(t *testing.T) *life { return closed(t, lead.StateLost) }},
		{lead.StateUnreachable, "unreachable", func(t *testing.T) *life { return closed(t, lead.StateUnreachable) }},
	}
}

// moveTo is a manager's move with its reason.
func moveTo(m lead.Move) lead.Command {
	m.Why = "Ann is ill"
	return m
}

func closed(t *testing.T, as lead.State) *life {
	t.Helper()
	return working(t, bo).must(t, lead.Close{Rep: bo, As: as, Reason: "as agreed"})
}

// attempt is a command as a person would put it.
type attempt struct {
	title   string
	command lead.Command
}

func attempts() []attempt {
	choose := func(c lead.Choice) lead.Command { return lead.Route{Choice: c} }
	shut := func(rep string, as lead.State) lead.Command {
		return lead.Close{Rep: rep, As: as, Reason: "as agreed"}
	}
	return []attempt{
		{"a first enquiry", capture()},
		{"another enquiry", touch()},
		{"scored better", lead.Score{Fit: 95, Grade: lead.GradeAPlus}},
		{"routed to Cy", toRep(cy)},
		{"routed to Bo", toRep(bo)},
		{"routed: nobody eligible", choose(lead.Choice{Team: "inside", Why: "nobody is on shift"})},
		{"routed to a pool", choose(lead.Choice{Pool: "cold", Why: "grade D"})},
		{"routed to nurturing", choose(lead.Choice{Nurture: true, Why: "grade C"})},
		{"routed: waits for tomorrow", waitFor(monday.Add(day))},
		{"routed: waits till Friday", waitFor(monday.Add(4 * day))},
		{"routed: waits for the past", waitFor(monday.Add(-time.Second))},
		{"Ann accepts", lead.Accept{Rep: ann}},
		{"Cy accepts", lead.Accept{Rep: cy}},
		{"Ann rejects", lead.Reject{Rep: ann, Reason: "wrong product"}},
		{"Ann rejects, no reason", lead.Reject{Rep: ann}},
		{"Ann logs a call", lead.Log{Rep: ann, Activity: lead.Logged{Way: "call"}}},
		{"Cy logs a call", lead.Log{Rep: cy, Activity: lead.Logged{Way: "call"}}},
		{"Ann releases it", lead.Release{Rep: ann, Reason: "on leave"}},
		{"Ann puts it on hold", lead.Hold{Rep: ann, Reason: "after the holidays"}},
		{"Ann recycles it", lead.Recycle{Rep: ann, Reason: "no budget this year"}},
		{"Ann closes it as junk", shut(ann, lead.StateJunk)},
		{"Ann closes it as lost", shut(ann, lead.StateLost)},
		{"Ann finds nobody there", shut(ann, lead.StateUnreachable)},
		{"Ann converts it", lead.Convert{Rep: ann, Value: lead.Money{Amount: 120000, Currency: "CNY"}}},
		{"Cy converts it", lead.Convert{Rep: cy}},
		{"Ann qualifies it", lead.Qualify{Rep: ann, Verdict: "enterprise"}},
		{"Ann qualifies it, no verdict", lead.Qualify{Rep: ann}},
		{"Cy qualifies it", lead.Qualify{Rep: cy, Verdict: "enterprise"}},
		{"Cy claims it", lead.Claim{Rep: cy, Team: "inside"}},
		{"Bo claims it", lead.Claim{Rep: bo, Team: "inside"}},
		{"dispatcher gives it to Cy", lead.Assign{Rep: cy}},
		{"dispatcher gives it to Bo", lead.Assign{Rep: bo}},
		{"dispatcher recycles it", lead.Recycle{Reason: "no budget this year"}},
		{"dispatcher junks it", shut("", lead.StateJunk)},
		{"dispatcher calls it lost", shut("", lead.StateLost)},
		{"manager moves it to Ann", moveTo(lead.Move{Rep: ann, Team: "field"})},
		{"manager moves it to Bo", moveTo(lead.Move{Rep: bo, Team: "field"})},
		{"manager moves it to Cy", moveTo(lead.Move{Rep: cy, Team: "field"})},
		{"manager moves it to sea", moveTo(lead.Move{Pool: "sea"})},
		{"manager moves it to cold", moveTo(lead.Move{Pool: "cold", Team: "field"})},
		{"manager has it routed anew", moveTo(lead.Move{Anew: true})},
		{"success team confirms", lead.Confirm{}},
		{"time is not up yet", lead.Expire{}},
	}
}

// TestTransitions compares what every command does to a lead in every state
// with a table that people can read.
func TestTransitions(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("What every command does to a lead, ten minutes after it got where it is.\n" +
		"Bo had the lead where that is said, Ann has it where somebody has it, Cy never had it.\n" +
		"A line reads: what happens → the state then, the rep or pool that has it, the next deadline [events].\n" +
		"Below are the commands that are refused, by the reason given.\n")
	for _, s := range situations() {
		start := s.life(t)
		if start.lead.State != s.state {
			t.Fatalf("%s: the lead is %q", s.title, start.lead.State)
		}
		fmt.Fprintf(&b, "\n%s\n%s\n", s.title, strings.Repeat("-", len(s.title)))
		var refused refusals
		for _, a := range attempts() {
			l := s.life(t).wait(10 * time.Minute)
			if l.lead.Deadline != nil && !l.lead.Deadline.At.After(l.now) {
				l.now = l.lead.Deadline.At.Add(-time.Second)
			}
			said, done := outcome(t, l, a.command)
			if !done {
				refused.add(said, a.title)
				continue
			}
			fmt.Fprintf(&b, "%-26s → %s\n", a.title, said)
		}
		if d := start.lead.Deadline; d != nil {
			start.now = d.At
			if said, done := outcome(t, start, lead.Expire{}); done {
				fmt.Fprintf(&b, "%-26s → %s\n", "the deadline passes", said)
			} else {
				refused.add(said, "the deadline passes")
			}
		}
		refused.write(&b)
	}
	path := filepath.Join("testdata", "transitions.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(b.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("%s:%d\n got %q\nwant %q\n(-update writes the table anew)", path, i+1, got[min(i, len(got)-1)], line)
		}
	}
	if len(got) > strings.Count(string(want), "\n")+1 {
		t.Fatalf("%s lacks lines (-update writes the table anew)", path)
	}
}

// outcome plays a command and says what came of it, and whether it was accepted.
func outcome(t *testing.T, l *life, c lead.Command) (string, bool) {
	t.Helper()
	before := len(l.history)
	if err := l.do(c); err != nil {
		var refusal *lead.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%T: %v is no *lead.Error", c, err)
		}
		return fmt.Sprintf("%s: %s", refusal.Kind, refusal.Error()), false
	}
	if len(l.history) == before {
		return "nothing changes", true
	}
	var kinds []string
	for _, e := range l.history[before].Events {
		kinds = append(kinds, lead.KindOfEvent(e))
	}
	due := "no deadline"
	if d := l.lead.Deadline; d != nil {
		due = fmt.Sprintf("%s in %s", d.Do, span(d.At.Sub(l.now)))
	}
	return fmt.Sprintf("%-11s %-4s %-22s [%s]", l.lead.State, cmp.Or(l.lead.Owner(), l.lead.Pool, "-"), due, strings.Join(kinds, ", ")), true
}

// refusals are titles of commands by the reason given for refusing them.
type refusals struct {
	reasons []string
	titles  map[string][]string
}

func (r *refusals) add(reason, title string) {
	if r.titles == nil {
		r.titles = map[string][]string{}
	}
	if !slices.Contains(r.reasons, reason) {
		r.reasons = append(r.reasons, reason)
	}
	r.titles[reason] = append(r.titles[reason], title)
}

func (r *refusals) write(b *strings.Builder) {
	for _, reason := range r.reasons {
		fmt.Fprintf(b, "× %s\n    %s\n", reason, strings.Join(r.titles[reason], "; "))
	}
}

// span is a duration as people say it.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than 1 min"
	case d >= 2*day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d >= day:
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}
