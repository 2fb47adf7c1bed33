package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"sluice/shared/match"
)

// matchReport is what a run came to.
type matchReport struct {
	Tables      []tableReport      `json:"tables"`
	Rows        int                `json:"rows"`
	Possible    int                `json:"possible_pairs"`
	Compared    int                `json:"compared_pairs"`
	Blocks      []match.Block      `json:"blocks"`
	Alone       int                `json:"rows_alone"`
	Clusters    int                `json:"clusters"` // of two rows or more
	Sizes       []sizeReport       `json:"sizes"`
	Merge       thresholdReport    `json:"merge"`
	Link        thresholdReport    `json:"link"`
	Review      thresholdReport    `json:"review"`
	Prior       float64            `json:"prior_bits"`
	Comparisons []comparisonReport `json:"comparisons"`
	Truth       *truthReport       `json:"truth,omitempty"`
}

type tableReport struct {
	File    string            `json:"file"`
	Rows    int               `json:"rows"`
	Columns map[string]string `json:"columns"` // name to kind
}

type sizeReport struct {
	Rows     int `json:"rows"`
	Clusters int `json:"clusters"`
}

// thresholdReport counts the pairs from a probability on that a decision took.
type thresholdReport struct {
	From  float64 `json:"from"`
	Pairs int     `json:"pairs"`
}

type comparisonReport struct {
	Column string        `json:"column"`
	Kind   match.Kind    `json:"kind"`
	Levels []match.Level `json:"levels"` // that were seen, the same first
}

type truthReport struct {
	From     string        `json:"from"`
	Clusters qualityReport `json:"clusters"`
	Merges   qualityReport `json:"merges"`
}

type qualityReport struct {
	Right     int     `json:"right"`
	Wrong     int     `json:"wrong"`
	Missed    int     `json:"missed"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

func newQuality(q match.Quality) qualityReport {
	return qualityReport{q.TP, q.FP, q.FN, q.Precision(), q.Recall(), q.F1()}
}

// report sums a run up.
func (m *matching) report() matchReport {
	res := m.result
	r := matchReport{Rows: res.Rows, Compared: res.Compared, Blocks: res.Blocks, Prior: res.Model.Prior,
		Merge: thresholdReport{From: m.Merge}, Link: thresholdReport{From: m.Link}, Review: thresholdReport{From: m.Review}}
	for i, name := range m.sources() {
		t := tableReport{File: name, Rows: len(m.sheets[i].rows), Columns: map[string]string{}}
		for _, c := range m.mapped[i] {
			t.Columns[c.column] = string(c.kind)
		}
		r.Tables = append(r.Tables, t)
	}
	r.Possible = r.Rows * (r.Rows - 1) / 2
	if len(r.Tables) == 2 {
		r.Possible = r.Tables[0].Rows * r.Tables[1].Rows
	}
	bySize := map[int]int{}
	for _, n := range m.sizes() {
		bySize[n]++
	}
	r.Alone = bySize[1]
	for _, n := range slices.Sorted(maps.Keys(bySize)) {
		r.Sizes = append(r.Sizes, sizeReport{n, bySize[n]})
		if n > 1 {
			r.Clusters += bySize[n]
		}
	}
	for _, p := range res.Pairs {
		switch {
		case p.Merge:
			r.Merge.Pairs++
		case p.Linked:
			r.Link.Pairs++
		default:
			r.Review.Pairs++
		}
	}
	for _, c := range res.Model.Comparisons {
		levels := slices.DeleteFunc(slices.Clone(c.Levels), func(l match.Level) bool { return l.Name == "" || l.M == 0 && l.U == 0 })
		slices.Reverse(levels)
		r.Comparisons = append(r.Comparisons, comparisonReport{res.Model.Fields[c.Field].Name, c.Kind, levels})
	}
	if m.known != nil {
		r.Truth = &truthReport{From: m.known.from, Clusters: newQuality(m.known.judge(res.Clusters)),
			Merges: newQuality(m.known.judge(mergedGroups(res.Rows, res.Pairs)))}
	}
	return r
}

// print writes the report for people.
func (r matchReport) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, t := range r.Tables {
		fmt.Fprintf(w, "%s: %s rows\n", t.File, thousands(t.Rows))
	}
	fmt.Fprintf(w, "%s of %s possible pairs compared\n", thousands(r.Compared), thousands(r.Possible))

	fmt.Fprintf(w, "\nBlocking rules\tpairs that no rule before had brought\n")
	for _, b := range r.Blocks {
		fmt.Fprintf(w, "  %s\t%s\n", b.Rule, thousands(b.Pairs))
	}
	fmt.Fprintf(w, "\nPairs\n")
	fmt.Fprintf(w, "  merged without a person, from probability %v\t%s\n", r.Merge.From, thousands(r.Merge.Pairs))
	fmt.Fprintf(w, "  else in one cluster, from %v\t%s\n", r.Link.From, thousands(r.Link.Pairs))
	fmt.Fprintf(w, "  else for a person to see, from %v\t%s\n", r.Review.From, thousands(r.Review.Pairs))

	fmt.Fprintf(w, "\nClusters\t%s, and %s rows are alone\n", thousands(r.Clusters), thousands(r.Alone))
	for i, s := range r.Sizes {
		if i == sizesTold {
			fmt.Fprintf(w, "  and larger ones, up to %s rows\n", thousands(r.Sizes[len(r.Sizes)-1].Rows))
			break
		}
		if s.Rows > 1 {
			fmt.Fprintf(w, "  of %s rows\t%s\n", thousands(s.Rows), thousands(s.Clusters))
		}
	}
	r.printWeights(w)
	if t := r.Truth; t != nil {
		fmt.Fprintf(w, "\nAgainst %s\tright\twrong\tmissed\tprecision\trecall\tF1\n", t.From)
		for _, line := range []struct {
			name string
			qualityReport
		}{{"clusters", t.Clusters}, {"merges without a person", t.Merges}} {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%.4f\t%.4f\t%.4f\n", line.name, thousands(line.Right), thousands(line.Wrong), thousands(line.Missed),
				line.Precision, line.Recall, line.F1)
		}
	}
	return w.Flush()
}

// sizesTold is how many sizes of clusters the report tells.
const sizesTold = 12

// printWeights writes what was learned of each comparison.
func (r matchReport) printWeights(w io.Writer) {
	fmt.Fprintf(w, "\nWhat was learned\tlevel\tsame\tnot the same\tbits\n")
	for _, c := range r.Comparisons {
		name := fmt.Sprintf("%s (%s)", c.Column, c.Kind)
		for _, l := range c.Levels {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", name, l.Name, percentText(l.M), percentText(l.U), bitsText(l.Bits))
			name = ""
		}
	}
	fmt.Fprintf(w, "  before anything is compared\t\t\t\t%s\n", bitsText(r.Prior))
}

func percentText(share float64) string {
	if share > 0 && share < 0.0001 {
		return "<0.01 %"
	}
	return fmt.Sprintf("%.2f %%", 100*share)
}

// bitsText writes evidence, without a negative zero.
func bitsText(bits float64) string {
	return fmt.Sprintf("%+.1f", cmp.Or(math.Round(bits*10)/10, 0))
}

// thousands writes a count with commas.
func thousands(n int) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
