package year

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// small is a year that takes a second.
func small(seed uint64) Options { return Options{Seed: seed, Leads: 4000, Reps: 12} }

func play(t *testing.T, o Options) *Report {
	t.Helper()
	r, err := Play(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPromises plays some years: every promise is met with, and none is broken.
func TestPromises(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := play(t, small(seed))
			for _, rule := range r.Broken() {
				t.Errorf("%s: broken %d times of %d", rule.Name, rule.Broken, rule.Judged)
			}
			for _, text := range r.Found {
				t.Log(text)
			}
			states := 0
			for _, n := range r.States {
				states += n
			}
			if r.Leads != 4000 || states != r.Leads {
				t.Errorf("%d leads, %d in a state, want 4000", r.Leads, states)
			}
		})
	}
}

// TestLife requires that a year is one: all that can happen to a lead does, the
// limits are reached, and what the sweep does pays.
func TestLife(t *testing.T) {
	t.Parallel()
	r := play(t, small(7))
	for _, event := range []string{
		"captured", "touched", "engaged", "scored", "woken", "offered", "accepted", "rejected", "claimed", "triaged", "waiting", "logged", "reminded",
		"reminded manager", "escalated", "expired withdraw", "expired reclaim", "expired pool", "extended", "dealt", "nudged", "revealed",
		"dialled", "called", "credited", "opted_out", "put_on_hold", "resumed", "nurtured", "pooled", "swept", "converted", "handed_over",
		"closed junk", "closed lost", "closed unreachable", "closed archived",
	} {
		if r.Events[event] == 0 {
			t.Errorf("nothing was %s all year", event)
		}
	}
	for _, c := range r.Cycles[1:] {
		for _, did := range lead.Dids {
			if c.Did[string(did)] == 0 && did != lead.DidRetire {
				t.Errorf("cycle of %s: nothing was %s", c.Began.Format(time.DateOnly), did)
			}
		}
	}
	for _, name := range []string{ruleNames[ruleCap], ruleNames[ruleQuota], ruleNames[ruleClaims], ruleNames[ruleReveals], ruleNames[ruleMonthly], ruleNames[ruleGrade]} {
		if i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.Name == name }); r.Rules[i].Tight == 0 {
			t.Errorf("%s: the limit was never reached", name)
		}
	}
	if !r.Replied.Enough || r.Replied.Diff < 0 {
		t.Errorf("replies of the swept %v, of those held out %v", r.Replied.Treated, r.Replied.HeldOut)
	}
	if r.Again == 0 || r.InTime == 0 || r.InTime >= r.Due {
		t.Errorf("%d second assignments, %d of %d first follow-ups in time", r.Again, r.InTime, r.Due)
	}
	for _, s := range r.Spread {
		if s.Team == teams[east].id && s.Most-s.Least > 0.05*s.Mean {
			t.Errorf("team %s shares evenly, with turns from %v to %v", s.Team, s.Least, s.Most)
		}
	}
}

// TestSeedDecides plays the same year twice, and another one.
func TestSeedDecides(t *testing.T) {
	t.Parallel()
	text := func(seed uint64) string {
		r := play(t, Options{Seed: seed, Leads: 800, Reps: 6})
		r.Took = time.Second
		var out strings.Builder
		r.Print(&out)
		return out.String()
	}
	first := text(1)
	if again := text(1); again != first {
		t.Errorf("one seed, two years:\n%s\n%s", first, again)
	}
	if text(2) == first {
		t.Error("two seeds, one year")
	}
	for _, want := range []string{"2026 with 800 leads", "Stock sweep", "Promises", "decisions a second"} {
		if !strings.Contains(first, want) {
			t.Errorf("the report says nothing of %q:\n%s", want, first)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Leads: 99, Reps: 10}, {Leads: 2_000_001, Reps: 10}, {Leads: 1000, Reps: 4}, {Leads: 1000, Reps: 201}} {
		if _, err := Play(o); err == nil {
			t.Errorf("a year of %d leads and %d reps is played", o.Leads, o.Reps)
		}
	}
	months := 0
	play(t, Options{Leads: 100, Reps: 5, Progress: func(time.Month, int) { months++ }})
	if months != 12 {
		t.Errorf("progress was told of %d months", months)
	}
}

// TestHouse holds the policy of the year to what a policy has to be.
func TestHouse(t *testing.T) {
	t.Parallel()
	w, err := newWorld(small(1), random(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range policy.Check(house(w.reps)) {
		t.Errorf("%s: %s", p.Path, p.Text)
	}
}
