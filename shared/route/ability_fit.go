package route

import (
	"maps"
	"math"
	"slices"
)

// variances of log odds: of the reps on the same channels, and of a rep from
// channel to channel.
type variances struct{ ofReps, ofCells float64 }

// assumed is what is taken for the variances as long as the counters do not
// tell: half of the reps have odds a third above or below, and a rep's channels
// differ less than reps do.
var assumed = variances{ofReps: 0.2, ofCells: 0.05}

// The variances of channels and of tenure bands are always assumed, since those
// are few. Two channels in three have odds within a factor of three.
const (
	ofChannels = 1.0
	ofTenures  = 0.05
)

// A variance lies between these bounds: at a conversion of 10 % what is believed
// of a rep is worth 10 to 1100 leads.
const (
	leastVariance = 0.01
	mostVariance  = 1.0
)

// backing is for how many well-known reps, or cells, the assumed variances count.
const backing = 3

// caution is how many standard errors variances are taken above their estimates.
// By simulation it makes bounds hold what they should, and costs no precision.
const caution = 1.5

// rounds in which the variances are estimated, each with those of the one before.
// More change little.
const rounds = 2

// fit estimates the variances, and with them odds ratios and lifts.
func (a *Ability) fit() {
	a.variances = assumed
	tracks := make([]*repTrack, 0, len(a.tracks))
	for _, id := range slices.Sorted(maps.Keys(a.tracks)) {
		tracks = append(tracks, a.tracks[id])
	}
	for range rounds {
		a.compareBands(tracks)
		a.ofReps = a.estimateReps(tracks)
		a.ofCells = a.estimateCells(tracks)
	}
	for _, r := range tracks {
		r.odds = a.oddsOf(&r.all, r.tenure)
		for i := range r.cells {
			k := &r.cells[i]
			k.lift = a.prior(k.channel, k.odds).after(k.tried, k.won).mean / k.channel.mean
		}
	}
	a.stranger = repTrack{odds: odds{1, a.ofReps}}
}

// compareBands finds the odds of each tenure band, shrunk to the average by as
// many average reps in it as bands differ less than reps. Reps count by how well
// they are known rather than by their leads, since good ones may be given more. A
// rep of unknown tenure is an average one.
func (a *Ability) compareBands(tracks []*repTrack) {
	type sums struct{ weight, rate, base float64 }
	average := a.ofReps / ofTenures
	var bands [tenures]sums
	for i := range bands {
		bands[i] = sums{average, average * a.pooled.mean, average * a.pooled.mean}
	}
	for _, r := range tracks {
		if r.all.tried > 0 {
			w, b := a.ofReps/(a.ofReps+r.all.spread()*a.ofCells+r.all.chance()), &bands[r.tenure]
			b.weight, b.rate, b.base = b.weight+w, b.rate+w*r.all.rate(), b.base+w*r.all.base()
		}
	}
	for i, b := range bands {
		a.bands[i] = oddsRatio(b.base/b.weight, b.rate/b.weight)
	}
	a.bands[0] = 1
}

// oddsOf shrinks a rep's odds to those of the tenure band. Of the deviation that
// remains beyond chance a part is the rep's own: the rest is that of single
// channels.
func (a *Ability) oddsOf(t *tally, tenure int) odds {
	band := a.bands[tenure]
	if t.tried == 0 {
		return odds{band, a.ofReps}
	}
	all := a.ofReps + t.spread()*a.ofCells
	prior := believe(moveOdds(t.base(), band), all)
	posterior := prior.after(t.tried, t.won)
	own := a.ofReps / all
	return odds{
		ratio:    band * math.Exp(own*math.Log(oddsRatio(prior.mean, posterior.mean))),
		variance: a.ofReps * (1 - own*t.tried/posterior.strength),
	}
}

// prior is what is believed of a rep with these odds on a channel.
func (a *Ability) prior(c *channelTrack, o odds) belief {
	return believe(moveOdds(c.mean, o.ratio), o.variance+a.ofCells)
}

func (a *Ability) estimateReps(tracks []*repTrack) float64 {
	e := newExcess(a.ofReps, assumed.ofReps)
	for _, r := range tracks {
		if r.all.tried > 0 {
			e.add(r.all.tried, r.all.won, moveOdds(r.all.base(), a.bands[r.tenure]), r.all.spread()*a.ofCells)
		}
	}
	return e.variance()
}

func (a *Ability) estimateCells(tracks []*repTrack) float64 {
	e := newExcess(a.ofCells, assumed.ofCells)
	for _, r := range tracks {
		for i := range r.cells {
			k := &r.cells[i]
			rest := r.all
			rest.add(k, -1)
			k.odds = a.oddsOf(&rest, r.tenure)
			e.add(k.tried, k.won, moveOdds(k.channel.mean, k.odds.ratio), k.odds.variance)
		}
	}
	return e.variance()
}

// excess estimates by the method of moments by what conversions vary beyond
// chance. Of n leads with the mean m, beta-binomial, the rate p has
//
//	E (p-m)² = m(1-m)/n × (1 + (n-1)ρ), ρ = m(1-m) × variance of the log odds
//
// (Kleinman, Proportions with Extraneous Variance, JASA 68, 1973; Williams,
// Extra-Binomial Variation in Logistic Linear Models, Applied Statistics 31,
// 1982). Here it is m(1-m) × (1/n + ρ), since ρ is small. Each square counts by
// the inverse of its own variance.
type excess struct{ now, scale, sum, weight float64 }

// newExcess begins with the variance assumed, which is not held on to where it was
// found to be far too little.
func newExcess(now, assumed float64) excess {
	return excess{now: now, scale: max(now, assumed), sum: backing * assumed, weight: backing}
}

// add takes a cell's or a rep's outcomes, the mean that is expected of the rate,
// and what its log odds vary by beside the variance that is sought.
func (e *excess) add(tried, won, mean, other float64) {
	chance := 1 / (tried * mean * (1 - mean))
	deviation := (won - tried*mean) * chance
	w := e.scale / (e.now + other + chance)
	w *= w
	e.sum += w * (deviation*deviation - chance - other)
	e.weight += w
}

// variance is the estimate and some of its standard errors: too much costs less
// than too little, which makes everybody average, and sure to be so.
func (e *excess) variance() float64 {
	standardError := e.scale * math.Sqrt(2*(e.weight-backing)) / e.weight
	return min(max(e.sum/e.weight+caution*standardError, leastVariance), mostVariance)
}
