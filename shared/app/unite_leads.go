package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// uniter merges persons that are stored, and takes merges back, each in one
// transaction with all leads that it concerns.
type uniter struct {
	store Store
	vault Vault
	pol   *policy.Policy
	by    lead.Actor
	now   func() time.Time
	// check is what else must hold of two persons as they were read: the one who is
	// named first and the other, or who goes on and who was merged; nil asks nothing.
	check func(a, b lead.Person) error
}

func (u uniter) holds(a, b lead.Person) error {
	if u.check == nil {
		return nil
	}
	return u.check(a, b)
}

// again calls do until it is not refused: what stood in the way is read anew.
func (u uniter) again(do func() error) error {
	for range deskAttempts {
		err := do()
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return err
		}
	}
	return lead.Errorf(lead.Unavailable, "several people changed this at the same moment: try again")
}

// merge makes two persons one. The one who was known first goes on.
func (u uniter) merge(ctx context.Context, first, second, why string) (after lead.Person, err error) {
	err = u.again(func() error {
		after, err = u.mergeOnce(ctx, first, second, why)
		return err
	})
	return after, err
}

func (u uniter) mergeOnce(ctx context.Context, first, second, why string) (lead.Person, error) {
	a, err := personOf(ctx, u.store, first)
	if err != nil {
		return a, err
	}
	b, err := personOf(ctx, u.store, second)
	if err != nil {
		return a, err
	}
	if err := u.holds(a, b); err != nil {
		return a, err
	}
	if b.Created.Before(a.Created) || b.Created.Equal(a.Created) && b.ID < a.ID {
		a, b = b, a
	}
	now := u.now()
	p := &pairing{by: u.by, now: now, pol: u.pol}
	merging := merger{vault: u.vault, rules: u.pol.Cleansing()}
	for i, person := range []lead.Person{a, b} {
		if merging.bare[i], err = u.bare(ctx, person); err != nil {
			return a, err
		}
	}
	union, err := merging.union(ctx, a, b)
	if err != nil {
		return a, err
	}
	for _, product := range slices.Sorted(maps.Keys(b.Leads)) {
		goesOn, err := u.pair(ctx, p, a, a.Leads[product], b.Leads[product])
		if err != nil {
			return a, err
		}
		if goesOn != a.Leads[product] {
			union.Leads[product] = goesOn
		}
	}
	after, gone, err := lead.Unite(a, b, union, u.by, why, now)
	if err != nil {
		return a, err
	}
	change, err := p.change(after, gone)
	if err != nil {
		return a, err
	}
	after.Version++
	return after, u.store.Commit(ctx, change)
}

// bare reports whether all that is known of a person came from lists, and nobody has
// verified it.
func (u uniter) bare(ctx context.Context, p lead.Person) (bool, error) {
	for _, product := range slices.Sorted(maps.Keys(p.Leads)) {
		l, err := u.store.Lead(ctx, p.Leads[product])
		if err != nil || l.State != lead.StateUnverified {
			return false, err
		}
	}
	return len(p.Leads) > 0, nil
}

// pair makes one lead of a product of the two that persons have who are merged into
// a, and returns its id: both stay where one of them is over.
func (u uniter) pair(ctx context.Context, p *pairing, a lead.Person, mine, theirs string) (string, error) {
	lb, err := u.store.Lead(ctx, theirs)
	if err != nil {
		return "", err
	}
	if mine == "" {
		p.add(lb, lead.Join{Person: a.ID})
		return theirs, nil
	}
	la, err := u.store.Lead(ctx, mine)
	if err != nil {
		return "", err
	}
	on, off := lead.GoesOn(la, lb)
	if !on.State.Open() || !off.State.Open() { // nothing to be done twice
		p.add(lb, lead.Join{Person: a.ID})
		return on.ID, nil
	}
	if off.State == lead.StateConverted {
		return "", lead.Errorf(lead.Conflict, "both have just bought %s: confirm the hand-off of one first", on.Product)
	}
	private, err := u.joined(ctx, on, off)
	if err != nil {
		return "", err
	}
	take := lead.Take{Lead: off.ID, Facts: off.Facts, Private: private, Touches: off.Touches, Signals: off.Enquired()}
	after, _, err := lead.Run(on, u.by, u.pol.Rules(on.Team), p.now, take)
	if err != nil {
		return "", err
	}
	score, err := u.score(ctx, after)
	if err != nil {
		return "", err
	}
	p.add(off, lead.Absorb{Into: on.ID, Person: a.ID})
	p.add(on, lead.Join{Person: a.ID}, take, score)
	return on.ID, nil
}

// score grades a lead as it is now.
func (u uniter) score(ctx context.Context, l lead.Lead) (lead.Score, error) {
	private, err := openAnswers(ctx, u.vault, l)
	return cause("merge", u.pol.Score(l, scoring(l.Facts, private), u.now())), err
}

