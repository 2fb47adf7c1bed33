package sim

import "time"

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
