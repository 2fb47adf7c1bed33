package route

// Prior is what is believed of a rep on a channel before the leads that the rep
// worked there: the mean, and of how many leads it is worth the outcomes.
func (a *Ability) Prior(rep, channel string) (mean, strength float64) {
	b := a.prior(a.rep(rep).on(a.channel(channel)))
	return b.mean, b.strength
}
