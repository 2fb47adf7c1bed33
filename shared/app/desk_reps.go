package app

import (
	"cmp"
	"context"
	"maps"
	"net/mail"
	"slices"
	"strings"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// RepView is a rep's record with its counters.
type RepView struct {
	lead.Rep
	Holding int            `json:"holding"`          // leads held now
	Today   int            `json:"today"`            // assigned today, in the rep's zone
	Claims  int            `json:"claims"`           // claimed today
	Reveals int            `json:"reveals"`          // looks today at contact data of pooled leads
	Turns   map[string]int `json:"turns,omitempty"`  // team → leads given by distribution, ever
	Tried   map[string]int `json:"tried,omitempty"`  // channel → leads worked to an outcome
	Won     map[string]int `json:"won,omitempty"`    // channel → those that converted
	Months  map[string]int `json:"months,omitempty"` // month in UTC, 2006-01 → conversions
}

func (d *Desk) repView(r lead.Rep) RepView {
	v := RepView{Rep: r, Holding: r.Holding, Turns: r.Turns, Tried: r.Tried, Won: r.Won, Months: r.Months}
	v.Today, v.Claims = r.CountToday(d.Now())
	v.Reveals = r.RevealsToday(d.Now())
	if v.Shifts == nil { // an empty list, not nothing, for programs
		v.Shifts = []lead.Shift{}
	}
	return v
}

// seesRep reports whether the user sees a rep's record: ops every one, managers
// and dispatchers those of their teams, reps their own.
func (u User) seesRep(r lead.Rep) bool {
	return u.Is(RoleOps) || (u.rep() != "" && r.ID == u.rep()) ||
		slices.ContainsFunc(r.Teams, func(t string) bool { return u.over(t, RoleManager, RoleDispatcher) })
}

// editsRep reports whether the user may change a rep's record: ops every one,
// managers those of their teams.
func (u User) editsRep(r lead.Rep) bool {
	return u.Is(RoleOps) || slices.ContainsFunc(r.Teams, func(t string) bool { return u.over(t, RoleManager) })
}

// Reps lists the reps that the user sees, by name.
func (d *Desk) Reps(ctx context.Context, u User) ([]RepView, error) {
	if !u.Is(RoleOps, RoleManager, RoleDispatcher, RoleRep) {
		return nil, lead.Errorf(lead.Denied, "only managers, dispatchers and ops see the reps")
	}
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return nil, err
	}
	return d.repViews(reps, u.seesRep), nil
}

// repViews shows some of the reps, by name.
func (d *Desk) repViews(reps []lead.Rep, some func(lead.Rep) bool) []RepView {
	views := []RepView{}
	for _, r := range reps {
		if some(r) {
			views = append(views, d.repView(r))
		}
	}
	slices.SortFunc(views, func(a, b RepView) int {
		return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID)
	})
	return views
}

// TerritoryView is a territory by id and name; Depth is 0 for the widest.
type TerritoryView struct {
	ID, Name string
	Depth    int
}

// Territories lists the policy's territories, each before those inside it.
func (d *Desk) Territories(ctx context.Context) ([]TerritoryView, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	var list []TerritoryView
	var add func(level []route.Territory, depth int)
	add = func(level []route.Territory, depth int) {
		for _, t := range level {
			list = append(list, TerritoryView{ID: t.ID, Name: cmp.Or(t.Name, t.ID), Depth: depth})
			add(t.Inside, depth+1)
		}
	}
	add(pol.Document().Territories, 0)
	return list, nil
}

// Rep shows one rep.
func (d *Desk) Rep(ctx context.Context, u User, id string) (RepView, error) {
	r, err := d.Store.Rep(ctx, id)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return RepView{}, err
	}
	if err != nil || !u.seesRep(r) {
		return RepView{}, lead.Errorf(lead.NotFound, "there is no such rep for you")
	}
	return d.repView(r), nil
}

// PutRep adds a rep or changes a rep's record; Revision is the one that was
// read, 0 for a new rep. The counters are not touched: they move with leads
// alone. A manager changes reps of own teams and cannot put one into another.
// Switching Active off is how a rep leaves: no lead is offered any more.
func (d *Desk) PutRep(ctx context.Context, u User, r lead.Rep) (RepView, error) {
	if !u.Is(RoleOps, RoleManager) {
		return RepView{}, lead.Errorf(lead.Denied, "only managers and ops change reps")
	}
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return RepView{}, err
	}
	if err := checkRep(pol, &r); err != nil {
		return RepView{}, err
	}
	reps, err := d.Store.Reps(ctx)
	if err != nil {
		return RepView{}, err
	}
	at := indexRep(reps, r.ID)
	var before lead.Rep
	if at >= 0 {
		before = reps[at]
		if !u.editsRep(before) {
			return RepView{}, lead.Errorf(lead.NotFound, "there is no such rep for you")
		}
	}
	for _, team := range r.Teams {
		if !u.Is(RoleOps) && !slices.Contains(before.Teams, team) && !u.over(team, RoleManager) {
			return RepView{}, &lead.Error{Kind: lead.Denied, Field: "teams", Text: "you manage no team " + team}
		}
	}
	r.Turns = startTurns(pol, reps, before, r)
	if err := d.Store.PutRep(ctx, r); err != nil {
		return RepView{}, err
	}
	stored, err := d.Store.Rep(ctx, r.ID)
	if err != nil {
		return RepView{}, err
	}
	return d.repView(stored), nil
}

// startTurns gives a rep who is new in a team as many turns as the team's median
// rep had, so that the next leads neither all go to them nor all pass them by.
func startTurns(pol *policy.Directory, reps []lead.Rep, before, r lead.Rep) map[string]int {
	turns := map[string]int{}
	maps.Copy(turns, before.Turns)
	for _, team := range r.Teams {
		if slices.Contains(before.Teams, team) {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(reps), func(other lead.Rep) bool { return other.ID == r.ID })
		turns[team] = max(turns[team], pol.Median(others, team, r.ID))
	}
	return turns
}

// checkRep refuses a record that could not be worked with, naming the field.
func checkRep(pol *policy.Directory, r *lead.Rep) error {
	if !isID(r.ID) {
		return field{"id", r.ID}.invalid("an id has 1 to 64 small letters, digits, dots, dashes or underscores")
	}
	name, err := field{"name", r.Name}.line(reasonMax)
	if err != nil {
		return err
	}
	r.Name = name
	switch address, err := mail.ParseAddress(r.Email); {
	case name == "":
		return field{"name", ""}.invalid("give the rep's name")
	case err != nil || address.Address != r.Email || len(r.Email) > 254:
		return field{"email", ""}.invalid("give the rep's plain e-mail address, such as rep@example.com")
	case len(r.Teams) == 0:
		return field{"teams", ""}.invalid("name at least one team")
	case r.Revision < 0:
		return field{"rev", ""}.invalid("give the revision that you read, 0 for a new rep")
	case len(r.Language) > 35:
		return field{"language", ""}.invalid("give a language tag such as en or zh-CN")
	}
	for i, team := range r.Teams {
		if !has(pol.Team(team)) {
			return field{"teams", ""}.invalid("the policy has no team %q", cut(team, 64))
		}
		if slices.Contains(r.Teams[:i], team) {
			return field{"teams", ""}.invalid("team %q is named twice", team)
		}
	}
	if problems := pol.CheckRep(*r); len(problems) > 0 {
		return field{problems[0].Path, ""}.invalid("%s", problems[0].Text)
	}
	return nil
}

// isID reports whether a text serves as an id: of what is safe in keys and
// addresses.
func isID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	})
}
