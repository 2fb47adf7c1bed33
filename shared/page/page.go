// Package page renders what people see in a browser: the desk's pages and the
// public landing, thank-you and problem pages of forms. Pages are plain HTML
// that works without script, in the languages of the catalogues.
//
// A page is rendered whole before its first byte is sent, so that a fault in a
// template never leaves half a page behind.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed templates/*.html
var templateFiles embed.FS

// sets holds one template set per page, each with the shared frame. It is filled
// at the first page, by a method and not by a function value kept here: that
// would link the templates into every function, pages or not.
var sets templates

type templates struct {
	once sync.Once
	all  map[string]*template.Template
}

func (t *templates) get(name string) (*template.Template, bool) {
	t.once.Do(t.parse)
	set, ok := t.all[name]
	return set, ok
}

func (t *templates) parse() {
	frame := template.Must(template.New("frame").ParseFS(templateFiles, "templates/frame.html", "templates/parts.html"))
	t.all = map[string]*template.Template{}
	files, _ := templateFiles.ReadDir("templates")
	for _, file := range files {
		name, _ := strings.CutSuffix(file.Name(), ".html")
		if name != "frame" && name != "parts" {
			set := template.Must(frame.Clone())
			t.all[name] = template.Must(set.ParseFS(templateFiles, "templates/"+file.Name()))
		}
	}
}

// View is what a template sees: what all pages share, and its own Data.
type View struct {
	Lang  string // of the texts
	Base  string // prefix of every address, such as "/prod"; empty at the root
	Title string // translated
	Self  string // path of the page with its query, for the language links
	Wide  bool   // a page of lists rather than of text

	Refresh int // seconds after which the page is asked for again; 0 for never

	User   string    // name of who is signed in
	Nav    []NavLink // where they may go
	CSRF   string    // proves that a post comes from our own page
	Notice string    // what was done just now, translated
	Fault  *Fault    // what went wrong with the post before

	Now  time.Time      // when the page is made, for times from and to now
	Zone *time.Location // in which times are shown; UTC where nil

	Data any
}

// NavLink is an entry of the navigation.
type NavLink struct {
	Path, Text string
	Here       bool
	Count      int
}

// Fault is what went wrong, in words for the person; Field names the input at
// fault and Act the form that it stands in.
type Fault struct {
	Act, Field, Text string
	Values           map[string]string // what was typed, so that it is not lost

	Link, LinkText string // where it can be mended, "" where that is here
}

// Policy is what a page's content security policy allows beyond its own origin.
type Policy struct {
	FormTo []string // origins that a form of the page may lead to
	HTTPS  bool     // the page is served over HTTPS only
}

// Secure sets the headers that every answer of ours carries. Nothing is loaded
// from elsewhere and nothing runs: there is no script at all.
func Secure(h http.Header, p Policy) {
	form := strings.Join(append([]string{"'self'"}, p.FormTo...), " ")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "+
		"form-action "+form+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
	if p.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Render writes a page of a template. Where the template fails nothing has been
// written, and the caller answers with a plain error.
func Render(w http.ResponseWriter, status int, name string, v View) error {
	set, ok := sets.get(name)
	if !ok {
		return fmt.Errorf("render page %s: no such template", name)
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, "frame.html", v); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang)
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	h.Add("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, err := w.Write(out.Bytes())
	return err
}
