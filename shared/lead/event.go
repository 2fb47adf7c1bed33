package lead

import "time"

// Event is something that happened to a lead. Events are kept for ever: a field
// may be added, never renamed or given another meaning.
type Event interface{ kind() string }

// The events, in the order of a lead's life.
type (
	// Captured starts a lead from its first submission.
	Captured struct {
		Number      string      `json:"no,omitempty"`
		Person      string      `json:"person"`
		Product     string      `json:"product"`
		Submission  string      `json:"sub"`
		Facts       Facts       `json:"facts"`
		Private     Sealed      `json:"private,omitempty"` // sensitive answers
		Attribution Attribution `json:"attr,omitzero"`
	}
	// Touched is a further submission of the same person for the same product.
	Touched struct {
		Submission  string      `json:"sub"`
		Facts       Facts       `json:"facts"`
		Private     Sealed      `json:"private,omitempty"`
		Attribution Attribution `json:"attr,omitzero"`
		Listed      bool        `json:"listed,omitempty"` // it came from a list, not from the person
	}
	// Unverified leaves the lead to the cleansing team: it came from a list, not
	// from the person.
	Unverified struct {
		Team string `json:"team"`
	}
	// Verified is the cleansing team's word that the person is real and needs the
	// product, with the facts that they completed.
	Verified struct {
		Facts   Facts  `json:"facts"`
		Private Sealed `json:"private,omitempty"`
		Note    Sealed `json:"note,omitempty"`
	}
	// Asked has enrichers outside asked for what is not known.
	Asked struct {
		Of []string `json:"of"`
	}
	// Enriched is what an enricher told, or why it told nothing.
	Enriched struct {
		By     string `json:"by"`
		Facts  Facts  `json:"facts,omitzero"`
		Failed string `json:"failed,omitempty"`
	}
	// Joined makes the lead another person's, with whom its own was merged, or, when
	// that is undone, its own person's again.
	Joined struct {
		Person string `json:"person"`
		From   string `json:"from"`
		Undone bool   `json:"undone,omitempty"`
	}
	// Absorbed ends the lead in favour of another one of the same person and product.
	// It says where the lead was, so that it can go back.
	Absorbed struct {
		Into   string `json:"into"`
		Person string `json:"person"` // whose it becomes
		From   string `json:"from"`   // whose it was
		State  State  `json:"state"`
		Pool   string `json:"pool,omitempty"`
		Rep    string `json:"rep,omitempty"`
	}
	// Took is what the lead took over from one that was absorbed.
	Took struct {
		Lead    string `json:"lead"`
		Facts   Facts  `json:"facts"`
		Private Sealed `json:"private,omitempty"` // of both
		Touches int    `json:"touches"`

		Signals []Signal `json:"signals,omitempty"`
	}
	// Restored brings an absorbed lead back. The events after it say where to.
	Restored struct {
		Person string `json:"person"`
		Why    string `json:"why"`
	}
	// Returned takes back what came from an absorbed lead: the facts are those that
	// the lead has without it.
	Returned struct {
		Lead    string `json:"lead"`
		Facts   Facts  `json:"facts"`
		Private Sealed `json:"private,omitempty"`
		Touches int    `json:"touches"` // that went with it

		Signals []Signal `json:"signals,omitempty"` // that the lead has without it
	}
	// Engaged tells of signals of the person's interest, or judges ones anew that were
	// told before.
	Engaged struct {
		Signals []Signal `json:"signals"`
	}
	// Scored gives the lead a grade with its reasons.
	Scored struct {
		Fit       int      `json:"fit"`
		Grade     Grade    `json:"grade"`
		Reasons   []string `json:"why,omitempty"`
		Behaviour int      `json:"act,omitempty"`    // 0-100
		Chance    int      `json:"chance,omitempty"` // to convert, in 1/10,000; 0 where no model says
		Maturity  Maturity `json:"ripe,omitempty"`
		Model     int      `json:"model,omitempty"` // version of the model, where one says

		// Where it was scored before: how, and what made it be scored anew.
		Was   *Standing `json:"was,omitempty"`
		Cause string    `json:"cause,omitempty"`
	}
	// Woken puts a resting or closed lead back to routing.
	Woken struct {
		Why   string `json:"why"`
		Again bool   `json:"again,omitempty"` // from one rep straight to another
	}
	// Offered starts an ownership period that the rep must accept.
	Offered struct {
		Rep  string `json:"rep"`
		Team string `json:"team"`
		How  string `json:"how"`           // offer or hand
		Rule string `json:"rule"`          // the routing rule that matched
		Why  string `json:"why,omitempty"` // how the rep was chosen among the team

		Cohort  string   `json:"cohort,omitempty"` // the class that it belongs to
		Grounds *Grounds `json:"grounds,omitempty"`
	}
	// Triaged hands the lead to the team's dispatcher.
	Triaged struct {
		Team string `json:"team"`
		Why  string `json:"why,omitempty"`

		Grounds *Grounds `json:"grounds,omitempty"`
	}
	// Waiting leaves the lead in routing until the next shift of somebody who may
	// have it.
	Waiting struct {
		Team  string    `json:"team"`
		Until time.Time `json:"until"`
		Why   string    `json:"why,omitempty"`

		Grounds *Grounds `json:"grounds,omitempty"`
	}
	// Escalated tells the manager that nobody acted in time.
	Escalated struct {
		Team string `json:"team"`
		Why  string `json:"why"`
	}
	// Accepted is the rep's yes to an offer.
	Accepted struct{}
	// Rejected is the rep's no to an offer.
	Rejected struct {
		Reason string `json:"reason"`
		Note   Sealed `json:"note,omitempty"`
	}
	// Expired is an offer or a follow-up whose time ran out.
	Expired struct {
		Duty Duty `json:"duty"`
	}
	// Ended closes the ownership period. The result counts for the rep's ability
	// to convert leads of the channel.
	Ended struct {
		Rep     string `json:"rep"`
		Why     string `json:"why"`
		Result  Result `json:"result,omitempty"`
		Channel string `json:"channel,omitempty"`
	}
	// Qualified is the verdict of a qualifying team's rep.
	Qualified struct {
		Verdict string `json:"verdict"`
		Note    Sealed `json:"note,omitempty"`
	}
	// Moved is a manager's decision to take the lead elsewhere; the events after it
	// say where to.
	Moved struct {
		Why string `json:"why"`
		Job string `json:"job,omitempty"`
	}
	// Logged is a follow-up that the rep made.
	Logged struct {
		Way       string    `json:"way"` // call, mail, visit, …
		Summary   Sealed    `json:"summary,omitempty"`
		Objection Sealed    `json:"objection,omitempty"`
		Step      Sealed    `json:"step,omitempty"`
		StepAt    time.Time `json:"step_at,omitzero"`
		Grade     Grade     `json:"grade,omitempty"` // changed by the rep

		Done    time.Time `json:"done,omitzero"`     // when it took place, where that was not just now
		Seconds int       `json:"seconds,omitempty"` // talked, of a call
		Inbound bool      `json:"in,omitempty"`      // the customer's: a reply, a call to us
		Checked bool      `json:"checked,omitempty"` // a visit, checked in where the customer is
		Metres  *int      `json:"metres,omitempty"`  // between the check-in and the customer, where both are known
		Place   Sealed    `json:"place,omitempty"`   // of the check-in
		Links   Sealed    `json:"links,omitempty"`   // to attachments
		Beyond  string    `json:"beyond,omitempty"`  // why the person was contacted beyond the budget
		Bare    bool      `json:"bare,omitempty"`    // without evidence: it buys a day, once
	}
	// Reminded tells the rep, and the manager where the ladder has come to them,
	// what the system is about to do.
	Reminded struct {
		Rep     string    `json:"rep"`
		Team    string    `json:"team"`
		Of      Duty      `json:"of"`
		At      time.Time `json:"at"` // when it does
		Manager bool      `json:"manager,omitempty"`
	}
	// Extended prolongs the protection.
	Extended struct {
		Reason string `json:"reason"`
	}
	// Dealt opens or closes a deal.
	Dealt struct {
		Open  bool      `json:"open,omitempty"`
		Value Money     `json:"value,omitzero"`
		Close time.Time `json:"close,omitzero"`
	}
	// Nudged is the light touch to a customer who said "not now", or why there was
	// none.
	Nudged struct {
		Skipped string `json:"skipped,omitempty"`
	}
	// Revealed showed a rep the contact data of a pooled lead.
	Revealed struct {
		Rep string `json:"rep"`
	}
	// Tagged changes the tags.
	Tagged struct {
		Add    []string `json:"add,omitempty"`
		Remove []string `json:"remove,omitempty"`
	}
	// OptedOut is the person's wish not to be contacted any more.
	OptedOut struct{}
	// Dialled gave a lead of a call list to somebody who dials it now: it is off
	// the list, and back in its pool's.
	Dialled struct {
		List string `json:"list"`
		Hand string `json:"hand"` // which handing out: no two are alike, or two at one moment would both have it
	}
	// Called is a call that a dialler or a vendor made.
	Called struct {
		List    string    `json:"list"`
		Call    string    `json:"call"` // the caller's id of it: one outcome each
		Outcome Answer    `json:"outcome"`
		Seconds int       `json:"seconds,omitempty"`
		Summary Sealed    `json:"summary,omitempty"`
		Done    time.Time `json:"done,omitzero"` // when it took place, where that is known
	}
	// Unlisted takes a lead off a call list that nobody has dialled in time.
	Unlisted struct {
		List string `json:"list"`
	}
	// Credited counts a reply or a conversion for the sweep that preceded it.
	Credited struct {
		Of    string `json:"of"` // replied or converted
		Stock Stock  `json:"stock"`
	}
	// PutOnHold is a customer's "not now"; the rep keeps the lead.
	PutOnHold struct {
		Reason string `json:"reason,omitempty"`
	}
	// Resumed brings a lead on hold back to its rep.
	Resumed struct {
		Why string `json:"why"`
	}
	// Nurtured parks the lead until it is ripe.
	Nurtured struct {
		Reason string `json:"reason"`
		Team   string `json:"team,omitempty"` // whose it becomes; empty leaves it
	}
	// Pooled puts the lead into a pool.
	Pooled struct {
		Pool string `json:"pool"`
		Team string `json:"team,omitempty"` // whose it becomes; empty leaves it
		Why  string `json:"why"`
	}
	// Claimed starts an ownership period out of a pool.
	Claimed struct {
		Rep  string `json:"rep"`
		Team string `json:"team,omitempty"`
	}
	// Swept is the stock sweep's look at a pooled lead. What it did beside looking
	// is told by the events after it.
	Swept struct {
		Pool  string    `json:"pool,omitempty"`
		Cycle time.Time `json:"cycle,omitzero"` // when the cycle began
		Did   Did       `json:"did,omitempty"`
		Why   string    `json:"why,omitempty"`
		List  string    `json:"list,omitempty"` // the call list that it is put on
	}
	// Converted is a won lead.
	Converted struct {
		Value Money  `json:"value,omitzero"`
		Order string `json:"order,omitempty"`
	}
	// HandedOver is customer success's confirmation.
	HandedOver struct{}
	// Closed ends the lead as junk, lost or unreachable.
	Closed struct {
		As     State  `json:"as"`
		Reason string `json:"reason"`
	}
	// Due sets the moment at which the system acts next; a zero time is none.
	Due struct {
		At time.Time `json:"at,omitzero"`
		Do Duty      `json:"do,omitempty"`
	}
)

