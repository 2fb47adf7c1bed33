package route

import (
	"encoding/json"
	"math"
	"slices"

	"sluice/shared/lead"
)

// What is kept of a choice: more would make each lead's history cost more to
// write than all the rest of it.
const (
	groundsFirst = 5   // candidates
	groundsNames = 6   // reps for each reason
	groundsSteps = 160 // bytes of the steps, as JSON
	groundsBytes = 400 // of all of it, as JSON but for the names of its fields
)

// grounds tells what the choice rests on, as much as is worth keeping.
func (c *choosing) grounds() *lead.Grounds {
	g := &lead.Grounds{Steps: shortened(c.steps), Of: c.of}
	var first []*member
	candidates := 0
	var passed [len(reasons)]lead.Passed
	for i := range c.members {
		m := &c.members[i]
		if m.reason != eligible {
			p := &passed[m.reason]
			if p.N++; len(p.Reps) < groundsNames {
				p.Reps = append(p.Reps, m.rep.ID)
			}
			continue
		}
		candidates++
		first = c.keep(first, m)
	}
	if c.of != lead.ByNobody {
		for _, m := range first {
			g.First = append(g.First, lead.Candidate{Rep: m.rep.ID, Figure: rounded(m.figure)})
		}
	}
	g.More = candidates - len(g.First)
	for why, p := range passed {
		if p.N > 0 {
			p.Why = reasons[why]
			g.Not = append(g.Not, p)
		}
	}
	fit(g)
	return g
}

// keep puts a candidate into the first few, which stay in order.
func (c *choosing) keep(first []*member, m *member) []*member {
	at := len(first)
	for at > 0 && c.before(m, first[at-1]) {
		at--
	}
	if at >= groundsFirst {
		return first
	}
	first = slices.Insert(first, at, m)
	return first[:min(len(first), groundsFirst)]
}

// rounded is a figure as it is kept.
func rounded(figure float64) float64 { return math.Round(figure*100) / 100 }

// shortened are as many of the steps as are worth keeping: their names are the
// policy's, which may have many.
func shortened(steps []string) (short []string) {
	left := groundsSteps
	for _, s := range steps {
		if left -= quoted(s); left < 0 {
			return append(short, "…")
		}
		short = append(short, s)
	}
	return short
}

// quoted is the size of a text in a list, as JSON.
func quoted(text string) int {
	data, _ := json.Marshal(text) // a text can always be written
	return len(data) + len(",")
}

// fit leaves out names until the grounds are small enough; the counts stay.
func fit(g *lead.Grounds) {
	steps := 0
	for _, s := range g.Steps {
		steps += quoted(s)
	}
	for {
		size := steps
		for _, f := range g.First {
			size += len(f.Rep) + 14
		}
		longest := -1
		for i, p := range g.Not {
			size += len(p.Why) + 10
			for _, r := range p.Reps {
				size += len(r) + 1
			}
			if len(p.Reps) > 0 && (longest < 0 || len(p.Reps) > len(g.Not[longest].Reps)) {
				longest = i
			}
		}
		switch {
		case size <= groundsBytes:
			return
		case longest >= 0 && len(g.Not[longest].Reps) > len(g.First):
			g.Not[longest].Reps = g.Not[longest].Reps[:len(g.Not[longest].Reps)-1]
		case len(g.First) > 1:
			g.First = g.First[:len(g.First)-1]
			g.More++
		case longest >= 0:
			g.Not[longest].Reps = g.Not[longest].Reps[:len(g.Not[longest].Reps)-1]
		default:
			return
		}
	}
}
