package desk_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
)

// worked makes a lead that its rep has accepted; it returns the address of its acts.
func (b *bundle) worked(n int) (lead.Lead, string, string) {
	b.t.Helper()
	l, rep := b.offered(n)
	at := "POST /api/leads/" + l.ID
	b.ok(rep, at+"/accept", nil)
	return l, rep, at
}

func TestActivitiesWithEvidence(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep, at := b.worked(1)
	b.ok(rep, at+"/log", obj{"way": "call", "seconds": 150, "inbound": true, "summary": "asked for dates", "done": b.clock.Now().Add(-time.Hour),
		"links": []string{"https://files.example.com/plan.pdf"}})
	visited := b.ok(rep, at+"/log", obj{"way": "visit", "check_in": obj{"lat": 31.24, "lon": 121.49, "accuracy": 15, "customer": obj{"lat": 31.2403, "lon": 121.4901}}})
	if reach := visited.body["reach"].(obj); reach["now"] != false || reach["from"] == nil {
		t.Errorf("after a visit the person may be reached: %v", reach)
	}
	again := b.refused(rep, at+"/log", obj{"way": "mail"}, "409 conflict")
	if detail := fmt.Sprint(again.body["detail"]); again.body["field"] != "beyond" || !strings.Contains(detail, "may be again from 2026-03-04 16:00 UTC on") {
		t.Errorf("a second contact of the day is refused with %v", again.body)
	}
	b.ok(rep, at+"/log", obj{"way": "mail", "beyond": "the customer asked for it"})
	b.ok(rep, at+"/log", obj{"way": "note", "summary": "prepares the offer"})

	told := b.ok(rep, "GET /api/leads/"+l.ID+"/timeline", nil)
	for _, want := range []string{"The customer came back to us: Call, 3 min talked, took place 2026-03-04 07:00 UTC", `"links":["https://files.example.com/plan.pdf"]`,
		"Followed up: Visit, 35 m from the customer", `"place":{"lat":31.24,"lon":121.49,"accuracy":15,"customer":`, `"beyond":"the customer asked for it"`, `"bare":true`, `"ahead":[{"at":`} {
		if !strings.Contains(told.raw, want) {
			t.Errorf("time-line lacks %q: %s", want, told.raw)
		}
	}
	b.ok(rep, at+"/release", obj{"reason": "no time"})
	masked := b.ok(peer(rep), "GET /api/leads/"+l.ID+"/timeline", nil).raw
	for _, private := range []string{"files.example.com", "31.24", "prepares"} {
		if strings.Contains(masked, private) {
			t.Errorf("a member of the pool is told %q: %s", private, masked)
		}
	}
}

func TestKeepingALead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep, at := b.worked(1)
	b.refused(rep, at+"/extend", obj{"reason": "budget is near"}, "409 conflict")
	if acts := fmt.Sprint(b.ok(rep, at+"/log", obj{"way": "call", "seconds": 90}).body["acts"]); !strings.Contains(acts, "extend") || !strings.Contains(acts, "deal") {
		t.Errorf("acts are %s", acts)
	}
	extended := b.ok(rep, at+"/extend", obj{"reason": "budget is near"}).body["period"].(obj)
	if want := l.Period.Start.AddDate(0, 0, 60).UTC().Format(time.RFC3339); extended["extended"] != true || extended["protected"] != want {
		t.Errorf("extended it is %v, want protected until %s", extended, want)
	}
	dealt := b.ok(rep, at+"/deal", obj{"open": true, "value": obj{"amount": 120000, "currency": "EUR"}, "close": b.clock.Now().AddDate(0, 1, 0)}).body
	if dealt["period"].(obj)["deal"] != true || dealt["due"].(obj)["do"] != "escalate" {
		t.Errorf("with a deal it is %v, due %v", dealt["period"], dealt["due"])
	}
	b.refused(rep, at+"/deal", obj{"open": true}, "409 conflict")
	b.refused(peer(rep), at+"/deal", obj{"open": false}, "404 not_found")
	b.refused("max", at+"/deal", obj{"open": false}, "403 denied")
	b.ok(rep, at+"/deal", obj{"open": false})
	if tags := fmt.Sprint(b.ok("max", at+"/tag", obj{"add": []string{"fair", "hannover"}}).body["tags"]); tags != "[fair hannover]" {
		t.Errorf("tags are %s", tags)
	}
	b.ok(rep, at+"/tag", obj{"remove": []string{"fair"}}, "If-Match", "*")
	out := b.ok(rep, at+"/opt-out", nil).body
	if reach := out["reach"].(obj); reach["opted_out"] != true || reach["now"] != false {
		t.Errorf("opted out, the person may be reached: %v", reach)
	}
	b.refused(rep, at+"/log", obj{"way": "call"}, "409 conflict")
	told := b.ok(rep, "GET /api/leads/"+l.ID+"/timeline", nil).raw
	for _, want := range []string{"Kept longer", "Deal opened: 1200.00 EUR, expected by", "Deal closed", "Tagged: fair, hannover", "Tags taken off: fair", "Opted out: nobody contacts"} {
		if !strings.Contains(told, want) {
			t.Errorf("time-line lacks %q: %s", want, told)
		}
	}
	chinese := b.ok(rep, "GET /api/leads/"+l.ID+"/timeline", nil, "Accept-Language", "zh").raw
	for _, want := range []string{"延长保护", "开启商机：1200.00 EUR", "结束商机", "添加标签", "选择退出"} {
		if !strings.Contains(chinese, want) {
			t.Errorf("in Chinese it lacks %q: %s", want, chinese)
		}
	}
}

func TestPoolByAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, former := b.pooled(1)
	other, _ := b.pooled(2)
	member := peer(former)
	b.ok("max", "POST /api/leads/"+l.ID+"/tag", obj{"add": []string{"fair"}})
	list := b.ok(member, "GET /api/pools/open-sea/leads?tag=fair&grade=A%2B", nil).body["leads"].([]any)
	if len(list) != 1 || list[0].(obj)["id"] != l.ID || list[0].(obj)["owners"] != float64(1) || fmt.Sprint(list[0].(obj)["acts"]) != "[claim reveal tag]" {
		t.Errorf("filtered, the pool is %v", list)
	}
	shown := b.ok(member, "POST /api/leads/"+l.ID+"/reveal", nil).body
	if contact := shown["contact"].(obj); contact["masked"] != false || contact["phone"] != "+8613800138037" || shown["private"] != nil {
		t.Errorf("a look shows %v and %v", contact, shown["private"])
	}
	pools := b.ok(member, "GET /api/pools", nil).body["pools"].([]any)
	if pools[0].(obj)["reveals_left"] != float64(9) {
		t.Errorf("after a look the pool is %v", pools[0])
	}
	told := b.ok(former, "GET /api/leads/"+l.ID+"/timeline", nil)
	if !strings.Contains(told.raw, "A member of the pool looked at the contact data") {
		t.Errorf("another member is told %s", told.raw)
	}
	if told := b.ok("max", "GET /api/leads/"+l.ID+"/timeline", nil).raw; !strings.Contains(told, " looked at the contact data") || strings.Contains(told, "A member") {
		t.Errorf("the admin is told %s", told)
	}
	b.refused("eva", "POST /api/leads/"+l.ID+"/reveal", nil, "404 not_found")
	b.refused("max", "POST /api/leads/"+l.ID+"/reveal", nil, "403 denied")
	claims := b.ok(member, "POST /api/pools/open-sea/claims", obj{"leads": []string{l.ID, "lnosuch", other.ID}}).body
	first := claims["leads"].([]any)[0].(obj)
	if first["claimed"] != true || b.lead(l.ID).Owner() != member || claims["leads"].([]any)[1].(obj)["why"] != "there is no such lead" {
		t.Errorf("claims are %v", claims)
	}
	if members := b.ok("max", "GET /api/pools/open-sea/members", nil).body["reps"].([]any); len(members) != 4 {
		t.Errorf("%d members", len(members))
	}
}

// counted writes what the sweep counted of a cycle.
func (b *bundle) counted() {
	b.t.Helper()
	tally := lead.Tally{Pool: "open-sea", Cycle: lead.CycleAt(b.clock.Now(), 30*24*time.Hour), Shard: "01",
		Add: map[string]int{"touched": 900, "held_out": 100, "replied": 90, "held_out.replied": 2, "converted": 3}}
	if err := b.table.Commit(b.t.Context(), lead.Change{Tally: &tally}); err != nil {
		b.t.Fatal(err)
	}
}

