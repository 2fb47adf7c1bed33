package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/page"
	"sluice/shared/policy"
	"sluice/shared/trigger"
)

// CapturePorts are what capture works with.
type CapturePorts struct {
	Ports
	Store interface {
		Idempotent(ctx context.Context, key lead.Key) (lead.Submission, error)
	}
	Vault  Vault
	Policy *Current
	Intake Queue
}

// Capture serves the forms: their landing pages, and the posts of pages and
// programs. It answers with success only once the submission is in the queue.
func Capture(p CapturePorts) lambda.Handler {
	return trigger.HTTP(p.Log, CaptureHTTP(p))
}

// CaptureHTTP is Capture as a plain HTTP handler.
func CaptureHTTP(p CapturePorts) http.Handler {
	c := &capture{p}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /f/{form}", c.landing)
	mux.HandleFunc("GET /f/{form}/thanks", c.thanks)
	mux.HandleFunc("POST /f/{form}", c.post)
	mux.HandleFunc("OPTIONS /f/{form}", c.preflight)
	return mux
}

type capture struct{ CapturePorts }

// spec finds the form, or answers itself.
func (c *capture) spec(w http.ResponseWriter, r *http.Request) (*policy.Directory, form.Spec, bool) {
	pol, err := c.Policy.Directory(r.Context())
	if err != nil {
		c.refuse(w, r, form.Spec{}, err)
		return nil, form.Spec{}, false
	}
	spec, ok := pol.Form(r.PathValue("form"))
	if !ok {
		c.refuse(w, r, form.Spec{}, &lead.Error{Kind: lead.NotFound, Field: "form", Text: "there is no such form"})
	}
	return pol, spec, ok
}

func (c *capture) preflight(w http.ResponseWriter, r *http.Request) {
	_, spec, ok := c.spec(w, r)
	if !ok || !c.allowOrigin(w, r, spec) {
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// allowOrigin answers the browser's question whether another site's page may
// post here, and refuses where it may not. A request without an origin, or from
// our own page, is not such a question.
func (c *capture) allowOrigin(w http.ResponseWriter, r *http.Request, spec form.Spec) bool {
	origin := r.Header.Get("Origin")
	w.Header().Add("Vary", "Origin")
	if origin == "" {
		return true
	}
	if _, host, ok := strings.Cut(origin, "://"); ok && host == r.Host {
		return true
	}
	if !spec.AllowsOrigin(origin) {
		c.refuse(w, r, spec, &lead.Error{Kind: lead.Denied, Field: "origin", Text: "this site may not post to the form: add it to the form's origins"})
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	return true
}

func (c *capture) post(w http.ResponseWriter, r *http.Request) {
	pol, spec, ok := c.spec(w, r)
	if !ok || !c.allowOrigin(w, r, spec) {
		return
	}
	if spec.Closed {
		c.refuse(w, r, spec, &lead.Error{Kind: lead.NotFound, Field: "form", Text: "this form is closed"})
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(pol.Limits().Body)+1))
	if err != nil {
		c.refuse(w, r, spec, &lead.Error{Kind: lead.Invalid, Field: "body", Text: "the body ended early", Cause: err})
		return
	}
	values, err := form.Parse(r.Header.Get("Content-Type"), body, pol.Limits())
	if err != nil {
		c.refuse(w, r, spec, err)
		return
	}
	clean, problems := spec.Validate(values)
	if len(problems) > 0 {
		c.problems(w, r, spec, values, problems)
		return
	}
	thanks, ok := spec.ThankYouURL(clean.ThankYou)
	if !ok {
		c.problems(w, r, spec, values, []form.Problem{{Field: form.ThankYouField, Reason: "host not allowed",
			Message: "this thank-you page is not on the form's list of hosts"}})
		return
	}
	env, replayed, err := c.envelope(r, spec, body)
	if err == nil && !replayed {
		err = send(r.Context(), c.Intake, env)
	}
	if err != nil {
		c.refuse(w, r, spec, err)
		return
	}
	c.accepted(w, r, spec, env.ID, thanks)
}

// envelope seals the post and names it. With an idempotency key the name follows
// from key and content: the same post has the same id however often it comes,
// and another one under the same key is refused as soon as that is known.
func (c *capture) envelope(r *http.Request, spec form.Spec, body []byte) (env Envelope, replayed bool, err error) {
	ctx := r.Context()
	env = Envelope{ID: c.NewID(), Form: spec.ID, At: c.Now(), Type: r.Header.Get("Content-Type")}
	print, err := c.Vault.Hash(ctx, "body:"+spec.ID+":"+string(body))
	if err != nil {
		return env, false, err
	}
	env.Print = string(print)
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		if len(key) > 200 || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
			return env, false, &lead.Error{Kind: lead.Invalid, Field: "Idempotency-Key", Text: "give at most 200 printable ASCII characters"}
		}
		if env.Idem, err = c.Vault.Hash(ctx, "idem:"+spec.ID+":"+key); err != nil {
			return env, false, err
		}
		id, err := c.Vault.Hash(ctx, "sub:"+spec.ID+":"+key+":"+env.Print)
		if err != nil {
			return env, false, err
		}
		env.ID = string(id)
		switch before, err := c.Store.Idempotent(ctx, env.Idem); {
		case err == nil && before.Print == env.Print:
			env.ID = before.ID
			return env, true, nil
		case err == nil:
			return env, false, &lead.Error{Kind: lead.Conflict, Field: "Idempotency-Key", Text: "this key was used before with another body: use a new key"}
		case lead.KindOf(err) != lead.NotFound:
			return env, false, err
		}
	}
	env, err = pack(ctx, c.Vault, env, parcel{Body: body, Address: r.RemoteAddr, Agent: cut(r.UserAgent(), 200)})
	return env, false, err
}

