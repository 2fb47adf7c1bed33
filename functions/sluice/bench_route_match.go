package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// How much benchMatch plays.
const (
	matchLeads, matchReps = 500, 50 // of a batch
	matchBatches          = 20      // batches of leads that take one place each
	matchLoaded           = 3       // batches of each kind of loads
	matchTeams            = 20      // teams that are played
	matchWarm, matchDays  = 3, 10   // days of each, those that only fill the counters first
)

// benchMatch measures how near routing comes to the best sharing: of a batch, and
// of leads that arrive one after the other while nobody knows what comes next.
func benchMatch(ctx context.Context, f figures) error {
	if err := benchBatches(f); err != nil {
		return err
	}
	lifts := func(random *rand.Rand) [][]float64 { return drawnLifts(random, 20) }
	online, uplift := 0.0, 0.0
	for _, load := range matchLoads {
		progress("playing %d days of 20 reps at load %.1f", matchTeams*matchDays, load)
		p := playTeams(lifts, load)
		f.print(fmt.Sprintf("route.online_vs_offline.load_%.1f", load), p.online/p.same, "ratio")
		f.print(fmt.Sprintf("route.online_vs_offline.free.load_%.1f", load), p.online/p.free, "ratio")
		f.print(fmt.Sprintf("route.uplift_over_even.load_%.1f", load), 100*(p.online/p.even-1), "%")
		online += p.online / p.same / float64(len(matchLoads))
		uplift += 100 * (p.online/p.even - 1) / float64(len(matchLoads))
	}
	f.print("route.online_vs_offline", online, "ratio")
	f.print("route.uplift_over_even", uplift, "%")
	if err := benchCRM(f); err != nil {
		return err
	}
	return ctx.Err()
}

// matchLoads are leads a day relative to what the reps may take.
var matchLoads = []float64{0.7, 1, 1.3}

// benchBatches shares batches. What the sharing is worth is compared with a bound
// that no sharing exceeds (route.Bound): where it is reached, the optimum is.
func benchBatches(f figures) error {
	random := rand.New(rand.NewPCG(1, 500))
	progress("sharing batches of %d leads among %d reps", matchLeads, matchReps)
	measure := func(kind string, n int) (worst float64, took time.Duration, err error) {
		worst = 1
		var all []time.Duration
		for range n {
			b := drawnBatch(random, kind)
			began := time.Now()
			owner := route.Allot(b)
			all = append(all, time.Since(began))
			value, err := sharedValue(b, owner)
			if err != nil {
				return 0, 0, err
			}
			worst = min(worst, value/route.Bound(b))
		}
		return worst, median(all), nil
	}
	for _, kind := range []struct {
		loads, name string
		n           int
	}{
		{"", "route.batch_vs_optimum", matchBatches},
		{"random", "route.batch_vs_optimum.gap_random", matchLoaded},
		{"c", "route.batch_vs_optimum.gap_c", matchLoaded},
		{"d", "route.batch_vs_optimum.gap_d", matchLoaded},
	} {
		worst, took, err := measure(kind.loads, kind.n)
		if err != nil {
			return err
		}
		f.print(kind.name, worst, "ratio")
		f.print(kind.name+".took", float64(took.Microseconds())/1000, "ms")
	}
	return nil
}

