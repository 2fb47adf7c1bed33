package sim

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/score"
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
// compiled once for many worlds. What is zero is as the product has it.
type terms struct {
	name string

	accept, triage, manager, nurture, handoff time.Duration
	wait                                      time.Duration // for a shift
	hold, holdMost                            time.Duration
	protect, extend, coolOff                  time.Duration
	stepGrace, zombie, note                   time.Duration
	warn                                      []time.Duration
	first, cadence                            time.Duration // of grade A; A+ has half, worse ones have more
	offers, claims, reveals                   int
	retention                                 time.Duration

	office  []int         // teams, by their place, that work in the office hours of Berlin
	told    []lead.Grade  // of which the manager hears before a lead is lost
	sweep   time.Duration // a cycle of the open sea; that of the other pool is half as long again
	holdOut float64
	archive time.Duration
	freeze  time.Duration
	likely  string
	letters bool          // the house writes to people in pools and on hold
	calls   time.Duration // for how long likely ones in the open sea that no rep can have are on the list to be called; 0 is never
	quiet   *hours.Quiet  // of the people
	limits  []lead.Limit  // of contacts

	strict  bool           // grades are harder to get, and the trial form asks for the age
	weights map[string]int // of the reps of team kids
	enrich  int            // a day, questions to each enricher; 0 is no enrichers
	open    bool           // schools' reps are members of the open sea too
	matrix  bool           // grades by fit and behaviour, and by the chance where a model says it
	fades   float64        // days after which a signal counts half; 0 is as the product has it
	schools time.Duration  // how long an offer stands in team schools; 0 is as elsewhere
}

// shortTerms are of small worlds: whatever can run out does so within days.
var shortTerms = []terms{
	{name: "brisk", wait: 14 * time.Hour, accept: 45 * time.Minute, triage: time.Hour, manager: 16 * time.Hour, nurture: 30 * time.Hour, hold: 20 * time.Hour, holdMost: 50 * time.Hour,
		handoff: 6 * time.Hour, protect: 3 * day, extend: day, coolOff: 12 * time.Hour, stepGrace: time.Hour, zombie: 40 * time.Hour, note: 3 * time.Hour,
		warn: []time.Duration{2 * time.Hour, 30 * time.Minute}, first: time.Hour, cadence: 9 * time.Hour,
		offers: 2, claims: 3, reveals: 2, retention: 30 * day, sweep: 6 * time.Hour, holdOut: 0.2, letters: true},
	{name: "one offer", wait: 0, accept: 30 * time.Minute, triage: 30 * time.Minute, manager: 12 * time.Hour, nurture: 12 * time.Hour, hold: 3 * time.Hour, holdMost: 8 * time.Hour,
		handoff: 2 * time.Hour, protect: day, extend: 12 * time.Hour, coolOff: 0, stepGrace: 0, zombie: 10 * time.Hour, note: time.Hour,
		warn: []time.Duration{time.Hour}, first: 40 * time.Minute, cadence: 5 * time.Hour,
		offers: 1, claims: 2, reveals: 1, retention: day, sweep: 3 * time.Hour, holdOut: 0.1, archive: 30 * time.Hour, letters: true,
		quiet: &hours.Quiet{}, limits: []lead.Limit{{Most: 2, Days: 1}, {Most: 3, Days: 2}}},
	{name: "three offers", wait: 20 * time.Hour, accept: 10 * time.Minute, triage: 2 * time.Hour, manager: day, nurture: 2 * day, hold: day, holdMost: 3 * day,
		handoff: 12 * time.Hour, protect: 4 * day, coolOff: 2 * day, stepGrace: 3 * time.Hour, note: 6 * time.Hour,
		warn: []time.Duration{4 * time.Hour, time.Hour}, first: 2 * time.Hour, cadence: 12 * time.Hour,
		matrix: true, offers: 3, claims: 5, reveals: 3, retention: 90 * day, open: true, office: []int{1}, sweep: day, holdOut: 0.5, freeze: 2 * time.Hour, letters: true,
		quiet: &hours.Quiet{From: "20:00", To: "09:30"}},
	{name: "unequal", wait: 5 * time.Hour, accept: 45 * time.Minute, triage: time.Hour, manager: 14 * time.Hour, nurture: day, hold: 12 * time.Hour, holdMost: 30 * time.Hour,
		handoff: 4 * time.Hour, protect: 2 * day, extend: day, coolOff: day, stepGrace: 30 * time.Minute, zombie: 20 * time.Hour, note: 2 * time.Hour,
		warn: []time.Duration{3 * time.Hour, time.Hour, 20 * time.Minute}, first: 90 * time.Minute, cadence: 6 * time.Hour, told: []lead.Grade{lead.GradeAPlus, lead.GradeB},
		enrich: 6, offers: 2, claims: 1, reveals: 1, retention: 90 * day, weights: map[string]int{"r1": 2, "r2": 0}, sweep: 4 * time.Hour, likely: `grade != "D"`, calls: 2 * time.Hour, fades: 0.5},
	{name: "strict", wait: 30 * time.Minute, accept: time.Hour, triage: 90 * time.Minute, manager: 18 * time.Hour, nurture: 36 * time.Hour, hold: 2 * day, holdMost: 4 * day,
		handoff: 8 * time.Hour, protect: 7 * day, coolOff: 6 * time.Hour, stepGrace: 2 * time.Hour, note: 3 * time.Hour,
		first: 3 * time.Hour, cadence: 9 * time.Hour, told: []lead.Grade{},
		offers: 2, claims: 4, reveals: 5, retention: 30 * day, strict: true, office: []int{0, 1, 2, 3}, sweep: 50 * time.Hour, holdOut: 0.3, letters: true},
	{name: "apart", wait: 30 * time.Hour, accept: 15 * time.Minute, triage: 45 * time.Minute, manager: 12 * time.Hour, nurture: 20 * time.Hour, hold: 5 * time.Hour, holdMost: 18 * time.Hour,
		handoff: 3 * time.Hour, protect: 36 * time.Hour, extend: 2 * day, coolOff: 3 * day, stepGrace: 0, note: time.Hour,
		warn: []time.Duration{90 * time.Minute}, first: 30 * time.Minute, cadence: 4 * time.Hour,
		enrich: 2, offers: 3, claims: 2, reveals: 2, retention: 90 * day, strict: true, open: true, schools: 2 * time.Hour, sweep: 12 * time.Hour, archive: 3 * day,
		quiet: &hours.Quiet{From: "23:00", To: "06:00"}, letters: true, limits: []lead.Limit{{Most: 1, Days: 1}, {Most: 2, Days: 7}}},
}

