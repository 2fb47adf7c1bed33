package gauge

import "math"

// Bin compares what was predicted for some rows with what came true.
type Bin struct {
	From  float64 `json:"from"`  // the least probability in it
	To    float64 `json:"to"`    // the highest
	Rows  int     `json:"rows"`  // at least 1
	Said  float64 `json:"said"`  // mean probability
	Seen  float64 `json:"seen"`  // share that came true
	Error float64 `json:"error"` // standard error of Seen, if Said were true
}

// ECE is the expected calibration error: over bins of equal width the mean
// distance of what was predicted and what came true, weighted by rows (Naeini,
// Cooper and Hauskrecht, 2015), 0 to 1; 0 of no rows.
func ECE(p []float64, positive []bool, bins int) float64 { return gap(ByWidth(p, positive, bins)) }

func gap(all []Bin) float64 {
	sum, rows := 0.0, 0
	for _, b := range all {
		sum += float64(b.Rows) * math.Abs(b.Said-b.Seen)
		rows += b.Rows
	}
	return mean(sum, rows)
}

// ByWidth bins rows by probability into at most that many bins of equal width,
// the lowest first; those without rows are left out. A probability on an edge
// belongs to the bin above.
func ByWidth(p []float64, positive []bool, bins int) []Bin {
	positives(p, positive)
	return binned(groups(p, positive), func(g group, _ int) int { return min(int(g.p*float64(bins)), bins-1) })
}

// ByCount bins rows by probability into at most that many bins of about as many
// rows, the lowest first. Rows of one probability stay together.
func ByCount(p []float64, positive []bool, bins int) []Bin {
	positives(p, positive)
	return binned(groups(p, positive), func(g group, below int) int {
		return int((float64(below) + float64(g.rows)/2) * float64(bins) / float64(len(p)))
	})
}

// binned joins neighbouring groups of one bin. A bin is asked for with the number
// of rows that have a lower probability.
func binned(falling []group, bin func(g group, below int) int) []Bin {
	var all []Bin
	last, below, won := -1, 0, 0
	said := 0.0
	for i := len(falling) - 1; i >= 0; i-- {
		g := falling[i]
		if at := bin(g, below); at != last {
			all, last, won, said = append(all, Bin{From: g.p}), at, 0, 0
		}
		b := &all[len(all)-1]
		b.To = g.p
		b.Rows += g.rows
		won += g.won
		said += g.p * float64(g.rows)
		below += g.rows
		b.Said, b.Seen = min(max(said/float64(b.Rows), b.From), b.To), float64(won)/float64(b.Rows)
		b.Error = math.Sqrt(b.Said * (1 - b.Said) / float64(b.Rows))
	}
	return all
}
