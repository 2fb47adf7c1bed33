package route

// least is the smallest gain for which a lead is moved, where the largest value
// is from 1 to 2: smaller ones may be errors of rounding.
const least = 1e-12

// move is a lead that was moved, and whose it was.
type move struct{ lead, from int }

// improve moves leads as long as somebody gains: one to a rep who has room left,
// one or several to the place of another that goes elsewhere or nowhere, or two
// that change places.
func (p *packing) improve(s sharing) {
	for again := true; again; {
		for again = true; again; {
			again = p.pass(s, func(l int) bool {
				to, gain := p.elsewhere(s, l)
				if gain > least || to != none && s.owner[l] == none {
					p.put(s, l, to)
					return true
				}
				return s.owner[l] != none && p.displace(s, l)
			})
		}
		again = p.pass(s, func(l int) bool { return s.owner[l] != none && p.refill(s, l) })
	}
}

// pass tries a move of each lead, as long as there is work left in the budget. It
// reports whether any was made.
func (p *packing) pass(s sharing, try func(lead int) bool) (any bool) {
	for l := range p.leads {
		if p.looked < improved && try(l) {
			any = true
		}
	}
	return any
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

// displace gives the place of a lead to the one that gains most by it, if that is
// more than the lead loses. It goes elsewhere, or to the place that became free.
func (p *packing) displace(s sharing, lead int) bool {
	rep := s.owner[lead]
	to, lost := p.elsewhere(s, lead)
	here := p.of(lead, rep)
	room := s.left[rep] + p.load[lead*p.reps+rep]
	winner, most, swap := none, least, false
	for l := range p.leads {
		at, from := l*p.reps+rep, s.owner[l]
		if from == rep || p.value[at] == never || p.load[at] > room {
			continue
		}
		gain := p.value[at] - p.of(l, from)
		if gain+lost > most {
			winner, most, swap = l, gain+lost, false
		}
		if from == none {
			continue
		}
		if back := lead*p.reps + from; p.value[back] != never && p.load[back] <= s.left[from]+p.load[l*p.reps+from] {
			if both := gain + p.value[back] - here; both > most {
				winner, most, swap = l, both, true
			}
		}
	}
	p.looked += p.leads
	if winner == none {
		return false
	}
	if swap {
		to = s.owner[winner]
	}
	p.put(s, lead, none)
	p.put(s, winner, rep)
	p.put(s, lead, to)
	return true
}

// refill gives the place of a lead to several, those first who gain most for what
// they take, if together they gain more than the lead loses.
func (p *packing) refill(s sharing, lead int) bool {
	rep := s.owner[lead]
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
		p.moved = append(p.moved, move{winner, s.owner[winner]})
		gain += p.of(winner, rep) - p.of(winner, s.owner[winner])
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
