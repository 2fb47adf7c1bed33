package app

import (
	"cmp"
	"context"
	"math"
	"reflect"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// SeesRouting reports whether the user sees how leads are placed, with the
// standings of all reps: those who decide on it do.
func (u User) SeesRouting() bool { return u.Is(RoleManager, RoleDispatcher, RoleOps) }

// RouteView is how a lead would be placed, as people see it.
type RouteView struct {
	At      time.Time      `json:"at"`
	Facts   map[string]any `json:"facts"` // as conditions name them; what is empty is left out
	Rules   []route.Asked  `json:"rules"` // in their order, as far as they were asked
	Rule    string         `json:"rule"`  // that took the lead
	Outcome string         `json:"outcome"`
	Team    string         `json:"team,omitempty"`
	Pool    string         `json:"pool,omitempty"`
	Rep     *Who           `json:"rep,omitempty"`  // who would get it
	Wait    time.Time      `json:"wait,omitzero"`  // until when it would wait for a shift
	Why     string         `json:"why,omitempty"`  // in a line, as the history would keep it
	Mode    route.Mode     `json:"mode,omitempty"` // of the team, where a team chooses
	Steps   []string       `json:"steps,omitempty"`
	Of      string         `json:"of,omitempty"` // what the figures of those who could have it are: turns or gain
	Members []route.Stand  `json:"members"`      // of the team
}

// The outcomes of routing.
const (
	OutcomeRep     = "rep"
	OutcomeWait    = "wait"
	OutcomeTriage  = "triage"
	OutcomePool    = "pool"
	OutcomeNurture = "nurture"
)

// NewRouteView shows an explanation.
func NewRouteView(e route.Explanation) RouteView {
	c := e.Choice
	v := RouteView{At: e.At, Facts: named(e.Facts), Rules: e.Rules, Rule: c.Rule, Outcome: OutcomeTriage, Team: c.Team, Pool: c.Pool,
		Wait: c.Wait, Why: c.Why, Mode: e.Mode, Steps: e.Steps, Members: e.Members}
	if v.Rules == nil {
		v.Rules = []route.Asked{}
	}
	if v.Members == nil {
		v.Members = []route.Stand{}
	}
	if c.Grounds != nil {
		v.Of = figureName(c.Grounds.Of)
	}
	switch {
	case c.Rep != "":
		v.Outcome, v.Rep = OutcomeRep, &Who{Kind: RoleRep, ID: c.Rep, Name: c.Rep}
		for _, m := range e.Members {
			if m.Rep == c.Rep {
				v.Rep.Name = cmp.Or(m.Name, m.Rep)
			}
		}
	case c.Nurture:
		v.Outcome = OutcomeNurture
	case c.Pool != "":
		v.Outcome = OutcomePool
	case !c.Wait.IsZero():
		v.Outcome = OutcomeWait
	}
	return v
}

// named lists facts under the names that conditions have for them.
func named(f lead.Facts) map[string]any {
	out := map[string]any{}
	facts := reflect.ValueOf(f)
	for _, field := range reflect.VisibleFields(facts.Type()) {
		value := facts.FieldByIndex(field.Index)
		if name := field.Tag.Get("expr"); name != "" && !value.IsZero() {
			out[name] = value.Interface()
		}
	}
	return out
}

// ExplainLead tells how a lead would be placed if it were routed now. What it
// was placed by is in its history.
func (d *Desk) ExplainLead(ctx context.Context, u User, id string) (RouteView, error) {
	if !u.SeesRouting() {
		return RouteView{}, errRouting
	}
	v, l, err := d.look(ctx, u, id)
	if err != nil {
		return RouteView{}, err
	}
	if v.sight(l) == unseen {
		return RouteView{}, v.gone(l)
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return RouteView{}, err
	}
	e, err := Explain(ctx, d.Store, pol, l, d.Now())
	return NewRouteView(e), err
}

var errRouting error = lead.Errorf(lead.Denied, "only managers, dispatchers and ops see how leads are routed")

// Case is a lead that may not be there: what if such a one came? Grade, maturity,
// behaviour and chance are scored by the policy where they are left out.
type Case struct {
	lead.Facts
	Touches   int           `json:"touches,omitempty"` // submissions; 1 where empty
	Grade     lead.Grade    `json:"grade,omitempty"`
	Maturity  lead.Maturity `json:"maturity,omitempty"`
	Behaviour *int          `json:"behaviour,omitempty"` // 0 to 100
	Chance    *float64      `json:"chance,omitempty"`    // to convert, 0 to 1
	Owners    []lead.Owner  `json:"owners,omitempty"`
	At        time.Time     `json:"at,omitzero"` // now where empty
}

// ExplainCase tells how such a lead would be placed.
func (d *Desk) ExplainCase(ctx context.Context, u User, c Case) (RouteView, error) {
	if !u.SeesRouting() {
		return RouteView{}, errRouting
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return RouteView{}, err
	}
	l, at, err := c.Lead(pol, d.Now())
	if err != nil {
		return RouteView{}, err
	}
	e, err := Explain(ctx, d.Store, pol, l, at)
	return NewRouteView(e), err
}

// caseSpan is how far from now a case may lie: shifts and holidays are not known
// for ever.
const caseSpan = 10 * 366 * 24 * time.Hour

// Lead makes the lead of a case, and the moment at which it is to be placed.
func (c Case) Lead(pol *policy.Policy, now time.Time) (lead.Lead, time.Time, error) {
	at := now
	if !c.At.IsZero() {
		at = c.At
	}
	if at.Before(now.Add(-caseSpan)) || at.After(now.Add(caseSpan)) {
		return lead.Lead{}, at, field{"at", ""}.invalid("give a moment within ten years of now")
	}
	if err := c.check(); err != nil {
		return lead.Lead{}, at, err
	}
	l := lead.Lead{ID: "case", State: lead.StateNew, Since: at, Created: at, Product: c.Product, Facts: c.Facts, Owners: c.Owners, Touches: max(1, c.Touches, c.Facts.Touches)}
	l.Facts.Touches = l.Touches
	l = lead.Apply(l, lead.Scored(pol.Score(l, l.Facts, at)), at)
	l.Grade, l.Maturity = cmp.Or(c.Grade, l.Grade), cmp.Or(c.Maturity, l.Maturity)
	if c.Behaviour != nil {
		l.Behaviour = *c.Behaviour
	}
	if c.Chance != nil { // never a certainty
		l.Chance = min(max(int(math.Round(*c.Chance*lead.Certain)), 1), lead.Certain-1)
	}
	return l, at, nil
}

// check refuses a score that cannot be.
func (c Case) check() error {
	switch {
	case c.Grade != "" && c.Grade.Rank() == len(lead.Grades):
		return field{"grade", ""}.invalid("the grades are A+, A, B, C and D")
	case c.Maturity != "" && !slices.Contains(lead.Maturities, c.Maturity):
		return field{"maturity", ""}.invalid("a lead is hot, warm or cold")
	case c.Behaviour != nil && (*c.Behaviour < 0 || *c.Behaviour > 100):
		return field{"behaviour", ""}.invalid("give a behaviour from 0 to 100")
	case c.Chance != nil && !(*c.Chance >= 0 && *c.Chance <= 1):
		return field{"chance", ""}.invalid("give a chance from 0 to 1")
	}
	return nil
}

// Explain tells how a lead would be placed at a moment, by the reps as they are
// now. A lead that somebody has is looked at as if they had given it back: for
// them that is too soon.
func Explain(ctx context.Context, store Reps, pol *policy.Policy, l lead.Lead, at time.Time) (route.Explanation, error) {
	reps, err := store.Reps(ctx)
	if err != nil {
		return route.Explanation{}, err
	}
	return pol.Routing().Explain(route.Query{Lead: l, Facts: l.Facts, Reps: reps, Now: at}), nil
}
