package route

// Prior is what is believed of a rep on a channel before the leads that the rep
// worked there: the mean, and of how many leads it is worth the outcomes.
func (a *Ability) Prior(rep, channel string) (mean, strength float64) {
	c := a.channel(channel)
	b := a.prior(c, a.rep(rep).on(c).odds)
	return b.mean, b.strength
}
