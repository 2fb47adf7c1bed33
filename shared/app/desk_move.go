package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"sluice/shared/lead"
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
// being worked on is the new rep's at once; any other is offered to them. An admin
// of a pool moves its leads to its members, and into other pools of theirs.
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
		role := u.overLead(l)
		if u.over(l.Team, RoleManager) {
			role = RoleManager
		}
		move := lead.Move{Rep: r.Rep, Pool: r.Pool, Anew: r.Anew, Why: reason}
		switch {
		case role != RoleManager && role != byAdmin:
			return plan{}, u.refuse(l, "only the team's manager moves leads")
		case role == byAdmin && r.Anew:
			return plan{}, u.refuse(l, "only the team's manager sends a lead through the rules anew")
		case r.Pool != "" && (!has(u.pol.Pool(r.Pool)) || role == byAdmin && !u.adminOf(r.Pool)):
			return plan{}, field{"pool", ""}.invalid("there is no such pool")
		}
		p := plan{by: u.actor(role), rules: u.pol.Rules(l.Team)}
		if r.Rep != "" {
			if p.to, move.Team, err = d.receiver(ctx, u, l, r.Rep); err != nil {
				return plan{}, err
			}
			p.rules = u.pol.Rules(move.Team)
		}
		p.command = move
		return p, nil
	})
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

// Cohort is a class of a team's schedule.
type Cohort struct{ Team, Name string }

// Cohorts lists the classes of the teams' schedules, in the policy's order.
func (d *Desk) Cohorts(ctx context.Context) ([]Cohort, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	var all []Cohort
	for _, team := range pol.Teams() {
		for _, step := range team.Distribution {
			for _, row := range step.Cohort {
				if class := (Cohort{team.ID, row.Name}); !slices.Contains(all, class) {
					all = append(all, class)
				}
			}
		}
	}
	return all, nil
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
	j.Lists = lists(pol.Directory, j.From, j.To, m.reps)
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
	j, pol, err := d.plan(ctx, u, r)
	if err != nil {
		return JobView{}, err
	}
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return JobView{}, err
	}
	j.ID, j.Version, j.Lists, j.Next = "j"+cmp.Or(r.Key, d.NewID()), 1, lists(pol.Directory, j.From, j.To, reps), j.At
	if err := d.Store.PutJob(ctx, j); err != nil {
		if lead.KindOf(err) == lead.Conflict { // begun with this key before
			return d.Job(ctx, u, j.ID)
		}
		return JobView{}, err
	}
	d.Log.InfoContext(ctx, "removal", "user", u.ID, "job", j.ID)
	return jobView(j), nil
}
