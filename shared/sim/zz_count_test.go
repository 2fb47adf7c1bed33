package sim

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestZZCount(t *testing.T) {
	single, pair := 0, 0
	Suite{}.each(func(j job) bool {
		if len(j.options.Faults) > 1 {
			pair++
		} else {
			single++
		}
		return true
	})
	fmt.Println("singles", single, "pairs", pair)
}

var zmu sync.Mutex

func TestZZSeeds(t *testing.T) {
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	to, _ := strconv.Atoi(os.Getenv("TO"))
	start, leads, calls := time.Now(), 0, 0
	var jobs []job
	for s := from; s < to; s++ {
		jobs = append(jobs, job{options: Chance(uint64(s))})
	}
	each(jobs, func(j job) { w := j.play(); zmu.Lock(); leads += w.leads; calls += w.calls; zmu.Unlock() })
	fmt.Println(leads, "leads", calls, "calls", time.Since(start))
}

func TestZZSample(t *testing.T) {
	every, _ := strconv.Atoi(os.Getenv("EVERY"))
	var jobs []job
	n := 0
	Suite{}.each(func(j job) bool {
		if n++; n%every == 0 {
			jobs = append(jobs, j)
		}
		return true
	})
	start := time.Now()
	each(jobs, func(j job) { j.play() })
	fmt.Println(len(jobs), "of", n, "worlds", time.Since(start))
}
