package document

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// shape is a JSON Schema and its text, from which messages quote.
type shape struct {
	schema *jsonschema.Schema
	text   any
}

// newShape compiles an embedded schema; a test holds that they compile.
func newShape(source string) *shape {
	text, err := jsonschema.UnmarshalJSON(strings.NewReader(source))
	if err != nil {
		panic(fmt.Sprintf("read embedded schema: %v", err))
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", text); err != nil {
		panic(fmt.Sprintf("add embedded schema: %v", err))
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		panic(fmt.Sprintf("compile embedded schema: %v", err))
	}
	return &shape{schema, text}
}

// mismatch is one place where a document does not have its shape.
type mismatch struct {
	path  string
	text  string
	prune func() // takes out what cannot be decoded, so that the rest can be looked at
}

// mismatches lists where a value does not fit the schema.
func (s *shape) mismatches(value any) []mismatch {
	err := s.schema.Validate(value)
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil
	}
	var found []mismatch
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		for _, cause := range e.Causes {
			walk(cause)
		}
		if len(e.Causes) == 0 {
			found = append(found, s.explain(value, e)...)
		}
	}
	walk(invalid)
	return found
}

// explain makes what an author can act upon of one error.
func (s *shape) explain(root any, e *jsonschema.ValidationError) []mismatch {
	path, prune := locate(root, e.InstanceLocation)
	schema := s.at(e.SchemaURL)
	switch k := e.ErrorKind.(type) {
	case *kind.Type, *kind.Pattern: // what has them cannot be decoded
	case *kind.Enum:
		if _, isText := k.Got.(string); isText {
			prune = func() {}
		}
	default:
		prune = func() {}
	}
	one := func(format string, args ...any) []mismatch {
		text := fmt.Sprintf(format, args...)
		if about := s.about(schema); about != "" {
			text += " (" + about + ")"
		}
		return []mismatch{{path, text, prune}}
	}
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var all []mismatch
		for _, name := range k.Properties {
			all = append(all, mismatch{join(path, name), "there is no such field: use " + s.fields(schema), func() {}})
		}
		return all
	case *kind.Required:
		var all []mismatch
		for _, name := range k.Missing {
			property, _ := s.field(schema, name)
			text := "add this field"
			if about := s.about(property); about != "" {
				text += ": " + about
			}
			all = append(all, mismatch{join(path, name), text, func() {}})
		}
		return all
	case *kind.Type:
		if k.Got == "null" {
			return one("write a value, or leave the field out")
		}
		return one("write %s, not %s", words(k.Want...), words(k.Got))
	case *kind.Enum:
		var allowed []string
		for _, v := range k.Want {
			allowed = append(allowed, fmt.Sprint(v))
		}
		text := fmt.Sprintf("use one of %s, not %.40q", strings.Join(allowed, ", "), fmt.Sprint(k.Got))
		return []mismatch{{path, text, prune}}
	case *kind.Pattern:
		return one("%.40q does not have the right form", k.Got)
	case *kind.Minimum:
		return one("give at least %s, not %s", decimal(k.Want), decimal(k.Got))
	case *kind.ExclusiveMinimum:
		return one("give more than %s, not %s", decimal(k.Want), decimal(k.Got))
	case *kind.Maximum:
		return one("give at most %s, not %s", decimal(k.Want), decimal(k.Got))
	case *kind.MinLength:
		return one("write something here")
	case *kind.MaxLength:
		return one("shorten this to %d characters: it has %d", k.Want, k.Got)
	case *kind.MinItems:
		return one("list at least %d", k.Want)
	case *kind.MaxItems:
		return one("list at most %d: there are %d", k.Want, k.Got)
	case *kind.MinProperties:
		return one("give at least %d", k.Want)
	case *kind.MaxProperties:
		return one("give at most %d: there are %d", k.Want, k.Got)
	case *kind.UniqueItems:
		return one("remove one of the two: elements %d and %d are the same", k.Duplicates[0]+1, k.Duplicates[1]+1)
	}
	return one("this does not fit: %T", e.ErrorKind)
}

// decimal writes a number as people do.
func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.RatString()
	}
	near, _ := n.Float64()
	return strconv.FormatFloat(near, 'g', -1, 64)
}

// words are the schema's types as people call them.
func words(types ...string) string {
	names := map[string]string{
		"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
		"array": "a list", "object": "fields", "null": "nothing",
	}
	var all []string
	for _, t := range types {
		all = append(all, names[t])
	}
	return strings.Join(all, " or ")
}

// locate turns a location into a path, and tells how to take the value out.
func locate(root any, location []string) (path string, prune func()) {
	prune = func() {}
	value := root
	for _, step := range location {
		switch holder := value.(type) {
		case map[string]any:
			path = join(path, step)
			prune = func() { delete(holder, step) }
			value = holder[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(holder) {
				return path, prune
			}
			path += "[" + step + "]"
			prune = func() { holder[i] = nil }
			value = holder[i]
		}
	}
	return path, prune
}

// at returns the part of the schema's text that a URL names.
func (s *shape) at(url string) any {
	_, pointer, _ := strings.Cut(url, "#")
	part := s.text
	unescape := strings.NewReplacer("~1", "/", "~0", "~", "%25", "%")
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if object, ok := part.(map[string]any); ok && step != "" {
			part = object[unescape.Replace(step)]
		}
	}
	return part
}

// about is the description of a part of the schema, or of what it refers to.
func (s *shape) about(part any) string {
	object, _ := part.(map[string]any)
	if text, ok := object["description"].(string); ok {
		return text
	}
	if reference, ok := object["$ref"].(string); ok {
		return s.about(s.at(reference))
	}
	return ""
}

func (s *shape) field(part any, name string) (any, bool) {
	object, _ := part.(map[string]any)
	properties, _ := object["properties"].(map[string]any)
	field, ok := properties[name]
	return field, ok
}

func (s *shape) fields(part any) string {
	object, _ := part.(map[string]any)
	properties, _ := object["properties"].(map[string]any)
	return strings.Join(slices.Sorted(maps.Keys(properties)), ", ")
}
