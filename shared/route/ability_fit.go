package route

import (
	"maps"
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
	ofTenures  = 0.1
)

// A variance lies between these bounds: at a conversion of 10 % what is believed
// of a rep is worth 10 to 1100 leads.
const (
	leastVariance = 0.01
	mostVariance  = 1.0
)

// backing is for how many well-known reps, or cells, the assumed variances count.
const backing = 3

// rounds in which the variances are estimated. The first weighs by the assumed
// ones, the second by those of the first; more change next to nothing.
const rounds = 2

// fit estimates the variances, and with them odds ratios and lifts.
func (a *Ability) fit() {
	a.variances = assumed
	tracks := make([]*repTrack, 0, len(a.tracks))
	for _, id := range slices.Sorted(maps.Keys(a.tracks)) {
		tracks = append(tracks, a.tracks[id])
	}
	for range rounds {
		a.setBands(tracks)
		a.ofReps = a.estimateReps(tracks)
		a.ofCells = a.estimateCells(tracks)
	}
	for _, r := range tracks {
		r.own = a.oddsOf(&r.all, r.band)
		for i := range r.cells {
			k := &r.cells[i]
			k.lift = a.known(k).mean / k.channel.mean
		}
	}
	a.stranger = repTrack{band: odds{1, 0}, own: odds{1, a.ofReps}}
}

// setBands gives each rep the odds of the others of the same tenure, shrunk to
// the average. Reps count by how well they are known rather than by their leads,
// since good ones may be given more. Of unknown tenure is an average rep.
func (a *Ability) setBands(tracks []*repTrack) {
	var bands [tenures]band
	for _, r := range tracks {
		bands[r.tenure].add(a, r, +1)
	}
	for _, r := range tracks {
		if r.band = (odds{1, 0}); r.tenure > 0 {
			others := bands[r.tenure]
			others.add(a, r, -1)
			r.band = others.odds(a)
		}
	}
}

// band sums the reps of a tenure: their rates, and the base of those.
type band struct{ weight, rate, base float64 }

func (b *band) add(a *Ability, r *repTrack, sign float64) {
	if r.all.tried > 0 {
		w := sign * a.ofReps / (a.ofReps + r.all.noise(a.ofCells))
		b.weight, b.rate, b.base = b.weight+w, b.rate+w*r.all.rate(), b.base+w*r.all.base()
	}
}

// odds backs the band with as many average reps as bands differ less than reps.
func (b *band) odds(a *Ability) odds {
	backing := a.ofReps / ofTenures
	weight, average := b.weight+backing, backing*a.pooled.mean
	return odds{oddsRatio((b.base+average)/weight, (b.rate+average)/weight), a.ofReps / weight}
}

// oddsOf shrinks a rep's odds to those of the tenure band.
func (a *Ability) oddsOf(t *tally, band odds) odds {
	own := a.ofReps + band.variance
	if t.tried == 0 {
		return odds{band.ratio, own}
	}
	base, w := t.base(), own/(own+t.noise(a.ofCells))
	return odds{oddsRatio(base, w*t.rate()+(1-w)*moveOdds(base, band.ratio)), (1 - w) * own}
}

// expect tells of a cell what the rep's other channels and the other reps do.
func (a *Ability) expect(r *repTrack, k *cellTrack) {
	rest := r.all
	rest.add(k, -1)
	own := a.oddsOf(&rest, r.band)
	k.mean, k.variance = moveOdds(k.others, own.ratio), own.variance+k.doubt
}

// prior is what is believed of a cell before its own leads, known is after them.
func (a *Ability) prior(k *cellTrack) belief { return believe(k.mean, k.variance+a.ofCells) }
func (a *Ability) known(k *cellTrack) belief { return a.prior(k).after(k.tried, k.won) }

func (a *Ability) estimateReps(tracks []*repTrack) float64 {
	e := excess{now: a.ofReps, sum: backing * assumed.ofReps, weight: backing}
	for _, r := range tracks {
		if r.all.tried > 0 {
			e.add(r.all.tried, r.all.won, moveOdds(r.all.base(), r.band.ratio), r.band.variance+r.all.variance(a.ofCells))
		}
	}
	return e.variance()
}

func (a *Ability) estimateCells(tracks []*repTrack) float64 {
	e := excess{now: a.ofCells, sum: backing * assumed.ofCells, weight: backing}
	for _, r := range tracks {
		for i := range r.cells {
			k := &r.cells[i]
			a.expect(r, k)
			e.add(k.tried, k.won, k.mean, k.variance)
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
// 1982). Each square counts by the inverse of its own variance.
type excess struct{ now, sum, weight float64 }

// add takes a rate, its mean, and the part of its variance that is not sought.
func (e *excess) add(tried, won, mean, other float64) {
	chance := 1 / (tried * mean * (1 - mean))
	deviation := (won - tried*mean) * chance
	w := e.now / (e.now + other + chance)
	w *= w
	pairs := 1 - 1/tried // one lead alone does not tell luck from ability
	e.sum += w * (deviation*deviation - chance - other*pairs)
	e.weight += w * pairs
}

func (e *excess) variance() float64 {
	return min(max(e.sum/e.weight, leastVariance), mostVariance)
}
