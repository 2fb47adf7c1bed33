package document

import (
	"fmt"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/rule"
)

// ParseReps reads a list of reps. With faults, which come in the order of their
// lines, the list is not to be used. Whether their teams exist is for whoever
// knows the policy.
func ParseReps(source []byte) ([]lead.Rep, []Fault) {
	var written []writtenRep
	faults := decode(source, repsShape(), &written, func() []rule.Problem { return checkReps(written) })
	reps := make([]lead.Rep, 0, len(written))
	for _, w := range written {
		reps = append(reps, w.rep())
	}
	return reps, faults
}

// writtenRep is a rep as people write one: active unless said otherwise, days by
// name.
type writtenRep struct {
	lead.Rep
	Active *bool          `json:"active"`
	Shifts []policy.Shift `json:"shifts"`
}

func (w writtenRep) rep() lead.Rep {
	rep := w.Rep
	rep.Active = w.Active == nil || *w.Active
	rep.Shifts = policy.Shifts(w.Shifts)
	return rep
}

func checkReps(written []writtenRep) []rule.Problem {
	var problems []rule.Problem
	ids := map[string]bool{}
	for i, w := range written {
		at := fmt.Sprintf("[%d]", i)
		for _, p := range hours.CheckRep(w.rep()) {
			problems = append(problems, rule.Problem{Path: at + "." + p.Path, Text: p.Text})
		}
		if ids[w.ID] {
			problems = append(problems, rule.Problem{Path: at + ".id", Text: "another rep has this id"})
		}
		ids[w.ID] = true
	}
	return problems
}
