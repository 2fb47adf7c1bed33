package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"sluice/shared/gauge"
	"sluice/shared/learn"
)

// trainReport is what a run came to.
type trainReport struct {
	Table    string          `json:"table"`
	Target   string          `json:"target"`
	Positive string          `json:"positive"`
	Rows     int             `json:"rows"` // closed ones
	Won      int             `json:"won"`
	Open     int             `json:"open"` // rows without an outcome
	Others   []leftReport    `json:"others,omitempty"`
	Floor    floorReport     `json:"floor"`
	Split    string          `json:"split"`
	Learned  int             `json:"learned"` // rows
	Measures gauge.Summary   `json:"measures"`
	Roll     *rollReport     `json:"roll,omitempty"`
	Features []featureReport `json:"features"` // the most important first
	Suspects []suspectReport `json:"suspects"`
	Dropped  []leftReport    `json:"dropped"`
}

// floorReport tells whether there is enough to learn from.
type floorReport struct {
	Rows int  `json:"rows"` // that are needed
	Won  int  `json:"won"`
	Met  bool `json:"met"`
}

// rollReport compares learning again and again with learning once.
type rollReport struct {
	Every   int              `json:"every"`  // rows
	Window  int              `json:"window"` // rows
	Fits    int              `json:"fits"`
	Never   gauge.Summary    `json:"never"` // of the same rows, by the first model
	Against gauge.Comparison `json:"against"`
}

type featureReport struct {
	Feature string  `json:"feature"`
	Points  float64 `json:"points"` // mean of the absolute points, log-odds
}

type suspectReport struct {
	Feature string  `json:"feature"`
	Why     string  `json:"why"`
	AUC     float64 `json:"auc"` // alone
	Kept    bool    `json:"kept"`
}

type leftReport struct {
	Feature string `json:"feature"`
	Why     string `json:"why"`
}

// report sums a run up.
func (t *training) report() trainReport {
	outcomes := t.outcomes()
	r := trainReport{
		Table: filepath.Base(t.in), Target: t.target, Positive: t.positive, Rows: len(t.closed.positive), Won: t.closed.won, Open: t.closed.open,
		Split: t.split, Learned: len(t.parts.train), Measures: gauge.Measure(t.chances, outcomes),
		Floor: floorReport{Rows: floorClosed, Won: floorWon, Met: len(t.closed.positive) >= floorClosed && t.closed.won >= floorWon},
	}
	if t.roll > 0 {
		r.Roll = &rollReport{Every: t.roll, Window: t.window, Fits: t.fits, Never: gauge.Measure(t.never, outcomes),
			Against: gauge.Beats(t.chances, t.never, outcomes)}
	}
	for _, f := range t.result.Importance {
		r.Features = append(r.Features, featureReport{f.Feature, f.Points})
	}
	for _, s := range t.result.Suspects {
		r.Suspects = append(r.Suspects, suspectReport{s.Feature, s.Why, s.AUC, !t.leftOut(s.Feature)})
	}
	for _, name := range t.drop {
		r.Dropped = append(r.Dropped, leftReport{name, "-drop names it"})
	}
	r.Dropped = append(append(r.Dropped, lefts(t.closed.unnamed)...), lefts(t.result.Dropped)...)
	r.Others = lefts(t.closed.others)
	return r
}

func lefts(all []learn.Dropped) (out []leftReport) {
	for _, d := range all {
		out = append(out, leftReport{d.Feature, d.Why})
	}
	return out
}

// MeasuredOn tells in words what the figures are of.
func (r trainReport) MeasuredOn() string {
	rows := thousands(r.Measures.Rows)
	switch {
	case r.Roll != nil:
		return fmt.Sprintf("%s newer rows (%s), learned again before every %s from the %s before", rows, r.Split, thousands(r.Roll.Every), thousands(r.Roll.Window))
	case r.Split == "none":
		return rows + " rows, each by models that did not see it"
	}
	return fmt.Sprintf("%s rows (%s), learned from %s others", rows, r.Split, thousands(r.Learned))
}

// Below is what is told where there are too few rows; else it is empty.
func (f floorReport) Below() string {
	if f.Met {
		return ""
	}
	return fmt.Sprintf("Below the floor of %s rows with %s successes: in operation the rules alone would score.", thousands(f.Rows), thousands(f.Won))
}

// measure is one figure of a report, with what it is.
type measure struct{ Name, Value, Never, Means string }

