package match_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sluice/shared/match"
)

// dataFile opens a file of the data that others published. Tests skip without it.
func dataFile(t testing.TB, path ...string) [][]string {
	t.Helper()
	root := os.Getenv("SLUICE_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(root, filepath.Join(path...)))
	if err != nil {
		t.Skipf("the data is not here: %v", err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// set is a data set with its truth.
type set struct {
	name          string
	a, b          match.Table
	truth         []string
	f1, precision float64  // goals
	test          [][2]int // the pairs that are judged, where not all are
	same          []bool   // whether each is one entity
}

func entity(id string) string { return strings.Join(strings.Split(id, "-")[:2], "-") }

func febrl(t testing.TB, file string, hide bool) (match.Table, []string) {
	rows := dataFile(t, "febrl", file)
	kinds := []match.Kind{match.Given, match.Family, match.Number, match.Address, match.Address, match.City, match.Postcode, match.Category, match.Date, match.ID}
	if hide {
		kinds = kinds[:9]
	}
	table := match.Table{}
	for i, k := range kinds {
		table.Fields = append(table.Fields, match.Field{Name: rows[0][i+1], Kind: k})
	}
	var truth []string
	for _, row := range rows[1:] {
		table.Rows = append(table.Rows, row[1:len(kinds)+1])
		truth = append(truth, entity(row[0]))
	}
	return table, truth
}

func fake(t testing.TB) (match.Table, []string) {
	rows := dataFile(t, "splink-fake", "fake_1000.csv")
	table := match.Table{}
	for i, k := range []match.Kind{match.Given, match.Family, match.Date, match.City, match.Email} {
		table.Fields = append(table.Fields, match.Field{Name: rows[0][i+1], Kind: k})
	}
	var truth []string
	for _, row := range rows[1:] {
		table.Rows = append(table.Rows, row[1:6])
		truth = append(truth, row[6])
	}
	return table, truth
}

// matcher reads a set of pairs as two tables of their distinct rows.
func matcher(t testing.TB, name string, fields ...match.Field) set {
	s := set{name: name, a: match.Table{Fields: fields}, b: match.Table{Fields: fields}}
	left, right := map[string]int{}, map[string]int{}
	n := len(fields)
	var pairs [][2]int
	for _, file := range []string{"train", "valid", "test"} {
		for _, row := range dataFile(t, "deepmatcher-pairs", name, file+".csv")[1:] {
			place := func(table *match.Table, seen map[string]int, values []string) int {
				key := strings.Join(values, "\x00")
				if _, ok := seen[key]; !ok {
					seen[key] = len(table.Rows)
					table.Rows = append(table.Rows, values)
				}
				return seen[key]
			}
			i := place(&s.a, left, row[2:2+n])
			j := place(&s.b, right, row[2+n:2+2*n])
			if file == "test" {
				pairs = append(pairs, [2]int{i, j})
				s.same = append(s.same, row[1] == "1")
			}
		}
	}
	for _, p := range pairs {
		s.test = append(s.test, [2]int{p[0], p[1] + len(s.a.Rows)})
	}
	return s
}

func sets(t testing.TB) []set {
	var list []set
	add := func(name string, table match.Table, truth []string, f1 float64) {
		list = append(list, set{name: name, a: table, truth: truth, f1: f1})
	}
	for _, f := range []struct {
		file string
		hide bool
		f1   float64
	}{{"dataset1.csv", false, .99}, {"dataset2.csv", false, .99}, {"dataset3.csv", false, .99}, {"dataset1.csv", true, .95}, {"dataset2.csv", true, .95}, {"dataset3.csv", true, .95}} {
		table, truth := febrl(t, f.file, f.hide)
		name := "febrl " + f.file[7:8]
		if f.hide {
			name += " no id"
		}
		add(name, table, truth, f.f1)
	}
	for _, hide := range []bool{false, true} {
		a, truthA := febrl(t, "dataset4a.csv", hide)
		b, truthB := febrl(t, "dataset4b.csv", hide)
		name := "febrl 4"
		if hide {
			name += " no id"
		}
		list = append(list, set{name: name, a: a, b: b, truth: append(truthA, truthB...), f1: .995})
		if !hide {
			half := match.Table{Fields: b.Fields}
			truth := append([]string(nil), truthA...)
			for i := range b.Rows {
				if i%2 == 0 {
					half.Rows = append(half.Rows, b.Rows[i])
					truth = append(truth, truthB[i])
				}
			}
			list = append(list, set{name: "febrl 4 half", a: a, b: half, truth: truth, f1: .995})
		}
	}
	table, truth := fake(t)
	add("fake_1000", table, truth, .84)
	list[len(list)-1].precision = .95
	fz := matcher(t, "fodors-zagats", match.Field{Name: "name", Kind: match.Company}, match.Field{Name: "addr", Kind: match.Address},
		match.Field{Name: "city", Kind: match.City}, match.Field{Name: "phone", Kind: match.Phone}, match.Field{Name: "type", Kind: match.Category})
	fz.f1 = .98
	da := matcher(t, "dblp-acm", match.Field{Name: "title", Kind: match.Text}, match.Field{Name: "authors", Kind: match.Full},
		match.Field{Name: "venue", Kind: match.Category}, match.Field{Name: "year", Kind: match.Number})
	da.f1 = .98
	return append(list, fz, da)
}

// judged returns the quality of clusters and of merges.
func (s set) judged(r match.Result) (all, merges match.Quality) {
	if s.test == nil {
		return match.Judge(r.Clusters, s.truth, s.first()), match.JudgeMerges(r.Pairs, s.truth, s.first())
	}
	merged := map[[2]int]bool{}
	for _, p := range r.Pairs {
		if p.Merge {
			merged[[2]int{p.A, p.B}] = true
		}
	}
	tally := func(q *match.Quality, found, same bool) {
		switch {
		case found && same:
			q.TP++
		case found:
			q.FP++
		case same:
			q.FN++
		}
	}
	for i, p := range s.test {
		tally(&all, r.Clusters[p[0]] == r.Clusters[p[1]], s.same[i])
		tally(&merges, merged[p], s.same[i])
	}
	return all, merges
}

func (s set) first() int {
	if s.b.Rows == nil {
		return 0
	}
	return len(s.a.Rows)
}

func (s set) run(t testing.TB) match.Result {
	var r match.Result
	var err error
	if s.b.Rows == nil {
		r, err = match.Dedupe(t.Context(), s.a, match.Options{})
	} else {
		r, err = match.Link(t.Context(), s.a, s.b, match.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestData measures against the sets that others published.
func TestData(t *testing.T) {
	for _, s := range sets(t) {
		t.Run(s.name, func(t *testing.T) {
			if !long && len(s.a.Rows) > 4000 {
				t.Skip("takes long")
			}
			start := time.Now()
			r := s.run(t)
			took := time.Since(start).Seconds()
			all, merges := s.judged(r)
			t.Logf("%-14s P %.4f R %.4f F1 %.4f | merges P %.4f R %.4f (%d wrong) | %.1f s %.0f rows/s %d pairs", s.name, all.Precision(), all.Recall(), all.F1(),
				merges.Precision(), merges.Recall(), merges.FP, took, float64(r.Rows)/took, r.Compared)
			if all.F1() < s.f1 || all.Precision() < s.precision {
				t.Errorf("F1 %.4f at precision %.4f, want %.4f at %.4f", all.F1(), all.Precision(), s.f1, s.precision)
			}
			if merges.Precision() < .995 {
				t.Errorf("precision of merges %.4f, want 0.995", merges.Precision())
			}
		})
	}
}
