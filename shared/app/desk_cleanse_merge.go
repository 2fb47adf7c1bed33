package app

import (
	"context"
	"errors"

	"sluice/shared/lead"
)

// Merging says which two persons are one, each named by their id or by that of one of
// their leads. Version, where it is not 0, is that of the first as the user saw it.
type Merging struct {
	Person  string `json:"-"`
	With    string `json:"with"`
	Why     string `json:"why,omitempty"`
	Version int    `json:"-"`
}

// Division takes back the last merge of a person. With, where it is given, is who was
// merged: any other merge is left alone.
type Division struct {
	Person  string `json:"-"`
	With    string `json:"with,omitempty"`
	Why     string `json:"why,omitempty"`
	Version int    `json:"-"`
}

// errAgreed says that what is asked for has been done before.
var errAgreed = errors.New("done before")

// errSeen refuses what was decided on a person who has changed since.
func errSeen() error {
	return &lead.Error{Kind: lead.Conflict, Field: "version", Cause: ErrMoved,
		Text: "the person has changed since you looked: look again, then decide"}
}

// decider is the user in the role in which they decide who is who.
func (d *Desk) decider(ctx context.Context, u User) (viewer, uniter, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return v, uniter{}, err
	}
	role := v.cleansing()
	switch {
	case role == "" && v.sightOfPersons() == unseen:
		return v, uniter{}, noPerson()
	case role == "":
		return v, uniter{}, lead.Errorf(lead.Denied, "only the cleansing team decides who is who")
	}
	pol, err := d.Policy.Get(ctx)
	return v, uniter{store: d.Store, vault: d.Vault, pol: pol, by: u.actor(role), now: d.Now}, err
}

// Merge makes two persons one; the one who was known first goes on, and is returned.
// Two who are one already stay as they are.
func (d *Desk) Merge(ctx context.Context, u User, m Merging) (PersonView, error) {
	why, err := field{"why", m.Why}.reason()
	if err != nil {
		return PersonView{}, err
	}
	v, unite, err := d.decider(ctx, u)
	if err != nil {
		return PersonView{}, err
	}
	first, second, err := d.two(ctx, m.Person, m.With)
	if err != nil {
		return PersonView{}, err
	}
	unite.check = func(a, b lead.Person) error {
		switch {
		case a.ID == b.ID:
			return errAgreed
		case m.Version != 0 && a.Version != m.Version:
			return errSeen()
		}
		return nil
	}
	after, err := unite.merge(ctx, first.ID, second.ID, why)
	if errors.Is(err, errAgreed) {
		after, err = personOf(ctx, d.Store, first.ID)
	}
	if err != nil {
		return PersonView{}, err
	}
	d.Log.InfoContext(ctx, "merge", "outcome", "one", "user", u.ID, "person", after.ID)
	return d.person(ctx, v, after)
}

// two reads two persons who are named as different ones.
func (d *Desk) two(ctx context.Context, person, with string) (a, b lead.Person, err error) {
	switch with {
	case "":
		return a, b, field{"with", ""}.invalid("say who the other person is: by their id, or by that of one of their leads")
	case person:
		return a, b, field{"with", ""}.invalid("this is the same person: name another one")
	}
	if a, err = d.personNamed(ctx, person); err != nil {
		return a, b, err
	}
	if b, err = d.personNamed(ctx, with); err != nil && lead.KindOf(err) == lead.NotFound {
		err = field{"with", ""}.invalid("there is no such person or lead")
	}
	return a, b, err
}

// Divide takes the last merge of a person back. What happened since stays with the
// person, who is returned.
func (d *Desk) Divide(ctx context.Context, u User, m Division) (PersonView, error) {
	why, err := field{"why", m.Why}.reason()
	if err != nil {
		return PersonView{}, err
	}
	v, unite, err := d.decider(ctx, u)
	if err != nil {
		return PersonView{}, err
	}
	p, err := d.personNamed(ctx, m.Person)
	if err != nil {
		return PersonView{}, err
	}
	unite.check = func(a, b lead.Person) error {
		switch {
		case m.With != "" && b.ID != m.With && !partOf(a, m.With):
			return lead.Errorf(lead.Conflict, "this merge was undone before, or never made: look at the person again")
		case m.With != "" && b.ID != m.With:
			return lead.Errorf(lead.Conflict, "another merge came after this one: undo that first")
		case m.Version != 0 && a.Version != m.Version:
			return errSeen()
		}
		return nil
	}
	after, err := unite.divide(ctx, p.ID, why)
	if err != nil {
		return PersonView{}, err
	}
	d.Log.InfoContext(ctx, "merge", "outcome", "undone", "user", u.ID, "person", after.ID)
	return d.person(ctx, v, after)
}

func partOf(p lead.Person, id string) bool {
	for _, part := range p.Parts {
		if part.Person == id {
			return true
		}
	}
	return false
}

// Apart notes on both persons that the two are not one, so that nobody asks again.
func (d *Desk) Apart(ctx context.Context, u User, person, with string) (PersonView, error) {
	v, _, err := d.decider(ctx, u)
	if err != nil {
		return PersonView{}, err
	}
	first, second, err := d.two(ctx, person, with)
	if err != nil {
		return PersonView{}, err
	}
	for range deskAttempts {
		a, err := d.setApart(ctx, first.ID, second.ID)
		var refused *lead.Refused
		if errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return PersonView{}, err
		}
		return d.person(ctx, v, a)
	}
	return PersonView{}, lead.Errorf(lead.Unavailable, "several people changed this at the same moment: try again")
}

func (d *Desk) setApart(ctx context.Context, first, second string) (lead.Person, error) {
	a, err := personOf(ctx, d.Store, first)
	if err != nil {
		return a, err
	}
	b, err := personOf(ctx, d.Store, second)
	if err != nil {
		return a, err
	}
	if a.ID == b.ID {
		return a, lead.Errorf(lead.Conflict, "the two were merged meanwhile: undo that merge where they are not one")
	}
	afterA, err := d.settled(ctx, a, b.ID)
	if err != nil {
		return a, err
	}
	afterB, err := d.settled(ctx, b, a.ID)
	if err != nil {
		return a, err
	}
	afterA.Version++
	afterB.Version++
	return afterA, d.Store.Commit(ctx, lead.Change{Person: &afterA, Also: []lead.Change{{Person: &afterB}}})
}

// settled is a person who is not another one: without any doubt about whoever was
// merged into that one.
func (d *Desk) settled(ctx context.Context, p lead.Person, other string) (lead.Person, error) {
	var ids []string
	for _, doubt := range p.Doubts {
		ids = append(ids, doubt.With)
	}
	now, err := d.followed(ctx, ids)
	if err != nil {
		return p, err
	}
	for _, id := range ids {
		if known, ok := now[id]; ok && (known.ID == other || known.ID == p.ID) {
			p = p.Settled(id, false)
		}
	}
	return p.Settled(other, true), nil
}
