package lead_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// TestOnceInEachCycle lets a lead come into pools and leave them for some cycles,
// with a sweep that is up to a minute late: it is looked at once in each cycle that
// it rested through, and never twice in one.
func TestOnceInEachCycle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.SampledFrom([]time.Duration{day, 7 * day, 30 * day}).Draw(t, "cycle")
		l := newLife()
		l.lead.ID = rapid.StringMatching(`[0-9a-z]{10}`).Draw(t, "id")
		l.rules.Sweep = length
		l.rules.Pools = map[string]lead.Resting{"cold": {Cycle: length}}
		if rapid.Bool().Draw(t, "quiet") {
			l.rules.Quiet = night{rapid.IntRange(0, 23).Draw(t, "from"), rapid.IntRange(1, 12).Draw(t, "hours")}
		}
		l.now = l.now.Add(drawUpTo(t, "arrives", length))
		pooled := lead.Route{Choice: lead.Choice{Team: "inside", Pool: "sea"}}
		if err := l.do(capture(), pooled); err != nil {
			t.Fatal(err)
		}
		looked := map[time.Time]int{} // cycle → looks
		in := l.now
		rested := func(until time.Time) {
			for c := lead.CycleAt(in, length).Add(length); !c.Add(length).After(until); c = c.Add(length) {
				if looked[c] != 1 {
					t.Fatalf("looked %d times in the cycle from %v, in the pool from %v to %v", looked[c], c, in, until)
				}
			}
		}
		for range 12 {
			if rapid.IntRange(0, 3).Draw(t, "leaves") == 0 {
				out := l.now.Add(drawUpTo(t, "later", 2*length))
				for !l.lead.Deadline.At.After(out) {
					l.look(t, looked)
				}
				rested(out)
				l.now = out
				if err := l.do(touch()); err != nil {
					t.Fatal(err)
				}
				l.now = l.now.Add(drawUpTo(t, "away", 2*length))
				in = l.now
				pooled.Choice.Pool = rapid.SampledFrom([]string{"sea", "cold"}).Draw(t, "pool")
				if err := l.do(pooled); err != nil {
					t.Fatal(err)
				}
				continue
			}
			l.look(t, looked)
		}
		rested(l.now)
	})
}

func drawUpTo(t *rapid.T, name string, most time.Duration) time.Duration {
	return time.Duration(rapid.Int64Range(0, int64(most)).Draw(t, name))
}

// look sweeps a pooled lead, up to a minute late, and counts that for the cycle.
func (l *life) look(t *rapid.T, looked map[time.Time]int) {
	due := l.lead.Deadline.At
	if q := l.rules.Quiet; q != nil && !q.Until(due, "").Equal(due) {
		t.Fatalf("looked at in the quiet, at %v", due)
	}
	l.now = due.Add(drawUpTo(t, "late", time.Minute-1))
	if err := l.do(lead.Look{Did: lead.DidRest}); err != nil {
		t.Fatal(err)
	}
	e := l.history[len(l.history)-1].Events[0].(lead.Swept)
	if looked[e.Cycle]++; looked[e.Cycle] > 1 {
		t.Fatalf("looked at again in the cycle from %v, at %v", e.Cycle, l.now)
	}
	if err := l.do(lead.Look{Did: lead.DidTouch}); err != nil || !l.lead.Deadline.At.After(l.now) || len(l.history[len(l.history)-1].Events) > 2 {
		t.Fatalf("looked at twice in a row: %v", err)
	}
}

// TestLooksAreSpread over a cycle, and with a night over the days of it: no hour has
// much more than its share.
func TestLooksAreSpread(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cycle time.Duration
		quiet lead.Quiet
		hours int     // of the cycle in which looks fall
		most  float64 // times the share of an hour
	}{
		"a day":                  {day, nil, 20, 1.2},
		"a week":                 {7 * day, nil, 135, 1.4},
		"a day with a night":     {day, night{21, 11}, 5, 1.7},
		"a week with nights":     {7 * day, night{21, 11}, 65, 1.8},
		"30 days without nights": {30 * day, nil, 577, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rules()
			r.Sweep, r.Quiet = test.cycle, test.quiet
			const leads = 20_000
			began := lead.CycleAt(monday, test.cycle)
			counts := map[int]int{}
			for i := range leads {
				l := lead.Lead{ID: fmt.Sprintf("01jn8e7l%05x", i), State: lead.StatePooled, Pool: "sea", Since: began.Add(-time.Nanosecond)}
				counts[int(lead.Next(l, r).At.Sub(began)/time.Hour)]++
			}
			share := leads / float64(test.hours)
			if len(counts) < test.hours-1 || len(counts) > test.hours+1 {
				t.Errorf("looks in %d hours, want %d", len(counts), test.hours)
			}
			for hour, n := range counts {
				if float64(n) > test.most*share {
					t.Errorf("%d looks in hour %d, want some %.0f", n, hour, share)
				}
			}
		})
	}
}

// TestCycleChanged: a pool whose cycle is made longer meanwhile does not look at the
// lead too soon, and the deadline moves.
func TestCycleChanged(t *testing.T) {
	t.Parallel()
	l := captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}})
	l.expire(t)
	due := l.lead.Deadline.At
	l.now, l.rules.Sweep = due, 30*day
	if l.must(t, lead.Look{Did: lead.DidTouch}); !l.lead.Deadline.At.After(due) || l.lead.Looked.Equal(due) {
		t.Errorf("looked at %v, due again %v", l.lead.Looked, l.lead.Deadline.At)
	}
	l.now, l.rules.Sweep = l.lead.Deadline.At, day
	if l.must(t, lead.Look{Did: lead.DidTouch}); !l.lead.Looked.Equal(l.now) || l.lead.Deadline.At.Sub(l.now) > day {
		t.Errorf("looked at %v, due again %v", l.lead.Looked, l.lead.Deadline.At)
	}
}

