// Package score grades a lead by the policy's own conditions: an ideal customer
// profile gives points, the points make the fit, and the grades are conditions
// over the fit and the facts. Every score says why.
package score

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// The limits of what a score tells. Reasons are kept with every lead, which is
// to fit into one kilobyte.
const (
	MaxReasons = 6
	MaxName    = 40 // bytes of a rule's name
	MaxPoints  = 100
)

// Spec is what a policy says about scoring.
type Spec struct {
	Profile    []Rule         `json:"profile,omitempty"`
	Disqualify []Disqualifier `json:"disqualify,omitempty"`
	Grades     []GradeRule    `json:"grades"`
}

// Rule gives points to leads that fit the ideal customer.
type Rule struct {
	Name   string `json:"name"`
	When   string `json:"when"`
	Points int    `json:"points"` // -100 to 100
}

// Disqualifier ends a lead's chances, such as a child too young: grade D.
type Disqualifier struct {
	Name string `json:"name"`
	When string `json:"when"`
}

// GradeRule gives the grade to leads for which no rule before it held. The last
// one has no condition.
type GradeRule struct {
	Grade lead.Grade `json:"grade"`
	When  string     `json:"when,omitempty"`
}

// Model is a compiled Spec. It is safe for concurrent use.
type Model struct {
	profile    []scored
	disqualify []scored
	grades     []graded
}

type scored struct {
	name   string
	points int
	when   *rule.Condition
}

type graded struct {
	grade lead.Grade
	when  *rule.Condition // nil always holds
}

// Compile checks a spec and compiles it. With problems there is no model.
func Compile(s Spec) (*Model, []rule.Problem) {
	c := compilation{}
	m := &Model{}
	for i, r := range s.Profile {
		at := fmt.Sprintf("profile[%d]", i)
		c.name(at, r.Name)
		if r.Points == 0 || r.Points < -MaxPoints || r.Points > MaxPoints {
			c.report(at+".points", "give from -%d to %d points, not %d", MaxPoints, MaxPoints, r.Points)
		}
		m.profile = append(m.profile, scored{r.Name, r.Points, c.condition(at+".when", r.When, "fit", "grade")})
	}
	for i, r := range s.Disqualify {
		at := fmt.Sprintf("disqualify[%d]", i)
		c.name(at, r.Name)
		m.disqualify = append(m.disqualify, scored{name: r.Name, when: c.condition(at+".when", r.When, "grade")})
	}
	for i, r := range s.Grades {
		at := fmt.Sprintf("grades[%d]", i)
		if !slices.Contains(lead.Grades, r.Grade) {
			c.report(at+".grade", "the grades are A+, A, B, C and D")
		}
		g := graded{grade: r.Grade}
		last := i == len(s.Grades)-1
		switch {
		case r.When != "":
			g.when = c.condition(at+".when", r.When, "grade")
			if last {
				c.report(at+".when", "leave the last grade without a condition: it is for every lead that no grade before it takes")
			}
		case !last:
			c.report(at+".when", "write a condition: without one, the grades after this are never given")
		}
		m.grades = append(m.grades, g)
	}
	if len(s.Grades) == 0 {
		c.report("grades", "list the grades, best first, the last one without a condition")
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return m, nil
}

type compilation struct {
	problems []rule.Problem
	names    []string
}

func (c *compilation) report(path, format string, args ...any) {
	c.problems = append(c.problems, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

func (c *compilation) name(at, name string) {
	switch {
	case name == "":
		c.report(at+".name", "name the rule: the name is the reason that people read")
	case len(name) > MaxName:
		c.report(at+".name", "shorten the name to %d bytes: it is kept with every lead", MaxName)
	case slices.Contains(c.names, name):
		c.report(at+".name", "another rule is called %q: names tell rules apart", name)
	}
	c.names = append(c.names, name)
}

// condition compiles a condition that may not use the facts which are not known
// yet when it runs.
func (c *compilation) condition(path, text string, unknown ...string) *rule.Condition {
	condition, err := rule.Compile(text)
	if err != nil {
		c.report(path, "%s", err)
		return nil
	}
	for _, fact := range unknown {
		if slices.Contains(condition.Uses().Facts, fact) {
			c.report(path, "leave out %s: it is not known yet when this is asked", fact)
		}
	}
	return condition
}

// Score grades the facts: the fit is the sum of the points within 0 to 100; a
// disqualifier that holds means grade D. A condition that cannot be evaluated
// with these facts counts as false and is named among the reasons.
func (m *Model) Score(facts lead.Facts) lead.Score {
	e := rule.Over(facts)
	var r reasons
	fit := 0
	for _, p := range m.profile {
		if r.holds(e, p) {
			fit += p.points
			r.add(fmt.Sprintf("%s %+d", p.name, p.points), weight(p.points))
		}
	}
	score := lead.Score{Fit: min(max(fit, 0), 100), Grade: lead.GradeD}
	e.SetFit(score.Fit)
	disqualified := false
	for _, d := range m.disqualify {
		if r.holds(e, d) {
			disqualified = true
			r.add("disqualified: "+d.name, decisive)
		}
	}
	if !disqualified {
		score.Grade = m.grade(e, &r)
	}
	score.Reasons = r.best()
	return score
}

func (m *Model) grade(e *rule.Evaluation, r *reasons) lead.Grade {
	for _, g := range m.grades {
		if g.when == nil || r.holds(e, scored{name: "grade " + string(g.grade), when: g.when}) {
			return g.grade
		}
	}
	return lead.GradeD
}

// reasons collects why, and keeps what matters most.
type reasons []reason

type reason struct {
	text   string
	weight int
}

// The weights of reasons; points weigh what they are.
const (
	decisive = math.MaxInt
	broken   = math.MaxInt - 1
)

func weight(points int) int { return max(points, -points) }

func (r *reasons) add(text string, weight int) { *r = append(*r, reason{text, weight}) }

func (r *reasons) holds(e *rule.Evaluation, s scored) bool {
	ok, err := e.Holds(s.when)
	if err != nil {
		r.add(s.name+" could not be evaluated", broken)
	}
	return ok && err == nil
}

// best returns the heaviest reasons, heaviest first.
func (r reasons) best() []string {
	slices.SortStableFunc(r, func(a, b reason) int { return cmp.Compare(b.weight, a.weight) })
	texts := make([]string, 0, MaxReasons)
	for _, reason := range r[:min(len(r), MaxReasons)] {
		texts = append(texts, reason.text)
	}
	return texts
}
