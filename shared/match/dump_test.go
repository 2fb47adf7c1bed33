package match_test

import (
	"fmt"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	for _, s := range sets(t) {
		if s.name != os.Getenv("SET") {
			continue
		}
		r := s.run(t)
		rows := append(s.a.Rows[:len(s.a.Rows):len(s.a.Rows)], s.b.Rows...)
		pr := map[[2]int]int{}
		for i, p := range r.Pairs {
			pr[[2]int{p.A, p.B}] = i + 1
		}
		m := r.Model
		fmt.Println("prior", m.Prior, "blocks", len(r.Blocks))
		for _, c := range m.Comparisons {
			fmt.Print(m.Fields[c.Field].Name)
			for l, v := range c.Levels {
				if v.Name != "" && l > 0 {
					fmt.Printf(" | %s m%.4f u%.6f %.1f", v.Name, v.M, v.U, v.Bits)
				}
			}
			fmt.Println()
		}
		for _, ti := range m.Ties {
			fmt.Printf("tie %s %s %.2f\n", m.Fields[ti.First].Name, m.Fields[ti.Second].Name, ti.Bits)
		}
		for _, re := range m.Relations {
			fmt.Println(re.Name, re.Prior)
		}
		n := 0
		show := func(a, b int, tag string) {
			if n++; n > 40 {
				return
			}
			fmt.Printf("%s\n  %q\n  %q\n", tag, rows[a], rows[b])
			if i := pr[[2]int{a, b}]; i > 0 {
				p := r.Pairs[i-1]
				fmt.Printf("  p %.5f w %.1f merge %v", p.Probability, p.Weight, p.Merge)
				for _, e := range m.Explain(p) {
					fmt.Printf("; %v %s %.1f", e.Fields, e.Level, e.Weight)
				}
				fmt.Println()
			}
		}
		if s.test != nil {
			for i, p := range s.test {
				if got := r.Clusters[p[0]] == r.Clusters[p[1]]; got != s.same[i] {
					show(p[0], p[1], fmt.Sprint("got ", got))
				}
			}
			continue
		}
		for a := range rows {
			for b := a + 1; b < len(rows); b++ {
				if same := s.truth[a] == s.truth[b]; same != (r.Clusters[a] == r.Clusters[b]) && (s.b.Rows == nil || a < len(s.a.Rows) && b >= len(s.a.Rows)) {
					show(a, b, fmt.Sprint("same ", same))
				}
			}
		}
	}
}
