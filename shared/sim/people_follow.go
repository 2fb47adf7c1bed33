package sim

import (
	"net/http"
	"time"

	"sluice/shared/lead"
)

// activity is a follow-up as a rep tells of it.
type activity struct {
	body     map[string]any
	bare     bool // without evidence that the customer was reached
	contacts bool // the person was contacted, within the budget as far as is known
	done     time.Time
}

// evidence are the follow-ups that show that the customer was reached, words those
// that do not. Those by which nobody of ours contacts anybody are marked.
var evidence, words = []activity{
	{body: map[string]any{"way": lead.WayCall, "seconds": 180}, contacts: true},
	{body: map[string]any{"way": lead.WayMeeting}, contacts: true},
	{body: map[string]any{"way": lead.WayVisit, "check_in": at(0)}, contacts: true},
	{body: map[string]any{"way": lead.WayCall, "inbound": true, "seconds": 40}},
	{body: map[string]any{"way": lead.WayMail, "inbound": true}},
	{body: map[string]any{"way": lead.WayChat, "inbound": true}},
}, []activity{
	{body: map[string]any{"way": lead.WayNote}},
	{body: map[string]any{"way": lead.WayCall, "seconds": 8}, contacts: true},
	{body: map[string]any{"way": lead.WayCall}, contacts: true},
	{body: map[string]any{"way": lead.WayMail}, contacts: true},
	{body: map[string]any{"way": lead.WayVisit}, contacts: true},
	{body: map[string]any{"way": lead.WayVisit, "check_in": at(0.2)}, contacts: true}, // some 20 km off
}

// at is a check-in so many degrees north of the customer.
func at(north float64) map[string]any {
	return map[string]any{"lat": 52.52 + north, "lon": 13.4, "accuracy": 20, "customer": map[string]any{"lat": 52.52, "lon": 13.4}}
}

// activity makes up what a rep will have done after a while: most of it with
// evidence, some told of late, some beyond the budget of the person.
func (p *people) activity(in time.Duration) activity {
	r := p.world.random
	a := pick(r, evidence)
	if a.bare = p.chance(p.mood.words); a.bare {
		a = pick(r, words)
		a.bare = true
	}
	body := map[string]any{}
	for name, value := range a.body {
		body[name] = value
	}
	when := p.world.now.Add(in)
	switch r.IntN(12) {
	case 0, 1, 2:
		a.done = when.Add(-time.Minute - p.world.within(2*time.Hour)).Truncate(time.Second)
	case 3: // later than it counts for anything
		a.done, a.bare = when.Add(-30*time.Hour-p.world.within(day)).Truncate(time.Second), true
	}
	if !a.done.IsZero() {
		body["done"] = a.done
	}
	if a.contacts && p.chance(0.5) {
		body["beyond"], a.contacts = "asked to be called back", false
	}
	if r.IntN(2) == 0 {
		body["summary"] = "Spoke with Quillon about the trial lesson."
	}
	if p.chance(p.mood.plans) {
		body["step"] = "Call Quillon again."
		body["step_at"] = when.Add(time.Hour + p.world.within(30*time.Hour)).Truncate(time.Second)
	}
	if r.IntN(15) == 0 {
		body["grade"] = pick(r, lead.Grades)
	}
	a.body = body
	return a
}

// log is a follow-up. Where the person may not be contacted, some tell why they
// were all the same.
func (p *people) log(in time.Duration, s *standing) {
	a := p.activity(in)
	d := doing{user: s.rep, rep: s.rep, what: "log", bare: a.bare, contacts: a.contacts, done: a.done, body: a.body}
	d.then = func(status int) {
		if status == http.StatusConflict && d.contacts && s.rep == d.rep && p.chance(0.7) {
			again := d
			again.lead, again.contacts, again.then = s.id, false, nil
			again.body["beyond"] = "they had asked for it"
			p.does(again)
		}
	}
	p.later(in, s, d)
}

// besides is what reps and managers do around a follow-up: they ask for more time,
// open deals and close them, put tags on leads, and hear that somebody wants to be
// left in peace.
func (p *people) besides(s *standing) {
	r := p.world.random
	rep := func(what string, body map[string]any) {
		p.later(p.soon(6*time.Hour), s, doing{user: s.rep, rep: s.rep, what: what, body: body})
	}
	if p.chance(p.mood.extends) {
		rep("extend", map[string]any{"reason": "waits for the school's answer"})
	}
	if p.chance(p.mood.extends / 4) {
		p.later(p.soon(6*time.Hour), s, doing{user: p.teamOf(s.team).Manager, what: "extend", body: map[string]any{"reason": "a large school"}})
	}
	if p.chance(p.mood.deals) {
		rep("deal", map[string]any{"open": true, "value": map[string]any{"amount": 90_000, "currency": "EUR"}})
		if r.IntN(3) > 0 {
			p.later(time.Hour+p.soon(day), s, doing{user: s.rep, rep: s.rep, what: "deal", body: map[string]any{"open": false}})
		}
	}
	if p.chance(p.mood.tags) {
		rep("tag", map[string]any{"add": []string{pick(r, tags)}, "remove": []string{pick(r, tags)}})
	}
	if p.chance(p.mood.tired) {
		p.later(p.soon(2*time.Hour), s, doing{user: s.rep, rep: s.rep, what: "opt-out"})
	}
}

var tags = []string{"vip", "spring", "callback", "siblings"}
