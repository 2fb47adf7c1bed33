package lead

import "slices"

// cleanse decides what happens to a lead before and beside its routing: who it is
// and what is known of it.
func cleanse(l Lead, c Command) ([]Event, error) {
	switch c := c.(type) {
	case Withhold:
		switch {
		case l.State != StateNew:
			return nil, wrongState(l, "left to the cleansing team")
		case c.Team == "":
			return nil, Errorf(Invalid, "a lead from a list needs a team that verifies it")
		}
		return []Event{Unverified(c)}, nil
	case Verify:
		if l.State != StateUnverified {
			return nil, wrongState(l, "verified")
		}
		return []Event{Verified(c)}, nil
	case Ask:
		c.Of = slices.DeleteFunc(slices.Clone(c.Of), func(by string) bool { return slices.Contains(l.Asked, by) })
		if len(c.Of) == 0 {
			return nil, nil
		}
		return []Event{Asked(c)}, nil
	case Enrich:
		if !slices.Contains(l.Asked, c.By) { // it has answered before
			return nil, nil
		}
		return []Event{Enriched(c)}, nil
	}
	return nil, Errorf(Invalid, "unknown command %T", c)
}

// unite decides what a merge of two persons, or its undoing, does to a lead.
func unite(l Lead, c Command, r Rules) ([]Event, error) {
	switch c := c.(type) {
	case Join:
		if l.Person == c.Person {
			return nil, nil
		}
		return []Event{Joined{Person: c.Person, From: l.Person, Undone: c.Undone}}, nil
	case Absorb:
		if !l.State.Open() || l.State == StateConverted {
			return nil, wrongState(l, "merged")
		}
		events := end(l, "merged into another lead", "")
		return append(events, Absorbed{Into: c.Into, Person: c.Person, From: l.Person, State: l.State, Pool: l.Pool, Rep: l.Owner()}), nil
	case Take:
		if l.State == StateMerged { // one that is over may still learn: a row of a list wakes nothing
			return nil, wrongState(l, "merged")
		}
		return []Event{Took(c)}, nil
	case Restore:
		return restore(l, c, r)
	case Return:
		return []Event{Returned(c)}, nil
	}
	return nil, Errorf(Invalid, "unknown command %T", c)
}

// restore brings an absorbed lead back to where it was. A rep who had it has it
// again, with a new ownership period; without one it is routed anew.
func restore(l Lead, c Restore, r Rules) ([]Event, error) {
	if l.State != StateMerged || l.Merged == nil {
		return nil, wrongState(l, "restored")
	}
	was := *l.Merged
	events := []Event{Restored{Person: was.From, Why: c.Why}}
	switch {
	case was.State == StateUnverified:
		return append(events, Unverified{Team: l.Team}), nil
	case was.State == StatePooled:
		if _, known := r.Pools[was.Pool]; !known { // it has left the policy since
			was.Pool = r.poolOf(l)
		}
		return append(events, Pooled{Pool: was.Pool, Why: c.Why}), nil
	case was.State == StateNurturing:
		return append(events, Nurtured{Reason: c.Why}), nil
	case was.State == StateTriage:
		return append(events, Triaged{Team: l.Team, Why: c.Why}), nil
	case c.Rep == "" || c.Rep != was.Rep:
		return append(events, Woken{Why: c.Why}), nil
	}
	events = append(events, Offered{Rep: c.Rep, Team: l.Team, How: ByHand, Rule: "by hand", Why: c.Why})
	if was.State != StateOffered {
		events = append(events, Accepted{})
	}
	if was.State == StatePaused {
		events = append(events, PutOnHold{Reason: c.Why})
	}
	return events, nil
}

// standing ranks the states of open leads by who is nearer to the customer.
var standing = []State{
	StateConverted, StateWorking, StatePaused, StateOffered, StateTriage, StateRouting, StateNew, StateNurturing, StatePooled, StateUnverified,
}

// GoesOn tells which of two leads for one product goes on when their persons are
// merged: an open one rather than a closed one, of two open ones the one that is
// nearer to the customer, with an open deal nearer than all but who has bought, of two
// closed ones the one that was won; else the older.
func GoesOn(a, b Lead) (first, second Lead) {
	rank := func(l Lead) int {
		switch at := slices.Index(standing, l.State); {
		case at > 0 && l.Period != nil && l.Period.Deal:
			return 1
		case at > 0:
			return at + 1
		case at == 0:
			return at
		case l.State == StateCustomer:
			return len(standing) + 1
		}
		return len(standing) + 2
	}
	switch ra, rb := rank(a), rank(b); {
	case rb < ra, ra == rb && b.Created.Before(a.Created), ra == rb && b.Created.Equal(a.Created) && b.ID < a.ID:
		return b, a
	}
	return a, b
}

// Without is the lead as it would be had it not taken over an absorbed one: its
// facts, answers, signals and touches, folded from its history, oldest entry first. A touch in
// the same entry is the absorbed one's own. What was taken over and given back before
// is passed over as well: it was given back with what is to go now.
func Without(history []Entry, absorbed string) Returned {
	gone := map[int]bool{}   // entries that took over what goes
	took := map[string]int{} // lead → the entry that took it over and did not give it back
	for i, entry := range history {
		for _, e := range entry.Events {
			switch e := e.(type) {
			case Took:
				took[e.Lead] = i
			case Returned:
				if at, ok := took[e.Lead]; ok {
					gone[at] = true
					delete(took, e.Lead)
				}
			}
		}
	}
	if at, ok := took[absorbed]; ok {
		gone[at] = true
	}
	var l Lead
	for i, entry := range history {
		for _, e := range entry.Events {
			switch e.(type) {
			case Took, Touched:
				if gone[i] {
					continue
				}
			case Returned:
				continue
			}
			l = Apply(l, e, entry.At)
		}
	}
	return Returned{Lead: absorbed, Facts: l.Facts, Private: l.Private, Touches: l.Touches, Signals: l.Signals}
}
