package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// typed runs the command with the words a user types and returns what it prints.
func typed(t *testing.T, words ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := dispatch(t.Context(), words, &out)
	return out.String(), err
}

func mustType(t *testing.T, words ...string) string {
	t.Helper()
	out, err := typed(t, words...)
	if err != nil {
		t.Fatalf("sluice %s: %v", strings.Join(words, " "), err)
	}
	return out
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func TestPolicyCheck(t *testing.T) {
	t.Parallel()
	contains(t, mustType(t, "policy", "check", fromProject(samplePolicy)), "no fault found", "3 forms")
	contains(t, mustType(t, "policy", "check", fromProject(filepath.Join("testdata", "policies", "business.yaml"))), "no fault found", "2 forms")

	var goldens []string
	for _, some := range []string{"[d-e]*", "score-*"} {
		found, err := filepath.Glob(filepath.Join(fromProject(filepath.Join("testdata", "policies", "bad")), some+".golden"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no bad policies %s (%v)", some, err)
		}
		goldens = append(goldens, found...)
	}
	for _, golden := range goldens {
		file := strings.TrimSuffix(golden, ".golden") + ".yaml"
		faults, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		out, err := typed(t, "policy", "check", file)
		if err == nil || out != "" {
			t.Errorf("%s is let through: %q", file, out)
			continue
		}
		for line := range strings.Lines(string(faults)) {
			contains(t, err.Error(), file+":"+strings.TrimSpace(line))
		}
	}
	for _, words := range [][]string{{"policy"}, {"policy", "chekc"}, {"policy", "check"}, {"policy", "check", "no-such-file.yaml"},
		{"policy", "check", "a.yaml", "b.yaml"}} {
		if _, err := typed(t, words...); err == nil {
			t.Errorf("sluice %v is no fault", words)
		}
	}
}

// changedPolicy is the sample with another name of the trial form.
func changedPolicy(t *testing.T) (file string) {
	t.Helper()
	sample, err := os.ReadFile(fromProject(samplePolicy))
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "changed.yaml")
	text := strings.Replace(string(sample), "name: Book a free trial lesson", "name: Book two trial lessons", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestPolicyOfARunningSystem(t *testing.T) {
	clock := &virtualClock{now: time.Now()}
	s := open(t, systemOptions{memory: true, now: clock.Now})
	if err := s.saveLocal(); err != nil {
		t.Fatal(err)
	}
	// Each command finds the run by its folder alone, as in another shell.
	sluice := func(words ...string) (string, error) {
		for _, name := range []string{"AWS_ENDPOINT_URL", "SLUICE_TABLE", "AWS_REGION"} {
			t.Setenv(name, "")
		}
		return typed(t, append(words, "-dir", s.opts.folder)...)
	}
	must := func(words ...string) string {
		t.Helper()
		out, err := sluice(words...)
		if err != nil {
			t.Fatalf("sluice %v: %v", words, err)
		}
		return out
	}
	title := func() string {
		clock.set(clock.Now().Add(time.Minute)) // in effect everywhere within it
		res, err := http.Get(s.front + "/f/trial")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var page bytes.Buffer
		if _, err := page.ReadFrom(res.Body); err != nil {
			t.Fatal(err)
		}
		return page.String()
	}
	file := changedPolicy(t)
	contains(t, must("policy", "diff", file), "Book two trial lessons", "1 changes")
	if _, err := sluice("policy", "apply", file); err == nil || !strings.Contains(err.Error(), "-reason") {
		t.Errorf("apply without a reason: %v", err)
	}
	bad := fromProject(filepath.Join("testdata", "policies", "bad", "deadlines.yaml"))
	if _, err := sluice("policy", "apply", bad, "-reason", "x"); err == nil {
		t.Error("a bad policy was applied")
	}
	contains(t, title(), "Book a free trial lesson")

	contains(t, must("policy", "apply", file, "-reason", "two lessons sell better", "--author=mia"), "version 2")
	contains(t, title(), "Book two trial lessons")
	contains(t, must("policy", "show"), "* version 2", "by mia: two lessons sell better", "version 1", "name: Book two trial lessons")
	contains(t, must("policy", "show", "-version", "1"), "name: Book a free trial lesson")
	contains(t, must("policy", "diff", "-version", "1"), "Book two trial lessons", "1 changes")

	if _, err := sluice("policy", "rollback", "1"); err == nil {
		t.Error("rolled back without a reason")
	}
	if _, err := sluice("policy", "rollback", "9", "-reason", "x"); err == nil {
		t.Error("rolled back to a version that is not there")
	}
	contains(t, must("policy", "rollback", "-reason", "they did not", "1"), "version 3")
	contains(t, title(), "Book a free trial lesson")
	contains(t, must("policy", "diff", "-version", "1"), "0 changes")
}

// Where the endpoint is somebody else's, a shell names it, and the folder knows
// the table.
func TestPolicyFindsTheTableOfItsFolder(t *testing.T) {
	folder := t.TempDir()
	env := "AWS_ENDPOINT_URL=http://127.0.0.1:9\nSLUICE_TABLE=sluice-x\n"
	if err := os.WriteFile(filepath.Join(folder, "env"), []byte(env), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
	t.Setenv("SLUICE_TABLE", "")
	if _, err := (policyTarget{folder: folder}).table(); err != nil || os.Getenv("SLUICE_TABLE") != "sluice-x" {
		t.Errorf("table %q: %v", os.Getenv("SLUICE_TABLE"), err)
	}
	t.Setenv("SLUICE_TABLE", "")
	if _, err := (policyTarget{folder: t.TempDir()}).table(); err == nil || !strings.Contains(err.Error(), "make run") {
		t.Errorf("a folder without a run: %v", err)
	}
}
