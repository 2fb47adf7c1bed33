package lead

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Signal is something that tells of interest: what a person did, or a machine in
// their name. Kind, id and moment name it: told again it is the same one, and judged
// anew it counts by the latest judgement, in whatever order the two arrive. As few of
// a kind are kept, whoever tells of signals tells one of each mail, not one of each of
// its links, which a scanner follows all at once. In JSON it is its text.
type Signal struct {
	Kind   SignalKind
	ID     string    // of whoever told of it: letters, digits and -_.: only, at most 40
	At     time.Time // to the second
	Sure   int       // 0 to 100: how sure it is that a person did it, and no machine
	Judged time.Time // since when that is known; At where it is zero
	Amount int       // minutes of a dwell, 1 to 600; 1 of anything else; 0 is 1
}

// SignalKind is what a signal is.
type SignalKind string

// The kinds of signals.
const (
	SignalOpen     SignalKind = "open"     // of a mail
	SignalClick    SignalKind = "click"    // on a link in one
	SignalVisit    SignalKind = "visit"    // of a page
	SignalDwell    SignalKind = "dwell"    // on pages, in minutes
	SignalDownload SignalKind = "download" // of a paper, a brochure
	SignalEvent    SignalKind = "event"    // attended: a webinar, a trade fair
	SignalReply    SignalKind = "reply"    // they wrote or called
	SignalEnquiry  SignalKind = "enquiry"  // they sent a form
	SignalTalk     SignalKind = "talk"     // a call reached them, and they talked
)

// SignalKinds lists the kinds of signals.
var SignalKinds = []SignalKind{SignalOpen, SignalClick, SignalVisit, SignalDwell, SignalDownload, SignalEvent,
	SignalReply, SignalEnquiry, SignalTalk}

const (
	signalsKept   = 16  // of a kind on a lead, the latest: more say no more
	signalID      = 40  // bytes
	dwellMost     = 600 // minutes
	signalsAtOnce = 100 // in one message
)

// signalAhead is how far ahead the clock of whoever tells of a signal may be.
const signalAhead = 5 * time.Minute

// check refuses a signal that cannot be.
func (s Signal) check(now time.Time) error {
	refuse := func(field, text string) error { return &Error{Kind: Invalid, Field: field, Text: text} }
	switch {
	case !slices.Contains(SignalKinds, s.Kind):
		return refuse("kind", "the kinds of signals are open, click, visit, dwell, download, event, reply, enquiry and talk")
	case s.ID == "" || len(s.ID) > signalID || strings.ContainsFunc(s.ID, foreign):
		return refuse("id", "name the signal by an id of up to 40 letters, digits and -_.: by which it is known when it is told again")
	case s.At.After(now.Add(signalAhead)) || s.At.Year() < 2000:
		return refuse("at", "give the moment, which is past")
	case s.Judged.After(now.Add(signalAhead)) || !s.Judged.IsZero() && s.Judged.Before(s.At):
		return refuse("judged", "give the moment of the judgement, which is past, and not before the signal's own")
	case s.Sure < 0 || s.Sure > 100:
		return refuse("sure", "say from 0 to 100 how sure it is that a person did it")
	case s.Amount < 0 || s.Amount > dwellMost || s.Amount > 1 && s.Kind != SignalDwell:
		return refuse("amount", "give from 1 to 600 minutes of a dwell, and 1 of anything else")
	}
	return nil
}

func foreign(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.:", r)
}

// tidy is the signal as it is kept.
func (s Signal) tidy() Signal {
	s.At, s.Judged = s.At.UTC().Truncate(time.Second), s.Judged.UTC().Truncate(time.Second)
	if s.Judged.IsZero() {
		s.Judged = s.At
	}
	s.Amount = max(1, s.Amount)
	return s
}

// order sorts signals: by kind, the latest first.
func (s Signal) order(o Signal) int {
	return cmp.Or(cmp.Compare(s.Kind, o.Kind), o.At.Compare(s.At), cmp.Compare(s.ID, o.ID))
}

// later reports whether a judgement of the same signal overrules another one. Of two
// of one moment the more doubtful does, so that their order does not matter.
func (s Signal) later(o Signal) bool {
	return cmp.Or(s.Judged.Compare(o.Judged), cmp.Compare(o.Sure, s.Sure), cmp.Compare(s.Amount, o.Amount)) > 0
}

