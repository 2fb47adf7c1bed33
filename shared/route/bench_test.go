package route_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
)

// large is a house of 200 rules of which the last holds, and one team of 500 reps
// in five zones.
func large(b *testing.B, way route.Way) (*route.Table, route.Query) {
	b.Helper()
	s := route.Spec{Fallback: "young"}
	for i := range 200 {
		s.Rules = append(s.Rules, route.Rule{
			Name: fmt.Sprintf("rule %d", i), Team: "young",
			When: fmt.Sprintf(`product == "p%d" and country in ["CN", "SG"] and answer.age >= 4`, i),
		})
	}
	plan := route.Plan{Routing: s, Calendars: []hours.Calendar{{ID: "house", Country: "DE"}}}
	for i := range 20 {
		inside := []route.Territory{{ID: fmt.Sprint("city-", i), When: `city == "Shanghai"`}}
		plan.Territories = append(plan.Territories, route.Territory{ID: fmt.Sprint("region-", i), When: fmt.Sprintf(`product == "p%d"`, 180+i), Inside: inside})
	}
	way.Team = "young"
	plan.Ways = []route.Way{way}
	zones := []string{"Asia/Shanghai", "UTC", "Europe/Berlin", "Africa/Lagos", "Asia/Singapore"}
	var reps []lead.Rep
	for i := range 500 {
		reps = append(reps, rep(fmt.Sprint("rep-", i), turns(i%7), func(r *lead.Rep) {
			r.Zone, r.Cap, r.Quota, r.Pace, r.Calendar = zones[i%len(zones)], ptr(100), ptr(20), ptr(300), "house"
			r.Shifts = shifts("09:00-12:00", "13:00-23:00")
			r.Territories = []string{fmt.Sprint("region-", i%20)}
			r.Level, r.Since = levels[i%3], "2025-06-01"
			r.Target, r.Months = ptr(3), map[string]int{"2026-03": i % 5}
			r.Tried, r.Won = map[string]int{"website": 40 + i%9, "fair": 20}, map[string]int{"website": i % 12, "fair": i % 5}
			r.Mix, r.Last = map[lead.Grade]int{"A": 10, "B": 30, "C": 60}, 8
		}))
	}
	q := route.Query{
		Lead: lead.Lead{ID: "l", Grade: "A"}, Reps: reps, Now: noon, Abilities: route.NewAbilities(reps, noon),
		Facts: lead.Facts{Product: "p199", Country: "CN", City: "Shanghai", Channel: "website", Answers: map[string]any{"age": 7.0}},
	}
	q.Lead.Facts = q.Facts
	table, problems := route.Compile(plan)
	if problems != nil {
		b.Fatal(problems)
	}
	return table, q
}

// BenchmarkChooseBy is one decision of a large house by each way of sharing; it is
// to take 200 µs at most. Abilities are there, as they are for a roster that was
// read.
func BenchmarkChooseBy(b *testing.B) {
	seniority := route.Step{By: route.BySeniority, Levels: map[lead.Grade][]string{"A": {"senior"}}}
	for _, c := range []struct {
		name string
		way  route.Way
		now  time.Time
	}{
		{"even", route.Way{}, noon},
		{"growth", route.Way{Mode: route.Growth}, noon},
		{"efficiency", route.Way{Mode: route.Efficiency}, noon},
		{"territory, seniority, skill", route.Way{Steps: []route.Step{{By: route.ByTerritory}, seniority, {By: route.BySkill, Best: 3}}}, noon},
		{"all of it", route.Way{Mode: route.Efficiency, Steps: []route.Step{{By: route.ByPrevious}, {By: route.ByTarget}, {By: route.ByTerritory}, {By: route.BySkill, Best: 40}}}, noon},
		{"nobody there", route.Way{Wait: 16 * time.Hour}, noon.Add(11*time.Hour + 30*time.Minute)},
	} {
		b.Run(c.name, func(b *testing.B) {
			table, q := large(b, c.way)
			if q.Now = c.now; c.name == "nobody there" {
				for i := range q.Reps {
					off(&q.Reps[i])
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if choice := table.Choose(q); choice.Rep == "" && choice.Wait.IsZero() {
					b.Fatal(choice.Why)
				}
			}
		})
	}
}

// BenchmarkAbilities is what a roster that was read costs once for a team.
func BenchmarkAbilities(b *testing.B) {
	_, q := large(b, route.Way{})
	for b.Loop() {
		route.NewAbilities(q.Reps, noon).Of("young")
	}
}

// BenchmarkSplit shares a page of leads among a large team.
func BenchmarkSplit(b *testing.B) {
	for _, mode := range []route.Mode{route.Even, route.Efficiency} {
		b.Run(string(mode), func(b *testing.B) {
			table, q := large(b, route.Way{Mode: mode})
			share := route.Share{Team: "young", Reps: q.Reps, Abilities: q.Abilities, Now: noon}
			for i := range 50 {
				share.Leads = append(share.Leads, lead.Lead{ID: fmt.Sprint(i), Grade: lead.Grades[i%5], Facts: lead.Facts{Channel: channels[i%3]}})
			}
			for b.Loop() {
				table.Split(share)
			}
		})
	}
}
