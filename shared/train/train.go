// Package train learns the chance to convert from how leads ended. It is apart from
// package app so that no function carries a learner that does not need one.
package train

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/app"
	"sluice/shared/learn"
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
	news     = 200    // closed leads after which models are compared anew
)

// Handler learns, each time that it is called, the chance to convert from how leads
// ended, and takes the model into force where it is better than what is.
func Handler(p Ports) lambda.Handler {
	t := &trainer{p}
	return trigger.Schedule(p.Log, t.run)
}

type trainer struct{ Ports }

// run is one training. Its counts are the leads that it learned from, those of them
// that converted, and 1 for its verdict. Where there is no news it keeps no record.
func (t *trainer) run(ctx context.Context, at time.Time) (map[string]int, error) {
	pol, err := t.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	kept, _, err := t.Store.Trainings(ctx, app.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	var last score.Record
	if len(kept) > 0 {
		last = kept[0]
	}
	outcomes, err := t.outcomes(ctx, at)
	if err != nil {
		return nil, err
	}
	r := score.Record{Version: last.Version + 1, At: at, Closed: len(outcomes), LastClosed: last.LastClosed, Learn: pol.Document().Score.Learn}
	for _, o := range outcomes {
		if o.Won {
			r.Won++
		}
	}
	counts := map[string]int{"closed": r.Closed, "won": r.Won}
	if last.Version > 0 && last.Closed == r.Closed && last.Won == r.Won && last.Learn.Equal(r.Learn) {
		counts["unchanged"] = 1
		return counts, nil
	}
	if err := t.train(ctx, &r, last, outcomes); err != nil {
		return counts, err
	}
	counts[string(r.Verdict)] = 1
	return counts, t.Store.PutTraining(ctx, r)
}

// outcomes are how the newest closed leads ended, in the order in which they did.
func (t *trainer) outcomes(ctx context.Context, at time.Time) ([]score.Outcome, error) {
	var all []score.Outcome
	newest := func() []score.Outcome {
		slices.SortFunc(all, score.Outcome.Compare)
		return slices.Delete(all, 0, max(0, len(all)-most))
	}
	month := time.Date(at.UTC().Year(), at.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	for range months {
		for page := (app.Page{Limit: 1000}); ; {
			some, cursor, err := t.Store.Outcomes(ctx, month, page)
			if err != nil {
				return nil, err
			}
			all = append(all, slices.DeleteFunc(some, func(o score.Outcome) bool { return o.Closed.IsZero() })...)
			if len(all) > most+most/4 { // no more are held at once
				all = newest()
			}
			if page.Cursor = cursor; cursor == "" {
				break
			}
		}
		month = month.AddDate(0, -1, 0)
	}
	return newest(), nil
}

// train decides what becomes of what can be learned.
func (t *trainer) train(ctx context.Context, r *score.Record, last score.Record, outcomes []score.Outcome) error {
	champion, incumbent, err := t.champion(ctx, r.Learn.Drop)
	if err != nil {
		return err
	}
	r.Champion, r.Verdict = incumbent.Version, score.TooFew
	if won, closed := r.Learn.Floor(); r.Won < won || r.Closed < closed || r.Closed-r.Won < won {
		r.Why = fmt.Sprintf("%d leads are closed, %d of them won: a chance is learned from %d on, with %d won and as many lost", r.Closed, r.Won, closed, won)
		return nil
	}
	r.Verdict = score.Kept
	// Who looks each day sees luck one day: models are compared by leads that are new.
	if fresh := len(outcomes) - after(outcomes, last.LastClosed); fresh < news && last.Learn.Equal(r.Learn) {
		r.Why = fmt.Sprintf("%d leads were closed since models were compared: they are again after %d", fresh, news)
		return nil
	}
	seen := 0
	if champion != nil {
		seen = after(outcomes, incumbent.LastClosed)
	}
	table, won := tableOf(outcomes, r.Learn.Drop)
	contest, err := learn.Compete(ctx, table, won, seen, champion, learn.Options{Keep: r.Learn.Keep}, nil)
	if err != nil {
		return err
	}
	r.Why, r.Judged = contest.Why, contest.Judged
	if r.Judged == 0 {
		return nil
	}
	r.LastClosed = outcomes[len(outcomes)-1].Closed
	r.Figures, r.Incumbent = &contest.Challenger, &contest.Incumbent
	for _, f := range contest.Fitted.Importance {
		r.Features = append(r.Features, score.Feature{Name: f.Feature, Weight: f.Points})
	}
	for _, s := range contest.Fitted.Suspects {
		r.Suspects = append(r.Suspects, score.Suspect{Name: s.Feature, Why: s.Why})
	}
	if contest.Model == nil {
		return nil
	}
	r.Verdict = score.Promoted
	r.Model, err = contest.Model.Encode()
	return err
}

// champion is the model in force with its training, nil where there is none that can be
// compared with: one that cannot be read stays in force, for others may read it, and one
// by a feature that is not to be used does not.
func (t *trainer) champion(ctx context.Context, drop []string) (*predict.Model, score.Record, error) {
	incumbent, err := t.Store.CurrentModel(ctx, 0)
	if incumbent.Version == 0 {
		return nil, incumbent, err
	}
	var champion *predict.Model
	if err == nil {
		champion, err = predict.Decode(incumbent.Model)
	}
	if err != nil {
		t.Log.WarnContext(ctx, "model", "outcome", "cannot be read and is not compared with", "version", incumbent.Version, "error", err.Error())
		return nil, incumbent, nil
	}
	for _, name := range champion.Features() {
		if slices.Contains(drop, name) {
			t.Log.WarnContext(ctx, "model", "outcome", "goes out of force: it uses what may not be used", "version", incumbent.Version, "feature", name)
			return nil, score.Record{}, nil
		}
	}
	return champion, incumbent, nil
}

// after is the place of the first lead that was closed after a moment.
func after(outcomes []score.Outcome, moment time.Time) int {
	return sort.Search(len(outcomes), func(i int) bool { return outcomes[i].Closed.After(moment) })
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
		return cmp.Or(known[b]-known[a], cmp.Compare(a, b))
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
