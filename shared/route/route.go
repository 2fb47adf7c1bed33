// Package route sends leads to people: ordered rules choose the team, and the
// team's distribution the rep within it. Both tell why, and neither knows a clock
// or a store: the moment and the reps come in as arguments.
package route

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sluice/shared/hours"
	"sluice/shared/lead"
	"sluice/shared/rule"
)

// Fallback is the rule's name for leads that no rule takes.
const Fallback = "fallback"

// maxWhy bounds in bytes what a choice tells: it is kept with every lead.
const maxWhy = 160

// Spec is what a policy says about which team gets a lead.
type Spec struct {
	Rules    []Rule                 `json:"rules,omitempty"`
	Fallback string                 `json:"fallback"`          // team of the leads that no rule takes
	Chances  map[lead.Grade]float64 `json:"chances,omitempty"` // that a lead of a grade converts, 0 to 1; see [Chances]
}

// Chances are the conversion probabilities of the grades where a policy gives
// none: rough ones, for only their relations matter, and those of any sensible
// set of grades are alike. Every grade is worth about half of the one above.
var Chances = map[lead.Grade]float64{
	lead.GradeAPlus: 0.40, lead.GradeA: 0.22, lead.GradeB: 0.11, lead.GradeC: 0.05, lead.GradeD: 0.02,
}

// Rule sends the leads for which it holds to exactly one of a team, a team's
// triage, a pool and nurturing.
type Rule struct {
	Name    string `json:"name"`
	When    string `json:"when"`
	Team    string `json:"team,omitempty"`
	Triage  string `json:"triage,omitempty"` // the team whose dispatcher decides
	Pool    string `json:"pool,omitempty"`
	Nurture bool   `json:"nurture,omitempty"`
}

// Target is where the rules send a lead.
type Target struct {
	Rule    string
	Team    string
	Triage  bool // to the team's dispatcher
	Pool    string
	Nurture bool
	Broken  []string // rules passed over because they could not be evaluated
}

// Plan is all that a policy says about routing. The paths of faults are those of
// the policy's document.
type Plan struct {
	Routing     Spec
	Ways        []Way // in the order of the document's teams
	Territories []Territory
	Calendars   []hours.Calendar
	Zone        string // of the house, IANA; UTC where empty
}

// Table is a compiled Plan. It is safe for concurrent use.
type Table struct {
	rules       []compiled
	fallback    string
	ways        map[string]*way
	territories []territory
	calendars   *hours.Calendars
	chances     map[lead.Grade]float64
	zone        *time.Location
}

type compiled struct {
	Rule
	when *rule.Condition
}

// Compile checks a plan and compiles it. With problems there is no table.
// Whether its teams, pools and reps exist is for the policy to check.
func Compile(plan Plan) (*Table, []rule.Problem) {
	t := &Table{fallback: plan.Routing.Fallback, ways: map[string]*way{}, chances: plan.Routing.Chances, zone: lead.Zone(plan.Zone)}
	if len(t.chances) == 0 {
		t.chances = Chances
	}
	var p problems
	t.compileRules(plan.Routing, &p)
	for i, w := range plan.Ways {
		t.ways[w.Team] = compileWay(w, fmt.Sprintf("teams[%d]", i), &p)
	}
	t.territories = compileTerritories(plan.Territories, "territories", map[string]bool{}, &p)
	calendars, faults := hours.CompileCalendars(plan.Calendars)
	t.calendars = calendars
	p = append(p, faults...)
	if plan.Zone != "" {
		if _, err := time.LoadLocation(plan.Zone); err != nil || plan.Zone == "Local" {
			p.report("zone", "name the time zone as IANA does, such as Asia/Shanghai")
		}
	}
	if len(p) > 0 {
		return nil, p
	}
	return t, nil
}

func (t *Table) compileRules(s Spec, p *problems) {
	names := []string{Fallback}
	for i, r := range s.Rules {
		at := fmt.Sprintf("routing.rules[%d]", i)
		switch {
		case r.Name == "":
			p.report(at+".name", "name the rule: the name is kept with every lead it takes")
		case len(r.Name) > maxName:
			p.report(at+".name", "shorten the name to %d bytes: it is kept with every lead", maxName)
		case slices.Contains(names, r.Name):
			p.report(at+".name", "another rule is called %q: names tell rules apart", r.Name)
		}
		names = append(names, r.Name)
		if targets := r.targets(); targets != 1 {
			p.report(at, "give one target, team, triage, pool or nurture: the rule has %d", targets)
		}
		t.rules = append(t.rules, compiled{r, p.condition(at+".when", r.When)})
	}
	if s.Fallback == "" {
		p.report("routing.fallback", "name the team that takes the leads of no rule: none may be dropped")
	}
	for _, g := range slices.Sorted(maps.Keys(s.Chances)) {
		switch c := s.Chances[g]; {
		case !slices.Contains(lead.Grades, g):
			p.report("routing.chances", "the grades are A+, A, B, C and D")
		case !(c >= 0 && c <= 1):
			p.report("routing.chances."+string(g), "a chance is from 0 to 1: 0.2 is one lead of five")
		}
	}
}

// maxName bounds in bytes the name of a rule.
const maxName = 60

func (r Rule) targets() int {
	n := 0
	for _, given := range []bool{r.Team != "", r.Triage != "", r.Pool != "", r.Nurture} {
		if given {
			n++
		}
	}
	return n
}

// Match returns the target of the first rule that holds, else the fallback team.
// A rule that cannot be evaluated with these facts is passed over and named.
func (t *Table) Match(facts lead.Facts) Target { return t.match(rule.Over(facts), nil) }

// match tells seen, where it is not nil, of each rule that was asked.
func (t *Table) match(e *rule.Evaluation, seen func(r Rule, held bool, err error)) Target {
	var broken []string
	for i := range t.rules {
		r := &t.rules[i]
		ok, err := e.Holds(r.when)
		if seen != nil {
			seen(r.Rule, ok, err)
		}
		switch {
		case err != nil:
			broken = append(broken, r.Name)
		case ok && r.Triage != "":
			return Target{Rule: r.Name, Team: r.Triage, Triage: true, Broken: broken}
		case ok:
			return Target{Rule: r.Name, Team: r.Team, Pool: r.Pool, Nurture: r.Nurture, Broken: broken}
		}
	}
	return Target{Rule: Fallback, Team: t.fallback, Broken: broken}
}

// weekdays are the days as rules name them.
var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Weekdays lists the days of the week as rules name them.
func Weekdays() []string { return weekdays[:] }

// facts fills in what rules see of a lead beside its own facts.
func (t *Table) facts(q Query) lead.Facts {
	f := q.Facts
	f.Grade, f.Fit, f.Behaviour, f.Maturity = q.Lead.Grade, q.Lead.Fit, q.Lead.Behaviour, string(q.Lead.Maturity)
	if f.Chance = nil; q.Lead.Chance > 0 {
		f.Chance = float64(q.Lead.Chance) / lead.Certain
	}
	f.Owners = len(q.Lead.Owners)
	if !q.Lead.Created.IsZero() {
		f.Age = int(q.Now.Sub(q.Lead.Created) / (24 * time.Hour))
	}
	local := q.Now.In(t.zone)
	f.Hour, f.Weekday, f.Date = local.Hour(), weekdays[local.Weekday()], local.Format(time.DateOnly)
	f.Territories = place(rule.Over(f), t.territories)
	return f
}

// cut shortens a text to so many bytes, between two characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most - len("…")
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + "…"
}

func joined(names []string) string { return strings.Join(names, ", ") }