// joined are the sensitive answers of two leads, those of the first where both have
// one, sealed for the first; nil where the second has none.
func (u uniter) joined(ctx context.Context, on, off lead.Lead) (lead.Sealed, error) {
	theirs, err := openAnswers(ctx, u.vault, off)
	if err != nil || len(theirs) == 0 {
		return nil, err
	}
	mine, err := openAnswers(ctx, u.vault, on)
	if err != nil {
		return nil, err
	}
	maps.Copy(theirs, mine)
	data, err := json.Marshal(theirs)
	if err != nil {
		return nil, fmt.Errorf("keep answers of lead %s: %w", on.ID, err)
	}
	return u.vault.Seal(ctx, placePrivate(on.ID), data)
}

// divide takes the last merge of a person back.
func (u uniter) divide(ctx context.Context, id, why string) (after lead.Person, err error) {
	err = u.again(func() error {
		after, err = u.divideOnce(ctx, id, why)
		return err
	})
	return after, err
}

func (u uniter) divideOnce(ctx context.Context, id, why string) (lead.Person, error) {
	a, err := u.store.Person(ctx, id)
	if err != nil {
		return a, err
	}
	if len(a.Parts) == 0 {
		return a, lead.Errorf(lead.Conflict, "nobody was merged into this person")
	}
	part := a.Parts[len(a.Parts)-1]
	b, err := u.store.Person(ctx, part.Person)
	if err != nil {
		return a, err
	}
	if err := u.holds(a, b); err != nil {
		return a, err
	}
	alone, again, err := lead.Divide(a, b)
	if err != nil {
		return a, err
	}
	for _, detail := range lead.Details {
		if alone.Since(detail).After(part.At) { // what they are found by is not what it was
			known, err := openDetails(ctx, u.vault, alone)
			if err != nil {
				return a, err
			}
			if alone.Alike, err = alikeKeys(ctx, u.vault, known); err != nil {
				return a, err
			}
			break
		}
	}
	p := &pairing{by: u.by, now: u.now(), pol: u.pol, why: "merge undone: " + why}
	for _, product := range slices.Sorted(maps.Keys(b.Leads)) {
		if err := u.part(ctx, p, part, b.Leads[product], b.ID); err != nil {
			return a, err
		}
		// Its own lead that went on as the other one's comes back, unless a later one
		// has taken its place.
		if was := part.Before.Leads[product]; was != "" && alone.Leads[product] == was {
			if err := u.part(ctx, p, part, was, a.ID); err != nil {
				return a, err
			}
		}
	}
	change, err := p.change(alone, again)
	if err != nil {
		return a, err
	}
	alone.Version++
	return alone, u.store.Commit(ctx, change)
}

// part gives a lead back to its person: one that was absorbed goes on where it was,
// and what the other one took over goes back.
func (u uniter) part(ctx context.Context, p *pairing, part lead.Part, id, person string) error {
	l, err := u.store.Lead(ctx, id)
	if err != nil {
		return err
	}
	if l.State != lead.StateMerged || l.Merged == nil {
		if l.Person == person {
			return nil
		}
		p.add(l, lead.Join{Person: person, Undone: true})
		return nil
	}
	if l.Merged.From != person {
		return nil
	}
	rep, err := u.back(ctx, p, l)
	if err != nil {
		return err
	}
	score, err := u.score(ctx, l)
	if err != nil {
		return err
	}
	p.give(l, rep, lead.Restore{Rep: rep.ID, Why: p.why}, score)
	return u.giveBack(ctx, p, l)
}

// back is the rep who had an absorbed lead and can have it again; the zero Rep where
// there is none.
func (u uniter) back(ctx context.Context, p *pairing, l lead.Lead) (lead.Rep, error) {
	id := l.Merged.Rep
	if id == "" || p.gets(id) {
		return lead.Rep{}, nil
	}
	rep, err := u.store.Rep(ctx, id)
	switch {
	case lead.KindOf(err) == lead.NotFound:
		return lead.Rep{}, nil
	case err != nil:
		return rep, err
	case !rep.Active || rep.Cap != nil && rep.Holding >= *rep.Cap:
		return lead.Rep{}, nil
	}
	return rep, nil
}

// giveBack takes from a lead what it had taken over from one that is restored.
func (u uniter) giveBack(ctx context.Context, p *pairing, off lead.Lead) error {
	on, err := u.store.Lead(ctx, off.Merged.Into)
	if err != nil {
		return err
	}
	history, err := wholeHistory(ctx, u.store, on.ID)
	if err != nil {
		return err
	}
	give := lead.Return(lead.Without(history, off.ID))
	give.Touches = on.Touches - give.Touches
	after, _, err := lead.Run(on, u.by, u.pol.Rules(on.Team), p.now, give)
	if err != nil {
		return err
	}
	score, err := u.score(ctx, after)
	if err != nil {
		return err
	}
	p.add(on, give, score)
	return nil
}