// JoinSignals adds signals to those that it joined before: each once, by its latest
// judgement, the latest 16 of a kind. Neither order nor repetition of what is joined
// matters.
func JoinSignals(had []Signal, more ...Signal) []Signal {
	all := slices.Clone(had)
	for _, s := range more {
		s = s.tidy()
		at, found := slices.BinarySearchFunc(all, s, Signal.order)
		switch {
		case !found:
			all = slices.Insert(all, at, s)
		case s.later(all[at]):
			all[at] = s
		}
	}
	n, kind := 0, SignalKind("")
	return slices.DeleteFunc(all, func(s Signal) bool {
		if s.Kind != kind {
			n, kind = 0, s.Kind
		}
		n++
		return n > signalsKept
	})
}

// MarshalText implements encoding.TextMarshaler: kind, id, moment and certainty, and
// judgement and amount where they say more. It is short, for signals are kept with
// the lead.
func (s Signal) MarshalText() ([]byte, error) {
	s = s.tidy()
	text := fmt.Appendf(nil, "%s %s %d %d", s.Kind, s.ID, s.At.Unix(), s.Sure)
	if !s.Judged.Equal(s.At) || s.Amount != 1 {
		text = fmt.Appendf(text, " %d %d", s.Judged.Unix(), s.Amount)
	}
	return text, nil
}

// The moments that JSON can tell, in seconds: the years 0 to 9999.
const firstSecond, lastSecond = -62167219200, 253402300799

// UnmarshalText implements encoding.TextUnmarshaler. It refuses numbers that are out
// of their range, by which a lead would be scored; kinds that are unknown count
// nothing.
func (s *Signal) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), " ")
	if len(parts) != 4 && len(parts) != 6 {
		return fmt.Errorf("read signal: it has %d parts", len(parts))
	}
	var n [4]int64
	for i, part := range parts[2:] {
		var err error
		if n[i], err = strconv.ParseInt(part, 10, 64); err != nil {
			return fmt.Errorf("read signal: part %d is no number", i+2)
		}
	}
	if len(parts) == 4 {
		n[2], n[3] = n[0], 1
	}
	at, sure, judged, amount := n[0], n[1], n[2], n[3]
	if at < firstSecond || judged < at || judged > lastSecond || sure < 0 || sure > 100 || amount < 1 || amount > dwellMost {
		return errors.New("read signal: a number is out of its range")
	}
	*s = Signal{Kind: SignalKind(parts[0]), ID: parts[1], At: time.Unix(at, 0).UTC(), Sure: int(sure),
		Judged: time.Unix(judged, 0).UTC(), Amount: int(amount)}
	return nil
}

// doneAt is when something took place that an entry tells of: at the moment that it
// names, where it names one, and no later than the entry.
func doneAt(done, entry time.Time) time.Time {
	if !done.IsZero() && done.Before(entry) {
		return done
	}
	return entry
}

// signalled is a signal that an entry tells of by itself.
func signalled(kind SignalKind, at time.Time) Signal {
	return Signal{Kind: kind, ID: strconv.FormatInt(at.UnixMilli(), 36), At: at, Sure: 100}
}

// Enquired are the lead's signals with its first enquiry among them, where it did not
// come from a list.
func (l Lead) Enquired() []Signal {
	if l.Listed || l.Created.IsZero() {
		return l.Signals
	}
	return JoinSignals(l.Signals, signalled(SignalEnquiry, l.Created))
}

// contact is when somebody of ours had to do with the person by an event of an entry,
// or when it was over; zero for none. What the person does from then on says how that
// went.
func contact(e Event, entry time.Time) time.Time {
	switch e := e.(type) {
	case Called:
		if e.Outcome != NoAnswer && e.Outcome != Busy {
			return doneAt(e.Done, entry)
		}
	case Logged:
		return doneAt(e.Done, entry)
	case Qualified, Converted, Closed, Dealt, PutOnHold:
		return entry
	}
	return time.Time{}
}

// engage notes signals of a person's interest. What is known already, and what is too
// old to count, is no news.
func engage(l Lead, c Engage, now time.Time) ([]Event, error) {
	if l.State == StateMerged {
		return nil, wrongState(l, "told of signals")
	}
	if len(c.Signals) > signalsAtOnce {
		return nil, &Error{Kind: Invalid, Field: "signals", Text: fmt.Sprintf("tell of at most %d signals at once", signalsAtOnce)}
	}
	var news []Signal
	known := l.Signals
	for i, s := range c.Signals {
		if err := s.check(now); err != nil {
			fault := err.(*Error)
			fault.Field = fmt.Sprintf("signals[%d].%s", i, fault.Field)
			return nil, fault
		}
		if joined := JoinSignals(known, s); !slices.Equal(joined, known) {
			known, news = joined, append(news, s.tidy())
		}
	}
	if len(news) == 0 {
		return nil, nil
	}
	return []Event{Engaged{Signals: news}}, nil
}
