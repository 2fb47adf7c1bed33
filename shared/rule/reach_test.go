package rule_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"sluice/shared/rule"
)

// words are what the tests close: two products, the sizes of a choice and the
// maturity.
func words() rule.Vocabulary {
	return rule.Vocabulary{"product": {"maths", "music"}, "answer.size": {"small", "large"}, "maturity": {"hot", "warm", "cold"}}
}

func compiled(t interface {
	Helper()
	Fatalf(string, ...any)
}, texts ...string) []*rule.Condition {
	t.Helper()
	var list []*rule.Condition
	for _, text := range texts {
		c, err := rule.Compile(text)
		if err != nil {
			t.Fatalf("compile %s: %v", text, err)
		}
		list = append(list, c)
	}
	return list
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	shadow := func(i int, by ...int) rule.Shadow { return rule.Shadow{Rule: i, By: by} }
	for name, c := range map[string]struct {
		rules []string
		want  []rule.Shadow
	}{
		"one after another": {[]string{`country == "CN"`, `country == "SG"`, `true`}, nil},
		"the same again":    {[]string{`country == "CN"`, `city == "x"`, `country == "CN"`}, []rule.Shadow{shadow(2, 0)}},
		"a part of it":      {[]string{`country in ["CN", "SG"]`, `country == "SG" and has_phone`}, []rule.Shadow{shadow(1, 0)}},
		"more than it":      {[]string{`country == "SG" and has_phone`, `country in ["CN", "SG"]`}, nil},
		"two together":      {[]string{`has_phone`, `country == "CN"`, `not has_phone`, `city == "x"`}, []rule.Shadow{shadow(3, 0, 2)}},
		"after everything":  {[]string{`true`, `has_phone`, `has_email`}, []rule.Shadow{shadow(1, 0), shadow(2, 0)}},
		"by a reachable one": {
			[]string{`country == "CN"`, `country == "CN" and has_phone`, `country == "CN" and has_phone and has_email`},
			[]rule.Shadow{shadow(1, 0), shadow(2, 0)},
		},
		"contradiction":               {[]string{`country == "CN" and country == "SG"`}, []rule.Shadow{shadow(0)}},
		"contradiction after others":  {[]string{`has_phone`, `fit > 60 and fit < 40`}, []rule.Shadow{shadow(1)}},
		"false":                       {[]string{`false or 1 > 2`}, []rule.Shadow{shadow(0)}},
		"never more than the most":    {[]string{`fit > 100`, `hour > 23.5`, `touches < 0`}, []rule.Shadow{shadow(0), shadow(1), shadow(2)}},
		"a chance and its lack":       {[]string{`chance >= 0.3`, `chance < 0.3`, `chance == nil`, `true`}, []rule.Shadow{shadow(3, 0, 1, 2)}},
		"without a chance":            {[]string{`chance >= 0.3`, `chance < 0.3`, `true`}, nil},
		"a smaller chance":            {[]string{`chance >= 0.3`, `chance >= 0.5`, `chance > 0.29`}, []rule.Shadow{shadow(1, 0)}},
		"missing is not a low chance": {[]string{`chance < 0.3`, `not (chance >= 0.3)`}, nil},
		"not low, so high or missing": {[]string{`chance >= 0.3 or chance == nil`, `not (chance < 0.3)`}, []rule.Shadow{shadow(1, 0)}},
		"a chance in per cent":        {[]string{`chance >= 30`, `chance >= 1`, `chance <= 0`, `chance < 30`, `chance != nil`}, []rule.Shadow{shadow(0), shadow(1), shadow(2), shadow(4, 3)}},
		"a chance is no yes":          {[]string{`chance`, `chance and has_phone`}, []rule.Shadow{shadow(0), shadow(1)}},
		"a chance reckoned with":      {[]string{`chance * 100 >= 30`, `chance >= 0.3`}, nil},
		"never more behaviour":        {[]string{`behaviour > 100`, `behaviour >= 50`, `behaviour >= 60 and fit > 10`}, []rule.Shadow{shadow(0), shadow(2, 1)}},
		"every maturity": {
			[]string{`maturity == "hot"`, `maturity in ["warm", "cold"]`, `maturity == "luke"`, `maturity != ""`},
			[]rule.Shadow{shadow(2), shadow(3, 0, 1)},
		},
		"whole numbers":               {[]string{`fit > 10 and fit < 11`, `fit > 10.2 and fit < 11.2`}, []rule.Shadow{shadow(0)}},
		"neighbouring numbers":        {[]string{`touches <= 1`, `touches >= 2`, `has_phone`}, []rule.Shadow{shadow(2, 0, 1)}},
		"a gap of one number":         {[]string{`touches <= 1`, `touches >= 3`, `has_phone`}, nil},
		"real numbers have room":      {[]string{`answer.age > 10 and answer.age < 11`}, nil},
		"grades of fit":               {[]string{`fit >= 60`, `fit >= 80`, `fit >= 20`}, []rule.Shadow{shadow(1, 0)}},
		"the age is missing":          {[]string{`answer.age >= 7`, `answer.age < 7`, `true`}, nil},
		"an age of another kind":      {[]string{`answer.age >= 7`, `answer.age < 7`, `answer.age != nil`}, nil},
		"the later age":               {[]string{`answer.age >= 7`, `answer.age >= 9`}, []rule.Shadow{shadow(1, 0)}},
		"missing is not false":        {[]string{`answer.age >= 7`, `not (answer.age >= 7)`, `has_phone`}, nil}, // a text cannot be compared
		"closed fact, missing":        {[]string{`product == "maths"`, `product == "music"`, `has_phone`}, nil},
		"closed fact, all of it":      {[]string{`product == "maths"`, `product == "music"`, `product == ""`, `has_phone`}, []rule.Shadow{shadow(3, 0, 1, 2)}},
		"closed fact, no such text":   {[]string{`product == "art"`, `product startsWith "a"`}, []rule.Shadow{shadow(0)}},
		"closed answer, several":      {[]string{`answer.size == "small"`, `answer.size == "large"`, `answer.size == nil`, `true`}, nil},
		"closed answer, no number":    {[]string{`answer.size == 7`, `answer.size == "small"`, `answer.size in ["large", "huge"]`}, []rule.Shadow{shadow(0)}},
		"closed answer, all of it":    {[]string{`answer.size == "small"`, `answer.size == "large"`, `answer.size in ["large", "small"]`}, []rule.Shadow{shadow(2, 0, 1)}},
		"any text":                    {[]string{`country == "CN"`, `country != "CN"`, `has_phone`}, []rule.Shadow{shadow(2, 0, 1)}},
		"texts in order":              {[]string{`date >= "2026-11-01"`, `date == "2026-12-24"`, `date < "2026-11-01"`, `true`}, []rule.Shadow{shadow(1, 0), shadow(3, 0, 2)}},
		"texts with nothing between":  {[]string{"city > \"a\" and city < \"a\\x00\""}, []rule.Shadow{shadow(0)}},
		"the same function":           {[]string{`lower(city) == "x"`, `lower(city) == "x" and has_phone`}, []rule.Shadow{shadow(1, 0)}},
		"a function and not":          {[]string{`source contains "ads"`, `not (source contains "ads")`, `true`}, []rule.Shadow{shadow(2, 0, 1)}},
		"a function that breaks":      {[]string{`len(answer.name) > 3`, `not (len(answer.name) > 3)`, `true`}, nil},
		"another function":            {[]string{`lower(city) == "x"`, `upper(city) == "X"`}, nil},
		"arithmetic":                  {[]string{`touches + 1 > 3`, `touches + 1 > 3`}, []rule.Shadow{shadow(1, 0)}},
		"in a list":                   {[]string{`"cn" in territories`, `"cn" not in territories`, `true`}, []rule.Shadow{shadow(2, 0, 1)}},
		"in an answer":                {[]string{`"a" in answer.topics`, `"a" in answer.topics and "b" in answer.topics`}, []rule.Shadow{shadow(1, 0)}},
		"yes or no":                   {[]string{`answer.news`, `answer.news == true`, `answer.news and has_phone`}, []rule.Shadow{shadow(1, 0), shadow(2, 0)}},
		"yes, no or nothing":          {[]string{`answer.news`, `not answer.news`, `has_phone`}, []rule.Shadow{shadow(2, 0, 1)}},
		"either way":                  {[]string{`has_phone ? country == "CN" : country == "SG"`, `country == "CN" and has_phone`, `country == "SG"`}, []rule.Shadow{shadow(1, 0)}},
		"a choice that is nothing":    {[]string{`has_phone ? nil : false`}, []rule.Shadow{shadow(0)}},
		"nothing, compared":           {[]string{`has_email and has_phone and not ((has_email and (has_phone ? nil : false)) == true)`}, nil},
		"an answer may be there":      {[]string{`answer?.age == nil`, `answer.age == nil and has_phone`}, []rule.Shadow{shadow(1, 0)}},
		"a list as it stands":         {[]string{`answer.topics == ["a", "b"]`, `answer.topics == ["a", "b"]`, `answer.topics == ["b", "a"]`}, []rule.Shadow{shadow(1, 0)}},
		"turned round":                {[]string{`7 <= answer.age`, `answer.age > 8`}, []rule.Shadow{shadow(1, 0)}},
		"below zero":                  {[]string{`answer.t > -5`, `answer.t > -4.5`}, []rule.Shadow{shadow(1, 0)}},
		"lists of numbers and others": {[]string{`answer.a in [1, "x"]`, `answer.a == 1.0`, `answer.a in [1, 2.5, true]`}, []rule.Shadow{shadow(1, 0)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := rule.Unreachable(compiled(t, c.rules...), words()); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%q: %v, want %v", c.rules, got, c.want)
			}
		})
	}
}

