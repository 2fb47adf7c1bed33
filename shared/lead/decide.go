package lead

import (
	"cmp"
	"slices"
	"time"
)

// Decide answers a command on a lead with the events that follow, or an *Error:
// Conflict where the lead's state does not allow it, Denied where the lead is
// another rep's, Invalid where the command lacks something. Capture needs a lead
// that has nothing but an id; anything else on one is NotFound. The last event is a [Due] whenever the deadline moves.
func Decide(l Lead, c Command, r Rules, now time.Time) ([]Event, error) {
	events, err := decide(l, c, r, now)
	if err != nil {
		return nil, err
	}
	after := l
	for _, e := range events {
		after = Apply(after, e, now)
	}
	if due := Next(after, r); !sameDeadline(due, after.Deadline) {
		event := Due{}
		if due != nil {
			event = Due{At: due.At, Do: due.Do}
		}
		events = append(events, event)
	}
	return events, nil
}

// Run decides commands one after the other, each on what the one before led to,
// and returns the lead after them with the one history entry that tells it all.
// The entry has no events where the commands change nothing.
func Run(l Lead, by Actor, r Rules, now time.Time, commands ...Command) (Lead, Entry, error) {
	entry := Entry{Lead: l.ID, Version: l.Version + 1, At: now, By: by, Policy: r.Policy}
	after := l
	for _, c := range commands {
		events, err := Decide(after, c, r, now)
		if err != nil {
			return l, Entry{}, err
		}
		entry.Events = append(entry.Events, events...)
		for _, e := range events {
			after = Apply(after, e, now)
		}
	}
	entry.Events = lastDue(entry.Events)
	after.Version = entry.Version
	return after, entry, nil
}

// lastDue drops deadlines that were only passed through within one entry.
func lastDue(events []Event) []Event {
	last := -1
	for i, e := range events {
		if _, ok := e.(Due); ok {
			last = i
		}
	}
	i := -1
	return slices.DeleteFunc(events, func(e Event) bool {
		i++
		_, ok := e.(Due)
		return ok && i != last
	})
}

func decide(l Lead, c Command, r Rules, now time.Time) ([]Event, error) {
	if _, first := c.(Capture); !first && l.State == "" {
		return nil, Errorf(NotFound, "there is no such lead")
	}
	switch c := c.(type) {
	case Capture:
		if l.State != "" {
			return nil, wrongState(l, "captured")
		}
		return []Event{Captured(c)}, nil
	case Touch:
		return touch(l, c)
	case Score:
		if l.Fit == c.Fit && l.Grade == c.Grade && slices.Equal(l.Reasons, c.Reasons) {
			return nil, nil
		}
		return []Event{Scored(c)}, nil
	case Route:
		return route(l, c.Choice, r, now)
	case Accept:
		if err := ownedIn(l, c.Rep, StateOffered); err != nil {
			return nil, err
		}
		return []Event{Accepted{}}, nil
	case Reject:
		if err := ownedIn(l, c.Rep, StateOffered); err != nil {
			return nil, err
		}
		if c.Reason == "" {
			return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead does not fit you"}
		}
		return []Event{Rejected{Reason: c.Reason, Note: c.Note}, Ended{Rep: c.Rep, Why: "rejected"},
			Triaged{Team: l.Team, Why: "rejected: " + c.Reason}}, nil
	case Qualify:
		return qualify(l, c)
	case Move:
		return move(l, c, r, now)
	case Log:
		return logActivity(l, c, now)
	case Release:
		return release(l, c, r)
	case Claim:
		return claim(l, c, r, now)
	case Hold:
		if err := ownedIn(l, c.Rep, StateWorking); err != nil {
			return nil, err
		}
		if l.Period.Held >= r.Hold {
			return nil, Errorf(Conflict, "the lead was on hold for as long as the policy allows: follow it up or release it")
		}
		return []Event{PutOnHold{Reason: c.Reason}}, nil
	case Recycle:
		if err := inHands(l, c.Rep); err != nil {
			return nil, err
		}
		if c.Reason == "" {
			return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead is not ripe"}
		}
		return append(end(l, "recycled", ""), Nurtured{Reason: c.Reason}), nil
	case Close:
		return closeLead(l, c)
	case Convert:
		if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
			return nil, err
		}
		if c.Value.Amount < 0 || (c.Value.Amount > 0 && len(c.Value.Currency) != 3) {
			return nil, &Error{Kind: Invalid, Field: "value", Text: "give an amount of zero or more and a three-letter currency"}
		}
		return append([]Event{Converted{Value: c.Value, Order: c.Order}}, end(l, "converted", ResultWon)...), nil
	case Confirm:
		if l.State != StateConverted {
			return nil, wrongState(l, "confirmed")
		}
		return []Event{HandedOver{}}, nil
	case Assign:
		return assign(l, c, r, now)
	case Expire:
		return expire(l, r, now)
	}
	return nil, Errorf(Invalid, "unknown command %T", c)
}

