package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sluice/shared/desk"
	"sluice/shared/lead"
)

// browser keeps cookies and asks for pages as a person's browser does.
type browser struct {
	b       *bundle
	cookies map[string]*http.Cookie
	scheme  string
}

func (b *bundle) browser() *browser {
	return &browser{b: b, cookies: map[string]*http.Cookie{}, scheme: "http"}
}

func (br *browser) send(r *http.Request) *httptest.ResponseRecorder {
	for _, c := range br.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	br.b.desk.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(br.cookies, c.Name)
		} else {
			br.cookies[c.Name] = c
		}
	}
	return w
}

func (br *browser) get(target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, br.scheme+"://desk.example.com"+target, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return br.send(r)
}

// post sends a form from one of our own pages; header overrides what the browser
// says of itself.
func (br *browser) post(target string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, br.scheme+"://desk.example.com"+target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return br.send(r)
}

func (br *browser) signIn(user string) {
	br.b.t.Helper()
	if w := br.post("/sign-in", url.Values{"user": {user}, "back": {"/inbox"}}); w.Code != http.StatusSeeOther {
		br.b.t.Fatalf("signing in as %s answered %d %s", user, w.Code, w.Body)
	}
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// token reads the token out of a page's forms.
func (br *browser) token(page string) string {
	br.b.t.Helper()
	w := br.get(page)
	found := csrfField.FindStringSubmatch(w.Body.String())
	if found == nil {
		br.b.t.Fatalf("%s answered %d and has no form with a token: %s\n%s", page, w.Code, w.Body, &br.b.logs)
	}
	return found[1]
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	br := b.browser()
	w := br.get("/inbox?limit=5")
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/sign-in?back=%2Finbox%3Flimit%3D5" {
		t.Fatalf("signed out, the inbox answers %d to %q", w.Code, to)
	}
	if page := br.get("/sign-in?back=/inbox").Body.String(); !strings.Contains(page, "Dora Field") || !strings.Contains(page, "Dispatcher") {
		t.Errorf("sign-in page lacks the users: %s", page)
	}
	w = br.post("/sign-in", url.Values{"user": {"amy"}, "back": {"/inbox"}})
	cookie := w.Result().Cookies()[0]
	if w.Header().Get("Location") != "/inbox" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Name != "sluice" {
		t.Errorf("signing in leads to %q with cookie %v", w.Header().Get("Location"), cookie)
	}
	if w := br.get("/inbox"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Amy Lin") {
		t.Errorf("inbox answered %d", w.Code)
	}
	if w := br.post("/sign-out", url.Values{"csrf": {br.token("/inbox")}}); w.Code != http.StatusSeeOther || len(br.cookies) != 0 {
		t.Errorf("signing out answered %d and left %v", w.Code, br.cookies)
	}
	if w := br.post("/sign-in", url.Values{"user": {"stranger"}}); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Ask ops") {
		t.Errorf("a stranger is answered %d %s", w.Code, w.Body)
	}
}

func TestSessionsEndAndCannotBeForged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	br := b.browser()
	br.signIn("amy")
	genuine := *br.cookies["sluice"]
	ask := func(value string) int {
		r := httptest.NewRequest(http.MethodGet, "/api/me", nil)
		r.AddCookie(&http.Cookie{Name: "sluice", Value: value})
		w := httptest.NewRecorder()
		b.desk.ServeHTTP(w, r)
		return w.Code
	}
	body, mac, _ := strings.Cut(genuine.Value, ".")
	for name, value := range map[string]string{
		"nothing": "", "no signature": body, "another signature": body + "." + strings.Repeat("A", len(mac)),
		"another body": strings.Replace(body, body[4:5], "x", 1) + "." + mac, "noise": "a.b.c",
	} {
		if got := ask(value); got != http.StatusUnauthorized {
			t.Errorf("%s answered %d", name, got)
		}
	}
	if got := ask(genuine.Value); got != http.StatusOK {
		t.Errorf("the genuine cookie answered %d", got)
	}
	b.clock.pass(12 * time.Hour)
	if got := ask(genuine.Value); got != http.StatusUnauthorized {
		t.Errorf("after 12 hours the cookie answered %d", got)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	br := b.browser()
	br.signIn(rep)
	token := br.token("/leads/" + l.ID)
	for _, c := range []struct {
		name, target string
		form         url.Values
		header       []string
	}{
		{"no token", "/leads/" + l.ID + "/accept", nil, nil},
		{"wrong token", "/leads/" + l.ID + "/accept", url.Values{"csrf": {token + "x"}}, nil},
		{"another site", "/leads/" + l.ID + "/accept", url.Values{"csrf": {token}}, []string{"Sec-Fetch-Site", "cross-site"}},
		{"another origin", "/leads/" + l.ID + "/accept", url.Values{"csrf": {token}}, []string{"Sec-Fetch-Site", "", "Origin", "https://evil.example.org"}},
		{"the API from another site", "/api/leads/" + l.ID + "/accept", nil, []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "application/json"}},
		{"sign-in from another site", "/sign-in", url.Values{"user": {"max"}}, []string{"Sec-Fetch-Site", "cross-site"}},
	} {
		if w := br.post(c.target, c.form, c.header...); w.Code != http.StatusForbidden {
			t.Errorf("%s answered %d", c.name, w.Code)
		}
	}
	if got := b.lead(l.ID); got.State != lead.StateOffered {
		t.Errorf("lead is %s", got.State)
	}
	b.ok(rep, "GET /api/me", nil, "Sec-Fetch-Site", "cross-site")
	b.refused(rep, "POST /api/leads/"+l.ID+"/reject", obj{}, "422 invalid", "Sec-Fetch-Site", "cross-site") // a token is proof enough
	if w := br.post("/leads/"+l.ID+"/accept", url.Values{"csrf": {token}}); w.Code != http.StatusSeeOther {
		t.Errorf("our own page's form answered %d %s", w.Code, w.Body)
	}
}

func TestBackStaysHere(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/inbox": "/inbox", "/leads/x?y=1": "/leads/x?y=1", "": "/", "//evil.example.org": "/", "/\\evil.example.org": "/",
		"https://evil.example.org/": "/", "javascript:alert(1)": "/", "/a\nb": "/", "/%zz": "/", "inbox": "/",
	} {
		if got := desk.SafeBack(in); got != want {
			t.Errorf("back to %q leads to %q, want %q", in, got, want)
		}
	}
}

func FuzzBackStaysHere(f *testing.F) {
	f.Add("/inbox")
	f.Add("//evil.example.org")
	f.Add("/\t/evil.example.org")
	base, _ := url.Parse("https://desk.example.com/sign-in")
	f.Fuzz(func(t *testing.T, back string) {
		to, err := base.Parse(desk.SafeBack(back))
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme {
			t.Errorf("back to %q leads to %v (%v)", back, to, err)
		}
	})
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *desk.Options) { o.HTTPS = true })
	br := b.browser()
	for _, target := range []string{"/", "/sign-in", "/inbox", "/nosuch", "/api/me", "/openapi.json"} {
		h := br.get(target).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cache-Control": "no-store", "Strict-Transport-Security": "max-age=",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", target, name, h.Get(name))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: policy is %q", target, h.Get("Content-Security-Policy"))
		}
	}
	br.signIn("amy")
	if c := br.cookies["__Host-sluice"]; c == nil || !c.Secure || c.Path != "/" {
		t.Errorf("cookie is %v", c)
	}
}
