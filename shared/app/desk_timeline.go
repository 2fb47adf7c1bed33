package app

import (
	"context"
	"fmt"
	"time"

	"sluice/shared/lead"
)

// Timeline is a page of a lead's history, oldest first. An empty cursor is the
// end.
type Timeline struct {
	Entries []Happening `json:"entries"`
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

// Event is one thing that happened within a change. Which fields it has depends
// on its kind.
type Event struct {
	Kind    string      `json:"kind"` // as in package lead: captured, offered, …
	Why     string      `json:"why,omitempty"`
	Rule    string      `json:"rule,omitempty"` // the routing rule that matched
	Rep     *Who        `json:"rep,omitempty"`
	Team    string      `json:"team,omitempty"`
	Pool    string      `json:"pool,omitempty"`
	How     string      `json:"how,omitempty"` // a period began
	Grade   lead.Grade  `json:"grade,omitempty"`
	Fit     int         `json:"fit,omitempty"`
	Reasons []string    `json:"reasons,omitempty"`
	Way     string      `json:"way,omitempty"`
	As      lead.State  `json:"as,omitempty"`
	At      time.Time   `json:"at,omitzero"` // a deadline or a planned step, or until when the lead waits
	Do      lead.Duty   `json:"do,omitempty"`
	Value   *lead.Money `json:"value,omitempty"`
	Order   string      `json:"order,omitempty"`
	Verdict string      `json:"verdict,omitempty"` // of a team that qualifies leads for others
	Job     string      `json:"job,omitempty"`     // by which a manager moved it with others
	Grounds *Grounds    `json:"grounds,omitempty"` // of how routing chose

	// What somebody wrote, for those who see contact data. Closed says that there
	// is something which the user may not read.
	Note      string `json:"note,omitempty"`
	Objection string `json:"objection,omitempty"`
	Step      string `json:"step,omitempty"`
	Closed    bool   `json:"closed,omitempty"`

	Product     string            `json:"product,omitempty"`
	Form        string            `json:"form,omitempty"`
	Submission  string            `json:"submission,omitempty"`
	Attribution *lead.Attribution `json:"attribution,omitempty"`
}

// Grounds are what routing's choice rested on: see [lead.Grounds]. Who stands
// where is told to those who decide on routing; others get the steps and the
// counts.
type Grounds struct {
	Steps []string    `json:"steps,omitempty"`
	Of    string      `json:"of,omitempty"` // what the figures are: turns or gain
	First []Candidate `json:"first,omitempty"`
	More  int         `json:"more,omitempty"` // further ones who could have had it
	Not   []Passed    `json:"not,omitempty"`
}

// Candidate is a rep who could have had the lead.
type Candidate struct {
	Rep    Who     `json:"rep"`
	Figure float64 `json:"figure"`
}

// Passed are members of the team who could not have the lead for one reason.
type Passed struct {
	Why  string `json:"why"`
	N    int    `json:"n"`
	Reps []Who  `json:"reps,omitempty"` // some or all of them
}

// Timeline shows what happened to a lead, oldest first.
func (d *Desk) Timeline(ctx context.Context, u User, id string, p Page) (Timeline, error) {
	v, l, err := d.look(ctx, u, id)
	if err != nil {
		return Timeline{}, err
	}
	sees := v.sight(l)
	if sees == unseen {
		return Timeline{}, v.gone(l)
	}
	history, cursor, err := d.Store.History(ctx, id, bounded(p))
	if err != nil {
		return Timeline{}, err
	}
	teller := teller{desk: d, names: d.names(v.pol), lead: id, sees: sees, routing: u.SeesRouting()}
	out := Timeline{Entries: make([]Happening, 0, len(history)), Cursor: cursor}
	for _, entry := range history {
		h := Happening{Version: entry.Version, At: entry.At, By: teller.names.who(ctx, entry.By), Policy: entry.Policy, Events: []Event{}}
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

	routing bool // the user sees how reps stood
}

func (t teller) tell(ctx context.Context, e lead.Event) (Event, error) {
	out := Event{Kind: lead.KindOfEvent(e)}
	var err error
	switch e := e.(type) {
	case lead.Captured:
		out.Product, out.Form, out.Submission, out.Attribution = e.Product, e.Facts.Form, e.Submission, attribution(e.Attribution)
	case lead.Touched:
		out.Form, out.Submission, out.Attribution = e.Facts.Form, e.Submission, attribution(e.Attribution)
	case lead.Scored:
		out.Grade, out.Fit, out.Reasons = e.Grade, e.Fit, e.Reasons
	case lead.Woken:
		out.Why = e.Why
	case lead.Offered:
		out.Rep, out.Team, out.How, out.Rule, out.Why = t.rep(ctx, e.Rep), e.Team, e.How, e.Rule, e.Reason()
		out.Grounds = t.grounds(ctx, e.Grounds)
	case lead.Claimed:
		out.Rep, out.Team = t.rep(ctx, e.Rep), e.Team
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
		out.Rep, out.Why = t.rep(ctx, e.Rep), e.Why
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
	case lead.Converted:
		out.Order = e.Order
		if e.Value.Currency != "" {
			out.Value = &e.Value
		}
	case lead.Closed:
		out.As, out.Why = e.As, e.Reason
	case lead.Due:
		out.At, out.Do = e.At, e.Do
	}
	return out, err
}

func (t teller) logged(ctx context.Context, out *Event, e lead.Logged) (err error) {
	out.Way, out.Grade, out.At = e.Way, e.Grade, e.StepAt
	for _, text := range []struct {
		sealed lead.Sealed
		to     *string
	}{{e.Summary, &out.Note}, {e.Objection, &out.Objection}, {e.Step, &out.Step}} {
		if *text.to, err = t.note(ctx, out, text.sealed); err != nil {
			return err
		}
	}
	return nil
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

func (t teller) rep(ctx context.Context, id string) *Who {
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
		out.First = append(out.First, Candidate{*t.rep(ctx, c.Rep), c.Figure})
	}
	for _, p := range g.Not {
		not := Passed{Why: p.Why, N: p.N}
		for _, id := range p.Reps {
			if t.routing {
				not.Reps = append(not.Reps, *t.rep(ctx, id))
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
