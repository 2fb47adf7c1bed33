package app_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

const (
	urlencoded = "application/x-www-form-urlencoded"
	asJSON     = "application/json"
	asPage     = "text/html,application/xhtml+xml"
)

// refusal is a request that must not be taken.
type refusal struct {
	method string // POST
	path   string // /f/trial
	kind   string // content type; urlencoded, "-" for none
	body   string
	header []string
	status int
	field  string // that the answer names
	label  string // of the field on a page, where it differs from its name
	direct bool   // no gateway lets such a header through
}

func (c refusal) ask(accept string) ask {
	a := ask{method: c.method, path: c.path, body: c.body, header: http.Header{"Accept": {accept}, "Host": {"example.com"}}}
	if a.method == "" {
		a.method = http.MethodPost
	}
	if a.path == "" {
		a.path = "/f/trial"
	}
	switch c.kind {
	case "":
		a.header.Set("Content-Type", urlencoded)
	case "-":
	default:
		a.header.Set("Content-Type", c.kind)
	}
	for i := 0; i+1 < len(c.header); i += 2 {
		a.header.Set(c.header[i], c.header[i+1])
	}
	return a
}

// secret stands in what is typed; no answer to a program and no log may hold it.
const secret = "Zebrafinch"

// typed is a good post of the trial form with changes.
func typed(changes ...string) url.Values {
	v := person(secret, "+1 415 555 0132", "zebra@example.com")
	for i := 0; i+1 < len(changes); i += 2 {
		v[changes[i]] = []string{changes[i+1]}
	}
	return v
}

func TestBadInputIsRefusedAndNamed(t *testing.T) {
	t.Parallel()
	b := setup(t, withClosedForm)
	for name, c := range refusals() {
		t.Run(name, func(t *testing.T) {
			b := *b
			b.t = t
			send := b.everyWay
			if c.direct {
				send = b.direct
			}
			program := send(c.ask(asJSON))
			if program.status != c.status {
				t.Errorf("a program is answered %d, want %d: %.300s", program.status, c.status, program.body)
			}
			b.isProblem(program, c.field)
			if !strings.HasPrefix(c.kind, asJSON) { // who posts JSON is a program whatever it accepts
				browser := send(c.ask(asPage))
				if browser.status != c.status {
					t.Errorf("a browser is answered %d, want %d", browser.status, c.status)
				}
				b.isPage(browser, c.field, c.label)
			}
			if queued := b.intake.take(10); len(queued) > 0 {
				t.Errorf("%d messages were queued", len(queued))
			}
			if strings.Contains(b.logs.String(), secret) {
				t.Error("the log holds what was typed")
			}
		})
	}
}

// internals must not be told to anybody outside.
var internals = []string{"goroutine", "json:", "mime:", "multipart:", "strconv", "sluice/", ".go:", "dynamo", "unexpected EOF", "NextPart", secret}

