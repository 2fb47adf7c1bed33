package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	"sluice/shared/deliver"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/leadtest"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/vault"
)

func TestMain(m *testing.M) { leadtest.Main(m) }

// bundle is a system of the test's own: the real handlers over a real table,
// with queues that can be looked into and a clock that stands still.
type bundle struct {
	t       *testing.T
	table   *dynamo.Table
	vault   *vault.Vault
	policy  *app.Current
	clock   *clock
	logs    *lines
	intake  *mailbox
	route   *mailbox
	deliver *mailbox
	outbox  string
	capture http.Handler
	run     map[string]lambda.Handler
	desk    *app.Desk

	newIntake func() lambda.Handler
}

// edit changes the sample policy or reps before they are stored.
type edit struct {
	policy func(*policy.Document)
	reps   func([]lead.Rep) []lead.Rep
}

func setup(t *testing.T, edits ...edit) *bundle {
	t.Helper()
	client, name := leadtest.Table(t)
	b := &bundle{t: t, clock: &clock{now: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)}, logs: &lines{},
		intake: &mailbox{}, route: &mailbox{}, deliver: &mailbox{}, outbox: filepath.Join(t.TempDir(), "outbox")}
	b.table = dynamo.Open(client, dynamo.Options{Table: name})
	b.vault = vault.New(vault.Options{Keys: b.table, Wrapper: vault.KeyFile(filepath.Join(t.TempDir(), "key"))})
	b.policy = &app.Current{Store: b.table, Now: b.clock.Now}
	b.seed(edits)

	ports := app.Ports{Log: slog.New(slog.NewJSONHandler(b.logs, nil)), Now: b.clock.Now, NewID: app.NewID}
	b.capture = app.CaptureHTTP(app.CapturePorts{Ports: ports, Store: b.table, Vault: b.vault, Policy: b.policy, Intake: b.intake})
	b.run = map[string]lambda.Handler{
		"route": app.Route(app.RoutePorts{Ports: ports, Store: b.table, Policy: b.policy}),
		"sweep": app.Sweep(app.SweepPorts{Ports: ports, Store: b.table, Policy: b.policy}),
		"relay": app.Relay(app.RelayPorts{Ports: ports, Route: b.route, Deliver: b.deliver}),
		"deliver": app.Deliver(app.DeliverPorts{Ports: ports, Store: b.table, Vault: b.vault, Policy: b.policy,
			Sender: deliver.Outbox{Folder: b.outbox}, From: "sluice@example.com", DeskURL: "http://desk.example.com"}),
	}
	b.newIntake = func() lambda.Handler {
		return app.Intake(app.IntakePorts{Ports: ports, Store: b.table, Vault: b.vault, Policy: b.policy})
	}
	b.run["intake"] = b.newIntake()
	b.desk = &app.Desk{Ports: ports, Store: b.table, Vault: b.vault, Policy: b.policy}
	return b
}

