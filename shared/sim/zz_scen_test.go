package sim

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

func TestZZScen(t *testing.T) {
	list := slices.Concat(cleansing(), merges())
	if os.Getenv("ALL") != "" {
		list = Scenarios()
	}
	for _, s := range list {
		var classes []class
		s.play(Options{Seed: 1, classes: &classes})
		for seed := range uint64(3) {
			w := s.play(Options{Seed: seed + 1})
			states := ""
			for _, v := range w.violations {
				fmt.Printf("%s seed %d: %s\n", s.Name, seed+1, v)
			}
			if seed == 0 {
				for id := range w.checker.leads {
					l := w.checker.leads[id].lead
					states += fmt.Sprintf(" %s(%s,%d)", l.State, l.Owner(), l.Touches)
				}
				for id, p := range w.checker.persons {
					if p.Into != "" {
						states += " into"
					}
					if len(p.Doubts) > 0 {
						states += fmt.Sprintf(" doubt %.4f", p.Doubts[0].Probability)
					}
					_ = id
				}
				fmt.Printf("%-50s %d calls: %s unions %d\n", s.Name, len(classes), states, len(w.checker.unions))
			}
		}
	}
}
