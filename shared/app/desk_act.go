package app

import (
	"context"
	"slices"
	"time"

	"sluice/shared/lead"
)

// Accept says yes to an offer.
func (d *Desk) Accept(ctx context.Context, u User, on Target) (LeadView, error) {
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if u.rep() != "" && l.Owner() == u.rep() && !l.Period.Accepted.IsZero() {
			return plan{}, lead.Errorf(lead.Conflict, "you have accepted this lead already")
		}
		return u.planFor(l, lead.Accept{Rep: u.Rep})
	})
}

// Rejection says why an offer does not fit.
type Rejection struct {
	Reason string `json:"reason"`
	Note   string `json:"note,omitempty"`
}

// Reject says no to an offer; the team's dispatcher decides.
func (d *Desk) Reject(ctx context.Context, u User, on Target, r Rejection) (LeadView, error) {
	reason, err := field{"reason", r.Reason}.reason()
	if err != nil {
		return LeadView{}, err
	}
	note, err := d.seal(ctx, on, field{"note", r.Note})
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		return u.planFor(l, lead.Reject{Rep: u.Rep, Reason: reason, Note: note})
	})
}

// Activity is a follow-up as the rep logs it.
type Activity struct {
	Way       string     `json:"way"` // one of [lead.Ways]
	Summary   string     `json:"summary,omitempty"`
	Objection string     `json:"objection,omitempty"`
	Step      string     `json:"step,omitempty"` // the next one
	StepAt    time.Time  `json:"step_at,omitzero"`
	Grade     lead.Grade `json:"grade,omitempty"` // where the rep changes it
}

// LogActivity records a follow-up.
func (d *Desk) LogActivity(ctx context.Context, u User, on Target, a Activity) (LeadView, error) {
	if a.Way != "" && !slices.Contains(lead.Ways, a.Way) {
		return LeadView{}, field{"way", a.Way}.invalid("say how the customer was reached: call, mail, visit, chat, meeting or note")
	}
	if a.StepAt.After(d.Now().AddDate(1, 0, 0)) {
		return LeadView{}, field{"step_at", ""}.invalid("the next step lies more than a year ahead")
	}
	logged := lead.Logged{Way: a.Way, StepAt: a.StepAt.UTC(), Grade: a.Grade}
	for _, text := range []struct {
		field
		to *lead.Sealed
	}{
		{field{"summary", a.Summary}, &logged.Summary},
		{field{"objection", a.Objection}, &logged.Objection},
		{field{"step", a.Step}, &logged.Step},
	} {
		sealed, err := d.seal(ctx, on, text.field)
		if err != nil {
			return LeadView{}, err
		}
		*text.to = sealed
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		return u.planFor(l, lead.Log{Rep: u.Rep, Activity: logged})
	})
}

// Return says why a lead goes back, and to which pool; an empty pool is the
// team's own.
type Return struct {
	Reason string `json:"reason"`
	Pool   string `json:"pool,omitempty"`
}

// Release gives a lead back to a pool.
func (d *Desk) Release(ctx context.Context, u User, on Target, r Return) (LeadView, error) {
	reason, err := field{"reason", r.Reason}.reason()
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if r.Pool != "" && !has(u.pol.Pool(r.Pool)) {
			return plan{}, field{"pool", r.Pool}.invalid("there is no such pool")
		}
		return u.planFor(l, lead.Release{Rep: u.Rep, Reason: reason, Pool: r.Pool})
	})
}

// Claim takes a lead out of a pool that the rep is a member of.
func (d *Desk) Claim(ctx context.Context, u User, on Target) (LeadView, error) {
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if u.rep() == "" {
			return plan{}, u.refuse(l, "only reps claim leads")
		}
		pool := l.Pool
		if l.State != lead.StatePooled { // gone meanwhile: the decision says so
			pool = u.pol.Rules(l.Team).Pool
		}
		if !u.memberOf(pool) {
			return plan{}, u.refuse(l, "you are not a member of this pool")
		}
		team := teamFor(l, u.record.Teams, func(team string) bool { return u.pol.Rules(team).Pool == pool })
		rules := u.pol.Rules(team)
		return plan{by: u.actor(RoleRep), rules: rules, most: u.pol.ClaimLimit(pool),
			command: lead.Claim{Rep: u.Rep, Team: team}}, nil
	})
}

// Hold is the customer's "not now"; the rep keeps the lead.
func (d *Desk) Hold(ctx context.Context, u User, on Target, reason string) (LeadView, error) {
	reason, err := field{"reason", reason}.reason()
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		return u.planFor(l, lead.Hold{Rep: u.Rep, Reason: reason})
	})
}

