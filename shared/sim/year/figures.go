package year

import (
	"sluice/shared/lead"
)

// figures are counted while the year goes by.
type figures struct {
	decisions int // commands decided as one, and routing's choices
	entries   int
	busiest   int // leads that were due in one minute, at most
	refused   int // claims and looks at contact data
	events    map[string]int
	again     int // second assignments
	cycles    map[cycleOf]map[string]int
	due       int // first follow-ups that were due
	inTime    int // of those, made within their limit
}

func newFigures() figures {
	return figures{events: map[string]int{}, cycles: map[cycleOf]map[string]int{}}
}

// count adds an entry.
func (f *figures) count(e lead.Entry) {
	f.entries++
	again := false
	for _, event := range e.Events {
		kind := lead.KindOfEvent(event)
		switch event := event.(type) {
		case lead.Expired:
			kind += " " + string(event.Duty)
		case lead.Reminded:
			if event.Manager {
				f.events["reminded manager"]++
			}
		case lead.Ended:
			f.events["ended: "+event.Why]++
		case lead.Woken:
			again = event.Again
		case lead.Closed:
			kind += " " + string(event.As)
		case lead.Nudged:
			if event.Skipped != "" {
				kind += " skipped"
			}
		}
		f.events[kind]++
	}
	if again {
		f.again++
	}
	if t := lead.TallyOf(e); t != nil {
		of := cycleOf{t.Pool, floor(t.Cycle.Unix(), cycle)}
		if f.cycles[of] == nil {
			f.cycles[of] = map[string]int{}
		}
		for what, n := range t.Add {
			f.cycles[of][what] += n
		}
	}
}

// first notes until when a rep's first follow-up is due, and whether it was made
// in time.
func (w *world) first(c *card, e lead.Event) {
	switch e := e.(type) {
	case lead.Accepted, lead.Claimed:
		if c.State == lead.StateWorking {
			rules := w.policy.Rules(c.Team)
			limit := rules.FirstContact[c.Grade]
			c.limit = w.now + int64(limit.Days)*day + int64(limit.Time.Seconds())
			if rules.Hours != nil {
				c.limit = rules.Hours.After(w.time, limit).Unix()
			}
			w.figures.due++
		}
	case lead.Logged:
		if c.limit > 0 && e.Way != lead.WayNote {
			if w.now <= c.limit {
				w.figures.inTime++
			}
			c.limit = 0
		}
	case lead.Ended:
		c.limit = 0
	}
}
