package match

import (
	"context"
	"math"
)

// How a model is learned.
const (
	priorPairs  = 15      // how many pairs the shares assumed beforehand count for
	trust       = 0.5     // and for how many of those found: else pairs that share a place and a given name pass for one person in tables of many
	samplePairs = 250_000 // pairs outside the candidates that are looked at for u
	firstRounds = 20      // of expectation and maximisation before values are counted
	laterRounds = 8       // and after each count
	counts      = 3       // of values
	settled     = 4       // rounds after which pairs that are plainly two are left out
	sure        = 0.95    // probability from which two rows count as one entity when values are counted
)

// learner holds what EM works on.
type learner struct {
	t      *table
	model  *Model
	people bool // whether the table names people
	pairs  []pair
	n      int
	levels []uint8               // of each pair, n each
	apart  [][levelCount]float64 // levels of pairs that are no candidates, all of two entities
	total  float64               // pairs in all
	match  []float32             // probability of each pair
	chance []float32             // and that they are strangers
	active []int32               // pairs that are not plainly two
	plain  [][levelCount]float64 // levels of those that are
}

func newLearner(t *table, pairs []pair, wordCounts []*Frequencies) *learner {
	l := &learner{t: t, people: people(t.fields), pairs: pairs, n: len(t.fields), total: max(t.pairs(), 1)}
	l.levels = make([]uint8, len(pairs)*l.n)
	l.match = make([]float32, len(pairs))
	l.chance = make([]float32, len(pairs))
	inChunks(len(pairs), func(_, from, to int) {
		for i := from; i < to; i++ {
			t.compare(t.rows[pairs[i].a], t.rows[pairs[i].b], l.of(i))
		}
	})
	l.activate(func(int) bool { return true })
	l.sampleApart()
	rows := float64(max(min(t.sizes[0], t.sizes[1]), 1))
	if !t.linking() {
		rows = float64(len(t.rows)) / 2
	}
	start := log2(0.2 * rows / l.total)
	m := &Model{Prior: start, Relations: relationsOf(t.fields, start-2)}
	for c, f := range t.fields {
		comparison := Comparison{Field: c, Kind: f.Kind, Levels: make([]Level, levelCount)}
		for k, o := range outcomes[f.Kind] {
			comparison.Levels[k].Name, comparison.Levels[k].M = o.name, o.m
		}
		comparison.Levels[missing].Name = "missing"
		if len(wordCounts[c].Counts) > 0 {
			comparison.Words = wordCounts[c]
		}
		m.Comparisons = append(m.Comparisons, comparison)
	}
	l.model = m
	return l
}

// of returns the levels of a pair.
func (l *learner) of(i int) []uint8 { return l.levels[i*l.n : (i+1)*l.n] }

// sampleApart counts the levels of random pairs that are no candidates, and
// scales them to all of these.
func (l *learner) sampleApart() {
	l.apart = make([][levelCount]float64, l.n)
	outside := l.t.pairs() - float64(len(l.pairs))
	if outside < 1 {
		return
	}
	candidates := newPairSet(len(l.pairs))
	for _, p := range l.pairs {
		candidates.add(p)
	}
	chunks := (samplePairs + chunk - 1) / chunk
	sums := make([][][levelCount]float64, chunks)
	taken := make([]float64, chunks)
	inChunks(samplePairs, func(k, from, to int) {
		sums[k] = make([][levelCount]float64, l.n)
		levels := make([]uint8, l.n)
		rows := uint64(len(l.t.rows))
		for i := from; i < to; i++ {
			draw := mix(uint64(i) + 0x9e3779b97f4a7c15)
			a, b := int32((draw>>32)%rows), int32((draw&0xffffffff)%rows)
			if l.t.linking() {
				a, b = int32((draw>>32)%uint64(l.t.sizes[0])), int32(l.t.sizes[0])+int32((draw&0xffffffff)%uint64(l.t.sizes[1]))
			}
			if a == b || candidates.has(pair{min(a, b), max(a, b)}) {
				continue
			}
			l.t.compare(l.t.rows[a], l.t.rows[b], levels)
			taken[k]++
			for c, level := range levels {
				sums[k][c][level]++
			}
		}
	})
	var all float64
	for k := range sums {
		all += taken[k]
		for c := range sums[k] {
			for level, n := range sums[k][c] {
				l.apart[c][level] += n
			}
		}
	}
	for c := range l.apart {
		for level := range l.apart[c] {
			l.apart[c][level] *= outside / max(all, 1)
		}
	}
}

