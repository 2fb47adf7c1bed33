package gauge

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const yes, no = true, false

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// Worked out by hand.
func TestMeasures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p                              []float64
		positive                       []bool
		auc, half, fifth, brier, ece10 float64
		logLoss                        float64
	}{
		"perfect": {[]float64{0.9, 0.8, 0.2, 0.1}, []bool{yes, yes, no, no}, 1, 1, 0.4, 0.025, 0.15,
			-(math.Log(0.9) + math.Log(0.8) + math.Log(0.8) + math.Log(0.9)) / 4},
		"upside down": {[]float64{0.9, 0.8, 0.2, 0.1}, []bool{no, no, yes, yes}, 0, 0, 0, 0.725, 0.85,
			-(math.Log(0.1) + math.Log(0.2) + math.Log(0.2) + math.Log(0.1)) / 4},
		// Of 4 pairs one is right, one wrong and two are equal.
		"ties": {[]float64{0.7, 0.5, 0.5, 0.5}, []bool{no, yes, no, yes}, 0.25, 1. / 3, 0, (0.49 + 0.75) / 4, 0.75*(2./3-0.5) + 0.25*0.7,
			-(math.Log(0.3) + 3*math.Log(0.5)) / 4},
		"one score":         {[]float64{0.5, 0.5, 0.5, 0.5}, []bool{no, yes, no, yes}, 0.5, 0.5, 0.2, 0.25, 0, math.Ln2},
		"all positive":      {[]float64{0.9, 0.6}, []bool{yes, yes}, 0.5, 0.5, 0.2, (0.01 + 0.16) / 2, 0.25, -(math.Log(0.9) + math.Log(0.6)) / 2},
		"all negative":      {[]float64{0.5, 0.25}, []bool{no, no}, 0.5, 0.5, 0.2, (0.25 + 0.0625) / 2, 0.375, -(math.Log(0.5) + math.Log(0.75)) / 2},
		"none":              {nil, nil, 0.5, 0.5, 0.2, 0, 0, 0},
		"sure, and right":   {[]float64{1, 0}, []bool{yes, no}, 1, 1, 0.4, 0, 0, 0},
		"sure, and wrong":   {[]float64{1, 0}, []bool{no, yes}, 0, 0, 0, 1, 1, -math.Log(1e-15)},
		"not probabilities": {[]float64{7, math.NaN(), math.Inf(-1), math.Inf(1)}, []bool{yes, no, no, yes}, 1, 1, 0.4, 0, 0, 0},
	} {
		s := Measure(c.p, c.positive)
		for what, both := range map[string][2]float64{"AUC": {s.AUC, c.auc}, "best half": {s.BestHalf, c.half}, "best fifth": {s.BestFifth, c.fifth},
			"Brier": {s.Brier, c.brier}, "ECE": {s.ECE, c.ece10}} {
			if !near(both[0], both[1]) {
				t.Errorf("%s: %s is %v, want %v", name, what, both[0], both[1])
			}
		}
		if math.Abs(s.LogLoss-c.logLoss) > 0.02 && name == "sure, and wrong" || math.Abs(s.LogLoss-c.logLoss) > 1e-9 && name != "sure, and wrong" {
			t.Errorf("%s: log-loss is %v, want %v", name, s.LogLoss, c.logLoss)
		}
	}
	if s := Measure([]float64{0.5, 0.1, 0.2, 0.3}, []bool{yes, no, no, no}); !near(s.BaseLogLoss, -(0.25*math.Log(0.25)+0.75*math.Log(0.75))) || s.Rows != 4 || s.Positives != 1 {
		t.Errorf("%+v", s)
	}
}

func TestBins(t *testing.T) {
	t.Parallel()
	p := []float64{0.05, 0.15, 0.1, 1, 0.95, 0.55, 0.55, 0.55}
	positive := []bool{no, no, yes, yes, yes, yes, no, no}
	type bin struct {
		rows             int
		from, to, s, won float64
	}
	for name, c := range map[string]struct {
		got  []Bin
		want []bin
	}{
		"by width": {ByWidth(p, positive, 10), []bin{{1, 0.05, 0.05, 0.05, 0}, {2, 0.1, 0.15, 0.125, 0.5}, {3, 0.55, 0.55, 0.55, 1. / 3}, {2, 0.95, 1, 0.975, 1}}},
		"by count": {ByCount(p, positive, 4), []bin{{2, 0.05, 0.1, 0.075, 0.5}, {1, 0.15, 0.15, 0.15, 0}, {3, 0.55, 0.55, 0.55, 1. / 3}, {2, 0.95, 1, 0.975, 1}}},
	} {
		if !slices.EqualFunc(c.got, c.want, func(g Bin, w bin) bool {
			return g.Rows == w.rows && g.From == w.from && g.To == w.to && near(g.Said, w.s) && near(g.Seen, w.won) && near(g.Error, math.Sqrt(w.s*(1-w.s)/float64(w.rows)))
		}) {
			t.Errorf("%s: %+v", name, c.got)
		}
	}
}

