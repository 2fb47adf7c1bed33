package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/policy"
	"sluice/shared/route"
)

// The sizes of a job's work.
const (
	movePage     = 100 // leads decided together, and kept as done together
	moveParallel = 8   // leads moved at once
	moveTries    = 3   // decisions on one lead that others change meanwhile
)

// The lists that a job works through, by the letter before their key.
const (
	listLeads  = "L" // those that the job names
	listInbox  = "R" // what a rep has
	listTriage = "T" // what waits for a team's dispatcher
	listPool   = "P" // what rests in a pool
	listCalls  = "C" // what is on a call list
)

// lists are those that the leads of a job are found in. Who is to get them all
// keeps those that they have. What is on a call list comes back to its pool's when
// it is dialled, so that the pool comes last.
func lists(pol *policy.Directory, from lead.Origin, to lead.Goal, reps []lead.Rep) []string {
	switch {
	case len(from.Leads) > 0:
		return []string{listLeads}
	case from.Rep != "":
		return []string{listInbox + from.Rep}
	case from.Pool != "":
		var all []string
		for _, calls := range pol.Lists() {
			all = append(all, listCalls+calls.ID)
		}
		return append(all, listPool+from.Pool)
	}
	all := []string{listTriage + from.Team}
	for _, r := range reps {
		if slices.Contains(r.Teams, from.Team) && r.ID != to.Rep {
			all = append(all, listInbox+r.ID)
		}
	}
	return all
}

// mover decides and does what a job asks for: for the desk, which shows it first,
// and for the sweep, which does it.
type mover struct {
	store Store
	now   time.Time
	pol   *policy.Policy
	reps  []lead.Rep // with what the job gave them
}

func newMover(ctx context.Context, store Store, pol *policy.Policy, now time.Time) (*mover, error) {
	reps, err := store.Reps(ctx)
	return &mover{store: store, now: now, pol: pol, reps: reps}, err
}

// relocation is one lead with what is to become of it.
type relocation struct {
	lead lead.Lead
	skip string // why it stays where it is; empty where it goes
	done bool   // the job has moved it before
	to   string // the rep who gets it, where it is one
	team string // for which the rep works it
}

// page reads the job's next leads and notes that they are being worked on. It
// moves the job's place on; a job without lists is at its end.
func (m *mover) page(ctx context.Context, j *lead.Job) ([]lead.Lead, error) {
	list := j.Lists[0]
	ids, cursor, err := m.list(ctx, j, list)
	if err != nil {
		return nil, err
	}
	leads, err := m.store.Leads(ctx, ids)
	if err != nil {
		return nil, err
	}
	if j.Cursor = cursor; cursor == "" {
		j.Lists = j.Lists[1:]
	}
	leads = slices.DeleteFunc(leads, func(l lead.Lead) bool { return !m.meant(j, list, l) })
	j.Doing = nil
	for _, l := range leads {
		j.Doing = append(j.Doing, l.ID)
	}
	return leads, nil
}

// decide says what is to become of the leads of a page.
func (m *mover) decide(j *lead.Job, leads []lead.Lead) []relocation {
	found := make([]relocation, len(leads))
	for i, l := range leads {
		found[i] = m.judge(j, l)
	}
	m.share(j, found)
	return found
}

func (m *mover) list(ctx context.Context, j *lead.Job, list string) (ids []string, cursor string, err error) {
	p := Page{Limit: movePage, Cursor: j.Cursor}
	switch key := list[1:]; list[:1] {
	case listInbox:
		return m.store.Inbox(ctx, key, p)
	case listTriage:
		return m.store.Triage(ctx, key, p)
	case listPool:
		return m.store.Pool(ctx, key, p)
	case listCalls:
		return m.store.List(ctx, key, p)
	}
	start := 0
	if i := slices.Index(j.From.Leads, j.Cursor); i >= 0 {
		start = i + 1
	}
	rest := j.From.Leads[start:]
	if len(rest) > movePage {
		return rest[:movePage], rest[movePage-1], nil
	}
	return rest, "", nil
}

