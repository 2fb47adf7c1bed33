package lead_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// events has one of every kind, each field filled.
var events = []lead.Event{
	lead.Captured(capture()), lead.Touched(touch()),
	lead.Unverified{Team: "cleansing"},
	lead.Verified{Facts: learned(), Private: lead.Sealed("budget"), Note: lead.Sealed("note")},
	lead.Asked{Of: []string{"register", "atlas"}},
	lead.Enriched{By: "atlas", Facts: learned(), Failed: "no usable answer"},
	lead.Joined{Person: "p1", From: "p2", Undone: true},
	lead.Absorbed{Into: "l2", Person: "p1", From: "p2", State: lead.StatePooled, Pool: "sea", Rep: "ann"},
	lead.Took{Lead: "l2", Facts: learned(), Private: lead.Sealed("budget"), Touches: 3, Signals: signals()},
	lead.Restored{Person: "p2", Why: "two persons after all"},
	lead.Returned{Lead: "l2", Facts: learned(), Private: lead.Sealed("budget"), Touches: 3, Signals: signals()},
	lead.Engaged{Signals: signals()},
	lead.Scored{Fit: 70, Grade: lead.GradeA, Reasons: []string{"budget is set"}, Behaviour: 31, Chance: 1250, Maturity: lead.Warm, Model: 4,
		Was: &lead.Standing{Fit: 40, Behaviour: 12, Chance: 900, Grade: lead.GradeB, Maturity: lead.Cold}, Cause: "download"},
	lead.Woken{Why: "enquired again", Again: true},
	lead.Offered{Rep: "ann", Team: "inside", How: lead.ByOffer, Rule: "everything", Why: "fewest turns", Cohort: "saturday", Grounds: grounds()},
	lead.Triaged{Team: "inside", Why: "nobody is on shift", Grounds: &lead.Grounds{}},
	lead.Waiting{Team: "inside", Until: monday.Add(day), Why: "nobody is on shift", Grounds: grounds()},
	lead.Escalated{Team: "inside", Why: "nobody acted"},
	lead.Accepted{}, lead.Rejected{Reason: "too far away", Note: lead.Sealed("note")},
	lead.Expired{Duty: lead.DutyWithdraw},
	lead.Ended{Rep: "ann", Why: "converted", Result: lead.ResultWon, Channel: "trade fair"},
	lead.Qualified{Verdict: "enterprise", Note: lead.Sealed("note")}, lead.Moved{Why: "territory moved", Job: "j1"},
	lead.Logged{Way: "call", Summary: lead.Sealed("sum"), Objection: lead.Sealed("obj"), Step: lead.Sealed("step"),
		StepAt: monday.Add(day), Grade: lead.GradeB, Done: monday, Seconds: 90, Inbound: true, Checked: true, Metres: new(120),
		Place: lead.Sealed("place"), Links: lead.Sealed("links"), Beyond: "asked to be called", Bare: true},
	lead.Reminded{Rep: "ann", Team: "inside", Of: lead.DutyReclaim, At: monday, Manager: true},
	lead.Extended{Reason: "budget in May"}, lead.Dealt{Open: true, Value: lead.Money{Amount: 1, Currency: "EUR"}, Close: monday},
	lead.Nudged{Skipped: "opted out"}, lead.Revealed{Rep: "bo"}, lead.Tagged{Add: []string{"fair"}, Remove: []string{"cold"}},
	lead.OptedOut{}, lead.Unlisted{List: "spring"}, lead.Dialled{List: "spring", Hand: "h-1"},
	lead.Called{List: "spring", Call: "c-1", Outcome: lead.Interested, Seconds: 40, Summary: lead.Sealed("sum"), Done: monday},
	lead.Credited{Of: lead.CreditReply, Stock: lead.Stock{Pool: "sea", Cycle: monday, Held: true, Replied: true}},
	lead.PutOnHold{Reason: "after the holidays"}, lead.Resumed{Why: "the customer came back"},
	lead.Nurtured{Team: "inside", Reason: "no budget"}, lead.Pooled{Pool: "sea", Team: "inside", Why: "released"},
	lead.Claimed{Rep: "bo", Team: "field"}, lead.Swept{Pool: "sea", Cycle: monday, Did: lead.DidList, Why: "grade A", List: "spring"},
	lead.Converted{Value: lead.Money{Amount: 1, Currency: "EUR"}, Order: "o-1"}, lead.HandedOver{},
	lead.Closed{As: lead.StateLost, Reason: "bought elsewhere"}, lead.Due{At: monday, Do: lead.DutyScore},
}

