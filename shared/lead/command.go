package lead

import (
	"slices"
	"time"
)

// Command asks for a change of a lead. Commands that need a choice from outside
// the lead (a score, a rep) carry it.
type Command interface{ command() }

// The commands.
type (
	// Capture starts a lead.
	Capture Captured
	// Touch adds a further submission. It wakes a lead that rests or is closed.
	Touch Touched
	// Withhold leaves a new lead to the cleansing team: it came from a list.
	Withhold struct{ Team string }
	// Verify is the cleansing team's word on a lead from a list.
	Verify Verified
	// Ask has enrichers asked for what is not known.
	Ask Asked
	// Enrich adds what an enricher told.
	Enrich Enriched
	// Join makes a lead another person's, with whom its own was merged; undone, its
	// own person's again.
	Join struct {
		Person string
		Undone bool
	}
	// Absorb ends an open lead in favour of another one, of the person given.
	Absorb struct{ Into, Person string }
	// Take takes over what an absorbed lead has.
	Take Took
	// Restore brings an absorbed lead back to where it was: to the rep who had it
	// where Rep is set.
	Restore struct {
		Rep string
		Why string
	}
	// Return gives back what came from an absorbed lead.
	Return Returned
	// Engage notes signals of the person's interest.
	Engage Engaged
	// Score sets fit, behaviour, chance, grade and maturity.
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
	// dispatcher does it, or the cleansing team with one from a list.
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
	// Extend prolongs the protection of a lead, once. Rep is empty where a manager
	// does it.
	Extend struct {
		Rep    string
		Reason string
	}
	// Deal opens or closes a deal with the customer: while it is open the lead is
	// not taken back.
	Deal struct {
		Rep   string
		Open  bool
		Value Money     // expected
		Close time.Time // expected
	}
	// Reveal shows a rep the contact data of a pooled lead before it is claimed.
	Reveal struct{ Rep string }
	// Tag puts tags on a lead and takes others off.
	Tag struct{ Add, Remove []string }
	// OptOut is the person's wish not to be contacted any more.
	OptOut struct{}
	// Look is the stock sweep's look at a pooled lead.
	Look Swept
	// Dial takes a lead off its call list for somebody who dials it now.
	Dial Dialled
	// Call is what came of a call from a call list.
	Call Called
	// Nudge is the light touch while a lead is on hold; Skipped says why there is
	// none this time.
	Nudge struct{ Skipped string }
	// Confirm is customer success's yes to the hand-off.
	Confirm struct{}
	// Expire acts on a deadline that has passed.
	Expire struct{}
)

func (Capture) command()  {}
func (Touch) command()    {}
func (Withhold) command() {}
func (Verify) command()   {}
func (Ask) command()      {}
func (Enrich) command()   {}
func (Join) command()     {}
func (Absorb) command()   {}
func (Take) command()     {}
func (Restore) command()  {}
func (Return) command()   {}
func (Engage) command()   {}
func (Score) command()    {}
func (Route) command()    {}
func (Accept) command()   {}
func (Reject) command()   {}
func (Log) command()      {}
func (Release) command()  {}
func (Claim) command()    {}
func (Hold) command()     {}
func (Recycle) command()  {}
func (Close) command()    {}
func (Convert) command()  {}
func (Assign) command()   {}
func (Qualify) command()  {}
func (Move) command()     {}
func (Extend) command()   {}
func (Deal) command()     {}
func (Reveal) command()   {}
func (Tag) command()      {}
func (OptOut) command()   {}
func (Look) command()     {}
func (Dial) command()     {}
func (Call) command()     {}
func (Nudge) command()    {}
func (Confirm) command()  {}
func (Expire) command()   {}

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
	Cohort  string   // the class whose reps share the lead; empty for most
	Why     string   // how the rep was chosen, or why nobody could be
	Grounds *Grounds // of a team's choice
}

// Rules are what the policy says about one team's leads.
type Rules struct {
	Policy int   // version, kept with every entry
	Hours  Hours // of the team; nil is around the clock

	New       time.Duration   // a new lead is scored within
	Routing   time.Duration   // a lead is routed within
	Wait      time.Duration   // a lead waits for the next shift at most; zero is not at all
	Accept    Span            // an offer stands for; half of it on the rep is reminded
	Triage    Span            // a dispatcher decides within
	Verify    Span            // the cleansing team confirms a lead from a list within
	Manager   time.Duration   // after an escalation, the next one
	Nurture   time.Duration   // a parked lead rests for
	Hold      time.Duration   // "not now" rests for, between light touches
	HoldMost  time.Duration   // "not now" rests for in all
	List      time.Duration   // a lead stays on a call list that nobody dials for
	Handoff   time.Duration   // customer success confirms within
	Protect   time.Duration   // a rep keeps an unconverted lead for
	Extend    time.Duration   // an extension adds
	Most      time.Duration   // protection lasts at most
	CoolOff   time.Duration   // a former owner does not get it again for
	StepGrace time.Duration   // a planned step may be late by; zero is not at all
	Zombie    time.Duration   // without an update and a planned step a rep keeps a lead for
	Note      Span            // an activity without evidence buys so much, once
	Log       time.Duration   // an activity is logged within; later it is no evidence
	Talk      time.Duration   // a call that is evidence lasts at least
	Near      float64         // a check-in is evidence within so many metres of the customer
	Warn      []time.Duration // before a lead is taken back the rep is told
	Quiet     Quiet           // when customers are left in peace; nil is never
	Sweep     time.Duration   // a cycle of a pool that names none
	MaxOffers int             // reps who get a lead one after the other before the pool

	FirstContact map[Grade]Span // first follow-up after accepting within
	Cadence      map[Grade]Span // next follow-up within
	Ladder       map[Grade]bool // whether the manager is told with the last reminder

	Pool     string    // where the team's leads rest
	Segments []Segment // where those rest that differ
	Pools    map[string]Resting
}

// Segment names the pool of some of a team's leads. An empty list is any.
type Segment struct {
	Products  []string `json:"products,omitempty"`
	Grades    []Grade  `json:"grades,omitempty"`
	Channels  []string `json:"channels,omitempty"`
	Countries []string `json:"countries,omitempty"`
	Pool      string   `json:"pool"`
}

// Resting is what holds for the leads of a pool.
type Resting struct {
	Cycle  time.Duration // each lead is looked at once in
	Freeze time.Duration // a lead cannot be claimed for so long after it came in
}

// Quiet is when people are left in peace.
type Quiet interface {
	// Until is when the quiet of a country ends that there is at a moment: the
	// moment itself where there is none.
	Until(at time.Time, country string) time.Time
	// Awake is how much of a day is not quiet.
	Awake() time.Duration
}

// poolOf is where a lead of the team rests: in the first segment's pool that is
// for it, else in the team's.
func (r Rules) poolOf(l Lead) string {
	for _, s := range r.Segments {
		if among(s.Products, l.Product) && among(s.Grades, l.Grade) && among(s.Channels, l.Facts.Channel) && among(s.Countries, l.Facts.Country) {
			return s.Pool
		}
	}
	return r.Pool
}

func among[T comparable](list []T, one T) bool { return len(list) == 0 || slices.Contains(list, one) }
