package lead_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestTaskOf says what a rep is to do with a lead, and until when.
func TestTaskOf(t *testing.T) {
	t.Parallel()
	worked := func(commands ...lead.Command) []lead.Command {
		return append([]lead.Command{toRep(ann), lead.Accept{Rep: ann}}, commands...)
	}
	deal := lead.Deal{Rep: ann, Open: true}
	hold := lead.Hold{Rep: ann}
	step := plan(ann, monday.Add(3*day))
	for name, test := range map[string]struct {
		play []lead.Command
		now  time.Duration
		want string
	}{
		"not offered":              {nil, 0, "nothing"},
		"offered":                  {[]lead.Command{toRep(ann)}, 0, "accept in 1h0m0s"},
		"offered, the time is up":  {[]lead.Command{toRep(ann)}, 61 * time.Minute, "accept in -1m0s, late"},
		"accepted":                 {worked(), 0, "follow_up in 1h0m0s"},
		"reached":                  {worked(call(ann)), 0, "follow_up in 48h0m0s"},
		"a step is planned":        {worked(step), 0, "step in 72h0m0s"},
		"the step is due":          {worked(step), 3 * day, "step in 0s"},
		"the step is late":         {worked(step), 3*day + time.Hour, "step in -1h0m0s, late"},
		"nobody answered the step": {worked(step, note(ann)), 3 * day, "step in 0s"},
		"reached without a step":   {worked(step, call(ann)), 0, "follow_up in 48h0m0s"},
		"a step beyond the end": {worked(lead.Log{Rep: ann, Activity: lead.Logged{Way: lead.WayNote, StepAt: monday.Add(9 * day)}}), 0,
			"follow_up in 25h0m0s"},
		"a deal that nobody looks after": {worked(deal), 10 * day, "follow_up in -239h0m0s, late"},
		"on hold":                        {worked(hold), 0, "nothing"},
		"on hold, a step ahead":          {worked(step, hold), 2 * day, "nothing"},
		"on hold, the step is due":       {worked(step, hold), 3 * day, "step in 0s"},
		"released":                       {worked(lead.Release{Rep: ann, Reason: "too far away"}), 0, "nothing"},
		"won":                            {worked(lead.Convert{Rep: ann}), 0, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, lead.GradeA, test.play...)
			now := monday.Add(test.now)
			tasks := lead.Tasks([]lead.Lead{l.lead}, func(string) lead.Rules { return defaults() }, func(lead.Lead) float64 { return 8 }, now)
			got := "nothing"
			if len(tasks) == 1 {
				got = fmt.Sprintf("%s in %v", tasks[0].Do, tasks[0].Due.Sub(now))
				if tasks[0].Late {
					got += ", late"
				}
				if tasks[0].Lead != "l1" || tasks[0].Value != 8 {
					t.Errorf("the task is %+v", tasks[0])
				}
			}
			if got != test.want || len(tasks) > 1 {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// TestTaskRank has ranks by hand: half a working day before, a tenth three days
// before.
func TestTaskRank(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]float64{-time.Hour: 100, 0: 100, 8 * time.Hour: 50, 24 * time.Hour: 25, 72 * time.Hour: 10} {
		l := begin(t, lead.GradeA, toRep(ann), lead.Accept{Rep: ann}, plan(ann, monday.Add(5*day)))
		tasks := lead.Tasks([]lead.Lead{l.lead}, func(string) lead.Rules { return defaults() }, func(lead.Lead) float64 { return 100 }, monday.Add(5*day-left))
		if len(tasks) != 1 || math.Abs(tasks[0].Rank-want) > 1e-9 {
			t.Errorf("%v before: %+v, want a rank of %v", left, tasks, want)
		}
	}
}

// TestTasksOrder holds for any leads that of equal value the more urgent one comes
// first, of equally urgent ones the more valuable, and that the order is one only.
func TestTasksOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := monday.Add(drawUpTo(t, "now", 20*day))
		var leads []lead.Lead
		values := map[string]float64{}
		teams := map[string]int{"inside": 0}
		for i := range rapid.IntRange(0, 12).Draw(t, "leads") {
			l := newLife()
			l.rules, l.lead.ID = defaults(), fmt.Sprint("l", i)
			l.now = monday.Add(drawUpTo(t, "arrives", 5*day).Round(12 * time.Hour))
			play := []lead.Command{capture(), lead.Score{Grade: drawGrade(t)}, toRep(ann), lead.Accept{Rep: ann},
				plan(ann, l.now.Add(rapid.SampledFrom([]time.Duration{day, 9 * day}).Draw(t, "step"))), lead.Hold{Rep: ann}}
			if err := l.do(play[:rapid.IntRange(1, len(play)).Draw(t, "plays")]...); err != nil {
				t.Fatal(err)
			}
			leads = append(leads, l.lead)
			values[l.lead.ID] = rapid.SampledFrom([]float64{-1, 0, 1, 100, 101, math.NaN(), math.Inf(1), math.Inf(-1)}).Draw(t, "value")
		}
		rules := func(team string) lead.Rules {
			teams[team]++
			return defaults()
		}
		value := func(l lead.Lead) float64 { return values[l.ID] }
		tasks := lead.Tasks(leads, rules, value, now)
		if len(teams) != 1 {
			t.Fatalf("asked for the rules of %v", teams)
		}
		left := func(task lead.Task) time.Duration { return max(0, task.Due.Sub(now)) }
		for i, a := range tasks {
			if !(a.Value >= 0 && a.Rank >= 0 && a.Rank <= a.Value) || a.Late != a.Due.Before(now) {
				t.Fatalf("the task is %+v", a)
			}
			for _, b := range tasks[i+1:] {
				if a.Value == b.Value && (left(a) > left(b) && a.Value > 0 || a.Value == 0 && a.Due.After(b.Due)) ||
					left(a) == left(b) && a.Value < b.Value || a.Lead == b.Lead {
					t.Fatalf("%+v comes before %+v", a, b)
				}
			}
		}
		rand.Shuffle(len(leads), func(i, j int) { leads[i], leads[j] = leads[j], leads[i] })
		if again := lead.Tasks(leads, rules, value, now); !slices.Equal(again, tasks) {
			t.Fatalf("in another order it is %+v, not %+v", again, tasks)
		}
	})
}
