package app

import (
	"context"
	"errors"
	"slices"

	"sluice/shared/lead"
)

// Claim takes a lead out of a pool that the rep is a member of.
func (d *Desk) Claim(ctx context.Context, u User, on Target) (LeadView, error) {
	return d.done(ctx, u, on, claimed)
}

// claimed plans a claim.
func claimed(u viewer, l lead.Lead) (plan, error) {
	if u.rep() == "" {
		return plan{}, u.refuse(l, "only reps claim leads")
	}
	if l.State != lead.StatePooled { // gone meanwhile: the decision says so
		l.Pool = u.pol.Rules(l.Team).Pool
	}
	if !u.memberOf(l.Pool) {
		return plan{}, u.refuse(l, "you are not a member of this pool")
	}
	if pool, _ := u.pol.Pool(l.Pool); pool.Assigned {
		return plan{}, u.refuse(l, "the admins of this pool assign its leads")
	}
	team := u.claimTeam(l)
	return plan{by: u.actor(RoleRep), rules: u.pol.Rules(team), most: u.pol.ClaimLimit(l.Pool),
		command: lead.Claim{Rep: u.Rep, Team: team}}, nil
}

// claimsMost bounds the leads that are claimed together.
const claimsMost = 50

// Claims tells what came of claiming many leads, in the order asked.
type Claims struct {
	Claimed int     `json:"claimed"`
	Leads   []Claim `json:"leads"`
}

// Claim is what came of claiming one lead.
type Claim struct {
	Lead    string `json:"lead"`
	Claimed bool   `json:"claimed"`
	Why     string `json:"why,omitempty"` // it was not
}

// ClaimMany claims leads of a pool one after the other, each for itself. Where the
// rep comes to a limit, or the store cannot be reached, the rest are not tried and
// are told so.
func (d *Desk) ClaimMany(ctx context.Context, u User, pool string, ids []string) (Claims, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Claims{}, err
	}
	if !has(v.pol.Pool(pool)) || !v.seesPool(pool) {
		return Claims{}, noPool()
	}
	if len(ids) == 0 || len(ids) > claimsMost {
		return Claims{}, field{"leads", ""}.invalid("name 1 to %d leads", claimsMost)
	}
	for i, id := range ids {
		if !isID(id) || slices.Contains(ids[:i], id) {
			return Claims{}, field{"leads", ""}.invalid("give each lead once, by its id")
		}
	}
	if _, err := claimed(v, lead.Lead{State: lead.StatePooled, Pool: pool}); err != nil {
		return Claims{}, err
	}
	leads, err := d.Store.Leads(ctx, ids)
	if err != nil {
		return Claims{}, err
	}
	out := Claims{Leads: make([]Claim, len(ids))}
	stopped := ""
	for i, id := range ids {
		one := &out.Leads[i]
		if one.Lead, one.Why = id, stopped; stopped != "" {
			continue
		}
		at := slices.IndexFunc(leads, func(l lead.Lead) bool { return l.ID == id })
		if at < 0 {
			one.Why = notFound().Error()
			continue
		}
		if err = d.claimOf(ctx, &v, leads[at], pool); err == nil {
			one.Claimed = true
			out.Claimed++
			continue
		}
		one.Why = claimFault(err)
		if errors.Is(err, errFull) || lead.KindOf(err) == lead.Unavailable {
			stopped = one.Why
		}
	}
	return out, nil
}

// claimOf claims one lead of the pool and counts it on the record that was read.
func (d *Desk) claimOf(ctx context.Context, v *viewer, l lead.Lead, pool string) error {
	after, _, err := d.act(ctx, *v, l, Target{Lead: l.ID}, func(u viewer, l lead.Lead) (plan, error) {
		if l.State == lead.StatePooled && l.Pool != pool {
			return plan{}, u.refuse(l, "the lead is in another pool")
		}
		return claimed(u, l)
	})
	if err != nil {
		return err
	}
	move := lead.RepMove{Rep: v.Rep, Team: after.Team, Kind: lead.MoveClaim}
	move.Expect(v.record, d.Now())
	v.record = move.Count(v.record)
	return nil
}