// The ways in which a customer is reached.
const (
	WayCall    = "call"
	WayMail    = "mail"
	WayVisit   = "visit"
	WayChat    = "chat"
	WayMeeting = "meeting"
	WayNote    = "note" // reaches nobody
)

// Ways lists how a customer can be reached.
var Ways = []string{WayCall, WayMail, WayVisit, WayChat, WayMeeting, WayNote}

// Answer is what came of a call.
type Answer string

// The answers.
const (
	NoAnswer      Answer = "no_answer"
	Busy          Answer = "busy"
	Talked        Answer = "talked"         // reached, nothing decided
	Interested    Answer = "interested"     // wants to be called by sales: routed at once
	NotInterested Answer = "not_interested" // not now
	WrongNumber   Answer = "wrong_number"
	DoNotCall     Answer = "do_not_call" // opts out
	Abandoned     Answer = "abandoned"   // answered, and nobody was there to talk
)

// Answers lists the answers.
var Answers = []Answer{NoAnswer, Busy, Talked, Interested, NotInterested, WrongNumber, DoNotCall, Abandoned}

// Result is how a rep's work on a lead ended: what it says of the rep's ability.
type Result string

// The results. The empty one says nothing of the rep: the offer was not accepted,
// the lead was junk or not ripe, or somebody moved it.
const (
	ResultWon  Result = "won"  // converted, or qualified by a team that qualifies
	ResultLost Result = "lost" // worked and not won
)

