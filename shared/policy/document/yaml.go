package document

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits within which a source is read. The parser is recursive, and an
// alias repeats what it stands for: both are bounded before they cost much.
const (
	maxDepth  = 32
	maxFields = 15_000 // the parser's time grows with their square
	maxRun    = 100    // tokens without a separator: more is no YAML, and slow to find out
	maxNodes  = 50_000 // with aliases written out
)

// reading is a source taken apart.
type reading struct {
	value  any // of maps, lists, texts, numbers, booleans and nil; nil where nothing could be read
	places map[string]place
	faults []Fault
	spoilt map[string]bool // paths whose value could not be read

	anchors map[string]ast.Node
	open    map[string]bool // anchors being written out
	nodes   int             // converted, those of aliases each time
	full    bool            // a limit was reached
}

type place struct{ line, column int }

// read takes YAML apart. Tags and merge keys are refused; anchors and aliases
// may be used.
func read(source []byte) *reading {
	r := &reading{places: map[string]place{"": {1, 1}}, spoilt: map[string]bool{}, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	if !r.readable(source) {
		return r
	}
	file, err := parse(source)
	if err != nil {
		r.syntax(err)
		return r
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType {
			bodies = append(bodies, d.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		r.report(place{1, 1}, "", "the document is empty")
		return r
	case len(bodies) > 1:
		r.report(at(bodies[1]), "", "write one document: this begins a second one")
	}
	if r.value = r.convert(bodies[0], "", 0); r.value == nil && len(r.faults) == 0 {
		r.report(at(bodies[0]), "", "the document is empty")
	}
	return r
}

// readable holds the bytes against the limits.
func (r *reading) readable(source []byte) bool {
	if len(source) > MaxSize {
		r.report(place{1, 1}, "", fmt.Sprintf("the document is too large: %d KiB are the most", MaxSize>>10))
		return false
	}
	where := place{1, 1}
	for i := 0; i < len(source); {
		c, size := utf8.DecodeRune(source[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.report(where, "", "save the document as UTF-8: this is no character")
			return false
		case unicode.IsControl(c) && c != '\t' && c != '\r' && c != '\n':
			r.report(where, "", "remove the control character")
			return false
		}
		where.column++
		if c == '\n' {
			where = place{where.line + 1, 1}
		}
		i += size
	}
	return true
}

// overLimit is the error of a source that the parser should not follow further.
type overLimit struct {
	token *token.Token
	text  string
}

func (o overLimit) Error() string { return o.text }

// parse builds the tree. A panic of the parser is an error of the source.
func parse(source []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML cannot be read")
		}
	}()
	tokens := lexer.Tokenize(string(source))
	depth, entries, fields, run := 0, 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType:
			entries++
		case token.MappingValueType:
			fields++
			entries = 0
		default:
			entries = 0
		}
		switch t.Type {
		case token.MappingValueType, token.CollectEntryType, token.SequenceEntryType, token.DocumentHeaderType, token.CommentType:
			run = 0
		default:
			run++
		}
		switch {
		case run > maxRun:
			return nil, overLimit{t, "something is missing before this: a quotation mark, a colon or a comma"}
		case depth > maxDepth || entries > maxDepth:
			return nil, overLimit{t, "the document is nested too deeply"}
		case fields > maxFields:
			return nil, overLimit{t, "the document has too many fields"}
		}
	}
	// Keys that stand twice are found later, all of them.
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func (r *reading) syntax(err error) {
	where, text := place{1, 1}, err.Error()
	var limit overLimit
	var e yaml.Error
	switch {
	case errors.As(err, &limit):
		where = tokenPlace(limit.token)
	case errors.As(err, &e):
		where, text = tokenPlace(e.GetToken()), e.GetMessage()
	}
	first, _, _ := strings.Cut(text, "\n")
	r.report(where, "", "mend the YAML: "+first)
}

func (r *reading) report(where place, path, text string) {
	r.faults = append(r.faults, Fault{Line: max(1, where.line), Column: max(1, where.column), Path: path, Text: text})
}

// spoil reports a value that could not be read: nothing else is said of it.
func (r *reading) spoil(n ast.Node, path, text string) {
	r.report(at(n), path, text)
	r.spoilt[path] = true
}

// fault places a text at a path, or at the nearest thing that holds it.
func (r *reading) fault(path, text string) Fault {
	for at := path; ; at = parent(at) {
		if where, ok := r.places[at]; ok {
			return Fault{Line: where.line, Column: where.column, Path: path, Text: text}
		}
	}
}

func at(n ast.Node) place { return tokenPlace(n.GetToken()) }

func tokenPlace(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, t.Position.Column}
}

// convert makes plain data of a node and notes where everything stands.
func (r *reading) convert(n ast.Node, path string, depth int) any {
	if r.nodes++; !r.full && (r.nodes > maxNodes || depth > maxDepth) {
		r.full = true
		r.report(at(n), path, "the document is nested too deeply, or its aliases make it too large")
	}
	if r.full {
		return nil
	}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode:
		return n.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.FloatNode:
		if math.IsInf(n.Value, 0) || math.IsNaN(n.Value) {
			break
		}
		return n.Value
	case *ast.MappingNode:
		return r.mapping(n.Values, path, depth)
	case *ast.MappingValueNode:
		return r.mapping([]*ast.MappingValueNode{n}, path, depth)
	case *ast.SequenceNode:
		list := make([]any, 0, len(n.Values))
		for i, element := range n.Values {
			below := fmt.Sprintf("%s[%d]", path, i)
			if element != nil {
				r.places[below] = at(element)
			}
			list = append(list, r.convert(element, below, depth+1))
		}
		return list
	case *ast.AnchorNode:
		name := n.Name.GetToken().Value
		r.anchors[name] = n.Value
		r.open[name] = true
		defer delete(r.open, name)
		return r.convert(n.Value, path, depth)
	case *ast.AliasNode:
		return r.alias(n, path, depth)
	case *ast.TagNode:
		r.spoil(n, path, "remove the tag: values are plain")
		return nil
	}
	r.spoil(n, path, "this cannot stand here: write a text, a number, a list or fields")
	return nil
}

func (r *reading) alias(n *ast.AliasNode, path string, depth int) any {
	name := n.Value.GetToken().Value
	target, known := r.anchors[name]
	if !known || r.open[name] {
		r.spoil(n, path, fmt.Sprintf("there is no anchor &%.40s before this", name))
		return nil
	}
	places := r.places // a fault of what is repeated is told where it is repeated
	r.places = map[string]place{}
	value := r.convert(target, path, depth)
	r.places = places
	return value
}

func (r *reading) mapping(values []*ast.MappingValueNode, path string, depth int) any {
	object := make(map[string]any, len(values))
	lines := map[string]int{}
	for _, v := range values {
		if v.Key.IsMergeKey() {
			r.spoil(v.Key, path, "write the fields out: << is not supported")
			continue
		}
		key := v.Key.GetToken().Value
		below := join(path, key)
		where := at(v.Key)
		if first, twice := lines[key]; twice {
			r.report(where, below, fmt.Sprintf("remove one of the two: it stands on line %d already", first))
			continue
		}
		lines[key] = where.line
		r.places[below] = where
		object[key] = r.convert(v.Value, below, depth+1)
	}
	return object
}

// join appends a field to a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
