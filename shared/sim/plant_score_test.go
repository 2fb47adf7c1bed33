package sim

import (
	"context"
	"slices"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
)

// rewrite is a change whose entry has other events, with the lead that they make.
func rewrite(ctx context.Context, s app.Store, c lead.Change, edit func(before lead.Lead, events []lead.Event) []lead.Event) (lead.Change, error) {
	if c.Entry == nil || c.Lead == nil || c.Lead.Version == 1 {
		return c, nil
	}
	before, err := s.Lead(ctx, c.Lead.ID)
	if err != nil || before.Version != c.Lead.Version-1 {
		return c, err
	}
	entry := *c.Entry
	if entry.Events = edit(before, slices.Clone(entry.Events)); len(entry.Events) == 0 {
		return lead.Change{}, nil
	}
	after := before
	after.Version = entry.Version
	for _, e := range entry.Events {
		after = lead.Apply(after, e, entry.At)
	}
	c.Entry, c.Lead = &entry, &after
	return c, nil
}

// dropsCorrections takes no notice of what a signal turned out to be.
type dropsCorrections struct{ app.Store }

func (s dropsCorrections) Commit(ctx context.Context, c lead.Change) error {
	c, err := rewrite(ctx, s.Store, c, func(_ lead.Lead, events []lead.Event) []lead.Event {
		return slices.DeleteFunc(events, func(e lead.Event) bool {
			engaged, ok := e.(lead.Engaged)
			return ok && engaged.Signals[0].Judged.After(engaged.Signals[0].At)
		})
	})
	if err != nil || c.Entry == nil && c.Lead == nil && c.Person == nil && len(c.Also) == 0 && len(c.Moves) == 0 && c.Submission == nil {
		return err
	}
	return s.Store.Commit(ctx, c)
}

// knowsBetter replaces grades that reps have given.
type knowsBetter struct{ app.Store }

func (s knowsBetter) Commit(ctx context.Context, c lead.Change) error {
	c, err := rewrite(ctx, s.Store, c, func(before lead.Lead, events []lead.Event) []lead.Event {
		for i, e := range events {
			if scored, ok := e.(lead.Scored); ok && before.ByHand {
				scored.Grade = lead.GradeD
				events[i] = scored
			}
		}
		return events
	})
	if err != nil {
		return err
	}
	return s.Store.Commit(ctx, c)
}

// letsRest scores what ripens and leaves it where it is.
type letsRest struct{ app.Store }

func (s letsRest) Commit(ctx context.Context, c lead.Change) error {
	c, err := rewrite(ctx, s.Store, c, func(before lead.Lead, events []lead.Event) []lead.Event {
		if scored, ok := events[0].(lead.Scored); ok && before.State == lead.StateNurturing && scored.Maturity == lead.Hot {
			return events[:1]
		}
		return events
	})
	if err != nil {
		return err
	}
	return s.Store.Commit(ctx, c)
}

// mergesWithoutSignals takes over a lead without what its person did.
type mergesWithoutSignals struct{ app.Store }

func (s mergesWithoutSignals) Commit(ctx context.Context, c lead.Change) error {
	return s.Store.Commit(ctx, edited(c, func(c *lead.Change) {
		if c.Entry == nil {
			return
		}
		if n, err := rewrite(ctx, s.Store, *c, func(_ lead.Lead, events []lead.Event) []lead.Event {
			for i, e := range events {
				if took, ok := e.(lead.Took); ok {
					took.Signals = nil
					events[i] = took
				}
			}
			return events
		}); err == nil {
			*c = n
		}
	}))
}

// agesWell scores by what a lead was when it came in.
type agesWell struct{ app.Store }

func (s agesWell) Commit(ctx context.Context, c lead.Change) error {
	c, err := rewrite(ctx, s.Store, c, func(before lead.Lead, events []lead.Event) []lead.Event {
		for i, e := range events {
			if scored, ok := e.(lead.Scored); ok && scored.Cause == "signals" {
				scored.Behaviour = before.Behaviour
				events[i] = scored
			}
		}
		return events
	})
	if err != nil {
		return err
	}
	return s.Store.Commit(ctx, c)
}

// knowsOnePolicy never hears of another one.
type knowsOnePolicy struct{ app.Store }

func (s knowsOnePolicy) CurrentPolicy(ctx context.Context, known int) (policy.Record, error) {
	if known > 0 {
		return policy.Record{Version: known}, nil
	}
	return s.Store.CurrentPolicy(ctx, known)
}

// knowsNoModel scores by rules alone.
type knowsNoModel struct{ app.Store }

func (s knowsNoModel) CurrentModel(context.Context, int) (score.Record, error) {
	return score.Record{}, nil
}

// walksNowhere finds no lead to be scored anew.
type walksNowhere struct{ app.Store }

func (s walksNowhere) Open(context.Context, int, app.Page) ([]string, string, error) {
	return nil, "", nil
}

// forgetsTheWalk does not keep how far it has come.
type forgetsTheWalk struct{ app.Store }

func (s forgetsTheWalk) PutRescore(ctx context.Context, r score.Rescore) error { return nil }

// keepsNoEndings does not keep how leads end.
type keepsNoEndings struct{ app.Store }

func (s keepsNoEndings) PutOutcome(context.Context, score.Outcome) error { return nil }

// keepsFirstEndings keeps how a lead ended first.
type keepsFirstEndings struct {
	app.Store
	kept map[string]bool
}

func (s keepsFirstEndings) PutOutcome(ctx context.Context, o score.Outcome) error {
	if s.kept[o.Lead] {
		return nil
	}
	s.kept[o.Lead] = true
	return s.Store.PutOutcome(ctx, o)
}
