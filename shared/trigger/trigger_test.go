package trigger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/events"
	"sluice/shared/lead"
	"sluice/shared/trigger"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	payload, err := events.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// logged is a log that a test can read back, line by line.
type logged struct{ bytes.Buffer }

func newLog() (*slog.Logger, *logged) {
	into := &logged{}
	return slog.New(slog.NewJSONHandler(into, nil)), into // the handler locks
}

func (l *logged) lines(t *testing.T) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for dec := json.NewDecoder(&l.Buffer); ; {
		var line map[string]any
		switch err := dec.Decode(&line); {
		case errors.Is(err, io.EOF):
			return lines
		case err != nil:
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
}

func invoke(t *testing.T, h lambda.Handler, payload []byte) string {
	t.Helper()
	answer, err := h.Invoke(t.Context(), payload)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// received is what an HTTP handler saw of an event.
type received struct {
	method, path, query, host, remote, request, prefix string
	header                                             http.Header
	body                                               string
}

func receive(t *testing.T, name string) received {
	t.Helper()
	log, _ := newLog()
	var got received
	invoke(t, trigger.HTTP(log, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.ContentLength != int64(len(body)) {
			t.Errorf("body of %d bytes, said to be %d: %v", len(body), r.ContentLength, err)
		}
		got = received{r.Method, r.URL.Path, r.URL.RawQuery, r.Host, r.RemoteAddr,
			trigger.RequestID(r.Context()), trigger.Prefix(r.Context()), r.Header, string(body)}
	})), load(t, name))
	const host = "abcde12345.execute-api.eu-central-1.amazonaws.com"
	if got.host != host || got.remote != "192.0.2.44:0" || got.prefix != "/prod" || got.request == "" || got.header.Get("Host") != "" {
		t.Errorf("host %q, remote %q, prefix %q, request %q", got.host, got.remote, got.prefix, got.request)
	}
	return got
}

