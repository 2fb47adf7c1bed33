package route_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/route"
)

var nan = math.NaN()

// allotted shares a batch, fails where the sharing cannot be, and returns its
// value and how many leads it places.
func allotted(t interface {
	Helper()
	Fatalf(string, ...any)
}, b route.Batch) (value float64, placed int) {
	t.Helper()
	owner := route.Allot(b)
	if len(owner) != len(b.Value) {
		t.Fatalf("%d owners for %d leads", len(owner), len(b.Value))
	}
	used := make([]int, len(b.Room))
	for l, r := range owner {
		if r == -1 {
			continue
		}
		if r < 0 || r >= len(b.Room) || r >= len(b.Value[l]) || math.IsNaN(b.Value[l][r]) || math.IsInf(b.Value[l][r], 0) {
			t.Fatalf("lead %d went to %d, who may not have it", l, r)
		}
		value, placed = value+b.Value[l][r], placed+1
		used[r] += takes(b, l, r)
		if used[r] > max(0, b.Room[r]) {
			t.Fatalf("rep %d got %d units of %d", r, used[r], b.Room[r])
		}
	}
	return value, placed
}

// takes is what a lead takes of a rep's room.
func takes(b route.Batch, l, r int) int {
	if b.Load == nil || l >= len(b.Load) || r >= len(b.Load[l]) {
		return 1
	}
	return max(0, b.Load[l][r])
}

// tryAll finds the largest value by trying every sharing, and how many leads can
// be placed with it.
func tryAll(b route.Batch) (value float64, placed int) {
	left := make([]int, len(b.Room))
	for r, room := range b.Room {
		left[r] = max(0, room)
	}
	value = math.Inf(-1)
	var try func(l int, v float64, n int)
	try = func(l int, v float64, n int) {
		if l == len(b.Value) {
			if v > value || v == value && n > placed {
				value, placed = v, n
			}
			return
		}
		try(l+1, v, n)
		for r := range b.Room {
			w := b.Value[l][r]
			if load := takes(b, l, r); !math.IsNaN(w) && !math.IsInf(w, 0) && load <= left[r] {
				left[r] -= load
				try(l+1, v+w, n+1)
				left[r] += load
			}
		}
	}
	try(0, 0, 0)
	return value, placed
}

// smallBatch draws a batch that can be shared in every way. Values are whole
// numbers, so that sums are exact.
func smallBatch(t *rapid.T, loads *rapid.Generator[int]) route.Batch {
	values := rapid.OneOf(rapid.Map(rapid.IntRange(-2, 9), func(n int) float64 { return float64(n) }), rapid.SampledFrom([]float64{nan, math.Inf(-1), 0}))
	leads, reps := rapid.IntRange(0, 6).Draw(t, "leads"), rapid.IntRange(0, 4).Draw(t, "reps")
	b := route.Batch{Room: rapid.SliceOfN(rapid.IntRange(-1, 4), reps, reps).Draw(t, "room")}
	for range leads {
		b.Value = append(b.Value, rapid.SliceOfN(values, reps, reps).Draw(t, "values"))
		if loads != nil {
			b.Load = append(b.Load, rapid.SliceOfN(loads, reps, reps).Draw(t, "loads"))
		}
	}
	return b
}

func TestAllotIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := smallBatch(t, nil)
		value, placed := allotted(t, b)
		most, many := tryAll(b)
		if value != most || placed != many {
			t.Fatalf("%v: worth %v with %d leads placed, want %v with %d", b, value, placed, most, many)
		}
		if bound := route.Bound(b); math.Abs(bound-most) > 1e-9 {
			t.Fatalf("%v: bound %v of %v", b, bound, most)
		}
	})
}

// The same load for all leads of a rep is as good as one each.
func TestAllotIsExactWithALoadByRep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := smallBatch(t, nil)
		loads := rapid.SliceOfN(rapid.IntRange(-1, 2), len(b.Room), len(b.Room)).Draw(t, "loads")
		for range b.Value {
			b.Load = append(b.Load, loads)
		}
		value, placed := allotted(t, b)
		if most, many := tryAll(b); value != most || placed != many {
			t.Fatalf("%v: worth %v with %d leads placed, want %v with %d", b, value, placed, most, many)
		}
	})
}

func TestAllotWithLoads(t *testing.T) {
	t.Parallel()
	sum, best, exact := 0.0, 0.0, 0
	const all = 300
	for seed := range uint64(all) {
		random := rand.New(rand.NewPCG(seed, 2))
		b := route.Batch{Room: make([]int, 3)}
		for r := range b.Room {
			b.Room[r] = random.IntN(8)
		}
		for range 6 {
			values, loads := make([]float64, 3), make([]int, 3)
			for r := range values {
				values[r], loads[r] = float64(random.IntN(20)-2), random.IntN(5)
				if random.IntN(5) == 0 {
					values[r] = nan
				}
			}
			b.Value, b.Load = append(b.Value, values), append(b.Load, loads)
		}
		value, _ := allotted(t, b)
		most, _ := tryAll(b)
		if value > most || value < most*0.7 {
			t.Errorf("%v: worth %v of %v", b, value, most)
		}
		if l, r := leftOut(b); l >= 0 {
			t.Errorf("%v: lead %d is left out, and rep %d has room for it", b, l, r)
		}
		if bound := route.Bound(b); bound < most-1e-9 {
			t.Errorf("%v: bound %v is below %v", b, bound, most)
		}
		sum, best = sum+value, best+most
		if value == most {
			exact++
		}
	}
	t.Logf("%.4f of the optimum, which was found for %d of %d", sum/best, exact, all)
	if sum < 0.995*best || exact < all*9/10 {
		t.Errorf("only %.4f of the optimum, which was found for %d of %d", sum/best, exact, all)
	}
}

