package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Change is one difference between two documents. Old or New is empty where the
// value was added or is gone.
type Change struct {
	Path string `json:"path"` // such as teams[young].deadlines.accept
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// Diff lists what changed from one document to another, in the order of the
// fields' names. Members of lists are told apart by their id, name, grade, pool or
// condition where they have one; where only their order changed, that is the change.
func Diff(old, new Document) ([]Change, error) {
	from, err := tree(old)
	if err != nil {
		return nil, err
	}
	to, err := tree(new)
	if err != nil {
		return nil, err
	}
	var changes []Change
	diff(&changes, "", from, to)
	return changes, nil
}

func tree(d Document) (any, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode policy: %w", err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("decode policy: %w", err)
	}
	return v, nil
}

func diff(changes *[]Change, path string, old, new any) {
	oldMap, newMap, order := members(old, new)
	if oldMap == nil || newMap == nil {
		if before, after := text(old), text(new); before != after {
			*changes = append(*changes, Change{path, before, after})
		}
		return
	}
	if !slices.Equal(order[0], order[1]) {
		*changes = append(*changes, Change{path + " (order)", sequence(order[0]), sequence(order[1])})
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(oldMap)), maps.Keys(newMap))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		diff(changes, below(path, name), oldMap[name], newMap[name])
	}
}

func sequence(keys []string) string {
	return strings.NewReplacer("[", "", "]", "").Replace(strings.Join(keys, ", "))
}

// below appends a field, or a member written as [id].
func below(path, name string) string {
	if path == "" || strings.HasPrefix(name, "[") {
		return path + name
	}
	return path + "." + name
}

// members sees both values as maps if it can: objects as they are, lists by the
// keys of their members. Order has the keys that both lists have, as each orders
// them.
func members(old, new any) (from, to map[string]any, order [2][]string) {
	if o, ok := old.(map[string]any); ok {
		to, _ = new.(map[string]any)
		return o, to, order
	}
	oldList, isList := old.([]any)
	newList, isToo := new.([]any)
	if !isList || !isToo {
		return nil, nil, order
	}
	from, oldKeys := keyed(oldList)
	to, newKeys := keyed(newList)
	if from == nil || to == nil {
		return nil, nil, order
	}
	shared := func(keys []string, other map[string]any) []string {
		return slices.DeleteFunc(keys, func(k string) bool { _, ok := other[k]; return !ok })
	}
	return from, to, [2][]string{shared(oldKeys, to), shared(newKeys, from)}
}

// keyed gives each object of a list its key, or nothing where one has none or
// two have the same.
func keyed(list []any) (map[string]any, []string) {
	found := map[string]any{}
	var order []string
	for _, element := range list {
		object, _ := element.(map[string]any)
		key := ""
		for _, field := range []string{"id", "name", "grade", "pool", "when"} {
			if text, ok := object[field].(string); ok && key == "" {
				key = "[" + text + "]"
			}
		}
		if _, twice := found[key]; key == "" || twice {
			return nil, nil
		}
		found[key] = element
		order = append(order, key)
	}
	return found, order
}

// text shows a value in a line: texts as they are, lists of texts joined, the rest
// as JSON.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if !strings.Contains(v, "\n") {
			return v
		}
	case []any:
		var texts []string
		for _, element := range v {
			s, ok := element.(string)
			if !ok {
				texts = nil
				break
			}
			texts = append(texts, s)
		}
		if len(texts) > 0 {
			return strings.Join(texts, ", ")
		}
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // it came from JSON
	return strings.TrimSpace(b.String())
}
