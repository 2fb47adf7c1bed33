package desk

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"

	"sluice/shared/app"
	"sluice/shared/gauge"
	"sluice/shared/page"
)

const modelsPath = "/models"

// modelsData is what the page about trainings shows.
type modelsData struct {
	InForce  int
	Progress []progress // how far the leads closed are from what a chance is learned from; none before the first training
	Last     *app.Training
	Rows     []app.Training
	More     string
}

// progress is a count on its way to a floor.
type progress struct {
	Text    string
	N, Most int
}

// modelsPage lists trainings.
func (d *desk) modelsPage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	list, err := d.app.Trainings(v.r.Context(), v.user, p)
	if err != nil {
		return err
	}
	data := modelsData{InForce: list.InForce, Rows: list.Trainings, More: more(v, list.Cursor)}
	if len(list.Trainings) > 0 && p.Cursor == "" {
		data.Last = &list.Trainings[0]
		data.Progress = []progress{
			{v.view.T("models.won", data.Last.Won, list.Floor.Won), data.Last.Won, list.Floor.Won},
			{v.view.T("models.closed", data.Last.Closed, list.Floor.Closed), data.Last.Closed, list.Floor.Closed},
		}
	}
	v.view.Title = v.view.T("models.title")
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "models", v.view)
	return nil
}

// modelData is what the page about one training shows.
type modelData struct {
	Model    app.TrainedModel
	Figures  []figure
	Chart    *calibration
	Features []weight
	Shapes   []shape
}

// figure is a measure of the new model, and of what was in force.
type figure struct{ Name, New, Old string }

// weight is how much a feature counts; its bar has the length 100 at most.
type weight struct {
	Name, Weight string
	Width        float64
}

// shape is what a model makes of a feature.
type shape struct {
	Feature string
	Bins    []shapeRow
	Open    bool
	weight  float64
}

type shapeRow struct {
	Label, Points, Share string
	Bar                  lean
}

// shapesOpen is how many shapes are seen at first.
const shapesOpen = 6

// modelPage tells of one training.
func (d *desk) modelPage(v visit) error {
	version, err := trainingIn(v.r)
	if err != nil {
		return err
	}
	m, err := d.app.Training(v.r.Context(), v.user, version)
	if err != nil {
		return err
	}
	data := modelData{Model: m, Figures: figures(v.view, m.Challenger, m.Incumbent), Features: weights(m), Shapes: shapes(v.view, m)}
	if m.Challenger != nil && len(m.Challenger.Reliability) > 0 {
		data.Chart = calibrated(m.Challenger.Reliability)
	}
	v.view.Title = v.view.T("model.title", m.Version)
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "model", v.view)
	return nil
}

func figures(v page.View, is, was *gauge.Summary) []figure {
	if is == nil {
		return nil
	}
	var all []figure
	for _, f := range []struct {
		name string
		of   func(gauge.Summary) string
	}{
		{"auc", func(s gauge.Summary) string { return fixed(s.AUC) }},
		{"log_loss", func(s gauge.Summary) string { return fixed(s.LogLoss) }},
		{"ece", func(s gauge.Summary) string { return v.Percent(s.ECE) }},
		{"brier", func(s gauge.Summary) string { return fixed(s.Brier) }},
		{"best_fifth", func(s gauge.Summary) string { return v.Percent(s.BestFifth) }},
		{"best_half", func(s gauge.Summary) string { return v.Percent(s.BestHalf) }},
	} {
		one := figure{Name: f.name, New: f.of(*is)}
		if was != nil {
			one.Old = f.of(*was)
		}
		all = append(all, one)
	}
	return all
}

func fixed(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }

func weights(m app.TrainedModel) []weight {
	most := 0.0
	for _, f := range m.Features {
		most = max(most, f.Weight)
	}
	var all []weight
	for _, f := range m.Features {
		w := weight{Name: f.Name, Weight: strconv.FormatFloat(f.Weight, 'f', 2, 64)}
		if most > 0 {
			w.Width = math.Round(1000*f.Weight/most) / 10
		}
		all = append(all, w)
	}
	return all
}

// shapes lays out what a model makes of its features: first of those that count most.
// All bars have one scale, so that features can be compared.
func shapes(v page.View, m app.TrainedModel) []shape {
	most := 0.0
	for _, s := range m.Shapes {
		for _, b := range s.Bins {
			most = max(most, math.Abs(b.Points))
		}
	}
	var all []shape
	for _, s := range m.Shapes {
		one := shape{Feature: s.Feature}
		for _, b := range s.Bins {
			one.weight += b.Share * math.Abs(b.Points)
			one.Bins = append(one.Bins, shapeRow{Label: inRange(v, b), Points: signed(b.Points, 2), Share: v.Percent(b.Share), Bar: leaning(b.Points, most)})
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b shape) int { return cmp.Compare(b.weight, a.weight) })
	for i := range all {
		all[i].Open = i < shapesOpen
	}
	return all
}

// calibration is a chart of what a model said against what came true, on a square of
// 100 by 100 with the origin at its lower left.
type calibration struct {
	Most float64 // probability at the end of both axes
	Dots []dot
	Bins []gauge.Bin
}

// dot is a bin with the bounds within which what came true lies in 95 of 100 cases, if
// what was said is true.
type dot struct{ X, Y, Low, High, R float64 }

func calibrated(bins []gauge.Bin) *calibration {
	const sure, least, rounds = 1.96, 0.05, 20 // to the next 5 %
	c := &calibration{Most: least, Bins: bins}
	rows := 0
	for _, b := range bins {
		c.Most = max(c.Most, b.Said, b.Seen)
		rows += b.Rows
	}
	c.Most = min(1, math.Ceil(c.Most*rounds)/rounds)
	at := func(p float64) float64 { return math.Round(1000*min(max(p/c.Most, 0), 1)) / 10 }
	for _, b := range bins {
		c.Dots = append(c.Dots, dot{X: at(b.Said), Y: 100 - at(b.Seen), Low: 100 - at(b.Said-sure*b.Error), High: 100 - at(b.Said+sure*b.Error),
			R: math.Round(10*(1+2*math.Sqrt(float64(b.Rows)/float64(max(1, rows))))) / 10})
	}
	return c
}
