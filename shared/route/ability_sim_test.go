package route_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// staff is a made-up company whose true conversions are known.
type staff struct {
	reps  []lead.Rep
	truth []map[string]float64 // by rep and channel
}

// hire draws for each rep a conversion from the beta distribution of the rep's
// tenure, and moves its log odds by an effect of each channel and by one of the
// rep on that channel. Leads are few: most times fewer than 40 for a cell.
func hire(seed uint64, reps, channels int) staff {
	source := rand.NewPCG(seed, 1)
	random := rand.New(source)
	effects := make([]float64, channels)
	for c := range effects {
		effects[c] = 0.7 * random.NormFloat64()
	}
	means := map[string]float64{"2026-02-01": 0.09, "2025-06-01": 0.135, "2020-01-01": 0.165}
	var s staff
	for i := range reps {
		r := lead.Rep{ID: fmt.Sprintf("r%03d", i), Tried: map[string]int{}, Won: map[string]int{}}
		r.Since = []string{"2026-02-01", "2025-06-01", "2020-01-01"}[random.IntN(3)]
		mean := means[r.Since]
		own := distuv.Beta{Alpha: 25 * mean, Beta: 25 * (1 - mean), Src: source}.Rand()
		truth := map[string]float64{}
		for c, effect := range effects {
			channel := fmt.Sprintf("c%d", c)
			odds := own / (1 - own) * math.Exp(effect+0.2*random.NormFloat64())
			truth[channel] = odds / (1 + odds)
			r.Tried[channel] = random.IntN(40)
			r.Won[channel] = int(distuv.Binomial{N: float64(r.Tried[channel]), P: truth[channel], Src: source}.Rand())
		}
		s.reps, s.truth = append(s.reps, r), append(s.truth, truth)
	}
	return s
}

// misses are squared errors, and how often an interval held the truth.
type misses struct{ shrunk, raw, average, within, n float64 }

func (m *misses) add(e route.Estimate, truth, average float64) {
	raw := float64(e.Won) / float64(e.Tried)
	m.n++
	m.shrunk += (e.Mean - truth) * (e.Mean - truth)
	m.raw += (raw - truth) * (raw - truth)
	m.average += (average - truth) * (average - truth)
	if e.Low <= truth && truth <= e.High {
		m.within++
	}
}

func (m *misses) String() string {
	root := func(sum float64) float64 { return 100 * math.Sqrt(sum/m.n) }
	return fmt.Sprintf("off by %.2f, raw rates by %.2f, the average by %.2f points; %.1f %% within the bounds",
		root(m.shrunk), root(m.raw), root(m.average), 100*m.within/m.n)
}

// TestAbilitySimulated tries estimates on many companies: they have to be nearer
// to the truth than raw rates and than taking everybody for the average.
func TestAbilitySimulated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reps, channels        int
		beforeRaw, beforeMean float64 // at most this part of their squared errors
	}{
		{60, 6, 0.2, 0.3},
		{60, 1, 0.4, 0.6},
		{12, 6, 0.3, 0.4},
		{200, 15, 0.2, 0.3},
	} {
		var cells, overall misses
		for seed := range uint64(40) {
			s := hire(seed, c.reps, c.channels)
			a := route.NewAbility(s.reps, noon)
			for i, r := range s.reps {
				var expected, expectedAverage, leads float64
				for channel, n := range r.Tried {
					if n == 0 {
						continue
					}
					cells.add(a.Of(r.ID, channel), s.truth[i][channel], a.Channel(channel))
					leads += float64(n)
					expected += float64(n) * s.truth[i][channel]
					expectedAverage += float64(n) * a.Channel(channel)
				}
				if leads > 0 {
					overall.add(a.Overall(r.ID), expected/leads, expectedAverage/leads)
				}
			}
		}
		t.Logf("%d reps on %d channels: on one %s", c.reps, c.channels, &cells)
		t.Logf("%d reps on %d channels: overall %s", c.reps, c.channels, &overall)
		if cells.shrunk > c.beforeRaw*cells.raw || cells.shrunk > c.beforeMean*cells.average {
			t.Errorf("%d reps on %d channels: the estimates on one are %s", c.reps, c.channels, &cells)
		}
		if overall.shrunk > 0.95*overall.raw || overall.shrunk > 0.6*overall.average {
			t.Errorf("%d reps on %d channels: the overall estimates are %s", c.reps, c.channels, &overall)
		}
		for _, m := range []*misses{&cells, &overall} {
			if part := m.within / m.n; part < 0.85 || part > 0.95 {
				t.Errorf("%d reps on %d channels: %.3f of 0.9 are within the bounds", c.reps, c.channels, part)
			}
		}
	}
}

func BenchmarkAbility(b *testing.B) {
	s := hire(1, 500, 15)
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			route.NewAbility(s.reps, noon)
		}
	})
	a := route.NewAbility(s.reps, noon)
	i := 0
	b.Run("lift", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			i++
			a.Lift(s.reps[i%len(s.reps)].ID, "c9")
		}
	})
	b.Run("of", func(b *testing.B) {
		for b.Loop() {
			i++
			a.Of(s.reps[i%len(s.reps)].ID, "c9")
		}
	})
}
