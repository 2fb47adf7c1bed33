package score

import (
	"time"

	"sluice/shared/gauge"
)

// Record is one training: what it came to, and the model where it was taken into
// force.
type Record struct {
	Version int       `json:"v"` // counts the trainings
	At      time.Time `json:"at"`
	Verdict Verdict   `json:"verdict"`
	Why     string    `json:"why"` // in words

	Closed int `json:"closed"` // leads that it learned from
	Won    int `json:"won"`    // converted ones among them

	Champion   int            `json:"champion,omitempty"`  // the model in force before; 0 for none
	Judged     int            `json:"judged,omitempty"`    // newest closed leads that the two were compared on
	Figures    *gauge.Summary `json:"figures,omitempty"`   // of the new model on those
	Incumbent  *gauge.Summary `json:"incumbent,omitempty"` // of what was in force on those
	Features   []Feature      `json:"features,omitempty"`  // by weight
	Suspects   []Suspect      `json:"suspects,omitempty"`  // left out
	LastClosed time.Time      `json:"last,omitzero"`       // when the newest of the leads was closed that a model was last judged by
	Learn      Learn          `json:"learn,omitzero"`      // what the policy said then

	Model []byte `json:"-"` // as package predict encodes it; nil where it was not taken into force
}

// Verdict is what became of a model.
type Verdict string

// The verdicts.
const (
	Promoted Verdict = "promoted" // it is in force
	Kept     Verdict = "kept"     // the one in force stays: the new one is not better beyond chance
	TooFew   Verdict = "too_few"  // leads closed or won to learn from: rules only, or the model there is
)

// Feature is what a feature weighs in a model.
type Feature struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"` // mean change of the log-odds, 0 or more
}

// Suspect is a feature that was left out, and why.
type Suspect struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Rescore is the walk through all open leads that scores them anew after a change of
// the policy or the model: in bounded pages, and from where it stopped.
type Rescore struct {
	Version int       `json:"v"` // guards the record
	Policy  int       `json:"policy"`
	Model   int       `json:"model"`
	Shard   int       `json:"shard"` // of the index of deadlines that is walked now
	Cursor  string    `json:"cursor,omitempty"`
	Sent    int       `json:"sent"` // leads so far
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended,omitzero"`
}
