package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/page"
)

func (d *desk) mountPages(mux *http.ServeMux) {
	get, post := http.MethodGet, http.MethodPost
	mux.Handle("/assets/", page.Assets())
	mux.Handle("/favicon.svg", page.Assets())
	mux.HandleFunc("/{$}", d.serve(byMethod{get: d.home}))
	mux.HandleFunc("/inbox", d.serve(byMethod{get: d.signedIn(d.inboxPage)}))
	mux.HandleFunc("/tasks", d.serve(byMethod{get: d.signedIn(d.tasksPage)}))
	mux.HandleFunc("/leads/{lead}", d.serve(byMethod{get: d.signedIn(d.leadPage)}))
	mux.HandleFunc("/leads/{lead}/{act}", d.serve(byMethod{post: d.signedIn(d.actPage)}))
	mux.HandleFunc("/leads/{lead}/route", d.serve(byMethod{get: d.signedIn(d.routePage)}))
	mux.HandleFunc("/leads/{lead}/score", d.serve(byMethod{get: d.signedIn(d.scorePage)}))
	mux.HandleFunc(modelsPath, d.serve(byMethod{get: d.signedIn(d.modelsPage)}))
	mux.HandleFunc(modelsPath+"/{version}", d.serve(byMethod{get: d.signedIn(d.modelPage)}))
	mux.HandleFunc("/pools/{pool}", d.serve(byMethod{get: d.signedIn(d.poolPage)}))
	mux.HandleFunc("/pools/{pool}/claims", d.serve(byMethod{post: d.signedIn(d.claimsPage)}))
	mux.HandleFunc("/pools/{pool}/cycles", d.serve(byMethod{get: d.signedIn(d.cyclesPage)}))
	mux.HandleFunc("/teams/{team}/triage", d.serve(byMethod{get: d.signedIn(d.triagePage)}))
	mux.HandleFunc("/teams/{team}/reps", d.serve(byMethod{get: d.signedIn(d.repsPage)}))
	mux.HandleFunc("/teams/{team}/sample", d.serve(byMethod{get: d.signedIn(d.samplePage)}))
	mux.HandleFunc("/moves", d.serve(byMethod{get: d.signedIn(d.movesPage), post: d.signedIn(d.beginPage)}))
	mux.HandleFunc("/moves/preview", d.serve(byMethod{post: d.signedIn(d.previewPage)}))
	mux.HandleFunc("/moves/{job}", d.serve(byMethod{get: d.signedIn(d.jobPage)}))
	mux.HandleFunc("/moves/{job}/stop", d.serve(byMethod{post: d.signedIn(d.stopPage)}))
	mux.HandleFunc("/doubts", d.serve(byMethod{get: d.signedIn(d.doubtsPage)}))
	mux.HandleFunc("/persons/{person}", d.serve(byMethod{get: d.signedIn(d.personPage)}))
	mux.HandleFunc("/persons/{person}/{act}", d.serve(byMethod{post: d.signedIn(d.decidePage)}))
	mux.HandleFunc("/unverified", d.serve(byMethod{get: d.signedIn(d.unverifiedPage)}))
	mux.HandleFunc("/quarantine", d.serve(byMethod{get: d.signedIn(d.quarantinePage)}))
	mux.HandleFunc("/sign-out", d.serve(byMethod{post: d.signOut}))
	mux.HandleFunc("/signed-out", d.serve(byMethod{get: d.signedOut}))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		d.errorPage(w, r, lead.Errorf(lead.NotFound, "there is no such page"))
	})
}

// visit is one request for a page by somebody we know.
type visit struct {
	w      http.ResponseWriter
	r      *http.Request
	user   app.User
	view   page.View
	places app.Places
}

