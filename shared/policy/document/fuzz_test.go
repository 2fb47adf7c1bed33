package document_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

// FuzzParse holds that no source panics, hangs or is half accepted: it has
// faults, each at a place within the source, or it compiles.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(policies, "bad", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, filepath.Join(policies, "sample.yaml"), filepath.Join(policies, "business.yaml")) {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	f.Add([]byte("~"))
	f.Fuzz(func(t *testing.T, source []byte) {
		start := time.Now()
		d, faults := document.Parse(source)
		if took := time.Since(start); took > 2*time.Second {
			t.Fatalf("took %v", took)
		}
		last := 1 + bytes.Count(source, []byte("\n")) + bytes.Count(source, []byte("\r"))
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > last || fault.Column < 1 || fault.Text == "" {
				t.Fatalf("fault %+v of %d lines", fault, last)
			}
		}
		if len(faults) > 0 {
			return
		}
		if _, err := policy.Compile(d, 1); err != nil {
			t.Fatalf("accepted, and does not compile: %v", err)
		}
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (policy.Record{Version: 1, Document: data}).Compile(); err != nil {
			t.Fatalf("does not survive being kept: %v", err)
		}
	})
}

// FuzzParseReps holds the same of reps.
func FuzzParseReps(f *testing.F) {
	source, err := os.ReadFile(filepath.Join(policies, "reps.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(source)
	f.Add([]byte("- {id: a, shifts: [{days: [mon], from: x}]}"))
	f.Fuzz(func(t *testing.T, source []byte) {
		reps, faults := document.ParseReps(source)
		for _, r := range reps {
			if len(faults) == 0 && (r.ID == "" || r.Zone == "") {
				t.Fatalf("accepted %+v", r)
			}
		}
	})
}

// TestHostileSources end in a fault, soon.
func TestHostileSources(t *testing.T) {
	t.Parallel()
	most := document.MaxSize
	for name, source := range map[string]string{
		"brackets":         strings.Repeat("[", most),
		"braces":           strings.Repeat("{a: ", most/4),
		"dashes":           strings.Repeat("- ", most/2),
		"questions":        strings.Repeat("? ", most/2),
		"anchors":          "a: " + strings.Repeat("&a ", most/4),
		"quotes":           strings.Repeat("\"", most),
		"colons":           strings.Repeat(":", most),
		"keys":             strings.Repeat("a:\n", most/3),
		"distinct keys":    distinct(most),
		"comments":         strings.Repeat("#\n", most/2),
		"tabs":             strings.Repeat("\t", most),
		"spaces":           strings.Repeat(" ", most-1) + "a",
		"newlines":         strings.Repeat("\n", most),
		"one long line":    "name: " + strings.Repeat("x", most-6),
		"folded":           "name: >\n" + strings.Repeat("  x\n", most/4-3),
		"indented":         indented(700),
		"documents":        strings.Repeat("---\n", most/4),
		"list":             strings.Repeat("- a\n", most/4),
		"flow list":        "[" + strings.Repeat("a,", most/2-1) + "]",
		"directives":       strings.Repeat("%YAML 1.2\n", most/10),
		"tags":             strings.Repeat("!!str ", most/6),
		"too large":        strings.Repeat("a", most+1),
		"merge keys":       strings.Repeat("<<: *a\n", most/7),
		"carriage returns": strings.Repeat("a: 1\r", most/5),
		"escapes":          "name: \"" + strings.Repeat("\\u0041", most/6-2) + "\"",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now() // one source after the other: each has the machine
			if _, faults := document.Parse([]byte(source)); len(faults) == 0 {
				t.Error("accepted")
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func distinct(most int) string {
	var b strings.Builder
	for i := 0; b.Len() < most-12; i++ {
		b.WriteString("k" + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + strings.Repeat("y", i%7) + ": 1\n")
	}
	return b.String()
}

func indented(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
