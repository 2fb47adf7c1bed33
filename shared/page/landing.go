package page

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sluice/shared/form"
	"sluice/shared/trigger"
)

// Base is the prefix of every address of ours in the browser, such as "/live"
// where an API is called by its own name; mostly empty.
func Base(r *http.Request) string { return trigger.Prefix(r.Context()) }

// Pages are the public pages of forms, as package app asks for them.
type Pages struct{}

// Landing calls [Landing].
func (Pages) Landing(w http.ResponseWriter, r *http.Request, f form.Shown) error {
	return Landing(w, r, f)
}

// ThankYou calls [ThankYou].
func (Pages) ThankYou(w http.ResponseWriter, r *http.Request, spec form.Spec) error {
	return ThankYou(w, r, spec)
}

// Problem calls [Problem].
func (Pages) Problem(w http.ResponseWriter, r *http.Request, f form.Shown) error {
	return Problem(w, r, f)
}

// Landing answers with a form's hosted page. Without values it takes over from
// the page's own address what says how the visitor came: UTM and click ids.
func Landing(w http.ResponseWriter, r *http.Request, f form.Shown) error {
	lang := formLanguage(r, f.Spec)
	data := landing{ID: f.Spec.ID, Name: formName(f.Spec), Closed: f.Spec.Closed}
	for i, field := range f.Spec.Fields {
		ask := newAsk(f.Spec, field, "f"+strconv.Itoa(i))
		ask.Value = f.Values.First(field.Name)
		ask.Checked = ask.Value != ""
		if field.Unseen() {
			data.Hidden = append(data.Hidden, hiddenInput{field.Name, cmp.Or(ask.Value, r.URL.Query().Get(field.Name))})
			continue
		}
		if ask.Label == "" {
			ask.Label = Word(lang, "field", field.Name)
		}
		for _, p := range f.Problems {
			if p.Field == field.Name && ask.Wrong == "" {
				ask.Wrong = problemText(lang, p)
				data.Problems = append(data.Problems, told{ID: ask.ID, Label: ask.Label, Text: ask.Wrong})
			}
		}
		data.Inputs = append(data.Inputs, ask)
	}
	for _, p := range f.Problems { // of fields that the page does not show
		if !slices.ContainsFunc(f.Spec.Fields, func(field form.Field) bool { return field.Name == p.Field && !field.Unseen() }) {
			data.Problems = append(data.Problems, told{Label: p.Field, Text: problemText(lang, p)})
		}
	}
	if c := f.Spec.Consent; c != nil && !slices.ContainsFunc(f.Spec.Fields, func(field form.Field) bool { return field.Kind == form.ConsentKind }) {
		data.Notice = c.Text
	}
	data.Hidden = append(data.Hidden, origin(r, f.Values)...)
	Secure(w.Header(), Policy{FormTo: formTargets(f.Spec)})
	return Render(w, cmp.Or(f.Status, http.StatusOK), "landing", public(r, lang, data.Name, data))
}

// ThankYou answers with the built-in page after a post.
func ThankYou(w http.ResponseWriter, r *http.Request, spec form.Spec) error {
	lang := formLanguage(r, spec)
	Secure(w.Header(), Policy{})
	return Render(w, http.StatusOK, "thanks", public(r, lang, Text(lang, "thanks.title"), landing{Name: formName(spec)}))
}

// Problem answers a browser's post that cannot be taken at all, naming the
// fields at fault. A post with its form at hand is better answered by [Landing].
func Problem(w http.ResponseWriter, r *http.Request, f form.Shown) error {
	lang := formLanguage(r, f.Spec)
	status := cmp.Or(f.Status, http.StatusUnprocessableEntity)
	data := landing{Name: cmp.Or(formName(f.Spec), "Sluice")}
	if f.Spec.ID != "" {
		data.Back = "/f/" + url.PathEscape(f.Spec.ID)
	}
	for _, p := range f.Problems {
		data.Problems = append(data.Problems, told{Label: p.Field, Text: problemText(lang, p)})
	}
	title := Word(lang, "status", strconv.Itoa(status))
	if title == strconv.Itoa(status) {
		title = Text(lang, "notice.title")
	}
	Secure(w.Header(), Policy{})
	return Render(w, status, "notice", public(r, lang, title, data))
}

type landing struct {
	ID, Name string
	Closed   bool
	Hidden   []hiddenInput
	Inputs   []ask
	Notice   string // of a consent that needs no act
	Problems []told
	Back     string
}

type hiddenInput struct{ Name, Value string }

type told struct{ ID, Label, Text string }

