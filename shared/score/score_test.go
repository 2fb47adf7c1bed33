package score_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
		got := compile(t, spec()).Score(lead.Lead{}, c.facts, nil, noon)
		if got.Fit != c.want.Fit || got.Grade != c.want.Grade || !slices.Equal(got.Reasons, c.want.Reasons) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if got.Behaviour != 0 || got.Chance != 0 || got.Model != 0 || got.Maturity != lead.Cold {
			t.Errorf("%s: nobody did anything, and %+v", name, got)
		}
	}
}

// TestDisqualified: what disqualifies a lead is stronger than all that speaks for it,
// and may ask for the fit.
func TestDisqualified(t *testing.T) {
	t.Parallel()
	s := gradeless(score.Spec{
		Profile: []score.Rule{{Name: "reachable", When: "has_phone", Points: 90}, {Name: "city", When: `city != ""`, Points: 5}},
		Disqualify: []score.Disqualifier{
			{Name: "too young", When: "answer.age < 4"}, {Name: "no fit", When: "fit == 0"}, {Name: "class too small", When: "answer.size + 1 < 4"},
		},
	})
	s.Grades = []score.GradeRule{{Grade: lead.GradeAPlus}}
	for name, c := range map[string]struct {
		facts   lead.Facts
		against []string
		failed  []string
	}{
		"nothing against it":     {lead.Facts{HasPhone: true, Answers: map[string]any{"size": 9.0}}, nil, nil},
		"one":                    {lead.Facts{HasPhone: true, Answers: map[string]any{"size": 9.0, "age": 2.0}}, []string{"too young"}, nil},
		"all":                    {lead.Facts{Answers: map[string]any{"size": 1.0, "age": 2.0}}, []string{"too young", "no fit", "class too small"}, nil},
		"one that is not to ask": {lead.Facts{HasPhone: true}, nil, []string{"class too small"}},
	} {
		x := compile(t, s).Explain(enquired(0, signal(lead.SignalReply, "r", 0)), c.facts, chance(t, 3), noon)
		if !slices.Equal(x.Against, c.against) || !slices.Equal(x.Failed, c.failed) {
			t.Errorf("%s: against it %v, not asked %v", name, x.Against, x.Failed)
		}
		grade, maturity := lead.GradeAPlus, lead.Hot
		if len(c.against) > 0 {
			grade, maturity = lead.GradeD, lead.Cold
		}
		if x.Score.Grade != grade || x.Score.Maturity != maturity {
			t.Errorf("%s: it is %s and %s", name, x.Score.Grade, x.Score.Maturity)
		}
		for i, d := range c.against {
			if x.Score.Reasons[i] != "disqualified: "+d {
				t.Errorf("%s: the reasons are %q", name, x.Score.Reasons)
			}
		}
	}
}

func TestScoreClampsAndKeepsTheHeaviestReasons(t *testing.T) {
	t.Parallel()
	var s score.Spec
	for i := range 9 {
		s.Profile = append(s.Profile, score.Rule{Name: fmt.Sprintf("rule %d", i), When: "true", Points: 10 + i})
	}
	got := compile(t, gradeless(s)).Score(lead.Lead{}, lead.Facts{}, nil, noon)
	want := []string{"rule 8 +18", "rule 7 +17", "rule 6 +16", "rule 5 +15", "rule 4 +14", "rule 3 +13"}
	if got.Fit != 100 || !slices.Equal(got.Reasons, want) {
		t.Errorf("%+v", got)
	}
}

