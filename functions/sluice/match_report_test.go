package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sluice/shared/match"
)

// matched is a run with a result made by hand: what is printed does not hang on
// what is learned.
func matched(t *testing.T, text string) *matching {
	t.Helper()
	s := sheetOf(t, "people.csv", text)
	mapping, err := parseMapping("given=name,dob=born")
	if err == nil {
		mapping, err = locate(s, mapping)
	}
	known, err2 := columnTruth("who", []*sheet{s})
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	m := &matching{sheets: []*sheet{s}, mapped: [][]mapped{mapping}, known: &known}
	m.in, m.Merge, m.Link, m.Review = "people.csv", 0.999, 0.5, 0.1
	m.result = match.Result{Rows: 6, Compared: 1234, Clusters: []int{0, 0, 0, 3, 4, 4}, Blocks: []match.Block{{Rule: "born", Pairs: 1200}, {Rule: "name", Pairs: 34}},
		Pairs: []match.Pair{
			{A: 0, B: 1, Probability: 0.99999, Weight: 17.2, Merge: true, Linked: true, Levels: []uint8{2, 2}, Bits: []float32{3, 14.2, 0}},
			{A: 1, B: 2, Probability: 0.91, Weight: 3.3, Linked: true, Levels: []uint8{2, 0}, Bits: []float32{5.4, 0, -2.1}},
			{A: 4, B: 5, Probability: 0.52, Weight: 0.1, Linked: true, Levels: []uint8{2, 0}, Bits: []float32{0.1, 0, 0}},
			{A: 2, B: 3, Probability: 0.2, Weight: -2, Levels: []uint8{1, 0}, Bits: []float32{-2, 0, 0}},
		}}
	m.result.Model = match.Model{Fields: []match.Field{{Name: "name", Kind: match.Given}, {Name: "born", Kind: match.Date}}, Prior: -8.25,
		Comparisons: []match.Comparison{
			{Field: 0, Kind: match.Given, Levels: []match.Level{{Name: "missing", M: 0.1, U: 0.1}, {Name: "different", M: 0.05, U: 0.88, Bits: -4.1}, {Name: "same", M: 0.85, U: 0.02, Bits: 5.4}}},
			{Field: 1, Kind: match.Date, Levels: []match.Level{{Name: "missing"}, {}, {Name: "different", M: 0.03, U: 0.99995, Bits: -5.06}, {Name: "same", M: 0.97, U: 0.00005, Bits: 14.24}}},
		}}
	return m
}

const sixPeople = "name,born,who\nAda Example,1990-02-03,1\nAda Exampel,1990-02-03,1\nA. Example,,2\nBo Sample,1971-01-01,3\nCy Muster,,4\nCy Muster,,4\n"

func TestMatchReport(t *testing.T) {
	t.Parallel()
	m := matched(t, sixPeople)
	var text bytes.Buffer
	if err := m.report().print(&text); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "match_report.golden")
	if *update {
		if err := os.WriteFile(golden, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || text.String() != string(want) {
		t.Errorf("printed\n%s\nwant\n%s(%v)", &text, want, err)
	}
}

// What people wrote is shown on the page, and does nothing there.
func TestMatchPageEscapes(t *testing.T) {
	t.Parallel()
	evil := `<script>alert(1)</script>`
	m := matched(t, strings.ReplaceAll(sixPeople, "Ada Example", `"`+evil+`&""><img src=x onerror=y>"`))
	m.mapped[0][0].column, m.result.Model.Fields[0].Name = "<b>name", "<b>name"
	m.sheets[0].file = "<i>people.csv"
	m.known.from = "</title>"
	m.result.Blocks[0].Rule = "<u>rule"
	var page bytes.Buffer
	if err := m.page().print(&page); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "<b>name", "<i>", "<u>", "</title></h2>", "ZgotmplZ"} {
		if strings.Contains(page.String(), bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	contains(t, page.String(), "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;name", "<svg", "</html>", "default-src 'none'")
	if outside := regexp.MustCompile(`(src|href)=|https?:|@import|url\(`).FindString(strings.ReplaceAll(page.String(), "img src=x", "")); outside != "" {
		t.Errorf("the page reaches for %s", outside)
	}
}

func TestHistogram(t *testing.T) {
	t.Parallel()
	if got := histogram(nil); got != nil {
		t.Errorf("of nothing it is %v", got)
	}
	bars := histogram([]match.Pair{{Weight: -3.5}, {Weight: -2.1, Linked: true}, {Weight: 1.9}, {Weight: 2, Merge: true, Linked: true}})
	if got := fmt.Sprint(bars); got != "[{-4 0 1 1 0} {-2 0 0 0 14} {0 0 0 1 28} {2 1 0 0 42}]" {
		t.Errorf("it is %s", got)
	}
	if bars = histogram([]match.Pair{{Weight: 0}, {Weight: 1e6}}); len(bars) != barsAtMost || bars[barsAtMost-1].All() != 1 {
		t.Errorf("a far pair makes %d bars", len(bars))
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
	for p, want := range map[float64]string{1: "1.0000", 0.99999: "0.9999", 0.5: "0.5000"} {
		if got := probabilityText(p); got != want {
			t.Errorf("%v is %s", p, got)
		}
	}
}
