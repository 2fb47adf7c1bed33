package app

import (
	"slices"
	"time"

	"sluice/shared/lead"
)

// Act names what a person can do with a lead.
type Act string

// The acts.
const (
	ActAccept      Act = "accept"
	ActReject      Act = "reject"
	ActLog         Act = "log"
	ActRelease     Act = "release"
	ActClaim       Act = "claim"
	ActReveal      Act = "reveal"
	ActHold        Act = "hold"
	ActExtend      Act = "extend"
	ActDeal        Act = "deal"
	ActRecycle     Act = "recycle"
	ActJunk        Act = "junk"
	ActLost        Act = "lost"
	ActUnreachable Act = "unreachable"
	ActConvert     Act = "convert"
	ActConfirm     Act = "confirm"
	ActAssign      Act = "assign"
	ActQualify     Act = "qualify"
	ActMove        Act = "move"
	ActTag         Act = "tag"
	ActOptOut      Act = "opt-out"
	ActVerify      Act = "verify"
)

// acts lists what the user may do with a lead as it stands, the likeliest first.
// It is for showing: every act is decided when it is done.
func (u viewer) acts(l lead.Lead) []Act {
	acts := u.ofRep(l)
	manager, admin := u.over(l.Team, RoleManager), l.State == lead.StatePooled && u.adminOf(l.Pool)
	add := func(act Act, may bool) {
		if may && !slices.Contains(acts, act) {
			acts = append(acts, act)
		}
	}
	switch l.State {
	case lead.StatePooled:
		add(ActClaim, u.claims(l))
		add(ActReveal, u.memberOf(l.Pool) && u.pol.RevealLimit(l.Pool) > 0)
		add(ActAssign, manager || admin)
	case lead.StateTriage:
		for _, act := range []Act{ActAssign, ActRecycle, ActJunk} {
			add(act, u.over(l.Team, RoleDispatcher, RoleManager))
		}
	case lead.StateUnverified:
		for _, act := range []Act{ActVerify, ActJunk, ActOptOut} {
			add(act, u.overLead(l) != "")
		}
	case lead.StateRouting:
		add(ActAssign, !l.Wait.IsZero() && u.over(l.Team, RoleDispatcher, RoleManager))
	case lead.StateConverted:
		add(ActConfirm, u.Is(RoleSuccess))
	}
	add(ActMove, (manager || admin) && movable(l))
	add(ActExtend, manager && u.extends(l))
	add(ActTag, l.State.Open() && u.tags(l) != "")
	add(ActOptOut, manager)
	return acts
}

// ofRep lists what the rep who has a lead may do with it.
func (u viewer) ofRep(l lead.Lead) []Act {
	if u.rep() == "" || l.Owner() != u.rep() {
		return []Act{}
	}
	switch l.State {
	case lead.StateOffered:
		return []Act{ActAccept, ActReject, ActOptOut}
	case lead.StateWorking, lead.StatePaused:
	default:
		return []Act{}
	}
	acts := []Act{ActLog}
	if team, _ := u.pol.Team(l.Team); len(team.Verdicts) > 0 {
		acts = append(acts, ActQualify)
	}
	acts = append(acts, ActConvert, ActDeal)
	if l.State == lead.StateWorking && l.Period.Held < u.pol.Rules(l.Team).HoldMost {
		acts = append(acts, ActHold)
	}
	if u.extends(l) && !l.Period.Touched.IsZero() {
		acts = append(acts, ActExtend)
	}
	acts = append(acts, ActRecycle)
	if l.Cohort == "" { // else it stays with its class
		acts = append(acts, ActRelease)
	}
	return append(acts, ActLost, ActUnreachable, ActJunk, ActTag, ActOptOut)
}

// extends reports whether the policy and the lead allow an extension.
func (u viewer) extends(l lead.Lead) bool {
	rules := u.pol.Rules(l.Team)
	return (l.State == lead.StateWorking || l.State == lead.StatePaused) && !l.Period.Extended && rules.Extend > 0 && rules.Most > rules.Protect
}

// claims reports whether the user may claim a pooled lead now, as far as the lead
// and the pool tell.
func (u viewer) claims(l lead.Lead) bool {
	pool, _ := u.pol.Pool(l.Pool)
	return u.memberOf(l.Pool) && !pool.Assigned && !u.free(l).After(u.now) &&
		!l.HadBy(u.rep(), u.now, u.pol.Rules(u.claimTeam(l)).CoolOff)
}

// free is from when on a pooled lead can be claimed.
func (u viewer) free(l lead.Lead) time.Time {
	return l.Since.Add(u.pol.Rules(l.Team).Pools[l.Pool].Freeze)
}

// claimTeam is the team for which the user works a lead of a pool.
func (u viewer) claimTeam(l lead.Lead) string {
	return teamFor(l, u.record.Teams, func(team string) bool { return slices.Contains(restingPlaces(u.pol.Rules(team)), l.Pool) })
}

// tags is the role in which the user puts tags on a lead, "" where they may not.
func (u viewer) tags(l lead.Lead) string {
	if u.rep() != "" && l.Owner() == u.rep() || l.State == lead.StatePooled && u.memberOf(l.Pool) {
		return RoleRep
	}
	return u.overLead(l)
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