// Figures are the measures, with those of never learning again where there are any.
func (r trainReport) Figures() []measure {
	all := []measure{
		{Name: "AUC", Value: fmt.Sprintf("%.4f", r.Measures.AUC), Means: "1 ranks every success before every other row; 0.5 is chance"},
		{Name: "log-loss", Value: fmt.Sprintf("%.4f", r.Measures.LogLoss), Means: fmt.Sprintf("%.4f is telling everybody the same", r.Measures.BaseLogLoss)},
		{Name: "ECE", Value: fmt.Sprintf("%.4f", r.Measures.ECE), Means: "how far probabilities are from what comes true"},
		{Name: "Brier", Value: fmt.Sprintf("%.4f", r.Measures.Brier), Means: "mean squared error of probabilities"},
		{Name: "best half", Value: percentText(r.Measures.BestHalf), Means: "of the successes are in the better half of the rows"},
		{Name: "best fifth", Value: percentText(r.Measures.BestFifth), Means: "of the successes are in the best fifth"},
	}
	if r.Roll != nil {
		n := r.Roll.Never
		for i, text := range []string{fmt.Sprintf("%.4f", n.AUC), fmt.Sprintf("%.4f", n.LogLoss), fmt.Sprintf("%.4f", n.ECE), fmt.Sprintf("%.4f", n.Brier),
			percentText(n.BestHalf), percentText(n.BestFifth)} {
			all[i].Never = text
		}
	}
	return all
}

// featuresTold is how many features the printed report lists.
const featuresTold = 15

// print writes the report for people.
func (r trainReport) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s: %s closed rows, %s of them (%s) with %s = %s\n", r.Table, thousands(r.Rows), thousands(r.Won), percentText(float64(r.Won)/float64(r.Rows)), r.Target, r.Positive)
	if r.Open > 0 {
		fmt.Fprintf(w, "%s rows without an outcome are left out\n", thousands(r.Open))
	}
	if len(r.Others) > 0 {
		var names []string
		for _, o := range r.Others {
			names = append(names, fmt.Sprintf("%s (%s)", o.Feature, o.Why))
		}
		fmt.Fprintf(w, "Taken for no success: %s\n", strings.Join(names, ", "))
	}
	if below := r.Floor.Below(); below != "" {
		fmt.Fprintln(w, below)
	}
	fmt.Fprintf(w, "Measured on %s\n\n", r.MeasuredOn())
	for _, f := range r.Figures() {
		if r.Roll != nil {
			fmt.Fprintf(w, "  %s\t%s\tlearned once %s\t%s\n", f.Name, f.Value, f.Never, f.Means)
		} else {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", f.Name, f.Value, f.Means)
		}
	}
	if r.Roll != nil {
		fmt.Fprintf(w, "\nLearned again %s times. %s\n", thousands(r.Roll.Fits), r.Roll.Against.Sentence)
	}
	fmt.Fprintf(w, "\nReliability\trows\tsaid\tcame true\n")
	for _, b := range r.Measures.Reliability {
		fmt.Fprintf(w, "  %s to %s\t%s\t%s\t%s\n", percentText(b.From), percentText(b.To), thousands(b.Rows), percentText(b.Said), percentText(b.Seen))
	}
	fmt.Fprintf(w, "\nFeatures\tlog-odds they move, in the mean\n")
	for i, f := range r.Features {
		if i == featuresTold {
			fmt.Fprintf(w, "  and %d others\n", len(r.Features)-featuresTold)
			break
		}
		fmt.Fprintf(w, "  %s\t%.3f\n", f.Feature, f.Points)
	}
	r.printLeft(w)
	return w.Flush()
}

// printLeft writes what is no feature, and why.
func (r trainReport) printLeft(w io.Writer) {
	for _, kept := range []bool{false, true} {
		title := "Suspicious, and left out (-keep NAME keeps one)"
		if kept {
			title = "Suspicious, and kept"
		}
		for _, s := range r.Suspects {
			if s.Kept != kept {
				continue
			}
			if title != "" {
				fmt.Fprintf(w, "\n%s\n", title)
				title = ""
			}
			fmt.Fprintf(w, "  %s: %s\n", s.Feature, s.Why)
		}
	}
	if len(r.Dropped) > 0 {
		fmt.Fprintf(w, "\nNo features\n")
	}
	for _, d := range r.Dropped {
		fmt.Fprintf(w, "  %s: %s\n", d.Feature, d.Why)
	}
}
