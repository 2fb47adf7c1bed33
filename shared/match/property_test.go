package match_test

import (
	"encoding/json"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/match"
)

// small draws a small table of persons, with every language and share of duplicates.
func small(t *rapid.T) (match.Table, []string) {
	language := rapid.SampledFrom([]string{"en", "de", "zh", "es"}).Draw(t, "language")
	m := newMaker(language, rapid.Uint64().Draw(t, "seed"))
	table, truth := m.table(rapid.IntRange(2, 120).Draw(t, "rows"), rapid.Float64Range(0, .6).Draw(t, "duplicates"), true)
	if rapid.Bool().Draw(t, "whole") {
		table = whole(table, language)
	}
	return table, truth
}

func dedupe(t *rapid.T, table match.Table) match.Result {
	r, err := match.Dedupe(t.Context(), table, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// groups are the clusters as sets of rows, by the names of the rows.
func groups(clusters []int, name func(row int) int) [][]int {
	sets := map[int][]int{}
	for row, c := range clusters {
		sets[c] = append(sets[c], name(row))
	}
	var list [][]int
	for _, s := range sets {
		slices.Sort(s)
		list = append(list, s)
	}
	slices.SortFunc(list, slices.Compare)
	return list
}

func same(row int) int { return row }

func TestOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := small(t)
		seen := map[string]bool{}
		for _, row := range table.Rows { // rows that are all the same may stand for each other
			key, _ := json.Marshal(row)
			if seen[string(key)] {
				t.Skip("equal rows")
			}
			seen[string(key)] = true
		}
		perm := rapid.Permutation(indices(len(table.Rows))).Draw(t, "perm")
		other := match.Table{Fields: table.Fields}
		for _, i := range perm {
			other.Rows = append(other.Rows, table.Rows[i])
		}
		a, b := dedupe(t, table), dedupe(t, other)
		if x, y := groups(a.Clusters, same), groups(b.Clusters, func(row int) int { return perm[row] }); !reflect.DeepEqual(x, y) {
			t.Fatalf("clusters %v, in another order %v", x, y)
		}
		if !reflect.DeepEqual(a.Model, b.Model) {
			t.Fatal("another model")
		}
	})
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestOrderOfColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := small(t)
		perm := rapid.Permutation(indices(len(table.Fields))).Draw(t, "perm")
		other := columns(table, perm...)
		a, b := dedupe(t, table), dedupe(t, other)
		if !slices.Equal(a.Clusters, b.Clusters) || len(a.Pairs) != len(b.Pairs) {
			t.Fatal("other clusters")
		}
		for i, p := range a.Pairs {
			if q := b.Pairs[i]; p.A != q.A || p.B != q.B || p.Probability != q.Probability || p.Merge != q.Merge {
				t.Fatalf("%v, with the columns otherwise %v", p, q)
			}
		}
	})
}

func TestOrderOfTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := small(t)
		cut := rapid.IntRange(1, len(table.Rows)-1).Draw(t, "cut")
		a := match.Table{Fields: table.Fields, Rows: table.Rows[:cut]}
		b := match.Table{Fields: table.Fields, Rows: table.Rows[cut:]}
		ab, err := match.Link(t.Context(), a, b, match.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ba, err := match.Link(t.Context(), b, a, match.Options{})
		if err != nil {
			t.Fatal(err)
		}
		turned := func(row int) int { return (row + cut) % len(table.Rows) }
		if x, y := groups(ab.Clusters, same), groups(ba.Clusters, turned); !reflect.DeepEqual(x, y) {
			t.Fatalf("clusters %v, with the tables the other way round %v", x, y)
		}
		for _, p := range ab.Pairs {
			if (p.A < cut) == (p.B < cut) {
				t.Fatalf("pair %v within one table", p)
			}
		}
	})
}

// TestMoreAgreement gives one row ever more of the other's values: it must
// become ever more likely that they are one.
func TestMoreAgreement(t *testing.T) {
	table, _ := newMaker("de", 3).table(1500, .3, true)
	learned, err := match.Dedupe(t.Context(), table, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		m, row := learned.Model, slices.Clone(table.Rows[rapid.IntRange(0, len(table.Rows)-1).Draw(t, "row")])
		other := slices.Clone(table.Rows[rapid.IntRange(0, len(table.Rows)-1).Draw(t, "other")])
		if rapid.Bool().Draw(t, "enquiry") {
			m = match.Enquiries()
			row, other = enquiry(row), enquiry(other)
		}
		for i := range row { // what is missing says nothing: its coming to light may speak against
			if row[i] == "" {
				row[i] = other[i]
			}
			if other[i] == "" {
				other[i] = row[i]
			}
		}
		before := m.Compare(m.Prepare(row), m.Prepare(other), 1)
		for _, i := range rapid.Permutation(indices(len(row))).Draw(t, "order") {
			other[i] = row[i]
			after := m.Compare(m.Prepare(row), m.Prepare(other), 1)
			if after.Probability < before.Probability-1e-9 {
				t.Fatalf("probability falls from %v to %v with %q the same: %v then %v", before.Probability, after.Probability, row[i], before.Parts, after.Parts)
			}
			before = after
		}
	})
}

