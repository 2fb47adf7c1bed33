package match

import (
	"cmp"
	"context"
	"slices"
)

// run does all: it reads the tables, finds candidates, learns, and clusters.
func run(ctx context.Context, fields []Field, tables [][][]string, o Options) (Result, error) {
	o = o.filled()
	t, err := newTable(fields, tables)
	if err != nil {
		return Result{}, err
	}
	result := Result{Rows: len(t.rows)}
	if len(t.rows) == 0 {
		return result, nil
	}
	wordCounts := t.wordCounts()
	stage := func(name string) func(done, total int) {
		return func(done, total int) { o.Progress(name, done, total) }
	}
	pairs, blocks, err := t.candidates(ctx, stage("block"))
	if err != nil {
		return Result{}, err
	}
	result.Blocks, result.Compared = blocks, len(pairs)
	l := newLearner(t, pairs, wordCounts)
	if err := l.learn(ctx, stage("learn")); err != nil {
		return Result{}, err
	}
	linked := l.clusters(o.Link)
	result.Pairs = l.report(o, linked)
	result.Clusters = t.number(linked.sets)
	result.Model = t.restore(l.model)
	return result, nil
}

func (o Options) filled() Options {
	o.Merge = cmp.Or(o.Merge, DefaultMerge)
	o.Link = cmp.Or(o.Link, DefaultLink)
	o.Review = cmp.Or(o.Review, DefaultReview)
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return o
}

// report returns the pairs worth telling, with their evidence.
func (l *learner) report(o Options, linked *clusterer) []Pair {
	merged := newClusterer(l.t, linked.s)
	alone := func(x, y []int32) bool { return !merged.anyDoubt(x, y) }
	var pairs []Pair
	bits := make([]float64, l.n+1)
	together := func(p pair) bool { return linked.sets.root(int(p.a)) == linked.sets.root(int(p.b)) }
	for _, f := range l.surest(func(i int) bool { return float64(l.match[i]) >= o.Review || together(l.pairs[i]) }) {
		levels := l.of(f.index)
		weight := linked.s.weigh(l.t.rows[f.a], l.t.rows[f.b], levels, bits)
		p := Pair{Probability: probability(l.model.Prior + weight), Weight: weight, Linked: together(f.pair), Levels: make([]uint8, l.n), Bits: make([]float32, l.n+1)}
		p.A, p.B = l.t.origin[f.a], l.t.origin[f.b]
		if p.A > p.B {
			p.A, p.B = p.B, p.A
		}
		for c, at := range l.t.columns {
			p.Levels[at], p.Bits[at] = levels[c], float32(bits[c])
		}
		p.Bits[l.n] = float32(bits[l.n])
		if p.Linked && p.Probability >= o.Merge && !doubtful(l.t.fields, levels) {
			p.Merge = merged.join(f.a, f.b, alone)
		}
		pairs = append(pairs, p)
	}
	slices.SortStableFunc(pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return pairs
}

// anyDoubt reports whether any two rows of two clusters must not be merged
// without a person.
func (c *clusterer) anyDoubt(x, y []int32) bool {
	for _, a := range x {
		for _, b := range y {
			c.t.compareWell(c.t.rows[a], c.t.rows[b], c.levels)
			if doubtful(c.t.fields, c.levels) {
				return true
			}
		}
	}
	return false
}

// number numbers the clusters by their first row, in the order in which the
// rows came.
func (t *table) number(s *sets) []int {
	clusters := make([]int, len(t.rows))
	root := make([]int, len(t.rows))
	for i, o := range t.origin {
		root[o] = s.root(i)
	}
	numbers := map[int]int{}
	for i, r := range root {
		if _, ok := numbers[r]; !ok {
			numbers[r] = len(numbers)
		}
		clusters[i] = numbers[r]
	}
	return clusters
}

// restore brings a model's comparisons into the order of the columns as they came.
func (t *table) restore(m *Model) Model {
	out := Model{Fields: make([]Field, len(t.fields)), Prior: m.Prior, Comparisons: make([]Comparison, len(t.fields))}
	for i, c := range t.columns {
		out.Fields[c] = t.fields[i]
		out.Comparisons[c] = m.Comparisons[i]
		out.Comparisons[c].Field, out.Comparisons[c].Order = c, i
	}
	for _, tie := range m.Ties {
		tie.First, tie.Second = t.columns[tie.First], t.columns[tie.Second]
		out.Ties = append(out.Ties, tie)
	}
	for _, r := range m.Relations {
		share := make([]float64, len(r.Share))
		for i, c := range t.columns {
			share[c] = r.Share[i]
		}
		r.Share = share
		out.Relations = append(out.Relations, r)
	}
	return out
}
