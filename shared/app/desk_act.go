package app

import (
	"context"
	"slices"
	"strings"

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

// Return says why a lead goes back, and to which pool: one of those that the team
// uses. An empty pool is the one that the policy has for such a lead.
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
		p, err := u.planFor(l, lead.Release{Rep: u.Rep, Reason: reason, Pool: r.Pool})
		if err == nil && r.Pool != "" && !slices.Contains(u.poolsOf(l.Team), r.Pool) {
			return p, field{"pool", r.Pool}.invalid("leads of the team go to %s", strings.Join(u.poolsOf(l.Team), ", "))
		}
		return p, err
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

// done acts and shows the lead as the user sees it then. A lead that the act took
// out of their sight is shown by its number and state alone.
func (d *Desk) done(ctx context.Context, u User, on Target, decide planner) (LeadView, error) {
	v, l, err := d.look(ctx, u, on.Lead)
	if err != nil {
		return LeadView{}, err
	}
	after, person, err := d.act(ctx, v, l, on, decide)
	if err != nil {
		return LeadView{}, err
	}
	return d.view(ctx, v, after, shown{person: person})
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