// meant reports whether a listed lead is one of those that the job is about: the
// lists may be a moment behind, and a territory, a class or a tag is a part of them.
func (m *mover) meant(j *lead.Job, list string, l lead.Lead) bool {
	if l.Job != "" && l.Job == j.ID { // moved into another of the lists
		return false
	}
	switch key := list[1:]; list[:1] {
	case listInbox:
		if l.Owner() != key || j.From.Team != "" && l.Team != j.From.Team {
			return false
		}
	case listTriage:
		if l.Owner() != "" || l.Team != key {
			return false
		}
	case listPool, listCalls:
		if l.State != lead.StatePooled || l.Pool != j.From.Pool {
			return false
		}
	}
	if j.From.Cohort != "" && l.Cohort != j.From.Cohort || j.From.Tag != "" && !slices.Contains(l.Tags, j.From.Tag) {
		return false
	}
	return j.From.Territory == "" || slices.Contains(m.pol.Routing().Territories(l, m.now), j.From.Territory)
}

// judge says what stands against moving a lead, as far as it alone tells.
func (m *mover) judge(j *lead.Job, l lead.Lead) relocation {
	r := relocation{lead: l}
	switch {
	case l.Job != "" && l.Job == j.ID:
		r.done = true
	case j.From.Rep != "" && l.Owner() != j.From.Rep, j.From.Team != "" && l.Team != j.From.Team,
		j.From.Pool != "" && (l.State != lead.StatePooled || l.Pool != j.From.Pool):
		r.skip = goneElsewhere
	case !slices.Contains(j.Teams, l.Team):
		r.skip = "of a team that you do not manage"
	case j.To.Rep != "":
		rep := indexRep(m.reps, j.To.Rep)
		if rep < 0 {
			r.skip = "there is no such rep"
			return r
		}
		r.to, r.team = j.To.Rep, m.teamOf(j, l, m.reps[rep])
		r.skip = m.tryOn(j, r)
	case j.To.Team == "":
		r.skip = m.tryOn(j, r)
	}
	return r
}

func (m *mover) teamOf(j *lead.Job, l lead.Lead, rep lead.Rep) string {
	return teamFor(l, rep.Teams, func(team string) bool { return slices.Contains(j.Teams, team) })
}

// tryOn decides a move without doing it, and says what stands against it.
func (m *mover) tryOn(j *lead.Job, r relocation) string {
	if _, _, err := m.run(j, r, r.lead); err != nil {
		return reasonOf(err)
	}
	if i := indexRep(m.reps, r.to); i >= 0 {
		return noRoom(m.reps[i])
	}
	return ""
}

// noRoom says why a rep can get no lead by hand; empty where they can.
func noRoom(rep lead.Rep) string {
	switch {
	case !rep.Active:
		return "the rep is not active"
	case rep.Cap != nil && rep.Holding >= *rep.Cap:
		return "the rep holds as many leads as allowed"
	}
	return ""
}

func (m *mover) run(j *lead.Job, r relocation, l lead.Lead) (lead.Lead, lead.Entry, error) {
	team := l.Team
	if r.team != "" {
		team = r.team
	}
	by := lead.Actor{Kind: RoleManager, ID: j.By}
	return lead.Run(l, by, m.pol.Rules(team), m.now,
		lead.Move{Rep: r.to, Team: r.team, Pool: j.To.Pool, Anew: j.To.Anew, Why: j.Why, Job: j.ID})
}

// share gives the leads of a page to the reps of the team that they go to, and
// counts what each rep will have, so that a rep's cap holds for the whole page.
func (m *mover) share(j *lead.Job, found []relocation) {
	if j.To.Team != "" {
		m.split(j, found)
	}
	for i := range found {
		r := &found[i]
		if r.skip != "" || r.done || r.to == "" {
			continue
		}
		at := indexRep(m.reps, r.to)
		if r.skip = noRoom(m.reps[at]); r.skip == "" {
			m.reps[at].Holding++
		}
	}
}

