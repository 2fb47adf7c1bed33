package score_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/lead"
	"sluice/shared/score"
)

// story is a history, an entry an hour.
func story(entries ...[]lead.Event) []lead.Entry {
	var history []lead.Entry
	for i, events := range entries {
		history = append(history, lead.Entry{Lead: "l1", Version: i + 1, At: noon.Add(time.Duration(i) * time.Hour), Events: events})
	}
	return history
}

func captured() []lead.Event {
	return []lead.Event{lead.Captured{Person: "p1", Product: "robots", Private: lead.Sealed("budget"),
		Facts: lead.Facts{Product: "robots", Channel: "website", HasEmail: true, Answers: map[string]any{"age": 7.0, "days": []any{"tue", "mon"}, "trial": true}}}}
}

func one(events ...lead.Event) []lead.Event { return events }

// TestOutcomeOf: how lives end, and when.
func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	offered, accepted := lead.Offered{Rep: "ann", Team: "inside"}, lead.Accepted{}
	called := lead.Logged{Way: lead.WayCall, Seconds: 90}
	won, lost := one(lead.Converted{}, lead.Ended{Rep: "ann"}), one(lead.Ended{Rep: "ann"}, lead.Closed{As: lead.StateLost, Reason: "price"})
	for name, c := range map[string]struct {
		history []lead.Entry
		won     bool
		closed  int // hours after the first entry; 0 for not at all
	}{
		"new":                     {story(captured()), false, 0},
		"worked":                  {story(captured(), one(offered), one(accepted), one(called)), false, 0},
		"won":                     {story(captured(), one(offered, accepted), one(called), won), true, 3},
		"won and handed over":     {story(captured(), one(offered, accepted), won, one(lead.Escalated{Team: "inside"}), one(lead.HandedOver{})), true, 2},
		"lost":                    {story(captured(), one(offered, accepted), one(called), lost), false, 3},
		"junk":                    {story(captured(), one(lead.Triaged{Team: "inside"}), one(lead.Closed{As: lead.StateJunk})), false, 2},
		"unreachable":             {story(captured(), one(offered, accepted), one(lead.Closed{As: lead.StateUnreachable})), false, 2},
		"archived":                {story(captured(), one(lead.Pooled{Pool: "sea"}), one(lead.Swept{Did: lead.DidRetire}, lead.Closed{As: lead.StateArchived})), false, 2},
		"merged":                  {story(captured(), one(lead.Absorbed{Into: "l2", Person: "p2"})), false, 0},
		"merged when it was over": {story(captured(), lost, one(lead.Absorbed{Into: "l2", Person: "p2"})), false, 0},
		"reopened":                {story(captured(), lost, one(lead.Touched{}, lead.Woken{})), false, 0},
		"reopened and won":        {story(captured(), lost, one(lead.Touched{}, lead.Woken{}), one(offered, accepted), won), true, 4},
		"reopened and lost again": {story(captured(), lost, one(lead.Touched{}, lead.Woken{}), one(offered, accepted), lost), false, 4},
		"merge undone, then lost": {story(captured(), one(lead.Absorbed{Into: "l2", Person: "p2"}), one(lead.Restored{Person: "p1"}, lead.Woken{}), lost), false, 3},
	} {
		o := score.OutcomeOf(c.history, time.UTC)
		want := time.Time{}
		if c.closed > 0 {
			want = noon.Add(time.Duration(c.closed) * time.Hour)
		}
		if o.Won != c.won || !o.Closed.Equal(want) || (len(o.Known) > 0) != (c.closed > 0) || o.Lead != "l1" || o.Version != len(c.history) || !o.Created.Equal(noon) {
			t.Errorf("%s: %+v, want won %t at %v", name, o, c.won, want)
		}
	}
	if o := score.OutcomeOf(nil, time.UTC); !reflect.DeepEqual(o, score.Outcome{}) {
		t.Errorf("of no history: %+v", o)
	}
}

