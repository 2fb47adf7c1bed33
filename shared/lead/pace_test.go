package lead_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// paceSpan is in what time a rep gets as many leads as the pace says.
const paceSpan = 30 * day

// take gives a rep as many leads as the pace allows at a moment, and returns how
// many.
func take(rep *lead.Rep, now time.Time) int {
	n := 0
	for rep.Paces(now) {
		move := lead.RepMove{Rep: rep.ID, Kind: lead.MoveAssign, Team: "inside", Grade: lead.GradeB}
		move.Expect(*rep, now)
		*rep = move.Count(*rep)
		n++
	}
	return n
}

func pacing(n int) lead.Rep { return lead.Rep{ID: ann, Pace: &n} }

// TestPaceOfFourteen is the worked example: 14 leads in 30 days, one each 2 days,
// 3 hours and 25 minutes, and not 12 or 15 as a quota a day or a week would give.
func TestPaceOfFourteen(t *testing.T) {
	t.Parallel()
	rep := pacing(14)
	var got []string
	for now := monday; now.Before(monday.Add(paceSpan)); now = now.Add(time.Minute) {
		if n := take(&rep, now); n > 1 {
			t.Errorf("%d leads at once after %v", n, now.Sub(monday))
		} else if n == 1 {
			got = append(got, now.Format("02T15:04"))
		}
	}
	want := "[02T09:00 04T12:26 06T15:52 08T19:18 10T22:43 13T02:09 15T05:35 17T09:01 19T12:26 21T15:52 23T19:18 25T22:43 28T02:09 30T05:35]"
	if fmt.Sprint(got) != want || rep.Turns["inside"] != 14 || rep.Mix[lead.GradeB] != 14 {
		t.Errorf("leads on %v\nwant     %v", got, want)
	}
	if next := monday.Add(paceSpan); rep.Paced.Before(next) || rep.Paced.After(next.Add(14*time.Millisecond)) {
		t.Errorf("the next lead is for %v, want 30 days after the first", rep.Paced)
	}
}

// TestPace draws when leads come in, and how many a rep may have of them.
func TestPace(t *testing.T) {
	t.Parallel()
	gap := func(t *rapid.T, rep lead.Rep, now time.Time, most time.Duration) time.Duration {
		edge := rep.Paced.Sub(now) // the very moment, and the one before
		return min(most, max(1, rapid.OneOf(
			rapid.SampledFrom([]time.Duration{edge, edge - 1, edge + 1, most}),
			rapid.Map(rapid.Int64Range(1, int64(most)), func(n int64) time.Duration { return time.Duration(n) }),
		).Draw(t, "gap")))
	}
	start := func(t *rapid.T) (int, lead.Rep, time.Time) {
		n := rapid.IntRange(1, 60).Draw(t, "pace")
		return n, pacing(n), monday.Add(time.Duration(rapid.Int64Range(0, int64(day)).Draw(t, "start")))
	}

	// With a lead there each day, or as often as the pace asks where that is more,
	// the first 30 days bring exactly what the pace says. A step is at most a
	// millisecond longer than it should be.
	t.Run("is reached", rapid.MakeCheck(func(t *rapid.T) {
		n, rep, first := start(t)
		most, got := min(day, paceSpan/time.Duration(n)-time.Duration(n)*time.Millisecond), 0
		for now := first; now.Before(first.Add(paceSpan)); now = now.Add(gap(t, rep, now, most)) {
			got += take(&rep, now)
		}
		if got != n {
			t.Fatalf("%d leads in the first 30 days, want %d", got, n)
		}
	}))

	// Whatever the gaps, 30 days bring at most what those and the week before them
	// allow, and a moment at most what a week allows.
	t.Run("is kept", rapid.MakeCheck(func(t *rapid.T) {
		n, rep, now := start(t)
		week := (7*n + 29) / 30
		var taken []time.Time
		for range rapid.IntRange(1, 40).Draw(t, "moments") {
			now = now.Add(gap(t, rep, now, rapid.SampledFrom([]time.Duration{time.Hour, day, 7 * day, 90 * day}).Draw(t, "most")))
			got := take(&rep, now)
			if got > week+1 {
				t.Fatalf("%d leads at once, want at most %d", got, week+1)
			}
			for range got {
				taken = append(taken, now)
			}
			for len(taken) > 0 && !taken[0].After(now.Add(-paceSpan)) {
				taken = taken[1:]
			}
			if len(taken) > n+week {
				t.Fatalf("%d leads in 30 days, want at most %d", len(taken), n+week)
			}
		}
	}))
}

// TestPaceAfterAbsence gives what a week allows at once, and then goes on as
// before.
func TestPaceAfterAbsence(t *testing.T) {
	t.Parallel()
	for pace, want := range map[int]int{1: 1, 4: 1, 5: 2, 14: 4, 30: 8, 60: 15} {
		rep := pacing(pace)
		take(&rep, monday)
		back := monday.Add(80 * day)
		if got := take(&rep, back); got != want {
			t.Errorf("a pace of %d gives %d at once, want %d", pace, got, want)
		}
		if got := take(&rep, back.Add(paceSpan/time.Duration(pace)+time.Second)); got != 1 {
			t.Errorf("a pace of %d gives %d a step later, want 1", pace, got)
		}
	}
}

