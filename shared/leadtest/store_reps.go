package leadtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sluice/shared/lead"
)

const day = 24 * time.Hour

// repMoves has a case for each condition of each move: without the condition
// the move would be done.
func repMoves(t *testing.T, s *shelf) {
	type prelude = []lead.MoveKind
	const none = -1
	for _, c := range []struct {
		name       string
		cap, quota int
		pace       int     // 0 is none
		before     prelude // done yesterday; later ones the same day
		move       lead.MoveKind
		today      prelude // done on the day of the move
		spoil      func(*lead.RepMove)
		refused    bool
		want       lead.Rep // counters after, where not refused
	}{
		{name: "assign", cap: 1, quota: 1, move: lead.MoveAssign, want: lead.Rep{Holding: 1, Today: 1, Turns: map[string]int{"red": 1}}},
		{name: "assign, no limits", cap: none, quota: none, today: prelude{lead.MoveAssign, lead.MoveAssign}, move: lead.MoveAssign,
			want: lead.Rep{Holding: 3, Today: 3, Turns: map[string]int{"red": 3}}},
		{name: "assign on a new day", cap: 5, quota: 1, before: prelude{lead.MoveAssign, lead.MoveClaim}, move: lead.MoveAssign,
			want: lead.Rep{Holding: 3, Today: 1, Claims: 0, Turns: map[string]int{"red": 2}}},
		{name: "assign after an absence", cap: none, quota: none, today: prelude{lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Step = 5 }, want: lead.Rep{Holding: 2, Today: 2, Turns: map[string]int{"red": 6}}},
		{name: "assign at the cap", cap: 1, quota: none, today: prelude{lead.MoveByHand}, move: lead.MoveAssign, refused: true},
		{name: "assign at a cap of 0", cap: 0, quota: none, move: lead.MoveAssign, refused: true},
		{name: "assign at the quota", cap: none, quota: 1, today: prelude{lead.MoveAssign}, move: lead.MoveAssign, refused: true},
		{name: "assign at a quota of 0", cap: none, quota: 0, move: lead.MoveAssign, refused: true},
		{name: "assign by an older record", cap: none, quota: none, move: lead.MoveAssign, spoil: olderRecord, refused: true},
		{name: "assign as on the same day", cap: none, quota: none, before: prelude{lead.MoveAssign}, move: lead.MoveAssign, spoil: sameDay, refused: true},
		{name: "assign as on a new day", cap: none, quota: none, today: prelude{lead.MoveAssign}, move: lead.MoveAssign, spoil: newDay, refused: true},
		{name: "assign as on an earlier day", cap: none, quota: none, today: prelude{lead.MoveAssign}, move: lead.MoveAssign, spoil: earlierDay, refused: true},
		{name: "assign by older turns", cap: none, quota: none, today: prelude{lead.MoveAssign, lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Turns = 1 }, refused: true},
		{name: "assign as the first turn", cap: none, quota: none, today: prelude{lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Turns = 0 }, refused: true},
		{name: "assign in another team", cap: none, quota: none, today: prelude{lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Team, m.Turns = "blue, #2", 0 },
			want:  lead.Rep{Holding: 2, Today: 2, Turns: map[string]int{"red": 1, "blue, #2": 1}}},

		{name: "assign at a pace", cap: none, quota: none, pace: 30, today: prelude{lead.MoveAssign}, move: lead.MoveAssign,
			want: lead.Rep{Holding: 2, Today: 2, Turns: map[string]int{"red": 2}}},
		{name: "assign by an older pace", cap: none, quota: none, pace: 30, today: prelude{lead.MoveAssign, lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Paced = m.Paced.Add(-time.Millisecond) }, refused: true},
		{name: "assign as the first of a pace", cap: none, quota: none, pace: 30, today: prelude{lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Paced = time.Time{} }, refused: true},
		{name: "assign not as the first of a pace", cap: none, quota: none, pace: 30, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Paced = m.PacedTo }, refused: true},
		{name: "assign by no pace", cap: none, quota: none, pace: 30, today: prelude{lead.MoveAssign}, move: lead.MoveAssign,
			spoil: func(m *lead.RepMove) { m.Paced, m.PacedTo = time.Time{}, time.Time{} },
			want:  lead.Rep{Holding: 2, Today: 2, Turns: map[string]int{"red": 2}}},
		{name: "assign without a grade", cap: none, quota: none, move: lead.MoveAssign, spoil: func(m *lead.RepMove) { m.Grade = "" },
			want: lead.Rep{Holding: 1, Today: 1, Turns: map[string]int{"red": 1}}},

		{name: "by hand", cap: 2, quota: 0, today: prelude{lead.MoveClaim}, move: lead.MoveByHand, want: lead.Rep{Holding: 2, Claims: 1}},
		{name: "by hand at the cap", cap: 1, quota: none, today: prelude{lead.MoveByHand}, move: lead.MoveByHand, refused: true},
		{name: "by hand at a pace", cap: none, quota: none, pace: 1, today: prelude{lead.MoveAssign}, move: lead.MoveByHand,
			want: lead.Rep{Holding: 2, Today: 1, Turns: map[string]int{"red": 1}}},
		{name: "by hand by an older record", cap: none, quota: none, move: lead.MoveByHand, spoil: olderRecord, refused: true},

		{name: "claim", cap: 2, quota: 0, today: prelude{lead.MoveClaim}, move: lead.MoveClaim, spoil: limit(2), want: lead.Rep{Holding: 2, Claims: 2}},
		{name: "claim on a new day", cap: none, quota: none, before: prelude{lead.MoveAssign, lead.MoveClaim}, move: lead.MoveClaim, spoil: limit(1),
			want: lead.Rep{Holding: 3, Today: 0, Claims: 1, Turns: map[string]int{"red": 1}}},
		{name: "claim without limit", cap: none, quota: none, today: prelude{lead.MoveClaim, lead.MoveClaim}, move: lead.MoveClaim, want: lead.Rep{Holding: 3, Claims: 3}},
		{name: "claim at a pace", cap: none, quota: none, pace: 1, before: prelude{lead.MoveAssign, lead.MoveAssign}, move: lead.MoveClaim,
			want: lead.Rep{Holding: 3, Claims: 1, Turns: map[string]int{"red": 2}}},
		{name: "claim at the cap", cap: 1, quota: none, today: prelude{lead.MoveClaim}, move: lead.MoveClaim, refused: true},
		{name: "claim at the limit", cap: none, quota: none, today: prelude{lead.MoveClaim}, move: lead.MoveClaim, spoil: limit(1), refused: true},
		{name: "claim by an older record", cap: none, quota: none, move: lead.MoveClaim, spoil: olderRecord, refused: true},
		{name: "claim as on the same day", cap: none, quota: none, before: prelude{lead.MoveClaim}, move: lead.MoveClaim, spoil: sameDay, refused: true},
		{name: "claim as on a new day", cap: none, quota: none, today: prelude{lead.MoveClaim}, move: lead.MoveClaim, spoil: newDay, refused: true},
		{name: "claim as on an earlier day", cap: none, quota: none, today: prelude{lead.MoveClaim}, move: lead.MoveClaim, spoil: earlierDay, refused: true},

		{name: "reveal", cap: 1, quota: 0, today: prelude{lead.MoveClaim, lead.MoveReveal}, move: lead.MoveReveal, spoil: limit(2),
			want: lead.Rep{Holding: 1, Claims: 1, Reveals: 2}},
		{name: "reveal on a new day", cap: none, quota: none, before: prelude{lead.MoveReveal, lead.MoveClaim}, move: lead.MoveReveal, spoil: limit(1),
			want: lead.Rep{Holding: 1, Reveals: 1}},
		{name: "reveal without limit", cap: 0, quota: none, today: prelude{lead.MoveReveal, lead.MoveReveal}, move: lead.MoveReveal, want: lead.Rep{Reveals: 3}},
		{name: "claim after a day of reveals", cap: none, quota: none, before: prelude{lead.MoveReveal}, move: lead.MoveClaim, want: lead.Rep{Holding: 1, Claims: 1}},
		{name: "assign after a day of reveals", cap: none, quota: none, before: prelude{lead.MoveReveal}, move: lead.MoveAssign,
			want: lead.Rep{Holding: 1, Today: 1, Turns: map[string]int{"red": 1}}},
		{name: "reveal at the limit", cap: none, quota: none, today: prelude{lead.MoveReveal}, move: lead.MoveReveal, spoil: limit(1), refused: true},
		{name: "reveal by an older record", cap: none, quota: none, move: lead.MoveReveal, spoil: olderRecord, refused: true},
		{name: "reveal as on the same day", cap: none, quota: none, before: prelude{lead.MoveReveal}, move: lead.MoveReveal, spoil: sameDay, refused: true},
		{name: "reveal as on a new day", cap: none, quota: none, today: prelude{lead.MoveReveal}, move: lead.MoveReveal, spoil: newDay, refused: true},
		{name: "reveal as on an earlier day", cap: none, quota: none, today: prelude{lead.MoveReveal}, move: lead.MoveReveal, spoil: earlierDay, refused: true},

		{name: "release", cap: 1, quota: 1, today: prelude{lead.MoveAssign}, move: lead.MoveRelease, spoil: olderRecord,
			want: lead.Rep{Holding: 0, Today: 1, Turns: map[string]int{"red": 1}}},
		{name: "release by nobody", cap: none, quota: none, move: lead.MoveRelease, spoil: unknownRep, refused: true},
		{name: "by hand to nobody", cap: none, quota: none, move: lead.MoveByHand, spoil: unknownRep, refused: true},
		{name: "assign to nobody", cap: none, quota: none, move: lead.MoveAssign, spoil: unknownRep, refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			rep := s.rep(t, c.cap, c.quota)
			if c.pace > 0 {
				rep = s.paced(t, rep, c.pace)
			}
			at := func(now time.Time, kind lead.MoveKind) lead.RepMove {
				m := lead.RepMove{Rep: rep.ID, Kind: kind, Team: "red", Grade: lead.GradeB}
				m.Expect(s.mustRep(t, rep.ID), now)
				return m
			}
			for _, kind := range c.before {
				s.commit(t, lead.Change{Moves: []lead.RepMove{at(s.now.Add(-day), kind)}})
			}
			for _, kind := range c.today {
				s.commit(t, lead.Change{Moves: []lead.RepMove{at(s.now, kind)}})
			}
			m := at(s.now, c.move)
			if c.spoil != nil {
				c.spoil(&m)
			}
			before := s.mustRep(t, rep.ID)
			err := s.Commit(t.Context(), lead.Change{Moves: []lead.RepMove{m}})
			after := s.mustRep(t, rep.ID)
			if c.refused {
				found := refusedBy(t, err).Reps
				if !sameCounters(before, after) {
					t.Errorf("counters moved: %+v, before %+v", after, before)
				}
				if fresh, ok := found[m.Rep]; !ok || fresh.ID != m.Rep || m.Rep == rep.ID && (!sameCounters(fresh, after) || fresh.Revision != after.Revision) {
					t.Errorf("refusal found %+v, want the rep as it is: %+v", found, after)
				}
				return
			}
			if err != nil {
				t.Fatalf("commit: %v", err)
			}
			want := m.Count(before) // as package lead counts, and as is said above
			want.Holding, want.Today, want.Claims, want.Reveals, want.Turns = c.want.Holding, c.want.Today, c.want.Claims, c.want.Reveals, c.want.Turns
			if !sameCounters(after, want) {
				t.Errorf("counters = %+v, want %+v", after, want)
			}
		})
	}
}

