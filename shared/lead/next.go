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
		if !l.Wait.IsZero() {
			return &Deadline{l.Wait, DutyRoute}
		}
		return &Deadline{l.Since.Add(r.Routing), DutyRoute}
	case StateOffered:
		return &Deadline{l.Period.Start.Add(r.Accept), DutyWithdraw}
	case StateWorking:
		return &Deadline{followUp(l, r), DutyReclaim}
	case StatePaused:
		return &Deadline{l.Since.Add(max(0, r.Hold-l.Period.Held)), DutyReclaim}
	case StateTriage:
		return escalation(l, r.Triage, r)
	case StateNurturing:
		return &Deadline{l.Since.Add(r.Nurture), DutyPool}
	case StatePooled:
		return &Deadline{l.Since.Add(r.Sweep), DutySweep}
	case StateConverted:
		return escalation(l, r.Handoff, r)
	}
	return nil
}

// escalation is due when the first limit has passed, and again after each
// manager's limit.
func escalation(l Lead, first time.Duration, r Rules) *Deadline {
	if l.Raised > 0 {
		return &Deadline{l.Since.Add(r.Manager), DutyEscalate}
	}
	return &Deadline{l.Since.Add(first), DutyEscalate}
}

// followUp is when a rep's next follow-up is due: the first one, after accepting
// or after the customer came back, by the grade's limit; later ones by its
// cadence or the step the rep planned and its grace, whichever is later; and
// never beyond the end of the protection.
func followUp(l Lead, r Rules) time.Time {
	p := l.Period
	due := l.Since.Add(limit(r.FirstContact, p.Grade))
	if !p.Touched.Before(l.Since) {
		due = p.Touched.Add(limit(r.Cadence, p.Grade))
		if p.NextStep.After(p.Touched) {
			// A planned step is a promise for a moment; logging it takes a while.
			due = later(due, p.NextStep.Add(r.StepGrace))
		}
	}
	if end := protected(l, r); end.Before(due) {
		return end
	}
	return due
}

// clock is when the follow-up that is due began to be timed.
func clock(l Lead) time.Time { return later(l.Since, l.Period.Touched) }

// protected is until when the rep keeps an unconverted lead. Time on hold does
// not count, as far as the policy allows holding at all.
func protected(l Lead, r Rules) time.Time {
	return l.Period.Start.Add(r.Protect + min(l.Period.Held, r.Hold))
}

// limit is a grade's limit. A lead without a grade has that of the lowest.
func limit(limits map[Grade]time.Duration, g Grade) time.Duration {
	if d, ok := limits[g]; ok {
		return d
	}
	return limits[Grades[len(Grades)-1]]
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sameDeadline(a, b *Deadline) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Do == b.Do && a.At.Equal(b.At)
}
