package dynamo_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// spent measures what a call costs.
func spent(t *testing.T, table *dynamo.Table, call func() error) dynamo.Meter {
	t.Helper()
	before := table.Meter()
	if err := call(); err != nil {
		t.Fatal(err)
	}
	return table.Meter().Sub(before)
}

// TestMeterOfALead follows a typical lead; the units are AWS's, worked out by
// hand beside each step.
func TestMeterOfALead(t *testing.T) {
	t.Parallel()
	table, ctx := open(t), t.Context()
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	if err := table.PutRep(ctx, lead.Rep{ID: "rep1", Name: "Rep", Email: "rep@example.com", Teams: []string{"red"}}); err != nil {
		t.Fatal(err)
	}
	rules := lead.Rules{Accept: lead.Span{Time: time.Hour}, Warn: []time.Duration{time.Hour}, Protect: 30 * 24 * time.Hour, Pool: "open",
		FirstContact: map[lead.Grade]lead.Span{lead.GradeA: {Time: time.Hour}}}
	sealed := func(n int) lead.Sealed { return make(lead.Sealed, n+33) } // what sealing adds
	facts := lead.Facts{Product: "sofa", Form: "sofa-landing", Campaign: "spring", Channel: "search", Source: "google", Language: "de",
		Country: "DE", City: "Springfield", Line: "mobile", HasPhone: true, HasEmail: true, Answers: map[string]any{"rooms": "3", "budget": "5000"}}
	step := func(l lead.Lead, commands ...lead.Command) lead.Change {
		now = now.Add(time.Minute)
		after, entry, err := lead.Run(l, lead.System("intake"), rules, now, commands...)
		if err != nil {
			t.Fatal(err)
		}
		c := lead.Change{Lead: &after, Entry: &entry, Moves: lead.Moves(after, entry)}
		for i := range c.Moves {
			rep, err := table.Rep(ctx, "rep1")
			if err != nil {
				t.Fatal(err)
			}
			c.Moves[i].Expect(rep, now)
		}
		return c
	}
	const id = "l06h0au4m81to10iuplr8ip5hn4"
	created := step(lead.Lead{ID: id},
		lead.Capture{Number: "L-2026-000042", Person: id, Product: "sofa", Submission: id, Facts: facts,
			Attribution: lead.Attribution{UTMSource: "google", UTMMedium: "cpc", UTMCampaign: "spring", ClickID: "Cj0KCQjw0123456789abcdef0123456789", ClickKind: "gclid", Landing: "https://www.example.com/sofas"}},
		lead.Score{Fit: 70, Behaviour: 25, Grade: lead.GradeA, Maturity: lead.Warm, Reasons: []string{"country +20", "budget +30", "phone +20"}},
		lead.Route{Choice: lead.Choice{Rule: "germany", Team: "red", Rep: "rep1", Why: "fewest turns of 5"}})
	created.Person = &lead.Person{ID: id, Version: 1, Name: sealed(14), Phone: sealed(14), Email: sealed(24),
		Keys: []lead.Key{"0123456789012345678901", "0123456789012345678902"}, Leads: map[string]string{"sofa": id}, Created: now,
		Consents: []lead.Consent{{Purpose: "contact", Version: "2026-01", Basis: "consent", At: now, Address: sealed(12), Submission: id}}}
	created.Reserve = created.Person.Keys
	created.Submission = &lead.Submission{ID: id, Form: "sofa-landing", Received: now, Outcome: lead.OutcomeCreated, Lead: id, Person: id,
		Print: "0123456789012345678901", Type: "application/x-www-form-urlencoded", Raw: sealed(420), Expires: now.Add(90 * 24 * time.Hour)}

	want := func(name string, c lead.Change, units float64) {
		t.Helper()
		cost := spent(t, table, func() error { return table.Commit(ctx, c) })
		if cost.WriteUnits != units || cost.RoundTrips != 1 || cost.ReadUnits != 0 {
			t.Errorf("%s costs %+v, want %v write units in 1 round trip", name, cost, units)
		}
	}
	want("a new lead", created, 7*2+2) // two keys, person, lead, history, rep, submission; due, held
	scored := step(*created.Lead, lead.Score{Fit: 70, Behaviour: 24, Chance: 1234, Model: 12, Grade: lead.GradeA, Maturity: lead.Warm,
		Reasons: []string{"rooms 3 +1.2", "search 08:00-12:00 +0.4", "Springfield -0.3"}, Cause: "model 12"})
	want("scoring anew", scored, 2*2) // lead, history
	now = scored.Lead.Deadline.At
	reminded := step(*scored.Lead, lead.Expire{})
	if reminded.Lead.Period.Told.IsZero() {
		t.Fatal("nobody was reminded")
	}
	want("a reminder", reminded, 2*2+2) // lead, history; due moved
	accepted := step(*reminded.Lead, lead.Accept{Rep: "rep1"})
	want("accepting", accepted, 2*2+2) // lead, history; due moved
	logged := step(*accepted.Lead, lead.Log{Rep: "rep1", Activity: lead.Logged{Way: lead.WayMeeting, Summary: sealed(100)}})
	want("a follow-up", logged, 2*2+2) // the same
	released := step(*logged.Lead, lead.Release{Rep: "rep1", Reason: "language"})
	want("releasing", released, 4*2+2+2) // lead, history, rep, its results; due and held moved
	swept := lead.Change{Submission: &lead.Submission{ID: "s2", Outcome: lead.OutcomeQuarantined, Raw: sealed(2000)}}
	want("a quarantined post of 2 KB", swept, 3*2+1)
	before := table.Meter()
	if err := table.Commit(ctx, logged); err != nil { // again: found to be written
		t.Fatal(err)
	}
	if cost := table.Meter().Sub(before); cost.RoundTrips != 1 {
		t.Errorf("committing again costs %+v", cost)
	}

	for _, c := range []struct {
		name string
		call func() error
		want dynamo.Meter
	}{
		{"a lead read strongly", func() error { _, err := table.Lead(ctx, id); return err }, dynamo.Meter{ReadUnits: 1, RoundTrips: 1}},
		{"a lead and a rep", func() error { _, _, err := table.LeadAndRep(ctx, id, "rep1"); return err }, dynamo.Meter{ReadUnits: 2, RoundTrips: 1}},
		{"a lead and no rep", func() error { _, _, err := table.LeadAndRep(ctx, id, ""); return err }, dynamo.Meter{ReadUnits: 1, RoundTrips: 1}},
		{"two of three leads", func() error { _, err := table.Leads(ctx, []string{id, "x", "y"}); return err }, dynamo.Meter{ReadUnits: 1.5, RoundTrips: 1}},
		{"the roster", func() error { _, err := table.Reps(ctx); return err }, dynamo.Meter{ReadUnits: 1, RoundTrips: 1}},
		{"a shard with nothing due", func() error { _, _, err := table.Due(ctx, 0, time.Time{}, 10); return err }, dynamo.Meter{ReadUnits: .5, RoundTrips: 1}},
		{"a pool", func() error { _, _, err := table.Pool(ctx, "open", lead.Page{}); return err },
			dynamo.Meter{ReadUnits: .5 * schema.HolderShards, RoundTrips: schema.HolderShards}},
		{"history", func() error { _, _, err := table.History(ctx, id, lead.Page{}); return err }, dynamo.Meter{ReadUnits: 1, RoundTrips: 1}},
		{"numbers", func() error { _, err := table.TakeNumbers(ctx, 2026, 100); return err }, dynamo.Meter{WriteUnits: 1, RoundTrips: 1}},
		{"a policy", func() error { return table.PutPolicy(ctx, policy.Record{Version: 1}) }, dynamo.Meter{WriteUnits: 4, RoundTrips: 1}},
		{"a training", func() error { return table.PutTraining(ctx, score.Record{Version: 1, Model: []byte(`{}`)}) }, dynamo.Meter{WriteUnits: 4, RoundTrips: 1}},
		{"the known model", func() error { _, err := table.CurrentModel(ctx, 1); return err }, dynamo.Meter{ReadUnits: 1, RoundTrips: 1}},
		{"a new model", func() error { _, err := table.CurrentModel(ctx, 0); return err }, dynamo.Meter{ReadUnits: 2, RoundTrips: 2}},
		{"an outcome", func() error { return table.PutOutcome(ctx, score.Outcome{Lead: id, Version: 1}) }, dynamo.Meter{WriteUnits: 1, RoundTrips: 1}},
		{"an outcome again", func() error { return table.PutOutcome(ctx, score.Outcome{Lead: id, Version: 1}) }, dynamo.Meter{WriteUnits: 1, RoundTrips: 1}},
		{"a step of the walk", func() error { return table.PutRescore(ctx, score.Rescore{Version: 1}) }, dynamo.Meter{WriteUnits: 1, RoundTrips: 1}},
		{"a page of open leads", func() error { _, _, err := table.Open(ctx, 0, lead.Page{}); return err }, dynamo.Meter{ReadUnits: .5, RoundTrips: 1}},
		{"the known policy", func() error { _, err := table.CurrentPolicy(ctx, 1); return err }, dynamo.Meter{ReadUnits: 1, RoundTrips: 1}},
	} {
		if cost := spent(t, table, c.call); cost != c.want {
			t.Errorf("%s costs %+v, want %+v", c.name, cost, c.want)
		}
	}
}

// TestMeterRoundsPagesUp reads 30 history entries: a query is rounded up once
// for the page, not for each item.
func TestMeterRoundsPagesUp(t *testing.T) {
	t.Parallel()
	table, ctx := open(t), t.Context()
	for i := range 30 {
		c := lead.Change{Entry: &lead.Entry{Lead: "lead1", Version: i + 1, Events: []lead.Event{lead.Swept{}}, By: lead.System(fmt.Sprintf("%0300d", i))}}
		if err := table.Commit(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	cost := spent(t, table, func() error { _, _, err := table.History(ctx, "lead1", lead.Page{}); return err })
	if cost.ReadUnits < 3 || cost.ReadUnits > 4 { // 30 items of 430 bytes
		t.Errorf("history costs %+v, want 4 read units", cost)
	}
}
