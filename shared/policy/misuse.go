package policy

import (
	"fmt"
	"slices"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/route"
	"sluice/shared/rule"
)

// misuses finds conditions that compile and yet can never hold: answers that no
// form asks, texts that nothing is ever called, and, in routing rules, sensitive
// answers, which are not kept. Conditions that do not compile are passed over;
// they are reported as such.
func misuses(d Document) []rule.Problem {
	c := &checker{}
	v := vocabularyOf(d)
	conditions(d, func(path, when string, routing bool) { c.condition(path, when, v, routing) })
	return c.problems
}

// conditions visits every condition of a document with its path, and says whether it
// routes or scores.
func conditions(d Document, visit func(path, when string, routing bool)) {
	for i, r := range d.Score.Profile {
		at := fmt.Sprintf("score.profile[%d]", i)
		if len(r.Bands) == 0 || r.When != "" {
			visit(at+".when", r.When, false)
		}
		for j, b := range r.Bands {
			visit(fmt.Sprintf("%s.bands[%d].when", at, j), b.When, false)
		}
	}
	for i, r := range d.Score.Disqualify {
		visit(fmt.Sprintf("score.disqualify[%d].when", i), r.When, false)
	}
	for i, r := range d.Score.Grades {
		visit(fmt.Sprintf("score.grades[%d].when", i), r.When, false)
	}
	for i, r := range d.Routing.Rules {
		visit(fmt.Sprintf("routing.rules[%d].when", i), r.When, true)
	}
	for i, t := range d.Teams {
		for j, s := range t.Distribution {
			at := fmt.Sprintf("teams[%d].distribution[%d]", i, j)
			if s.When != "" {
				visit(at+".when", s.When, true)
			}
			for k, row := range s.Cohort {
				visit(fmt.Sprintf("%s.schedule[%d].when", at, k), row.When, true)
			}
		}
	}
	var territories func(at string, list []route.Territory)
	territories = func(at string, list []route.Territory) {
		for i, t := range list {
			here := fmt.Sprintf("%s[%d]", at, i)
			visit(here+".when", t.When, true)
			territories(here+".inside", t.Inside)
		}
	}
	territories("territories", d.Territories)
	for i, p := range d.Pools {
		visit(fmt.Sprintf("pools[%d].likely", i), p.Likely, true)
	}
}

// vocabulary is what facts and answers can be.
type vocabulary struct {
	facts   map[string][]string // fact → its possible texts
	answers map[string]*answer
	names   []string // of answers, in the order of the forms
}

type answer struct {
	sensitive bool     // in every form that asks it
	closed    bool     // every form that asks it gives choices
	choices   []string // of all of them
}

func vocabularyOf(d Document) vocabulary {
	v := vocabulary{facts: map[string][]string{"channel": d.Channels}, answers: map[string]*answer{}}
	for _, p := range d.Products {
		v.facts["product"] = append(v.facts["product"], p.ID)
	}
	for _, f := range d.Forms {
		v.facts["form"] = append(v.facts["form"], f.ID)
		for _, field := range f.Fields {
			v.add(field)
		}
	}
	for _, g := range lead.Grades {
		v.facts["grade"] = append(v.facts["grade"], string(g))
	}
	for _, m := range lead.Maturities {
		v.facts["maturity"] = append(v.facts["maturity"], string(m))
	}
	v.facts["weekday"] = route.Weekdays()
	for _, t := range d.Teams {
		v.facts["verdict"] = append(v.facts["verdict"], t.Verdicts...)
	}
	return v
}

func (v *vocabulary) add(f form.Field) {
	sensitive := f.Sensitive
	switch f.Kind {
	case form.MessageKind:
		sensitive = true
	case form.NameKind, form.GivenKind, form.FamilyKind, form.PhoneKind, form.EmailKind, form.CompanyKind,
		form.CountryKind, form.CityKind, form.IndustryKind, form.HeadcountKind, form.ConsentKind, form.ReferralKind:
		return // facts of their own, or none
	}
	a, known := v.answers[f.Name]
	if !known {
		a = &answer{sensitive: true, closed: true}
		v.answers[f.Name] = a
		v.names = append(v.names, f.Name)
	}
	a.sensitive = a.sensitive && sensitive
	a.closed = a.closed && f.Kind == form.ChoiceKind
	a.choices = append(a.choices, f.Choices...)
}

// ofRouting are the facts that only routing sees.
var ofRouting = []string{"territories", "owners", "age_days", "hour", "weekday", "date"}

func (c *checker) condition(path, when string, v vocabulary, routing bool) {
	condition, err := rule.Compile(when)
	if err != nil {
		return
	}
	uses := condition.Uses()
	for _, name := range uses.Answers {
		switch a := v.answers[name]; {
		case a == nil && len(v.names) == 0:
			c.report(path, "no form asks for %q, nor for anything else that a rule can see", name)
		case a == nil:
			c.report(path, "no form asks for %q: the answers are %s", name, list(v.names))
		case a.sensitive && routing:
			c.report(path, "%q is a sensitive answer, which routing never sees: score it, and route by grade", name)
		case a.closed:
			c.texts(path, name, uses.Literals["answer."+name], a.choices)
		}
	}
	for _, fact := range uses.Facts {
		if !routing && slices.Contains(ofRouting, fact) {
			c.report(path, "%s is known when a lead is routed, not when it is scored", fact)
		}
	}
	for _, fact := range []string{"product", "form", "channel", "grade", "maturity", "weekday", "verdict"} {
		c.texts(path, fact, uses.Literals[fact], v.facts[fact])
	}
}

// texts reports those that are not among the possible ones.
func (c *checker) texts(path, what string, texts, possible []string) {
	for _, text := range texts {
		switch {
		case text == "" || slices.Contains(possible, text):
		case len(possible) == 0:
			c.report(path, "%s is never %q: nothing in the policy gives one", what, text)
		default:
			c.report(path, "%s is never %q: it is one of %s", what, text, list(possible))
		}
	}
}
