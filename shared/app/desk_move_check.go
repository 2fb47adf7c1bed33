package app

import (
	"context"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// plan checks a removal and makes the job of it, before it has an id.
func (d *Desk) plan(ctx context.Context, u User, r Removal) (lead.Job, *policy.Policy, error) {
	none := func(err error) (lead.Job, *policy.Policy, error) { return lead.Job{}, nil, err }
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return none(err)
	}
	v := viewer{User: u, pol: pol.Directory}
	admin := r.From.Pool != "" && v.adminOf(r.From.Pool)
	if !u.Is(RoleManager) && !admin {
		return none(lead.Errorf(lead.Denied, "only managers move leads"))
	}
	reason, err := field{"reason", r.Reason}.reason()
	if err != nil {
		return none(err)
	}
	if reason == "" {
		return none(field{"reason", ""}.invalid("say why the leads are moved"))
	}
	if err := d.checkRemoval(ctx, v, r); err != nil {
		return none(err)
	}
	j := lead.Job{By: u.ID, Teams: u.Teams, At: d.Now().UTC().Truncate(time.Second), Why: reason, From: r.From, To: r.To}
	if admin { // of all that rests there, whoseever it is
		j.Teams = nil
		for _, team := range pol.Teams() {
			j.Teams = append(j.Teams, team.ID)
		}
	}
	return j, pol, nil
}

// checkRemoval refuses what cannot be meant or is not the user's to move.
func (d *Desk) checkRemoval(ctx context.Context, u viewer, r Removal) error {
	from, to := r.From, r.To
	origins := 0
	for _, given := range []bool{len(from.Leads) > 0, from.Rep != "", from.Team != "", from.Pool != ""} {
		if given {
			origins++
		}
	}
	switch {
	case r.Key != "" && (!isID(r.Key) || len(r.Key) > 48):
		return field{"key", ""}.invalid("give the key of the preview, or none")
	case origins != 1:
		return field{"from", ""}.invalid("say which leads: a list, all that a rep has, a team's, or a pool's")
	case len(from.Leads) > listMost:
		return field{"from.leads", ""}.invalid("name at most %d leads", listMost)
	case goals(to) != 1:
		return field{"to", ""}.invalid("say where to: a rep, a team, a pool, or the rules anew")
	case to.Rep != "" && to.Rep == from.Rep:
		return field{"to.rep", ""}.invalid("the rep has these leads already")
	case to.Pool != "" && to.Pool == from.Pool:
		return field{"to.pool", ""}.invalid("the leads are in that pool already")
	}
	for i, id := range from.Leads {
		if !isID(id) || slices.Contains(from.Leads[:i], id) {
			return field{"from.leads", ""}.invalid("give each lead once, by its id")
		}
	}
	if err := checkOrigin(u, from); err != nil {
		return err
	}
	return d.checkGoal(ctx, u, from, to)
}

func checkOrigin(u viewer, from lead.Origin) error {
	switch {
	case from.Territory != "" && from.Team == "":
		return field{"from.territory", ""}.invalid("name the team whose leads of the territory are meant")
	case from.Cohort != "" && from.Team == "":
		return field{"from.cohort", ""}.invalid("name the team whose leads of the class are meant")
	case from.Tag != "" && from.Pool == "":
		return field{"from.tag", ""}.invalid("name the pool whose leads of the tag are meant")
	case from.Team != "" && !u.over(from.Team, RoleManager):
		return field{"from.team", ""}.invalid("you manage no such team")
	case from.Territory != "" && !u.pol.HasTerritory(from.Territory):
		return field{"from.territory", ""}.invalid("there is no such territory")
	case from.Pool != "" && (!has(u.pol.Pool(from.Pool)) || !u.looksAfter(from.Pool)):
		return field{"from.pool", ""}.invalid("you look after no such pool")
	}
	for _, text := range []field{{"from.cohort", from.Cohort}, {"from.tag", from.Tag}} {
		if _, err := text.line(reasonMax); err != nil {
			return err
		}
	}
	return nil
}

// checkGoal refuses places to which the user moves no leads. Who is no more than an
// admin of the pool gives its leads to members, and to other pools of theirs.
func (d *Desk) checkGoal(ctx context.Context, u viewer, from lead.Origin, to lead.Goal) error {
	admin := !u.Is(RoleManager)
	switch {
	case to.Team != "" && !u.over(to.Team, RoleManager):
		return field{"to.team", ""}.invalid("you manage no such team")
	case to.Pool != "" && (!has(u.pol.Pool(to.Pool)) || admin && !u.adminOf(to.Pool)):
		return field{"to.pool", ""}.invalid("there is no such pool")
	case to.Anew && admin:
		return field{"to.anew", ""}.invalid("only managers send leads through the rules anew")
	}
	for _, one := range []struct{ name, rep string }{{"from.rep", from.Rep}, {"to.rep", to.Rep}} {
		if one.rep == "" {
			continue
		}
		r, err := d.Store.Rep(ctx, one.rep)
		if err != nil && lead.KindOf(err) != lead.NotFound {
			return err
		}
		mine := slices.ContainsFunc(r.Teams, func(team string) bool { return u.over(team, RoleManager) }) ||
			from.Pool != "" && u.adminOf(from.Pool) && u.pol.IsMember(from.Pool, r)
		if err != nil || !mine {
			return field{one.name, ""}.invalid("there is no such rep in your teams")
		}
	}
	return nil
}
