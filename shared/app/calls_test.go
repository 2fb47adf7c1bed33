package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/app"
	"sluice/shared/deliver"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/webhook"
)

// caller is the vendor of a call list: it remembers what it was asked, and answers as
// it is told.
type caller struct {
	*httptest.Server
	secret webhook.Secret

	mu     sync.Mutex
	status int
	asked  []asked
}

type asked struct {
	webhook.Headers
	body []byte
}

func newCaller(t *testing.T) *caller {
	t.Helper()
	secret, err := webhook.NewSecret(slices.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{secret: secret, status: http.StatusAccepted}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked = append(c.asked, asked{webhook.Headers{ID: r.Header.Get(webhook.HeaderID), Timestamp: r.Header.Get(webhook.HeaderTimestamp),
			Signature: r.Header.Get(webhook.HeaderSignature)}, body})
		w.WriteHeader(c.status)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *caller) answers(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status = status
}

func (c *caller) all() []asked {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked)
}

// calling is a house with a lead in a pool, all of whose leads go on the call list
// spring, which is the vendor's where there is one.
func calling(t *testing.T, c *caller) (*bundle, lead.Lead) {
	t.Helper()
	b, l := stocked(t, "true", func(d *policy.Document) {
		d.Lists = []policy.CallList{{ID: "spring", Name: "Spring"}, {ID: "autumn", Name: "Autumn"}}
		d.Deadlines.List = new(policy.Duration(365 * 24 * time.Hour)) // the looks of a cycle are weeks apart
		if c != nil {
			d.Lists[0].URL = c.URL + "/calls"
		}
		for i := range d.Pools {
			if d.Pools[i].ID == "open-sea" {
				d.Pools[i].List = "spring"
			}
		}
	})
	if c != nil {
		b.run["deliver"] = b.deliverBy(deliver.NewCaller(deliver.CallerOptions{Loopback: true, Limit: 2 * time.Second}))
		if err := app.KeepSecrets(t.Context(), b.table, b.vault, app.SecretOfList("spring"), c.secret); err != nil {
			t.Fatal(err)
		}
	}
	return b, l
}

func (b *bundle) deliverBy(c app.Caller) handler {
	return app.Deliver(app.DeliverPorts{Ports: app.Ports{Log: slog.New(slog.NewJSONHandler(b.logs, nil)), Now: b.clock.Now, NewID: app.NewID},
		Store: b.table, Vault: b.vault, Policy: b.policy, Sender: deliver.Outbox{Folder: b.outbox}, Caller: c, From: "sluice@example.com"})
}

type handler = interface {
	Invoke(context.Context, []byte) ([]byte, error)
}

// listed lets the sweep put the lead on the list and returns the notice that follows.
func (b *bundle) listed(id string) []byte {
	b.t.Helper()
	b.until(id, lead.DutySweep)
	if l := b.lead(id); l.List != "spring" || b.did(id).Did != lead.DidList {
		b.t.Fatalf("the look did %+v, lead is on list %q; log: %s", b.did(id), l.List, b.logs)
	}
	history := b.history(id)
	b.relay(history[len(history)-1])
	notices := b.deliver.take(10)
	if len(notices) != 1 {
		b.t.Fatalf("%d notices follow, want 1", len(notices))
	}
	return notices[0]
}