// Recycle sends a lead that is not ripe to nurturing: its rep does, or the
// dispatcher or manager while it waits in triage.
func (d *Desk) Recycle(ctx context.Context, u User, on Target, reason string) (LeadView, error) {
	return d.settle(ctx, u, on, reason, func(rep, reason string) lead.Command {
		return lead.Recycle{Rep: rep, Reason: reason}
	})
}

// Closing is how a lead ends: as junk, lost or unreachable, and why.
type Closing struct {
	As     lead.State `json:"as"`
	Reason string     `json:"reason"`
}

// Close ends a lead: its rep does, or, as junk, the dispatcher or manager while
// it waits in triage.
func (d *Desk) Close(ctx context.Context, u User, on Target, c Closing) (LeadView, error) {
	return d.settle(ctx, u, on, c.Reason, func(rep, reason string) lead.Command {
		return lead.Close{Rep: rep, As: c.As, Reason: reason}
	})
}

func (d *Desk) settle(ctx context.Context, u User, on Target, reason string, command func(rep, reason string) lead.Command) (LeadView, error) {
	reason, err := field{"reason", reason}.reason()
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if l.Owner() == "" && u.overLead(l) != "" {
			return u.planOver(l, command("", reason))
		}
		return u.planFor(l, command(u.Rep, reason))
	})
}

// Win is what a converted lead is worth.
type Win struct {
	Value lead.Money `json:"value,omitzero"`
	Order string     `json:"order,omitempty"` // the order's number elsewhere
}

// Convert wins a lead.
func (d *Desk) Convert(ctx context.Context, u User, on Target, w Win) (LeadView, error) {
	order, err := field{"order", w.Order}.line(reasonMax)
	if err != nil {
		return LeadView{}, err
	}
	if w.Value.Currency != "" && !isCurrency(w.Value.Currency) {
		return LeadView{}, field{"value", ""}.invalid("give the currency by its three capital letters, such as EUR")
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		return u.planFor(l, lead.Convert{Rep: u.Rep, Value: w.Value, Order: order})
	})
}

func isCurrency(code string) bool {
	return len(code) == 3 && !slices.ContainsFunc([]byte(code), func(c byte) bool { return c < 'A' || c > 'Z' })
}

// Confirm is customer success's yes to the hand-off of a converted lead.
func (d *Desk) Confirm(ctx context.Context, u User, on Target) (LeadView, error) {
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if !u.Is(RoleSuccess) {
			return plan{}, u.refuse(l, "only customer success confirms a hand-off")
		}
		if u.sight(l) == unseen {
			return plan{}, u.gone(l)
		}
		return plan{by: u.actor(RoleSuccess), rules: u.pol.Rules(l.Team), command: lead.Confirm{}}, nil
	})
}

// Assign offers a lead to a rep by hand: a dispatcher from triage, a manager
// from a pool too. The rep is of the lead's team or of another one of theirs.
func (d *Desk) Assign(ctx context.Context, u User, on Target, rep string) (LeadView, error) {
	if rep == "" {
		return LeadView{}, field{"rep", ""}.invalid("say who gets the lead")
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		if u.overLead(l) == "" {
			return u.planOver(l, nil)
		}
		to, err := d.Store.Rep(ctx, rep)
		if err != nil && lead.KindOf(err) != lead.NotFound {
			return plan{}, err
		}
		team := teamFor(l, to.Teams, func(team string) bool { return slices.Contains(u.Teams, team) })
		if err != nil || !slices.Contains(to.Teams, team) {
			return plan{}, field{"rep", rep}.invalid("there is no such rep in your teams")
		}
		p, err := u.planOver(l, lead.Assign{Rep: rep, Team: team})
		p.rules, p.to = u.pol.Rules(team), to
		return p, err
	})
}

// done acts and shows the lead as the user sees it then. A lead that the act took
// out of their sight is shown by its number and state alone.
func (d *Desk) done(ctx context.Context, u User, on Target, decide planner) (LeadView, error) {
	v, l, err := d.look(ctx, u, on.Lead)
	if err != nil {
		return LeadView{}, err
	}
	after, err := d.act(ctx, v, l, on, decide)
	if err != nil {
		return LeadView{}, err
	}
	return d.view(ctx, v, after)
}

// refuse denies an act on a lead that the user sees, and says nothing of one
// that they do not.
func (u viewer) refuse(l lead.Lead, text string) error {
	if u.sight(l) == unseen {
		return u.gone(l)
	}
	return lead.Errorf(lead.Denied, "%s", text)
}

// seal checks a free text and seals it for the lead's history.
func (d *Desk) seal(ctx context.Context, on Target, f field) (lead.Sealed, error) {
	text, err := f.note()
	if err != nil || text == "" {
		return nil, err
	}
	return d.Vault.Seal(ctx, placeNote(on.Lead), []byte(text))
}
