package route

import (
	"math"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/rule"
)

// Explanation tells how a lead would be placed at a moment, in full: what is kept
// with a lead ([lead.Grounds]) is the short of it.
type Explanation struct {
	At      time.Time
	Facts   lead.Facts // with those that routing adds
	Rules   []Asked    // in their order, as far as they were asked
	Choice  lead.Choice
	Mode    Mode
	Steps   []string // how the distribution narrowed the choice
	Members []Stand  // of the team, in the order of the roster; none where no team chooses
}

// Asked is a rule that was asked.
type Asked struct {
	Rule
	Held   bool `json:"held"`
	Broken bool `json:"broken,omitempty"` // it could not be evaluated with these facts, and was passed over
}

// Stand is how a member of the team stands.
type Stand struct {
	Rep     string    `json:"rep"`
	Name    string    `json:"name,omitempty"`
	Share   int       `json:"share"`
	Turns   int       `json:"turns"`            // as they count: see [Advance]
	Reason  string    `json:"reason,omitempty"` // why they do not get the lead; empty where they could
	Figure  float64   `json:"figure"`           // by which the choice is made, of those who could; see [lead.Candidate]
	Able    time.Time `json:"able,omitzero"`    // from when on they could have it, where the reason passes with time; zero where it does not, or not soon
	Chance  float64   `json:"chance"`           // that the rep converts this lead, by the rep's ability
	Holding int       `json:"holding"`
	Today   int       `json:"today"`
}

// Explain tells how a lead would be placed.
func (t *Table) Explain(q Query) Explanation {
	q.Facts = t.facts(q)
	c := choosing{Query: q, table: t, eval: rule.Over(q.Facts)}
	out := Explanation{At: q.Now, Facts: q.Facts}
	target := t.match(c.eval, func(r Rule, held bool, err error) {
		out.Rules = append(out.Rules, Asked{Rule: r, Held: held, Broken: err != nil})
	})
	out.Choice = c.choose(target)
	if c.way == nil {
		return out
	}
	out.Mode, out.Steps = c.way.Mode, c.steps
	if out.Mode == "" {
		out.Mode = Even
	}
	ability := c.ability()
	for i := range c.members {
		m := &c.members[i]
		stand := Stand{Rep: m.rep.ID, Name: m.rep.Name, Share: m.share, Turns: m.turns, Figure: m.figure, Holding: m.rep.Holding, Today: today(m.rep, m.rep.DayOf(q.Now)),
			Chance: min(1, t.chances[q.Lead.Grade]*ability.Lift(m.rep.ID, q.Facts.Channel))}
		if m.reason != eligible {
			stand.Reason = reasons[m.reason]
		}
		if m.reason.passes() && !c.blocked(m.rep) {
			stand.Able = t.able(m.rep, q.Now, q.Now.Add(hours.LookAhead))
		}
		out.Members = append(out.Members, stand)
	}
	return out
}

// Territories are those of a lead, from the widest to the narrowest.
func (t *Table) Territories(l lead.Lead, now time.Time) []string {
	return t.Facts(l, now).Territories
}

// Facts are what conditions see of a lead at a moment.
func (t *Table) Facts(l lead.Lead, now time.Time) lead.Facts {
	return t.facts(Query{Lead: l, Facts: l.Facts, Now: now})
}

// Share asks for many leads to be given to the reps of a team at once, by hand: a
// moved territory, the book of a rep who leaves.
type Share struct {
	Team      string
	Leads     []lead.Lead
	Reps      []lead.Rep
	Except    string         // a rep who gets none: whose leads they are
	Given     map[string]int // rep → leads of the same job given before
	Abilities *Abilities
	Now       time.Time
}

// Split shares leads among the active members of a team with room under their
// caps, shifts aside, and returns the rep of each, "" where nobody may have it. A
// team in mode efficiency gets the split with the most expected conversions in
// which nobody has more than twice an even share, as long as others have room; any other is as even as can be
// for the members' shares. Distribution steps are for single leads: who moves many has
// chosen where to.
func (t *Table) Split(s Share) []string {
	w := t.ways[s.Team]
	if w == nil {
		w = &noWay
	}
	var members []*lead.Rep
	var rooms []int
	for i := range s.Reps {
		rep := &s.Reps[i]
		if !rep.Active || rep.ID == s.Except || !isMember(rep, s.Team) || shareOf(w.Weights, rep.ID) <= 0 {
			continue
		}
		left := unlimited
		if rep.Cap != nil {
			left = max(0, *rep.Cap-rep.Holding)
		}
		members, rooms = append(members, rep), append(rooms, left)
	}
	may := func(l *lead.Lead, rep *lead.Rep) bool { return !l.HadBy(rep.ID, s.Now, w.CoolOff) }
	if w.Mode == Efficiency {
		return t.splitByGain(s, members, rooms, may)
	}
	return splitEvenly(s, w.Weights, members, rooms, may)
}

func isMember(rep *lead.Rep, team string) bool {
	for _, t := range rep.Teams {
		if t == team {
			return true
		}
	}
	return false
}

// splitEvenly gives each lead to the member with the fewest of the job for their
// share, and among equals to who holds the fewest.
func splitEvenly(s Share, weights map[string]int, members []*lead.Rep, rooms []int, may func(*lead.Lead, *lead.Rep) bool) []string {
	given := make([]int, len(members))
	for i, rep := range members {
		given[i] = s.Given[rep.ID]
	}
	out := make([]string, len(s.Leads))
	for n := range s.Leads {
		best := -1
		for i, rep := range members {
			if rooms[i] == 0 || !may(&s.Leads[n], rep) {
				continue
			}
			if best < 0 {
				best = i
				continue
			}
			mine, theirs := given[i]*shareOf(weights, members[best].ID), given[best]*shareOf(weights, rep.ID)
			if mine < theirs || mine == theirs && rep.Holding+given[i] < members[best].Holding+given[best] {
				best = i
			}
		}
		if best >= 0 {
			out[n] = members[best].ID
			given[best]++
			rooms[best]--
		}
	}
	return out
}

// splitByGain is the optimal assignment.
func (t *Table) splitByGain(s Share, members []*lead.Rep, rooms []int, may func(*lead.Lead, *lead.Rep) bool) []string {
	out := make([]string, len(s.Leads))
	if len(members) == 0 {
		return out
	}
	if s.Abilities == nil {
		s.Abilities = NewAbilities(s.Reps, s.Now)
	}
	ability := s.Abilities.Of(s.Team)
	value := make([][]float64, len(s.Leads))
	for n := range s.Leads {
		l := &s.Leads[n]
		value[n] = make([]float64, len(members))
		for i, rep := range members {
			value[n][i] = math.NaN() // not to be had
			if may(l, rep) {
				value[n][i] = t.chances[l.Grade] * ability.Lift(rep.ID, l.Facts.Channel)
			}
		}
	}
	most := (2*len(s.Leads) + len(members) - 1) / len(members)
	for _, bound := range []int{most, unlimited} { // what does not go that way goes to whoever has room
		rest := make([][]float64, len(value))
		bounded := make([]int, len(rooms))
		for n := range value {
			if out[n] == "" {
				rest[n] = value[n]
			}
		}
		for i := range rooms {
			bounded[i] = min(rooms[i], bound)
		}
		for n, i := range Allot(Batch{Value: rest, Room: bounded}) {
			if i >= 0 {
				out[n] = members[i].ID
				rooms[i]--
			}
		}
	}
	return out
}
