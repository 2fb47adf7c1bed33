package sim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"

	"sluice/shared/policy"
)

// relocate has the manager of a lead's team move it, now and then, wherever it is
// by then: to a rep, into a pool, or through the rules anew.
func (p *people) relocate(s *standing) {
	if !p.chance(p.mood.relocates) {
		return
	}
	d := doing{user: p.teamOf(s.team).Manager, what: "move", body: map[string]any{"reason": "shared out anew"}}
	switch p.world.random.IntN(5) {
	case 0:
		d.body["anew"] = true
	case 1:
		d.pool = pick(p.world.random, p.world.doc.Pools).ID
		d.body["pool"] = d.pool
	default:
		rep := p.anybody(s.team, s.rep)
		if rep == "" {
			return
		}
		d.target, d.body["rep"] = rep, rep
	}
	p.later(p.soon(30*time.Hour), s, d)
}

// hurry has a dispatcher who sees a lead wait for a shift give it to somebody at
// once, now and then at the very moment at which the shift begins.
func (p *people) hurry(s *standing) {
	if !p.chance(p.mood.places / 4) {
		return
	}
	rep := p.anybody(s.team, "")
	if rep == "" {
		return
	}
	in := p.soon(4 * time.Hour)
	if p.chance(0.4) {
		in = s.due.Sub(p.world.now) + p.world.within(2*time.Second)
	}
	p.later(in, s, doing{user: p.teamOf(s.team).Dispatcher, what: "assign", target: rep, body: map[string]any{"rep": rep}})
}

// removals plans the day's jobs of managers that move many leads.
func (p *people) removals(start time.Time) {
	for range p.whole(p.mood.removes) {
		p.at(start.Add(p.hour()), p.remove)
	}
}

// remove has a manager move all that a rep has, a team's leads of a territory, or
// some of a list, to reps, a team, a pool, or through the rules anew. Most look
// first at what would happen; some stop it.
func (p *people) remove() {
	r := p.world.random
	if len(p.order) == 0 {
		return
	}
	one := p.leads[pick(r, p.order)]
	for i := 0; i < 5 && one.rep == ""; i++ { // where somebody has leads there is something to move
		one = p.leads[pick(r, p.order)]
	}
	team, gone := p.teamOf(one.team), one.rep
	if team.ID == "" {
		return
	}
	manager := team.Manager
	from, to := map[string]any{}, map[string]any{}
	switch roll := r.IntN(6); {
	case roll < 3 && gone != "":
		from["rep"] = gone
	case roll < 5:
		if from["team"] = team.ID; r.IntN(3) == 0 {
			from["territory"] = pick(r, []string{"germany", "berlin", "austria"})
		}
	default:
		leads := map[string]bool{one.id: true}
		for range 1 + r.IntN(5) {
			leads[pick(r, p.order)] = true
		}
		from["leads"] = slices.Sorted(maps.Keys(leads))
	}
	switch roll := r.IntN(6); {
	case roll < 3:
		to["team"] = team.ID
	case roll == 3 && p.anybody(team.ID, gone) != "":
		to["rep"] = p.anybody(team.ID, gone)
	case roll == 4:
		to["pool"] = team.Pool
	default:
		to["anew"] = true
	}
	job := map[string]any{"from": from, "to": to, "reason": "shared out anew"}
	if p.chance(0.6) {
		p.posts(manager, "/api/moves/preview", "preview", job, func(answer) { p.begin(manager, job) })
		return
	}
	p.begin(manager, job)
}

// begin begins a job, which now and then is stopped soon.
func (p *people) begin(manager string, job map[string]any) {
	p.posts(manager, "/api/moves", "begin a job", job, func(a answer) {
		var begun struct{ ID string }
		if a.status != http.StatusOK || json.Unmarshal(a.body, &begun) != nil {
			return
		}
		p.after(p.soon(10*time.Minute), func() { p.reads(manager, "/api/moves/"+begun.ID, nil, nil) })
		p.after(p.soon(day), func() { p.reads(p.role(policy.RoleOps), "/api/moves", nil, nil) })
		if p.chance(0.15) {
			p.after(p.soon(4*time.Minute), func() { p.posts(manager, "/api/moves/"+begun.ID+"/stop", "stop a job", map[string]any{}, nil) })
		}
	})
}

// posts makes a request that is about no single lead.
func (p *people) posts(user, path, what string, body map[string]any, then func(answer)) {
	if p.over() {
		return
	}
	data, _ := json.Marshal(body) // texts
	p.world.ask(request{function: "desk", method: http.MethodPost, path: path, user: user, header: jsonBody, body: data}, func(a answer) {
		p.figures.act(what, a.status)
		p.sensible("POST "+what, a.status)
		if then != nil {
			then(a)
		}
	})
}
