package lead

import "time"

// Command asks for a change of a lead. Commands that need a choice from outside
// the lead (a score, a rep) carry it.
type Command interface{ command() }

// The commands.
type (
	// Capture starts a lead.
	Capture Captured
	// Touch adds a further submission. It wakes a lead that rests or is closed.
	Touch Touched
	// Score sets fit and grade.
	Score Scored
	// Route places a lead that is in routing.
	Route struct{ Choice Choice }
	// Accept is the rep's yes to an offer.
	Accept struct{ Rep string }
	// Reject is the rep's no to an offer: the dispatcher decides.
	Reject struct {
		Rep    string
		Reason string
		Note   Sealed
	}
	// Log records a follow-up.
	Log struct {
		Rep      string
		Activity Logged
	}
	// Release gives a lead back to a pool; an empty pool is the team's own.
	Release struct {
		Rep    string
		Reason string
		Pool   string
	}
	// Claim takes a lead out of a pool.
	Claim struct {
		Rep  string
		Team string
	}
	// Hold is the customer's "not now".
	Hold struct {
		Rep    string
		Reason string
	}
	// Recycle sends a lead that is not ripe to nurturing. Rep is empty where a
	// dispatcher does it.
	Recycle struct {
		Rep    string
		Reason string
	}
	// Close ends a lead as junk, lost or unreachable. Rep is empty where a
	// dispatcher does it.
	Close struct {
		Rep    string
		As     State
		Reason string
	}
	// Convert wins a lead.
	Convert struct {
		Rep   string
		Value Money
		Order string
	}
	// Assign offers a lead to a rep by hand, from triage or from a pool, or while
	// it waits for a shift.
	Assign struct {
		Rep  string
		Team string
	}
	// Qualify is the verdict of a qualifying team's rep: the lead is routed on.
	Qualify struct {
		Rep     string
		Verdict string // of those that the team's policy lists
		Note    Sealed
	}
	// Move takes a lead from wherever it is to exactly one of a rep of a team, a
	// pool, and routing anew. It is a manager's.
	Move struct {
		Rep  string
		Team string
		Pool string
		Anew bool
		Why  string
		Job  string // the job that moves many; empty for one by hand
	}
	// Confirm is customer success's yes to the hand-off.
	Confirm struct{}
	// Expire acts on a deadline that has passed.
	Expire struct{}
)

func (Capture) command() {}
func (Touch) command()   {}
func (Score) command()   {}
func (Route) command()   {}
func (Accept) command()  {}
func (Reject) command()  {}
func (Log) command()     {}
func (Release) command() {}
func (Claim) command()   {}
func (Hold) command()    {}
func (Recycle) command() {}
func (Close) command()   {}
func (Convert) command() {}
func (Assign) command()  {}
func (Qualify) command() {}
func (Move) command()    {}
func (Confirm) command() {}
func (Expire) command()  {}

// Choice is where routing sends a lead: to a rep of a team; to the team's triage
// where Rep is empty; to wait for a shift of the team where Wait is set; to a
// pool; or to nurturing.
type Choice struct {
	Rule    string // the routing rule that matched
	Team    string // with a pool or nurturing: whose the lead is meanwhile
	Rep     string
	Wait    time.Time
	Pool    string
	Nurture bool
	Why     string   // how the rep was chosen, or why nobody could be
	Grounds *Grounds // of a team's choice
}

// Rules are what the policy says about one team's leads.
type Rules struct {
	Policy int // version, kept with every entry

	New       time.Duration // a new lead is scored within
	Routing   time.Duration // a lead is routed within
	Wait      time.Duration // a lead waits for the next shift at most; zero is not at all
	Accept    time.Duration // an offer stands for
	Triage    time.Duration // a dispatcher decides within
	Manager   time.Duration // after an escalation, the next one
	Nurture   time.Duration // a parked lead rests for
	Hold      time.Duration // "not now" rests for
	Handoff   time.Duration // customer success confirms within
	Sweep     time.Duration // a pooled lead is looked at every
	Protect   time.Duration // a rep keeps an unconverted lead for
	CoolOff   time.Duration // a former owner does not get it again for
	StepGrace time.Duration // a planned step may be late by; zero is not at all
	MaxOffers int           // reps tried before the pool

	FirstContact map[Grade]time.Duration // first follow-up after accepting within
	Cadence      map[Grade]time.Duration // next follow-up within

	Pool string // where the team's leads rest
}
