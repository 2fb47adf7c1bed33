package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"sluice/shared/form"
	"sluice/shared/lead"
	"sluice/shared/webhook"
)

// Bounds of what a vendor tells.
const (
	hookMost       = 64 << 10       // bytes of a webhook
	callMost       = 100            // characters of a call's id
	summaryMost    = 4000           // characters of what was said
	callLongest    = 24 * time.Hour // of a call
	callCompleted  = "call.completed"
	callsAheadMost = 5 * time.Minute // of a vendor's clock
)

// completed is the webhook of a call that is over. What else it holds is left to the
// vendor.
type completed struct {
	Type    string      `json:"type"`
	Call    string      `json:"call"` // the vendor's id of it
	Lead    string      `json:"lead"`
	Outcome lead.Answer `json:"outcome"`
	Seconds int         `json:"seconds"`
	Summary string      `json:"summary"`
	At      time.Time   `json:"at"` // when it took place
}

// hookFault is a fault of a webhook as such, rather than of what it tells.
type hookFault struct {
	status  int
	problem form.Problem
}

// Error implements error.
func (f *hookFault) Error() string { return "read webhook: " + f.problem.Reason }

func badHook(status int, part, reason, message string) error {
	return &hookFault{status, form.Problem{Field: part, Reason: reason, Message: message}}
}

// callHook takes what came of a vendor's call. The vendor is known by its signature
// over the body as it came.
func (c *capture) callHook(w http.ResponseWriter, r *http.Request) {
	report, err := c.report(w, r)
	if err == nil && report.Kind != "" {
		err = send(r.Context(), c.Intake, report)
	}
	if err != nil {
		c.refuseHook(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(map[string]bool{"taken": report.Kind != ""}) // a caller that hung up needs none
}

// report reads the webhook; one of another type, of which nothing follows, is a report
// without a kind.
func (c *capture) report(w http.ResponseWriter, r *http.Request) (callReport, error) {
	ctx, list := r.Context(), r.PathValue("list")
	none := func(err error) (callReport, error) { return callReport{}, err }
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return none(badHook(http.StatusMethodNotAllowed, "method", "method not allowed", "webhooks are posted"))
	}
	pol, err := c.Policy.Directory(ctx)
	if err != nil {
		return none(err)
	}
	if _, ok := pol.List(list); !ok {
		return none(&lead.Error{Kind: lead.NotFound, Field: "list", Text: "there is no such call list"})
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, hookMost+1))
	switch {
	case err != nil:
		return none(badHook(http.StatusBadRequest, "body", "incomplete", "the body ended early"))
	case len(body) > hookMost:
		return none(badHook(http.StatusRequestEntityTooLarge, "body", "too large", "the body is larger than 64 KiB"))
	}
	now := c.Now()
	if err := c.verify(r, list, body, now); err != nil {
		return none(err)
	}
	in, err := readCompleted(body)
	if err != nil {
		return none(err)
	}
	if in.Type != callCompleted {
		c.Log.InfoContext(ctx, "call", "outcome", "another type of webhook", "list", list)
		return none(nil)
	}
	summary, err := in.check(now)
	if err != nil {
		return none(err)
	}
	report := in.report(r.Header.Get(webhook.HeaderID), list, now)
	if summary != "" {
		if report.Summary, err = c.Vault.Seal(ctx, placeNote(in.Lead), []byte(summary)); err != nil {
			return none(err)
		}
	}
	return report, nil
}

// report is what is queued, but for what was said.
func (in completed) report(id, list string, now time.Time) callReport {
	return callReport{Kind: callKind, ID: id, At: now.UTC(), List: list, Lead: in.Lead, Call: in.Call,
		Outcome: in.Outcome, Seconds: in.Seconds, Done: in.At.UTC().Truncate(time.Second)}
}

// verify refuses what the list's vendor has not signed.
func (c *capture) verify(r *http.Request, list string, body []byte, now time.Time) error {
	secrets, err := ReadSecrets(r.Context(), c.Store, c.Vault, SecretOfList(list))
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return err
	}
	h := webhook.Headers{ID: r.Header.Get(webhook.HeaderID), Timestamp: r.Header.Get(webhook.HeaderTimestamp),
		Signature: r.Header.Get(webhook.HeaderSignature)}
	if err := webhook.Verify(h, body, now, secrets...); err != nil {
		return badHook(http.StatusUnauthorized, webhook.HeaderSignature, "not signed", err.Error())
	}
	return nil
}

func readCompleted(body []byte) (completed, error) {
	var in completed
	decoder := json.NewDecoder(bytes.NewReader(body))
	err := decoder.Decode(&in)
	if err == nil {
		switch _, err = decoder.Token(); {
		case err == io.EOF && in.Type == "":
			return in, field{"type", ""}.invalid("say what the webhook is, such as %s", callCompleted)
		case err == io.EOF:
			return in, nil
		}
	}
	var kind *json.UnmarshalTypeError
	var moment *time.ParseError
	switch {
	case errors.As(err, &kind):
		return in, field{kind.Field, ""}.invalid("this JSON value does not fit here")
	case errors.As(err, &moment):
		return in, field{"at", ""}.invalid("write the moment such as 2026-03-09T14:00:00Z")
	}
	return in, badHook(http.StatusBadRequest, "body", "malformed", "this is not one JSON object as it is expected here")
}

// check returns the summary as it is kept.
func (in completed) check(now time.Time) (summary string, err error) {
	switch {
	case !isCall(in.Call):
		return "", field{"call", ""}.invalid("name the call by at most %d letters, digits and marks . _ ~ : -", callMost)
	case !isID(in.Lead):
		return "", field{"lead", ""}.invalid("give the id of the lead, as it was requested")
	case !slices.Contains(lead.Answers, in.Outcome):
		return "", field{"outcome", ""}.invalid("the outcomes are %s", answerNames())
	case in.Seconds < 0 || time.Duration(in.Seconds)*time.Second > callLongest:
		return "", field{"seconds", ""}.invalid("give how long they talked, 0 to 86400 seconds")
	case in.At.After(now.Add(callsAheadMost)):
		return "", field{"at", ""}.invalid("tell of a call once it has taken place")
	}
	return field{"summary", in.Summary}.clean(summaryMost, func(r rune) bool { return r == '\n' || r == '\t' })
}

// isCall says whether a text can name a call: it is kept in the clear.
func isCall(text string) bool {
	return text != "" && len(text) <= callMost && !strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._~:-", r))
	})
}

func answerNames() string {
	var names []string
	for _, a := range lead.Answers {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

// refuseHook tells a vendor what is wrong. What caused it goes to the log.
func (c *capture) refuseHook(w http.ResponseWriter, r *http.Request, err error) {
	status, problem := hookAnswer(err)
	if status >= 500 {
		c.Log.ErrorContext(r.Context(), "capture", "outcome", "unavailable", "list", r.PathValue("list"), "error", err.Error())
		w.Header().Set("Retry-After", "60")
	}
	c.rendered(r, refuseProgram(w, status, []form.Problem{problem}))
}

func hookAnswer(err error) (status int, problem form.Problem) {
	var fault *hookFault
	if errors.As(err, &fault) {
		return fault.status, fault.problem
	}
	return answerOf(err)
}
