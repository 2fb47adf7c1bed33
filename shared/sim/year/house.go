package year

import (
	"fmt"
	"time"

	"sluice/shared/form"
	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
	"sluice/shared/score"
)

// The teams of the house: the number is the place in teams.
const (
	east = iota // Europe, from Berlin
	west        // America, from New York
)

// team is one of the house's, and the pool in which its leads rest.
type team struct {
	id, pool string
	home     *place
	days     []time.Weekday
}

var teams = []team{
	{"east", "sea-east", &berlin, []time.Weekday{1, 2, 3, 4, 5}},
	{"west", "sea-west", &newYork, []time.Weekday{1, 2, 3, 4, 5, 6}},
}

func (t team) dayNames() (names []string) {
	for _, d := range t.days {
		names = append(names, route.Weekdays()[d])
	}
	return names
}

// products and channels of the house. Leads for classes go by their class.
var (
	products = []string{"course", "coaching", "classes"}
	channels = []string{"website", "search-ads", "exhibition", "referral"}
	classes  = []string{"spring", "autumn"}
)

// house is the policy of the year: what it does not say is as the product's
// defaults have it. The first reps of team east teach classes.
func house(reps []lead.Rep) policy.Document {
	duration := func(d time.Duration) *policy.Duration { return new(policy.Duration(d)) }
	d := policy.Document{
		Name: "Fernway Academy", Zone: berlin.zone, Channels: channels,
		Score: score.Spec{
			Profile: []score.Rule{
				{Name: "phone given", When: "has_phone", Points: 20},
				{Name: "e-mail given", When: "has_email", Points: 10},
				{Name: "budget", When: `answer.budget in ["mid", "high"]`, Points: 25},
				{Name: "soon", When: "answer.weeks <= 4", Points: 20},
				{Name: "recommended", When: `channel == "referral"`, Points: 15},
				{Name: "came back", When: "touches > 1", Points: 15},
			},
			Grades: []score.GradeRule{{Grade: "A+", When: "fit >= 85 or fit >= 65 and behaviour >= 60"}, {Grade: "A", When: "fit >= 65 or fit >= 45 and behaviour >= 50"}, {Grade: "B", When: "fit >= 45"},
				{Grade: "C", When: "fit >= 25"}, {Grade: "D"}},
		},
		Routing: route.Spec{Fallback: teams[east].id, Rules: []route.Rule{
			{Name: "too early", When: "answer.weeks > 40", Nurture: true},
			{Name: "rest first, east", When: `grade in ["C", "D"] and touches == 1 and owners == 0 and product != "classes" and country != "US"`, Pool: teams[east].pool},
			{Name: "rest first, west", When: `grade == "D" and touches == 1 and owners == 0 and product != "classes" and country == "US"`, Pool: teams[west].pool},
			{Name: "America", When: `country == "US"`, Team: teams[west].id},
		}},
		Deadlines:  policy.Deadlines{Wait: duration(64 * time.Hour)}, // over a weekend
		Calendars:  []hours.Calendar{calendar(&berlin), calendar(&newYork)},
		Contact:    policy.Contact{Zones: map[string]string{}},
		LightTouch: &policy.Letter{Subject: "Still there", Text: "Tell us when it suits you."},
		Lists:      []policy.CallList{{ID: "calls", Name: "To be called"}},
	}
	for _, p := range products {
		d.Products, d.Forms = append(d.Products, policy.Product{ID: p, Name: p}), append(d.Forms, enquiry(p))
	}
	for _, p := range places {
		d.Contact.Zones[p.country] = p.zone
	}
	d.Users = []policy.User{{ID: "head", Name: "Head", Email: "head@fernway.example", Roles: []policy.Role{policy.RoleDispatcher, policy.RoleManager}}}
	for _, t := range teams {
		d.Teams = append(d.Teams, policy.Team{ID: t.id, Name: t.id, Dispatcher: "head", Manager: "head", Pool: t.pool,
			Hours: &policy.Week{Zone: t.home.zone, Shifts: []policy.Shift{{Days: t.dayNames(), From: "08:00", To: "20:00"}}, Calendar: t.home.country}})
		d.Pools = append(d.Pools, policy.Pool{ID: t.pool, Name: t.pool, Teams: []string{t.id}, List: "calls",
			Reactivate: &policy.Letter{Subject: "New courses", Text: "Have a look."}, Freeze: duration(4 * time.Hour), Archive: duration(300 * 24 * time.Hour)})
	}
	d.Teams[east].Distribution = []route.Step{{By: route.ByCohort, Cohort: cohorts(reps)}, {By: route.ByAccount}}
	d.Teams[west].Mode = route.Efficiency
	d.Teams[west].Distribution = []route.Step{{By: route.ByPrevious, When: "touches > 1"}}
	return d
}

// enquiry is the form of a product.
func enquiry(product string) form.Spec {
	return form.Spec{
		ID: product, Name: product, Product: product, Campaign: "always", Channel: channels[0], Language: "en",
		Fields: []form.Field{
			{Name: "name", Kind: form.NameKind, Required: true},
			{Name: "phone", Kind: form.PhoneKind},
			{Name: "email", Kind: form.EmailKind},
			{Name: "budget", Kind: form.ChoiceKind, Choices: []string{"low", "mid", "high"}},
			{Name: "weeks", Label: "In how many weeks?", Kind: form.NumberKind},
			{Name: "class", Kind: form.ChoiceKind, Choices: classes},
			{Name: "consent", Kind: form.ConsentKind, Required: true},
		},
		AnyOf:   [][]string{{"phone", "email"}},
		Consent: &form.Consent{Text: "You may contact me.", Version: "1", Purpose: "sales-contact", Basis: form.BasisConsent},
	}
}

func calendar(p *place) hours.Calendar {
	c := hours.Calendar{ID: p.country, Country: p.country}
	for _, date := range closed {
		c.Off = append(c.Off, lead.Leave{From: date})
	}
	return c
}

// cohorts gives each class two of the first reps of team east.
func cohorts(reps []lead.Rep) []route.Cohort {
	var all []route.Cohort
	for i, class := range classes {
		all = append(all, route.Cohort{Name: class, When: fmt.Sprintf("product == \"classes\" and answer.class == %q", class), Reps: []string{reps[i].ID, reps[i+2].ID}})
	}
	return all
}
