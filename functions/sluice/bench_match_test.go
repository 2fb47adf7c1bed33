package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// crowdOf is a table of the benchmark.
func crowdOf(t *testing.T, seed uint64, rows int) *sheet {
	t.Helper()
	var text bytes.Buffer
	if err := (&crowd{random: rand.New(rand.NewPCG(1, seed))}).write(&text, rows); err != nil {
		t.Fatal(err)
	}
	return sheetOf(t, "crowd.csv", text.String())
}

// The table of the benchmark is what it says: a fifth of its rows is somebody
// who is there already and mostly typed another way, and names are common.
func TestCrowd(t *testing.T) {
	t.Parallel()
	s := crowdOf(t, 50, 5_000)
	if again := crowdOf(t, 50, 5_000); strings.Join(s.rows[4_999], ",") != strings.Join(again.rows[4_999], ",") {
		t.Error("one seed makes two tables")
	}
	mapping, err := parseMapping(crowdMapping)
	if err == nil {
		mapping, err = locate(s, mapping)
	}
	if err != nil || len(mapping) != len(crowdColumns)-1 {
		t.Fatalf("mapped %v (%v)", mapping, err)
	}
	people, names, same, empty := map[string][]string{}, map[string]map[string]bool{}, 0, make([]int, len(s.columns))
	for _, row := range s.rows {
		if before, ok := people[row[0]]; ok && strings.Join(before[1:], ",") == strings.Join(row[1:], ",") {
			same++
		}
		people[row[0]] = row
		name := row[1] + " " + row[2]
		if names[name] == nil {
			names[name] = map[string]bool{}
		}
		names[name][row[0]] = true
		for i, value := range row {
			if value == "" {
				empty[i]++
			}
		}
	}
	if len(s.rows) != 5_000 || len(people) != 4_000 || same > 100 {
		t.Errorf("%d rows of %d people, %d alike to the letter", len(s.rows), len(people), same)
	}
	shared := 0
	for _, who := range names {
		if len(who) > 1 {
			shared += len(who)
		}
	}
	if shared < 800 {
		t.Errorf("%d people share their name with another one", shared)
	}
	for i, n := range empty {
		if named := i < 3; named != (n == 0) || n > 2_500 {
			t.Errorf("column %s is empty in %d rows", s.columns[i], n)
		}
	}
}

func TestMissedGoalsAreErrors(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &linkageBench{figures: figures{&out}}
	b.quality("match.x", truthReport{Clusters: qualityReport{Precision: 0.9, Recall: 0.8, F1: 0.85}, Merges: qualityReport{Precision: 1, Recall: 0.5}}, 1.5)
	b.atLeast("match.x.f1", 0.85, 0.85)
	b.atMost("match.x.seconds", 60, 60)
	if want := "match.x.p 0.9000 ratio\nmatch.x.r 0.8000 ratio\nmatch.x.f1 0.8500 ratio\nmatch.x.auto_p 1.0000 ratio\nmatch.x.auto_r 0.5000 ratio\nmatch.x.seconds 1.5 s\n"; out.String() != want {
		t.Errorf("printed %s", &out)
	}
	if len(b.missed) > 0 {
		t.Errorf("missed %v", b.missed)
	}
	b.quality("match.y", truthReport{Merges: qualityReport{Precision: 0.99}}, 1)
	b.atLeast("match.y.f1", 0.8499, 0.85)
	b.atMost("match.y.seconds", 60.1, 60)
	for i, want := range []string{"match.y.auto_p is 0.9900", "match.y.f1 is 0.8499", "match.y.seconds is 60.1"} {
		if len(b.missed) != 3 || !strings.Contains(errors.Join(b.missed...).Error(), want) {
			t.Errorf("%d: missed %v, want %s", i, b.missed, want)
		}
	}
}

// What tells the answer is not among what is compared, in any set.
func TestLinkageSetsDoNotLeak(t *testing.T) {
	t.Parallel()
	for _, set := range linkageSets {
		mapping, err := parseMapping(set.mapping)
		if err != nil {
			t.Errorf("%s: %v", set.name, err)
		}
		for _, m := range mapping {
			if m.column == set.truth || m.column == set.id || m.column == "label" || m.column == "class" {
				t.Errorf("%s maps %s", set.name, m.column)
			}
		}
		if set.deep == "" && (set.truth == "") == (set.pairs == "") {
			t.Errorf("%s has no truth, or two", set.name)
		}
	}
}

func TestBenchMatchPartsByPrefix(t *testing.T) {
	t.Parallel()
	names := []string{"match.febrl3", "match.febrl3_no_ssn", "match.50k"}
	for only, want := range map[string][]bool{"": {true, true, true}, "match": {true, true, true}, "match.febrl3": {true, true, false},
		"match.febrl3_no_ssn": {false, true, false}, "match.50k.rss_mb": {false, false, true}} {
		b := &linkageBench{only: only}
		for i, name := range names {
			if b.wants(name) != want[i] {
				t.Errorf("-only %s: %s is wanted: %v", only, name, b.wants(name))
			}
		}
	}
}
