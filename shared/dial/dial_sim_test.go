package dial_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/dial"
)

// seeds are days of each kind that are played.
const seeds = 3

// played plays days of one kind, each of which is to keep the cap.
func played(t *testing.T, d day) outcome {
	t.Helper()
	var all outcome
	for seed := range uint64(seeds) {
		o := d.play(seed + 1)
		if o.share() > dial.Abandon {
			t.Errorf("day %d: %d of %d answered calls abandoned, %.1f %%", seed+1, o.abandoned, o.answered, 100*o.share())
		}
		if o.answered == 0 {
			t.Fatalf("day %d: nobody answered", seed+1)
		}
		all.add(o)
	}
	return all
}

// Agents talk more than with one number for each who is free, the more so the
// more they are and the fewer people answer. At no moment, from the first call of
// a list that nobody knows, have more been abandoned than the cap allows and a few.
func TestDialADay(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{0.1, 0.25, 0.5} {
		for _, agents := range []int{5, 10, 20, 50} {
			t.Run(fmt.Sprintf("%.0f%%x%d", 100*rate, agents), func(t *testing.T) {
				t.Parallel()
				one := played(t, day{agents: agents, rate: at(rate), progressive: true})
				if one.abandoned > 0 {
					t.Fatalf("progressive dialling abandoned %d calls", one.abandoned)
				}
				got := played(t, day{agents: agents, rate: at(rate)})
				times := got.used() / one.used()
				t.Logf("answer rate %2.0f %%, %2d agents: used %.1f %%, progressive %.1f %% (%.2f times); %.2f %% of %d answered calls abandoned, %.1f above the cap at worst",
					100*rate, agents, 100*got.used(), 100*one.used(), times, 100*got.share(), got.answered, got.excess)
				if got.excess > 3 {
					t.Errorf("%.1f calls above the cap at worst", got.excess)
				}
				least := 0.99
				switch {
				case agents >= 20 && rate <= 0.1:
					least = 1.7
				case agents >= 20 && rate <= 0.25:
					least = 1.2
				case rate <= 0.1:
					least = 1.4
				case rate <= 0.25:
					least = 1.07
				case agents >= 20:
					least = 1.04
				}
				if times < least {
					t.Errorf("used %.3f, %.2f times what progressive dialling does, want %.2f times", got.used(), times, least)
				}
			})
		}
	}
}

// A change is found out: nobody is lost over it, and the afternoon is worked as
// one of a day that was so from the morning on.
func TestDialAChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after float64
		floors        []int
	}{
		{0.2, 0.4, []int{5, 10, 20, 50}},
		{0.4, 0.2, []int{5, 10, 20, 50}},
		{0.05, 0.4, []int{5, 20}},
		{0.5, 0.1, []int{5, 20}},
	} {
		for _, agents := range c.floors {
			t.Run(fmt.Sprintf("%.0f%%to%.0f%%x%d", 100*c.before, 100*c.after, agents), func(t *testing.T) {
				t.Parallel()
				got := played(t, day{agents: agents, rate: from(c.before, c.after)})
				all := played(t, day{agents: agents, rate: at(c.after)})
				t.Logf("%2.0f %% to %2.0f %%, %2d agents: afternoon used %.1f %%, without a change %.1f %%; %.2f %% abandoned, %.1f calls above the cap at worst",
					100*c.before, 100*c.after, agents, 100*got.usedAfterNoon(), 100*all.usedAfterNoon(), 100*got.share(), got.excess)
				if got.usedAfterNoon() < 0.94*all.usedAfterNoon() {
					t.Errorf("afternoon used %.3f, want about %.3f", got.usedAfterNoon(), all.usedAfterNoon())
				}
			})
		}
	}
}

// What the reckoning takes for granted may be otherwise.
func TestDialOtherwise(t *testing.T) {
	t.Parallel()
	swing := func(at time.Duration) float64 {
		if at/(30*time.Minute)%2 == 0 {
			return 0.4
		}
		return 0.1
	}
	for name, d := range map[string]day{
		"talks of one length":        {agents: 20, rate: at(0.25), talk: steady},
		"a few long talks":           {agents: 20, rate: at(0.25), talk: heavy},
		"short talks":                {agents: 20, rate: at(0.25), talk: short},
		"asked every second":         {agents: 20, rate: at(0.25), asked: time.Second},
		"asked every five seconds":   {agents: 20, rate: at(0.25), asked: 5 * time.Second},
		"a rate that swings":         {agents: 20, rate: swing},
		"a rate that swings for few": {agents: 5, rate: swing},
		"two agents":                 {agents: 2, rate: at(0.1)},
		"one agent":                  {agents: 1, rate: at(0.25)},
		"hardly an answer":           {agents: 5, rate: at(0.02)},
		"everybody answers":          {agents: 20, rate: at(0.95)},
		"half of them leave":         {agents: 20, rate: at(0.25), leave: 10},
		"a large floor":              {agents: 100, rate: at(0.25)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := d
			one.progressive = true
			got, than := played(t, d), played(t, one)
			t.Logf("%s: used %.1f %%, progressive %.1f %%; %.2f %% of %d answered calls abandoned, %.1f above the cap at worst",
				name, 100*got.used(), 100*than.used(), 100*got.share(), got.answered, got.excess)
			if got.used() < 0.97*than.used() {
				t.Errorf("used %.3f, progressive dialling %.3f", got.used(), than.used())
			}
		})
	}
}
