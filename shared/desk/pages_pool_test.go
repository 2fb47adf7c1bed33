package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sluice/shared/policy"
)

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
	body := br.page("/tasks", "Do what you planned", "Accept or reject", "expected value 0.4", "suggested: Call, Visit, tailored proposal", "Contacted often enough", "May be contacted now.",
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