// landing shows the form's hosted page.
func (c *capture) landing(w http.ResponseWriter, r *http.Request) {
	if _, spec, ok := c.spec(w, r); ok {
		c.rendered(r, page.Landing(w, r, page.Form{Spec: spec}))
	}
}

// thanks shows the built-in page after a post.
func (c *capture) thanks(w http.ResponseWriter, r *http.Request) {
	if _, spec, ok := c.spec(w, r); ok {
		c.rendered(r, page.ThankYou(w, r, spec))
	}
}

// answer tells what is wrong: a program by a problem document (RFC 9457), a
// person by the form's own page, filled in as they had it, or a page of its own
// where there is no form to show.
func (c *capture) answer(w http.ResponseWriter, r *http.Request, f page.Form) {
	switch {
	case wantsJSON(r):
		c.rendered(r, page.Refuse(w, f.Status, f.Problems))
	case f.Spec.ID != "" && f.Values != nil:
		c.rendered(r, page.Landing(w, r, f))
	default:
		c.rendered(r, page.Problem(w, r, f))
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
		thanks = page.Base(r) + "/f/" + spec.ID + "/thanks"
	}
	w.Header().Set("Location", thanks)
	w.WriteHeader(http.StatusSeeOther)
}

// refuse answers an error in the caller's own manner. What caused it goes to the
// log.
func (c *capture) refuse(w http.ResponseWriter, r *http.Request, spec form.Spec, err error) {
	status, field, text := answerOf(err)
	if status >= 500 {
		c.Log.ErrorContext(r.Context(), "capture", "outcome", "unavailable", "form", spec.ID, "error", err.Error())
	}
	c.answer(w, r, page.Form{Spec: spec, Status: status, Problems: []form.Problem{{Field: field, Reason: http.StatusText(status), Message: text}}})
}

func (c *capture) problems(w http.ResponseWriter, r *http.Request, spec form.Spec, values form.Values, problems []form.Problem) {
	c.answer(w, r, page.Form{Spec: spec, Status: http.StatusUnprocessableEntity, Problems: problems, Values: values})
}

func answerOf(err error) (status int, field, text string) {
	var fault *form.Fault
	if errors.As(err, &fault) {
		return fault.Status, fault.Field, fault.Message
	}
	var e *lead.Error
	if errors.As(err, &e) && e.Kind != lead.Unavailable {
		return Status(e.Kind), e.Field, e.Text
	}
	return http.StatusServiceUnavailable, "", "we cannot take this now: please try again in a minute"
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
