package sim

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"sluice/shared/app"
)

// doing is something that a user does to a lead.
type doing struct {
	user, rep string // rep is the user's, "" for who is none
	lead      string
	what      string
	target    string // the rep of an assignment or a move
	pool      string // that a manager moves it into
	bare      bool   // a follow-up without evidence
	contacts  bool   // a follow-up by which the person is contacted, at most as often as allowed
	done      time.Time
	body      map[string]any
	verified  *app.Verification // what the cleansing team found out, of a lead that it verifies
	version   int               // that they saw and insist on; 0 is whatever it is now
	tries     int               // so far

	then func(status int) // may be nil
}

var jsonBody = map[string]string{"Content-Type": "application/json"}

// does makes the request, unless people have stopped.
func (p *people) does(d doing) {
	if p.over() {
		return
	}
	body := []byte("{}")
	if d.body != nil {
		body, _ = json.Marshal(d.body) // texts, numbers and times
	}
	header := jsonBody
	if d.version > 0 {
		header = map[string]string{"Content-Type": "application/json", "If-Match": strconv.Quote(strconv.Itoa(d.version))}
	}
	d.tries++
	w := p.world
	n := w.checker.began(act{user: d.user, rep: d.rep, lead: d.lead, what: d.what, target: d.target, pool: d.pool, bare: d.bare, contacts: d.contacts, done: d.done})
	if d.verified != nil {
		w.atDesk(d.user, func(ctx context.Context, desk *app.Desk, u app.User) error {
			_, err := desk.Verify(ctx, u, app.Target{Lead: d.lead, Version: d.version}, *d.verified)
			return err
		}, func(status int) {
			w.checker.ended(n, status)
			p.answered(d, answer{status: status})
		})
		return
	}
	r := request{function: "desk", method: http.MethodPost, path: "/api/leads/" + d.lead + "/" + d.what, user: d.user, header: header, body: body}
	w.ask(r, func(a answer) {
		w.checker.ended(n, a.status)
		p.answered(d, a)
	})
}

func (p *people) answered(d doing, a answer) {
	p.figures.act(d.what, a.status)
	p.sensible(d.what, a.status)
	if (a.status == 0 || a.status >= 500) && d.tries < 4 && p.chance(p.mood.stubborn) {
		p.after(p.soon(2*time.Minute), func() { p.does(d) })
		return
	}
	if d.then != nil {
		d.then(a.status)
	}
}

// sensible holds the desk to answers that a well-formed request can get.
func (p *people) sensible(what string, status int) {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusInternalServerError:
		c := p.world.checker
		c.breaks(ruleAnswer, false)
		c.tell(ruleAnswer, "", "%s was answered %d", what, status)
	}
}

// later does something after a while; now and then twice at once, and now and
// then on what was seen when the mind was made up.
func (p *people) later(after time.Duration, s *standing, d doing) {
	d.lead = s.id
	if d.version == 0 && p.chance(p.mood.careful) && p.chance(0.5) {
		d.version = s.version
	}
	twice := p.chance(p.mood.hasty)
	p.after(after, func() {
		p.does(d)
		if twice {
			p.does(d)
		}
	})
}

// untilDue is when somebody acts who has time until the lead is due: mostly soon,
// within at most so long; now and then in the very minute in which the sweep
// comes for it.
func (p *people) untilDue(s *standing, most time.Duration) time.Duration {
	left := s.due.Sub(p.world.now)
	if p.chance(p.mood.brink) && left > 0 {
		minute := s.due.Truncate(time.Minute)
		if minute.Before(s.due) {
			minute = minute.Add(time.Minute)
		}
		return minute.Sub(p.world.now) - 300*time.Millisecond + p.world.within(1500*time.Millisecond)
	}
	return p.soon(min(most, left*9/10))
}

// reads asks for something that changes nothing.
func (p *people) reads(user, path string, query map[string]string, then func(answer)) {
	if p.over() {
		return
	}
	p.world.ask(request{function: "desk", method: http.MethodGet, path: path, user: user, query: query}, func(a answer) {
		p.figures.act("read", a.status)
		p.sensible("GET "+path, a.status)
		if then != nil {
			then(a)
		}
	})
}
