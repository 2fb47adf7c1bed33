package learn_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"sluice/shared/gauge"
	"sluice/shared/learn"
	"sluice/shared/predict"
)

// world makes tables: each row draws its cells and the log-odds of its outcome.
type world struct {
	names []string
	row   func(r *rand.Rand) (cells []string, logOdds float64)
}

func (w world) draw(rows int, seed uint64) (learn.Table, []bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	t := make(learn.Table, len(w.names))
	for i, name := range w.names {
		t[i].Name = name
	}
	positive := make([]bool, rows)
	for i := range positive {
		cells, logOdds := w.row(r)
		for j, c := range cells {
			t[j].Cells = append(t[j].Cells, predict.Text(c))
		}
		positive[i] = r.Float64() < 1/(1+math.Exp(-logOdds))
	}
	return t, positive
}

func fit(t testing.TB, table learn.Table, positive []bool, o learn.Options) learn.Result {
	t.Helper()
	r, err := learn.Fit(context.Background(), table, positive, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// score is the model's chance of each row.
func score(m *predict.Model, t learn.Table) []float64 {
	row := make([]predict.Cell, len(m.Features()))
	p := make([]float64, len(t[0].Cells))
	for i := range p {
		for j, name := range m.Features() {
			at := slices.IndexFunc(t, func(c learn.Column) bool { return c.Name == name })
			row[j] = t[at].Cells[i]
		}
		p[i] = m.Chance(row)
	}
	return p
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// mixed has a bent curve, levels, cells that are missing for a reason, and noise.
func mixed() world {
	return world{[]string{"Age", "Source", "Budget", "Noise", "Colour"}, func(r *rand.Rand) ([]string, float64) {
		age, source, budget := r.Float64()*60, r.IntN(5), ""
		odds := -3 + 2*math.Sin(age/10) + []float64{-1, 0, 0.3, 1, 1.5}[source]
		if r.Float64() < 0.6 {
			x := r.Float64() * 1000
			budget = number(x)
			odds += x / 500
		}
		return []string{number(age), "source " + strconv.Itoa(source), budget, number(r.NormFloat64()), strconv.Itoa(r.IntN(9)) + " red"}, odds
	}}
}

func TestFit(t *testing.T) {
	t.Parallel()
	table, positive := mixed().draw(6000, 1)
	r := fit(t, table, positive, learn.Options{})
	fresh, outcomes := mixed().draw(6000, 2)
	p := score(r.Model, fresh)
	ideal := make([]float64, 0, len(p))
	world := rand.New(rand.NewPCG(2, 1))
	for range p {
		_, odds := mixed().row(world)
		ideal = append(ideal, 1/(1+math.Exp(-odds)))
		world.Float64()
	}
	if got, best := gauge.LogLoss(p, outcomes), gauge.LogLoss(ideal, outcomes); got > best+0.01 {
		t.Errorf("log-loss %.4f, the truth has %.4f", got, best)
	}
	if e := gauge.ECE(p, outcomes, 10); e > 0.025 {
		t.Errorf("calibration error %.3f", e)
	}
	if got, out := gauge.LogLoss(p, outcomes), gauge.LogLoss(r.Out, positive); math.Abs(got-out) > 0.02 {
		t.Errorf("log-loss of new rows %.4f, of rows in folds %.4f", got, out)
	}
	for i := range 100 {
		var row []predict.Cell
		for _, name := range r.Model.Features() {
			at := slices.IndexFunc(fresh, func(c learn.Column) bool { return c.Name == name })
			row = append(row, fresh[at].Cells[i])
		}
		sum, reasons := r.Model.Explain(row)
		for _, reason := range reasons {
			sum += reason.Points
		}
		if math.Float64bits(sum) != math.Float64bits(r.Model.LogOdds(row)) {
			t.Errorf("row %d: reasons add up to %v, log-odds are %v", i, sum, r.Model.LogOdds(row))
		}
	}
	if r.Importance[0].Feature != "Age" {
		t.Errorf("most important is %v, want Age", r.Importance[0])
	}
	data, err := r.Model.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := predict.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(score(again, fresh), p) {
		t.Error("the artifact predicts something else")
	}
}

func TestFitIsDeterministic(t *testing.T) {
	t.Parallel()
	table, positive := mixed().draw(800, 3)
	encode := func(seed uint64) []byte {
		data, err := fit(t, table, positive, learn.Options{Seed: seed}).Model.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(encode(7), encode(7)) {
		t.Error("the same seed gave two models")
	}
	if bytes.Equal(encode(7), encode(8)) {
		t.Error("another seed gave the same folds")
	}
}

// What is pure chance teaches nothing, and the model says the share of positives.
func TestFitNoise(t *testing.T) {
	t.Parallel()
	noise := world{[]string{"a", "b", "c", "d"}, func(r *rand.Rand) ([]string, float64) {
		return []string{number(r.Float64()), number(r.NormFloat64()), "l" + strconv.Itoa(r.IntN(40)), "m" + strconv.Itoa(r.IntN(4000))}, -1.5
	}}
	for _, rows := range []int{1000, 5000} {
		table, positive := noise.draw(rows, 5)
		r := fit(t, table, positive, learn.Options{})
		fresh, outcomes := noise.draw(5000, 6)
		p := score(r.Model, fresh)
		if auc := gauge.AUC(p, outcomes); math.Abs(auc-0.5) > 0.03 {
			t.Errorf("%d rows: AUC of noise %.3f", rows, auc)
		}
		if auc := gauge.AUC(r.Out, positive); math.Abs(auc-0.5) > 0.06 {
			t.Errorf("%d rows: AUC of noise in folds %.3f", rows, auc)
		}
		if e := gauge.ECE(p, outcomes, 10); e > 0.04 {
			t.Errorf("%d rows: calibration error of noise %.3f", rows, e)
		}
	}
}

// Few positives in a small table: worse than the truth, better than nothing.
func TestFitFewPositives(t *testing.T) {
	t.Parallel()
	w := world{[]string{"a", "b", "c", "d", "e"}, func(r *rand.Rand) ([]string, float64) {
		a, b := r.Float64()*10, r.IntN(3)
		return []string{number(a), "b" + strconv.Itoa(b), number(r.Float64()), number(r.Float64()), "e" + strconv.Itoa(r.IntN(30))}, -5.5 + a/3 + float64(b)*0.5
	}}
	table, positive := w.draw(1000, 1)
	r := fit(t, table, positive, learn.Options{})
	fresh, outcomes := w.draw(10000, 2)
	p := score(r.Model, fresh)
	if auc := gauge.AUC(p, outcomes); auc < 0.65 {
		t.Errorf("AUC %.3f", auc)
	}
	if e := gauge.ECE(p, outcomes, 10); e > 0.03 {
		t.Errorf("calibration error %.3f", e)
	}
}

// Two features that only tell something together.
func TestFitPairs(t *testing.T) {
	t.Parallel()
	w := world{[]string{"a", "b", "c"}, func(r *rand.Rand) ([]string, float64) {
		a, b := r.Float64(), r.IntN(2)
		odds := 1.5
		if (a > 0.5) == (b == 1) {
			odds = -1.5
		}
		return []string{number(a), strconv.Itoa(b) + " b", number(r.Float64())}, odds
	}}
	table, positive := w.draw(3000, 1)
	r := fit(t, table, positive, learn.Options{})
	fresh, outcomes := w.draw(3000, 2)
	if auc := gauge.AUC(score(r.Model, fresh), outcomes); auc < 0.79 {
		t.Errorf("AUC %.3f", auc)
	}
	if quick := fit(t, table, positive, learn.Options{Quick: true}); len(quick.Model.Pairs) != 0 {
		t.Error("quick fits look for pairs")
	}
}

// Thousands of levels that each have few rows: what they tell must hold on new rows.
func TestFitManyLevels(t *testing.T) {
	t.Parallel()
	w := world{[]string{"City", "x"}, func(r *rand.Rand) ([]string, float64) {
		city := min(r.IntN(5000), r.IntN(5000), r.IntN(5000), r.IntN(5000), r.IntN(5000), r.IntN(5000), r.IntN(5000), r.IntN(5000))
		return []string{"city " + strconv.Itoa(city), number(r.Float64())}, 1.5*math.Sin(float64(city*city)) - 1
	}}
	table, positive := w.draw(20000, 1)
	r := fit(t, table, positive, learn.Options{})
	fresh, outcomes := w.draw(10000, 2)
	p := score(r.Model, fresh)
	if auc := gauge.AUC(p, outcomes); auc < 0.6 {
		t.Errorf("AUC %.3f", auc)
	}
	if got, out := gauge.LogLoss(p, outcomes), gauge.LogLoss(r.Out, positive); math.Abs(got-out) > 0.015 {
		t.Errorf("log-loss of new rows %.4f, of rows in folds %.4f", got, out)
	}
	data, err := r.Model.Encode()
	if err != nil || len(data) > 40_000 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

// A level never seen is a rare one, not a missing one.
func TestFitUnseenLevel(t *testing.T) {
	t.Parallel()
	w := world{[]string{"Source", "x"}, func(r *rand.Rand) ([]string, float64) {
		switch source := r.IntN(10); {
		case source < 2:
			return []string{"", number(r.Float64())}, -3
		case source < 5:
			return []string{"rare " + strconv.Itoa(r.IntN(2000)), number(r.Float64())}, 2
		}
		return []string{"common", number(r.Float64())}, -1
	}}
	table, positive := w.draw(3000, 1)
	m := fit(t, table, positive, learn.Options{}).Model
	chance := func(source string) float64 {
		row := make([]predict.Cell, len(m.Features()))
		row[slices.Index(m.Features(), "Source")] = predict.Text(source)
		return m.Chance(row)
	}
	if p := chance("brand new"); p < 0.8 || p > 0.95 {
		t.Errorf("never seen: %.2f, want what rare levels have, 0.88", p)
	}
	if p := chance(""); p < 0.02 || p > 0.1 {
		t.Errorf("missing: %.2f, want 0.05", p)
	}
}

func TestFitMonotone(t *testing.T) {
	t.Parallel()
	w := world{[]string{"x", "y"}, func(r *rand.Rand) ([]string, float64) {
		x := r.Float64()
		return []string{number(x * 100), number(r.Float64())}, 6*x - 3
	}}
	table, positive := w.draw(4000, 1)
	m := fit(t, table, positive, learn.Options{}).Model
	at := slices.Index(m.Features(), "x")
	before := 0.0
	for x := 5.0; x < 100; x += 15 {
		row := make([]predict.Cell, len(m.Features()))
		row[at] = predict.Number(x)
		p := m.Chance(row)
		if p <= before {
			t.Errorf("chance at %v is %.3f, at the step before %.3f", x, p, before)
		}
		before = p
	}
}

func TestFitRefuses(t *testing.T) {
	t.Parallel()
	table, positive := mixed().draw(100, 1)
	if _, err := learn.Fit(context.Background(), table, make([]bool, 100), learn.Options{}, nil); !errors.Is(err, learn.ErrOneOutcome) {
		t.Errorf("one outcome: %v", err)
	}
	same := learn.Table{{Name: "x", Cells: make([]predict.Cell, 100)}}
	if _, err := learn.Fit(context.Background(), same, positive, learn.Options{}, nil); !errors.Is(err, learn.ErrNoFeature) {
		t.Errorf("nothing but empty cells: %v", err)
	}
	if _, err := learn.Fit(context.Background(), table, positive[:99], learn.Options{}, nil); err == nil {
		t.Error("too few outcomes are taken")
	}
	if _, err := learn.Fit(context.Background(), append(table, table[0]), positive, learn.Options{}, nil); err == nil {
		t.Error("two columns of one name are taken")
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := learn.Fit(ended, table, positive, learn.Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// Tables of a few rows give a model that is valid.
func TestFitTiny(t *testing.T) {
	t.Parallel()
	for rows := 2; rows < 40; rows += 3 {
		table, positive := mixed().draw(rows, uint64(rows))
		positive[0], positive[1] = true, false
		r, err := learn.Fit(context.Background(), table, positive, learn.Options{}, nil)
		if errors.Is(err, learn.ErrNoFeature) {
			continue
		}
		if err != nil {
			t.Fatalf("%d rows: %v", rows, err)
		}
		if _, err := r.Model.Encode(); err != nil {
			t.Errorf("%d rows: %v", rows, err)
		}
	}
}

func BenchmarkFit(b *testing.B) {
	table, positive := mixed().draw(3000, 1)
	for b.Loop() {
		fit(b, table, positive, learn.Options{})
	}
}
