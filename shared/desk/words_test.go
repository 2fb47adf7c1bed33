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

func TestTalkTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, " 4 ": 240, "4:30": 270, "0:05": 5, "90": 5400, "4:5": 245, "4:": 240, "4:60": -1, "4:-1": -1, "-4": -1, "1:02:03": -1, "four": -1, "4.5": -1, ":30": -1, "99999": -1,
	} {
		got, err := desk.TalkTime(text)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q is %d seconds: %v", text, got, err)
		}
	}
}

func FuzzTalkTime(f *testing.F) {
	f.Add("4:30")
	f.Add("65535:59")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := desk.TalkTime(text); err == nil && got < 0 {
			t.Errorf("%q is %d seconds", text, got)
		}
	})
}

func TestCheckIn(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"31.2304, 121.4737", "31.2304 121.4737", " 31.2304,121.4737\t"} {
		if in, err := desk.CheckIn(text); err != nil || in == nil || in.Lat != 31.2304 || in.Lon != 121.4737 {
			t.Errorf("%q is %+v: %v", text, in, err)
		}
	}
	if in, err := desk.CheckIn("  "); in != nil || err != nil {
		t.Errorf("nothing is %+v: %v", in, err)
	}
	for _, text := range []string{"here", "31.2", "31.2, 121.4, 5", "31°, 121°", "31,2304, 121,4737"} {
		if in, err := desk.CheckIn(text); err == nil {
			t.Errorf("%q is %+v", text, in)
		}
	}
}

func FuzzCheckIn(f *testing.F) {
	f.Add("31.2304, 121.4737")
	f.Add("NaN, Inf")
	f.Fuzz(func(t *testing.T, text string) {
		if in, err := desk.CheckIn(text); err == nil && in == nil && strings.Trim(text, ", \t") != "" {
			t.Errorf("%q is nowhere", text)
		}
	})
}

func FuzzWordsIn(f *testing.F) {
	f.Add("fair, hannover；2026")
	f.Add("展会、汉诺威　spring")
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range desk.WordsIn(text) {
			if word == "" || strings.ContainsAny(word, " ,;\n\t") || !strings.Contains(text, word) {
				t.Errorf("%q has the word %q", text, word)
			}
		}
	})
}