func (Captured) kind() string   { return "captured" }
func (Touched) kind() string    { return "touched" }
func (Unverified) kind() string { return "unverified" }
func (Verified) kind() string   { return "verified" }
func (Asked) kind() string      { return "asked" }
func (Enriched) kind() string   { return "enriched" }
func (Joined) kind() string     { return "joined" }
func (Absorbed) kind() string   { return "absorbed" }
func (Took) kind() string       { return "took" }
func (Restored) kind() string   { return "restored" }
func (Returned) kind() string   { return "returned" }
func (Engaged) kind() string    { return "engaged" }
func (Scored) kind() string     { return "scored" }
func (Woken) kind() string      { return "woken" }
func (Offered) kind() string    { return "offered" }
func (Triaged) kind() string    { return "triaged" }
func (Waiting) kind() string    { return "waiting" }
func (Escalated) kind() string  { return "escalated" }
func (Accepted) kind() string   { return "accepted" }
func (Rejected) kind() string   { return "rejected" }
func (Expired) kind() string    { return "expired" }
func (Ended) kind() string      { return "ended" }
func (Qualified) kind() string  { return "qualified" }
func (Moved) kind() string      { return "moved" }
func (Logged) kind() string     { return "logged" }
func (Reminded) kind() string   { return "reminded" }
func (Extended) kind() string   { return "extended" }
func (Dealt) kind() string      { return "dealt" }
func (Nudged) kind() string     { return "nudged" }
func (Revealed) kind() string   { return "revealed" }
func (Tagged) kind() string     { return "tagged" }
func (OptedOut) kind() string   { return "opted_out" }
func (Dialled) kind() string    { return "dialled" }
func (Called) kind() string     { return "called" }
func (Unlisted) kind() string   { return "unlisted" }
func (Credited) kind() string   { return "credited" }
func (PutOnHold) kind() string  { return "put_on_hold" }
func (Resumed) kind() string    { return "resumed" }
func (Nurtured) kind() string   { return "nurtured" }
func (Pooled) kind() string     { return "pooled" }
func (Claimed) kind() string    { return "claimed" }
func (Swept) kind() string      { return "swept" }
func (Converted) kind() string  { return "converted" }
func (HandedOver) kind() string { return "handed_over" }
func (Closed) kind() string     { return "closed" }
func (Due) kind() string        { return "due" }

// KindOfEvent returns the name under which an event is kept, such as "offered".
func KindOfEvent(e Event) string { return e.kind() }
