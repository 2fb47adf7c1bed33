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
		"into pool sea: no update for a long time":                    lead.Pooled{Pool: "sea", Why: "no update for a long time"},
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
