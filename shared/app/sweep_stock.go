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

// look is the stock sweep's look at a pooled lead whose turn it is: it is scored
// anew, and the likely ones go to a rep or on a call list, others get the pool's
// message, as far as the person may be contacted. A share is left alone, to compare
// with.
func (s *sweep) look(ctx context.Context, pol *policy.Policy, l lead.Lead, at time.Time) error {
	private, err := openAnswers(ctx, s.Vault, l)
	if err != nil {
		return err
	}
	score := pol.Score(scoring(l.Facts, private))
	scored, _, err := lead.Run(l, lead.System("sweep"), pol.Rules(l.Team), at, score)
	if err != nil {
		return err
	}
	stock := pol.Stock(l.Pool)
	cycle := lead.CycleAt(at, pol.Rules(l.Team).Pools[l.Pool].Cycle)
	switch likely := pol.Likely(scored, at); {
	case at.Sub(l.Created) >= stock.Archive:
		return s.commit(ctx, pol, l, at, nil, score, lead.Look{Did: lead.DidRetire, Why: "known for as long as the policy keeps leads in pools"})
	case pool.HeldOut(stock.HoldOut, l.ID, int(cycle.Unix())):
		return s.commit(ctx, pol, l, at, nil, score, lead.Look{Did: lead.DidHold})
	case likely:
		if done, err := s.wake(ctx, pol, l, scored, score, at); done || err != nil {
			return err
		}
	}
	return s.contact(ctx, pol, l, scored, score, at)
}

// wake offers a likely lead to a rep who can have it now; done is false where there
// is none.
func (s *sweep) wake(ctx context.Context, pol *policy.Policy, l, scored lead.Lead, score lead.Score, at time.Time) (done bool, err error) {
	place := s.router.place
	place.turn.Lock()
	defer place.turn.Unlock()
	crew, err := place.roster.Reps(ctx, at)
	if err != nil {
		return false, err
	}
	choice := pol.Routing().Choose(route.Query{Lead: scored, Facts: scored.Facts, Reps: crew.Reps, Abilities: crew.Abilities, Now: at})
	if choice.Rep == "" {
		return false, nil
	}
	after, entry, err := lead.Run(l, lead.System("sweep"), pol.Rules(choice.Team), at,
		score, lead.Look{Did: lead.DidRoute, Why: "grade " + string(scored.Grade)}, lead.Route{Choice: choice})
	if err != nil {
		return false, err
	}
	change := lead.NewChange(after, entry)
	if change.Moves, err = fill(pol, change.Moves, crew.Reps, at); err != nil {
		return false, err
	}
	return true, place.write(ctx, change)
}

// contact puts a likely lead on the pool's call list or sends the pool's message, or
// leaves the lead in peace where the person may not be contacted now.
func (s *sweep) contact(ctx context.Context, pol *policy.Policy, l, scored lead.Lead, score lead.Score, at time.Time) error {
	stock := pol.Stock(l.Pool)
	onList := stock.List != "" && l.Facts.HasPhone && pol.Likely(scored, at)
	if !onList && (stock.Reactivate == nil || !l.Facts.HasEmail) {
		return s.commit(ctx, pol, l, at, nil, score, lead.Look{Did: lead.DidRest, Why: "no way to reach them by itself"})
	}
	person, err := s.Store.Person(ctx, l.Person)
	if err != nil {
		return fmt.Errorf("read person of lead %s: %w", l.ID, err)
	}
	if why := inPeace(pol.Directory, person, scored, at); why != "" {
		return s.commit(ctx, pol, l, at, nil, score, lead.Look{Did: lead.DidRest, Why: why})
	}
	touched := touch(person, at)
	if onList {
		return s.commit(ctx, pol, l, at, touched, score, lead.Look{Did: lead.DidList, List: stock.List})
	}
	return s.commit(ctx, pol, l, at, touched, score, lead.Look{Did: lead.DidTouch})
}

// nudge is the light touch to a customer who said "not now".
func (s *sweep) nudge(ctx context.Context, pol *policy.Policy, l lead.Lead, at time.Time) error {
	skip := func(why string) error { return s.commit(ctx, pol, l, at, nil, lead.Nudge{Skipped: why}) }
	if pol.LightTouch() == nil || !l.Facts.HasEmail {
		return skip("no way to reach them by itself")
	}
	person, err := s.Store.Person(ctx, l.Person)
	if err != nil {
		return fmt.Errorf("read person of lead %s: %w", l.ID, err)
	}
	if why := inPeace(pol.Directory, person, l, at); why != "" {
		return skip(why)
	}
	return s.commit(ctx, pol, l, at, touch(person, at), lead.Nudge{})
}

// inPeace is why the system may not contact a person about a lead now; empty where
// it may.
func inPeace(pol *policy.Directory, person lead.Person, l lead.Lead, at time.Time) string {
	switch from := pol.ContactFrom(person, l, at); {
	case from.IsZero():
		return "opted out"
	case from.After(at):
		return "contacted as often as the policy allows"
	case pol.Quiet(l, at):
		return "quiet hours"
	}
	return ""
}

// touch is the person once contacted: written with what contacts them, so that
// nobody else does at the same moment.
func touch(p lead.Person, at time.Time) *lead.Person {
	p = p.Clone()
	p.Version++
	p.Contact(at)
	return &p
}