func TestCyclesAsJSONAndTable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if none := b.ok("mia", "GET /api/pools/open-sea/cycles", nil).body["cycles"].([]any); len(none) != 0 {
		t.Errorf("before the first sweep there are %v", none)
	}
	b.counted()
	cycles := b.ok("max", "GET /api/pools/open-sea/cycles?format=json", nil).body["cycles"].([]any)
	c := cycles[0].(obj)
	if len(cycles) != 1 || c["looked"] != float64(1000) || c["replied"].(obj)["enough"] != true || c["converted"].(obj)["enough"] != false || c["held_out"].(obj)["replied"] != float64(2) {
		t.Errorf("cycles are %v", cycles)
	}
	b.refused("max", "GET /api/pools/open-sea/cycles?format=xls", nil, "422 invalid")

	r := httptest.NewRequest(http.MethodGet, "/api/pools/open-sea/cycles?format=csv", nil)
	r.Header.Set("Authorization", "Bearer dev:max")
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" ||
		w.Header().Get("Content-Disposition") != "attachment; filename=open-sea-cycles.csv" {
		t.Fatalf("the table answered %d %v: %v", w.Code, w.Header(), err)
	}
	if len(rows) != 2 || len(rows[0]) != 22 {
		t.Fatalf("rows are %q", rows)
	}
	for i, want := range map[int]string{0: "open-sea", 3: "1000", 4: "100", 7: "900", 10: "90", 11: "2", 12: "0.0800", 16: "3", 17: "0"} {
		if rows[1][i] != want {
			t.Errorf("%s is %q, want %q", rows[0][i], rows[1][i], want)
		}
	}
}

func TestTasksAndSampleByAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep, at := b.worked(1)
	b.ok(rep, at+"/log", obj{"way": "call", "seconds": 90, "summary": "spoke", "step": "send dates", "step_at": b.clock.Now().Add(4 * time.Hour)})
	tasks := b.ok(rep, "GET /api/tasks", nil).body["tasks"].([]any)
	if len(tasks) != 1 {
		t.Fatalf("tasks are %v", tasks)
	}
	task := tasks[0].(obj)
	if task["do"] != "step" || task["lead"].(obj)["id"] != l.ID || task["reach"].(obj)["now"] != false || fmt.Sprint(task["ways"]) != "[call visit tailored proposal]" || task["value"] != 0.4 {
		t.Errorf("the task is %v", task)
	}
	b.clock.pass(7 * 24 * time.Hour)
	sample := b.ok("max", "GET /api/teams/young/sample?week=2026-W10", nil).body
	one := sample["leads"].([]any)[0].(obj)
	if one["lead"] != l.ID || one["score"] != float64(100) || one["way"] != "call" || sample["reps"].([]any)[0].(obj)["score"] != float64(100) {
		t.Errorf("the sample is %v", sample)
	}
	b.refused("max", "GET /api/teams/young/sample?week=soon", nil, "422 invalid")
}

func TestPoolJobsByAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, _ := b.pooled(1)
	tagged, _ := b.pooled(2)
	b.ok("max", "POST /api/leads/"+tagged.ID+"/tag", obj{"add": []string{"fair"}})
	ask := obj{"from": obj{"pool": "open-sea", "tag": "fair"}, "to": obj{"pool": "school-pool"}, "reason": "pools are joined"}
	if plan := b.ok("max", "POST /api/moves/preview", ask).body; plan["leads"] != float64(1) || plan["moved"] != float64(1) {
		t.Errorf("preview is %v", plan)
	}
	b.ok("max", "POST /api/moves", ask)
	b.sweep()
	if b.lead(tagged.ID).Pool != "school-pool" || b.lead(l.ID).Pool != "open-sea" {
		t.Errorf("leads rest in %s and %s", b.lead(tagged.ID).Pool, b.lead(l.ID).Pool)
	}
	for field, from := range map[string]obj{"from.tag": {"team": "young", "tag": "x"}, "from.cohort": {"rep": "amy", "cohort": "x"}, "from.pool": {"pool": "nosuch"}, "from": {"pool": "open-sea", "team": "young"}} {
		if a := b.refused("max", "POST /api/moves", obj{"from": from, "to": obj{"anew": true}, "reason": "x"}, "422 invalid"); a.body["field"] != field {
			t.Errorf("%v: field is %v, want %s", from, a.body["field"], field)
		}
	}
	if a := b.refused("max", "POST /api/moves", with(ask, "to", obj{"pool": "open-sea"}), "422 invalid"); a.body["field"] != "to.pool" {
		t.Errorf("into the same pool: %v", a.body)
	}
}
