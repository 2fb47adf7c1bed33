package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sluice/shared/lead"
	"sluice/shared/rule"
	"sluice/shared/score"
)

// scoreFaults are what is wrong with scoring beyond what its own compilation finds:
// names that lead nowhere, tables that turn things round and bars that nobody reaches.
func scoreFaults(d Document) []rule.Problem {
	c := &checker{}
	var products []string
	for _, p := range d.Products {
		products = append(products, p.ID)
	}
	for _, product := range slices.Sorted(maps.Keys(d.Score.Worth)) {
		c.refer("score.worth."+product, "product", product, products)
	}
	c.learn(d)
	if m := d.Score.Matrix; m != nil {
		c.falling(m.Grades)
	}
	c.reach(d.Score)
	return c.problems
}

// learn checks that what a chance is learned from, and what not, are features.
func (c *checker) learn(d Document) {
	v := vocabularyOf(d)
	var answers []string
	for _, name := range v.names {
		if !v.answers[name].sensitive {
			answers = append(answers, name)
		}
	}
	features := score.Features(answers)
	known := func(path string, names []string) {
		for i, name := range names {
			at := fmt.Sprintf("%s[%d]", path, i)
			answer, isAnswer := strings.CutPrefix(name, "answer.")
			switch {
			case slices.Contains(features, name):
			case isAnswer && v.answers[answer] != nil:
				c.report(at, "%q is a sensitive answer, from which nothing is learned: leave it out", answer)
			case isAnswer && len(answers) == 0:
				c.report(at, "no form asks for %q, nor for anything else that could be learned from", answer)
			case isAnswer:
				c.report(at, "no form asks for %q: the answers are %s", answer, list(answers))
			case slices.Contains(answers, name):
				c.report(at, "there is no feature %q: for the answer write answer.%s", name, name)
			default:
				c.report(at, "there is no feature %q: a chance is learned from %s", name, strings.Join(score.Features([]string{"<name>"}), ", "))
			}
		}
	}
	known("score.learn.keep", d.Score.Learn.Keep)
	known("score.learn.drop", d.Score.Learn.Drop)
	for i, name := range d.Score.Learn.Drop {
		if slices.Contains(d.Score.Learn.Keep, name) {
			c.report(fmt.Sprintf("score.learn.drop[%d]", i), "%q stands under keep as well: leave it out of one of the two", name)
		}
	}
}

// falling checks that no grade of a table is better than one for a better fit or a
// better behaviour. Each cell is held to its neighbours, which is enough.
func (c *checker) falling(grades [][]lead.Grade) {
	for i, row := range grades {
		for j, g := range row {
			if g.Rank() == len(lead.Grades) {
				continue // told where the table is compiled
			}
			at := fmt.Sprintf("score.matrix.grades[%d][%d]", i, j)
			switch {
			case i > 0 && j < len(grades[i-1]) && g.Rank() < grades[i-1][j].Rank():
				c.report(at, "%s is better than the %s above it: a better fit may not make the grade worse", g, grades[i-1][j])
			case j > 0 && g.Rank() < row[j-1].Rank():
				c.report(at, "%s is better than the %s before it: a better behaviour may not make the grade worse", g, row[j-1])
			}
		}
	}
}

// reach checks that every row and column of the table and every bar can be reached by
// what the profile and the signals can come to, and that not every warm lead is hot.
func (c *checker) reach(s score.Spec) {
	fit, behaviour := mostFit(s.Profile), mostBehaviour(s.Behaviour)
	within := func(path, what string, asked, most int, of string) {
		if asked > most && asked <= score.MaxPoints {
			c.report(path, "no lead has a %s of %d: %s add up to at most %d", what, asked, of, most)
		}
	}
	const profile, signals = "the criteria of the profile", "the signals"
	if m := s.Matrix; m != nil {
		for i, bound := range m.Fit {
			within(fmt.Sprintf("score.matrix.fit[%d]", i), "fit", bound, fit, profile)
		}
		for i, bound := range m.Behaviour {
			within(fmt.Sprintf("score.matrix.behaviour[%d]", i), "behaviour", bound, behaviour, signals)
		}
	}
	hot, warm := score.DefaultHot, score.DefaultWarm
	if s.Hot != nil {
		hot = *s.Hot
		within("score.hot.fit", "fit", hot.Fit, fit, profile)
		within("score.hot.behaviour", "behaviour", hot.Behaviour, behaviour, signals)
	} else if len(s.Profile) > 0 && fit < hot.Fit {
		c.report("score.profile", "no lead is ever hot: %s add up to at most %d, and without score.hot a hot lead has a fit of %d", profile, fit, hot.Fit)
	}
	if s.Warm != nil {
		warm = *s.Warm
		within("score.warm.fit", "fit", warm.Fit, fit, profile)
		within("score.warm.behaviour", "behaviour", warm.Behaviour, behaviour, signals)
	}
	c.apart(hot, warm, either(s.Warm != nil, "score.warm", "score.hot"))
}

// apart checks that what makes a lead warm does not make it hot already.
func (c *checker) apart(hot, warm score.Bar, path string) {
	if hot.Fit > warm.Fit {
		return
	}
	const text = "no lead is warm by a %s of %v, for that makes it hot already: ask for more of hot leads than of warm ones"
	if hot.Behaviour > 0 && hot.Behaviour <= warm.Behaviour {
		c.report(path+".behaviour", text, "behaviour", warm.Behaviour)
	}
	if hot.Chance > 0 && hot.Chance <= warm.Chance {
		c.report(path+".chance", text, "chance", warm.Chance)
	}
}

// mostFit is the most that the criteria can come to; that some exclude each other is
// not looked at.
func mostFit(profile []score.Rule) int {
	total := 0
	for _, r := range profile {
		most := max(0, r.Points)
		for _, b := range r.Bands {
			most = max(most, b.Points)
		}
		total += most
	}
	return min(total, score.MaxPoints)
}

// mostBehaviour is the most that the signals can come to, rounded as it is shown.
func mostBehaviour(b score.Behaviour) int {
	total := 0.0
	for _, kind := range lead.SignalKinds {
		g, given := b.Signals[kind]
		if !given {
			g = score.Gains[kind]
		}
		if g.Points > 0 {
			total += g.Cap
		}
	}
	return int(min(total, score.MaxPoints) + 0.5)
}
