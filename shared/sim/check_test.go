package sim

import (
	"testing"
	"time"
)

func TestScratch(t *testing.T) {
	for seed := uint64(1); seed <= 30; seed++ {
		o := Chance(seed)
		began := time.Now()
		w, err := Play("", o)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("seed %d rate %v: %d leads %d calls %s", seed, o.FaultRate, w.Leads(), w.Calls(), time.Since(began))
		for i, v := range w.violations {
			if i < 5 {
				t.Errorf("%s", v)
			}
		}
		if seed == 30 {
			for _, c := range w.checker.rules() {
				t.Logf("%+v", c)
			}
		}
	}
}
