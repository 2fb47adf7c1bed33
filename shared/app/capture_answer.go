package app

import (
	"cmp"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// answer tells what is wrong: a program by a problem document (RFC 9457), a
// person by the form's own page, filled in as they had it, or a page of its own
// where there is no form to show.
func (c *capture) answer(w http.ResponseWriter, r *http.Request, f form.Shown) {
	switch {
	case wantsJSON(r):
		c.rendered(r, refuseProgram(w, f.Status, f.Problems))
	case f.Spec.ID != "" && f.Values != nil:
		c.rendered(r, c.Pages.Landing(w, r, f))
	default:
		c.rendered(r, c.Pages.Problem(w, r, f))
	}
}

func (c *capture) rendered(r *http.Request, err error) {
	if err != nil {
		c.Log.ErrorContext(r.Context(), "capture", "outcome", "page not rendered", "error", err.Error())
	}
}

// accepted answers a browser with the thank-you page and a program with the id.
func (c *capture) accepted(w http.ResponseWriter, r *http.Request, spec form.Spec, id, thanks string) {
	w.Header().Set("Cache-Control", "no-store")
	if wantsJSON(r) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		json.NewEncoder(w).Encode(map[string]string{"submission": id})
		return
	}
	if thanks == "" {
		thanks = trigger.Prefix(r.Context()) + "/f/" + spec.ID + "/thanks"
	}
	w.Header().Set("Location", thanks)
	w.WriteHeader(http.StatusSeeOther)
}

// refuse answers an error in the caller's own manner. What caused it goes to the
// log.
func (c *capture) refuse(w http.ResponseWriter, r *http.Request, spec form.Spec, err error) {
	status, problem := answerOf(err)
	if status >= 500 {
		c.Log.ErrorContext(r.Context(), "capture", "outcome", "unavailable", "form", spec.ID, "error", err.Error())
		w.Header().Set("Retry-After", "60")
	}
	c.answer(w, r, form.Shown{Spec: spec, Status: status, Problems: []form.Problem{problem}})
}

func (c *capture) problems(w http.ResponseWriter, r *http.Request, spec form.Spec, values form.Values, problems []form.Problem) {
	c.answer(w, r, form.Shown{Spec: spec, Status: http.StatusUnprocessableEntity, Problems: problems, Values: values})
}

// answerOf tells a caller what is wrong and where: in a field, else in the part
// of the request that cannot be read.
func answerOf(err error) (status int, problem form.Problem) {
	var fault *form.Fault
	if errors.As(err, &fault) {
		part := "body"
		if fault.Status == http.StatusUnsupportedMediaType {
			part = "Content-Type"
		}
		return fault.Status, form.Problem{Field: cmp.Or(fault.Field, part), Reason: fault.Reason, Message: fault.Message}
	}
	var e *lead.Error
	if errors.As(err, &e) && e.Kind != lead.Unavailable {
		return Status(e.Kind), form.Problem{Field: e.Field, Reason: string(e.Kind), Message: e.Text}
	}
	return http.StatusServiceUnavailable, form.Problem{Reason: string(lead.Unavailable),
		Message: "we cannot take this now: please try again in a minute"}
}

// Status is the HTTP status of a kind of error.
func Status(k lead.Kind) int {
	switch k {
	case lead.Invalid:
		return http.StatusUnprocessableEntity
	case lead.Conflict:
		return http.StatusConflict
	case lead.NotFound:
		return http.StatusNotFound
	case lead.Denied:
		return http.StatusForbidden
	}
	return http.StatusServiceUnavailable
}

// wantsJSON tells a program from a browser's form: it posts JSON or asks for it.
func wantsJSON(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/json" || strings.Contains(r.Header.Get("Accept"), "application/json")
}

func cut(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}
