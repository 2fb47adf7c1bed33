package desk

import (
	"net/http"
	"strconv"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// operations lists what the API does.
func (d *desk) operations() []operation {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	return append(append(d.cleanseOperations(), d.scoreOperations()...), []operation{
		{get, "/api/me", d.me},
		{get, "/api/inbox", d.inbox},
		{get, "/api/tasks", d.tasks},
		{get, "/api/leads/{lead}", d.lead},
		{get, "/api/leads/{lead}/timeline", d.timeline},
		{post, "/api/leads/{lead}/accept", d.accept},
		{post, "/api/leads/{lead}/reject", d.reject},
		{post, "/api/leads/{lead}/log", d.logActivity},
		{post, "/api/leads/{lead}/release", d.release},
		{post, "/api/leads/{lead}/claim", d.claim},
		{post, "/api/leads/{lead}/reveal", d.reveal},
		{post, "/api/leads/{lead}/hold", d.hold},
		{post, "/api/leads/{lead}/extend", d.extend},
		{post, "/api/leads/{lead}/deal", d.deal},
		{post, "/api/leads/{lead}/tag", d.tag},
		{post, "/api/leads/{lead}/opt-out", d.optOut},
		{post, "/api/leads/{lead}/recycle", d.recycle},
		{post, "/api/leads/{lead}/junk", d.closeAs(lead.StateJunk)},
		{post, "/api/leads/{lead}/lost", d.closeAs(lead.StateLost)},
		{post, "/api/leads/{lead}/unreachable", d.closeAs(lead.StateUnreachable)},
		{post, "/api/leads/{lead}/convert", d.convert},
		{post, "/api/leads/{lead}/confirm", d.confirm},
		{post, "/api/leads/{lead}/assign", d.assign},
		{post, "/api/leads/{lead}/qualify", d.qualify},
		{post, "/api/leads/{lead}/move", d.move},
		{get, "/api/leads/{lead}/route", d.explainLead},
		{post, "/api/route/explain", d.explainCase},
		{get, "/api/moves", d.jobs},
		{post, "/api/moves", d.remove},
		{post, "/api/moves/preview", d.foresee},
		{get, "/api/moves/{job}", d.job},
		{post, "/api/moves/{job}/stop", d.stopJob},
		{get, "/api/pools", d.pools},
		{get, "/api/pools/{pool}/leads", d.pool},
		{get, "/api/pools/{pool}/members", d.members},
		{get, "/api/pools/{pool}/cycles", d.cycles},
		{post, "/api/pools/{pool}/claims", d.claims},
		{get, "/api/teams/{team}/triage", d.triage},
		{get, "/api/teams/{team}/abilities", d.abilities},
		{get, "/api/teams/{team}/sample", d.sample},
		{get, "/api/quarantine", d.quarantine},
		{get, "/api/submissions/{submission}", d.submission},
		{get, "/api/reps", d.reps},
		{get, "/api/reps/{rep}", d.rep},
		{put, "/api/reps/{rep}", d.putRep},
		{post, "/api/lists/{list}/next", d.next},
		{post, "/api/lists/{list}/outcomes", d.recordCall},
	}...)
}

func (d *desk) me(c call) (any, error) { return c.user, nil }

func (d *desk) inbox(c call) (any, error) {
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Inbox(c.Context(), c.user, c.URL.Query().Get("rep"), p)
}

// leadAnswer carries the lead's version as its ETag.
type leadAnswer struct{ app.LeadView }

func (l leadAnswer) tag() string { return strconv.Quote(strconv.Itoa(l.Version)) }

func (d *desk) lead(c call) (any, error) {
	id, err := c.id("lead")
	if err != nil {
		return nil, err
	}
	v, err := d.app.Lead(c.Context(), c.user, id)
	return leadAnswer{v}, err
}

// timelineAnswer is the time-line in the caller's words.
type timelineAnswer struct {
	Entries []entryAnswer  `json:"entries"`
	Ahead   []app.Deadline `json:"ahead,omitempty"`
	Cursor  string         `json:"cursor,omitempty"`
}

type entryAnswer struct {
	app.Happening
	Events []eventAnswer `json:"events"`
}

type eventAnswer struct {
	app.Event
	What string `json:"what"` // in the caller's language
}

func (d *desk) timeline(c call) (any, error) {
	id, err := c.id("lead")
	if err != nil {
		return nil, err
	}
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	t, err := d.app.Timeline(c.Context(), c.user, id, p)
	if err != nil {
		return nil, err
	}
	words := words{lang: c.lang}
	out := timelineAnswer{Entries: []entryAnswer{}, Ahead: t.Ahead, Cursor: t.Cursor}
	for _, h := range t.Entries {
		entry := entryAnswer{Happening: h, Events: []eventAnswer{}}
		for _, e := range h.Events {
			entry.Events = append(entry.Events, eventAnswer{Event: e, What: words.what(e)})
		}
		out.Entries = append(out.Entries, entry)
	}
	return out, nil
}

// act does something to the lead of the path with the body's T.
func act[T any](c call, do func(on app.Target, in T) (app.LeadView, error)) (any, error) {
	on, err := c.target()
	if err != nil {
		return nil, err
	}
	in, err := read[T](c)
	if err != nil {
		return nil, err
	}
	v, err := do(on, in)
	return leadAnswer{v}, err
}

// nothing is the body of acts that need none.
type nothing struct{}

type reasonBody struct {
	Reason string `json:"reason"`
}

func (d *desk) accept(c call) (any, error) {
	return act(c, func(on app.Target, _ nothing) (app.LeadView, error) {
		return d.app.Accept(c.Context(), c.user, on)
	})
}

func (d *desk) reject(c call) (any, error) {
	return act(c, func(on app.Target, in app.Rejection) (app.LeadView, error) {
		return d.app.Reject(c.Context(), c.user, on, in)
	})
}

func (d *desk) logActivity(c call) (any, error) {
	return act(c, func(on app.Target, in app.Activity) (app.LeadView, error) {
		return d.app.LogActivity(c.Context(), c.user, on, in)
	})
}

func (d *desk) release(c call) (any, error) {
	return act(c, func(on app.Target, in app.Return) (app.LeadView, error) {
		return d.app.Release(c.Context(), c.user, on, in)
	})
}

func (d *desk) claim(c call) (any, error) {
	return act(c, func(on app.Target, _ nothing) (app.LeadView, error) {
		return d.app.Claim(c.Context(), c.user, on)
	})
}

func (d *desk) hold(c call) (any, error) {
	return act(c, func(on app.Target, in reasonBody) (app.LeadView, error) {
		return d.app.Hold(c.Context(), c.user, on, in.Reason)
	})
}

func (d *desk) recycle(c call) (any, error) {
	return act(c, func(on app.Target, in reasonBody) (app.LeadView, error) {
		return d.app.Recycle(c.Context(), c.user, on, in.Reason)
	})
}

func (d *desk) closeAs(state lead.State) func(call) (any, error) {
	return func(c call) (any, error) {
		return act(c, func(on app.Target, in reasonBody) (app.LeadView, error) {
			return d.app.Close(c.Context(), c.user, on, app.Closing{As: state, Reason: in.Reason})
		})
	}
}

func (d *desk) convert(c call) (any, error) {
	return act(c, func(on app.Target, in app.Win) (app.LeadView, error) {
		return d.app.Convert(c.Context(), c.user, on, in)
	})
}

func (d *desk) confirm(c call) (any, error) {
	return act(c, func(on app.Target, _ nothing) (app.LeadView, error) {
		return d.app.Confirm(c.Context(), c.user, on)
	})
}

func (d *desk) assign(c call) (any, error) {
	type body struct {
		Rep string `json:"rep"`
	}
	return act(c, func(on app.Target, in body) (app.LeadView, error) {
		return d.app.Assign(c.Context(), c.user, on, in.Rep)
	})
}

func (d *desk) triage(c call) (any, error) {
	id, err := c.id("team")
	if err != nil {
		return nil, err
	}
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Triage(c.Context(), c.user, id, p)
}

func (d *desk) quarantine(c call) (any, error) {
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Quarantine(c.Context(), c.user, p)
}

func (d *desk) submission(c call) (any, error) {
	id, err := c.id("submission")
	if err != nil {
		return nil, err
	}
	return d.app.Submission(c.Context(), c.user, id)
}

func (d *desk) reps(c call) (any, error) {
	reps, err := d.app.Reps(c.Context(), c.user)
	return struct {
		Reps []app.RepView `json:"reps"`
	}{reps}, err
}

func (d *desk) rep(c call) (any, error) {
	id, err := c.id("rep")
	if err != nil {
		return nil, err
	}
	return d.app.Rep(c.Context(), c.user, id)
}

func (d *desk) putRep(c call) (any, error) {
	id, err := c.id("rep")
	if err != nil {
		return nil, err
	}
	in, err := read[app.RepView](c) // the counters may come along as they were read
	if err != nil {
		return nil, err
	}
	if in.ID != "" && in.ID != id {
		return nil, &lead.Error{Kind: lead.Invalid, Field: "id", Text: "this is another id than the address names"}
	}
	in.ID = id
	return d.app.PutRep(c.Context(), c.user, in.Rep)
}