// TestCredits follows a look to the reply and the conversion that come of it, each
// counted once, for the arm that the look was of.
func TestCredits(t *testing.T) {
	t.Parallel()
	convert := lead.Convert{Rep: ann}
	worked := []lead.Command{lead.Claim{Rep: ann, Team: "inside"}}
	inbound := lead.Log{Rep: ann, Activity: lead.Logged{Way: lead.WayMail, Inbound: true}}
	interested := lead.Call{List: "spring", Call: "c-1", Outcome: lead.Interested}
	for name, test := range map[string]struct {
		did  lead.Did
		then []lead.Command
		want map[string]int
	}{
		"nothing comes of it":      {lead.DidTouch, nil, map[string]int{"touched": 1}},
		"enquires again":           {lead.DidTouch, []lead.Command{touch(), touch()}, map[string]int{"touched": 1, "replied": 1}},
		"was left alone, enquires": {lead.DidHold, []lead.Command{touch()}, map[string]int{"held_out": 1, "held_out.replied": 1}},
		"is called":                {lead.DidList, []lead.Command{interested, interested}, map[string]int{"listed": 1, "replied": 1}},
		"answers the rep":          {lead.DidRest, append(worked, inbound, inbound), map[string]int{"rested": 1, "replied": 1}},
		"is called by the rep":     {lead.DidRest, append(worked, call(ann)), map[string]int{"rested": 1}},
		"enquires while on hold":   {lead.DidRest, append(worked, lead.Hold{Rep: ann}, touch()), map[string]int{"rested": 1, "replied": 1}},
		"is won":                   {lead.DidRest, append(worked, convert), map[string]int{"rested": 1, "converted": 1}},
		"was left alone, is won": {lead.DidHold, []lead.Command{touch(), toRep(ann), lead.Accept{Rep: ann}, convert},
			map[string]int{"held_out": 1, "held_out.replied": 1, "held_out.converted": 1}},
		"is archived and enquires": {lead.DidRetire, []lead.Command{touch()}, map[string]int{"archived": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "sea"}})
			l.now = l.lead.Deadline.At
			cycle := lead.CycleAt(l.now, l.rules.Sweep)
			l.must(t, lead.Look{Did: test.did}).wait(10*day).must(t, test.then...)
			got, shards := map[string]int{}, map[string]bool{}
			for _, entry := range l.history {
				tally := lead.TallyOf(entry)
				if tally == nil {
					continue
				}
				if tally.Pool != "sea" || !tally.Cycle.Equal(cycle) {
					t.Errorf("counts for %s, %v", tally.Pool, tally.Cycle)
				}
				shards[tally.Shard] = true
				for what, n := range tally.Add {
					got[what] += n
				}
			}
			if over := l.lead.State == lead.StateConverted || test.did == lead.DidRetire; over != (l.lead.Stock == nil) {
				t.Errorf("%s, the next is credited to %v", l.lead.State, l.lead.Stock)
			}
			if !maps.Equal(got, test.want) || len(shards) != 1 {
				t.Errorf("counts %v in shards %v, want %v", got, slices.Sorted(maps.Keys(shards)), test.want)
			}
		})
	}
}

// TestTallySums: what entries add together is what their events are, and the work
// of counting is spread.
func TestTallySums(t *testing.T) {
	t.Parallel()
	shards := map[string]int{}
	for i := range 32 * 100 {
		tally := lead.TallyOf(lead.Entry{Lead: fmt.Sprintf("01jn8e7l%04x", i), Events: []lead.Event{lead.Swept{Pool: "sea", Did: lead.DidHold}}})
		shards[tally.Shard]++
	}
	if most := slices.Max(slices.Collect(maps.Values(shards))); len(shards) != lead.TallyShards || most > 150 {
		t.Errorf("%d shards, at most %d of 3200 leads in one", len(shards), most)
	}
	rapid.Check(t, func(t *rapid.T) {
		stock := lead.Stock{Pool: "sea", Cycle: monday, Held: rapid.Bool().Draw(t, "held")}
		all := []lead.Event{lead.Woken{}, lead.Swept{Pool: "sea", Cycle: monday}, lead.Credited{Of: lead.CreditReply, Stock: stock}, lead.Credited{Of: lead.CreditConvert, Stock: stock}}
		for _, did := range lead.Dids {
			all = append(all, lead.Swept{Pool: "sea", Cycle: monday, Did: did})
		}
		entry := lead.Entry{Lead: "l1", Events: rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "events")}
		want := 0
		for _, e := range entry.Events {
			if swept, ok := e.(lead.Swept); ok && swept.Did != "" || lead.KindOfEvent(e) == "credited" {
				want++
			}
		}
		got := 0
		tally := lead.TallyOf(entry)
		if tally != nil {
			for _, n := range tally.Add {
				got += n
			}
		}
		if got != want || (tally == nil) != (want == 0) {
			t.Fatalf("adds %+v, want %d", tally, want)
		}
	})
}