func (b *bundle) seed(edits []edit) {
	b.t.Helper()
	doc, faults := document.Parse(read(b.t, "sample.yaml"))
	if len(faults) > 0 {
		b.t.Fatal(faults)
	}
	reps, faults := document.ParseReps(read(b.t, "reps.yaml"))
	if len(faults) > 0 {
		b.t.Fatal(faults)
	}
	for _, e := range edits {
		if e.policy != nil {
			e.policy(&doc)
		}
		if e.reps != nil {
			reps = e.reps(reps)
		}
	}
	b.apply(doc, 1)
	for _, r := range reps {
		if err := b.table.PutRep(b.t.Context(), r); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bundle) apply(doc policy.Document, version int) {
	b.t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		b.t.Fatal(err)
	}
	err = b.table.PutPolicy(b.t.Context(), policy.Record{Version: version, At: b.clock.Now(), Author: "test", Reason: "test", Document: data})
	if err != nil {
		b.t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "policies", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// person is the post of somebody of the sample's trial form.
func person(name, phone, email string) url.Values {
	return url.Values{"name": {name}, "phone": {phone}, "email": {email}, "age": {"7"}, "city": {"Shanghai"}, "budget": {"high"}, "consent": {"yes"}}
}

// post sends a form as a program does and returns the answer.
func (b *bundle) post(form string, values url.Values, header ...string) *httptest.ResponseRecorder {
	return b.postRaw(form, values.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

func (b *bundle) postRaw(form, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/f/"+form, strings.NewReader(body))
	r.Header.Set("Accept", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.capture.ServeHTTP(w, r)
	return w
}

// accepted posts a form that must be taken and returns the submission's id.
func (b *bundle) accepted(form string, values url.Values, header ...string) string {
	b.t.Helper()
	w := b.post(form, values, header...)
	var answer struct{ Submission string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); w.Code != http.StatusAccepted || err != nil || answer.Submission == "" {
		b.t.Fatalf("post answered %d %s", w.Code, w.Body)
	}
	return answer.Submission
}

// handle gives a function a batch of queue messages and returns how many failed.
func (b *bundle) handle(function string, bodies ...[]byte) int {
	b.t.Helper()
	var batch events.SQSEvent
	for i, body := range bodies {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint("m", i), Body: string(body), EventSource: "aws:sqs"})
	}
	var answer events.SQSEventResponse
	b.invoke(function, batch, &answer)
	return len(answer.BatchItemFailures)
}

func (b *bundle) invoke(function string, event, answer any) {
	b.t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := b.run[function].Invoke(b.t.Context(), payload)
	if err != nil {
		b.t.Fatalf("%s: %v", function, err)
	}
	if err := json.Unmarshal(out, answer); err != nil {
		b.t.Fatalf("%s answered %q: %v", function, out, err)
	}
}

// drain hands everything queued for intake to it, in batches of ten.
func (b *bundle) drain() {
	b.t.Helper()
	for {
		batch := b.intake.take(10)
		if len(batch) == 0 {
			return
		}
		if failed := b.handle("intake", batch...); failed > 0 {
			b.t.Fatalf("intake failed %d of %d messages; log:\n%s", failed, len(batch), b.logs)
		}
	}
}

// enquire posts and takes in one enquiry, and returns its lead.
func (b *bundle) enquire(form string, values url.Values) lead.Lead {
	b.t.Helper()
	id := b.accepted(form, values)
	b.drain()
	return b.leadOf(id)
}

func (b *bundle) submission(id string) lead.Submission {
	b.t.Helper()
	sub, err := b.table.Submission(b.t.Context(), id)
	if err != nil {
		b.t.Fatalf("submission %s: %v", id, err)
	}
	return sub
}

func (b *bundle) leadOf(submission string) lead.Lead {
	b.t.Helper()
	sub := b.submission(submission)
	if sub.Lead == "" {
		b.t.Fatalf("submission ended as %s (%s), without a lead", sub.Outcome, sub.Reason)
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

func (b *bundle) history(id string) []lead.Entry {
	b.t.Helper()
	entries, _, err := b.table.History(b.t.Context(), id, app.Page{Limit: 100})
	if err != nil {
		b.t.Fatal(err)
	}
	return entries
}

// sweep runs the sweep at the clock's moment and returns its counts.
func (b *bundle) sweep() map[string]int {
	b.t.Helper()
	counts := map[string]int{}
	b.invoke("sweep", events.EventBridgeEvent{Source: "aws.events", DetailType: "Scheduled Event", Time: b.clock.Now()}, &counts)
	return counts
}

// relay tells relay the entries of a lead, as the table's stream would.
func (b *bundle) relay(entries ...lead.Entry) {
	b.t.Helper()
	type image = map[string]any
	var records []any
	for _, e := range entries {
		doc, err := json.Marshal(e)
		if err != nil {
			b.t.Fatal(err)
		}
		records = append(records, image{"eventName": "INSERT", "eventSource": "aws:dynamodb", "eventID": e.ID(),
			"dynamodb": image{"SequenceNumber": fmt.Sprint(e.Version), "Keys": image{"pk": image{"S": "L#" + e.Lead}, "sk": image{"S": fmt.Sprintf("H#%08d", e.Version)}},
				"NewImage": image{"doc": image{"S": string(doc)}}}})
	}
	var answer struct{ BatchItemFailures []any }
	b.invoke("relay", image{"Records": records}, &answer)
	if len(answer.BatchItemFailures) > 0 {
		b.t.Fatalf("relay failed: %s", b.logs)
	}
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

// mailbox is a queue that can be looked into, and made to fail.
type mailbox struct {
	mu     sync.Mutex
	bodies [][]byte
	down   bool
}

func (m *mailbox) Send(_ context.Context, body []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return &lead.Error{Kind: lead.Unavailable, Text: "the queue is down", Cause: errors.New("cause of the outage")}
	}
	m.bodies = append(m.bodies, bytes.Clone(body))
	return nil
}

func (m *mailbox) take(n int) [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	n = min(n, len(m.bodies))
	taken := m.bodies[:n:n]
	m.bodies = m.bodies[n:]
	return taken
}

// lines collects what is logged.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
