package sim

import (
	"os"
	"testing"
)

func TestTrial(t *testing.T) {
	for seed := range uint64(3) {
		o := Chance(seed + 1)
		o.FaultRate, o.Outages = 0, 0
		w := newWorld(o)
		w.run()
		if seed == 0 {
			w.Report().Print(os.Stdout)
		}
		for _, v := range w.violations {
			t.Error(v)
		}
		t.Log(seed+1, w.leads, w.calls, len(w.people.accepted))
	}
}
