package desk_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
)

func TestRepWorksALead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "/api/leads/" + l.ID

	inbox := b.ok(rep, "GET /api/inbox", nil).body["leads"].([]any)
	if len(inbox) != 1 || inbox[0].(obj)["contact"].(obj)["name"] != "Test Person B" || inbox[0].(obj)["deadline"].(obj)["do"] != "remind" || inbox[0].(obj)["due"].(obj)["do"] != "withdraw" {
		t.Errorf("inbox is %v", inbox)
	}
	seen := b.ok(rep, "GET "+at, nil)
	if seen.body["contact"].(obj)["phone"] != "+8613800138037" || seen.body["private"].(obj)["budget"] != "high" {
		t.Errorf("lead is %s", seen.raw)
	}
	if tag := seen.header.Get("ETag"); tag != fmt.Sprintf(`"%d"`, l.Version) {
		t.Errorf("ETag is %s, version %d", tag, l.Version)
	}
	if a := b.ok(rep, "POST "+at+"/accept", nil); a.body["state"] != "working" {
		t.Errorf("accepted lead is %v", a.body["state"])
	}
	again := b.refused(rep, "POST "+at+"/accept", nil, "409 conflict")
	if detail := again.body["detail"]; detail != "you have accepted this lead already" {
		t.Errorf("accepting twice says %q", detail)
	}
	step := b.clock.Now().Add(48 * time.Hour)
	b.ok(rep, "POST "+at+"/log", obj{"way": "call", "summary": "Wants to see a lesson.", "objection": "price", "step": "send dates", "step_at": step, "grade": "A"})
	b.ok(rep, "POST "+at+"/hold", obj{"reason": "on holiday"})
	won := b.ok(rep, "POST "+at+"/convert", obj{"value": obj{"amount": 120050, "currency": "EUR"}, "order": "SO-1"})
	if won.body["state"] != "converted" || won.body["visible"] != false {
		t.Errorf("converted lead is %s", won.raw)
	}
	b.refused(rep, "GET "+at, nil, "403 denied")
	if got := b.ok("cora", "GET "+at, nil).body["contact"].(obj)["masked"]; got != false {
		t.Error("customer success does not see the contact data of a converted lead")
	}
	b.ok("cora", "POST "+at+"/confirm", nil)

	told := b.ok("max", "GET "+at+"/timeline", nil)
	for _, want := range []string{"Wants to see a lesson.", "Converted: 1200.50 EUR", "Followed up: Call, grade now A", `"rule":"kids"`} {
		if !strings.Contains(told.raw, want) {
			t.Errorf("time-line lacks %q: %s", want, told.raw)
		}
	}
	if got := b.ok("max", "GET "+at+"/timeline?limit=1", nil, "Accept-Language", "zh-CN").raw; !strings.Contains(got, "询问 kids-coding") || !strings.Contains(got, "cursor") {
		t.Errorf("first page of the time-line in Chinese is %s", got)
	}
	holding, err := b.table.Rep(t.Context(), rep)
	if err != nil || holding.Holding != 0 {
		t.Errorf("rep holds %d leads after converting: %v", holding.Holding, err)
	}
}

func TestActsLeadWhereTheySay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n, c := range []struct {
		act  string
		body obj
		want lead.State
	}{
		{"reject", obj{"reason": "wrong region", "note": "lives elsewhere"}, lead.StateTriage},
		{"release", obj{"reason": "no time"}, lead.StatePooled},
		{"release", obj{"reason": "no time", "pool": "open-sea"}, lead.StatePooled},
		{"hold", obj{"reason": "on holiday"}, lead.StatePaused},
		{"recycle", obj{"reason": "no budget yet"}, lead.StateNurturing},
		{"junk", obj{"reason": "spam"}, lead.StateJunk},
		{"lost", obj{"reason": "too expensive"}, lead.StateLost},
		{"unreachable", obj{"reason": "does not answer"}, lead.StateUnreachable},
		{"convert", nil, lead.StateConverted},
	} {
		l, rep := b.offered(n)
		if c.act != "reject" {
			b.ok(rep, "POST /api/leads/"+l.ID+"/accept", nil)
		}
		if got := b.ok(rep, "POST /api/leads/"+l.ID+"/"+c.act, c.body).body["state"]; got != string(c.want) {
			t.Errorf("%s leads to %v, want %s", c.act, got, c.want)
		}
		if stored := b.lead(l.ID); stored.State != c.want {
			t.Errorf("%s: stored lead is %s, want %s", c.act, stored.State, c.want)
		}
	}
}

