package lead

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Entry is one change of a lead: who did what, when, under which policy. The
// lead's version after it is the entry's place in the history, counted from 1.
type Entry struct {
	Lead    string
	Version int
	At      time.Time
	By      Actor
	Policy  int // version of the policy that decided
	Events  []Event
}

// ID names the entry. Whatever follows from an entry carries it, so that telling
// it twice does nothing.
func (e Entry) ID() string { return fmt.Sprintf("%s-%d", e.Lead, e.Version) }

// entryJSON is the form in which an entry is kept.
type entryJSON struct {
	entryHead
	Events []eventJSON `json:"events"`
}

type entryHead struct {
	Lead    string    `json:"lead"`
	Version int       `json:"v"`
	At      time.Time `json:"at"`
	By      Actor     `json:"by"`
	Policy  int       `json:"policy,omitempty"`
}

type eventJSON struct {
	Kind string          `json:"e"`
	Data json.RawMessage `json:"d,omitempty"`
}

// MarshalJSON implements json.Marshaler. Each part is encoded once, straight
// into its place.
func (e Entry) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.Grow(usualSize)
	parts := json.NewEncoder(&out)
	part := func(v any) error {
		err := parts.Encode(v)
		out.Truncate(max(0, out.Len()-len("\n")))
		return err
	}
	if err := part(entryHead{e.Lead, e.Version, e.At, e.By, e.Policy}); err != nil {
		return nil, err
	}
	out.Truncate(out.Len() - len("}"))
	if len(e.Events) == 0 {
		out.WriteString(`,"events":null}`)
		return out.Bytes(), nil
	}
	before := `,"events":[{"e":"`
	for _, event := range e.Events {
		out.WriteString(before)
		out.WriteString(event.kind())
		out.WriteString(`","d":`)
		if err := part(event); err != nil {
			return nil, err
		}
		before = `},{"e":"`
	}
	out.WriteString(`}]}`)
	return out.Bytes(), nil
}

// usualSize is what few entries exceed, in bytes of JSON.
const usualSize = 512

// UnmarshalJSON implements json.Unmarshaler. A kind of event that this version
// does not know is an error: guessing would fold a wrong lead.
func (e *Entry) UnmarshalJSON(data []byte) error {
	if own, ok := readOwn(data); ok {
		*e = own
		return nil
	}
	return e.readAny(data)
}

// readAny reads an entry however its JSON is laid out.
func (e *Entry) readAny(data []byte) error {
	var in entryJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*e = Entry{Lead: in.Lead, Version: in.Version, At: in.At, By: in.By, Policy: in.Policy}
	for _, event := range in.Events {
		decode, ok := decoders[event.Kind]
		if !ok {
			return fmt.Errorf("decode history entry %s: unknown event %q", e.ID(), event.Kind)
		}
		decoded, err := decode(event.Data)
		if err != nil {
			return fmt.Errorf("decode history entry %s: %w", e.ID(), err)
		}
		e.Events = append(e.Events, decoded)
	}
	return nil
}

// decoders makes an event of its kind's name.
var decoders = map[string]func([]byte) (Event, error){
	"captured": decode[Captured], "touched": decode[Touched], "engaged": decode[Engaged], "scored": decode[Scored],
	"woken": decode[Woken], "offered": decode[Offered], "triaged": decode[Triaged],
	"escalated": decode[Escalated], "accepted": decode[Accepted], "rejected": decode[Rejected],
	"expired": decode[Expired], "ended": decode[Ended], "logged": decode[Logged],
	"put_on_hold": decode[PutOnHold], "resumed": decode[Resumed], "nurtured": decode[Nurtured],
	"pooled": decode[Pooled], "claimed": decode[Claimed], "swept": decode[Swept],
	"converted": decode[Converted], "handed_over": decode[HandedOver], "closed": decode[Closed],
	"due": decode[Due], "waiting": decode[Waiting], "qualified": decode[Qualified], "moved": decode[Moved],
	"reminded": decode[Reminded], "extended": decode[Extended], "dealt": decode[Dealt], "nudged": decode[Nudged],
	"revealed": decode[Revealed], "tagged": decode[Tagged], "opted_out": decode[OptedOut], "called": decode[Called],
	"unverified": decode[Unverified], "verified": decode[Verified], "asked": decode[Asked], "enriched": decode[Enriched],
	"joined": decode[Joined], "absorbed": decode[Absorbed], "took": decode[Took],
	"restored": decode[Restored], "returned": decode[Returned],
	"dialled": decode[Dialled], "credited": decode[Credited], "unlisted": decode[Unlisted],
}

func decode[E Event](data []byte) (Event, error) {
	var e E
	if string(data) == "{}" {
		return e, nil
	}
	err := json.Unmarshal(data, &e)
	return e, err
}