// learn runs EM: first on levels alone, then with what the commonness of values
// and the ties of columns take away, counted anew as it becomes clear which rows
// are one.
func (l *learner) learn(ctx context.Context, progress func(done, total int)) error {
	l.countRows()
	l.maximise(nil)
	l.expect()
	l.lookUp()
	const rounds = firstRounds + counts*laterRounds
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		if round == settled {
			l.activate(l.open)
		}
		if round >= firstRounds && (round-firstRounds)%laterRounds == 0 {
			l.count()
		}
		l.maximise(l.expect())
		progress(round+1, rounds)
	}
	l.activate(func(int) bool { return true })
	l.expect()
	return nil
}

// open reports whether a pair could still turn out to be one entity.
func (l *learner) open(i int) bool { return l.match[i] > 1e-5 || l.chance[i] < 0.999 }

// activate keeps the pairs that EM goes on with; the others count as two for good.
func (l *learner) activate(open func(i int) bool) {
	l.active = l.active[:0]
	l.plain = make([][levelCount]float64, l.n)
	for i := range l.pairs {
		if open(i) {
			l.active = append(l.active, int32(i))
			continue
		}
		for c, level := range l.of(i) {
			l.plain[c][level]++
		}
	}
}

// lookUp finds short forms of names in the pairs for which they could matter.
func (l *learner) lookUp() {
	inChunks(len(l.pairs), func(_, from, to int) {
		for i := from; i < to; i++ {
			if l.match[i] > 0.001 {
				lookUp(l.t.fields, l.t.rows[l.pairs[i].a], l.t.rows[l.pairs[i].b], l.of(i))
			}
		}
	})
}

// sums are what one E-step found.
type sums struct {
	match, chance float64
	related       []float64
	m, u          [][levelCount]float64
}

// expect sets the probabilities of all pairs and sums them up.
func (l *learner) expect() *sums {
	s := newScorer(l.model).tabulate()
	list := make([]sums, (len(l.active)+chunk-1)/chunk)
	inChunks(len(l.active), func(k, from, to int) {
		sum := &list[k]
		sum.m, sum.u = make([][levelCount]float64, l.n), make([][levelCount]float64, l.n)
		sum.related = make([]float64, len(s.relations))
		bits := make([]float64, l.n+1)
		for _, active := range l.active[from:to] {
			i := int(active)
			levels := l.of(i)
			a, b := l.t.rows[l.pairs[i].a], l.t.rows[l.pairs[i].b]
			odds := l.model.Prior + s.weigh(a, b, levels, bits)
			p := probability(odds)
			q := (1 - p) * math.Exp2(bits[l.n]) // the strangers among those that are two
			l.match[i], l.chance[i] = float32(p), float32(q)
			sum.match += p
			sum.chance += q
			for c, level := range levels {
				sum.m[c][level] += p
				sum.u[c][level] += q
			}
			if len(s.relations) > 0 && q < 0.999*(1-p) {
				l.share(s, levels, a, b, bits, 1-p-q, sum.related)
			}
		}
	})
	total := sums{m: make([][levelCount]float64, l.n), u: make([][levelCount]float64, l.n), related: make([]float64, len(s.relations))}
	for k := range list {
		total.match += list[k].match
		total.chance += list[k].chance
		for r := range total.related {
			total.related[r] += list[k].related[r]
		}
		for c := range l.n {
			for level := range levelCount {
				total.m[c][level] += list[k].m[c][level]
				total.u[c][level] += list[k].u[c][level]
			}
		}
	}
	return &total
}

// share divides the probability of being related among the relations.
func (l *learner) share(s *scorer, levels []uint8, a, b []*value, bits []float64, p float64, related []float64) {
	for c := range l.n {
		bits[c] = s.alone(c, levels[c], a[c], b[c])
	}
	var odds [4]float64
	var all float64
	for r := range s.relations {
		odds[r] = math.Exp2(s.relations[r].odds(s, levels, bits))
		all += odds[r]
	}
	for r := range s.relations {
		related[r] += p * odds[r] / all
	}
}
