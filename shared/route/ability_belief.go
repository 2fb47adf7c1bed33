package route

// Not the library's distributions, which bring half a megabyte of linear algebra
// into every function, but what they take their quantiles from.
import "gonum.org/v1/gonum/mathext"

// belief is a beta distribution of a conversion, by its mean and its strength:
// of how many leads it is worth the outcomes.
type belief struct{ mean, strength float64 }

// believe makes a belief of the variance of its log odds, to first order: of how
// many won leads it is worth, and of how many lost ones, the inverses add up to
// that. At 0.1 it is worth about ten of the rarer ones, whatever its mean.
func believe(mean, variance float64) belief {
	return belief{mean, 1 / (mean * (1 - mean) * variance)}
}

// variance is that of the log odds.
func (b belief) variance() float64 { return 1 / (b.mean * (1 - b.mean) * b.strength) }

// after is the belief once more outcomes are known.
func (b belief) after(tried, won float64) belief {
	strength := b.strength + tried
	return belief{plausible((b.mean*b.strength + won) / strength), strength}
}

// estimate is a conversion after these outcomes. Doubt, a variance of the log odds
// that the belief was made about, makes its bounds wider, the more the less the
// outcomes outweigh it.
func (b belief) estimate(tried, won, doubt float64) Estimate {
	known := b.after(tried, won)
	left := b.strength / known.strength
	wide := believe(known.mean, known.variance()+left*left*doubt)
	quantile := func(p float64) float64 {
		return mathext.InvRegIncBeta(wide.mean*wide.strength, (1-wide.mean)*wide.strength, p)
	}
	return Estimate{
		Mean:  known.mean,
		Low:   quantile((1 - certainty) / 2),
		High:  quantile((1 + certainty) / 2),
		Tried: int(tried), Won: int(won),
	}
}

// moveOdds changes a conversion by an odds ratio. Odds can be multiplied where
// conversions cannot: twice as good as 6 in 10 is not 12 in 10.
func moveOdds(mean, ratio float64) float64 {
	return plausible(mean * ratio / (1 + mean*(ratio-1)))
}

// oddsRatio is by what moveOdds moves one conversion to another.
func oddsRatio(from, to float64) float64 {
	from, to = plausible(from), plausible(to)
	return to * (1 - from) / ((1 - to) * from)
}

// plausible keeps a conversion from being impossible or certain: no count proves
// either.
func plausible(mean float64) float64 {
	switch {
	case mean < 1e-6:
		return 1e-6
	case mean > 1-1e-6:
		return 1 - 1e-6
	}
	return mean
}
