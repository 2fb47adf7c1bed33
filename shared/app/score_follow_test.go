package app_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/score"
)

// TestScoreFollows leads leads through anything: whose deadline comes nearer is scored
// anew, for a walk over all leads may be past it; and whatever changes how a lead ended
// is told.
func TestScoreFollows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules, now := limits(t), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var l lead.Lead
		l.ID = "l1"
		var history []lead.Entry
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour, 9 * time.Hour, 30 * time.Hour, 9 * 24 * time.Hour}).Draw(t, "pause"))
			by, commands := lead.System("test"), drawn(t, l, now)
			if _, ok := commands[0].(lead.Expire); ok {
				by = lead.System("sweep")
			}
			after, entry, err := lead.Run(l, by, rules, now, commands...)
			if err != nil || len(entry.Events) == 0 {
				continue
			}
			was := score.OutcomeOf(history, time.UTC)
			history = append(history, entry)
			is := score.OutcomeOf(history, time.UTC)
			order := app.Follows(entry).Score
			if (was.Won != is.Won || was.Closed.IsZero() != is.Closed.IsZero()) && (order == nil || !order.Over) {
				t.Fatalf("nobody is told how the lead ended after %+v", entry.Events)
			}
			nearer := l.Deadline != nil && after.Deadline != nil && after.Deadline.At.Before(l.Deadline.At)
			_, enquired := commands[0].(lead.Touch) // intake scores it at once
			if nearer && !enquired && after.State != lead.StateConverted && !scoredIn(entry) && (order == nil || order.Cause == "") {
				t.Fatalf("a walk may miss a lead after %+v", entry.Events)
			}
			l = after
		}
	})
}

// TestScoreAfter: which entries lead to an order, and to which.
func TestScoreAfter(t *testing.T) {
	t.Parallel()
	due, closed, sweep := lead.Due{At: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)}, lead.Due{}, lead.System("sweep")
	said := func(cause string) *app.ScoreOrder { return &app.ScoreOrder{Leads: []string{"l1"}, Cause: cause} }
	quiet := &app.ScoreOrder{Leads: []string{"l1"}, Cause: "acted on", Quiet: true}
	over := &app.ScoreOrder{Leads: []string{"l1"}, Over: true}
	reply, talk := lead.Logged{Inbound: true}, lead.Called{Outcome: lead.Talked}
	for name, c := range map[string]struct {
		by     lead.Actor
		events []lead.Event
		want   *app.ScoreOrder
	}{
		"nothing":                     {},
		"new, with its score":         {events: []lead.Event{lead.Captured{}, lead.Scored{}, lead.Offered{}, due}},
		"enquired again":              {events: []lead.Event{lead.Touched{}, lead.Scored{}, due}},
		"signals":                     {events: []lead.Event{lead.Engaged{}}, want: said("signals")},
		"signals and their score":     {events: []lead.Event{lead.Engaged{}, lead.Scored{}}},
		"a reply":                     {events: []lead.Event{reply, due}, want: said("reply")},
		"a reply, due before":         {events: []lead.Event{due, reply}, want: said("reply")},
		"a call to them":              {events: []lead.Event{lead.Logged{Way: lead.WayCall}, due}, want: quiet},
		"a call that nothing follows": {events: []lead.Event{lead.Logged{Way: lead.WayCall}}, want: quiet},
		"they talked":                 {events: []lead.Event{talk}, want: said("talk")},
		"they are interested":         {events: []lead.Event{lead.Called{Outcome: lead.Interested}, due}, want: said("talk")},
		"nobody answered":             {events: []lead.Event{lead.Called{Outcome: lead.NoAnswer}}},
		"they talked, scored":         {events: []lead.Event{talk, lead.Scored{}, due}},
		"claimed":                     {events: []lead.Event{lead.Claimed{Rep: "amy"}, due}, want: quiet},
		"reminded":                    {by: sweep, events: []lead.Event{lead.Reminded{}, due}},
		"an offer that expired":       {by: sweep, events: []lead.Event{lead.Expired{}, lead.Ended{}, lead.Woken{}, due}},
		"lost":                        {events: []lead.Event{lead.Ended{}, lead.Closed{}, closed}, want: over},
		"converted":                   {events: []lead.Event{lead.Converted{}, lead.Ended{}, due}, want: over},
		"handed over":                 {events: []lead.Event{lead.HandedOver{}, closed}, want: over},
		"retired":                     {by: sweep, events: []lead.Event{lead.Swept{Did: lead.DidRetire}, closed}, want: over},
		"looked at":                   {by: sweep, events: []lead.Event{lead.Swept{Did: lead.DidTouch}, due}},
		"open again":                  {events: []lead.Event{lead.Touched{}, lead.Woken{}, lead.Scored{}, due}, want: over},
		"awake":                       {by: sweep, events: []lead.Event{lead.Swept{Did: lead.DidRoute}, lead.Woken{}, lead.Scored{}, due}},
		"merged":                      {events: []lead.Event{lead.Absorbed{Into: "l2"}, closed}},
		"tagged":                      {events: []lead.Event{lead.Tagged{}}},
	} {
		got := app.Follows(lead.Entry{Lead: "l1", Version: 3, By: c.by, Events: c.events}).Score
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: the order is %+v, want %+v", name, got, c.want)
		}
	}
}

func scoredIn(entry lead.Entry) bool {
	for _, e := range entry.Events {
		if _, ok := e.(lead.Scored); ok {
			return true
		}
	}
	return false
}

