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

// TestTransitions compares what every command does to a lead in every state
// with a table that people can read.
func TestTransitions(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("What every command does to a lead, ten minutes after it got where it is.\n" +
		"Bo had the lead where that is said, Ann has it where somebody has it, Cy never had it.\n" +
		"A line reads: what happens → the state then, the rep or pool that has it, the next deadline [events].\n" +
		"Below are the commands that are kept in the history and move nothing, and those that are refused, by the\n" +
		"reason given.\n")
	for _, s := range situations() {
		start := s.life(t)
		if start.lead.State != s.state {
			t.Fatalf("%s: the lead is %q", s.title, start.lead.State)
		}
		fmt.Fprintf(&b, "\n%s\n%s\n", s.title, strings.Repeat("-", len(s.title)))
		var rest outcomes
		try := func(a attempt, at time.Time) {
			l := s.life(t)
			l.now = at
			switch said, events := outcome(t, l, a.command); {
			case said == nothing && events != "":
				rest.add(said, a.title+" "+events)
			case events != "":
				fmt.Fprintf(&b, "%-28s → %s %s\n", a.title, said, events)
			default:
				rest.add(said, a.title)
			}
		}
		d, soon := start.lead.Deadline, start.now.Add(10*time.Minute)
		if d != nil && !d.At.After(soon) {
			soon = d.At.Add(-time.Second)
		}
		for _, a := range attempts() {
			try(a, soon)
		}
		if d != nil {
			for _, a := range append(onTime(d.Do), attempt{"the deadline passes", lead.Expire{}}) {
				try(a, d.At)
			}
		}
		rest.write(&b)
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

// nothing is what comes of a command that leaves the lead where it is.
const nothing = "= nothing moves"

// outcome plays a command and says what came of it, with its events where there
// are any, or why it was refused.
func outcome(t *testing.T, l *life, c lead.Command) (said, events string) {
	t.Helper()
	length, before := len(l.history), standing(l)
	if err := l.do(c); err != nil {
		var refusal *lead.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%T: %v is no *lead.Error", c, err)
		}
		return fmt.Sprintf("× %s: %s", refusal.Kind, refusal.Error()), ""
	}
	if len(l.history) == length {
		return nothing, ""
	}
	var kinds []string
	for _, e := range l.history[length].Events {
		kinds = append(kinds, told(e))
	}
	if said = standing(l); said == before {
		said = nothing
	}
	return said, "[" + strings.Join(kinds, ", ") + "]"
}

// standing is the lead's state, who has it, and its deadline.
func standing(l *life) string {
	due := "no deadline"
	if d := l.lead.Deadline; d != nil {
		due = fmt.Sprintf("%s in %s", d.Do, span(d.At.Sub(l.now)))
	}
	return fmt.Sprintf("%-11s %-4s %-22s", l.lead.State, cmp.Or(l.lead.Owner(), l.lead.Pool, "-"), due)
}

// told is an event's name, with what of it leads elsewhere.
func told(e lead.Event) string {
	kind := lead.KindOfEvent(e)
	switch e := e.(type) {
	case lead.Logged:
		if e.Bare {
			return "logged bare"
		}
	case lead.Woken:
		if e.Again {
			return "woken again"
		}
	case lead.Reminded:
		kind += " of " + string(e.Of)
		if e.Manager {
			kind += ", manager too"
		}
	case lead.Swept:
		kind += ": " + string(e.Did)
	case lead.Nudged:
		if e.Skipped != "" {
			kind += " not at all"
		}
	}
	return kind
}

// outcomes are titles of commands by what came of them.
type outcomes struct {
	said   []string
	titles map[string][]string
}

func (o *outcomes) add(said, title string) {
	if o.titles == nil {
		o.titles = map[string][]string{}
	}
	if !slices.Contains(o.said, said) {
		o.said = append(o.said, said)
	}
	o.titles[said] = append(o.titles[said], title)
}

// write puts what was kept before what was refused.
func (o *outcomes) write(b *strings.Builder) {
	slices.SortStableFunc(o.said, func(x, y string) int { return cmp.Compare(x[:1], y[:1]) }) // "=" and "×"
	for _, said := range o.said {
		fmt.Fprintf(b, "%s\n    %s\n", said, strings.Join(o.titles[said], "; "))
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
