package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"sluice/shared/lead"
)

// callKind marks a callReport among what the intake queue holds.
const callKind = "call"

// callReport is what came of a vendor's call on its way from capture to intake. What
// was said is sealed for the lead's history already.
type callReport struct {
	Kind    string      `json:"kind"`
	ID      string      `json:"id"` // the webhook's
	At      time.Time   `json:"at"` // when it came
	List    string      `json:"list"`
	Lead    string      `json:"lead"`
	Call    string      `json:"call"`
	Outcome lead.Answer `json:"outcome"`
	Seconds int         `json:"seconds,omitempty"`
	Summary lead.Sealed `json:"summary,omitempty"`
	Done    time.Time   `json:"done,omitzero"`
}

func decodeReport(body []byte) (callReport, error) {
	var r callReport
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return r, malformed("the report of a call")
	}
	if _, err := decoder.Token(); err != io.EOF || r.Kind != callKind || r.List == "" || r.Lead == "" || r.Call == "" || r.Outcome == "" {
		return r, malformed("the report of a call")
	}
	return r, nil
}

// reported records what came of a vendor's call. A lead that is not there, or is
// over, ends it: nobody waits for an answer.
func (in *intake) reported(ctx context.Context, body []byte) error {
	r, err := decodeReport(body)
	if err != nil {
		return err
	}
	pol, err := in.Policy.Get(ctx)
	if err != nil {
		return err
	}
	call := lead.Call{List: r.List, Call: r.Call, Outcome: r.Outcome, Seconds: r.Seconds, Summary: r.Summary, Done: r.Done}
	_, fresh, err := in.calls.record(ctx, pol, callMade{lead: r.Lead, by: lead.System(SecretOfList(r.List)), now: in.Now(), call: call})
	outcome := "recorded"
	switch kind := lead.KindOf(err); {
	case err != nil && (kind == lead.NotFound || kind == lead.Conflict || kind == lead.Invalid):
		outcome = "passed over: " + string(kind)
	case err != nil:
		return err
	case !fresh:
		outcome = "told before"
	}
	in.Log.InfoContext(ctx, "call", "outcome", outcome, "list", r.List, "lead", r.Lead, "call", r.Call)
	return nil
}
