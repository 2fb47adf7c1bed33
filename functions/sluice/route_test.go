package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// write keeps a text in a file of the test's own.
func write(t *testing.T, name, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRouteExplainFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		want  string
	}{
		{"route", "explain"}, {"route plan", "explain"}, {"route explain", "-lead"}, {"route explain -lead l1 -in x.json", "-in"}, {"route explain l1", "l1"},
		{"route explain -in no-such-file.json", "no-such-file.json"},
	} {
		if out, err := typed(t, strings.Fields(c.words)...); err == nil || out != "" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("sluice %s: %v %q", c.words, err, out)
		}
	}
	for text, want := range map[string]string{
		`{"prodcut":"kids-math"}`: "prodcut: there is no such field", `{"product":7}`: "product: this is a JSON number", `{"answers":[]}`: "answers: this is a JSON array",
		`{"owners":[{"rep":true}]}`: "owners.rep: this is a JSON bool", `{"at":"noon"}`: `write a moment such as "2026-03-09T14:00:00Z"`, `{} {}`: "there is more after", `product`: "this is not the JSON",
	} {
		file := write(t, "lead.json", text)
		if _, err := typed(t, "route", "explain", "-in", file); err == nil || !strings.Contains(err.Error(), file+": "+want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestRouteExplain(t *testing.T) {
	s := open(t, systemOptions{memory: true})
	if err := s.saveLocal(); err != nil {
		t.Fatal(err)
	}
	sluice := func(words ...string) (string, error) {
		for _, name := range []string{"AWS_ENDPOINT_URL", "SLUICE_TABLE", "AWS_REGION"} {
			t.Setenv(name, "")
		}
		return typed(t, append([]string{"route", "explain", "-dir", s.opts.folder}, words...)...)
	}
	must := func(words ...string) string {
		t.Helper()
		out, err := sluice(words...)
		if err != nil {
			t.Fatalf("sluice route explain %v: %v", words, err)
		}
		return out
	}
	example := fromProject(filepath.Join("testdata", "routes", "lead.json"))
	contains(t, must("-in", example), "rules, in their order", `yes  schools: product == "school-classes"`, "team schools, mode efficiency", "REP", "fei", "gets it: most gained of", "%")

	var how struct {
		Rule, Outcome, Team, Mode string
		Facts                     map[string]any
		Members                   []struct{ Rep string }
	}
	if err := json.Unmarshal([]byte(must("-json", "-in", example)), &how); err != nil {
		t.Fatal(err)
	}
	if how.Rule != "schools" || how.Outcome != "rep" || how.Mode != "efficiency" || len(how.Members) != 4 || how.Facts["has_company"] != true {
		t.Errorf("as JSON it is %+v", how)
	}

	input, err := os.Open(write(t, "lead.json", `{"product":"kids-math","answers":{"age":3}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	keyboard := os.Stdin
	os.Stdin = input
	t.Cleanup(func() { os.Stdin = keyboard })
	contains(t, must("-in", "-"), "yes  too young yet", "it goes to nurturing: nurtured by rule")

	sample, err := os.ReadFile(fromProject(samplePolicy))
	if err != nil {
		t.Fatal(err)
	}
	draft := write(t, "draft.yaml", strings.Replace(string(sample), "    mode: efficiency", "    mode: even\n    single: gus", 1))
	contains(t, must("-policy", draft, "-in", example), "team schools, mode even", "gus")
	bad := fromProject(filepath.Join("testdata", "policies", "bad", "deadlines.yaml"))
	if _, err := sluice("-policy", bad, "-in", example); err == nil || !strings.Contains(err.Error(), "is refused:") || !strings.Contains(err.Error(), bad+":") {
		t.Errorf("a bad draft: %v", err)
	}

	id := "l" + accepted(t, s, person("+8613800000041"))
	await(t, "offer", 10*time.Second, func() bool {
		l, err := s.table.Lead(t.Context(), id)
		return err == nil && l.State == lead.StateOffered
	})
	contains(t, must("-lead", id), "team young", "had it before", "yes  kids")
	if _, err := sluice("-lead", "lnosuch"); err == nil || lead.KindOf(err) != lead.NotFound {
		t.Errorf("a lead that is not there: %v", err)
	}
}
