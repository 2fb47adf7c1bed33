package score_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// TestBehaviour works the sum out by hand, with the defaults.
func TestBehaviour(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	sure := func(s lead.Signal, n int) lead.Signal { s.Sure = n; return s }
	dwell := func(minutes int) lead.Signal { s := signal(lead.SignalDwell, "d", 0); s.Amount = minutes; return s }
	many := func(kind lead.SignalKind, n int, ago time.Duration) (all []lead.Signal) {
		for i := range n {
			all = append(all, signal(kind, fmt.Sprint("s", i), ago))
		}
		return all
	}
	for name, c := range map[string]struct {
		l    lead.Lead
		want float64
	}{
		"nobody yet":               {lead.Lead{}, 0},
		"just enquired":            {enquired(0), 25},
		"a half-life ago":          {enquired(14 * day), 12.5},
		"two half-lives ago":       {enquired(28 * day), 6.25},
		"from a list":              {listed(), 0},
		"from a list, and clicked": {listed(signal(lead.SignalClick, "c", 0)), 6},
		"enquired twice":           {enquired(14*day, signal(lead.SignalEnquiry, "e", 0)), 37.5},
		"thrice is capped":         {enquired(0, many(lead.SignalEnquiry, 2, 0)...), 50},
		"half sure":                {listed(sure(signal(lead.SignalOpen, "o", 0), 50)), 1},
		"a machine":                {listed(sure(signal(lead.SignalOpen, "o", 0), 0)), 0},
		"minutes":                  {listed(dwell(9)), 9},
		"hours are capped":         {listed(dwell(600)), 12},
		"as of yesterday's clock":  {listed(signal(lead.SignalReply, "r", -time.Hour)), 25},
		"another kind":             {listed(signal("of_tomorrow", "x", 0)), 0},
		"opens are capped":         {listed(many(lead.SignalOpen, 5, 0)...), 8},
		"and so fade later":        {listed(many(lead.SignalOpen, 8, 14*day)...), 8},
		"a month of visits":        {listed(many(lead.SignalVisit, 2, 28*day)...), 2},
		"all kinds": {listed(signal(lead.SignalOpen, "o", 0), signal(lead.SignalClick, "c", 0), signal(lead.SignalVisit, "v", 0), dwell(3),
			signal(lead.SignalDownload, "d", 0), signal(lead.SignalTalk, "t", 0)), 2 + 6 + 4 + 3 + 10 + 20},
		"never more than 100": {enquired(0, slices.Concat(many(lead.SignalEnquiry, 2, 0), many(lead.SignalReply, 2, 0), many(lead.SignalEvent, 2, 0))...), 100},
	} {
		x := m.Explain(c.l, lead.Facts{}, nil, noon)
		if sum := sumOf(x); math.Abs(sum-c.want) > 1e-9 || x.Score.Behaviour != int(math.Round(c.want)) {
			t.Errorf("%s: %g, rounded to %d, want %g", name, sum, x.Score.Behaviour, c.want)
		}
	}
}

// TestGains are the policy's own.
func TestGains(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{Behaviour: score.Behaviour{HalfLife: new(7.0), Signals: map[lead.SignalKind]score.Gain{
		lead.SignalOpen:  {Points: 0, Cap: 50},
		lead.SignalClick: {Points: 12, Cap: 30, HalfLife: new(1.0)},
		lead.SignalVisit: {Points: 50, Cap: 0},
	}}}))
	parts := m.Explain(listed(signal(lead.SignalOpen, "o", 0), signal(lead.SignalClick, "c", day), signal(lead.SignalClick, "c", 2*day),
		signal(lead.SignalVisit, "v", 0), signal(lead.SignalReply, "r", 7*day)), lead.Facts{}, nil, noon).Parts
	want := []score.Part{
		{Kind: lead.SignalOpen, Signals: 1}, {Kind: lead.SignalClick, Signals: 2, Points: 9},
		{Kind: lead.SignalVisit, Signals: 1, Capped: true}, {Kind: lead.SignalReply, Signals: 1, Points: 12.5},
	}
	if !slices.Equal(parts, want) {
		t.Errorf("%+v", parts)
	}
}

// TestDefaultGains: what machines do for people makes no lead hot, nor does any one
// kind that takes no more than a browser.
func TestDefaultGains(t *testing.T) {
	t.Parallel()
	if len(score.Gains) != len(lead.SignalKinds) {
		t.Errorf("%d kinds have a gain, there are %d", len(score.Gains), len(lead.SignalKinds))
	}
	hot := float64(score.DefaultHot.Behaviour)
	if opens, clicks := score.Gains[lead.SignalOpen].Cap, score.Gains[lead.SignalClick].Cap; opens+clicks >= hot {
		t.Errorf("mail scanners make a lead hot: %g and %g", opens, clicks)
	}
	for _, kind := range []lead.SignalKind{lead.SignalOpen, lead.SignalClick, lead.SignalVisit, lead.SignalDwell, lead.SignalDownload} {
		if score.Gains[kind].Cap >= hot {
			t.Errorf("%s alone makes a lead hot", kind)
		}
	}
}

