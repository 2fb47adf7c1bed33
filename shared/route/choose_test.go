package route_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
)

// TestChooseIsSound draws whole teams with distributions, and holds each choice to
// what is said of all of them.
func TestChooseIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHouse(t)
		choice := h.table.Choose(h.query())
		if choice.Team != "young" || choice.Rule != route.Fallback || choice.Why == "" {
			t.Fatalf("choice %+v", choice)
		}
		able := 0
		for _, r := range h.members() {
			if h.canTake(r, h.now) {
				able++
			}
			if r.ID == choice.Rep && !h.canTake(r, h.now) {
				t.Fatalf("%s is chosen, who cannot take the lead: %s", r.ID, choice.Why)
			}
		}
		switch triage := strings.HasPrefix(choice.Why, "to the dispatcher: "); {
		case choice.Rep != "" && !choice.Wait.IsZero():
			t.Fatalf("somebody is chosen and waited for: %+v", choice)
		case able == 0 && choice.Rep != "":
			t.Fatalf("%s is chosen where nobody can take the lead", choice.Rep)
		case able > 0 && choice.Rep == "" && choice.Wait.IsZero() && !triage:
			t.Fatalf("nobody is chosen of %d who could: %s", able, choice.Why)
		case triage && !slices.ContainsFunc(h.way.Steps, func(s route.Step) bool { return s.Else == route.ElseTriage }):
			t.Fatalf("to the dispatcher by no step: %s", choice.Why)
		}
		h.holdsGrounds(t, choice)
		h.holdsWait(t, choice)
		h.holdsExplanation(t, choice)
	})
}

// holdsGrounds: they account for every member, once, and name the chosen one first.
func (h *house) holdsGrounds(t *rapid.T, choice lead.Choice) {
	g := choice.Grounds
	members := h.members()
	n := len(g.First) + g.More
	for _, p := range g.Not {
		n += p.N
		if len(p.Reps) > p.N || p.N == 0 {
			t.Fatalf("%d for %q, of whom %d are named", p.N, p.Why, len(p.Reps))
		}
	}
	if n != len(members) || g.More < 0 {
		t.Fatalf("the grounds account for %d of %d members: %+v", n, len(members), g)
	}
	if choice.Rep != "" && (len(g.First) == 0 || g.First[0].Rep != choice.Rep) {
		t.Fatalf("%s is chosen, and the grounds begin with %v", choice.Rep, g.First)
	}
	if choice.Rep == "" && len(g.First) > 0 {
		t.Fatalf("nobody is chosen, and the grounds say %v", g.First)
	}
	for _, p := range g.Not {
		for _, id := range p.Reps {
			at := slices.IndexFunc(members, func(r lead.Rep) bool { return r.ID == id })
			if could := at >= 0 && h.canTake(members[at], h.now); at < 0 || could != (p.Why == "passed over") {
				t.Fatalf("%s, who could take it: %t, is left out as %q", id, could, p.Why)
			}
		}
	}
	if data, err := json.Marshal(g); err != nil || len(data) > 450 {
		t.Fatalf("%d bytes of grounds, %v: %s", len(data), err, data)
	}
}

// holdsWait: a wait is for a moment to come within the time that leads wait, at
// which somebody can take the lead; and where there is one, somebody is waited for.
func (h *house) holdsWait(t *rapid.T, choice lead.Choice) {
	since := h.now
	if h.lead.State == lead.StateRouting {
		since = h.lead.Since
	}
	latest := since.Add(h.way.Wait)
	anybody := func(at time.Time) bool {
		return slices.ContainsFunc(h.members(), func(r lead.Rep) bool { return h.canTake(r, at) })
	}
	until := latest
	switch {
	case !choice.Wait.IsZero():
		if !choice.Wait.After(h.now) || choice.Wait.After(latest) {
			t.Fatalf("at %v the lead waits until %v, and may until %v", h.now, choice.Wait, latest)
		}
		if !anybody(choice.Wait) {
			t.Fatalf("nobody can take the lead at %v, until when it waits: %s", choice.Wait, choice.Why)
		}
		if until = choice.Wait; anybody(h.now) { // for somebody in particular
			return
		}
	case choice.Rep != "" || anybody(h.now):
		return
	}
	for at := h.now; at.Before(until); at = at.Add(5 * time.Minute) {
		if anybody(at) {
			t.Fatalf("somebody could take the lead at %v, before %v: %s", at, choice.Wait, choice.Why)
		}
	}
}

