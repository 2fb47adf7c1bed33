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
		return offer(l, r).next(l, r)
	case StateWorking:
		return followUp(l, r).next(l, r)
	case StatePaused:
		return onHold(l, r)
	case StateUnverified:
		return escalation(l, after(r.Hours, l.Since, r.Verify), r)
	case StateTriage:
		return escalation(l, after(r.Hours, l.Since, r.Triage), r)
	case StateNurturing:
		return &Deadline{l.Since.Add(r.Nurture), DutyPool}
	case StatePooled:
		look := lookAt(l, r)
		if back := l.Looked.Add(r.List); l.List != "" && r.List > 0 && back.Before(look) {
			return &Deadline{back, DutyUnlist}
		}
		return &Deadline{look, DutySweep}
	case StateConverted:
		return escalation(l, l.Since.Add(r.Handoff), r)
	}
	return nil
}

// aheadMost bounds what [Ahead] lists.
const aheadMost = 16

// Ahead lists what the system does with the lead if nobody else does anything and
// it is always in time: the deadline, and, while that leaves the lead where it is,
// what comes after.
func Ahead(l Lead, r Rules) []Deadline {
	var ahead []Deadline
	for next := Next(l, r); next != nil && len(ahead) < aheadMost; next = Next(l, r) {
		ahead = append(ahead, *next)
		switch next.Do {
		case DutyRemind:
			l = Apply(l, remind(l, r, next.At), next.At)
		case DutyNudge:
			l = Apply(l, Nudged{}, next.At)
		default:
			return ahead
		}
	}
	return ahead
}

// escalation is due when the first limit has passed, and again after each
// manager's limit.
func escalation(l Lead, first time.Time, r Rules) *Deadline {
	if l.Raised > 0 {
		return &Deadline{l.Since.Add(r.Manager), DutyEscalate}
	}
	return &Deadline{first, DutyEscalate}
}

// onHold is the next light touch, or what comes at the end of the hold.
func onHold(l Lead, r Rules) *Deadline {
	next := hold(l, r).next(l, r)
	touch := later(l.Since, l.Period.Nudged).Add(r.Hold)
	if r.Quiet != nil {
		touch = r.Quiet.Until(touch, l.Facts.Country)
	}
	if touch.Before(next.At) {
		return &Deadline{touch, DutyNudge}
	}
	return next
}

// later is the later of two moments.
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
