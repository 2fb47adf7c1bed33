package score

import (
	"slices"

	"sluice/shared/lead"
)

// The limits of what a score tells. Reasons are kept with every lead, which is
// to fit into one kilobyte.
const (
	MaxReasons = 6
	MaxName    = 40 // bytes of a rule's name
	MaxPoints  = 100
	MaxBands   = 20 // of one criterion
)

// Spec is what a policy says about scoring. What is left out has the default named
// with its field.
type Spec struct {
	Profile    []Rule         `json:"profile,omitempty"`
	Disqualify []Disqualifier `json:"disqualify,omitempty"`
	Behaviour  Behaviour      `json:"behaviour,omitzero"`

	// How the grade follows: from a table of fit and behaviour, or by conditions. One
	// of the two is given.
	Matrix *Matrix     `json:"matrix,omitempty"`
	Grades []GradeRule `json:"grades,omitempty"`

	Hot  *Bar `json:"hot,omitempty"`  // DefaultHot
	Warm *Bar `json:"warm,omitempty"` // DefaultWarm

	Worth map[string]float64 `json:"worth,omitempty"` // product → what a conversion is worth, in any one unit; 1
	Learn Learn              `json:"learn,omitzero"`
}

// Rule is a criterion of the ideal customer profile: it gives points where its
// condition holds, or those of its first band that does.
type Rule struct {
	Name   string `json:"name"`
	When   string `json:"when,omitempty"`
	Points int    `json:"points,omitempty"` // -100 to 100
	Bands  []Band `json:"bands,omitempty"`  // instead of condition and points
	Must   bool   `json:"must,omitempty"`   // without it the fit is 0
}

// Band is a part of what a criterion asks for, such as a range of headcounts.
type Band struct {
	When   string `json:"when"`
	Points int    `json:"points"` // -100 to 100
}

// Disqualifier ends a lead's chances, such as a child too young: grade D, and cold.
type Disqualifier struct {
	Name string `json:"name"`
	When string `json:"when"`
}

// Behaviour is what signals of interest are worth, and how fast they fade.
type Behaviour struct {
	HalfLife *float64                 `json:"half_life,omitempty"` // days after which a signal counts half; 14
	Signals  map[lead.SignalKind]Gain `json:"signals,omitempty"`   // where they differ from the defaults
}

// Gain is what signals of one kind add to the behaviour.
type Gain struct {
	Points   float64  `json:"points"`              // of one, fresh and surely a person's; of a dwell a minute; 0 to 100
	Cap      float64  `json:"cap"`                 // of all of the kind; 0 to 100
	HalfLife *float64 `json:"half_life,omitempty"` // days; that of all kinds
}

// Gains are the defaults: what takes a person more effort says more. Opens and clicks
// together, which mail scanners make, do not make a lead hot, nor does any one kind
// that takes no more than a browser. A dwell counts by the minute. The figures are the
// house's own, of the order that marketing suites suggest; a policy sets its own.
var Gains = map[lead.SignalKind]Gain{
	lead.SignalOpen:     {Points: 2, Cap: 8},
	lead.SignalClick:    {Points: 6, Cap: 18},
	lead.SignalVisit:    {Points: 4, Cap: 16},
	lead.SignalDwell:    {Points: 1, Cap: 12},
	lead.SignalDownload: {Points: 10, Cap: 25},
	lead.SignalEvent:    {Points: 20, Cap: 40},
	lead.SignalReply:    {Points: 25, Cap: 50},
	lead.SignalEnquiry:  {Points: 25, Cap: 50},
	lead.SignalTalk:     {Points: 20, Cap: 40},
}

// HalfLife is the default after which a signal counts half, in days.
const HalfLife = 14.0

// Matrix gives the grade by fit and behaviour. The chance, where a model says one,
// raises or lowers it by one.
type Matrix struct {
	Fit       []int          `json:"fit"`             // lower bounds of all rows but the last, the best first
	Behaviour []int          `json:"behaviour"`       // lower bounds of all columns but the last, the best first
	Grades    [][]lead.Grade `json:"grades"`          // row by row
	Raise     float64        `json:"raise,omitempty"` // chance from which on the grade is one better; 0 is never
	Lower     float64        `json:"lower,omitempty"` // chance below which the grade is one worse; 0 is never
}

// GradeRule gives the grade to leads for which no rule before it held. The last
// one has no condition.
type GradeRule struct {
	Grade lead.Grade `json:"grade"`
	When  string     `json:"when,omitempty"`
}

// Bar is what makes a lead hot or warm: a fit of so much, and with it a behaviour or a
// chance of so much.
type Bar struct {
	Fit       int     `json:"fit,omitempty"`       // at least; 0 to 100
	Behaviour int     `json:"behaviour,omitempty"` // at least; 0 says nothing
	Chance    float64 `json:"chance,omitempty"`    // or at least, 0 to 1; 0 says nothing
}

// The bars where a policy names none. Two enquiries within five days are hot, or one
// and a reply; one enquiry is warm for five days.
var (
	DefaultHot  = Bar{Fit: 40, Behaviour: 45, Chance: 0.5}
	DefaultWarm = Bar{Behaviour: 20, Chance: 0.15}
)

// Learn is from how many closed leads on a probability is learned.
type Learn struct {
	Won    *int     `json:"won,omitempty"`    // converted; 120
	Closed *int     `json:"closed,omitempty"` // in all; 1,000
	Keep   []string `json:"keep,omitempty"`   // features that may be used though they are too good to be true
	Drop   []string `json:"drop,omitempty"`   // features that may not be used
}

// Equal reports whether both say the same.
func (l Learn) Equal(o Learn) bool {
	won, closed := l.Floor()
	otherWon, otherClosed := o.Floor()
	return won == otherWon && closed == otherClosed && slices.Equal(l.Keep, o.Keep) && slices.Equal(l.Drop, o.Drop)
}

// The data floor: below it there are rules only. About ten events for each of a dozen
// features, which is what logistic models are commonly held to need (Peduzzi and
// others, Journal of Clinical Epidemiology 49, 1996).
const (
	FloorWon    = 120
	FloorClosed = 1000
)

// Floor is from how many closed leads on, and how many won ones among them, a
// probability is learned.
func (l Learn) Floor() (won, closed int) {
	won, closed = FloorWon, FloorClosed
	if l.Won != nil {
		won = *l.Won
	}
	if l.Closed != nil {
		closed = *l.Closed
	}
	return won, closed
}
