package app_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// trained takes a model into force.
func (b *bundle) trained(version int, m *predict.Model) {
	b.t.Helper()
	r := score.Record{Version: version, At: b.clock.Now(), Verdict: score.Promoted, Why: "better beyond chance", Closed: 1400, Won: 180}
	var err error
	if r.Model, err = m.Encode(); err == nil {
		err = b.table.PutTraining(b.t.Context(), r)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.clock.pass(time.Minute)
}

// TestRoundTripsOfScores: with a warm policy and model a score is one round trip, and
// one more where it has to be said why there is no model.
func TestRoundTripsOfScores(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), t.Context()
	l := b.enquire("trial", typed())
	rep, marketer, d := b.userOf(l.Owner()), b.user("mia"), b.desk
	score := func(u app.User) func() error {
		return func() error { _, err := d.Score(ctx, u, l.ID); return err }
	}
	if _, err := d.Score(ctx, rep, l.ID); err != nil { // the vault's key is read
		t.Fatal(err)
	}
	b.trips("a score by rules", 2, score(rep)) // lead+rep, the last training
	shown, err := d.Lead(ctx, rep, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.trips("the score of a lead that is shown", 0, func() error { _, err := d.ScoreOf(ctx, shown); return err })
	signal := app.SignalTold{Kind: lead.SignalVisit, ID: "v1", At: b.clock.Now()}
	tell := func() error {
		return act(d.Engage(ctx, marketer, app.Target{Lead: l.ID}, app.Interest{Signals: []app.SignalTold{signal}}))
	}
	b.trips("a signal", 2, tell) // lead, commit: a marketer is shown no person
	b.trips("a signal again", 1, tell)
	b.trained(1, &predict.Model{Format: 1, Base: -1})
	if err := score(rep)(); err != nil { // policy and model are read again
		t.Fatal(err)
	}
	b.trips("a score by a model", 1, score(rep))
	b.trips("the trainings", 2, func() error { _, err := d.Trainings(ctx, marketer, app.Page{}); return err }) // which is in force, the list
	b.trips("a training", 2, func() error { _, err := d.Training(ctx, marketer, 1); return err })
}

// TestScoreAddsUp: whatever a model gives points for, base and reasons come to its
// log-odds to the last bit, and these to the chance; the parts come to fit and behaviour.
func TestScoreAddsUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", typed())
	rep, version := b.userOf(l.Owner()), 0
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.Float64Range(-9, 9), 9, 9).Draw(t, "points")
		m := &predict.Model{Format: 1, Columns: []string{"city", "hour", "answer.age"}, Base: rapid.Float64Range(-9, 9).Draw(t, "base")}
		for i := range m.Columns {
			m.Curves = append(m.Curves, predict.Curve{Column: i, Edges: []float64{7}, Points: append([]float64{points[i]}, points[3+i], points[6+i], points[8-i]), Shares: []float64{.1, .2, .3, .4}})
		}
		version++
		b.trained(version, m)
		kind := rapid.SampledFrom(lead.SignalKinds).Draw(t, "kind")
		told := app.SignalTold{Kind: kind, ID: fmt.Sprint("s", version), At: b.clock.Now().Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "days")) * 24 * time.Hour)}
		if _, err := b.desk.Engage(t.Context(), b.user("mia"), app.Target{Lead: l.ID}, app.Interest{Signals: []app.SignalTold{told}}); err != nil {
			t.Fatal(err)
		}
		s, err := b.desk.Score(t.Context(), rep, l.ID)
		if err != nil || s.Odds == nil || s.Model != version {
			t.Fatalf("scored by model %d, want %d: %v", s.Model, version, err)
		}
		sum := s.Odds.Base
		for _, r := range s.Odds.Reasons {
			sum += r.Points
		}
		p := min(max(1/(1+math.Exp(-sum)), 1.0/lead.Certain), 1-1.0/lead.Certain)
		if sum != s.Odds.LogOdds || len(s.Odds.Reasons) != 3 || math.Abs(p-s.Chance) > 0.5000001/lead.Certain {
			t.Fatalf("base and reasons come to %g and %g, the score says %g and %g", sum, p, s.Odds.LogOdds, s.Chance)
		}
		behaviour, signals := 0.0, 0
		for _, i := range s.Interest {
			behaviour += i.Points
			signals += len(i.Signals)
		}
		if math.Round(min(behaviour, 100)) != float64(s.Behaviour) || signals != len(b.lead(l.ID).Enquired()) || s.Profile.Sum != s.Fit {
			t.Fatalf("the parts come to %g of %d signals: %+v", behaviour, signals, s)
		}
	})
}
