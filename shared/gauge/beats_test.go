package gauge

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// world draws the truth of n rows and what came of it.
func world(random *rand.Rand, n int, mean float64) (truth []float64, positive []bool) {
	for range n {
		p := 1 / (1 + math.Exp(-(mean + random.NormFloat64())))
		truth, positive = append(truth, p), append(positive, random.Float64() < p)
	}
	return truth, positive
}

// blurred is the truth as a model sees it that errs by so many log-odds.
func blurred(random *rand.Rand, truth []float64, by float64) []float64 {
	p := make([]float64, len(truth))
	for i, x := range truth {
		p[i] = 1 / (1 + math.Exp(-(math.Log(x/(1-x)) + by*random.NormFloat64())))
	}
	return p
}

func TestBeats(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	truth, positive := world(random, 3_000, -1.5)
	worse := blurred(random, truth, 0.8)
	for name, c := range map[string]struct {
		challenger, incumbent []float64
		positive              []bool
		better                bool
		says                  string
	}{
		"the truth against a blur": {truth, worse, positive, true, "better beyond chance: over 3000 rows"},
		"a blur against the truth": {worse, truth, positive, false, "its log-loss is higher by 0."},
		"the same twice":           {worse, worse, positive, false, "the same"},
		"few rows":                 {truth[:20], worse[:20], positive[:20], false, "Too few rows"},
		"no rows":                  {nil, nil, nil, false, "0 of the rarer outcome, and 30 are needed"},
		"one class":                {truth, worse, make([]bool, 3_000), false, "0 of the rarer outcome"},
	} {
		got := Beats(c.challenger, c.incumbent, c.positive)
		if got.Better != c.better || !strings.Contains(got.Sentence, c.says) || got.N != len(c.positive) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	got := Beats(truth, worse, positive)
	if want := LogLoss(worse, positive) - LogLoss(truth, positive); !near(got.Difference, want) || got.Low >= got.Difference || got.Low <= 0 {
		t.Errorf("%+v, and the log-losses differ by %v", got, want)
	}
}

// Who is no better is taken for better in about one of twenty comparisons, also
// where one is overconfident, or the outcome is rare.
func TestBeatsIsSeldomFooled(t *testing.T) {
	t.Parallel()
	const worlds = 2_000
	for name, c := range map[string]struct {
		n       int
		mean    float64
		deceive func(random *rand.Rand, truth []float64) (challenger, incumbent []float64)
	}{
		"two blurs": {600, -1, func(random *rand.Rand, truth []float64) ([]float64, []float64) {
			return blurred(random, truth, 0.5), blurred(random, truth, 0.5)
		}},
		"two blurs of a rare outcome": {1_500, -3.5, func(random *rand.Rand, truth []float64) ([]float64, []float64) {
			return blurred(random, truth, 0.5), blurred(random, truth, 0.5)
		}},
		// Errors as large to one side as to the other cost the overconfident one more,
		// by surprises that few samples hold.
		"too low against right": {1_500, -3.5, func(_ *rand.Rand, truth []float64) ([]float64, []float64) {
			return shifted(truth, -0.05), truth
		}},
		"too sure against right": {600, -1, func(_ *rand.Rand, truth []float64) ([]float64, []float64) {
			return stretched(truth, 1.05), truth
		}},
	} {
		random := rand.New(rand.NewPCG(3, 4))
		fooled := 0
		for range worlds {
			truth, positive := world(random, c.n, c.mean)
			challenger, incumbent := c.deceive(random, truth)
			if Beats(challenger, incumbent, positive).Better {
				fooled++
			}
		}
		if share := float64(fooled) / worlds; share > 0.065 {
			t.Errorf("%s: fooled in %.1f %% of comparisons", name, 100*share)
		}
	}
}

func shifted(truth []float64, by float64) []float64 {
	return changed(truth, func(x float64) float64 { return x + by })
}

func stretched(truth []float64, by float64) []float64 {
	return changed(truth, func(x float64) float64 { return x * by })
}

func changed(truth []float64, logOdds func(float64) float64) []float64 {
	p := make([]float64, len(truth))
	for i, x := range truth {
		p[i] = 1 / (1 + math.Exp(-logOdds(math.Log(x/(1-x)))))
	}
	return p
}

// A model that is better by as much as is worth having is found out.
func TestBeatsFindsTheBetter(t *testing.T) {
	t.Parallel()
	const worlds = 200
	found := 0
	for seed := range uint64(worlds) {
		random := rand.New(rand.NewPCG(seed, 5))
		truth, positive := world(random, 1_000, -1)
		if Beats(blurred(random, truth, 0.2), blurred(random, truth, 0.9), positive).Better {
			found++
		}
	}
	if found < worlds*95/100 {
		t.Errorf("found %d of %d", found, worlds)
	}
}

func TestBeatsNeverBothWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "n")
		p := rapid.SliceOfN(rapid.Float64(), n, n)
		a, b, positive := p.Draw(t, "a"), p.Draw(t, "b"), rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "positive")
		there, back := Beats(a, b, positive), Beats(b, a, positive)
		if there.Better && back.Better || there.Difference != -back.Difference {
			t.Errorf("%+v and %+v", there, back)
		}
		if math.IsNaN(there.Low) || math.IsNaN(there.Difference) {
			t.Errorf("%+v", there)
		}
	})
}

func TestStudent(t *testing.T) {
	t.Parallel()
	for freedom, want := range map[float64]float64{30: 1.6973, 60: 1.6706, 120: 1.6577, 1e9: 1.6449} { // from the usual table
		if got := student95(freedom); math.Abs(got-want) > 1e-4 {
			t.Errorf("%v: %v, want %v", freedom, got, want)
		}
	}
}
