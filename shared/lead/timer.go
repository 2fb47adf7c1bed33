package lead

import (
	"slices"
	"time"
)

// timer is what a rep's clock runs to.
type timer struct {
	from time.Time // when the clock started
	at   time.Time // when the lead is taken back
	do   Duty
	why  string
	warn []time.Time // reminders before, ascending
}

// longWarned is how much working time a span has at least that is reminded of by
// the policy's warnings; a shorter one at its half and its three quarters.
const longWarned = 8 * time.Hour

// offer is until when the rep may accept: reminded half way.
func offer(l Lead, r Rules) timer {
	start := l.Period.Start
	return timer{from: start, at: after(r.Hours, start, r.Accept), do: DutyWithdraw, why: "not accepted in time",
		warn: []time.Time{after(r.Hours, start, r.Accept.part(2))}}
}

// followUp is until when the rep must follow up, or have converted: the earliest
// of what the policy asks for.
//
// The first follow-up, after accepting or after the customer came back, is timed by
// the grade's limit; later ones by its cadence or by the step that the rep planned
// and its grace, whichever is later. Evidence starts the clock anew; what is logged
// without buys a little, once.
func followUp(l Lead, r Rules) timer {
	p := l.Period
	t := timer{from: l.Since, do: DutyReclaim, why: "first follow-up missed"}
	span := limit(r.FirstContact, p.Grade)
	if !p.Touched.IsZero() && !p.Touched.Before(l.Since) {
		t.from, t.why = p.Touched, "follow-up missed"
		span = limit(r.Cadence, p.Grade)
	}
	t.at = after(r.Hours, t.from, span)
	if step := p.Promise.Add(r.StepGrace); p.Promise.After(t.from) && step.After(t.at) {
		// A planned step is a promise for a moment; logging it takes a while.
		t.at, span = step, Span{Days: 1}
	}
	if p.Stayed {
		t.at, span = after(r.Hours, t.at, r.Note), Span{Days: 1}
	}
	updated := later(later(t.from, p.Noted), p.NextStep)
	if zombie := updated.Add(r.Zombie); r.Zombie > 0 && zombie.Before(t.at) {
		t.at, t.why, span = zombie, "no update and no planned step", Span{Days: 1}
	}
	if end := protected(l, r); !l.kept() && end.Before(t.at) {
		t.at, t.why, span = end, "not converted while protected", Span{Days: 1}
	}
	return t.warned(l, r, span)
}

// hold is until when the rep keeps a lead of which the customer said "not now".
func hold(l Lead, r Rules) timer {
	t := timer{from: l.Since, at: l.Since.Add(max(0, r.HoldMost-l.Period.Held)), do: DutyReclaim, why: "on hold for as long as the policy allows"}
	return t.warned(l, r, Span{Days: 1})
}

// warned is the timer with its reminders. A lead that was kept for a deal is not
// lost at the moment in which that is closed: the longest of the warnings is left.
func (t timer) warned(l Lead, r Rules, span Span) timer {
	if over := l.Period.DealOver; !over.IsZero() && !l.kept() && len(r.Warn) > 0 {
		if least := over.Add(slices.Max(r.Warn)); t.at.Before(least) {
			t.from, t.at, span = later(t.from, over), least, Span{Days: 1}
		}
	}
	t.warn = r.warnings(t, span)
	return t
}

// warnings are when the rep is told that the lead will be taken back.
func (r Rules) warnings(t timer, span Span) []time.Time {
	if span.Days == 0 && span.Time < longWarned {
		half, most := after(r.Hours, t.from, span.part(2)), after(r.Hours, t.from, Span{Time: span.Time / 4 * 3})
		return []time.Time{half, most}
	}
	var warn []time.Time
	for _, before := range r.Warn {
		at := t.at.Add(-before)
		if r.Hours != nil { // a reminder at night would be read when it is too late
			at = r.Hours.Latest(at)
		}
		if at.After(t.from) {
			warn = append(warn, at)
		}
	}
	if len(warn) == 0 {
		warn = append(warn, t.from.Add(max(0, t.at.Sub(t.from))/2))
	}
	slices.SortFunc(warn, time.Time.Compare)
	return slices.CompactFunc(warn, time.Time.Equal)
}

// next is the timer's next moment: a reminder that was not told yet, else its end.
// Nobody loses a lead without having been told, and a reminder that came late
// leaves half of the notice that it should have given.
func (t timer) next(l Lead, r Rules) *Deadline {
	if l.kept() {
		return t.escalation(l, r)
	}
	for _, at := range t.warn {
		if at.After(l.Period.Told) {
			return &Deadline{at, DutyRemind}
		}
	}
	return t.end(l, l.Period.Told)
}

// end is what the timer comes to where the last reminder is told at a moment: not
// before the time that an earlier one told, whatever the policy says since.
func (t timer) end(l Lead, told time.Time) *Deadline {
	at, last := t.at, t.last()
	if notice := max(0, at.Sub(last)); told.Sub(last) > notice/2 {
		at = told.Add(notice / 2)
	}
	if p := l.Period; !p.Told.Before(t.from) {
		at = later(at, p.Until)
	}
	return &Deadline{at, t.do}
}

// last is when the last reminder is due.
func (t timer) last() time.Time { return t.warn[len(t.warn)-1] }

// kept reports whether the lead is never taken back: of a deal, or of a class, whose
// leads stay with its reps.
func (l Lead) kept() bool { return l.Period.Deal || l.Cohort != "" }

// escalation is the next moment of a lead that is kept: the rep is reminded, and
// when the time is up the manager is told, again and again.
func (t timer) escalation(l Lead, r Rules) *Deadline {
	switch told := l.Period.Told; {
	case told.Before(t.warn[0]):
		return &Deadline{t.warn[0], DutyRemind}
	case told.Before(t.at):
		return &Deadline{t.at, DutyEscalate}
	default:
		return &Deadline{told.Add(r.Manager), DutyEscalate}
	}
}

// protected is until when the rep keeps an unconverted lead. Time on hold does
// not count, as far as the policy allows holding at all.
func protected(l Lead, r Rules) time.Time {
	keep := r.Protect
	if l.Period.Extended {
		keep = min(keep+r.Extend, max(keep, r.Most))
	}
	return l.Period.Start.Add(keep + min(l.Period.Held, r.HoldMost))
}

// clock is when the follow-up that is due began to be timed.
func clock(l Lead) time.Time { return later(l.Since, l.Period.Touched) }

// part is one part of n of a span.
func (s Span) part(n int) Span {
	if s.Days == 0 {
		return Span{Time: s.Time / time.Duration(n)}
	}
	if s.Days < n {
		return Span{Time: 4 * time.Hour} // of a working day
	}
	return Span{Days: s.Days / n}
}

// limit is a grade's limit. A lead without a grade has that of the lowest.
func limit(limits map[Grade]Span, g Grade) Span {
	if d, ok := limits[g]; ok {
		return d
	}
	return limits[Grades[len(Grades)-1]]
}
