package app

import (
	"context"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// seesRouting are the roles that see how leads are placed, with the standings of
// all reps: those who decide on it.
func (u User) seesRouting() bool { return u.Is(RoleManager, RoleDispatcher, RoleOps) }

// ExplainLead tells how a lead would be placed if it were routed now. What it
// was placed by is in its history.
func (d *Desk) ExplainLead(ctx context.Context, u User, id string) (route.Explanation, error) {
	if !u.seesRouting() {
		return route.Explanation{}, lead.Errorf(lead.Denied, "only managers, dispatchers and ops see how leads are routed")
	}
	v, l, err := d.look(ctx, u, id)
	if err != nil {
		return route.Explanation{}, err
	}
	if v.sight(l) == unseen {
		return route.Explanation{}, v.gone(l)
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return route.Explanation{}, err
	}
	return Explain(ctx, d.Store, pol, l, d.Now())
}

// Case is a lead that may not be there: what if such a one came?
type Case struct {
	lead.Facts
	Grade  lead.Grade   `json:"grade,omitempty"` // scored by the policy where empty
	Owners []lead.Owner `json:"owners,omitempty"`
	At     time.Time    `json:"at,omitzero"` // now where empty
}

// ExplainCase tells how such a lead would be placed.
func (d *Desk) ExplainCase(ctx context.Context, u User, c Case) (route.Explanation, error) {
	if !u.seesRouting() {
		return route.Explanation{}, lead.Errorf(lead.Denied, "only managers, dispatchers and ops see how leads are routed")
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return route.Explanation{}, err
	}
	l, at, err := c.Lead(pol, d.Now())
	if err != nil {
		return route.Explanation{}, err
	}
	return Explain(ctx, d.Store, pol, l, at)
}

// Lead makes the lead of a case, and the moment at which it is to be placed.
func (c Case) Lead(pol *policy.Policy, now time.Time) (lead.Lead, time.Time, error) {
	at := now
	if !c.At.IsZero() {
		at = c.At
	}
	if c.Grade != "" && c.Grade.Rank() == len(lead.Grades) {
		return lead.Lead{}, at, field{"grade", ""}.invalid("the grades are A+, A, B, C and D")
	}
	l := lead.Lead{ID: "case", State: lead.StateNew, Since: at, Created: at, Product: c.Product, Facts: c.Facts, Owners: c.Owners, Touches: max(1, c.Touches)}
	l.Facts.Touches = l.Touches
	score := pol.Score(l.Facts)
	l.Fit, l.Grade, l.Reasons = score.Fit, score.Grade, score.Reasons
	if c.Grade != "" {
		l.Grade = c.Grade
	}
	return l, at, nil
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
