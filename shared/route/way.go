package route

import (
	"fmt"
	"slices"
	"time"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// Mode is how a team chooses among the reps that its distribution leaves.
type Mode string

// The modes. Growth is even too, but a recommended lead goes to the rep of whoever
// recommended us, and a premium one to a rep who reached the target. Efficiency
// gives each lead to the rep who makes most of it.
const (
	Even       Mode = "even"
	Growth     Mode = "growth"
	Efficiency Mode = "efficiency"
)

// Modes lists the modes; an empty one is even.
var Modes = []Mode{Even, Growth, Efficiency}

// By is what a step of a distribution goes by.
type By string

// What steps go by.
const (
	ByPrevious  By = "previous_owner"  // the rep who had the lead last
	ByOthers    By = "not_before"      // reps who never had it
	ByAccount   By = "account_owner"   // the rep who looks after the person already
	ByReferrer  By = "referrer"        // the rep of whoever recommended us
	ByCohort    By = "cohort"          // the rep of the class, by its schedule
	ByTerritory By = "territory"       // reps of the narrowest territory that has one
	BySeniority By = "seniority"       // reps of the grade's levels
	ByTarget    By = "quota_qualified" // reps who reached their target
	BySkill     By = "skill"           // the reps who convert best in the lead's channel
)

// Steps lists what steps go by.
var Steps = []By{ByPrevious, ByOthers, ByAccount, ByReferrer, ByCohort, ByTerritory, BySeniority, ByTarget, BySkill}

// Else is what happens where no eligible rep fits a step.
type Else string

// What happens: the next step has all reps again; the lead waits for the next
// shift of one who fits, and goes on to the next step where none comes soon enough; the
// dispatcher decides.
const (
	ElseNext   Else = "next"
	ElseWait   Else = "wait"
	ElseTriage Else = "triage"
)

// Step narrows the reps who may have a lead.
type Step struct {
	By     By                      `json:"by"`
	When   string                  `json:"when,omitempty"`   // the leads that it is for; all where empty
	Grades []lead.Grade            `json:"grades,omitempty"` // of the leads that it is for; all where empty
	Levels map[lead.Grade][]string `json:"levels,omitempty"` // of seniority: grade → levels of reps
	Best   int                     `json:"best,omitempty"`   // of skill: how many reps; 1
	Cohort []Cohort                `json:"schedule,omitempty"`
	Else   Else                    `json:"else,omitempty"` // next
}

// Cohort gives the leads of one class to its reps for a time. The dates are those
// of the house, both included; an empty one is no bound.
type Cohort struct {
	Name string   `json:"name"`
	When string   `json:"when"`
	Reps []string `json:"reps"`
	From string   `json:"from,omitempty"`
	To   string   `json:"to,omitempty"`
}

// Territory is a region with the regions in it. A lead belongs to the first
// whose condition holds, and there to the first of those inside.
type Territory struct {
	ID     string      `json:"id"`
	Name   string      `json:"name,omitempty"`
	When   string      `json:"when"`
	Inside []Territory `json:"inside,omitempty"`
}

// Way is how a team shares its leads.
type Way struct {
	Team    string
	Mode    Mode
	Premium []lead.Grade // of growth: A+ and A where empty
	Steps   []Step       // before the mode's own
	Weights map[string]int
	Single  string        // the rep who is the team's only contact; empty for all
	CoolOff time.Duration // a former owner does not get the lead again for
	Wait    time.Duration // a lead waits for a shift for so long at most
}

// way is a compiled Way.
type way struct {
	Way
	steps []step
}

type step struct {
	Step
	when    *rule.Condition // nil for all leads
	cohorts []*rule.Condition
}

type territory struct {
	Territory
	when   *rule.Condition
	inside []territory
}

// problems collects faults with their paths.
type problems []rule.Problem

func (p *problems) report(path, format string, args ...any) {
	*p = append(*p, rule.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

func (p *problems) condition(path, text string) *rule.Condition {
	c, err := rule.Compile(text)
	if err != nil {
		p.report(path, "%s", err)
	}
	return c
}

func compileWay(w Way, at string, p *problems) *way {
	if w.Mode != "" && !slices.Contains(Modes, w.Mode) {
		p.report(at+".mode", "the modes are even, growth and efficiency")
	}
	compiled := &way{Way: w}
	for i, s := range w.Steps {
		compiled.steps = append(compiled.steps, compileStep(s, fmt.Sprintf("%s.distribution[%d]", at, i), p))
	}
	if w.Mode == Growth {
		premium := w.Premium
		if len(premium) == 0 {
			premium = []lead.Grade{lead.GradeAPlus, lead.GradeA}
		}
		compiled.steps = append(compiled.steps, step{Step: Step{By: ByReferrer}}, step{Step: Step{By: ByTarget, Grades: premium}})
	} else if len(w.Premium) > 0 {
		p.report(at+".premium", "premium leads are those of the mode growth: set the mode, or leave them out")
	}
	return compiled
}

func compileStep(s Step, at string, p *problems) step {
	compiled := step{Step: s}
	if s.When != "" {
		compiled.when = p.condition(at+".when", s.When)
	}
	for _, g := range s.Grades {
		if !slices.Contains(lead.Grades, g) {
			p.report(at+".grades", "the grades are A+, A, B, C and D")
		}
	}
	if !slices.Contains(Steps, s.By) {
		p.report(at+".by", "a distribution goes by one of %v", Steps)
	}
	if s.Else != "" && s.Else != ElseNext && s.Else != ElseWait && s.Else != ElseTriage {
		p.report(at+".else", "where nobody fits, a lead goes to the next step, waits or goes to triage: write next, wait or triage")
	}
	// A setting of another kind of step would be passed over in silence.
	for _, setting := range []struct {
		name  string
		of    By
		given bool
		need  bool
	}{
		{"levels", BySeniority, len(s.Levels) > 0, true},
		{"schedule", ByCohort, len(s.Cohort) > 0, true},
		{"best", BySkill, s.Best != 0, false},
	} {
		switch {
		case setting.given && s.By != setting.of:
			p.report(at+"."+setting.name, "only a step by %s has this", setting.of)
		case !setting.given && setting.need && s.By == setting.of:
			p.report(at, "a step by %s needs %s", s.By, setting.name)
		}
	}
	for i, c := range s.Cohort {
		row := fmt.Sprintf("%s.schedule[%d]", at, i)
		compiled.cohorts = append(compiled.cohorts, p.condition(row+".when", c.When))
		if len(c.Reps) == 0 {
			p.report(row+".reps", "name the reps of the cohort")
		}
		for _, date := range []struct{ name, day string }{{"from", c.From}, {"to", c.To}} {
			if _, err := time.Parse(time.DateOnly, date.day); err != nil && date.day != "" {
				p.report(row+"."+date.name, "write a date such as 2026-05-01")
			}
		}
		if c.From != "" && c.To != "" && c.To < c.From {
			p.report(row+".to", "end the schedule on or after the day on which it starts")
		}
	}
	return compiled
}

func compileTerritories(list []Territory, at string, known map[string]bool, p *problems) []territory {
	compiled := make([]territory, len(list))
	for i, t := range list {
		here := fmt.Sprintf("%s[%d]", at, i)
		if known[t.ID] {
			p.report(here+".id", "another territory is called %q: give each an id of its own", t.ID)
		}
		known[t.ID] = true
		compiled[i] = territory{t, p.condition(here+".when", t.When), compileTerritories(t.Inside, here+".inside", known, p)}
	}
	return compiled
}

// place finds the territories of a lead, from the widest to the narrowest.
func place(e *rule.Evaluation, territories []territory) (path []string) {
	for level := territories; len(level) > 0; {
		i := slices.IndexFunc(level, func(t territory) bool {
			ok, err := e.Holds(t.when)
			return err == nil && ok
		})
		if i < 0 {
			break
		}
		path = append(path, level[i].ID)
		level = level[i].inside
	}
	return path
}
