package app

import (
	"context"
	"encoding/json"
	"time"

	"sluice/shared/lead"
)

// Envelope is one submission on its way from capture to intake. What the person
// sent is sealed within it, so that queues, dead letters and logs hold nothing
// personal.
type Envelope struct {
	Kind  string      `json:"kind,omitempty"` // empty; what else the queue holds says what it is, see callReport
	ID    string      `json:"id"`
	Form  string      `json:"form"`
	At    time.Time   `json:"at"`
	Type  string      `json:"type"`            // content type of the body
	Print string      `json:"print,omitempty"` // keyed hash of the body
	Idem  lead.Key    `json:"idem,omitempty"`  // keyed hash of the caller's idempotency key
	Raw   lead.Sealed `json:"raw"`             // a sealed parcel
}

// parcel is the sealed part of an envelope: the submission as it came.
type parcel struct {
	Body    []byte `json:"body"`
	Address string `json:"ip,omitempty"`
	Agent   string `json:"ua,omitempty"`
}

// Pack seals a post as it came into an envelope.
func Pack(ctx context.Context, v Vault, e Envelope, body []byte) (Envelope, error) {
	return pack(ctx, v, e, parcel{Body: body})
}

func pack(ctx context.Context, v Vault, e Envelope, p parcel) (Envelope, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return e, err
	}
	e.Raw, err = v.Seal(ctx, placeSubmission(e.ID), plain)
	return e, err
}

// Places bind sealed values to where they are kept.
func placeSubmission(id string) string    { return "submission/" + id }
func placePerson(id, field string) string { return "person/" + id + "/" + field }
func placeNote(leadID string) string      { return "lead/" + leadID + "/note" }
func placeSecret(name string) string      { return "secret/" + name }
func placePrivate(leadID string) string   { return "lead/" + leadID + "/private" }

func (e Envelope) submission(outcome lead.Outcome, reason string) *lead.Submission {
	return &lead.Submission{ID: e.ID, Form: e.Form, Received: e.At, Outcome: outcome, Reason: reason,
		Print: e.Print, Idem: e.Idem, Type: e.Type, Raw: e.Raw}
}

func decodeEnvelope(body []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return e, malformed("an envelope")
	}
	switch {
	case e.Kind == callKind, e.Kind == enrichedKind:
	case e.Kind != "":
		return e, malformed("of a kind that is known")
	case e.ID == "" || e.Form == "" || len(e.Raw) == 0 || e.At.IsZero():
		return e, lead.Errorf(lead.Invalid, "the envelope lacks its id, form, time or content")
	}
	return e, nil
}

// malformed is the error of a message that is not what its queue is for. It has
// no cause: the decoder's own words may quote a value.
func malformed(what string) error {
	return lead.Errorf(lead.Invalid, "the message is not %s", what)
}
