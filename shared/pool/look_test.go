package pool_test

import (
	"errors"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/pool"
	"sluice/shared/route"
	"sluice/shared/score"
)

const hour = time.Hour

// noon is a moment of a Monday on which nobody is left in peace.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// sea is a house with one pool, whose likely leads are those of grade A.
func sea(t *testing.T, change func(*policy.Document)) *policy.Policy {
	t.Helper()
	nobody := 0.0
	d := policy.Document{
		Score:      score.Spec{Grades: []score.GradeRule{{Grade: "A", When: "has_phone"}, {Grade: "D"}}},
		Routing:    route.Spec{Fallback: "inside"},
		LightTouch: &policy.Letter{Subject: "still there"},
		Lists:      []policy.CallList{{ID: "calls"}},
		Teams:      []policy.Team{{ID: "inside", Pool: "sea", Dispatcher: "dora", Manager: "dora"}},
		Users:      []policy.User{{ID: "dora", Roles: []policy.Role{policy.RoleDispatcher, policy.RoleManager}}},
		Pools:      []policy.Pool{{ID: "sea", Teams: []string{"inside"}, HoldOut: &nobody, List: "calls", Reactivate: &policy.Letter{Subject: "news"}}},
	}
	if change != nil {
		change(&d)
	}
	p, err := policy.Compile(d, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// resting is a lead whose turn it is at noon.
func resting(facts lead.Facts) lead.Lead {
	return lead.Lead{ID: "l1", Person: "p1", State: lead.StatePooled, Pool: "sea", Team: "inside", Grade: "C", Facts: facts, Touches: 1,
		Created: noon.AddDate(0, -6, 0), Since: noon.AddDate(0, -2, 0), Looked: noon.AddDate(0, 0, -40)}
}

func TestLook(t *testing.T) {
	t.Parallel()
	both, mail, phone := lead.Facts{HasPhone: true, HasEmail: true}, lead.Facts{HasEmail: true}, lead.Facts{HasPhone: true}
	amy := lead.Choice{Team: "inside", Rep: "amy", Rule: "fallback"}
	wait := lead.Choice{Team: "inside", Wait: noon.Add(hour)}
	for name, c := range map[string]struct {
		facts   lead.Facts
		change  func(*policy.Document)
		choice  lead.Choice
		person  lead.Person
		at      time.Time
		did     lead.Did
		state   lead.State
		contact bool
	}{
		"a likely one goes to a rep":           {facts: both, choice: amy, did: lead.DidRoute, state: lead.StateOffered},
		"else on the call list":                {facts: both, choice: wait, did: lead.DidList, contact: true},
		"without a phone there is the message": {facts: mail, did: lead.DidTouch, contact: true},
		"without an address there is nothing":  {did: lead.DidRest},
		"a likely one without a list is written to": {facts: both, choice: wait, did: lead.DidTouch, contact: true,
			change: func(d *policy.Document) { d.Pools[0].List = "" }},
		"or cannot be, without an address":         {facts: phone, choice: wait, did: lead.DidRest, change: func(d *policy.Document) { d.Pools[0].List = "" }},
		"a pool may have no message":               {facts: mail, did: lead.DidRest, change: func(d *policy.Document) { d.Pools[0].Reactivate = nil }},
		"nobody is contacted twice a day":          {facts: mail, did: lead.DidRest, person: lead.Person{Contacts: []time.Time{noon.Add(-hour)}}},
		"but a rep may have the lead":              {facts: both, choice: amy, did: lead.DidRoute, state: lead.StateOffered, person: lead.Person{Contacts: []time.Time{noon.Add(-hour)}}},
		"nobody is contacted at night":             {facts: mail, at: noon.Add(10 * hour), did: lead.DidRest},
		"nobody is contacted who does not want it": {facts: mail, did: lead.DidRest, person: lead.Person{OptOut: noon.Add(-hour)}},
		"nor is their lead given to a rep":         {facts: both, choice: amy, did: lead.DidRest, person: lead.Person{OptOut: noon.Add(-hour)}},
		"those held out are left alone":            {facts: both, choice: amy, did: lead.DidHold, change: func(d *policy.Document) { d.Pools[0].HoldOut = new(1.0) }},
		"what has been known for too long is archived": {facts: both, choice: amy, did: lead.DidRetire, state: lead.StateArchived,
			change: func(d *policy.Document) { d.Pools[0].Archive = new(policy.Duration(100 * 24 * hour)) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, l, at := sea(t, c.change), resting(c.facts), noon
			if !c.at.IsZero() {
				at = c.at
			}
			out, err := pool.Look(p, l, p.Score(l, l.Facts, at), at, pool.Asking{
				Choose: func(scored lead.Lead) (lead.Choice, error) {
					if scored.Grade != "A" {
						t.Errorf("a lead of grade %s is to be routed: it was scored anew", scored.Grade)
					}
					return c.choice, nil
				},
				Person: func() (lead.Person, error) { return c.person, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			after, entry, err := lead.Run(l, lead.System("sweep"), p.Rules(out.Team), at, out.Commands...)
			if err != nil {
				t.Fatal(err)
			}
			if c.state == "" {
				c.state = lead.StatePooled
			}
			if did := swept(entry); did != c.did || after.State != c.state || (out.Person != nil) != c.contact {
				t.Errorf("%s, the lead is %s, contacted %t; want %s, %s, %t", did, after.State, out.Person != nil, c.did, c.state, c.contact)
			}
			if out.Person != nil && (out.Person.Version != c.person.Version+1 || !out.Person.Contacts[len(out.Person.Contacts)-1].Equal(at)) {
				t.Errorf("the contact is not noted: %v", out.Person)
			}
		})
	}
}

func swept(e lead.Entry) lead.Did {
	for _, event := range e.Events {
		if s, ok := event.(lead.Swept); ok {
			return s.Did
		}
	}
	return ""
}

func TestNudge(t *testing.T) {
	t.Parallel()
	mail := lead.Facts{HasEmail: true}
	for name, c := range map[string]struct {
		facts   lead.Facts
		change  func(*policy.Document)
		person  lead.Person
		skipped bool
	}{
		"a light touch":            {facts: mail},
		"not without an address":   {skipped: true},
		"not without a letter":     {facts: mail, skipped: true, change: func(d *policy.Document) { d.LightTouch = nil }},
		"not beyond the budget":    {facts: mail, skipped: true, person: lead.Person{Contacts: []time.Time{noon.Add(-hour)}}},
		"not after opting out":     {facts: mail, skipped: true, person: lead.Person{OptOut: noon}},
		"after another day it may": {facts: mail, person: lead.Person{Contacts: []time.Time{noon.Add(-24 * hour)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sea(t, c.change)
			out, err := pool.Nudge(p.Directory, lead.Lead{ID: "l1", Team: "inside", Facts: c.facts}, noon, func() (lead.Person, error) { return c.person, nil })
			if err != nil || len(out.Commands) != 1 {
				t.Fatalf("%v, %v", out, err)
			}
			if nudge := out.Commands[0].(lead.Nudge); (nudge.Skipped != "") != c.skipped || (out.Person == nil) != c.skipped {
				t.Errorf("skipped for %q, person %v", nudge.Skipped, out.Person)
			}
		})
	}
}

// TestAsking passes on what stands in the way of an answer, and asks for nothing
// that is not needed.
func TestAsking(t *testing.T) {
	t.Parallel()
	p, broken := sea(t, nil), errors.New("no answer")
	l := resting(lead.Facts{HasPhone: true, HasEmail: true})
	for _, failing := range []string{"person", "choice"} {
		asking := pool.Asking{
			Choose: func(lead.Lead) (lead.Choice, error) { return lead.Choice{}, broken },
			Person: func() (lead.Person, error) { return lead.Person{}, nil },
		}
		if failing == "person" {
			asking.Person = func() (lead.Person, error) { return lead.Person{}, broken }
		}
		if out, err := pool.Look(p, l, p.Score(l, l.Facts, noon), noon, asking); !errors.Is(err, broken) || len(out.Commands) > 0 {
			t.Errorf("%s: %v, %v", failing, out, err)
		}
	}
	if _, err := pool.Nudge(p.Directory, l, noon, func() (lead.Person, error) { return lead.Person{}, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	none := pool.Asking{ // of one that nobody can reach
		Choose: func(lead.Lead) (lead.Choice, error) { panic("asked for a choice") },
		Person: func() (lead.Person, error) { panic("asked for a person") },
	}
	if _, err := pool.Look(p, resting(lead.Facts{}), p.Score(resting(lead.Facts{}), lead.Facts{}, noon), noon, none); err != nil {
		t.Error(err)
	}
}
