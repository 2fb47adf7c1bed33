package desk

import (
	"encoding/json"
	"errors"
	"net/http"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// problem is an answer that says what is wrong (RFC 9457). It holds nothing that
// was not written for the caller.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Kind   string `json:"kind"`            // stable, for programs
	Field  string `json:"field,omitempty"` // at fault
	With   string `json:"with,omitempty"`  // the lead of whose person the field is
}

// Error implements error.
func (p *problem) Error() string { return p.Detail }

// problemOf makes the answer to an error: its status follows from its kind, and
// what is ours to know stays with us.
func problemOf(err error) problem {
	var p *problem
	var e *lead.Error
	out := problem{Status: http.StatusServiceUnavailable, Kind: string(lead.Unavailable),
		Detail: "this cannot be answered right now: try again in a moment"}
	switch {
	case errors.As(err, &p):
		out = *p
	case errors.As(err, &e) && e.Kind == lead.Unavailable && e.Text != "":
		out.Detail = e.Text
	case errors.As(err, &e) && e.Kind != lead.Unavailable:
		out = problem{Status: app.Status(e.Kind), Kind: string(e.Kind), Field: e.Field, Detail: e.Text}
		var taken *app.Taken
		if errors.As(err, &taken) {
			out.With = taken.Lead
		}
		if errors.Is(err, app.ErrMoved) {
			out.Status, out.Kind = http.StatusPreconditionFailed, "moved"
		}
	}
	out.Type, out.Title = "about:blank", http.StatusText(out.Status)
	return out
}

// problem answers a program.
func (d *desk) problem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	d.logFault(r, p.Status, err)
	h := w.Header()
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="sluice"`)
	}
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "5")
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}

// logFault tells what caused an answer that is our fault. The address as it was
// typed is not logged.
func (d *desk) logFault(r *http.Request, status int, err error) {
	if status >= 500 {
		d.Log.ErrorContext(r.Context(), "desk", "outcome", "unavailable", "method", r.Method, "resource", r.Pattern, "error", err.Error())
	}
}
