package sim

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

func TestZZTrace(t *testing.T) {
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	o := Chance(uint64(seed))
	o.Trace = func(l string) { fmt.Println(l) }
	if name := os.Getenv("SCEN"); name != "" {
		faults, _ := ParseFaults(os.Getenv("FAULTS"))
		scenarioOf(name).play(Options{Seed: uint64(seed), Trace: o.Trace, Faults: faults})
		return
	}
	job{options: o}.play()
}