// payloads has one test for each file of package events.
var payloads = map[string]func(*testing.T, string){
	"capture-form": func(t *testing.T, name string) {
		got := receive(t, name)
		if got.method != "POST" || got.path != "/f/enquiry" || got.query != "tag=a+b&tag=c%26d&utm_medium=email&utm_source=newsletter" {
			t.Errorf("got %s %s?%s", got.method, got.path, got.query)
		}
		if cookies := got.header["Cookie"]; !slices.Equal(cookies, []string{"first=1", "second=2"}) {
			t.Errorf("cookies %q", cookies)
		}
		if !strings.Contains(got.body, "interest=kitchen&interest=bath") {
			t.Errorf("body %q", got.body)
		}
	},
	"capture-json": func(t *testing.T, name string) {
		got := receive(t, name)
		var fields map[string]any
		if err := json.Unmarshal([]byte(got.body), &fields); err != nil || fields["message"] != "Quote for 40 units — soon" {
			t.Errorf("fields %v: %v", fields, err)
		}
		if got.header.Get("Idempotency-Key") == "" {
			t.Error("no idempotency key")
		}
	},
	"capture-call": func(t *testing.T, name string) { // what is signed comes byte by byte
		got := receive(t, name)
		signed := got.header.Get("Webhook-Id") != "" && got.header.Get("Webhook-Timestamp") != "" && strings.Contains(got.header.Get("Webhook-Signature"), " v1,")
		if got.path != "/hooks/calls/spring" || !signed || !strings.Contains(got.body, "on Sunday — with") {
			t.Errorf("got %s with %v: %s", got.path, got.header, got.body)
		}
	},
	"capture-multipart": func(t *testing.T, name string) {
		got := receive(t, name)
		_, params, err := mime.ParseMediaType(got.header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		form, err := multipart.NewReader(strings.NewReader(got.body), params["boundary"]).ReadForm(1 << 20)
		if err != nil || form.Value["message"][0] != "¿Pueden llamarme?" {
			t.Errorf("form %v: %v", form, err)
		}
	},
	"capture-preflight": func(t *testing.T, name string) {
		if got := receive(t, name); got.method != "OPTIONS" || got.body != "" {
			t.Errorf("got %s with %q", got.method, got.body)
		}
	},
	"desk-inbox": func(t *testing.T, name string) {
		if got := receive(t, name); got.path != "/api/inbox" || got.query != "limit=20" {
			t.Errorf("got %s?%s", got.path, got.query)
		}
	},
	"intake-batch": func(t *testing.T, name string) {
		log, lines := newLog()
		answer := invoke(t, trigger.SQS(log, func(_ context.Context, m trigger.Message) error {
			if !json.Valid(m.Body) {
				if m.Attempt != 3 || m.Sent.UnixMilli() != 1772442847274 {
					t.Errorf("attempt %d, sent %s", m.Attempt, m.Sent)
				}
				return lead.Errorf(lead.Invalid, "not an envelope")
			}
			return nil
		}), load(t, name))
		if want := `{"batchItemFailures":[{"itemIdentifier":"059f36b4-87a3-44ab-83d2-661975370002"}]}`; answer != want {
			t.Errorf("answer %s, want %s", answer, want)
		}
		if strings.Contains(lines.String(), "envelope\",\"form") || strings.Contains(lines.String(), "{not") {
			t.Error("a body was logged")
		}
		if n := len(lines.lines(t)); n != 3 {
			t.Errorf("%d lines, want one per message", n)
		}
	},
	"relay-batch": func(t *testing.T, name string) {
		log, _ := newLog()
		var told []string
		answer := invoke(t, trigger.Stream(log, func(_ context.Context, e lead.Entry) error {
			told = append(told, e.ID()+" "+lead.KindOfEvent(e.Events[0]))
			return nil
		}), load(t, name))
		if want := []string{"01jn8e7l2-2 rejected", "01jn8e7l1-1 captured"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
		if answer != `{"batchItemFailures":[]}` {
			t.Errorf("answer %s", answer)
		}
	},
	"score-batch": func(t *testing.T, name string) {
		log, _ := newLog()
		var mu sync.Mutex
		asked := map[string]int{}
		answer := invoke(t, trigger.SQS(log, func(_ context.Context, m trigger.Message) error {
			var order struct {
				Leads         []string
				Cause         string
				Quiet, Over   bool
				Policy, Model int
			}
			body := json.NewDecoder(bytes.NewReader(m.Body))
			body.DisallowUnknownFields()
			if err := body.Decode(&order); err != nil {
				t.Error(err)
			}
			mu.Lock()
			asked[fmt.Sprintf("%q quiet %t over %t by %d %d", order.Cause, order.Quiet, order.Over, order.Policy, order.Model)] = len(order.Leads)
			mu.Unlock()
			if len(order.Leads) == 0 {
				return lead.Errorf(lead.Invalid, "nothing to score")
			}
			return nil
		}), load(t, name))
		want := map[string]int{`"signals" quiet false over false by 0 0`: 1, `"reply" quiet false over false by 0 0`: 0,
			`"policy 4, model 2" quiet true over false by 4 2`: 2, `"" quiet false over true by 0 0`: 1}
		if !maps.Equal(asked, want) {
			t.Errorf("asked for %v, want %v", asked, want)
		}
		if want := `{"batchItemFailures":[{"itemIdentifier":"1d7c0a52-1f7e-4c1e-9a53-7b0f6f0a0002"}]}`; answer != want {
			t.Errorf("answer %s, want %s", answer, want)
		}
	},
	"train-night": func(t *testing.T, name string) {
		log, lines := newLog()
		answer := invoke(t, trigger.Schedule(log, func(_ context.Context, at time.Time) (map[string]int, error) {
			if !at.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("at %s", at)
			}
			return map[string]int{"closed": 1200, "won": 150, "promoted": 1}, nil
		}), load(t, name))
		if answer != `{"closed":1200,"promoted":1,"won":150}` {
			t.Errorf("answer %s", answer)
		}
		if line := lines.lines(t)[0]; line["outcome"] != "done" || line["at"] != "2026-03-02T00:00:00Z" {
			t.Errorf("line %v", line)
		}
	},
	"sweep-minute": func(t *testing.T, name string) {
		log, lines := newLog()
		answer := invoke(t, trigger.Schedule(log, func(_ context.Context, at time.Time) (map[string]int, error) {
			if !at.Equal(time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC)) {
				t.Errorf("at %s", at)
			}
			return map[string]int{"due": 3, "pooled": 2}, nil
		}), load(t, name))
		if answer != `{"due":3,"pooled":2}` {
			t.Errorf("answer %s", answer)
		}
		line := lines.lines(t)[0]
		if counts, _ := line["counts"].(map[string]any); counts["due"] != 3.0 || line["outcome"] != "done" || line["took"] == nil {
			t.Errorf("line %v", line)
		}
	},
}

