package score

import (
	"fmt"

	"sluice/shared/rule"
)

// criterion is a compiled Rule.
type criterion struct {
	name  string
	must  bool
	bands []scored // the first that holds counts
}

// scored are points with the condition for them.
type scored struct {
	name   string
	points int
	when   *rule.Condition
}

// Criterion is what one criterion of the profile, or a disqualifier, came to.
type Criterion struct {
	Name   string `json:"name"`
	Points int    `json:"points"` // -100 to 100
	Met    bool   `json:"met"`
	Must   bool   `json:"must,omitempty"`
	Failed bool   `json:"failed,omitempty"` // it could not be evaluated with these facts, and counts as not met
}

func (c *compilation) profile(rules []Rule) []criterion {
	var profile []criterion
	for i, r := range rules {
		at := fmt.Sprintf("profile[%d]", i)
		c.name(at, r.Name)
		k := criterion{name: r.Name, must: r.Must}
		switch {
		case len(r.Bands) > 0 && (r.When != "" || r.Points != 0):
			c.report(at+".bands", "give bands, or a condition and its points, not both")
		case len(r.Bands) > MaxBands:
			c.report(at+".bands", "give at most %d bands", MaxBands)
		case len(r.Bands) > 0:
			for j, b := range r.Bands {
				k.bands = append(k.bands, c.scored(fmt.Sprintf("%s.bands[%d]", at, j), r.Name, b.When, b.Points, true))
			}
		default:
			k.bands = []scored{c.scored(at, r.Name, r.When, r.Points, r.Must)}
		}
		profile = append(profile, k)
	}
	return profile
}

// scored compiles a condition and its points; only what decides by itself, or is
// better than another band, may give none.
func (c *compilation) scored(at, name, when string, points int, none bool) scored {
	if points == 0 && !none || points < -MaxPoints || points > MaxPoints {
		c.report(at+".points", "give from -%d to %d points, not %d", MaxPoints, MaxPoints, points)
	}
	return scored{name, points, c.condition(at+".when", when, "fit", "behaviour", "chance", "grade", "maturity")}
}

// fit is what the profile's criteria come to, 0 to 100, and each one's part of it. It
// is 0 where one lacks that must be met.
func (m *Model) fit(e *rule.Evaluation) (int, []Criterion) {
	total, missing := 0, false
	parts := make([]Criterion, len(m.profile))
	for i, k := range m.profile {
		part := Criterion{Name: k.name, Must: k.must}
		for _, b := range k.bands {
			ok, err := e.Holds(b.when)
			if ok && err == nil {
				part.Points, part.Met, part.Failed = b.points, true, false
				break
			}
			part.Failed = part.Failed || err != nil
		}
		missing = missing || k.must && !part.Met
		total += part.Points
		parts[i] = part
	}
	if missing {
		total = 0
	}
	return min(max(total, 0), 100), parts
}
