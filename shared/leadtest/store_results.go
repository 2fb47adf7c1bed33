package leadtest

import (
	"testing"

	"sluice/shared/lead"
)

// ends is a move by which a rep's work on a lead ends.
func ends(rep string, result lead.Result, channel, month string) lead.RepMove {
	return lead.RepMove{Rep: rep, Kind: lead.MoveRelease, Result: result, Channel: channel, Month: month}
}

// repResults ends the work on leads of channels whose names are anything.
func repResults(t *testing.T, s *shelf) {
	ctx := t.Context()
	rep := s.rep(t, -1, -1)
	if rep.Tried != nil || rep.Won != nil || rep.Months != nil {
		t.Errorf("results of a new rep = %+v", rep)
	}
	for range 7 {
		s.commit(t, lead.Change{Moves: []lead.RepMove{s.move(s.mustRep(t, rep.ID), lead.MoveByHand)}})
	}
	want := s.mustRep(t, rep.ID)
	for _, m := range []lead.RepMove{
		ends(rep.ID, "", "", ""), // says nothing of the rep
		ends(rep.ID, lead.ResultLost, "website", "2026-02"),
		ends(rep.ID, lead.ResultWon, "website", "2026-02"),
		ends(rep.ID, lead.ResultWon, "website", "2026-03"),
		ends(rep.ID, lead.ResultWon, "Messe: Köln #2", "2026-03"),
		ends(rep.ID, lead.ResultLost, "select", "2026-03"), // reserved by DynamoDB
		ends(rep.ID, lead.ResultWon, "", "2026-03"),
	} {
		s.commit(t, lead.Change{Moves: []lead.RepMove{m}})
		want = m.Count(want)
		if got := s.mustRep(t, rep.ID); !sameCounters(got, want) {
			t.Fatalf("after %+v the counters are %+v, want %+v", m, got, want)
		}
	}
	if want.Holding != 0 || want.Tried["website"] != 3 || want.Won["website"] != 2 || want.Months["2026-03"] != 3 || want.Won[""] != 1 {
		t.Errorf("counters = %+v", want)
	}

	edited := s.mustRep(t, rep.ID)
	edited.Name, edited.Won = "B", map[string]int{"website": 99}
	if err := s.PutRep(ctx, edited); err != nil {
		t.Fatal(err)
	}
	reps, err := s.Reps(ctx)
	if err != nil || len(reps) != 1 || reps[0].Name != "B" || !sameCounters(reps[0], want) {
		t.Errorf("after an edit the roster is %+v, %v; want the results kept", reps, err)
	}

	// All or nothing: what is refused counts nothing, for nobody as well.
	refusedBy(t, s.Commit(ctx, lead.Change{Moves: []lead.RepMove{
		ends(rep.ID, lead.ResultWon, "website", "2026-03"), ends("nobody", lead.ResultWon, "website", "2026-03")}}))
	reps, err = s.Reps(ctx)
	if err != nil || len(reps) != 1 || !sameCounters(reps[0], want) {
		t.Errorf("after a refusal the roster is %+v, %v", reps, err)
	}
	_, err = s.Rep(ctx, "nobody")
	wantKind(t, err, lead.NotFound)

	// Results alone hinder no assignment that rests on the rep as it was.
	assign := s.move(s.mustRep(t, rep.ID), lead.MoveAssign)
	s.commit(t, lead.Change{Moves: []lead.RepMove{ends(rep.ID, lead.ResultLost, "website", "2026-03")}})
	s.commit(t, lead.Change{Moves: []lead.RepMove{assign}})

	const n = 16
	before := s.mustRep(t, rep.ID)
	if done := together(t, n, func(int) error {
		return s.Commit(ctx, lead.Change{Lead: &lead.Lead{ID: s.id("lead"), Version: 1, State: lead.StateNew},
			Moves: []lead.RepMove{ends(rep.ID, lead.ResultWon, "website", "2026-04")}})
	}); done != n {
		t.Errorf("%d of %d were counted", done, n)
	}
	if got := s.mustRep(t, rep.ID); got.Tried["website"] != before.Tried["website"]+n || got.Months["2026-04"] != n {
		t.Errorf("counters = %+v, want %d conversions more than %+v", got, n, before)
	}
}

// repNeighbours has ids that begin alike, of which some have results: each rep
// is read with its own.
func repNeighbours(t *testing.T, s *shelf) {
	ctx := t.Context()
	ids := []string{"Amy", "am", "amy", "amy-results", "amy-x", "amy.b", "amy0", "amy_", "amyy", "amy~", "bo!"} // as text sorts
	results := map[string]string{"amy": "a", "amy-x": "x", "amy~": "~", "am": "m"}
	for _, id := range ids {
		if err := s.PutRep(ctx, lead.Rep{ID: id}); err != nil {
			t.Fatal(err)
		}
		if channel := results[id]; channel != "" {
			s.commit(t, lead.Change{Moves: []lead.RepMove{ends(id, lead.ResultWon, channel, "2026-03")}})
		}
	}
	reps, err := s.Reps(ctx)
	if err != nil || len(reps) != len(ids) {
		t.Fatalf("%d reps, %v; want %d", len(reps), err, len(ids))
	}
	for i, id := range ids {
		one := s.mustRep(t, id)
		for _, rep := range []lead.Rep{one, reps[i]} {
			channel := results[id]
			own := len(rep.Tried) == 0
			if channel != "" {
				own = len(rep.Tried) == 1 && rep.Tried[channel] == 1 && rep.Won[channel] == 1 && rep.Months["2026-03"] == 1
			}
			if rep.ID != id || !own {
				t.Errorf("%s is read as %s with %v", id, rep.ID, rep.Tried)
			}
		}
	}
	for _, id := range []string{"", "a", "amy!", "amy#results", "amy#", "amyz", "bo"} {
		_, err := s.Rep(ctx, id)
		wantKind(t, err, lead.NotFound)
	}
}

// paceHolds lets 16 writers give leads to a rep at one moment, each as far as the
// pace that it has seen allows: nobody takes what another has taken.
func paceHolds(t *testing.T, s *shelf) {
	rep := s.paced(t, s.rep(t, -1, -1), 14)
	s.commit(t, lead.Change{Moves: []lead.RepMove{s.move(rep, lead.MoveAssign)}})
	rep = s.mustRep(t, rep.ID)
	s.now = s.now.Add(80 * day) // four leads are open
	if stale := s.move(rep, lead.MoveAssign); stale.Paced.IsZero() || !stale.PacedTo.After(stale.Paced) {
		t.Fatalf("the move is %+v", stale)
	}
	won := together(t, 16, func(int) error {
		return s.insist(t.Context(), rep, func(fresh lead.Rep) (lead.RepMove, bool) {
			return s.move(fresh, lead.MoveAssign), fresh.Paces(s.now)
		})
	})
	after := s.mustRep(t, rep.ID)
	if won != 4 || after.Holding != 5 || after.Paces(s.now) {
		t.Errorf("%d won, the rep holds %d; want 4 after the first one", won, after.Holding)
	}
	stale := s.move(after, lead.MoveAssign)
	stale.Paced = rep.Paced
	found := refusedBy(t, s.Commit(t.Context(), lead.Change{Moves: []lead.RepMove{stale}})).Reps[rep.ID]
	if found.ID != rep.ID || !found.Paced.Equal(after.Paced) {
		t.Errorf("the refusal found the pace at %v, want %v", found.Paced, after.Paced)
	}
}
