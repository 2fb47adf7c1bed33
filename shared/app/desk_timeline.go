package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sluice/shared/lead"
)

// Timeline is a page of a lead's history, oldest first. An empty cursor is the
// end.
type Timeline struct {
	Entries []Happening `json:"entries"`
	Ahead   []Deadline  `json:"ahead,omitempty"` // what comes after the last entry if nobody does anything
	Cursor  string      `json:"cursor,omitempty"`
}

// Happening is one change of a lead: who did it, when, under which version of
// the policy.
type Happening struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	By      Who       `json:"by"`
	Policy  int       `json:"policy,omitempty"`
	Events  []Event   `json:"events"`
}

// Timeline shows what happened to a lead, oldest first.
func (d *Desk) Timeline(ctx context.Context, u User, id string, p Page) (Timeline, error) {
	v, l, sees, err := d.seen(ctx, u, id)
	if err != nil {
		return Timeline{}, err
	}
	history, cursor, err := d.Store.History(ctx, id, bounded(p))
	if err != nil {
		return Timeline{}, err
	}
	teller := teller{desk: d, names: d.names(v.pol), lead: id, sees: sees, rep: u.rep(), routing: u.SeesRouting(),
		reveals: u.Is(RoleOps) || v.looksAfter(l.Pool) || u.over(l.Team, RoleManager)}
	out := Timeline{Entries: make([]Happening, 0, len(history)), Ahead: v.ahead(l), Cursor: cursor}
	for _, entry := range history {
		h := Happening{Version: entry.Version, At: entry.At, By: teller.by(ctx, entry), Policy: entry.Policy, Events: []Event{}}
		for _, e := range entry.Events {
			told, err := teller.tell(ctx, e)
			if err != nil {
				return Timeline{}, err
			}
			h.Events = append(h.Events, told)
		}
		out.Entries = append(out.Entries, h)
	}
	return out, nil
}

// teller tells the events of one lead to one user.
type teller struct {
	desk  *Desk
	names *names
	lead  string
	sees  sight
	rep   string // the user

	routing bool // the user sees how reps stood
	reveals bool // and who looked at contact data
}

// by names who did what an entry tells, unless that is not for the user to know.
func (t teller) by(ctx context.Context, entry lead.Entry) Who {
	for _, e := range entry.Events {
		if e, ok := e.(lead.Revealed); ok && !t.reveals && e.Rep != t.rep {
			return Who{Kind: RoleRep}
		}
	}
	return t.names.who(ctx, entry.By)
}

func (t teller) tell(ctx context.Context, e lead.Event) (Event, error) {
	out := Event{Kind: lead.KindOfEvent(e)}
	var err error
	switch e := e.(type) {
	case lead.Captured:
		out.Product, out.Form, out.Submission, out.Attribution = e.Product, e.Facts.Form, e.Submission, attribution(e.Attribution)
	case lead.Touched:
		out.Form, out.Submission, out.Attribution = e.Facts.Form, e.Submission, attribution(e.Attribution)
		out.Listed = e.Listed
	case lead.Unverified, lead.Verified, lead.Asked, lead.Enriched, lead.Joined, lead.Absorbed, lead.Took, lead.Restored, lead.Returned:
		err = t.cleansed(ctx, &out, e)
	case lead.Scored, lead.Engaged:
		t.scored(&out, e)
	case lead.Woken:
		out.Why = e.Why
	case lead.Offered:
		out.Rep, out.Team, out.How, out.Rule, out.Why = t.named(ctx, e.Rep), e.Team, e.How, e.Rule, e.Reason()
		out.Grounds = t.grounds(ctx, e.Grounds)
	case lead.Claimed:
		out.Rep, out.Team = t.named(ctx, e.Rep), e.Team
	case lead.Triaged:
		out.Team, out.Why, out.Grounds = e.Team, e.Reason(), t.grounds(ctx, e.Grounds)
	case lead.Waiting:
		out.Team, out.At, out.Why, out.Grounds = e.Team, e.Until, e.Reason(), t.grounds(ctx, e.Grounds)
	case lead.Escalated:
		out.Team, out.Why = e.Team, e.Why
	case lead.Rejected:
		out.Why = e.Reason
		out.Note, err = t.note(ctx, &out, e.Note)
	case lead.Expired:
		out.Do = e.Duty
	case lead.Ended:
		out.Rep, out.Why = t.named(ctx, e.Rep), e.Why
	case lead.Qualified:
		out.Verdict = e.Verdict
		out.Note, err = t.note(ctx, &out, e.Note)
	case lead.Moved:
		out.Why, out.Job = e.Why, e.Job
	case lead.Logged:
		err = t.logged(ctx, &out, e)
	case lead.PutOnHold:
		out.Why = e.Reason
	case lead.Resumed:
		out.Why = e.Why
	case lead.Nurtured:
		out.Why = e.Reason
	case lead.Pooled:
		out.Pool, out.Why = e.Pool, e.Why
	case lead.Reminded:
		out.Rep, out.Team, out.Do, out.At, out.Manager = t.named(ctx, e.Rep), e.Team, e.Of, e.At, e.Manager
	case lead.Extended:
		out.Why = e.Reason
	case lead.Dealt:
		out.Open, out.Value, out.At = e.Open, worth(e.Value), e.Close
	case lead.Nudged:
		out.Why = e.Skipped
	case lead.Revealed:
		if t.reveals || e.Rep == t.rep {
			out.Rep = t.named(ctx, e.Rep)
		}
	case lead.Tagged:
		out.Added, out.Removed = e.Add, e.Remove
	case lead.Dialled:
		out.List = e.List
	case lead.Unlisted:
		out.List = e.List
	case lead.Called:
		out.List, out.Outcome, out.Seconds, out.Done = e.List, e.Outcome, e.Seconds, e.Done
		out.Note, err = t.note(ctx, &out, e.Summary)
	case lead.Credited:
		out.Pool, out.Credit, out.At = e.Stock.Pool, e.Of, e.Stock.Cycle
		if e.Stock.Held {
			out.Did = lead.DidHold
		}
	case lead.Swept:
		out.Pool, out.Did, out.Why, out.List = e.Pool, e.Did, e.Why, e.List
	case lead.Converted:
		out.Order, out.Value = e.Order, worth(e.Value)
	case lead.Closed:
		out.As, out.Why = e.As, e.Reason
	case lead.Due:
		out.At, out.Do = e.At, e.Do
	}
	return out, err
}