// drawnBatch draws a batch. Kinds c and d are those of the literature on the
// generalised assignment problem, as values instead of costs: in d what a lead is
// worth goes with what it takes.
func drawnBatch(random *rand.Rand, kind string) route.Batch {
	b := route.Batch{Room: make([]int, matchReps)}
	total := 0
	for range matchLeads {
		values, loads := make([]float64, matchReps), make([]int, matchReps)
		for r := range values {
			switch kind {
			case "":
				values[r], loads[r] = random.Float64(), 1
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
		b.Room[r] = total * 8 / 10 / (matchReps * matchReps)
	}
	if kind == "" {
		b.Load = nil
	}
	return b
}

// sharedValue adds up what a sharing is worth, and refuses one that cannot be.
func sharedValue(b route.Batch, owner []int) (float64, error) {
	value, left := 0.0, slices.Clone(b.Room)
	for l, r := range owner {
		if r < 0 {
			continue
		}
		value += b.Value[l][r]
		if b.Load == nil {
			left[r]--
		} else {
			left[r] -= b.Load[l][r]
		}
		if left[r] < 0 {
			return 0, fmt.Errorf("bench: rep %d got more than their room", r)
		}
	}
	return value, nil
}

// drawnLifts draws what reps make of leads, by channel, relative to the average.
func drawnLifts(random *rand.Rand, reps int) [][]float64 {
	const spread = 0.35
	lifts := make([][]float64, reps)
	for r := range lifts {
		for range matchChannels {
			lifts[r] = append(lifts[r], math.Exp(spread*random.NormFloat64()-spread*spread/2))
		}
	}
	return lifts
}

// What the enquiries of a day are like: parts of all, and the grades' chances.
var (
	matchChannels = []float64{0.3, 0.25, 0.15, 0.15, 0.1, 0.05}
	matchGrades   = []float64{0.05, 0.15, 0.3, 0.3, 0.2} // as lead.Grades
	matchChances  = map[lead.Grade]float64{lead.GradeAPlus: 0.35, lead.GradeA: 0.22, lead.GradeB: 0.12, lead.GradeC: 0.06, lead.GradeD: 0.02}
)

// enquiry is a lead that arrives.
type enquiry struct {
	grade   lead.Grade
	channel int
	at      time.Time
}

// matchTeam is a team that is played: what its reps make of leads by channel, and
// on average, and how many they may take a day.
type matchTeam struct {
	lifts [][]float64
	usual []float64
	reps  []lead.Rep
	room  int // of all in a day
}

// played are expected conversions: of leads that arrive one after the other, by
// the rule and evenly, and of those of a whole day, when all are known.
type played struct {
	online, even float64
	// Same gives just the leads that get a rep when they are given as they come:
	// those that arrive when the team is full do not. Free may choose which leads
	// stay without a rep.
	same, free float64
}

// playTeams plays days of several teams. Who gives leads as they come may not
// leave one without a rep while there is one with room, as routing does not: so
// the rule and even distribution give the same leads.
func playTeams(lifts func(*rand.Rand) [][]float64, load float64) played {
	var p played
	for seed := range uint64(matchTeams) {
		random := rand.New(rand.NewPCG(seed, 20))
		t := newMatchTeam(random, lifts(random))
		var days [][]enquiry
		for day := range matchWarm + matchDays {
			days = append(days, t.enquiries(random, load, day))
		}
		p.online += t.play(days, t.byRule)
		p.even += t.play(days, byTurn)
		for _, day := range days[matchWarm:] {
			p.same += t.best(day[:min(len(day), t.room)])
			p.free += t.best(day)
		}
	}
	return p
}

func newMatchTeam(random *rand.Rand, lifts [][]float64) *matchTeam {
	t := &matchTeam{lifts: lifts}
	for r, row := range lifts {
		usual := 0.0
		for c, part := range matchChannels {
			usual += part * row[c]
		}
		t.usual = append(t.usual, usual)
		quota := 6 + random.IntN(9)
		t.room += quota
		t.reps = append(t.reps, lead.Rep{ID: fmt.Sprintf("rep-%02d", r), Teams: []string{"team"}, Active: true, Zone: "UTC", Quota: &quota,
			Shifts: []lead.Shift{{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: "09:00", To: "18:00"}}})
	}
	return t
}

// enquiries draws those of one day: a Poisson process over the shift.
func (t *matchTeam) enquiries(random *rand.Rand, load float64, day int) (all []enquiry) {
	pick := func(parts []float64) int {
		x := random.Float64()
		for i, part := range parts {
			if x -= part; x < 0 {
				return i
			}
		}
		return len(parts) - 1
	}
	const shift = 9 * time.Hour
	opens := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	gap := float64(shift) / (load * float64(t.room))
	for at := random.ExpFloat64() * gap; at < float64(shift); at += random.ExpFloat64() * gap {
		all = append(all, enquiry{lead.Grades[pick(matchGrades)], pick(matchChannels), opens.Add(time.Duration(at))})
	}
	return all
}

func (t *matchTeam) value(e enquiry, rep int) float64 {
	return matchChances[e.grade] * t.lifts[rep][e.channel]
}

// play gives the leads of the days as they come, each to the rep with the largest
// figure of those with room. It returns the conversions that are expected after
// the warm days.
func (t *matchTeam) play(days [][]enquiry, weigh func([]lead.Rep, enquiry) []float64) (sum float64) {
	reps := slices.Clone(t.reps)
	for r := range reps {
		reps[r].Turns, reps[r].Mix = map[string]int{}, map[lead.Grade]int{}
	}
	for d, day := range days {
		for _, e := range day {
			best := -1
			all := weigh(reps, e)
			for r, figure := range all {
				if roomOf(&reps[r], e.at) > 0 && (best < 0 || figure > all[best]) {
					best = r
				}
			}
			if best < 0 {
				continue
			}
			countGiven(&reps[best], e)
			if d >= matchWarm {
				sum += t.value(e, best)
			}
		}
	}
	return sum
}

func roomOf(rep *lead.Rep, now time.Time) int {
	assigned, _ := rep.CountToday(now)
	return *rep.Quota - assigned
}

// countGiven moves a rep's counters as the table does.
func countGiven(rep *lead.Rep, e enquiry) {
	if day := rep.DayOf(e.at); day != rep.Day {
		rep.Day, rep.Last, rep.Today = day, rep.Today, 0
	}
	rep.Today++
	rep.Turns["team"]++
	rep.Mix[e.grade]++
}

// byRule is the rule of efficiency: chance × lift less the price of a slot.
func (t *matchTeam) byRule(reps []lead.Rep, e enquiry) []float64 {
	slots := make([]route.Slots, len(reps))
	for r := range reps {
		slots[r] = route.Slots{Lift: t.usual[r], Room: roomOf(&reps[r], e.at)}
	}
	gains := route.Prices(slots, route.Outlook("team", reps, matchChances, e.at, nil))
	for r, price := range gains {
		gains[r] = t.value(e, r) - price
	}
	return gains
}

// byTurn is even distribution: fewest turns first.
func byTurn(reps []lead.Rep, _ enquiry) []float64 {
	turns := make([]float64, len(reps))
	for r := range reps {
		turns[r] = -float64(reps[r].Turns["team"])
	}
	return turns
}

// best is what the leads of a day are worth when all are known beforehand.
func (t *matchTeam) best(day []enquiry) float64 {
	b := route.Batch{Room: make([]int, len(t.reps))}
	for r := range t.reps {
		b.Room[r] = *t.reps[r].Quota
	}
	for _, e := range day {
		values := make([]float64, len(t.reps))
		for r := range values {
			values[r] = t.value(e, r)
		}
		b.Value = append(b.Value, values)
	}
	sum := 0.0
	for l, r := range route.Allot(b) {
		if r >= 0 {
			sum += b.Value[l][r]
		}
	}
	return sum
}

// benchCRM plays the same days with the reps of a CRM, who make of every channel
// what they made of their deals. It is skipped where the data is absent.
func benchCRM(f figures) error {
	root := cmp.Or(os.Getenv("SLUICE_DATA"), filepath.Join("..", "shared", "data"))
	file, err := os.Open(filepath.Join(root, "crm-sales-opportunities", "sales_pipeline.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		progress("skipping route.online_vs_offline.crm: no measuring data (set SLUICE_DATA)")
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lifts, err := agentLifts(file)
	if err != nil {
		return fmt.Errorf("read the deals of a CRM: %w", err)
	}
	progress("playing the %d agents of a CRM", len(lifts))
	online, uplift := 0.0, 0.0
	for _, load := range matchLoads {
		p := playTeams(func(*rand.Rand) [][]float64 { return lifts }, load)
		online += p.online / p.same / float64(len(matchLoads))
		uplift += 100 * (p.online/p.even - 1) / float64(len(matchLoads))
	}
	f.print("route.online_vs_offline.crm", online, "ratio")
	f.print("route.uplift_over_even.crm", uplift, "%")
	return nil
}

// agentLifts reads each agent's part of won deals among those that ended,
// relative to that of all.
func agentLifts(deals io.Reader) ([][]float64, error) {
	rows, err := csv.NewReader(deals).ReadAll()
	if err != nil {
		return nil, err
	}
	type ended struct{ won, all float64 }
	agents, total := map[string]ended{}, ended{}
	agent, stage := slices.Index(rows[0], "sales_agent"), slices.Index(rows[0], "deal_stage")
	if agent < 0 || stage < 0 {
		return nil, errors.New("there is no column sales_agent or deal_stage")
	}
	for _, row := range rows[1:] {
		if row[stage] != "Won" && row[stage] != "Lost" {
			continue
		}
		a := agents[row[agent]]
		a.all, total.all = a.all+1, total.all+1
		if row[stage] == "Won" {
			a.won, total.won = a.won+1, total.won+1
		}
		agents[row[agent]] = a
	}
	var lifts [][]float64
	for _, name := range slices.Sorted(maps.Keys(agents)) {
		a := agents[name]
		lifts = append(lifts, slices.Repeat([]float64{a.won / a.all * total.all / total.won}, len(matchChannels)))
	}
	return lifts, nil
}
