package route_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
)

func TestPrices(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	two := []route.Slots{{Lift: 0.5, Room: 10}, {Lift: 2, Room: 10}}
	for name, c := range map[string]struct {
		slots  []route.Slots
		demand []route.Demand
		want   []float64
	}{
		"nobody":              {nil, []route.Demand{{0.1, 5}}, nil},
		"no demand":           {two, nil, []float64{0, 0}},
		"the better suffices": {two, []route.Demand{{0.3, 9}}, []float64{0, 0}},
		// Without one slot of the better, one lead goes to the other: 1.5 × 0.3.
		"both are needed":    {two, []route.Demand{{0.3, 15}}, []float64{0, 0.45}},
		"more than fit":      {two, []route.Demand{{0.3, 50}}, []float64{0.15, 0.6}},
		"best leads first":   {two, []route.Demand{{0.1, 11}, {0.4, 8}}, []float64{0, 1.5 * 0.1}},
		"half a lead":        {two, []route.Demand{{0.4, 9.5}, {0.2, 1}}, []float64{0, 1.5 * 0.3}},
		"as good as another": {[]route.Slots{{1, 5}, {1, 5}}, []route.Demand{{0.2, 10}}, []float64{0.2, 0.2}},
		"room without limit": {[]route.Slots{{1, 5}, {0.5, math.MaxInt}}, []route.Demand{{0.2, 1e6}}, []float64{0.1, 0}},
		"all without limit":  {[]route.Slots{{1, math.MaxInt}, {2, math.MaxInt}}, []route.Demand{{0.2, 1e6}}, []float64{0, 0}},
		"no room":            {[]route.Slots{{2, 0}, {3, -1}, {1, 5}}, []route.Demand{{0.2, 10}}, []float64{0, 0, 0.2}},
		"no lift":            {[]route.Slots{{0, 5}, {-1, 5}, {math.NaN(), 5}}, []route.Demand{{0.2, 20}}, []float64{0, 0, 0}},
		"no numbers":         {[]route.Slots{{1, 1}}, []route.Demand{{math.NaN(), 5}, {0.5, math.NaN()}, {-1, 5}, {0.5, -5}, {0.25, inf}}, []float64{0.25}},
	} {
		got := route.Prices(c.slots, c.demand)
		if len(got) != len(c.want) {
			t.Fatalf("%s: prices %v, want %v", name, got, c.want)
		}
		for i := range got {
			if math.IsNaN(got[i]) || math.Abs(got[i]-c.want[i]) > 1e-12 {
				t.Errorf("%s: prices %v, want %v", name, got, c.want)
				break
			}
		}
	}
}

// bestSum is the largest sum of chance × lift: leads in order of chance against
// slots in order of lift, in steps as small as the fractions of leads drawn.
func bestSum(slots []route.Slots, demand []route.Demand) (sum float64) {
	var lifts, chances []float64
	for _, s := range slots {
		lifts = append(lifts, slices.Repeat([]float64{s.Lift}, 4*s.Room)...)
	}
	for _, d := range demand {
		chances = append(chances, slices.Repeat([]float64{d.Chance}, int(4*d.Expected))...)
	}
	slices.Sort(lifts)
	slices.Sort(chances)
	for i := range min(len(lifts), len(chances)) {
		sum += lifts[len(lifts)-1-i] * chances[len(chances)-1-i] / 4
	}
	return sum
}

func TestPriceIsWhatIsLostWithoutASlot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tenths := rapid.Map(rapid.IntRange(0, 20), func(n int) float64 { return float64(n) / 10 })
		slots := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) route.Slots {
			return route.Slots{Lift: tenths.Draw(t, "lift"), Room: rapid.IntRange(0, 5).Draw(t, "room")}
		}), 0, 6).Draw(t, "slots")
		demand := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) route.Demand {
			return route.Demand{Chance: tenths.Draw(t, "chance") / 2, Expected: float64(rapid.IntRange(0, 40).Draw(t, "quarters")) / 4}
		}), 0, 4).Draw(t, "demand")
		prices := route.Prices(slots, demand)
		whole := bestSum(slots, demand)
		for r := range slots {
			less, want := slices.Clone(slots), 0.0
			if less[r].Room > 0 {
				less[r].Room--
				want = whole - bestSum(less, demand)
			}
			if math.Abs(prices[r]-want) > 1e-9 {
				t.Fatalf("%v for %v: rep %d has the price %v, want %v", slots, demand, r, prices[r], want)
			}
		}
	})
}

