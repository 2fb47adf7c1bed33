package identity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEmail(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw  string
		want Address
	}{
		"plain":            {"ada@example.com", Address{"ada@example.com", "ada@example.com", "example.com"}},
		"case":             {" Ada.B@Example.COM ", Address{"Ada.B@example.com", "ada.b@example.com", "example.com"}},
		"tag kept":         {"ada+news@example.com", Address{"ada+news@example.com", "ada+news@example.com", "example.com"}},
		"link":             {"mailto:ada@example.com", Address{"ada@example.com", "ada@example.com", "example.com"}},
		"Chinese keyboard": {"ａｄａ＠example。com", Address{"ada@example.com", "ada@example.com", "example.com"}},
		"domain in German": {"ada@Bücher.example", Address{"ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example", "xn--bcher-kva.example"}},
		"encoded domain":   {"ada@XN--bcher-kva.example", Address{"ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example", "xn--bcher-kva.example"}},
		"local in Chinese": {"阿达@example.com", Address{"阿达@example.com", "阿达@example.com", "example.com"}},
		"decomposed":       {"ade\u0301@example.com", Address{"adé@example.com", "adé@example.com", "example.com"}},
		"odd but legal":    {"!#$%&'*+-/=?^_`{|}~@example.com", Address{"!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com", "example.com"}},
		"Google, dots":     {"A.d.a+x@gmail.com", Address{"A.d.a+x@gmail.com", "ada@gmail.com", "gmail.com"}},
		"Google, old name": {"ada@googlemail.com", Address{"ada@googlemail.com", "ada@gmail.com", "googlemail.com"}},
		"Google, only tag": {"+x@gmail.com", Address{"+x@gmail.com", "+x@gmail.com", "gmail.com"}},
		"Microsoft":        {"ada.b+x@hotmail.co.uk", Address{"ada.b+x@hotmail.co.uk", "ada.b@hotmail.co.uk", "hotmail.co.uk"}},
		"not Microsoft":    {"ada+x@outlook.example.com", Address{"ada+x@outlook.example.com", "ada+x@outlook.example.com", "outlook.example.com"}},
		"Yahoo":            {"ada-shop@yahoo.de", Address{"ada-shop@yahoo.de", "ada@yahoo.de", "yahoo.de"}},
		"Yahoo Japan":      {"ada-shop@yahoo.co.jp", Address{"ada-shop@yahoo.co.jp", "ada-shop@yahoo.co.jp", "yahoo.co.jp"}},
		"Apple":            {"ada+x@icloud.com", Address{"ada+x@icloud.com", "ada@icloud.com", "icloud.com"}},
		"Fastmail":         {"ada+x@fastmail.com", Address{"ada+x@fastmail.com", "ada@fastmail.com", "fastmail.com"}},
		"Proton":           {"ada+x@proton.me", Address{"ada+x@proton.me", "ada@proton.me", "proton.me"}},
		"Yandex":           {"ada+x@ya.ru", Address{"ada+x@ya.ru", "ada@yandex.ru", "ya.ru"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Email(tt.raw)
			if err != nil || got != tt.want {
				t.Fatalf("got {%s %s %s}, %v, want {%s %s %s}", got.Full, got.Key, got.Domain, err, tt.want.Full, tt.want.Key, tt.want.Domain)
			}
		})
	}
}

