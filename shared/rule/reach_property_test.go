package rule_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

// firstOf returns the index of the first condition that holds, as routing finds
// it; -1 where none does.
func firstOf(list []*rule.Condition, facts lead.Facts) int {
	e := rule.Over(facts)
	for i, c := range list {
		if c == nil {
			continue
		}
		if ok, err := e.Holds(c); ok && err == nil {
			return i
		}
	}
	return -1
}

// pick returns one of some values.
func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// randomFacts are those of a lead within the vocabulary of the tests, near what
// the random conditions ask, and now and then anything.
func randomFacts(r *rand.Rand) lead.Facts {
	f := lead.Facts{
		Product: pick(r, "", "maths", "music"), Country: pick(r, "", "CN", "SG", "US"), City: pick(r, "", "a", "b", "B", "ab", "a\x00", "z"),
		HasPhone: r.IntN(2) == 0, HasEmail: r.IntN(2) == 0, Touches: r.IntN(5), Fit: pick(r, 0, 19, 20, 21, 39, 40, 41, 60, 99, 100),
		Territories: pick(r, nil, []string{"CN"}, []string{"CN", "SG"}), Answers: map[string]any{},
		Behaviour: pick(r, 0, 19, 20, 21, 40, 100), Chance: pick[any](r, nil, nil, 0.0001, 0.2499, 0.25, 0.2501, 0.5, 0.9999), Maturity: pick(r, "", "hot", "warm", "cold"),
	}
	number := func() any { return float64(r.IntN(13)-2) / 2 }
	text := func() any { return pick(r, "a", "b", "CN", "ab", "") }
	for _, name := range []string{"a", "b", "age"} {
		switch r.IntN(7) {
		case 0:
			f.Answers[name] = text()
		case 1:
			f.Answers[name] = r.IntN(2) == 0
		case 2:
			f.Answers[name] = pick[any](r, []any{"a"}, []any{"a", "b"}, []string{"a", "b"}, []any{}, nil, map[string]any{"a": 1.0})
		case 3:
		default:
			f.Answers[name] = number()
		}
	}
	if value := pick[any](r, nil, "small", "large", []string{"large", "small"}, []any{"large", "small"}); value != nil {
		f.Answers["size"] = value
	}
	if r.IntN(20) == 0 {
		f.Answers = nil
	}
	return f
}

// conditions draws the texts of conditions: everything that the language has.
type conditions struct{ t *rapid.T }

func (c conditions) one(of ...string) string { return rapid.SampledFrom(of).Draw(c.t, "part") }

func (c conditions) text(depth int) string {
	if depth == 0 || rapid.IntRange(0, 3).Draw(c.t, "leaf") == 0 {
		return c.comparison()
	}
	switch c.one("and", "and", "or", "not", "choose", "equal") {
	case "not":
		return "not (" + c.text(depth-1) + ")"
	case "choose":
		return fmt.Sprintf("((%s) ? (%s) : (%s))", c.text(depth-1), c.branch(depth), c.branch(depth))
	case "equal":
		return fmt.Sprintf("((%s) == %s)", c.text(depth-1), c.one("true", "false", "has_phone"))
	case "or":
		return fmt.Sprintf("(%s or %s)", c.text(depth-1), c.text(depth-1))
	}
	return fmt.Sprintf("(%s and %s)", c.text(depth-1), c.text(depth-1))
}

func (c conditions) branch(depth int) string {
	if rapid.IntRange(0, 4).Draw(c.t, "odd") == 0 {
		return c.one("nil", "answer.a", "true", "false")
	}
	return c.text(depth - 1)
}

