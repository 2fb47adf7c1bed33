package policy

import (
	"fmt"
	"maps"

	"sluice/shared/rule"
)

// shadows finds routing rules, grades and bands that no lead can ever reach, because
// the ones before them take every lead for which they hold, and other conditions that
// never hold. Conditions among the known problems are passed over: they say already
// what is wrong.
func shadows(d Document, known []rule.Problem) []rule.Problem {
	v := vocabularyOf(d)
	scoring, routing := v.ofScoring(), v.ofRouting()
	told := map[string]bool{}
	for _, k := range known {
		told[k.Path] = true
	}
	var found []rule.Problem
	tell := func(problems []rule.Problem) {
		for _, p := range problems {
			if !told[p.Path] {
				found = append(found, p)
			}
		}
	}
	listed := map[string]bool{}
	first := func(b branches, v rule.Vocabulary) {
		for i := range b.whens {
			listed[b.at(i)] = true
		}
		tell(b.shadows(v))
	}
	for i, r := range d.Score.Profile {
		bands := branches{path: fmt.Sprintf("score.profile[%d].bands", i)}
		for j, b := range r.Bands {
			bands.add(fmt.Sprintf("band %d", j+1), b.When)
		}
		first(bands, scoring)
	}
	grades := branches{path: "score.grades"}
	for _, g := range d.Score.Grades {
		grades.add(string(g.Grade), g.When)
	}
	first(grades, scoring)
	rules := branches{path: "routing.rules"}
	for _, r := range d.Routing.Rules {
		rules.add(r.Name, r.When)
	}
	first(rules, routing)
	conditions(d, func(path, when string, routes bool) {
		if !listed[path] {
			tell(never(path, when, either(routes, routing, scoring)))
		}
	})
	return found
}

func either[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// never reports a condition that holds for no lead whatever.
func never(path, when string, v rule.Vocabulary) []rule.Problem {
	condition, err := rule.Compile(when)
	if err != nil || len(rule.Unreachable([]*rule.Condition{condition}, v)) == 0 {
		return nil
	}
	return []rule.Problem{{Path: path, Text: "this never holds, whatever the lead: correct it"}}
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

// at is the path of a branch's condition.
func (b *branches) at(i int) string { return fmt.Sprintf("%s[%d].when", b.path, i) }

func (b *branches) shadows(v rule.Vocabulary) []rule.Problem {
	c := &checker{}
	for _, shadow := range rule.Unreachable(b.whens, v) {
		at := b.at(shadow.Rule)
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