// limits are rules with spans of any length.
func limits(t *rapid.T) lead.Rules {
	any := func(name string) time.Duration {
		return rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 5 * time.Hour, 26 * time.Hour, 9 * 24 * time.Hour, 40 * 24 * time.Hour}).Draw(t, name)
	}
	r := lead.Rules{Policy: 1, New: time.Minute, Routing: time.Minute, Wait: any("wait"), Accept: lead.Span{Time: any("accept")}, Triage: lead.Span{Time: any("triage")},
		Verify: lead.Span{Time: any("verify")}, Manager: any("manager"), Nurture: any("nurture"), Hold: any("hold"), HoldMost: any("hold most"), List: any("list"), Handoff: any("handoff"),
		Protect: 60 * 24 * time.Hour, Extend: any("extend"), Most: 90 * 24 * time.Hour, CoolOff: time.Hour, Zombie: any("zombie"), Note: lead.Span{Time: any("note")},
		Log: 24 * time.Hour, Warn: []time.Duration{time.Hour}, Sweep: any("sweep"), MaxOffers: 3, Pool: "open",
		FirstContact: map[lead.Grade]lead.Span{}, Cadence: map[lead.Grade]lead.Span{}}
	for _, g := range lead.Grades {
		r.FirstContact[g], r.Cadence[g] = lead.Span{Time: any("first")}, lead.Span{Time: any("cadence")}
	}
	return r
}

// drawn are commands that somebody may give about a lead at a moment.
func drawn(t *rapid.T, l lead.Lead, now time.Time) []lead.Command {
	if l.State == "" {
		return []lead.Command{lead.Capture{Person: "p1", Product: "sofa", Submission: "s1"}, lead.Score{Fit: 10, Grade: lead.GradeB}}
	}
	rep := l.Owner()
	step := now.Add(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 50 * time.Hour, 20 * 24 * time.Hour}).Draw(t, "step"))
	grade := rapid.SampledFrom(append([]lead.Grade{""}, lead.Grades...)).Draw(t, "grade")
	way := rapid.SampledFrom([]string{lead.WayNote, lead.WayCall, lead.WayMeeting}).Draw(t, "way")
	return []lead.Command{rapid.SampledFrom([]lead.Command{
		lead.Touch{}, lead.Touch{Listed: true}, lead.Withhold{Team: "red"}, lead.Verify{}, lead.Ask{Of: []string{"atlas"}}, lead.Enrich{By: "atlas"},
		lead.Absorb{Into: "l2", Person: "p2"}, lead.Take{Lead: "l3", Touches: 1}, lead.Restore{Why: "two persons"}, lead.Restore{Rep: "amy", Why: "two persons"},
		lead.Engage{Signals: []lead.Signal{{Kind: lead.SignalOpen, ID: "m1", At: now, Sure: 80}}},
		lead.Route{Choice: lead.Choice{Team: "red", Rep: "amy"}}, lead.Route{Choice: lead.Choice{Team: "red", Rep: "ben"}}, lead.Route{Choice: lead.Choice{Team: "red"}},
		lead.Route{Choice: lead.Choice{Team: "red", Pool: "open"}}, lead.Route{Choice: lead.Choice{Nurture: true}}, lead.Route{Choice: lead.Choice{Team: "red", Wait: step}},
		lead.Accept{Rep: rep}, lead.Accept{Rep: rep}, lead.Reject{Rep: rep, Reason: "language"}, lead.Release{Rep: rep, Reason: "time"},
		lead.Log{Rep: rep, Activity: lead.Logged{Way: way, Seconds: 90}}, lead.Log{Rep: rep, Activity: lead.Logged{Way: way, StepAt: step, Grade: grade}},
		lead.Log{Rep: rep, Activity: lead.Logged{Way: way, Inbound: true}}, lead.Log{Rep: rep, Activity: lead.Logged{Way: way, Grade: grade}},
		lead.Claim{Rep: "cai", Team: "red"}, lead.Hold{Rep: rep, Reason: "spring"}, lead.Recycle{Rep: rep, Reason: "early"}, lead.Recycle{Reason: "early"},
		lead.Close{Rep: rep, As: lead.StateLost, Reason: "price"}, lead.Close{As: lead.StateJunk, Reason: "spam"}, lead.Convert{Rep: rep}, lead.Confirm{},
		lead.Assign{Rep: "dan", Team: "red"}, lead.Qualify{Rep: rep, Verdict: "field"}, lead.Move{Rep: "eva", Team: "red", Why: "ill"}, lead.Move{Pool: "other", Why: "ill"},
		lead.Move{Anew: true, Why: "ill"}, lead.Extend{Rep: rep, Reason: "near"}, lead.Deal{Rep: rep, Open: true}, lead.Deal{Rep: rep}, lead.Reveal{Rep: "amy"},
		lead.Tag{Add: []string{"fair"}}, lead.OptOut{}, lead.Look{Did: lead.DidTouch, Pool: l.Pool}, lead.Look{Did: lead.DidRetire, Pool: l.Pool, Why: "old"},
		lead.Look{Did: lead.DidList, Pool: l.Pool, List: "spring"}, lead.Look{Did: lead.DidRoute, Pool: l.Pool}, lead.Dial{List: "spring", Hand: "h1"},
		lead.Call{List: "spring", Outcome: lead.Talked}, lead.Call{List: "spring", Outcome: lead.NoAnswer}, lead.Nudge{}, lead.Expire{}, lead.Expire{}, lead.Expire{},
	}).Draw(t, "command")}
}