func touch(l Lead, c Touch) ([]Event, error) {
	events := []Event{Touched(c)}
	switch l.State {
	case StateCustomer: // a customer's next interest is a lead of its own
		return nil, wrongState(l, "touched")
	case StatePaused:
		return append(events, Resumed{Why: "the customer came back"}), nil
	case StatePooled, StateNurturing, StateJunk, StateLost, StateUnreachable:
		return append(events, Woken{Why: "enquired again while " + string(l.State)}), nil
	}
	return events, nil
}

func route(l Lead, c Choice, r Rules, now time.Time) ([]Event, error) {
	if l.State != StateNew && l.State != StateRouting {
		return nil, wrongState(l, "routed")
	}
	switch {
	case !c.Wait.IsZero():
		return wait(l, c, now)
	case c.Nurture:
		return []Event{Nurtured{Team: c.Team, Reason: c.Why}}, nil
	case c.Rep != "" && c.Team == "":
		return nil, Errorf(Invalid, "a routing choice of a rep names the team")
	case c.Rep != "" && l.Offers < max(1, r.MaxOffers):
		if l.HadBy(c.Rep, now, r.CoolOff) {
			return nil, Errorf(Conflict, "the rep had the lead within the cool-off: choose another")
		}
		return []Event{Offered{Rep: c.Rep, Team: c.Team, How: ByOffer, Rule: c.Rule, Why: c.why(), Grounds: c.Grounds}}, nil
	case c.Rep != "":
		return []Event{Pooled{Pool: r.Pool, Team: c.Team, Why: "offered as often as the policy allows"}}, nil
	case c.Pool != "":
		return []Event{Pooled{Pool: c.Pool, Team: c.Team, Why: c.Why}}, nil
	case c.Team != "":
		return []Event{Triaged{Team: c.Team, Why: c.why(), Grounds: c.Grounds}}, nil
	}
	return nil, Errorf(Invalid, "a routing choice names a rep, a pool or a team")
}

// wait leaves a lead in routing until a shift begins. Waiting on for the same
// shift is no news.
func wait(l Lead, c Choice, now time.Time) ([]Event, error) {
	switch {
	case c.Team == "":
		return nil, Errorf(Invalid, "a lead waits for a team's shift: name the team")
	case !c.Wait.After(now):
		return nil, Errorf(Invalid, "the shift that the lead waits for has begun")
	case l.State == StateRouting && l.Team == c.Team && l.Wait.Equal(c.Wait):
		return nil, nil
	}
	return []Event{Waiting{Team: c.Team, Until: c.Wait, Why: c.why(), Grounds: c.Grounds}}, nil
}

func qualify(l Lead, c Qualify) ([]Event, error) {
	if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
		return nil, err
	}
	if c.Verdict == "" {
		return nil, &Error{Kind: Invalid, Field: "verdict", Text: "say what the lead is qualified for"}
	}
	return append(append([]Event{Qualified{Verdict: c.Verdict, Note: c.Note}}, end(l, "qualified", ResultWon)...),
		Woken{Why: "qualified: " + c.Verdict}), nil
}

