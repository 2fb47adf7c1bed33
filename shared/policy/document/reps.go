package document

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
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
	Shifts []writtenShift `json:"shifts"`
}

type writtenShift struct {
	Days []weekday `json:"days"`
	From string    `json:"from"`
	To   string    `json:"to"`
}

type weekday time.Weekday

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// UnmarshalJSON implements json.Unmarshaler.
func (d *weekday) UnmarshalJSON(data []byte) error {
	var name string
	if err := json.Unmarshal(data, &name); err != nil {
		return err
	}
	*d = weekday(max(0, slices.Index(weekdays, name))) // the schema has reported others
	return nil
}

func (w writtenRep) rep() lead.Rep {
	rep := w.Rep
	rep.Active = w.Active == nil || *w.Active
	rep.Shifts = nil
	for _, s := range w.Shifts {
		shift := lead.Shift{From: s.From, To: s.To}
		for _, d := range s.Days {
			shift.Days = append(shift.Days, time.Weekday(d))
		}
		rep.Shifts = append(rep.Shifts, shift)
	}
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