// TestKnown lists what is known of a lead before the first contact, as it is kept.
func TestKnown(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("CST", 8*3600)
	o := score.OutcomeOf(story(captured(),
		one(lead.Touched{Facts: lead.Facts{City: "Suzhou"}}),
		one(lead.Took{Lead: "l2", Facts: lead.Facts{Industry: "education"}, Touches: 3, Signals: []lead.Signal{signal(lead.SignalEnquiry, "e", day)}}),
		one(lead.Engaged{Signals: []lead.Signal{{Kind: lead.SignalOpen, ID: "o", At: noon, Sure: 60, Amount: 1}, {Kind: lead.SignalDwell, ID: "d", At: noon, Sure: 50, Amount: 9}}}),
		one(lead.Called{Outcome: lead.NoAnswer}),
		one(lead.Called{Outcome: lead.Talked}),
		one(lead.Engaged{Signals: []lead.Signal{signal(lead.SignalReply, "r", -day)}}, lead.Touched{Facts: lead.Facts{Country: "CN"}}, lead.Enriched{Facts: lead.Facts{Headcount: "11-50"}}),
		one(lead.Closed{As: lead.StateLost}),
	), shanghai)
	want := map[string]string{
		"product": "robots", "channel": "website", "city": "Suzhou", "industry": "education", "has_phone": "no", "has_email": "yes", "has_company": "no",
		"free_mail": "no", "role_mail": "no", "customer": "no", "recommended": "no", "hour": "20", "weekday": "mon",
		"answer.age": "7", "answer.days": "mon, tue", "answer.trial": "yes",
		"signal.open": "0.6", "signal.click": "0", "signal.visit": "0", "signal.dwell": "4.5", "signal.download": "0", "signal.event": "0", "signal.reply": "0",
		"signal.enquiry": "2", "signal.talk": "0",
	}
	if !maps.Equal(o.Known, want) {
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if o.Known[name] != want[name] {
				t.Errorf("%s is %q, want %q", name, o.Known[name], want[name])
			}
		}
		t.Errorf("known is %v", o.Known)
	}
	for name := range o.Known {
		if !slices.Contains(score.Features([]string{"age", "days", "trial"}), name) {
			t.Errorf("%s is no feature that is listed", name)
		}
	}
}

// TestNothingAfterTheFirstContactIsLearned: whatever happens after it, what is known
// stays what it was.
func TestNothingAfterTheFirstContactIsLearned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := append(story(captured()), drawEvents(t, 2)...)
		contact := rapid.SampledFrom([]lead.Event{
			lead.Logged{Way: lead.WayCall}, lead.Logged{Way: lead.WayMail, Inbound: true}, lead.Called{Outcome: lead.Talked}, lead.Called{Outcome: lead.WrongNumber},
			lead.Qualified{Verdict: "enterprise"}, lead.Dealt{Open: true}, lead.PutOnHold{}, lead.Converted{}, lead.Closed{As: lead.StateJunk},
		}).Draw(t, "contact")
		met := append(before, lead.Entry{Lead: "l1", Version: len(before) + 1, At: noon.Add(100 * time.Hour), Events: one(contact)})
		end := lead.Entry{Lead: "l1", At: noon.Add(5000 * time.Hour), Events: one(lead.Woken{}, lead.Converted{})}
		at := func(history []lead.Entry) score.Outcome {
			return score.OutcomeOf(append(slices.Clone(history), end), time.UTC)
		}
		want, got := at(met), at(append(met, drawEvents(t, 200)...))
		if !got.Won || !maps.Equal(got.Known, want.Known) || len(want.Known) == 0 {
			t.Fatalf("after %T\n%v\nbecomes\n%v", contact, want.Known, got.Known)
		}
	})
}

// drawEvents draws what may be told of a lead, from some hour on.
func drawEvents(t *rapid.T, from int) []lead.Entry {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lead.Entry {
		facts := drawFacts(t)
		facts.Industry, facts.FreeMail = rapid.SampledFrom([]string{"", "toys"}).Draw(t, "industry"), rapid.Bool().Draw(t, "free mail")
		signals := drawSignals(t, 5)
		e := rapid.SampledFrom([]lead.Event{
			lead.Touched{Facts: facts}, lead.Touched{Facts: facts, Listed: true}, lead.Engaged{Signals: signals}, lead.Enriched{Facts: facts},
			lead.Verified{Facts: facts}, lead.Took{Facts: facts, Touches: 2, Signals: signals}, lead.Returned{Facts: facts, Signals: lead.JoinSignals(nil, signals...)},
			lead.Offered{Rep: "ann"}, lead.Accepted{}, lead.Claimed{Rep: "ann"}, lead.Pooled{Pool: "sea"}, lead.Woken{}, lead.Nurtured{}, lead.Unverified{},
			lead.Called{Outcome: lead.NoAnswer}, lead.Joined{Person: "p2"}, lead.Tagged{Add: []string{"fair"}}, lead.Scored{Fit: 3}, lead.Restored{Person: "p1"},
		}).Draw(t, "event")
		return lead.Entry{Lead: "l1", At: noon.Add(time.Duration(rapid.IntRange(from, from+90).Draw(t, "hour")) * time.Hour), Events: one(e)}
	}), 0, 6).Draw(t, "events")
}
