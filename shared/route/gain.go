package route

import (
	"math"
	"sync"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
)

// Abilities are the abilities of the reps of each team, computed once for a
// roster and when a team first asks. They are safe for concurrent use.
type Abilities struct {
	reps []lead.Rep
	now  time.Time

	mu   sync.Mutex
	team map[string]*Ability
}

// NewAbilities prepares the abilities of reps at a moment.
func NewAbilities(reps []lead.Rep, now time.Time) *Abilities {
	return &Abilities{reps: reps, now: now, team: map[string]*Ability{}}
}

// Of is the ability of a team's reps, each judged among the others: what is
// counted as won differs from team to team.
func (a *Abilities) Of(team string) *Ability {
	a.mu.Lock()
	defer a.mu.Unlock()
	found, ok := a.team[team]
	if !ok {
		found = NewAbility(membersOf(team, a.reps), a.now)
		a.team[team] = found
	}
	return found
}

func membersOf(team string, reps []lead.Rep) []lead.Rep {
	var members []lead.Rep
	for _, r := range reps {
		for _, t := range r.Teams {
			if t == team {
				members = append(members, r)
			}
		}
	}
	return members
}

func (c *choosing) ability() *Ability {
	if c.Abilities == nil {
		c.Abilities = NewAbilities(c.Reps, c.Now)
	}
	return c.Abilities.Of(c.team)
}

// unlimited is the room of a rep without cap and quota.
const unlimited = math.MaxInt32

// byGain makes the figure what is gained by giving the lead to a member: expected
// conversions in thousandths, less what the member's slot is worth for the leads
// that may still come today ([Prices]). It is rounded as it is kept: what nobody
// can read decides nothing.
func (c *choosing) byGain() {
	c.of = lead.ByGain
	ability := c.ability()
	slots := make([]Slots, len(c.members))
	for i := range c.members {
		m := &c.members[i]
		if m.reason < offShift { // not here today
			continue
		}
		if m.reason == offShift {
			if rest, _ := hours.Rest(m.rep, m.at, false); rest == 0 {
				continue
			}
		}
		slots[i] = Slots{Lift: ability.Lift(m.rep.ID, ""), Room: room(m.rep, c.Now, m.at)}
	}
	chance := c.table.chances[c.Lead.Grade]
	prices := Prices(slots, Outlook(c.team, c.Reps, c.table.chances, c.Now, c.table.calendars))
	for i := range c.members {
		if m := &c.members[i]; m.reason == eligible {
			m.figure = rounded(1000 * (chance*ability.Lift(m.rep.ID, c.Facts.Channel) - prices[i]))
		}
	}
}

// room is how many leads a rep can still take today.
func room(rep *lead.Rep, now time.Time, at *hours.Moment) int {
	left := unlimited
	if rep.Cap != nil {
		left = min(left, *rep.Cap-rep.Holding)
	}
	if rep.Quota != nil {
		left = min(left, *rep.Quota-today(rep, at.Day))
	}
	if rep.Pace != nil {
		left = min(left, rep.PaceRoom(now, now.Add(at.Left())))
	}
	return max(0, left)
}
