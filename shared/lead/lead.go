// Package lead holds what Sluice is about: people, their leads, and the rules
// by which a lead moves. A command on a lead is decided into events ([Decide]);
// events folded onto a lead make its next snapshot ([Apply]). Both are pure:
// the moment, the policy's rules and the facts come in as arguments.
//
// Every open lead carries exactly one deadline, the moment at which the system
// acts on it next. No decision sets it by hand: [Decide] derives it from the
// lead that its events lead to ([Next]), so that no path can leave a lead
// without one. All timers of a salesperson hang on the ownership period
// ([Period]), which every way of getting a lead starts.
package lead

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// State is where a lead stands in its life.
type State string

// The states of a lead, and who holds it in each.
const (
	StateNew         State = "new"         // machine: not scored yet
	StateUnverified  State = "unverified"  // cleansing team: to confirm who it is and what they need
	StateRouting     State = "routing"     // machine: to be given to somebody
	StateOffered     State = "offered"     // rep: to be accepted
	StateTriage      State = "triage"      // the team's dispatcher: to be placed by hand
	StateWorking     State = "working"     // rep: being followed up
	StatePaused      State = "paused"      // machine: "not now", the rep keeps it
	StateNurturing   State = "nurturing"   // journey: not ripe for sales
	StatePooled      State = "pooled"      // pool: claimable
	StateConverted   State = "converted"   // customer success: to confirm the hand-off
	StateCustomer    State = "customer"    // nobody: handed over
	StateJunk        State = "junk"        // nobody
	StateLost        State = "lost"        // nobody
	StateUnreachable State = "unreachable" // nobody
	StateArchived    State = "archived"    // nobody: rested in a pool for too long
	StateMerged      State = "merged"      // nobody: another lead of the same person goes on with it
)

// Open reports whether the system still owes the lead an action; an open lead
// has exactly one deadline, a closed one none.
func (s State) Open() bool {
	switch s {
	case StateCustomer, StateJunk, StateLost, StateUnreachable, StateArchived, StateMerged, "":
		return false
	}
	return true
}

// Grade ranks a lead for sales. The empty grade is a lead not scored yet.
type Grade string

// The grades, best first.
const (
	GradeAPlus Grade = "A+"
	GradeA     Grade = "A"
	GradeB     Grade = "B"
	GradeC     Grade = "C"
	GradeD     Grade = "D"
)

// Grades lists the grades, best first.
var Grades = []Grade{GradeAPlus, GradeA, GradeB, GradeC, GradeD}

// Maturity is how ripe a lead is for sales.
type Maturity string

// The maturities, ripest first.
const (
	Hot  Maturity = "hot"
	Warm Maturity = "warm"
	Cold Maturity = "cold"
)

// Maturities lists the maturities, ripest first.
var Maturities = []Maturity{Hot, Warm, Cold}

// Certain is the unit of a lead's chance: a chance of Certain would be a probability
// of 1.
const Certain = 10_000

// Standing is how a lead is scored.
type Standing struct {
	Fit       int      `json:"fit"`
	Behaviour int      `json:"act,omitempty"`
	Chance    int      `json:"chance,omitempty"`
	Grade     Grade    `json:"grade"`
	Maturity  Maturity `json:"ripe,omitempty"`
}

// Standing is how the lead is scored now.
func (l Lead) Standing() Standing {
	return Standing{l.Fit, l.Behaviour, l.Chance, l.Grade, l.Maturity}
}

// Differs reports whether a score makes a difference to anybody against another one:
// beyond what fades within a few days.
func (s Standing) Differs(o Standing) bool {
	const points, chance = 5, Certain / 100
	return s.Fit != o.Fit || s.Grade != o.Grade || s.Maturity != o.Maturity || (s.Chance == 0) != (o.Chance == 0) ||
		max(s.Behaviour-o.Behaviour, o.Behaviour-s.Behaviour) >= points || max(s.Chance-o.Chance, o.Chance-s.Chance) >= chance
}