func (c conditions) comparison() string {
	answer := c.one("answer.a", "answer.b", "answer.age", `answer["age"]`, "answer?.a")
	order := c.one("<", "<=", ">", ">=", "==", "!=")
	literal := c.one(`"a"`, `"b"`, "1", "2.5", "-1", "nil", "true", "0")
	numbers := c.one("0", "1", "2", "2.5", "20", "40", "100", "-1")
	switch c.one("text", "text", "flag", "number", "answer", "answer", "size", "in", "score", "other") {
	case "text":
		return c.one(`country == "CN"`, `country != "SG"`, `country in ["CN", "US"]`, `product == "maths"`, `product in ["music", ""]`,
			`product != "music"`, `city < "b"`, `city >= "a"`, `city == ""`, `country not in ["CN", "SG"]`, "product == country")
	case "flag":
		return c.one("has_phone", "has_email", "not has_phone", "has_phone == false", "answer.a", "not answer.b", "true", "false")
	case "number":
		return fmt.Sprintf("%s %s %s", c.one("fit", "behaviour", "touches"), order, numbers)
	case "score":
		return c.one(fmt.Sprintf("chance %s %s", order, c.one("0", "0.25", "0.5", "1", "-1", "nil")), fmt.Sprintf("0.25 %s chance", order), "chance",
			`maturity == "hot"`, `maturity != "cold"`, `maturity in ["hot", "warm"]`, "not (chance >= 0.25)", "chance in [0.25, 0.5]", "chance ?? true", "chance * 4 > 1")
	case "answer":
		if rapid.Bool().Draw(c.t, "flipped") {
			return fmt.Sprintf("%s %s %s", literal, order, answer)
		}
		return fmt.Sprintf("%s %s %s", answer, order, literal)
	case "size":
		return c.one(`answer.size == "small"`, `answer.size in ["small", "large"]`, `answer.size == nil`, `answer.size != "large"`, `"large" in answer.size`)
	case "in":
		return fmt.Sprintf("%s in %s", answer, c.one(`["a", "b"]`, `[1, 2]`, `[1, "a", 2.5]`, `[]`, "nil", "[true]"))
	}
	return c.one(`lower(city) == "b"`, `len(answer.a) > 1`, `"a" in answer.a`, `touches + 1 > 2`, `answer.age * 2 > 3`, `city contains "a"`,
		`answer.a matches "^a"`, `(answer.a ?? 1) == 1`, `answer.a == answer.b`, `answer.a == ["a", "b"]`, `"CN" in territories`,
		`(answer.age > 1) == (answer.b > 1)`, `-answer.age < 0`, `fit % touches == 0`, `1 < 2`, `nil == nil`)
}

// TestUnreachableIsSound: no lead is ever the first of a rule that is reported,
// by the evaluation that routes leads. What covers it covers it alone.
func TestUnreachableIsSound(t *testing.T) {
	t.Parallel()
	reported := 0
	rapid.Check(t, func(t *rapid.T) {
		var texts []string
		var list []*rule.Condition
		for range rapid.IntRange(1, 6).Draw(t, "rules") {
			text := conditions{t}.text(2)
			c, err := rule.Compile(text)
			if err != nil {
				continue
			}
			texts, list = append(texts, text), append(list, c)
		}
		shadows := rule.Unreachable(list, words())
		reported += len(shadows)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range 1000 {
			facts := randomFacts(r)
			if i := firstOf(list, facts); slices.ContainsFunc(shadows, func(s rule.Shadow) bool { return s.Rule == i }) {
				t.Fatalf("%q: %v, and yet %+v reaches %d", texts, shadows, facts, i)
			}
			for _, s := range shadows {
				alone := make([]*rule.Condition, s.Rule+1)
				for _, by := range s.By {
					alone[by] = list[by]
				}
				alone[s.Rule] = list[s.Rule]
				if firstOf(alone, facts) == s.Rule {
					t.Fatalf("%q: %d is not covered by %v: %+v", texts, s.Rule, s.By, facts)
				}
			}
		}
		// The same list again is the same: nothing was changed by looking.
		if again := rule.Unreachable(list, words()); !reflect.DeepEqual(again, shadows) {
			t.Fatalf("%q: %v, then %v", texts, shadows, again)
		}
	})
	t.Logf("%d unreachable rules", reported)
	if reported < 20 {
		t.Errorf("only %d unreachable rules were met", reported)
	}
}

