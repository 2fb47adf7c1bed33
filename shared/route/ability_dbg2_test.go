package route_test

import (
	"fmt"
	"sluice/shared/route"
	"testing"
)

func TestDbg(t *testing.T) {
	for _, c := range [][2]int{{30, 1}, {60, 1}, {120, 1}, {240, 1}, {480, 1}} {
		var x, y, bel, abo, n float64
		N := 100
		if c[0] > 1000 {
			N = 4
		}
		for seed := range uint64(N) {
			s := hire(seed, c[0], c[1])
			a := route.NewAbility(s.reps, noon)
			u, v := a.Variances()
			x += u
			y += v
			for i, r := range s.reps {
				for ch := range r.Tried {
					e := a.Of(r.ID, ch)
					n++
					if s.truth[i][ch] < e.Low {
						bel++
					}
					if s.truth[i][ch] > e.High {
						abo++
					}
				}
			}
			if seed < 2 {
				fmt.Println(c, u, v, a.Bands())
			}
		}
		fmt.Println(c, x/float64(N), y/float64(N), "below", bel/n, "above", abo/n)
	}
}