// hook posts a signed webhook as the vendor does; change spoils it.
func (b *bundle) hook(c *caller, id, list string, told any, change ...func(*webhook.Headers, *[]byte)) *httptest.ResponseRecorder {
	b.t.Helper()
	body := encode(b.t, told)
	h := webhook.Sign(id, b.clock.Now(), body, c.secret)
	for _, spoil := range change {
		spoil(&h, &body)
	}
	r := httptest.NewRequest(http.MethodPost, "/hooks/calls/"+list, strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(webhook.HeaderID, h.ID)
	r.Header.Set(webhook.HeaderTimestamp, h.Timestamp)
	r.Header.Set(webhook.HeaderSignature, h.Signature)
	w := httptest.NewRecorder()
	b.capture.ServeHTTP(w, r)
	return w
}

// told is a webhook's body.
type told map[string]any

func outcome(l string, call string, answer lead.Answer) told {
	return told{"type": "call.completed", "lead": l, "call": call, "outcome": answer, "seconds": 95}
}

// reports posts what came of a call, which must be taken, and lets intake record it.
func (b *bundle) reports(c *caller, id string, t told) {
	b.t.Helper()
	if w := b.hook(c, id, "spring", t); w.Code != http.StatusAccepted {
		b.t.Fatalf("the hook answered %d %s", w.Code, w.Body)
	}
	b.drain()
}

// calls lists the calls in a lead's history.
func (b *bundle) calls(id string) []lead.Called {
	b.t.Helper()
	var all []lead.Called
	for _, entry := range b.history(id) {
		for _, e := range entry.Events {
			if c, ok := e.(lead.Called); ok {
				all = append(all, c)
			}
		}
	}
	return all
}

// TestCallsComeFullCircle: the sweep lists a lead, its vendor is asked to call, tells
// that the customer is interested, and a rep has the lead.
func TestCallsComeFullCircle(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	notice := b.listed(l.ID)
	for range 2 {
		if b.handle("deliver", notice) != 0 {
			t.Fatalf("deliver failed: %s", b.logs)
		}
	}
	requests := c.all()
	if len(requests) != 1 {
		t.Fatalf("the vendor was asked %d times, want once", len(requests))
	}
	request := requests[0]
	if err := webhook.Verify(request.Headers, request.body, b.clock.Now(), c.secret); err != nil {
		t.Error(err)
	}
	var asked struct {
		Type, ID, List, Lead, Number, Phone, Name, Language, Product string
		From, Due                                                    time.Time
	}
	if err := json.Unmarshal(request.body, &asked); err != nil {
		t.Fatal(err)
	}
	listed := b.lead(l.ID)
	if asked.Type != "call.requested" || asked.ID != request.ID || asked.List != "spring" || asked.Lead != l.ID || asked.Number != l.Number ||
		asked.Phone != "+14155550132" || asked.Name != "Emma Carter" || asked.Language != "en" || asked.Product != l.Product ||
		!asked.From.Equal(b.clock.Now()) || !asked.Due.Equal(listed.Deadline.At) {
		t.Errorf("the vendor was asked %s", request.body)
	}

	b.activate("amy")
	b.clock.pass(time.Hour)
	answer := outcome(asked.Lead, "c-1", lead.Interested)
	answer["summary"], answer["at"], answer["transcript"] = "wants\nto come on Sunday", b.clock.Now(), []string{"more that the vendor tells"}
	b.reports(c, "msg_1", answer)
	after := b.lead(l.ID)
	if after.State != lead.StateOffered || after.Owner() != "amy" || after.List != "" {
		t.Fatalf("lead is %s with %q on list %q; log: %s", after.State, after.Owner(), after.List, b.logs)
	}
	if last := b.history(l.ID)[after.Version-1]; last.By.ID != "calls/spring" || lead.KindOfEvent(last.Events[0]) != "called" {
		t.Errorf("the last entry is %+v", last)
	}
	calls := b.calls(l.ID)
	if len(calls) != 1 || calls[0].Seconds != 95 || calls[0].Call != "c-1" || !calls[0].Done.Equal(b.clock.Now().Truncate(time.Second)) {
		t.Fatalf("calls are %+v", calls)
	}
	if plain, err := b.vault.Open(t.Context(), "lead/"+l.ID+"/note", calls[0].Summary); err != nil || string(plain) != "wants\nto come on Sunday" {
		t.Errorf("the summary reads %q, %v", plain, err)
	}
	if got := b.figures(l.Pool); got["listed"] != 1 || got["replied"] != 1 {
		t.Errorf("figures are %v", got)
	}
	for _, secret := range []string{"Sunday", "Emma", "4155550132"} {
		if sent := string(slices.Concat(b.intake.sent...)); strings.Contains(sent, secret) || strings.Contains(b.logs.String(), secret) {
			t.Errorf("%q is in a queue or a log", secret)
		}
	}
	b.counters()
}

// TestCallCountsOnce: told again by the same webhook, by another one, or told twice at
// once, a call is recorded once.
func TestCallCountsOnce(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	b.listed(l.ID)
	for _, id := range []string{"msg_1", "msg_1", "msg_2"} {
		b.reports(c, id, outcome(l.ID, "c-1", lead.NoAnswer))
	}
	for range 8 {
		if w := b.hook(c, "msg_3", "spring", outcome(l.ID, "c-2", lead.Busy)); w.Code != http.StatusAccepted {
			t.Fatal(w.Body)
		}
	}
	messages := b.intake.take(10)
	b.handle("intake", messages...) // some meet another at the same moment
	for _, m := range messages {
		if b.handle("intake", m) != 0 {
			t.Fatalf("intake failed: %s", b.logs)
		}
	}
	if calls := b.calls(l.ID); len(calls) != 2 || calls[0].Call != "c-1" || calls[1].Call != "c-2" {
		t.Errorf("calls are %+v, want each once", calls)
	}
}

func TestCallOutcomes(t *testing.T) {
	t.Parallel()
	for answer, want := range map[lead.Answer]lead.State{
		lead.NoAnswer: lead.StatePooled, lead.Busy: lead.StatePooled, lead.Talked: lead.StatePooled, lead.NotInterested: lead.StatePooled,
		lead.Abandoned: lead.StatePooled, lead.DoNotCall: lead.StatePooled, lead.WrongNumber: lead.StateUnreachable,
		lead.Interested: lead.StateTriage, // nobody is active
	} {
		t.Run(string(answer), func(t *testing.T) {
			t.Parallel()
			c := newCaller(t)
			b, l := calling(t, c)
			b.listed(l.ID)
			before, err := b.table.Person(t.Context(), l.Person)
			if err != nil {
				t.Fatal(err)
			}
			b.reports(c, "msg_1", outcome(l.ID, "c-1", answer))
			after := b.lead(l.ID)
			if after.State != want || after.List != "" || len(b.calls(l.ID)) != 1 {
				t.Errorf("lead is %s on list %q after %d calls, want %s", after.State, after.List, len(b.calls(l.ID)), want)
			}
			person, err := b.table.Person(t.Context(), l.Person)
			if err != nil {
				t.Fatal(err)
			}
			if out := answer == lead.DoNotCall; person.OptOut.IsZero() == out || (person.Version == before.Version+1) != out {
				t.Errorf("person of version %d, before %d, is opted out since %v", person.Version, before.Version, person.OptOut)
			}
			b.counters()
		})
	}
}

// TestCallOfALeadThatWentOn: somebody has it meanwhile, it is over, or it never was.
func TestCallOfALeadThatWentOn(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	b.listed(l.ID)
	b.activate("amy")
	b.clock.pass(2 * time.Hour)
	amy := b.userOf("amy")
	if _, err := b.desk.Claim(t.Context(), amy, app.Target{Lead: l.ID}); err != nil {
		t.Fatal(err)
	}
	before := b.lead(l.ID)
	b.reports(c, "msg_1", outcome(l.ID, "c-1", lead.Interested))
	after := b.lead(l.ID)
	if after.Owner() != "amy" || after.State != lead.StateWorking || after.Version != before.Version+1 || len(b.calls(l.ID)) != 1 {
		t.Errorf("lead is %s with %q at version %d, want it as it was with the call on its time-line", after.State, after.Owner(), after.Version)
	}
	if _, err := b.desk.Close(t.Context(), amy, app.Target{Lead: l.ID}, app.Closing{As: lead.StateLost, Reason: "bought elsewhere"}); err != nil {
		t.Fatal(err)
	}
	version := b.lead(l.ID).Version
	b.reports(c, "msg_2", outcome(l.ID, "c-2", lead.Talked))
	b.reports(c, "msg_3", outcome("nobody", "c-3", lead.Talked))
	if l := b.lead(l.ID); l.Version != version || l.State != lead.StateLost {
		t.Errorf("a closed lead is %s at version %d, want %d", l.State, l.Version, version)
	}
	if log := b.logs.String(); !strings.Contains(log, "passed over: conflict") || !strings.Contains(log, "passed over: not_found") {
		t.Errorf("the log does not tell: %s", log)
	}
	b.reports(c, "msg_4", outcome(l.ID, "c-4", lead.DoNotCall)) // of a closed one too
	if p, err := b.table.Person(t.Context(), l.Person); err != nil || p.OptOut.IsZero() {
		t.Errorf("the person is not opted out (%v)", err)
	}
	b.counters()
}

// TestCallIsNotAskedForInVain: nothing is sent where nobody is to be called any more.
func TestCallIsNotAskedForInVain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(b *bundle, l lead.Lead){
		"it was claimed": func(b *bundle, l lead.Lead) {
			b.activate("amy")
			b.clock.pass(2 * time.Hour)
			if _, err := b.desk.Claim(b.t.Context(), b.userOf("amy"), app.Target{Lead: l.ID}); err != nil {
				b.t.Fatal(err)
			}
		},
		"they opted out": func(b *bundle, l lead.Lead) {
			b.changePerson(l, func(p *lead.Person) { p.OptOut = b.clock.Now() })
		},
		"they have no phone": func(b *bundle, l lead.Lead) {
			b.changePerson(l, func(p *lead.Person) { p.Phone = nil })
		},
		"the list has no vendor now": func(b *bundle, _ lead.Lead) {
			doc := b.document()
			doc.Lists[0].URL = ""
			b.apply(doc, 2)
			b.clock.pass(time.Minute)
		},
		"the list is gone": func(b *bundle, _ lead.Lead) {
			doc := b.document()
			doc.Lists = nil
			for i := range doc.Pools {
				doc.Pools[i].List = ""
			}
			b.apply(doc, 2)
			b.clock.pass(time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCaller(t)
			b, l := calling(t, c)
			notice := b.listed(l.ID)
			change(b, b.lead(l.ID))
			if b.handle("deliver", notice) != 0 || len(c.all()) != 0 {
				t.Errorf("the vendor was asked %d times; log: %s", len(c.all()), b.logs)
			}
		})
	}
}

