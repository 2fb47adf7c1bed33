package route_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"sluice/shared/lead"
	"sluice/shared/route"
)

// worked is a rep with the outcomes of channels, each written "channel won/tried".
func worked(id, since string, outcomes ...string) lead.Rep {
	r := lead.Rep{ID: id, Since: since, Tried: map[string]int{}, Won: map[string]int{}}
	for _, outcome := range outcomes {
		var channel string
		var won, tried int
		if _, err := fmt.Sscanf(strings.ReplaceAll(outcome, "/", " "), "%s %d %d", &channel, &won, &tried); err != nil {
			panic(err)
		}
		r.Tried[channel], r.Won[channel] = tried, won
	}
	return r
}

// many are reps with the same outcomes.
func many(n int, name, since string, outcomes ...string) []lead.Rep {
	reps := make([]lead.Rep, n)
	for i := range reps {
		reps[i] = worked(fmt.Sprint(name, i), since, outcomes...)
	}
	return reps
}

func ability(reps ...lead.Rep) *route.Ability { return route.NewAbility(reps, noon) }

func near(got, want, by float64) bool { return math.Abs(got-want) <= by }

func TestAbilityWithoutData(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]*route.Ability{
		"nil":            nil,
		"no reps":        ability(),
		"reps at a loss": ability(worked("a", "2020-01-01"), worked("b", "2026-03-01", "fair 0/0"), lead.Rep{ID: "c"}),
	} {
		for _, rep := range []string{"a", "b", "c", "unknown"} {
			for _, e := range []route.Estimate{a.Of(rep, "fair"), a.Overall(rep)} {
				if !near(e.Mean, 0.1, 1e-12) || e.Low > 0.01 || e.High < 0.25 || e.Tried != 0 || e.Won != 0 {
					t.Errorf("%s: of %s it knows %+v", name, rep, e)
				}
			}
			if lift := a.Lift(rep, "fair"); lift != 1 {
				t.Errorf("%s: the lift of %s is %v", name, rep, lift)
			}
		}
		if mean := a.Channel("fair"); !near(mean, 0.1, 1e-12) {
			t.Errorf("%s: a channel has %v", name, mean)
		}
	}
}

// TestAbilityChannel is worked by hand. The leads of the other channel, and 11.11
// at the neutral 0.1, give a mean m and the variance v of its log odds, which is
// 1/(m(1-m)) for each lead. A channel has 1.0 more of it, and so begins as strong
// as 1/(m(1-m)(v+1)) leads.
func TestAbilityChannel(t *testing.T) {
	t.Parallel()
	a := ability(many(10, "r", "", "fair 3/10", "web 1/10")...)
	for channel, want := range map[string]float64{
		"fair":  0.28165, // m 0.1, v 0.1: (30 + 10.10 × 0.1) / 110.10
		"web":   0.10816, // m 0.28, v 0.0446: (10 + 4.748 × 0.28) / 104.748
		"other": 0.19474, // m of all: (40 + 11.11 × 0.1) / 211.11
	} {
		if got := a.Channel(channel); !near(got, want, 1e-5) {
			t.Errorf("%s converts %.5f, want %.5f", channel, got, want)
		}
	}
}

func TestAbilityExamples(t *testing.T) {
	t.Parallel()
	average := slices.Concat(many(20, "r", "", "fair 700/10000", "web 1400/10000"), many(20, "s", "", "fair 1300/10000", "web 2600/10000"))
	for name, c := range map[string]struct {
		rep       lead.Rep
		channel   string
		from, to  float64 // of the mean
		lift, top float64
	}{
		"average":                 {worked("a", "", "fair 10/100", "web 20/100"), "fair", 0.099, 0.101, 0.99, 1.01},
		"one of one":              {worked("a", "", "fair 1/1"), "fair", 0.101, 0.14, 1.01, 1.4},
		"none of one":             {worked("a", "", "fair 0/1"), "fair", 0.09, 0.0999, 0.9, 0.999},
		"many and good":           {worked("a", "", "fair 1500/5000"), "fair", 0.28, 0.3, 2, 3},
		"many and bad":            {worked("a", "", "fair 50/5000"), "fair", 0.01, 0.016, 0.09, 0.16},
		"good on another channel": {worked("a", "", "fair 2000/10000"), "web", 0.25, 0.37, 1.2, 1.9}, // odds 2.25 times: at most 0.36
		"bad on another channel":  {worked("a", "", "fair 500/10000"), "web", 0.1, 0.17, 0.5, 0.85},
		"a channel that is hard":  {worked("a", "", "fair 100/1000"), "web", 0.19, 0.21, 0.97, 1.03},
		"who is not known":        {worked("b", "", "fair 50/100"), "web", 0.19, 0.21, 1, 1},
	} {
		a := ability(append(average, c.rep)...)
		if e := a.Of("a", c.channel); e.Mean < c.from || e.Mean > c.to {
			t.Errorf("%s: %+v, want %v to %v", name, e, c.from, c.to)
		}
		if lift := a.Lift("a", c.channel); lift < c.lift || lift > c.top {
			t.Errorf("%s: a lift of %v, want %v to %v", name, lift, c.lift, c.top)
		}
	}
}

