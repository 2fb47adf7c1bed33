package rule

import "slices"

// Vocabulary lists the only texts that a fact can be, such as "product", or that
// an answer can be, as "answer.size". A fact can also be missing, which is the
// empty text; an answer can be missing, or several of its texts at once. What is
// not listed can be anything.
type Vocabulary map[string][]string

// Shadow is a condition that is never the first to hold.
type Shadow struct {
	Rule int   // its index
	By   []int // the earlier ones that take its leads, in order; none where it never holds at all
}

// Unreachable finds the conditions of a first-match list that are the first to
// hold for no lead whatever. A condition that cannot be evaluated is passed over,
// as [Evaluation.Holds] has it; nil ones are skipped.
//
// What it returns is proven. What it does not return need not be reachable: only
// comparisons of one fact or answer with literals are understood, anything else,
// such as a function, is held to be true, false or in error as it likes; and the
// search for a lead ends after a bounded number of steps.
func Unreachable(conditions []*Condition, v Vocabulary) []Shadow {
	b := newBuilder(v)
	constraints := make([]*constraint, len(conditions))
	for i, c := range conditions {
		if c != nil {
			constraints[i] = b.constraint(i, c)
		}
	}
	b.tabulate()
	var shadows []Shadow
	var earlier []*constraint
	for i, c := range constraints {
		if c == nil {
			continue
		}
		if by, unreachable := covered(c, earlier); unreachable {
			shadows = append(shadows, Shadow{Rule: i, By: by})
			continue // what it takes the earlier ones take already
		}
		earlier = append(earlier, c)
	}
	return shadows
}

// covered reports whether no lead is left to a condition by the earlier ones, and
// by which of them: a set of which each is needed, as far as the steps suffice to
// tell.
func covered(want *constraint, earlier []*constraint) (by []int, unreachable bool) {
	first := search{want: want, steps: maxSteps}
	if first.finds(earlier) {
		return nil, false
	}
	needed := slices.DeleteFunc(slices.Clone(earlier), func(c *constraint) bool { return !slices.Contains(first.used, c) })
	again := search{want: want, steps: maxSteps}
	for i := len(needed) - 1; i >= 0; i-- {
		if without := slices.Delete(slices.Clone(needed), i, i+1); !again.finds(without) {
			needed = without
		}
	}
	for _, c := range needed {
		by = append(by, c.rule)
	}
	return by, true
}