func olderRecord(m *lead.RepMove) { m.Revision-- }
func sameDay(m *lead.RepMove)     { m.SameDay = true }
func newDay(m *lead.RepMove)      { m.SameDay = false }
func earlierDay(m *lead.RepMove)  { m.Day, m.SameDay = "2000-01-01", false }
func unknownRep(m *lead.RepMove)  { m.Rep = "nobody" }

func limit(n int) func(*lead.RepMove) { return func(m *lead.RepMove) { m.Most = n } }

func sameCounters(a, b lead.Rep) bool {
	return a.Holding == b.Holding && a.Day == b.Day && a.Today == b.Today && a.Last == b.Last && a.Claims == b.Claims && a.Reveals == b.Reveals &&
		maps.Equal(a.Turns, b.Turns) && maps.Equal(a.Mix, b.Mix) && a.Paced.Equal(b.Paced) && a.Served.Equal(b.Served) && sameResults(a, b)
}

func sameResults(a, b lead.Rep) bool {
	return maps.Equal(a.Tried, b.Tried) && maps.Equal(a.Won, b.Won) && maps.Equal(a.Months, b.Months)
}

// together runs n goroutines at once and counts those that succeeded.
func together(t *testing.T, n int, do func(i int) error) int {
	t.Helper()
	var done atomic.Int64
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			err := do(i)
			var refused *lead.Refused
			switch {
			case err == nil:
				done.Add(1)
			case !errors.As(err, &refused):
				t.Errorf("commit: %v, want success or refusal", err)
			}
		})
	}
	close(start)
	wait.Wait()
	return int(done.Load())
}

