package document_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

const routes = "../../../testdata/routes"

// TestRoutes plays every routing table and holds it to what it tells, row by row.
func TestRoutes(t *testing.T) {
	t.Parallel()
	for _, file := range routeFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			s := readRoutes(t, file)
			if s.play(t); *update {
				s.write(t, file)
			}
		})
	}
}

func routeFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(routes, "*.md"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d routing tables: %v", len(files), err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return filepath.Base(f) == "README.md" })
}

// TestRoutesShowEverything: whatever a policy can say of distribution, a table
// shows it.
func TestRoutesShowEverything(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, file := range routeFiles(t) {
		s := readRoutes(t, file)
		for _, r := range s.doc.Routing.Rules {
			shown["a rule to triage"] = shown["a rule to triage"] || r.Triage != ""
			shown["a rule to a pool"] = shown["a rule to a pool"] || r.Pool != ""
			shown["a rule to nurturing"] = shown["a rule to nurturing"] || r.Nurture
		}
		for _, team := range s.doc.Teams {
			shown["mode "+string(team.Mode)] = true
			shown["weights"] = shown["weights"] || len(team.Weights) > 0
			shown["single"] = shown["single"] || team.Single != ""
			shown["verdicts"] = shown["verdicts"] || len(team.Verdicts) > 0
			shown["segments"] = shown["segments"] || len(team.Pools) > 1
			for _, step := range team.Distribution {
				shown["by "+string(step.By)] = true
				shown["else "+string(step.Else)] = true
			}
		}
		for _, r := range s.rows {
			for _, reason := range []string{"inactive", "without a share", "on leave", "on holiday", "off shift", "at cap", "at quota", "at pace",
				"had it before", "passed over", "waits until", "dispatcher of", "pool", "nurtured", "could not be evaluated"} {
				shown[reason] = shown[reason] || strings.Contains(r.who+"|"+r.why, reason)
			}
		}
	}
	for _, by := range route.Steps {
		if !shown["by "+string(by)] {
			t.Errorf("no table distributes by %s", by)
		}
	}
	for _, mode := range route.Modes {
		if !shown["mode "+string(mode)] && mode != route.Even {
			t.Errorf("no table has the mode %s", mode)
		}
	}
	delete(shown, "else "+string(route.ElseNext)) // also the empty one
	for what, is := range shown {
		if !is {
			t.Errorf("no table shows %q", what)
		}
	}
	for _, other := range []route.Else{"", route.ElseWait, route.ElseTriage} {
		if !shown["else "+string(other)] {
			t.Errorf("no table has a step with else %q", other)
		}
	}
}

// play places the leads one after the other and fills in what became of them.
// Counters move as the store moves them.
func (s *scenario) play(t *testing.T) {
	t.Helper()
	leads := map[string]lead.Lead{}
	for i := range s.rows {
		r := &s.rows[i]
		now, err := s.moment(r.when)
		if err != nil {
			t.Fatalf("row %s: %v", r.number, err)
		}
		after, who, why, err := s.place(r, leads, now)
		if err != nil {
			t.Fatalf("row %s: %v", r.number, err)
		}
		leads[r.number] = after
		if !*update && (who != r.who || why != r.why) {
			t.Errorf("row %s, %s:\nwho %q, want %q\nwhy %q, want %q", r.number, r.lead, who, r.who, why, r.why)
		}
		r.who, r.why = who, why
	}
}

// place does with one lead what the placing function does.
func (s *scenario) place(r *row, leads map[string]lead.Lead, now time.Time) (placed lead.Lead, who, why string, err error) {
	before, commands, err := s.read(r, leads)
	if err != nil {
		return
	}
	by := lead.System("place")
	if before, err = s.remind(before, now); err != nil {
		return
	}
	after, happened, err := lead.Run(before, by, s.policy.Rules(before.Team), now, commands...)
	if err != nil {
		return
	}
	if after.State != lead.StateNew && after.State != lead.StateRouting {
		s.count(lead.Moves(after, happened), now)
		return after, s.whereTo(after), rested(happened), nil
	}
	after.Owners = append(s.owners(r, now), after.Owners...)
	after.Created = s.created(r, after.Created, now)
	choice := s.policy.Routing().Choose(route.Query{Lead: after, Facts: after.Facts, Reps: s.reps, Now: now})
	placed, given, err := lead.Run(after, by, s.policy.Rules(choice.Team), now, lead.Route{Choice: choice})
	if err != nil {
		return
	}
	s.count(append(lead.Moves(after, happened), lead.Moves(placed, given)...), now)
	if why = choice.Why; choice.Rule != route.Fallback {
		why = fmt.Sprintf("rule %s: %s", choice.Rule, choice.Why)
	}
	return placed, s.whereTo(placed), why, nil
}

