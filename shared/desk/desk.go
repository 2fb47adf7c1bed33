// Package desk shows what people do with leads: a JSON API under /api, described
// at /openapi.json, and pages that work without script. Both are thin: scope and
// rules are package app's.
//
// Somebody is known by a session cookie, which [SignIn] gives out, or by a
// bearer token. Whatever changes something through a cookie must come from our
// own pages.
package desk

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

// Options are what a desk is made of.
type Options struct {
	App    *app.Desk
	SignIn SignIn
	Log    *slog.Logger
	// HTTPS says that browsers reach the desk over HTTPS only: cookies are secure
	// then. False on a laptop.
	HTTPS bool
	// Key signs sessions, 16 bytes or more. Nil derives one from the vault's
	// look-up key, so that every function has the same one.
	Key []byte
	// Session is how long somebody stays signed in; 0 is 12 hours, a working day.
	// Who the policy no longer lists is out at once.
	Session time.Duration
}

// New makes the handler of the API and the pages.
func New(o Options) http.Handler {
	o.Session = cmp.Or(o.Session, 12*time.Hour)
	if n := len(o.Key); n > 0 && n < 16 {
		panic("the desk's key is shorter than 16 bytes")
	}
	d := &desk{Options: o, app: o.App, crossOrigin: http.NewCrossOriginProtection()}
	d.sessions = &sessions{key: d.key, now: o.App.Now, life: o.Session, https: o.HTTPS}
	mux := http.NewServeMux()
	d.mountAPI(mux)
	d.mountPages(mux)
	o.SignIn.mount(mux, d)
	return d.guard(mux)
}

type desk struct {
	Options
	app         *app.Desk
	sessions    *sessions
	crossOrigin *http.CrossOriginProtection
}

func (d *desk) key(ctx context.Context) ([]byte, error) {
	if len(d.Key) > 0 {
		return d.Key, nil
	}
	key, err := d.app.Vault.Hash(ctx, "desk:session-key")
	return []byte(key), err
}

// guard sets the headers of every answer and refuses what another site's page
// sends in somebody's name. A bearer token is proof enough: no browser adds one
// by itself.
func (d *desk) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.Secure(w.Header(), page.Policy{HTTPS: d.HTTPS, FormTo: d.SignIn.formTo()})
		if bearer(r) == "" {
			if err := d.crossOrigin.Check(r); err != nil {
				d.refuse(w, r, lead.Errorf(lead.Denied, "this was sent by another site's page"))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers an error in the caller's own manner.
func (d *desk) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if isAPI(r) {
		d.problem(w, r, err)
		return
	}
	d.errorPage(w, r, err)
}

func isAPI(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/openapi.json"
}

// errNobody is the error of a request from nobody we know.
var errNobody error = &problem{Status: http.StatusUnauthorized, Kind: "unauthenticated",
	Detail: "sign in, or send a bearer token"}

// user names who asks, by bearer token or session.
func (d *desk) user(r *http.Request) (app.User, error) {
	ctx := r.Context()
	if token := bearer(r); token != "" {
		subject, err := d.SignIn.bearer(ctx, token)
		if err != nil {
			return app.User{}, err
		}
		return d.known(ctx, subject)
	}
	id, err := d.sessions.user(r)
	if err != nil {
		return app.User{}, err
	}
	return d.known(ctx, Subject{ID: id})
}

// known finds who signed in among the policy's users.
func (d *desk) known(ctx context.Context, s Subject) (u app.User, err error) {
	if s.ID != "" {
		u, err = d.app.User(ctx, s.ID)
	} else {
		u, err = d.app.UserByEmail(ctx, s.Email)
	}
	if err != nil && lead.KindOf(err) == lead.NotFound {
		return u, errUnlisted
	}
	return u, err
}

// errUnlisted is the error of somebody who signed in and is not in the policy.
var errUnlisted error = &lead.Error{Kind: lead.Denied, Text: "the policy lists no user for you: ask ops to add you"}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// byMethod serves one path by method, and answers 405 with the methods there
// are. HEAD is served as GET.
type byMethod map[string]http.HandlerFunc

func (d *desk) serve(methods byMethod) http.HandlerFunc {
	var allow []string
	for method := range methods {
		allow = append(allow, method)
		if method == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	slices.Sort(allow)
	return func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		h, ok := methods[method]
		if !ok {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			d.refuse(w, r, &problem{Status: http.StatusMethodNotAllowed, Kind: "method_not_allowed",
				Detail: "this address answers " + strings.Join(allow, ", ")})
			return
		}
		h(w, r)
	}
}