func TestPricesAllocateLittle(t *testing.T) {
	slots, demand := manySlots()
	if n := testing.AllocsPerRun(10, func() { route.Prices(slots, demand) }); n > 8 {
		t.Errorf("%v allocations", n)
	}
}

func manySlots() ([]route.Slots, []route.Demand) {
	random := rand.New(rand.NewPCG(1, 3))
	slots := make([]route.Slots, 500)
	for i := range slots {
		slots[i] = route.Slots{Lift: math.Exp(0.35 * random.NormFloat64()), Room: random.IntN(15)}
	}
	return slots, []route.Demand{{0.05, 1000}, {0.35, 200}, {0.2, 700}, {0.1, 1200}, {0.02, 400}}
}

func BenchmarkPrices(b *testing.B) {
	slots, demand := manySlots()
	b.ReportAllocs()
	for b.Loop() {
		route.Prices(slots, demand)
	}
}

var workdays = []time.Weekday{1, 2, 3, 4, 5}

// busy is a member who works from 08:00 to 16:00 on workdays and got 10 leads
// yesterday, 4 of them of grade A.
func busy(edits ...func(*lead.Rep)) lead.Rep {
	r := lead.Rep{ID: "a", Teams: []string{"young"}, Active: true, Zone: "UTC", Day: "2026-03-04", Last: 10,
		Shifts: []lead.Shift{{Days: workdays, From: "08:00", To: "16:00"}}, Mix: map[lead.Grade]int{lead.GradeA: 4, lead.GradeB: 14}}
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

func TestOutlookExpects(t *testing.T) {
	t.Parallel()
	const noon, night, saturday = "2026-03-04T12:00:00Z", "2026-03-04T20:00:00Z", "2026-03-07T12:00:00Z"
	for name, c := range map[string]struct {
		now  string
		reps []lead.Rep
		want float64
	}{
		"as many as yesterday":       {"2026-03-04T06:00:00Z", []lead.Rep{busy()}, 10},
		"half of the day":            {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Today = 2 })}, 5},
		"whatever came today":        {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Today = 9 })}, 5},
		"just before the end":        {"2026-03-04T15:55:12Z", []lead.Rep{busy()}, 5.0 / 48},
		"of a quarter of the shift":  {"2026-03-04T14:00:00Z", []lead.Rep{busy(func(r *lead.Rep) { r.Today = 30 })}, 2.5},
		"none after the shift":       {night, []lead.Rep{busy(func(r *lead.Rep) { r.Today = 12 })}, 0},
		"nothing counted yet today":  {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Day, r.Today = "2026-03-03", 7 })}, 3.5},
		"only claims the day before": {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Day, r.Today, r.Claims = "2026-03-03", 0, 3 })}, 5},
		"over all members":           {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Today = 9 }), busy(func(r *lead.Rep) { r.Today = 1 })}, 10},
		"of a day without shifts":    {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Shifts, r.Today = nil, 9 })}, 5},
		"of two shifts":              {"2026-03-04T15:00:00Z", []lead.Rep{busy(func(r *lead.Rep) { r.Shifts, r.Today = shiftsOf("08:00-12:00", "14:00-18:00"), 9 })}, 3.75},
		"in the rep's zone":          {"2026-03-04T04:00:00Z", []lead.Rep{busy(func(r *lead.Rep) { r.Zone, r.Today = "Asia/Shanghai", 9 })}, 5},
		"on leave":                   {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-04", To: "2026-03-04"}} })}, 0},
		"inactive":                   {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Active = false })}, 0},
		"of another team":            {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Teams = []string{"other"} })}, 0},
		"not on this weekday": {saturday, []lead.Rep{busy(func(r *lead.Rep) { r.Day = "2026-03-06" }),
			busy(func(r *lead.Rep) { r.Shifts, r.Last, r.Day = shiftsOf("08:00-16:00"), 3, "2026-03-07" })}, 1.5},
		"a Saturday that all work": {saturday, []lead.Rep{busy(func(r *lead.Rep) { r.Day, r.Today = "2026-03-07", 8 })}, 5},
		"shifts that cannot be":    {noon, []lead.Rep{busy(func(r *lead.Rep) { r.Shifts = shiftsOf("18:00-08:00", "x") })}, 0},
		"nobody":                   {noon, nil, 0},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, d := range route.Outlook("young", c.reps, map[lead.Grade]float64{lead.GradeA: 0.3, lead.GradeB: 0.1}, now, nil) {
			sum += d.Expected
		}
		if math.Abs(sum-c.want) > 1e-9 {
			t.Errorf("%s: %v leads expected, want %v", name, sum, c.want)
		}
	}
}

