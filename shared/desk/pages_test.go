package desk_test

import (
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// page asks for a page that must be there, and that holds all of the texts.
func (br *browser) page(target string, want ...string) string {
	br.b.t.Helper()
	w := br.get(target)
	body := html.UnescapeString(w.Body.String())
	if w.Code != http.StatusOK {
		br.b.t.Fatalf("%s answered %d: %s\n%s", target, w.Code, body, &br.b.logs)
	}
	if strings.Contains(body, "%!") {
		br.b.t.Errorf("%s holds a text with something wrongly filled in: %s", target, body)
	}
	for _, text := range want {
		if !strings.Contains(body, text) {
			br.b.t.Errorf("%s lacks %q", target, text)
		}
	}
	br.keep(target, w.Body.String())
	return body
}

// keep writes a page to $SLUICE_PAGES, for looking at.
func (br *browser) keep(name, body string) {
	folder := os.Getenv("SLUICE_PAGES")
	if folder == "" {
		return
	}
	name = strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "_").Replace(br.b.t.Name() + name)
	if err := os.WriteFile(filepath.Join(folder, name+".html"), []byte(body), 0o600); err != nil {
		br.b.t.Fatal(err)
	}
}

func TestPagesShowALead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	br := b.browser()
	br.page("/", "Sign in", "/f/trial")
	br.page("/sign-in", "Amy Lin")
	br.signIn(rep)
	br.page("/", "My inbox", "Pool: Open sea", `href="/f/trial"`)
	b.clock.pass(18 * time.Minute)
	br.page("/inbox", "Test Person B", "Offered", "in 42 min", l.Number)
	at := "/leads/" + l.ID
	br.page(at, "+8613800138037", "person1@example.com", "budget stated +20", "Please call in the evening.", "goes to the next rep",
		"Offered to", "Rule: kids", "policy 1", at+"/accept", at+"/reject")

	token := br.token(at)
	w := br.post(at+"/accept", url.Values{"csrf": {token}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != at+"?done=accept" {
		t.Fatalf("accepting answered %d to %q: %s", w.Code, to, w.Body)
	}
	body := br.page(at+"?done=accept", "The lead is yours.", "In progress", at+"/log", at+"/convert")
	if strings.Contains(body, at+"/accept") {
		t.Error("an accepted lead can be accepted again")
	}
	w = br.post(at+"/log", url.Values{"csrf": {token}, "way": {"call"}, "summary": {"<b>Wants</b> a lesson"}, "step_at": {"2026-03-06T10:00"}, "step": {"send dates"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("logging answered %d: %s", w.Code, w.Body)
	}
	br.page(at, "Followed up: Call", "send dates", "2026-03-06 10:00 +08:00")
	if body := br.get(at).Body.String(); !strings.Contains(body, "&lt;b&gt;Wants&lt;/b&gt; a lesson") {
		t.Error("a note is not shown as it was written")
	}
	if got := b.lead(l.ID).Period.NextStep; got.Sub(b.clock.Now()) > 50*time.Hour || got.IsZero() {
		t.Errorf("next step is %s", got)
	}
	w = br.post(at+"/convert", url.Values{"csrf": {token}, "value": {"1,200.5"}, "currency": {"eur"}})
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an amount with two separators answered %d", w.Code)
	}
	w = br.post(at+"/convert", url.Values{"csrf": {token}, "value": {"1200.5"}, "currency": {"eur"}})
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/inbox?done=convert" {
		t.Errorf("converting answered %d to %q: %s", w.Code, to, w.Body)
	}
	if got := b.lead(l.ID).Value; got != (lead.Money{Amount: 120050, Currency: "EUR"}) {
		t.Errorf("value is %v", got)
	}
	br.page("/inbox?done=convert", "Converted. Congratulations!", "Nothing waits for you.")
}

func TestPageTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	br := b.browser()
	br.signIn(rep)
	at := "/leads/" + l.ID
	token := br.token(at)
	w := br.post(at+"/reject", url.Values{"csrf": {token}, "reason": {"call 13800138000"}, "note": {"what I typed"}})
	body := w.Body.String()
	br.keep("fault", body)
	for _, want := range []string{`role="alert"`, "kept in the clear", `aria-invalid="true"`, "what I typed", "<details class=\"card act\" id=\"act-reject\" open"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q: %s", want, body)
		}
	}
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong reason answered %d", w.Code)
	}
	// The offer passes on while the page stands open.
	b.ok(rep, "POST /api"+at+"/accept", nil)
	if w := br.post(at+"/accept", url.Values{"csrf": {token}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "accepted this lead already") {
		t.Errorf("accepting again answered %d: %s", w.Code, w.Body)
	}
	b.ok(rep, "POST /api"+at+"/release", obj{"reason": "no time"})
	if w := br.post(at+"/log", url.Values{"csrf": {token}, "way": {"call"}}); w.Code != http.StatusForbidden && w.Code != http.StatusConflict {
		t.Errorf("logging on a lead that is gone answered %d: %s", w.Code, w.Body)
	}
	for target, want := range map[string]int{"/nosuch": 404, "/leads/lnosuch": 404, "/pools/nosuch": 404, "/quarantine": 403, "/teams/young/triage": 404, "/inbox?limit=x": 422} {
		if w := br.get(target); w.Code != want || !strings.Contains(w.Body.String(), "<h1>") {
			t.Errorf("%s answered %d, want %d: %s", target, w.Code, want, w.Body)
		}
	}
	if w := br.get(at + "/accept"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
		t.Errorf("an act by GET answered %d", w.Code)
	}
}

