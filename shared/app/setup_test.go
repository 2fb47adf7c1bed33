package app_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/app"
	"sluice/shared/deliver"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/leadtest"
	"sluice/shared/page"
	"sluice/shared/policy"
	"sluice/shared/policy/document"
	"sluice/shared/vault"
)

func TestMain(m *testing.M) { leadtest.Main(m) }

// bundle is a system of the test's own: the real handlers over a real table,
// with queues that can be looked into and a clock that stands still.
type bundle struct {
	t       testing.TB
	client  *dynamodb.Client
	name    string // of the table
	table   *dynamo.Table
	vault   *vault.Vault
	policy  *app.Current
	clock   *clock
	logs    *lines
	intake  *mailbox
	route   *mailbox
	score   *mailbox
	deliver *mailbox
	asker   *service
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
	b := &bundle{t: t, client: client, name: name, clock: &clock{now: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)}, logs: &lines{},
		intake: &mailbox{}, route: &mailbox{}, score: &mailbox{}, deliver: &mailbox{}, asker: &service{}, outbox: filepath.Join(t.TempDir(), "outbox")}
	b.table = dynamo.Open(client, dynamo.Options{Table: name})
	b.vault = vault.New(vault.Options{Keys: b.table, Wrapper: vault.KeyFile(filepath.Join(t.TempDir(), "key"))})
	b.policy = &app.Current{Store: b.table, Models: b.table, Now: b.clock.Now}
	b.seed(edits)
	b.wire(b.table, b.vault)
	return b
}

// wire builds the functions over a store and a vault, which may be made to fail.
func (b *bundle) wire(store app.Store, v app.Vault) {
	ports := app.Ports{Log: slog.New(slog.NewJSONHandler(b.logs, nil)), Now: b.clock.Now, NewID: app.NewID}
	capture := app.CapturePorts{Ports: ports, Store: store, Vault: v, Policy: b.policy, Intake: b.intake, Pages: page.Pages{}}
	b.capture = app.CaptureHTTP(capture)
	b.run = map[string]lambda.Handler{
		"capture": app.Capture(capture),
		"route":   app.Route(app.RoutePorts{Ports: ports, Store: store, Policy: b.policy}),
		"score":   app.Score(app.ScorePorts{Ports: ports, Store: store, Vault: v, Policy: b.policy}),
		"sweep":   app.Sweep(app.SweepPorts{Ports: ports, Store: store, Vault: v, Policy: b.policy, Score: b.score}),
		"relay":   app.Relay(app.RelayPorts{Ports: ports, Route: b.route, Score: b.score, Deliver: b.deliver}),
		"deliver": app.Deliver(app.DeliverPorts{Ports: ports, Store: store, Vault: v, Policy: b.policy,
			Sender: deliver.Outbox{Folder: b.outbox}, From: "sluice@example.com", DeskURL: "http://desk.example.com", Asker: b.asker, Intake: b.intake}),
	}
	b.newIntake = func() lambda.Handler {
		return app.Intake(app.IntakePorts{Ports: ports, Store: store, Vault: v, Policy: b.policy})
	}
	b.run["intake"] = b.newIntake()
	b.desk = &app.Desk{Ports: ports, Store: store, Vault: v, Policy: b.policy}
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

func read(t testing.TB, name string) []byte {
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

// document is a copy of the policy in effect, to be changed and applied.
func (b *bundle) document() policy.Document {
	b.t.Helper()
	pol, err := b.policy.Directory(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	data, err := json.Marshal(pol.Document())
	if err != nil {
		b.t.Fatal(err)
	}
	var doc policy.Document
	if err := json.Unmarshal(data, &doc); err != nil {
		b.t.Fatal(err)
	}
	return doc
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
