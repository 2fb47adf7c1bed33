package app

import (
	"context"
	"time"

	"sluice/shared/lead"
)

// Interest is what somebody tells of a person's interest.
type Interest struct {
	Signals []SignalTold `json:"signals"` // 1 to 100
}

// SignalTold is a signal of interest as it is told: see [lead.Signal]. Told again, it is
// the same one.
type SignalTold struct {
	Kind   lead.SignalKind `json:"kind"`
	ID     string          `json:"id"` // with kind and moment it tells signals apart
	At     time.Time       `json:"at"`
	Sure   *int            `json:"sure,omitempty"`   // 0 to 100 that a person did it, and no machine; 100 where left out
	Judged time.Time       `json:"judged,omitzero"`  // since when that is known; At where left out
	Amount int             `json:"amount,omitempty"` // minutes of a dwell
}

// Engage notes signals of a person's interest: marketers and ops tell of any lead's, on
// behalf of the tools that they run, dispatchers and managers of those that they decide
// on. What is known already does nothing. The score follows within moments.
func (d *Desk) Engage(ctx context.Context, u User, on Target, in Interest) (LeadView, error) {
	if len(in.Signals) == 0 {
		return LeadView{}, field{"signals", ""}.invalid("tell of at least one signal")
	}
	signals := make([]lead.Signal, len(in.Signals))
	for i, s := range in.Signals {
		sure := 100
		if s.Sure != nil {
			sure = *s.Sure
		}
		signals[i] = lead.Signal{Kind: s.Kind, ID: s.ID, At: s.At, Sure: sure, Judged: s.Judged, Amount: s.Amount}
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		role := u.tells(l)
		if role == "" {
			return plan{}, u.refuse(l, "only marketers, ops, dispatchers and managers tell of signals")
		}
		return plan{by: u.actor(role), rules: u.pol.Rules(l.Team), command: lead.Engage{Signals: signals}}, nil
	})
}

// tells is the role in which the user tells of signals of a lead's person, "" where they
// may not.
func (u viewer) tells(l lead.Lead) string {
	switch role := u.overLead(l); {
	case role == RoleManager || role == RoleDispatcher:
		return role
	case u.Is(RoleMarketer):
		return RoleMarketer
	case u.Is(RoleOps):
		return RoleOps
	}
	return ""
}
