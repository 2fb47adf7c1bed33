package score

import (
	"fmt"
	"slices"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

type graded struct {
	grade lead.Grade
	when  *rule.Condition // nil always holds
}

func (c *compilation) grades(rules []GradeRule) []graded {
	var grades []graded
	for i, r := range rules {
		at := fmt.Sprintf("grades[%d]", i)
		c.grade(at+".grade", r.Grade)
		g := graded{grade: r.Grade}
		last := i == len(rules)-1
		switch {
		case r.When != "":
			g.when = c.condition(at+".when", r.When, "grade", "maturity")
			if last {
				c.report(at+".when", "leave the last grade without a condition: it is for every lead that no grade before it takes")
			}
		case !last:
			c.report(at+".when", "write a condition: without one, the grades after this are never given")
		}
		grades = append(grades, g)
	}
	return grades
}

func (c *compilation) grade(at string, g lead.Grade) {
	if !slices.Contains(lead.Grades, g) {
		c.report(at, "the grades are A+, A, B, C and D")
	}
}

// matrix checks a table of grades and copies it.
func (c *compilation) matrix(given *Matrix) *Matrix {
	if given == nil {
		return nil
	}
	m := &Matrix{Fit: slices.Clone(given.Fit), Behaviour: slices.Clone(given.Behaviour), Raise: given.Raise, Lower: given.Lower}
	bounds := func(at string, bounds []int) {
		for i, b := range bounds {
			if b < 1 || b > 100 || i > 0 && b >= bounds[i-1] {
				c.report(fmt.Sprintf("%s[%d]", at, i), "give lower bounds from 100 to 1, each below the one before")
			}
		}
		if len(bounds) == 0 || len(bounds) > 9 {
			c.report(at, "give from one to nine lower bounds, the best first")
		}
	}
	bounds("matrix.fit", m.Fit)
	bounds("matrix.behaviour", m.Behaviour)
	if len(given.Grades) != len(m.Fit)+1 {
		c.report("matrix.grades", "give %d rows: one for each bound of the fit, and one for what is below", len(m.Fit)+1)
	}
	for i, row := range given.Grades {
		m.Grades = append(m.Grades, slices.Clone(row))
		at := fmt.Sprintf("matrix.grades[%d]", i)
		if len(row) != len(m.Behaviour)+1 {
			c.report(at, "give %d grades: one for each bound of the behaviour, and one for what is below", len(m.Behaviour)+1)
		}
		for j, g := range row {
			c.grade(fmt.Sprintf("%s[%d]", at, j), g)
		}
	}
	c.chance("matrix.raise", m.Raise)
	c.chance("matrix.lower", m.Lower)
	if m.Raise > 0 && m.Lower > m.Raise {
		c.report("matrix.lower", "no chance can raise a grade and lower it: give less than %g", m.Raise)
	}
	return m
}

func (c *compilation) chance(at string, p float64) {
	if !(p >= 0 && p <= 1) {
		c.report(at, "give a chance from 0 to 1")
	}
}

func (c *compilation) bar(at string, b *Bar, fallback Bar) Bar {
	if b == nil {
		return fallback
	}
	within := func(field string, n int) {
		if n < 0 || n > 100 {
			c.report(at+"."+field, "give from 0 to 100")
		}
	}
	within("fit", b.Fit)
	within("behaviour", b.Behaviour)
	c.chance(at+".chance", b.Chance)
	if b.Behaviour == 0 && b.Chance == 0 {
		c.report(at, "give a behaviour or a chance, or both")
	}
	return *b
}

// step is where a value lies among descending bounds: 0 where it reaches the first.
func step(bounds []int, n int) int {
	if i := slices.IndexFunc(bounds, func(b int) bool { return n >= b }); i >= 0 {
		return i
	}
	return len(bounds)
}

// gradeOf is the grade that follows from fit, behaviour and chance, and how.
func (m *Model) gradeOf(e *rule.Evaluation, x *Explanation) lead.Grade {
	if m.matrix == nil {
		for i, g := range m.grades {
			if g.when == nil {
				x.How = "no condition before the last grade's holds"
				return g.grade
			}
			ok, err := e.Holds(g.when)
			if err != nil {
				x.Failed = append(x.Failed, "grade "+string(g.grade))
			} else if ok {
				x.How = fmt.Sprintf("condition %d holds", i+1)
				return g.grade
			}
		}
		return lead.GradeD
	}
	row, column := step(m.matrix.Fit, x.Score.Fit), step(m.matrix.Behaviour, x.Score.Behaviour)
	grade := m.matrix.Grades[row][column]
	x.How = fmt.Sprintf("row %d by fit, column %d by behaviour", row+1, column+1)
	if x.Score.Chance == 0 {
		return grade
	}
	switch p := x.chance(); {
	case m.matrix.Raise > 0 && p >= m.matrix.Raise:
		x.How += "; raised by the chance"
		return lead.Grades[max(grade.Rank()-1, 0)]
	case p < m.matrix.Lower:
		x.How += "; lowered by the chance"
		return lead.Grades[min(grade.Rank()+1, len(lead.Grades)-1)]
	}
	return grade
}

// ripe reports whether a bar is reached.
func (b Bar) ripe(s lead.Score) bool {
	return s.Fit >= b.Fit && (b.Behaviour > 0 && s.Behaviour >= b.Behaviour ||
		b.Chance > 0 && float64(s.Chance)/lead.Certain >= b.Chance)
}

func (m *Model) maturity(s lead.Score) lead.Maturity {
	switch {
	case m.hot.ripe(s):
		return lead.Hot
	case m.warm.ripe(s):
		return lead.Warm
	}
	return lead.Cold
}
