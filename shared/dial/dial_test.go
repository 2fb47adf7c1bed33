package dial_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/dial"
)

var legal = dial.Pacing{Abandon: dial.Abandon}

func TestDial(t *testing.T) {
	t.Parallel()
	quarter := worked(2000, 500, 5) // 1 in 4 answers, 1 in 100 of these is abandoned
	tenth := worked(2000, 200, 2)
	for name, c := range map[string]struct {
		figures dial.Figures
		floor   dial.Floor
		n       int
		bet     bool
		why     string
	}{
		"nobody there":                 {quarter, dial.Floor{}, 0, false, "no agents"},
		"nobody there, but lines":      {quarter, dial.Floor{Ringing: 9}, 0, false, "no agents"},
		"a new list":                   {dial.Figures{}, dial.Floor{Free: 4}, 4, false, "0 of 50"},
		"a new list, ringing":          {dial.Figures{}, dial.Floor{Free: 4, Ringing: 3}, 1, false, "0 of 50"},
		"a new list, all ringing":      {dial.Figures{}, dial.Floor{Free: 4, Ringing: 7}, 0, false, "0 of 50"},
		"a list nearly known":          {worked(49, 12, 0), dial.Floor{Free: 4}, 4, false, "49 of 50"},
		"just known: not yet who ends": {worked(50, 12, 0), dial.Floor{Free: 4, Busy: 46}, 7, true, "4 free and 0.0 by"},
		"few talks for many busy":      {worked(120, 30, 0), dial.Floor{Free: 4, Busy: 16}, 7, true, "4 free and 0.0 by"},
		"enough talks for few busy":    {worked(120, 30, 0), dial.Floor{Free: 4, Busy: 15}, 9, true, "4 free and 1.1 by"},
		"more than any floor":          {quarter, dial.Floor{Free: 1 << 40, Busy: 1 << 40}, 1 << 40, true, "may ring"},
		"one agent":                    {quarter, dial.Floor{Free: 1}, 1, true, "1 may ring for 1 free"},
		"one agent, hardly an answer":  {worked(2000, 40, 0), dial.Floor{Free: 1}, 2, true, "2 may ring for 1 free"},
		"four agents":                  {quarter, dial.Floor{Free: 4}, 8, true, "8 may ring for 4 free"},
		"four agents, rare answers":    {tenth, dial.Floor{Free: 4}, 16, true, "16 may ring for 4 free"},
		"others hang up":               {quarter, dial.Floor{Free: 4, Busy: 46}, 15, true, "4 free and 3.3 by"},
		"lines ring already":           {quarter, dial.Floor{Free: 4, Busy: 46, Ringing: 10}, 5, true, "15 may ring"},
		"enough lines ring already":    {quarter, dial.Floor{Free: 4, Busy: 46, Ringing: 30}, 0, true, "15 may ring"},
		"nobody free, some will be":    {quarter, dial.Floor{Busy: 80}, 6, true, "6 may ring for 0 free"},
		"nobody free, few busy":        {quarter, dial.Floor{Busy: 10}, 0, true, "0 may ring"},
		"too many lost":                {worked(2000, 500, 20), dial.Floor{Free: 4, Busy: 46}, 4, false, "of the last answered calls were abandoned"},
		"no answer at all":             {worked(2000, 0, 0), dial.Floor{Free: 4}, 40, true, "40 may ring"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := legal.Dial(c.figures, c.floor)
			if got.N != c.n || got.Predictive != c.bet || !strings.Contains(got.Why, c.why) {
				t.Errorf("%+v, want %d (predictive: %v), %q", got, c.n, c.bet, c.why)
			}
		})
	}
}

// The bet falls as the calls lost come near the cap, ends there, and is made
// again once they are fewer.
func TestDialBrakes(t *testing.T) {
	t.Parallel()
	floor := dial.Floor{Free: 4, Busy: 46}
	f := worked(2000, 500, 0)
	before := legal.Dial(f, floor).N
	var ns []int
	for legal.Dial(f, floor).Predictive {
		n := legal.Dial(f, floor).N
		if n > before {
			t.Errorf("%d after %v: more than before", n, ns)
		}
		ns, before = append(ns, n), n
		f.Abandon()
		if len(ns) > 12 {
			t.Fatalf("12 of 300 abandoned, and still betting: %v", ns)
		}
	}
	if ns[0] <= 10 || ns[len(ns)-1] >= ns[0] {
		t.Errorf("dialled %v, want ever fewer", ns)
	}
	if n := legal.Dial(f, floor).N; n != 4 {
		t.Errorf("dialled %d with the brake on, want one for each of 4", n)
	}
	calls := 0
	for ; !legal.Dial(f, floor).Predictive; calls++ {
		f.Answer(15 * time.Second)
	}
	if calls > 60 {
		t.Errorf("brake on for %d calls that were taken", calls)
	}
}

