package match

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// eachOf runs a function for every number below n, on all processors. What it
// does for one must not depend on the others.
func eachOf(n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

// chunk is how many pairs are worked on at once. Sums are taken over chunks in
// their order, so that they come out the same on any number of processors.
const chunk = 16384

// inChunks runs a function for every chunk of n.
func inChunks(n int, do func(chunk, from, to int)) {
	eachOf((n+chunk-1)/chunk, func(i int) { do(i, i*chunk, min(n, (i+1)*chunk)) })
}
