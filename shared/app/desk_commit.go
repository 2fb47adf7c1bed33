package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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
	person  personal // for acts that change the person, too
}

// personal decides on the person of a lead, changes them, and returns the command
// on the lead that goes with it.
type personal func(p *lead.Person, now time.Time) (lead.Command, error)

// planner decides on a lead as it was read, or refuses.
type planner func(u viewer, l lead.Lead) (plan, error)

// act decides on the lead as it was read and commits. Where somebody was quicker
// it reads the lead again and decides anew: the answer is then about the lead as
// it is. It returns the lead after the act, and the person where that changed too.
func (d *Desk) act(ctx context.Context, u viewer, l lead.Lead, on Target, decide planner) (lead.Lead, *lead.Person, error) {
	fresh := map[string]lead.Rep{} // as just read, or as a refused transaction found them
	if u.record.Revision > 0 {
		fresh[u.record.ID] = u.record
	}
	for attempt := range deskAttempts {
		if attempt > 0 {
			var err error
			if l, err = d.Store.Lead(ctx, on.Lead); err != nil {
				return lead.Lead{}, nil, missing(err)
			}
		}
		p, err := decide(u, l)
		if err != nil {
			return lead.Lead{}, nil, err
		}
		if on.Version != 0 && on.Version != l.Version {
			return lead.Lead{}, nil, &lead.Error{Kind: lead.Conflict, Field: "version", Cause: ErrMoved,
				Text: "the lead has changed since you looked at it: look again, then decide"}
		}
		now := d.Now()
		after, entry, err := lead.Run(l, p.by, p.rules, now, p.command)
		var person *lead.Person
		if err == nil && p.person != nil {
			after, entry, person, err = d.withPerson(ctx, l, p, now)
			if err != nil && d.outdated(ctx, l) {
				continue // refused for a lead and a person that never were at one moment
			}
		}
		if err != nil || len(entry.Events) == 0 {
			return l, nil, err
		}
		change := lead.NewChange(after, entry)
		change.Person = person
		if change.Moves, err = d.moves(ctx, after, entry, p, fresh); err != nil {
			return lead.Lead{}, nil, err
		}
		if _, won := p.command.(lead.Convert); won {
			if change.Company, err = d.account(ctx, l); err != nil {
				return lead.Lead{}, nil, err
			}
		}
		err = d.Store.Commit(ctx, change)
		var refused *lead.Refused
		if !errors.As(err, &refused) {
			return after, person, err
		}
		fresh = refused.Reps
	}
	return lead.Lead{}, nil, lead.Errorf(lead.Unavailable, "several people changed this at the same moment: try again")
}

// withPerson decides on a lead together with its person, who is written with it:
// of two who contact somebody at one moment the second decides anew.
func (d *Desk) withPerson(ctx context.Context, l lead.Lead, p plan, now time.Time) (lead.Lead, lead.Entry, *lead.Person, error) {
	read, err := personOf(ctx, d.Store, l.Person)
	if err != nil {
		return l, lead.Entry{}, nil, fmt.Errorf("read person of lead %s: %w", l.ID, err)
	}
	person := read.Clone()
	command, err := p.person(&person, now)
	if err != nil {
		return l, lead.Entry{}, nil, err
	}
	person.Version++
	after, entry, err := lead.Run(l, p.by, p.rules, now, command)
	return after, entry, &person, err
}

// outdated reports whether a lead has changed since it was read.
func (d *Desk) outdated(ctx context.Context, l lead.Lead) bool {
	now, err := d.Store.Lead(ctx, l.ID)
	return err == nil && now.Version != l.Version
}

// account is what is known of a lead's company once the lead is won: who enquires from
// there next gets the rep who won it. It is nil for a person without a company's
// address.
func (d *Desk) account(ctx context.Context, l lead.Lead) (*lead.Company, error) {
	id, err := companyOf(ctx, d.Store, d.Vault, l.Person)
	if err != nil || id == "" {
		return nil, err
	}
	company, err := d.Store.Company(ctx, id)
	if err != nil {
		return nil, err
	}
	company, _ = company.Learned(l.Facts, l.Created)
	company.ID, company.Version, company.Account = id, company.Version+1, l.ID
	return &company, nil
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

// errFull is the cause of a refusal that the rep would meet with any other lead of
// the day, too.
var errFull = errors.New("the rep is at a limit")

// limit tells which limit of the rep stands against a move.
func limit(rep lead.Rep, m lead.RepMove, entry lead.Entry) error {
	full := func(format string, args ...any) error {
		return &lead.Error{Kind: lead.Conflict, Text: fmt.Sprintf(format, args...), Cause: errFull}
	}
	who, hold := "this rep is", "this rep holds"
	if m.Kind == lead.MoveClaim || m.Kind == lead.MoveReveal {
		who, hold = "you are", "you hold"
	}
	_, claimed := rep.CountToday(entry.At)
	switch {
	case !rep.Active:
		return full("%s not active: no lead can be taken", who)
	case m.Kind == lead.MoveReveal && m.Most > 0 && rep.RevealsToday(entry.At) >= m.Most:
		return full("today's limit of %d looks at contact data is reached: claim the lead, or look again tomorrow", m.Most)
	case m.Kind == lead.MoveReveal:
		return nil
	case rep.Cap != nil && rep.Holding >= *rep.Cap:
		return full("%s %d leads, as many as allowed: close or release one first", hold, rep.Holding)
	case m.Kind == lead.MoveClaim && m.Most > 0 && claimed >= m.Most:
		return full("today's limit of %d claims is reached: claim again tomorrow", m.Most)
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

// planHeld is the plan of the rep who has a lead or, without a rep, of the manager
// of its team, and of the cleansing team for a lead that waits for it.
func (u viewer) planHeld(l lead.Lead, command func(rep string) lead.Command) (plan, error) {
	role := ""
	switch {
	case u.rep() != "" && l.Owner() == u.rep():
	case u.over(l.Team, RoleManager):
		role = RoleManager
	case l.State == lead.StateUnverified:
		role = u.cleansing()
	}
	if role != "" {
		return plan{by: u.actor(role), rules: u.pol.Rules(l.Team), command: command("")}, nil
	}
	return u.planFor(l, command(u.Rep))
}

// planOver is the plan of whoever decides on a lead that waits for a dispatcher or
// rests in a pool.
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
