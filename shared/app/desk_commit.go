package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"sluice/shared/lead"
)

// deskAttempts bounds how often one act is decided anew after a refused
// transaction. Two people seldom meet on a lead, never three times.
const deskAttempts = 3

// plan is what an act does to a lead as it was read: who does it, under which
// team's rules, by which command.
type plan struct {
	by      lead.Actor
	rules   lead.Rules
	command lead.Command
	most    int      // for claims and reveals: how many a day; 0 or less means no limit
	to      lead.Rep // who gets the lead, as just read; zero where that was not needed
}

// planner decides on a lead as it was read, or refuses.
type planner func(u viewer, l lead.Lead) (plan, error)

// act decides on the lead as it was read and commits. Where somebody was quicker
// it reads the lead again and decides anew: the answer is then about the lead as
// it is. It returns the lead after the act.
func (d *Desk) act(ctx context.Context, u viewer, l lead.Lead, on Target, decide planner) (lead.Lead, error) {
	fresh := map[string]lead.Rep{} // as just read, or as a refused transaction found them
	if u.record.Revision > 0 {
		fresh[u.record.ID] = u.record
	}
	for attempt := range deskAttempts {
		if attempt > 0 {
			var err error
			if l, err = d.Store.Lead(ctx, on.Lead); err != nil {
				return lead.Lead{}, missing(err)
			}
		}
		p, err := decide(u, l)
		if err != nil {
			return lead.Lead{}, err
		}
		if on.Version != 0 && on.Version != l.Version {
			return lead.Lead{}, &lead.Error{Kind: lead.Conflict, Field: "version", Cause: ErrMoved,
				Text: "the lead has changed since you looked at it: look again, then decide"}
		}
		now := d.Now()
		after, entry, err := lead.Run(l, p.by, p.rules, now, p.command)
		if err != nil || len(entry.Events) == 0 {
			return l, err
		}
		change := lead.NewChange(after, entry)
		if change.Moves, err = d.moves(ctx, after, entry, p, fresh); err != nil {
			return lead.Lead{}, err
		}
		err = d.Store.Commit(ctx, change)
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return after, err
		}
		fresh = refused.Reps
	}
	return lead.Lead{}, lead.Errorf(lead.Unavailable, "several people changed this at the same moment: try again")
}

// moves completes the counters' moves with the reps' records, and refuses where
// a limit is reached; the transaction refuses again if one is by then.
func (d *Desk) moves(ctx context.Context, after lead.Lead, entry lead.Entry, p plan, fresh map[string]lead.Rep) ([]lead.RepMove, error) {
	moves := lead.Moves(after, entry)
	for i := range moves {
		m := &moves[i]
		if m.Kind == lead.MoveRelease {
			continue
		}
		rep, ok := fresh[m.Rep]
		if p.to.ID == m.Rep {
			rep, ok = p.to, true
		}
		if !ok {
			var err error
			if rep, err = d.Store.Rep(ctx, m.Rep); err != nil {
				if lead.KindOf(err) == lead.NotFound {
					err = &lead.Error{Kind: lead.Invalid, Field: "rep", Text: "there is no such rep"}
				}
				return nil, err
			}
		}
		m.Expect(rep, entry.At)
		m.Most = p.most
		if err := limit(rep, *m, entry); err != nil {
			return nil, err
		}
	}
	return moves, nil
}

// limit tells which limit of the rep stands against a move.
func limit(rep lead.Rep, m lead.RepMove, entry lead.Entry) error {
	who, hold := "this rep is", "this rep holds"
	if m.Kind == lead.MoveClaim || m.Kind == lead.MoveReveal {
		who, hold = "you are", "you hold"
	}
	_, claimed := rep.CountToday(entry.At)
	switch {
	case !rep.Active:
		return lead.Errorf(lead.Conflict, "%s not active: no lead can be taken", who)
	case m.Kind == lead.MoveReveal && m.Most > 0 && rep.RevealsToday(entry.At) >= m.Most:
		return lead.Errorf(lead.Conflict, "today's limit of %d looks at contact data is reached: claim the lead, or look again tomorrow", m.Most)
	case m.Kind == lead.MoveReveal:
		return nil
	case rep.Cap != nil && rep.Holding >= *rep.Cap:
		return lead.Errorf(lead.Conflict, "%s %d leads, as many as allowed: close or release one first", hold, rep.Holding)
	case m.Kind == lead.MoveClaim && m.Most > 0 && claimed >= m.Most:
		return lead.Errorf(lead.Conflict, "today's limit of %d claims is reached: claim again tomorrow", m.Most)
	}
	return nil
}

// planFor is the plan of a rep with a lead that they have.
func (u viewer) planFor(l lead.Lead, c lead.Command) (plan, error) {
	if u.rep() == "" || l.Owner() != u.rep() {
		if u.sight(l) == unseen {
			return plan{}, u.gone(l)
		}
		return plan{}, lead.Errorf(lead.Denied, "only the rep who has the lead can do this")
	}
	return plan{by: u.actor(RoleRep), rules: u.pol.Rules(l.Team), command: c}, nil
}

// planOver is the plan of a dispatcher or manager with a lead of their team.
func (u viewer) planOver(l lead.Lead, c lead.Command) (plan, error) {
	role := u.overLead(l)
	if role == "" {
		if u.sight(l) == unseen {
			return plan{}, u.gone(l)
		}
		return plan{}, lead.Errorf(lead.Denied, "only the team's dispatcher or manager can do this")
	}
	return plan{by: u.actor(role), rules: u.pol.Rules(l.Team), command: c}, nil
}

// teamFor is the team for which a rep works a lead: the lead's own where the rep
// is of it, else the first of theirs that will do.
func teamFor(l lead.Lead, teams []string, fits func(team string) bool) string {
	if slices.Contains(teams, l.Team) {
		return l.Team
	}
	if i := slices.IndexFunc(teams, fits); i >= 0 {
		return teams[i]
	}
	return cmp.Or(l.Team, "")
}

// missing gives the one text for leads that are not there and leads that are not
// for the user's eyes.
func missing(err error) error {
	if lead.KindOf(err) == lead.NotFound {
		return notFound()
	}
	return err
}