func TestDialWithoutABet(t *testing.T) {
	t.Parallel()
	for _, share := range []float64{0, -1, math.NaN()} {
		if got := (dial.Pacing{Abandon: share}).Dial(worked(2000, 500, 0), dial.Floor{Free: 4, Busy: 46, Ringing: 1}); got.N != 3 || got.Predictive {
			t.Errorf("%v may be abandoned: %+v, want 3 for 4 free agents", share, got)
		}
	}
}

// history draws figures, as outcomes make them or as a damaged record might.
var history = rapid.Custom(func(t *rapid.T) dial.Figures {
	if rapid.IntRange(0, 9).Draw(t, "damaged") == 0 {
		count := rapid.Float64Range(-10, 1000)
		return dial.Figures{
			Dialled: rapid.Int().Draw(t, "dialled"), Talks: rapid.Int().Draw(t, "talks"),
			Ring: time.Duration(rapid.Int64().Draw(t, "ring")), Talk: time.Duration(rapid.Int64().Draw(t, "talk")),
			Recent: dial.Recent{
				Dialled: count.Draw(t, "recent"), Answered: count.Draw(t, "recent answered"),
				Calls: count.Draw(t, "calls"), Abandoned: count.Draw(t, "recent abandoned"),
			},
		}
	}
	dialled := rapid.IntRange(1, 1500).Draw(t, "dialled")
	answered := rapid.IntRange(0, dialled).Draw(t, "answered")
	return worked(dialled, answered, rapid.IntRange(0, answered/20).Draw(t, "abandoned"))
})

var anyFloor = rapid.Custom(func(t *rapid.T) dial.Floor {
	count := rapid.OneOf(rapid.IntRange(0, 60), rapid.IntRange(-5, 5000), rapid.Int())
	return dial.Floor{Free: count.Draw(t, "free"), Busy: count.Draw(t, "busy"), Ringing: count.Draw(t, "ringing")}
})

func TestDialIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, floor := history.Draw(t, "figures"), anyFloor.Draw(t, "floor")
		p := dial.Pacing{Abandon: rapid.OneOf(rapid.Just(dial.Abandon), rapid.Float64Range(-1, 2)).Draw(t, "cap")}
		got := p.Dial(f, floor)
		free, busy := max(0, floor.Free), max(0, floor.Busy)
		if got.N < 0 || got.N < free-max(0, floor.Ringing) {
			t.Errorf("%+v at %+v: fewer than one for each free agent", got, floor)
		}
		if most := 10 * (float64(free) + float64(busy)); float64(got.N) > most {
			t.Errorf("%+v at %+v: more than ten for each agent", got, floor)
		}
		if free == 0 && busy == 0 && got.N != 0 {
			t.Errorf("%+v for nobody", got)
		}
		if !got.Predictive && got.N != max(0, free-max(0, floor.Ringing)) {
			t.Errorf("%+v at %+v is not one for each free agent", got, floor)
		}
		if got.Why == "" {
			t.Errorf("%+v at %+v says not why", got, floor)
		}
	})
}

func TestDialGrowsWithAgents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := history.Draw(t, "figures")
		floor := dial.Floor{
			Free: rapid.IntRange(0, 60).Draw(t, "free"), Busy: rapid.IntRange(0, 60).Draw(t, "busy"),
			Ringing: rapid.IntRange(0, 100).Draw(t, "ringing"),
		}
		n := legal.Dial(f, floor).N
		more := floor
		more.Free++
		if got := legal.Dial(f, more).N; got < n {
			t.Errorf("%d at %+v, %d with one more free", n, floor, got)
		}
		ringing := floor
		ringing.Ringing++
		if got := legal.Dial(f, ringing).N; got != max(0, n-1) && n > 0 {
			t.Errorf("%d at %+v, %d with one more ringing", n, floor, got)
		}
	})
}

