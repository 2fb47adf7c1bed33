package route

import (
	"cmp"
	"math"
	"slices"
)

// packing shares leads that take different amounts of room: the generalised
// assignment problem, which is too hard to solve exactly. Prices of a unit of the
// reps' room are sought at which the bound is small (Lagrangian relaxation of the
// room). On the way there leads are placed at the prices found, those first who
// would lose most by waiting, and each such sharing is improved by moves as long
// as there are any. The best one is kept.
type packing struct {
	*grid
	bound  float64 // the smallest found
	best   sharing
	worth  float64 // of the best
	looked int     // pairs of leads looked at in improving
	moved  []move  // of one attempt
}

// How much work is put into a batch. These are counts, not times, so that the
// same batch is always shared alike.
const (
	descents  = 400         // steps of the prices
	descended = 400_000_000 // pairs of lead and rep looked at in them
	patience  = 12          // steps without a smaller bound, after which they get shorter
	every     = 8           // steps from one sharing to the next
	improved  = 200_000_000 // pairs of leads looked at in improving sharings
)

// sharing says who has which lead.
type sharing struct {
	owner []int // lead → rep, or none
	left  []int // rep → units of room left
}

func newPacking(g *grid) *packing {
	p := &packing{grid: g, bound: math.Inf(1)}
	prices := make([]float64, g.reps)
	p.try(prices)
	slack := make([]float64, g.reps)
	steps := min(descents, 40+descended/max(1, g.leads*g.reps))
	stride, waited := 1.0, 0
	for step := range steps {
		bound := p.relax(prices, slack)
		if bound < p.bound-1e-9*math.Abs(p.bound) || step == 0 {
			waited = 0
		} else if waited++; waited > patience {
			stride, waited = stride/2, 0
		}
		p.bound = min(p.bound, bound)
		if step%every == every-1 && p.looked < improved {
			p.try(prices)
		}
		if p.bound-p.worth <= 1e-12*p.bound || !descend(prices, slack, stride*(bound-p.worth)) {
			break
		}
	}
	return p
}

func (p *packing) run() []int { return p.best.owner }

// relax returns the bound at some prices, and for each rep the units of room that
// are left when every lead goes where it would like to at these prices.
func (p *packing) relax(prices, slack []float64) float64 {
	bound := 0.0
	for r, room := range p.room {
		slack[r] = float64(room)
		bound += prices[r] * slack[r]
	}
	for l := range p.leads {
		if r, gain, _ := p.likes(l, prices, nil); r != none {
			bound += gain
			slack[r] -= float64(p.load[l*p.reps+r])
		}
	}
	return bound
}

// descend moves the prices by the reps' slack (Polyak's step towards a bound that
// is smaller by drop). It reports false where they have nowhere to go.
func descend(prices, slack []float64, drop float64) bool {
	square := 0.0
	for r, s := range slack {
		if s > 0 && prices[r] == 0 {
			slack[r] = 0
		}
		square += slack[r] * slack[r]
	}
	if square == 0 {
		return false
	}
	for r, s := range slack {
		prices[r] = max(0, prices[r]-drop/square*s)
	}
	return true
}

// likes returns where a lead gains most at some prices, or none, what it gains
// there, and by how much less it gains elsewhere. With left, only the reps count
// who have room left for it.
func (p *packing) likes(lead int, prices []float64, left []int) (rep int, gain, regret float64) {
	rep = none
	second := 0.0
	values, loads := p.value[lead*p.reps:][:p.reps], p.load[lead*p.reps:][:p.reps]
	for r, v := range values {
		if v == never || left != nil && loads[r] > left[r] {
			continue
		}
		switch net := v - prices[r]*float64(loads[r]); {
		case net > gain:
			rep, gain, second = r, net, gain
		case net > second:
			second = net
		}
	}
	return rep, gain, gain - second
}

// try makes a sharing at some prices and keeps it if it is the best so far.
func (p *packing) try(prices []float64) {
	s := p.fill(prices)
	p.improve(s)
	if worth := p.grid.worth(s.owner); p.best.owner == nil || worth > p.worth {
		p.best, p.worth = s, worth
	}
}

// fill places the leads at some prices, those first who would lose most if they
// did not get what they like best.
func (p *packing) fill(prices []float64) sharing {
	s := sharing{owner: make([]int, p.leads), left: slices.Clone(p.room)}
	regrets := make([]float64, p.leads)
	order := make([]int, p.leads)
	for l := range order {
		order[l], s.owner[l] = l, none
		_, _, regrets[l] = p.likes(l, prices, nil)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(regrets[b], regrets[a]), cmp.Compare(a, b))
	})
	for _, l := range order {
		if r, _, _ := p.likes(l, prices, s.left); r != none {
			p.put(s, l, r)
		}
	}
	return s
}

// put gives a lead to a rep, or to none, from whoever has it.
func (p *packing) put(s sharing, lead, rep int) {
	if old := s.owner[lead]; old != none {
		s.left[old] += p.load[lead*p.reps+old]
	}
	if rep != none {
		s.left[rep] -= p.load[lead*p.reps+rep]
	}
	s.owner[lead] = rep
}
