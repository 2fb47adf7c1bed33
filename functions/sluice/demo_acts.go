package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"sluice/shared/lead"
)

// enquire posts one form, as a landing page's script would.
func (p *play) enquire(ctx context.Context) error {
	form, values := p.people.next()
	wants := interestOf(p.chance)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.system.front+"/f/"+form, strings.NewReader(values.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	var answer struct{ Submission string }
	status, err := p.call(req, &answer)
	if err != nil {
		return err
	}
	p.posts[fmt.Sprint(status)]++
	if status == http.StatusAccepted {
		p.accepted = append(p.accepted, answer.Submission)
		p.interests["l"+answer.Submission] = wants
	}
	return nil
}

// react puts on the agenda what people will do about what has happened.
func (p *play) react() {
	for _, entry := range p.take() {
		id := entry.Lead
		for _, e := range entry.Events {
			switch e := e.(type) {
			case lead.Due:
				if !e.At.IsZero() {
					p.sweepAt(id, e.At)
				}
			case lead.Captured:
				p.shows(id)
			case lead.Offered:
				p.answerOffer(id, e.Rep)
			case lead.Accepted:
				p.followUp(id, p.owner(id), 30*time.Minute)
			case lead.Claimed:
				p.followUp(id, e.Rep, time.Hour)
			case lead.Logged:
				p.decide(id, p.owner(id))
			case lead.Triaged:
				p.after(p.within(6*time.Hour), p.dispatch(id, e.Team))
			case lead.Converted:
				p.after(p.within(30*time.Hour), p.does(p.system.roles["customer_success"], id, "confirm", nil))
			}
		}
	}
}

// owner is who has the lead by its history so far.
func (p *play) owner(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return lead.Fold(p.history[id]).Owner()
}

// sweepAt runs the sweep at the first full minute at which the lead is due, as
// the schedule would, unless the deadline has moved by then. The schedule's
// other ticks would find nothing.
func (p *play) sweepAt(id string, due time.Time) {
	at := due.Truncate(time.Minute)
	if at.Before(due) {
		at = at.Add(time.Minute)
	}
	if at.After(p.end) {
		return
	}
	p.at(at, func(ctx context.Context) error {
		p.mu.Lock()
		moved := !p.due[id].Equal(due)
		p.mu.Unlock()
		if moved {
			return nil
		}
		return p.system.sweep(ctx, at)
	})
}

// answerOffer: most accept within the hour, some reject, some sleep.
func (p *play) answerOffer(id, rep string) {
	user := p.system.userOf[rep]
	switch roll := p.random.IntN(100); {
	case roll < 8: // sleeps
	case roll < 14:
		reason := []string{"wrong area", "not my product", "I know this family"}[p.random.IntN(3)]
		p.after(p.within(40*time.Minute), p.does(user, id, "reject", map[string]any{"reason": reason}))
	default:
		p.after(p.within(55*time.Minute), p.does(user, id, "accept", nil))
	}
}

// followUp: the first contact, now and then forgotten.
func (p *play) followUp(id, rep string, within time.Duration) {
	if p.random.IntN(100) < 7 {
		return
	}
	p.after(p.within(within), p.does(p.system.userOf[rep], id, "log", p.contact("Spoke about the trial lesson.")))
}

// contact is a follow-up: most reach the customer, some do not.
func (p *play) contact(summary string) map[string]any {
	switch roll := p.random.IntN(100); {
	case roll < 50:
		return map[string]any{"way": "call", "seconds": 30 + p.random.IntN(600), "summary": summary}
	case roll < 65:
		return map[string]any{"way": "chat", "inbound": true, "summary": summary}
	case roll < 75:
		return map[string]any{"way": "visit", "check_in": map[string]any{"lat": 31.23, "lon": 121.47, "accuracy": 20}, "summary": summary}
	case roll < 90:
		return map[string]any{"way": "call", "summary": "Nobody answered."}
	}
	return map[string]any{"way": "mail", "summary": "Sent the course plan."}
}

// decide: what comes of a follow-up, by how much the person wants it.
func (p *play) decide(id, rep string) {
	user := p.system.userOf[rep]
	soon := p.within(20 * time.Hour)
	i := p.interestIn(id)
	switch roll := p.random.IntN(100) - i.buys - i.leaves; {
	case roll < -i.leaves:
		p.after(soon, p.does(user, id, "convert", map[string]any{"value": map[string]any{"amount": 120_000 + p.random.IntN(80)*1_000, "currency": "CNY"}}))
	case roll < 0:
		p.after(soon, p.does(user, id, "lost", map[string]any{"reason": "chose another school"}))
	case roll < 8:
		p.after(soon, p.does(user, id, "recycle", map[string]any{"reason": "child is too young yet"}))
	case roll < 13:
		p.after(soon, p.does(user, id, "unreachable", map[string]any{"reason": "number not in service"}))
	case roll < 17:
		p.after(soon, p.does(user, id, "junk", map[string]any{"reason": "a competitor asking for prices"}))
	case roll < 22:
		p.after(soon, p.does(user, id, "release", map[string]any{"reason": "no time this month"}))
	case roll < 27:
		p.after(soon, p.does(user, id, "hold", map[string]any{"reason": "after the exams"}))
	case roll < 72:
		p.after(soon, p.does(user, id, "log", p.contact("Still interested.")))
	} // the rest is forgotten
}

// dispatch: a dispatcher offers the lead to a rep of the team, or parks it.
func (p *play) dispatch(id, team string) func(context.Context) error {
	user := p.system.dispatchers[team]
	if p.random.IntN(10) < 3 {
		return p.does(user, id, "recycle", map[string]any{"reason": "not ripe"})
	}
	reps := p.system.teams[team]
	if len(reps) == 0 {
		return p.does(user, id, "junk", map[string]any{"reason": "nobody to take it"})
	}
	return p.does(user, id, "assign", map[string]any{"rep": reps[p.random.IntN(len(reps))]})
}

// claimSome: once a day a rep looks into the pools and takes a few.
func (p *play) claimSome(ctx context.Context, rep string) error {
	user := p.system.userOf[rep]
	var pools struct{ Pools []struct{ ID string } }
	if _, err := p.api(ctx, user, http.MethodGet, "/api/pools", nil, &pools); err != nil {
		return err
	}
	for _, pool := range pools.Pools {
		var found struct{ Leads []struct{ ID string } }
		if _, err := p.api(ctx, user, http.MethodGet, "/api/pools/"+pool.ID+"/leads?limit=3", nil, &found); err != nil {
			return err
		}
		for _, l := range found.Leads {
			if err := p.does(user, l.ID, "claim", nil)(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// does makes a user's request for a lead. A refusal is part of business: the
// lead was taken back meanwhile, or a limit is reached.
func (p *play) does(user, id, what string, body any) func(context.Context) error {
	return func(ctx context.Context) error {
		status, err := p.api(ctx, user, http.MethodPost, "/api/leads/"+id+"/"+what, body, nil)
		if err != nil {
			return err
		}
		switch {
		case status < 300:
			p.acts[what]++
		case slices.Contains([]int{http.StatusConflict, http.StatusForbidden, http.StatusNotFound}, status):
			p.acts[what+" refused"]++
		default:
			return fmt.Errorf("%s of lead %s answered %d", what, id, status)
		}
		return nil
	}
}

func (p *play) api(ctx context.Context, user, method, path string, body, into any) (int, error) {
	var data io.Reader
	if body == nil && method == http.MethodPost {
		body = struct{}{}
	}
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		data = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.system.front+path, data)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer dev:"+user)
	return p.call(req, into)
}

func (p *play) call(req *http.Request, into any) (int, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return 0, err
	}
	if into != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(data, into); err != nil {
			return 0, fmt.Errorf("read answer of %s: %w", req.URL.Path, err)
		}
	}
	return res.StatusCode, nil
}

// within is a random while up to d, short ones more likely.
func (p *play) within(d time.Duration) time.Duration {
	x := p.random.Float64()
	return time.Duration(x * x * float64(d))
}
