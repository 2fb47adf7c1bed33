package rule_test

import (
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/rule"
)

func facts() lead.Facts {
	return lead.Facts{
		Product: "kids-coding", Form: "trial", Channel: "website", Country: "CN", City: "Shanghai",
		HasPhone: true, Touches: 2, Grade: lead.GradeAPlus, Fit: 70,
		Answers: map[string]any{
			"age": 7.0, "budget": "high", "topics": []any{"robots", "games"}, "newsletter": true, "zero": 0.0,
		},
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`true`:                                  true,
		`product == "kids-coding"`:              true,
		`product != "kids-coding"`:              false,
		`country in ["CN", "SG"]`:               true,
		`country not in ["CN", "SG"]`:           false,
		`grade == "A+"`:                         true,
		`grade in ["A+", "A"]`:                  true,
		`fit >= 60 and touches > 1`:             true,
		`answer.age >= 7 and answer.age < 8`:    true,
		`answer.age in [6, 7]`:                  true,
		`answer.age in ["6", "7"]`:              false,
		`answer.budget in ["high", "mid"]`:      true,
		`"robots" in answer.topics`:             true,
		`answer.newsletter`:                     true,
		`answer.newsletter and has_phone`:       true,
		`lower(city) == "shanghai"`:             true,
		`city matches "^Shang"`:                 true,
		`city contains "hai"`:                   true,
		`has_email ? false : len(city) > 3`:     true,
		`(answer.zero ?? 5) == 0`:               true,
		`answer["budget"] == "high"`:            true,
		`answer.age * 2 > 13`:                   true,
		`answer.missing == "x"`:                 false,
		`answer.missing != "x"`:                 true,
		`answer.missing == nil`:                 true,
		`answer.missing`:                        false,
		`not answer.missing`:                    true,
		`answer.missing or true`:                true,
		`answer.missing >= 4`:                   false,
		`4 > answer.missing`:                    false,
		`not (answer.missing < 4)`:              true,
		`"x" in answer.missing`:                 false,
		`answer.missing in ["x"]`:               false,
		`answer.missing contains "x"`:           false,
		`answer.missing matches "x"`:            false,
		`answer.missing > 3 ? false : true`:     true,
		`(answer.age > 3) == (answer.age > 4)`:  true,
		`(answer.missing ?? "none") == "none"`:  true,
		`-answer.age < 0`:                       true,
		`answer.age / answer.zero > 1`:          true, // as floating point has it: infinite
		`answer?.missing == nil`:                true,
		`answer.age > 3 and answer.age <= 12.5`: true,
	} {
		condition, err := rule.Compile(text)
		if err != nil {
			t.Errorf("compile %s: %v", text, err)
			continue
		}
		got, err := rule.Over(facts()).Holds(condition)
		if err != nil || got != want {
			t.Errorf("%s is %t, %v, want %t", text, got, err, want)
		}
		// No answers at all is the commonest shape of "missing".
		if _, err := rule.Over(lead.Facts{}).Holds(condition); err != nil && !strings.ContainsAny(text, "*/-") {
			t.Errorf("%s without facts: %v", text, err)
		}
	}
}

// TestScoreInConditions: grades see fit, behaviour and chance, and routing the
// maturity too. Without a model there is no chance, and comparing it is false.
func TestScoreInConditions(t *testing.T) {
	t.Parallel()
	hot := lead.Facts{Fit: 70, Behaviour: 55, Maturity: string(lead.Hot)}
	for text, want := range map[string]struct{ low, high, none bool }{
		`fit >= 70 and behaviour >= 55`:       {true, true, true},
		`behaviour > 55`:                      {false, false, false},
		`maturity == "hot"`:                   {true, true, true},
		`maturity in ["warm", "cold"]`:        {false, false, false},
		`chance >= 0.3`:                       {false, true, false},
		`chance < 0.3`:                        {true, false, false},
		`0.3 < chance`:                        {false, true, false},
		`not (chance >= 0.3)`:                 {true, false, true}, // so ask for it too:
		`chance != nil and not (chance >= 1)`: {true, true, false},
		`chance == nil`:                       {false, false, true},
		`(chance ?? 0.5) > 0.4`:               {false, true, true},
		`chance * 100 >= 30`:                  {false, true, false},
		`chance == nil or chance > 0`:         {true, true, true},
		`chance in [0.125, 0.5]`:              {true, true, false},
	} {
		c := compiled(t, text)[0]
		for chance, want := range map[any]bool{0.125: want.low, 0.5: want.high, nil: want.none} {
			facts := hot
			facts.Chance = chance
			if got, err := rule.Over(facts).Holds(c); got != want || err != nil && chance != nil {
				t.Errorf("%s with a chance of %v is %t, %v", text, chance, got, err)
			}
			e := rule.Over(lead.Facts{Maturity: hot.Maturity, Behaviour: 1, Chance: 0.99})
			e.SetScore(70, 55, chance)
			if got, _ := e.Holds(c); got != want {
				t.Errorf("%s with a chance of %v set is %t", text, chance, got)
			}
		}
	}
}