// Rank is the grade's place, 0 for the best; a lead without a grade ranks last.
func (g Grade) Rank() int {
	if i := slices.Index(Grades, g); i >= 0 {
		return i
	}
	return len(Grades)
}

// Lead is one interest (product) of one person: the fold of its history.
type Lead struct {
	ID      string `json:"id,omitempty"`
	Number  string `json:"no,omitempty"` // readable: prefix, year, counter
	Person  string `json:"person"`
	Product string `json:"product"`
	Version int    `json:"v"` // number of its history entries

	State    State     `json:"state"`
	Since    time.Time `json:"since"` // when it entered the state, or was last escalated in it
	Deadline *Deadline `json:"due,omitempty"`
	Wait     time.Time `json:"wait,omitzero"` // in routing: when the next shift of somebody begins

	Grade   Grade    `json:"grade,omitempty"`
	Fit     int      `json:"fit,omitempty"` // 0-100
	Reasons []string `json:"why,omitempty"` // of the score

	Behaviour int      `json:"act,omitempty"`    // 0-100, when it was scored last
	Chance    int      `json:"chance,omitempty"` // to convert, in 1/10,000; 0 where no model said so
	Maturity  Maturity `json:"ripe,omitempty"`
	Model     int      `json:"model,omitempty"`   // version of the model that said the chance
	ByHand    bool     `json:"hand,omitempty"`    // the rep who has it gave the grade
	Signals   []Signal `json:"signals,omitempty"` // of interest, beside the first enquiry: see JoinSignals

	Listed    bool      `json:"listed,omitempty"`   // it came from a list: nobody enquired at first
	Contacted time.Time `json:"contacted,omitzero"` // when somebody of ours first had to do with the person, or it was over

	Facts   Facts  `json:"facts"`
	Private Sealed `json:"private,omitempty"` // sensitive answers

	Team   string   `json:"team,omitempty"`   // whose rules and dispatcher apply
	Cohort string   `json:"cohort,omitempty"` // the class whose reps it stays with
	Pool   string   `json:"pool,omitempty"`   // where it rests while pooled
	Period *Period  `json:"period,omitempty"` // while a rep has it
	Tags   []string `json:"tags,omitempty"`   // sorted

	Looked time.Time `json:"looked,omitzero"` // when the stock sweep last looked at it
	Stock  *Stock    `json:"stock,omitempty"` // what its next reply or conversion is credited to

	List    string   `json:"list,omitempty"`    // the call list that it is on, while pooled
	Dialled string   `json:"dialled,omitempty"` // the call list from which somebody got it to dial last
	Calls   []string `json:"calls,omitempty"`   // the last calls from lists, so that none counts twice

	Owners  []Owner   `json:"owners,omitempty"` // former ones, the latest last
	Offers  int       `json:"offers,omitempty"` // reps who got it one after the other since it was last new, woken, pooled or moved
	Raised  int       `json:"raised,omitempty"` // escalations in this state
	Job     string    `json:"job,omitempty"`    // the last job that moved it
	Asked   []string  `json:"asked,omitempty"`  // enrichers that have not answered yet
	Merged  *Absorbed `json:"merged,omitempty"` // while merged: where to, and where it was before
	Touches int       `json:"touches"`          // submissions, the first included
	Created time.Time `json:"created"`

	Value Money `json:"value,omitzero"` // of the opportunity, once converted
}

// MarshalJSON implements json.Marshaler. What the facts repeat of the lead is left
// out: a lead is to fit into one kilobyte.
func (l Lead) MarshalJSON() ([]byte, error) {
	type plain Lead
	if l.Facts.Product == l.Product {
		l.Facts.Product = ""
	}
	if l.Facts.Touches == l.Touches {
		l.Facts.Touches = 0
	}
	return json.Marshal(plain(l))
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *Lead) UnmarshalJSON(data []byte) error {
	type plain Lead
	if err := json.Unmarshal(data, (*plain)(l)); err != nil {
		return err
	}
	l.Facts.Product, l.Facts.Touches = cmp.Or(l.Facts.Product, l.Product), cmp.Or(l.Facts.Touches, l.Touches)
	return nil
}

