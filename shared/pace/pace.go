// Package pace is how a handler spreads work and waits: with goroutines and the
// real clock, unless its context carries another [Keeper]. The simulator puts
// one there, so that the same handler runs on one thread and a virtual clock,
// the same way every time.
package pace

import (
	"context"
	"sync"
	"time"
)

// Keeper decides how work is spread and how time passes.
type Keeper interface {
	// Each calls do for 0 to n-1, at most limit at once, in any order, and
	// returns when all calls have returned.
	Each(n, limit int, do func(i int))
	// Pause returns after d, or earlier with the error of ctx when that ends.
	Pause(ctx context.Context, d time.Duration) error
}

type keeperKey struct{}

// With returns a context in which k keeps the pace.
func With(ctx context.Context, k Keeper) context.Context {
	return context.WithValue(ctx, keeperKey{}, k)
}

// Each calls do for 0 to n-1, at most limit (1 or more) at once, in any order,
// and returns when all calls have returned. It does not watch ctx: do does.
func Each(ctx context.Context, n, limit int, do func(i int)) { of(ctx).Each(n, limit, do) }

// Pause returns after d, or earlier with the error of ctx when that ends.
func Pause(ctx context.Context, d time.Duration) error { return of(ctx).Pause(ctx, d) }

func of(ctx context.Context) Keeper {
	if k, ok := ctx.Value(keeperKey{}).(Keeper); ok {
		return k
	}
	return live{}
}

// live uses goroutines and the clock.
type live struct{}

func (live) Each(n, limit int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	slots := make(chan struct{}, limit)
	var running sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	running.Wait()
}

func (live) Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