// companyTerms are of a company that takes hundreds of leads a day.
var companyTerms = []terms{
	{name: "company", enrich: 40, calls: 3 * day, wait: 16 * time.Hour, accept: time.Hour, triage: 4 * time.Hour, manager: day, nurture: 14 * day, hold: 10 * day, holdMost: 40 * day,
		handoff: day, protect: 21 * day, extend: 14 * day, coolOff: 14 * day, stepGrace: 12 * time.Hour, zombie: 7 * day, note: day, first: 2 * time.Hour, cadence: 2 * day,
		offers: 2, claims: 12, reveals: 10, retention: 90 * day, schools: 3 * time.Hour, office: []int{2, 3}, sweep: 30 * day, holdOut: 0.1, letters: true},
	{name: "company, patient", wait: 20 * time.Hour, accept: 90 * time.Minute, triage: 4 * time.Hour, manager: day, nurture: 21 * day, hold: 14 * day, holdMost: 60 * day,
		handoff: day, protect: 30 * day, extend: 30 * day, coolOff: 21 * day, stepGrace: day, zombie: 10 * day, note: day, first: 4 * time.Hour, cadence: 3 * day,
		offers: 3, matrix: true, claims: 15, reveals: 15, retention: 90 * day, schools: 4 * time.Hour, open: true, sweep: 20 * day, holdOut: 0.2, letters: true, archive: 60 * day},
	{name: "company, strict", wait: 8 * time.Hour, accept: 45 * time.Minute, triage: 3 * time.Hour, manager: 12 * time.Hour, nurture: 10 * day, hold: 7 * day, holdMost: 20 * day,
		handoff: 12 * time.Hour, protect: 14 * day, extend: 7 * day, coolOff: 7 * day, stepGrace: 6 * time.Hour, zombie: 5 * day, note: 12 * time.Hour, first: 90 * time.Minute, cadence: 36 * time.Hour,
		offers: 2, claims: 8, reveals: 5, retention: 30 * day, strict: true, sweep: 15 * day, holdOut: 0.1, letters: true},
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
	for _, team := range t.office {
		d.Teams[team].Hours = &office
	}
	t.rest(&d)
	if t.enrich > 0 {
		d.Enrichers = enrichers(t.enrich)
	}
	for i := range users {
		r := repNumber(i)
		d.Users = append(d.Users, policy.User{ID: r.ID, Name: r.Name, Email: r.Email, Roles: []policy.Role{policy.RoleRep}, Rep: r.ID})
	}
	if t.fades > 0 {
		d.Score.Behaviour.HalfLife = &t.fades
	}
	if t.matrix {
		d.Score.Grades, d.Score.Matrix = nil, &matrix
		d.Score.Hot, d.Score.Warm = &score.Bar{Fit: 20, Behaviour: 40, Chance: 0.6}, &score.Bar{Behaviour: 15, Chance: 0.3}
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

// matrix are grades by fit, from the best row on, and behaviour.
var matrix = score.Matrix{Fit: []int{70, 50, 25}, Behaviour: []int{50, 24}, Raise: 0.5, Lower: 0.06, Grades: [][]lead.Grade{
	{lead.GradeAPlus, lead.GradeAPlus, lead.GradeA},
	{lead.GradeAPlus, lead.GradeA, lead.GradeB},
	{lead.GradeB, lead.GradeC, lead.GradeC},
	{lead.GradeC, lead.GradeD, lead.GradeD},
}}

// enrichers are those of the policies here: one knows companies by the domain of their
// mail, the other places by phone numbers.
func enrichers(daily int) []policy.Enricher {
	timeout, pause, failures := policy.Duration(2*time.Second), policy.Duration(10*time.Minute), 2
	one := func(id, send string, facts map[string]string) policy.Enricher {
		return policy.Enricher{ID: id, URL: "https://enrich.example/" + id, Send: []string{send}, Facts: facts,
			Timeout: &timeout, Daily: &daily, Failures: &failures, Pause: &pause}
	}
	return []policy.Enricher{
		one(register, policy.SendDomain, map[string]string{"industry": "/company/industry", "headcount": "/company/size"}),
		one(places, policy.SendPhone, map[string]string{"city": "/city"}),
	}
}

const (
	register = "register"
	places   = "places"
)

// office is when a team works that does not work around the clock. The calendar has
// a day off on the second day of every world.
var office = policy.Week{Zone: "Europe/Berlin", Calendar: "house",
	Shifts: []policy.Shift{{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "18:00"}}}

// rest is what holds of pools and of writing to people.
func (t terms) rest(d *policy.Document) {
	sea, school := &d.Pools[0], &d.Pools[1]
	sea.ClaimDaily, school.ClaimDaily = &t.claims, new(t.claims+1)
	sea.RevealDaily, school.RevealDaily = &t.reveals, new(t.reveals+1)
	if t.open {
		sea.Teams = []string{"kids", "maths", "schools"}
	}
	sea.Sweep, school.Sweep = new(policy.Duration(t.sweep)), new(policy.Duration(t.sweep/2*3))
	sea.HoldOut, school.HoldOut = &t.holdOut, new(t.holdOut/2)
	sea.Likely = t.likely
	if t.archive > 0 {
		sea.Archive = new(policy.Duration(t.archive))
	}
	if t.freeze > 0 {
		sea.Freeze = new(policy.Duration(t.freeze))
	}
	if t.letters {
		sea.Reactivate = &policy.Letter{Subject: "Lessons are open again", Text: "Hello {name},\n\nplaces are free again.\n"}
		d.LightTouch = &policy.Letter{Subject: "Whenever you are ready", Text: "Hello {name},\n\nyour enquiry {number} waits for you.\n"}
	}
	if t.calls > 0 {
		sea.List, d.Deadlines.List = phones, new(policy.Duration(t.calls))
	}
	d.Contact.Quiet, d.Contact.Limits = t.quiet, t.limits
}

func (t terms) deadlines() policy.Deadlines {
	// Better grades are answered sooner.
	byGrade := func(a time.Duration) map[lead.Grade]policy.Span {
		return map[lead.Grade]policy.Span{
			lead.GradeAPlus: {Time: a / 2}, lead.GradeA: {Time: a}, lead.GradeB: {Time: 4 * a}, lead.GradeC: {Time: 8 * a}, lead.GradeD: {Time: 12 * a},
		}
	}
	span := func(d time.Duration) *policy.Duration { return new(policy.Duration(d)) }
	d := policy.Deadlines{
		Wait: span(t.wait), Accept: &policy.Span{Time: t.accept}, Triage: &policy.Span{Time: t.triage}, Verify: &policy.Span{Time: 3 * t.triage}, Manager: span(t.manager), Nurture: span(t.nurture),
		Hold: span(t.hold), HoldMost: span(t.holdMost), Handoff: span(t.handoff), CoolOff: span(t.coolOff), StepGrace: span(t.stepGrace),
		Protect: span(t.protect), Extend: span(t.extend), ProtectMost: span(t.protect + t.extend), Note: &policy.Span{Time: t.note},
		TellManager: t.told, MaxOffers: &t.offers, FirstContact: byGrade(t.first), Cadence: byGrade(t.cadence),
	}
	if t.zombie > 0 {
		d.Zombie = span(t.zombie)
	}
	for _, before := range t.warn {
		d.Warn = append(d.Warn, policy.Duration(before))
	}
	return d
}
