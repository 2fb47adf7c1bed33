package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/pace"
)

// Listing is a page of leads. An empty cursor is the end.
type Listing struct {
	Leads  []Summary `json:"leads"`
	Cursor string    `json:"cursor,omitempty"`
}

// lister reads a page of lead ids.
type lister func(ctx context.Context, key string, p Page) ([]string, string, error)

// Inbox lists what a rep has, best grade first, oldest first within: their own
// where rep is empty, and of another rep for a manager of one of their teams and
// for ops.
func (d *Desk) Inbox(ctx context.Context, u User, rep string, p Page) (Listing, error) {
	rep, err := d.heldBy(ctx, u, rep)
	if err != nil {
		return Listing{}, err
	}
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Listing{}, err
	}
	return d.list(ctx, v, rep, p, d.Store.Inbox, func(l lead.Lead) bool { return l.Owner() == rep })
}

// heldBy is the rep whose leads the user asks for, where they may see them: their
// own where rep is empty.
func (d *Desk) heldBy(ctx context.Context, u User, rep string) (string, error) {
	if rep == "" {
		rep = u.rep()
	}
	switch rep {
	case "":
		return "", lead.Errorf(lead.Denied, "only reps have an inbox")
	case u.rep():
		return rep, nil
	}
	other, err := d.Store.Rep(ctx, rep)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return "", err
	}
	if err != nil || !u.editsRep(other) {
		return "", lead.Errorf(lead.NotFound, "there is no such rep in your teams")
	}
	return rep, nil
}

// Only leaves out of a page of a list what is not meant; what is empty leaves out
// nothing.
type Only struct {
	Tag   string
	Grade lead.Grade
}

func (o Only) holds(l lead.Lead) bool {
	return (o.Tag == "" || slices.Contains(l.Tags, o.Tag)) && (o.Grade == "" || l.Grade == o.Grade)
}

// Pool lists what rests in a pool, in the same order, with contact data masked. A
// page of it may have less than its limit, or nothing, where only some are meant.
func (d *Desk) Pool(ctx context.Context, u User, pool string, only Only, p Page) (Listing, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Listing{}, err
	}
	if !has(v.pol.Pool(pool)) || !v.seesPool(pool) {
		return Listing{}, noPool()
	}
	return d.list(ctx, v, pool, p, d.Store.Pool, func(l lead.Lead) bool {
		return l.State == lead.StatePooled && l.Pool == pool && only.holds(l)
	})
}

// Triage lists what waits for a team's dispatcher or for a shift, in the same
// order.
func (d *Desk) Triage(ctx context.Context, u User, team string, p Page) (Listing, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Listing{}, err
	}
	if !v.seesTriage(team) {
		return Listing{}, lead.Errorf(lead.NotFound, "there is no such team for you")
	}
	return d.list(ctx, v, team, p, d.Store.Triage, func(l lead.Lead) bool {
		return waits(l) && l.Team == team
	})
}

// list reads a page of leads with their contact data. The index may be a moment
// behind: what has moved on since is left out.
func (d *Desk) list(ctx context.Context, u viewer, key string, p Page, ids lister, still func(lead.Lead) bool) (Listing, error) {
	page, cursor, err := ids(ctx, key, bounded(p))
	if err != nil {
		return Listing{}, err
	}
	leads, err := d.Store.Leads(ctx, page)
	if err != nil {
		return Listing{}, err
	}
	leads = slices.DeleteFunc(leads, func(l lead.Lead) bool { return !still(l) || u.sight(l) == unseen })
	out := Listing{Leads: make([]Summary, 0, len(leads)), Cursor: cursor}
	persons, err := d.persons(ctx, leads)
	if err != nil {
		return Listing{}, err
	}
	names := d.names(u.pol)
	for _, l := range leads {
		s := u.summary(l)
		if s.Rep != nil {
			s.Rep.Name = names.rep(ctx, s.Rep.ID)
		}
		if sees := u.sight(l); sees >= masked {
			person, ok := persons[l.Person]
			if !ok {
				return Listing{}, fmt.Errorf("read person of lead %s: none", l.ID)
			}
			if s.Contact, err = d.contact(ctx, person, sees); err != nil {
				return Listing{}, err
			}
		}
		out.Leads = append(out.Leads, s)
	}
	d.revealed(ctx, u.User, leads, u.sight)
	return out, nil
}

func (d *Desk) persons(ctx context.Context, leads []lead.Lead) (map[string]lead.Person, error) {
	var ids []string
	for _, l := range leads {
		if !slices.Contains(ids, l.Person) { // one person may have leads for several products
			ids = append(ids, l.Person)
		}
	}
	found, err := d.Store.Persons(ctx, ids)
	if err != nil {
		return nil, err
	}
	persons := make(map[string]lead.Person, len(found))
	for _, p := range found {
		persons[p.ID] = p
	}
	return persons, nil
}

// SubmissionView is what became of a submission: nothing of what was in it.
type SubmissionView struct {
	ID       string       `json:"id"`
	Form     string       `json:"form"`
	Received time.Time    `json:"received"`
	Outcome  lead.Outcome `json:"outcome"`
	Reason   string       `json:"reason,omitempty"`
	Lead     string       `json:"lead,omitempty"`
}

// Submissions is a page of them. An empty cursor is the end.
type Submissions struct {
	Submissions []SubmissionView `json:"submissions"`
	Cursor      string           `json:"cursor,omitempty"`
}

// seesSubmissions are the roles that look after what comes in.
func (u User) seesSubmissions() bool { return u.Is(RoleOps, RoleMarketer) }

// Submission shows how a submission ended; to ops and marketers.
func (d *Desk) Submission(ctx context.Context, u User, id string) (SubmissionView, error) {
	if !u.seesSubmissions() {
		return SubmissionView{}, lead.Errorf(lead.Denied, "only ops and marketers see submissions")
	}
	s, err := d.Store.Submission(ctx, id)
	if err != nil {
		if lead.KindOf(err) == lead.NotFound {
			err = lead.Errorf(lead.NotFound, "there is no such submission, or it has not been worked on yet")
		}
		return SubmissionView{}, err
	}
	return SubmissionView{ID: s.ID, Form: s.Form, Received: s.Received, Outcome: s.Outcome, Reason: s.Reason, Lead: s.Lead}, nil
}

// quarantineReads bounds how many submissions are read at the same time.
const quarantineReads = 8

// Quarantine lists the submissions in quarantine with their reasons, oldest
// first; to ops and marketers.
func (d *Desk) Quarantine(ctx context.Context, u User, p Page) (Submissions, error) {
	if !u.seesSubmissions() {
		return Submissions{}, lead.Errorf(lead.Denied, "only ops and marketers see the quarantine")
	}
	ids, cursor, err := d.Store.Quarantine(ctx, bounded(p))
	if err != nil {
		return Submissions{}, err
	}
	found := make([]SubmissionView, len(ids))
	faults := make([]error, len(ids))
	pace.Each(ctx, len(ids), quarantineReads, func(i int) {
		found[i], faults[i] = d.Submission(ctx, u, ids[i])
	})
	out := Submissions{Submissions: []SubmissionView{}, Cursor: cursor}
	for i, s := range found {
		switch err := faults[i]; {
		case err != nil && lead.KindOf(err) == lead.NotFound: // purged since
		case err != nil:
			return Submissions{}, err
		case s.Outcome == lead.OutcomeQuarantined:
			out.Submissions = append(out.Submissions, s)
		}
	}
	return out, nil
}
