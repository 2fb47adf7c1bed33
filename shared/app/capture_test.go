package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
)

func TestBrowserIsSentToTheThanks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	school := person("Ann Example", "", "ann@example.org")
	school.Set("company", "Example School")
	for name, c := range map[string]struct {
		form, thanks, want string
	}{
		"built-in page":        {"trial", "", "/f/trial/thanks"},
		"the form's own":       {"school", "", "https://www.example.com/thank-you"},
		"an allowed one":       {"trial", "https://www.example.com/ok?a=1#top", "https://www.example.com/ok?a=1#top"},
		"allowed, upper case":  {"trial", "HTTPS://WWW.EXAMPLE.COM/ok", "https://www.example.com/ok"},
		"on this machine":      {"trial", "http://localhost:8080/ok", "http://localhost:8080/ok"},
		"blanks around it":     {"trial", " https://www.example.com/ok\r\n", "https://www.example.com/ok"},
		"another than its own": {"school", "https://www.example.com/ok", "https://www.example.com/ok"},
	} {
		post := person("Ann Example", "+1 415 555 0132", "ann@example.org")
		if c.form == "school" {
			post = school
		}
		post.Set("thank_you", c.thanks)
		got := b.direct(refusal{path: "/f/" + c.form, body: post.Encode()}.ask(asPage))
		if got.status != http.StatusSeeOther || got.header.Get("Location") != c.want {
			t.Errorf("%s: answered %d to %q, want 303 to %q: %.200s", name, got.status, got.header.Get("Location"), c.want, got.body)
		}
		if queued := b.intake.take(10); len(queued) != 1 {
			t.Errorf("%s: %d messages were queued, want 1", name, len(queued))
		}
	}
	thanks := b.everyWay(refusal{method: http.MethodGet, path: "/f/trial/thanks", kind: "-"}.ask(asPage))
	if thanks.status != http.StatusOK || !strings.Contains(thanks.body, "Book a free trial lesson") {
		t.Errorf("the page of thanks: %d %.200s", thanks.status, thanks.body)
	}
}