// signedIn sends who is not signed in to sign in, and back after that.
func (d *desk) signedIn(show func(visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u, err := d.user(r)
		if err == errNobody && r.Method == http.MethodGet {
			http.Redirect(w, r, page.Base(r)+"/sign-in?back="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if err != nil {
			d.errorPage(w, r, err)
			return
		}
		v := visit{w: w, r: r, user: u}
		if v.view, v.places, err = d.viewOf(r, u); err == nil {
			err = show(v)
		}
		if err != nil {
			d.errorPage(w, r, err)
		}
	}
}

// view is what every page shares, for nobody in particular.
func (d *desk) view(r *http.Request, title string) page.View {
	return page.View{Lang: page.LanguageOf(r), Base: page.Base(r), Title: title, Self: r.URL.RequestURI(), Now: d.app.Now()}
}

// viewOf is what every page shares for a user: their navigation, and times in
// their zone.
func (d *desk) viewOf(r *http.Request, u app.User) (page.View, app.Places, error) {
	v := d.view(r, "")
	v.User = u.Name
	var err error
	if v.CSRF, err = d.sessions.csrf(r); err != nil && err != errNobody { // by bearer there is no session
		return v, app.Places{}, err
	}
	if act := r.URL.Query().Get("done"); slices.Contains(notices, act) {
		v.Notice = v.T("done." + act)
	}
	places, err := d.app.Places(r.Context(), u)
	if err != nil {
		return v, places, err
	}
	for _, to := range ways(u, places, v) {
		v.Nav = append(v.Nav, page.NavLink{Path: to.Path, Text: to.Text, Here: r.URL.Path == to.Path || strings.HasPrefix(r.URL.Path, to.Path+"/")})
	}
	v.Zone = places.Zone
	return v, places, nil
}

// way is where a user may go.
type way struct{ Path, Text, Hint string }

func ways(u app.User, p app.Places, v page.View) []way {
	var to []way
	if p.Inbox {
		to = append(to, way{"/tasks", v.T("nav.tasks"), v.T("home.tasks_hint")}, way{"/inbox", v.T("nav.inbox"), v.T("home.inbox_hint")})
	}
	for _, team := range p.Teams {
		to = append(to, way{"/teams/" + team.ID + "/triage", v.T("nav.triage", team.Name), v.T("home.triage_hint")})
	}
	for _, pool := range p.Pools {
		to = append(to, way{"/pools/" + pool.ID, v.T("nav.pool", pool.Name), v.T("home.pool_hint")})
	}
	if len(p.Teams) > 0 {
		to = append(to, way{repsPath(p.Teams[0].ID), v.T("nav.reps"), v.T("home.reps_hint")})
	}
	if u.Is(app.RoleManager) && len(u.Teams) > 0 {
		to = append(to, way{samplePath(u.Teams[0]), v.T("nav.sample"), v.T("home.sample_hint")})
	}
	if p.Moves {
		to = append(to, way{"/moves", v.T("nav.moves"), v.T("home.moves_hint")})
	}
	if p.Cleansing {
		to = append(to, way{unverifiedPath, v.T("nav.unverified"), v.T("home.unverified_hint")}, way{doubtsPath, v.T("nav.doubts"), v.T("home.doubts_hint")})
	}
	if p.Models {
		to = append(to, way{modelsPath, v.T("nav.models"), v.T("home.models_hint")})
	}
	if p.Quarantine {
		to = append(to, way{"/quarantine", v.T("nav.quarantine"), v.T("home.quarantine_hint")})
	}
	return to
}

func (d *desk) home(w http.ResponseWriter, r *http.Request) {
	u, err := d.user(r)
	v := d.view(r, page.Text(page.LanguageOf(r), "home.title"))
	var data struct {
		Tiles []way
		Forms []app.FormView
	}
	switch {
	case err == nil:
		var places app.Places
		if v, places, err = d.viewOf(r, u); err == nil {
			v.Title = v.T("home.hello", u.Name)
			data.Tiles = ways(u, places, v)
		}
	case err == errNobody:
		err = nil
	}
	if err == nil && (v.User != "" || d.SignIn.open()) {
		data.Forms, err = d.app.Forms(r.Context())
	}
	if err != nil {
		d.errorPage(w, r, err)
		return
	}
	v.Data = data
	d.render(w, r, http.StatusOK, "home", v)
}

// listing is a page of leads.
type listing struct {
	Lede, Empty string
	Rows        []row
	More        string // address of the next page
}

// row is a lead in a list, with what can be done right there.
type row struct {
	app.Summary
	Claim, Assign bool
	Reps          []app.RepView // to whom it can be given
}

func rows(leads []app.Summary) []row {
	out := make([]row, len(leads))
	for i, l := range leads {
		out[i] = row{Summary: l, Claim: slices.Contains(l.Acts, app.ActClaim), Assign: slices.Contains(l.Acts, app.ActAssign)}
	}
	return out
}

// more is the address of the page after this one, "" at the end.
func more(v visit, cursor string) string { return moreAt(v, v.r.URL.Path, cursor) }

func moreAt(v visit, path, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := v.r.URL.Query()
	query.Del("done")
	query.Set("cursor", cursor)
	return v.view.Base + path + "?" + query.Encode()
}

func (d *desk) inboxPage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	rep := v.r.URL.Query().Get("rep")
	list, err := d.app.Inbox(v.r.Context(), v.user, rep, p)
	if err != nil {
		return err
	}
	v.view.Title = v.view.T("inbox.title")
	if rep != "" && rep != v.user.Rep {
		v.view.Title = v.view.T("inbox.of", rep)
	}
	v.view.Data = listing{Lede: v.view.T("inbox.lede"), Empty: v.view.T("inbox.empty"), Rows: rows(list.Leads), More: more(v, list.Cursor)}
	d.render(v.w, v.r, http.StatusOK, "list", v.view)
	return nil
}

func (d *desk) triagePage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	team := v.r.PathValue("team")
	list, err := d.app.Triage(v.r.Context(), v.user, team, p)
	if err != nil {
		return err
	}
	data := listing{Lede: v.view.T("triage.lede"), Empty: v.view.T("triage.empty"), Rows: rows(list.Leads), More: more(v, list.Cursor)}
	if err := d.receivers(v, data.Rows, ""); err != nil {
		return err
	}
	v.view.Title = v.view.T("triage.title", team)
	for _, t := range v.places.Teams {
		if t.ID == team {
			v.view.Title = v.view.T("triage.title", t.Name)
		}
	}
	v.view.Data = data
	d.render(v.w, v.r, http.StatusOK, "list", v.view)
	return nil
}