// holdsExplanation: it tells of the same choice.
func (h *house) holdsExplanation(t *rapid.T, choice lead.Choice) {
	e := h.table.Explain(h.query())
	if told, want := fmt.Sprintf("%+v", e.Choice.Grounds), fmt.Sprintf("%+v", choice.Grounds); told != want {
		t.Fatalf("explained with %s\nchosen with    %s", told, want)
	}
	e.Choice.Grounds, choice.Grounds = nil, nil
	if e.Choice != choice {
		t.Fatalf("explained as %+v\nchosen as    %+v", e.Choice, choice)
	}
	if len(e.Members) != len(h.members()) {
		t.Fatalf("%d members stand, of %d", len(e.Members), len(h.members()))
	}
	for i, r := range h.members() {
		m := e.Members[i]
		if m.Rep != r.ID || (m.Reason == "" || m.Reason == "passed over") != h.canTake(r, h.now) {
			t.Fatalf("%+v of %s, who can take it: %t", m, r.ID, h.canTake(r, h.now))
		}
		if !m.Able.IsZero() && (!m.Able.After(h.now) || !h.canTake(r, m.Able)) {
			t.Fatalf("%s is to be able at %v, and is not", r.ID, m.Able)
		}
	}
}

// TestWaitIsBounded: however often a lead is looked at while it waits, it does so
// for no longer than the policy says, from when it came to be routed.
func TestWaitIsBounded(t *testing.T) {
	t.Parallel()
	table := teamOf(t, route.Way{Wait: 16 * time.Hour})
	r := rep("a", func(r *lead.Rep) { r.Shifts = shifts("09:00-10:00") })
	at := func(clock string) time.Time {
		now, err := time.Parse("2006-01-02 15:04", "2026-03-"+clock)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	for _, c := range []struct {
		since, now string
		holding    int
		want       string // empty for the dispatcher
	}{
		{"03 17:00", "03 17:00", 0, "04 09:00"},
		{"03 16:59", "03 17:00", 0, ""}, // a minute too far off
		{"03 17:00", "04 08:59", 0, "04 09:00"},
		{"03 17:00", "04 10:00", 0, ""}, // the shift is over
		{"03 17:00", "03 18:00", 1, ""}, // no shift makes room
	} {
		r.Cap, r.Holding = ptr(1), c.holding
		choice := table.Choose(route.Query{Now: at(c.now), Reps: []lead.Rep{r}, Lead: lead.Lead{State: lead.StateRouting, Since: at(c.since)}})
		got := ""
		if !choice.Wait.IsZero() {
			got = choice.Wait.Format("02 15:04")
		}
		if got != c.want || choice.Team != "young" || choice.Rep != "" {
			t.Errorf("routed on %s, on %s: waits until %q, want %q", c.since, c.now, got, c.want)
		}
	}
}

// TestWaitForTheFirst: of several who will be there, the first is waited for,
// wherever they stand in the list.
func TestWaitForTheFirst(t *testing.T) {
	t.Parallel()
	late, early := rep("a", off), rep("b", func(r *lead.Rep) { r.Shifts = shifts("14:00-15:00", "06:00-07:00") })
	for _, reps := range [][]lead.Rep{{late, early}, {early, late}} {
		choice := teamOf(t, route.Way{Wait: day}).Choose(route.Query{Reps: reps, Now: noon})
		if got := choice.Wait.Format("15:04"); got != "14:00" {
			t.Errorf("waits until %s", got)
		}
	}
}

// TestWaitForWhatTimeBrings: a lead waits for what passes by itself, and for nothing
// else.
func TestWaitForWhatTimeBrings(t *testing.T) {
	t.Parallel()
	table := compiled(t, route.Plan{Routing: route.Spec{Fallback: "young"}, Ways: []route.Way{{Team: "young", Wait: 20 * time.Hour, CoolOff: day, Weights: map[string]int{"none": 0}}},
		Calendars: []hours.Calendar{{ID: "house", Off: []lead.Leave{{From: "2026-03-04"}}}}})
	today := []lead.Leave{{From: "2026-03-04", To: "2026-03-04"}}
	for want, edit := range map[string]func(*lead.Rep){
		"1 off shift: 20:00":           off,
		"1 on leave: 00:00":            func(r *lead.Rep) { r.Leave = today },
		"1 on holiday: 00:00":          func(r *lead.Rep) { r.Calendar = "house" },
		"1 at quota: 00:00":            func(r *lead.Rep) { r.Quota, r.Day, r.Today = ptr(2), "2026-03-04", 2 },
		"1 at pace: 17:30":             func(r *lead.Rep) { r.Pace, r.Paced = ptr(9), noon.Add(330*time.Minute) },
		"1 inactive: ":                 func(r *lead.Rep) { r.Active = false },
		"1 without a share: ":          func(r *lead.Rep) { r.ID = "none" },
		"1 at cap: ":                   full,
		"1 had it before: ":            func(r *lead.Rep) { r.ID = "former" },
		"1 at quota, of none at all: ": func(r *lead.Rep) { r.Quota = ptr(0) },
		"1 at pace, of none at all: ":  func(r *lead.Rep) { r.Pace = ptr(0) },
		"1 off shift, and full: ":      func(r *lead.Rep) { off(r); full(r) },
		"1 on leave, late: ":           func(r *lead.Rep) { r.Leave = today; r.Shifts = shifts("09:00-10:00") },
		// Whatever comes last is waited for.
		"1 off shift, then at pace: 20:30": func(r *lead.Rep) { off(r); r.Pace, r.Paced = ptr(9), noon.Add(510*time.Minute) },
	} {
		l := lead.Lead{Owners: []lead.Owner{{Rep: "former", Until: noon.Add(-20 * time.Hour)}}}
		choice := table.Choose(route.Query{Lead: l, Reps: []lead.Rep{rep("a", edit)}, Now: noon})
		reason, until, _ := strings.Cut(want, ": ")
		reason, _, _ = strings.Cut(reason, ",")
		if got := choice.Wait; choice.Why != "nobody eligible among 1: "+reason || got.IsZero() != (until == "") || !got.IsZero() && got.Format("15:04") != until {
			t.Errorf("%q, until %v; want %s", choice.Why, got, want)
		}
	}
}

// TestWaitWhereMidnightIsSkipped: on some days clocks go forward at midnight, and
// the day, with its quota, begins at one.
func TestWaitWhereMidnightIsSkipped(t *testing.T) {
	t.Parallel()
	table := teamOf(t, route.Way{Wait: 16 * time.Hour})
	for zone, c := range map[string]struct{ day, next string }{
		"America/Havana":   {"2026-03-07", "2026-03-08T05:00:00Z"},
		"Africa/Cairo":     {"2026-04-23", "2026-04-23T22:00:00Z"},
		"America/Santiago": {"2026-09-05", "2026-09-06T04:00:00Z"},
	} {
		where, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		evening, err := time.ParseInLocation("2006-01-02 15:04", c.day+" 22:30", where)
		if err != nil {
			t.Fatal(err)
		}
		full := rep("a", func(r *lead.Rep) { r.Zone, r.Quota, r.Day, r.Today = zone, ptr(1), c.day, 1 })
		choice := table.Choose(route.Query{Now: evening, Reps: []lead.Rep{full}})
		if got := choice.Wait.UTC().Format(time.RFC3339); got != c.next {
			t.Errorf("%s: waits until %s, want %s", zone, got, c.next)
		}
	}
}

// TestPaceOfTheOnlyRep: with a lead every six hours, a pace of 14 gives 14 in 30
// days, and the others are told why not.
func TestPaceOfTheOnlyRep(t *testing.T) {
	t.Parallel()
	table := teamOf(t, route.Way{})
	tm := roster{table: table, reps: []lead.Rep{rep("a", func(r *lead.Rep) { r.Pace = ptr(14) })}}
	placed := 0
	for at := noon; at.Before(noon.Add(30 * day)); at = at.Add(6 * time.Hour) {
		if choice := tm.give(lead.Lead{ID: at.String()}, at); choice.Rep == "a" {
			placed++
		} else if choice.Why != "nobody eligible among 1: 1 at pace" {
			t.Fatalf("%v: %s", at, choice.Why)
		}
	}
	if placed != 14 {
		t.Errorf("%d leads, want 14", placed)
	}
}

// roster is a team whose counters move as the store moves them.
type roster struct {
	table   *route.Table
	weights map[string]int
	reps    []lead.Rep
}

func (tm *roster) give(l lead.Lead, now time.Time) lead.Choice {
	choice := tm.table.Choose(route.Query{Lead: l, Facts: l.Facts, Reps: tm.reps, Now: now})
	for i, r := range tm.reps {
		if r.ID == choice.Rep {
			move := lead.RepMove{Rep: r.ID, Kind: lead.MoveAssign, Team: choice.Team, Grade: l.Grade}
			move.Expect(r, now)
			move.Step = route.Advance(choice.Team, tm.weights, tm.reps, r)
			tm.reps[i] = move.Count(r)
		}
	}
	return choice
}
