package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/app"
	"sluice/shared/desk"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/leadtest"
	"sluice/shared/page"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/vault"
)

func TestMain(m *testing.M) { leadtest.Main(m) }

// bundle is a desk of the test's own: the sample policy and reps in a real table,
// and capture and intake to make leads with.
type bundle struct {
	t       *testing.T
	table   *dynamo.Table
	desk    http.Handler
	app     *app.Desk
	capture http.Handler
	intake  lambda.Handler
	queue   mailbox
	score   mailbox
	clock   clock
	logs    bytes.Buffer
	doc     *document31
}

// Option changes what the desk is made of.
type option func(*desk.Options)

func setup(t *testing.T, options ...option) *bundle {
	t.Helper()
	client, name := leadtest.Table(t)
	b := &bundle{t: t, clock: clock{now: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)}, doc: openDocument(t)}
	b.table = dynamo.Open(client, dynamo.Options{Table: name})
	keys := vault.New(vault.Options{Keys: b.table, Wrapper: vault.KeyFile(filepath.Join(t.TempDir(), "key"))})
	current := &app.Current{Store: b.table, Models: b.table, Now: b.clock.Now}
	b.seed()
	ports := app.Ports{Log: slog.New(slog.NewJSONHandler(&b.logs, nil)), Now: b.clock.Now, NewID: app.NewID}
	b.capture = app.CaptureHTTP(app.CapturePorts{Ports: ports, Store: b.table, Vault: keys, Policy: current, Intake: &b.queue, Pages: page.Pages{}})
	b.intake = app.Intake(app.IntakePorts{Ports: ports, Store: b.table, Vault: keys, Policy: current})
	b.app = &app.Desk{Ports: ports, Store: b.table, Vault: keys, Policy: current}
	o := desk.Options{App: b.app, SignIn: desk.Development{}, Log: ports.Log}
	for _, change := range options {
		change(&o)
	}
	b.desk = desk.New(o)
	return b
}

func (b *bundle) seed() {
	b.t.Helper()
	doc, faults := document.Parse(sample(b.t, "sample.yaml"))
	if len(faults) > 0 {
		b.t.Fatal(faults)
	}
	for i := range doc.Pools { // what comes into a pool can be claimed at once
		doc.Pools[i].Freeze = nil
	}
	data, err := json.Marshal(doc)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.table.PutPolicy(b.t.Context(), policy.Record{Version: 1, At: b.clock.Now(), Author: "test", Reason: "test", Document: data}); err != nil {
		b.t.Fatal(err)
	}
	reps, faults := document.ParseReps(sample(b.t, "reps.yaml"))
	if len(faults) > 0 {
		b.t.Fatal(faults)
	}
	for _, r := range reps {
		if err := b.table.PutRep(b.t.Context(), r); err != nil {
			b.t.Fatal(err)
		}
	}
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "policies", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// enquiry is a post of the sample's trial form by the n-th person.
func enquiry(n int) url.Values {
	return url.Values{"name": {fmt.Sprintf("Test Person %c", 'A'+n%26)}, "phone": {fmt.Sprintf("+86138001%05d", 38000+n*37)},
		"email": {fmt.Sprintf("person%d@example.com", n)}, "age": {"7"}, "city": {"Shanghai"}, "budget": {"high"}, "message": {"Please call in the evening."}, "consent": {"yes"}}
}

// submit sends a form and takes it in; it returns the submission's id.
func (b *bundle) submit(form string, values url.Values) string {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/f/"+form, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	b.capture.ServeHTTP(w, r)
	var answer struct{ Submission string }
	if json.Unmarshal(w.Body.Bytes(), &answer); w.Code != http.StatusAccepted {
		b.t.Fatalf("post answered %d %s", w.Code, w.Body)
	}
	batch := events.SQSEvent{}
	for i, body := range b.queue.take() {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint("m", i), Body: string(body), EventSource: "aws:sqs"})
	}
	payload, err := json.Marshal(batch)
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := b.intake.Invoke(b.t.Context(), payload)
	var failed events.SQSEventResponse
	if json.Unmarshal(out, &failed); err != nil || len(failed.BatchItemFailures) > 0 {
		b.t.Fatalf("intake: %v %s\n%s", err, out, &b.logs)
	}
	return answer.Submission
}

// enquire makes a lead and returns it.
func (b *bundle) enquire(form string, values url.Values) lead.Lead {
	b.t.Helper()
	sub, err := b.table.Submission(b.t.Context(), b.submit(form, values))
	if err != nil || sub.Lead == "" {
		b.t.Fatalf("submission ended as %s (%s): %v", sub.Outcome, sub.Reason, err)
	}
	return b.lead(sub.Lead)
}

func (b *bundle) lead(id string) lead.Lead {
	b.t.Helper()
	l, err := b.table.Lead(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return l
}

// offered makes a lead that is offered to a rep, and returns both.
func (b *bundle) offered(n int) (lead.Lead, string) {
	b.t.Helper()
	l := b.enquire("trial", enquiry(n))
	if l.State != lead.StateOffered {
		b.t.Fatalf("lead is %s, want offered", l.State)
	}
	return l, l.Owner()
}

// pooled makes a lead that rests in the pool, given back by the rep returned.
func (b *bundle) pooled(n int) (lead.Lead, string) {
	b.t.Helper()
	l, rep := b.offered(n)
	b.ok(rep, "POST /api/leads/"+l.ID+"/accept", nil)
	b.ok(rep, "POST /api/leads/"+l.ID+"/release", obj{"reason": "no time"})
	return b.lead(l.ID), rep
}

type obj = map[string]any

// answer is what the API said.
type answer struct {
	status int
	header http.Header
	body   obj
	raw    string
}

// call asks the API as a user, "" for nobody; request is a method and an
// address. Every answer must be as the OpenAPI document says.
func (b *bundle) call(user, request string, body any, header ...string) answer {
	b.t.Helper()
	method, target, _ := strings.Cut(request, " ")
	var in bytes.Buffer
	if text, ok := body.(string); ok {
		in.WriteString(text)
	} else if body != nil {
		if err := json.NewEncoder(&in).Encode(body); err != nil {
			b.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, target, &in)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if user != "" {
		r.Header.Set("Authorization", "Bearer dev:"+user)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), raw: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
		b.t.Fatalf("%s answered %d with no JSON: %s", request, w.Code, w.Body)
	}
	b.doc.check(b.t, r, w)
	return a
}

// ok is a call that must succeed.
func (b *bundle) ok(user, request string, body any, header ...string) answer {
	b.t.Helper()
	a := b.call(user, request, body, header...)
	if a.status != http.StatusOK {
		b.t.Fatalf("%s as %s answered %d %s\n%s", request, user, a.status, a.raw, &b.logs)
	}
	return a
}

// refused is a call that must fail with a status and a kind.
func (b *bundle) refused(user, request string, body any, want string, header ...string) answer {
	b.t.Helper()
	a := b.call(user, request, body, header...)
	if got := fmt.Sprintf("%d %v", a.status, a.body["kind"]); got != want {
		b.t.Errorf("%s as %q answered %s, want %s: %s", request, user, got, want, a.raw)
	}
	return a
}

// mailbox is a queue that can be looked into.
type mailbox struct {
	mu     sync.Mutex
	bodies [][]byte
}

func (m *mailbox) Send(_ context.Context, body []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bodies = append(m.bodies, bytes.Clone(body))
	return nil
}

func (m *mailbox) take() [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := m.bodies
	m.bodies = nil
	return taken
}

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