// claimFault is what to tell of a claim that failed.
func claimFault(err error) string {
	var e *lead.Error
	if errors.As(err, &e) && e.Text != "" {
		return e.Text
	}
	return "this cannot be done right now: try again in a moment"
}

// Reveal shows a member of a pool the contact data of a lead that nobody has
// claimed, in this one answer. Each look is counted for the day and kept in the
// history.
func (d *Desk) Reveal(ctx context.Context, u User, on Target) (LeadView, error) {
	v, l, err := d.look(ctx, u, on.Lead)
	if err != nil {
		return LeadView{}, err
	}
	after, _, err := d.act(ctx, v, l, on, func(u viewer, l lead.Lead) (plan, error) {
		switch most := u.pol.RevealLimit(l.Pool); {
		case u.rep() == "" || l.State == lead.StatePooled && !u.memberOf(l.Pool):
			return plan{}, u.refuse(l, "only members of the pool look at its leads")
		case u.sight(l) == unseen:
			return plan{}, u.gone(l)
		case l.State == lead.StatePooled && most <= 0:
			return plan{}, lead.Errorf(lead.Denied, "this pool shows no contact data before a claim")
		default:
			return plan{by: u.actor(RoleRep), rules: u.pol.Rules(l.Team), most: most, command: lead.Reveal{Rep: u.Rep}}, nil
		}
	})
	if err != nil {
		return LeadView{}, err
	}
	d.revealed(ctx, u, []lead.Lead{after}, func(lead.Lead) sight { return full })
	return d.view(ctx, v, after, shown{contact: full})
}

// Assign offers a lead to a rep by hand: a dispatcher from triage, a manager from a
// pool too, an admin of the pool to its members. Else the rep is of the lead's team
// or of another one of theirs.
func (d *Desk) Assign(ctx context.Context, u User, on Target, rep string) (LeadView, error) {
	if rep == "" {
		return LeadView{}, field{"rep", ""}.invalid("say who gets the lead")
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if u.overLead(l) == "" {
			return u.planOver(l, nil)
		}
		to, team, err := d.receiver(ctx, u, l, rep)
		if err != nil {
			return plan{}, err
		}
		p, err := u.planOver(l, lead.Assign{Rep: rep, Team: team})
		p.rules, p.to = u.pol.Rules(team), to
		return p, err
	})
}

// receiver reads a rep to whom the user may give the lead, and says for which team
// the rep works it.
func (d *Desk) receiver(ctx context.Context, u viewer, l lead.Lead, rep string) (lead.Rep, string, error) {
	to, err := d.Store.Rep(ctx, rep)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return to, "", err
	}
	if err == nil && u.overLead(l) != byAdmin {
		team := teamFor(l, to.Teams, func(team string) bool { return slices.Contains(u.Teams, team) })
		if slices.Contains(to.Teams, team) {
			return to, team, nil
		}
	}
	if err == nil && l.State == lead.StatePooled && u.adminOf(l.Pool) && u.pol.IsMember(l.Pool, to) {
		return to, teamFor(l, to.Teams, func(team string) bool { return slices.Contains(restingPlaces(u.pol.Rules(team)), l.Pool) }), nil
	}
	if u.overLead(l) == byAdmin {
		return to, "", field{"rep", rep}.invalid("there is no such rep among the members of the pool")
	}
	return to, "", field{"rep", rep}.invalid("there is no such rep in your teams")
}

// Members lists the reps who are members of a pool, by name; to its admins and
// managers.
func (d *Desk) Members(ctx context.Context, u User, pool string) ([]RepView, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return nil, err
	}
	if !has(v.pol.Pool(pool)) || !v.looksAfter(pool) {
		return nil, noPool()
	}
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return nil, err
	}
	return d.repViews(reps, func(r lead.Rep) bool { return v.pol.IsMember(pool, r) }), nil
}

func noPool() error { return lead.Errorf(lead.NotFound, "there is no such pool for you") }
