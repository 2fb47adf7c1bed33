package route_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// skilled gives a rep a record of so many won leads of 300, a quota and what was
// given today and on the day before.
func skilled(won, quota, today, yesterday int) func(*lead.Rep) {
	return func(r *lead.Rep) {
		r.Tried, r.Won = map[string]int{"website": 300}, map[string]int{"website": won}
		r.Quota, r.Day, r.Today, r.Last = ptr(quota), "2026-03-04", today, yesterday
	}
}

// TestEfficiency: a lead goes where most is gained by it, with what is still to
// come in mind.
func TestEfficiency(t *testing.T) {
	t.Parallel()
	good := map[lead.Grade]int{"A+": 50, "A": 50}
	poor := map[lead.Grade]int{"C": 200, "D": 800}
	mixed := func(r *lead.Rep, mix map[lead.Grade]int) lead.Rep { r.Mix = mix; return *r }
	team := func(best, other lead.Rep, mix map[lead.Grade]int) []lead.Rep {
		return []lead.Rep{mixed(&best, mix), mixed(&other, mix)}
	}
	for name, c := range map[string]struct {
		grade lead.Grade
		reps  []lead.Rep
		want  string
	}{
		"room for all: the best":                 {"D", team(rep("best", skilled(90, 20, 0, 5)), rep("other", skilled(30, 20, 0, 5)), good), "best"},
		"last slot, better leads expected":       {"D", team(rep("best", skilled(90, 6, 5, 6)), rep("other", skilled(30, 20, 0, 12)), good), "other"},
		"last slot, a good lead":                 {"A+", team(rep("best", skilled(90, 6, 5, 6)), rep("other", skilled(30, 20, 0, 12)), good), "best"},
		"last slot, none expected":               {"D", team(rep("best", skilled(90, 6, 5, 0)), rep("other", skilled(30, 20, 0, 0)), good), "best"},
		"last slot, poor ones expected":          {"B", team(rep("best", skilled(90, 6, 5, 6)), rep("other", skilled(30, 20, 0, 12)), poor), "best"},
		"last slot of the cap":                   {"D", team(rep("best", skilled(90, 99, 5, 6), func(r *lead.Rep) { r.Cap, r.Holding = ptr(60), 59 }), rep("other", skilled(30, 20, 0, 12)), good), "other"},
		"last slot of the pace":                  {"D", team(rep("best", skilled(90, 99, 0, 6), func(r *lead.Rep) { r.Pace = ptr(15) }), rep("other", skilled(30, 20, 0, 12)), good), "other"},
		"no lead is kept from the only one":      {"D", team(rep("best", skilled(90, 6, 5, 6)), rep("other", skilled(30, 20, 0, 12), off), good), "best"},
		"a lead without a grade gains nothing":   {"", team(rep("best", skilled(90, 6, 0, 0), turns(4)), rep("other", skilled(30, 6, 0, 0), turns(3)), good), "other"},
		"equals share: fewer turns":              {"A", team(rep("a", skilled(60, 6, 0, 6), turns(4)), rep("b", skilled(60, 6, 0, 6), turns(3)), good), "b"},
		"equals share, whatever rooms they have": {"A", team(rep("a", skilled(60, 6, 5, 6), turns(3)), rep("b", skilled(60, 9, 0, 6), turns(4)), good), "a"},
	} {
		l := lead.Lead{ID: "l", Grade: c.grade, Facts: lead.Facts{Channel: "website"}}
		choice := teamOf(t, route.Way{Mode: route.Efficiency}).Choose(route.Query{Lead: l, Facts: l.Facts, Reps: c.reps, Now: noon})
		if choice.Rep != c.want {
			t.Errorf("%s: %s, want %s: %+v", name, choice.Rep, c.want, choice.Grounds)
		}
	}
}

// TestEfficiencyGoesByTheChannel: the gain is that of the lead's channel.
func TestEfficiencyGoesByTheChannel(t *testing.T) {
	t.Parallel()
	record := func(id string, site, fair int) lead.Rep {
		return rep(id, func(r *lead.Rep) {
			r.Tried, r.Won = map[string]int{"website": 300, "fair": 300}, map[string]int{"website": site, "fair": fair}
		})
	}
	reps := []lead.Rep{record("a", 90, 30), record("b", 30, 90)}
	for channel, want := range map[string]string{"website": "a", "fair": "b"} {
		l := lead.Lead{ID: "l", Grade: "B", Facts: lead.Facts{Channel: channel}}
		if got := teamOf(t, route.Way{Mode: route.Efficiency}).Choose(route.Query{Lead: l, Facts: l.Facts, Reps: reps, Now: noon}); got.Rep != want {
			t.Errorf("%s: %s, want %s: %+v", channel, got.Rep, want, got.Grounds)
		}
	}
}

// TestEfficiencyOverADay: on a day of the usual leads, more is made of them than by
// turns, and the best reps get the best leads.
func TestEfficiencyOverADay(t *testing.T) {
	t.Parallel()
	run := func(mode route.Mode) (value float64, best map[string]int) {
		tm := roster{table: teamOf(t, route.Way{Mode: mode})}
		for i, won := range []int{90, 60, 60, 30} {
			tm.reps = append(tm.reps, rep(string(rune('a'+i)), skilled(won, 10, 0, 0), func(r *lead.Rep) {
				r.Day, r.Today = "2026-03-03", 10
				r.Shifts = shifts("09:00-19:00")
				r.Mix = map[lead.Grade]int{"A": 100, "D": 300}
			}))
		}
		ability := route.NewAbility(tm.reps, noon)
		best = map[string]int{}
		morning := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
		for n := range 40 {
			l := lead.Lead{ID: string(rune('0' + n)), Grade: "D", Facts: lead.Facts{Channel: "website"}}
			if n%4 == 3 {
				l.Grade = "A"
			}
			choice := tm.give(l, morning.Add(time.Duration(n)*15*time.Minute))
			if choice.Rep == "" {
				t.Fatalf("lead %d of %s: %s", n, mode, choice.Why)
			}
			value += route.Chances[l.Grade] * ability.Lift(choice.Rep, "website")
			if l.Grade == "A" {
				best[choice.Rep]++
			}
		}
		return value, best
	}
	even, _ := run(route.Even)
	efficient, best := run(route.Efficiency)
	if efficient < 1.2*even || best["a"] < 8 {
		t.Errorf("expected conversions %.2f, by turns %.2f; good leads by rep %v", efficient, even, best)
	}
}