func claimsHaveOneWinner(t *testing.T, s *shelf) {
	const n = 64
	pooled := s.place(t, lead.GradeA, lead.Choice{Pool: "open"})
	changes := make([]lead.Change, n)
	for i := range changes {
		rep := s.rep(t, 5, -1)
		changes[i] = s.run(t, pooled, lead.Claim{Rep: rep.ID, Team: "red"})
		changes[i].Moves = []lead.RepMove{s.move(rep, lead.MoveClaim)}
	}
	if won := together(t, n, func(i int) error { return s.Commit(t.Context(), changes[i]) }); won != 1 {
		t.Errorf("%d claims won, want 1", won)
	}
	l, err := s.Lead(t.Context(), pooled.ID)
	if err != nil || l.Version != 2 {
		t.Fatalf("lead = version %d, %v", l.Version, err)
	}
	for _, c := range changes {
		rep, want := s.mustRep(t, c.Moves[0].Rep), 0
		if rep.ID == l.Owner() {
			want = 1
		}
		if rep.Holding != want || rep.Claims != want {
			t.Errorf("%s holds %d and claimed %d, want %d", rep.ID, rep.Holding, rep.Claims, want)
		}
	}
}

func arrivalsMakeOnePerson(t *testing.T, s *shelf) {
	const n = 16
	changes := make([]lead.Change, n)
	for i := range changes {
		changes[i] = s.arrival(t, "phone-hash", lead.Key(s.id("mail-hash")))
	}
	found := make([]string, n) // the person that each of the refused was told of
	won := together(t, n, func(i int) error {
		err := s.Commit(t.Context(), changes[i])
		var refused *lead.Refused
		if errors.As(err, &refused) {
			found[i] = refused.Keys["phone-hash"]
		}
		return err
	})
	if won != 1 {
		t.Fatalf("%d persons were made, want 1", won)
	}
	persons := map[string]bool{}
	for i, c := range changes {
		if _, err := s.Person(t.Context(), c.Person.ID); err == nil {
			found[i] = c.Person.ID
		}
		persons[found[i]] = true
	}
	if len(persons) != 1 {
		t.Errorf("persons = %v, want one", persons)
	}
}

