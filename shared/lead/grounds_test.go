package lead_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/lead"
)

func TestGroundsTell(t *testing.T) {
	t.Parallel()
	two := []lead.Candidate{{Rep: "amy", Figure: 3}, {Rep: "ben", Figure: 4.5}}
	for want, g := range map[string]lead.Grounds{
		"fewest turns of 6 eligible among 6":                                           {First: two, More: 4},
		"fewest turns of 2 eligible among 5 by skill, best 2: 2 at cap, 1 passed over": {Steps: []string{"skill, best 2"}, First: two, Not: []lead.Passed{{Why: "at cap", N: 2}, {Why: "passed over", N: 1}}},
		"the only one eligible among 2: 1 off shift":                                   {First: two[:1], Not: []lead.Passed{{Why: "off shift", N: 1, Reps: []string{"cai"}}}},
		"most gained of 2 eligible among 2":                                            {Of: lead.ByGain, First: two},
		"nobody eligible among 3: 3 on leave":                                          {Of: lead.ByNobody, Not: []lead.Passed{{Why: "on leave", N: 3}}},
		"nobody fits of 2 eligible among 2 by account owner (nobody)":                  {Of: lead.ByNobody, Steps: []string{"account owner (nobody)"}, More: 2},
		"the team has no reps":                                                         {Of: lead.ByNobody},
		"the team's only contact":                                                      {Of: lead.ByContact, First: two[:1]},
		"the team's contact is not one of its reps":                                    {Of: lead.ByContact},
	} {
		if got := g.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		data, err := json.Marshal(g)
		var again lead.Grounds
		if err == nil {
			err = json.Unmarshal(data, &again)
		}
		if err != nil || !reflect.DeepEqual(again, g) {
			t.Errorf("%s reads as %+v (%v)", data, again, err)
		}
	}
}

// TestChoiceKeepsAReasonOnce: what the grounds tell is not kept as a text too;
// anything else is.
func TestChoiceKeepsAReasonOnce(t *testing.T) {
	t.Parallel()
	grounds := &lead.Grounds{First: []lead.Candidate{{Rep: "amy"}}}
	for why, kept := range map[string]string{grounds.String(): "", "only amy": "only amy"} {
		e := played(t, lead.Choice{Rule: "r", Team: "young", Rep: "amy", Why: why, Grounds: grounds})
		if e.Why != kept || e.Reason() != why {
			t.Errorf("of %q is kept %q and told %q", why, e.Why, e.Reason())
		}
	}
	if e := (lead.Offered{Why: "by hand"}); e.Reason() != "by hand" {
		t.Errorf("told %q", e.Reason())
	}
}

func played(t *testing.T, c lead.Choice) lead.Offered {
	t.Helper()
	events, err := lead.Decide(lead.Lead{ID: "l", State: lead.StateRouting}, lead.Route{Choice: c}, lead.Rules{MaxOffers: 2}, monday)
	if err != nil {
		t.Fatal(err)
	}
	return events[0].(lead.Offered)
}

func TestGroundsReadBack(t *testing.T) {
	t.Parallel()
	id := rapid.StringMatching(`[a-z0-9][a-z0-9._-]{0,47}`)
	rapid.Check(t, func(t *rapid.T) {
		want := lead.Grounds{
			First: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Candidate {
				return lead.Candidate{Rep: id.Draw(t, "rep"), Figure: float64(rapid.IntRange(-1e6, 1e6).Draw(t, "figure")) / 100}
			}), 1, 5).Draw(t, "first"),
			Not: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Passed {
				return lead.Passed{Why: rapid.SampledFrom([]string{"at cap", "had it before", "inactive"}).Draw(t, "why"), N: rapid.IntRange(1, 500).Draw(t, "n"),
					Reps: rapid.SliceOfN(id, 1, 6).Draw(t, "reps")}
			}), 1, 5).Draw(t, "not"),
		}
		data, err := json.Marshal(want)
		var got lead.Grounds
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s reads as %+v (%v)", data, got, err)
		}
	})
}

func FuzzGrounds(f *testing.F) {
	f.Add(`{"by":["skill"],"of":"gain","first":["amy 12.5"],"not":["3 at cap: ben cai","1 inactive"]}`)
	f.Add(`{"first":["amy","  ","x NaN"],"not":["-1",":",""]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var g lead.Grounds
		if json.Unmarshal([]byte(text), &g) == nil {
			_ = g.String()
		}
	})
}
