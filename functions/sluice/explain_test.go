package main

import (
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sluice/shared/predict"
)

// explained trains a small model and returns its file and its table.
func explained(t *testing.T) (model, in string) {
	t.Helper()
	in = write(t, "closed.csv", closedText(t, 1_200))
	model = filepath.Join(t.TempDir(), "model.json")
	mustType(t, "train", "-in", in, "-target", closedTarget, "-positive", "yes", "-out", model)
	return model, in
}

func TestExplainAddsUp(t *testing.T) {
	t.Parallel()
	model, in := explained(t)
	m, err := readModel(model)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(mustType(t, "explain", "-model", model, "-in", in, "-json")), "\n")
	if len(lines) != 1_200 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		var r rowReport
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		sum := r.Base
		for k, reason := range r.Reasons {
			sum += reason.Points
			if k > 0 && math.Abs(reason.Points) > math.Abs(r.Reasons[k-1].Points) {
				t.Fatalf("row %d: %v comes after %v", r.Row, reason, r.Reasons[k-1])
			}
		}
		if r.Row != i+1 || math.Abs(sum-r.LogOdds) > 1e-9 || math.Abs(r.Chance-1/(1+math.Exp(-r.LogOdds))) > 1e-9 || len(r.Reasons) < len(m.Features()) {
			t.Fatalf("row %d: %v of %d reasons, log-odds %v, probability %v", r.Row, sum, len(r.Reasons), r.LogOdds, r.Chance)
		}
	}
}

// What is printed adds up to the last digit that is printed.
func TestExplainPrintsWhatAddsUp(t *testing.T) {
	t.Parallel()
	model, in := explained(t)
	text := mustType(t, "explain", "-model", model, "-in", in, "-top", "4")
	rows := strings.Split(text, "Row ")[1:]
	if len(rows) != 1_200 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		lines := strings.Split(strings.TrimSpace(row), "\n")[1:]
		sum, whole := 0, 0
		for i, line := range lines {
			word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			thousandths, err := strconv.Atoi(strings.Replace(word, ".", "", 1))
			if err != nil {
				t.Fatalf("%v in\n%s", err, row)
			}
			if i == len(lines)-1 {
				whole = thousandths
			} else {
				sum += thousandths
			}
		}
		if sum != whole || len(lines) > 7 {
			t.Fatalf("it comes to %d and says %d:\n%s", sum, whole, row)
		}
	}
	one := mustType(t, "explain", "-model", model, "-in", in, "-row", "3")
	if !strings.HasPrefix(one, "Row 3: ") || strings.Count(one, "Row ") != 1 {
		t.Errorf("printed %s", one)
	}
}

func TestExplainPrint(t *testing.T) {
	t.Parallel()
	r := rowReport{Row: 7, Chance: 0.2689, LogOdds: -1, Base: 0.5004, Reasons: []reasonReport{
		{"source", "fair", -1.2504}, {"visits", "12", 0.2503}, {"job", "", -0.5004}, {"city", strings.Repeat("x", 60), 0.0002}, {"pages", "3", -0.0001}}}
	var text strings.Builder
	for _, most := range []int{12, 2} {
		if err := r.print(&text, most); err != nil {
			t.Fatal(err)
		}
	}
	isGolden(t, "explain.golden", text.String())
}

func TestExplainFaults(t *testing.T) {
	t.Parallel()
	model, in := explained(t)
	other := write(t, "other.csv", "a,b\n1,2\n")
	part := write(t, "part.csv", "visits,b\n1,2\n")
	bad := write(t, "bad.json", `{"format":1,"columns":"no"}`)
	large := write(t, "large.json", strings.Repeat(" ", maxModel+1))
	folder := t.TempDir()
	for _, c := range []struct {
		words string
		want  string
		usage bool
	}{
		{"", "with -model", true},
		{"-model MODEL", "name a table with -in", true},
		{"-model MODEL -in IN -row 0x", "row", true},
		{"-model MODEL -in IN -row -1", "the first below the header is 1", true},
		{"-model MODEL -in IN -row 1201", "has 1200 rows", true},
		{"-model MODEL -in IN -top 0", "-top is at least 1", true},
		{"-model MODEL -in IN more", `no use for "more"`, true},
		{"-model MODEL -in IN -sep dot", "there are comma", true},
		{"-model MODEL -in IN -encoding klingon", "is not known", true},
		{"-model MODEL -in OTHER", "none of the model's columns", true},
		{"-model MODEL -in FOLDER", "is a folder", false},
		{"-model FOLDER -in IN", "is a folder", false},
		{"-model FOLDER/none -in IN", "none", false},
		{"-model BAD -in IN", "-model " + bad, false},
		{"-model LARGE -in IN", "are no model", false},
		{"-model IN -in IN", "-model " + in, false},
	} {
		words := strings.Fields(strings.NewReplacer("MODEL", model, "OTHER", other, "BAD", bad, "LARGE", large, "FOLDER", folder, "IN", in).Replace(c.words))
		out, err := typed(t, append([]string{"explain"}, words...)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("sluice explain %s: %q, %v; want %q", c.words, out, err, c.want)
		} else if errors.As(err, new(usageError)) != c.usage {
			t.Errorf("sluice explain %s: of usage it is %v: %v", c.words, !c.usage, err)
		}
	}
	// A column that is not there is missing.
	contains(t, mustType(t, "explain", "-model", model, "-in", part), "visits: 1", "Row 1: ")
	m, err := readModel(model)
	if err != nil {
		t.Fatal(err)
	}
	row := explainRow(m, make([]int, len(m.Features())), []string{""})
	if want := m.Chance(make([]predict.Cell, len(m.Features()))); row.Chance != want {
		t.Errorf("of nothing it says %v, want %v", row.Chance, want)
	}
}
