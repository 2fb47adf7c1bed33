package lead

import "slices"

// callsKept bounds the calls that a lead remembers. Whoever tells of one again
// does so within days, and nobody is called this often in days.
const callsKept = 8

// name tells a call from any other of the lead.
func (c Called) name() string { return c.List + "/" + c.Call }

// remember adds a call to the last ones without changing their slice.
func remember(calls []string, c Called) []string {
	if c.Call == "" {
		return calls
	}
	kept := append(slices.Clone(calls), c.name())
	return kept[max(0, len(kept)-callsKept):]
}

// dial takes a lead off the list that it is on. Of several who ask, the first to
// commit has it.
func dial(l Lead, c Dial) ([]Event, error) {
	if c.Hand == "" {
		return nil, Errorf(Invalid, "name the handing out")
	}
	if l.State != StatePooled || l.List == "" || l.List != c.List {
		return nil, Errorf(Conflict, "the lead is not on this call list any more: it was dialled, claimed or routed meanwhile")
	}
	return []Event{Dialled(c)}, nil
}

// called is what came of a call from a list. A lead that somebody has meanwhile
// only remembers it; a call that was told before changes nothing. The wish not to
// be called is kept of a closed lead too.
func called(l Lead, c Call) ([]Event, error) {
	switch {
	case !slices.Contains(Answers, c.Outcome):
		return nil, &Error{Kind: Invalid, Field: "outcome", Text: "the outcome is not one that is known"}
	case c.Call != "" && slices.Contains(l.Calls, Called(c).name()):
		return nil, nil
	case !l.State.Open() && c.Outcome != DoNotCall, l.State == StateNew:
		return nil, wrongState(l, "called")
	}
	events := []Event{Called(c)}
	switch c.Outcome {
	case Interested:
		events = append(events, replied(l)...)
		switch l.State {
		case StatePooled, StateNurturing:
			events = append(events, Woken{Why: "interested when called"})
		case StatePaused:
			events = append(events, Resumed{Why: "interested when called"})
		}
	case DoNotCall:
		events = append(events, OptedOut{})
	case WrongNumber:
		if l.State == StatePooled {
			events = append(events, Closed{As: StateUnreachable, Reason: "wrong number"})
		}
	}
	return events, nil
}
