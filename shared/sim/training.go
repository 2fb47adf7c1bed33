package sim

import (
	"context"
	"fmt"
	"time"

	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/score"
)

// learns reports whether the world has a model of the chance to convert. Nobody learns
// one here: what a model says is made up.
func (o Options) learns() bool { return o.LeadsPerDay > 0 && o.Seed%3 == 0 || o.learned }

// train keeps the first training, where the world has a model.
func (w *World) train() {
	if w.opts.LeadsPerDay == 0 || !w.opts.learns() { // a script begins without
		return
	}
	w.model = 1
	if err := w.store.PutTraining(context.Background(), training(1, w.now)); err != nil {
		panic(fmt.Sprintf("seed model: %v", err))
	}
}

// training is one that brings a model into force.
func training(version int, at time.Time) score.Record {
	curve := func(column int, edges []float64, levels []string, points ...float64) predict.Curve {
		return predict.Curve{Column: column, Edges: edges, Levels: levels, Points: points, Shares: make([]float64, len(points))}
	}
	m := predict.Model{Format: 1, Columns: []string{"has_phone", "signal.enquiry", "signal.click", "answer.age"}, Base: -2 + float64(version%3)/2, Curves: []predict.Curve{
		curve(0, nil, []string{"no", "yes"}, 0, 0, -0.4, 0.5),
		curve(1, []float64{1}, nil, 0, 0, 0, 1.2),
		curve(2, []float64{0.3}, nil, 0, 0, 0, 1.1),
		curve(3, []float64{6, 13}, nil, -0.3, 0, -0.5, 0.6, -0.7),
	}}
	data, err := m.Encode()
	if err != nil {
		panic(fmt.Sprintf("encode model: %v", err))
	}
	return score.Record{Version: version, At: at, Verdict: score.Promoted, Closed: 1000, Won: 120, Champion: version - 1, Model: data}
}

// learn keeps a further training as the function train does, again where that failed.
func (w *World) learn(tries int) {
	t := &task{name: "train"}
	var err error
	w.begin(t, time.Minute, func(ctx context.Context) {
		var last []score.Record
		if last, _, err = w.store.Trainings(ctx, lead.Page{Limit: 1}); err == nil {
			version := 1
			if len(last) > 0 {
				version = last[0].Version + 1
			}
			err = w.store.PutTraining(ctx, training(version, w.now))
		}
	}, func() {
		if (err != nil || t.dead) && tries > 1 {
			w.after(10*time.Minute, func() { w.learn(tries - 1) })
		}
	})
}
