package rule

import (
	"math"
	"reflect"
	"slices"

	"github.com/expr-lang/expr/vm/runtime"

	"sluice/shared/lead"
)

// variable is a fact, an answer, or a part of a condition that is not understood.
type variable struct {
	name     string
	kind     reflect.Kind // of a fact, Float64 for one that may be missing; Interface for an answer, Invalid for what is not understood
	texts    []string     // the only ones, where closed
	closed   bool
	outcomes outcomes // of what is not understood

	atoms  []*atom
	values int // how many there are to try
	value  int // the one being tried, from 1; 0 for none
}

// maxTable bounds the comparisons made to fill all tables together.
const maxTable = 1 << 24

// tabulate gives the variables their values: of all that a fact or an answer can
// be, one for each way in which the atoms tell them apart.
func (b *builder) tabulate() {
	budget := maxTable
	for _, v := range b.all {
		if v.kind == reflect.Invalid {
			v.independent(v.outcomes)
			continue
		}
		candidates := v.candidates()
		cost := 0
		for _, a := range v.atoms {
			cost += len(candidates) * max(1, len(elements(a.literal)))
		}
		if budget -= cost; budget < 0 {
			v.loosen()
			continue
		}
		v.tabulate(candidates)
	}
}

func (v *variable) tabulate(candidates []any) {
	known := map[string]bool{}
	row := make([]byte, len(v.atoms))
	for _, value := range candidates {
		for i, a := range v.atoms {
			row[i] = byte(a.evaluate(value))
		}
		if known[string(row)] {
			continue
		}
		known[string(row)] = true
		v.values++
		for i, a := range v.atoms {
			a.table = append(a.table, outcomes(row[i]))
			a.free |= outcomes(row[i])
		}
	}
}

// independent lets the variable come to each of the outcomes.
func (v *variable) independent(all outcomes) {
	for _, one := range []outcomes{fails, holds, breaks} {
		if all&one == 0 {
			continue
		}
		v.values++
		for _, a := range v.atoms {
			a.table = append(a.table, one)
			a.free |= one
		}
	}
}

// loosen has each atom of the variable come to what it likes, which no table is
// needed for.
func (v *variable) loosen() {
	for _, a := range v.atoms {
		a.free = anything
	}
}

// evaluate returns what the atom comes to for a value of its variable.
func (a *atom) evaluate(value any) outcomes {
	switch {
	case a.operator == "":
		if truth, ok := value.(bool); ok {
			return outcomeOf(truth)
		}
		return breaks
	case a.flipped:
		return evaluate(a.operator, a.literal, value)
	}
	return evaluate(a.operator, value, a.literal)
}

// evaluate compares as the machine does.
func evaluate(operator string, left, right any) outcomes {
	switch operator {
	case "==":
		return outcomeOf(runtime.Equal(left, right))
	case "!=":
		return outcomeOf(!runtime.Equal(left, right))
	case "in":
		if texts, ok := right.([]string); ok { // the common case, and the library's slowest
			text, isText := left.(string)
			return outcomeOf(isText && slices.Contains(texts, text))
		}
		switch right.(type) {
		case nil, []int, []any:
			return outcomeOf(runtime.In(left, right))
		}
		return breaks
	}
	_, leftText := left.(string)
	_, rightText := right.(string)
	_, leftNumber := number(left)
	_, rightNumber := number(right)
	switch {
	case left == nil || right == nil:
		return fails
	case leftText && rightText, leftNumber && rightNumber:
		return outcomeOf(comparisons[operator].less(left, right))
	}
	return breaks
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// elements returns what a literal list holds, else the literal alone.
func elements(literal any) []any {
	var all []any
	switch list := literal.(type) {
	case []string:
		for _, text := range list {
			all = append(all, text)
		}
	case []int:
		for _, n := range list {
			all = append(all, n)
		}
	case []any:
		return list
	default:
		return []any{literal}
	}
	return all
}

// candidates returns values of a fact or answer such that every other one
// compares with each literal as some of these does. Those that no condition
// names come first: they are the likeliest to be let through.
func (v *variable) candidates() []any {
	switch v.kind {
	case reflect.Bool:
		return []any{false, true}
	case reflect.Int:
		return v.integers()
	case reflect.Float64:
		return append([]any{nil}, v.floats()...)
	case reflect.String:
		if v.closed {
			return append([]any{""}, elements(v.texts)...)
		}
		return v.strings()
	}
	// An answer is a number, a text, true or false, or several texts; missing too.
	all := append([]any{nil}, v.lists()...)
	if v.closed {
		return append(all, elements(v.texts)...)
	}
	return slices.Concat(all, []any{false, true}, v.floats(), v.strings())
}

// literals visits the scalar literals that the variable is compared with.
func (v *variable) literals(visit func(any)) {
	for _, a := range v.atoms {
		for _, literal := range elements(a.literal) {
			visit(literal)
		}
	}
}

// strings returns the texts compared with and those next to them in the order of
// bytes, between which no other text lies.
func (v *variable) strings() []any {
	all := []any{"", "\x00"}
	v.literals(func(literal any) {
		if text, ok := literal.(string); ok {
			all = append(all, text+"\x00")
		}
	})
	v.literals(func(literal any) {
		if text, ok := literal.(string); ok {
			all = append(all, text)
		}
	})
	return all
}

// floats returns the numbers compared with and their neighbours.
func (v *variable) floats() []any {
	between, ok := ranges[v.name]
	if !ok {
		between = [2]float64{math.Inf(-1), math.Inf(1)}
	}
	all := []any{max(0.0, between[0])}
	v.literals(func(literal any) {
		n, ok := number(literal)
		if !ok {
			return
		}
		for _, near := range []float64{math.Nextafter(n, math.Inf(-1)), math.Nextafter(n, math.Inf(1)), n} {
			if between[0] <= near && near <= between[1] {
				all = append(all, near)
			}
		}
	})
	return all
}

// ranges are the least and the greatest of the facts that are numbers; other whole
// ones may be below zero. No chance is a certainty.
var ranges = map[string][2]float64{
	chance: {1.0 / lead.Certain, 1 - 1.0/lead.Certain},
	"fit":  {0, 100}, "behaviour": {0, 100}, "hour": {0, 23}, "touches": {0, math.MaxInt32}, "owners": {0, math.MaxInt32}, "age_days": {0, math.MaxInt32},
}

// integers returns the whole numbers next to the ones compared with.
func (v *variable) integers() []any {
	between, ok := ranges[v.name]
	if !ok {
		between = [2]float64{math.MinInt32, math.MaxInt32}
	}
	all := []any{int(between[0]), int(between[1])}
	v.literals(func(literal any) {
		n, _ := number(literal)
		for _, near := range []float64{math.Ceil(n) - 1, math.Floor(n), math.Ceil(n), math.Floor(n) + 1} {
			if between[0] <= near && near <= between[1] {
				all = append(all, int(near))
			}
		}
	})
	return all
}

// lists returns the lists compared with, and one that is unlike any of them.
func (v *variable) lists() []any {
	all := []any{[]any{[]any{}}}
	for _, a := range v.atoms {
		if reflect.ValueOf(a.literal).Kind() == reflect.Slice {
			all = append(all, a.literal, elements(a.literal))
		}
	}
	return all
}
