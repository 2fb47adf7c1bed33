package app

import (
	"context"
	"fmt"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/pool"
	"sluice/shared/route"
)

// look is the stock sweep's look at a pooled lead whose turn it is: see [pool.Look].
// A choice among the reps is held until it is committed.
func (s *sweep) look(ctx context.Context, pol *policy.Policy, l lead.Lead, at time.Time) error {
	private, err := openAnswers(ctx, s.Vault, l)
	if err != nil {
		return err
	}
	place := s.router.place
	var crew Crew
	chosen := false
	defer func() {
		if chosen {
			place.turn.Unlock()
		}
	}()
	out, err := pool.Look(pol, l, cause("sweep", pol.Score(l, scoring(l.Facts, private), at)), at, pool.Asking{
		Person: func() (lead.Person, error) { return s.person(ctx, l) },
		Choose: func(scored lead.Lead) (choice lead.Choice, err error) {
			place.turn.Lock()
			chosen = true
			if crew, err = place.roster.Reps(ctx, at); err != nil {
				return choice, err
			}
			return pol.Routing().Choose(route.Query{Lead: scored, Facts: scored.Facts, Reps: crew.Reps, Abilities: crew.Abilities, Now: at}), nil
		},
	})
	if err != nil {
		return err
	}
	change, err := s.change(pol, l, at, out)
	if err != nil || change.Entry == nil {
		return err
	}
	if change.Moves, err = fill(pol, change.Moves, crew.Reps, at); err != nil {
		return err
	}
	return place.write(ctx, change)
}

// nudge is the light touch to a customer who said "not now".
func (s *sweep) nudge(ctx context.Context, pol *policy.Policy, l lead.Lead, at time.Time) error {
	out, err := pool.Nudge(pol.Directory, l, at, func() (lead.Person, error) { return s.person(ctx, l) })
	if err != nil {
		return err
	}
	change, err := s.change(pol, l, at, out)
	if err != nil || change.Entry == nil {
		return err
	}
	return s.Store.Commit(ctx, change)
}

func (s *sweep) person(ctx context.Context, l lead.Lead) (lead.Person, error) {
	p, err := personOf(ctx, s.Store, l.Person)
	if err != nil {
		return p, fmt.Errorf("read person of lead %s: %w", l.ID, err)
	}
	return p, nil
}

// change is what an outcome writes; it has no entry where nothing happens.
func (s *sweep) change(pol *policy.Policy, l lead.Lead, at time.Time, out pool.Outcome) (lead.Change, error) {
	after, entry, err := lead.Run(l, lead.System("sweep"), pol.Rules(out.Team), at, out.Commands...)
	if err != nil || len(entry.Events) == 0 {
		return lead.Change{}, err
	}
	change := lead.NewChange(after, entry)
	change.Person = out.Person
	return change, nil
}
