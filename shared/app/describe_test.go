package app_test

import (
	"strings"
	"testing"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// TestDescribe tells what a mail to a rep says of what happened so far, and leaves
// out what is of no interest there.
func TestDescribe(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]lead.Event{
		"protection extended: budget is near":                         lead.Extended{Reason: "budget is near"},
		"deal opened":                                                 lead.Dealt{Open: true},
		"deal closed":                                                 lead.Dealt{},
		"light touch sent":                                            lead.Nudged{},
		"opted out of being contacted":                                lead.OptedOut{},
		"called from list spring: wrong number":                       lead.Called{List: "spring", Outcome: lead.WrongNumber},
		"followed up by call":                                         lead.Logged{Way: "call"},
		"came back to us by mail":                                     lead.Logged{Way: "mail", Inbound: true},
		"looked at in the pool":                                       lead.Swept{Did: lead.DidRest},
		"re-activation message sent":                                  lead.Swept{Did: lead.DidTouch},
		"put on the call list spring":                                 lead.Swept{Did: lead.DidList, List: "spring"},
		"offered to amy by hand":                                      lead.Offered{Rep: "amy", How: lead.ByHand},
		"taken back: not followed up in time":                         lead.Expired{Duty: lead.DutyReclaim},
		"from a list: to be verified by team care":                    lead.Unverified{Team: "care"},
		"verified: real, and in need of it":                           lead.Verified{},
		"firmbook told: city, industry":                               lead.Enriched{By: "firmbook", Facts: lead.Facts{Industry: "toys", City: "Ulm"}},
		"its person was found to be another one, who goes on with it": lead.Joined{},
		"its person's own again: the merge was undone":                lead.Joined{Undone: true},
		"merged into another lead of the same person":                 lead.Absorbed{Into: "l1"},
		"took over another lead of the same person":                   lead.Took{Lead: "l1"},
		"a lead of its own again: the merge was undone":               lead.Restored{Why: "the merge was undone"},
		"gave back what came from another lead: the merge was undone": lead.Returned{Lead: "l1"},
		"found on a list again: form fair":                            lead.Touched{Listed: true, Facts: lead.Facts{Form: "fair"}},
		"graded A, warm (fit 65, behaviour 25)":                       lead.Scored{Grade: "A", Maturity: lead.Warm, Fit: 65, Behaviour: 25},
		"graded C (fit 0, behaviour 0)":                               lead.Scored{Grade: "C"},
		"graded A, hot (fit 65, behaviour 25, chance 12.3 %)":         lead.Scored{Grade: "A", Maturity: lead.Hot, Fit: 65, Behaviour: 25, Chance: 1234, Model: 2},
		"grade B → A, behaviour 25 → 47: signals": lead.Scored{Grade: "A", Maturity: lead.Warm, Fit: 65, Behaviour: 47, Cause: "signals",
			Was: &lead.Standing{Grade: "B", Maturity: lead.Warm, Fit: 65, Behaviour: 25}},
		"maturity warm → hot, fit 65 → 70, chance none → 40.0 %: policy 3, model 1": lead.Scored{Grade: "A", Maturity: lead.Hot, Fit: 70, Chance: 4000, Model: 1, Cause: "policy 3, model 1",
			Was: &lead.Standing{Grade: "A", Maturity: lead.Warm, Fit: 65}},
		"scored anew, to the same": lead.Scored{Grade: "A", Model: 2, Was: &lead.Standing{Grade: "A"}},
		"signals of interest: click, 2 × download": lead.Engaged{Signals: []lead.Signal{
			{Kind: lead.SignalDownload, ID: "a"}, {Kind: lead.SignalClick, ID: "a"}, {Kind: lead.SignalDownload, ID: "b"}}},
		"into pool sea: no update for a long time": lead.Pooled{Pool: "sea", Why: "no update for a long time"},
	} {
		if got := app.Describe(e); got != want {
			t.Errorf("%T is told as %q, want %q", e, got, want)
		}
	}
	for _, e := range []lead.Event{lead.Due{}, lead.Nudged{Skipped: "opted out"}, lead.Revealed{Rep: "amy"}, lead.Tagged{Add: []string{"fair"}}, lead.Credited{}, lead.Reminded{}, lead.Asked{Of: []string{"firmbook"}}, lead.Enriched{By: "firmbook", Failed: "no usable answer"}} {
		if got := app.Describe(e); strings.TrimSpace(got) != "" {
			t.Errorf("%T is told as %q, want nothing", e, got)
		}
	}
}
