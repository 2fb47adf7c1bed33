package lead

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
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
		if c.Facts.Product == c.Product { // said once
			c.Facts.Product = ""
		}
		return []Event{Captured(c)}, nil
	case Touch:
		return touch(l, c)
	case Withhold, Verify, Ask, Enrich:
		return cleanse(l, c)
	case Join, Absorb, Take, Restore, Return:
		return unite(l, c, r)
	case Engage:
		return engage(l, c, now)
	case Score:
		return scored(l, c), nil
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
		return logActivity(l, c, r, now)
	case Extend:
		return extend(l, c, r)
	case Deal:
		return deal(l, c)
	case Reveal:
		return reveal(l, c)
	case Tag:
		return tag(l, c)
	case OptOut:
		return []Event{OptedOut{}}, nil
	case Look:
		return look(l, c, r, now)
	case Dial:
		return dial(l, c)
	case Call:
		return called(l, c)
	case Nudge:
		return nudge(l, c, r, now)
	case Release:
		return release(l, c, r)
	case Claim:
		return claim(l, c, r, now)
	case Hold:
		if err := ownedIn(l, c.Rep, StateWorking); err != nil {
			return nil, err
		}
		if l.Period.Held >= r.HoldMost {
			return nil, Errorf(Conflict, "the lead was on hold for as long as the policy allows: follow it up or release it")
		}
		return []Event{PutOnHold{Reason: c.Reason}}, nil
	case Recycle:
		if err := inHands(l, c.Rep, StateTriage); err != nil {
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
		events := append([]Event{Converted{Value: c.Value, Order: c.Order}}, end(l, "converted", ResultWon)...)
		if l.Stock != nil {
			events = append(events, Credited{CreditConvert, *l.Stock})
		}
		return events, nil
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
	case StateCustomer, StateMerged: // a customer's next interest is a lead of its own
		return nil, wrongState(l, "touched")
	}
	if c.Listed { // nobody has come back: somebody sold us the address once more
		return events, nil
	}
	switch l.State {
	case StateUnverified:
		return append(events, Verified{}), nil
	case StatePaused:
		events = append(events, Resumed{Why: "the customer came back"})
	case StatePooled, StateNurturing, StateJunk, StateLost, StateUnreachable, StateArchived:
		events = append(events, Woken{Why: "enquired again while " + string(l.State)})
	}
	return append(events, replied(l)...), nil
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
		return []Event{Offered{Rep: c.Rep, Team: c.Team, How: ByOffer, Rule: c.Rule, Why: c.why(), Cohort: c.Cohort, Grounds: c.Grounds}}, nil
	case c.Rep != "":
		return []Event{Pooled{Pool: r.poolOf(l), Team: c.Team, Why: "offered as often as the policy allows"}}, nil
	case l.Offers > 0 && c.Team != "" && c.Pool == "":
		return []Event{Pooled{Pool: r.poolOf(l), Team: c.Team, Why: "nobody else could have it now"}}, nil
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

func logActivity(l Lead, c Log, r Rules, now time.Time) ([]Event, error) {
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
	case a.Done.After(now):
		return nil, &Error{Kind: Invalid, Field: "done", Text: "log it once it has taken place"}
	case a.Seconds < 0:
		return nil, &Error{Kind: Invalid, Field: "seconds", Text: "give how long you talked, in seconds"}
	}
	c.Activity.Bare = !evident(c.Activity, r, now)
	events := append([]Event{Logged(c.Activity)}, repliedBy(l, c.Activity)...)
	if l.State == StatePaused && !c.Activity.Bare {
		return append(events, Resumed{Why: "followed up"}), nil
	}
	return events, nil
}

// evident reports whether an activity shows that the customer was reached: a call
// that connected, a reply, a meeting, a visit where the customer is. What is logged
// late shows nothing.
func evident(a Logged, r Rules, now time.Time) bool {
	if !a.Done.IsZero() && now.Sub(a.Done) > r.Log {
		return false
	}
	switch a.Way {
	case WayCall:
		return a.Inbound || time.Duration(a.Seconds)*time.Second >= max(r.Talk, time.Second)
	case WayMeeting:
		return true
	case WayVisit:
		return a.Checked && (a.Metres == nil || float64(*a.Metres) <= r.Near)
	case WayNote:
		return false
	}
	return a.Inbound
}

// repliedBy credits the sweep with a customer who came back to the rep.
func repliedBy(l Lead, a Logged) []Event {
	if !a.Inbound {
		return nil
	}
	return replied(l)
}

// replied credits the sweep that preceded it with a reply, once.
func replied(l Lead) []Event {
	if l.Stock == nil || l.Stock.Replied {
		return nil
	}
	return []Event{Credited{CreditReply, *l.Stock}}
}

