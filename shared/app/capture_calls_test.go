package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"sluice/events"
	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/webhook"
)

func TestHookRefuses(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	other, err := webhook.NewSecret([]byte(strings.Repeat("x", 32)))
	if err != nil {
		t.Fatal(err)
	}
	good := outcome(l.ID, "c-1", lead.Talked)
	with := func(name string, value any) told {
		changed := maps.Clone(good)
		changed[name] = value
		return changed
	}
	without := func(name string) told {
		changed := maps.Clone(good)
		delete(changed, name)
		return changed
	}
	// raw signs another body in the place of the one given.
	raw := func(text string) func(*webhook.Headers, *[]byte) {
		return func(h *webhook.Headers, body *[]byte) {
			*body = []byte(text)
			*h = webhook.Sign(h.ID, b.clock.Now(), *body, c.secret)
		}
	}
	at := func(moment time.Time) func(*webhook.Headers, *[]byte) {
		return func(h *webhook.Headers, body *[]byte) { *h = webhook.Sign(h.ID, moment, *body, c.secret) }
	}
	for name, x := range map[string]struct {
		told   any
		list   string
		change func(*webhook.Headers, *[]byte)
		status int
		field  string
	}{
		"another secret": {good, "spring", func(h *webhook.Headers, body *[]byte) {
			*h = webhook.Sign(h.ID, b.clock.Now(), *body, other)
		}, 401, "webhook-signature"},
		"no signature":       {good, "spring", func(h *webhook.Headers, _ *[]byte) { h.Signature = "" }, 401, "webhook-signature"},
		"no headers":         {good, "spring", func(h *webhook.Headers, _ *[]byte) { *h = webhook.Headers{} }, 401, "webhook-signature"},
		"another body":       {good, "spring", func(_ *webhook.Headers, body *[]byte) { *body = append(*body, ' ') }, 401, "webhook-signature"},
		"an old one":         {good, "spring", at(b.clock.Now().Add(-6 * time.Minute)), 401, "webhook-signature"},
		"one of tomorrow":    {good, "spring", at(b.clock.Now().Add(6 * time.Minute)), 401, "webhook-signature"},
		"a list without one": {good, "autumn", nil, 401, "webhook-signature"},
		"no such list":       {good, "summer", nil, 404, "list"},
		"a list of a path":   {good, "..%2Fspring", nil, 404, "list"},
		"too large":          {with("summary", strings.Repeat("x", 64<<10)), "spring", nil, 413, "body"},
		"not JSON":           {good, "spring", raw("call=c-1&lead=l1"), 400, "body"},
		"half of it":         {good, "spring", raw(`{"type":"call.completed","call":`), 400, "body"},
		"two of it":          {good, "spring", raw(`{"type":"call.completed"}{}`), 400, "body"},
		"a list of it":       {good, "spring", raw(`[]`), 422, ""},
		"nothing":            {good, "spring", raw(""), 400, "body"},
		"null":               {good, "spring", raw("null"), 422, "type"},
		"no type":            {without("type"), "spring", nil, 422, "type"},
		"no call":            {without("call"), "spring", nil, 422, "call"},
		"an endless call":    {with("call", strings.Repeat("x", 101)), "spring", nil, 422, "call"},
		"a call of a number": {with("call", "+14155550132"), "spring", nil, 422, "call"},
		"a number for one":   {with("call", 5), "spring", nil, 422, "call"},
		"no lead":            {without("lead"), "spring", nil, 422, "lead"},
		"no id of a lead":    {with("lead", "a b"), "spring", nil, 422, "lead"},
		"no outcome":         {without("outcome"), "spring", nil, 422, "outcome"},
		"another outcome":    {with("outcome", "delighted"), "spring", nil, 422, "outcome"},
		"a negative time":    {with("seconds", -1), "spring", nil, 422, "seconds"},
		"more than a day":    {with("seconds", 86401), "spring", nil, 422, "seconds"},
		"half a second":      {with("seconds", 0.5), "spring", nil, 422, "seconds"},
		"an endless summary": {with("summary", strings.Repeat("é", 4001)), "spring", nil, 422, "summary"},
		"a control mark":     {with("summary", "a\x00b"), "spring", nil, 422, "summary"},
		"a call to come":     {with("at", b.clock.Now().Add(time.Hour)), "spring", nil, 422, "at"},
		"no moment":          {with("at", "yesterday"), "spring", nil, 422, "at"},
	} {
		var changes []func(*webhook.Headers, *[]byte)
		if x.change != nil {
			changes = append(changes, x.change)
		}
		w := b.hook(c, "msg_1", x.list, x.told, changes...)
		var problem struct {
			Status        int
			Detail, Field string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != x.status || problem.Status != x.status ||
			problem.Field != x.field || problem.Detail == "" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: answered %d %s, want %d for %q", name, w.Code, w.Body, x.status, x.field)
		}
	}
	if queued := b.intake.all(); len(queued) != 0 {
		t.Errorf("queued %d messages all the same", len(queued))
	}
}

