package page_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/form"
	"sluice/shared/page"
)

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("catalogues", lang+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

var verb = regexp.MustCompile(`%[sd]`)

// TestCataloguesAgree holds that every language says everything, with the same
// things filled in. Problems of forms have their English text from the form.
func TestCataloguesAgree(t *testing.T) {
	t.Parallel()
	english := catalogue(t, "en")
	for _, lang := range page.Languages[1:] {
		texts := catalogue(t, lang.Tag)
		for key, text := range english {
			other, ok := texts[key]
			if !ok {
				t.Errorf("%s lacks %s", lang.Tag, key)
			}
			if want, got := verb.FindAllString(text, -1), verb.FindAllString(other, -1); !slices.Equal(want, got) {
				t.Errorf("%s: %s fills in %v, English %v", lang.Tag, key, got, want)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok && !strings.HasPrefix(key, "problem.") {
				t.Errorf("%s has %s, which English has not", lang.Tag, key)
			}
		}
	}
}

// TestKeysExist finds each key that a template or the desk names.
func TestKeysExist(t *testing.T) {
	t.Parallel()
	english := catalogue(t, "en")
	named := regexp.MustCompile(`(?:\.T|\bt|\.List|Text\([^,"]+,|Word\([^,"]+,) ?\(?"([a-z_.]+)"`)
	used := 0
	for _, pattern := range []string{"templates/*.html", "*.go", "../desk/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range named.FindAllStringSubmatch(string(data), -1) {
				key := found[1]
				used++
				if strings.HasSuffix(key, ".") || !strings.Contains(key, ".") { // put together with a word
					continue
				}
				if _, ok := english[key]; !ok && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s names %s, which is in no catalogue", file, key)
				}
			}
		}
	}
	if used < 100 {
		t.Errorf("only %d keys were found: the pattern is wrong", used)
	}
}

func TestLanguageOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "en"}, {"", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh"}, {"", "", "en;q=0.8, zh;q=0.9", "zh"}, {"", "", "fr, de", "en"},
		{"", "", "zh;q=0", "en"}, {"", "", "zh;q=x", "en"}, {"", "", ";;;,,q=", "en"}, {"", "zh", "en", "zh"}, {"en", "zh", "zh", "en"},
		{"xx", "", "zh", "zh"}, {"zh-Hans", "", "", "zh"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/?lang="+c.query, nil)
		r.AddCookie(&http.Cookie{Name: "lang", Value: c.cookie})
		r.Header.Set("Accept-Language", c.accept)
		if got := page.LanguageOf(r); got != c.want {
			t.Errorf("%+v gives %s", c, got)
		}
	}
}

func FuzzLanguageOf(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9")
	f.Add("*;q=1.0.0,en;;")
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := page.LanguageOf(r); !slices.ContainsFunc(page.Languages, func(l page.Language) bool { return l.Tag == got }) {
			t.Errorf("%q gives %q", header, got)
		}
	})
}

func TestTimes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	v := page.View{Lang: "en", Now: now}
	for d, want := range map[time.Duration]string{
		30 * time.Second: "in under a minute", 42*time.Minute + 59*time.Second: "in 42 min", time.Hour: "in 1 h", 47 * time.Hour: "in 47 h",
		48 * time.Hour: "in 2 days", -90 * time.Minute: "1 h overdue", -time.Second: "under a minute overdue", 0: "in under a minute",
	} {
		if got := v.Until(now.Add(d)); got != want {
			t.Errorf("%s from now is %q, want %q", d, got, want)
		}
	}
	zone := time.FixedZone("X", -9*3600-1800)
	if got := page.Time(now, zone); got != "2026-03-03 22:30 -09:30" {
		t.Errorf("time in another zone is %q", got)
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	get := func(target string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		page.Assets().ServeHTTP(w, r)
		return w
	}
	w := get(page.AssetURL("", "/assets/style.css"))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("style answered %d %v", w.Code, w.Header())
	}
	if w := get("/assets/style.css?v=old"); strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Error("a style of another version may be kept for ever")
	}
	if w := get("/assets/style.css", "If-None-Match", w.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("an unchanged style answered %d", w.Code)
	}
	if w := get("/assets/page.go"); w.Code != http.StatusNotFound {
		t.Errorf("another file answered %d", w.Code)
	}
}

