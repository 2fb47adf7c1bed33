package desk

import (
	"net/http"
	"strconv"

	"sluice/shared/page"
)

// message is a page that only says something.
type message struct{ Text, Field, Link, LinkText string }

// errorPage tells a person what is wrong.
func (d *desk) errorPage(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	d.logFault(r, p.Status, err)
	v := d.view(r, "")
	data := message{Text: p.Detail, Field: p.Field, Link: "/", LinkText: v.T("message.home")}
	switch {
	case err == errUnlisted:
		v.Title, data.Text = v.T("signin.unknown"), v.T("signin.unknown_text")
	case err == errNobody:
		v.Title, data.Text, data.Link, data.LinkText = v.T("status.401"), "", "/sign-in", v.T("home.sign_in")
	case err == errSignIn:
		v.Title, data.Text, data.Link, data.LinkText = v.T("signin.failed"), v.T("signin.failed_text"), "/sign-in", v.T("signin.again")
	case err == errOldPage:
		v.Title, data.Text = v.T("notice.title"), v.T("fault.page")
	default:
		v.Title = statusTitle(v, p.Status)
		if p.Status == http.StatusServiceUnavailable {
			data.Text = v.T("fault.again")
		}
	}
	v.Data = data
	d.render(w, r, p.Status, "message", v)
}

// statusTitle says in a few words what a status means to a person.
func statusTitle(v page.View, status int) string {
	code := strconv.Itoa(status)
	if title := v.Word("status", code); title != code {
		return title
	}
	return v.T("notice.title")
}

// render writes a page; a fault of ours in it is logged and told in plain text.
func (d *desk) render(w http.ResponseWriter, r *http.Request, status int, name string, v page.View) {
	page.KeepLanguage(w, r)
	if err := page.Render(w, status, name, v); err != nil {
		d.logFault(r, http.StatusInternalServerError, err)
		http.Error(w, v.T("fault.again"), http.StatusInternalServerError)
	}
}