// peer is another rep of the same team.
func peer(rep string) string {
	if rep == "ben" {
		return "amy"
	}
	return "ben"
}

func TestScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	offered, rep := b.offered(1)
	pooled, former := b.pooled(2)
	other := peer(rep)
	member := peer(former)
	triage, rejecter := b.offered(3)
	b.ok(rejecter, "POST /api/leads/"+triage.ID+"/reject", obj{"reason": "wrong region", "note": "said on the phone"})

	const full, masked, blind = "full", "masked", "blind"
	for _, c := range []struct {
		user, lead, want string
	}{
		{rep, offered.ID, full}, {other, offered.ID, "404"}, {"eva", offered.ID, "404"},
		{"max", offered.ID, full}, {"dora", offered.ID, "404"}, {"cora", offered.ID, "404"},
		{"mia", offered.ID, blind}, {"omar", offered.ID, blind},
		{member, pooled.ID, masked}, {former, pooled.ID, masked}, {"eva", pooled.ID, "404"},
		{"max", pooled.ID, masked}, {"dora", pooled.ID, "404"}, {"mia", pooled.ID, blind},
		{"dora", triage.ID, full}, {rejecter, triage.ID, "403"}, {"max", triage.ID, full}, {"omar", triage.ID, blind},
		{"amy", "lnosuchlead", "404"}, {"max", "lnosuchlead", "404"}, {"max", "%2e%2e%2fREP", "404"},
	} {
		a := b.call(c.user, "GET /api/leads/"+c.lead, nil)
		got := fmt.Sprint(a.status)
		if a.status == http.StatusOK {
			contact, ok := a.body["contact"].(obj)
			switch {
			case !ok:
				got = blind
			case contact["masked"] == true:
				got = masked
			default:
				got = full
			}
		}
		if got != c.want {
			t.Errorf("%s sees lead %s as %s, want %s", c.user, c.lead, got, c.want)
		}
		timeline := b.call(c.user, "GET /api/leads/"+c.lead+"/timeline", nil)
		if (timeline.status == http.StatusOK) != (a.status == http.StatusOK) {
			t.Errorf("%s: lead answered %d, its time-line %d", c.user, a.status, timeline.status)
		}
		for _, private := range []string{"Test Person", "8001", "example.com", "said on the phone", "in the evening"} {
			if c.want != full && strings.Contains(a.raw+timeline.raw, private) {
				t.Errorf("%s, who sees it as %s, is told %q: %s %s", c.user, c.want, private, a.raw, timeline.raw)
			}
		}
		if c.want == full && c.lead == triage.ID && !strings.Contains(timeline.raw, "said on the phone") {
			t.Errorf("%s does not see the note: %s", c.user, timeline.raw)
		}
	}
}

func TestWhatRolesMayAsk(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct{ request, may string }{
		{"GET /api/me", "amy eva dora max mia cora omar"},
		{"GET /api/inbox", "amy eva"},
		{"GET /api/inbox?rep=amy", "amy max omar"},
		{"GET /api/inbox?rep=nobody", ""},
		{"GET /api/tasks", "amy eva"},
		{"GET /api/tasks?rep=amy", "amy max omar"},
		{"GET /api/pools", "amy eva dora max mia cora omar"},
		{"GET /api/pools/open-sea/members", "max"},
		{"GET /api/pools/open-sea/cycles", "max mia omar"},
		{"GET /api/pools/nosuch/cycles", ""},
		{"GET /api/teams/young/sample", "max"},
		{"GET /api/teams/nosuch/sample", ""},
		{"GET /api/pools/open-sea/leads", "amy max omar"},
		{"GET /api/pools/school-pool/leads", "eva max omar"},
		{"GET /api/pools/nosuch/leads", ""},
		{"GET /api/teams/young/triage", "dora max omar"},
		{"GET /api/teams/nosuch/triage", ""},
		{"GET /api/teams/young/abilities", "dora max omar"},
		{"GET /api/teams/nosuch/abilities", ""},
		{"GET /api/moves", "max omar"},
		{"POST /api/route/explain", "dora max omar"},
		{"GET /api/quarantine", "mia omar"},
		{"GET /api/reps", "amy eva dora max omar"},
		{"GET /api/reps/amy", "amy dora max omar"},
	} {
		for _, user := range strings.Fields("amy eva dora max mia cora omar") {
			a := b.call(user, c.request, nil)
			if may := strings.Contains(" "+c.may+" ", " "+user+" "); may != (a.status == http.StatusOK) {
				t.Errorf("%s as %s answered %d, may: %t", c.request, user, a.status, may)
			}
		}
		b.refused("", c.request, nil, "401 unauthenticated")
		b.refused("stranger", c.request, nil, "403 denied")
	}
}