func TestEmailRefuses(t *testing.T) {
	t.Parallel()
	local64 := strings.Repeat("a", 64)
	tests := map[string]struct{ raw, want string }{
		"nothing":             {"", Empty},
		"blanks":              {" \t\u3000\ufeff", Empty},
		"no @":                {"ada.example.com", NotAnAddress},
		"nothing before":      {"@example.com", NotAnAddress},
		"nothing after":       {"ada@", NotAnAddress},
		"forged header":       {"ada@example.com\r\nBcc: all@example.com", BadCharacters},
		"line break at end":   {"ada@example.com\n", BadCharacters},
		"NUL":                 {"ada\x00@example.com", BadCharacters},
		"space inside":        {"ada b@example.com", BadCharacters},
		"invisible inside":    {"ad\u200ba@example.com", BadCharacters},
		"turned text":         {"ada\u202e@example.com", BadCharacters},
		"broken UTF-8":        {"ad\xffa@example.com", BadCharacters},
		"a name and address":  {"Ada <ada@example.com>", BadCharacters},
		"angle brackets":      {"<ada@example.com>", BadLocalPart},
		"two addresses":       {"ada@example.com,bob@example.com", BadLocalPart},
		"two @":               {"ada@b@example.com", BadLocalPart},
		"quoted":              {`"ada"@example.com`, QuotedLocalPart},
		"comment":             {"ada(home)@example.com", QuotedLocalPart},
		"dot at start":        {".ada@example.com", BadLocalPart},
		"dot at end":          {"ada.@example.com", BadLocalPart},
		"two dots":            {"a..da@example.com", BadLocalPart},
		"picture":             {"ada😀@example.com", BadLocalPart},
		"local part too long": {local64 + "a@example.com", TooLong},
		"all too long":        {local64 + "@" + strings.Repeat("b.", 95) + "example", TooLong},
		"megabyte":            {strings.Repeat("a", 1<<20), TooLong},
		"address literal":     {"ada@[192.0.2.1]", DomainIsAddress},
		"bare address":        {"ada@192.0.2.1", DomainIsAddress},
		"numeric top level":   {"ada@example.123", BadDomain},
		"one label":           {"ada@localhost", IncompleteDomain},
		"underscore":          {"ada@ex_ample.com", BadDomain},
		"hyphen at start":     {"ada@-example.com", BadDomain},
		"empty label":         {"ada@example..com", BadDomain},
		"dot at domain end":   {"ada@example.com.", BadDomain},
		"label too long":      {"ada@" + local64 + ".example", BadDomain},
		"false punycode":      {"ada@xn--a.example", BadDomain},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Email(tt.raw)
			if ReasonOf(err) != tt.want || got != (Address{}) {
				t.Fatalf("got %s %q, want %q", got.Full, ReasonOf(err), tt.want)
			}
		})
	}
}

// The key of an address is an address, and its own key.
func TestEmailKeyIsStable(t *testing.T) {
	t.Parallel()
	domains := rapid.SampledFrom([]string{"example.com", "gmail.com", "GoogleMail.com", "yahoo.de", "hotmail.fr", "ya.ru", "me.com", "例え.example"})
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`[a-zA-Z0-9é+._-]{1,20}`).Draw(t, "local") + "@" + domains.Draw(t, "domain")
		got, err := Email(raw)
		if err != nil {
			t.Skip("no address")
		}
		key, err := Email(got.Key)
		if err != nil || key.Key != got.Key {
			t.Fatalf("key %q of %q has the key %q (%v)", got.Key, raw, key.Key, err)
		}
		upper, err := Email(strings.ToUpper(raw))
		if err != nil || upper.Key != got.Key {
			t.Fatalf("%q in upper case has the key %q, not %q (%v)", raw, upper.Key, got.Key, err)
		}
	})
}

// An accepted address is one line of bounded length that stays as it is when
// read again.
func FuzzEmail(f *testing.F) {
	for _, seed := range []string{
		"ada@example.com", " A.d.a+x@gmail.com ", "ada@Bücher.example", "ａｄａ＠example。com", "mailto:ada@example.com",
		"ada@example.com\r\nBcc: x@example.com", `"a b"@example.com`, "ada@[192.0.2.1]", "İ@example.com", "a@xn--bcher-kva.example", "\u00a0a@b.cd\ufeff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := Email(raw)
		if err != nil {
			if got != (Address{}) || ReasonOf(err) == "" || strings.Contains(err.Error(), raw) && len(raw) > 20 {
				t.Fatalf("refused %q as %q with %v", raw, err, got.Full)
			}
			return
		}
		if strings.ContainsAny(got.Full+got.Key, "\r\n\x00 \"<>()[],;:\\") || strings.Count(got.Full, "@") != 1 {
			t.Fatalf("%q became %q", raw, got.Full)
		}
		if len(got.Full) > maxAddress || !strings.HasSuffix(got.Full, "@"+got.Domain) {
			t.Fatalf("%q became %q at %q", raw, got.Full, got.Domain)
		}
		again, err := Email(got.Full)
		if err != nil || again != got {
			t.Fatalf("%q read again is %q (%v)", got.Full, again.Full, err)
		}
	})
}