func TestPoolTriageAndQuarantinePages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pooled, former := b.pooled(1)
	br := b.browser()
	br.signIn(peer(former))
	body := br.page("/pools/open-sea", "T••• P••• B•••", "claim 20 more today", "/leads/"+pooled.ID+"/claim")
	body += br.page("/leads/"+pooled.ID, "+86 ••• 37", "Masked until", "released: no time")
	for _, private := range []string{"Test Person", "138037", "person1@", "in the evening"} {
		if strings.Contains(body, private) {
			t.Errorf("the pool shows %q", private)
		}
	}
	w := br.post("/leads/"+pooled.ID+"/claim", url.Values{"csrf": {br.token("/pools/open-sea")}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("claiming answered %d: %s", w.Code, w.Body)
	}
	br.page("/leads/"+pooled.ID+"?done=claim", "Test Person B", "Claimed: the lead is yours.")

	l, rep := b.offered(2)
	b.ok(rep, "POST /api/leads/"+l.ID+"/reject", obj{"reason": "wrong region"})
	br.signIn("dora")
	br.page("/teams/young/triage", "Test Person C", "Triage: Young learners", "Eva Stone (0/300)")
	w = br.post("/leads/"+l.ID+"/assign", url.Values{"csrf": {br.token("/teams/young/triage")}, "rep": {"eva"}, "version": {"99"}})
	if w.Code != http.StatusPreconditionFailed {
		t.Errorf("assigning an older version answered %d", w.Code)
	}
	w = br.post("/leads/"+l.ID+"/assign", url.Values{"csrf": {br.token("/teams/young/triage")}, "rep": {"eva"}})
	if to := w.Header().Get("Location"); to != "/teams/young/triage?done=assign" {
		t.Errorf("assigning answered %d to %q: %s", w.Code, to, w.Body)
	}
	br.signIn("omar")
	if err := b.table.Commit(t.Context(), lead.Change{Submission: &lead.Submission{ID: "s1", Form: "trial", Received: b.clock.Now(),
		Outcome: lead.OutcomeQuarantined, Reason: "phone: repeated digits", Expires: b.clock.Now().Add(time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	br.page("/quarantine", "phone: repeated digits", "s1")
	br.page("/leads/"+l.ID, "does not see contact data")
}

func TestPagesSpeakChinese(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	br := b.browser()
	br.signIn(rep)
	br.page("/inbox?lang=zh", `lang="zh"`, "我的线索", "待接受", "小时后")
	br.page("/leads/"+l.ID, "评为 A+ 级", "拒绝", "策略第 1 版", "时间按 Asia/S") // the choice is remembered
	if w := br.get("/nosuch"); !strings.Contains(w.Body.String(), "找不到") {
		t.Errorf("the error page says %s", w.Body)
	}
}

// TestStageInEveryAddress serves the desk where API Gateway puts a stage's name
// before every path: no address may leave it out.
func TestStageInEveryAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l, rep := b.offered(1)
	b.pooled(2)
	served := trigger.HTTP(slog.New(slog.DiscardHandler), b.desk)
	ask := func(user, target string) events.APIGatewayProxyResponse {
		payload, err := json.Marshal(events.APIGatewayProxyRequest{HTTPMethod: http.MethodGet, Path: target, Resource: "/{proxy+}",
			Headers:        map[string]string{"Host": "abc.execute-api.eu-central-1.amazonaws.com", "Authorization": "Bearer dev:" + user},
			RequestContext: events.APIGatewayProxyRequestContext{Path: "/live" + target}})
		if err != nil {
			t.Fatal(err)
		}
		out, err := served.Invoke(t.Context(), payload)
		var answer events.APIGatewayProxyResponse
		if json.Unmarshal(out, &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	address := regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	job := b.ok("max", "POST /api/moves", obj{"from": obj{"rep": rep}, "to": obj{"anew": true}, "reason": "rep is away"}).body["id"].(string)
	pages := map[string]string{"/": rep, "/inbox": rep, "/leads/" + l.ID: rep, "/pools/open-sea": rep, "/sign-in": rep, "/nosuch": rep,
		"/leads/" + l.ID + "/route": "max", "/moves": "max", "/moves/" + job: "max", "/teams/young/reps": "max"}
	for target, user := range pages {
		body := ask(user, target).Body
		found := address.FindAllStringSubmatch(body, -1)
		if len(found) < 5 {
			t.Errorf("%s has %d addresses: %s", target, len(found), body)
		}
		for _, a := range found {
			if !strings.HasPrefix(a[1], "/live/") && !strings.HasPrefix(a[1], "#") && !strings.HasPrefix(a[1], "tel:") && !strings.HasPrefix(a[1], "mailto:") {
				t.Errorf("%s leads to %q", target, a[1])
			}
		}
	}
}
