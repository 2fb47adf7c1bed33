package form

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

var sites = Spec{
	ThankYou:      "https://www.example.com/thanks",
	ThankYouHosts: []string{"landing.example.org", "*.example.net", "localhost"},
	Origins:       []string{"https://www.example.com", "https://*.example.net", "http://localhost:8080"},
}

func TestThankYouURL(t *testing.T) {
	t.Parallel()
	allowed := map[string]string{
		"":                                  "https://www.example.com/thanks",
		"https://www.example.com/other?a=1": "https://www.example.com/other?a=1",
		"https://LANDING.example.org/x#y":   "https://landing.example.org/x#y",
		"https://landing.example.org:8443/": "https://landing.example.org:8443/",
		"https://a.example.net/":            "https://a.example.net/",
		"https://a.b.example.net":           "https://a.b.example.net",
		"http://localhost:3000/thanks":      "http://localhost:3000/thanks",
	}
	for requested, want := range allowed {
		if got, ok := sites.ThankYouURL(requested); !ok || got != want {
			t.Errorf("%q: got %q, %v, want %q", requested, got, ok, want)
		}
	}
	for _, requested := range []string{
		"https://evil.example", "https://example.net", "https://evilexample.net", "https://landing.example.org.evil.example",
		"http://landing.example.org", "//landing.example.org", "/thanks", "thanks", "https:landing.example.org", "https:///landing.example.org",
		"https://landing.example.org@evil.example", "https://user@landing.example.org", `https://evil.example\@landing.example.org`,
		`https:\\landing.example.org`, "https://landing.example.org\r\nSet-Cookie: a=b", "https://landing.example.org/\x00", " https://landing.example.org",
		"https://landing.example.org /", "https://landing.example.org%2eevil.example", "https://evil.example#@landing.example.org",
		"https://evil.example?landing.example.org", "javascript:alert(1)//landing.example.org", "data:text/html,x", "https://", "https://.example.net",
		"https://a..example.net", "https://[::1]/", "https://ⓔxample.net/", "https://evil。example.net", "https://landing.example.org:x/", "http://127.0.0.1/",
		"https://landing.example.org/" + strings.Repeat("a", 2000),
	} {
		if got, ok := sites.ThankYouURL(requested); ok || got != "" {
			t.Errorf("%q: got %q, want a refusal", requested, got)
		}
	}
	if got, ok := (Spec{}).ThankYouURL(""); !ok || got != "" {
		t.Errorf("no page configured: got %q, %v, want the built-in one", got, ok)
	}
	if got, ok := (Spec{ThankYouHosts: []string{"*example.net", "*", ""}}).ThankYouURL("https://evilexample.net"); ok {
		t.Errorf("a wildcard without a dot: got %q", got)
	}
	if got, ok := (Spec{}).ThankYouURL("https://www.example.com"); ok {
		t.Errorf("no host allowed: got %q", got)
	}
}

func TestAllowsOrigin(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"https://www.example.com", "HTTPS://WWW.EXAMPLE.COM", "https://a.example.net", "https://a.b.example.net", "http://localhost:8080"} {
		if !sites.AllowsOrigin(origin) {
			t.Errorf("%q is refused", origin)
		}
	}
	for _, origin := range []string{
		"", "null", "*", "http://www.example.com", "https://www.example.com:8443", "https://www.example.com/", "https://example.net", "https://evilexample.net",
		"https://a.example.net:8443", "https://a.example.net.evil.example", "https://evil.example/.example.net", "https://evil.example?.example.net",
		"https://evil.example#.example.net", "https://u@a.example.net", "http://localhost", "https://*.example.net", "http://a.example.net",
	} {
		if sites.AllowsOrigin(origin) {
			t.Errorf("%q is allowed", origin)
		}
	}
	if every := (Spec{Origins: []string{"*"}}); !every.AllowsOrigin("https://any.example") || every.AllowsOrigin("null") {
		t.Error("* is every site, and no page without one")
	}
	if (Spec{}).AllowsOrigin("https://www.example.com") {
		t.Error("no origin is allowed where none is configured")
	}
}

// Whatever is asked for, the answer leads to a host on the list, and is read as
// that host by one who is laxer about URLs than Go: browsers take backslashes
// for slashes and drop line breaks.
func FuzzThankYouURL(f *testing.F) {
	for _, seed := range []string{
		"https://landing.example.org/x?y#z", "https://a.example.net", `https://evil.example\@a.example.net`, "//evil.example", "https:/\\evil.example",
		"https://a.example.net@evil.example", "http://localhost:1/", "https://a.example.net:443/%0d%0a", "\thttps://evil.example",
	} {
		f.Add(seed)
	}
	listed := []string{"www.example.com", "landing.example.org", "localhost"}
	f.Fuzz(func(t *testing.T, requested string) {
		got, ok := sites.ThankYouURL(requested)
		if !ok {
			if got != "" {
				t.Fatalf("%q refused with %q", requested, got)
			}
			return
		}
		lax := strings.NewReplacer("\\", "/", "\n", "", "\r", "", "\t", "").Replace(strings.TrimSpace(got))
		for _, text := range []string{got, lax} {
			u, err := url.Parse(text)
			if err != nil || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost") {
				t.Fatalf("%q leads to %q", requested, got)
			}
			if host := u.Hostname(); !slices.Contains(listed, host) && !strings.HasSuffix(host, ".example.net") {
				t.Fatalf("%q leads to the host %q", requested, host)
			}
		}
		if strings.ContainsAny(got, "\r\n\\ ") {
			t.Fatalf("%q leads to %q", requested, got)
		}
		if again, ok := sites.ThankYouURL(got); !ok || again != got {
			t.Fatalf("%q is not stable: %q", got, again)
		}
	})
}

func FuzzAllowsOrigin(f *testing.F) {
	for _, seed := range []string{"https://www.example.com", "https://a.example.net", "null", "https://evil.example#.example.net", "http://localhost:8080"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, origin string) {
		if !sites.AllowsOrigin(origin) {
			return
		}
		u, err := url.Parse(strings.ToLower(origin))
		if err != nil || strings.ContainsAny(origin, "\r\n @\\?#") {
			t.Fatalf("%q is allowed", origin)
		}
		if host := u.Host; host != "www.example.com" && host != "localhost:8080" && !strings.HasSuffix(host, ".example.net") {
			t.Fatalf("%q is allowed", origin)
		}
	})
}
