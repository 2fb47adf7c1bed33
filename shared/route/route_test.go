package route_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/route"
)

func spec() route.Spec {
	return route.Spec{
		Rules: []route.Rule{
			{Name: "schools", When: `has_company or answer.headcount * 2 > 20`, Team: "schools"},
			{Name: "unripe", When: `grade == "D"`, Nurture: true},
			{Name: "abroad", When: `country != "CN" and fit < 50`, Pool: "abroad"},
			{Name: "kids", When: `product startsWith "kids-"`, Team: "young"},
		},
		Fallback: "young",
	}
}

func table(t testing.TB, s route.Spec) *route.Table {
	t.Helper()
	compiled, problems := route.Compile(route.Plan{Routing: s, Ways: []route.Way{
		{Team: "young", CoolOff: time.Hour}, {Team: "schools", CoolOff: time.Hour},
	}})
	if problems != nil {
		t.Fatal(problems)
	}
	return compiled
}

func TestMatch(t *testing.T) {
	t.Parallel()
	size := map[string]any{"headcount": 1.0}
	for want, facts := range map[string]lead.Facts{
		"schools team:schools []":            {Company: true},
		"unripe nurture []":                  {Grade: "D", Answers: size},
		"abroad pool:abroad []":              {Country: "US", Fit: 10, Answers: size},
		"kids team:young []":                 {Country: "US", Fit: 60, Product: "kids-maths", Answers: size},
		"fallback team:young []":             {Country: "CN", Answers: size},
		"kids team:young [schools]":          {Country: "CN", Product: "kids-maths"},
		"fallback team:young [schools kids]": {Country: "CN", Answers: map[string]any{"headcount": "many"}, Product: "x"},
	} {
		target := table(t, spec()).Match(facts)
		got := target.Rule + " "
		switch {
		case target.Nurture:
			got += "nurture"
		case target.Pool != "":
			got += "pool:" + target.Pool
		default:
			got += "team:" + target.Team
		}
		got += fmt.Sprint(" ", target.Broken)
		if want = strings.Replace(want, " kids]", "]", 1); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestCompileReports(t *testing.T) {
	t.Parallel()
	for path, edit := range map[string]func(*route.Spec){
		"rules[0].when": func(s *route.Spec) { s.Rules[0].When = "has_company or" },
		"rules[1]":      func(s *route.Spec) { s.Rules[1].Team = "young" },
		"rules[2]":      func(s *route.Spec) { s.Rules[2].Pool = "" },
		"rules[3].name": func(s *route.Spec) { s.Rules[3].Name = "schools" },
		"rules[0].name": func(s *route.Spec) { s.Rules[0].Name = "" },
		"rules[1].name": func(s *route.Spec) { s.Rules[1].Name = route.Fallback },
		"rules[2].name": func(s *route.Spec) { s.Rules[2].Name = strings.Repeat("n", 61) },
		"fallback":      func(s *route.Spec) { s.Fallback = "" },
	} {
		s := spec()
		edit(&s)
		if compiled, problems := route.Compile(route.Plan{Routing: s}); compiled != nil || len(problems) != 1 || problems[0].Path != "routing."+path {
			t.Errorf("%s: problems %v", path, problems)
		}
	}
}

// TestRulesOnTheScore: rules see the lead's score as it was written last, whatever the
// facts brought along, and a chance only where a model said one.
func TestRulesOnTheScore(t *testing.T) {
	t.Parallel()
	house := table(t, route.Spec{
		Rules: []route.Rule{
			{Name: "hot", When: `maturity == "hot"`, Team: "schools"},
			{Name: "likely", When: `chance >= 0.3`, Team: "schools"},
			{Name: "active", When: `behaviour >= 40 and chance == nil`, Triage: "young"},
			{Name: "unlikely", When: `not (chance >= 0.05)`, Nurture: true},
			{Name: "cold", When: `maturity in ["cold", ""]`, Pool: "rest"},
		},
		Fallback: "young",
	})
	for name, c := range map[string]struct {
		lead lead.Lead
		want string
	}{
		"hot":                  {lead.Lead{Maturity: lead.Hot}, "hot"},
		"likely":               {lead.Lead{Maturity: lead.Cold, Chance: 3000}, "likely"},
		"not so likely":        {lead.Lead{Maturity: lead.Warm, Chance: 2999}, route.Fallback},
		"unlikely":             {lead.Lead{Maturity: lead.Warm, Behaviour: 90, Chance: 499}, "unlikely"},
		"cold":                 {lead.Lead{Maturity: lead.Cold, Behaviour: 90, Chance: 500}, "cold"},
		"active":               {lead.Lead{Maturity: lead.Warm, Behaviour: 40}, "active"},
		"nothing, of no model": {lead.Lead{Maturity: lead.Warm, Behaviour: 39}, "unlikely"}, // not (nothing >= 0.05)
		"not scored yet":       {lead.Lead{Chance: 500}, "cold"},
	} {
		c.lead.ID = "l"
		stale := lead.Facts{Maturity: "hot", Behaviour: 100, Chance: 0.9}
		q := route.Query{Lead: c.lead, Facts: stale, Reps: []lead.Rep{rep("a", func(r *lead.Rep) { r.Teams = []string{"young", "schools"} })}, Now: noon}
		choice, how := house.Choose(q), house.Explain(q)
		if choice.Rule != c.want || how.Choice.Rule != c.want {
			t.Errorf("%s: by rule %s, explained by %s, want %s", name, choice.Rule, how.Choice.Rule, c.want)
		}
		if c.want == "hot" && (choice.Team != "schools" || choice.Rep != "a") {
			t.Errorf("%s: %+v", name, choice)
		}
		if f := how.Facts; f.Maturity != string(c.lead.Maturity) || f.Behaviour != c.lead.Behaviour || (f.Chance == nil) != (c.lead.Chance == 0) {
			t.Errorf("%s: facts %+v", name, f)
		}
	}
}

func choose(t *testing.T, facts lead.Facts, reps ...lead.Rep) lead.Choice {
	t.Helper()
	return table(t, spec()).Choose(route.Query{
		Lead: lead.Lead{ID: "l", Grade: facts.Grade, Fit: facts.Fit}, Facts: facts, Reps: reps, Now: noon,
	})
}

func TestChoose(t *testing.T) {
	t.Parallel()
	size := map[string]any{"headcount": 1.0}
	kids := lead.Facts{Country: "CN", Product: "kids-maths", Answers: size}
	for name, c := range map[string]struct {
		got, want lead.Choice
	}{
		"a rep": {choose(t, kids, rep("a")),
			lead.Choice{Rule: "kids", Team: "young", Rep: "a", Why: "the only one eligible among 1"}},
		"nobody": {choose(t, kids, rep("a", func(r *lead.Rep) { r.Active = false })),
			lead.Choice{Rule: "kids", Team: "young", Why: "nobody eligible among 1: 1 inactive"}},
		"nurture": {choose(t, lead.Facts{Grade: "D", Answers: size}, rep("a")),
			lead.Choice{Rule: "unripe", Team: "young", Nurture: true, Why: "nurtured by rule"}},
		"pool": {choose(t, lead.Facts{Answers: size}, rep("a")),
			lead.Choice{Rule: "abroad", Team: "young", Pool: "abroad", Why: "pooled by rule"}},
		"broken rule": {choose(t, lead.Facts{Country: "CN"}, rep("a")),
			lead.Choice{Rule: "fallback", Team: "young", Rep: "a",
				Why: "the only one eligible among 1 (rule schools could not be evaluated)"}},
	} {
		c.got.Grounds = nil // see TestGrounds
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
		}
	}
}

// TestChooseStaysShort: what is kept with every lead stays short and whole.
func TestChooseStaysShort(t *testing.T) {
	t.Parallel()
	s := route.Spec{Fallback: "young"}
	for i := range 20 {
		s.Rules = append(s.Rules, route.Rule{Name: fmt.Sprint(strings.Repeat("规", 19), i), When: "answer.x + 1 > 0", Team: "young"})
	}
	var reps []lead.Rep
	for i := range 500 {
		reps = append(reps, rep(fmt.Sprint(i), func(r *lead.Rep) {
			switch i % 6 {
			case 0:
				r.Active = false
			case 1:
				r.Shifts = shifts("00:00-01:00")
			case 2:
				r.Cap = ptr(0)
			case 3:
				r.Quota = ptr(0)
			case 4:
				r.Leave = []lead.Leave{{From: "2026-01-01", To: "2026-12-31"}}
			}
		}))
	}
	choice := table(t, s).Choose(route.Query{Reps: reps, Now: noon})
	if len(choice.Why) > 160 || strings.ContainsRune(choice.Why, '\uFFFD') || choice.Rep == "" {
		t.Errorf("%d bytes: %q", len(choice.Why), choice.Why)
	}
}

// BenchmarkChoose is one decision of a large house: 200 rules of which the last
// holds, 500 reps in five zones. It is to take 200 µs at most.
func BenchmarkChoose(b *testing.B) {
	s := route.Spec{Fallback: "young"}
	for i := range 200 {
		s.Rules = append(s.Rules, route.Rule{
			Name: fmt.Sprintf("rule %d", i), Team: "young",
			When: fmt.Sprintf(`product == "p%d" and country in ["CN", "SG"] and answer.age >= 4`, i),
		})
	}
	zones := []string{"Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Asia/Singapore"}
	var reps []lead.Rep
	for i := range 500 {
		reps = append(reps, rep(fmt.Sprint("rep-", i), turns(i%7), func(r *lead.Rep) {
			r.Zone, r.Cap, r.Quota = zones[i%len(zones)], ptr(100), ptr(20)
			r.Shifts = shifts("09:00-12:00", "13:00-18:00")
		}))
	}
	t := table(b, s)
	q := route.Query{
		Lead: lead.Lead{ID: "l"}, Reps: reps, Now: noon,
		Facts: lead.Facts{Product: "p199", Country: "CN", Answers: map[string]any{"age": 7.0}},
	}
	b.ReportAllocs()
	for b.Loop() {
		if t.Choose(q).Rep == "" {
			b.Fatal("nobody chosen")
		}
	}
}
