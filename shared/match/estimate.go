package match

import "math"

// maximise sets the model by what was found; before anything was, all pairs
// count as two entities.
func (l *learner) maximise(found *sums) {
	if found == nil {
		found = &sums{m: make([][levelCount]float64, l.n), u: make([][levelCount]float64, l.n)}
		for i := range l.pairs {
			for c, level := range l.of(i) {
				found.u[c][level]++
			}
		}
		found.match = math.Exp2(l.model.Prior) * l.total
	}
	// At least a pair is expected in any table, so that the first one can be found.
	matches := max(found.match, 0.5)
	others := max(l.total-matches, 1)
	l.model.Prior = min(log2(matches/others), -0.5)
	for r := range found.related {
		l.model.Relations[r].Prior = log2(max(found.related[r], 0.03*matches, 0.5) / others)
	}
	for c := range l.model.Comparisons {
		comparison := &l.model.Comparisons[c]
		assumed := float64(priorPairs)
		if comparison.Kind != Text { // wording differs from table to table; how people write who they are does not
			assumed = max(assumed, trust*matches)
		}
		var m, u [levelCount]float64
		for level := range levelCount {
			if comparison.Levels[level].Name == "" || level == missing {
				continue
			}
			m[level] = found.m[c][level] + assumed*outcomes[comparison.Kind][level].m
			u[level] = found.u[c][level] + l.plain[c][level] + l.apart[c][level] + 0.4
		}
		bound := mostDiffer[comparison.Kind]
		if comparison.Kind == Company && !l.people {
			bound = .06
		}
		comparison.set(m, u, bound)
	}
}

// mostDiffer bounds for what tells entities apart how often it differs in pairs
// of one entity.
var mostDiffer = map[Kind]float64{Given: .2, Full: .12, Date: .12, Family: .3, Text: .15}

// set turns counts into shares and bits. The bits rise from level to level:
// where counts say otherwise, neighbouring levels are taken together.
func (c *Comparison) set(m, u [levelCount]float64, mostDiffer float64) {
	var allM, allU float64
	for l := range levelCount {
		allM += m[l]
		allU += u[l]
	}
	if bound := mostDiffer; bound > 0 {
		// Else households would pass for people who change their names and birthdays.
		if differ := m[different] + m[weak]; differ > bound*allM {
			less := bound * (allM - differ) / (1 - bound) / differ
			m[different], m[weak] = m[different]*less, m[weak]*less
			allM -= differ * (1 - less)
		}
	}
	type run struct {
		m, u float64
		from int
	}
	var runs []run
	for l := different; l < levelCount; l++ {
		if c.Levels[l].Name == "" {
			continue
		}
		c.Levels[l].M, c.Levels[l].U = m[l]/allM, u[l]/allU
		runs = append(runs, run{c.Levels[l].M, c.Levels[l].U, l})
		for n := len(runs); n > 1 && runs[n-2].m/runs[n-2].u > runs[n-1].m/runs[n-1].u; n-- {
			runs[n-2].m += runs[n-1].m
			runs[n-2].u += runs[n-1].u
			runs = runs[:n-1]
		}
	}
	for i, r := range runs {
		end := levelCount
		if i+1 < len(runs) {
			end = runs[i+1].from
		}
		for l := r.from; l < end; l++ {
			if c.Levels[l].Name != "" {
				c.Levels[l].Bits = min(mostFor, max(mostAgainst, log2(r.m/r.u)))
			}
		}
	}
}
