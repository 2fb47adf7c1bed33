package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sluice/shared/form"
	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/route"
	"sluice/shared/rule"
	"sluice/shared/score"
)

// Directory answers who and what there is: forms, teams, pools, users, and how
// long things take. It is safe for concurrent use; what it returns is shared and
// not to be changed.
type Directory struct {
	version   int
	doc       Document
	rules     map[string]lead.Rules // by team, "" for leads of no team yet
	contact   *contact
	calendars *hours.Calendars
}

// Policy answers what the house decided: the directory, and the expressions that
// score and route. A function that does neither uses the directory alone, and is
// a megabyte smaller without what evaluates them.
type Policy struct {
	*Directory
	model   *score.Model
	learned *score.Learned // nil where nothing was learned yet
	table   *route.Table
	likely  map[string]*rule.Condition // by pool
}

// Compile makes a policy of a document that was checked when it was accepted.
// Version is the one it is kept under, at least 1.
func Compile(d Document, version int) (*Policy, error) {
	model, unscored := score.Compile(d.Score)
	directory := List(d, version)
	table, unrouted := route.Compile(directory.plan())
	likely, unlikely := compileLikely(d)
	problems := slices.Concat(under("score", unscored), unrouted, unlikely, references(d))
	var errs []error
	for _, p := range problems {
		errs = append(errs, fmt.Errorf("%s: %s", p.Path, p.Text))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("compile policy %d: %w", version, errors.Join(errs...))
	}
	return &Policy{Directory: directory, model: model, table: table, likely: likely}, nil
}

// List makes the directory of a document that was checked when it was accepted.
func List(d Document, version int) *Directory {
	p := &Directory{version: version, doc: d, rules: map[string]lead.Rules{}}
	p.calendars, _ = hours.CompileCalendars(d.Calendars) // checked with the document
	base := d.Deadlines.over(Defaults())
	base.Policy = version
	p.contact = newContact(d)
	base.Quiet, base.Pools = p.contact, restings(d, base.Sweep)
	for _, t := range d.Teams {
		rules := t.Deadlines.over(base)
		rules.Pool, rules.Segments = t.Pool, t.Pools
		if t.Hours != nil {
			rules.Hours = p.calendars.Hours(t.Hours.week(d.Zone))
		}
		p.rules[t.ID] = rules
	}
	fallback := p.rules[d.Routing.Fallback]
	base.Pool, base.Segments = fallback.Pool, fallback.Segments
	p.rules[""] = base
	return p
}

// Version is the number under which the policy is kept.
func (p *Directory) Version() int { return p.version }

// Document is what the policy was compiled from.
func (p *Directory) Document() Document { return p.doc }

// Name is the house's name.
func (p *Directory) Name() string { return p.doc.Name }

// Region is the country of phone numbers written without a country code, as
// ISO 3166 alpha-2; empty where the house names none.
func (p *Directory) Region() string { return p.doc.Region }

// Locale is the house's language, as BCP 47.
func (p *Directory) Locale() string { return cmp.Or(p.doc.Locale, "en") }

// NumberPrefix starts every lead number.
func (p *Directory) NumberPrefix() string { return cmp.Or(p.doc.NumberPrefix, "L") }

// Products lists the products in the order of the document.
func (p *Directory) Products() []Product { return p.doc.Products }

// Channels lists the channels in the order of the document.
func (p *Directory) Channels() []string { return p.doc.Channels }

// Forms lists the forms in the order of the document.
func (p *Directory) Forms() []form.Spec { return p.doc.Forms }

// Form returns a form by its id. Its region is the house's where it names none.
func (p *Directory) Form(id string) (form.Spec, bool) {
	f, ok := find(p.doc.Forms, func(f form.Spec) bool { return f.ID == id })
	f.Region = cmp.Or(f.Region, p.doc.Region)
	return f, ok
}

// Limits bound a form post.
func (p *Directory) Limits() form.Limits {
	l := p.doc.Limits
	return form.Limits{
		Body: or(l.Body, 64<<10), Fields: or(l.Fields, 200), Parts: or(l.Parts, 200), Name: or(l.Name, 100), Value: or(l.Value, 8<<10),
	}
}

// KeepSubmissions is how long raw posts are kept.
func (p *Directory) KeepSubmissions() time.Duration {
	return time.Duration(or(p.doc.Retention.Submissions, Duration(90*day)))
}

// With is the policy that scores with what was learned, too; nil is nothing.
func (p *Policy) With(learned *score.Learned) *Policy {
	with := *p
	with.learned = learned
	return &with
}

// Learned is the version of the model that the policy scores with, 0 for none.
func (p *Policy) Learned() int {
	if p.learned == nil {
		return 0
	}
	return p.learned.Version()
}

// Score ranks a lead at a moment, by facts that may hold sensitive answers here and
// here alone.
func (p *Policy) Score(l lead.Lead, facts lead.Facts, now time.Time) lead.Score {
	return p.model.Score(l, facts, p.learned, now)
}

// ExplainScore is Score with all that it is made of.
func (p *Policy) ExplainScore(l lead.Lead, facts lead.Facts, now time.Time) score.Explanation {
	return p.model.Explain(l, facts, p.learned, now)
}

// Clock is the house's time zone.
func (p *Directory) Clock() *time.Location { return lead.Zone(p.doc.Zone) }