// TestPaceIsOfAssignments: what comes by hand or out of a pool does not count, and
// neither does anything for a rep without a pace.
func TestPaceIsOfAssignments(t *testing.T) {
	t.Parallel()
	free, none := lead.Rep{ID: bo}, pacing(0)
	if !free.Paces(monday) || none.Paces(monday) {
		t.Errorf("without a pace %t, with one of none %t", free.Paces(monday), none.Paces(monday))
	}
	rep := pacing(14)
	take(&rep, monday)
	for _, kind := range []lead.MoveKind{lead.MoveByHand, lead.MoveClaim, lead.MoveRelease} {
		move := lead.RepMove{Rep: ann, Kind: kind, Team: "inside"}
		if move.Expect(rep, monday.Add(10*day)); !move.PacedTo.IsZero() || !move.Count(rep).Paced.Equal(rep.Paced) {
			t.Errorf("%s moves the pace to %v", kind, move.PacedTo)
		}
	}
	move := lead.RepMove{Rep: bo, Kind: lead.MoveAssign, Team: "inside"}
	if move.Expect(free, monday); !move.PacedTo.IsZero() || !move.Count(free).Paced.IsZero() {
		t.Errorf("a rep without a pace gets one to %v", move.PacedTo)
	}
}

// TestQualified goes by the month of now and the one before, in UTC.
func TestQualified(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for name, test := range map[string]struct {
		target *int
		months map[string]int
		now    string
		want   bool
	}{
		"this month":                        {new(3), map[string]int{"2026-03": 3}, "2026-03-02T09:00:00Z", true},
		"the month before":                  {new(3), map[string]int{"2026-02": 4}, "2026-03-31T23:59:59Z", true},
		"on the first":                      {new(3), map[string]int{"2026-02": 3}, "2026-03-01T00:00:00Z", true},
		"two months ago":                    {new(3), map[string]int{"2026-01": 9}, "2026-03-02T09:00:00Z", false},
		"short by one in each":              {new(3), map[string]int{"2026-02": 2, "2026-03": 2}, "2026-03-02T09:00:00Z", false},
		"December counts in January":        {new(3), map[string]int{"2025-12": 3}, "2026-01-31T12:00:00Z", true},
		"January of the year before":        {new(3), map[string]int{"2025-01": 3}, "2026-01-31T12:00:00Z", false},
		"February is short":                 {new(3), map[string]int{"2026-02": 3}, "2026-03-30T12:00:00Z", true},
		"a month that has not begun in UTC": {new(3), map[string]int{"2026-01": 3}, "2026-03-01T05:00:00+08:00", true},
		"a month to come":                   {new(3), map[string]int{"2026-04": 3}, "2026-03-31T12:00:00Z", false},
		"no conversions yet":                {new(3), nil, "2026-03-02T09:00:00Z", false},
		"no target":                         {nil, map[string]int{"2026-03": 99}, "2026-03-02T09:00:00Z", false},
		"a target of 0":                     {new(0), nil, "2026-03-02T09:00:00Z", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := lead.Rep{Target: test.target, Months: test.months}
			if got := rep.Qualified(at(test.now)); got != test.want {
				t.Errorf("qualified %t, want %t", got, test.want)
			}
		})
	}
}

// TestRaisedPaceCountsAtOnce: whoever is to get a lead a day instead of one a month
// gets the next a day after the last, and a pace that falls holds from the next on.
func TestRaisedPaceCountsAtOnce(t *testing.T) {
	t.Parallel()
	pace := func(n int) *int { return &n }
	ann := lead.Rep{ID: "ann", Zone: "UTC", Pace: pace(1)}
	give := func(at time.Time) {
		m := lead.RepMove{Rep: "ann", Kind: lead.MoveAssign, Team: "inside", At: at}
		m.Expect(ann, at)
		ann = m.Count(ann)
	}
	give(monday)
	if ann.Paces(monday.Add(29 * 24 * time.Hour)) {
		t.Fatal("a pace of one a month gives two")
	}
	ann.Pace = pace(30)
	if ann.Paces(monday.Add(23*time.Hour)) || !ann.Paces(monday.Add(25*time.Hour)) {
		t.Error("a pace raised to one a day does not give the next a day after the last")
	}
	give(monday.Add(25 * time.Hour))
	if next := monday.Add(50 * time.Hour); ann.Paces(next.Add(-2*time.Hour)) || !ann.Paces(next) {
		t.Error("and not the one after it a day later")
	}
	ann.Pace = pace(1)
	give(monday.Add(50 * time.Hour))
	if ann.Paces(monday.Add(60*24*time.Hour).Add(-28*24*time.Hour)) || !ann.Paces(monday.Add(34*24*time.Hour)) {
		t.Error("a pace that falls does not hold from the next lead on")
	}
}
