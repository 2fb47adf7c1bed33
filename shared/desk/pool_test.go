package desk_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
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

func TestPoolPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.change(func(d *policy.Document) { two := 2; d.Pools[0].ClaimDaily = &two })
	var ids []string
	var member string
	for n := 0; len(ids) < 3; n++ {
		l, former := b.pooled(n)
		if member == "" {
			member = peer(former)
		}
		if former != member {
			ids = append(ids, l.ID)
		}
	}
	b.ok("max", "POST /api/leads/"+ids[0]+"/tag", obj{"add": []string{"fair"}})
	br := b.browser()
	br.signIn(member)
	const at = "/pools/open-sea"
	br.page(at, `type="checkbox" form="claims" name="lead" value="`+ids[1]+`"`, "You may look at 10 more before claiming.", `<span class="tag">fair</span>`, "1 had it before")
	lacks(t, br.page(at+"?tag=fair&grade=A%2B", "/leads/"+ids[0], `<option selected>A+</option>`, `value="fair"`), "/leads/"+ids[1])
	br.page(at+"?grade=D", "No lead of this page is so graded")
	token := br.token(at)

	w := br.post("/leads/"+ids[0]+"/reveal", url.Values{"csrf": {token}})
	body := w.Body.String()
	br.keep("reveal", body)
	if w.Code != http.StatusOK || !strings.Contains(body, "Test Person") || !strings.Contains(body, "This look is counted") || !strings.Contains(body, `hreflang`) {
		t.Errorf("looking answered %d: %s", w.Code, body)
	}
	lacks(t, br.page("/leads/"+ids[0], "Masked until", "looked at the contact data", "Look at the contact data"), "Test Person")

	w = br.post(at+"/claims?grade=A%2B", url.Values{"csrf": {token}, "lead": ids})
	body = w.Body.String()
	br.keep("claims", body)
	for _, want := range []string{"2 of 3 claimed.", "today&#39;s limit of 2 claims is reached", "You may claim 0 more today", "/leads/" + ids[2]} {
		if !strings.Contains(body, want) {
			t.Errorf("after claiming the page lacks %q: %s", want, body)
		}
	}
	if w := br.post(at+"/claims", url.Values{"csrf": {token}}); !strings.Contains(w.Body.String(), "Tick the leads") {
		t.Errorf("claiming nothing answered %d: %s", w.Code, w.Body)
	}
	if w := br.post(at+"/claims", url.Values{"lead": ids}); w.Code != http.StatusForbidden {
		t.Errorf("a post from elsewhere answered %d", w.Code)
	}
	br.page(at+"?lang=zh", "公海：Open sea", "今天还可以领取 0 条")
}

func TestCyclesPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	br := b.browser()
	br.signIn("max")
	br.page("/pools/open-sea/cycles", "has looked at no lead of this pool yet")
	b.counted()
	br.page("/pools/open-sea", "/pools/open-sea/cycles")
	br.page("/pools/open-sea/cycles", "Sweep of Open sea", "90/900 (10 %)", "2/100 (2.0 %)", "the sweep helps", "too few to tell", "format=csv", "left alone")
	br.page("/pools/open-sea/cycles?lang=zh", "清扫有效", "对照组", "留作对照")
	br.signIn("amy")
	if w := br.get("/pools/open-sea/cycles"); w.Code != http.StatusNotFound {
		t.Errorf("a member is answered %d", w.Code)
	}
}

func TestTasksAndSamplePages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep, at := b.worked(1)
	offer, _ := b.offered(2)
	for n := 3; offer.Owner() != rep; n++ {
		offer, _ = b.offered(n)
	}
	b.ok(rep, at+"/log", obj{"way": "call", "seconds": 90, "summary": "spoke", "step": "send dates", "step_at": b.clock.Now().Add(4 * time.Hour)})
	br := b.browser()
	br.signIn(rep)
	br.page("/", "My tasks")
	body := br.page("/tasks", "Do what you planned", "Accept or reject", "chance 40 %", "suggested: Call, Visit, tailored proposal", "Contacted often enough", "May be contacted now.",
		"/leads/"+l.ID+"#act-log", "/leads/"+offer.ID+"/accept", `href="tel:+86`)
	if strings.Index(body, "/leads/"+offer.ID) > strings.Index(body, "/leads/"+l.ID) {
		t.Error("what is more pressing comes second")
	}
	br.page("/tasks?lang=zh", "执行计划的下一步", "建议方式", "联系已达上限")
	br.page("/tasks?lang=en")
	b.clock.pass(7 * 24 * time.Hour)
	br.signIn("max")
	br.page("/tasks?rep="+rep, "Tasks of "+rep)
	br.page("/teams/young/sample?week=2026-W10", "Records of Young learners", "2026-W10", "/leads/"+l.ID, `<span class="yes">yes</span>`, "100", "By rep", `href="/teams/schools/sample"`)
	br.page("/teams/schools/sample", "No lead of the team")
	br.page("/teams/schools/sample?lang=zh", "记录抽查", "没有需要跟进的线索")
}

