package app

import (
	"context"
	"slices"

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
}

// viewer is the user as the lists and places see them.
func (d *Desk) viewer(ctx context.Context, u User) (viewer, error) {
	v := viewer{User: u}
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
	v := viewer{User: u}
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

// memberOf reports whether the user is a rep who may claim out of a pool.
func (u viewer) memberOf(pool string) bool {
	return u.rep() != "" && pool != "" && u.pol.IsMember(pool, u.record)
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
	if l.State == lead.StatePooled { // masked for everybody until claimed
		give(masked, u.seesPool(l.Pool) || u.over(l.Team, RoleManager))
		return most
	}
	give(full, u.over(l.Team, RoleManager))
	give(full, u.over(l.Team, RoleDispatcher) && waits(l))
	return most
}

// waits reports whether a lead is in the list of its team's dispatcher: to be
// placed by hand, or waiting for a shift.
func waits(l lead.Lead) bool { return l.State == lead.StateTriage || !l.Wait.IsZero() }

// seesPool reports whether the user sees what rests in a pool: its members, the
// managers of teams whose leads rest there, and ops.
func (u viewer) seesPool(pool string) bool {
	return u.memberOf(pool) || u.Is(RoleOps) || slices.ContainsFunc(u.Teams, func(team string) bool {
		return u.over(team, RoleManager) && u.pol.Rules(team).Pool == pool
	})
}

// seesTriage reports whether the user sees what waits for a team's dispatcher.
func (u viewer) seesTriage(team string) bool {
	return u.over(team, RoleDispatcher, RoleManager) || (u.Is(RoleOps) && has(u.pol.Team(team)))
}

// gone is the answer for a lead that the user does not see. Somebody who had it
// before knows that it exists and is told what happened.
func (u viewer) gone(l lead.Lead) error {
	had := slices.ContainsFunc(l.Owners, func(o lead.Owner) bool { return o.Rep == u.rep() })
	if u.rep() != "" && had {
		return lead.Errorf(lead.Denied, "the lead is no longer yours: it was taken back or given away")
	}
	return notFound()
}

func notFound() error { return lead.Errorf(lead.NotFound, "there is no such lead") }

// Act names what a person can do with a lead.
type Act string

// The acts.
const (
	ActAccept      Act = "accept"
	ActReject      Act = "reject"
	ActLog         Act = "log"
	ActRelease     Act = "release"
	ActClaim       Act = "claim"
	ActHold        Act = "hold"
	ActRecycle     Act = "recycle"
	ActJunk        Act = "junk"
	ActLost        Act = "lost"
	ActUnreachable Act = "unreachable"
	ActConvert     Act = "convert"
	ActConfirm     Act = "confirm"
	ActAssign      Act = "assign"
	ActQualify     Act = "qualify"
	ActMove        Act = "move"
)

// acts lists what the user may do with a lead as it stands, the likeliest first.
// It is for showing: every act is decided when it is done.
func (u viewer) acts(l lead.Lead) []Act {
	acts := u.ofRep(l)
	switch l.State {
	case lead.StatePooled:
		if u.memberOf(l.Pool) {
			acts = append(acts, ActClaim)
		}
		if u.over(l.Team, RoleManager) {
			acts = append(acts, ActAssign)
		}
	case lead.StateTriage:
		if u.over(l.Team, RoleDispatcher, RoleManager) {
			acts = append(acts, ActAssign, ActRecycle, ActJunk)
		}
	case lead.StateRouting:
		if !l.Wait.IsZero() && u.over(l.Team, RoleDispatcher, RoleManager) {
			acts = append(acts, ActAssign)
		}
	case lead.StateConverted:
		if u.Is(RoleSuccess) {
			acts = append(acts, ActConfirm)
		}
	}
	if u.over(l.Team, RoleManager) && movable(l) {
		acts = append(acts, ActMove)
	}
	return acts
}

// ofRep lists what the rep who has a lead may do with it.
func (u viewer) ofRep(l lead.Lead) []Act {
	if u.rep() == "" || l.Owner() != u.rep() {
		return []Act{}
	}
	switch l.State {
	case lead.StateOffered:
		return []Act{ActAccept, ActReject}
	case lead.StateWorking, lead.StatePaused:
		acts := []Act{ActLog}
		if team, _ := u.pol.Team(l.Team); len(team.Verdicts) > 0 {
			acts = append(acts, ActQualify)
		}
		acts = append(acts, ActConvert)
		if l.State == lead.StateWorking {
			acts = append(acts, ActHold)
		}
		return append(acts, ActRecycle, ActRelease, ActLost, ActUnreachable, ActJunk)
	}
	return []Act{}
}

// movable reports whether a manager can move a lead: wherever somebody has it or
// it waits for somebody.
func movable(l lead.Lead) bool {
	switch l.State {
	case lead.StateOffered, lead.StateWorking, lead.StatePaused, lead.StateTriage, lead.StatePooled, lead.StateNurturing:
		return true
	}
	return !l.Wait.IsZero()
}

// overLead is the role in which the user decides on a lead that waits for a
// dispatcher, "" where they may not.
func (u viewer) overLead(l lead.Lead) string {
	switch {
	case u.over(l.Team, RoleDispatcher) && waits(l):
		return RoleDispatcher
	case u.over(l.Team, RoleManager):
		return RoleManager
	}
	return ""
}
