package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// RelayPorts are what relay works with.
type RelayPorts struct {
	Ports
	Route   Queue
	Score   Queue
	Deliver Queue
}

// Relay tells what follows from each committed history entry, at least once.
// Everything it sends carries the entry's id, so that its receivers do nothing
// the second time.
func Relay(p RelayPorts) lambda.Handler {
	return trigger.Stream(p.Log, func(ctx context.Context, entry lead.Entry) error {
		follows := Follows(entry)
		if follows.Route {
			if err := send(ctx, p.Route, RouteOrder{Lead: entry.Lead, Entry: entry.ID()}); err != nil {
				return err
			}
		}
		if follows.Score != nil {
			if err := send(ctx, p.Score, follows.Score); err != nil {
				return err
			}
		}
		for _, notice := range follows.Notices {
			if err := send(ctx, p.Deliver, notice); err != nil {
				return err
			}
		}
		return nil
	})
}

// Consequences are what follows from one history entry.
type Consequences struct {
	Route   bool        // the lead waits to be routed
	Score   *ScoreOrder // something is known that can change its score; nil where not
	Notices []Notice    // people to tell
}

// Notice tells one person of an entry.
type Notice struct {
	Lead    string     `json:"lead"`
	Version int        `json:"v"` // of the entry
	Kind    NoticeKind `json:"kind"`
	To      string     `json:"to"`            // a rep's id, a team's whose manager is meant, a pool's whose message is sent, or a call list's
	Job     string     `json:"job,omitempty"` // that moved the lead among many
}

// ID names the notice for ever. A rep to whom a job moves many leads is told
// once.
func (n Notice) ID() string {
	switch n.Kind {
	case NoticeMoved:
		return fmt.Sprintf("%s-%s-%s", n.Job, n.To, n.Kind)
	case NoticeAsked: // one for each enricher
		return fmt.Sprintf("%s-%d-%s-%s", n.Lead, n.Version, n.Kind, n.To)
	}
	return fmt.Sprintf("%s-%d-%s", n.Lead, n.Version, n.Kind)
}

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notices.
const (
	NoticeOffered   NoticeKind = "offered"   // to the rep: a lead to accept
	NoticeMoved     NoticeKind = "moved"     // to the rep: a job moves leads to them
	NoticeEscalated NoticeKind = "escalated" // to the team's manager: nobody acted
	NoticeReminded  NoticeKind = "reminded"  // to the rep: what is about to happen
	NoticeWarned    NoticeKind = "warned"    // to the team's manager: what is about to happen
	NoticeRevived   NoticeKind = "revived"   // to the person: the pool's message
	NoticeNudged    NoticeKind = "nudged"    // to the person: the light touch
	NoticeListed    NoticeKind = "listed"    // to a call list's vendor: somebody to call
	NoticeAsked     NoticeKind = "asked"     // to an enricher: what is known of the company
	NoticeMerged    NoticeKind = "merged"    // to the rep: a lead goes on as another one
)

// Follows derives an entry's consequences from the entry alone: records of one
// transaction may arrive apart and out of order.
func Follows(entry lead.Entry) Consequences {
	c := Consequences{Score: scoreAfter(entry)}
	job := ""
	for _, e := range entry.Events {
		notice := Notice{Lead: entry.Lead, Version: entry.Version}
		switch e := e.(type) {
		case lead.Moved:
			job = e.Job
		case lead.Captured, lead.Woken, lead.Verified:
			c.Route = true
		case lead.Triaged, lead.Waiting, lead.Pooled, lead.Nurtured, lead.Unverified:
			c.Route = false
		case lead.Absorbed:
			c.Route = false
			if e.Rep != "" {
				notice.Kind, notice.To = NoticeMerged, e.Rep
				c.Notices = append(c.Notices, notice)
			}
		case lead.Asked:
			for _, by := range e.Of {
				notice.Kind, notice.To = NoticeAsked, by
				c.Notices = append(c.Notices, notice)
			}
		case lead.Offered:
			c.Route = false
			notice.Kind, notice.To = NoticeOffered, e.Rep
			if job != "" {
				notice.Kind, notice.Job = NoticeMoved, job
			}
			c.Notices = append(c.Notices, notice)
		case lead.Escalated:
			notice.Kind, notice.To = NoticeEscalated, e.Team
			c.Notices = append(c.Notices, notice)
		case lead.Reminded:
			notice.Kind, notice.To = NoticeReminded, e.Rep
			c.Notices = append(c.Notices, notice)
			if e.Manager {
				notice.Kind, notice.To = NoticeWarned, e.Team
				c.Notices = append(c.Notices, notice)
			}
		case lead.Swept:
			switch e.Did {
			case lead.DidTouch:
				notice.Kind, notice.To = NoticeRevived, e.Pool
				c.Notices = append(c.Notices, notice)
			case lead.DidList:
				notice.Kind, notice.To = NoticeListed, e.List
				c.Notices = append(c.Notices, notice)
			}
		case lead.Nudged:
			if e.Skipped == "" {
				notice.Kind = NoticeNudged
				c.Notices = append(c.Notices, notice)
			}
		}
	}
	return c
}

// scoreAfter is what an entry makes necessary of the lead's score: nothing where it
// brings its own. Of a lead that is over, or open again after that, it is to be kept how
// it ended.
func scoreAfter(entry lead.Entry) *ScoreOrder {
	order, scored, touched := ScoreOrder{Leads: []string{entry.Lead}}, false, false
	for _, e := range entry.Events {
		switch e := e.(type) {
		case lead.Scored:
			scored = true
		case lead.Engaged:
			order.Cause, order.Quiet = "signals", false
		case lead.Logged:
			switch { // a first contact that took place before signals has them count no more for the chance
			case e.Inbound:
				order.Cause, order.Quiet = "reply", false
			case order.Cause == "":
				order.Cause, order.Quiet = "acted on", true
			}
		case lead.Called:
			if e.Outcome == lead.Talked || e.Outcome == lead.Interested {
				order.Cause, order.Quiet = "talk", false
			}
		case lead.Closed, lead.Converted, lead.HandedOver:
			order.Over = true
		case lead.Touched:
			touched = true
		case lead.Woken:
			order.Over = order.Over || touched // it may have been over
		case lead.Swept:
			order.Over = order.Over || e.Did == lead.DidRetire
		case lead.Due:
			// A deadline that has come nearer may be behind the walk over all leads: see
			// sweep.rescore. What the sweep does is due, and puts it off.
			if order.Cause == "" && !e.At.IsZero() && entry.By != lead.System("sweep") {
				order.Cause, order.Quiet = "acted on", true
			}
		}
	}
	if scored || order.Over {
		order.Cause, order.Quiet = "", false
	}
	if order.Cause == "" && !order.Over {
		return nil
	}
	return &order
}

func send(ctx context.Context, q Queue, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return q.Send(ctx, body)
}
