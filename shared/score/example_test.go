package score_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// business is the profile of a house that sells software to companies.
func business() score.Spec {
	return score.Spec{
		Profile: []score.Rule{
			{Name: "industry we know", Bands: []score.Band{
				{When: `industry in ["manufacturing", "logistics"]`, Points: 25},
				{When: `industry in ["retail", "education"]`, Points: 15},
				{When: `industry != ""`, Points: 5},
			}},
			{Name: "headcount", Bands: []score.Band{
				{When: `headcount in ["51-200", "201-1000"]`, Points: 20},
				{When: `headcount in ["11-50", "1001-5000"]`, Points: 10},
				{When: `headcount == "1-10"`, Points: -20},
			}},
			{Name: "region", When: `country in ["DE", "AT", "CH"]`, Must: true},
			{Name: "budget", Bands: []score.Band{{When: `answer.budget >= 50000`, Points: 20}, {When: `answer.budget >= 10000`, Points: 10}}},
			{Name: "decides", When: `answer.role in ["owner", "director"]`, Points: 15},
			{Name: "need is clear", When: `answer.project == "planned"`, Points: 15},
			{Name: "wants a demo", When: `form == "demo"`, Points: 10},
			{Name: "private address", When: `free_mail`, Points: -15},
		},
		Disqualify: []score.Disqualifier{{Name: "competitor", When: `answer.role == "competitor"`}},
		Matrix:     table(),
	}
}

// family is the profile of a house that teaches children.
func family() score.Spec {
	return score.Spec{
		Profile: []score.Rule{
			{Name: "age of the child", Bands: []score.Band{
				{When: `answer.age >= 6 and answer.age <= 9`, Points: 40},
				{When: `answer.age >= 4 and answer.age <= 12`, Points: 25},
			}},
			{Name: "city tier", Bands: []score.Band{
				{When: `city in ["Beijing", "Shanghai", "Shenzhen", "Guangzhou"]`, Points: 20},
				{When: `city in ["Hangzhou", "Suzhou", "Chengdu"]`, Points: 15},
				{When: `city != ""`, Points: 5},
			}},
			{Name: "reachable by phone", When: `has_phone and line == "mobile"`, Must: true},
			{Name: "wants a trial lesson", When: `answer.trial == true`, Points: 20},
			{Name: "recommended", When: `referrer != ""`, Points: 20},
		},
		Disqualify: []score.Disqualifier{{Name: "too young", When: `answer.age < 4`}},
		Matrix:     table(),
		Behaviour:  score.Behaviour{HalfLife: new(7.0)}, // families decide sooner
	}
}

// show prints what a score is made of.
func show(s score.Spec, l lead.Lead) {
	m, problems := score.Compile(s)
	if problems != nil {
		fmt.Println(problems)
		return
	}
	x := m.Explain(l, l.Facts, nil, noon)
	for _, c := range x.Criteria {
		switch {
		case c.Must && !c.Met:
			fmt.Printf("%-21s must be, and is not\n", c.Name)
		case c.Met:
			fmt.Printf("%-21s %+d\n", c.Name, c.Points)
		default:
			fmt.Printf("%-21s -\n", c.Name)
		}
	}
	fmt.Printf("fit %d\n", x.Score.Fit)
	for _, p := range x.Parts {
		fmt.Printf("%-21s %+.1f of %d\n", p.Kind, p.Points, p.Signals)
	}
	fmt.Printf("behaviour %d\n", x.Score.Behaviour)
	for _, against := range x.Against {
		fmt.Println("disqualified:", against)
	}
	fmt.Printf("grade %s, %s\n", x.Score.Grade, x.Score.Maturity)
}