func TestProgramIsToldTheID(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := `{"name":"Emma Carter","phone":"+1 415 555 0132","age":7,"consent":true,"budget":null,"newsletter":["a","b"]}`
	got := b.everyWay(refusal{kind: asJSON + "; charset=utf-8", body: body}.ask("*/*").keyed("json-1"))
	var id struct{ Submission string }
	if err := json.Unmarshal([]byte(got.body), &id); err != nil || got.status != http.StatusAccepted || id.Submission == "" {
		t.Fatalf("answered %d %s", got.status, got.body)
	}
	b.drain()
	if l := b.leadOf(id.Submission); l.Facts.Answers["age"] != 7.0 || l.Touches != 1 {
		t.Errorf("facts are %+v after %d touches", l.Facts, l.Touches)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	good := typed().Encode()
	for name, c := range map[string]struct {
		origin string
		header []string
		allow  string
	}{
		"no origin":              {"", nil, ""},
		"listed":                 {"https://www.example.com", nil, "https://www.example.com"},
		"our own page":           {"https://example.com", nil, ""},
		"our own, clear text":    {"http://example.com", nil, ""},
		"plain form elsewhere":   {"https://example.org", []string{"Sec-Fetch-Mode", "navigate"}, ""},
		"plain form, no referer": {"null", []string{"Sec-Fetch-Mode", "navigate"}, ""},
	} {
		header := c.header
		if c.origin != "" {
			header = append(header, "Origin", c.origin)
		}
		got := b.direct(refusal{body: good, header: header}.ask(asJSON))
		if got.status != http.StatusAccepted || got.header.Get("Access-Control-Allow-Origin") != c.allow || got.header.Get("Vary") != "Origin" {
			t.Errorf("%s: answered %d, allows %q, varies by %q: %.200s", name, got.status, got.header.Get("Access-Control-Allow-Origin"), got.header.Get("Vary"), got.body)
		}
	}
	// A listed site's script may read what is wrong with its post.
	bad := b.everyWay(refusal{kind: asJSON, body: `{}`, header: []string{"Origin", "https://www.example.com"}}.ask(asJSON))
	if bad.status != http.StatusUnprocessableEntity || bad.header.Get("Access-Control-Allow-Origin") != "https://www.example.com" {
		t.Errorf("a refusal allows %q", bad.header.Get("Access-Control-Allow-Origin"))
	}
	pre := b.everyWay(refusal{method: http.MethodOptions, kind: "-", header: []string{"Origin", "https://www.example.com",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,idempotency-key"}}.ask("*/*"))
	if pre.status != http.StatusNoContent || pre.header.Get("Access-Control-Allow-Origin") != "https://www.example.com" ||
		!strings.Contains(pre.header.Get("Access-Control-Allow-Headers"), "Idempotency-Key") || pre.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("preflight answered %d %v", pre.status, pre.header)
	}
}

// TestAttributionAndConsentAreKept reads back what came with the post.
func TestAttributionAndConsentAreKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	post := typed("utm_source", "news\r\nletter", "utm_medium", "mail", "utm_campaign", "spring", "utm_term", "coding", "utm_content", "top",
		"fbclid", "fb-1", "gclid", "g-1", "referrer", "https://zebra@www.example.org/blog?email=zebra@example.com#x",
		"landing_page", "https://www.example.com/trial?name="+secret)
	r := httptest.NewRequest(http.MethodPost, "/f/trial", strings.NewReader(post.Encode()))
	r.Header.Set("Accept", asJSON)
	r.Header.Set("Content-Type", `application/x-www-form-urlencoded; name="`+secret+`"`)
	r.RemoteAddr = "192.0.2.44:51234"
	w := httptest.NewRecorder()
	b.capture.ServeHTTP(w, r)
	var id struct{ Submission string }
	if err := json.Unmarshal(w.Body.Bytes(), &id); err != nil || w.Code != http.StatusAccepted {
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	if queued := string(b.intake.all()[0]); strings.Contains(queued, secret) {
		t.Error("the queue holds a parameter of the content type")
	}
	b.drain()
	l := b.leadOf(id.Submission)
	captured, ok := b.history(l.ID)[0].Events[0].(lead.Captured)
	want := lead.Attribution{UTMSource: "news letter", UTMMedium: "mail", UTMCampaign: "spring", UTMTerm: "coding", UTMContent: "top",
		ClickID: "g-1", ClickKind: "gclid", Referrer: "https://www.example.org/blog", Landing: "https://www.example.com/trial"}
	if !ok || captured.Attribution != want || captured.Submission != id.Submission {
		t.Errorf("history has %+v, want %+v", captured.Attribution, want)
	}
	if l.Facts.Source != "news letter" || l.Facts.Campaign != "spring-trial" || l.Facts.Channel != "website" || l.Facts.City != "Shanghai" {
		t.Errorf("facts are %+v", l.Facts)
	}
	if _, shown := l.Facts.Answers["budget"]; shown || len(l.Private) == 0 {
		t.Error("a sensitive answer is among the facts, or lost")
	}
	p, err := b.table.Person(t.Context(), l.Person)
	if err != nil || len(p.Consents) != 1 {
		t.Fatalf("person %+v: %v", p, err)
	}
	c := p.Consents[0]
	address, err := b.vault.Open(t.Context(), "person/"+p.ID+"/ip", c.Address)
	if c.Purpose != "sales-contact" || c.Version != "2026-01" || c.Basis != "consent" || c.Submission != id.Submission ||
		!c.At.Equal(b.clock.Now()) || string(address) != "192.0.2.44" {
		t.Errorf("consent is %+v from %q (%v)", c, address, err)
	}
	contact, err := app.OpenContact(t.Context(), b.vault, p)
	if err != nil || contact != (lead.Contact{Name: secret, Phone: "+14155550132", Email: "zebra@example.com"}) {
		t.Errorf("the contact is not what was typed (%v)", err)
	}
}

// TestConsentGrows: another version is kept beside the first, the same one is
// not repeated.
func TestConsentGrows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", typed())
	b.enquire("trial", typed())
	doc := b.document()
	doc.Forms[0].Consent.Version = "2026-04"
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	b.enquire("trial", typed())
	p, err := b.table.Person(t.Context(), l.Person)
	var versions []string
	for _, c := range p.Consents {
		versions = append(versions, c.Version)
	}
	if err != nil || !slices.Equal(versions, []string{"2026-01", "2026-04"}) {
		t.Errorf("consents to %v (%v)", versions, err)
	}
}
