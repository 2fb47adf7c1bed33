package leadtest

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
)

// tallies adds to the figures of cycles, all at once, and reads them again.
func tallies(t *testing.T, s *shelf) {
	ctx := t.Context()
	const pool = "sea: Köln #2"
	if got, err := s.Tallies(ctx, pool, 5); err != nil || len(got) != 0 {
		t.Errorf("figures of a pool that was never swept = %v, %v", got, err)
	}
	began := func(n int) time.Time { return time.Date(2026, 1, 1+30*n, 0, 0, 0, 0, time.UTC) }
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			tally := lead.Tally{Pool: pool, Cycle: began(i % 3), Shard: fmt.Sprintf("%02d", i%7),
				Add: map[string]int{"touched": 1, "held_out.replied": i % 2}}
			if err := s.Commit(ctx, lead.Change{Tally: &tally}); err != nil {
				t.Errorf("add to the figures: %v", err)
			}
		})
	}
	wg.Wait()
	got, err := s.Tallies(ctx, pool, 2)
	if err != nil || len(got) != 2 {
		t.Fatalf("figures of the last two cycles = %v, %v", got, err)
	}
	for i, want := range []map[string]int{{"touched": 13, "held_out.replied": 6}, {"touched": 13, "held_out.replied": 7}} {
		if !got[i].Cycle.Equal(began(2-i)) || got[i].Pool != pool || !maps.Equal(got[i].Add, want) {
			t.Errorf("figures of cycle %d = %+v, want %v", 2-i, got[i], want)
		}
	}

	// What is refused adds nothing.
	refusedBy(t, s.Commit(ctx, lead.Change{
		Tally: &lead.Tally{Pool: pool, Cycle: began(2), Shard: "00", Add: map[string]int{"touched": 1}},
		Moves: []lead.RepMove{{Rep: "nobody", Kind: lead.MoveRelease}},
	}))
	if again, err := s.Tallies(ctx, pool, 1); err != nil || len(again) != 1 || !maps.Equal(again[0].Add, got[0].Add) {
		t.Errorf("after a refusal the figures are %v, %v; before %v", again, err, got[0])
	}
}
