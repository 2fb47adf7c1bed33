package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"

	"sluice/shared/match"
)

// The page of a report needs nothing but itself: no script, no font, no host.
//
//go:embed match_report.html
var matchPageText string

// matchPage is what the page shows beside the report.
type matchPage struct {
	matchReport
	Bars             []bar
	Tallest          int
	Surest, Doubtful []example
}

// bar is one bar of the histogram: the pairs whose weight is in two bits.
type bar struct {
	From                   int // bits
	Merged, Linked, Review int
	X                      int // of the drawing
}

// All is the height of the bar in pairs.
func (b bar) All() int { return b.Merged + b.Linked + b.Review }

// Labelled tells that its bits are written under it: there is room at each fifth.
func (b bar) Labelled() bool { return b.X/barWidth%5 == 0 }

// example is one pair with what speaks for and against it.
type example struct {
	Probability, Decision string
	Weight                float64
	Columns               []exampleColumn
	Parts                 []match.Part
}

type exampleColumn struct{ Name, A, B string }

const (
	examplesTold = 12 // of each sort
	barBits      = 2
	barsAtMost   = 60
	barWidth     = 14 // of the drawing
	chartHeight  = 160
)

func (m *matching) page() *matchPage {
	p := &matchPage{matchReport: m.report()}
	p.Bars = histogram(m.result.Pairs)
	for _, b := range p.Bars {
		p.Tallest = max(p.Tallest, b.All())
	}
	pairs := m.result.Pairs
	for _, pair := range pairs[:min(len(pairs), examplesTold)] {
		p.Surest = append(p.Surest, m.example(pair))
	}
	for _, pair := range doubtful(pairs, m.Link) {
		p.Doubtful = append(p.Doubtful, m.example(pair))
	}
	return p
}

// doubtful are the pairs nearest to the threshold of clusters.
func doubtful(pairs []match.Pair, link float64) []match.Pair {
	open := slices.DeleteFunc(slices.Clone(pairs), func(p match.Pair) bool { return p.Merge })
	slices.SortStableFunc(open, func(a, b match.Pair) int {
		return cmp.Compare(math.Abs(a.Probability-link), math.Abs(b.Probability-link))
	})
	return open[:min(len(open), examplesTold)]
}

func (m *matching) example(p match.Pair) example {
	a, b := m.side(p.A), m.side(p.B)
	e := example{Probability: probabilityText(p.Probability), Weight: p.Weight, Decision: decision(p), Parts: m.result.Model.Explain(p),
		Columns: []exampleColumn{{"line", fmt.Sprint(a.line), fmt.Sprint(b.line)}}}
	for i, c := range m.mapped[0] {
		e.Columns = append(e.Columns, exampleColumn{c.column, a.values[i], b.values[i]})
	}
	return e
}

func decision(p match.Pair) string {
	switch {
	case p.Merge:
		return "merged"
	case p.Linked:
		return "in one cluster"
	}
	return "for a person to see"
}

// histogram counts pairs by weight, without gaps; what is beyond the last bar is
// in it.
func histogram(pairs []match.Pair) []bar {
	if len(pairs) == 0 {
		return nil
	}
	least := math.Inf(1)
	most := math.Inf(-1)
	for _, p := range pairs {
		least, most = min(least, p.Weight), max(most, p.Weight)
	}
	first := int(math.Floor(least / barBits))
	bars := make([]bar, min(int(math.Floor(most/barBits))-first+1, barsAtMost))
	for i := range bars {
		bars[i].From, bars[i].X = (first+i)*barBits, i*barWidth
	}
	for _, p := range pairs {
		b := &bars[min(int(math.Floor(p.Weight/barBits))-first, len(bars)-1)]
		switch {
		case p.Merge:
			b.Merged++
		case p.Linked:
			b.Linked++
		default:
			b.Review++
		}
	}
	return bars
}

// print writes the page.
func (p *matchPage) print(out io.Writer) error {
	page, err := template.New("report").Funcs(template.FuncMap{
		"thousands": thousands,
		"percent":   percentText,
		"bits":      bitsText,
		"part":      partText,
		"plus":      func(a, b int) int { return a + b },
		"minus":     func(a, b int) int { return a - b },
		"height": func(pairs, tallest int) int {
			return int(math.Ceil(float64(pairs*chartHeight) / float64(max(tallest, 1))))
		},
		"quality": func(share float64) string { return fmt.Sprintf("%.4f", share) },
	}).Parse(matchPageText)
	if err != nil {
		return err
	}
	return page.Execute(out, p)
}