// Of every bet less is expected to be lost than may be.
func TestDialBetsWithinTheCap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dialled := rapid.IntRange(200, 1500).Draw(t, "dialled")
		answered := rapid.IntRange(50, dialled*19/20).Draw(t, "answered")
		f := worked(dialled, answered, 0)
		floor := dial.Floor{Free: rapid.IntRange(0, 40).Draw(t, "free"), Busy: rapid.IntRange(0, 20).Draw(t, "busy")}
		n := legal.Dial(f, floor).N
		if n == 0 {
			return
		}
		rate, hangUp := float64(answered)/float64(dialled), -math.Expm1(-15.0/200)
		if loss := dial.Loss(n, rate, floor.Free, floor.Busy, hangUp); loss > dial.Abandon {
			t.Errorf("%d for %+v at a rate of %.3f: %.4f of the answered calls are lost", n, floor, rate, loss)
		}
	})
}

// The expected loss is that of the sum over everything that can happen.
func TestLoss(t *testing.T) {
	t.Parallel()
	likely := func(n, k int, p float64) float64 {
		all, _ := math.Lgamma(float64(n + 1))
		some, _ := math.Lgamma(float64(k + 1))
		rest, _ := math.Lgamma(float64(n - k + 1))
		return math.Exp(all-some-rest) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
	}
	rapid.Check(t, func(t *rapid.T) {
		lines, rate := rapid.IntRange(1, 80).Draw(t, "lines"), rapid.Float64Range(0.001, 0.999).Draw(t, "rate")
		free, busy, hangUp := rapid.IntRange(0, 30).Draw(t, "free"), rapid.IntRange(0, 30).Draw(t, "busy"), rapid.Float64Range(0, 1).Draw(t, "hang up")
		want := 0.0
		for answers := range lines + 1 {
			for freed := range busy + 1 {
				want += likely(lines, answers, rate) * likely(busy, freed, hangUp) * float64(max(0, answers-free-freed))
			}
		}
		want /= float64(lines) * rate
		got := dial.Loss(lines, rate, free, busy, hangUp)
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%v, want %v", got, want)
		}
		if more := dial.Loss(lines+1, rate, free, busy, hangUp); more < got-1e-12 {
			t.Errorf("one line more loses %v, before %v", more, got)
		}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	var f dial.Figures
	f.NoAnswer()
	f.Answer(10 * time.Second)
	f.Answer(20 * time.Second)
	f.Abandon()
	f.Talked(3 * time.Minute)
	f.Talked(-time.Minute) // a clock was put back
	if f.Dialled != 3 || f.Answered != 2 || f.Abandoned != 1 || f.Talks != 2 || f.Ring != 15*time.Second || f.Talk != 90*time.Second {
		t.Errorf("folded to %+v", f)
	}
	if r := f.Recent; math.Abs(r.Dialled-3) > 0.02 || math.Abs(r.Answered-2) > 0.02 || math.Abs(r.Calls-2) > 0.02 || r.Abandoned != 1 {
		t.Errorf("recent: %+v", r)
	}
	kept, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back dial.Figures
	if err := json.Unmarshal(kept, &back); err != nil || back != f {
		t.Errorf("%+v came back from %s as %+v, %v", f, kept, back, err)
	}
}

// What was long ago is forgotten, in the rates at once, in the counts never.
func TestFiguresFade(t *testing.T) {
	t.Parallel()
	f := worked(5000, 2500, 100)
	for range 1500 {
		f.NoAnswer()
	}
	if rate := f.Recent.Answered / f.Recent.Dialled; rate > 0.01 || f.Answered != 2500 {
		t.Errorf("recent rate %.3f of %d answered, want hardly any", rate, f.Answered)
	}
	if share := f.Recent.Abandoned / f.Recent.Calls; math.Abs(share-0.04) > 0.005 {
		t.Errorf("%.3f of recent calls abandoned, want 0.04 still: no call has been answered since", share)
	}
	for range 3000 {
		f.Answer(time.Minute)
		f.Talked(time.Minute)
	}
	if f.Recent.Abandoned > 0.01 || f.Abandoned != 100 || f.Ring < 50*time.Second || f.Talk > 80*time.Second {
		t.Errorf("abandoned lately %.3f of %d, ring %v, talk %v: want what was last", f.Recent.Abandoned, f.Abandoned, f.Ring, f.Talk)
	}
}
