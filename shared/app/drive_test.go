package app_test

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/aws/aws-lambda-go/events"

	"sluice/shared/lead"
)

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

// sweep runs the sweep at the clock's moment and returns its counts.
func (b *bundle) sweep() map[string]int {
	b.t.Helper()
	out, err := b.sweepOnce()
	if err != nil {
		b.t.Fatal(err)
	}
	counts := map[string]int{}
	if err := json.Unmarshal(out, &counts); err != nil {
		b.t.Fatal(err)
	}
	return counts
}

func (b *bundle) sweepOnce() ([]byte, error) {
	event, err := json.Marshal(events.EventBridgeEvent{Source: "aws.events", DetailType: "Scheduled Event", Time: b.clock.Now()})
	if err != nil {
		return nil, err
	}
	return b.run["sweep"].Invoke(b.t.Context(), event)
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
