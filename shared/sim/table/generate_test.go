package table_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// draw makes one request of random choices.
type draw struct {
	t      *rapid.T
	names  map[string]string
	values map[string]any
}

type object = map[string]any

func (d *draw) n(most int, label string) int { return rapid.IntRange(0, most-1).Draw(d.t, label) }
func (d *draw) oneIn(n int, label string) bool {
	return rapid.IntRange(1, n).Draw(d.t, label) == n
}

func (d *draw) pick(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, "pick") }

func (d *draw) key() object {
	switch {
	case d.oneIn(60, "odd key"):
		return rapid.SampledFrom([]object{
			{"pk": object{"S": "§a"}}, {"pk": object{"S": "§a"}, "sk": object{"N": "1"}}, {"pk": object{"S": "§a"}, "sk": object{"S": ""}},
			{"pk": object{"S": "§a"}, "sk": object{"S": "1"}, "n": object{"N": "1"}}, {}, {"pk": object{"S": "§a"}, "other": object{"S": "1"}},
		}).Draw(d.t, "odd key")
	}
	return object{"pk": object{"S": d.pick("§a", "§a", "§b")}, "sk": object{"S": d.pick("1", "2", "21")}}
}

var (
	numberTexts = []string{"0", "1", "1", "2", "2", "-1", "10", "1.5", "-0.25", "1e2", "0.10", "-0", "007", "12345678901234567890", "1E-5", "9999999999999999999999999999999999999"}
	oddNumbers  = []string{"", "x", "1e200", "1e-200", "--1", "1.2.3", "123456789012345678901234567890123456789", "NaN"}
	texts       = []string{"", "a", "ab", "b", "B", "é\"\\\n", "a\u2028<b", "𝄞", "S", "N"}
)

// value is any attribute value.
func (d *draw) value(depth int) object {
	most := 20
	if depth >= 2 {
		most = 16
	}
	switch d.n(most, "kind") {
	case 0, 1, 2, 3, 4, 5, 6:
		if d.oneIn(60, "odd number") {
			return object{"N": rapid.SampledFrom(oddNumbers).Draw(d.t, "odd number")}
		}
		return object{"N": rapid.SampledFrom(numberTexts).Draw(d.t, "number")}
	case 7, 8, 9, 10, 11:
		return object{"S": rapid.SampledFrom(texts).Draw(d.t, "text")}
	case 12:
		return object{"B": d.pick("", "YQ==", "YWI=", "YWJj", "/+8=")}
	case 13:
		return object{"BOOL": d.oneIn(2, "bool")}
	case 14:
		return object{"NULL": !d.oneIn(20, "false null")}
	case 15:
		if d.oneIn(10, "odd value") {
			return rapid.SampledFrom([]object{{}, {"S": "a", "N": "1"}, {"X": "a"}}).Draw(d.t, "odd value")
		}
		return object{"N": "3"}
	case 16, 17:
		m := object{}
		for range d.n(3, "members") {
			m[d.pick("x", "y", "z", "é\"")] = d.value(depth + 1)
		}
		return object{"M": m}
	default:
		l := []any{}
		for range d.n(3, "elements") {
			l = append(l, d.value(depth+1))
		}
		return object{"L": l}
	}
}

func (d *draw) item() object {
	item := d.key()
	for range d.n(4, "attributes") {
		item[d.pick("n", "k", "s", "m", "l", "b")] = d.value(0)
	}
	// No two items have the same place: the order of those is nobody's promise.
	place := func() object {
		pk, _ := item["pk"].(object)["S"].(string)
		sk := "?"
		if key, ok := item["sk"].(object); ok {
			sk, _ = key["S"].(string)
		}
		return object{"S": d.pick("1", "2", "3", "31", "4") + strings.TrimPrefix(pk, "§") + sk}
	}
	if _, ok := item["pk"]; ok && d.oneIn(2, "due") {
		item["dueAt"] = place()
	}
	if d.oneIn(2, "due shard") {
		item["dueShard"] = object{"S": d.pick("§0", "§1")}
	}
	if _, ok := item["pk"]; ok && d.oneIn(3, "holder") {
		item["holder"], item["heldAt"] = object{"S": "§h"}, place()
	}
	if d.oneIn(60, "odd index key") {
		item[d.pick("dueShard", "dueAt", "heldAt")] = d.value(0)
	}
	return item
}

// name is an attribute's name in an expression, as it is or by a placeholder.
func (d *draw) name(attribute string) string {
	if strings.ContainsAny(attribute, "é\"") || d.oneIn(2, "placeholder") {
		at := "#" + fmt.Sprintf("n%d", len(d.names))
		for known, name := range d.names {
			if name == attribute {
				at = known
			}
		}
		d.names[at] = attribute
		return at
	}
	return attribute
}