// extend prolongs the protection once, where the customer was reached.
func extend(l Lead, c Extend, r Rules) ([]Event, error) {
	if c.Rep != "" {
		if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
			return nil, err
		}
	} else if l.State != StateWorking && l.State != StatePaused {
		return nil, wrongState(l, "extended")
	}
	switch {
	case c.Reason == "":
		return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead needs more time"}
	case l.Period.Extended:
		return nil, Errorf(Conflict, "the protection was extended before: it is extended once")
	case r.Extend <= 0 || r.Most <= r.Protect:
		return nil, Errorf(Conflict, "the policy allows no extension")
	case c.Rep != "" && l.Period.Touched.IsZero():
		return nil, Errorf(Conflict, "reach the customer first: a lead is kept longer where there was a call, a reply, a meeting or a visit")
	}
	return []Event{Extended{Reason: c.Reason}}, nil
}

func deal(l Lead, c Deal) ([]Event, error) {
	if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
		return nil, err
	}
	if c.Value.Amount < 0 || (c.Value.Amount > 0 && len(c.Value.Currency) != 3) {
		return nil, &Error{Kind: Invalid, Field: "value", Text: "give an amount of zero or more and a three-letter currency"}
	}
	if l.Period.Deal == c.Open {
		return nil, Errorf(Conflict, "the deal is so already")
	}
	return []Event{Dealt{Open: c.Open, Value: c.Value, Close: c.Close}}, nil
}

func reveal(l Lead, c Reveal) ([]Event, error) {
	if l.State != StatePooled {
		return nil, Errorf(Conflict, "the lead is no longer in a pool: it was claimed or routed meanwhile")
	}
	if c.Rep == "" {
		return nil, &Error{Kind: Invalid, Field: "rep", Text: "say who looks"}
	}
	return []Event{Revealed(c)}, nil
}

// tagsMost and tagLength bound a lead's tags.
const (
	tagsMost  = 20
	tagLength = 40 // bytes
)

func tag(l Lead, c Tag) ([]Event, error) {
	if !l.State.Open() {
		return nil, wrongState(l, "tagged")
	}
	for _, t := range slices.Concat(c.Add, c.Remove) {
		if t == "" || len(t) > tagLength || strings.ContainsFunc(t, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
			return nil, &Error{Kind: Invalid, Field: "tags", Text: "a tag is a word of at most 40 bytes"}
		}
	}
	e := Tagged{}
	for _, t := range c.Add {
		if !slices.Contains(l.Tags, t) && !slices.Contains(e.Add, t) && !slices.Contains(c.Remove, t) {
			e.Add = append(e.Add, t)
		}
	}
	for _, t := range c.Remove {
		if slices.Contains(l.Tags, t) && !slices.Contains(e.Remove, t) {
			e.Remove = append(e.Remove, t)
		}
	}
	if len(l.Tags)+len(e.Add)-len(e.Remove) > tagsMost {
		return nil, &Error{Kind: Invalid, Field: "tags", Text: "a lead has at most 20 tags: take others off first"}
	}
	if len(e.Add)+len(e.Remove) == 0 {
		return nil, nil
	}
	return []Event{e}, nil
}

// look is what the stock sweep did with a lead whose turn it was.
func look(l Lead, c Look, r Rules, now time.Time) ([]Event, error) {
	switch {
	case l.State != StatePooled:
		return nil, wrongState(l, "swept")
	case lookAt(l, r).After(now): // in this cycle it was looked at, or the cycle has become longer since
		return nil, nil
	}
	c.Pool, c.Cycle = l.Pool, CycleAt(now, r.Cycle(l.Pool))
	events := []Event{Swept(c)}
	switch c.Did {
	case DidRoute:
		events = append(events, Woken{Why: "likely now: " + c.Why})
	case DidRetire:
		events = append(events, Closed{As: StateArchived, Reason: c.Why})
	}
	return events, nil
}

// nudge is the light touch to a customer who said "not now".
func nudge(l Lead, c Nudge, r Rules, now time.Time) ([]Event, error) {
	if l.State != StatePaused {
		return nil, wrongState(l, "touched lightly")
	}
	switch next := Next(l, r); {
	case l.Deadline == nil || l.Deadline.At.After(now):
		return nil, Errorf(Conflict, "no light touch is due for the lead")
	case next.At.After(now): // the policy gives more time than when it was set
		return nil, nil
	case next.Do != DutyNudge:
		return nil, Errorf(Conflict, "no light touch is due for the lead")
	}
	return []Event{Nudged(c)}, nil
}

func release(l Lead, c Release, r Rules) ([]Event, error) {
	if err := ownedIn(l, c.Rep, StateWorking, StatePaused); err != nil {
		return nil, err
	}
	if c.Reason == "" {
		return nil, &Error{Kind: Invalid, Field: "reason", Text: "say why the lead goes back"}
	}
	if l.Cohort != "" {
		return nil, Errorf(Conflict, "the lead stays with its class: ask the manager to move it")
	}
	return append(end(l, "released", ResultLost), Pooled{Pool: cmp.Or(c.Pool, r.poolOf(l)), Why: "released: " + c.Reason}), nil
}