func (m *mover) split(j *lead.Job, found []relocation) {
	ask := route.Share{Team: j.To.Team, Reps: m.reps, Except: j.From.Rep, Given: j.Given, Now: m.now}
	var places []int
	for i, r := range found {
		if !r.done && r.skip == "" {
			ask.Leads, places = append(ask.Leads, r.lead), append(places, i)
		}
	}
	for n, rep := range m.pol.Routing().Split(ask) {
		r := &found[places[n]]
		if r.to, r.team = rep, j.To.Team; rep == "" {
			r.skip = "nobody of the team may have it or has room"
			continue
		}
		if _, _, err := m.run(j, *r, r.lead); err != nil {
			r.skip = reasonOf(err)
		}
	}
}

// work moves the leads of a page that was noted. The job is kept by the caller:
// what fails now is found undone the next time.
func (m *mover) work(ctx context.Context, j *lead.Job, leads []lead.Lead) error {
	found := m.decide(j, leads)
	faults := make([]error, len(found))
	pace.Each(ctx, len(found), moveParallel, func(i int) {
		switch r := &found[i]; {
		case r.done:
			r.to, faults[i] = m.receiver(ctx, r.lead.ID, j.ID)
		case r.skip == "":
			faults[i] = m.move(ctx, j, r)
		}
	})
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for _, r := range found {
		if j.Seen++; r.skip != "" {
			j.Skip(r.lead.ID, r.skip)
		} else {
			j.Give(r.to)
		}
	}
	j.Doing = nil
	return nil
}

// receiver is the rep to whom a job moved a lead before, "" where it was to none.
// Who has the lead now may be another.
func (m *mover) receiver(ctx context.Context, id, job string) (string, error) {
	for p := (Page{Limit: movePage}); ; {
		entries, cursor, err := m.store.History(ctx, id, p)
		if err != nil {
			return "", err
		}
		for _, entry := range entries {
			moved := false
			for _, e := range entry.Events {
				switch e := e.(type) {
				case lead.Moved:
					moved = e.Job == job
				case lead.Offered:
					if moved {
						return e.Rep, nil
					}
				}
			}
		}
		if p.Cursor = cursor; cursor == "" {
			return "", nil
		}
	}
}

// move commits one lead's move. Where somebody was quicker it decides anew on the
// lead as it is then.
func (m *mover) move(ctx context.Context, j *lead.Job, r *relocation) error {
	l := r.lead
	for range moveTries {
		after, entry, err := m.run(j, *r, l)
		if err != nil {
			r.skip = reasonOf(err)
			return nil
		}
		change := lead.NewChange(after, entry)
		for i := range change.Moves {
			if move := &change.Moves[i]; move.Kind != lead.MoveRelease {
				move.Expect(m.reps[indexRep(m.reps, move.Rep)], m.now)
			}
		}
		err = m.store.Commit(ctx, change)
		var refused *lead.Refused
		switch {
		case !errors.As(err, &refused):
			return err
		case len(refused.Reps) > 0:
			r.skip = "the rep's record changed or is full"
			return nil
		}
		if l, err = m.store.Lead(ctx, l.ID); err != nil {
			return err
		}
		switch {
		case l.Job == j.ID: // its first try was stored after all
			return nil
		case l.Owner() != r.lead.Owner() || l.Team != r.lead.Team || l.Pool != r.lead.Pool:
			r.skip = goneElsewhere
			return nil
		}
	}
	r.skip = "others changed it at the same moment"
	return nil
}

// goneElsewhere is why a lead stays that was among those meant when they were
// listed, and is not any more.
const goneElsewhere = "it went elsewhere meanwhile"