func ExampleModel_Explain_business() {
	show(business(), lead.Lead{
		Created: noon.Add(-3 * day),
		Facts: lead.Facts{Country: "DE", Industry: "logistics", Headcount: "11-50", Form: "whitepaper", FreeMail: true,
			Answers: map[string]any{"role": "director", "budget": 20000.0}},
		Signals: lead.JoinSignals(nil,
			lead.Signal{Kind: lead.SignalDownload, ID: "paper-7", At: noon.Add(-3 * day), Sure: 100},
			lead.Signal{Kind: lead.SignalClick, ID: "mail-12", At: noon.Add(-time.Hour), Sure: 20},
			lead.Signal{Kind: lead.SignalDwell, ID: "visit-3", At: noon.Add(-time.Hour), Sure: 100, Amount: 14},
		),
	})
	// Output:
	// industry we know      +25
	// headcount             +10
	// region                +0
	// budget                +10
	// decides               +15
	// need is clear         -
	// wants a demo          -
	// private address       -15
	// fit 45
	// click                 +1.2 of 1
	// dwell                 +12.0 of 1
	// download              +8.6 of 1
	// enquiry               +21.5 of 1
	// behaviour 43
	// grade B, warm
}

func ExampleModel_Explain_family() {
	show(family(), lead.Lead{
		Created: noon.Add(-7 * day),
		Facts:   lead.Facts{City: "Suzhou", HasPhone: true, Line: "mobile", Referrer: "ann", Answers: map[string]any{"age": 7.0, "trial": true}},
		Signals: lead.JoinSignals(nil,
			lead.Signal{Kind: lead.SignalEnquiry, ID: "again", At: noon, Sure: 100},
			lead.Signal{Kind: lead.SignalEvent, ID: "open-day", At: noon.Add(-7 * day), Sure: 100},
		),
	})
	// Output:
	// age of the child      +40
	// city tier             +15
	// reachable by phone    +0
	// wants a trial lesson  +20
	// recommended           +20
	// fit 95
	// event                 +10.0 of 1
	// enquiry               +37.5 of 2
	// behaviour 48
	// grade A, hot
}

func ExampleModel_Explain_disqualified() {
	show(family(), lead.Lead{Created: noon, Facts: lead.Facts{City: "Wuhan", Answers: map[string]any{"age": 2.0}}})
	// Output:
	// age of the child      -
	// city tier             +5
	// reachable by phone    must be, and is not
	// wants a trial lesson  -
	// recommended           -
	// fit 0
	// enquiry               +25.0 of 1
	// behaviour 25
	// disqualified: too young
	// grade D, cold
}

// BenchmarkScore scores a lead with a profile, signals of all kinds and a model.
func BenchmarkScore(b *testing.B) {
	l := lead.Lead{Created: noon.Add(-3 * day), Facts: lead.Facts{Country: "DE", Industry: "logistics", Headcount: "11-50", Channel: "website", HasEmail: true,
		Answers: map[string]any{"role": "director", "budget": 20000.0, "age": 7.0}}}
	for i, kind := range lead.SignalKinds {
		l.Signals = lead.JoinSignals(l.Signals, signal(kind, "a", time.Duration(i)*time.Hour), signal(kind, "b", time.Duration(i)*day))
	}
	most := l
	for i := range 16 {
		for _, kind := range lead.SignalKinds {
			most.Signals = lead.JoinSignals(most.Signals, signal(kind, fmt.Sprint(i), time.Duration(i)*day))
		}
	}
	m := compile(b, business())
	for _, c := range []struct {
		name    string
		l       lead.Lead
		learned *score.Learned
	}{{"rules", l, nil}, {"learned", l, wide(b)}, {"most signals", most, wide(b)}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Score(c.l, c.l.Facts, c.learned, noon)
			}
		})
	}
}

// BenchmarkOutcomeOf reads what a lead teaches.
func BenchmarkOutcomeOf(b *testing.B) {
	history := story(captured(), one(lead.Engaged{Signals: lead.JoinSignals(nil, signal(lead.SignalOpen, "o", 0), signal(lead.SignalClick, "c", 0))}),
		one(lead.Offered{Rep: "ann"}, lead.Accepted{}), one(lead.Logged{Way: lead.WayCall}), one(lead.Converted{}))
	b.ReportAllocs()
	for b.Loop() {
		score.OutcomeOf(history, time.UTC)
	}
}
