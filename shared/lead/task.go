package lead

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Task is what a rep is to do next with one lead.
type Task struct {
	Lead  string    `json:"lead"`
	Do    Do        `json:"do"`
	Due   time.Time `json:"due"`           // to be done by
	Step  time.Time `json:"step,omitzero"` // planned by the rep, where that is still ahead of an activity
	Late  bool      `json:"late,omitempty"`
	Value float64   `json:"value"` // expected, 0 or more
	Rank  float64   `json:"rank"`  // value by urgency: the highest is to be done first
}

// Do is what a rep is to do with a lead.
type Do string

// What there is to do.
const (
	DoAccept   Do = "accept"    // an offer, or reject it
	DoFollowUp Do = "follow_up" // reach the customer, before the lead is taken back or the manager is told
	DoStep     Do = "step"      // what was planned
)

// urgentWithin is how far ahead a task counts half as much as one that is due: a
// working day.
const urgentWithin = 8 * time.Hour

// Tasks lists what reps are to do with leads that they have, each by the rules of
// its team, the most pressing first. A lead on hold is a task once a planned step is
// due. Others are none.
//
// A task is due when the rep's time is up, or at the planned step where that comes
// first. It ranks by its value, the chance of the lead times its worth, times an
// urgency of
//
//	1 / (1 + hours left / 8)
//
// that is 1 for what is due or late, a half a working day before and a tenth three
// days before. So what costs most to put off comes first: the cost of delay by the
// duration of a task (Reinertsen, The principles of product development flow, 2009,
// where it is the weighted shortest job first; a follow-up takes about as long as
// any other), with a weight that grows as the slack runs out, as in the rule for
// apparent tardiness costs (Vepsalainen and Morton, Priority rules for job shops
// with weighted tardiness costs, Management Science 33, 1987). Theirs falls off
// exponentially; this one does so slowly enough that a valuable lead is seen days
// ahead. What ranks the same is ordered by when it is due, then by the lead's id.
//
// A value that is negative or no number counts as 0, and more than the greatest
// number as that.
func Tasks(leads []Lead, rules func(team string) Rules, value func(Lead) float64, now time.Time) []Task {
	tasks := make([]Task, 0, len(leads))
	for _, l := range leads {
		if t, ok := taskOf(l, rules, now); ok {
			t.Value = valued(value(l))
			t.Late = t.Due.Before(now)
			t.Rank = t.Value * urgency(t.Due.Sub(now))
			tasks = append(tasks, t)
		}
	}
	slices.SortFunc(tasks, func(a, b Task) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), a.Due.Compare(b.Due), cmp.Compare(a.Lead, b.Lead))
	})
	return tasks
}

func taskOf(l Lead, rules func(team string) Rules, now time.Time) (Task, bool) {
	switch l.State {
	case StateOffered:
		return Task{Lead: l.ID, Do: DoAccept, Due: timerOf(l, rules(l.Team)).at.UTC()}, true
	case StateWorking:
		t := Task{Lead: l.ID, Do: DoFollowUp, Due: timerOf(l, rules(l.Team)).at.UTC(), Step: l.Period.NextStep}
		if !t.Step.IsZero() && !t.Step.After(t.Due) {
			t.Do, t.Due = DoStep, t.Step
		}
		return t, true
	case StatePaused:
		step := l.Period.NextStep
		return Task{Lead: l.ID, Do: DoStep, Due: step, Step: step}, !step.IsZero() && !step.After(now)
	}
	return Task{}, false
}

// urgency is how much of its value a task loses by being put off, from 0 to 1.
func urgency(left time.Duration) float64 {
	return 1 / (1 + max(0, left.Hours())/urgentWithin.Hours())
}

func valued(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(0, v), math.MaxFloat64)
}
