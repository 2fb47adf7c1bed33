package score_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/score"
)

func spec() score.Spec {
	return score.Spec{
		Profile: []score.Rule{
			{Name: "reachable by phone", When: `has_phone`, Points: 10},
			{Name: "right age", When: `answer.age >= 6 and answer.age <= 12`, Points: 40},
			{Name: "budget stated", When: `answer.budget in ["mid", "high"]`, Points: 20},
			{Name: "large class", When: `answer.size + 1 > 10`, Points: 15},
			{Name: "far away", When: `city == "Farville"`, Points: -30},
		},
		Disqualify: []score.Disqualifier{{Name: "too young", When: `answer.age < 4`}},
		Grades: []score.GradeRule{
			{Grade: lead.GradeAPlus, When: `fit >= 70 and channel == "referral"`},
			{Grade: lead.GradeA, When: `fit >= 70`},
			{Grade: lead.GradeB, When: `fit >= 40`},
			{Grade: lead.GradeC, When: `fit >= 10`},
			{Grade: lead.GradeD},
		},
	}
}

func compile(t *testing.T, s score.Spec) *score.Model {
	t.Helper()
	m, problems := score.Compile(s)
	if problems != nil {
		t.Fatal(problems)
	}
	return m
}

func TestScore(t *testing.T) {
	t.Parallel()
	broken := "large class could not be evaluated"
	answers := func(pairs ...any) map[string]any {
		m := map[string]any{"size": 3.0}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	}
	for name, c := range map[string]struct {
		facts lead.Facts
		want  lead.Score
	}{
		"nothing known": {lead.Facts{}, lead.Score{Grade: "D", Reasons: []string{broken}}},
		"phone only": {
			lead.Facts{HasPhone: true, Answers: answers()},
			lead.Score{Fit: 10, Grade: "C", Reasons: []string{"reachable by phone +10"}},
		},
		"best": {
			lead.Facts{HasPhone: true, Answers: answers("age", 7.0, "budget", "high")},
			lead.Score{Fit: 70, Grade: "A", Reasons: []string{"right age +40", "budget stated +20", "reachable by phone +10"}},
		},
		"best by referral": {
			lead.Facts{HasPhone: true, Channel: "referral", Answers: answers("age", 7.0, "budget", "high")},
			lead.Score{Fit: 70, Grade: "A+", Reasons: []string{"right age +40", "budget stated +20", "reachable by phone +10"}},
		},
		"never below zero": {
			lead.Facts{HasPhone: true, City: "Farville", Answers: answers()},
			lead.Score{Fit: 0, Grade: "D", Reasons: []string{"far away -30", "reachable by phone +10"}},
		},
		"disqualified": {
			lead.Facts{HasPhone: true, Answers: answers("age", 2.0, "budget", "high")},
			lead.Score{Fit: 30, Grade: "D", Reasons: []string{"disqualified: too young", "budget stated +20", "reachable by phone +10"}},
		},
	} {
		got := compile(t, spec()).Score(c.facts)
		if got.Fit != c.want.Fit || got.Grade != c.want.Grade || !slices.Equal(got.Reasons, c.want.Reasons) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestScoreClampsAndKeepsTheHeaviestReasons(t *testing.T) {
	t.Parallel()
	s := score.Spec{Grades: []score.GradeRule{{Grade: lead.GradeB}}}
	for i := range 9 {
		s.Profile = append(s.Profile, score.Rule{Name: fmt.Sprintf("rule %d", i), When: "true", Points: 10 + i})
	}
	got := compile(t, s).Score(lead.Facts{})
	want := []string{"rule 8 +18", "rule 7 +17", "rule 6 +16", "rule 5 +15", "rule 4 +14", "rule 3 +13"}
	if got.Fit != 100 || !slices.Equal(got.Reasons, want) {
		t.Errorf("%+v", got)
	}
}

func TestCompileReports(t *testing.T) {
	t.Parallel()
	for path, edit := range map[string]func(*score.Spec){
		"profile[1].when":    func(s *score.Spec) { s.Profile[1].When = "answer.age >" },
		"profile[2].name":    func(s *score.Spec) { s.Profile[2].Name = "" },
		"profile[3].name":    func(s *score.Spec) { s.Profile[3].Name = "right age" },
		"profile[0].name":    func(s *score.Spec) { s.Profile[0].Name = strings.Repeat("x", 41) },
		"profile[0].points":  func(s *score.Spec) { s.Profile[0].Points = 101 },
		"profile[4].points":  func(s *score.Spec) { s.Profile[4].Points = 0 },
		"disqualify[0].when": func(s *score.Spec) { s.Disqualify[0].When = "fit" },
		"profile[3].when":    func(s *score.Spec) { s.Profile[3].When = "fit > 3" },
		"grades[2].when":     func(s *score.Spec) { s.Grades[2].When = `grade == "A"` },
		"disqualify[0].name": func(s *score.Spec) { s.Disqualify[0].Name = "right age" },
		"grades[0].grade":    func(s *score.Spec) { s.Grades[0].Grade = "E" },
		"grades[0].when":     func(s *score.Spec) { s.Grades[0].When = "fit >= " },
		"grades[1].when":     func(s *score.Spec) { s.Grades[1].When = "" },
		"grades[4].when":     func(s *score.Spec) { s.Grades[4].When = "fit >= 0" },
		"grades":             func(s *score.Spec) { s.Grades = nil },
	} {
		s := spec()
		edit(&s)
		m, problems := score.Compile(s)
		if m != nil || len(problems) != 1 || problems[0].Path != path || problems[0].Text == "" {
			t.Errorf("%s: problems %v", path, problems)
		}
	}
}

func TestCompileReportsEveryProblem(t *testing.T) {
	t.Parallel()
	s := spec()
	s.Profile[0].When, s.Profile[1].Points, s.Disqualify[0].When, s.Grades[0].Grade = "x", 0, "y", "Z"
	if _, problems := score.Compile(s); len(problems) != 4 {
		t.Errorf("%d problems: %v", len(problems), problems)
	}
}

// TestScoreHolds: whatever is known, the fit is in range, the grade is a grade,
// and the reasons stay short.
func TestScoreHolds(t *testing.T) {
	t.Parallel()
	m := compile(t, spec())
	answer := rapid.OneOf(
		rapid.Float64().AsAny(), rapid.String().AsAny(), rapid.Bool().AsAny(),
		rapid.Just[any](nil), rapid.SliceOf(rapid.String()).AsAny())
	rapid.Check(t, func(t *rapid.T) {
		got := m.Score(lead.Facts{
			HasPhone: rapid.Bool().Draw(t, "phone"),
			City:     rapid.SampledFrom([]string{"", "Farville"}).Draw(t, "city"),
			Answers:  rapid.MapOf(rapid.SampledFrom([]string{"age", "budget", "size"}), answer).Draw(t, "answers"),
		})
		if got.Fit < 0 || got.Fit > 100 || !slices.Contains(lead.Grades, got.Grade) {
			t.Fatalf("%+v", got)
		}
		if len(got.Reasons) > score.MaxReasons || len(strings.Join(got.Reasons, "")) > 400 {
			t.Fatalf("reasons %q", got.Reasons)
		}
	})
}

// FuzzCompile holds that no spec, however hostile, hangs or panics.
func FuzzCompile(f *testing.F) {
	f.Add(`has_phone`, "age", 10)
	f.Add(`all(1..99, all(1..99, true))`, "", -1)
	f.Fuzz(func(t *testing.T, when, name string, points int) {
		m, problems := score.Compile(score.Spec{
			Profile: []score.Rule{{Name: name, When: when, Points: points}},
			Grades:  []score.GradeRule{{Grade: lead.GradeA, When: when}, {Grade: lead.GradeD}},
		})
		if (m == nil) == (len(problems) == 0) {
			t.Fatal("neither a model nor a problem")
		}
		if m != nil {
			m.Score(lead.Facts{Answers: map[string]any{"age": 3.0, "text": name}})
		}
	})
}

func BenchmarkScore(b *testing.B) {
	m, problems := score.Compile(spec())
	if problems != nil {
		b.Fatal(problems)
	}
	facts := lead.Facts{HasPhone: true, Answers: map[string]any{"age": 7.0, "budget": "high", "size": 3.0}}
	b.ReportAllocs()
	for b.Loop() {
		m.Score(facts)
	}
}