// leftOut finds a lead without a rep that a rep could take, -1 where there is none.
func leftOut(b route.Batch) (lead, rep int) {
	owner := route.Allot(b)
	left := slices.Clone(b.Room)
	for l, r := range owner {
		if r >= 0 {
			left[r] -= takes(b, l, r)
		}
	}
	for l, r := range owner {
		for to, v := range b.Value[l] {
			if r < 0 && v >= 0 && takes(b, l, to) <= left[to] {
				return l, to
			}
		}
	}
	return -1, -1
}

// bigBatch draws a batch of 500 leads and 50 reps. Kinds c and d are those of the
// literature on generalised assignment, with values instead of costs.
func bigBatch(kind string, seed uint64) route.Batch {
	const leads, reps = 500, 50
	random := rand.New(rand.NewPCG(seed, 1))
	b := route.Batch{Room: make([]int, reps)}
	total := 0
	for range leads {
		values, loads := make([]float64, reps), make([]int, reps)
		for r := range values {
			switch kind {
			case "unit":
				values[r], loads[r] = random.NormFloat64(), 1
			case "random":
				values[r], loads[r] = random.Float64(), 1+random.IntN(10)
			case "c":
				values[r], loads[r] = float64(10+random.IntN(41)), 5+random.IntN(21)
			case "d":
				loads[r] = 1 + random.IntN(100)
				values[r] = float64(loads[r] + random.IntN(21) - 10)
			}
			total += loads[r]
		}
		b.Value, b.Load = append(b.Value, values), append(b.Load, loads)
	}
	for r := range b.Room {
		b.Room[r] = total * 8 / 10 / (reps * reps)
	}
	if kind == "unit" {
		b.Load = nil
		for r := range b.Room {
			b.Room[r] = 4 + r%9
		}
	}
	return b
}

// Whoever pays the prices would take no more than the sharing is worth, so that
// none is worth more.
func TestAllotIsProvenByPrices(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		b := bigBatch("unit", seed)
		value, _ := allotted(t, b)
		bound := 0.0
		prices := route.AllotPrices(b)
		for r, p := range prices {
			if p < 0 {
				t.Fatalf("rep %d has the price %v", r, p)
			}
			bound += p * float64(b.Room[r])
		}
		for _, values := range b.Value {
			best := 0.0
			for r, v := range values {
				best = max(best, v-prices[r])
			}
			bound += best
		}
		if math.Abs(bound-value) > 1e-9*bound || math.Abs(route.Bound(b)-value) > 1e-9*bound {
			t.Errorf("worth %v of at most %v, bound %v", value, bound, route.Bound(b))
		}
	}
}

func TestAllotWithLoadsIsNearTheBound(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"random", "c", "d"} {
		b := bigBatch(kind, 1)
		value, placed := allotted(t, b)
		ratio := value / route.Bound(b)
		t.Logf("%s: %.4f of the bound, %d leads placed", kind, ratio, placed)
		if ratio < 0.98 || ratio > 1+1e-9 {
			t.Errorf("%s: %.4f of the bound", kind, ratio)
		}
	}
}

func TestAllotIgnoresTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := smallBatch(t, nil)
		reps := rapid.Permutation(ranks(len(b.Room))).Draw(t, "reps")
		var mixed route.Batch
		for _, r := range reps {
			mixed.Room = append(mixed.Room, b.Room[r])
		}
		for _, l := range rapid.Permutation(ranks(len(b.Value))).Draw(t, "leads") {
			var row []float64
			for _, r := range reps {
				row = append(row, b.Value[l][r])
			}
			mixed.Value = append(mixed.Value, row)
		}
		value, placed := allotted(t, b)
		if v, n := allotted(t, mixed); v != value || n != placed {
			t.Fatalf("worth %v with %d placed, mixed %v with %d", value, placed, v, n)
		}
	})
}

func TestAllotSharesAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, loads := range []*rapid.Generator[int]{nil, rapid.IntRange(0, 3)} {
			b := smallBatch(t, loads)
			if once, again := route.Allot(b), route.Allot(b); !slices.Equal(once, again) {
				t.Fatalf("shared %v, and then %v", once, again)
			}
		}
	})
}

