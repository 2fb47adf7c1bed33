package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sluice/shared/gauge"
	"sluice/shared/learn"
	"sluice/shared/predict"
)

// handmade is a report that hangs on nothing that is learned.
func handmade() *training {
	t := &training{trainOptions: trainOptions{in: "closed.csv", target: "won", positive: "yes", split: "last20", roll: 2, window: 300, drop: []string{"city"}, keep: []string{"tags"}},
		closed: &closedTable{positive: make([]bool, 1234), won: 321, open: 5, others: []learn.Dropped{{Feature: "no", Why: "900"}, {Feature: "open", Why: "13"}}},
		parts:  parts{train: make([]int, 987), test: []int{0, 1, 2, 3}}, fits: 2}
	t.closed.positive[0], t.closed.positive[2] = true, true
	t.chances, t.never = []float64{0.9, 0.2, 0.6, 0.1}, []float64{0.5, 0.5, 0.4, 0.5}
	t.result = learn.Result{
		Importance: []learn.Importance{{Feature: "visits", Points: 0.8123}, {Feature: "source", Points: 0.2}},
		Suspects:   []learn.Suspect{{Feature: "duration", Why: "it is known too late", AUC: 0.9}, {Feature: "tags", Why: "somebody writes it", AUC: 0.8}},
		Dropped:    []learn.Dropped{{Feature: "id", Why: "it names the row"}},
	}
	for i := range 16 {
		t.result.Importance = append(t.result.Importance, learn.Importance{Feature: fmt.Sprint("other ", i), Points: 0.01})
	}
	return t
}

func TestTrainReport(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := handmade().report().print(&text); err != nil {
		t.Fatal(err)
	}
	isGolden(t, "train_report.golden", text.String())
}

// isGolden compares with a file of testdata; -update writes it.
func isGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s has changed (%v); -update writes\n%s", file, err, got)
	}
}

// Names of a table are strange to the page, and it takes them for text.
func TestTrainPageEscapes(t *testing.T) {
	t.Parallel()
	evil := `<script>alert(1)</script><img src=x onerror=y>"&`
	h := handmade()
	h.in, h.target, h.positive = "<i>x.csv", "<b>won", "<u>yes"
	h.result.Importance[0].Feature, h.result.Suspects[0].Why, h.result.Dropped[0].Feature = evil, evil, evil
	p := &trainPage{trainReport: h.report(), Lift: gauge.Lift(h.chances, h.outcomes(), 10), Shapes: []predict.Shape{
		{Feature: evil, Bins: []predict.Bin{{Label: evil, Points: 0.5, Share: 0.5}, {Label: "missing", Points: -0.5, Share: 0.5}}},
		{Feature: "source", Bins: []predict.Bin{{Label: "missing", Points: 0.1, Share: 0.1}, {Label: evil, Points: 0.2, Share: 0.1}, {Label: "below 3", To: 3, Range: true, Points: -0.3, Share: 0.4},
			{Label: "from 3", From: 3, Range: true, Points: 0.3, Share: 0.4}}},
	}}
	var page bytes.Buffer
	if err := p.print(&page); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "<b>won", "<i>", "<u>", "ZgotmplZ", "NaN", "Inf"} {
		if strings.Contains(page.String(), bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	if n := strings.Count(page.String(), "<svg"); n != 4 {
		t.Errorf("%d drawings", n)
	}
	contains(t, page.String(), "&lt;script&gt;", "0.10 (10.00 % of the rows)", "learned once", "kept", "left out", "</html>")
}

// Charts are drawn of whatever a model may hold.
func TestDrawings(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]predict.Shape{
		"one level":   {Bins: []predict.Bin{{Label: "a", Share: 1}}},
		"one range":   {Bins: []predict.Bin{{Range: true, Share: 1}}},
		"same edges":  {Bins: []predict.Bin{{Range: true, To: 5}, {Range: true, From: 5}}},
		"around zero": {Bins: []predict.Bin{{Range: true, To: 0}, {Range: true, From: 0}}},
		"huge":        {Bins: []predict.Bin{{Range: true, To: -1e300}, {Range: true, From: -1e300, To: 1e300, Points: 30}, {Range: true, From: 1e300, Points: -30}}},
		"many levels": {Bins: slices.Repeat([]predict.Bin{{Label: strings.Repeat("长", 300), Points: -1, Share: 0.01}}, 100)},
	} {
		chart, notes, err := drawShape(s)
		if err != nil || !strings.HasPrefix(string(chart), "<svg") || !strings.HasSuffix(strings.TrimSpace(string(chart)), "</svg>") || strings.Contains(string(chart), "NaN") {
			t.Errorf("%s: %v %v %s", name, err, notes, chart)
		}
	}
	if chart, notes, err := drawShape(predict.Shape{}); err != nil || chart != "" || len(notes) != 1 {
		t.Errorf("of nothing: %v %v %s", err, notes, chart)
	}
	if _, err := drawCalibration(nil); err != nil {
		t.Error(err)
	}
	if _, err := drawLift(gauge.Lift(nil, nil, 5)); err != nil {
		t.Error(err)
	}
}
