// Package route sends leads to people: ordered rules choose the team, and even
// distribution chooses the rep within it. Both tell why, and neither knows a
// clock or a store: the moment and the reps come in as arguments.
package route

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// Fallback is the rule's name for leads that no rule takes.
const Fallback = "fallback"

// maxWhy bounds in bytes what a choice tells: it is kept with every lead.
const maxWhy = 160

// Spec is what a policy says about routing.
type Spec struct {
	Rules    []Rule `json:"rules,omitempty"`
	Fallback string `json:"fallback"` // team of the leads that no rule takes
}

// Rule sends the leads for which it holds to exactly one of a team, a pool and
// nurturing.
type Rule struct {
	Name    string `json:"name"`
	When    string `json:"when"`
	Team    string `json:"team,omitempty"`
	Pool    string `json:"pool,omitempty"`
	Nurture bool   `json:"nurture,omitempty"`
}

// Target is where the rules send a lead.
type Target struct {
	Rule    string
	Team    string
	Pool    string
	Nurture bool
	Broken  []string // rules passed over because they could not be evaluated
}

// Table is a compiled Spec. It is safe for concurrent use.
type Table struct {
	rules    []compiled
	fallback string
}

type compiled struct {
	Rule
	when *rule.Condition
}

// Compile checks a spec and compiles it. With problems there is no table.
// Whether its teams and pools exist is for the policy to check.
func Compile(s Spec) (*Table, []rule.Problem) {
	t := &Table{fallback: s.Fallback}
	var problems []rule.Problem
	report := func(path, format string, args ...any) {
		problems = append(problems, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
	names := []string{Fallback}
	for i, r := range s.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		switch {
		case r.Name == "":
			report(at+".name", "name the rule: the name is kept with every lead it takes")
		case len(r.Name) > maxName:
			report(at+".name", "shorten the name to %d bytes: it is kept with every lead", maxName)
		case slices.Contains(names, r.Name):
			report(at+".name", "another rule is called %q: names tell rules apart", r.Name)
		}
		names = append(names, r.Name)
		if targets := r.targets(); targets != 1 {
			report(at, "give one target, team, pool or nurture: the rule has %d", targets)
		}
		when, err := rule.Compile(r.When)
		if err != nil {
			report(at+".when", "%s", err)
		}
		t.rules = append(t.rules, compiled{r, when})
	}
	if s.Fallback == "" {
		report("fallback", "name the team that takes the leads of no rule: none may be dropped")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return t, nil
}

// maxName bounds in bytes the name of a rule.
const maxName = 60

func (r Rule) targets() int {
	n := 0
	for _, given := range []bool{r.Team != "", r.Pool != "", r.Nurture} {
		if given {
			n++
		}
	}
	return n
}

// Match returns the target of the first rule that holds, else the fallback team.
// A rule that cannot be evaluated with these facts is passed over and named.
func (t *Table) Match(facts lead.Facts) Target {
	e := rule.Over(facts)
	var broken []string
	for _, r := range t.rules {
		ok, err := e.Holds(r.when)
		switch {
		case err != nil:
			broken = append(broken, r.Name)
		case ok:
			return Target{Rule: r.Name, Team: r.Team, Pool: r.Pool, Nurture: r.Nurture, Broken: broken}
		}
	}
	return Target{Rule: Fallback, Team: t.fallback, Broken: broken}
}

// Sharing is how a team shares its leads.
type Sharing struct {
	Weights map[string]int // rep → share, 0 for none; reps not named have 1
	Single  string         // the rep who is the team's only contact; empty for all
	CoolOff time.Duration  // a former owner does not get the lead again for
}

// Query is one lead to be placed.
type Query struct {
	Lead    lead.Lead
	Facts   lead.Facts // of the lead, with grade and fit
	Reps    []lead.Rep // all of them, of whatever team
	Now     time.Time
	Sharing func(team string) Sharing
}

// Choose places a lead: the rules choose the team, even distribution the rep.
// Where nobody is eligible the choice has the team alone, whose dispatcher then
// decides. A lead that goes to a pool or to nurturing stays with its team, or
// comes to the fallback's: a team's rules and manager are there for every lead.
func (t *Table) Choose(q Query) lead.Choice {
	target := t.Match(q.Facts)
	choice := lead.Choice{Rule: target.Rule, Team: target.Team, Pool: target.Pool, Nurture: target.Nurture}
	switch {
	case target.Nurture:
		choice.Team, choice.Why = cmp.Or(q.Lead.Team, t.fallback), "nurtured by rule"
	case target.Pool != "":
		choice.Team, choice.Why = cmp.Or(q.Lead.Team, t.fallback), "pooled by rule"
	default:
		sharing := q.Sharing(target.Team)
		pick, _ := Even(Request{
			Team: target.Team, Weights: sharing.Weights, Single: sharing.Single, CoolOff: sharing.CoolOff,
			Reps: q.Reps, Lead: q.Lead, Now: q.Now,
		})
		choice.Rep, choice.Why = pick.Rep, pick.Why
	}
	if n := len(target.Broken); n > 0 {
		choice.Why = cut(fmt.Sprintf("%s (%d rules could not be evaluated, first %s)", choice.Why, n, target.Broken[0]))
	}
	return choice
}

// cut shortens a text to what may be kept, between two characters.
func cut(text string) string {
	if len(text) <= maxWhy {
		return text
	}
	end := maxWhy - len("…")
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + "…"
}
