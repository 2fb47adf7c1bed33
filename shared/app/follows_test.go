package app_test

import (
	"reflect"
	"slices"
	"testing"

	"sluice/shared/app"
	"sluice/shared/lead"
)

// TestFollows has every kind of event by itself, and the entries in which one
// takes back what another asks for.
func TestFollows(t *testing.T) {
	t.Parallel()
	route := app.Consequences{Route: true}
	tell := func(kind app.NoticeKind, to string) app.Consequences {
		return app.Consequences{Notices: []app.Notice{{Lead: "l1", Version: 3, Kind: kind, To: to}}}
	}
	asked := app.Consequences{Notices: []app.Notice{{Lead: "l1", Version: 3, Kind: app.NoticeAsked, To: "firms"}, {Lead: "l1", Version: 3, Kind: app.NoticeAsked, To: "lines"}}}
	over := app.Consequences{Score: &app.ScoreOrder{Leads: []string{"l1"}, Over: true}}
	signals := app.Consequences{Score: &app.ScoreOrder{Leads: []string{"l1"}, Cause: "signals"}}
	look := app.Consequences{Score: &app.ScoreOrder{Leads: []string{"l1"}, Cause: "acted on", Quiet: true}}
	var nothing app.Consequences
	askedBoth, restored := lead.Asked{Of: []string{"firms", "lines"}}, lead.Restored{Person: "p1"}
	offered, escalated := lead.Offered{Rep: "amy", Team: "young"}, lead.Escalated{Team: "young"}
	kinds := map[string]bool{}
	for i, c := range []struct {
		events []lead.Event
		want   app.Consequences
	}{
		{[]lead.Event{lead.Captured{}}, route},
		{[]lead.Event{lead.Touched{}}, nothing},
		{[]lead.Event{lead.Scored{}}, nothing},
		{[]lead.Event{lead.Woken{}}, route},
		{[]lead.Event{offered}, tell(app.NoticeOffered, "amy")},
		{[]lead.Event{lead.Triaged{}}, nothing},
		{[]lead.Event{escalated}, tell(app.NoticeEscalated, "young")},
		{[]lead.Event{lead.Accepted{}}, nothing},
		{[]lead.Event{lead.Rejected{}}, nothing},
		{[]lead.Event{lead.Expired{}}, nothing},
		{[]lead.Event{lead.Ended{}}, nothing},
		{[]lead.Event{lead.Logged{}}, look},
		{[]lead.Event{lead.PutOnHold{}}, nothing},
		{[]lead.Event{lead.Resumed{}}, nothing},
		{[]lead.Event{lead.Nurtured{}}, nothing},
		{[]lead.Event{lead.Pooled{}}, nothing},
		{[]lead.Event{lead.Claimed{Rep: "amy"}}, nothing},
		{[]lead.Event{lead.Swept{}}, nothing},
		{[]lead.Event{lead.Converted{}}, over},
		{[]lead.Event{lead.HandedOver{}}, over},
		{[]lead.Event{lead.Closed{}}, over},
		{[]lead.Event{lead.Due{}}, nothing},
		{[]lead.Event{lead.Engaged{}}, signals},
		{[]lead.Event{lead.Unverified{Team: "young"}}, nothing},
		{[]lead.Event{lead.Verified{}}, route},
		{[]lead.Event{askedBoth}, asked},
		{[]lead.Event{lead.Enriched{By: "firms"}}, nothing},
		{[]lead.Event{lead.Joined{Person: "p1"}}, nothing},
		{[]lead.Event{lead.Absorbed{Into: "l2", Rep: "amy"}}, tell(app.NoticeMerged, "amy")},
		{[]lead.Event{lead.Took{Lead: "l2"}}, nothing},
		{[]lead.Event{restored}, nothing},
		{[]lead.Event{lead.Returned{Lead: "l2"}}, nothing},

		{nil, nothing},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, lead.Due{}}, route},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, offered, lead.Due{}}, tell(app.NoticeOffered, "amy")},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, lead.Triaged{}, lead.Due{}}, nothing},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, lead.Pooled{}, lead.Due{}}, nothing},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, lead.Nurtured{}, lead.Due{}}, nothing},
		{[]lead.Event{lead.Touched{}, lead.Woken{}, lead.Scored{}, offered}, app.Consequences{Score: over.Score, Notices: tell(app.NoticeOffered, "amy").Notices}},
		{[]lead.Event{lead.Expired{}, lead.Ended{}, lead.Woken{}, lead.Due{}}, route},
		{[]lead.Event{lead.Expired{}, lead.Ended{}, lead.Pooled{}, lead.Due{}}, nothing},

		{[]lead.Event{lead.Captured{}, lead.Scored{}, lead.Unverified{}, lead.Due{}}, nothing},
		{[]lead.Event{lead.Captured{}, lead.Unverified{}, lead.Scored{}, askedBoth, lead.Due{}}, asked},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, askedBoth, lead.Triaged{}, lead.Due{}}, asked},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, askedBoth, lead.Due{}}, app.Consequences{Route: true, Notices: asked.Notices}},
		{[]lead.Event{lead.Captured{}, lead.Scored{}, askedBoth, offered}, app.Consequences{Notices: append(slices.Clone(asked.Notices), tell(app.NoticeOffered, "amy").Notices...)}},
		{[]lead.Event{lead.Touched{}, lead.Verified{}, lead.Scored{}, lead.Triaged{}}, nothing},
		{[]lead.Event{lead.Verified{}, lead.Scored{}, offered, lead.Due{}}, tell(app.NoticeOffered, "amy")},
		{[]lead.Event{lead.Enriched{By: "firms"}, lead.Scored{}, lead.Due{}}, nothing},
		{[]lead.Event{lead.Ended{}, lead.Absorbed{Into: "l2", Rep: "amy"}, lead.Due{}}, tell(app.NoticeMerged, "amy")},
		{[]lead.Event{lead.Absorbed{Into: "l2"}, lead.Due{}}, nothing}, // nobody had it
		{[]lead.Event{lead.Captured{}, lead.Absorbed{Into: "l2"}}, nothing},
		{[]lead.Event{restored, lead.Woken{}}, route},
		{[]lead.Event{restored, offered, lead.Accepted{}}, tell(app.NoticeOffered, "amy")},
		{[]lead.Event{restored, lead.Unverified{}}, nothing},
	} {
		if len(c.events) == 1 {
			kinds[lead.KindOfEvent(c.events[0])] = true
		}
		got := app.Follows(lead.Entry{Lead: "l1", Version: 3, Events: c.events})
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("case %d: from %T follows %+v, want %+v", i, c.events, got, c.want)
		}
		if again := app.Follows(lead.Entry{Lead: "l1", Version: 3, Events: c.events}); !reflect.DeepEqual(again, got) {
			t.Errorf("case %d: told again, something else follows", i)
		}
		for _, n := range got.Notices {
			want := "l1-3-" + string(n.Kind)
			if n.Kind == app.NoticeAsked { // one for each
				want += "-" + n.To
			}
			if n.ID() != want {
				t.Errorf("the notice is called %q", n.ID())
			}
		}
	}
	if len(kinds) != 32 {
		t.Errorf("%d kinds of events are told of", len(kinds))
	}
}
