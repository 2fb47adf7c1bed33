package route

// least is the smallest gain for which leads are moved, where the largest value
// is from 1 to 2: smaller ones may be errors of rounding.
const least = 1e-12

// move is a lead that was moved, and whose it was.
type move struct{ lead, from int }

// improve moves leads as long as something is gained and the budget lasts: one to
// a rep who has room left, or one away and others to its place.
func (p *packing) improve(s sharing) {
	for again := true; again; {
		again = false
		for l := range p.leads {
			if p.looked >= improved {
				return
			}
			if p.shift(s, l) || p.refill(s, l) {
				again = true
			}
		}
	}
}

// of is the value that a lead has with a rep; none has none for it.
func (p *packing) of(lead, rep int) float64 {
	if rep == none {
		return 0
	}
	return p.value[lead*p.reps+rep]
}

// elsewhere is the best place for a lead but the one it has, and what is gained
// by moving there, which is less than 0 where something is lost.
func (p *packing) elsewhere(s sharing, lead int) (to int, gain float64) {
	to = none
	values, loads := p.value[lead*p.reps:][:p.reps], p.load[lead*p.reps:][:p.reps]
	best := 0.0
	for r, v := range values {
		if v != never && r != s.owner[lead] && loads[r] <= s.left[r] && (v > best || v == best && to == none) {
			to, best = r, v
		}
	}
	return to, best - p.of(lead, s.owner[lead])
}

// shift moves a lead to a rep who has room left, if something is gained by it or
// nobody has the lead.
func (p *packing) shift(s sharing, lead int) bool {
	to, gain := p.elsewhere(s, lead)
	if gain <= least && (to == none || s.owner[lead] != none) {
		return false
	}
	p.put(s, lead, to)
	return true
}

// refill moves a lead away, elsewhere or nowhere, and others to its place, those
// first who gain most for what they take, if together they gain more than it
// loses.
func (p *packing) refill(s sharing, lead int) bool {
	rep := s.owner[lead]
	if rep == none {
		return false
	}
	to, gain := p.elsewhere(s, lead)
	p.put(s, lead, to)
	p.moved = p.moved[:0]
	for {
		winner, most := none, 0.0
		for l := range p.leads {
			at := l*p.reps + rep
			if l == lead || s.owner[l] == rep || p.value[at] == never || p.load[at] > s.left[rep] {
				continue
			}
			if per := (p.value[at] - p.of(l, s.owner[l])) / float64(max(1, p.load[at])); per > most {
				winner, most = l, per
			}
		}
		p.looked += p.leads
		if winner == none {
			break
		}
		gain += p.of(winner, rep) - p.of(winner, s.owner[winner])
		p.moved = append(p.moved, move{winner, s.owner[winner]})
		p.put(s, winner, rep)
	}
	if gain > least {
		return true
	}
	for _, m := range p.moved {
		p.put(s, m.lead, m.from)
	}
	p.put(s, lead, rep)
	return false
}
