// Package shared_test holds which package may import which.
package shared_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "sluice/"

// pure lists the packages that decide, each with those of ours that it may
// import: only what lies below it. A decision that reads no clock, no random
// number and no environment can be rehearsed on history and simulated.
var pure = map[string][]string{
	"shared/lead":            {}, // what everything else is about: it knows nobody
	"shared/identity":        {"shared/lead"},
	"shared/rule":            {"shared/lead"},
	"shared/form":            {"shared/lead", "shared/identity"},
	"shared/predict":         {},                                 // what a learned model says, and why
	"shared/gauge":           {},                                 // how well it says it
	"shared/learn":           {"shared/predict", "shared/gauge"}, // how it comes about
	"shared/score":           {"shared/lead", "shared/rule", "shared/predict", "shared/gauge"},
	"shared/hours":           {"shared/lead", "shared/rule"},
	"shared/pool":            {"shared/lead", "shared/policy"}, // what the stock sweep decides, and its figures
	"shared/dial":            {},                               // how many numbers to dial
	"shared/webhook":         {},                               // signatures of webhooks
	"shared/route":           {"shared/lead", "shared/rule", "shared/hours"},
	"shared/match":           {"shared/lead", "shared/identity"}, // which rows are one person or company
	"shared/policy":          {"shared/lead", "shared/identity", "shared/match", "shared/rule", "shared/form", "shared/score", "shared/hours", "shared/route"},
	"shared/policy/document": {"shared/lead", "shared/identity", "shared/match", "shared/rule", "shared/form", "shared/score", "shared/hours", "shared/route", "shared/policy"},
}

// small lists the modules that a pure package may import. They compute and do
// nothing else, or they read what they are handed.
var small = []string{
	"github.com/expr-lang/expr", // conditions
	"github.com/goccy/go-yaml",  // the policy document, with the line of each fault
	"github.com/nyaruka/phonenumbers",
	"github.com/rickar/cal/v2", // public holidays: rules of date and Easter, worked out
	"github.com/santhosh-tekuri/jsonschema/v6",
	"golang.org/x/net/idna",
	"golang.org/x/net/publicsuffix",
	"golang.org/x/text",
	"gonum.org/v1/gonum", // quantiles of distributions
}

// effects lists the standard packages that a pure one may not import: they
// reach the world outside, or chance.
var effects = []string{
	"os", "net", "net/http", "net/smtp", "net/rpc", "database", "syscall", "plugin", "math/rand", "crypto/rand",
}

// ban keeps packages from others, as From does or would come to import them.
type ban struct {
	from   []string // import paths, each with what is below it
	except []string
	to     []string
	direct bool // only what the package names itself, not what that brings along
	why    string
}

const (
	awsSDK = "github.com/aws/aws-sdk-go-v2"
	cdk    = "github.com/aws/aws-cdk-go"
)

func bans() []ban {
	return []ban{{
		from: []string{"sluice/shared", "sluice/functions"},
		except: []string{
			"sluice/shared/client", "sluice/shared/dynamo", "sluice/shared/queue", "sluice/shared/deliver", "sluice/shared/vault",
			"sluice/shared/local", "sluice/shared/leadtest", "sluice/shared/sim", "sluice/functions",
		},
		to: []string{awsSDK, "github.com/aws/smithy-go"}, direct: true,
		why: "the SDK's types and errors stop at the adapters",
	}, {
		from: purePaths(), to: []string{awsSDK, "github.com/aws/aws-lambda-go"},
		why: "a decision is the same wherever it is made",
	}, {
		from: []string{"sluice/shared/config", "sluice/shared/schema"}, to: []string{awsSDK, "github.com", "golang.org", "sluice/shared/app"},
		why: "the stack imports them: they are names and no more",
	}, {
		from: []string{"sluice/shared/app", "sluice/shared/train"}, direct: true,
		to:  []string{"sluice/shared/client", "sluice/shared/dynamo", "sluice/shared/queue", "sluice/shared/vault", "sluice/shared/desk", "sluice/shared/local", "sluice/shared/config"},
		why: "the use cases declare their ports; the mains choose the adapters",
	}, {
		from: []string{"sluice/functions"}, except: []string{"sluice/functions/sluice"},
		to:  []string{"sluice/shared/local", "sluice/shared/leadtest", "sluice/shared/sim"},
		why: "what is deployed carries nothing of the laptop's",
	}, {
		from: []string{"sluice/functions"}, except: []string{"sluice/functions/sluice"},
		to:  []string{awsSDK + "/config"},
		why: "it costs 8 ms of every cold start; package client does without",
	}, {
		from: []string{"sluice/shared", "sluice/functions"}, except: []string{"sluice/shared/learn", "sluice/shared/train", "sluice/functions/train", "sluice/functions/sluice"},
		to:  []string{"sluice/shared/learn"},
		why: "only what trains carries a learner: to score by a model takes package predict",
	}, {
		from: []string{"sluice"}, to: []string{"sluice/shared/leadtest"}, direct: true,
		except: []string{"sluice/shared/leadtest"},
		why:    "it is for tests",
	}, {
		from: []string{"sluice/shared", "sluice/functions"}, to: []string{cdk, "sluice/infra"},
		why: "a function does not know how it is deployed, and the CDK is compiled only for the stack",
	}, {
		from: []string{"sluice/shared"}, to: []string{"sluice/functions"}, direct: true,
		why: "mains import packages, never the other way round",
	}}
}