// move takes a lead out of anybody's hands. Whoever gets one that was being
// worked goes on with it: their first follow-up is timed from now.
func move(l Lead, c Move, r Rules, now time.Time) ([]Event, error) {
	switch l.State {
	case StateOffered, StateWorking, StatePaused, StateTriage, StatePooled, StateNurturing:
	default:
		if l.Wait.IsZero() { // the machine is placing it at this moment, or it is over
			return nil, wrongState(l, "moved")
		}
	}
	if c.Why == "" {
		return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead is moved"}
	}
	events := append([]Event{Moved{Why: c.Why, Job: c.Job}}, end(l, "moved", "")...)
	switch {
	case c.Rep != "" && (c.Pool != "" || c.Anew) || c.Pool != "" && c.Anew:
		return nil, &Error{Kind: Invalid, Field: "to", Text: "a lead goes to one place: to a rep, to a pool, or through the rules anew"}
	case c.Rep != "" && c.Team == "":
		return nil, &Error{Kind: Invalid, Field: "team", Text: "say for which team the rep works the lead"}
	case c.Rep != "" && l.Owner() == c.Rep:
		return nil, Errorf(Conflict, "the rep has the lead already")
	case c.Rep != "" && l.HadBy(c.Rep, now, r.CoolOff):
		return nil, Errorf(Conflict, "this rep had the lead within the cool-off: choose another")
	case c.Rep != "":
		events = append(events, Offered{Rep: c.Rep, Team: c.Team, How: ByHand, Rule: "by hand", Why: "moved: " + c.Why})
		if l.State == StateWorking || l.State == StatePaused {
			events = append(events, Accepted{})
		}
		return events, nil
	case c.Pool != "" && c.Pool == l.Pool && l.State == StatePooled:
		return nil, Errorf(Conflict, "the lead is in that pool already")
	case c.Pool != "":
		return append(events, Pooled{Pool: c.Pool, Team: c.Team, Why: "moved: " + c.Why}), nil
	case c.Anew:
		return append(events, Woken{Why: "moved: " + c.Why}), nil
	}
	return nil, &Error{Kind: Invalid, Field: "to", Text: "say where the lead goes: to a rep, to a pool, or through the rules anew"}
}

func logActivity(l Lead, c Log, now time.Time) ([]Event, error) {
	if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
		return nil, err
	}
	switch a := c.Activity; {
	case a.Way == "":
		return nil, &Error{Kind: Invalid, Field: "way", Text: "say how the customer was reached: call, mail, visit, chat, meeting or note"}
	case !a.StepAt.IsZero() && a.StepAt.Before(now):
		return nil, &Error{Kind: Invalid, Field: "step_at", Text: "the next step lies in the past"}
	case a.Grade != "" && a.Grade.Rank() == len(Grades):
		return nil, &Error{Kind: Invalid, Field: "grade", Text: "the grades are A+, A, B, C and D"}
	}
	if l.State == StatePaused {
		return []Event{Logged(c.Activity), Resumed{Why: "followed up"}}, nil
	}
	return []Event{Logged(c.Activity)}, nil
}

func release(l Lead, c Release, r Rules) ([]Event, error) {
	if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
		return nil, err
	}
	if c.Reason == "" {
		return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead goes back"}
	}
	return append(end(l, "released", ResultLost), Pooled{Pool: cmp.Or(c.Pool, r.Pool), Why: "released: " + c.Reason}), nil
}

func claim(l Lead, c Claim, r Rules, now time.Time) ([]Event, error) {
	if l.State != StatePooled {
		return nil, Errorf(Conflict, "the lead is no longer in a pool: it was claimed or routed meanwhile")
	}
	if c.Rep == "" {
		return nil, &Error{Kind: Invalid, Field: "rep", Text: "say who claims the lead"}
	}
	if l.HadBy(c.Rep, now, r.CoolOff) {
		return nil, Errorf(Conflict, "you had this lead within the cool-off: somebody else takes it now")
	}
	return []Event{Claimed(c)}, nil
}

func closeLead(l Lead, c Close) ([]Event, error) {
	if err := inHands(l, c.Rep); err != nil {
		return nil, err
	}
	switch c.As {
	case StateJunk:
	case StateLost, StateUnreachable:
		if c.Rep == "" { // nobody has talked to them yet
			return nil, &Error{Kind: Invalid, Field: "as", Text: "a dispatcher closes a lead as junk only"}
		}
	default:
		return nil, &Error{Kind: Invalid, Field: "as", Text: "a lead is closed as junk, lost or unreachable"}
	}
	if c.Reason == "" {
		return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead is closed"}
	}
	result := ResultLost
	if c.As == StateJunk { // no fault of whoever got it
		result = ""
	}
	return append(end(l, string(c.As), result), Closed{As: c.As, Reason: c.Reason}), nil
}