func TestPayloads(t *testing.T) {
	t.Parallel()
	for name, check := range payloads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, name)
		})
	}
}

func TestEveryPayloadHasItsTest(t *testing.T) {
	t.Parallel()
	for _, name := range events.Names() {
		if payloads[name] == nil {
			t.Errorf("events/%s.json has no test here", name)
		}
	}
}

// handlers has one handler of each kind, each of which does as told.
func handlers(log *slog.Logger, do func(context.Context) error) map[string]lambda.Handler {
	return map[string]lambda.Handler{
		"capture-form": trigger.HTTP(log, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _ = do(r.Context()) })),
		"intake-batch": trigger.SQS(log, func(ctx context.Context, _ trigger.Message) error { return do(ctx) }),
		"relay-batch":  trigger.Stream(log, func(ctx context.Context, _ lead.Entry) error { return do(ctx) }),
		"sweep-minute": trigger.Schedule(log, func(ctx context.Context, _ time.Time) (map[string]int, error) { return nil, do(ctx) }),
	}
}

func TestPanicIsContainedAndNotQuoted(t *testing.T) {
	t.Parallel()
	const secret = "zoe@example.org"
	for name := range handlers(nil, nil) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, lines := newLog()
			h := handlers(log, func(context.Context) error { panic(secret) })[name]
			answer, err := h.Invoke(t.Context(), load(t, name))
			if err == nil && !strings.Contains(string(answer), "itemIdentifier") && !strings.Contains(string(answer), `"statusCode":500`) {
				t.Errorf("the panic did not fail the call: %s", answer)
			}
			if out := lines.String() + string(answer); strings.Contains(out, secret) || err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the panic's value got out: %s %v", out, err)
			}
			for _, line := range lines.lines(t) {
				if line["level"] != "ERROR" || line["outcome"] != "panic" || line["stack"] == "" {
					t.Errorf("line %v", line)
				}
			}
		})
	}
}

func TestDeadlineLeavesTimeToAnswer(t *testing.T) {
	t.Parallel()
	for name := range handlers(nil, nil) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, _ := newLog()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			whole, _ := ctx.Deadline()
			h := handlers(log, func(ctx context.Context) error {
				if d, ok := ctx.Deadline(); !ok || whole.Sub(d) != trigger.Margin {
					t.Errorf("deadline %s before the end, want %s", whole.Sub(d), trigger.Margin)
				}
				return nil
			})[name]
			if _, err := h.Invoke(ctx, load(t, name)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMalformedEventsAreErrorsThatQuoteNothing(t *testing.T) {
	t.Parallel()
	const secret = "4930231250"
	for name := range handlers(nil, nil) {
		for _, payload := range []string{"", "{", secret, `"` + secret + `"`, `{"Records":` + secret + `,"body":` + secret + `,"time":` + secret + `}`,
			`{"Records":[{"messageId":` + secret + `,"eventName":` + secret + `}]}`, `{"Records":[{}]}`} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				log, lines := newLog()
				h := handlers(log, func(context.Context) error { return nil })[name]
				_, err := h.Invoke(t.Context(), []byte(payload))
				if err == nil {
					t.Fatalf("took %s", payload)
				}
				if strings.Contains(err.Error()+lines.String(), secret) {
					t.Errorf("error quotes the event: %v", err)
				}
			})
		}
	}
}

func TestErrorKindChoosesTheLevel(t *testing.T) {
	t.Parallel()
	for kind, want := range map[lead.Kind]string{lead.Unavailable: "WARN", lead.Conflict: "WARN", lead.Invalid: "ERROR", lead.Denied: "ERROR"} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			log, lines := newLog()
			h := handlers(log, func(context.Context) error { return lead.Errorf(kind, "no") })["sweep-minute"]
			if _, err := h.Invoke(t.Context(), load(t, "sweep-minute")); lead.KindOf(err) != kind {
				t.Errorf("error %v", err)
			}
			if line := lines.lines(t)[0]; line["level"] != want || line["kind"] != string(kind) {
				t.Errorf("line %v, want level %s", line, want)
			}
		})
	}
}