// learned are facts of which some come from elsewhere.
func learned() lead.Facts {
	return lead.Facts{Country: "CN", Line: "mobile", Carrier: "China Mobile", Industry: "toys", Headcount: "11-50", FreeMail: true, RoleMail: true, Touches: 2,
		Origins: map[string]lead.Provenance{"country": {From: lead.FromPhone}, "industry": {From: "atlas", At: monday}}}
}

// signals are as they are kept: one that was judged later, one with an amount, one
// with neither.
func signals() []lead.Signal {
	return []lead.Signal{
		{Kind: lead.SignalClick, ID: "m-1", At: monday, Sure: 80, Judged: monday.Add(day), Amount: 1},
		{Kind: lead.SignalDwell, ID: "p-1", At: monday, Sure: 100, Judged: monday, Amount: 9},
		{Kind: lead.SignalReply, ID: "r-1", At: monday, Sure: 100, Judged: monday, Amount: 1},
	}
}

// grounds have each field filled.
func grounds() *lead.Grounds {
	return &lead.Grounds{
		Steps: []string{"territory emea"}, Of: "gain",
		First: []lead.Candidate{{Rep: "ann", Figure: 1.25}, {Rep: "bo", Figure: -0.5}}, More: 3,
		Not: []lead.Passed{{Why: "off shift", N: 2, Reps: []string{"cy"}}},
	}
}

// TestEventsComplete finds an event that was declared and then forgotten, in the
// decoders or in these tests.
func TestEventsComplete(t *testing.T) {
	t.Parallel()
	var sampled []string
	for _, e := range events {
		sampled = append(sampled, lead.KindOfEvent(e))
	}
	slices.Sort(sampled)
	if known := lead.EventKinds(); !slices.Equal(known, sampled) {
		t.Errorf("decoders know %v, the tests %v", known, sampled)
	}
	if declared := declaredKinds(t); !slices.Equal(declared, sampled) {
		t.Errorf("declared are %v, tested %v", declared, sampled)
	}
}

// declaredKinds reads the names that the kind methods of event.go return.
func declaredKinds(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != "kind" {
			continue
		}
		returned := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
		kinds = append(kinds, strings.Trim(returned.Value, `"`))
	}
	slices.Sort(kinds)
	return kinds
}

func TestEntryRoundTrip(t *testing.T) {
	t.Parallel()
	for _, e := range events {
		t.Run(lead.KindOfEvent(e), func(t *testing.T) {
			t.Parallel()
			in := lead.Entry{Lead: "l1", Version: 3, At: monday, By: lead.System("intake"), Policy: 2, Events: []lead.Event{e}}
			var out lead.Entry
			if err := json.Unmarshal([]byte(text(t, in)), &out); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(in, out) {
				t.Errorf("got %#v\nwant %#v", out, in)
			}
			if out.ID() != "l1-3" {
				t.Errorf("the entry is named %s", out.ID())
			}
		})
	}
}

