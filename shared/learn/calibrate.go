package learn

import "math"

// calibrate finds slope and shift that make log-odds fit what came out, by
// maximum likelihood (Platt 1999, with his targets off 0 and 1). Contributions
// times the slope still add up. Scores that say nothing get a slope of 0, never a
// negative one.
func calibrate(scores []float64, positive []bool) (slope, shift float64) {
	yes, no := 0.0, 0.0
	for _, p := range positive {
		if p {
			yes++
		} else {
			no++
		}
	}
	high, low := (yes+1)/(yes+2), 1/(no+2)
	slope, shift = 1, 0
	for range 50 {
		var g0, g1, h00, h01, h11 float64
		for i, s := range scores {
			target := low
			if positive[i] {
				target = high
			}
			p := chance(slope*s + shift)
			w := max(p*(1-p), 1e-9)
			g0 += target - p
			g1 += (target - p) * s
			h00 += w
			h01 += w * s
			h11 += w * s * s
		}
		det := h00*h11 - h01*h01
		if det <= 1e-9*h00*h11 { // the scores are all alike
			return 0, logit((yes + 0.5) / (yes + no + 1))
		}
		d0, d1 := (h11*g0-h01*g1)/det, (h00*g1-h01*g0)/det
		longest := max(math.Abs(d0), math.Abs(d1), 1)
		shift += d0 / longest
		slope += d1 / longest
		if math.Abs(d0)+math.Abs(d1) < 1e-9 {
			break
		}
	}
	if slope <= 0 {
		return 0, logit((yes + 0.5) / (yes + no + 1))
	}
	return slope, shift
}
