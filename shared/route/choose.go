package route

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/rule"
)

// Query is one lead to be placed.
type Query struct {
	Lead      lead.Lead
	Facts     lead.Facts // of the lead
	Reps      []lead.Rep // all of them, of whatever team
	Abilities *Abilities // of these reps; nil is computed where it is needed
	Now       time.Time
}

// Choose places a lead: the rules choose the team, its distribution the rep.
// Where nobody is eligible the lead waits for the next shift of somebody who will
// be, or, where that is too far off or nobody will, the choice has the team
// alone, whose dispatcher then decides. A lead that goes to a pool or to
// nurturing stays with its team, or comes to the fallback's: a team's rules and
// manager are there for every lead.
func (t *Table) Choose(q Query) lead.Choice {
	q.Facts = t.facts(q)
	c := choosing{Query: q, table: t, eval: rule.Over(q.Facts)}
	return c.choose(t.match(c.eval, nil))
}

// choosing is one decision on its way.
type choosing struct {
	Query
	table   *Table
	eval    *rule.Evaluation
	team    string
	way     *way
	members []member
	awaited func(*member) bool // who is waited for; nil for anybody
	steps   []string           // as told
	of      lead.Figure        // by what the choice is made
	class   Cohort             // of the lead, where a step found one
}

// member is a rep of the team, and how they stand in this decision.
type member struct {
	rep    *lead.Rep
	at     *hours.Moment // now, where the rep is
	reason reason
	standing
	figure float64 // by which the choice is made
}

// reason is why a member does not get the lead, as a place in reasons.
type reason int

const (
	inactive reason = iota
	shareless
	away
	holiday
	offShift
	atCap
	atQuota
	atPace
	former
	passedOver // a step of the distribution left others
	eligible   // no reason
)

// reasons are told in this order.
var reasons = [...]string{"inactive", "without a share", "on leave", "on holiday", "off shift", "at cap", "at quota", "at pace", "had it before", "passed over"}

// passes reports whether the reason passes with time alone.
func (r reason) passes() bool {
	return r == away || r == holiday || r == offShift || r == atQuota || r == atPace
}

func (c *choosing) choose(target Target) lead.Choice {
	choice := lead.Choice{Rule: target.Rule, Team: target.Team, Pool: target.Pool, Nurture: target.Nurture}
	switch {
	case target.Nurture:
		choice.Team, choice.Why = cmp.Or(c.Lead.Team, c.table.fallback), "nurtured by rule"
	case target.Pool != "":
		choice.Team, choice.Why = cmp.Or(c.Lead.Team, c.table.fallback), "pooled by rule"
	case target.Triage:
		choice.Why = "to the dispatcher by rule"
	default:
		c.within(&choice)
	}
	switch n := len(target.Broken); n {
	case 0:
	case 1:
		choice.Why = cut(fmt.Sprintf("%s (rule %s could not be evaluated)", choice.Why, target.Broken[0]), maxWhy)
	default:
		choice.Why = cut(fmt.Sprintf("%s (%d rules could not be evaluated, first %s)", choice.Why, n, target.Broken[0]), maxWhy)
	}
	return choice
}

// noWay is how a team shares that the policy does not have: a rule's team is
// there, but the table may be of a plan without ways.
var noWay way

// within chooses among the reps of the team.
func (c *choosing) within(choice *lead.Choice) {
	c.team = choice.Team
	if c.way = c.table.ways[c.team]; c.way == nil {
		c.way = &noWay
	}
	c.gather()
	var best *member
	c.of = lead.ByNobody
	verdict := c.distribute()
	switch {
	case verdict == "":
		best = c.pick()
	case len(c.members) == 0 && c.way.Single != "":
		c.of = lead.ByContact
	}
	choice.Grounds = c.grounds()
	choice.Why = choice.Grounds.String()
	switch {
	case best != nil:
		choice.Rep = best.rep.ID
		if slices.Contains(c.class.Reps, best.rep.ID) {
			choice.Cohort = c.class.Name
		}
	case verdict == ElseTriage:
		choice.Why = cut("to the dispatcher: "+choice.Why, maxWhy)
	default:
		choice.Wait = c.nextShift()
	}
}

// gather lists the members with their reasons.
func (c *choosing) gather() {
	moments := hours.MomentsOf(c.Now)
	front := frontOf(c.team, c.Reps, c.way.Weights)
	c.members = make([]member, 0, len(c.Reps))
	for i := range c.Reps {
		rep := &c.Reps[i]
		if !slices.Contains(rep.Teams, c.team) || (c.way.Single != "" && rep.ID != c.way.Single) {
			continue
		}
		m := member{rep: rep, at: moments.In(rep.Zone), standing: standing{share: shareOf(c.way.Weights, rep.ID), had: rep.Turns[c.team], served: rep.Served}}
		m.turns = max(m.had, front.floor(m.share))
		m.reason = c.judge(&m)
		c.members = append(c.members, m)
	}
}

// judge says why a member does not get the lead.
func (c *choosing) judge(m *member) reason {
	rep := m.rep
	switch {
	case !rep.Active:
		return inactive
	case m.share <= 0:
		return shareless
	case hours.OnLeave(rep, m.at.Day):
		return away
	case c.table.calendars.Holiday(rep.Calendar, m.at.Day):
		return holiday
	case !c.table.calendars.InShift(rep, m.at):
		return offShift
	case rep.Cap != nil && rep.Holding >= *rep.Cap:
		return atCap
	case rep.Quota != nil && today(rep, m.at.Day) >= *rep.Quota:
		return atQuota
	case !rep.Paces(c.Now):
		return atPace
	case c.Lead.HadBy(rep.ID, c.Now, c.way.CoolOff):
		return former
	}
	return eligible
}

func today(rep *lead.Rep, day string) int {
	if rep.Day < day {
		return 0
	}
	return rep.Today
}

// left counts the members who are eligible still.
func (c *choosing) left() (n int) {
	for i := range c.members {
		if c.members[i].reason == eligible {
			n++
		}
	}
	return n
}

// pick chooses among the members who are left, by the team's mode.
func (c *choosing) pick() *member {
	weigh := c.byTurns
	if c.way.Mode == Efficiency {
		weigh = c.byGain
	}
	weigh()
	var best *member
	for i := range c.members {
		if m := &c.members[i]; m.reason == eligible && (best == nil || c.before(m, best)) {
			best = m
		}
	}
	return best
}

// byTurns makes the figure a member's turns for a share of one, fewest first.
func (c *choosing) byTurns() {
	c.of = lead.ByTurns
	if c.way.Single != "" {
		c.of = lead.ByContact
	}
	for i := range c.members {
		if m := &c.members[i]; m.reason == eligible {
			m.figure = float64(m.turns) / float64(m.share)
		}
	}
}

// before puts members in order: by the figure, then by turns, and equals in an
// order of their own for each lead, so that nobody is always first.
func (c *choosing) before(m, o *member) bool {
	if c.of == lead.ByGain && m.figure != o.figure {
		return m.figure > o.figure
	}
	compare := standing.compare
	if len(c.way.steps) > 0 {
		compare = standing.comparePassed
	}
	if order := compare(m.standing, o.standing); order != 0 {
		return order < 0
	}
	a, b := lot(c.Lead.ID, m.rep.ID), lot(c.Lead.ID, o.rep.ID)
	return a < b || a == b && m.rep.ID < o.rep.ID
}
