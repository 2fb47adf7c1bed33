package deliver

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// toldMost bounds an enricher's answer, in bytes.
const toldMost = 64 << 10

// Ask posts a question to an enricher and returns its answer, which is JSON. The
// question's timeout holds from the first byte to the last; none, or a longer one,
// is that of a webhook. 204 and 404 are errors of kind NotFound: nothing is known. The other
// errors are those of [Caller.Call].
func (c *Caller) Ask(ctx context.Context, q app.Question) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, min(cmp.Or(max(q.Timeout, 0), attemptLimit), attemptLimit))
	defer cancel()
	answer, err := c.post(ctx, q.Webhook)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch status := answer.StatusCode; {
	case status == http.StatusNoContent, status == http.StatusNotFound:
		return nil, lead.Errorf(lead.NotFound, "the enricher knows nothing: it answers %d", status)
	case status/100 != 2:
		return nil, refusal(status)
	case !isJSON(answer.Header):
		return nil, lead.Errorf(lead.Invalid, "the enricher's answer, %d, is not said to be JSON", status)
	case answer.ContentLength > toldMost:
		return nil, errTooMuch(status)
	}
	told, err := io.ReadAll(io.LimitReader(answer.Body, toldMost+1))
	switch {
	case err != nil:
		return nil, &lead.Error{Kind: lead.Unavailable, Text: "the enricher's answer breaks off", Cause: bare(err)}
	case len(told) > toldMost:
		return nil, errTooMuch(answer.StatusCode)
	case !json.Valid(told):
		return nil, lead.Errorf(lead.Invalid, "the enricher's answer, %d, is no JSON", answer.StatusCode)
	}
	return told, nil
}

func errTooMuch(status int) error {
	return lead.Errorf(lead.Invalid, "the enricher's answer, %d, is longer than %d KiB", status, toldMost>>10)
}

// isJSON reports whether an answer is plain JSON by what it says of itself.
func isJSON(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	plain := h.Get("Content-Encoding") == "" || h.Get("Content-Encoding") == "identity"
	return err == nil && plain && (kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"))
}
