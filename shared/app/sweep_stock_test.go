package app_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// stocked is a house in which everything goes into a pool of which nothing is held
// out, and a lead of it with an address. Likely are those for which the condition
// holds.
func stocked(t *testing.T, likely string, more ...func(*policy.Document)) (*bundle, lead.Lead) {
	t.Helper()
	b := setup(t, edit{policy: func(d *policy.Document) {
		d.Routing.Rules = nil
		d.Routing.Fallback = "young"
		zero := 0.0
		for i := range d.Pools {
			d.Pools[i].HoldOut, d.Pools[i].Likely, d.Pools[i].List = &zero, likely, ""
			d.Pools[i].Reactivate = &policy.Letter{Subject: "Still interested, {name}?", Text: "Your enquiry {number}."}
		}
		for _, edit := range more {
			edit(d)
		}
	}, reps: func(reps []lead.Rep) []lead.Rep {
		for i := range reps {
			reps[i].Active, reps[i].Shifts, reps[i].Cap, reps[i].Quota = false, nil, nil, nil
		}
		return reps
	}})
	l := b.enquire("trial", person("Emma Carter", "+1 415 555 0132", "emma@example.com"))
	if l.State != lead.StateTriage {
		t.Fatalf("lead is %s, want triage", l.State)
	}
	return b, b.intoPool(l)
}

// intoPool lets a manager put a lead into its team's pool.
func (b *bundle) intoPool(l lead.Lead) lead.Lead {
	b.t.Helper()
	pol, err := b.policy.Get(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	after, entry, err := lead.Run(l, lead.System("test"), pol.Rules(l.Team), b.clock.Now(),
		lead.Move{Pool: pol.Rules(l.Team).Pool, Team: l.Team, Why: "test"})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.table.Commit(b.t.Context(), lead.NewChange(after, entry)); err != nil {
		b.t.Fatal(err)
	}
	return after
}

// did is what the latest look did with a lead.
func (b *bundle) did(id string) lead.Swept {
	b.t.Helper()
	history := b.history(id)
	for _, e := range history[len(history)-1].Events {
		if swept, ok := e.(lead.Swept); ok {
			return swept
		}
	}
	b.t.Fatalf("the lead's last entry is no look: %v", history[len(history)-1].Events)
	return lead.Swept{}
}

func (b *bundle) figures(pool string) map[string]int {
	b.t.Helper()
	all := map[string]int{}
	tallies, err := b.table.Tallies(b.t.Context(), pool, 20)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, cycle := range tallies {
		for what, n := range cycle.Add {
			all[what] += n
		}
	}
	return all
}

func TestStockSweepTouches(t *testing.T) {
	t.Parallel()
	b, l := stocked(t, "false")
	for cycle := range 3 {
		if counts := b.until(l.ID, lead.DutySweep); counts["sweep"] != 1 {
			t.Fatalf("cycle %d: sweep counted %v, want one look", cycle, counts)
		}
		looked := b.lead(l.ID)
		if swept := b.did(l.ID); swept.Did != lead.DidTouch || looked.State != lead.StatePooled || !looked.Since.Equal(l.Since) {
			t.Fatalf("cycle %d: the look did %+v, lead is %s since %s", cycle, swept, looked.State, looked.Since)
		}
		begins := lead.CycleAt(b.clock.Now(), 30*24*time.Hour).AddDate(0, 0, 30)
		if due := looked.Deadline; due.Do != lead.DutySweep || due.At.Before(begins) || due.At.After(begins.AddDate(0, 0, 30)) {
			t.Errorf("cycle %d: the next look is %v, want one in the cycle from %s on", cycle, due, begins)
		}
	}
	p, err := b.table.Person(t.Context(), l.Person)
	if err != nil || len(p.Contacts) != 2 { // those of earlier months are forgotten
		t.Errorf("contacts are %v (%v), want the last two", p.Contacts, err)
	}
	history := b.history(l.ID)
	b.relay(history[len(history)-1])
	b.relay(history[len(history)-1]) // twice
	notices := b.deliver.take(10)
	if len(notices) != 2 || b.handle("deliver", notices[0]) != 0 || b.handle("deliver", notices[1]) != 0 {
		t.Fatalf("%d notices; log: %s", len(notices), b.logs)
	}
	if mails := b.mails(); len(mails) != 1 || !strings.Contains(mails[0], "Emma Carter?") || !strings.Contains(mails[0], "emma@example.com") ||
		!strings.Contains(mails[0], "List-Unsubscribe: <mailto:") || !strings.Contains(mails[0], "X-Sluice-Class: marketing") {
		t.Errorf("%d mails: %s", len(mails), mails)
	}
	if got := b.figures(l.Pool); !maps.Equal(got, map[string]int{"touched": 3}) {
		t.Errorf("figures are %v", got)
	}

	// A reply is credited once, and the lead is routed at once.
	b.enquire("trial", person("Emma Carter", "+1 415 555 0132", "emma@example.com"))
	b.enquire("trial", person("Emma Carter", "+1 415 555 0132", "emma@example.com"))
	if got := b.figures(l.Pool); got["replied"] != 1 {
		t.Errorf("after a reply the figures are %v", got)
	}
	if l = b.lead(l.ID); l.State != lead.StateTriage {
		t.Errorf("after a reply the lead is %s, want where routing has put it", l.State)
	}
}

func TestStockSweepWakesTheLikely(t *testing.T) {
	t.Parallel()
	b, l := stocked(t, `grade == "A+" or grade == "A"`)
	reps, err := b.table.Reps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reps {
		b.activate(r.ID)
	}
	before := l.Version
	b.until(l.ID, lead.DutySweep)
	l = b.lead(l.ID)
	if swept := b.did(l.ID); swept.Did != lead.DidRoute || l.State != lead.StateOffered || l.Version != before+1 {
		t.Fatalf("the look did %+v, lead is %s after %d entries; want it offered in the same one", swept, l.State, l.Version-before)
	}
	b.counters()
	if p, err := b.table.Person(t.Context(), l.Person); err != nil || len(p.Contacts) != 0 {
		t.Errorf("contacts are %v (%v), want none: the rep has not called yet", p.Contacts, err)
	}
	if got := b.figures("open-sea"); got["routed"] != 1 {
		t.Errorf("figures are %v", got)
	}
}

func TestStockSweepLeavesInPeace(t *testing.T) {
	t.Parallel()
	held := func(d *policy.Document) {
		one := 1.0
		for i := range d.Pools {
			d.Pools[i].HoldOut = &one
		}
	}
	short := func(d *policy.Document) {
		for i := range d.Pools {
			d.Pools[i].Archive = new(policy.Duration(time.Hour))
		}
	}
	list := func(d *policy.Document) {
		d.Lists = []policy.CallList{{ID: "callers", Name: "Callers"}}
		for i := range d.Pools {
			d.Pools[i].List = "callers"
		}
	}
	mute := func(d *policy.Document) {
		for i := range d.Pools {
			d.Pools[i].Reactivate = nil
		}
	}
	contacted := func(p *lead.Person, at time.Time) { p.Contact(at.Add(-time.Minute)) }
	for name, c := range map[string]struct {
		likely string
		edit   func(*policy.Document)
		person func(p *lead.Person, at time.Time) // before the look
		did    lead.Did
		why    string
		state  lead.State
	}{
		"held out":             {"true", held, nil, lead.DidHold, "", lead.StatePooled},
		"archived":             {"true", short, nil, lead.DidRetire, "known for as long", lead.StateArchived},
		"likely, to be called": {"true", list, nil, lead.DidList, "", lead.StatePooled},
		"unlikely, no list":    {"false", list, nil, lead.DidTouch, "", lead.StatePooled},
		"no message":           {"false", mute, nil, lead.DidRest, "no way", lead.StatePooled},
		"opted out of calls":   {"true", list, func(p *lead.Person, at time.Time) { p.OptOut = at }, lead.DidRest, "opted out", lead.StatePooled},
		"opted out of mails":   {"false", func(*policy.Document) {}, func(p *lead.Person, at time.Time) { p.OptOut = at }, lead.DidRest, "opted out", lead.StatePooled},
		"contacted today":      {"false", func(*policy.Document) {}, contacted, lead.DidRest, "as often", lead.StatePooled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, l := stocked(t, c.likely, c.edit)
			if c.person != nil {
				p, err := b.table.Person(t.Context(), l.Person)
				if err != nil {
					t.Fatal(err)
				}
				c.person(&p, l.Deadline.At)
				p.Version++
				if err := b.table.Commit(t.Context(), lead.Change{Person: &p}); err != nil {
					t.Fatal(err)
				}
			}
			b.until(l.ID, lead.DutySweep)
			if swept := b.did(l.ID); swept.Did != c.did || !strings.Contains(swept.Why, c.why) {
				t.Errorf("the look did %+v, want %s: %s", swept, c.did, c.why)
			}
			if after := b.lead(l.ID); after.State != c.state || (after.List != "") != (c.did == lead.DidList) {
				t.Errorf("lead is %s on list %q, want %s", after.State, after.List, c.state)
			}
			if got := b.figures("open-sea"); got[string(c.did)] != 1 || len(got) != 1 {
				t.Errorf("figures are %v", got)
			}
		})
	}
}

