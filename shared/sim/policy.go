package sim

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

//go:embed policy.yaml
var policySource []byte

// basePolicy is the policy that all worlds begin from. It is shared: a world
// changes a copy.
var basePolicy = sync.OnceValue(func() policy.Document {
	d, faults := document.Parse(policySource)
	if len(faults) > 0 {
		panic(fmt.Sprintf("the simulator's policy: %v", faults))
	}
	return d
})

// terms are what policies differ in. There are few of them, so that a policy is
// compiled once for many worlds.
type terms struct {
	name string

	accept, triage, manager, nurture, hold, handoff time.Duration
	wait                                            time.Duration // for a shift
	sweep, protect, coolOff, stepGrace              time.Duration
	first, cadence                                  time.Duration // of grade A; A+ has half, worse ones have more
	offers, claims                                  int
	retention                                       time.Duration

	strict  bool           // grades are harder to get, and the trial form asks for the age
	weights map[string]int // of the reps of team kids
	open    bool           // schools' reps are members of the open sea too
	schools time.Duration  // how long an offer stands in team schools; 0 is as elsewhere
}

// shortTerms are of small worlds: whatever can run out does so within days.
var shortTerms = []terms{
	{name: "brisk", wait: 14 * time.Hour, accept: 20 * time.Minute, triage: time.Hour, manager: 16 * time.Hour, nurture: 30 * time.Hour, hold: 20 * time.Hour,
		handoff: 6 * time.Hour, sweep: 30 * time.Hour, protect: 3 * day, coolOff: 12 * time.Hour, stepGrace: time.Hour, first: time.Hour, cadence: 8 * time.Hour,
		offers: 2, claims: 3, retention: 30 * day},
	{name: "one offer", wait: 0, accept: 30 * time.Minute, triage: 30 * time.Minute, manager: 12 * time.Hour, nurture: 12 * time.Hour, hold: 6 * time.Hour,
		handoff: 2 * time.Hour, sweep: day, protect: day, coolOff: 0, stepGrace: 0, first: 40 * time.Minute, cadence: 5 * time.Hour,
		offers: 1, claims: 2, retention: day},
	{name: "three offers", wait: 20 * time.Hour, accept: 10 * time.Minute, triage: 2 * time.Hour, manager: day, nurture: 2 * day, hold: day,
		handoff: 12 * time.Hour, sweep: 2 * day, protect: 4 * day, coolOff: 2 * day, stepGrace: 3 * time.Hour, first: 2 * time.Hour, cadence: 12 * time.Hour,
		offers: 3, claims: 5, retention: 90 * day, open: true},
	{name: "unequal", wait: 5 * time.Hour, accept: 45 * time.Minute, triage: time.Hour, manager: 14 * time.Hour, nurture: day, hold: 12 * time.Hour,
		handoff: 4 * time.Hour, sweep: 26 * time.Hour, protect: 2 * day, coolOff: day, stepGrace: 30 * time.Minute, first: 90 * time.Minute, cadence: 6 * time.Hour,
		offers: 2, claims: 1, retention: 90 * day, weights: map[string]int{"r1": 2, "r2": 0}},
	{name: "strict", wait: 30 * time.Minute, accept: time.Hour, triage: 90 * time.Minute, manager: 18 * time.Hour, nurture: 36 * time.Hour, hold: 2 * day,
		handoff: 8 * time.Hour, sweep: 50 * time.Hour, protect: 60 * time.Hour, coolOff: 6 * time.Hour, stepGrace: 2 * time.Hour, first: 3 * time.Hour, cadence: 9 * time.Hour,
		offers: 2, claims: 4, retention: 30 * day, strict: true},
	{name: "apart", wait: 30 * time.Hour, accept: 15 * time.Minute, triage: 45 * time.Minute, manager: 12 * time.Hour, nurture: 20 * time.Hour, hold: 9 * time.Hour,
		handoff: 3 * time.Hour, sweep: 40 * time.Hour, protect: 36 * time.Hour, coolOff: 3 * day, stepGrace: 0, first: 30 * time.Minute, cadence: 4 * time.Hour,
		offers: 3, claims: 2, retention: 90 * day, strict: true, open: true, schools: 2 * time.Hour},
}