// trial has a field of each kind.
func trial() form.Spec {
	return form.Spec{ID: "trial", Name: "Book a free trial lesson", Product: "coding", Language: "en",
		Fields: []form.Field{
			{Name: "name", Label: "Your name", Kind: form.NameKind, Required: true}, {Name: "phone", Label: "Phone", Kind: form.PhoneKind},
			{Name: "email", Label: "E-mail", Kind: form.EmailKind}, {Name: "age", Label: "Age", Kind: form.NumberKind},
			{Name: "budget", Label: "Budget", Kind: form.ChoiceKind, Choices: []string{"low", "high"}},
			{Name: "news", Label: "Send me news", Kind: form.BooleanKind}, {Name: "message", Label: "Message", Kind: form.MessageKind},
			{Name: "shop", Kind: form.HiddenKind}, {Name: "consent", Kind: form.ConsentKind, Required: true},
		},
		Consent:  &form.Consent{Text: "You may contact me.", Version: "1", Purpose: "sales", Basis: "consent"},
		ThankYou: "https://www.example.com/thanks", ThankYouHosts: []string{"*.example.org"},
	}
}

func TestLanding(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "http://forms.example.com/f/trial?utm_source=news&gclid=abc&shop=7&utm_campaign=%22%3E%3Cscript%3E", nil)
	r.Header.Set("Referer", "https://www.example.com/offer?secret=1")
	w := httptest.NewRecorder()
	if err := page.Landing(w, r, form.Shown{Spec: trial()}); err != nil {
		t.Fatal(err)
	}
	body := w.Body.String()
	for _, want := range []string{
		`action="/f/trial"`, `name="name" type="text" autocomplete="name"`, `type="tel"`, `type="email"`, "<textarea", "<option>high</option>",
		`type="checkbox" value="true" required`, "You may contact me.", `name="utm_source" value="news"`, `name="gclid" value="abc"`,
		`name="shop" value="7"`, `name="referrer" value="https://www.example.com/offer"`, `name="landing_page" value="http://forms.example.com/f/trial"`,
		`value="&#34;&gt;&lt;script&gt;"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %q:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "secret") {
		t.Errorf("page holds what it must not:\n%s", body)
	}
	if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, "form-action 'self' https://www.example.com https://*.example.org;") {
		t.Errorf("policy is %q", got)
	}
}

func TestLandingNamesProblems(t *testing.T) {
	t.Parallel()
	spec := trial()
	values := form.Values{"phone": {"+8613800138000"}, "budget": {"high"}, "news": {"true"}, "utm_source": {"news"}}
	_, problems := spec.Validate(values)
	if len(problems) == 0 {
		t.Fatal("no problem to tell")
	}
	for lang, want := range map[string]string{"en": "Please fill in Your name.", "zh": "请填写此项。"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/f/trial?lang="+lang, nil)
		if err := page.Landing(w, r, form.Shown{Spec: spec, Status: http.StatusUnprocessableEntity, Values: values, Problems: problems}); err != nil {
			t.Fatal(err)
		}
		body := w.Body.String()
		for _, text := range []string{want, `value="&#43;8613800138000"`, "<option selected>high</option>", `value="true" checked`, `role="alert"`,
			`<a href="#f0">Your name</a>`, `aria-describedby="f0-wrong"`, `name="utm_source" value="news"`} {
			if !strings.Contains(body, text) {
				t.Errorf("page in %s lacks %q:\n%s", lang, text, body)
			}
		}
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("page answered %d", w.Code)
		}
	}
}

func TestThankYouAndProblem(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	if err := page.ThankYou(w, httptest.NewRequest(http.MethodGet, "/f/trial/thanks?lang=zh", nil), trial()); err != nil || !strings.Contains(w.Body.String(), "谢谢") {
		t.Errorf("thank-you page: %v %s", err, w.Body)
	}
	w = httptest.NewRecorder()
	f := form.Shown{Status: http.StatusUnsupportedMediaType, Problems: []form.Problem{{Field: "<body>", Reason: "media type", Message: "Send a form."}}}
	if err := page.Problem(w, httptest.NewRequest(http.MethodPost, "/f/trial", nil), f); err != nil || w.Code != http.StatusUnsupportedMediaType ||
		!strings.Contains(w.Body.String(), "&lt;body&gt;") || !strings.Contains(w.Body.String(), "Send a form.") {
		t.Errorf("problem page: %v %d %s", err, w.Code, w.Body)
	}
}