// capsHold lets 32 writers give different leads to one rep, each trying again
// with the counters that a refusal shows until the rep is full.
func capsHold(t *testing.T, s *shelf) {
	const most = 10
	rep := s.rep(t, most, -1)
	kinds := []lead.MoveKind{lead.MoveByHand, lead.MoveClaim, lead.MoveAssign}
	won := together(t, 32, func(i int) error {
		return s.insist(t.Context(), rep, func(fresh lead.Rep) (lead.RepMove, bool) {
			return s.move(fresh, kinds[i%len(kinds)]), fresh.Holding < most
		})
	})
	if after := s.mustRep(t, rep.ID); won != most || after.Holding != most {
		t.Errorf("%d won and the rep holds %d, want %d", won, after.Holding, most)
	}
}

func dailyLimitsHold(t *testing.T, s *shelf) {
	const most = 6
	rep := s.rep(t, -1, most)
	won := together(t, 32, func(i int) error {
		if i%2 == 0 {
			return s.insist(t.Context(), rep, func(fresh lead.Rep) (lead.RepMove, bool) {
				return s.move(fresh, lead.MoveAssign), fresh.Today < most
			})
		}
		return s.insist(t.Context(), rep, func(fresh lead.Rep) (lead.RepMove, bool) {
			m := s.move(fresh, lead.MoveClaim)
			m.Most = most
			return m, fresh.Claims < most
		})
	})
	after := s.mustRep(t, rep.ID)
	if won != 2*most || after.Today != most || after.Claims != most || after.Holding != 2*most || after.Turns["red"] != most {
		t.Errorf("%d won, rep = %+v; want %d assigned and claimed", won, after, most)
	}
}

// insist commits a move of a new lead, and again with the rep as found where
// that was refused but may still be done.
func (s *shelf) insist(ctx context.Context, rep lead.Rep, next func(lead.Rep) (m lead.RepMove, room bool)) error {
	id := s.id("lead")
	for range 500 { // with 32 writers the last of them is refused 31 times
		m, _ := next(rep)
		err := s.Commit(ctx, lead.Change{
			Lead:  &lead.Lead{ID: id, Version: 1, State: lead.StateNew},
			Moves: []lead.RepMove{m},
		})
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return err
		}
		rep = refused.Reps[rep.ID]
		if _, room := next(rep); !room {
			return err
		}
	}
	return fmt.Errorf("refused again and again though there is room: %d held", rep.Holding)
}