// companyTerms are of a company that takes hundreds of leads a day.
var companyTerms = []terms{
	{name: "company", wait: 16 * time.Hour, accept: time.Hour, triage: 4 * time.Hour, manager: day, nurture: 14 * day, hold: 10 * day,
		handoff: day, sweep: 30 * day, protect: 21 * day, coolOff: 14 * day, stepGrace: 12 * time.Hour, first: 2 * time.Hour, cadence: 2 * day,
		offers: 2, claims: 12, retention: 90 * day, schools: 3 * time.Hour},
	{name: "company, patient", wait: 20 * time.Hour, accept: 90 * time.Minute, triage: 4 * time.Hour, manager: day, nurture: 21 * day, hold: 14 * day,
		handoff: day, sweep: 30 * day, protect: 30 * day, coolOff: 21 * day, stepGrace: day, first: 4 * time.Hour, cadence: 3 * day,
		offers: 3, claims: 15, retention: 90 * day, schools: 4 * time.Hour, open: true},
	{name: "company, strict", wait: 8 * time.Hour, accept: 45 * time.Minute, triage: 3 * time.Hour, manager: 12 * time.Hour, nurture: 10 * day, hold: 7 * day,
		handoff: 12 * time.Hour, sweep: 15 * day, protect: 14 * day, coolOff: 7 * day, stepGrace: 6 * time.Hour, first: 90 * time.Minute, cadence: 36 * time.Hour,
		offers: 2, claims: 8, retention: 30 * day, strict: true},
}

const (
	day = 24 * time.Hour

	// companySize is how many leads a day make a company of a world.
	companySize = 100
	// userStep is how many users of reps a policy has at least, and goes up by:
	// worlds with about as many reps have the same policy.
	userStep = 8
)

// worldPolicy is the policy in force when a world begins, and its reps.
func worldPolicy(o Options, random *rand.Rand) (policy.Document, []lead.Rep) {
	choices := shortTerms
	switch {
	case o.LeadsPerDay == 0: // a script relies on what it begins with
		choices = shortTerms[:1]
	case o.LeadsPerDay >= companySize:
		choices = companyTerms[:2]
	}
	users := (o.Reps + userStep - 1) / userStep * userStep
	return choices[random.IntN(len(choices))].document(users), staff(o, random)
}

// policyChange is a later version: other deadlines, numbers of offers, limits of
// claims, grades, shares and required fields, with the same forms, teams, pools
// and people.
func policyChange(d policy.Document, random *rand.Rand) policy.Document {
	users := len(d.Users) - len(basePolicy().Users)
	choices := shortTerms
	if slices.ContainsFunc(companyTerms, func(t terms) bool { return t.name == d.Name }) {
		choices = companyTerms
	}
	others := slices.DeleteFunc(slices.Clone(choices), func(t terms) bool { return t.name == d.Name })
	return others[random.IntN(len(others))].document(users)
}

// document lays the terms over the common policy, with users for so many reps.
func (t terms) document(users int) policy.Document {
	d := basePolicy()
	d.Name = t.name
	d.Deadlines = t.deadlines()
	d.Retention.Submissions = new(policy.Duration(t.retention))
	d.Teams, d.Pools, d.Users = slices.Clone(d.Teams), slices.Clone(d.Pools), slices.Clone(d.Users)
	d.Teams[0].Weights = t.weights
	if t.schools > 0 {
		d.Teams[2].Deadlines.Accept = &policy.Span{Time: t.schools}
	}
	d.Pools[0].ClaimDaily, d.Pools[1].ClaimDaily = &t.claims, new(t.claims+1)
	if t.open {
		d.Pools[0].Teams = []string{"kids", "maths", "schools"}
	}
	for i := range users {
		r := repNumber(i)
		d.Users = append(d.Users, policy.User{ID: r.ID, Name: r.Name, Email: r.Email, Roles: []policy.Role{policy.RoleRep}, Rep: r.ID})
	}
	if t.strict {
		d.Score.Grades = slices.Clone(d.Score.Grades)
		d.Score.Grades[0].When, d.Score.Grades[1].When = "fit >= 90", "fit >= 70"
		d.Score.Grades[3].When = "fit >= 35"
		d.Forms = slices.Clone(d.Forms)
		d.Forms[0].Fields = slices.Clone(d.Forms[0].Fields)
		d.Forms[0].Fields[3].Required = true
	}
	return d
}

func (t terms) deadlines() policy.Deadlines {
	// Better grades are answered sooner.
	byGrade := func(a time.Duration) map[lead.Grade]policy.Span {
		return map[lead.Grade]policy.Span{
			lead.GradeAPlus: {Time: a / 2}, lead.GradeA: {Time: a}, lead.GradeB: {Time: 4 * a}, lead.GradeC: {Time: 8 * a}, lead.GradeD: {Time: 12 * a},
		}
	}
	span := func(d time.Duration) *policy.Duration { return new(policy.Duration(d)) }
	return policy.Deadlines{
		Wait: span(t.wait), Accept: &policy.Span{Time: t.accept}, Triage: &policy.Span{Time: t.triage}, Manager: span(t.manager), Nurture: span(t.nurture), Hold: span(t.hold),
		Handoff: span(t.handoff), Sweep: span(t.sweep), Protect: span(t.protect), CoolOff: span(t.coolOff), StepGrace: span(t.stepGrace),
		MaxOffers: &t.offers, FirstContact: byGrade(t.first), Cadence: byGrade(t.cadence),
	}
}
