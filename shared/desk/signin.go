package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"sluice/shared/lead"
	"sluice/shared/page"
)

// SignIn lets people in: [Development] on a laptop, [Cognito] in the stack.
type SignIn interface {
	// mount adds the pages by which people sign in.
	mount(mux *http.ServeMux, d *desk)
	// bearer tells whom an API token stands for.
	bearer(ctx context.Context, token string) (Subject, error)
	// out is where somebody is sent who signs out, "" for our own page.
	out(r *http.Request) string
	// formTo lists the sites that signing out leads to.
	formTo() []string
	// open reports whether anybody may see which forms there are.
	open() bool
}

// Subject is who signed in: a user's id, or a verified e-mail address.
type Subject struct{ ID, Email string }

// enter signs the subject in and leads back to where they wanted to go.
func (d *desk) enter(w http.ResponseWriter, r *http.Request, s Subject, back string) {
	u, err := d.known(r.Context(), s)
	if err != nil {
		d.errorPage(w, r, err)
		return
	}
	if err := d.sessions.begin(w, r, u.ID); err != nil {
		d.errorPage(w, r, err)
		return
	}
	http.Redirect(w, r, page.Base(r)+safeBack(back), http.StatusSeeOther)
}

// safeBack keeps a path of ours and makes everything else the start page, so
// that signing in never leads to another site.
func safeBack(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") ||
		strings.ContainsFunc(back, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return back
}

// signOut ends the session.
func (d *desk) signOut(w http.ResponseWriter, r *http.Request) {
	if err := d.checkPost(r); err != nil && err != errNobody {
		d.errorPage(w, r, err)
		return
	}
	d.sessions.end(w)
	to := d.SignIn.out(r)
	if to == "" {
		to = page.Base(r) + "/signed-out"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (d *desk) signedOut(w http.ResponseWriter, r *http.Request) {
	v := d.view(r, page.Text(page.LanguageOf(r), "signin.out"))
	v.Data = message{Text: v.T("signin.out_text"), Link: "/sign-in", LinkText: v.T("signin.again")}
	d.render(w, r, http.StatusOK, "message", v)
}

// Development lets anybody in as any user of the policy. It is for a laptop and
// for a stack on somebody's own machine; API callers send
// "Authorization: Bearer dev:<user id>".
type Development struct{}

const developmentToken = "dev:"

func (Development) open() bool               { return true }
func (Development) formTo() []string         { return nil }
func (Development) out(*http.Request) string { return "" }
func (Development) bearer(_ context.Context, token string) (Subject, error) {
	id, ok := strings.CutPrefix(token, developmentToken)
	if !ok || id == "" {
		return Subject{}, errNobody
	}
	return Subject{ID: id}, nil
}

func (Development) mount(mux *http.ServeMux, d *desk) {
	mux.HandleFunc("/sign-in", d.serve(byMethod{
		http.MethodGet: func(w http.ResponseWriter, r *http.Request) {
			users, err := d.app.Users(r.Context())
			if err != nil {
				d.errorPage(w, r, err)
				return
			}
			v := d.view(r, page.Text(page.LanguageOf(r), "signin.title"))
			v.Data = struct {
				Users any
				Back  string
			}{users, safeBack(r.URL.Query().Get("back"))}
			d.render(w, r, http.StatusOK, "signin", v)
		},
		http.MethodPost: func(w http.ResponseWriter, r *http.Request) {
			if err := parseForm(w, r); err != nil {
				d.errorPage(w, r, err)
				return
			}
			id := r.PostFormValue("user")
			if id == "" {
				d.errorPage(w, r, &lead.Error{Kind: lead.Invalid, Field: "user", Text: "choose who to be"})
				return
			}
			d.enter(w, r, Subject{ID: id}, r.PostFormValue("back"))
		},
	}))
}
