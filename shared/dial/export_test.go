package dial

// Loss is the share of answered calls that is expected to find no agent.
func Loss(lines int, rate float64, free, busy int, hangUp float64) float64 {
	return bet{rate: rate, free: free, freed: binomial(busy, hangUp)}.loss(lines)
}