// receivers names to whom the leads of a list can be given.
func (d *desk) receivers(v visit, rows []row, pool string) error {
	if !slices.ContainsFunc(rows, func(r row) bool { return r.Assign }) {
		return nil
	}
	reps, err := d.assignable(v, pool)
	for i := range rows {
		rows[i].Reps = reps
	}
	return err
}

// assignable lists the active reps that the user can give leads to: those of their
// teams, and the members of a pool that they are an admin of.
func (d *desk) assignable(v visit, pool string) ([]app.RepView, error) {
	var reps []app.RepView
	var err error
	if v.user.Is(app.RoleManager, app.RoleDispatcher) {
		reps, err = d.app.Reps(v.r.Context(), v.user)
		reps = slices.DeleteFunc(reps, func(r app.RepView) bool {
			return !slices.ContainsFunc(r.Teams, func(t string) bool { return slices.Contains(v.user.Teams, t) })
		})
	}
	if p, ok := v.places.Pool(pool); ok && p.Admin && err == nil {
		var members []app.RepView
		members, err = d.app.Members(v.r.Context(), v.user, pool)
		for _, m := range members {
			if !slices.ContainsFunc(reps, func(r app.RepView) bool { return r.ID == m.ID }) {
				reps = append(reps, m)
			}
		}
	}
	return slices.DeleteFunc(reps, func(r app.RepView) bool { return !r.Active }), err
}

func (d *desk) quarantinePage(v visit) error {
	p, err := pageOf(v.r)
	if err != nil {
		return err
	}
	list, err := d.app.Quarantine(v.r.Context(), v.user, p)
	if err != nil {
		return err
	}
	v.view.Title = v.view.T("quarantine.title")
	v.view.Data = struct {
		Submissions []app.SubmissionView
		More        string
	}{list.Submissions, more(v, list.Cursor)}
	d.render(v.w, v.r, http.StatusOK, "quarantine", v.view)
	return nil
}

// errOldPage is the error of a post without the token of our own pages.
var errOldPage error = &problem{Status: http.StatusForbidden, Kind: "denied", Detail: "the page has grown old: load it again"}

// maxPost is the largest form that a page sends, in bytes.
const maxPost = 64 << 10

func parseForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxPost)
	if err := r.ParseForm(); err != nil {
		return &problem{Status: http.StatusBadRequest, Kind: "malformed", Detail: "the form cannot be read"}
	}
	return nil
}

// checkPost reads a posted form and makes sure that it came from our own page.
func (d *desk) checkPost(r *http.Request) error {
	if err := parseForm(nil, r); err != nil {
		return err
	}
	genuine, err := d.sessions.genuine(r)
	if err == nil && !genuine {
		err = errOldPage
	}
	return err
}