// TestFadesWithoutAJump: the behaviour is continuous in time, where the cap binds too,
// and never rises by itself. It falls no faster than all signals together would.
func TestFadesWithoutAJump(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		half := rapid.Float64Range(0.5, 60).Draw(t, "half-life")
		s := gradeless(score.Spec{Behaviour: score.Behaviour{HalfLife: &half}})
		m := compile(t, s)
		l := drawLead(t)
		steepest := 0.0 // points a day
		for _, signal := range l.Enquired() {
			steepest += score.Gains[signal.Kind].Points * float64(signal.Sure) / 100 * float64(signal.Amount) * math.Ln2 / half
		}
		at := noon.Add(time.Duration(rapid.IntRange(-72, 30*24).Draw(t, "hours")) * time.Hour)
		step := time.Duration(rapid.Int64Range(1, int64(5*day)).Draw(t, "step"))
		before, after := m.Explain(l, l.Facts, nil, at), m.Explain(l, l.Facts, nil, at.Add(step))
		fallen := sumOf(before) - sumOf(after)
		if fallen < -1e-9 || after.Score.Behaviour > before.Score.Behaviour {
			t.Fatalf("it rises by itself: %g, after %v %g", sumOf(before), step, sumOf(after))
		}
		if most := steepest * step.Hours() / 24; fallen > most+1e-9 {
			t.Fatalf("it falls by %g in %v, at most by %g", fallen, step, most)
		}
		for i, p := range before.Parts {
			if next := after.Parts[i]; next.Kind != p.Kind || next.Signals != p.Signals || next.Points > p.Points+1e-9 {
				t.Fatalf("%+v becomes %+v", p, next)
			}
		}
	})
}

// TestOrderDoesNotMatter: however signals arrive and how often, the score is the same
// to the last bit, and one that was judged anew counts by the latest judgement.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	rapid.Check(t, func(t *rapid.T) {
		told := drawSignals(t, 40)
		again := slices.Concat(told, rapid.SliceOfN(rapid.SampledFrom(append(told, signal(lead.SignalOpen, "o", 0))), 0, 10).Draw(t, "again"))
		told = append(told, again[len(told):]...)
		one, other := enquired(day), enquired(day)
		one.Signals = lead.JoinSignals(nil, told...)
		for _, s := range rapid.Permutation(again).Draw(t, "order") {
			other.Signals = lead.JoinSignals(other.Signals, s)
		}
		if a, b := m.Explain(one, one.Facts, nil, noon), m.Explain(other, other.Facts, nil, noon); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

// TestJudgedAnew: a click that turns out to be a machine's, or a person's after all,
// counts so from then on, as if that had been known at once.
func TestJudgedAnew(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{}))
	click := signal(lead.SignalClick, "c", 2*day)
	click.Sure = 90
	machine, person := click, click
	machine.Judged, machine.Sure = noon.Add(-time.Hour), 5
	person.Judged, person.Sure = noon.Add(-time.Minute), 100
	sum := func(told ...lead.Signal) float64 { return sumOf(m.Explain(listed(told...), lead.Facts{}, nil, noon)) }
	full := 6 * math.Exp2(-2.0/14)
	for name, c := range map[string]struct{ got, want float64 }{
		"as told":                   {sum(click), 0.9 * full},
		"a machine's":               {sum(click, machine), 0.05 * full},
		"a machine's, told first":   {sum(machine, click), 0.05 * full},
		"a person's after all":      {sum(click, machine, person), full},
		"a person's, told in order": {sum(person, click, machine), full},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", name, c.got, c.want)
		}
	}
}

// TestAnotherSureSignalNeverHurts: what a person did never makes the behaviour less,
// though it may push the oldest of its kind out.
func TestAnotherSureSignalNeverHurts(t *testing.T) {
	t.Parallel()
	m := compile(t, gradeless(score.Spec{Behaviour: score.Behaviour{Signals: map[lead.SignalKind]score.Gain{lead.SignalVisit: {Points: 1, Cap: 100}}}}))
	rapid.Check(t, func(t *rapid.T) {
		l := listed()
		for i := range rapid.IntRange(0, 40).Draw(t, "visits") {
			l.Signals = lead.JoinSignals(l.Signals, signal(lead.SignalVisit, fmt.Sprint("v", i), time.Duration(rapid.IntRange(0, 1000).Draw(t, "hours"))*time.Hour))
		}
		before := sumOf(m.Explain(l, l.Facts, nil, noon))
		l.Signals = lead.JoinSignals(l.Signals, signal(lead.SignalVisit, "one more", time.Duration(rapid.IntRange(0, 1000).Draw(t, "ago"))*time.Hour))
		if after := sumOf(m.Explain(l, l.Facts, nil, noon)); after < before-1e-9 {
			t.Fatalf("%g, with one more %g", before, after)
		}
	})
}
