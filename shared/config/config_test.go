package config_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sluice/shared/config"
)

// functions has the configuration of every function. Each loads itself.
var functions = map[string]struct {
	empty any
	load  func(func(string) string) (any, error)
}{
	"Capture": {config.Capture{}, load[config.Capture]},
	"Intake":  {config.Intake{}, load[config.Intake]},
	"Relay":   {config.Relay{}, load[config.Relay]},
	"Route":   {config.Route{}, load[config.Route]},
	"Score":   {config.Score{}, load[config.Score]},
	"Sweep":   {config.Sweep{}, load[config.Sweep]},
	"Train":   {config.Train{}, load[config.Train]},
	"Deliver": {config.Deliver{}, load[config.Deliver]},
	"Desk":    {config.Desk{}, load[config.Desk]},
}

func load[T any](getenv func(string) string) (any, error) { return config.Load[T](getenv) }

// parts are structs that configurations embed.
var parts = []string{"AWS", "Vault"}

// TestEveryConfig finds a configuration that was declared and then forgotten in
// these tests.
func TestEveryConfig(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() && !slices.Contains(parts, spec.Name.Name) {
			declared = append(declared, spec.Name.Name)
		}
		return true
	})
	slices.Sort(declared)
	if tested := slices.Sorted(maps.Keys(functions)); !slices.Equal(declared, tested) {
		t.Errorf("declared are %v, tested %v", declared, tested)
	}
}

// TestRoundTrip renders every configuration as the stack does and loads it as
// the function does.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, function := range functions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			filled := fill(function.empty)
			env, err := config.Environ(filled)
			if err != nil {
				t.Fatal(err)
			}
			loaded, err := function.load(func(name string) string {
				if name == "AWS_REGION" { // set by the runtime, never by the stack
					if env[name] != "" {
						t.Errorf("the stack sets %s", name)
					}
					return "AWS.Region"
				}
				return env[name]
			})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(loaded, filled) {
				t.Errorf("got %+v\nwant %+v", loaded, filled)
			}
		})
	}
}

// TestTags holds that each variable has a name of its own and a known mode.
func TestTags(t *testing.T) {
	t.Parallel()
	for name, function := range functions {
		seen := map[string]bool{}
		for path, tag := range tags(function.empty) {
			variable, mode, _ := strings.Cut(tag, ",")
			if variable == "" || variable != strings.ToUpper(variable) || seen[variable] {
				t.Errorf("%s: %s has the variable %q, empty or taken", name, path, variable)
			}
			seen[variable] = true
			if !slices.Contains([]string{"", "optional", "runtime"}, mode) {
				t.Errorf("%s: %s is %q", name, path, mode)
			}
		}
	}
}

// TestMissing reports every missing field at once, on both sides.
func TestMissing(t *testing.T) {
	t.Parallel()
	for name, function := range functions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, rendered := config.Environ(function.empty)
			_, loaded := function.load(func(string) string { return "" })
			for path, tag := range tags(function.empty) {
				variable, mode, _ := strings.Cut(tag, ",")
				line := "config " + path + ": " + variable + " is not set"
				if got := reports(loaded, line); got != (mode != "optional") {
					t.Errorf("loading reports %s: %t", path, got)
				}
				if got := reports(rendered, line); got != (mode == "") {
					t.Errorf("rendering reports %s: %t", path, got)
				}
			}
		})
	}
}

// TestOptional renders nothing for what is not set.
func TestOptional(t *testing.T) {
	t.Parallel()
	env, err := config.Environ(config.Route{Table: "leads"})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"SLUICE_TABLE": "leads"}; !maps.Equal(env, want) {
		t.Errorf("got %v, want %v", env, want)
	}
}

func reports(err error, line string) bool {
	return err != nil && slices.Contains(strings.Split(err.Error(), "\n"), line)
}

// fill sets every field to a value of its own.
func fill(empty any) any {
	v := reflect.New(reflect.TypeOf(empty)).Elem()
	walk(v, func(path, _ string, field reflect.Value) { field.SetString(path) })
	return v.Interface()
}

// tags lists the env tags by field.
func tags(cfg any) map[string]string {
	found := map[string]string{}
	walk(reflect.ValueOf(cfg), func(path, tag string, _ reflect.Value) { found[path] = tag })
	return found
}

func walk(v reflect.Value, visit func(path, tag string, field reflect.Value)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Type.Kind() == reflect.Struct {
			walk(v.Field(i), visit)
			continue
		}
		visit(v.Type().Name()+"."+f.Name, f.Tag.Get("env"), v.Field(i))
	}
}
