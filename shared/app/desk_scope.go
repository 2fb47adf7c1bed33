package app

import (
	"context"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// sight is how much of a lead a user sees.
type sight int

const (
	unseen sight = iota // as if there were none
	blind               // without contact data and notes
	masked              // contact data masked, notes closed
	full                // everything
)

// viewer is a user with what decides on their scope: the policy in effect, and
// the rep's record for who is one.
type viewer struct {
	User
	pol    *policy.Directory
	record lead.Rep
	now    time.Time
}

// viewer is the user as the lists and places see them.
func (d *Desk) viewer(ctx context.Context, u User) (viewer, error) {
	v := viewer{User: u, now: d.Now()}
	var err error
	if v.pol, err = d.Policy.Directory(ctx); err != nil || u.rep() == "" {
		return v, err
	}
	v.record, err = d.Store.Rep(ctx, u.Rep)
	if err != nil && lead.KindOf(err) == lead.NotFound { // a user of the policy without a record yet
		v.record, err = lead.Rep{ID: u.Rep}, nil
	}
	return v, err
}

// look reads the lead that somebody asks about, of a rep together with their
// record.
func (d *Desk) look(ctx context.Context, u User, id string) (viewer, lead.Lead, error) {
	v := viewer{User: u, now: d.Now()}
	var err error
	if v.pol, err = d.Policy.Directory(ctx); err != nil {
		return v, lead.Lead{}, err
	}
	var l lead.Lead
	if l, v.record, err = d.Store.LeadAndRep(ctx, id, u.rep()); err != nil {
		return v, lead.Lead{}, missing(err)
	}
	v.record.ID = u.rep() // of a user of the policy without a record yet, too
	return v, l, nil
}

// seen reads a lead as look does, and how much of it the user sees: something, or it
// is not found.
func (d *Desk) seen(ctx context.Context, u User, id string) (viewer, lead.Lead, sight, error) {
	v, l, err := d.look(ctx, u, id)
	if err != nil {
		return v, l, unseen, err
	}
	sees, err := d.sees(ctx, v, l)
	if err == nil && sees == unseen {
		err = v.gone(l)
	}
	return v, l, sees, err
}

// memberOf reports whether the user is a rep who is a member of a pool.
func (u viewer) memberOf(pool string) bool {
	return u.rep() != "" && pool != "" && u.pol.IsMember(pool, u.record)
}

// adminOf reports whether the user is an admin of a pool.
func (u viewer) adminOf(pool string) bool {
	found, ok := u.pol.Pool(pool)
	return ok && slices.Contains(found.Admins, u.ID)
}

// over reports whether the user has one of the roles over a team.
func (u User) over(team string, roles ...string) bool {
	return u.Is(roles...) && slices.Contains(u.Teams, team)
}

// sight tells how much of a lead the user sees: the most that any role gives.
func (u viewer) sight(l lead.Lead) sight {
	most := unseen
	give := func(s sight, entitled bool) {
		if entitled {
			most = max(most, s)
		}
	}
	give(blind, u.Is(RoleMarketer, RoleOps))
	give(full, u.Is(RoleSuccess) && (l.State == lead.StateConverted || l.State == lead.StateCustomer))
	give(full, u.rep() != "" && l.Owner() == u.rep())
	give(full, l.State == lead.StateUnverified && u.cleansing() != "")
	if l.State == lead.StatePooled { // masked for everybody until claimed
		give(masked, u.seesPool(l.Pool) || u.over(l.Team, RoleManager))
		return most
	}
	if l.State == lead.StateMerged { // beyond this as much as of the lead that goes on: see [Desk.sees]
		give(blind, u.over(l.Team, RoleManager))
		return most
	}
	give(full, u.over(l.Team, RoleManager))
	give(full, u.over(l.Team, RoleDispatcher) && waits(l))
	return most
}

// sees tells how much of a lead the user sees. Of one that was merged they see as much
// as of the one that goes on: its history is that one's, too.
func (d *Desk) sees(ctx context.Context, u viewer, l lead.Lead) (sight, error) {
	most := u.sight(l)
	for range hopsMost {
		if l.State != lead.StateMerged || l.Merged == nil {
			break
		}
		var err error
		if l, err = d.Store.Lead(ctx, l.Merged.Into); err != nil {
			return most, err
		}
		most = max(most, u.sight(l))
	}
	return most, nil
}

// waits reports whether a lead is in the list of its team's dispatcher: to be
// placed by hand, or waiting for a shift.
func waits(l lead.Lead) bool { return l.State == lead.StateTriage || !l.Wait.IsZero() }

// seesPool reports whether the user sees what rests in a pool: its members and
// admins, the managers of teams whose leads rest there, and ops.
func (u viewer) seesPool(pool string) bool {
	return u.memberOf(pool) || u.looksAfter(pool) || u.Is(RoleOps)
}

// looksAfter reports whether a pool is the user's to look after: its admins' and
// that of the managers of teams whose leads rest there.
func (u viewer) looksAfter(pool string) bool {
	return u.adminOf(pool) || slices.ContainsFunc(u.Teams, func(team string) bool {
		return u.over(team, RoleManager) && slices.Contains(restingPlaces(u.pol.Rules(team)), pool)
	})
}

// restingPlaces are the pools in which a team's leads rest by themselves.
func restingPlaces(r lead.Rules) []string {
	places := []string{r.Pool}
	for _, s := range r.Segments {
		if !slices.Contains(places, s.Pool) {
			places = append(places, s.Pool)
		}
	}
	return places
}

// seesTriage reports whether the user sees what waits for a team's dispatcher.
func (u viewer) seesTriage(team string) bool {
	return u.over(team, RoleDispatcher, RoleManager) || (u.Is(RoleOps) && has(u.pol.Team(team)))
}

// gone is the answer for a lead that the user does not see. Somebody who had it
// before knows that it exists and is told what happened.
func (u viewer) gone(l lead.Lead) error {
	had := slices.ContainsFunc(l.Owners, func(o lead.Owner) bool { return o.Rep == u.rep() })
	if u.rep() != "" && had && l.State == lead.StateMerged {
		return lead.Errorf(lead.Denied, "the lead is no longer yours: it was merged with another one of the same person")
	}
	if u.rep() != "" && had {
		return lead.Errorf(lead.Denied, "the lead is no longer yours: it was taken back or given away")
	}
	return notFound()
}

func notFound() error { return lead.Errorf(lead.NotFound, "there is no such lead") }

// overLead is the role in which the user decides on a lead that waits for a
// dispatcher or rests in a pool, "" where they may not.
func (u viewer) overLead(l lead.Lead) string {
	switch {
	case u.over(l.Team, RoleDispatcher) && waits(l):
		return RoleDispatcher
	case u.over(l.Team, RoleManager):
		return RoleManager
	case l.State == lead.StatePooled && u.adminOf(l.Pool):
		return byAdmin
	case l.State == lead.StateUnverified:
		return u.cleansing()
	}
	return ""
}
