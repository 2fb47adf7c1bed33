package sim

import (
	"sluice/shared/lead"
)

// due lets time go by until a lead is due and has the sweep act.
func (s *scene) due(id string) {
	s.t.Helper()
	s.clock = s.checker.leads[id].lead.Deadline.At
	s.do(id, lead.System("sweep"), lead.Expire{})
}

// looks has the sweep look at a pooled lead when it is its turn.
func (s *scene) looks(id string, did lead.Did) {
	s.t.Helper()
	s.turn(id)
	s.do(id, lead.System("sweep"), lead.Look{Did: did})
}

// turn lets time go by until it is a pooled lead's turn.
func (s *scene) turn(id string) { s.clock = later(s.clock, s.checker.leads[id].lead.Deadline.At) }

// mailOf is where the person of a lead gets mail.
func (s *scene) mailOf(id string) string { return s.checker.leads[id].lead.Person + "@quillon.example" }

// meets adds to a change the person whom its entry contacts, or who opts out.
func (s *scene) meets(c *lead.Change) {
	s.t.Helper()
	person := func() *lead.Person {
		if c.Person == nil {
			p := s.person(c.Lead.Person)
			p.Version++
			c.Person = &p
		}
		return c.Person
	}
	for _, event := range c.Entry.Events {
		switch e := event.(type) {
		case lead.Logged:
			if e.Way != lead.WayNote && !e.Inbound {
				at := c.Entry.At
				if !e.Done.IsZero() {
					at = e.Done
				}
				person().Contact(at)
			}
		case lead.Swept:
			if e.Did == lead.DidTouch || e.Did == lead.DidList {
				person().Contact(c.Entry.At)
			}
		case lead.Nudged:
			if e.Skipped == "" {
				person().Contact(c.Entry.At)
			}
		case lead.OptedOut:
			person().OptOut = c.Entry.At
		}
	}
}

// tells is a change by events that nobody decided, with the deadline that follows.
func (s *scene) tells(id string, by lead.Actor, events ...lead.Event) lead.Change {
	s.t.Helper()
	l := s.checker.leads[id].lead
	entry := lead.Entry{Lead: id, Version: l.Version + 1, At: s.clock, By: by, Policy: s.policy.Version(), Events: events}
	l.Version = entry.Version
	for _, e := range events {
		l = lead.Apply(l, e, s.clock)
	}
	if next := lead.Next(l, s.policy.Rules("kids")); next != nil {
		entry.Events = append(entry.Events, lead.Due{At: next.At, Do: next.Do})
		l = lead.Apply(l, lead.Due{At: next.At, Do: next.Do}, s.clock)
	} else {
		entry.Events = append(entry.Events, lead.Due{})
		l = lead.Apply(l, lead.Due{}, s.clock)
	}
	return s.whole(l, entry)
}

// meeting is a follow-up with evidence.
func meeting(rep string) lead.Log {
	return lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayMeeting}}
}

// calledUs is one by which nobody of ours contacts anybody.
func calledUs(rep string) lead.Log {
	return lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayCall, Inbound: true}}
}
