package app

import (
	"context"
	"time"

	"sluice/shared/dial"
	"sluice/shared/lead"
	"sluice/shared/pace"
)

// CallResult is what came of a call that a dialler of the house made.
type CallResult struct {
	Lead    string      `json:"lead"`
	Call    string      `json:"call"` // the dialler's id of it
	Outcome lead.Answer `json:"outcome"`
	Ring    int         `json:"ring,omitempty"`    // seconds until somebody answered
	Seconds int         `json:"seconds,omitempty"` // from the answer until the agent was free again
	Summary string      `json:"summary,omitempty"`
}

// CallRecorded is how the lead stands once a call is recorded.
type CallRecorded struct {
	Lead     string     `json:"lead"`
	State    lead.State `json:"state"`
	Recorded bool       `json:"recorded"` // false for a call that was told before
}

// ringMost is longer than any number is left ringing, in seconds.
const ringMost = 600

// RecordCall records what came of a call of the house, as a vendor's webhook does,
// and counts it among the figures by which the list is paced.
func (d *Desk) RecordCall(ctx context.Context, u User, list string, r CallResult) (CallRecorded, error) {
	if r.Ring < 0 || r.Ring > ringMost {
		return CallRecorded{}, field{"ring", ""}.invalid("give how long it rang, 0 to %d seconds", ringMost)
	}
	now := d.Now()
	told := completed{Call: r.Call, Lead: r.Lead, Outcome: r.Outcome, Seconds: r.Seconds, Summary: r.Summary}
	summary, err := told.check(now)
	if err != nil {
		return CallRecorded{}, err
	}
	v, _, err := d.dialler(ctx, u, list)
	if err != nil {
		return CallRecorded{}, err
	}
	l, err := d.Store.Lead(ctx, r.Lead)
	if err != nil && lead.KindOf(err) != lead.NotFound {
		return CallRecorded{}, err
	}
	if err != nil || l.Dialled != list {
		return CallRecorded{}, lead.Errorf(lead.NotFound, "there is no such lead among those that were handed out from this list")
	}
	var sealed lead.Sealed
	if summary != "" {
		if sealed, err = d.Vault.Seal(ctx, placeNote(r.Lead), []byte(summary)); err != nil {
			return CallRecorded{}, err
		}
	}
	pol, err := d.Policy.Get(ctx)
	if err != nil {
		return CallRecorded{}, err
	}
	recorder := &callRecorder{store: d.Store, vault: d.Vault, place: newPlacer(d.Store)}
	after, fresh, err := recorder.record(ctx, pol, callMade{lead: r.Lead, by: v.actor(v.dialRole()), now: now,
		call: lead.Call{List: list, Call: r.Call, Outcome: r.Outcome, Seconds: r.Seconds, Summary: sealed}})
	if err != nil {
		return CallRecorded{}, err
	}
	if fresh {
		d.measure(ctx, list, r)
	}
	return CallRecorded{Lead: r.Lead, State: after.State, Recorded: fresh}, nil
}

// measureTries bounds how often figures are counted anew that somebody else moved on.
const measureTries = 8

// measure counts a call among the list's figures. They are a forecast's, so that one
// that cannot be counted is left out rather than told again.
func (d *Desk) measure(ctx context.Context, list string, r CallResult) {
	var err error
	for try := range measureTries {
		var f dial.Figures
		var version int
		if f, version, err = d.Store.Figures(ctx, list); err != nil {
			break
		}
		count(&f, r)
		if err = d.Store.PutFigures(ctx, list, version+1, f); err == nil || lead.KindOf(err) != lead.Conflict {
			break
		}
		if pace.Pause(ctx, time.Duration(try+1)*5*time.Millisecond) != nil {
			break
		}
	}
	if err != nil {
		d.Log.WarnContext(ctx, "figures", "outcome", "a call is not counted", "list", list, "error", err.Error())
	}
}

func count(f *dial.Figures, r CallResult) {
	switch r.Outcome {
	case lead.NoAnswer, lead.Busy:
		f.NoAnswer()
		return
	}
	f.Answer(time.Duration(r.Ring) * time.Second)
	if r.Outcome == lead.Abandoned {
		f.Abandon()
		return
	}
	f.Talked(time.Duration(r.Seconds) * time.Second)
}