func assign(l Lead, c Assign, r Rules, now time.Time) ([]Event, error) {
	if l.State != StateTriage && l.State != StatePooled && l.Wait.IsZero() {
		return nil, wrongState(l, "assigned by hand")
	}
	team := cmp.Or(c.Team, l.Team)
	switch {
	case c.Rep == "":
		return nil, &Error{Kind: Invalid, Field: "rep", Text: "say who gets the lead"}
	case team == "":
		return nil, &Error{Kind: Invalid, Field: "team", Text: "say for which team the rep works the lead"}
	case l.HadBy(c.Rep, now, r.CoolOff):
		return nil, Errorf(Conflict, "this rep had the lead within the cool-off: choose another")
	}
	return []Event{Offered{Rep: c.Rep, Team: team, How: ByHand, Rule: "by hand", Why: "chosen by a person"}}, nil
}

func expire(l Lead, r Rules, now time.Time) ([]Event, error) {
	if l.Deadline == nil || l.Deadline.At.After(now) {
		return nil, Errorf(Conflict, "nothing is due for the lead")
	}
	switch duty := l.Deadline.Do; duty {
	case DutyWithdraw:
		events := append([]Event{Expired{Duty: duty}}, end(l, "not accepted in time", "")...)
		if l.Offers >= max(1, r.MaxOffers) {
			return append(events, Pooled{Pool: r.Pool, Why: "no rep accepted in time"}), nil
		}
		return append(events, Woken{Why: "not accepted in time"}), nil
	case DutyReclaim, DutyPool:
		why := expiredWhy(l, r)
		events := append([]Event{Expired{Duty: duty}}, end(l, why, ResultLost)...)
		return append(events, Pooled{Pool: r.Pool, Why: why}), nil
	case DutyEscalate:
		return []Event{Escalated{Team: l.Team, Why: "nobody acted in " + string(l.State)}}, nil
	case DutySweep:
		return []Event{Swept{}}, nil
	default: // score, route: the machine's own work, done by whoever finds it undone
		return nil, Errorf(Conflict, "the lead is due to be routed, not expired")
	}
}

func expiredWhy(l Lead, r Rules) string {
	switch {
	case l.Period == nil:
		return "rested its time in " + string(l.State)
	case l.State == StatePaused:
		return "on hold for as long as the policy allows"
	case !l.Deadline.At.Before(protected(l, r)):
		return "not converted while protected"
	case l.Period.Touched.IsZero():
		return "first follow-up missed"
	}
	return "follow-up missed"
}

// end closes the ownership period, if there is one. A result is that of a rep who
// worked the lead.
func end(l Lead, why string, result Result) []Event {
	if l.Period == nil {
		return nil
	}
	e := Ended{Rep: l.Period.Rep, Why: why}
	if result != "" {
		e.Result, e.Channel = result, l.Facts.Channel
	}
	return []Event{e}
}

// ownedIn requires that the rep has the lead and that it is in one of the
// states.
func ownedIn(l Lead, rep string, states ...State) error {
	if l.Owner() == "" || l.Owner() != rep {
		return Errorf(Denied, "the lead is not yours: it was taken back or belongs to somebody else")
	}
	if !slices.Contains(states, l.State) {
		return Errorf(Conflict, "the lead's state is %s: this cannot be done now", l.State)
	}
	return nil
}

// inHands requires that the lead is followed up by the rep, or, where no rep is
// given, that it waits for a dispatcher.
func inHands(l Lead, rep string) error {
	if rep == "" {
		if l.State != StateTriage {
			return wrongState(l, "decided by a dispatcher")
		}
		return nil
	}
	return ownedIn(l, rep, StateWorking, StatePaused)
}

func wrongState(l Lead, done string) error {
	return Errorf(Conflict, "the lead's state is %s: it cannot be %s", l.State, done)
}
