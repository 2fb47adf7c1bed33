package sim

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestZZFaults(t *testing.T) {
	pairs, _ := strconv.Atoi(os.Getenv("PAIRS"))
	every, _ := strconv.Atoi(os.Getenv("EVERY"))
	list := slices.Concat(cleansing(), merges())
	if os.Getenv("ALL") != "" {
		list = Scenarios()
	}
	total := 0
	start := time.Now()
	for _, s := range list {
		if !strings.Contains(s.Name, os.Getenv("LIKE")) {
			continue
		}
		var jobs []job
		n := 0
		eachFault(&s, pairs, func(j job) bool {
			if n++; every < 2 || n%every == 0 {
				jobs = append(jobs, j)
			}
			return true
		})
		bad := 0
		began := time.Now()
		each(jobs, func(j job) {
			w := j.play()
			mu.Lock()
			defer mu.Unlock()
			total++
			if len(w.violations) > 0 {
				if bad++; bad < 3 {
					fmt.Printf("%s %v: %s\n", s.Name, j.options.Faults, w.violations[0])
				}
			}
		})
		if os.Getenv("SHORT") == "" || bad > 0 {
			fmt.Printf("%-50s %d worlds (%d) %v bad %d\n", s.Name, len(jobs), n, time.Since(began).Round(10*time.Millisecond), bad)
		}
	}
	fmt.Println(total, "worlds", time.Since(start))
}