// TestUnreachableIsComplete: of comparisons of texts every rule without a lead is
// found, which trying every combination of texts shows.
func TestUnreachableIsComplete(t *testing.T) {
	t.Parallel()
	parts := []string{
		`country == "CN"`, `country == "SG"`, `country in ["CN", "SG"]`, `country != "SG"`, `country not in ["CN", "US"]`,
		`product == "maths"`, `product == "music"`, `product != ""`, `product in ["music", ""]`, `has_phone`, `not has_phone`,
		`city == "a"`, `city != "a"`, `city in ["a", "b", ""]`,
	}
	rapid.Check(t, func(t *rapid.T) {
		part := func() string { return rapid.SampledFrom(parts).Draw(t, "part") }
		var texts []string
		for range rapid.IntRange(1, 8).Draw(t, "rules") {
			texts = append(texts, rapid.SampledFrom([]string{
				part(), part() + " and " + part(), part() + " or " + part(), "not (" + part() + " and " + part() + ")",
				fmt.Sprintf("(%s or %s) and %s", part(), part(), part()),
			}).Draw(t, "shape"))
		}
		list := compiled(t, texts...)
		reached := map[int]bool{}
		for _, country := range []string{"", "CN", "SG", "US", "else"} {
			for _, city := range []string{"", "a", "b", "else"} {
				for _, product := range []string{"", "maths", "music"} {
					for _, phone := range []bool{false, true} {
						reached[firstOf(list, lead.Facts{Country: country, City: city, Product: product, HasPhone: phone})] = true
					}
				}
			}
		}
		var got, want []int
		for _, s := range rule.Unreachable(list, words()) {
			got = append(got, s.Rule)
		}
		for i := range list {
			if !reached[i] {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", texts, got, want)
		}
	})
}

// FuzzUnreachable: whatever conditions say, one a line, finding what is unreachable
// is harmless, and right for the leads tried.
func FuzzUnreachable(f *testing.F) {
	for _, seed := range []string{
		"has_phone\nnot has_phone\ntrue", "answer.a >= 1\nanswer.a < 1\nanswer.a != nil", `country in ["CN", "SG"]` + "\n" + `country == "SG"`,
		"answer.a in [1, 2.5]\nanswer.a == 1", "fit > 99.5\nfit == 100", "nil\nnot nil", "has_phone ? nil : answer.a\nanswer.a ?? true",
		"chance >= 0.3\nnot (chance > 0.2)\nchance == nil or chance > 0.2", "chance\nbehaviour >= 50\nmaturity == \"hot\" and chance * 2 > 1\nchance > 1",
		`answer.a == [1]` + "\n" + `[1] == answer.a`, "lower(city) in [\"a\"]\ncity < \"b\" and city > \"a\"", "((answer.a > 1) == true) == true",
	} {
		f.Add(seed, uint64(1), "x", 1.5)
	}
	f.Fuzz(func(t *testing.T, texts string, seed uint64, text string, number float64) {
		var list []*rule.Condition
		for _, line := range strings.Split(texts, "\n")[:min(8, strings.Count(texts, "\n")+1)] {
			if c, err := rule.Compile(line); err == nil {
				list = append(list, c)
			}
		}
		shadows := rule.Unreachable(list, words())
		r := rand.New(rand.NewPCG(seed, 0))
		for i := range 200 {
			facts := randomFacts(r)
			switch i % 8 {
			case 0:
				facts.City, facts.Country = text, text
			case 1:
				facts.Answers = map[string]any{"a": text, "b": text, "age": number}
			case 2:
				facts.Answers = map[string]any{"a": number, "b": -number, "age": []any{text, number}}
			}
			if first := firstOf(list, facts); slices.ContainsFunc(shadows, func(s rule.Shadow) bool { return s.Rule == first }) {
				t.Fatalf("%q: %v, and yet %+v reaches %d", texts, shadows, facts, first)
			}
		}
	})
}
