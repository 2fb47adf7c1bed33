package match_test

import (
	"fmt"
	"testing"
	"time"

	"sluice/shared/match"
)

// TestMade measures tables of made-up persons in several languages: whatever
// they are like, what is merged without a person must be right.
func TestMade(t *testing.T) {
	type sample struct {
		name  string
		table match.Table
		truth []string
		f1    float64
	}
	var samples []sample
	languages := []string{"en", "de", "zh", "es"}
	if !long {
		languages = []string{"en", "zh"}
	}
	for i, language := range languages {
		for _, duplicates := range []float64{0, .02, .3} {
			table, truth := newMaker(language, uint64(i)*10+uint64(duplicates*100)).table(1200, duplicates, true)
			f1 := map[float64]float64{0: 0, .02: .6, .3: .92}[duplicates]
			add := func(name string, table match.Table, f1 float64) {
				samples = append(samples, sample{fmt.Sprintf("%s %.0f%% %s", language, duplicates*100, name), table, truth, f1})
			}
			add("all", table, f1)
			add("full", whole(table, language), f1*.95)
			if language == "zh" || long {
				add("name, birth", columns(table, 0, 1, 2), f1*.9)
				add("name, mail, phone", columns(table, 0, 1, 7, 8), 0)
				add("name, city", columns(table, 0, 1, 6), 0)
				add("full, city", columns(whole(table, language), 0, 5), 0)
			}
			table, truth = newMaker(language, uint64(i)+uint64(duplicates*100)).rarer(60).firms(800, duplicates)
			add("firms", table, f1*.9)
			add("firms by name, city", columns(table, 0, 2), 0)
		}
		table, truth := newMaker(language, uint64(i)+77).table(100, .2, true)
		samples = append(samples, sample{language + " hundred", table, truth, 0})
		table, truth = newMaker(language, uint64(i)+99).table(2000, .3, true)
		for r := range table.Rows { // the same twice, and a column of nothing
			table.Rows[r] = append(table.Rows[r], table.Rows[r][6], table.Rows[r][8], "")
		}
		table.Fields = append(table.Fields[:9:9], match.Field{Name: "town", Kind: match.Category}, match.Field{Name: "mail 2", Kind: match.Email}, match.Field{Name: "fax", Kind: match.Phone})
		samples = append(samples, sample{language + " twice", table, truth, .8})
	}
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			start := time.Now()
			r, err := match.Dedupe(t.Context(), s.table, match.Options{})
			if err != nil {
				t.Fatal(err)
			}
			all, merges := match.Judge(r.Clusters, s.truth, 0), match.JudgeMerges(r.Pairs, s.truth, 0)
			t.Logf("%-22s true %4d P %.4f R %.4f F1 %.4f | merges P %.4f R %.4f (%d wrong of %d) | %.1f s", s.name, all.TP+all.FN, all.Precision(), all.Recall(), all.F1(),
				merges.Precision(), merges.Recall(), merges.FP, merges.TP+merges.FP, time.Since(start).Seconds())
			if all.F1() < s.f1 && all.TP+all.FN > 0 {
				t.Errorf("F1 %.4f, want %.4f", all.F1(), s.f1)
			}
			if float64(merges.FP) > .005*float64(merges.TP+merges.FP) {
				t.Errorf("%d of %d merges are wrong", merges.FP, merges.TP+merges.FP)
			}
		})
	}
}
