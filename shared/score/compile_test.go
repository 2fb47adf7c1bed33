package score_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/rule"
	"sluice/shared/score"
)

// whole is a spec with everything in it.
func whole() score.Spec {
	s := spec()
	s.Profile = append(s.Profile,
		score.Rule{Name: "class", Bands: []score.Band{{When: "answer.size > 20", Points: 10}, {When: "answer.size > 10"}}},
		score.Rule{Name: "school", When: `industry == "education"`, Must: true})
	s.Behaviour = score.Behaviour{HalfLife: new(10.0), Signals: map[lead.SignalKind]score.Gain{
		lead.SignalOpen: {Points: 1, Cap: 5}, lead.SignalEvent: {Points: 30, Cap: 60, HalfLife: new(30.0)}}}
	s.Grades, s.Matrix = nil, table()
	s.Hot, s.Warm = &score.Bar{Fit: 50, Behaviour: 60, Chance: 0.4}, &score.Bar{Behaviour: 30}
	s.Worth = map[string]float64{"robots": 1200, "maths": 800}
	s.Learn = score.Learn{Won: new(50), Closed: new(500), Keep: []string{"city"}, Drop: []string{"hour"}}
	return s
}

// TestCompileReports names each fault by the path of the value, and only that.
func TestCompileReports(t *testing.T) {
	t.Parallel()
	compile(t, spec())
	compile(t, whole())
	gain := func(s *score.Spec, kind lead.SignalKind, g score.Gain) { s.Behaviour.Signals[kind] = g }
	for path, edit := range map[string]func(*score.Spec){
		"profile[1].when":                  func(s *score.Spec) { s.Profile[1].When = "answer.age >" },
		"profile[2].name":                  func(s *score.Spec) { s.Profile[2].Name = "" },
		"profile[3].name":                  func(s *score.Spec) { s.Profile[3].Name = "right age" },
		"profile[0].name":                  func(s *score.Spec) { s.Profile[0].Name = strings.Repeat("x", 41) },
		"profile[0].points":                func(s *score.Spec) { s.Profile[0].Points = 101 },
		"profile[0].points ":               func(s *score.Spec) { s.Profile[0].Points = -101 },
		"profile[4].points":                func(s *score.Spec) { s.Profile[4].Points = 0 },
		"profile[3].when":                  func(s *score.Spec) { s.Profile[3].When = "fit > 3" },
		"profile[3].when behaviour":        func(s *score.Spec) { s.Profile[3].When = "behaviour > 3" },
		"profile[3].when chance":           func(s *score.Spec) { s.Profile[3].When = "chance > 0.3" },
		"profile[3].when maturity":         func(s *score.Spec) { s.Profile[3].When = `maturity == "hot"` },
		"profile[5].bands":                 func(s *score.Spec) { s.Profile[5].When = "has_phone" },
		"profile[5].bands points":          func(s *score.Spec) { s.Profile[5].Points = 3 },
		"profile[5].bands too many":        func(s *score.Spec) { s.Profile[5].Bands = make([]score.Band, 21) },
		"profile[5].bands[1].points":       func(s *score.Spec) { s.Profile[5].Bands[1].Points = 101 },
		"profile[5].bands[0].when":         func(s *score.Spec) { s.Profile[5].Bands[0].When = "" },
		"profile[5].bands[0].when fit":     func(s *score.Spec) { s.Profile[5].Bands[0].When = "fit > 3" },
		"profile[6].when":                  func(s *score.Spec) { s.Profile[6].When = "" },
		"disqualify[0].when":               func(s *score.Spec) { s.Disqualify[0].When = "chance < 0.1" },
		"disqualify[0].when behaviour":     func(s *score.Spec) { s.Disqualify[0].When = "behaviour < 1" },
		"disqualify[0].when grade":         func(s *score.Spec) { s.Disqualify[0].When = `grade == "D"` },
		"disqualify[0].name":               func(s *score.Spec) { s.Disqualify[0].Name = "right age" },
		"behaviour.half_life":              func(s *score.Spec) { *s.Behaviour.HalfLife = 0 },
		"behaviour.half_life long":         func(s *score.Spec) { *s.Behaviour.HalfLife = 3651 },
		"behaviour.half_life nan":          func(s *score.Spec) { *s.Behaviour.HalfLife = math.NaN() },
		"behaviour.signals.open.points":    func(s *score.Spec) { gain(s, "open", score.Gain{Points: -1, Cap: 5}) },
		"behaviour.signals.open.points n":  func(s *score.Spec) { gain(s, "open", score.Gain{Points: math.NaN(), Cap: 5}) },
		"behaviour.signals.open.points m":  func(s *score.Spec) { gain(s, "open", score.Gain{Points: 100.5, Cap: 5}) },
		"behaviour.signals.reply.cap":      func(s *score.Spec) { gain(s, "reply", score.Gain{Points: 1, Cap: 101}) },
		"behaviour.signals.reply.cap inf":  func(s *score.Spec) { gain(s, "reply", score.Gain{Points: 1, Cap: math.Inf(1)}) },
		"behaviour.signals.talk.half_life": func(s *score.Spec) { gain(s, "talk", score.Gain{HalfLife: new(-1.0)}) },
		"behaviour.signals.wish":           func(s *score.Spec) { gain(s, "wish", score.Gain{Points: 1, Cap: 1}) },
		"matrix.fit[1]":                    func(s *score.Spec) { s.Matrix.Fit[1] = 70 },
		"matrix.fit[0]":                    func(s *score.Spec) { s.Matrix.Fit[0] = 101 },
		"matrix.behaviour[1]":              func(s *score.Spec) { s.Matrix.Behaviour[1] = 0 },
		"matrix.grades":                    func(s *score.Spec) { s.Matrix.Grades = s.Matrix.Grades[:2] },
		"matrix.grades[2]":                 func(s *score.Spec) { s.Matrix.Grades[2] = []lead.Grade{"C"} },
		"matrix.grades[1][2]":              func(s *score.Spec) { s.Matrix.Grades[1][2] = "E" },
		"matrix.raise":                     func(s *score.Spec) { s.Matrix.Raise = 1.1 },
		"matrix.raise nan":                 func(s *score.Spec) { s.Matrix.Raise = math.NaN() },
		"matrix.lower":                     func(s *score.Spec) { s.Matrix.Lower = 0.7 },
		"matrix.lower negative":            func(s *score.Spec) { s.Matrix.Lower = -0.1 },
		"grades":                           func(s *score.Spec) { s.Grades = spec().Grades },
		"hot.fit":                          func(s *score.Spec) { s.Hot.Fit = 101 },
		"hot.behaviour":                    func(s *score.Spec) { s.Hot.Behaviour = -1 },
		"hot.chance":                       func(s *score.Spec) { s.Hot.Chance = 2 },
		"warm":                             func(s *score.Spec) { *s.Warm = score.Bar{Fit: 30} },
		"worth.maths":                      func(s *score.Spec) { s.Worth["maths"] = 0 },
		"worth.robots":                     func(s *score.Spec) { s.Worth["robots"] = math.Inf(1) },
		"learn.won":                        func(s *score.Spec) { *s.Learn.Won = 19 },
		"learn.won beyond closed":          func(s *score.Spec) { *s.Learn.Won = 501 },
		"learn.closed":                     func(s *score.Spec) { *s.Learn.Won, *s.Learn.Closed = 20, 99 },
	} {
		s := whole()
		edit(&s)
		m, problems := score.Compile(s)
		want, _, _ := strings.Cut(path, " ")
		if m != nil || len(problems) != 1 || problems[0].Path != want || problems[0].Text == "" {
			t.Errorf("%s: problems %v", path, problems)
		}
	}
	for path, edit := range map[string]func(*score.Spec){
		"grades[2].when":  func(s *score.Spec) { s.Grades[2].When = `grade == "A"` },
		"grades[3].when":  func(s *score.Spec) { s.Grades[3].When = `maturity == "hot"` },
		"grades[0].grade": func(s *score.Spec) { s.Grades[0].Grade = "E" },
		"grades[0].when":  func(s *score.Spec) { s.Grades[0].When = "fit >= " },
		"grades[1].when":  func(s *score.Spec) { s.Grades[1].When = "" },
		"grades[4].when":  func(s *score.Spec) { s.Grades[4].When = "fit >= 0" },
		"grades":          func(s *score.Spec) { s.Grades = nil },
	} {
		s := spec()
		edit(&s)
		m, problems := score.Compile(s)
		if m != nil || len(problems) != 1 || problems[0].Path != path || problems[0].Text == "" {
			t.Errorf("%s: problems %v", path, problems)
		}
	}
}