// TestLeadPageKeeps walks through what a rep does to keep a lead, by its page.
func TestLeadPageKeeps(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep, _ := b.worked(1)
	at := "/leads/" + l.ID
	br := b.browser()
	br.signIn(rep)
	body := br.page(at, "What happens next", "The rep is reminded.", "Unless a follow-up is logged by then", "May be contacted now.", "Protected until 2026-04-03 16:00 +08:00", `class="to-come"`,
		at+"/deal", at+"/opt-out", `id="log-seconds"`, "More</summary>")
	lacks(t, body, `id="log-beyond"`, at+"/extend", `<button class="primary big">Do not contact`)
	token := br.token(at)
	post := func(act string, form url.Values, want int, texts ...string) {
		t.Helper()
		form.Set("csrf", token)
		w := br.post(at+"/"+act, form)
		if w.Code != want {
			t.Errorf("%s answered %d, want %d: %s", act, w.Code, want, w.Body)
		}
		for _, text := range texts {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s: the page lacks %q: %s", act, text, w.Body)
			}
		}
	}
	post("log", url.Values{"way": {"call"}, "seconds": {"4:99"}}, http.StatusUnprocessableEntity, `id="log-seconds-wrong"`)
	post("log", url.Values{"way": {"visit"}, "check_in": {"here"}}, http.StatusUnprocessableEntity, `id="log-check_in-wrong"`, `<details class="extra" open>`)
	post("log", url.Values{"way": {"call"}, "seconds": {"4:30"}, "links": {"https://files.example.com/a.pdf\nhttps://files.example.com/b.pdf"}}, http.StatusSeeOther)
	post("log", url.Values{"way": {"visit"}, "check_in": {"31.2304, 121.4737"}}, http.StatusConflict, `id="log-beyond-wrong"`, "may be again from", "31.2304, 121.4737")
	post("log", url.Values{"way": {"visit"}, "check_in": {"31.2304, 121.4737"}, "beyond": {"an appointment was made"}}, http.StatusSeeOther)
	post("log", url.Values{"way": {"mail"}, "inbound": {"yes"}, "done": {"2026-03-04T15:30"}}, http.StatusSeeOther)
	br.page(at, "5 min talked", `href="https://files.example.com/b.pdf" rel="noreferrer noopener"`, "checked in", "Checked in at 31.23040, 121.47370", "Beyond the contact limits: an appointment was made",
		"The customer came back to us: E-mail", "took place 2026-03-04 15:30 +08:00", "Contacted often enough", `id="log-beyond"`, at+"/extend")
	post("extend", url.Values{"reason": {"budget is near"}}, http.StatusSeeOther)
	post("deal", url.Values{"value": {"1200.50"}, "currency": {"eur"}, "close": {"2026-05-01"}}, http.StatusSeeOther)
	br.page(at+"?done=deal", "the deal is noted", "A deal is open", "Close the deal", "Deal opened: 1200.50 EUR, expected by 2026-05-01", `name="over" value="yes"`)
	post("deal", url.Values{"over": {"yes"}}, http.StatusSeeOther)
	post("tag", url.Values{"add": {"fair, hannover"}}, http.StatusSeeOther)
	post("tag", url.Values{"add": {"call-13800138000"}}, http.StatusUnprocessableEntity, `id="tag-add-wrong"`)
	br.page(at, `<span class="tag">hannover</span>`, `<option value="fair"`, "It was extended.", "Deal closed")
	post("opt-out", url.Values{}, http.StatusSeeOther)
	br.page(at+"?done=opt-out", "Nobody contacts this person any more.", "Does not want to be contacted any more.")
}

// TestPoolAdminPages: who looks after a pool, and is nothing else, gives its leads to
// its members and moves them among their pools.
func TestPoolAdminPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.change(func(d *policy.Document) {
		d.Pools[0].Admins = []string{"cora"}
		d.Pools = append(d.Pools, policy.Pool{ID: "guests", Name: "Guests", Admins: []string{"cora"}})
	})
	l, former := b.pooled(1)
	moved, _ := b.pooled(2)
	br := b.browser()
	br.signIn("cora")
	br.page("/", "Pool: Open sea", "Move leads")
	lacks(t, br.page("/pools/open-sea", "T••• P•••", "/leads/"+l.ID+"/assign", "Dan Moore (0/60)", "What the sweep did"), "Eva Stone", "/leads/"+l.ID+"/claim")
	at := "/leads/" + l.ID
	lacks(t, br.page(at, "Masked until", `id="assign-rep"`, `value="rep:`+former+`"`, `value="pool:guests"`), `value="anew"`, `value="pool:school-pool"`, `value="rep:eva"`)
	lacks(t, br.page("/moves", `value="pool:open-sea"`, `id="moves-tag"`), `value="anew"`, `id="moves-leads"`, "All that a rep has", `value="rep:eva"`)
	token := br.token("/moves")
	if w := br.post(at+"/assign", url.Values{"csrf": {token}, "rep": {peer(former)}}); w.Code != http.StatusSeeOther {
		t.Errorf("assigning answered %d: %s", w.Code, w.Body)
	}
	form := url.Values{"csrf": {token}, "from": {"pool:open-sea"}, "tag": {"two words too many" + strings.Repeat("x", 80)}, "to": {"pool:guests"}, "reason": {"for guests"}}
	if w := br.post("/moves/preview", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="moves-tag-wrong"`) {
		t.Errorf("a tag that cannot be answered %d: %s", w.Code, w.Body)
	}
	form.Set("tag", "")
	if w := br.post("/moves/preview", form); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "1 of 1 leads would be moved.") {
		t.Errorf("looking first answered %d: %s", w.Code, w.Body)
	}
	w := br.post("/moves", form)
	job, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	br.page(job, "All leads of pool Open sea → into pool Guests", job+"/stop")
	b.sweep()
	br.page(job, "<b>1</b> <span>moved of 1 looked at")
	if b.lead(moved.ID).Pool != "guests" || b.lead(l.ID).Owner() != peer(former) {
		t.Errorf("leads are in %q and with %q", b.lead(moved.ID).Pool, b.lead(l.ID).Owner())
	}
}
