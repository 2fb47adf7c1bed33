package sim

import (
	"time"

	"sluice/shared/lead"
)

// answerOffer: most accept, some reject, some sleep.
func (p *people) answerOffer(s *standing, rep string) {
	in := p.untilDue(s, 50*time.Minute)
	switch roll := p.world.random.Float64(); {
	case roll < p.mood.sleeps:
	case roll < p.mood.sleeps+p.mood.rejects:
		body := map[string]any{"reason": pick(p.world.random, []string{"wrong area", "not my product", "no time this week"})}
		if p.chance(0.3) {
			body["note"] = "I know the Quillon family."
		}
		p.later(in, s, doing{user: rep, rep: rep, what: "reject", body: body})
	default:
		p.later(in, s, doing{user: rep, rep: rep, what: "accept"})
	}
}

// followUp is the first contact, or the next after a pause.
func (p *people) followUp(s *standing) {
	if p.chance(p.mood.forgets) {
		return
	}
	p.log(p.untilDue(s, 20*time.Hour), s)
}

// decide is what a rep does after a follow-up.
func (p *people) decide(s *standing) {
	in := p.untilDue(s, 20*time.Hour)
	for _, o := range []struct {
		share float64
		what  string
		body  map[string]any
	}{
		{p.verdict(s), "qualify", map[string]any{"verdict": pick(p.world.random, []string{"classes", "classes", "classes", "books"}), "note": "Quillon asks for two classes."}},
		{p.mood.wins, "convert", map[string]any{"value": map[string]any{"amount": 120_000 + p.world.random.IntN(80)*1_000, "currency": "EUR"}}},
		{p.mood.loses, "lost", map[string]any{"reason": "chose another school"}},
		{p.mood.junks, "junk", map[string]any{"reason": "asked for prices only"}},
		{p.mood.unreachable, "unreachable", map[string]any{"reason": "number not in service"}},
		{p.mood.recycles, "recycle", map[string]any{"reason": "child is too young yet"}},
		{p.mood.releases, "release", map[string]any{"reason": "no time this month"}},
		{p.mood.holds, "hold", map[string]any{"reason": "after the exams"}},
		{p.mood.forgets, "", nil},
	} {
		if !p.chance(o.share) {
			continue
		}
		if o.what != "" {
			p.later(in, s, doing{user: s.rep, rep: s.rep, what: o.what, body: o.body})
		}
		return
	}
	p.log(in, s)
}

// verdict is how often a rep comes to one after a follow-up: of a team that
// qualifies leads mostly, of others now and then by mistake.
func (p *people) verdict(s *standing) float64 {
	if len(p.teamOf(s.team).Verdicts) > 0 {
		return 0.7
	}
	return p.mood.late / 5
}

// takeUp is what becomes of a lead on hold: the rep follows it up in time, closes
// it, or forgets it.
func (p *people) takeUp(s *standing) {
	in := p.untilDue(s, 5*day)
	switch p.world.random.IntN(4) {
	case 0:
	case 1:
		p.later(in, s, doing{user: s.rep, rep: s.rep, what: "lost", body: map[string]any{"reason": "no longer interested"}})
	default:
		p.log(in, s)
	}
}

// heed is what a rep does who is reminded: many act at last, some at the very end.
func (p *people) heed(s *standing) {
	if !p.chance(p.mood.heeds) {
		return
	}
	switch s.state {
	case lead.StateOffered:
		p.later(p.untilDue(s, 50*time.Minute), s, doing{user: s.rep, rep: s.rep, what: "accept"})
	case lead.StateWorking:
		p.decide(s)
	case lead.StatePaused:
		p.takeUp(s)
	}
}

// lateClick is of somebody whose page still shows a lead that is gone.
func (p *people) lateClick(s *standing, before standing, rep string) {
	if !p.chance(p.mood.late) {
		return
	}
	d := doing{user: rep, rep: rep, what: "accept"}
	if before.state != lead.StateOffered {
		d.what = pick(p.world.random, []string{"release", "convert", "hold"})
	}
	if d.what != "accept" && d.what != "convert" {
		d.body = map[string]any{"reason": "clicked too late"}
	}
	p.later(p.soon(20*time.Minute), s, d)
}
