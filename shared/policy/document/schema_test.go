package document_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
)

// TestSchemaKnowsEveryField: the schemas and the types they describe have the
// same fields, so that none can be added to one alone.
func TestSchemaKnowsEveryField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		schema string
		of     reflect.Type
		ignore []string
	}{
		"policy": {document.Schema(), reflect.TypeFor[policy.Document](), nil},
		"reps":   {document.RepsSchema(), reflect.TypeFor[[]lead.Rep](), []string{"[].rev"}},
	} {
		var root map[string]any
		if err := json.Unmarshal([]byte(c.schema), &root); err != nil {
			t.Fatal(err)
		}
		inSchema, inType := map[string]bool{}, map[string]bool{}
		schemaFields(root, root, "", inSchema)
		typeFields(c.of, "", inType)
		for _, field := range c.ignore {
			delete(inType, field)
		}
		if len(inType) < 10 {
			t.Fatalf("%s: only %d fields seen", name, len(inType))
		}
		for _, field := range slices.Sorted(maps.Keys(inType)) {
			if !inSchema[field] && !strings.HasSuffix(field, ofAnyName) {
				t.Errorf("%s: the schema lacks %s", name, field)
			}
		}
		for _, field := range slices.Sorted(maps.Keys(inSchema)) {
			if at := strings.LastIndex(field, "."); !inType[field] && !inType[field[:max(0, at)]+ofAnyName] {
				t.Errorf("%s: the type lacks %s", name, field)
			}
		}
	}
}

// turns is where territories begin anew within territories.
const turns = ".inside[].inside[]"

// schemaFields notes the path of every property, and refuses objects that are
// open or lists and properties that say nothing.
func schemaFields(root, schema map[string]any, path string, fields map[string]bool) {
	if strings.HasSuffix(path, turns) {
		return
	}
	if reference, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(reference, "#/$defs/")
		schemaFields(root, root["$defs"].(map[string]any)[name].(map[string]any), path, fields)
		return
	}
	if items, ok := schema["items"].(map[string]any); ok {
		schemaFields(root, items, path+"[]", fields)
	}
	properties, _ := schema["properties"].(map[string]any)
	if open := schema["additionalProperties"]; schema["type"] == "object" && open == nil {
		fields[path+" is open to any field"] = true
	}
	if values, ok := schema["additionalProperties"].(map[string]any); ok {
		fields[path+ofAnyName] = true
		schemaFields(root, values, path+ofAnyName, fields)
	}
	for name, property := range properties {
		below := strings.TrimPrefix(path+"."+name, ".")
		if slices.Contains(lead.Grades, lead.Grade(name)) || strings.HasSuffix(path, ".signals") { // keys of a map
			below = path + ofAnyName
		}
		fields[below] = true
		schemaFields(root, property.(map[string]any), below, fields)
	}
}

// ofAnyName ends the path of a map whose keys the schema may list.
const ofAnyName = ".*"

func typeFields(t reflect.Type, path string, fields map[string]bool) {
	switch {
	case strings.HasSuffix(path, turns):
	case t.Kind() == reflect.Pointer:
		typeFields(t.Elem(), path, fields)
	case t.Kind() == reflect.Slice:
		typeFields(t.Elem(), path+"[]", fields)
	case t.Kind() == reflect.Map:
		fields[path+ofAnyName] = true
		typeFields(t.Elem(), path+ofAnyName, fields)
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			below := strings.TrimPrefix(path+"."+name, ".")
			fields[below] = true
			typeFields(t.Field(i).Type, below, fields)
		}
	}
}
