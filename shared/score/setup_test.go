package score_test

import (
	"math"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// noon is when the leads of these tests are scored, unless it is said otherwise.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// fataler is a test of either kind.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func compile(t fataler, s score.Spec) *score.Model {
	t.Helper()
	m, problems := score.Compile(s)
	if problems != nil {
		t.Fatal(problems)
	}
	return m
}

// gradeless is a spec in which nothing but what is asked about matters.
func gradeless(s score.Spec) score.Spec {
	s.Grades = []score.GradeRule{{Grade: lead.GradeC}}
	return s
}

// enquired is a lead that came in a while ago and told of signals since.
func enquired(ago time.Duration, signals ...lead.Signal) lead.Lead {
	return lead.Lead{ID: "l1", Created: noon.Add(-ago), Touches: 1, Signals: lead.JoinSignals(nil, signals...)}
}

// listed is a lead from a list with these signals.
func listed(signals ...lead.Signal) lead.Lead {
	l := enquired(day, signals...)
	l.Listed = true
	return l
}

// signal is one that a person surely gave, a while ago.
func signal(kind lead.SignalKind, id string, ago time.Duration) lead.Signal {
	return lead.Signal{Kind: kind, ID: id, At: noon.Add(-ago), Sure: 100, Amount: 1}
}

// drawSignals draws signals of two months, some of the days to come, and some judged
// anew.
func drawSignals(t *rapid.T, most int) []lead.Signal {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Signal {
		s := lead.Signal{
			Kind: rapid.SampledFrom(lead.SignalKinds).Draw(t, "kind"), ID: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id"),
			At: noon.Add(-time.Duration(rapid.IntRange(-48, 60*24).Draw(t, "hours")) * time.Hour), Sure: rapid.IntRange(0, 100).Draw(t, "sure"),
		}
		if s.Kind == lead.SignalDwell {
			s.Amount = rapid.IntRange(1, 600).Draw(t, "minutes")
		}
		if n := rapid.IntRange(-3, 3).Draw(t, "judged"); n > 0 {
			s.Judged = s.At.Add(time.Duration(n) * time.Hour)
		}
		return s
	}), 0, most).Draw(t, "signals")
}

// chance is a learned model that says what its points come to. It knows the channel,
// the age, the clicks and what they do together.
func chance(t fataler, base float64) *score.Learned {
	t.Helper()
	m := &predict.Model{
		Format: 1, Columns: []string{"channel", "answer.age", "signal.click", "hour", "weekday"}, Base: base,
		Curves: []predict.Curve{
			{Column: 0, Levels: []string{"list", "referral", "website"}, Points: []float64{0, -0.1, -1.5, 1.25, 0.5}, Shares: []float64{0, 0, .2, .3, .5}},
			{Column: 1, Edges: []float64{4, 13}, Points: []float64{-0.3, 0, -2, 0.75, -0.5}, Shares: []float64{.1, 0, .1, .6, .2}},
			{Column: 2, Edges: []float64{0.5, 2}, Points: []float64{0, 0, -0.2, 0.4, 0.9}, Shares: []float64{0, 0, .5, .3, .2}},
			{Column: 3, Edges: []float64{8, 18}, Points: []float64{0, 0, -0.05, 0.02, -0.1}, Shares: []float64{0, 0, .2, .6, .2}},
			{Column: 4, Levels: []string{"sat", "sun"}, Points: []float64{0, 0.01, -0.15, -0.2}, Shares: []float64{0, .7, .2, .1}},
		},
		Pairs: []predict.Pair{{A: 0, B: 2, GroupsA: []int{0, 0, 0, 1, 1}, GroupsB: []int{0, 0, 0, 1, 1}, Points: [][]float64{{0, 0.1}, {-0.1, 0.3}}}},
	}
	if _, err := m.Encode(); err != nil {
		t.Fatal(err)
	}
	return score.NewLearned(m, 7, time.UTC)
}

// constant is a model that gives every lead the same chance.
func constant(t fataler, p float64) *score.Learned {
	t.Helper()
	m := &predict.Model{Format: 1, Base: math.Log(p / (1 - p))}
	if _, err := m.Encode(); err != nil {
		t.Fatal(err)
	}
	return score.NewLearned(m, 3, time.UTC)
}

// wide is a model with a curve for every feature, as large as they come.
func wide(t fataler) *score.Learned {
	t.Helper()
	m := &predict.Model{Format: 1, Columns: score.Features([]string{"role", "budget", "age"}), Base: -2}
	for i := range m.Columns {
		m.Curves = append(m.Curves, predict.Curve{Column: i, Levels: []string{"DE", "logistics", "website", "yes"}, Edges: []float64{1, 10, 100},
			Points: make([]float64, 10), Shares: make([]float64, 10)})
		m.Curves[i].Points[3] = float64(i) / 30
	}
	for i := range 10 {
		m.Pairs = append(m.Pairs, predict.Pair{A: i, B: i + 1, GroupsA: make([]int, 10), GroupsB: make([]int, 10), Points: [][]float64{{0.01}}})
	}
	if _, err := m.Encode(); err != nil {
		t.Fatal(err)
	}
	return score.NewLearned(m, 1, time.UTC)
}
