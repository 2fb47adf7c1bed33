package table_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/sim/table"
)

func TestExplore(t *testing.T) {
	if os.Getenv("EXPLORE") == "" {
		t.Skip()
	}
	e := newEngine(t)
	m := table.New(table.Options{})
	gen := rapid.SliceOfN(anyCall(), 4, 14)
	seen := map[string]int{}
	n := 1500
	fmt.Sscan(os.Getenv("EXPLORE"), &n)
	seed := 0
	fmt.Sscan(os.Getenv("SEED"), &seed)
	for i := range n {
		calls := gen.Example(i + seed)
		var done []call
		for _, c := range calls {
			done = append(done, c)
			err := sameAnswer(t, e, m, fmt.Sprintf("%d-", i), c)
			if err == errKnown {
				break
			}
			if err != nil {
				p := strings.Split(err.Error(), "\n")
				key := c.Operation
				for _, s := range p[1:] {
					f := strings.SplitN(s, " ", 3)
					rest := f[len(f)-1]
					if i := strings.Index(rest, "{"); i >= 0 {
						rest = rest[i:]
					}
					var o object
					json.Unmarshal([]byte(rest), &o)
					k, _ := o["__type"].(string)
					msg := ""
					if mm, ok := o["message"].(string); ok && k != "" {
						msg = mm
						if len(msg) > 70 {
							msg = msg[:70]
						}
					}
					if x, ok := o["Message"].(string); ok {
						msg = x
						if i := strings.Index(x, "["); i > 0 {
							msg = x[i:]
						}
					}
					key += " | " + k[strings.Index(k, "#")+1:] + " " + msg
				}
				if seen[key]++; seen[key] <= 2 {
					fmt.Println("=====", key, "\n", err)
					if strings.Contains(err.Error(), "engine 200") {
						fmt.Println(lines(done))
					}
				}
				break
			}
		}
	}
	fmt.Println("SUMMARY")
	for k, n := range seen {
		fmt.Println(n, k)
	}
}
