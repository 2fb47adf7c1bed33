package lead_test

import (
	"encoding/json"
	"testing"
	"time"

	"sluice/shared/lead"
)

// monday is when the leads of these tests begin.
var monday = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// rules are the defaults of the sample policy in round figures.
func rules() lead.Rules {
	return lead.Rules{
		Policy: 1,
		New:    2 * time.Minute, Routing: 2 * time.Minute, Accept: lead.Span{Time: time.Hour},
		Triage: lead.Span{Time: 4 * time.Hour}, Verify: lead.Span{Days: 3}, Manager: 8 * time.Hour, Handoff: day,
		Nurture: 14 * day, Hold: 30 * day, HoldMost: 90 * day, List: 3 * day, Sweep: 7 * day,
		Protect: 30 * day, Extend: 30 * day, Most: 60 * day, Zombie: 7 * day, Note: lead.Span{Days: 1}, Log: day, Talk: 30 * time.Second,
		Near: 500, Warn: []time.Duration{day, 4 * time.Hour}, CoolOff: 30 * day, StepGrace: day, MaxOffers: 3,
		FirstContact: map[lead.Grade]lead.Span{
			lead.GradeAPlus: {Time: 30 * time.Minute}, lead.GradeA: {Time: time.Hour}, lead.GradeB: {Time: 4 * time.Hour},
			lead.GradeC: {Days: 1}, lead.GradeD: {Days: 2},
		},
		Cadence: map[lead.Grade]lead.Span{
			lead.GradeAPlus: {Days: 1}, lead.GradeA: {Days: 2}, lead.GradeB: {Days: 5}, lead.GradeC: {Days: 10}, lead.GradeD: {Days: 15},
		},
		Ladder: map[lead.Grade]bool{lead.GradeAPlus: true, lead.GradeA: true, lead.GradeB: true},
		Pool:   "sea",
		Pools:  map[string]lead.Resting{"cold": {Cycle: 30 * day, Freeze: 3 * day}},
	}
}

// life is a lead with its history under one policy, on a clock of its own.
type life struct {
	lead    lead.Lead
	history []lead.Entry
	rules   lead.Rules
	now     time.Time
}

func newLife() *life {
	return &life{lead: lead.Lead{ID: "l1"}, rules: rules(), now: monday}
}

// do runs commands as one entry. The lead stays as it was where they are refused.
func (l *life) do(commands ...lead.Command) error {
	after, entry, err := lead.Run(l.lead, lead.System("test"), l.rules, l.now, commands...)
	if err != nil {
		return err
	}
	if len(entry.Events) > 0 {
		l.lead, l.history = after, append(l.history, entry)
	}
	return nil
}

// must plays commands one entry after the other.
func (l *life) must(t *testing.T, commands ...lead.Command) *life {
	t.Helper()
	for _, c := range commands {
		if err := l.do(c); err != nil {
			t.Fatalf("%T on a lead in %q: %v", c, l.lead.State, err)
		}
	}
	return l
}

// wait moves the clock.
func (l *life) wait(d time.Duration) *life {
	l.now = l.now.Add(d)
	return l
}

// expire lets the deadline pass and acts on it.
func (l *life) expire(t *testing.T) *life {
	t.Helper()
	l.now = l.lead.Deadline.At
	switch l.lead.Deadline.Do {
	case lead.DutyNudge:
		return l.must(t, lead.Nudge{})
	case lead.DutySweep:
		return l.must(t, lead.Look{Did: lead.DidRest})
	}
	return l.must(t, lead.Expire{})
}

// lapse lets deadlines pass until the rep has lost the lead.
func (l *life) lapse(t *testing.T) *life {
	t.Helper()
	for l.lead.Owner() != "" {
		l.expire(t)
	}
	return l
}

// call is a call that connected, note one that did not.
func call(rep string) lead.Log {
	return lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayCall, Seconds: 90}}
}

func note(rep string) lead.Log { return lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayCall}} }

// plan is a call in which the next step was planned.
func plan(rep string, at time.Time) lead.Log {
	return lead.Log{Rep: rep, Activity: lead.Logged{Way: lead.WayCall, Seconds: 90, StepAt: at}}
}

// ofClass is a choice of a rep of a class, with which the lead stays.
func ofClass(rep string) lead.Route {
	r := toRep(rep)
	r.Choice.Cohort = "robots saturday"
	return r
}

// captured is a lead with grade A, not yet routed.
func captured(t *testing.T) *life {
	t.Helper()
	return newLife().must(t, capture(), lead.Score{Fit: 80, Grade: lead.GradeA, Reasons: []string{"budget is set"}})
}

func offered(t *testing.T, rep string) *life {
	t.Helper()
	return captured(t).must(t, toRep(rep))
}

func working(t *testing.T, rep string) *life {
	t.Helper()
	return offered(t, rep).must(t, lead.Accept{Rep: rep})
}

// waiting is a lead for which nobody is on shift until tomorrow.
func waiting(t *testing.T) *life {
	t.Helper()
	return captured(t).must(t, waitFor(monday.Add(day)))
}

func capture() lead.Capture {
	return lead.Capture{
		Number: "SL-26-000001", Person: "p1", Product: "robots", Submission: "s1",
		Facts: lead.Facts{Product: "robots", Form: "trial", Campaign: "spring", Channel: "website", HasPhone: true,
			Answers: map[string]any{"age": 7.0}},
		Private: lead.Sealed("budget"),
	}
}

// fromList is a lead from a list, with grade A, that nobody has verified yet.
func fromList(t *testing.T) *life {
	t.Helper()
	return newLife().must(t, capture(), lead.Withhold{Team: "cleansing"}, lead.Score{Fit: 80, Grade: lead.GradeA, Reasons: []string{"budget is set"}})
}

// absorbed is a lead whose person was merged into another one with a lead of the
// same product.
func absorbed(t *testing.T, l *life) *life {
	t.Helper()
	return l.must(t, lead.Absorb{Into: "l2", Person: "p2"})
}

// listed is a touch by a list.
func listed() lead.Touch {
	c := touch()
	c.Listed, c.Facts.Channel, c.Facts.Country = true, "purchased", "CN"
	return c
}

func touch() lead.Touch {
	return lead.Touch{Submission: "s2", Facts: lead.Facts{Form: "fair", Campaign: "autumn", Channel: "exhibition",
		HasEmail: true, Answers: map[string]any{"city": "Suzhou"}}}
}

func toRep(rep string) lead.Route {
	return lead.Route{Choice: lead.Choice{Rule: "everything", Team: "inside", Rep: rep, Why: "fewest turns"}}
}

func waitFor(shift time.Time) lead.Route {
	return lead.Route{Choice: lead.Choice{Rule: "everything", Team: "inside", Wait: shift, Why: "nobody is on shift"}}
}

func text(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