func enquiry(row []string) []string {
	return []string{row[0] + " " + row[1], row[3], row[8], row[7], row[6], "DE"}
}

func TestModelRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := small(t)
		m := dedupe(t, table).Model
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back match.Model
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			a := rapid.SampledFrom(table.Rows).Draw(t, "a")
			b := rapid.SampledFrom(table.Rows).Draw(t, "b")
			x, y := m.Compare(m.Prepare(a), m.Prepare(b), 1), back.Compare(back.Prepare(a), back.Prepare(b), 1)
			if !reflect.DeepEqual(x, y) {
				t.Fatalf("%v, after the round trip %v", x, y)
			}
		}
	})
}

// TestPairsAreExplained holds that the model that is given out weighs pairs as
// the run did, and that the parts add up.
func TestPairsAreExplained(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := small(t)
		r := dedupe(t, table)
		for _, p := range r.Pairs {
			e := r.Model.Compare(r.Model.Prepare(table.Rows[p.A]), r.Model.Prepare(table.Rows[p.B]), 1)
			if d := e.Weight - p.Weight; d > 1e-6 || d < -1e-6 {
				t.Fatalf("weight %v, by the model %v: %v and %v", p.Weight, e.Weight, r.Model.Explain(p), e.Parts)
			}
			sum := 0.0
			for _, part := range r.Model.Explain(p) {
				sum += part.Weight
			}
			if d := sum - p.Weight; d > 0.06 || d < -0.06 {
				t.Fatalf("parts add up to %v of %v", sum, p.Weight)
			}
			if p.Merge && !p.Linked {
				t.Fatalf("%v is merged and not linked", p)
			}
		}
	})
}

func TestFaults(t *testing.T) {
	ctx := t.Context()
	if _, err := match.Dedupe(ctx, match.Table{}, match.Options{}); err == nil {
		t.Error("no fields, no error")
	}
	if _, err := match.Dedupe(ctx, match.Table{Fields: []match.Field{{Kind: "shoe size"}}}, match.Options{}); err == nil {
		t.Error("unknown kind, no error")
	}
	if _, err := match.Link(ctx, match.Table{Fields: personFields}, match.Table{Fields: personFields[1:]}, match.Options{}); err == nil {
		t.Error("other fields, no error")
	}
	empty := match.Table{Fields: personFields}
	for _, rows := range [][][]string{nil, {{}}, {{"anna"}}, {{}, {}, {}}, {{"anna"}, {"anna"}}} {
		empty.Rows = rows
		if r, err := match.Dedupe(ctx, empty, match.Options{}); err != nil || len(r.Clusters) != len(rows) {
			t.Errorf("%q: %v, %v", rows, r.Clusters, err)
		}
	}
	if r, err := match.Link(ctx, empty, match.Table{Fields: personFields}, match.Options{}); err != nil || len(r.Clusters) != 2 {
		t.Errorf("an empty second table: %v, %v", r.Clusters, err)
	}
}

// TestChain holds that two clusters of many are not joined by a row that is
// somewhat like either.
func TestChain(t *testing.T) {
	m := newMaker("en", 11)
	m.typos, m.gaps = .02, 0
	table, _ := m.table(800, .2, false)
	first := len(table.Rows)
	one := []string{"margaret", "thornfield", "1961-03-04", "oak street", "7", "10117", "leeds", "+49 151 1000001", "m.thornfield@web.example"}
	two := []string{"quentin", "abernathy", "1988-11-25", "mill road", "93", "80286", "bristol", "+49 170 9988776", "qa1988@qq.com"}
	for range 5 {
		table.Rows = append(table.Rows, slices.Clone(one), slices.Clone(two))
	}
	bridge := slices.Clone(one)
	copy(bridge[3:], two[3:]) // the name of one, the home of the other
	table.Rows = append(table.Rows, bridge)
	r, err := match.Dedupe(t.Context(), table, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := first + 2; i < len(table.Rows)-1; i++ {
		if r.Clusters[i] != r.Clusters[first+(i-first)%2] {
			t.Errorf("rows of one person apart: %d", i)
		}
	}
	if r.Clusters[first] == r.Clusters[first+1] {
		t.Error("two persons are joined through a third row")
	}
}

// TestProcessors holds that results do not depend on scheduling.
func TestProcessors(t *testing.T) {
	table, _ := newMaker("es", 4).table(2000, .3, true)
	a, err := match.Dedupe(t.Context(), table, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b, err := match.Dedupe(t.Context(), table, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("other results on one processor")
	}
}
