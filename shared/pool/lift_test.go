package pool_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/pool"
)

// The first eight are the examples of table II in Newcombe's paper. The others
// were computed from the definition of the score interval, by bisection.
func TestLiftOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		treatedN, treatedK, heldN, heldK int
		low, high                        float64
		enough                           bool
	}{
		{70, 56, 80, 48, 0.0524, 0.3339, true},
		{10, 9, 10, 3, 0.1705, 0.8090, true},
		{7, 6, 7, 2, 0.0582, 0.8062, true},
		{56, 5, 29, 0, -0.0381, 0.1926, false},
		{10, 0, 20, 0, -0.1611, 0.2775, false},
		{10, 0, 10, 0, -0.2775, 0.2775, false},
		{20, 0, 10, 10, -1, -0.6791, true},
		{10, 10, 20, 0, 0.6791, 1, true},
		{10, 10, 10, 0, 0.6075, 1, true},
		{34, 7, 34, 1, 0.0189, 0.3404, true},
		{16, 0, 72, 15, -0.3157, 0.0003, false},
		{1000, 30, 1000, 20, -0.0039, 0.0243, false},
	} {
		l := pool.LiftOf(c.treatedN, c.treatedK, c.heldN, c.heldK)
		if math.Abs(l.Low-c.low) > 6e-5 || math.Abs(l.High-c.high) > 6e-5 || l.Enough != c.enough {
			t.Errorf("%d of %d to %d of %d: %.4f to %.4f, enough %v, want %.4f to %.4f, %v",
				c.treatedK, c.treatedN, c.heldK, c.heldN, l.Low, l.High, l.Enough, c.low, c.high, c.enough)
		}
	}
}

func TestLiftReadsAsCounts(t *testing.T) {
	t.Parallel()
	l := pool.LiftOf(900, 45, 100, 2)
	if l.Treated.P != 0.05 || l.HeldOut.P != 0.02 || l.Ratio != 2.5 {
		t.Errorf("rates %v and %v, ratio %v, want 0.05 to 0.02 and 2.5", l.Treated.P, l.HeldOut.P, l.Ratio)
	}
	if math.Abs(l.Extra-27) > 1e-9 || math.Abs(l.ExtraLow-900*l.Low) > 1e-9 || math.Abs(l.ExtraHigh-900*l.High) > 1e-9 {
		t.Errorf("extra %v (%v to %v), want 27 of the 45", l.Extra, l.ExtraLow, l.ExtraHigh)
	}
	if l := pool.LiftOf(50, 5, 50, 0); l.Ratio != 0 {
		t.Errorf("ratio to a rate of 0 is %v, want 0", l.Ratio)
	}
	replied, converted := pool.Lifts(pool.Tally{Leads: 900, Replied: 90, Converted: 45}, pool.Tally{Leads: 100, Replied: 8, Converted: 2})
	if replied != pool.LiftOf(900, 90, 100, 8) || converted != l {
		t.Errorf("lifts %+v and %+v are not those of the counts", replied, converted)
	}
}

func TestLiftOfNothing(t *testing.T) {
	t.Parallel()
	none := pool.Rate{High: 1}
	for _, c := range [][4]int{{0, 0, 0, 0}, {0, 0, 100, 50}, {100, 50, 0, 0}, {-3, 2, 5, 5}} {
		l := pool.LiftOf(c[0], c[1], c[2], c[3])
		if l.Diff != 0 || l.Low != -1 || l.High != 1 || l.Enough {
			t.Errorf("%v: %v from %v to %v, enough %v, want nothing known", c, l.Diff, l.Low, l.High, l.Enough)
		}
		if c[0] <= 0 && l.Treated != none || c[2] <= 0 && l.HeldOut != none {
			t.Errorf("%v: rates %+v and %+v, want an empty arm's to be 0 to 1", c, l.Treated, l.HeldOut)
		}
	}
	if l := pool.LiftOf(10, 12, 10, -1); l != pool.LiftOf(10, 10, 10, 0) {
		t.Errorf("more than all and fewer than none: %+v", l)
	}
}

// arm draws the counts of an arm, large and small.
var arm = rapid.Custom(func(t *rapid.T) [2]int {
	n := rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, 200), rapid.IntRange(0, 5_000_000)).Draw(t, "n")
	return [2]int{n, rapid.OneOf(rapid.Just(0), rapid.Just(n), rapid.IntRange(0, n)).Draw(t, "k")}
})

func TestLiftIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := arm.Draw(t, "treated"), arm.Draw(t, "held out")
		l := pool.LiftOf(a[0], a[1], b[0], b[1])
		for _, r := range []pool.Rate{l.Treated, l.HeldOut} {
			if !(0 <= r.Low && r.Low <= r.P && r.P <= r.High && r.High <= 1) {
				t.Errorf("rate %+v is not within its bounds", r)
			}
		}
		if !(-1 <= l.Low && l.Low <= l.Diff && l.Diff <= l.High && l.High <= 1) {
			t.Errorf("difference %v is not within %v to %v", l.Diff, l.Low, l.High)
		}
		if !(l.ExtraLow <= l.Extra && l.Extra <= l.ExtraHigh && l.Extra <= float64(a[1])+1e-6) {
			t.Errorf("extra %v of %d, %v to %v", l.Extra, a[1], l.ExtraLow, l.ExtraHigh)
		}
		if l.Ratio < 0 || math.IsNaN(l.Ratio) || math.IsInf(l.Ratio, 0) {
			t.Errorf("ratio %v", l.Ratio)
		}
		if back := pool.LiftOf(b[0], b[1], a[0], a[1]); back.Diff != -l.Diff || back.Low != -l.High || back.High != -l.Low || back.Enough != l.Enough {
			t.Errorf("swapped: %v from %v to %v is not the opposite of %v from %v to %v", back.Diff, back.Low, back.High, l.Diff, l.Low, l.High)
		}
	})
}

func TestLiftNarrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := arm.Draw(t, "treated"), arm.Draw(t, "held out")
		times := rapid.IntRange(2, 100).Draw(t, "times")
		few := pool.LiftOf(a[0], a[1], b[0], b[1])
		many := pool.LiftOf(a[0]*times, a[1]*times, b[0]*times, b[1]*times)
		if many.High-many.Low > few.High-few.Low+1e-12 {
			t.Errorf("%v times the leads: %v to %v, before %v to %v", times, many.Low, many.High, few.Low, few.High)
		}
	})
}

// Of made-up cycles with known rates the interval holds the difference as often
// as it says, also for the small shares that convert.
func TestLiftCovers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, p float64) (k int) {
		for range n {
			if random.Float64() < p {
				k++
			}
		}
		return k
	}
	const rounds = 4000
	for _, c := range []struct {
		treatedN, heldN  int
		treated, heldOut float64
	}{
		{900, 100, 0.03, 0.02}, {900, 100, 0.05, 0.05}, {450, 50, 0.2, 0.1},
		{90, 10, 0.3, 0.3}, {300, 300, 0.01, 0.005}, {50, 50, 0.5, 0.9},
	} {
		held := 0
		for range rounds {
			l := pool.LiftOf(c.treatedN, draw(c.treatedN, c.treated), c.heldN, draw(c.heldN, c.heldOut))
			if diff := c.treated - c.heldOut; l.Low <= diff && diff <= l.High {
				held++
			}
		}
		covered := float64(held) / rounds
		t.Logf("%+v: covered %.1f %%", c, 100*covered)
		if covered < 0.92 || covered > 0.995 {
			t.Errorf("%+v: the 95 %% interval held the truth in %.1f %% of the cycles", c, 100*covered)
		}
	}
}