// TestReasons ranks what speaks for and against a lead, of all kinds.
func TestReasons(t *testing.T) {
	t.Parallel()
	s := gradeless(score.Spec{Profile: []score.Rule{
		{Name: "reachable", When: "has_phone", Points: 10},
		{Name: "school", When: `industry == "education"`, Must: true},
		{Name: "class", When: "answer.size + 1 > 10", Points: 5},
	}})
	m := compile(t, s)
	facts := lead.Facts{HasPhone: true, Channel: "referral", Industry: "education", Answers: map[string]any{"size": 3.0}}
	for name, c := range map[string]struct {
		l     lead.Lead
		facts lead.Facts
		known *score.Learned
		want  []string
	}{
		"the first enquiry is none": {enquired(0), facts, nil, []string{"reachable +10"}},
		"a second one is":           {enquired(0, signal(lead.SignalEnquiry, "e", 0)), facts, nil, []string{"enquiry +50", "reachable +10"}},
		"the first of a list is":    {listed(signal(lead.SignalEnquiry, "e", 0)), facts, nil, []string{"enquiry +25", "reachable +10"}},
		"what they did":             {enquired(0, signal(lead.SignalClick, "c", 0), signal(lead.SignalDownload, "d", 0)), facts, nil, []string{"reachable +10", "download +10", "click +6"}},
		"what has faded is none":    {enquired(0, signal(lead.SignalOpen, "o", 90*day)), facts, nil, []string{"reachable +10"}},
		"what it lacks comes first": {enquired(0, signal(lead.SignalReply, "r", 0)), lead.Facts{HasPhone: true, Answers: facts.Answers}, nil,
			[]string{"missing: school", "reply +25", "reachable +10"}},
		"and what cannot be asked": {enquired(0), lead.Facts{HasPhone: true, Industry: "education"}, nil, []string{"class could not be evaluated", "reachable +10"}},
	} {
		if got := m.Score(c.l, c.facts, c.known, noon).Reasons; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	l := enquired(0)
	l.Facts = facts
	want := []string{"channel referral +1.2", "reachable +10", "answer.age missing -0.3", "signal.click 0 -0.2"}
	if got := m.Score(l, facts, chance(t, -1), noon).Reasons; !slices.Equal(got, want) {
		t.Errorf("with a model: %q, want %q", got, want)
	}
}

// drawFacts draws facts with answers of any kind.
func drawFacts(t *rapid.T) lead.Facts {
	answer := rapid.OneOf(
		rapid.Float64().AsAny(), rapid.String().AsAny(), rapid.Bool().AsAny(),
		rapid.Just[any](nil), rapid.Float64Range(0, 20).AsAny(), rapid.SliceOf(rapid.String().AsAny()).AsAny(), rapid.SliceOf(rapid.String()).AsAny())
	return lead.Facts{
		HasPhone: rapid.Bool().Draw(t, "phone"),
		City:     rapid.SampledFrom([]string{"", "Farville"}).Draw(t, "city"),
		Channel:  rapid.OneOf(rapid.SampledFrom([]string{"", "referral", "list"}), rapid.String()).Draw(t, "channel"),
		Answers:  rapid.MapOf(rapid.SampledFrom([]string{"age", "budget", "size"}), answer).Draw(t, "answers"),
	}
}

// drawLead draws a lead with signals.
func drawLead(t *rapid.T) lead.Lead {
	l := enquired(time.Duration(rapid.IntRange(0, 100*24).Draw(t, "age"))*time.Hour, drawSignals(t, 30)...)
	l.Listed, l.Facts = rapid.Bool().Draw(t, "listed"), drawFacts(t)
	return l
}

// TestScoreHolds: whatever is known and whatever they did, all figures are in range,
// the reasons few and short, and Score and Explain tell the same.
func TestScoreHolds(t *testing.T) {
	t.Parallel()
	conditions := compile(t, spec())
	s := spec()
	s.Grades, s.Matrix = nil, table()
	matrix := compile(t, s)
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]*score.Model{conditions, matrix}).Draw(t, "model")
		var learned *score.Learned
		if rapid.Bool().Draw(t, "learned") {
			learned = chance(t, rapid.Float64Range(-40, 40).Draw(t, "base"))
		}
		l := drawLead(t)
		x, got := m.Explain(l, l.Facts, learned, noon), m.Score(l, l.Facts, learned, noon)
		if !reflect.DeepEqual(x.Score, got) {
			t.Fatalf("explained as %+v, scored %+v", x.Score, got)
		}
		if got.Fit < 0 || got.Fit > 100 || got.Behaviour < 0 || got.Behaviour > 100 || !slices.Contains(lead.Grades, got.Grade) || !slices.Contains(lead.Maturities, got.Maturity) {
			t.Fatalf("%+v", got)
		}
		if x.Unassisted != (learned == nil) || (got.Chance > 0) != (learned != nil) || (got.Model > 0) != (learned != nil) || got.Chance >= lead.Certain {
			t.Fatalf("the chance is %d by model %d", got.Chance, got.Model)
		}
		total, missing := 0, false
		for _, c := range x.Criteria {
			total, missing = total+c.Points, missing || c.Must && !c.Met
			if c.Points != 0 && !c.Met || c.Failed && c.Met {
				t.Fatalf("%+v", c)
			}
		}
		if want := min(max(total, 0), 100); !missing && got.Fit != want {
			t.Fatalf("criteria add up to %d, the fit is %d", want, got.Fit)
		}
		if sum := sumOf(x); math.Abs(sum-float64(got.Behaviour)) > 0.5 {
			t.Fatalf("the parts add up to %g, the behaviour is %d", sum, got.Behaviour)
		}
		if len(got.Reasons) > score.MaxReasons {
			t.Fatalf("%d reasons", len(got.Reasons))
		}
		for _, reason := range got.Reasons {
			if len(reason) > score.MaxName+len(" could not be evaluated") || !utf8.ValidString(reason) {
				t.Fatalf("the reason %q has %d bytes", reason, len(reason))
			}
		}
		if _, err := json.Marshal(x); err != nil {
			t.Fatal(err)
		}
	})
}

