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

// company is what to make up.
type company struct {
	reps, channels int
	leads          int     // fewer than these for a rep on a channel, none on every fifth
	within         float64 // standard deviation of a rep's log odds from channel to channel
}

// hire draws for each rep a conversion from the beta distribution of the rep's
// tenure, and moves its log odds by an effect of each channel and by one of the
// rep on that channel.
func (c company) hire(seed uint64) staff {
	source := rand.NewPCG(seed, 1)
	random := rand.New(source)
	effects := make([]float64, c.channels)
	for i := range effects {
		effects[i] = 0.7 * random.NormFloat64()
	}
	means := map[string]float64{"2026-02-01": 0.09, "2025-06-01": 0.135, "2020-01-01": 0.165}
	var s staff
	for i := range c.reps {
		r := lead.Rep{ID: fmt.Sprintf("r%03d", i), Tried: map[string]int{}, Won: map[string]int{}}
		r.Since = []string{"2026-02-01", "2025-06-01", "2020-01-01"}[random.IntN(3)]
		mean := means[r.Since]
		own := distuv.Beta{Alpha: 25 * mean, Beta: 25 * (1 - mean), Src: source}.Rand()
		truth := map[string]float64{}
		for i, effect := range effects {
			channel := fmt.Sprintf("c%d", i)
			odds := own / (1 - own) * math.Exp(effect+c.within*random.NormFloat64())
			truth[channel] = odds / (1 + odds)
			if random.IntN(5) > 0 {
				r.Tried[channel] = random.IntN(c.leads)
			}
			r.Won[channel] = int(distuv.Binomial{N: float64(r.Tried[channel]), P: truth[channel], Src: source}.Rand())
		}
		s.reps, s.truth = append(s.reps, r), append(s.truth, truth)
	}
	return s
}

// misses are squared errors, and how often the bounds held the truth.
type misses struct{ shrunk, raw, average, within, n float64 }

func (m *misses) add(e route.Estimate, truth, average float64) {
	m.n++
	m.shrunk += (e.Mean - truth) * (e.Mean - truth)
	m.average += (average - truth) * (average - truth)
	if e.Tried > 0 {
		raw := float64(e.Won) / float64(e.Tried)
		m.raw += (raw - truth) * (raw - truth)
	}
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
		company
		raw, average, fresh float64 // at most this part of their squared errors
	}{
		{company{60, 6, 40, 0.2}, 0.2, 0.3, 0.4},
		{company{60, 1, 40, 0.2}, 0.35, 0.5, 0.95},
		{company{12, 6, 40, 0.2}, 0.25, 0.35, 0.45},
		{company{200, 15, 20, 0.2}, 0.1, 0.25, 0.3},
		{company{200, 15, 4, 0.2}, 0.1, 0.6, 0.65},
		{company{60, 3, 40, 0.7}, 0.5, 0.35, 0.9},
	} {
		var cells, fresh, overall, strangers misses
		for seed := range uint64(40) {
			s := c.hire(seed)
			a := route.NewAbility(s.reps, noon)
			for i, r := range s.reps {
				var expected, average, leads float64
				for channel, truth := range s.truth[i] {
					strangers.add(a.Of("stranger", channel), truth, a.Channel(channel))
					if r.Tried[channel] == 0 {
						fresh.add(a.Of(r.ID, channel), truth, a.Channel(channel))
						continue
					}
					cells.add(a.Of(r.ID, channel), truth, a.Channel(channel))
					n := float64(r.Tried[channel])
					leads, expected, average = leads+n, expected+n*truth, average+n*a.Channel(channel)
				}
				if leads > 0 {
					overall.add(a.Overall(r.ID), expected/leads, average/leads)
				}
			}
		}
		t.Logf("%+v: on a channel %s", c.company, &cells)
		t.Logf("%+v: on a new channel %s", c.company, &fresh)
		t.Logf("%+v: overall %s", c.company, &overall)
		if cells.shrunk > c.raw*cells.raw || cells.shrunk > c.average*cells.average {
			t.Errorf("%+v: the estimates on a channel are %s", c.company, &cells)
		}
		if fresh.shrunk > c.fresh*fresh.average {
			t.Errorf("%+v: the estimates on a new channel are %s", c.company, &fresh)
		}
		if overall.shrunk > 0.9*overall.raw || overall.shrunk > 0.6*overall.average {
			t.Errorf("%+v: the overall estimates are %s", c.company, &overall)
		}
		for name, m := range map[string]*misses{"channel": &cells, "new channel": &fresh, "overall": &overall, "stranger": &strangers} {
			if part := m.within / m.n; part < 0.84 || part > 0.94 {
				t.Errorf("%+v, %s: %.3f of 0.9 are within the bounds", c.company, name, part)
			}
		}
	}
}

func BenchmarkAbility(b *testing.B) {
	s := company{500, 15, 40, 0.2}.hire(1)
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