// changePerson changes a lead's person.
func (b *bundle) changePerson(l lead.Lead, change func(*lead.Person)) {
	b.t.Helper()
	p, err := b.table.Person(b.t.Context(), l.Person)
	if err != nil {
		b.t.Fatal(err)
	}
	change(&p)
	p.Version++
	if err := b.table.Commit(b.t.Context(), lead.Change{Person: &p}); err != nil {
		b.t.Fatal(err)
	}
}

// TestVendorWhoDoesNotTakeIt: what may be over later is tried again, with the same id;
// what is refused for good is told to people and not tried again.
func TestVendorWhoDoesNotTakeIt(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	notice := b.listed(l.ID)
	c.answers(http.StatusServiceUnavailable)
	if b.handle("deliver", notice) != 1 {
		t.Error("a vendor who is down was taken for one who has it")
	}
	b.clock.pass(time.Minute)
	c.answers(http.StatusUnprocessableEntity)
	for range 2 {
		if b.handle("deliver", notice) != 0 {
			t.Error("a refusal is tried again")
		}
	}
	requests := c.all()
	if len(requests) != 2 || requests[0].ID != requests[1].ID || requests[0].Timestamp == requests[1].Timestamp {
		t.Fatalf("the vendor was asked %d times: %+v", len(requests), requests)
	}
	log := b.logs.String()
	if !strings.Contains(log, `"level":"ERROR","msg":"call","outcome":"refused by the vendor","list":"spring"`) || strings.Contains(log, "4155550132") {
		t.Errorf("the log is %s", log)
	}
	if l := b.lead(l.ID); l.List != "spring" {
		t.Errorf("lead is on list %q, want it to wait for the next look", l.List)
	}
}

// TestListWithoutASecretIsTriedAgain: until somebody sets one.
func TestListWithoutASecretIsTriedAgain(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	b, l := calling(t, c)
	doc := b.document()
	doc.Lists[1].URL = c.URL
	for i := range doc.Pools {
		doc.Pools[i].List = "autumn"
	}
	b.apply(doc, 2)
	b.clock.pass(time.Minute)
	b.until(l.ID, lead.DutySweep)
	history := b.history(l.ID)
	b.relay(history[len(history)-1])
	notice := b.deliver.take(1)[0]
	if b.handle("deliver", notice) != 1 || len(c.all()) != 0 || !strings.Contains(b.logs.String(), "sluice secret set calls/autumn") {
		t.Errorf("asked %d times; log: %s", len(c.all()), b.logs)
	}
	if err := app.KeepSecrets(t.Context(), b.table, b.vault, app.SecretOfList("autumn"), c.secret); err != nil {
		t.Fatal(err)
	}
	b.clock.pass(time.Minute)
	if b.handle("deliver", notice) != 0 || len(c.all()) != 1 {
		t.Errorf("asked %d times once there is a secret; log: %s", len(c.all()), b.logs)
	}
}
