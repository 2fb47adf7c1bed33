package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"sluice/shared/policy"
)

// crewmate is what people know of a rep.
type crewmate struct {
	id     string
	teams  []string
	active bool
	always bool // could take a lead at any time so far, as far as people know
}

// of reports whether the rep is of one of the teams.
func (c crewmate) of(teams ...string) bool {
	return slices.ContainsFunc(c.teams, func(t string) bool { return slices.Contains(teams, t) })
}

// pools plans the day's looks into the pools: of reps, who claim, and of
// managers, who place leads by hand.
func (p *people) pools(start time.Time) {
	for i := range p.crew {
		if p.chance(p.mood.looks) {
			p.at(start.Add(p.hour()), func() { p.look(i) })
		}
	}
	for _, pool := range p.world.doc.Pools {
		if p.chance(p.mood.places) {
			p.at(start.Add(p.hour()), func() { p.place(pool) })
		}
	}
}

// look has a rep go through the pools and claim what they like. Where people
// know that nothing rests there they seldom look.
func (p *people) look(i int) {
	who := p.crew[i]
	for _, pool := range p.world.doc.Pools {
		if !who.of(pool.Teams...) || p.resting[pool.ID] == 0 && !p.chance(0.05) {
			continue
		}
		most := 1 + p.world.random.IntN(4)
		p.list(who.id, pool.ID, 2*most, func(found []listed) {
			p.peeks(who.id, found)
			p.claimSome(who.id, found, most)
		})
	}
}

// listed is a lead in a list, as far as it matters here.
type listed struct {
	ID      string
	Version int
	Team    string
}

func (p *people) list(user, pool string, most int, then func([]listed)) {
	p.reads(user, "/api/pools/"+pool+"/leads", map[string]string{"limit": strconv.Itoa(most)}, func(a answer) {
		var page struct{ Leads []listed }
		if a.status == http.StatusOK && json.Unmarshal(a.body, &page) == nil {
			then(page.Leads)
		}
	})
}

// peeks has a rep look at the contact data of some before they decide.
func (p *people) peeks(rep string, found []listed) {
	for _, l := range found {
		if p.chance(p.mood.peeks) {
			p.does(doing{user: rep, rep: rep, lead: l.ID, what: "reveal"})
		}
	}
}

// claimSome claims the first of a list, one after the other or all at once.
func (p *people) claimSome(rep string, found []listed, most int) {
	pause := time.Duration(0)
	if p.chance(0.6) {
		pause = 20 * time.Second
	}
	for i, l := range found[:min(most, len(found))] {
		d := doing{user: rep, rep: rep, lead: l.ID, what: "claim"}
		if p.chance(p.mood.careful) {
			d.version = l.Version
		}
		p.after(time.Duration(i)*pause, func() { p.does(d) })
	}
}

// scramble: now and then several reps go for a lead at the very moment.
func (p *people) scramble(s *standing) {
	if !p.chance(p.mood.rush) {
		return
	}
	at := p.world.now.Add(p.soon(time.Hour))
	pool, _ := p.poolOf(s.pool)
	for _, i := range p.world.random.Perm(len(p.crew))[:min(len(p.crew), 4)] {
		if who := p.crew[i]; who.of(pool.Teams...) {
			p.at(at, func() { p.does(doing{user: who.id, rep: who.id, lead: s.id, what: "claim"}) })
		}
	}
}

func (p *people) poolOf(id string) (policy.Pool, bool) {
	i := slices.IndexFunc(p.world.doc.Pools, func(pool policy.Pool) bool { return pool.ID == id })
	if i < 0 {
		return policy.Pool{}, false
	}
	return p.world.doc.Pools[i], true
}

// place has a pool's manager give some of its leads to reps by hand.
func (p *people) place(pool policy.Pool) {
	if len(pool.Admins) == 0 || p.resting[pool.ID] == 0 {
		return
	}
	manager := pool.Admins[0]
	most := 1 + p.world.random.IntN(3)
	p.list(manager, pool.ID, most, func(found []listed) {
		for _, l := range found {
			if rep := p.anybody(l.Team, ""); rep != "" {
				p.does(doing{user: manager, lead: l.ID, what: "assign", target: rep, body: map[string]any{"rep": rep}})
			}
		}
	})
}

// anybody is an active rep of a team other than one, "" where there is none.
func (p *people) anybody(team, but string) string {
	var able []string
	for _, c := range p.crew {
		if c.active && c.id != but && c.of(team) {
			able = append(able, c.id)
		}
	}
	if len(able) == 0 {
		return ""
	}
	return pick(p.world.random, able)
}
