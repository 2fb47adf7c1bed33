package rule

import "slices"

// maxSteps bounds the parts of formulas that are evaluated in the search for one
// lead: a millisecond or two.
const maxSteps = 200_000

// search looks for a lead for which one condition is the first to hold. It tries
// values for one variable after the other, and leaves a branch as soon as the
// condition cannot hold in it or an earlier one does.
type search struct {
	want  *constraint
	steps int           // left; below 0 the search has given up
	used  []*constraint // the earlier ones that ended a branch
}

// finds reports whether there is such a lead, or whether the search gave up.
func (s *search) finds(earlier []*constraint) bool {
	if s.steps -= s.want.size; s.steps < 0 {
		return true
	}
	possible := s.want.formula.outcomes()
	if possible&holds == 0 {
		return false
	}
	if possible != holds {
		if v := s.want.open(); v != nil {
			return s.tries(v, earlier)
		}
	}
	var undecided []*constraint
	for _, c := range earlier {
		s.steps -= c.size
		switch possible := c.formula.outcomes(); {
		case possible == holds:
			if !slices.Contains(s.used, c) {
				s.used = append(s.used, c)
			}
			return false
		case possible&holds != 0:
			undecided = append(undecided, c)
		}
	}
	for _, c := range undecided {
		if v := c.open(); v != nil {
			return s.tries(v, undecided)
		}
	}
	return true
}

func (s *search) tries(v *variable, earlier []*constraint) bool {
	defer func() { v.value = 0 }()
	for v.value = 1; v.value <= v.values; v.value++ {
		if s.finds(earlier) {
			return true
		}
	}
	return false
}

// open returns a variable of the condition that has no value yet; nil where all
// have, or need none.
func (c *constraint) open() *variable {
	for _, v := range c.variables {
		if v.value == 0 && v.values > 0 {
			return v
		}
	}
	return nil
}

// outcomes returns what the formula may come to with the values being tried. It
// may return too many, never too few.
func (f *formula) outcomes() outcomes {
	switch f.connective {
	case isFixed:
		return f.fixed
	case isAtom:
		if v := f.atom.variable; v.value > 0 {
			return f.atom.table[v.value-1]
		}
		return f.atom.free
	}
	first := f.parts[0].outcomes()
	all := first & breaks
	switch f.connective {
	case not:
		if first&holds != 0 {
			all |= fails
		}
		if first&fails != 0 {
			all |= holds
		}
	case and:
		all |= first & fails
		if first&holds != 0 {
			all |= f.parts[1].outcomes()
		}
	case or:
		all |= first & holds
		if first&fails != 0 {
			all |= f.parts[1].outcomes()
		}
	case choose:
		if first&holds != 0 {
			all |= f.parts[1].outcomes()
		}
		if first&fails != 0 {
			all |= f.parts[2].outcomes()
		}
	}
	return all
}
