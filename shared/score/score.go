// Package score ranks a lead for sales. Three figures say why: the fit to the ideal
// customer profile, the behaviour that signals of interest add up to and that fades
// with time, and, where a model has been learned of closed leads, the chance to
// convert. Grade and maturity follow from them by the policy's table or conditions.
// Every score says what it is made of.
package score

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/rule"
)

// Model is a compiled Spec. It is safe for concurrent use.
type Model struct {
	profile    []criterion
	disqualify []scored
	behaviour  behaviour
	matrix     *Matrix // or grades
	grades     []graded
	hot, warm  Bar
}

// Compile checks a spec and compiles it. With problems there is no model.
func Compile(s Spec) (*Model, []rule.Problem) {
	c := compilation{}
	m := &Model{
		profile: c.profile(s.Profile), behaviour: c.behaviour(s.Behaviour), matrix: c.matrix(s.Matrix), grades: c.grades(s.Grades),
		hot: c.bar("hot", s.Hot, DefaultHot), warm: c.bar("warm", s.Warm, DefaultWarm),
	}
	for i, r := range s.Disqualify {
		at := fmt.Sprintf("disqualify[%d]", i)
		c.name(at, r.Name)
		m.disqualify = append(m.disqualify, scored{name: r.Name,
			when: c.condition(at+".when", r.When, "behaviour", "chance", "grade", "maturity")})
	}
	switch {
	case s.Matrix != nil && len(s.Grades) > 0:
		c.report("grades", "give the grades by a matrix or by conditions, not by both")
	case s.Matrix == nil && len(s.Grades) == 0:
		c.report("grades", "list the grades, best first, the last one without a condition, or give a matrix")
	}
	c.learn(s)
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

// learn checks what a probability is learned from, and what a conversion is worth.
func (c *compilation) learn(s Spec) {
	won, closed := s.Learn.Floor()
	if won < 20 || won > closed {
		c.report("learn.won", "ask for at least 20 converted leads, and for no more than closed ones in all: fewer teach nothing")
	}
	if closed < 100 {
		c.report("learn.closed", "ask for at least 100 closed leads: fewer teach nothing")
	}
	for _, product := range slices.Sorted(maps.Keys(s.Worth)) {
		worth := s.Worth[product]
		if !(worth > 0 && worth <= 1e12) {
			c.report(fmt.Sprintf("worth.%.40s", product), "give what a conversion is worth: more than 0")
		}
	}
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

// Explanation is a score with all that it is made of.
type Explanation struct {
	Score      lead.Score       `json:"-"`
	Criteria   []Criterion      `json:"criteria"`               // of the fit
	Against    []string         `json:"disqualified,omitempty"` // by these
	Parts      []Part           `json:"behaviour"`
	Base       float64          `json:"base,omitempty"`    // log-odds of the chance before any reason
	Reasons    []predict.Reason `json:"reasons,omitempty"` // in log-odds, which add up to the chance's: the weightiest first
	How        string           `json:"how"`               // the grade came about
	Failed     []string         `json:"failed,omitempty"`  // that could not be evaluated with these facts
	Unassisted bool             `json:"rules_only"`        // no model says a chance
}

func (x *Explanation) chance() float64 { return float64(x.Score.Chance) / lead.Certain }

// Score ranks a lead at a moment, by facts that may hold sensitive answers here and
// here alone; the learned model, where there is one, never sees those.
func (m *Model) Score(l lead.Lead, facts lead.Facts, learned *Learned, now time.Time) lead.Score {
	return m.Explain(l, facts, learned, now).Score
}

// Explain is Score with all that it is made of. A disqualifier that holds means grade
// D and cold, whatever else; a condition that cannot be evaluated with these facts
// counts as false and is named among the reasons.
func (m *Model) Explain(l lead.Lead, facts lead.Facts, learned *Learned, now time.Time) Explanation {
	e := rule.Over(facts)
	x := Explanation{Unassisted: learned == nil}
	x.Score.Fit, x.Criteria = m.fit(e)
	x.Parts = m.behaviour.parts(l, now)
	x.Score.Behaviour = int(math.Round(sum(x.Parts)))
	var chance any
	if learned != nil {
		learned.explain(l, &x)
		chance = x.chance()
	}
	e.SetScore(x.Score.Fit, x.Score.Behaviour, chance)
	for _, d := range m.disqualify {
		ok, err := e.Holds(d.when)
		if err != nil {
			x.Failed = append(x.Failed, d.name)
		} else if ok {
			x.Against = append(x.Against, d.name)
		}
	}
	if x.Score.Grade, x.Score.Maturity = lead.GradeD, lead.Cold; len(x.Against) == 0 {
		x.Score.Grade, x.Score.Maturity = m.gradeOf(e, &x), m.maturity(x.Score)
	}
	x.Score.Reasons = x.best(first(l))
	return x
}

// reason is one of a score's, with what it weighs.
type reason struct {
	text   string
	weight float64
}

// weightOfOdds is how many points of the profile one of log-odds weighs among reasons.
const weightOfOdds = 15

// best returns the heaviest reasons, heaviest first. That a lead began with an enquiry,
// as most do, is none.
func (x *Explanation) best(enquired bool) []string {
	var all []reason
	for _, name := range x.Against {
		all = append(all, reason{"disqualified: " + name, math.Inf(1)})
	}
	for _, c := range x.Criteria {
		switch {
		case c.Failed:
			all = append(all, reason{c.Name + " could not be evaluated", math.MaxFloat64})
		case c.Must && !c.Met:
			all = append(all, reason{"missing: " + c.Name, math.MaxFloat64})
		case c.Met && c.Points != 0:
			all = append(all, reason{fmt.Sprintf("%s %+d", c.Name, c.Points), math.Abs(float64(c.Points))})
		}
	}
	for _, name := range x.Failed {
		all = append(all, reason{name + " could not be evaluated", math.MaxFloat64})
	}
	for _, p := range x.Parts {
		if n := math.Round(p.Points); n > 0 && (p.Kind != lead.SignalEnquiry || p.Signals > 1 || !enquired) {
			all = append(all, reason{fmt.Sprintf("%s %+.0f", p.Kind, n), n})
		}
	}
	for _, r := range x.Reasons[:min(len(x.Reasons), 3)] {
		if math.Abs(r.Points) >= 0.1 {
			all = append(all, reason{fmt.Sprintf("%s %+.1f", brief(r), r.Points), weightOfOdds * math.Abs(r.Points)})
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.weight, a.weight) })
	texts := make([]string, 0, MaxReasons)
	for _, r := range all[:min(len(all), MaxReasons)] {
		texts = append(texts, r.text)
	}
	return texts
}

// brief names a model's reason within the bounds of what is kept.
func brief(r predict.Reason) string {
	const more = "…"
	text := r.Feature + " " + r.Value
	if len(text) <= MaxName {
		return text
	}
	end := MaxName - len(more)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}
