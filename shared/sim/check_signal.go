package sim

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"sluice/shared/lead"
)

// ledger are all signals that the histories tell of a lead, as often as they were told.
type ledger []booked

// booked is a signal with where the lead has it from.
type booked struct {
	lead.Signal
	from string // the lead that was absorbed; "" is its own
}

// signalsMost is how many signals of a kind count, the latest.
const signalsMost = 16

// standing are the signals that count: each once, by the judgement that was made last,
// the more doubtful one of two of a moment.
func (b ledger) standing() []lead.Signal {
	type name struct {
		kind lead.SignalKind
		id   string
		at   int64
	}
	best := map[name]lead.Signal{}
	for _, s := range b {
		n := name{s.Kind, s.ID, s.At.Unix()}
		if had, ok := best[n]; !ok || overrules(s.Signal, had) {
			best[n] = s.Signal
		}
	}
	var all []lead.Signal
	for _, s := range best {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b lead.Signal) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
	})
	of := map[lead.SignalKind]int{}
	return slices.DeleteFunc(all, func(s lead.Signal) bool {
		of[s.Kind]++
		return of[s.Kind] > signalsMost
	})
}

func overrules(s, had lead.Signal) bool {
	if !s.Judged.Equal(had.Judged) {
		return s.Judged.After(had.Judged)
	}
	return s.Sure < had.Sure || s.Sure == had.Sure && s.Amount > had.Amount
}

func (b *ledger) book(from string, signals ...lead.Signal) {
	for _, s := range signals {
		*b = append(*b, booked{whole(s), from})
	}
}

// whole is a signal with all that it leaves out.
func whole(s lead.Signal) lead.Signal {
	s.At, s.Judged, s.Amount = s.At.UTC().Truncate(time.Second), s.Judged.UTC().Truncate(time.Second), max(1, s.Amount)
	if s.Judged.IsZero() {
		s.Judged = s.At
	}
	return s
}

// signalOf is what an entry tells by itself: of the moment that it names, or its own.
func signalOf(kind lead.SignalKind, done, at time.Time) lead.Signal {
	if !done.IsZero() && done.Before(at) {
		at = done
	}
	return lead.Signal{Kind: kind, ID: strconv.FormatInt(at.UnixMilli(), 36), At: at, Sure: 100}
}

// signals books what an entry tells of a person's interest, and holds that the lead
// has what counts of it.
func (c *checker) signals(w *watched, m made) {
	at, news, took := m.entry.At, false, ""
	for _, event := range m.entry.Events {
		if e, ok := event.(lead.Took); ok && m.takes(isTouched) {
			took = e.Lead // the touch is its enquiry
		}
	}
	for _, event := range m.entry.Events {
		n := len(w.ledger)
		switch e := event.(type) {
		case lead.Engaged:
			w.ledger.book("", e.Signals...)
		case lead.Touched:
			if !e.Listed {
				w.ledger.book(took, signalOf(lead.SignalEnquiry, at, at))
			}
		case lead.Logged:
			if e.Inbound {
				w.ledger.book("", signalOf(lead.SignalReply, e.Done, at))
			}
		case lead.Called:
			if e.Outcome == lead.Talked || e.Outcome == lead.Interested {
				w.ledger.book("", signalOf(lead.SignalTalk, e.Done, at))
			}
		case lead.Unverified:
			w.bought = true
		case lead.Absorbed:
			w.into = append(w.into, e.Into)
		case lead.Took:
			if off := c.leads[e.Lead]; took == "" && off != nil {
				theirs := slices.Clone(off.ledger)
				if !off.bought {
					theirs.book("", signalOf(lead.SignalEnquiry, off.lead.Created, off.lead.Created))
				}
				if c.breaks(ruleSignals, sameSignals(e.Signals, theirs.standing())) {
					c.tell(ruleSignals, m.after.ID, "%s takes over lead %s with the signals %v, it has %v", m.entry.ID(), e.Lead, e.Signals, theirs.standing())
				}
			}
			w.ledger.book(e.Lead, e.Signals...)
		case lead.Returned:
			w.ledger = slices.DeleteFunc(w.ledger, func(b booked) bool { return b.from == e.Lead })
			news = true
		}
		news = news || len(w.ledger) != n
	}
	if news && c.breaks(ruleSignals, sameSignals(m.after.Signals, w.ledger.standing())) {
		c.tell(ruleSignals, m.after.ID, "%s leaves it with the signals %v, by the histories %v", m.entry.ID(), m.after.Signals, w.ledger.standing())
	}
}

func isTouched(e lead.Event) bool {
	_, ok := e.(lead.Touched)
	return ok
}

func sameSignals(a, b []lead.Signal) bool {
	return slices.EqualFunc(a, b, func(a, b lead.Signal) bool {
		return a.Kind == b.Kind && a.ID == b.ID && a.At.Equal(b.At) && a.Judged.Equal(b.Judged) && a.Sure == b.Sure && max(1, a.Amount) == max(1, b.Amount)
	})
}

// accepted is a signal that whoever told of it was told is kept.
type accepted struct {
	lead   string
	signal lead.Signal
}

// engaged notes that signals were answered with success.
func (c *checker) engaged(id string, signals []lead.Signal) {
	for _, s := range signals {
		c.accepted = append(c.accepted, accepted{id, whole(s)})
	}
}

// keptSignals holds that what was accepted is known, of the lead or of one that it went
// on as, unless so many later ones are that it says nothing.
func (c *checker) keptSignals() {
	for _, a := range c.accepted {
		if c.breaks(ruleSignals, c.knows(a.lead, a.signal, 0)) {
			c.tell(ruleSignals, a.lead, "signal %v was accepted, and nobody knows it", a.signal)
		}
	}
}

func (c *checker) knows(id string, s lead.Signal, deep int) bool {
	w := c.leads[id]
	if w == nil || deep > len(c.leads) {
		return false
	}
	later := 0
	for _, b := range w.ledger {
		if b.Kind != s.Kind {
			continue
		}
		if b.ID == s.ID && b.At.Equal(s.At) && !overrules(s, b.Signal) {
			return true
		}
		if !b.At.Before(s.At) {
			later++
		}
	}
	return later >= signalsMost || slices.ContainsFunc(w.into, func(into string) bool { return c.knows(into, s, deep+1) })
}