func TestLift(t *testing.T) {
	t.Parallel()
	got := Lift([]float64{0.9, 0.8, 0.3, 0.3}, []bool{yes, no, yes, no}, 4)
	if want := []Point{{0, 0}, {0.25, 0.5}, {0.5, 0.5}, {0.75, 0.75}, {1, 1}}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got, want := Lift(nil, nil, 2), []Point{{0, 0}, {0.5, 0.5}, {1, 1}}; !slices.Equal(got, want) {
		t.Errorf("of nothing %v", got)
	}
}

func TestDifferentRows(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func([]float64, []bool){
		"AUC": func(p []float64, y []bool) { AUC(p, y) }, "log-loss": func(p []float64, y []bool) { LogLoss(p, y) }, "Brier": func(p []float64, y []bool) { Brier(p, y) },
		"ECE": func(p []float64, y []bool) { ECE(p, y, 10) }, "half": func(p []float64, y []bool) { BestShare(p, y, 0.5) }, "all": func(p []float64, y []bool) { Measure(p, y) },
		"beats": func(p []float64, y []bool) { Beats([]float64{1}, p, y) },
	} {
		func() {
			defer func() {
				if said, ok := recover().(string); !ok || !strings.Contains(said, "different rows") {
					t.Errorf("%s took rows of different numbers", name)
				}
			}()
			f([]float64{0.1, 0.2}, []bool{yes})
		}()
	}
}

// rows draws predictions, often equal ones, and outcomes.
func rows(t *rapid.T) ([]float64, []bool) {
	n := rapid.IntRange(0, 60).Draw(t, "n")
	some := rapid.OneOf(rapid.SampledFrom([]float64{0, 0.1, 0.25, 0.5, 0.9, 1}), rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{math.NaN(), -3, 8}))
	return rapid.SliceOfN(some, n, n).Draw(t, "p"), rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "positive")
}

// The quick way of counting pairs comes to what counting every pair does.
func TestAUCCountsPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, positive := rows(t)
		right, pairs := 0.0, 0.0
		for i := range p {
			for j := range p {
				if !positive[i] || positive[j] {
					continue
				}
				pairs++
				switch x, y := bounded(p[i]), bounded(p[j]); {
				case x > y:
					right++
				case x == y:
					right += 0.5
				}
			}
		}
		want := 0.5
		if pairs > 0 {
			want = right / pairs
		}
		if got := AUC(p, positive); !near(got, want) {
			t.Errorf("AUC %v, by pairs %v", got, want)
		}
	})
}

func TestMeasureProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, positive := rows(t)
		s := Measure(p, positive)
		for what, x := range map[string]float64{"AUC": s.AUC, "Brier": s.Brier, "ECE": s.ECE, "ECE by count": s.ECEByCount, "half": s.BestHalf, "fifth": s.BestFifth} {
			if !(x >= 0 && x <= 1) {
				t.Errorf("%s is %v", what, x)
			}
		}
		if !(s.LogLoss >= 0 && s.LogLoss < 35) || !(s.BaseLogLoss >= 0 && s.BaseLogLoss <= math.Ln2+1e-12) {
			t.Errorf("log-loss is %v, %v of chance", s.LogLoss, s.BaseLogLoss)
		}
		// Whatever order the rows come in.
		order := rapid.Permutation(seq(len(p))).Draw(t, "order")
		q, outcomes := make([]float64, len(p)), make([]bool, len(p))
		for to, from := range order {
			q[to], outcomes[to] = p[from], positive[from]
		}
		if other := Measure(q, outcomes); other.AUC != s.AUC || other.BestHalf != s.BestHalf || !near(other.LogLoss, s.LogLoss) || !near(other.ECE, s.ECE) || !near(other.Brier, s.Brier) {
			t.Errorf("in another order %+v, was %+v", other, s)
		}
		// Turned round, what was right is wrong.
		for i := range outcomes {
			outcomes[i] = !outcomes[i]
		}
		if turned := AUC(q, outcomes); !near(turned, 1-s.AUC) {
			t.Errorf("turned round the AUC is %v, was %v", turned, s.AUC)
		}
		// Bins hold every row once, in order.
		for _, all := range [][]Bin{ByWidth(p, positive, 7), ByCount(p, positive, 7)} {
			n, before := 0, -1.0
			won := 0.0
			for _, b := range all {
				if b.From <= before || b.To < b.From || b.Rows < 1 || b.Said < b.From || b.Said > b.To {
					t.Errorf("bin %+v after %v", b, before)
				}
				n, before, won = n+b.Rows, b.To, won+b.Seen*float64(b.Rows)
			}
			if n != len(p) || len(all) > 7 || math.Abs(won-float64(s.Positives)) > 1e-9 {
				t.Errorf("%d of %d rows, %v of %d positives in %d bins", n, len(p), won, s.Positives, len(all))
			}
		}
		// The curve climbs from nothing to all, and is BestShare.
		curve := Lift(p, positive, 5)
		for i, at := range curve {
			if i > 0 && at.Found < curve[i-1].Found-1e-12 || !near(at.Found, BestShare(p, positive, at.Rows)) {
				t.Errorf("curve %v", curve)
			}
		}
	})
}

func seq(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func BenchmarkMeasure(b *testing.B) {
	p, positive := make([]float64, 50_000), make([]bool, 50_000)
	for i := range p {
		p[i], positive[i] = math.Mod(float64(i)*0.6180339887, 1), i%3 == 0
	}
	for b.Loop() {
		Measure(p, positive)
	}
}