func TestOutlookKnowsHolidays(t *testing.T) {
	t.Parallel()
	calendars, problems := hours.CompileCalendars([]hours.Calendar{{ID: "de", Country: "DE"}})
	if problems != nil {
		t.Fatal(problems)
	}
	at := func(r *lead.Rep) { r.Calendar = "de" }
	for day, want := range map[string]float64{"2026-04-30": 5, "2026-05-01": 0} {
		now, err := time.Parse(time.RFC3339, day+"T12:00:00Z")
		if err != nil {
			t.Fatal(err)
		}
		got := route.Outlook("young", []lead.Rep{busy(at)}, map[lead.Grade]float64{lead.GradeA: 0.3, lead.GradeB: 0.1}, now, calendars)
		if sum := got[0].Expected + got[1].Expected; math.Abs(sum-want) > 1e-9 {
			t.Errorf("%s: %v leads expected, want %v", day, sum, want)
		}
	}
}

// shiftsOf reads spans such as 09:00-18:00, worked every day.
func shiftsOf(spans ...string) (all []lead.Shift) {
	for _, span := range spans {
		s := lead.Shift{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: span}
		if len(span) == len("09:00-18:00") {
			s.From, s.To = span[:5], span[6:]
		}
		all = append(all, s)
	}
	return all
}

func TestOutlookMixesGrades(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 7, 0, 0, 0, time.UTC)
	mix := func(mix map[lead.Grade]int) func(*lead.Rep) { return func(r *lead.Rep) { r.Mix = mix } }
	off := func(r *lead.Rep) { r.Leave = []lead.Leave{{From: "2026-03-01", To: "2026-03-09"}} }
	chances := map[lead.Grade]float64{lead.GradeB: 0.1, lead.GradeA: 0.3}
	for name, c := range map[string]struct {
		reps    []lead.Rep
		chances map[lead.Grade]float64
		want    []route.Demand
	}{
		"as given so far":        {[]lead.Rep{busy()}, chances, []route.Demand{{0.3, 2.5}, {0.1, 7.5}}},
		"without data":           {[]lead.Rep{busy(mix(nil))}, chances, []route.Demand{{0.3, 5}, {0.1, 5}}},
		"grades without chances": {[]lead.Rep{busy(mix(map[lead.Grade]int{lead.GradeC: 2}))}, chances, []route.Demand{{0.3, 2.5}, {0.1, 2.5}}},
		"of members who are off": {[]lead.Rep{busy(mix(nil)), busy(off, mix(map[lead.Grade]int{lead.GradeB: 8}))}, chances, []route.Demand{{0.3, 1}, {0.1, 9}}},
		"best chance first":      {[]lead.Rep{busy()}, map[lead.Grade]float64{lead.GradeA: 0.1, lead.GradeB: 0.3}, []route.Demand{{0.3, 7.5}, {0.1, 2.5}}},
		"equal chances":          {[]lead.Rep{busy()}, map[lead.Grade]float64{lead.GradeB: 0.2, lead.GradeA: 0.2}, []route.Demand{{0.2, 2.5}, {0.2, 7.5}}},
		"no chances":             {[]lead.Rep{busy()}, nil, nil},
		"nobody":                 {nil, chances, []route.Demand{{0.3, 0}, {0.1, 0}}},
	} {
		got := route.Outlook("young", c.reps, c.chances, now, nil)
		if !slices.EqualFunc(got, c.want, func(a, b route.Demand) bool { return a.Chance == b.Chance && math.Abs(a.Expected-b.Expected) < 1e-9 }) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func BenchmarkOutlook(b *testing.B) {
	var reps []lead.Rep
	for range 500 {
		reps = append(reps, busy())
	}
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		route.Outlook("young", reps, map[lead.Grade]float64{lead.GradeA: 0.3, lead.GradeB: 0.1}, now, nil)
	}
}
