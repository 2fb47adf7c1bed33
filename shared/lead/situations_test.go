package lead_test

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

// Ann has the lead where somebody has it, Bo had it before, Cy never had it.
const ann, bo, cy = "ann", "bo", "cy"

// situation is a lead in a state, with how it came there.
type situation struct {
	state lead.State
	title string
	life  func(*testing.T) *life
}

func situations() []situation {
	afterBo := func(t *testing.T) *life { return offered(t, bo).lapse(t) }
	inPool := func(t *testing.T) *life { return working(t, bo).must(t, lead.Release{Rep: bo, Reason: "too far away"}) }
	deal := lead.Deal{Rep: ann, Open: true, Value: lead.Money{Amount: 120000, Currency: "CNY"}}
	hold := lead.Hold{Rep: ann, Reason: "after the holidays"}
	// after plays commands on a lead that Ann works.
	after := func(commands ...lead.Command) func(*testing.T) *life {
		return func(t *testing.T) *life { return working(t, ann).must(t, commands...) }
	}
	// due lets so many deadlines pass as well.
	due := func(n int, start func(*testing.T) *life) func(*testing.T) *life {
		return func(t *testing.T) *life {
			l := start(t)
			for range n {
				l.expire(t)
			}
			return l
		}
	}
	return []situation{
		{"", "no lead yet", func(*testing.T) *life { return newLife() }},
		{lead.StateNew, "new", captured},
		{lead.StateUnverified, "unverified: it came from a list", fromList},
		{lead.StateUnverified, "unverified: it came from a list, and the manager was told", due(1, fromList)},
		{lead.StateRouting, "routing: Bo let the first offer pass", afterBo},
		{lead.StateRouting, "routing: Bo had it and missed the first follow-up", func(t *testing.T) *life { return working(t, bo).lapse(t) }},
		{lead.StateRouting, "routing: nobody was on shift, it waits for tomorrow", waiting},
		{lead.StateRouting, "routing: Bo let the first offer pass, it waits for tomorrow", func(t *testing.T) *life { return afterBo(t).must(t, waitFor(monday.Add(day))) }},
		{lead.StateOffered, "offered to Ann, the first to get it", func(t *testing.T) *life { return offered(t, ann) }},
		{lead.StateOffered, "offered to Ann, and she was reminded", due(1, func(t *testing.T) *life { return offered(t, ann) })},
		{lead.StateOffered, "offered to Ann after Bo let the first offer pass, and she was reminded", due(1, func(t *testing.T) *life { return afterBo(t).must(t, toRep(ann)) })},
		{lead.StateOffered, "offered to Ann after Bo and Di let it pass, and she was reminded", due(1, func(t *testing.T) *life {
			return afterBo(t).must(t, toRep("di")).lapse(t).must(t, toRep(ann))
		})},
		{lead.StateOffered, "offered to Ann for her class, and she was reminded", due(1, func(t *testing.T) *life { return captured(t).must(t, ofClass(ann)) })},
		{lead.StateTriage, "triage: Bo rejected it", func(t *testing.T) *life {
			return offered(t, bo).must(t, lead.Reject{Rep: bo, Reason: "speaks Spanish"})
		}},
		{lead.StateTriage, "triage: Bo rejected it, and the manager was told", due(1, func(t *testing.T) *life {
			return offered(t, bo).must(t, lead.Reject{Rep: bo, Reason: "speaks Spanish"})
		})},
		{lead.StateWorking, "working: Ann accepted", after()},
		{lead.StateWorking, "working: Ann accepted and was reminded", due(1, after())},
		{lead.StateWorking, "working: Ann accepted, was reminded, and the manager was told", due(2, after())},
		{lead.StateWorking, "working: Ann accepted after Bo and Di let it pass, and was reminded twice", due(2, func(t *testing.T) *life {
			return afterBo(t).must(t, toRep("di")).lapse(t).must(t, toRep(ann), lead.Accept{Rep: ann})
		})},
		{lead.StateWorking, "working: Ann called, nobody answered", after(note(ann))},
		{lead.StateWorking, "working: Ann called and plans a visit in 5 days", after(plan(ann, monday.Add(5*day)))},
		{lead.StateWorking, "working: Ann called, and was reminded of the next call", due(1, after(call(ann)))},
		{lead.StateWorking, "working: Ann called and got more time", after(call(ann), lead.Extend{Rep: ann, Reason: "budget in May"})},
		{lead.StateWorking, "working: Ann has an open deal, and was reminded", due(1, after(call(ann), deal))},
		{lead.StateWorking, "working: Ann has an open deal, was reminded, and the manager was told", due(2, after(call(ann), deal))},
		{lead.StateWorking, "working: Ann has it for her class, and was reminded", due(1, func(t *testing.T) *life {
			return captured(t).must(t, ofClass(ann), lead.Accept{Rep: ann})
		})},
		{lead.StatePaused, "paused: Ann's customer said not now", after(hold)},
		{lead.StatePaused, "paused: Ann's customer said not now and was touched lightly", due(1, after(hold))},
		{lead.StatePaused, "paused: Ann's customer said not now 90 days ago, and she was reminded", due(4, after(hold))},
		{lead.StatePaused, "paused: Ann's customer said not now, with an open deal", after(deal, hold)},
		{lead.StateNurturing, "nurturing: Bo found it not ripe", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Recycle{Rep: bo, Reason: "no budget this year"})
		}},
		{lead.StatePooled, "pooled: Bo released it", inPool},
		{lead.StatePooled, "pooled: Bo released it, and the sweep put it on a call list", func(t *testing.T) *life {
			l := inPool(t)
			l.now = l.lead.Deadline.At
			return l.must(t, lead.Look{Did: lead.DidList, List: "spring"})
		}},
		{lead.StatePooled, "pooled: just come into a pool with a freeze", func(t *testing.T) *life {
			return captured(t).must(t, lead.Route{Choice: lead.Choice{Pool: "cold"}})
		}},
		{lead.StateConverted, "converted by Bo", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Convert{Rep: bo, Value: lead.Money{Amount: 120000, Currency: "CNY"}, Order: "o-1"})
		}},
		{lead.StateCustomer, "customer", func(t *testing.T) *life {
			return working(t, bo).must(t, lead.Convert{Rep: bo}, lead.Confirm{})
		}},
		{lead.StateJunk, "junk", func(t *testing.T) *life { return closed(t, lead.StateJunk) }},
		{lead.StateLost, "lost", func(t *testing.T) *life { return closed(t, lead.StateLost) }},
		{lead.StateUnreachable, "unreachable", func(t *testing.T) *life { return closed(t, lead.StateUnreachable) }},
		{lead.StateArchived, "archived by the sweep", func(t *testing.T) *life {
			l := inPool(t)
			l.now = l.lead.Deadline.At
			return l.must(t, lead.Look{Did: lead.DidRetire, Why: "known for 2 years"})
		}},
		{lead.StateMerged, "merged: Ann worked it before", func(t *testing.T) *life { return absorbed(t, working(t, ann)) }},
		{lead.StateMerged, "merged: it was offered to Ann before", func(t *testing.T) *life { return absorbed(t, offered(t, ann)) }},
		{lead.StateMerged, "merged: it was pooled before", func(t *testing.T) *life { return absorbed(t, inPool(t)) }},
		{lead.StateMerged, "merged: nobody had verified it", func(t *testing.T) *life { return absorbed(t, fromList(t)) }},
		{lead.StateMerged, "merged: it waited for tomorrow", func(t *testing.T) *life { return absorbed(t, waiting(t)) }},
	}
}

