package match_test

import (
	"os"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"sluice/shared/match"
)

// long has larger tables matched, and more of them: minutes instead of one.
var long = os.Getenv("LONG") != ""

// TestScale clusters a table of the size of a firm's whole stock; the benchmark has
// one of people of many countries.
func TestScale(t *testing.T) {
	rows := 50_000
	if !long {
		rows = 10_000
	}
	m := newMaker("en", 5).rarer(400)
	table, truth := m.table(rows, .2, true)
	runtime.GC()
	var peak uint64
	start := time.Now()
	stages := map[string]time.Duration{}
	r, err := match.Dedupe(t.Context(), table, match.Options{Progress: func(stage string, _, _ int) {
		stages[stage] = time.Since(start).Round(time.Millisecond)
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		metrics.Read(sample)
		peak = max(peak, sample[0].Value.Uint64()-sample[1].Value.Uint64())
	}})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	all, merges := match.Judge(r.Clusters, truth, 0), match.JudgeMerges(r.Pairs, truth, 0)
	t.Logf("%d rows in %.1f s (%v), %d pairs, %.2f GB | P %.4f R %.4f F1 %.4f | merges P %.4f R %.4f (%d wrong)", r.Rows, took.Seconds(), stages, r.Compared, float64(peak)/1e9,
		all.Precision(), all.Recall(), all.F1(), merges.Precision(), merges.Recall(), merges.FP)
	if merges.Precision() < .995 || all.F1() < .85 {
		t.Errorf("F1 %.4f, precision of merges %.4f", all.F1(), merges.Precision())
	}
	if peak > 1_500_000_000 {
		t.Errorf("%.2f GB", float64(peak)/1e9)
	}
}

func BenchmarkDedupe(b *testing.B) {
	table, _ := newMaker("en", 5).rarer(100).table(5_000, .2, true)
	for b.Loop() {
		if _, err := match.Dedupe(b.Context(), table, match.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnquiry(b *testing.B) {
	m := match.Enquiries()
	stored := m.Prepare([]string{"Vera Lindgrün", "Nordlicht GmbH", "vera@nordlicht.example", "+4915112345678", "Kiel", "DE"})
	for b.Loop() {
		m.Compare(m.Prepare([]string{"Lindgrün, Vera", "Nordlicht", "v.lindgruen@web.example", "+4915112345687", "Kiel", "DE"}), stored, 3)
	}
}
