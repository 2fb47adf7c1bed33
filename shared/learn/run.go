package learn

import (
	"context"
	"runtime"
	"sync"
)

var (
	mostRounds = 600
	patience   = 40 // rounds without a better loss
	chunk      = 10 // rounds between looks at the loss
)

// boost runs all folds side by side for as long as the rows outside them gain,
// and leaves the folds as they were at their best together.
func boost(ctx context.Context, folds []*fold, from int) error {
	best := total(folds)
	kept := make([]state, len(folds))
	for k, f := range folds {
		kept[k] = f.save()
	}
	for round, since := 0, 0; round < mostRounds && since < patience; round += chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		moved := make([]bool, len(folds))
		each(len(folds), func(k int) {
			for range chunk {
				moved[k] = folds[k].round(from)
				if !moved[k] {
					break
				}
			}
		})
		since += chunk
		if loss := total(folds); loss < best {
			best, since = loss, 0
			for k, f := range folds {
				kept[k] = f.save()
			}
		}
	}
	for k, f := range folds {
		f.restore(kept[k])
	}
	return nil
}

func total(folds []*fold) float64 {
	sum := 0.0
	for _, f := range folds {
		sum += f.loss()
	}
	return sum
}

// state is what a fold has learned so far.
type state struct {
	base        float64
	points      [][]float64
	train, test []float64
}

func (f *fold) save() state {
	s := state{base: f.base, train: append([]float64(nil), f.train.score...), test: append([]float64(nil), f.test.score...)}
	for i := range f.terms {
		s.points = append(s.points, append([]float64(nil), f.terms[i].points...))
	}
	return s
}

func (f *fold) restore(s state) {
	f.base = s.base
	copy(f.train.score, s.train)
	copy(f.test.score, s.test)
	for i := range f.terms {
		copy(f.terms[i].points, s.points[i])
	}
}

// each calls do for 0 to n-1, on as many threads as there are.
func each(n int, do func(int)) {
	var wait sync.WaitGroup
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	wait.Wait()
}
