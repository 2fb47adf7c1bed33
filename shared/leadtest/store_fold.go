package leadtest

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

// snapshotIsFold throws random commands at leads and compares what is stored
// with what their histories fold to: the snapshots and the counters of reps.
func snapshotIsFold(t *testing.T, s *shelf) {
	reps := map[string]lead.Rep{} // with the counters that the histories give
	var ids []string
	for range 3 {
		rep := s.paced(t, s.rep(t, 400, -1), 60)
		reps[rep.ID] = rep
		ids = append(ids, rep.ID)
	}
	rapid.Check(t, func(rt *rapid.T) {
		l := lead.Lead{ID: s.id("lead")}
		now := s.now
		commands := rapid.SliceOfN(command(ids, s.now.Add(60*day)), 1, 12).Draw(rt, "commands")
		commands = append([]lead.Command{lead.Capture{Person: "person1", Product: "sofa",
			Facts: lead.Facts{Channel: rapid.SampledFrom([]string{"", "website", "trade fair"}).Draw(rt, "channel")}}}, commands...)
		for _, c := range commands {
			now = now.Add(time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(rt, "pause")))
			after, entry, err := lead.Run(l, lead.System("test"), s.rules, now, c)
			if err != nil || len(entry.Events) == 0 {
				continue // the state does not allow it
			}
			moves := lead.Moves(after, entry)
			for i := range moves {
				moves[i].Expect(reps[moves[i].Rep], now)
			}
			err = s.Commit(t.Context(), lead.Change{Lead: &after, Entry: &entry, Moves: moves})
			if err != nil {
				rt.Fatalf("commit %T: %v", c, err)
			}
			for _, m := range moves {
				reps[m.Rep] = m.Count(reps[m.Rep])
			}
			l = after
		}
		stored, err := s.Lead(t.Context(), l.ID)
		if err != nil {
			rt.Fatal(err)
		}
		history, cursor, err := s.History(t.Context(), l.ID, lead.Page{Limit: 100})
		if err != nil || cursor != "" || len(history) != stored.Version {
			rt.Fatalf("history of %d entries, %v; want %d", len(history), err, stored.Version)
		}
		a, _ := json.Marshal(stored)
		b, _ := json.Marshal(lead.Fold(history))
		if string(a) != string(b) {
			rt.Fatalf("snapshot\n%s\nis not the fold\n%s", a, b)
		}
	})
	for id, want := range reps {
		if got := s.mustRep(t, id); !sameCounters(got, want) {
			t.Errorf("counters of %s = %+v, want %+v", id, got, want)
		}
	}
}

// command draws a command that may or may not fit a lead's state. Leads wait for
// one shift that begins later than any of these lives goes on.
func command(reps []string, shift time.Time) *rapid.Generator[lead.Command] {
	return rapid.Custom(func(t *rapid.T) lead.Command {
		rep := rapid.SampledFrom(reps).Draw(t, "rep")
		grade := rapid.SampledFrom(lead.Grades).Draw(t, "grade")
		return rapid.SampledFrom([]lead.Command{
			lead.Touch{Submission: "sub2", Facts: lead.Facts{City: "Springfield", Answers: map[string]any{"rooms": "3"}}},
			lead.Score{Fit: 60, Grade: grade, Reasons: []string{"test"}},
			lead.Route{Choice: lead.Choice{Rule: "r", Team: "red", Rep: rep, Why: "test"}},
			lead.Route{Choice: lead.Choice{Rule: "r", Team: "red", Rep: rep, Why: "test"}},
			lead.Route{Choice: lead.Choice{Team: "red"}},
			lead.Route{Choice: lead.Choice{Pool: "open"}},
			lead.Route{Choice: lead.Choice{Team: "red", Wait: shift, Why: "test", Grounds: &lead.Grounds{Of: "turns"}}},
			lead.Accept{Rep: rep}, lead.Accept{Rep: rep},
			lead.Reject{Rep: rep, Reason: "language"},
			lead.Log{Rep: rep, Activity: lead.Logged{Way: "call", Grade: grade}},
			lead.Release{Rep: rep, Reason: "busy"},
			lead.Claim{Rep: rep, Team: "red"},
			lead.Assign{Rep: rep, Team: "red"},
			lead.Hold{Rep: rep, Reason: "holidays"},
			lead.Recycle{Rep: rep, Reason: "next year"},
			lead.Close{Rep: rep, As: lead.StateLost, Reason: "price"},
			lead.Qualify{Rep: rep, Verdict: "business", Note: lead.Sealed("note")},
			lead.Move{Rep: rep, Team: "red", Why: "test"}, lead.Move{Rep: rep, Team: "red", Why: "test"},
			lead.Move{Pool: "open", Why: "test"}, lead.Move{Anew: true, Why: "test"},
			lead.Convert{Rep: rep, Value: lead.Money{Amount: 100, Currency: "EUR"}},
			lead.Confirm{}, lead.Expire{}, lead.Expire{},
		}).Draw(t, "command")
	})
}
