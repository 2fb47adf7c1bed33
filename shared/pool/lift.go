package pool

import "math"

// z is the 97.5 % quantile of the normal distribution: intervals hold the truth
// 95 times in 100.
const z = 1.959963984540054

// Rate is how many of some leads it was.
type Rate struct {
	N int `json:"n"`
	K int `json:"k"` // of N
	// P is K of N, 0 for no leads, between the bounds of its 95 % interval: the
	// score interval of Wilson (Probable inference, the law of succession, and
	// statistical inference, J. Am. Stat. Assoc. 22, 1927). Of no leads that is
	// anything from 0 to 1.
	P    float64 `json:"p"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Lift compares the rate of the leads that were worked with that of those held
// out.
type Lift struct {
	Treated Rate `json:"treated"`
	HeldOut Rate `json:"heldOut"`
	// Diff is by how much the rate of the treated is higher, in [-1, 1], with the
	// bounds of its 95 % interval. Where an arm has no leads it is 0, and the
	// interval is all there is.
	Diff float64 `json:"diff"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Ratio is how many times the rate of those held out that of the treated is;
	// 0 where theirs is 0 or unknown.
	Ratio float64 `json:"ratio"`
	// Extra is how many of the treated it would not have been at the rate of those
	// held out, with the bounds of its 95 % interval: negative where the treatment
	// did harm.
	Extra     float64 `json:"extra"`
	ExtraLow  float64 `json:"extraLow"`
	ExtraHigh float64 `json:"extraHigh"`
	// Enough tells whether the interval of the difference leaves out 0. One in
	// twenty comparisons says so although the treatment does nothing.
	Enough bool `json:"enough"`
}

// Lifts compares how many replied and how many converted.
func Lifts(treated, held Tally) (replied, converted Lift) {
	return LiftOf(treated.Leads, treated.Replied, held.Leads, held.Replied),
		LiftOf(treated.Leads, treated.Converted, held.Leads, held.Converted)
}

// LiftOf compares two rates: K of N leads of each arm. A K that cannot be counts
// as the nearest that can.
//
// The interval is Newcombe's hybrid score interval, method 10 of his Interval
// estimation for the difference between independent proportions: comparison of
// eleven methods (Statistics in Medicine 17, 1998). The usual one of Wald fails
// where it matters here: for few conversions, in arms of very unlike size.
func LiftOf(treatedN, treatedK, heldN, heldK int) Lift {
	t, h := rateOf(treatedN, treatedK), rateOf(heldN, heldK)
	l := Lift{Treated: t, HeldOut: h, Low: -1, High: 1}
	if t.N > 0 && h.N > 0 {
		l.Diff = t.P - h.P
		l.Low = max(-1, l.Diff-math.Hypot(t.P-t.Low, h.High-h.P))
		l.High = min(1, l.Diff+math.Hypot(t.High-t.P, h.P-h.Low))
	}
	if h.P > 0 {
		l.Ratio = t.P / h.P
	}
	n := float64(t.N)
	l.Extra, l.ExtraLow, l.ExtraHigh = n*l.Diff, n*l.Low, n*l.High
	l.Enough = l.Low > 0 || l.High < 0
	return l
}

func rateOf(n, k int) Rate {
	n = max(0, n)
	k = min(max(0, k), n)
	if n == 0 {
		return Rate{High: 1}
	}
	all := float64(n)
	p := float64(k) / all
	middle := (p + z*z/(2*all)) / (1 + z*z/all)
	half := z * math.Sqrt(p*(1-p)/all+z*z/(4*all*all)) / (1 + z*z/all)
	r := Rate{N: n, K: k, P: p, Low: max(0, middle-half), High: min(1, middle+half)}
	// At the ends the bound is the rate itself, but for rounding.
	if k == 0 {
		r.Low = 0
	}
	if k == n {
		r.High = 1
	}
	return r
}
