package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sluice/shared/gauge"
	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// SeesModels reports whether the user sees what was learned from closed leads.
func (u User) SeesModels() bool { return u.Is(RoleManager, RoleMarketer, RoleOps) }

// Trainings is a page of trainings, the newest first. An empty cursor is the end.
type Trainings struct {
	InForce   int        `json:"in_force"` // version of the model, 0 for none
	Floor     Floors     `json:"floor"`
	Trainings []Training `json:"trainings"`
	Cursor    string     `json:"cursor,omitempty"`
}

// Floors are from how many closed leads on, and how many won ones among them, a chance
// is learned.
type Floors struct {
	Won    int `json:"won"`
	Closed int `json:"closed"`
}

// Training is what a training came to: see [score.Record].
type Training struct {
	Version    int             `json:"version"`
	At         time.Time       `json:"at"`
	InForce    bool            `json:"in_force,omitempty"` // its model is
	Verdict    score.Verdict   `json:"verdict"`
	Why        string          `json:"why"`
	Closed     int             `json:"closed"`
	Won        int             `json:"won"`
	LastClosed time.Time       `json:"last_closed,omitzero"` // the newest lead that a model was judged by until then
	Champion   int             `json:"champion,omitempty"`   // in force before
	Judged     int             `json:"judged,omitempty"`     // newest leads that the two were compared on
	Challenger *gauge.Summary  `json:"challenger,omitempty"` // on those
	Incumbent  *gauge.Summary  `json:"incumbent,omitempty"`  // of what was in force, on those
	Features   []score.Feature `json:"features"`             // the weightiest first
	Suspects   []score.Suspect `json:"suspects"`             // left out
}

// TrainedModel is a training with what its model gives points for.
type TrainedModel struct {
	Training
	Base   float64        `json:"base,omitempty"`   // log-odds of a lead that nothing adds to
	Shapes []FeatureShape `json:"shapes,omitempty"` // none of a model that was not taken into force
	Pairs  int            `json:"pairs,omitempty"`  // of features that give points together, beyond their shapes
}

// FeatureShape is what a model makes of one feature.
type FeatureShape struct {
	Feature string     `json:"feature"`
	Bins    []ShapeBin `json:"bins"`
}

// ShapeBin is a level or a range of a feature, with what it adds to the log-odds.
type ShapeBin struct {
	Label  string   `json:"label"`
	From   *float64 `json:"from,omitempty"` // of a range that begins somewhere: this or more
	Below  *float64 `json:"below,omitempty"`
	Points float64  `json:"points"`
	Share  float64  `json:"share"` // of the leads learned from, 0 to 1
}

var errModels error = lead.Errorf(lead.Denied, "only managers, marketers and ops see what was learned")

// Trainings lists trainings, the newest first.
func (d *Desk) Trainings(ctx context.Context, u User, p Page) (Trainings, error) {
	if !u.SeesModels() {
		return Trainings{}, errModels
	}
	current, err := d.inForce(ctx)
	if err != nil {
		return Trainings{}, err
	}
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return Trainings{}, err
	}
	records, cursor, err := d.Store.Trainings(ctx, bounded(p))
	if err != nil {
		return Trainings{}, err
	}
	out := Trainings{InForce: current, Trainings: []Training{}, Cursor: cursor}
	out.Floor.Won, out.Floor.Closed = pol.Document().Score.Learn.Floor()
	for _, r := range records {
		out.Trainings = append(out.Trainings, training(r, current))
	}
	return out, nil
}

// Training shows a training, and the shapes of its model where it was taken into force.
func (d *Desk) Training(ctx context.Context, u User, version int) (TrainedModel, error) {
	if !u.SeesModels() {
		return TrainedModel{}, errModels
	}
	record, err := d.Store.Training(ctx, version)
	if err != nil {
		if lead.KindOf(err) == lead.NotFound {
			err = lead.Errorf(lead.NotFound, "there is no such training")
		}
		return TrainedModel{}, err
	}
	current, err := d.inForce(ctx)
	if err != nil {
		return TrainedModel{}, err
	}
	out := TrainedModel{Training: training(record, current)}
	if len(record.Model) == 0 {
		return out, nil
	}
	model, err := predict.Decode(record.Model)
	if err != nil {
		return TrainedModel{}, fmt.Errorf("read model %d: %w", version, err)
	}
	out.Base, out.Pairs, out.Shapes = model.Base, len(model.Pairs), []FeatureShape{}
	for _, s := range model.Shapes() {
		shape := FeatureShape{Feature: s.Feature, Bins: []ShapeBin{}}
		for _, b := range s.Bins {
			shape.Bins = append(shape.Bins, shapeBin(b))
		}
		out.Shapes = append(out.Shapes, shape)
	}
	return out, nil
}

// inForce is the version of the model in force, read without the model where that is
// the one that the desk works with.
func (d *Desk) inForce(ctx context.Context) (int, error) {
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return 0, err
	}
	current, err := d.Store.CurrentModel(ctx, pol.Learned())
	return current.Version, err
}

func training(r score.Record, current int) Training {
	return Training{
		Version: r.Version, At: r.At, InForce: r.Version == current, Verdict: r.Verdict, Why: r.Why, Closed: r.Closed, Won: r.Won,
		LastClosed: r.LastClosed, Champion: r.Champion, Judged: r.Judged, Challenger: r.Figures, Incumbent: r.Incumbent,
		Features: append([]score.Feature{}, r.Features...), Suspects: append([]score.Suspect{}, r.Suspects...),
	}
}

// shapeBin shows a bin. The first range of a feature has no beginning, and the last one
// no end: their labels tell which.
func shapeBin(b predict.Bin) ShapeBin {
	out := ShapeBin{Label: b.Label, Points: b.Points, Share: b.Share}
	if b.Range && strings.HasPrefix(b.Label, "from ") {
		out.From = &b.From
	}
	if b.Range && strings.Contains(b.Label, "below ") {
		out.Below = &b.To
	}
	return out
}