// TestLightTouch: a customer who said "not now" hears from us once a month, and
// after three months the lead goes back.
func TestLightTouch(t *testing.T) {
	t.Parallel()
	b, l := stocked(t, "false", func(d *policy.Document) {
		d.LightTouch = &policy.Letter{Subject: "Whenever you like", Text: "We are here."}
	})
	pol, err := b.policy.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rules := pol.Rules(l.Team)
	after, entry, err := lead.Run(l, lead.System("test"), rules, l.Since.Add(rules.Pools[l.Pool].Freeze), lead.Claim{Rep: "amy", Team: l.Team}, lead.Hold{Rep: "amy", Reason: "in spring"})
	if err != nil {
		t.Fatal(err)
	}
	change := lead.NewChange(after, entry)
	b.activate("amy")
	amy, err := b.table.Rep(t.Context(), "amy")
	if err != nil {
		t.Fatal(err)
	}
	change.Moves[0].Expect(amy, entry.At)
	if err := b.table.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	start := entry.At
	for month := 1; month <= 2; month++ {
		if counts := b.until(l.ID, lead.DutyNudge); counts["nudge"] != 1 {
			t.Fatalf("month %d: %v", month, counts)
		}
		if days := b.clock.Now().Sub(start).Hours() / 24; int(days+0.5) != 30*month {
			t.Errorf("light touch %d after %.1f days", month, days)
		}
		history := b.history(l.ID)
		b.relay(history[len(history)-1])
		if notices := b.deliver.take(10); len(notices) != 1 || b.handle("deliver", notices...) != 0 {
			t.Fatalf("month %d: %d notices; log: %s", month, len(notices), b.logs)
		}
	}
	if mails := b.mails(); len(mails) != 2 || !strings.Contains(mails[0], "Whenever you like") {
		t.Errorf("%d mails: %s", len(mails), mails)
	}
	b.until(l.ID, lead.DutyReclaim)
	if l = b.lead(l.ID); l.State != lead.StatePooled || b.clock.Now().Sub(start) < 90*24*time.Hour {
		t.Errorf("after %s the lead is %s", b.clock.Now().Sub(start), l.State)
	}
}
