package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// lacks holds that a page does not say what it must not.
func lacks(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(body, text) {
			t.Errorf("the page says %q", text)
		}
	}
}

func TestQualifyAndMoveByPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.change(qualifying)
	l, rep := b.offered(1)
	at := "/leads/" + l.ID
	br := b.browser()
	br.signIn(rep)
	b.ok(rep, "POST /api"+at+"/accept", nil)
	lacks(t, br.page(at, at+"/qualify", `<option value="too early"`, "Your verdict sends the lead on."), at+"/move", "How it would be routed now")
	token := br.token(at)
	if w := br.post(at+"/qualify", url.Values{"csrf": {token}, "verdict": {""}, "note": {"typed"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "typed") {
		t.Errorf("qualifying without a verdict answered %d: %s", w.Code, w.Body)
	}
	if w := br.post(at+"/qualify", url.Values{"csrf": {token}, "verdict": {"ready"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/inbox?done=qualify" {
		t.Errorf("qualifying answered %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	br.page("/inbox?done=qualify", "Qualified: the lead goes on.")

	moved, _ := b.offered(2)
	at = "/leads/" + moved.ID
	br.signIn("max")
	br.page(at, at+"/move", `<option value="anew">`, `<optgroup label="Rep">`, `value="rep:eva"`, `value="pool:school-pool"`, "How it would be routed now")
	token = br.token(at)
	w := br.post(at+"/move", url.Values{"csrf": {token}, "to": {"rep:nobody"}, "reason": {"rep is away"}})
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `id="move-to-wrong"`) || !strings.Contains(body, "no such rep in your teams") {
		t.Errorf("moving to nobody answered %d: %s", w.Code, body)
	}
	if w := br.post(at+"/move", url.Values{"csrf": {token}, "to": {"rep:eva"}, "reason": {"rep is away"}, "version": {"99"}}); w.Code != http.StatusPreconditionFailed {
		t.Errorf("moving an older version answered %d", w.Code)
	}
	if w := br.post(at+"/move", url.Values{"csrf": {token}, "to": {"rep:eva"}, "reason": {"rep is away"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("moving answered %d: %s", w.Code, w.Body)
	}
	br.page(at+"?done=move", "Moved.", "Moved by the manager", "With Eva Stone")
}

func TestPagesTellWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	br := b.browser()
	br.signIn("max")
	name := b.ok("max", "GET /api/reps/"+rep, nil).body["name"].(string)
	br.page("/leads/"+l.ID, "Who stood where", "Could have had it, the first choice first:", `<li>`+name+` <span class="muted">turns a share`)
	body := br.page("/leads/"+l.ID+"/route", "Rules, in their order", `product == "school-classes"`, "would get it.", "had it before", "Team young", "has_phone", "gets it", "able")
	lacks(t, body, name+"</th><td><b>gets it")
	if w := br.get("/leads/lnosuch/route"); w.Code != http.StatusNotFound {
		t.Errorf("a lead that is not there answered %d", w.Code)
	}
	br.page("/leads/"+l.ID+"/route?lang=zh", "规则（按顺序）", "会分配给", "曾经持有")
	br.page("/leads/" + l.ID + "?lang=en")
	br.signIn(rep)
	if w := br.get("/leads/" + l.ID + "/route"); w.Code != http.StatusForbidden {
		t.Errorf("the way of a lead answered %d to a rep", w.Code)
	}
	colleague := b.ok("max", "GET /api/reps/"+peer(rep), nil).body["name"].(string)
	lacks(t, br.page("/leads/"+l.ID, "Who stood where", "4 more could have had it."), colleague)

	b.change(func(d *policy.Document) { d.Routing.Rules = d.Routing.Rules[:1] })
	waits := b.waiting(2)
	br.signIn("dora")
	br.page("/teams/young/triage", "waits until 2026-03-05 01:00 UTC", "/leads/"+waits.ID+"/assign")
	br.page("/leads/"+waits.ID, "Waits for the next shift, until 2026-03-05 01:00 UTC", "Waits for a shift of team young", `off shift: 1 <span class="muted">Dan Moore</span>`)
	br.page("/leads/"+waits.ID+"/route", "It would wait for a shift of team young, until 2026-03-05 01:00 UTC", "no rule holds", "able from 2026-03-05 01:00 UTC")
}

func TestMovesByPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	other, _ := b.offered(2)
	br := b.browser()
	br.signIn("max")
	br.page("/", "Move leads")
	br.page("/moves", `value="rep:`+rep+`"`, `value="territory:young/east"`, "– Shanghai and Hangzhou", `value="team:schools"`, `aria-current="page"`)
	token := br.token("/moves")
	form := func(from, leads, to, reason string) url.Values {
		return url.Values{"csrf": {token}, "from": {from}, "leads": {leads}, "to": {to}, "reason": {reason}}
	}
	for _, c := range []struct {
		form  url.Values
		field string
	}{
		{form("", "", "anew", "rep leaves"), "from"}, {form("rep:nobody", "", "anew", "rep leaves"), "from"}, {form("rep:"+rep, "L 1", "anew", "x"), "from"},
		{form("", "l1\nl1", "anew", "rep leaves"), "leads"}, {form("rep:"+rep, "", "", "rep leaves"), "to"}, {form("rep:"+rep, "", "anew", ""), "reason"},
		{form("territory:young/nowhere", "", "anew", "x"), "from"}, {form("rep:"+rep, "", "rep:"+rep, "x"), "to"},
	} {
		w := br.post("/moves/preview", c.form)
		if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `id="moves-`+c.field+`-wrong"`) {
			t.Errorf("%v answered %d, want a fault at %s: %s", c.form, w.Code, c.field, body)
		}
	}
	ask := form("", "https://desk.example.com/leads/"+l.ID+"?done=log,\n"+other.ID, "rep:eva", "team closes")
	w := br.post("/moves/preview", ask)
	br.keep("preview", w.Body.String())
	for _, want := range []string{"2 of 2 leads would be moved.", "<caption>Given to</caption>", "Eva Stone", `name="to" value="rep:eva"`, `<option value="rep:eva" selected>`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("preview lacks %q: %s", want, w.Body)
		}
	}
	if w := br.post("/moves", url.Values{"from": {"rep:" + rep}, "to": {"anew"}, "reason": {"x"}}); w.Code != http.StatusForbidden {
		t.Errorf("a post from elsewhere answered %d", w.Code)
	}
	w = br.post("/moves", ask)
	job, done, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || done != "done=begin" {
		t.Fatalf("beginning answered %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	br.page(job+"?done=begin", "Begun: the leads", `http-equiv="refresh"`, "2 leads by id → to Eva Stone", job+"/stop")
	b.sweep()
	lacks(t, br.page(job, "done", "<b>2</b> <span>moved of 2 looked at", "Eva Stone"), `http-equiv="refresh"`, job+"/stop")
	if got := b.lead(other.ID); got.Owner() != "eva" {
		t.Errorf("lead is with %q", got.Owner())
	}
	br.page("/leads/"+l.ID, "together with others", `href="`+job+`"`)
	br.signIn("eva")
	lacks(t, br.page("/leads/"+l.ID, "together with others"), `href="`+job+`"`) // not for her eyes
	br.signIn("max")
	token = br.token("/moves")

	w = br.post("/moves", form("territory:schools/china", "", "pool:school-pool", "territory changes hands"))
	job, _, _ = strings.Cut(w.Header().Get("Location"), "?")
	if w := br.post(job+"/stop", url.Values{"csrf": {token}}); w.Header().Get("Location") != job+"?done=stop" {
		t.Errorf("stopping answered %d: %s", w.Code, w.Body)
	}
	b.sweep()
	br.page(job+"?done=stop", "Stopped.", "stopped", "Leads of team Schools in territory China → into pool Schools")
	br.page("/moves?lang=zh", "批量转移", "已停止", "以往的转移")
	if got := b.lead(l.ID); got.State == lead.StatePooled {
		t.Error("a stopped job moved a lead")
	}
	for user, want := range map[string]int{"amy": http.StatusForbidden, "dora": http.StatusForbidden, "omar": http.StatusOK} {
		br.signIn(user)
		if w := br.get("/moves"); w.Code != want {
			t.Errorf("moves answered %d to %s, want %d", w.Code, user, want)
		}
	}
}

func TestRepsPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.outcomes(6)
	br := b.browser()
	br.signIn("dora")
	br.page("/", "/teams/young/reps")
	body := br.page("/teams/young/reps", "Reps of Young learners", "Amy Lin", "on shift", "senior", `<svg class="bar"`, "Conversion by channel", "website", "2026-03", "2026-02", `href="/teams/schools/reps"`)
	if got := strings.Count(body, `class="span"`); got != 4 {
		t.Errorf("%d bars for 4 reps", got)
	}
	br.page("/teams/schools/reps?lang=zh", "各渠道转化率", "Eva Stone") // cai is of both teams
	br.signIn("amy")
	if w := br.get("/teams/young/reps"); w.Code != http.StatusNotFound {
		t.Errorf("the reps' page answered %d to a rep", w.Code)
	}
}