func TestHookTakes(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	next, err := webhook.NewSecret([]byte(strings.Repeat("x", 32)))
	if err != nil {
		t.Fatal(err)
	}
	if err := app.KeepSecrets(t.Context(), b.table, b.vault, app.SecretOfList("spring"), next, c.secret); err != nil {
		t.Fatal(err)
	}
	full := outcome(l.ID, strings.Repeat("c", 100), lead.NotInterested)
	full["seconds"], full["summary"], full["at"] = 86400, strings.Repeat("é", 4000), b.clock.Now().Add(4*time.Minute)
	full["recording"] = map[string]any{"url": "https://vendor.example.com/r/1"}
	for name, body := range map[string]told{
		"all there is":      full,
		"no more than need": {"type": "call.completed", "lead": l.ID, "call": "c", "outcome": lead.Busy},
	} {
		if w := b.hook(c, "msg_"+strconv.Itoa(len(body)), "spring", body); w.Code != http.StatusAccepted || strings.TrimSpace(w.Body.String()) != `{"taken":true}` {
			t.Errorf("%s: answered %d %s", name, w.Code, w.Body)
		}
	}
	if w := b.hook(c, "msg_3", "spring", full, func(h *webhook.Headers, body *[]byte) {
		*h = webhook.Sign(h.ID, b.clock.Now(), *body, next)
	}); w.Code != http.StatusAccepted {
		t.Errorf("signed with the new secret: %d %s", w.Code, w.Body)
	}
	if n := len(b.intake.all()); n != 3 {
		t.Errorf("%d messages are queued, want 3", n)
	}
	if w := b.hook(c, "msg_4", "spring", told{"type": "call.started", "call": "c"}); w.Code != http.StatusAccepted || len(b.intake.all()) != 3 {
		t.Errorf("another type: %d %s", w.Code, w.Body)
	}
	b.drain()
	if calls := b.calls(l.ID); len(calls) != 2 {
		t.Errorf("%d calls are recorded, want 2", len(calls))
	}
}

// TestHookThroughTheGateway takes the webhook of the event as API Gateway passes it on:
// its signature is over the bytes as they were sent.
func TestHookThroughTheGateway(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, _ := calling(t, c)
	payload, err := events.Load("capture-call")
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.run["capture"].Invoke(t.Context(), payload)
	if err != nil || !strings.Contains(string(out), `"statusCode":202`) || len(b.intake.all()) != 1 {
		t.Fatalf("answered %s, %v", out, err)
	}
	if b.handle("intake", b.intake.take(1)...) != 0 || !strings.Contains(b.logs.String(), `"call":"c-20260304-0007"`) {
		t.Errorf("the log is %s", b.logs)
	}
	b.clock.pass(6 * time.Minute)
	if out, err := b.run["capture"].Invoke(t.Context(), payload); err != nil || !strings.Contains(string(out), `"statusCode":401`) {
		t.Errorf("6 minutes later: %s, %v", out, err)
	}
}

// TestHookIsDurable: a webhook that cannot be queued is not taken, and comes again.
func TestHookIsDurable(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	b.intake.down = true
	w := b.hook(c, "msg_1", "spring", outcome(l.ID, "c-1", lead.Talked))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "outage") {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	f := b.withFaults()
	b.intake.down = false
	f.fail(1, "Open")
	if w := b.hook(c, "msg_1", "spring", outcome(l.ID, "c-1", lead.Talked)); w.Code != http.StatusServiceUnavailable {
		t.Errorf("with the vault down: %d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest(http.MethodGet, "/hooks/calls/spring", nil)
	get := httptest.NewRecorder()
	if b.capture.ServeHTTP(get, r); get.Code != http.StatusMethodNotAllowed || get.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET answered %d", get.Code)
	}
}

// TestIntakeRefusesWhatIsNoReport: such messages end in the dead letters.
func TestIntakeRefusesWhatIsNoReport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, body := range []string{
		`{"kind":"call"}`, `{"kind":"call","list":"spring","lead":"l1","call":"c1"}`, `{"kind":"chat","id":"x"}`,
		`{"kind":"call","list":"spring","lead":"l1","call":"c1","outcome":"busy","more":1}`,
		`{"kind":"call","list":"spring","lead":"l1","call":"c1","outcome":"busy"} {}`,
		`{"kind":"call","list":"spring","lead":"l1","call":"c1","outcome":"busy","seconds":"5"}`,
	} {
		if b.handle("intake", []byte(body)) != 1 {
			t.Errorf("%s was taken", body)
		}
	}
}

// TestLostAnswerAtAReport: the transaction was done and its answer lost; the message
// comes again and changes nothing more.
func TestLostAnswerAtAReport(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	b.listed(l.ID)
	b.activate("amy")
	f := b.withFaults()
	for i, method := range []string{"Commit", "Lead", "Reps", "Open"} {
		id := strconv.Itoa(i)
		answer := lead.NotInterested
		if method != "Commit" {
			answer = lead.Interested
		}
		if w := b.hook(c, "msg_"+id, "spring", outcome(l.ID, "c-"+id, answer)); w.Code != http.StatusAccepted {
			t.Fatal(w.Body)
		}
		m := b.intake.take(1)[0]
		f.lose(1, method)
		failed := b.handle("intake", m)
		if b.handle("intake", m) != 0 {
			t.Fatalf("%s: intake failed again: %s", method, b.logs)
		}
		if n := len(b.calls(l.ID)); n != i+1 {
			t.Errorf("%s (failed %d): %d calls, want %d", method, failed, n, i+1)
		}
	}
	b.counters()
}