// remind does what the sweep did before a moment with a lead of an earlier row: it
// told the rep what was about to happen.
func (s *scenario) remind(l lead.Lead, now time.Time) (_ lead.Lead, err error) {
	for err == nil && l.Deadline != nil && l.Deadline.Do == lead.DutyRemind && l.Deadline.At.Before(now) {
		l, _, err = lead.Run(l, lead.System("sweep"), s.policy.Rules(l.Team), l.Deadline.At, lead.Expire{})
	}
	return l, err
}

func (s *scenario) whereTo(l lead.Lead) string {
	switch l.State {
	case lead.StateOffered:
		return l.Owner()
	case lead.StateRouting:
		return "waits until " + l.Wait.In(s.zone).Format(clock)
	case lead.StateTriage:
		return "dispatcher of " + l.Team
	case lead.StatePooled:
		return "pool " + l.Pool
	}
	return string(l.State)
}

// rested is why a lead goes to nobody anew.
func rested(entry lead.Entry) (why string) {
	for _, e := range entry.Events {
		if pooled, ok := e.(lead.Pooled); ok {
			why = pooled.Why
		}
	}
	return why
}

func (s *scenario) count(moves []lead.RepMove, now time.Time) {
	for _, m := range moves {
		at := slices.IndexFunc(s.reps, func(r lead.Rep) bool { return r.ID == m.Rep })
		if m.Kind != lead.MoveRelease {
			m.Expect(s.reps[at], now)
			m.Step = s.policy.Advance(m.Team, s.reps[at], s.reps)
		}
		s.reps[at] = m.Count(s.reps[at])
	}
}

// write puts what became of the leads into the file.
func (s *scenario) write(t *testing.T, file string) {
	t.Helper()
	for _, r := range s.rows {
		s.lines[r.line] = fmt.Sprintf("| %s | %s | %s | %s | %s |", r.number, r.when, r.lead, r.who, r.why)
	}
	if err := os.WriteFile(file, []byte(strings.Join(s.lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

// scenario is a routing table with its policy and reps.
type scenario struct {
	lines  []string // of the file
	doc    policy.Document
	policy *policy.Policy
	zone   *time.Location
	reps   []lead.Rep
	rows   []row
}

type row struct {
	line                         int
	number, when, lead, who, why string
}

// TestRoutesRefuseSlips: what a table cannot mean is refused, not passed over.
func TestRoutesRefuseSlips(t *testing.T) {
	t.Parallel()
	s := readRoutes(t, filepath.Join(routes, "inside-sales.md"))
	offered := map[string]lead.Lead{"1": {State: lead.StateOffered, Team: "inside", Period: &lead.Period{Rep: "ivy"}}}
	for _, slip := range []string{
		"", "grade", "grade E", "grade A and B", "produkt kids-maths", "product maths", "channel television", "city", "companies",
		"answer shoe 43", "account of nobody", "referred to nobody", "had by nobody 3 days ago", "had by amy 3 weeks ago",
		"had by amy", "came in yesterday", "came in 3", "grade A,product kids-maths", "the lead of row 2, found school",
		"the lead of row 1", "the lead of row 1, found gold", "the lead of row 1, still waiting", "the lead of row 1, found school, grade A",
	} {
		if _, _, err := s.read(&row{number: "9", lead: slip}, offered); err == nil {
			t.Errorf("%q is read as something", slip)
		}
	}
	for _, slip := range []string{"Tue 2026-03-02 11:00", "Mon 2026-03-02", "Mon 2026-02-30 11:00", "2026-03-02 11:00"} {
		if _, err := s.moment(slip); err == nil {
			t.Errorf("%q is read as a moment", slip)
		}
	}
}