func (d *draw) bind(v any) string {
	at := fmt.Sprintf(":v%d", len(d.values))
	d.values[at] = v
	return at
}

func (d *draw) path() string {
	switch d.n(12, "path") {
	case 0, 1, 2:
		return d.name("n")
	case 3, 4:
		return d.name("k")
	case 5:
		return d.name("s")
	case 6, 7:
		return d.name("m") + "." + d.name(d.pick("x", "y", "é\""))
	case 8:
		return d.name("l") + "[" + d.pick("0", "1", "2") + "]"
	case 9:
		return d.name(d.pick("m", "l", "b"))
	case 10:
		return d.name("m") + "." + d.name("x") + "." + d.name("y")
	}
	return d.name(d.pick("pk", "sk", "dueAt", "heldAt", "dueShard"))
}

func (d *draw) operand() string {
	switch d.n(8, "operand") {
	case 0, 1, 2, 3:
		return d.path()
	case 4:
		return "size(" + d.path() + ")"
	}
	return d.bind(d.value(1))
}

func (d *draw) condition(depth int) string {
	if depth < 2 && d.oneIn(3, "compound") {
		a, b := d.condition(depth+1), d.condition(depth+1)
		switch d.n(5, "connective") {
		case 0:
			return a + " AND " + b
		case 1:
			return a + " OR " + b
		case 2:
			return "NOT " + a
		case 3:
			return "(" + a + " or " + b + ") and " + a
		default:
			return "NOT (" + a + " AND " + b + ")"
		}
	}
	switch d.n(16, "comparison") {
	case 0, 1:
		return "attribute_exists(" + d.path() + ")"
	case 2, 3:
		return "attribute_not_exists(" + d.path() + ")"
	case 4:
		return "begins_with(" + d.operand() + ", " + d.bind(object{"S": d.pick("", "a", "1")}) + ")"
	case 5:
		return "contains(" + d.path() + ", " + d.operand() + ")"
	case 6:
		return "attribute_type(" + d.path() + ", " + d.bind(object{"S": d.pick("S", "N", "M", "L", "SS", "Q")}) + ")"
	case 7:
		return d.operand() + " BETWEEN " + d.operand() + " AND " + d.operand()
	case 8:
		return d.operand() + " IN (" + d.operand() + ", " + d.operand() + ")"
	}
	return d.operand() + " " + d.pick("=", "=", "<>", "<", "<=", ">", ">=") + " " + d.operand()
}

func (d *draw) source() string {
	switch d.n(8, "source") {
	case 0, 1:
		return d.path()
	case 2:
		p := d.path()
		return "if_not_exists(" + p + ", " + d.bind(d.value(1)) + ")"
	case 3:
		return "if_not_exists(" + d.path() + ", " + d.path() + ")"
	case 4:
		return "list_append(" + d.path() + ", " + d.bind(object{"L": []any{d.value(2)}}) + ")"
	}
	return d.bind(d.value(1))
}

func (d *draw) update() string {
	var clauses []string
	list := func(word string, each func() string) {
		all := []string{each()}
		for d.oneIn(3, "more") {
			all = append(all, each())
		}
		clauses = append(clauses, word+" "+strings.Join(all, ", "))
	}
	for len(clauses) == 0 {
		if d.n(3, "set") > 0 {
			list("SET", func() string {
				switch d.n(4, "assignment") {
				case 0:
					return d.path() + " = " + d.source() + d.pick(" + ", " - ") + d.source()
				case 1:
					p := d.path()
					return p + " = " + p + d.pick(" + ", " - ", "+") + d.bind(object{"N": d.pick("1", "2", "0.5")})
				}
				return d.path() + " = " + d.source()
			})
		}
		if d.oneIn(3, "remove") {
			list("REMOVE", d.path)
		}
		if d.oneIn(4, "add") {
			list("ADD", func() string { return d.path() + " " + d.bind(object{"N": d.pick("1", "-2", "0.5", "1e20")}) })
		}
	}
	return strings.Join(clauses, " ")
}

// spoil changes an expression now and then so that it may be none any more.
func (d *draw) spoil(expression string) string {
	if !d.oneIn(25, "spoil") {
		return expression
	}
	words := strings.Fields(expression)
	i := d.n(len(words), "word")
	switch d.n(4, "how") {
	case 0:
		words = append(words[:i], words[i+1:]...)
	case 1:
		words[i] += " " + d.pick("AND", "(", ")", "=", ",", "NOT", ".", "SET", "REMOVE", "x", "[0]", "+", "!", "OR")
	case 2:
		words[i] = d.pick(":missing", "#missing", "n", "((n))", "size(n)", "n[", "n.", "attribute_exists", "12")
	default:
		return "(" + expression + ")"
	}
	return strings.Join(words, " ")
}