func TestDispatcherPlaces(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "/api/leads/" + l.ID
	b.refused("dora", "POST "+at+"/assign", obj{"rep": "ben"}, "404 not_found")
	b.ok(rep, "POST "+at+"/reject", obj{"reason": "wrong region"})
	waiting := b.ok("dora", "GET /api/teams/young/triage", nil).body["leads"].([]any)
	if len(waiting) != 1 || waiting[0].(obj)["id"] != l.ID {
		t.Fatalf("triage is %v", waiting)
	}
	b.refused("amy", "POST "+at+"/assign", obj{"rep": "amy"}, map[bool]string{true: "403 denied", false: "404 not_found"}[rep == "amy"])
	b.refused("dora", "POST "+at+"/assign", obj{"rep": "nobody"}, "422 invalid")
	b.refused("dora", "POST "+at+"/assign", obj{}, "422 invalid")
	b.refused("dora", "POST "+at+"/assign", obj{"rep": rep}, "409 conflict")
	b.refused("dora", "POST "+at+"/lost", obj{"reason": "no need"}, "422 invalid")
	b.ok("dora", "POST "+at+"/assign", obj{"rep": "eva"}) // of another team of the dispatcher's
	if got := b.lead(l.ID); got.Owner() != "eva" || got.Team != "schools" || got.Period.How != lead.ByHand {
		t.Errorf("lead is with %s of %s", got.Owner(), got.Team)
	}
	b.ok("eva", "POST "+at+"/reject", obj{"reason": "wrong product"})
	b.ok("dora", "POST "+at+"/junk", obj{"reason": "spam"})

	pooled, _ := b.pooled(2)
	b.refused("dora", "POST /api/leads/"+pooled.ID+"/assign", obj{"rep": "eva"}, "404 not_found")
	b.ok("max", "POST /api/leads/"+pooled.ID+"/assign", obj{"rep": "eva"})
}

func TestClaimsHaveOneWinnerAndALimit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, former := b.pooled(1)
	b.refused(former, "POST /api/leads/"+l.ID+"/claim", nil, "409 conflict")
	b.refused("eva", "POST /api/leads/"+l.ID+"/claim", nil, "404 not_found")
	b.refused("max", "POST /api/leads/"+l.ID+"/claim", nil, "403 denied")
	var wait sync.WaitGroup
	var mu sync.Mutex
	won := map[string]bool{}
	for _, rep := range []string{"amy", "ben", "cai", "dan"} {
		if rep == former {
			continue
		}
		for range 4 {
			wait.Go(func() {
				a := b.call(rep, "POST /api/leads/"+l.ID+"/claim", nil)
				mu.Lock()
				defer mu.Unlock()
				switch a.status {
				case http.StatusOK:
					won[rep] = true // the same claim, made twice at one moment, is one
				case http.StatusConflict, http.StatusServiceUnavailable:
				default:
					t.Errorf("claim answered %d %s", a.status, a.raw)
				}
			})
		}
	}
	wait.Wait()
	winner := b.lead(l.ID).Owner()
	if len(won) != 1 || !won[winner] {
		t.Errorf("claims won by %v, lead is with %q", won, winner)
	}
	if r, err := b.table.Rep(t.Context(), winner); err != nil || r.Holding != 1 || r.Claims != 1 {
		t.Errorf("winner holds %d leads after %d claims: %v", r.Holding, r.Claims, err)
	}

	next, former := b.pooled(2)
	who := peer(former)
	record := b.ok("omar", "GET /api/reps/"+who, nil).body
	record["cap"] = record["holding"]
	b.ok("omar", "PUT /api/reps/"+who, record)
	full := b.refused(who, "POST /api/leads/"+next.ID+"/claim", nil, "409 conflict")
	if detail, _ := full.body["detail"].(string); !strings.Contains(detail, "as many as allowed") {
		t.Errorf("a full rep is told %q", detail)
	}
	if pools := b.ok(who, "GET /api/pools", nil).body["pools"].([]any); len(pools) == 0 || pools[0].(obj)["member"] != true {
		t.Errorf("pools are %v", pools)
	}
}

func TestClaimLimitOfTheDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const limit = 20 // open-sea's
	var claimer string
	claimed := 0
	for n := 0; claimed <= limit; n++ {
		if n > 80 {
			t.Fatal("no lead to claim")
		}
		l, former := b.pooled(n)
		if claimer == "" {
			claimer = peer(former)
		}
		if former == claimer {
			continue
		}
		request := "POST /api/leads/" + l.ID + "/claim"
		if claimed < limit {
			b.ok(claimer, request, nil)
			claimed++
			continue
		}
		a := b.refused(claimer, request, nil, "409 conflict")
		if a.body["detail"] != "today's limit of 20 claims is reached: claim again tomorrow" {
			t.Errorf("the limit is told as %q", a.body["detail"])
		}
		b.clock.pass(24 * time.Hour)
		b.ok(claimer, request, nil) // a new day in the rep's zone
		return
	}
}

func TestPreconditions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "/api/leads/" + l.ID
	tag := b.ok(rep, "GET "+at, nil).header.Get("ETag")
	b.ok(rep, "POST "+at+"/accept", nil, "If-Match", tag)
	b.refused(rep, "POST "+at+"/log", obj{"way": "call"}, "412 moved", "If-Match", tag)
	b.refused(rep, "POST "+at+"/log", obj{"way": "call"}, "422 invalid", "If-Match", "yesterday")
	b.ok(rep, "POST "+at+"/log", obj{"way": "call"}, "If-Match", "*")
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	at := "POST /api/leads/" + l.ID
	b.ok(rep, at+"/accept", nil)
	for _, c := range []struct {
		name, request string
		body          any
		header        []string
		want, field   string
	}{
		{"unknown field", at + "/log", obj{"way": "call", "sumary": "x"}, nil, "422 invalid", "sumary"},
		{"wrong kind", at + "/log", obj{"way": 7}, nil, "422 invalid", "way"},
		{"no JSON", at + "/log", "way=call", nil, "400 malformed", ""},
		{"two values", at + "/log", `{"way":"call"}{}`, nil, "400 malformed", ""},
		{"form body", at + "/log", "way=call", []string{"Content-Type", "application/x-www-form-urlencoded"}, "415 media_type", ""},
		{"too large", at + "/log", `{"summary":"` + strings.Repeat("x", 65<<10) + `"}`, nil, "413 too_large", ""},
		{"body where none belongs", at + "/accept", obj{"rep": "ben"}, nil, "422 invalid", "rep"},
		{"no way", at + "/log", nil, nil, "422 invalid", "way"},
		{"unknown way", at + "/log", obj{"way": "pigeon"}, nil, "422 invalid", "way"},
		{"long note", at + "/log", obj{"way": "call", "summary": strings.Repeat("é", 2001)}, nil, "422 invalid", "summary"},
		{"control character", at + "/log", obj{"way": "call", "summary": "a\x00b"}, nil, "422 invalid", "summary"},
		{"turned text", at + "/log", obj{"way": "call", "step": "a\u202eb"}, nil, "422 invalid", "step"},
		{"step in the past", at + "/log", obj{"way": "call", "step_at": "2020-01-01T00:00:00Z"}, nil, "422 invalid", "step_at"},
		{"step far away", at + "/log", obj{"way": "call", "step_at": "2999-01-01T00:00:00Z"}, nil, "422 invalid", "step_at"},
		{"unknown grade", at + "/log", obj{"way": "call", "grade": "Z"}, nil, "422 invalid", "grade"},
		{"no reason", at + "/release", obj{}, nil, "422 invalid", "reason"},
		{"personal reason", at + "/release", obj{"reason": "call 138 0013 8000"}, nil, "422 invalid", "reason"},
		{"address as reason", at + "/release", obj{"reason": "anna@example.com"}, nil, "422 invalid", "reason"},
		{"lines in a reason", at + "/release", obj{"reason": "a\nb"}, nil, "422 invalid", "reason"},
		{"pool of others", at + "/release", obj{"reason": "no time", "pool": "school-pool"}, nil, "422 invalid", "pool"},
		{"unknown pool", at + "/release", obj{"reason": "no time", "pool": "nosuch"}, nil, "422 invalid", "pool"},
		{"seconds of a mail", at + "/log", obj{"way": "mail", "seconds": 5}, nil, "422 invalid", "seconds"},
		{"link without https", at + "/log", obj{"way": "call", "links": []string{"http://a.example"}}, nil, "422 invalid", "links"},
		{"check-in of a call", at + "/log", obj{"way": "call", "check_in": obj{"lat": 1, "lon": 1, "accuracy": 1}}, nil, "422 invalid", "check_in"},
		{"check-in with a misspelt field", at + "/log", obj{"way": "visit", "check_in": obj{"lat": 1, "lng": 1}}, nil, "422 invalid", "lng"},
		{"no reason to extend", at + "/extend", nil, nil, "422 invalid", "reason"},
		{"deal neither open nor not", at + "/deal", nil, nil, "422 invalid", "open"},
		{"tag of two words", at + "/tag", obj{"add": []string{"two words"}}, nil, "422 invalid", "tags"},
		{"claims of nothing", "POST /api/pools/open-sea/claims", obj{"leads": []string{}}, nil, "422 invalid", "leads"},
		{"claims of one twice", "POST /api/pools/open-sea/claims", obj{"leads": []string{"l1", "l1"}}, nil, "422 invalid", "leads"},
		{"unknown grade of a list", "GET /api/pools/open-sea/leads?grade=Z", nil, nil, "422 invalid", "grade"},
		{"negative value", at + "/convert", obj{"value": obj{"amount": -1, "currency": "EUR"}}, nil, "422 invalid", "value"},
		{"no currency", at + "/convert", obj{"value": obj{"amount": 5, "currency": "euro"}}, nil, "422 invalid", "value"},
		{"limit", "GET /api/inbox?limit=101", nil, nil, "422 invalid", "limit"},
		{"cursor", "GET /api/inbox?cursor=nonsense", nil, nil, "422 invalid", "cursor"},
		{"method", "DELETE /api/inbox", nil, nil, "405 method_not_allowed", ""},
		{"address", "GET /api/nosuch", nil, nil, "404 not_found", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.refused(rep, c.request, c.body, c.want, c.header...)
			if field, _ := a.body["field"].(string); field != c.field {
				t.Errorf("field is %q, want %q: %s", field, c.field, a.raw)
			}
			if a.status == http.StatusMethodNotAllowed && a.header.Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow is %q", a.header.Get("Allow"))
			}
		})
	}
	if got := b.lead(l.ID); got.Version != l.Version+1 {
		t.Errorf("bad input changed the lead %d times", got.Version-l.Version-1)
	}
	if strings.Contains(b.logs.String(), "Test Person") || strings.Contains(b.logs.String(), "8001380") {
		t.Errorf("the log holds personal data: %s", &b.logs)
	}
}

