package desk_test

import (
	"strings"
	"testing"

	"sluice/shared/desk"
)

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, currency string
		want           int64 // -1 for a refusal
	}{
		{"1200.50", "EUR", 120050}, {"1200,5", "EUR", 120050}, {"1 200", "EUR", 120000}, {"0", "EUR", 0}, {"500", "JPY", 500}, {"1.234", "KWD", 1234},
		{"1.234", "EUR", -1}, {"5.5", "JPY", -1}, {"1,200.50", "EUR", -1}, {"-5", "EUR", -1}, {"five", "EUR", -1}, {"١٢", "EUR", -1},
		{strings.Repeat("9", 40), "EUR", -1}, {strings.Repeat("9", 16), "KWD", -1}, {strings.Repeat("9", 15), "KWD", 999999999999999000},
	} {
		got, err := desk.Amount(c.text, c.currency)
		if (err != nil) != (c.want < 0) || err == nil && got != c.want {
			t.Errorf("%q %s is %d: %v", c.text, c.currency, got, err)
		}
	}
}

func FuzzAmount(f *testing.F) {
	f.Add("1 200,50", "EUR")
	f.Add("99999999999999999999", "JPY")
	f.Fuzz(func(t *testing.T, text, currency string) {
		if got, err := desk.Amount(text, currency); err == nil && got < 0 {
			t.Errorf("%q %q is %d", text, currency, got)
		}
	})
}