func TestHoldsFailsWithoutHarm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`answer.missing + 1 > 2`, `len(answer.missing) > 1`, `answer.budget > 3`, `answer.budget`,
		`"x" in answer.age`, `int(answer.budget) > 1`, `touches % (fit - 70) == 0`,
	} {
		condition, err := rule.Compile(text)
		if err != nil {
			t.Errorf("compile %s: %v", text, err)
			continue
		}
		if got, err := rule.Over(facts()).Holds(condition); got || err == nil {
			t.Errorf("%s is %t, %v, want an error", text, got, err)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                  "write a condition",
		`  `:                                "write a condition",
		`product = "x"`:                     "at character",
		`prodct == "x"`:                     "unknown name prodct",
		`product`:                           "expected bool",
		`fit > "3"`:                         "invalid operation",
		`chance >= "0.3"`:                   "chance is a number from 0 to 1",
		`"high" == chance`:                  "chance is a number from 0 to 1",
		`chance in ["high", "low"]`:         "chance is a number from 0 to 1",
		`behaviour == "hot"`:                "invalid operation",
		`maturity > 3`:                      "invalid operation",
		`product in [1, 2]`:                 "cannot use",
		`all(1..1000, # > 0)`:               "range",
		`any([1,2], true)`:                  "not available",
		`1..3 == 1..3`:                      "range",
		`let a = city + city; a == "x"`:     "not available",
		`len(map(1..9, city)) > 1`:          "range",
		`repeat(city, 1000000) == "x"`:      "not a function",
		`now() == now()`:                    "not a function",
		`city matches city`:                 "pattern in quotes",
		`city matches "("`:                  "regular expression",
		`city matches "(a{30}){30}b{1000}"`: "simplify",
		`answer[city] == "x"`:               "by its name",
		`city[0] == "x"`:                    "by its name",
		`city[0:2] == "x"`:                  "not available",
		`fit ** 9 > 3`:                      "powers",
		`{"a": 1} == {}`:                    "not available",
		`[city] == [city]`:                  "a list holds",
		`$less(1, 2)`:                       "",
		`$env.city == "x"`:                  "",
		`Facts.City == "x"`:                 "by its name",
		`(1; true)`:                         "",
		`city | upper() | lower() == "x" and true and ` + strings.Repeat("true and ", 120): "",
		strings.Repeat("(", 900):                  "at character",
		strings.Repeat("1+", 400) + "1 > 2":       "maximum",
		strings.Repeat("x", rule.MaxLength) + "y": "shorten",
	} {
		_, err := rule.Compile(text)
		if err == nil {
			t.Errorf("%.60q compiles", text)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q is refused with %q, want %q in one line", text, err, want)
		}
	}
}

func TestUses(t *testing.T) {
	t.Parallel()
	condition, err := rule.Compile(`product == "a" and "b" == product and form in ["c", "d"] and answer.age > answer["size"] and answer.age < 9 and answer.budget != "e"`)
	if err != nil {
		t.Fatal(err)
	}
	uses := condition.Uses()
	if got := strings.Join(uses.Answers, " "); got != "age size budget" {
		t.Errorf("answers %s", got)
	}
	if got := strings.Join(uses.Facts, " "); got != "product form answer" {
		t.Errorf("facts %s", got)
	}
	if got := strings.Join(uses.Literals["product"], " ") + " " + strings.Join(uses.Literals["form"], " ") +
		" " + strings.Join(uses.Literals["answer.budget"], " "); got != "a b c d e" {
		t.Errorf("literals %s", got)
	}
}

// FuzzCompile holds that no condition panics, hangs or builds much, whatever it
// says and whatever was answered.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		`product == "x" and answer.age >= 4`, `answer.a matches "a+b"`, `all(1..9, all(1..9, # > 1))`,
		`let a = city; a == a`, `not (answer.a > 1) ? true : answer.b ?? false`, `[1, 2.5, "x", true] == [1]`,
		`city[1:2] | upper`, `sum(answer.a)`, `"a" in answer`, `-answer.a % 0 == 1`, `if true { true } else { false }`,
	} {
		f.Add(seed, "some text")
	}
	f.Fuzz(func(t *testing.T, text, answer string) {
		start := time.Now()
		condition, err := rule.Compile(text)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Fatal("refused without a text")
			}
			return
		}
		answers := map[string]any{"a": answer, "b": true, "age": 4.5, "c": []any{answer}}
		for _, facts := range []lead.Facts{{}, {City: answer, Answers: answers}} {
			_, _ = rule.Over(facts).Holds(condition)
		}
		if took := time.Since(start); took > time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := rule.Compile(`product == "kids-coding" and answer.age >= 7 and country in ["CN", "SG"]`); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHolds(b *testing.B) {
	condition, err := rule.Compile(`product == "kids-maths" or answer.age >= 9 or country in ["US", "SG"]`)
	if err != nil {
		b.Fatal(err)
	}
	evaluation := rule.Over(facts())
	b.ReportAllocs()
	for b.Loop() {
		if ok, err := evaluation.Holds(condition); ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