func TestQuarantineAndSubmissions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.enquire("trial", enquiry(1))
	if r := b.call("omar", "GET /api/quarantine", nil); len(r.body["submissions"].([]any)) != 0 {
		t.Errorf("quarantine is %s", r.raw)
	}
	if err := b.table.Commit(t.Context(), lead.Change{Submission: &lead.Submission{ID: "s1", Form: "trial", Received: b.clock.Now(),
		Outcome: lead.OutcomeQuarantined, Reason: "phone: repeated digits", Expires: b.clock.Now().Add(time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	list := b.ok("mia", "GET /api/quarantine?limit=10", nil).body["submissions"].([]any)
	if len(list) != 1 || list[0].(obj)["reason"] != "phone: repeated digits" {
		t.Errorf("quarantine is %v", list)
	}
	if got := b.ok("omar", "GET /api/submissions/s1", nil).body["outcome"]; got != "quarantined" {
		t.Errorf("outcome is %v", got)
	}
	id := strings.TrimPrefix(l.ID, "l") // a lead is named after its first submission
	if got := b.ok("omar", "GET /api/submissions/"+id, nil).body["lead"]; got != l.ID {
		t.Errorf("submission led to %v", got)
	}
	b.refused("amy", "GET /api/submissions/"+id, nil, "403 denied")
	b.refused("omar", "GET /api/submissions/nosuch", nil, "404 not_found")
}

func TestInboxPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := map[string]int{}
	for n := range 9 {
		_, rep := b.offered(n)
		want[rep]++
	}
	for rep, n := range want {
		cursor, seen := "", map[any]bool{}
		for range 10 {
			a := b.ok(rep, "GET /api/inbox?limit=2&cursor="+cursor, nil)
			for _, l := range a.body["leads"].([]any) {
				seen[l.(obj)["id"]] = true
			}
			cursor, _ = a.body["cursor"].(string)
			if cursor == "" {
				break
			}
		}
		if len(seen) != n {
			t.Errorf("%s sees %d leads over the pages, want %d", rep, len(seen), n)
		}
	}
}
