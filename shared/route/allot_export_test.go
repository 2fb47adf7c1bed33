package route

// AllotPrices are the prices of a place of each rep at which an exact sharing is
// what every lead would choose for itself.
func AllotPrices(b Batch) []float64 {
	g := gridOf(b)
	if !g.alike() {
		panic("leads take different amounts of room")
	}
	t := newTransport(g)
	t.run()
	prices := t.prices()
	for r := range prices {
		prices[r] *= g.unit
	}
	return prices
}
