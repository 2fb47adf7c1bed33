package score

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/predict"
)

// Learned is a model of the chance to convert, made ready to score leads by. It is
// safe for concurrent use.
type Learned struct {
	model   *predict.Model
	version int
	names   []string
	zone    *time.Location
}

// NewLearned makes a model ready, by the clocks of the house for hour and weekday.
// Version is the one it is kept under, at least 1.
func NewLearned(m *predict.Model, version int, zone *time.Location) *Learned {
	return &Learned{model: m, version: version, names: m.Features(), zone: zone}
}

// Version is the number under which the model is kept.
func (d *Learned) Version() int { return d.version }

// explain sets the chance with its reasons, the weightiest first. It is never a
// certainty.
func (d *Learned) explain(l lead.Lead, x *Explanation) {
	row := make([]predict.Cell, len(d.names))
	for i, name := range d.names {
		row[i] = cell(name, &l, d.zone)
	}
	x.Base, x.Reasons = d.model.Explain(row)
	odds := x.Base
	for _, r := range x.Reasons {
		odds += r.Points
	}
	x.Score.Chance = min(max(int(math.Round(lead.Certain/(1+math.Exp(-odds)))), 1), lead.Certain-1)
	x.Score.Model = d.version
	slices.SortFunc(x.Reasons, func(a, b predict.Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)), cmp.Compare(a.Feature, b.Feature))
	})
}

// The features beside answers and signals, which have one for each name and kind:
// answer.<name>, signal.<kind>.
const (
	answerFeature = "answer."
	signalFeature = "signal."
)

var features = []string{
	"product", "form", "campaign", "channel", "source", "language", "country", "city", "line", "carrier", "industry", "headcount",
	"has_phone", "has_email", "has_company", "free_mail", "role_mail", "customer", "recommended", "hour", "weekday",
}

// Features lists what a chance can be learned from, with the answers of these names.
func Features(answers []string) []string {
	names := slices.Clone(features)
	for _, answer := range answers {
		names = append(names, answerFeature+answer)
	}
	for _, kind := range lead.SignalKinds {
		names = append(names, signalFeature+string(kind))
	}
	return names
}

// cell is a feature of a lead: what was known before anybody of ours had to do with the
// person. It is the same while they are dealt with as it was when the model learned, or
// a model that knows leads by how they began would judge them by how they go on. What
// nobody knows, and what no such feature is, is missing.
func cell(name string, l *lead.Lead, zone *time.Location) predict.Cell {
	f := &l.Facts
	switch name {
	case "product":
		return predict.Text(f.Product)
	case "form":
		return predict.Text(f.Form)
	case "campaign":
		return predict.Text(f.Campaign)
	case "channel":
		return predict.Text(f.Channel)
	case "source":
		return predict.Text(f.Source)
	case "language":
		return predict.Text(f.Language)
	case "country":
		return predict.Text(f.Country)
	case "city":
		return predict.Text(f.City)
	case "line":
		return predict.Text(f.Line)
	case "carrier":
		return predict.Text(f.Carrier)
	case "industry":
		return predict.Text(f.Industry)
	case "headcount":
		return predict.Text(f.Headcount)
	case "has_phone":
		return predict.Flag(f.HasPhone)
	case "has_email":
		return predict.Flag(f.HasEmail)
	case "has_company":
		return predict.Flag(f.Company)
	case "free_mail":
		return predict.Flag(f.FreeMail)
	case "role_mail":
		return predict.Flag(f.RoleMail)
	case "customer":
		return predict.Flag(f.Customer)
	case "recommended":
		return predict.Flag(f.Referrer != "")
	case "hour":
		return predict.Number(float64(l.Created.In(zone).Hour()))
	case "weekday":
		return predict.Text(weekdays[l.Created.In(zone).Weekday()])
	}
	if answer, ok := strings.CutPrefix(name, answerFeature); ok {
		return answered(f.Answers[answer])
	}
	if kind, ok := strings.CutPrefix(name, signalFeature); ok && slices.Contains(lead.SignalKinds, lead.SignalKind(kind)) {
		n := 0.0
		for _, s := range l.Signals {
			if string(s.Kind) == kind && (l.Contacted.IsZero() || s.At.Before(l.Contacted.Truncate(time.Second))) {
				n += float64(s.Sure) / 100 * float64(max(1, s.Amount))
			}
		}
		return predict.Number(n)
	}
	return predict.Cell{}
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// answered is an answer as a feature: of several the texts together.
func answered(answer any) predict.Cell {
	switch a := answer.(type) {
	case string:
		return predict.Text(a)
	case float64:
		return predict.Number(a)
	case bool:
		return predict.Flag(a)
	case []any:
		texts := make([]string, len(a))
		for i, v := range a {
			texts[i] = fmt.Sprint(v)
		}
		slices.Sort(texts)
		return predict.Text(strings.Join(texts, ", "))
	}
	return predict.Cell{}
}

// Outcome is how a lead ended, with what was known before anybody of ours dealt with
// it: what the chance is learned from.
type Outcome struct {
	Lead    string            `json:"lead"`
	Version int               `json:"v"` // of the lead
	Created time.Time         `json:"created"`
	Closed  time.Time         `json:"closed,omitzero"` // zero where the lead is open again
	Won     bool              `json:"won,omitempty"`
	Known   map[string]string `json:"known,omitempty"` // feature → value
}

// OutcomeOf reads a lead's history, oldest entry first and whole, into its outcome. A
// lead that is open is none yet, and one that goes on as another is none at all; both
// have no Closed. What the person did after the first contact says how the contact
// went, and is no feature.
func OutcomeOf(history []lead.Entry, zone *time.Location) Outcome {
	var l, before lead.Lead
	var closed time.Time
	for _, entry := range history {
		l.ID = entry.Lead
		was := over(l.State)
		for _, e := range entry.Events {
			after := lead.Apply(l, e, entry.At)
			if l.Contacted.IsZero() && !after.Contacted.IsZero() {
				before, before.Contacted = l, after.Contacted
			}
			l = after
		}
		l.Version = entry.Version
		if over(l.State) && !was { // what comes later, such as the hand-off, ends nothing
			closed = entry.At
		}
	}
	if l.Contacted.IsZero() {
		before = l
	}
	o := Outcome{Lead: l.ID, Version: l.Version, Created: l.Created}
	if over(l.State) {
		o.Won = l.State == lead.StateConverted || l.State == lead.StateCustomer
		o.Closed, o.Known = closed, known(&before, zone)
	}
	return o
}

// over reports whether a lead in this state has ended, well or not.
func over(s lead.State) bool {
	switch s {
	case lead.StateConverted, lead.StateCustomer, lead.StateJunk, lead.StateLost, lead.StateUnreachable, lead.StateArchived:
		return true
	}
	return false
}

// known are the features of a lead that are known.
func known(l *lead.Lead, zone *time.Location) map[string]string {
	values := map[string]string{}
	for _, name := range Features(slices.Collect(maps.Keys(l.Facts.Answers))) {
		if c := cell(name, l, zone); !c.Missing() {
			values[name] = c.String()
		}
	}
	return values
}

// Compare orders outcomes by when the leads were closed.
func (o Outcome) Compare(other Outcome) int {
	return cmp.Or(o.Closed.Compare(other.Closed), cmp.Compare(o.Lead, other.Lead))
}
