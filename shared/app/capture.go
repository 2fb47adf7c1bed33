package app

import (
	"context"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/trigger"
)

// CapturePorts are what capture works with.
type CapturePorts struct {
	Ports
	Store interface {
		Idempotent(ctx context.Context, key lead.Key) (lead.Submission, error)
		Secrets
	}
	Vault  Vault
	Policy *Current
	Intake Queue
	Pages  Pages
}

// Pages show forms to people; package page has them. Behind a port, because only
// capture needs them and templates are not small.
type Pages interface {
	Landing(w http.ResponseWriter, r *http.Request, f form.Shown) error
	ThankYou(w http.ResponseWriter, r *http.Request, spec form.Spec) error
	Problem(w http.ResponseWriter, r *http.Request, f form.Shown) error
}

// Capture serves the forms: their landing pages, and the posts of pages and
// programs; and the webhooks by which vendors tell what came of calls. It answers
// with success only once what it was sent is in the queue.
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
	mux.HandleFunc("/f/{form}", c.wrongMethod("GET, HEAD, OPTIONS, POST"))
	mux.HandleFunc("/f/{form}/thanks", c.wrongMethod("GET, HEAD"))
	mux.HandleFunc("/hooks/calls/{list}", c.callHook)
	mux.HandleFunc("/", c.unknown)
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
		c.unknown(w, r)
	}
	return pol, spec, ok
}

func (c *capture) unknown(w http.ResponseWriter, r *http.Request) {
	c.refuse(w, r, form.Spec{}, &lead.Error{Kind: lead.NotFound, Field: "form", Text: "there is no such form"})
}

// wrongMethod answers what none of the allowed methods asks, in the caller's own
// manner, which the mux would not.
func (c *capture) wrongMethod(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		c.answer(w, r, form.Shown{Status: http.StatusMethodNotAllowed,
			Problems: []form.Problem{{Field: "method", Reason: "method not allowed", Message: "this can be asked by " + allowed + " only"}}})
	}
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
// our own page, is not such a question; nor is a plain form's on another site,
// by which the visitor leaves that site: its script learns nothing of the answer.
func (c *capture) allowOrigin(w http.ResponseWriter, r *http.Request, spec form.Spec) bool {
	origin := r.Header.Get("Origin")
	w.Header().Add("Vary", "Origin")
	if origin == "" || r.Header.Get("Sec-Fetch-Mode") == "navigate" { // no script can set the latter
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
	env = Envelope{ID: c.NewID(), Form: spec.ID, At: c.Now(), Type: bareType(r.Header.Get("Content-Type"))}
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
	env, err = pack(ctx, c.Vault, env, parcel{Body: body, Address: hostOf(r.RemoteAddr), Agent: cut(r.UserAgent(), 200)})
	return env, false, err
}

// landing shows the form's hosted page.
func (c *capture) landing(w http.ResponseWriter, r *http.Request) {
	if _, spec, ok := c.spec(w, r); ok {
		c.rendered(r, c.Pages.Landing(w, r, form.Shown{Spec: spec}))
	}
}

// thanks shows the built-in page after a post.
func (c *capture) thanks(w http.ResponseWriter, r *http.Request) {
	if _, spec, ok := c.spec(w, r); ok {
		c.rendered(r, c.Pages.ThankYou(w, r, spec))
	}
}

// bareType is a content type with what is needed to read the body again and
// nothing else: it is kept in the clear, and a parameter may hold anything.
func bareType(contentType string) string {
	kind, params, _ := mime.ParseMediaType(contentType) // it was parsed before
	if boundary, ok := params["boundary"]; ok {
		return mime.FormatMediaType(kind, map[string]string{"boundary": boundary})
	}
	return kind
}

func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
