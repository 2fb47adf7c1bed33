package score_test

import (
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// TestLearnedReasonsAddUp: base and reasons are the log-odds of the chance that is
// told, the weightiest first, as far as a chance is kept to 1/10,000 and is never
// certain.
func TestLearnedReasonsAddUp(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	rapid.Check(t, func(t *rapid.T) {
		l := drawLead(t)
		x := m.Explain(l, l.Facts, chance(t, rapid.Float64Range(-12, 12).Draw(t, "base")), noon)
		odds, weightiest := x.Base, math.Inf(1)
		for _, r := range x.Reasons {
			odds += r.Points
			if math.Abs(r.Points) > weightiest {
				t.Fatalf("%+v is not in order", x.Reasons)
			}
			weightiest = math.Abs(r.Points)
		}
		p := 1 / (1 + math.Exp(-odds))
		if want := min(max(p*lead.Certain, 1), lead.Certain-1); math.Abs(float64(x.Score.Chance)-want) > 0.5+1e-9 {
			t.Fatalf("reasons add up to %g, the chance is %d", want, x.Score.Chance)
		}
		if x.Score.Model != 7 || x.Unassisted {
			t.Fatalf("by model %d", x.Score.Model)
		}
	})
}

func TestLearned(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	odds := func(l lead.Lead) float64 {
		x := m.Explain(l, l.Facts, chance(t, 0), noon)
		sum := x.Base
		for _, r := range x.Reasons {
			sum += r.Points
		}
		return sum
	}
	with := func(edit func(*lead.Lead)) lead.Lead {
		l := enquired(2 * time.Hour) // on a Monday at 10
		edit(&l)
		return l
	}
	const known = 0.02 + 0.01 // of the hour and the day
	unsure := signal(lead.SignalClick, "c", time.Hour)
	unsure.Sure = 40
	for name, c := range map[string]struct {
		l    lead.Lead
		want float64
	}{
		"nothing known":          {with(func(*lead.Lead) {}), -0.3 - 0.2 + known},
		"a channel":              {with(func(l *lead.Lead) { l.Facts.Channel = "Referral" }), 1.25 - 0.3 - 0.2 - 0.1 + known},
		"a channel never seen":   {with(func(l *lead.Lead) { l.Facts.Channel = "blimp" }), -0.1 - 0.3 - 0.2 + known},
		"an answer":              {with(func(l *lead.Lead) { l.Facts.Answers = map[string]any{"age": 7.0} }), 0.75 - 0.2 + known},
		"an answer in text":      {with(func(l *lead.Lead) { l.Facts.Answers = map[string]any{"age": "7"} }), 0.75 - 0.2 + known},
		"an answer that is none": {with(func(l *lead.Lead) { l.Facts.Answers = map[string]any{"age": nil} }), -0.3 - 0.2 + known},
		"a click":                {with(func(l *lead.Lead) { l.Signals = []lead.Signal{signal(lead.SignalClick, "c", time.Hour)} }), -0.3 + 0.4 + 0.1 + known},
		"perhaps a click":        {with(func(l *lead.Lead) { l.Signals = []lead.Signal{unsure} }), -0.3 - 0.2 + known},
		"at night, on a Sunday":  {with(func(l *lead.Lead) { l.Created = noon.Add(-33 * time.Hour) }), -0.3 - 0.2 - 0.05 - 0.2},
		"a click, then a contact": {with(func(l *lead.Lead) {
			l.Signals, l.Contacted = []lead.Signal{signal(lead.SignalClick, "c", time.Hour)}, noon.Add(-time.Minute)
		}), -0.3 + 0.4 + 0.1 + known},
		"a contact, then a click": {with(func(l *lead.Lead) {
			l.Signals, l.Contacted = []lead.Signal{signal(lead.SignalClick, "c", time.Minute)}, noon.Add(-time.Hour)
		}), -0.3 - 0.2 + known},
	} {
		if got := odds(c.l); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
	}
}

// TestLearnedSeesNothingSensitive: neither what is sealed with the lead nor the facts
// that hold opened answers make any difference to the chance.
func TestLearnedSeesNothingSensitive(t *testing.T) {
	t.Parallel()
	m := compile(t, spec())
	learned := chance(t, 0)
	rapid.Check(t, func(t *rapid.T) {
		l, facts := drawLead(t), drawFacts(t)
		opened := l
		opened.Private = lead.Sealed(rapid.String().Draw(t, "sealed"))
		a, b := m.Explain(l, l.Facts, learned, noon), m.Explain(opened, facts, learned, noon)
		if a.Score.Chance != b.Score.Chance || !reflect.DeepEqual(a.Reasons, b.Reasons) {
			t.Fatalf("%v\n%v", a.Reasons, b.Reasons)
		}
		history := []lead.Entry{{Lead: "l1", Version: 1, At: noon, Events: []lead.Event{
			lead.Captured{Facts: l.Facts}, lead.Closed{As: lead.StateJunk}}}}
		was := score.OutcomeOf(history, time.UTC).Known
		history[0].Events[0] = lead.Captured{Facts: l.Facts, Private: opened.Private}
		if is := score.OutcomeOf(history, time.UTC).Known; !reflect.DeepEqual(was, is) {
			t.Fatalf("%v\n%v", was, is)
		}
	})
}

// TestLearnedAsScored: what is learned from a lead is what it is scored by at that
// moment: a model sees the same in both.
func TestLearnedAsScored(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	rapid.Check(t, func(t *rapid.T) {
		l := drawLead(t)
		for name, answer := range l.Facts.Answers { // a model knows no larger numbers by heart
			if x, ok := answer.(float64); ok {
				l.Facts.Answers[name] = math.Mod(x, 1e6)
			}
		}
		history := []lead.Entry{{Lead: "l1", Version: 1, At: l.Created, Events: []lead.Event{lead.Captured{Facts: l.Facts}, lead.Engaged{Signals: l.Signals}}}}
		if rapid.Bool().Draw(t, "contacted") { // what comes of it makes no difference
			at := noon.Add(49 * time.Hour).Add(700 * time.Millisecond)
			done := at.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "logged late")) * time.Hour)
			later := signal(lead.SignalVisit, "later", -60*time.Hour)
			history = append(history, lead.Entry{Lead: "l1", Version: 2, At: at, Events: []lead.Event{
				rapid.SampledFrom([]lead.Event{lead.Logged{Way: lead.WayMail, Inbound: true, Done: done}, lead.Called{Outcome: lead.Talked, Done: done}}).Draw(t, "contact")}},
				lead.Entry{Lead: "l1", Version: 3, At: noon.Add(61 * time.Hour), Events: []lead.Event{lead.Engaged{Signals: []lead.Signal{later}}}})
		}
		l = lead.Fold(history)
		o := score.OutcomeOf(append(history, lead.Entry{Lead: "l1", Version: 2, At: noon.AddDate(1, 0, 0), Events: []lead.Event{lead.Closed{As: lead.StateLost}}}), time.UTC)
		for _, name := range append(score.Features([]string{"age", "budget", "size"}), "answer.none", "signal.none", "none") {
			x := m.Explain(l, l.Facts, score.NewLearned(recognises(t, name, o.Known[name]), 1, time.UTC), noon)
			if x.Reasons[0].Points != 1 {
				t.Fatalf("%s is learned as %q, scored as %q", name, o.Known[name], x.Reasons[0].Value)
			}
		}
	})
}

