package app_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode"
)

// needles are the forms in which a value could be told: as it is, in other
// cases, escaped, encoded at any offset, and the digits of a number alone.
func needles(value string) []string {
	all := []string{value, strings.ToLower(value), strings.ToUpper(value), url.QueryEscape(value), url.PathEscape(value),
		html.EscapeString(value), strings.Trim(fmt.Sprintf("%+q", value), `"`),
		hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value)))}
	for offset := range 3 {
		padded := append(make([]byte, offset), value...)
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString(padded)
			all = append(all, text[(offset*8+5)/6:len(padded)*8/6])
		}
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			if r > '９'-10 { // full-width
				r -= '０' - '0'
			}
			return r
		}
		return -1
	}, value)
	if len(digits) >= 9 && !strings.ContainsAny(value, ":@") {
		all = append(all, digits, digits[len(digits)-9:])
	}
	return all
}

// TestNeedlesFind: the search itself would find what it looks for.
func TestNeedlesFind(t *testing.T) {
	t.Parallel()
	for _, value := range personal {
		for _, told := range []string{"x " + value, url.QueryEscape(value), base64.StdEncoding.EncodeToString([]byte("a" + value + "b")),
			base64.URLEncoding.EncodeToString([]byte("ab" + value)), hex.EncodeToString([]byte("0" + value))} {
			found := false
			for _, needle := range needles(value) {
				found = found || strings.Contains(told, needle)
			}
			if !found {
				t.Errorf("%q is not found in %q", value, told)
			}
		}
	}
	found := false
	for _, needle := range needles("０１３９１２３４５６７９") {
		found = found || strings.Contains("+86139134567901391234567900", needle) || strings.Contains("013912345679", needle)
	}
	if !found {
		t.Error("digits of full width are not found")
	}
}
