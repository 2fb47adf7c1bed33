package app

import (
	"time"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// Standing is how a lead is scored, as people see it.
type Standing struct {
	Grade     lead.Grade    `json:"grade,omitempty"`
	Maturity  lead.Maturity `json:"maturity,omitempty"`
	Fit       int           `json:"fit"`              // 0 to 100
	Behaviour int           `json:"behaviour"`        // 0 to 100
	Chance    float64       `json:"chance,omitempty"` // to convert, above 0 and below 1; 0 where no model says
	Model     int           `json:"model,omitempty"`  // version of the model that says it
}

func standing(s lead.Standing, model int) Standing {
	return Standing{s.Grade, s.Maturity, s.Fit, s.Behaviour, chanceOf(s.Chance), model}
}

// chanceOf is a lead's chance as a probability.
func chanceOf(chance int) float64 { return float64(chance) / lead.Certain }

// ScoreView tells how a lead is scored as of a moment, by the policy and the model in
// effect then, with all that the score is made of. The lead keeps the score by which it
// is ordered and routed; behaviour fades all the time, so that the two may differ by
// what makes no difference to anybody.
type ScoreView struct {
	Lead    string     `json:"lead"`
	Number  string     `json:"number"`
	Product string     `json:"product"`
	State   lead.State `json:"state"`
	At      time.Time  `json:"at"`
	Policy  int        `json:"policy"` // its version

	Standing                // as of At
	Kept     Standing       `json:"kept"`              // with the lead
	ByHand   bool           `json:"by_hand,omitempty"` // its grade is the one that its rep gave
	Reasons  []string       `json:"reasons"`           // kept with the lead, the weightiest first
	Profile  ProfileView    `json:"profile"`           // what the fit is made of
	Interest []InterestView `json:"interest"`          // what the behaviour is made of, by kind
	Odds     *OddsView      `json:"odds,omitempty"`    // what the chance is made of

	RulesOnly *RulesOnly  `json:"rules_only,omitempty"` // where no model says a chance
	How       string      `json:"how,omitempty"`        // the grade came about
	Table     *GradeTable `json:"table,omitempty"`      // by which it did, where it was one
	Against   []string    `json:"disqualified,omitempty"`
	Failed    []string    `json:"failed,omitempty"` // conditions that could not be evaluated
	Prospect  Prospect    `json:"prospect"`
}

// ProfileView is what the criteria of the ideal customer profile come to.
type ProfileView struct {
	Sum      int               `json:"sum"` // of the criteria: the fit is this within 0 and 100, and 0 where one lacks that must be met
	Criteria []score.Criterion `json:"criteria"`
}

// InterestView is what the signals of one kind add to the behaviour.
type InterestView struct {
	Kind   lead.SignalKind `json:"kind"`
	Points float64         `json:"points"` // after the cap
	Capped bool            `json:"capped,omitempty"`
	// The signals that count, the latest first. Their ids are names that other systems
	// gave them, and stay with the lead.
	Signals []SignalView `json:"signals"`
}

// SignalView is a signal of interest without the id that whoever told of it gave it.
type SignalView struct {
	Kind   lead.SignalKind `json:"kind"`
	At     time.Time       `json:"at"`
	Sure   int             `json:"sure"`             // 0 to 100: that a person did it, and no machine
	Judged time.Time       `json:"judged,omitzero"`  // when that was judged, where it was later
	Amount int             `json:"amount,omitempty"` // minutes of a dwell
}

func signalView(s lead.Signal) SignalView {
	v := SignalView{Kind: s.Kind, At: s.At, Sure: s.Sure}
	if s.Judged.After(s.At) {
		v.Judged = s.Judged
	}
	if s.Kind == lead.SignalDwell {
		v.Amount = max(1, s.Amount)
	}
	return v
}

// OddsView takes the log-odds of a chance apart.
type OddsView struct {
	LogOdds float64       `json:"log_odds"` // base and reasons, added up in their order
	Base    float64       `json:"base"`
	Reasons []ModelReason `json:"reasons"` // the weightiest first
}

// ModelReason is what one feature of a lead, or two together, add to the log-odds.
type ModelReason struct {
	Feature string  `json:"feature"`
	Value   string  `json:"value,omitempty"`
	Points  float64 `json:"points"`
}

// RulesOnly says why no model says a chance, and how far the leads closed are from
// what one is learned from, as of the last training.
type RulesOnly struct {
	Why string `json:"why"`
	Progress
	Training int       `json:"training,omitempty"` // version of the last one
	At       time.Time `json:"at,omitzero"`
}

// Progress is how many closed leads there were, and how many a chance is learned from.
type Progress struct {
	Won         int `json:"won"`
	Closed      int `json:"closed"`
	FloorWon    int `json:"floor_won"`
	FloorClosed int `json:"floor_closed"`
}

// GradeTable is the policy's table of grades with the cell that a score falls into.
type GradeTable struct {
	Fit       []int          `json:"fit"`       // lower bounds of all rows but the last
	Behaviour []int          `json:"behaviour"` // and of all columns but the last
	Grades    [][]lead.Grade `json:"grades"`
	Row       int            `json:"row"`             // from 0
	Column    int            `json:"column"`          // from 0
	Moved     string         `json:"moved,omitempty"` // raised or lowered, where the chance did that
}

// Prospect is what the lead is expected to bring, by the score that it keeps, and how
// pressing it is: see [lead.Tasks].
type Prospect struct {
	Value   float64    `json:"value"`             // chance times worth
	Chance  float64    `json:"chance"`            // of the model, or the one that the policy gives the grade
	Worth   float64    `json:"worth"`             // of a conversion of the product, in the policy's unit
	Urgency float64    `json:"urgency,omitempty"` // 0 to 1: what a task loses by being put off; none where nobody is to act
	Due     *time.Time `json:"due,omitempty"`
}

// scored tells how a lead was scored and what showed interest.
func (t teller) scored(out *Event, e lead.Event) {
	switch e := e.(type) {
	case lead.Scored:
		now := standing(lead.Standing{Fit: e.Fit, Behaviour: e.Behaviour, Chance: e.Chance, Grade: e.Grade, Maturity: e.Maturity}, e.Model)
		out.Grade, out.Fit, out.Reasons, out.Score, out.Cause = e.Grade, e.Fit, e.Reasons, &now, e.Cause
		if e.Was != nil {
			was := standing(*e.Was, 0) // by which model is told where it was scored
			out.Was = &was
		}
	case lead.Engaged:
		for _, s := range e.Signals {
			out.Signals = append(out.Signals, signalView(s))
		}
	}
}
