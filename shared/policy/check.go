package policy

import (
	"fmt"
	"slices"
	"strings"

	"sluice/shared/form"
	"sluice/shared/route"
	"sluice/shared/rule"
	"sluice/shared/score"
)

// Check lists everything that is wrong with a document beyond the shape that the
// schema holds it to: names that lead nowhere, doubles, expressions that do not
// compile, that can never hold or that are never reached.
func Check(d Document) []rule.Problem {
	_, unscored := score.Compile(d.Score)
	_, unrouted := route.Compile(List(d, 1).plan())
	_, unlikely := compileLikely(d)
	found := slices.Concat(references(d), formFaults(d), deadlineFaults(d), poolFaults(d), contactFaults(d), cleanseFaults(d), scoreFaults(d),
		under("score", unscored), unrouted, unlikely, misuses(d))
	return append(found, shadows(d, found)...)
}

// under puts problems of a part below its path.
func under(path string, problems []rule.Problem) []rule.Problem {
	moved := slices.Clone(problems)
	for i := range moved {
		moved[i].Path = path + "." + moved[i].Path
	}
	return moved
}

// checker collects problems.
type checker struct {
	problems []rule.Problem
}

func (c *checker) report(path, format string, args ...any) {
	c.problems = append(c.problems, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

// ids reports doubles and returns the ids, in order.
func ids[T any](c *checker, list string, all []T, id func(T) string) []string {
	var known []string
	for i, one := range all {
		switch {
		case slices.Contains(known, id(one)):
			c.report(fmt.Sprintf("%s[%d].id", list, i), "%q is taken: give every one of the %s an id of its own", id(one), list)
		case id(one) != "":
			known = append(known, id(one))
		}
	}
	return known
}

// refer reports a name that is not among the known ones.
func (c *checker) refer(path, kind, name string, known []string) {
	if name == "" || slices.Contains(known, name) {
		return
	}
	if len(known) == 0 {
		c.report(path, "there is no %s %q, nor any other: add it to the policy", kind, name)
		return
	}
	c.report(path, "there is no %s %q: use %s, or add it", kind, name, list(known))
}

func list(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// references checks that every name leads somewhere.
func references(d Document) []rule.Problem {
	c := &checker{}
	products := ids(c, "products", d.Products, func(p Product) string { return p.ID })
	ids(c, "forms", d.Forms, func(f form.Spec) string { return f.ID })
	teams := ids(c, "teams", d.Teams, func(t Team) string { return t.ID })
	pools := ids(c, "pools", d.Pools, func(p Pool) string { return p.ID })
	users := ids(c, "users", d.Users, func(u User) string { return u.ID })
	lists := ids(c, "lists", d.Lists, func(l CallList) string { return l.ID })
	ids(c, "enrichers", d.Enrichers, func(e Enricher) string { return e.ID })
	for i, f := range d.Forms {
		c.refer(fmt.Sprintf("forms[%d].product", i), "product", f.Product, products)
		c.refer(fmt.Sprintf("forms[%d].channel", i), "channel", f.Channel, d.Channels)
	}
	for i, t := range d.Teams {
		at := fmt.Sprintf("teams[%d]", i)
		c.holder(at+".dispatcher", t.Dispatcher, d.Users, RoleDispatcher)
		c.holder(at+".manager", t.Manager, d.Users, RoleManager)
		c.refer(at+".pool", "pool", t.Pool, pools)
		if t.Pool == "" {
			c.report(at+".pool", "name the pool in which the team's leads rest")
		}
		for j, s := range t.Pools {
			c.segment(fmt.Sprintf("%s.pools[%d]", at, j), s, d, products, pools)
		}
		if t.Hours != nil {
			c.refer(at+".hours.calendar", "calendar", t.Hours.Calendar, calendars(d))
		}
	}
	for i, p := range d.Pools {
		c.refer(fmt.Sprintf("pools[%d].list", i), "call list", p.List, lists)
		for j, team := range p.Teams {
			c.refer(fmt.Sprintf("pools[%d].teams[%d]", i, j), "team", team, teams)
		}
		for j, admin := range p.Admins {
			c.refer(fmt.Sprintf("pools[%d].admins[%d]", i, j), "user", admin, users)
		}
	}
	c.users(d.Users, teams)
	for i, r := range d.Routing.Rules {
		c.refer(fmt.Sprintf("routing.rules[%d].team", i), "team", r.Team, teams)
		c.refer(fmt.Sprintf("routing.rules[%d].triage", i), "team", r.Triage, teams)
		c.refer(fmt.Sprintf("routing.rules[%d].pool", i), "pool", r.Pool, pools)
	}
	c.refer("routing.fallback", "team", d.Routing.Fallback, teams)
	c.refer("cleanse.team", "team", d.Cleanse.Team, teams)
	return c.problems
}

func calendars(d Document) (ids []string) {
	for _, calendar := range d.Calendars { // doubles are told where they are compiled
		ids = append(ids, calendar.ID)
	}
	return ids
}

// holder checks that a team's dispatcher or manager is a user of that role.
func (c *checker) holder(path, id string, users []User, role Role) {
	var holders []string
	for _, u := range users {
		if u.Has(role) {
			holders = append(holders, u.ID)
		}
	}
	user, known := find(users, func(u User) bool { return u.ID == id })
	switch {
	case id == "":
		c.report(path, "name the team's %s: without one, what nobody can take waits for nobody", role)
	case !known && len(holders) == 0:
		c.report(path, "there is no user %q: add one with the role %s", id, role)
	case !known:
		c.report(path, "there is no user %q: use %s, or add one with the role %s", id, list(holders), role)
	case !user.Has(role):
		c.report(path, "give the user %s the role %s", id, role)
	}
}

func (c *checker) users(users []User, teams []string) {
	var emails, reps []string
	for i, u := range users {
		at := fmt.Sprintf("users[%d]", i)
		email := strings.ToLower(u.Email)
		if email != "" && slices.Contains(emails, email) {
			c.report(at+".email", "another user has this address: people sign in by it")
		}
		emails = append(emails, email)
		switch {
		case u.Has(RoleRep) && u.Rep == "":
			c.report(at+".rep", "name the rep that the user is")
		case !u.Has(RoleRep) && u.Rep != "":
			c.report(at+".rep", "add the role rep, or leave out which rep the user is")
		case u.Rep != "" && slices.Contains(reps, u.Rep):
			c.report(at+".rep", "another user is the rep %s", u.Rep)
		}
		reps = append(reps, u.Rep)
		for j, team := range u.Teams {
			c.refer(fmt.Sprintf("%s.teams[%d]", at, j), "team", team, teams)
		}
	}
}

// formFaults are what the forms themselves find wrong.
func formFaults(d Document) []rule.Problem {
	c := &checker{}
	for i, f := range d.Forms {
		at := fmt.Sprintf("forms[%d]", i)
		for _, p := range f.Check() {
			c.report(at+"."+p.Field, "%s", p.Message)
		}
		// A redirect goes to listed hosts only, the form's own page included.
		listed := f
		listed.ThankYou = ""
		if _, ok := listed.ThankYouURL(f.ThankYou); f.ThankYou != "" && !ok {
			c.report(at+".thank_you", "list the page's host under thank_you_hosts, and use https unless it is this machine")
		}
	}
	return c.problems
}
