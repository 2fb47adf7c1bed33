package sim

import (
	"time"

	"sluice/shared/lead"
)

// standing is what people remember of a lead: far less than the lead is.
type standing struct {
	id      string
	version int
	state   lead.State
	grade   lead.Grade
	team    string
	pool    string
	rep     string // who has it, "" for nobody
	by      string // how they got it: offer, claim or hand
	due     time.Time
	owed    time.Time // due, or when it was set where that was over: a new policy may shorten what runs
	duty    lead.Duty

	offered   time.Time // or claimed, by who has it
	began     time.Time // accepted or claimed by who has it; zero before
	contacted bool      // by who has it
	pooled    time.Time
	reached   stage
}

// stage is how far a lead has ever come, as a set.
type stage uint8

const (
	wasOffered  stage = 1 << iota // or claimed
	wasAccepted                   // or claimed
	wasContacted
	wasConverted
	wasHandedOver
)

// apply follows an event. The moment is that of the commit.
func (s *standing) apply(e lead.Event, now time.Time) {
	switch e := e.(type) {
	case lead.Captured:
		s.state = lead.StateNew
	case lead.Unverified:
		s.state, s.team = lead.StateUnverified, e.Team
	case lead.Verified:
		s.state = lead.StateNew
	case lead.Absorbed:
		s.state, s.pool = lead.StateMerged, ""
	case lead.Scored:
		s.grade = e.Grade
	case lead.Woken:
		s.state, s.pool = lead.StateRouting, ""
	case lead.Offered:
		s.state, s.rep, s.team, s.by, s.pool = lead.StateOffered, e.Rep, e.Team, e.How, ""
		s.offered, s.began, s.contacted = now, time.Time{}, false
		s.reached |= wasOffered
	case lead.Claimed:
		s.state, s.rep, s.by, s.pool = lead.StateWorking, e.Rep, lead.ByClaim, ""
		if e.Team != "" {
			s.team = e.Team
		}
		s.offered, s.began, s.contacted = now, now, false
		s.reached |= wasOffered | wasAccepted
	case lead.Triaged:
		s.state, s.team, s.pool = lead.StateTriage, e.Team, ""
	case lead.Waiting:
		s.state, s.team, s.pool = lead.StateRouting, e.Team, ""
	case lead.Accepted:
		s.state, s.began = lead.StateWorking, now
		s.reached |= wasAccepted
	case lead.Ended:
		s.rep = ""
	case lead.Logged:
		s.contacted = true
		s.reached |= wasContacted
		if e.Grade != "" {
			s.grade = e.Grade
		}
	case lead.PutOnHold:
		s.state = lead.StatePaused
	case lead.Resumed:
		s.state = lead.StateWorking
	case lead.Nurtured:
		s.state, s.pool = lead.StateNurturing, ""
		if e.Team != "" {
			s.team = e.Team
		}
	case lead.Pooled:
		s.state, s.pool, s.pooled = lead.StatePooled, e.Pool, now
		if e.Team != "" {
			s.team = e.Team
		}
	case lead.Converted:
		s.state = lead.StateConverted
		s.reached |= wasConverted
	case lead.HandedOver:
		s.state = lead.StateCustomer
		s.reached |= wasHandedOver
	case lead.Closed:
		s.state = e.As
	case lead.Due:
		s.due, s.duty = e.At, e.Do
		if s.owed = e.At; !e.At.IsZero() && e.At.Before(now) {
			s.owed = now
		}
	}
}