// TestCompileReportsEveryProblem, each time in the same order.
func TestCompileReportsEveryProblem(t *testing.T) {
	t.Parallel()
	s := whole()
	s.Profile[0].When, s.Profile[1].Points, s.Disqualify[0].When, s.Matrix.Grades[0][0] = "x", 0, "y", "Z"
	s.Behaviour.Signals["wish"], s.Behaviour.Signals["hope"], s.Behaviour.Signals["dream"] = score.Gain{}, score.Gain{}, score.Gain{}
	s.Hot.Fit, s.Hot.Behaviour = -1, -1
	s.Worth["robots"], s.Worth["maths"], s.Worth["music"] = 0, 0, 0
	_, first := score.Compile(s)
	if len(first) != 4+3+2+3 {
		t.Errorf("%d problems: %v", len(first), first)
	}
	for range 20 {
		if _, again := score.Compile(s); !slices.Equal(first, again) {
			t.Fatalf("the order differs:\n%v\n%v", paths(first), paths(again))
		}
	}
}

func paths(problems []rule.Problem) (paths []string) {
	for _, p := range problems {
		paths = append(paths, p.Path)
	}
	return paths
}

// TestDefaults: what is left out has the default that its field names.
func TestDefaults(t *testing.T) {
	t.Parallel()
	var l score.Learn
	if won, closed := l.Floor(); won != 120 || closed != 1000 {
		t.Errorf("the floor is %d won of %d", won, closed)
	}
	bare := compile(t, gradeless(score.Spec{}))
	named := compile(t, gradeless(score.Spec{
		Behaviour: score.Behaviour{HalfLife: new(score.HalfLife), Signals: score.Gains}, Hot: &score.DefaultHot, Warm: &score.DefaultWarm,
		Learn: score.Learn{Won: new(score.FloorWon), Closed: new(score.FloorClosed)},
	}))
	for days := range 40 {
		l := enquired(0, signal(lead.SignalReply, "r", 0), signal(lead.SignalClick, "c", 0))
		at := noon.AddDate(0, 0, days)
		if a, b := bare.Score(l, l.Facts, chance(t, 0), at), named.Score(l, l.Facts, chance(t, 0), at); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("after %d days %+v, by the defaults named %+v", days, a, b)
		}
	}
}
