package pace_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sluice/shared/pace"
)

func TestEach(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, limit int }{{0, 3}, {1, 3}, {2, 3}, {20, 3}, {5, 1}} {
		synctest.Test(t, func(t *testing.T) {
			done := make([]int, c.n)
			var running, most atomic.Int32
			pace.Each(t.Context(), c.n, c.limit, func(i int) {
				now := running.Add(1)
				for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
				}
				time.Sleep(time.Second)
				done[i]++
				running.Add(-1)
			})
			if running.Load() != 0 || slices.ContainsFunc(done, func(times int) bool { return times != 1 }) {
				t.Errorf("n %d, limit %d: done %v", c.n, c.limit, done)
			}
			if want := min(c.n, c.limit); int(most.Load()) != want {
				t.Errorf("n %d, limit %d: %d at once, want %d", c.n, c.limit, most.Load(), want)
			}
		})
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := pace.Pause(t.Context(), 3*time.Second); err != nil || time.Since(start) != 3*time.Second {
			t.Errorf("paused %v with %v", time.Since(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := pace.Pause(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 4*time.Second {
			t.Errorf("paused %v with %v, want to be woken by the context", time.Since(start), err)
		}
	})
}

// slow does one after the other, the last first.
type slow struct{ paused time.Duration }

func (*slow) Each(n, _ int, do func(int)) {
	for i := n - 1; i >= 0; i-- {
		do(i)
	}
}

func (s *slow) Pause(_ context.Context, d time.Duration) error {
	s.paused += d
	return nil
}

func TestWith(t *testing.T) {
	t.Parallel()
	keeper := &slow{}
	ctx := pace.With(t.Context(), keeper)
	var order []int
	pace.Each(ctx, 3, 2, func(i int) { order = append(order, i) })
	if err := pace.Pause(ctx, time.Hour); err != nil || keeper.paused != time.Hour || !slices.Equal(order, []int{2, 1, 0}) {
		t.Errorf("order %v, paused %v, %v: want the keeper of the context", order, keeper.paused, err)
	}
}