// TestFaintReasonsAreNone: what a model says next to nothing about takes no place among
// the reasons that are kept.
func TestFaintReasonsAreNone(t *testing.T) {
	t.Parallel()
	points := func(p float64) *score.Learned {
		return score.NewLearned(&predict.Model{Format: 1, Columns: []string{"city"}, Curves: []predict.Curve{{Points: []float64{p, 0}, Shares: []float64{1, 0}}}}, 1, time.UTC)
	}
	m := compile(t, gradeless(score.Spec{}))
	for p, want := range map[float64]int{0.09: 0, -0.09: 0, 0.1: 1, -0.1: 1} {
		if x := m.Explain(enquired(0), lead.Facts{}, points(p), noon); len(x.Score.Reasons) != want || len(x.Reasons) != 1 {
			t.Errorf("%g: %q of %v", p, x.Score.Reasons, x.Reasons)
		}
	}
}

// recognises is a model that gives a point where a feature is what it was learned as.
func recognises(t fataler, name, value string) *predict.Model {
	m := &predict.Model{Format: 1, Columns: []string{name}, Curves: []predict.Curve{{Points: []float64{1, 0}, Shares: []float64{1, 0}}}}
	if cell := predict.Text(value); !cell.Missing() {
		m.Curves[0] = predict.Curve{Levels: []string{cell.String()}, Points: []float64{0, 0, 1}, Shares: []float64{0, 0, 1}}
	}
	if _, err := m.Encode(); err != nil {
		t.Fatal(err)
	}
	return m
}
