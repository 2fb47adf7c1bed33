package table

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func aNumber() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`-?[0-9]{1,20}`),
		rapid.StringMatching(`-?[0-9]{1,12}\.[0-9]{1,12}`),
		rapid.StringMatching(`[+-]?[0-9]{0,3}\.?[0-9]{1,4}[eE][+-]?[0-9]{1,2}`),
	)
}

// TestNumbers compares arithmetic and order with exact fractions.
func TestNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := aNumber().Draw(t, "a"), aNumber().Draw(t, "b")
		x, okX := new(big.Rat).SetString(a)
		y, okY := new(big.Rat).SetString(b)
		if !okX || !okY {
			t.Skip("no numbers")
		}
		m, f := canonical([]byte(a))
		n, g := canonical([]byte(b))
		if f != nil || g != nil {
			t.Fatalf("%s: %v, %s: %v", a, f, b, g)
		}
		if again, f := canonical(m); f != nil || string(again) != string(m) || strings.ContainsAny(string(m), "eE+") {
			t.Fatalf("%s is %s, and then %s", a, m, again)
		}
		if got := compareNumbers(m, n); got != x.Cmp(y) {
			t.Errorf("%s and %s compare as %d", m, n, got)
		}
		if same := string(m) == string(n); same != (x.Cmp(y) == 0) {
			t.Errorf("%s and %s: the same text %v", m, n, same)
		}
		for _, minus := range []bool{false, true} {
			want := new(big.Rat).Add(x, y)
			if minus {
				want.Sub(x, y)
			}
			total, f := sum(m, n, minus)
			if f != nil { // more than 38 digits
				continue
			}
			if got, _ := new(big.Rat).SetString(string(total)); got.Cmp(want) != 0 {
				t.Errorf("%s and %s make %s, want %s", m, n, total, want.RatString())
			}
		}
	})
}

func TestNumberLimits(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"9.9999999999999999999999999999999999999e125": true, "1e126": false, "1e-130": true, "1e-131": false, "0e999": true,
		"12345678901234567890123456789012345678": true, "123456789012345678901234567890123456789": false, "1e99999999999": false,
		"": false, "-": false, ".": false, "1e": false, "1..2": false, " 1": false, "0x1": false, "1_0": false, "Infinity": false,
	} {
		if _, f := canonical([]byte(text)); (f == nil) != ok {
			t.Errorf("%s: %v", text, f)
		}
	}
	if _, f := sum([]byte("12345678901234567890123456789012345678"), []byte("0.5"), false); f == nil {
		t.Error("a sum has 39 digits")
	}
}

// TestNumberSize: Developer Guide, "DynamoDB item sizes and formats".
func TestNumberSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0": 1, "1": 2, "27": 2, "-27": 3, "100": 2, "1001": 3, "0.5": 2, "12.5": 3, "-12.25": 4} {
		if got := numberSize([]byte(text)); got != want {
			t.Errorf("%s: %d bytes, want %d", text, got, want)
		}
	}
}