// TestEventNames pins the names on which the history depends for ever.
func TestEventNames(t *testing.T) {
	t.Parallel()
	var names []string
	for _, e := range events {
		names = append(names, lead.KindOfEvent(e)+" "+text(t, e))
	}
	want := `captured {"no":"SL-26-000001","person":"p1","product":"robots","sub":"s1","facts":{"product":"robots","form":"trial","campaign":"spring","channel":"website","phone":true,"answers":{"age":7}},"private":"YnVkZ2V0"}
touched {"sub":"s2","facts":{"form":"fair","campaign":"autumn","channel":"exhibition","email":true,"answers":{"city":"Suzhou"}}}
unverified {"team":"cleansing"}
verified {"facts":{"country":"CN","line":"mobile","free_mail":true,"role_mail":true,"carrier":"China Mobile","industry":"toys","headcount":"11-50","n":2,"from":{"country":"phone","industry":"atlas 2026-03-02T09:00:00Z"}},"private":"YnVkZ2V0","note":"bm90ZQ=="}
asked {"of":["register","atlas"]}
enriched {"by":"atlas","facts":{"country":"CN","line":"mobile","free_mail":true,"role_mail":true,"carrier":"China Mobile","industry":"toys","headcount":"11-50","n":2,"from":{"country":"phone","industry":"atlas 2026-03-02T09:00:00Z"}},"failed":"no usable answer"}
joined {"person":"p1","from":"p2","undone":true}
absorbed {"into":"l2","person":"p1","from":"p2","state":"pooled","pool":"sea","rep":"ann"}
took {"lead":"l2","facts":{"country":"CN","line":"mobile","free_mail":true,"role_mail":true,"carrier":"China Mobile","industry":"toys","headcount":"11-50","n":2,"from":{"country":"phone","industry":"atlas 2026-03-02T09:00:00Z"}},"private":"YnVkZ2V0","touches":3,"signals":["click m-1 1772442000 80 1772528400 1","dwell p-1 1772442000 100 1772442000 9","reply r-1 1772442000 100"]}
restored {"person":"p2","why":"two persons after all"}
returned {"lead":"l2","facts":{"country":"CN","line":"mobile","free_mail":true,"role_mail":true,"carrier":"China Mobile","industry":"toys","headcount":"11-50","n":2,"from":{"country":"phone","industry":"atlas 2026-03-02T09:00:00Z"}},"private":"YnVkZ2V0","touches":3,"signals":["click m-1 1772442000 80 1772528400 1","dwell p-1 1772442000 100 1772442000 9","reply r-1 1772442000 100"]}
engaged {"signals":["click m-1 1772442000 80 1772528400 1","dwell p-1 1772442000 100 1772442000 9","reply r-1 1772442000 100"]}
scored {"fit":70,"grade":"A","why":["budget is set"],"act":31,"chance":1250,"ripe":"warm","model":4,"was":{"fit":40,"act":12,"chance":900,"grade":"B","ripe":"cold"},"cause":"download"}
woken {"why":"enquired again","again":true}
offered {"rep":"ann","team":"inside","how":"offer","rule":"everything","why":"fewest turns","cohort":"saturday","grounds":{"by":["territory emea"],"of":"gain","first":["ann 1.25","bo -0.5"],"more":3,"not":["2 off shift: cy"]}}
triaged {"team":"inside","why":"nobody is on shift","grounds":{}}
waiting {"team":"inside","until":"2026-03-03T09:00:00Z","why":"nobody is on shift","grounds":{"by":["territory emea"],"of":"gain","first":["ann 1.25","bo -0.5"],"more":3,"not":["2 off shift: cy"]}}
escalated {"team":"inside","why":"nobody acted"}
accepted {}
rejected {"reason":"too far away","note":"bm90ZQ=="}
expired {"duty":"withdraw"}
ended {"rep":"ann","why":"converted","result":"won","channel":"trade fair"}
qualified {"verdict":"enterprise","note":"bm90ZQ=="}
moved {"why":"territory moved","job":"j1"}
logged {"way":"call","summary":"c3Vt","objection":"b2Jq","step":"c3RlcA==","step_at":"2026-03-03T09:00:00Z","grade":"B","done":"2026-03-02T09:00:00Z","seconds":90,"in":true,"checked":true,"metres":120,"place":"cGxhY2U=","links":"bGlua3M=","beyond":"asked to be called","bare":true}
reminded {"rep":"ann","team":"inside","of":"reclaim","at":"2026-03-02T09:00:00Z","manager":true}
extended {"reason":"budget in May"}
dealt {"open":true,"value":{"amount":1,"currency":"EUR"},"close":"2026-03-02T09:00:00Z"}
nudged {"skipped":"opted out"}
revealed {"rep":"bo"}
tagged {"add":["fair"],"remove":["cold"]}
opted_out {}
unlisted {"list":"spring"}
dialled {"list":"spring","hand":"h-1"}
called {"list":"spring","call":"c-1","outcome":"interested","seconds":40,"summary":"c3Vt","done":"2026-03-02T09:00:00Z"}
credited {"of":"replied","stock":{"pool":"sea","cycle":"2026-03-02T09:00:00Z","held":true,"replied":true}}
put_on_hold {"reason":"after the holidays"}
resumed {"why":"the customer came back"}
nurtured {"reason":"no budget","team":"inside"}
pooled {"pool":"sea","team":"inside","why":"released"}
claimed {"rep":"bo","team":"field"}
swept {"pool":"sea","cycle":"2026-03-02T09:00:00Z","did":"listed","why":"grade A","list":"spring"}
converted {"value":{"amount":1,"currency":"EUR"},"order":"o-1"}
handed_over {}
closed {"as":"lost","reason":"bought elsewhere"}
due {"at":"2026-03-02T09:00:00Z","do":"score"}`
	if got := strings.Join(names, "\n"); got != want {
		t.Errorf("the stored form of an event changed:\n%s", got)
	}
}

func TestEntryRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ entry, want string }{
		"unknown event": {`{"lead":"l1","v":2,"events":[{"e":"teleported","d":{}}]}`, `history entry l1-2: unknown event "teleported"`},
		"no name":       {`{"lead":"l1","v":2,"events":[{"d":{}}]}`, `unknown event ""`},
		"no content":    {`{"lead":"l1","v":2,"events":[{"e":"woken"}]}`, "history entry l1-2"},
		"wrong content": {`{"lead":"l1","v":2,"events":[{"e":"woken","d":{"why":1}}]}`, "history entry l1-2"},
		"no object":     {`[]`, "unmarshal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var e lead.Entry
			if err := json.Unmarshal([]byte(test.entry), &e); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// FuzzEntry reads anything, in both ways the same; what it reads, it writes and
// reads again the same, and folding it never panics.
func FuzzEntry(f *testing.F) {
	for _, e := range events {
		f.Add([]byte(text(f, lead.Entry{Lead: "l1", Version: 1, At: monday, By: lead.System("intake"), Events: []lead.Event{e}})))
	}
	f.Add([]byte(text(f, lead.Entry{Lead: "l1", Version: 1, At: monday, By: lead.Actor{Kind: "manager", ID: "mo"}, Policy: 3, Events: events})))
	f.Add([]byte(`{"lead":"l1","v":2,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"engaged","d":{"signals":["open m-1 -9223372036854775808 100 9223372036854775807 600","reply   0 0","x","",null]}},{"e":"took","d":{"signals":["open b 1 2","open a 1 2","open a 1 99"]}}]}`))
	f.Add([]byte(`{"lead":"l1","v":2,"events":[{"e":"teleported","d":{}}]}`))
	f.Add([]byte(`{"lead":"l1","v":2,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"enriched","d":{"by":"atlas","facts":{"industry":"toys","from":{"industry":"atlas 0000-01-01T00:00:00+01:00","":"","x":" "}}}}]}`))
	f.Add([]byte(`{"lead":"l1","v":2,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"absorbed","d":{"rep":"ann"}},{"e":"restored","d":{"why":"}{"}},{"e":"took","d":{"touches":-9}},{"e":"returned","d":{"touches":1}}]}`))
	f.Add([]byte(`{"lead":"l1","v":1,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"waiting","d":{"team":"inside","until":"2026-03-03T09:00:00+08:00","why":"","grounds":null}}]}`))
	f.Add([]byte(`{"lead":"l1","v":1,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"offered","d":{"rep":"ann","grounds":{"first":["ann NaN","x","bo 1e400"],"not":["2 at cap: cy","","- : "]}}}]}`))
	f.Add([]byte(`{"lead":"l1","v":1,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"offered","d":{"rep":"ann","grounds":{"first":["ann NaN","bo -Inf"," 0x1p-2"],"not":["+2 at cap: ","7 a: b: c"]}}}]}`))
	f.Add([]byte(`{"lead":"l1","v":2,"at":"2026-03-02T09:00:00Z","by":{"kind":"rep"},"events":[{"e":"woken","d":{"why":"\\"}"}},{"e":"swept","d":{}}]} `))
	f.Fuzz(func(t *testing.T, data []byte) {
		sameRead(t, data)
		var first, second lead.Entry
		if json.Unmarshal(data, &first) != nil {
			return
		}
		kept, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("%q was read, but cannot be written: %v", data, err)
		}
		if err := json.Unmarshal(kept, &second); err != nil {
			t.Fatalf("%q was written, but cannot be read: %v", kept, err)
		}
		if again := text(t, second); again != string(kept) {
			t.Fatalf("%s\nis read as\n%s", kept, again)
		}
		lead.Fold([]lead.Entry{first, second})
	})
}

// TestFoldStopsNowhere folds every event onto the empty lead: a broken history
// must be looked at, not crash who looks.
func TestFoldStopsNowhere(t *testing.T) {
	t.Parallel()
	for _, e := range events {
		lead.Fold([]lead.Entry{{Lead: "l1", Version: 1, At: monday.Add(time.Hour), Events: []lead.Event{e}}})
	}
}