// TestUnreachableSkips: what did not compile neither takes leads nor is told of.
func TestUnreachableSkips(t *testing.T) {
	t.Parallel()
	list := compiled(t, `has_phone`, `has_phone`)
	got := rule.Unreachable([]*rule.Condition{nil, list[0], nil, list[1]}, nil)
	if want := []rule.Shadow{{Rule: 3, By: []int{1}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := rule.Unreachable(nil, nil); got != nil {
		t.Errorf("%v of no rules", got)
	}
}

// long lists stay quick: a policy is checked while its author waits.
var long = map[string]func(i int) string{
	"campaigns": func(i int) string {
		return fmt.Sprintf(`campaign == "c%d" and country in ["CN", "SG"] and answer.age >= 4`, i)
	},
	"territories": func(i int) string {
		return fmt.Sprintf(`product == %q and country == "C%d" and city in ["a%d", "b%d", "c%d"] and fit >= %d`,
			[]string{"maths", "music"}[i%2], i%40, i, i%60, i%7, i%5*20)
	},
	"cities": func(i int) string {
		var cities []string
		for j := range 5 {
			cities = append(cities, fmt.Sprintf("%q", fmt.Sprintf("city %d", i*4+j)))
		}
		return fmt.Sprintf(`city in [%s] or answer.age == %d`, strings.Join(cities, ", "), i)
	},
	// Every rule looks at other facts: there is nothing to prune by.
	"tangled": func(i int) string {
		return fmt.Sprintf(`(answer.a%d == "x" or answer.b%d > %d) and (country == "C%d" or not (source contains "s%d")) and (has_phone or touches > %d)`,
			i%17, i%13, i, i%50, i%23, i%9)
	},
}

func TestUnreachableIsQuick(t *testing.T) {
	for name, text := range long {
		var texts []string
		for i := range 500 {
			texts = append(texts, text(i))
		}
		texts = append(texts, `true`)
		list := compiled(t, texts...)
		start := time.Now()
		shadows := rule.Unreachable(list, words())
		took := time.Since(start)
		t.Logf("%s: %d shadows in %v", name, len(shadows), took)
		if took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func BenchmarkUnreachable(b *testing.B) {
	for name, text := range long {
		b.Run(name, func(b *testing.B) {
			var texts []string
			for i := range 500 {
				texts = append(texts, text(i))
			}
			list := compiled(b, texts...)
			b.ReportAllocs()
			for b.Loop() {
				rule.Unreachable(list, words())
			}
		})
	}
}
