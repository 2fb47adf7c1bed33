package route

import (
	"time"

	"sluice/shared/lead"
)

// neutral is the conversion that is assumed where nothing is known, one lead in
// ten. A dozen outcomes outweigh it.
const neutral = 0.1

// certainty with which a conversion lies between an estimate's bounds.
const certainty = 0.9

// Ability tells how well reps convert leads, by channel. It is safe for
// concurrent use; a nil one is without data.
//
// Small counts are shrunk to what is known of others (empirical Bayes): a rep
// who won one lead of one is not the best. What is believed of a conversion is a
// beta distribution, so that outcomes are beta-binomial. There are two levels.
// A rep's conversion is believed to be that of the average rep on the same
// channels, moved by the odds ratio of the rep's tenure band. That on one channel
// is believed to be the channel's, moved by the odds ratio that the rep has on
// the other channels: the leads of the one are left out, so that they do not count
// twice. How strong a belief is follows from how much reps, and a rep's channels,
// are found to differ.
//
// Counts say nothing of how good the leads were: where the good leads go to the
// good reps, a part of what looks like ability is the leads'.
type Ability struct {
	pooled    belief // over all leads
	channels  map[string]*channelTrack
	elsewhere channelTrack // of the channels without leads
	tracks    map[string]*repTrack
	stranger  repTrack         // of the reps who are not known
	bands     [tenures]float64 // odds ratios
	variances
}

// Estimate is a conversion, the won part of the leads that were worked to an
// outcome: its mean, 0 to 1, and bounds between which it lies with a certainty
// of 90 %. Tried and Won are the rep's own counts.
type Estimate struct {
	Mean, Low, High float64
	Tried, Won      int
}

// NewAbility estimates from the counters of reps, whose ids differ. Counts that
// cannot be are taken for the nearest that can: those below 0 for none, and more
// won than tried for all won. The moment tells the reps' tenure.
func NewAbility(reps []lead.Rep, now time.Time) *Ability {
	a := &Ability{}
	a.count(reps, now)
	a.fit()
	return a
}

// Of estimates a rep's conversion on a channel. A rep who is not known is taken
// for an average one, and so is a channel.
func (a *Ability) Of(rep, channel string) Estimate {
	if a == nil {
		a = NewAbility(nil, time.Time{})
	}
	r, c := a.rep(rep), a.channel(channel)
	if k := r.on(c); k != nil {
		return a.prior(c, k.odds).estimate(k.tried, k.won, c.variance())
	}
	return a.prior(c, r.odds).estimate(0, 0, c.variance())
}

// Overall estimates a rep's conversion over the channels that the rep works.
func (a *Ability) Overall(rep string) Estimate {
	if a == nil {
		a = NewAbility(nil, time.Time{})
	}
	r := a.rep(rep)
	band, all := a.bands[r.tenure], &r.all
	if all.tried == 0 {
		return believe(moveOdds(a.pooled.mean, band), a.ofReps).estimate(0, 0, a.pooled.variance())
	}
	prior := believe(moveOdds(all.base(), band), a.ofReps+all.spread()*a.ofCells)
	return prior.estimate(all.tried, all.won, 0)
}

// Channel is the conversion of a channel, 0 to 1, over all reps and shrunk to
// that over the other channels.
func (a *Ability) Channel(channel string) float64 {
	if a == nil {
		return neutral
	}
	return a.channel(channel).mean
}

// Lift is how many times as well as the average a rep converts the leads of a
// channel: the mean of [Ability.Of] as a multiple of [Ability.Channel]. It is
// above 0, and 1 where nothing is known of the rep.
func (a *Ability) Lift(rep, channel string) float64 {
	if a == nil {
		return 1
	}
	r, c := a.rep(rep), a.channel(channel)
	if k := r.on(c); k != nil {
		return k.lift
	}
	return moveOdds(c.mean, r.odds.ratio) / c.mean
}

func (a *Ability) rep(id string) *repTrack {
	if r := a.tracks[id]; r != nil {
		return r
	}
	return &a.stranger
}

func (a *Ability) channel(name string) *channelTrack {
	if c := a.channels[name]; c != nil {
		return c
	}
	return &a.elsewhere
}
