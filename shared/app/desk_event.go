package app

import (
	"time"

	"sluice/shared/lead"
)

// Event is one thing that happened within a change. Which fields it has depends
// on its kind.
type Event struct {
	Kind    string      `json:"kind"` // as in package lead: captured, offered, …
	Why     string      `json:"why,omitempty"`
	Rule    string      `json:"rule,omitempty"` // the routing rule that matched
	Rep     *Who        `json:"rep,omitempty"`
	Team    string      `json:"team,omitempty"`
	Pool    string      `json:"pool,omitempty"`
	How     string      `json:"how,omitempty"` // a period began
	Grade   lead.Grade  `json:"grade,omitempty"`
	Fit     int         `json:"fit,omitempty"`
	Reasons []string    `json:"reasons,omitempty"`
	Score   *Standing   `json:"score,omitempty"`
	Was     *Standing   `json:"was,omitempty"`   // scored before
	Cause   string      `json:"cause,omitempty"` // of being scored anew
	Way     string      `json:"way,omitempty"`
	As      lead.State  `json:"as,omitempty"`
	At      time.Time   `json:"at,omitzero"` // a deadline or a planned step, or until when the lead waits
	Do      lead.Duty   `json:"do,omitempty"`
	Value   *lead.Money `json:"value,omitempty"`
	Order   string      `json:"order,omitempty"`
	Verdict string      `json:"verdict,omitempty"` // of a team that qualifies leads for others
	Job     string      `json:"job,omitempty"`     // by which a manager moved it with others
	Grounds *Grounds    `json:"grounds,omitempty"` // of how routing chose

	// Of a follow-up and of a call.
	Done    time.Time   `json:"done,omitzero"`     // when it took place, where that was not just then
	Seconds int         `json:"seconds,omitempty"` // talked
	Inbound bool        `json:"inbound,omitempty"` // it came from the customer
	Bare    bool        `json:"bare,omitempty"`    // without evidence that the customer was reached
	Checked bool        `json:"checked,omitempty"` // the rep was where the customer is
	Metres  *int        `json:"metres,omitempty"`  // between the two
	Beyond  string      `json:"beyond,omitempty"`  // why the person was contacted beyond the budget
	Outcome lead.Answer `json:"outcome,omitempty"`

	Signals []SignalView `json:"signals,omitempty"` // of interest

	Manager bool     `json:"manager,omitempty"` // a reminder went to the manager, too
	Open    bool     `json:"open,omitempty"`    // a deal was opened, not closed
	Added   []string `json:"added,omitempty"`   // tags
	Removed []string `json:"removed,omitempty"`
	Did     lead.Did `json:"did,omitempty"` // the stock sweep; "held_out" with a credit, where it left the lead alone
	List    string   `json:"list,omitempty"`
	Credit  string   `json:"credit,omitempty"` // of a sweep's cycle, which began at At

	// Of cleansing.
	Listed bool     `json:"listed,omitempty"` // it came from a list, not from the person
	Lead   string   `json:"lead,omitempty"`   // the other one of a merge
	Undone bool     `json:"undone,omitempty"` // a merge was taken back
	Of     []string `json:"of,omitempty"`     // enrichers
	Facts  []Fact   `json:"facts,omitempty"`  // that came to be known

	// What somebody wrote, for those who see contact data. Closed says that there
	// is something which the user may not read.
	Note      string `json:"note,omitempty"`
	Objection string `json:"objection,omitempty"`
	Step      string `json:"step,omitempty"`
	Closed    bool   `json:"closed,omitempty"`

	Place *CheckIn `json:"place,omitempty"` // for those as well
	Links []string `json:"links,omitempty"`

	Product     string            `json:"product,omitempty"`
	Form        string            `json:"form,omitempty"`
	Submission  string            `json:"submission,omitempty"`
	Attribution *lead.Attribution `json:"attribution,omitempty"`
}

// Grounds are what routing's choice rested on: see [lead.Grounds]. Who stands
// where is told to those who decide on routing; others get the steps and the
// counts.
type Grounds struct {
	Steps []string    `json:"steps,omitempty"`
	Of    string      `json:"of,omitempty"` // what the figures are: turns or gain
	First []Candidate `json:"first,omitempty"`
	More  int         `json:"more,omitempty"` // further ones who could have had it
	Not   []Passed    `json:"not,omitempty"`
}

// Candidate is a rep who could have had the lead.
type Candidate struct {
	Rep    Who     `json:"rep"`
	Figure float64 `json:"figure"`
}

// Passed are members of the team who could not have the lead for one reason.
type Passed struct {
	Why  string `json:"why"`
	N    int    `json:"n"`
	Reps []Who  `json:"reps,omitempty"` // some or all of them
}
