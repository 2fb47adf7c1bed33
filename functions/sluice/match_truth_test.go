package main

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/match"
)

func sheetOf(t *testing.T, name, text string) *sheet {
	t.Helper()
	s, err := parseSheet(t.Context(), name, strings.NewReader(text), sheetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestColumnTruth(t *testing.T) {
	t.Parallel()
	one := sheetOf(t, "a.csv", "name,who\nAda,x\nAda E.,x\nBo,y\nCy,\nDi,z\n")
	known, err := columnTruth("who", []*sheet{one})
	if err != nil {
		t.Fatal(err)
	}
	// Ada's two rows are together with Bo's; the fourth row is not judged.
	if got, want := known.judge([]int{0, 0, 0, 0, 4}), (match.Quality{TP: 1, FP: 2}); got != want {
		t.Errorf("judged %+v, want %+v", got, want)
	}
	if got, want := known.judge([]int{0, 1, 2, 3, 4}), (match.Quality{FN: 1}); got != want {
		t.Errorf("judged %+v, want %+v", got, want)
	}
	two := sheetOf(t, "b.csv", "name,who\nAda,x\nDi,z\nDi D.,z\n")
	if known, err = columnTruth("who", []*sheet{one, two}); err != nil {
		t.Fatal(err)
	}
	// Across the tables x is two pairs and z is two.
	if got, want := known.judge([]int{0, 0, 2, 3, 4, 0, 4, 2}), (match.Quality{TP: 3, FP: 1, FN: 1}); got != want {
		t.Errorf("judged %+v, want %+v", got, want)
	}
	if _, err := columnTruth("woh", []*sheet{one}); err == nil || !strings.Contains(err.Error(), "there are name, who") {
		t.Error(err)
	}
}

func TestListTruth(t *testing.T) {
	t.Parallel()
	one, two := sheetOf(t, "a.csv", "name,id\nAda,1\nAda E.,2\nBo,3\nCy,4\n"), sheetOf(t, "b.csv", "id,name\n2,Bo\n1,Ada\n")
	for name, c := range map[string]struct {
		pairs, id string
		sheets    []*sheet
		group     []int
		want      match.Quality
	}{
		"one table":     {"id_l,id_r\n1,2\n2,1\n3,4\n", "", []*sheet{one}, []int{0, 0, 0, 3}, match.Quality{TP: 1, FP: 2, FN: 1}},
		"a named id":    {"x,y\n1,2\n", "id", []*sheet{one}, []int{0, 0, 2, 2}, match.Quality{TP: 1, FP: 1}},
		"one name":      {"id,id\n1,2\n", "", []*sheet{one}, []int{0, 0, 2, 3}, match.Quality{TP: 1}},
		"labels":        {"id_1,id_2,label\n1,2,1\n3,4,0\n1,4,1\n1,3,false\n", "", []*sheet{one}, []int{0, 0, 2, 2}, match.Quality{TP: 1, FP: 1, FN: 1}},
		"two tables":    {"id_a,id_b\n1,1\n3,2\n", "", []*sheet{one, two}, []int{0, 0, 2, 3, 3, 0}, match.Quality{TP: 1, FP: 2, FN: 1}},
		"labels of two": {"id_a,id_b,same\n1,1,1\n3,2,1\n4,2,0\n", "", []*sheet{one, two}, []int{0, 0, 2, 3, 3, 0}, match.Quality{TP: 1, FP: 1, FN: 1}},
	} {
		known, err := listTruth(t.Context(), write(t, "pairs.csv", c.pairs), c.id, c.sheets, sheetOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := known.judge(c.group); got != c.want {
			t.Errorf("%s: judged %+v, want %+v", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		pairs, id, want string
		sheets          []*sheet
	}{
		"no such row":      {"id_l,id_r\n1,2\n1,9\n", "", `pairs.csv:3: no row has the id "9"`, []*sheet{one}},
		"no such column":   {"id_l,id_r\n1,2\n", "rec", `there is no column "rec"`, []*sheet{one}},
		"no column known":  {"x,y\n1,2\n", "", "say with -id which column of a.csv", []*sheet{one}},
		"not in the other": {"id_l,id_r\n1,3\n", "", `no row has the id "3"`, []*sheet{one, two}},
		"itself":           {"id_l,id_r\n1,1\n", "", "paired with itself", []*sheet{one}},
		"label":            {"id_l,id_r,l\n1,2,maybe\n", "", `the label is "maybe"`, []*sheet{one}},
		"yes and no":       {"id_l,id_r,l\n1,2,1\n2,1,0\n", "", "said to be the same, and not to be", []*sheet{one}},
		"four columns":     {"id_l,id_r,l,m\n1,2,1,1\n", "", "there are 4 columns", []*sheet{one}},
		"same id":          {"name_l,name_r\nBo,Ada\n", "name", `b.csv:3: name is "Ada" as on line 2`, []*sheet{one, sheetOf(t, "b.csv", "id,name\n1,Ada\n2,Ada\n")}},
	} {
		if _, err := listTruth(t.Context(), write(t, "pairs.csv", c.pairs), c.id, c.sheets, sheetOptions{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A list of all true pairs judges as the column that they are from does.
func TestListAndColumnAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entities := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 20).Draw(t, "entities")
		group := rapid.SliceOfN(rapid.IntRange(0, 4), len(entities), len(entities)).Draw(t, "group")
		split := 0
		if rapid.Bool().Draw(t, "two") && len(entities) > 1 {
			split = rapid.IntRange(1, len(entities)-1).Draw(t, "split")
		}
		column, list := truth{split: split}, truth{split: split, same: map[[2]int]bool{}}
		for i, e := range entities {
			column.entity = append(column.entity, fmt.Sprint("e", e))
			for j := range i {
				if across := j < split && i >= split; entities[j] == e && (split == 0 || across) {
					list.same[[2]int{j, i}] = true
				}
			}
		}
		if a, b := column.judge(group), list.judge(group); a != b {
			t.Fatalf("the column judges %+v, the list %+v", a, b)
		}
	})
}

func TestMergedGroupsAreTransitive(t *testing.T) {
	t.Parallel()
	pairs := []match.Pair{{A: 3, B: 4, Merge: true}, {A: 1, B: 2}, {A: 0, B: 4, Merge: true}, {A: 0, B: 3, Merge: true}}
	if got := fmt.Sprint(mergedGroups(6, pairs)); got != "[0 1 2 0 0 5]" {
		t.Errorf("merged as %s", got)
	}
}