func ranks(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestAllotOddShapes(t *testing.T) {
	t.Parallel()
	huge, none := math.MaxFloat64, []int(nil)
	for name, c := range map[string]struct {
		batch route.Batch
		want  []int
	}{
		"nothing":           {route.Batch{}, []int{}},
		"no reps":           {route.Batch{Value: [][]float64{{1}, nil}}, []int{-1, -1}},
		"no leads":          {route.Batch{Room: []int{1}}, []int{}},
		"short rows":        {route.Batch{Value: [][]float64{{1}, {}, nil, {0, 1}}, Room: []int{2, 2}}, []int{0, -1, -1, 1}},
		"long rows":         {route.Batch{Value: [][]float64{{1, 9}}, Room: []int{1}}, []int{0}},
		"no room":           {route.Batch{Value: [][]float64{{1, 1}}, Room: []int{0, -3}}, []int{-1}},
		"no values":         {route.Batch{Value: [][]float64{{nan, math.Inf(-1), math.Inf(1)}}, Room: []int{1, 1, 1}}, []int{-1}},
		"worth nothing":     {route.Batch{Value: [][]float64{{0}, {0}}, Room: []int{1}}, []int{0, -1}},
		"below nothing":     {route.Batch{Value: [][]float64{{-1}, {-1e-300}}, Room: []int{2}}, []int{-1, -1}},
		"tiny beside huge":  {route.Batch{Value: [][]float64{{1e-300, 0}, {huge, nan}}, Room: []int{2, 1}}, []int{0, 0}},
		"huge":              {route.Batch{Value: [][]float64{{huge, huge / 2}, {huge, 0}}, Room: []int{1, math.MaxInt}}, []int{1, 0}},
		"huge and close":    {route.Batch{Value: [][]float64{{huge, huge * 0.8}, {huge * 0.7, huge * 0.3}}, Room: []int{1, 1}}, []int{1, 0}},
		"small and close":   {route.Batch{Value: [][]float64{{1e-300, 8e-301}, {7e-301, 3e-301}}, Room: []int{1, 1}}, []int{1, 0}},
		"moved on":          {route.Batch{Value: [][]float64{{5, 4}, {5, nan}}, Room: []int{1, 1}}, []int{1, 0}},
		"moved out":         {route.Batch{Value: [][]float64{{5, nan}, {6, nan}}, Room: []int{1, 1}}, []int{-1, 0}},
		"equals are spread": {route.Batch{Value: [][]float64{{1, 1}, {1, 1}, {1, 1}}, Room: []int{2, 3}}, []int{1, 0, 1}},
		"load rows lacking": {route.Batch{Value: [][]float64{{1, 1}, {1, 1}}, Room: []int{0, 2}, Load: [][]int{none}}, []int{1, 1}},
		"load too large":    {route.Batch{Value: [][]float64{{9, 1}, {1, 1}}, Room: []int{5, 5}, Load: [][]int{{math.MaxInt, 5}, {1, 1}}}, []int{1, 0}},
		"loads below 0":     {route.Batch{Value: [][]float64{{9}, {1}}, Room: []int{0}, Load: [][]int{{-5}, {1}}}, []int{0, -1}},
		"load rows beyond":  {route.Batch{Value: [][]float64{{9}}, Room: []int{2}, Load: [][]int{{2, 3}, {1}}}, []int{0}},
		"huge with loads":   {route.Batch{Value: [][]float64{{huge}, {huge}}, Room: []int{3}, Load: [][]int{{2}, {1}}}, []int{0, 0}},
		"two for one":       {route.Batch{Value: [][]float64{{5}, {4}, {4}}, Room: []int{2}, Load: [][]int{{2}, {1}, {1}}}, []int{-1, 0, 0}},
		"zero with loads":   {route.Batch{Value: [][]float64{{0, 0}, {0, 0}}, Room: []int{2, 1}, Load: [][]int{{2, 2}, {2, 1}}}, []int{0, 1}},
	} {
		if got := route.Allot(c.batch); !slices.Equal(got, c.want) {
			t.Errorf("%s: shared %v, want %v", name, got, c.want)
		}
		if bound := route.Bound(c.batch); math.IsNaN(bound) || bound < 0 {
			t.Errorf("%s: bound %v", name, bound)
		}
	}
}

// A lead that does not fit even alone adds nothing to what can be reached.
func TestBoundKnowsWhatFits(t *testing.T) {
	t.Parallel()
	b := route.Batch{Value: [][]float64{{9, 1}, {1, 1}, {2, 8}}, Room: []int{5, 5}, Load: [][]int{{6, 1}, {2, 1}, {1, 6}}}
	if bound := route.Bound(b); math.Abs(bound-4) > 0.01 {
		t.Errorf("bound %v of 4", bound)
	}
}

func BenchmarkAllot(b *testing.B) {
	for _, kind := range []string{"unit", "random", "c", "d"} {
		b.Run(fmt.Sprintf("%s/500x50", kind), func(b *testing.B) {
			batch := bigBatch(kind, 1)
			for b.Loop() {
				route.Allot(batch)
			}
		})
	}
}
