package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/gauge"
	"sluice/shared/predict"
)

// closedText is an invented table of closed leads.
func closedText(t *testing.T, rows int) string {
	t.Helper()
	var text bytes.Buffer
	if _, _, err := newClosedLeads(7).write(&text, rows); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// leaky adds a column that is known only afterwards.
func leaky(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		switch {
		case i == 0:
			lines[i] = "contract," + line
		case strings.HasSuffix(line, ",yes"):
			lines[i] = fmt.Sprintf("C-%d,%s", i, line)
		default:
			lines[i] = "," + line
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func trained(t *testing.T, words ...string) (r trainReport) {
	t.Helper()
	if err := json.Unmarshal([]byte(mustType(t, append([]string{"train", "-json"}, words...)...)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTrainLearnsAndTells(t *testing.T) {
	t.Parallel()
	in := write(t, "closed.csv", leaky(closedText(t, 3_000)))
	folder := t.TempDir()
	model, page := filepath.Join(folder, "model.json"), filepath.Join(folder, "report.html")
	text := mustType(t, "train", "-in", in, "-target", closedTarget, "-positive", "yes", "-drop", "noise, coin", "-split", "mod5", "-out", model, "-report", page)
	contains(t, text, "closed.csv: 3,000 closed rows", "with won = yes", "Measured on 600 rows (mod5), learned from 2,400 others", "AUC", "log-loss", "ECE", "Brier",
		"best half", "best fifth", "Reliability", "Features", "visits", "left out (-keep NAME keeps one)", "contract: it", "noise: -drop names it", "coin: -drop names it")
	if strings.Contains(text, "Below the floor") {
		t.Errorf("3,000 rows are below the floor:\n%s", text)
	}
	data, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := predict.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"contract", "noise", "coin", closedTarget} {
		if slices.Contains(m.Features(), name) {
			t.Errorf("%s is a feature", name)
		}
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(html), "Learned from closed.csv", "Calibration", "Lift", "<svg", "visits", "contract", "</html>", "default-src 'none'", "width=device-width")
	if outside := regexp.MustCompile(`(src|href)=|https?:|@import|url\(|<script`).FindString(string(html)); outside != "" {
		t.Errorf("the page reaches for %s", outside)
	}
}

// The example of the README.
func TestTrainExample(t *testing.T) {
	t.Parallel()
	model := filepath.Join(t.TempDir(), "model.json")
	contains(t, mustType(t, "train", "-in", exampleClosed, "-target", closedTarget, "-positive", "yes", "-out", model),
		"closed.csv: 1,200 closed rows", "Measured on 1,200 rows, each by models that did not see it", "contract: it")
	contains(t, mustType(t, "explain", "-model", model, "-in", exampleClosed, "-row", "1"), "Row 1: ", "an average row", "source: source ")
}

const exampleClosed = "testdata/closed.csv"

// What is measured is what the written model says of rows that it has not seen.
func TestTrainMeasuresTheModelItWrites(t *testing.T) {
	t.Parallel()
	text := closedText(t, 2_500)
	in := write(t, "closed.csv", text)
	for _, split := range []string{"mod5", "first20", "last20"} {
		file := filepath.Join(t.TempDir(), "model.json")
		r := trained(t, "-in", in, "-target", closedTarget, "-positive", "yes", "-split", split, "-out", file)
		m, err := readModel(file)
		if err != nil {
			t.Fatal(err)
		}
		s := sheetOf(t, "closed.csv", text)
		at, err := columnsOf(m, s)
		if err != nil {
			t.Fatal(err)
		}
		var chances []float64
		var won []bool
		for i, row := range s.rows {
			test := map[string]bool{"mod5": i%5 == 0, "first20": i < 500, "last20": i >= 2_000}[split]
			if test {
				chances = append(chances, explainRow(m, at, row).Chance)
				won = append(won, row[len(row)-1] == "yes")
			}
		}
		if want := gauge.Measure(chances, won); math.Abs(r.Measures.AUC-want.AUC) > 1e-9 || math.Abs(r.Measures.LogLoss-want.LogLoss) > 1e-9 || r.Measures.Rows != 500 || r.Learned != 2_000 {
			t.Errorf("%s: measured %+v, want %+v", split, r.Measures, want)
		}
		if r.Measures.AUC < 0.7 {
			t.Errorf("%s: AUC %v", split, r.Measures.AUC)
		}
	}
}

func TestTrainIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	text := closedText(t, 1_500)
	plain := write(t, "closed.csv", text)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(strings.ReplaceAll(text, ",", ";"))); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	other := write(t, "closed.csv.gz", packed.String())
	first := mustType(t, "train", "-in", plain, "-target", closedTarget, "-positive", "yes", "-json")
	for _, in := range []string{plain, other} {
		again := mustType(t, "train", "-in", in, "-target", closedTarget, "-positive", "yes", "-json")
		if strings.ReplaceAll(again, "closed.csv.gz", "closed.csv") != first {
			t.Errorf("%s gives another report", in)
		}
	}
}

func TestTrainKeepsWhatIsSuspicious(t *testing.T) {
	t.Parallel()
	in := write(t, "closed.csv", leaky(closedText(t, 1_500)))
	left := trained(t, "-in", in, "-target", closedTarget, "-positive", "yes")
	kept := trained(t, "-in", in, "-target", closedTarget, "-positive", "yes", "-keep", "contract")
	if len(left.Suspects) != 1 || left.Suspects[0].Kept || len(kept.Suspects) != 1 || !kept.Suspects[0].Kept {
		t.Errorf("left %+v, kept %+v", left.Suspects, kept.Suspects)
	}
	if left.Measures.AUC > 0.9 || kept.Measures.AUC < 0.99 {
		t.Errorf("AUC %v without, %v with it", left.Measures.AUC, kept.Measures.AUC)
	}
}

// Where the world turns round, who learns again is better.
func TestTrainRolls(t *testing.T) {
	t.Parallel()
	lines := []string{"x,won"}
	for i := range 3_000 {
		x := i * 7919 % 100
		won := x > 50 == (i < 2_500) != (i%10 == 0)
		lines = append(lines, fmt.Sprintf("%d,%v", x, won))
	}
	older := strings.Join(lines, "\n")
	slices.Reverse(lines[1:])
	newer := strings.Join(lines, "\n")
	for split, text := range map[string]string{"last20": older, "first20": newer} {
		r := trained(t, "-in", write(t, "turn.csv", text), "-target", "won", "-positive", "true", "-keep", "x", "-split", split, "-roll", "100", "-window", "300")
		if r.Roll == nil || r.Roll.Fits != 6 || r.Measures.AUC < r.Roll.Never.AUC+0.2 || r.Measures.LogLoss >= r.Roll.Never.LogLoss || !r.Roll.Against.Better || r.Measures.Rows != 600 {
			t.Errorf("%s: %+v, %+v", split, r.Measures, r.Roll)
		}
	}
}

func TestTrainFaults(t *testing.T) {
	t.Parallel()
	text := closedText(t, 1_200)
	closed := write(t, "closed.csv", text)
	few := write(t, "few.csv", closedText(t, 300))
	alike := write(t, "alike.csv", "x,won\n1,yes\n2,yes\n")
	open := write(t, "open.csv", "x,won\n1,\n2,\n")
	twice := write(t, "twice.csv", "x,x,won\n1,2,yes\n2,1,no\n")
	unnamed := write(t, "unnamed.csv", "x,,won\n1,2,yes\n2,1,no\n")
	empty := write(t, "empty.csv", "")
	header := write(t, "header.csv", "x,won\n")
	only := write(t, "only.csv", "won,x\nyes,1\nno,2\n")
	broken := write(t, "broken.csv.gz", "\x1f\x8b\x08broken")
	sorted := write(t, "sorted.csv", "x,won\n"+strings.Repeat("1,no\n", 8)+strings.Repeat("2,yes\n", 2))
	folder := t.TempDir()
	for _, c := range []struct {
		words string
		want  string
		usage bool
	}{
		{"", "name a table of closed leads with -in", true},
		{"-in CLOSED", "with -target", true},
		{"-in CLOSED -target won", `say with -positive which value of "won" is a success; there are "no" (`, true},
		{"-in CLOSED -target Won -positive yes", `-target "Won": ` + closed + ` has no such column; did you mean "won"?`, true},
		{"-in CLOSED -target outcome -positive yes", "has no such column; there are visits, minutes", true},
		{"-in CLOSED -target won -positive Yes", `-positive "Yes" is never seen in column "won"; there are "no"`, true},
		{"-in CLOSED -target won -positive yes -drop vists", `-drop "vists": ` + closed + ` has no such column; did you mean "visits"?`, true},
		{"-in CLOSED -target won -positive yes -keep moise", `-keep "moise"`, true},
		{"-in CLOSED -target won -positive yes -keep coin -drop coin", "is in -drop and in -keep", true},
		{"-in CLOSED -target won -positive yes -drop won", "is the target", true},
		{"-in CLOSED -target won -positive yes -split half", `-split "half": there are mod5, first20, last20, none`, true},
		{"-in CLOSED -target won -positive yes -split mod5 -roll 100", "not with mod5", true},
		{"-in CLOSED -target won -positive yes -roll 100", "not with none", true},
		{"-in CLOSED -target won -positive yes -roll -1", "-roll is a number", true},
		{"-in CLOSED -target won -positive yes -split last20 -roll 100 -window 5", "-window is at least", true},
		{"-in CLOSED -target won -positive yes -max-rows 100", "allow more with -max-rows", false},
		{"-in CLOSED -target won -positive yes -max-rows 0", "at least 1", true},
		{"-in CLOSED -target won -positive yes -sep ;", `-sep names ';', and the values seem to be parted by ','`, false},
		{"-in CLOSED -target won -positive yes -sep dot", "there are comma", true},
		{"-in CLOSED -target won -positive yes -encoding klingon", "is not known", true},
		{"-in CLOSED -target won -positive yes -out CLOSED", "named for two things", true},
		{"-in CLOSED -target won -positive yes -out FOLDER/x -report FOLDER/x", "named for two things", true},
		{"-in CLOSED -target won -positive yes -out FOLDER", "is a folder", true},
		{"-in CLOSED -target won -positive yes -out FOLDER/none/x", "there is no folder", true},
		{"-in CLOSED -target won -positive yes more", `no use for "more"`, true},
		{"-in CLOSED -frobnicate", "frobnicate", true},
		{"-in FEW -target won -positive yes", "the floor is 1,000 with 120", false},
		{"-in ALIKE -target won -positive yes -anyway", "in every row", true},
		{"-in OPEN -target won -positive yes -anyway", "no lead is closed", true},
		{"-in TWICE -target won -positive yes -anyway", `columns 1 and 2 are both called "x"`, false},
		{"-in UNNAMED -target won -positive yes -drop z -anyway", `-drop "z"`, true},
		{"-in EMPTY -target won -positive yes", "the file is empty", false},
		{"-in HEADER -target won -positive yes", "no rows below the header", false},
		{"-in ONLY -target won -positive yes -drop x -anyway", "no column to learn from", true},
		{"-in BROKEN -target won -positive yes", "unpack", false},
		{"-in SORTED -target won -positive yes -split last20 -anyway", "which all ended alike", true},
		{"-in FOLDER -target won -positive yes", "is a folder", false},
		{"-in FOLDER/none.csv -target won -positive yes", "none.csv", false},
	} {
		words := strings.Fields(strings.NewReplacer("CLOSED", closed, "FEW", few, "ALIKE", alike, "OPEN", open, "TWICE", twice, "UNNAMED", unnamed, "EMPTY", empty,
			"HEADER", header, "ONLY", only, "BROKEN", broken, "SORTED", sorted, "FOLDER", folder).Replace(c.words))
		out, err := typed(t, append([]string{"train"}, words...)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("sluice train %s: %q, %v; want %q", c.words, out, err, c.want)
		} else if errors.As(err, new(usageError)) != c.usage {
			t.Errorf("sluice train %s: of usage it is %v: %v", c.words, !c.usage, err)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// Columns without a name, as spreadsheets leave at the end, are left out, and a
// name may have a comma.
func TestTrainColumns(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(closedText(t, 1_200), "\n", ",\n")
	text = strings.Replace(text, "noise,coin", `"noise, or less",coin`, 1)
	r := trained(t, "-in", write(t, "closed.csv", text), "-target", closedTarget, "-positive", "yes", "-drop", "noise, or less", "-drop", "coin,visits,", "-keep", "pages")
	var dropped []string
	for _, d := range r.Dropped {
		dropped = append(dropped, d.Feature)
	}
	if want := []string{"noise, or less", "coin", "visits", "column 22"}; len(dropped) < 4 || !slices.Equal(dropped[:4], want) {
		t.Errorf("dropped %q", dropped)
	}
}

// Of whatever text a table is made, its closed rows are those with an outcome.
func FuzzClosedRows(f *testing.F) {
	f.Add("a,won\n1,yes\n2,no\n3,\n", "won", "yes", "a")
	f.Add("a;b;won\n1;;yes\n2;x;no\n", "won", "no", "b, c")
	f.Fuzz(func(t *testing.T, text, target, positive, drop string) {
		s, err := parseSheet(t.Context(), "x.csv", strings.NewReader(text), sheetOptions{maxRows: 1_000})
		if err != nil {
			return
		}
		o := trainOptions{target: target, positive: positive, drop: []string{drop}}
		if o.locate(s) != nil {
			return
		}
		c, err := closedRows(s, o)
		if err != nil {
			return
		}
		won := 0
		for _, yes := range c.positive {
			if yes {
				won++
			}
		}
		if won != c.won || won == 0 || won == len(c.positive) || len(c.positive)+c.open != len(s.rows) || len(c.columns) == 0 {
			t.Errorf("%d won, %d closed and %d open of %d rows", won, len(c.positive), c.open, len(s.rows))
		}
		for _, column := range c.columns {
			if column.Name == target || column.Name == "" || slices.Contains(o.drop, column.Name) || len(column.Cells) != len(c.positive) {
				t.Errorf("column %q with %d cells", column.Name, len(column.Cells))
			}
		}
	})
}

// Where all rows of a window ended alike, the model before goes on.
func TestTrainRollsOverQuietTimes(t *testing.T) {
	t.Parallel()
	lines := []string{"x,won"}
	for i := range 2_500 {
		lines = append(lines, fmt.Sprintf("%d,%v", i*7919%100, i*7919%100 > 50 == (i%10 != 0) && i < 2_150))
	}
	r := trained(t, "-in", write(t, "quiet.csv", strings.Join(lines, "\n")), "-target", "won", "-positive", "true", "-keep", "x", "-split", "last20", "-roll", "50", "-window", "200")
	if r.Roll.Fits >= 10 || r.Roll.Fits < 6 || r.Measures.Rows != 500 {
		t.Errorf("%d fits over %d rows", r.Roll.Fits, r.Measures.Rows)
	}
}

func TestTrainBelowTheFloor(t *testing.T) {
	t.Parallel()
	in := write(t, "few.csv", strings.Replace(closedText(t, 300), ",no\n", ",\n", 3))
	text := mustType(t, "train", "-in", in, "-target", closedTarget, "-positive", "yes", "-anyway")
	contains(t, text, "few.csv: 297 closed rows", "3 rows without an outcome are left out", "Below the floor of 1,000 rows with 120 successes: in operation the rules alone would score.")
}

func TestTrainStopsWhenInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out := filepath.Join(t.TempDir(), "model.json")
	var text bytes.Buffer
	err := trainCommand(ctx, []string{"-in", write(t, "closed.csv", closedText(t, 1_200)), "-target", closedTarget, "-positive", "yes", "-out", out}, &text)
	if !errors.Is(err, context.Canceled) || text.Len() > 0 {
		t.Errorf("went on: %v %s", err, &text)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written")
	}
}

func TestSplitRows(t *testing.T) {
	t.Parallel()
	for split, want := range map[string]string{
		"mod5":    "{[1 2 3 4 6 7 8 9 11] [0 5 10]}",
		"first20": "{[11 10 9 8 7 6 5 4 3 2] [1 0]}",
		"last20":  "{[0 1 2 3 4 5 6 7 8 9] [10 11]}",
		"none":    "{[0 1 2 3 4 5 6 7 8 9 10 11] [0 1 2 3 4 5 6 7 8 9 10 11]}",
	} {
		if got := fmt.Sprint(splitRows(split, 12)); got != want && split != "mod5" {
			t.Errorf("%s: %s, want %s", split, got, want)
		}
	}
	if got := fmt.Sprint(splitRows("mod5", 12)); got != "{[1 2 3 4 6 7 8 9 11] [0 5 10]}" {
		t.Errorf("mod5: %s", got)
	}
}

func TestNearNames(t *testing.T) {
	t.Parallel()
	columns := []string{"Converted", "Lead Source", "Lead Origin", "City", ""}
	for meant, want := range map[string]string{
		"converted": `["Converted"]`, "Convrted": `["Converted"]`, "source": `["Lead Source"]`, "Lead": `["Lead Source" "Lead Origin"]`, "xyzzy": "[]", "": "[]",
	} {
		if got := fmt.Sprint(nearNames(columns, meant)); strings.Trim(got, "[]") != strings.Trim(want, "[]") {
			t.Errorf("%q: %s, want %s", meant, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := rapid.StringN(0, 8, -1).Draw(t, "a"), rapid.StringN(0, 8, -1).Draw(t, "b"), rapid.StringN(0, 8, -1).Draw(t, "c")
		if edits(a, b) != edits(b, a) || (edits(a, b) == 0) != (a == b) || edits(a, c) > edits(a, b)+edits(b, c) {
			t.Errorf("%q to %q is %d", a, b, edits(a, b))
		}
	})
}