// TestAbilityHardChannels has a rep who works where others convert little, and
// is better there: raw rates say the opposite.
func TestAbilityHardChannels(t *testing.T) {
	t.Parallel()
	reps := append(slices.Concat(many(10, "r", "", "fair 120/500", "web 12/500"), many(10, "s", "", "fair 180/500", "web 18/500")),
		worked("hard", "", "web 50/1000"), worked("easy", "", "fair 250/1000"))
	a := ability(reps...)
	for _, channel := range []string{"fair", "web", "other"} {
		if hard, easy := a.Lift("hard", channel), a.Lift("easy", channel); hard < 1.1 || easy > 0.95 {
			t.Errorf("%s: lifts of %v and %v", channel, hard, easy)
		}
	}
}

// TestAbilityEquals has reps who differ by luck alone: next to nothing of it is
// taken for ability.
func TestAbilityEquals(t *testing.T) {
	t.Parallel()
	source := rand.NewPCG(1, 1)
	list := make([]lead.Rep, 100)
	for i := range list {
		won := func() int { return int(distuv.Binomial{N: 50, P: 0.1, Src: source}.Rand()) }
		list[i] = worked(fmt.Sprint("r", i), "2020-01-01", fmt.Sprintf("fair %d/50", won()), fmt.Sprintf("web %d/50", won()))
	}
	a := ability(list...)
	var taken, luck float64
	for _, r := range list {
		taken += math.Pow(a.Lift(r.ID, "fair")-1, 2)
		luck += math.Pow(float64(r.Won["fair"])/50/a.Channel("fair")-1, 2)
	}
	if taken > luck/5 {
		t.Errorf("lifts vary by %v where luck does by %v", taken, luck)
	}
}

func TestAbilityTenure(t *testing.T) {
	t.Parallel()
	reps := slices.Concat(
		many(12, "fresh", "2026-02-01", "fair 5/100"), many(12, "later", "2025-08-01", "fair 10/100"), many(12, "veteran", "2020-01-01", "fair 15/100"))
	a := ability(append(reps,
		worked("89 days", "2025-12-05"), worked("today", "2026-03-04"), worked("to come", "2026-05-01"),
		worked("90 days", "2025-12-04"), worked("364 days", "2025-03-05"),
		worked("a year", "2025-03-04"), worked("long", "1999-12-31"),
		worked("unknown", ""), worked("unreadable", "May"))...)
	fresh, later, veteran := a.Overall("today").Mean, a.Overall("90 days").Mean, a.Overall("long").Mean
	if fresh > 0.075 || later < 0.09 || later > 0.11 || veteran < 0.125 {
		t.Errorf("new reps start at %v, %v and %v", fresh, later, veteran)
	}
	for id, want := range map[string]float64{
		"89 days": fresh, "to come": fresh, "364 days": later, "a year": veteran, "unknown": 0.1, "unreadable": 0.1, "nobody": 0.1,
	} {
		if got := a.Overall(id).Mean; !near(got, want, 1e-9) {
			t.Errorf("%s: a new rep starts at %v, want %v", id, got, want)
		}
		if got := a.Of(id, "fair").Mean; !near(got, want, 0.003) {
			t.Errorf("%s: a new rep starts on the channel at %v, want %v", id, got, want)
		}
		if got := a.Lift(id, "fair"); !near(got, a.Of(id, "fair").Mean/a.Channel("fair"), 1e-9) {
			t.Errorf("%s: a lift of %v", id, got)
		}
	}
}

// TestAbilityTenureOfFew has a band of one, who is not the measure of it.
func TestAbilityTenureOfFew(t *testing.T) {
	t.Parallel()
	a := ability(append(many(20, "veteran", "2020-01-01", "fair 10/100"), worked("star", "2026-02-01", "fair 40/100"), worked("next", "2026-02-01"))...)
	star, next := a.Overall("star").Mean, a.Overall("next").Mean
	if next < 0.1 || next > 0.2 || star < 0.25 {
		t.Errorf("a star has %v and who starts beside it %v", star, next)
	}
}

func TestAbilityNonsense(t *testing.T) {
	t.Parallel()
	clean := ability(worked("a", "", "fair 7/7"), worked("b", "", "web 0/20"), worked("c", "", "fair 1000000/1000000"))
	dirty := ability(
		worked("a", "", "fair 9/7", "lost -3/-5", "none 4/0"),
		worked("b", "", "web -2/20"),
		worked("c", "", fmt.Sprintf("fair %d/%d", math.MaxInt, math.MaxInt), fmt.Sprintf("web %d/%d", math.MaxInt, math.MinInt)))
	for _, rep := range []string{"a", "b", "c", "unknown"} {
		for _, channel := range []string{"fair", "web", "lost", "none"} {
			if got, want := dirty.Of(rep, channel), clean.Of(rep, channel); got != want {
				t.Errorf("%s on %s: %+v, want %+v", rep, channel, got, want)
			}
		}
		if got, want := dirty.Overall(rep), clean.Overall(rep); got != want {
			t.Errorf("%s overall: %+v, want %+v", rep, got, want)
		}
	}
}

func TestLiftDoesNotAllocate(t *testing.T) {
	a := ability(many(20, "r", "", "fair 10/100", "web 20/100")...)
	if n := testing.AllocsPerRun(100, func() { a.Lift("r1", "fair"); a.Lift("r1", "none"); a.Lift("none", "fair") }); n != 0 {
		t.Errorf("lifts allocate %v times", n)
	}
}