func (b *bundle) isProblem(a answer, field string) {
	b.t.Helper()
	var doc struct {
		Type, Title, Detail, Field string
		Status                     int
		Errors                     []struct{ Field, Reason, Message string }
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil || a.header.Get("Content-Type") != "application/problem+json" {
		b.t.Fatalf("no problem document but %s: %.200s", a.header.Get("Content-Type"), a.body)
	}
	if doc.Status != a.status || doc.Title == "" || doc.Detail == "" || len(doc.Errors) == 0 {
		b.t.Errorf("incomplete: %s", a.body)
	}
	named := false
	for _, e := range doc.Errors {
		named = named || e.Field == field
		if e.Reason == "" || e.Message == "" {
			b.t.Errorf("a problem without reason or message: %s", a.body)
		}
	}
	if !named {
		b.t.Errorf("field %q is not named: %s", field, a.body)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		b.t.Error("the answer may be cached")
	}
	for _, word := range internals {
		if strings.Contains(a.body, word) {
			b.t.Errorf("the answer tells %q: %s", word, a.body)
		}
	}
}

func (b *bundle) isPage(a answer, field, label string) {
	b.t.Helper()
	if label == "" {
		label = field
	}
	text := html.UnescapeString(a.body)
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.Contains(text, label) || !strings.Contains(text, "</html>") {
		b.t.Errorf("no page that names %q: %s %.2000s", label, a.header.Get("Content-Type"), a.body)
	}
	if a.header.Get("Content-Security-Policy") == "" || strings.Contains(strings.ToLower(a.body), "<script") {
		b.t.Error("the page runs scripts, or nothing keeps it from doing so")
	}
	for _, word := range internals[:len(internals)-1] { // what was typed stands in the form again
		if strings.Contains(a.body, word) {
			b.t.Errorf("the page tells %q", word)
		}
	}
}

var withClosedForm = edit{policy: func(d *policy.Document) {
	closed := d.Forms[0]
	closed.ID, closed.Closed = "closed", true
	d.Forms = append(d.Forms, closed)
}}

// TestPagesEscapeWhatWasTyped posts markup in every field, posts it as a field's
// name, and puts it into the address.
func TestPagesEscapeWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fields := []string{"name", "phone", "email", "age", "city", "budget", "message", "consent", "thank_you",
		"utm_source", "utm_campaign", "gclid", "referrer", "landing_page", `"><img src=x onerror=alert(1)>`}
	for _, payload := range []string{
		`"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `</textarea><svg onload=alert(1)>`,
		`javascript:alert(1)`, "`${alert(1)}`", `{{.Spec}}`, "\u2028<script>", `" autofocus onfocus=alert(1) x="`,
	} {
		post := url.Values{}
		for _, f := range fields {
			post.Set(f, payload)
		}
		c := refusal{body: post.Encode(), path: "/f/trial?lang=" + url.QueryEscape(payload) + "&utm_source=" + url.QueryEscape(payload) + "&" + url.QueryEscape(payload) + "=1"}
		page := b.everyWay(c.ask(asPage))
		if page.status != http.StatusUnprocessableEntity {
			t.Errorf("%q is answered %d", payload, page.status)
		}
		landing := b.everyWay(refusal{method: http.MethodGet, path: c.path + "&thank_you=" + url.QueryEscape(payload), kind: "-"}.ask(asPage))
		unknown := b.everyWay(refusal{path: "/f/" + url.PathEscape(payload), body: "a=b"}.ask(asPage))
		for what, got := range map[string]answer{"form": page, "landing page": landing, "unknown form": unknown} {
			for _, mark := range []string{"<script", "<img", "<svg", "onfocus=alert(1) x=\"\"", `href="javascript:`} {
				if strings.Contains(got.body, mark) {
					t.Errorf("%s: %q came through as %s", what, payload, mark)
				}
			}
		}
	}
	if queued := b.intake.take(1); len(queued) > 0 {
		t.Error("a refused post was queued")
	}
}

// TestTypedValuesAreKept: who made one mistake does not type the rest again.
func TestTypedValuesAreKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	post := typed("name", `O'Neil & "Sons" <3`, "message", "two\r\nlines", "utm_source", "news", "thank_you", "https://www.example.com/ok")
	post.Del("consent")
	page := b.everyWay(refusal{body: post.Encode()}.ask(asPage))
	text := html.UnescapeString(page.body)
	for field, values := range post {
		want := values[0]
		if field == "message" {
			want = "lines"
		}
		if !strings.Contains(text, want) {
			t.Errorf("the page lost %s %q", field, want)
		}
	}
	if !strings.Contains(text, "<option selected>high</option>") {
		t.Error("the page lost the choice")
	}
}

func TestGoodMultipartWithFile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := multipartOf("bnd", "name", "Emma Carter", "photo!", "\x00\xff\xfebinary", "email", "emma@example.com", "consent", "yes", "age", "7")
	got := b.everyWay(refusal{kind: "multipart/form-data; boundary=bnd", body: body}.ask(asJSON).keyed("file-1"))
	if got.status != http.StatusAccepted {
		t.Fatalf("answered %d %s", got.status, got.body)
	}
	queued := b.intake.take(10)
	if len(queued) != 2 || b.handle("intake", queued...) != 0 { // as no answer is known before intake
		t.Fatalf("%d messages; log: %s", len(queued), b.logs)
	}
	var id struct{ Submission string }
	if err := json.Unmarshal([]byte(got.body), &id); err != nil {
		t.Fatal(err)
	}
	if l := b.leadOf(id.Submission); !l.Facts.HasEmail || l.Touches != 1 || l.State != lead.StateOffered {
		t.Errorf("lead is %s with facts %+v after %d touches", l.State, l.Facts, l.Touches)
	}
}
