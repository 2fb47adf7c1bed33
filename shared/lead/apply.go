package lead

import (
	"cmp"
	"slices"
	"time"
)

// ownersKept bounds the former owners kept on a lead, each rep once; beyond it
// the oldest are forgotten. A cool-off holds unless more reps than this give the
// lead back within it.
const ownersKept = 32

// Apply folds one event, at the moment of its entry, onto a lead. It needs no
// policy: what a policy decided is in the event.
func Apply(l Lead, e Event, at time.Time) Lead {
	if l.Contacted.IsZero() {
		l.Contacted = contact(e, at)
	}
	switch e := e.(type) {
	case Captured:
		l.Number, l.Person, l.Product, l.Facts = e.Number, e.Person, e.Product, e.Facts
		l.Private, l.Facts.Product = e.Private, cmp.Or(e.Facts.Product, e.Product)
		l.Touches, l.Facts.Touches, l.Created = 1, 1, at
		l.enter(StateNew, at)
	case Touched:
		if e.Listed {
			l.Facts = fill(l.Facts, e.Facts) // what somebody sold us is worth less than what the person said
		} else {
			l.Facts = merge(l.Facts, e.Facts)
		}
		if len(e.Private) > 0 { // a form that asks less takes nothing away
			l.Private = e.Private
		}
		l.Touches++
		l.Facts.Touches = l.Touches
		if !e.Listed {
			l.Signals = JoinSignals(l.Signals, signalled(SignalEnquiry, at))
		}
	case Unverified:
		l.Team, l.Listed = e.Team, true
		l.enter(StateUnverified, at)
	case Verified:
		l.Facts = merge(l.Facts, e.Facts)
		if e.Facts.HasEmail { // a corrected address is another one
			l.Facts.FreeMail, l.Facts.RoleMail = e.Facts.FreeMail, e.Facts.RoleMail
		}
		if len(e.Private) > 0 {
			l.Private = e.Private
		}
		l.Team = ""
		l.enter(StateNew, at)
	case Asked:
		l.Asked = append(slices.Clone(l.Asked), e.Of...)
	case Enriched:
		l.Asked = slices.DeleteFunc(slices.Clone(l.Asked), func(by string) bool { return by == e.By })
		if len(l.Asked) == 0 {
			l.Asked = nil
		}
		l.Facts = fill(l.Facts, e.Facts)
	case Joined:
		l.Person = e.Person
	case Absorbed:
		l.Merged, l.Person, l.Pool, l.List = &e, e.Person, "", ""
		l.enter(StateMerged, at)
	case Took:
		l.Facts = fill(unsaid(l.Facts, e.Facts), e.Facts)
		if len(e.Private) > 0 {
			l.Private = e.Private
		}
		l.Touches += e.Touches
		l.Facts.Touches = l.Touches
		l.Signals = JoinSignals(l.Signals, e.Signals...)
	case Returned:
		l.Facts, l.Private, l.Signals = e.Facts, e.Private, e.Signals
		l.Touches -= e.Touches
		l.Facts.Touches = l.Touches
	case Restored:
		l.Person = e.Person
		if l.Merged != nil && l.Merged.Rep != "" { // the merge took it from the rep, nothing else did
			l.Owners = slices.DeleteFunc(slices.Clone(l.Owners), func(o Owner) bool { return o.Rep == l.Merged.Rep })
		}
		l.Merged, l.Offers = nil, 0
	case Engaged:
		l.Signals = JoinSignals(l.Signals, e.Signals...)
	case Scored:
		l.Fit, l.Reasons = e.Fit, e.Reasons
		l.Behaviour, l.Chance, l.Maturity, l.Model = e.Behaviour, e.Chance, e.Maturity, e.Model
		if l.Grade = e.Grade; l.Period != nil && !at.After(clock(l)) {
			l.change(func(p *Period) { p.Grade = e.Grade })
		}
	case Woken:
		if l.State != StateOffered && !e.Again { // an expired offer stays in the same round
			l.Offers = 0
		}
		l.Pool, l.List = "", ""
		l.enter(StateRouting, at)
	case Offered:
		l.Team, l.Pool, l.List = e.Team, "", ""
		if e.How == ByOffer { // by hand it stays with its class
			l.Cohort = e.Cohort
		}
		l.Offers++
		l.Period = &Period{Rep: e.Rep, How: e.How, Start: at}
		l.enter(StateOffered, at)
	case Claimed:
		l.Team, l.Pool, l.List = cmp.Or(e.Team, l.Team), "", ""
		l.Offers++
		l.Period = &Period{Rep: e.Rep, How: ByClaim, Start: at, Accepted: at, Grade: l.Grade}
		l.enter(StateWorking, at)
	case Triaged:
		l.Team, l.Pool = e.Team, ""
		l.enter(StateTriage, at)
	case Waiting:
		if l.State != StateRouting { // the time it waits in all is bounded
			l.enter(StateRouting, at)
		}
		l.Team, l.Wait = e.Team, e.Until
	case Escalated:
		if l.Period != nil { // the rep keeps it, and the clock goes on
			l.change(func(p *Period) { p.Told = at })
			break
		}
		l.Raised++
		l.Since = at
	case Accepted:
		l.change(func(p *Period) { p.Accepted, p.Grade, p.Until = at, l.Grade, time.Time{} }) // what was said of the offer is over
		l.enter(StateWorking, at)
	case Ended:
		l.Period, l.ByHand = nil, false
		l.Owners = former(l.Owners, Owner{Rep: e.Rep, Until: at})
	case Qualified:
		l.Facts.Verdict = e.Verdict
	case Moved:
		l.Job = cmp.Or(e.Job, l.Job)
		l.Offers = 0 // the round that a manager ends does not use up the next one
	case Logged:
		l.Grade, l.ByHand = cmp.Or(e.Grade, l.Grade), l.ByHand || e.Grade != ""
		if e.Inbound {
			l.Signals = JoinSignals(l.Signals, signalled(SignalReply, doneAt(e.Done, at)))
		}
		l.change(func(p *Period) {
			if !e.Bare || !e.StepAt.IsZero() { // a bare note leaves what was planned
				p.NextStep = e.StepAt
			}
			if e.Bare {
				p.Noted, p.Stayed = at, true
				return
			}
			p.Touched, p.Promise, p.Stayed, p.Grade = at, e.StepAt, false, l.Grade
		})
	case Reminded:
		l.change(func(p *Period) {
			if p.Told, p.Until = at, e.At; e.Of == DutyEscalate {
				p.Until = time.Time{}
			}
		})
	case Extended:
		l.change(func(p *Period) { p.Extended = true })
	case Dealt:
		l.change(func(p *Period) {
			if p.Deal = e.Open; !e.Open {
				p.DealOver = at
			}
		})
	case Nudged:
		l.change(func(p *Period) { p.Nudged = at })
	case Tagged:
		l.Tags = slices.DeleteFunc(append(slices.Clone(l.Tags), e.Add...), func(t string) bool { return slices.Contains(e.Remove, t) })
		slices.Sort(l.Tags)
		l.Tags = slices.Compact(l.Tags)
	case OptedOut:
		l.List = ""
	case Unlisted:
		l.List = ""
	case Dialled:
		l.Dialled, l.List = e.List, ""
	case Called:
		l.List, l.Calls = "", remember(l.Calls, e)
		if e.Outcome == Talked || e.Outcome == Interested {
			l.Signals = JoinSignals(l.Signals, signalled(SignalTalk, doneAt(e.Done, at)))
		}
	case Credited:
		stock := e.Stock
		if stock.Replied = true; e.Of == CreditConvert {
			l.Stock = nil
		} else {
			l.Stock = &stock
		}
	case PutOnHold:
		l.enter(StatePaused, at)
	case Resumed:
		held := at.Sub(l.Since)
		l.change(func(p *Period) { p.Held, p.Grade, p.Stayed = p.Held+held, l.Grade, false })
		l.enter(StateWorking, at)
	case Nurtured:
		l.Team, l.Pool = cmp.Or(e.Team, l.Team), ""
		l.enter(StateNurturing, at)
	case Pooled:
		l.Team, l.Pool, l.List, l.Offers = cmp.Or(e.Team, l.Team), e.Pool, "", 0
		l.Cohort = ""
		l.enter(StatePooled, at)
	case Swept:
		l.Looked, l.List = at, e.List
		if l.Stock = nil; e.Did != "" && e.Did != DidRetire {
			l.Stock = &Stock{Pool: e.Pool, Cycle: e.Cycle, Held: e.Did == DidHold}
		}
	case Converted:
		l.Value = e.Value
		l.enter(StateConverted, at)
	case HandedOver:
		l.enter(StateCustomer, at)
	case Closed:
		l.Pool, l.List = "", ""
		l.enter(e.As, at)
	case Due:
		l.Deadline = nil
		if !e.At.IsZero() {
			l.Deadline = &Deadline{At: e.At, Do: e.Do}
		}
	}
	return l
}

// Fold makes a lead of its whole history, oldest entry first.
func Fold(history []Entry) Lead {
	var l Lead
	for _, entry := range history {
		l.ID, l.Version = entry.Lead, entry.Version
		for _, e := range entry.Events {
			l = Apply(l, e, entry.At)
		}
	}
	return l
}

func (l *Lead) enter(s State, at time.Time) {
	l.State, l.Since, l.Raised, l.Wait = s, at, 0, time.Time{}
}

// change edits a copy of the period: snapshots share it.
func (l *Lead) change(edit func(*Period)) {
	if l.Period == nil {
		return
	}
	p := *l.Period
	edit(&p)
	l.Period = &p
}

// former adds an owner to the earlier ones without changing their slice.
func former(owners []Owner, o Owner) []Owner {
	kept := slices.DeleteFunc(slices.Clone(owners), func(old Owner) bool { return old.Rep == o.Rep })
	kept = append(kept, o)
	return kept[max(0, len(kept)-ownersKept):]
}
