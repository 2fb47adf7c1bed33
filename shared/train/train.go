// Package train learns the chance to convert from how leads ended. It is apart from
// package app so that no function carries a learner that does not need one.
package train

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/app"
	"sluice/shared/learn"
	"sluice/shared/policy"
	"sluice/shared/predict"
	"sluice/shared/score"
	"sluice/shared/trigger"
)

// Ports are what train works with.
type Ports struct {
	app.Ports
	Store  app.Models
	Policy *app.Current
}

const (
	months   = 36     // of leads' coming, that are learned from
	most     = 50_000 // closed leads, the newest
	features = 60     // at most, the best known
)

// Handler learns, each time that it is called, the chance to convert from how leads
// ended, and takes the model into
// force where it is better than what is.
func Handler(p Ports) lambda.Handler {
	t := &trainer{p}
	return trigger.Schedule(p.Log, t.run)
}

type trainer struct{ Ports }

// run is one training. Its counts are the leads that it learned from, those of them
// that converted, and 1 for its verdict.
func (t *trainer) run(ctx context.Context, at time.Time) (map[string]int, error) {
	pol, err := t.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	outcomes, err := t.outcomes(ctx, at)
	if err != nil {
		return nil, err
	}
	last, err := t.Store.LastTraining(ctx)
	if err != nil {
		return nil, err
	}
	incumbent, err := t.Store.CurrentModel(ctx, 0)
	if err != nil {
		return nil, err
	}
	record, err := t.train(ctx, pol, outcomes, incumbent, at)
	if err != nil {
		return nil, err
	}
	record.Version = last + 1
	counts := map[string]int{"closed": record.Closed, "won": record.Won, string(record.Verdict): 1}
	return counts, t.Store.PutTraining(ctx, record)
}

// outcomes are how the newest closed leads ended, in the order in which they did.
func (t *trainer) outcomes(ctx context.Context, at time.Time) ([]score.Outcome, error) {
	var all []score.Outcome
	month := time.Date(at.UTC().Year(), at.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	for range months {
		for page := (app.Page{Limit: 1000}); ; {
			some, cursor, err := t.Store.Outcomes(ctx, month, page)
			if err != nil {
				return nil, err
			}
			all = append(all, slices.DeleteFunc(some, func(o score.Outcome) bool { return o.Closed.IsZero() })...)
			if page.Cursor = cursor; cursor == "" {
				break
			}
		}
		if len(all) >= most {
			break
		}
		month = month.AddDate(0, -1, 0)
	}
	slices.SortFunc(all, score.Outcome.Compare)
	return all[max(0, len(all)-most):], nil
}

// train decides what becomes of what can be learned.
func (t *trainer) train(ctx context.Context, pol *policy.Directory, outcomes []score.Outcome, incumbent score.Record, at time.Time) (score.Record, error) {
	spec := pol.Document().Score.Learn
	table, won := tableOf(outcomes, spec.Drop)
	r := score.Record{At: at, Closed: len(outcomes), Champion: incumbent.Version, Verdict: score.TooFew}
	for _, yes := range won {
		if yes {
			r.Won++
		}
	}
	if len(outcomes) > 0 {
		r.LastClosed = outcomes[len(outcomes)-1].Closed
	}
	if leastWon, leastClosed := spec.Floor(); r.Won < leastWon || r.Closed < leastClosed || r.Closed-r.Won < leastWon {
		r.Why = fmt.Sprintf("%d leads are closed, %d of them won: a chance is learned from %d on, with %d won and as many lost", r.Closed, r.Won, leastClosed, leastWon)
		return r, nil
	}
	var champion *predict.Model
	if incumbent.Version > 0 {
		var err error
		if champion, err = predict.Decode(incumbent.Model); err != nil {
			t.Log.WarnContext(ctx, "model", "outcome", "cannot be read and is not compared with", "version", incumbent.Version, "error", err.Error())
		}
	}
	seen, _ := slices.BinarySearchFunc(outcomes, incumbent.LastClosed, func(o score.Outcome, last time.Time) int {
		if o.Closed.After(last) {
			return 1
		}
		return -1
	})
	contest, err := learn.Compete(ctx, table, won, seen, champion, learn.Options{Keep: spec.Keep}, func(string) {})
	if err != nil {
		return r, err
	}
	r.Verdict, r.Why, r.Judged = score.Kept, contest.Why, contest.Judged
	if contest.Judged > 0 {
		r.Figures, r.Incumbent = &contest.Challenger, &contest.Incumbent
	}
	for _, f := range contest.Fitted.Importance {
		r.Features = append(r.Features, score.Feature{Name: f.Feature, Weight: f.Points})
	}
	for _, s := range contest.Fitted.Suspects {
		r.Suspects = append(r.Suspects, score.Suspect{Name: s.Feature, Why: s.Why})
	}
	if contest.Model == nil {
		return r, nil
	}
	r.Verdict = score.Promoted
	r.Model, err = contest.Model.Encode()
	return r, err
}

// tableOf is what outcomes are as a table to learn from, and which of them were won.
// The features that are known of most leads are taken.
func tableOf(outcomes []score.Outcome, drop []string) (learn.Table, []bool) {
	known := map[string]int{}
	for _, o := range outcomes {
		for name := range o.Known {
			known[name]++
		}
	}
	for _, name := range drop {
		delete(known, name)
	}
	names := slices.SortedFunc(maps.Keys(known), func(a, b string) int {
		if known[a] != known[b] {
			return known[b] - known[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	names = names[:min(len(names), features)]
	table, won := make(learn.Table, len(names)), make([]bool, len(outcomes))
	for i, name := range names {
		table[i] = learn.Column{Name: name, Cells: make([]predict.Cell, len(outcomes))}
		for j, o := range outcomes {
			table[i].Cells[j] = predict.Text(o.Known[name])
		}
	}
	for j, o := range outcomes {
		won[j] = o.Won
	}
	return table, won
}
