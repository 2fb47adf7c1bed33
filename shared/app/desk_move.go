package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Verdict is what a qualifying team's rep found: one of the team's verdicts in
// the policy.
type Verdict struct {
	Verdict string `json:"verdict"`
	Note    string `json:"note,omitempty"`
}

// Qualify ends the work of a qualifying team: the lead is routed on by the
// verdict.
func (d *Desk) Qualify(ctx context.Context, u User, on Target, v Verdict) (LeadView, error) {
	note, err := d.seal(ctx, on, field{"note", v.Note})
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		p, err := u.planFor(l, lead.Qualify{Rep: u.Rep, Verdict: v.Verdict, Note: note})
		if err != nil {
			return p, err
		}
		switch team, _ := u.pol.Team(l.Team); {
		case len(team.Verdicts) == 0:
			return plan{}, lead.Errorf(lead.Conflict, "this team qualifies no leads for others: convert the lead or follow it up")
		case !slices.Contains(team.Verdicts, v.Verdict):
			return plan{}, field{"verdict", ""}.invalid("the verdicts of the team are %s", strings.Join(team.Verdicts, ", "))
		}
		return p, nil
	})
}

// Relocation says where a manager moves a lead: exactly one of a rep, a pool,
// and routing anew.
type Relocation struct {
	Rep    string `json:"rep,omitempty"`
	Pool   string `json:"pool,omitempty"`
	Anew   bool   `json:"anew,omitempty"`
	Reason string `json:"reason"`
}

// Move takes a lead of a manager's team elsewhere, whoever has it. A lead that was
// being worked on is the new rep's at once; any other is offered to them.
func (d *Desk) Move(ctx context.Context, u User, on Target, r Relocation) (LeadView, error) {
	reason, err := field{"reason", r.Reason}.reason()
	if err != nil {
		return LeadView{}, err
	}
	to := lead.Goal{Rep: r.Rep, Pool: r.Pool, Anew: r.Anew}
	if goals(to) != 1 {
		return LeadView{}, field{"rep", ""}.invalid("say where the lead goes: to a rep, to a pool, or through the rules anew")
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if !u.over(l.Team, RoleManager) {
			return plan{}, u.refuse(l, "only the team's manager moves leads")
		}
		p := plan{by: u.actor(RoleManager), rules: u.pol.Rules(l.Team)}
		move := lead.Move{Rep: r.Rep, Pool: r.Pool, Anew: r.Anew, Why: reason}
		if r.Pool != "" && !has(u.pol.Pool(r.Pool)) {
			return plan{}, field{"pool", ""}.invalid("there is no such pool")
		}
		if r.Rep != "" {
			if p.to, err = d.repOf(ctx, u, r.Rep); err != nil {
				return plan{}, err
			}
			move.Team = teamFor(l, p.to.Teams, func(team string) bool { return slices.Contains(u.Teams, team) })
			p.rules = u.pol.Rules(move.Team)
		}
		p.command = move
		return p, nil
	})
}

// repOf reads a rep of one of the user's teams.
func (d *Desk) repOf(ctx context.Context, u viewer, rep string) (lead.Rep, error) {
	to, err := d.Store.Rep(ctx, rep)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return to, err
	}
	if err != nil || !slices.ContainsFunc(to.Teams, func(team string) bool { return slices.Contains(u.Teams, team) }) {
		return to, field{"rep", ""}.invalid("there is no such rep in your teams")
	}
	return to, nil
}

func goals(to lead.Goal) int {
	n := 0
	for _, given := range []bool{to.Rep != "", to.Team != "", to.Pool != "", to.Anew} {
		if given {
			n++
		}
	}
	return n
}

// Removal asks for many leads to be moved.
type Removal struct {
	From   lead.Origin `json:"from"`
	To     lead.Goal   `json:"to"`
	Reason string      `json:"reason"`
	Key    string      `json:"key,omitempty"` // of a foresight: what is begun twice with it begins once
}

// listMost bounds the leads that one job names.
const listMost = 1000

// Foresight tells what a removal would do, as far as it looked: leads by where
// they stand, by who has them and by grade, who would get how many, and how many
// stay where they are, by reason.
type Foresight struct {
	Key     string             `json:"key"` // see [Removal]
	Leads   int                `json:"leads"`
	More    bool               `json:"more"` // there are more leads than were looked at
	States  map[lead.State]int `json:"states"`
	Grades  map[lead.Grade]int `json:"grades"`
	Owners  map[string]int     `json:"owners"`  // rep → leads
	Given   map[string]int     `json:"given"`   // rep → leads
	Moved   int                `json:"moved"`   // leads that would be
	Skipped map[string]int     `json:"skipped"` // why → leads
}

// foreseen bounds the leads that are looked at before a job begins.
const foreseen = 1000