// Period is the time during which one rep has the lead: from the offer or claim
// until it is gone from them. All timers of the rep hang on it.
type Period struct {
	Rep      string    `json:"rep"`
	How      string    `json:"how"`                // offer, claim or hand
	Start    time.Time `json:"start"`              // offered or claimed
	Accepted time.Time `json:"accepted,omitzero"`  // zero while the offer stands
	Touched  time.Time `json:"touched,omitzero"`   // last activity with evidence
	Noted    time.Time `json:"noted,omitzero"`     // last activity without
	Stayed   bool      `json:"stayed,omitempty"`   // an activity without evidence has bought its day since the clock started
	NextStep time.Time `json:"next,omitzero"`      // planned by the rep
	Promise  time.Time `json:"promise,omitzero"`   // planned in an activity with evidence: the clock waits for it
	Told     time.Time `json:"told,omitzero"`      // last reminder
	Until    time.Time `json:"until,omitzero"`     // when it said that the lead is taken back
	Nudged   time.Time `json:"nudged,omitzero"`    // last light touch while on hold
	Extended bool      `json:"extended,omitempty"` // the protection was extended
	Deal     bool      `json:"deal,omitempty"`     // there is an open deal: the lead is not taken back
	DealOver time.Time `json:"deal_over,omitzero"` // when a deal was closed: the lead is kept for the longest of the warnings from then on

	// Grade times the follow-up that is due. It is the lead's when the clock
	// started: a better grade meanwhile must not make the rep late at once.
	Grade Grade         `json:"grade,omitempty"`
	Held  time.Duration `json:"held,omitempty"` // spent on hold, which does not count as protection
}

// How a period began.
const (
	ByOffer = "offer" // routed to the rep, to be accepted
	ByClaim = "claim" // taken from a pool
	ByHand  = "hand"  // offered by a dispatcher or manager
)

// Owner is a rep who had the lead before.
type Owner struct {
	Rep   string    `json:"rep"`
	Until time.Time `json:"until"`
}

// Deadline is the moment at which the system acts on a lead next.
type Deadline struct {
	At time.Time `json:"at"`
	Do Duty      `json:"do"`
}

// Duty is what the system does when a deadline passes.
type Duty string

// The duties.
const (
	DutyScore    Duty = "score"    // score and route a lead that got stuck
	DutyRoute    Duty = "route"    // route a lead that got stuck
	DutyWithdraw Duty = "withdraw" // take back an offer that was not accepted
	DutyRemind   Duty = "remind"   // tell the rep, and at last the manager, what is about to happen
	DutyReclaim  Duty = "reclaim"  // take back a lead that was not followed up
	DutyUnlist   Duty = "unlist"   // back from a call list that nobody has dialled
	DutyNudge    Duty = "nudge"    // a light touch to a customer who said "not now"
	DutyEscalate Duty = "escalate" // tell the manager that nobody acted
	DutySweep    Duty = "sweep"    // look at a pooled lead again
	DutyPool     Duty = "pool"     // nobody's turn any more: into the pool
)

// Money is an amount in the currency's smallest unit (cents, fen).
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"` // ISO 4217
}

// Owner returns the rep who has the lead now, or "".
func (l Lead) Owner() string {
	if l.Period == nil {
		return ""
	}
	return l.Period.Rep
}

// LastOwner returns the rep who has the lead or had it last, or "".
func (l Lead) LastOwner() string {
	if l.Period == nil && len(l.Owners) > 0 {
		return l.Owners[len(l.Owners)-1].Rep
	}
	return l.Owner()
}

// HadBy reports whether the rep has the lead or had it within the window before
// now. A rep who loses the lead at this very moment had it, whatever the window:
// one entry never takes a lead from a rep and gives it back.
func (l Lead) HadBy(rep string, now time.Time, window time.Duration) bool {
	return rep != "" && l.Owner() == rep || slices.ContainsFunc(l.Owners, func(o Owner) bool {
		return o.Rep == rep && now.Sub(o.Until) <= window
	})
}
