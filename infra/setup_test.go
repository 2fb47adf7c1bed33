package main

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"
)

func TestMain(m *testing.M) {
	must(os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20"))
	folder, err := os.MkdirTemp("", "infra")
	must(err)
	must(os.Setenv("TMPDIR", folder)) // the assets are made here
	code := m.Run()
	jsii.Close()
	must(os.RemoveAll(folder))
	os.Exit(code)
}

// The app is built once in each shape, as cdk.json has it.
var (
	cloud = sync.OnceValue(func() model { return synthesise(nil) })
	local = sync.OnceValue(func() model { return synthesise(map[string]any{"local": true}) })
)

// model is the two templates as Go sees them.
type model struct {
	raw       map[string]any // by stack
	resources map[string]resource
	exports   map[string]any
	outputs   []string
	errors    []string // annotations, cdk-nag's findings among them
}

type resource struct {
	id         string
	Type       string
	Properties map[string]any
	DependsOn  []string
	Metadata   map[string]any

	DeletionPolicy      string
	UpdateReplacePolicy string
}

func synthesise(overrides map[string]any) model {
	context := cdkContext()
	maps.Copy(context, overrides)
	context["assets"] = stubAssets()
	opts, err := readOptions(func(name string) any { return context[name] })
	must(err)
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, AnalyticsReporting: jsii.Bool(false)})
	data, sluice := build(app, opts)
	m := model{raw: map[string]any{}, resources: map[string]resource{}, exports: map[string]any{}}
	for _, stack := range []awscdk.Stack{data.Stack, sluice.Stack} {
		m.read(stack)
	}
	return m
}

func (m *model) read(stack awscdk.Stack) {
	text, err := json.Marshal(assertions.Template_FromStack(stack, nil).ToJSON())
	must(err)
	var template struct {
		Resources map[string]resource
		Outputs   map[string]struct {
			Value  any
			Export struct{ Name string }
		}
	}
	must(json.Unmarshal(text, &template))
	var raw any
	must(json.Unmarshal(text, &raw))
	m.raw[*stack.StackName()] = raw
	for id, r := range template.Resources {
		r.id = id
		if _, taken := m.resources[id]; taken {
			panic("two stacks use the id " + id)
		}
		m.resources[id] = r
	}
	for id, out := range template.Outputs {
		if out.Export.Name != "" {
			m.exports[out.Export.Name] = out.Value
		} else {
			m.outputs = append(m.outputs, id)
		}
	}
	for _, message := range *assertions.Annotations_FromStack(stack).FindError(jsii.String("*"), assertions.Match_AnyValue()) {
		m.errors = append(m.errors, fmt.Sprintf("%s: %v", *message.Id, message.Entry.Data))
	}
}

// cdkContext is the context that the CDK's command line would pass.
func cdkContext() map[string]any {
	text, err := os.ReadFile("../cdk.json")
	must(err)
	var file struct{ Context map[string]any }
	must(json.Unmarshal(text, &file))
	return file.Context
}

// stubAssets makes a folder with a stub of each function.
func stubAssets() string {
	folder, err := os.MkdirTemp("", "assets")
	must(err)
	for _, f := range functions() {
		must(os.MkdirAll(filepath.Join(folder, f.Name), 0o700))
		must(os.WriteFile(filepath.Join(folder, f.Name, "bootstrap"), []byte(f.Name), 0o700))
	}
	return folder
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// of walks the resources of a type in the order of their ids. There must be at
// least one, so that no loop over them passes by finding nothing.
func (m model) of(t *testing.T, kind string) iter.Seq[resource] {
	t.Helper()
	found := m.count(kind)
	if len(found) == 0 {
		t.Fatalf("no %s in the templates", kind)
	}
	return slices.Values(found)
}

func (m model) count(kind string) []resource {
	var found []resource
	for _, id := range slices.Sorted(maps.Keys(m.resources)) {
		if m.resources[id].Type == kind {
			found = append(found, m.resources[id])
		}
	}
	return found
}

// get follows a path of keys into the properties.
func (r resource) get(path ...string) any {
	var at any = r.Properties
	for _, key := range path {
		object, _ := at.(map[string]any)
		at = object[key]
	}
	return at
}

// text renders a value with each reference as <id> or <id.Attribute>, imports
// followed to the other stack.
func (m model) text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case map[string]any:
		if ref, ok := v["Ref"].(string); ok {
			return "<" + ref + ">"
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprintf("<%s.%s>", get...)
		}
		if name, ok := v["Fn::ImportValue"].(string); ok {
			return m.text(m.exports[name])
		}
		if join, ok := v["Fn::Join"].([]any); ok {
			var parts []string
			for _, part := range join[1].([]any) {
				parts = append(parts, m.text(part))
			}
			return strings.Join(parts, join[0].(string))
		}
	}
	return fmt.Sprint(value)
}

// target is the resource that a rendered value refers to.
func (m model) target(value any) resource {
	_, rest, _ := strings.Cut(m.text(value), "<")
	id, _, _ := strings.Cut(rest, ">")
	id, _, _ = strings.Cut(id, ".")
	return m.resources[id]
}

// list takes what a policy writes as one value or several.
func list(value any) []any {
	if value == nil {
		return nil
	}
	if values, ok := value.([]any); ok {
		return values
	}
	return []any{value}
}