// Value is what a lead is expected to bring: its chance to convert times what a
// conversion of its product is worth. Where no model said the chance, it is the one
// that the policy gives its grade.
func (p *Directory) Value(l lead.Lead) float64 {
	chance := float64(l.Chance) / lead.Certain
	if l.Chance == 0 {
		chances := p.doc.Routing.Chances
		if len(chances) == 0 {
			chances = route.Chances
		}
		chance = chances[l.Grade]
	}
	if worth, ok := p.doc.Score.Worth[l.Product]; ok {
		return chance * worth
	}
	return chance
}

// Routing is the compiled table that places leads.
func (p *Policy) Routing() *route.Table { return p.table }

// plan is what routing is compiled from.
func (p *Directory) plan() route.Plan {
	plan := route.Plan{Routing: p.doc.Routing, Territories: p.doc.Territories, Calendars: p.doc.Calendars, Zone: p.doc.Zone}
	for _, t := range p.doc.Teams {
		rules := p.rules[t.ID]
		plan.Ways = append(plan.Ways, route.Way{
			Team: t.ID, Mode: t.Mode, Premium: t.Premium, Steps: t.Distribution, Weights: t.Weights, Single: t.Single,
			CoolOff: rules.CoolOff, Wait: rules.Wait,
		})
	}
	return plan
}

// Advance is by how much a rep's turns of a team move with a lead that routing
// gave: see [route.Advance].
func (p *Directory) Advance(team string, rep lead.Rep, reps []lead.Rep) int {
	found, _ := p.Team(team)
	return route.Advance(team, found.Weights, reps, rep)
}

// Median is where a rep starts who is new in a team: see [route.Median].
func (p *Directory) Median(reps []lead.Rep, team, rep string) int {
	found, _ := p.Team(team)
	return route.Median(reps, team, found.Weights, rep)
}

// Rules are what holds for the leads of a team. For no team, or one that is gone
// from the policy, they are the house's, with the pools of the fallback team.
func (p *Directory) Rules(team string) lead.Rules {
	if rules, ok := p.rules[team]; ok {
		return rules
	}
	return p.rules[""]
}

// Teams lists the teams in the order of the document.
func (p *Directory) Teams() []Team { return p.doc.Teams }

// Team returns a team by its id.
func (p *Directory) Team(id string) (Team, bool) {
	return find(p.doc.Teams, func(t Team) bool { return t.ID == id })
}

// OnShift reports whether a rep works now: see [hours.Calendars.OnShift].
func (p *Directory) OnShift(rep lead.Rep, now time.Time) bool { return p.calendars.OnShift(rep, now) }

// HasTerritory reports whether there is a territory.
func (p *Directory) HasTerritory(id string) bool { return inTerritories(id, p.doc.Territories) }

func inTerritories(id string, list []route.Territory) bool {
	return slices.ContainsFunc(list, func(t route.Territory) bool { return t.ID == id || inTerritories(id, t.Inside) })
}

// Pools lists the pools in the order of the document.
func (p *Directory) Pools() []Pool { return p.doc.Pools }

// Pool returns a pool by its id.
func (p *Directory) Pool(id string) (Pool, bool) {
	return find(p.doc.Pools, func(p Pool) bool { return p.ID == id })
}

// ClaimLimit is how many leads a member may claim out of a pool in a day; it is
// at least 1.
func (p *Directory) ClaimLimit(pool string) int {
	found, _ := p.Pool(pool)
	return or(found.ClaimDaily, 20)
}

// IsMember reports whether a rep may see and claim the leads of a pool.
func (p *Directory) IsMember(pool string, rep lead.Rep) bool {
	found, _ := p.Pool(pool)
	return slices.Contains(found.Reps, rep.ID) ||
		slices.ContainsFunc(rep.Teams, func(team string) bool { return slices.Contains(found.Teams, team) })
}

// CheckRep lists what is wrong with the record of a rep: teams, territories and a
// calendar that the policy does not have included.
func (p *Directory) CheckRep(rep lead.Rep) []rule.Problem {
	problems := hours.CheckRep(rep)
	for i, team := range rep.Teams {
		if _, ok := p.Team(team); !ok {
			problems = append(problems, rule.Problem{Path: fmt.Sprintf("teams[%d]", i), Text: fmt.Sprintf("there is no team %.40q", team)})
		}
	}
	for i, territory := range rep.Territories {
		if !p.HasTerritory(territory) {
			problems = append(problems, rule.Problem{Path: fmt.Sprintf("territories[%d]", i), Text: fmt.Sprintf("there is no territory %.40q", territory)})
		}
	}
	if _, ok := find(p.doc.Calendars, func(c hours.Calendar) bool { return c.ID == rep.Calendar }); !ok && rep.Calendar != "" {
		problems = append(problems, rule.Problem{Path: "calendar", Text: fmt.Sprintf("there is no calendar %.40q", rep.Calendar)})
	}
	return problems
}

// Users lists who may sign in, in the order of the document.
func (p *Directory) Users() []User { return p.doc.Users }

// User returns a user by id or e-mail address.
func (p *Directory) User(idOrEmail string) (User, bool) {
	return find(p.doc.Users, func(u User) bool { return u.ID == idOrEmail || strings.EqualFold(u.Email, idOrEmail) })
}

// UserOfRep returns the user who is a rep.
func (p *Directory) UserOfRep(rep string) (User, bool) {
	return find(p.doc.Users, func(u User) bool { return rep != "" && u.Rep == rep })
}

// Has reports whether a user has a role.
func (u User) Has(role Role) bool { return slices.Contains(u.Roles, role) }

func or[T any](given *T, fallback T) T {
	if given == nil {
		return fallback
	}
	return *given
}

func find[T any](all []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	var none T
	return none, false
}
