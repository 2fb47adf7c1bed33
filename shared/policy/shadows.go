package policy

import (
	"fmt"
	"maps"
	"slices"

	"sluice/shared/rule"
)

// shadows finds routing rules and grades that no lead can ever reach, because the
// ones before them take every lead for which they hold, and pools of which no lead
// can be likely. Conditions among the known
// problems are passed over: they say already what is wrong.
func shadows(d Document, known []rule.Problem) []rule.Problem {
	v := vocabularyOf(d)
	grades := branches{path: "score.grades"}
	for _, g := range d.Score.Grades {
		grades.add(string(g.Grade), g.When)
	}
	rules := branches{path: "routing.rules"}
	for _, r := range d.Routing.Rules {
		rules.add(r.Name, r.When)
	}
	routing := v.ofRouting()
	found := append(grades.shadows(v.ofScoring()), rules.shadows(routing)...)
	for i, p := range d.Pools {
		if condition, err := rule.Compile(p.Likely); err == nil && len(rule.Unreachable([]*rule.Condition{condition}, routing)) > 0 {
			found = append(found, rule.Problem{Path: fmt.Sprintf("pools[%d].likely", i), Text: "this never holds, whatever the lead: correct it"})
		}
	}
	return slices.DeleteFunc(found, func(p rule.Problem) bool {
		return slices.ContainsFunc(known, func(k rule.Problem) bool { return k.Path == p.Path })
	})
}

// ofScoring is the vocabulary of conditions that score. They see fields too that a
// form does not know, so that no answer is closed.
func (v vocabulary) ofScoring() rule.Vocabulary {
	return maps.Clone(v.facts)
}

// ofRouting is the vocabulary of conditions that route.
func (v vocabulary) ofRouting() rule.Vocabulary {
	closed := v.ofScoring()
	for name, a := range v.answers {
		if a.closed {
			closed["answer."+name] = a.choices
		}
	}
	return closed
}

// branches are a list of which the first that holds counts.
type branches struct {
	path  string
	names []string
	whens []*rule.Condition // nil where there is none, or one that does not compile
}

func (b *branches) add(name, when string) {
	condition, err := rule.Compile(when)
	if err != nil {
		condition = nil
	}
	b.names, b.whens = append(b.names, name), append(b.whens, condition)
}

func (b *branches) shadows(v rule.Vocabulary) []rule.Problem {
	c := &checker{}
	for _, shadow := range rule.Unreachable(b.whens, v) {
		at := fmt.Sprintf("%s[%d].when", b.path, shadow.Rule)
		var names []string
		for _, i := range shadow.By {
			names = append(names, fmt.Sprintf("%q", b.names[i]))
		}
		switch len(names) {
		case 0:
			c.report(at, "this never holds, whatever the lead: correct it, or leave %q out", b.names[shadow.Rule])
		case 1:
			c.report(at, "%s before it takes every lead for which this holds: move %q above it, or leave it out", names[0], b.names[shadow.Rule])
		default:
			c.report(at, "%s before it take every lead for which this holds: move %q above them, or leave it out", list(names), b.names[shadow.Rule])
		}
	}
	return c.problems
}
