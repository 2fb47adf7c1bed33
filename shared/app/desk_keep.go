package app

import (
	"context"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Extend prolongs the protection of a lead, once: its rep does who has reached the
// customer, or the manager.
func (d *Desk) Extend(ctx context.Context, u User, on Target, reason string) (LeadView, error) {
	reason, err := field{"reason", reason}.reason()
	if err != nil {
		return LeadView{}, err
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		return u.planHeld(l, func(rep string) lead.Command { return lead.Extend{Rep: rep, Reason: reason} })
	})
}

// Opportunity is a deal with the customer that is opened or closed.
type Opportunity struct {
	Open  *bool      `json:"open"`
	Value lead.Money `json:"value,omitzero"` // expected
	Close time.Time  `json:"close,omitzero"` // expected
}

// Deal opens or closes a deal: while one is open the lead is not taken back.
func (d *Desk) Deal(ctx context.Context, u User, on Target, o Opportunity) (LeadView, error) {
	now := d.Now()
	switch {
	case o.Open == nil:
		return LeadView{}, field{"open", ""}.invalid("say whether the deal is open")
	case !*o.Open && (o.Value != lead.Money{} || !o.Close.IsZero()):
		return LeadView{}, field{"value", ""}.invalid("what is expected belongs to a deal that is open")
	case o.Value.Currency != "" && !isCurrency(o.Value.Currency):
		return LeadView{}, field{"value", ""}.invalid("give the currency by its three capital letters, such as EUR")
	case !o.Close.IsZero() && (o.Close.Before(now.AddDate(0, 0, -1)) || o.Close.After(now.AddDate(5, 0, 0))):
		return LeadView{}, field{"close", ""}.invalid("give a day within the next five years")
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		return u.planFor(l, lead.Deal{Rep: u.Rep, Open: *o.Open, Value: o.Value, Close: o.Close.UTC()})
	})
}

// Tags are words put on a lead and taken off.
type Tags struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}

// Tag puts tags on a lead and takes others off: its rep does, in a pool the members
// and admins, its manager, and its dispatcher while it waits for them.
func (d *Desk) Tag(ctx context.Context, u User, on Target, t Tags) (LeadView, error) {
	for _, tags := range []*[]string{&t.Add, &t.Remove} {
		clean := []string{}
		for _, tag := range *tags {
			tag, err := field{"tags", tag}.reason() // kept in the clear, and counted
			if err != nil {
				return LeadView{}, err
			}
			clean = append(clean, tag)
		}
		*tags = clean
	}
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		role := u.tags(l)
		if role == "" {
			return plan{}, u.refuse(l, "only who has the lead or looks after it puts tags on it")
		}
		return plan{by: u.actor(role), rules: u.pol.Rules(l.Team), command: lead.Tag(t)}, nil
	})
}

// OptOut records that the person does not want to be contacted any more, by anybody
// and about any lead: the rep of one of their leads does, or its manager.
func (d *Desk) OptOut(ctx context.Context, u User, on Target) (LeadView, error) {
	return d.done(ctx, u, on, func(u viewer, l lead.Lead) (plan, error) {
		p, err := u.planHeld(l, func(string) lead.Command { return lead.OptOut{} })
		p.person = func(person *lead.Person, now time.Time) (lead.Command, error) {
			if person.OptedOut() {
				return nil, lead.Errorf(lead.Conflict, "the person has opted out before")
			}
			person.OptOut = now.UTC().Truncate(time.Second)
			return lead.OptOut{}, nil
		}
		return p, err
	})
}

// Reach tells whether a person may be contacted about a lead, and when again where
// not.
type Reach struct {
	Now      bool      `json:"now"`
	From     time.Time `json:"from,omitzero"` // from when on, where not now
	OptedOut bool      `json:"opted_out,omitempty"`
}

func reach(pol *policy.Directory, p lead.Person, l lead.Lead, now time.Time) *Reach {
	switch from := pol.ContactFrom(p, l, now); {
	case from.IsZero():
		return &Reach{OptedOut: true}
	case from.After(now):
		return &Reach{From: from}
	}
	return &Reach{Now: true}
}

// PoolName is a pool to choose.
type PoolName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// poolsOf lists the pools that a team uses: its own, those of its segments, and
// those of which its reps are members.
func (u viewer) poolsOf(team string) []string {
	pools := restingPlaces(u.pol.Rules(team))
	for _, p := range u.pol.Pools() {
		if slices.Contains(p.Teams, team) && !slices.Contains(pools, p.ID) {
			pools = append(pools, p.ID)
		}
	}
	return pools
}

// protectedUntil is until when a rep keeps an unconverted lead: zero where it is
// not taken back at all. Time on hold does not count, as far as the policy allows
// holding.
func protectedUntil(l lead.Lead, r lead.Rules) time.Time {
	p := l.Period
	if p.Deal || l.Cohort != "" || p.Accepted.IsZero() {
		return time.Time{}
	}
	keep := r.Protect
	if p.Extended {
		keep = min(keep+r.Extend, max(keep, r.Most))
	}
	return p.Start.Add(keep + min(p.Held, r.HoldMost))
}