// moveTo is a manager's move with its reason.
func moveTo(m lead.Move) lead.Command {
	m.Why = "Ann is ill"
	return m
}

func closed(t *testing.T, as lead.State) *life {
	t.Helper()
	return working(t, bo).must(t, lead.Close{Rep: bo, As: as, Reason: "as agreed"})
}

// attempt is a command as a person would put it.
type attempt struct {
	title   string
	command lead.Command
}

func attempts() []attempt {
	choose := func(c lead.Choice) lead.Command { return lead.Route{Choice: c} }
	shut := func(rep string, as lead.State) lead.Command {
		return lead.Close{Rep: rep, As: as, Reason: "as agreed"}
	}
	called := func(a lead.Answer) lead.Command { return lead.Call{List: "spring", Call: "c-1", Outcome: a} }
	return []attempt{
		{"a first enquiry", capture()},
		{"another enquiry", touch()},
		{"on a list once more", listed()},
		{"left to the cleansing team", lead.Withhold{Team: "cleansing"}},
		{"verified", lead.Verify{}},
		{"enrichers are asked", lead.Ask{Of: []string{"atlas"}}},
		{"an enricher not asked", lead.Enrich{By: "atlas"}},
		{"its person is another's part", lead.Join{Person: "p2"}},
		{"merged into another lead", lead.Absorb{Into: "l2", Person: "p2"}},
		{"takes over another lead", lead.Take{Lead: "l2", Touches: 2}},
		{"merge undone, back to Ann", lead.Restore{Rep: ann, Why: "two persons after all"}},
		{"merge undone, Ann has left", lead.Restore{Why: "two persons after all"}},
		{"merge undone, for Cy", lead.Restore{Rep: cy, Why: "two persons after all"}},
		{"signals of interest", lead.Engage{Signals: signals()[1:]}},
		{"signals told to come", lead.Engage{Signals: []lead.Signal{{Kind: lead.SignalVisit, ID: "p-2", At: monday.Add(1000 * day), Sure: 100}}}},
		{"scored better", lead.Score{Fit: 95, Grade: lead.GradeAPlus}},
		{"scored: it is ripe", lead.Score{Fit: 80, Behaviour: 60, Grade: lead.GradeA, Maturity: lead.Hot, Cause: "download"}},
		{"routed to Cy", toRep(cy)},
		{"routed to Bo", toRep(bo)},
		{"routed: nobody eligible", choose(lead.Choice{Team: "inside", Why: "nobody is on shift"})},
		{"routed to a pool", choose(lead.Choice{Pool: "cold", Why: "grade D"})},
		{"routed to nurturing", choose(lead.Choice{Nurture: true, Why: "grade C"})},
		{"routed: waits for tomorrow", waitFor(monday.Add(day))},
		{"routed: waits till Friday", waitFor(monday.Add(4 * day))},
		{"routed: waits for the past", waitFor(monday.Add(-time.Second))},
		{"Ann accepts", lead.Accept{Rep: ann}},
		{"Cy accepts", lead.Accept{Rep: cy}},
		{"Ann rejects", lead.Reject{Rep: ann, Reason: "wrong product"}},
		{"Ann rejects, no reason", lead.Reject{Rep: ann}},
		{"Ann logs a call", call(ann)},
		{"Ann's call is not answered", note(ann)},
		{"Cy logs a call", call(cy)},
		{"Ann asks for more time", lead.Extend{Rep: ann, Reason: "budget in May"}},
		{"manager gives more time", lead.Extend{Reason: "budget in May"}},
		{"Cy asks for more time", lead.Extend{Rep: cy, Reason: "budget in May"}},
		{"Ann opens a deal", lead.Deal{Rep: ann, Open: true}},
		{"Ann closes the deal", lead.Deal{Rep: ann}},
		{"Cy opens a deal", lead.Deal{Rep: cy, Open: true}},
		{"Ann releases it", lead.Release{Rep: ann, Reason: "on leave"}},
		{"Ann puts it on hold", lead.Hold{Rep: ann, Reason: "after the holidays"}},
		{"Ann recycles it", lead.Recycle{Rep: ann, Reason: "no budget this year"}},
		{"Ann closes it as junk", shut(ann, lead.StateJunk)},
		{"Ann closes it as lost", shut(ann, lead.StateLost)},
		{"Ann finds nobody there", shut(ann, lead.StateUnreachable)},
		{"Ann converts it", lead.Convert{Rep: ann, Value: lead.Money{Amount: 120000, Currency: "CNY"}}},
		{"Cy converts it", lead.Convert{Rep: cy}},
		{"Ann qualifies it", lead.Qualify{Rep: ann, Verdict: "enterprise"}},
		{"Ann qualifies it, no verdict", lead.Qualify{Rep: ann}},
		{"Cy qualifies it", lead.Qualify{Rep: cy, Verdict: "enterprise"}},
		{"Cy looks at the number", lead.Reveal{Rep: cy}},
		{"Cy claims it", lead.Claim{Rep: cy, Team: "inside"}},
		{"Bo claims it", lead.Claim{Rep: bo, Team: "inside"}},
		{"dispatcher gives it to Cy", lead.Assign{Rep: cy}},
		{"dispatcher gives it to Bo", lead.Assign{Rep: bo}},
		{"dispatcher recycles it", lead.Recycle{Reason: "no budget this year"}},
		{"dispatcher junks it", shut("", lead.StateJunk)},
		{"dispatcher calls it lost", shut("", lead.StateLost)},
		{"manager moves it to Ann", moveTo(lead.Move{Rep: ann, Team: "field"})},
		{"manager moves it to Bo", moveTo(lead.Move{Rep: bo, Team: "field"})},
		{"manager moves it to Cy", moveTo(lead.Move{Rep: cy, Team: "field"})},
		{"manager moves it to sea", moveTo(lead.Move{Pool: "sea"})},
		{"manager moves it to cold", moveTo(lead.Move{Pool: "cold", Team: "field"})},
		{"manager has it routed anew", moveTo(lead.Move{Anew: true})},
		{"somebody tags it", lead.Tag{Add: []string{"trade-fair"}}},
		{"the person opts out", lead.OptOut{}},
		{"the dialler takes it", lead.Dial{List: "spring", Hand: "h-1"}},
		{"called: interested", called(lead.Interested)},
		{"called: not interested", called(lead.NotInterested)},
		{"called: do not call", called(lead.DoNotCall)},
		{"called: wrong number", called(lead.WrongNumber)},
		{"success team confirms", lead.Confirm{}},
		{"swept before its turn", lead.Look{Did: lead.DidTouch}},
		{"touched lightly too soon", lead.Nudge{}},
		{"time is not up yet", lead.Expire{}},
	}
}

// onTime are the commands by which the system acts when a deadline has passed.
func onTime(duty lead.Duty) []attempt {
	switch duty {
	case lead.DutyNudge:
		return []attempt{
			{"touched lightly in time", lead.Nudge{}},
			{"the light touch is skipped", lead.Nudge{Skipped: "opted out"}},
		}
	case lead.DutySweep:
		return []attempt{
			{"swept: held out", lead.Look{Did: lead.DidHold}},
			{"swept: to be routed", lead.Look{Did: lead.DidRoute, Why: "grade A"}},
			{"swept: on a call list", lead.Look{Did: lead.DidList, List: "autumn"}},
			{"swept: written to", lead.Look{Did: lead.DidTouch}},
			{"swept: left in peace", lead.Look{Did: lead.DidRest, Why: "quiet hours"}},
			{"swept: too old", lead.Look{Did: lead.DidRetire, Why: "known for 2 years"}},
		}
	}
	return nil
}
