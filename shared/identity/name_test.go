package identity

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestName(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ raw, want string }{
		"plain":           {"Ada Example", "Ada Example"},
		"spaces":          {"  Ada \t\r\n Example\u3000", "Ada Example"},
		"composed":        {"Ade\u0301", "Adé"},
		"Chinese":         {"艾达", "艾达"},
		"hyphen and dot":  {"Jean-Luc O'Example Jr.", "Jean-Luc O'Example Jr."},
		"invisible":       {"A\u200bd\u202ea\ufeff\x00\x1b", "Ada"},
		"broken UTF-8":    {"Ad\xffa", "Ada"},
		"nothing visible": {"\u200b \u00ad", ""},
		"long":            {strings.Repeat("ä", 500), strings.Repeat("ä", MaxName)},
		"cut at a space":  {strings.Repeat("a", MaxName-1) + " bc", strings.Repeat("a", MaxName-1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Name(tt.raw); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzName(f *testing.F) {
	f.Add(" Ada\u0301 \u200b Example\n")
	f.Add(strings.Repeat("\u0301", 300))
	f.Fuzz(func(t *testing.T, raw string) {
		got := Name(raw)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > MaxName || got != strings.TrimSpace(got) {
			t.Fatalf("%q became %q", raw, got)
		}
		if strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, "  ") {
			t.Fatalf("%q became %q", raw, got)
		}
		if again := Name(got); again != got {
			t.Fatalf("%q read again is %q", got, again)
		}
	})
}