// Foresee tells what a removal would do, without doing it.
func (d *Desk) Foresee(ctx context.Context, u User, r Removal) (Foresight, error) {
	j, pol, err := d.plan(ctx, u, r)
	if err != nil {
		return Foresight{}, err
	}
	m, err := newMover(ctx, d.Store, pol, d.Now())
	if err != nil {
		return Foresight{}, err
	}
	out := Foresight{Key: d.NewID(), States: map[lead.State]int{}, Grades: map[lead.Grade]int{}, Owners: map[string]int{}, Given: map[string]int{}, Skipped: map[string]int{}}
	j.Lists = lists(j.From, j.To, m.reps)
	for out.Leads < foreseen && len(j.Lists) > 0 {
		leads, err := m.page(ctx, &j)
		if err != nil {
			return Foresight{}, err
		}
		for _, f := range m.decide(&j, leads) {
			out.Leads++
			out.States[f.lead.State]++
			out.Grades[f.lead.Grade]++
			if owner := f.lead.Owner(); owner != "" {
				out.Owners[owner]++
			}
			if f.skip != "" {
				out.Skipped[f.skip]++
				continue
			}
			j.Give(f.to)
		}
	}
	out.More, out.Moved = len(j.Lists) > 0, j.Moved
	maps.Copy(out.Given, j.Given)
	return out, nil
}

// Remove begins a job that moves many leads; the sweep does it, a thousand or so
// a minute.
func (d *Desk) Remove(ctx context.Context, u User, r Removal) (JobView, error) {
	j, _, err := d.plan(ctx, u, r)
	if err != nil {
		return JobView{}, err
	}
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return JobView{}, err
	}
	j.ID, j.Version, j.Lists, j.Next = "j"+cmp.Or(r.Key, d.NewID()), 1, lists(j.From, j.To, reps), j.At
	if err := d.Store.PutJob(ctx, j); err != nil {
		if lead.KindOf(err) == lead.Conflict { // begun with this key before
			return d.Job(ctx, u, j.ID)
		}
		return JobView{}, err
	}
	d.Log.InfoContext(ctx, "removal", "user", u.ID, "job", j.ID)
	return jobView(j), nil
}

// plan checks a removal and makes the job of it, before it has an id.
func (d *Desk) plan(ctx context.Context, u User, r Removal) (lead.Job, *policy.Policy, error) {
	none := func(err error) (lead.Job, *policy.Policy, error) { return lead.Job{}, nil, err }
	if !u.Is(RoleManager) {
		return none(lead.Errorf(lead.Denied, "only managers move leads"))
	}
	reason, err := field{"reason", r.Reason}.reason()
	if err != nil {
		return none(err)
	}
	if reason == "" {
		return none(field{"reason", ""}.invalid("say why the leads are moved"))
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return none(err)
	}
	if err := d.checkRemoval(ctx, viewer{User: u, pol: pol.Directory}, r); err != nil {
		return none(err)
	}
	return lead.Job{By: u.ID, Teams: u.Teams, At: d.Now().UTC().Truncate(time.Second), Why: reason, From: r.From, To: r.To}, pol, nil
}

func (d *Desk) checkRemoval(ctx context.Context, u viewer, r Removal) error {
	from, to := r.From, r.To
	origins := 0
	for _, given := range []bool{len(from.Leads) > 0, from.Rep != "", from.Team != ""} {
		if given {
			origins++
		}
	}
	switch {
	case r.Key != "" && (!isID(r.Key) || len(r.Key) > 48):
		return field{"key", ""}.invalid("give the key of the preview, or none")
	case origins != 1:
		return field{"from", ""}.invalid("say which leads: a list, all that a rep has, or a team's")
	case from.Territory != "" && from.Team == "":
		return field{"from.territory", ""}.invalid("name the team whose leads of the territory are meant")
	case len(from.Leads) > listMost:
		return field{"from.leads", ""}.invalid("name at most %d leads", listMost)
	case goals(to) != 1:
		return field{"to", ""}.invalid("say where to: a rep, a team, a pool, or the rules anew")
	case to.Rep != "" && to.Rep == from.Rep:
		return field{"to.rep", ""}.invalid("the rep has these leads already")
	case from.Team != "" && !u.over(from.Team, RoleManager):
		return field{"from.team", ""}.invalid("you manage no such team")
	case to.Team != "" && !u.over(to.Team, RoleManager):
		return field{"to.team", ""}.invalid("you manage no such team")
	case to.Pool != "" && !has(u.pol.Pool(to.Pool)):
		return field{"to.pool", ""}.invalid("there is no such pool")
	case from.Territory != "" && !u.pol.HasTerritory(from.Territory):
		return field{"from.territory", ""}.invalid("there is no such territory")
	}
	for i, id := range from.Leads {
		if !isID(id) || slices.Contains(from.Leads[:i], id) {
			return field{"from.leads", ""}.invalid("give each lead once, by its id")
		}
	}
	for _, one := range []struct{ name, rep string }{{"from.rep", from.Rep}, {"to.rep", to.Rep}} {
		if one.rep == "" {
			continue
		}
		if _, err := d.repOf(ctx, u, one.rep); err != nil {
			if lead.KindOf(err) == lead.Invalid {
				err = field{one.name, ""}.invalid("there is no such rep in your teams")
			}
			return err
		}
	}
	return nil
}