// sumOf is what the parts of the behaviour come to.
func sumOf(x score.Explanation) float64 {
	sum := 0.0
	for _, p := range x.Parts {
		sum += p.Points
	}
	return min(sum, score.MaxPoints)
}

// FuzzCompile holds that no spec, however hostile, hangs or panics, nor does scoring
// by it.
func FuzzCompile(f *testing.F) {
	f.Add(`has_phone`, "age", 10, 14.0, 25.0)
	f.Add(`all(1..99, all(1..99, true))`, "", -1, math.Inf(1), 0.0)
	f.Add(`chance > 0.5`, "age", 10, 5e-324, math.NaN())
	f.Fuzz(func(t *testing.T, when, name string, points int, days, gain float64) {
		m, problems := score.Compile(score.Spec{
			Profile:   []score.Rule{{Name: name, When: when, Points: points}, {Name: name + "2", Bands: []score.Band{{When: when, Points: points}}}},
			Behaviour: score.Behaviour{HalfLife: &days, Signals: map[lead.SignalKind]score.Gain{lead.SignalDwell: {Points: gain, Cap: gain, HalfLife: &days}}},
			Grades:    []score.GradeRule{{Grade: lead.GradeA, When: when}, {Grade: lead.GradeD}},
		})
		if (m == nil) == (len(problems) == 0) {
			t.Fatal("neither a model nor a problem")
		}
		if m == nil {
			return
		}
		l := enquired(day, lead.Signal{Kind: lead.SignalDwell, ID: "d", At: noon.Add(-time.Hour), Sure: 100, Amount: 600}, signal(lead.SignalReply, "r", -day))
		x := m.Explain(l, lead.Facts{Answers: map[string]any{"age": 3.0, "text": name}}, nil, noon)
		if b := x.Score.Behaviour; b < 0 || b > 100 || math.IsNaN(sumOf(x)) {
			t.Fatalf("the behaviour is %d, %+v", b, x.Parts)
		}
	})
}

// TestHostileSignals: a lead that was read from anywhere is scored without harm.
func TestHostileSignals(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	for _, text := range []string{
		`{"signals":["dwell a 1772442000 100 1772442000 600","dwell a 1772442000 100","nothing b 0 100"]}`,
		`{"signals":["reply c -62167219200 100","reply d 253402300799 100 253402300799 600"],"created":"0001-01-01T00:00:00Z"}`,
		`{"created":"9999-12-31T23:59:59Z","signals":null}`,
	} {
		var l lead.Lead
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		for _, now := range []time.Time{noon, {}, noon.AddDate(5000, 0, 0)} {
			if x := m.Explain(l, l.Facts, chance(t, 0), now); math.IsNaN(sumOf(x)) || x.Score.Behaviour < 0 || x.Score.Behaviour > 100 {
				t.Errorf("%s: %+v", text, x)
			}
		}
	}
}

func TestReasonsAreBounded(t *testing.T) {
	t.Parallel()
	l := enquired(0)
	l.Facts.Channel = strings.Repeat("渠", 50)
	for _, reason := range compile(t, gradeless(score.Spec{})).Score(l, l.Facts, chance(t, 0), noon).Reasons {
		if len(reason) > score.MaxName+len(" +99.9") || !utf8.ValidString(reason) {
			t.Errorf("%q has %d bytes", reason, len(reason))
		}
	}
}