func claim(l Lead, c Claim, r Rules, now time.Time) ([]Event, error) {
	if l.State != StatePooled {
		return nil, Errorf(Conflict, "the lead is no longer in a pool: it was claimed or routed meanwhile")
	}
	if c.Rep == "" {
		return nil, &Error{Kind: Invalid, Field: "rep", Text: "say who claims the lead"}
	}
	if free := l.Since.Add(r.Pools[l.Pool].Freeze); now.Before(free) {
		return nil, Errorf(Conflict, "the lead has just come into the pool: it can be claimed from %s on", free.UTC().Format("2006-01-02 15:04 MST"))
	}
	if l.HadBy(c.Rep, now, r.CoolOff) {
		return nil, Errorf(Conflict, "you had this lead within the cool-off: somebody else takes it now")
	}
	return []Event{Claimed(c)}, nil
}

func closeLead(l Lead, c Close) ([]Event, error) {
	if err := inHands(l, c.Rep, StateTriage, StateUnverified); err != nil {
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
	due := *Next(l, r)
	if due.At.After(now) { // the policy gives more time than when it was set
		return nil, nil
	}
	switch due.Do {
	case DutyRemind:
		return []Event{remind(l, r, now)}, nil
	case DutyWithdraw, DutyReclaim:
		return takeBack(l, timerOf(l, r), r), nil
	case DutyUnlist:
		return []Event{Unlisted{List: l.List}}, nil
	case DutyPool:
		return []Event{Expired{Duty: due.Do}, Pooled{Pool: r.poolOf(l), Why: "rested its time in " + string(l.State)}}, nil
	case DutyEscalate:
		return []Event{Escalated{Team: l.Team, Why: "nobody acted in " + string(l.State)}}, nil
	default: // score, route, sweep, nudge: work that needs more than the lead
		return nil, Errorf(Conflict, "the lead is due for more than its time being up: %s", due.Do)
	}
}

// remind tells the rep what comes once they are reminded, and with the last reminder
// the manager of a team whose ladder says so.
func remind(l Lead, r Rules, now time.Time) Reminded {
	t := timerOf(l, r)
	end := t.end(l, now)
	if l.kept() {
		end = t.escalation(Apply(l, Reminded{}, now), r)
	}
	return Reminded{Rep: l.Period.Rep, Team: l.Team, Of: end.Do, At: end.At.UTC(),
		Manager: end.Do == DutyReclaim && r.Ladder[l.Period.Grade] && !now.Before(t.last())}
}

// takeBack takes a lead from its rep: straight to another one, as often as the
// policy allows, else into the pool.
func takeBack(l Lead, t timer, r Rules) []Event {
	result := ResultLost
	if t.do == DutyWithdraw { // it was never worked
		result = ""
	}
	events := append([]Event{Expired{Duty: t.do}}, end(l, t.why, result)...)
	if l.State != StatePaused && l.Offers < max(1, r.MaxOffers) {
		return append(events, Woken{Why: t.why, Again: true})
	}
	return append(events, Pooled{Pool: r.poolOf(l), Why: t.why})
}

// timerOf is the timer of the rep who has the lead.
func timerOf(l Lead, r Rules) timer {
	switch l.State {
	case StateOffered:
		return offer(l, r)
	case StatePaused:
		return hold(l, r)
	}
	return followUp(l, r)
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
// given, that it waits for a person in one of the states.
func inHands(l Lead, rep string, waits ...State) error {
	if rep == "" {
		if !slices.Contains(waits, l.State) {
			return wrongState(l, "decided by a dispatcher")
		}
		return nil
	}
	return ownedIn(l, rep, StateWorking, StatePaused)
}

func wrongState(l Lead, done string) error {
	return Errorf(Conflict, "the lead's state is %s: it cannot be %s", l.State, done)
}

// scored sets the score. A grade that the rep who has the lead gave stays theirs. A
// lead in nurturing that ripens is routed.
func scored(l Lead, c Score) []Event {
	if l.ByHand {
		c.Grade = l.Grade
	}
	was, now := l.Standing(), Standing{c.Fit, c.Behaviour, c.Chance, c.Grade, c.Maturity}
	if was == now && l.Model == c.Model && slices.Equal(l.Reasons, c.Reasons) {
		return nil
	}
	if c.Was = nil; was.Grade != "" {
		c.Was = &was
	} else {
		c.Cause = ""
	}
	events := []Event{Scored(c)}
	if l.State == StateNurturing && was.Maturity != Hot && c.Maturity == Hot {
		why := "ripe"
		if c.Cause != "" {
			why += ": " + c.Cause
		}
		events = append(events, Woken{Why: why})
	}
	return events
}