// cleansed tells who a lead was found to be, and what was found out about it.
func (t teller) cleansed(ctx context.Context, out *Event, e lead.Event) (err error) {
	switch e := e.(type) {
	case lead.Unverified:
		out.Team = e.Team
	case lead.Verified:
		out.Facts = factsTold(e.Facts)
		out.Note, err = t.note(ctx, out, e.Note)
	case lead.Asked:
		out.Of = e.Of
	case lead.Enriched:
		out.Of, out.Why, out.Facts = []string{e.By}, e.Failed, factsTold(e.Facts)
	case lead.Joined:
		out.Undone = e.Undone
	case lead.Absorbed:
		out.Lead = e.Into
	case lead.Took:
		out.Lead = e.Lead
	case lead.Restored:
		out.Why = e.Why
	case lead.Returned:
		out.Lead = e.Lead
	}
	return err
}

func (t teller) logged(ctx context.Context, out *Event, e lead.Logged) (err error) {
	out.Way, out.Grade, out.At = e.Way, e.Grade, e.StepAt
	out.Done, out.Seconds, out.Inbound, out.Bare = e.Done, e.Seconds, e.Inbound, e.Bare
	out.Checked, out.Metres, out.Beyond = e.Checked, e.Metres, e.Beyond
	for _, text := range []struct {
		sealed lead.Sealed
		to     *string
	}{{e.Summary, &out.Note}, {e.Objection, &out.Objection}, {e.Step, &out.Step}} {
		if *text.to, err = t.note(ctx, out, text.sealed); err != nil {
			return err
		}
	}
	if t.sees < full {
		out.Closed = out.Closed || len(e.Place)+len(e.Links) > 0
		return nil
	}
	if len(e.Place) > 0 {
		in, err := t.desk.openCheckIn(ctx, t.lead, e.Place)
		if err != nil {
			return err
		}
		out.Place = &in
	}
	if len(e.Links) > 0 {
		text, err := t.note(ctx, out, e.Links)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &out.Links); err != nil {
			return fmt.Errorf("read links of lead %s: not a list", t.lead)
		}
	}
	return nil
}

// worth is an amount, nil for none.
func worth(m lead.Money) *lead.Money {
	if m.Currency == "" {
		return nil
	}
	return &m
}

// note opens what somebody wrote, or marks that it stays closed.
func (t teller) note(ctx context.Context, out *Event, sealed lead.Sealed) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	if t.sees < full {
		out.Closed = true
		return "", nil
	}
	text, err := t.desk.open(ctx, placeNote(t.lead), sealed)
	if err != nil {
		return "", fmt.Errorf("open note of lead %s: %w", t.lead, err)
	}
	return text, nil
}

func (t teller) named(ctx context.Context, id string) *Who {
	return &Who{Kind: RoleRep, ID: id, Name: t.names.rep(ctx, id)}
}

func (t teller) grounds(ctx context.Context, g *lead.Grounds) *Grounds {
	if g == nil {
		return nil
	}
	first := g.First
	if !t.routing {
		first = nil
	}
	out := &Grounds{Steps: g.Steps, Of: figureName(g.Of), More: g.More + len(g.First) - len(first)}
	for _, c := range first {
		out.First = append(out.First, Candidate{*t.named(ctx, c.Rep), c.Figure})
	}
	for _, p := range g.Not {
		not := Passed{Why: p.Why, N: p.N}
		for _, id := range p.Reps {
			if t.routing {
				not.Reps = append(not.Reps, *t.named(ctx, id))
			}
		}
		out.Not = append(out.Not, not)
	}
	return out
}

// figureName is what the figures of candidates are: turns or gain, or "" where
// there was nothing to weigh.
func figureName(f lead.Figure) string {
	switch f {
	case lead.ByTurns:
		return "turns"
	case lead.ByGain:
		return "gain"
	}
	return ""
}

func attribution(a lead.Attribution) *lead.Attribution {
	if a == (lead.Attribution{}) {
		return nil
	}
	return &a
}
