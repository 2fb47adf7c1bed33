package sim

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestZZAll(t *testing.T) {
	every, _ := strconv.Atoi(os.Getenv("EVERY"))
	off, _ := strconv.Atoi(os.Getenv("OFF"))
	seeds, _ := strconv.Atoi(os.Getenv("SEEDS"))
	var jobs []job
	n := 0
	Suite{}.each(func(j job) bool {
		if n++; n%every == off {
			jobs = append(jobs, j)
		}
		return true
	})
	enumerated := n
	for s := range seeds {
		jobs = append(jobs, job{options: Chance(uint64(s + 3000))})
	}
	start := time.Now()
	var mu sync.Mutex
	bad := 0
	each(jobs, func(j job) {
		w := j.play()
		if len(w.violations) > 0 {
			mu.Lock()
			defer mu.Unlock()
			if bad++; bad < 12 {
				name := ""
				if j.scenario != nil {
					name = j.scenario.Name
				}
				fmt.Println(name, j.options.Seed, j.options.Faults, w.violations[0])
			}
		}
	})
	fmt.Println(len(jobs), "of", enumerated, "worlds", time.Since(start), "bad", bad)
}
