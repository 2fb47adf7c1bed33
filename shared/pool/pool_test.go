package pool_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/pool"
)

const leads = 100_000

// id looks like a lead's: all alike but for the end.
func id(i int) string { return fmt.Sprintf("01J8ZK3V5Q%016d", i) }

func held(share float64, cycle int) []bool {
	out := make([]bool, leads)
	for i := range out {
		out[i] = pool.HeldOut(share, id(i), cycle)
	}
	return out
}

// TestHeldOutIsEven finds in which of 100 parts of the draw each lead falls. A
// chi-square of 99 degrees of freedom is above 149 once in a thousand.
func TestHeldOutIsEven(t *testing.T) {
	t.Parallel()
	for _, cycle := range []int{0, 1, 2, 41} {
		const parts = 100
		var in [parts]int
		for i := range leads {
			low, high := 0, parts // the draw is in [low, high)
			for high-low > 1 {
				if middle := (low + high) / 2; pool.HeldOut(float64(middle)/parts, id(i), cycle) {
					high = middle
				} else {
					low = middle
				}
			}
			in[low]++
		}
		sum, want := 0.0, float64(leads)/parts
		for _, n := range in {
			sum += (float64(n) - want) * (float64(n) - want) / want
		}
		if sum > 149 || sum < 60 {
			t.Errorf("cycle %d: chi-square of the draw is %.0f, want about 99", cycle, sum)
		}
	}
}

// TestHeldOutForgets looks for a trace of one cycle's draw in another's: who was
// held out is held out again as often as anybody.
func TestHeldOutForgets(t *testing.T) {
	t.Parallel()
	const share = 0.1
	for _, c := range [][2]int{{1, 2}, {2, 3}, {7, 8}, {9, 10}, {10, 11}, {1, 11}, {99, 100}, {5, 4096}} {
		before, after := held(share, c[0]), held(share, c[1])
		var cells [2][2]float64
		for i := range before {
			a, b := 0, 0
			if before[i] {
				a = 1
			}
			if after[i] {
				b = 1
			}
			cells[a][b]++
		}
		// The phi coefficient of a fourfold table, times the root of the leads, is
		// standard normal.
		row, column := cells[1][0]+cells[1][1], cells[0][1]+cells[1][1]
		phi := (cells[1][1]*cells[0][0] - cells[1][0]*cells[0][1]) / math.Sqrt(row*(leads-row)*column*(leads-column))
		if score := phi * math.Sqrt(leads); math.Abs(score) > 3.3 {
			t.Errorf("cycles %v: phi %.4f, %.1f standard deviations", c, phi, score)
		}
	}
}

func TestHeldOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lead, cycle := rapid.String().Draw(t, "lead"), rapid.Int().Draw(t, "cycle")
		if pool.HeldOut(0, lead, cycle) || !pool.HeldOut(1, lead, cycle) || pool.HeldOut(math.NaN(), lead, cycle) {
			t.Error("a share of 0 holds out somebody, or one of 1 does not")
		}
		less, more := rapid.Float64Range(0, 1).Draw(t, "share"), rapid.Float64Range(0, 1).Draw(t, "share")
		if less, more := min(less, more), max(less, more); pool.HeldOut(less, lead, cycle) && !pool.HeldOut(more, lead, cycle) {
			t.Errorf("held out of %v, not of %v", less, more)
		}
	})
}

// The draw is kept nowhere but in the function: it may not change between two
// versions of the program, or a cycle under way would be torn.
func TestHeldOutStays(t *testing.T) {
	t.Parallel()
	got := ""
	for cycle := range 4 {
		for i := range 10 {
			if pool.HeldOut(0.3, id(i), cycle) {
				got += fmt.Sprint(i)
			}
		}
		got += " "
	}
	if want := "268 07 289 035678 "; got != want {
		t.Errorf("held out of four cycles %q, want %q", got, want)
	}
}
