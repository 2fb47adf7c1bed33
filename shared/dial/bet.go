package dial

import "sort"

// bet is what is known when a number is dialled: how likely each that rings is to
// be answered, and how many agents there will be.
type bet struct {
	rate  float64
	free  int
	freed distribution // of those busy now, by the time of the answer
}

// lines is with how many ringing at once the bet is within the aim, at most ten
// for each agent who is free or expected to be.
func (b bet) lines(aim float64) int {
	most := int(mostLines * (float64(b.free) + b.freed.mean()))
	// With as many lines as free agents nothing is lost. Then the loss only grows.
	more := sort.Search(most-b.free, func(i int) bool { return b.loss(b.free+1+i) > aim })
	return b.free + more
}

// loss is the share of answered calls that find no agent, expected of so many
// lines (1 or more).
func (b bet) loss(lines int) float64 {
	answers := binomial(lines, b.rate)
	// Go down the number of agents there will be, from one where nothing is lost.
	lost, left := 0.0, 0.0 // at this many agents; and how likely more answer than there are
	sum := 0.0
	for agents := lines - 1; agents >= b.free; agents-- {
		left += answers[agents+1]
		lost += left
		if freed := agents - b.free; freed < len(b.freed) {
			sum += b.freed[freed] * lost
		}
	}
	return sum / (float64(lines) * b.rate)
}

// distribution is how likely each count from 0 on is.
type distribution []float64

func (d distribution) mean() float64 {
	sum := 0.0
	for k, p := range d {
		sum += float64(k) * p
	}
	return sum
}

// binomial is how many of n come to pass, each with probability p. It goes out
// from the likeliest count, weighed 1, to where a count is next to impossible.
func binomial(n int, p float64) distribution {
	const impossible = 1e-18
	d := make(distribution, n+1)
	switch {
	case p <= 0:
		d[0] = 1
		return d
	case p >= 1:
		d[n] = 1
		return d
	}
	mode := min(n, int(float64(n+1)*p))
	odds := p / (1 - p)
	d[mode] = 1
	sum := 1.0
	for k := mode; k < n && d[k] > impossible; k++ {
		d[k+1] = d[k] * odds * float64(n-k) / float64(k+1)
		sum += d[k+1]
	}
	for k := mode; k > 0 && d[k] > impossible; k-- {
		d[k-1] = d[k] / odds * float64(k) / float64(n-k+1)
		sum += d[k-1]
	}
	for k := range d {
		d[k] /= sum
	}
	return d
}
