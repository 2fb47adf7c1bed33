package table_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// TestReadsNoClockAndNoChance: the same requests at the same virtual time have
// the same answers, and the SDK's types stay outside.
func TestReadsNoClockAndNoChance(t *testing.T) {
	t.Parallel()
	banned := map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true, "Tick": true, "NewTimer": true, "NewTicker": true}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			if strings.Contains(path, ".") || strings.HasSuffix(path, "/rand") || strings.HasSuffix(path, "/rand/v2") || path == "hash/maphash" ||
				path == "os" || path == "net" || strings.HasPrefix(path, "sluice/") && path != "sluice/shared/schema" {
				t.Errorf("%s imports %s", e.Name(), path)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && banned[s.Sel.Name] {
				t.Errorf("%s uses time.%s", files.Position(n.Pos()), s.Sel.Name)
			}
			return true
		})
	}
}