// ask is one question of a form as HTML has it.
type ask struct {
	ID, Name, Label string
	Control         string // line, text, choice or check
	Type, Mode      string // of a line
	Auto            string // autocomplete, so that a browser fills it in
	Choices         []string
	Required        bool
	OneOf           bool // of a group of which one is enough
	Max             int
	Value           string
	Checked         bool
	Wrong           string
}

func newAsk(spec form.Spec, f form.Field, id string) ask {
	a := ask{ID: id, Name: f.Name, Label: f.Label, Control: "line", Type: "text", Choices: f.Choices, Required: f.Required, Max: limitOf(f)}
	a.OneOf = !f.Required && slices.ContainsFunc(spec.AnyOf, func(group []string) bool { return len(group) > 1 && slices.Contains(group, f.Name) })
	switch f.Kind {
	case form.NameKind:
		a.Auto = "name"
	case form.GivenKind:
		a.Auto = "given-name"
	case form.FamilyKind:
		a.Auto = "family-name"
	case form.PhoneKind:
		a.Type, a.Auto = "tel", "tel"
	case form.EmailKind:
		a.Type, a.Auto = "email", "email"
	case form.CompanyKind:
		a.Auto = "organization"
	case form.CityKind:
		a.Auto = "address-level2"
	case form.CountryKind:
		a.Auto, a.Max = "country", 2
	case form.NumberKind:
		a.Mode = "decimal"
	case form.ChoiceKind:
		a.Control = "choice"
	case form.MessageKind:
		a.Control = "text"
	case form.BooleanKind:
		a.Control = "check"
	case form.ConsentKind:
		a.Control = "check"
		if spec.Consent != nil {
			a.Label = spec.Consent.Text
		}
	}
	return a
}

// limitOf bounds what the browser lets be typed; the form checks it again.
func limitOf(f form.Field) int {
	switch {
	case f.Max > 0:
		return f.Max
	case f.Kind == form.MessageKind:
		return 4000
	}
	return 500
}

// carried are the fields of attribution that a page's address hands over.
var carried = []string{
	"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
	"gclid", "gbraid", "wbraid", "msclkid", "fbclid", "ttclid",
}

// carriedMax bounds each of them, in bytes; no platform's id comes near it.
const carriedMax = 1000

// origin makes the hidden fields that say how the visitor came: as they were
// posted before, or from the page's address and referrer.
func origin(r *http.Request, before form.Values) []hiddenInput {
	var inputs []hiddenInput
	add := func(name, value string) {
		if value = cmp.Or(before.First(name), value); value != "" && len(value) <= carriedMax {
			inputs = append(inputs, hiddenInput{name, value})
		}
	}
	query := r.URL.Query()
	for _, name := range carried {
		add(name, query.Get(name))
	}
	add("referrer", withoutQuery(r.Referer()))
	page := url.URL{Scheme: "https", Host: r.Host, Path: Base(r) + r.URL.Path}
	if r.TLS == nil && r.Header.Get("X-Forwarded-Proto") != "https" {
		page.Scheme = "http"
	}
	add("landing_page", page.String())
	add(form.ThankYouField, query.Get(form.ThankYouField))
	return inputs
}

func withoutQuery(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// formTargets are the sites that the form may lead to: browsers hold a form's
// redirect against the page's policy too.
func formTargets(spec form.Spec) []string {
	var targets []string
	if u, err := url.Parse(spec.ThankYou); err == nil && u.Host != "" {
		targets = append(targets, u.Scheme+"://"+u.Host)
	}
	for _, host := range spec.ThankYouHosts {
		targets = append(targets, "https://"+host)
	}
	return targets
}

// problemText is a problem in the page's language: the form's own sentence in
// English, that of the reason's code elsewhere.
func problemText(lang string, p form.Problem) string {
	if lang != Languages[0].Tag {
		key := "problem." + strings.ReplaceAll(strings.ToLower(p.Reason), " ", "_")
		if text, ok := catalogues()[lang][key]; ok {
			return text
		}
	}
	return p.Message
}

// formLanguage is the visitor's choice, else the form's own language.
func formLanguage(r *http.Request, spec form.Spec) string {
	if tag, ok := known(r.URL.Query().Get("lang")); ok {
		return tag
	}
	if tag, ok := known(spec.Language); ok {
		return tag
	}
	return LanguageOf(r)
}

func formName(spec form.Spec) string { return cmp.Or(spec.Name, spec.Product, spec.ID) }

func public(r *http.Request, lang, title string, data any) View {
	return View{Lang: lang, Base: Base(r), Title: title, Self: r.URL.RequestURI(), Data: data}
}
