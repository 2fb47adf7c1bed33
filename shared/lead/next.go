package lead

import "time"

// Next derives a lead's one deadline from its state and the rules: nil exactly
// when the lead is closed. It depends on nothing but the lead's own times, so
// that it gives the same answer whenever it is asked.
func Next(l Lead, r Rules) *Deadline {
	switch l.State {
	case StateNew:
		return &Deadline{l.Since.Add(r.New), DutyScore}
	case StateRouting:
		return &Deadline{l.Since.Add(r.Routing), DutyRoute}
	case StateOffered:
		return &Deadline{l.Period.Start.Add(r.Accept), DutyWithdraw}
	case StateWorking:
		return &Deadline{followUp(l, r), DutyReclaim}
	case StatePaused:
		return &Deadline{l.Since.Add(r.Hold), DutyReclaim}
	case StateTriage:
		if l.Raised > 0 {
			return &Deadline{l.Since.Add(r.Manager), DutyEscalate}
		}
		return &Deadline{l.Since.Add(r.Triage), DutyEscalate}
	case StateNurturing:
		return &Deadline{l.Since.Add(r.Nurture), DutyPool}
	case StatePooled:
		return &Deadline{l.Since.Add(r.Sweep), DutySweep}
	case StateConverted:
		return &Deadline{l.Since.Add(r.Handoff), DutyEscalate}
	}
	return nil
}

// followUp is when a rep's next follow-up is due: the first one by the grade's
// limit, later ones by its cadence or the step the rep planned, whichever is
// later, and never beyond the end of the protection.
func followUp(l Lead, r Rules) time.Time {
	p := l.Period
	due := p.Accepted.Add(r.FirstContact[l.Grade])
	if !p.Touched.IsZero() {
		due = p.Touched.Add(r.Cadence[l.Grade])
		if p.NextStep.After(p.Touched) {
			// A planned step is a promise: it counts a day after its moment.
			if planned := p.NextStep.Add(24 * time.Hour); planned.After(due) {
				due = planned
			}
		}
	}
	if end := p.Start.Add(r.Protect); end.Before(due) {
		return end
	}
	return due
}

func sameDeadline(a, b *Deadline) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Do == b.Do && a.At.Equal(b.At)
}