func purePaths() []string {
	var paths []string
	for name := range pure {
		paths = append(paths, module+name)
	}
	return paths
}

// goPackage is what go list says of a package; Imports are without its tests'.
type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

func packages(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e"}, args...)...)
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var list []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p goPackage
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func TestImports(t *testing.T) {
	t.Parallel()
	sources(t, func(string) {}) // opens every file, so that no older result of this test counts
	standard := map[string]bool{}
	var ours []goPackage
	for _, p := range packages(t, "-deps", "-json=ImportPath,Imports,Deps,Standard", "./shared/...", "./functions/...") {
		standard[p.ImportPath] = p.Standard
		if strings.HasPrefix(p.ImportPath, module) {
			ours = append(ours, p)
		}
	}
	for _, p := range ours {
		if own, ok := pure[strings.TrimPrefix(p.ImportPath, module)]; ok {
			checkPure(t, p, own, standard)
		}
		for _, b := range bans() {
			checkBan(t, p, b)
		}
	}
}

func checkPure(t *testing.T, p goPackage, own []string, standard map[string]bool) {
	t.Helper()
	for _, path := range p.Imports {
		name, isOurs := strings.CutPrefix(path, module)
		switch {
		case isOurs && !slices.Contains(own, name):
			t.Errorf("%s imports %s: a pure package imports only what lies below it", p.ImportPath, path)
		case isOurs:
		case standard[path] && isEffect(path):
			t.Errorf("%s imports %s: a pure package reaches nothing outside itself", p.ImportPath, path)
		case !standard[path] && !slices.ContainsFunc(small, func(m string) bool { return below(path, m) }):
			t.Errorf("%s imports %s: a pure package imports small pure modules only", p.ImportPath, path)
		}
	}
}

// isEffect takes everything below a listed package too, except below net, where
// addresses are parsed.
func isEffect(path string) bool {
	return slices.ContainsFunc(effects, func(e string) bool { return path == e || e != "net" && below(path, e) })
}

func checkBan(t *testing.T, p goPackage, b ban) {
	t.Helper()
	in := func(paths []string, path string) bool {
		return slices.ContainsFunc(paths, func(q string) bool { return below(path, q) })
	}
	if !in(b.from, p.ImportPath) || in(b.except, p.ImportPath) {
		return
	}
	imports := p.Deps
	if b.direct {
		imports = p.Imports
	}
	for _, path := range imports {
		if in(b.to, path) {
			t.Errorf("%s imports %s: %s", p.ImportPath, path, b.why)
		}
	}
}

// TestInfraImports reads only what the stack names itself: listing all of the
// CDK takes long.
func TestInfraImports(t *testing.T) {
	t.Parallel()
	allowed := []string{
		"sluice/shared/config", "sluice/shared/schema", // the names that the functions use
		cdk, "github.com/aws/constructs-go", "github.com/aws/jsii-runtime-go", "github.com/cdklabs/cdk-nag-go",
	}
	for _, p := range packages(t, "-json=ImportPath,Imports", "./infra") {
		for _, path := range p.Imports {
			first, _, _ := strings.Cut(path, "/")
			if !strings.Contains(first, ".") && first != "sluice" { // the standard library
				continue
			}
			if !slices.ContainsFunc(allowed, func(a string) bool { return below(path, a) }) {
				t.Errorf("%s imports %s: the stack builds what the functions are configured with, and runs none of it", p.ImportPath, path)
			}
		}
	}
}

// TestPureReadsNoClock looks for calls that make a decision depend on when or
// where it is made. Time comes in as an argument.
func TestPureReadsNoClock(t *testing.T) {
	t.Parallel()
	banned := map[string][]string{
		"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
		"os":   {"Getenv", "LookupEnv", "Environ"},
	}
	sources(t, func(path string) {
		if _, ok := pure[filepath.ToSlash(filepath.Dir(path))]; !ok {
			return
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, filepath.Join("..", path), nil, 0)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && slices.Contains(banned[x.Name], selector.Sel.Name) {
				t.Errorf("%s uses %s.%s: a pure package is handed the moment", files.Position(n.Pos()), x.Name, selector.Sel.Name)
			}
			return true
		})
	})
}

// TestMainsAreWiring keeps the functions to reading their configuration,
// building adapters and starting.
func TestMainsAreWiring(t *testing.T) {
	t.Parallel()
	const most = 60
	lines := map[string]int{}
	sources(t, func(path string) {
		if function, ok := strings.CutPrefix(filepath.ToSlash(filepath.Dir(path)), "functions/"); ok && function != "sluice" {
			data, err := os.ReadFile(filepath.Join("..", path))
			if err != nil {
				t.Fatal(err)
			}
			lines[function] += bytes.Count(data, []byte("\n"))
		}
	})
	for function, n := range lines {
		if n > most {
			t.Errorf("function %s has %d lines: what it does belongs into a package (at most %d)", function, n, most)
		}
	}
}

// sources visits every Go file of packages and functions that is no test, by its
// path from the top.
func sources(t *testing.T, visit func(path string)) {
	t.Helper()
	for _, top := range []string{"shared", "functions", "infra"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata"):
				return fs.SkipDir
			case entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			relative, err := filepath.Rel("..", path)
			visit(relative)
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// below reports whether the import path is the other one or lies below it.
func below(path, other string) bool {
	return path == other || strings.HasPrefix(path, other+"/")
}
