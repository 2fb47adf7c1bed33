package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is what goes wrong at one remote call or delivery, named by its number:
// they are counted from 1 in the order in which the world comes to them.
type Fault struct {
	At   int
	Kind Kind
}

// String writes the fault as -faults takes it, such as 17:killed.
func (f Fault) String() string { return fmt.Sprintf("%d:%s", f.At, f.Kind) }

// ParseFaults reads a list such as "17:killed,23:lost".
func ParseFaults(list string) ([]Fault, error) {
	var faults []Fault
	for part := range strings.SplitSeq(list, ",") {
		if part == "" {
			continue
		}
		number, kind, _ := strings.Cut(part, ":")
		at, err := strconv.Atoi(number)
		if err != nil || at < 1 || !slices.Contains(Kinds, Kind(kind)) {
			return nil, fmt.Errorf("fault %q: write number:kind, with a kind of %v", part, Kinds)
		}
		faults = append(faults, Fault{at, Kind(kind)})
	}
	return faults, nil
}

// Kind is a way in which a call or a delivery goes wrong.
type Kind string

// The kinds of faults.
const (
	NotSent     Kind = "not-sent"    // the request never arrived; the caller knows that something failed
	Unreachable Kind = "unreachable" // as not-sent, and so is all the same invocation asks for in the next 10 s
	Lost        Kind = "lost"        // done, but the answer was lost
	Throttled   Kind = "throttled"   // refused for the load
	Conflict    Kind = "conflict"    // refused because it met another transaction
	Slow        Kind = "slow"        // done, but the answer came after the caller's time had run out
	Late        Kind = "late"        // the caller gave up waiting; it is done some time afterwards
	Killed      Kind = "killed"      // the process died just before the call
	KilledAfter Kind = "killed-after"
	Twice       Kind = "twice"   // delivered twice
	Delayed     Kind = "delayed" // delivered late, and behind others that came after it
	Garbage     Kind = "garbage" // answered with what nobody can use
)

// Kinds lists the kinds of faults.
var Kinds = []Kind{NotSent, Unreachable, Lost, Throttled, Conflict, Slow, Late, Killed, KilledAfter, Twice, Delayed, Garbage}

// class is what sort of call or delivery it is; what can go wrong depends on it.
type class string

const (
	read     class = "read"     // of the table
	write    class = "write"    // of one item
	transact class = "transact" // of several
	send     class = "send"     // of a message to a queue
	mailing  class = "mail"     // handing a message to the mail system
	asking   class = "ask"      // a request of a browser or a program
	batch    class = "batch"    // messages of a queue to a function
	records  class = "records"  // records of the stream to a function
	tick     class = "tick"     // of a schedule
	outside  class = "outside"  // a question to an enricher
)

func (c class) kinds() []Kind {
	switch c {
	case read:
		return []Kind{NotSent, Unreachable, Lost, Throttled, Slow, Killed}
	case write, transact:
		return []Kind{NotSent, Unreachable, Lost, Throttled, Conflict, Slow, Late, Killed, KilledAfter}
	case send:
		return []Kind{NotSent, Unreachable, Lost, Throttled, Slow, Late, Killed, KilledAfter, Twice, Delayed}
	case mailing:
		return []Kind{NotSent, Unreachable, Lost, Throttled, Slow, Killed, KilledAfter}
	case asking:
		return []Kind{NotSent, Lost}
	case outside:
		return []Kind{NotSent, Lost, Throttled, Slow, Garbage, Killed, KilledAfter}
	case tick:
		return []Kind{NotSent, Twice, Delayed}
	}
	return []Kind{Twice, Delayed}
}

// harmful are the kinds without those that come to the same for who looks away from
// the call: a read that fails is tried again, or its process gives up or dies.
func (c class) harmful() []Kind {
	if c == read {
		return []Kind{Unreachable, Killed}
	}
	return c.kinds()
}

// outage is a while in which a service answers nobody.
type outage struct {
	service  service
	from, to time.Time
}

type service string

const (
	tableService service = "table"
	queueService service = "queue"
	mailService  service = "mail"

	outsideService service = "enrichers"
)

// down reports whether the service is out of order now, and until when.
func (w *World) down(s service) (until time.Time, down bool) {
	for _, o := range w.outages {
		if o.service == s && !w.now.Before(o.from) && w.now.Before(o.to) {
			return o.to, true
		}
	}
	return time.Time{}, false
}

// fault counts a call or delivery and tells what goes wrong with it, "" for
// nothing.
func (w *World) fault(c class, what string) Kind {
	w.calls++
	if w.opts.classes != nil {
		*w.opts.classes = append(*w.opts.classes, c)
	}
	kind := w.planned[w.calls]
	if kind == "" && w.opts.FaultRate > 0 && w.now.Before(w.end) && w.faults.Float64() < w.opts.FaultRate {
		kinds := c.kinds()
		kind = kinds[w.faults.IntN(len(kinds))]
	}
	if kind != "" && !slices.Contains(c.kinds(), kind) {
		kind = ""
	}
	if kind != "" {
		w.injected = append(w.injected, Fault{w.calls, kind})
		w.troubled = w.now
		w.trace("%-6d %-8s %s: %s", w.calls, c, what, kind)
	} else if w.opts.Trace != nil {
		w.trace("%-6d %-8s %s", w.calls, c, what)
	}
	return kind
}

// calmAfter is how long the consequences of a fault may go on: a message that
// failed comes back after its visibility timeout, five times.
const calmAfter = 20 * time.Minute

// calm reports whether nothing has been wrong for a while.
func (w *World) calm() bool { return !w.now.Before(w.calmSince()) }

// calmSince is from when on nothing is wrong, as far as is known: it may be ahead.
func (w *World) calmSince() time.Time {
	var since time.Time
	if !w.troubled.IsZero() {
		since = w.troubled.Add(calmAfter + 1)
	}
	for _, o := range w.outages {
		if !w.now.Before(o.from) {
			since = later(since, o.to.Add(calmAfter))
		}
	}
	return since
}
