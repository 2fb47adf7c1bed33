package learn

import (
	"context"
	"runtime"
	"sync"
)

// How long boosting goes on.
const (
	mostRounds = 600
	patience   = 40 // rounds without a better loss
	lookEvery  = 10 // rounds
)

// boost runs all folds side by side for as long as their predictions of the rows
// in them get better, all folds together, and leaves them as they were at their
// best (Friedman: Greedy function approximation, 2001).
func boost(ctx context.Context, folds []*fold, rough bool) error {
	best, kept := settle(folds)
	for round, since := 0, 0; round < mostRounds && since < patience; round += lookEvery {
		if err := ctx.Err(); err != nil {
			return err
		}
		each(len(folds), func(k int) {
			for range lookEvery {
				if !folds[k].round(rough) {
					break
				}
			}
		})
		since += lookEvery
		if loss := total(folds); loss < best {
			best, kept = settle(folds)
			since = 0
		}
	}
	for k, f := range folds {
		f.restore(kept[k])
	}
	return nil
}

func settle(folds []*fold) (loss float64, kept []state) {
	kept = make([]state, len(folds))
	for k, f := range folds {
		kept[k] = f.save()
	}
	return total(folds), kept
}

func total(folds []*fold) float64 {
	sum := 0.0
	for _, f := range folds {
		sum += f.loss()
	}
	return sum
}

// each calls do for 0 to n-1, on as many threads as there are. The calls must not
// touch what another one does.
func each(n int, do func(int)) {
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	wait.Wait()
}
