package trigger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

func sqsBatch(n int) []byte {
	var records []string
	for i := range n {
		records = append(records, fmt.Sprintf(`{"messageId":"m%d","body":"%d","attributes":{"ApproximateReceiveCount":"1"}}`, i, i))
	}
	return []byte(`{"Records":[` + strings.Join(records, ",") + `]}`)
}

func failures(t *testing.T, answer string) []string {
	t.Helper()
	var out struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, f := range out.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids
}

func TestBatchIsHandledSideBySideAndBounded(t *testing.T) {
	t.Parallel()
	const n = 3 * trigger.Workers
	log, _ := newLog()
	var mu sync.Mutex
	running, most, total := 0, 0, 0
	full := make(chan struct{}) // closed when Workers run at once: a serial handler would hang here
	answer := invoke(t, trigger.SQS(log, func(ctx context.Context, m trigger.Message) error {
		mu.Lock()
		running++
		total++
		most = max(most, running)
		if running == trigger.Workers && total == trigger.Workers {
			close(full)
		}
		mu.Unlock()
		select {
		case <-full:
		case <-time.After(10 * time.Second):
			return errors.New("alone")
		}
		mu.Lock()
		running--
		mu.Unlock()
		return nil
	}), sqsBatch(n))
	if got := failures(t, answer); len(got) != 0 || most != trigger.Workers || total != n {
		t.Errorf("%d at once of %d, %d handled, failures %v", most, trigger.Workers, total, got)
	}
}

func TestMessagesWithoutTimeLeftComeBack(t *testing.T) {
	t.Parallel()
	log, _ := newLog()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	answer, err := trigger.SQS(log, func(context.Context, trigger.Message) error {
		t.Error("began a message without time left")
		return nil
	}).Invoke(ctx, sqsBatch(2))
	if err != nil {
		t.Fatal(err)
	}
	if got := failures(t, string(answer)); !slices.Equal(got, []string{"m0", "m1"}) {
		t.Errorf("failures %v", got)
	}
}

func streamBatch(docs ...string) []byte {
	var records []string
	for i, doc := range docs {
		quoted, _ := json.Marshal(doc)
		records = append(records, fmt.Sprintf(`{"eventName":"INSERT","dynamodb":{"SequenceNumber":"%d","Keys":{"sk":{"S":"H#1"}},"NewImage":{"doc":{"S":%s}}}}`, i+100, quoted))
	}
	return []byte(`{"Records":[` + strings.Join(records, ",") + `]}`)
}

func doc(id string) string {
	return `{"lead":"` + id + `","v":1,"at":"2026-03-02T09:00:00Z","by":{"kind":"system"},"events":[{"e":"accepted","d":{}}]}`
}

func TestStreamStopsAtItsFirstFailure(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		docs []string
		told []string
		want []string
	}{
		"all succeed":       {[]string{doc("a"), doc("b")}, []string{"a", "b"}, []string{}},
		"refused":           {[]string{doc("a"), doc("bad"), doc("c"), doc("bad")}, []string{"a", "bad"}, []string{"101"}},
		"not JSON":          {[]string{doc("a"), "{", doc("c")}, []string{"a"}, []string{"101"}},
		"unknown event":     {[]string{`{"lead":"a","v":1,"events":[{"e":"flown"}]}`, doc("b")}, nil, []string{"100"}},
		"empty":             {[]string{doc("a"), ""}, []string{"a"}, []string{"101"}},
		"names no lead":     {[]string{doc("")}, nil, []string{"100"}},
		"wrong type inside": {[]string{`{"lead":5}`}, nil, []string{"100"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, _ := newLog()
			var told []string
			answer := invoke(t, trigger.Stream(log, func(_ context.Context, e lead.Entry) error {
				told = append(told, e.Lead)
				if e.Lead == "bad" {
					return errors.New("queue is down")
				}
				return nil
			}), streamBatch(tt.docs...))
			if got := failures(t, answer); !slices.Equal(got, tt.want) || !slices.Equal(told, tt.told) {
				t.Errorf("told %v, failures %v; want %v, %v", told, got, tt.told, tt.want)
			}
		})
	}
}

func TestStreamPassesOverWhatIsNoHistory(t *testing.T) {
	t.Parallel()
	log, _ := newLog()
	for name, payload := range map[string]string{
		"modified":   `{"eventName":"MODIFY","dynamodb":{"SequenceNumber":"1","Keys":{"sk":{"S":"H#1"}},"NewImage":{"doc":{"S":"{}"}}}}`,
		"removed":    `{"eventName":"REMOVE","dynamodb":{"SequenceNumber":"1","Keys":{"sk":{"S":"H#1"}}}}`,
		"other item": `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","Keys":{"sk":{"S":"S"}},"NewImage":{"doc":{"S":"{}"},"odd":{"XX":[1]}}}}`,
		"number key": `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","Keys":{"sk":{"N":"1"}}}}`,
	} {
		answer := invoke(t, trigger.Stream(log, func(context.Context, lead.Entry) error {
			t.Errorf("%s: told", name)
			return nil
		}), []byte(`{"Records":[`+payload+`]}`))
		if got := failures(t, answer); len(got) != 0 {
			t.Errorf("%s: failures %v", name, got)
		}
	}
}

func FuzzSQS(f *testing.F) {
	f.Add(load(f, "intake-batch"))
	log := slog.New(slog.DiscardHandler)
	h := trigger.SQS(log, func(_ context.Context, m trigger.Message) error { return errors.New("no") })
	f.Fuzz(func(t *testing.T, payload []byte) {
		answer, err := h.Invoke(t.Context(), payload)
		if err == nil && slices.Contains(failures(t, string(answer)), "") {
			t.Error("a failure without id would fail the whole batch")
		}
	})
}

func FuzzStream(f *testing.F) {
	f.Add(load(f, "relay-batch"))
	log := slog.New(slog.DiscardHandler)
	h := trigger.Stream(log, func(_ context.Context, e lead.Entry) error {
		if e.Lead == "" || e.Version < 1 {
			return fmt.Errorf("entry without a name")
		}
		return nil
	})
	f.Fuzz(func(t *testing.T, payload []byte) {
		answer, err := h.Invoke(t.Context(), payload)
		if err == nil && len(failures(t, string(answer))) > 1 {
			t.Error("a stream begins again at one record")
		}
	})
}
