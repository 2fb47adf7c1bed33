package sim

import (
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// teamOf is a team of the policy with which the world began: teams stay.
func (p *people) teamOf(id string) policy.Team {
	if i := slices.IndexFunc(p.world.doc.Teams, func(t policy.Team) bool { return t.ID == id }); i >= 0 {
		return p.world.doc.Teams[i]
	}
	return policy.Team{}
}

// dispatch is what a team's dispatcher does about a lead in triage: most are
// assigned, some parked or thrown away, some left lying.
func (p *people) dispatch(s *standing) {
	team := p.teamOf(s.team)
	in := p.untilDue(s, 3*time.Hour)
	switch roll := p.world.random.Float64(); {
	case roll < p.mood.ignores:
	case roll < p.mood.ignores+p.mood.parks:
		p.later(in, s, doing{user: team.Dispatcher, what: "recycle", body: map[string]any{"reason": "not ripe"}})
	case roll < p.mood.ignores+p.mood.parks+p.mood.dumps:
		p.later(in, s, doing{user: team.Dispatcher, what: "junk", body: map[string]any{"reason": "nothing to be sold"}})
	default:
		p.assign(in, s, team.Dispatcher)
		if p.chance(p.mood.hasty) { // the manager had the same idea
			p.assign(in, s, team.Manager)
		}
	}
}

// assign gives a lead in triage to a rep of the team, to another where that one
// may not take it, and parks it where nobody may.
func (p *people) assign(in time.Duration, s *standing, user string) {
	park := doing{user: user, lead: s.id, what: "recycle", body: map[string]any{"reason": "nobody to take it"}}
	first := p.anybody(s.team, "")
	second := p.anybody(s.team, first)
	give := func(rep string, then func(status int)) doing {
		return doing{user: user, lead: s.id, what: "assign", target: rep, body: map[string]any{"rep": rep}, then: then}
	}
	refused := func(status int) bool { return status >= 400 && status < 500 && s.state == lead.StateTriage }
	parks := func(status int) {
		if refused(status) {
			p.does(park)
		}
	}
	switch {
	case first == "":
		p.later(in, s, park)
	case second == "":
		p.later(in, s, give(first, parks))
	default:
		p.later(in, s, give(first, func(status int) {
			if refused(status) {
				p.after(p.soon(10*time.Minute), func() { p.does(give(second, parks)) })
			}
		}))
	}
}

// confirm is customer success's.
func (p *people) confirm(s *standing, forgets float64) {
	if !p.chance(forgets) {
		p.later(p.untilDue(s, 12*time.Hour), s, doing{user: p.role(policy.RoleCustomerSuccess), what: "confirm"})
	}
}

// escalated is what a manager, once told, does or has done.
func (p *people) escalated(s *standing) {
	switch s.state {
	case lead.StateConverted:
		p.confirm(s, p.mood.forgets)
	case lead.StateUnverified:
		p.verify(s, p.teamOf(s.team).Manager)
	case lead.StateTriage:
		if !p.chance(p.mood.forgets) {
			p.assign(p.untilDue(s, 2*time.Hour), s, p.teamOf(s.team).Manager)
		}
	}
}

// role is a user of a role.
func (p *people) role(role policy.Role) string {
	i := slices.IndexFunc(p.world.doc.Users, func(u policy.User) bool { return u.Has(role) })
	return p.world.doc.Users[i].ID
}

// reading plans the day's looks at lists that nothing follows from.
func (p *people) reading(start time.Time) {
	for range p.whole(p.mood.checks) {
		p.at(start.Add(p.hour()), p.readSomething)
	}
}

func (p *people) readSomething() {
	r := p.world.random
	ops := p.role(policy.RoleOps)
	rep := pick(r, p.crew).id
	switch r.IntN(8) {
	case 0:
		p.reads(ops, "/api/quarantine", nil, nil)
	case 1:
		team := pick(r, p.world.doc.Teams)
		p.reads(team.Dispatcher, "/api/teams/"+team.ID+"/triage", nil, nil)
	case 2:
		p.reads(ops, "/api/reps", nil, nil)
	case 3:
		if len(p.accepted) > 0 {
			p.reads(p.role(policy.RoleMarketer), "/api/submissions/"+pick(r, p.accepted), nil, nil)
		}
	case 4:
		p.reads(rep, "/api/pools", nil, nil)
	case 5, 6:
		p.reads(rep, "/api/inbox", nil, nil)
	default:
		if len(p.order) == 0 {
			return
		}
		path := "/api/leads/" + pick(r, p.order)
		if r.IntN(2) == 0 {
			path += "/timeline"
		}
		p.reads(pick(r, []string{ops, rep, p.role(policy.RoleManager)}), path, nil, nil)
	}
}
