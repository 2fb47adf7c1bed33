package sim

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

var mu sync.Mutex

func TestZZRun(t *testing.T) {
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	to, _ := strconv.Atoi(os.Getenv("TO"))
	start, leads := time.Now(), 0
	var jobs []job
	for s := from; s < to; s++ {
		jobs = append(jobs, job{options: Chance(uint64(s))})
	}
	acts := map[string]int{}
	rules := map[string]int{}
	bad := 0
	each(jobs, func(j job) {
		w := j.play()
		mu.Lock()
		defer mu.Unlock()
		leads += w.leads
		for _, a := range w.Report().Acts {
			acts[a.What+" done"] += a.Done
			acts[a.What+" refused"] += a.Refused
		}
		for _, r := range w.checker.rules() {
			rules[r.name] += r.checked
		}
		if len(w.violations) > 0 && bad < 12 {
			bad++
			for i, v := range w.violations {
				if i < 3 {
					fmt.Printf("seed %d: %s\n", j.options.Seed, v)
				}
			}
		}
	})
	for _, k := range []string{"merge", "divide", "apart", "verify"} {
		fmt.Printf("%s done %d refused %d; ", k, acts[k+" done"], acts[k+" refused"])
	}
	for r := ruleMerge; r <= ruleFacts; r++ {
		fmt.Printf("%s %d; ", ruleNames[r], rules[ruleNames[r]])
	}
	fmt.Printf("\n%d leads, %.0f leads/s\n", leads, float64(leads)/time.Since(start).Seconds())
}
