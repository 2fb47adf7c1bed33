package local

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestBatchesFailEntryByEntry(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", nil)
	sent := must[*sqs.SendMessageBatchOutput](t)(b.client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("good"), MessageBody: aws.String("one")},
		{Id: aws.String("bad"), MessageBody: aws.String("\x01")},
		{Id: aws.String("late"), MessageBody: aws.String("two"), DelaySeconds: 5},
	}}))
	if len(sent.Successful) != 2 || len(sent.Failed) != 1 || *sent.Failed[0].Id != "bad" || *sent.Failed[0].Code != "InvalidMessageContents" || !sent.Failed[0].SenderFault {
		t.Fatalf("sent %+v", sent)
	}
	b.clock.advance(5 * time.Second)
	got := b.receive(url)
	if len(got) != 2 {
		t.Fatalf("received %v", got)
	}
	changed := must[*sqs.ChangeMessageVisibilityBatchOutput](t)(b.client.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
		{Id: aws.String("first"), ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 0},
		{Id: aws.String("none"), ReceiptHandle: aws.String("nonsense"), VisibilityTimeout: 0},
	}}))
	if len(changed.Successful) != 1 || len(changed.Failed) != 1 || *changed.Failed[0].Id != "none" {
		t.Errorf("changed %+v", changed)
	}
	again := b.receive(url)
	if len(again) != 1 || *again[0].MessageId != *got[0].MessageId {
		t.Fatalf("given back %v", again)
	}
	deleted := must[*sqs.DeleteMessageBatchOutput](t)(b.client.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{QueueUrl: &url, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("stale"), ReceiptHandle: got[0].ReceiptHandle},
		{Id: aws.String("second"), ReceiptHandle: got[1].ReceiptHandle},
		{Id: aws.String("twice"), ReceiptHandle: got[1].ReceiptHandle},
		{Id: aws.String("none"), ReceiptHandle: aws.String("nonsense")},
	}}))
	if len(deleted.Successful) != 3 || len(deleted.Failed) != 1 || *deleted.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("deleted %+v", deleted)
	}
	if got := b.depths(url); got != [3]string{"0", "0", "1"} {
		t.Errorf("depths %v: the stale receipt must not delete", got)
	}
}

func TestDeadLettersAndRedrive(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url, dead := b.redriven("intake", 2)
	id := b.send(url, "poison")
	for receive := range 2 {
		if got := b.bodies(url); !slices.Equal(got, []string{"poison"}) {
			t.Fatalf("receive %d gives %v", receive+1, got)
		}
		b.clock.advance(30 * time.Second)
	}
	b.send(url, "good")
	if got := b.bodies(url); !slices.Equal(got, []string{"good"}) {
		t.Fatalf("third receive gives %v", got)
	}
	letters := b.receive(dead)
	if len(letters) != 1 || *letters[0].MessageId != id || letters[0].Attributes["DeadLetterQueueSourceArn"] != b.server.ARN("intake") {
		t.Fatalf("dead letters are %v", letters)
	}
	redrive := func() {
		t.Helper()
		must[*sqs.StartMessageMoveTaskOutput](t)(b.client.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(b.server.ARN("intake-dead"))}))
	}
	redrive() // in flight: it stays
	if got := b.depths(dead); got != [3]string{"0", "0", "1"} {
		t.Errorf("dead letters in flight after a redrive: %v", got)
	}
	b.clock.advance(30 * time.Second)
	redrive()
	back := b.receive(url)
	if i := slices.IndexFunc(back, func(m types.Message) bool { return *m.Body == "poison" }); i < 0 {
		t.Fatalf("redriven queue gives %v", back)
	} else if m := back[i]; m.Attributes["ApproximateReceiveCount"] != "1" || *m.MessageId == id {
		t.Errorf("redriven message is not a new one: %v", m)
	}
	tasks := must[*sqs.ListMessageMoveTasksOutput](t)(b.client.ListMessageMoveTasks(t.Context(), &sqs.ListMessageMoveTasksInput{SourceArn: aws.String(b.server.ARN("intake-dead")), MaxResults: aws.Int32(10)}))
	if len(tasks.Results) != 2 || *tasks.Results[0].Status != "COMPLETED" || tasks.Results[0].ApproximateNumberOfMessagesMoved != 1 {
		t.Errorf("move tasks %+v", tasks.Results)
	}
	_, err := b.client.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(b.server.ARN("intake"))})
	if err == nil {
		t.Error("a queue that takes no dead letters is redriven")
	}
}

func TestMessageAttributes(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", nil)
	sent := must[*sqs.SendMessageOutput](t)(b.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{
		"ordinal":  {DataType: aws.String("Number"), StringValue: aws.String("1")},
		"category": {DataType: aws.String("String"), StringValue: aws.String("test")},
	}}))
	const want = "d21ae90c49061e927f57df5f5d72be1f" // as AWS answers
	if *sent.MD5OfMessageAttributes != want {
		t.Errorf("MD5 of attributes %s, not %s", *sent.MD5OfMessageAttributes, want)
	}
	got := b.receive(url)
	if len(got) != 1 || *got[0].MD5OfMessageAttributes != want || *got[0].MessageAttributes["ordinal"].StringValue != "1" {
		t.Fatalf("received %+v", got)
	}
	b.delete(url, got[0])
	for name, bad := range map[string]types.MessageAttributeValue{
		"ok":    {DataType: aws.String("Colour"), StringValue: aws.String("red")},
		"a b":   {DataType: aws.String("String"), StringValue: aws.String("x")},
		"empty": {DataType: aws.String("Binary"), BinaryValue: []byte{}},
	} {
		_, err := b.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{name: bad}})
		if err == nil {
			t.Errorf("attribute %s %v is accepted", name, *bad.DataType)
		}
	}
	must[*sqs.SendMessageOutput](t)(b.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("y"), MessageAttributes: map[string]types.MessageAttributeValue{
		"app.raw":  {DataType: aws.String("Binary.zip"), BinaryValue: []byte{0, 1, 254, 255}},
		"app.kind": {DataType: aws.String("String"), StringValue: aws.String("k")},
		"other":    {DataType: aws.String("String"), StringValue: aws.String("o")},
	}}))
	out := must[*sqs.ReceiveMessageOutput](t)(b.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MessageAttributeNames: []string{"app.*"}}))
	if len(out.Messages) != 1 || len(out.Messages[0].MessageAttributes) != 2 || out.Messages[0].Attributes != nil {
		t.Fatalf("asked for app.*, received %+v", out.Messages)
	}
	if raw := out.Messages[0].MessageAttributes["app.raw"].BinaryValue; !slices.Equal(raw, []byte{0, 1, 254, 255}) {
		t.Errorf("binary value came back as %v", raw)
	}
}

func TestMD5OfAttributes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		attributes map[string]attribute
		want       string
	}{
		{nil, ""},
		{map[string]attribute{"SellerName": {DataType: "String", StringValue: "Example Store"}}, "cd28f3b68aeee4b2eac9c66f2f694b58"},
		{map[string]attribute{"ordinal": {DataType: "Number", StringValue: "1"}, "category": {DataType: "String", StringValue: "test"}}, "d21ae90c49061e927f57df5f5d72be1f"},
	}
	for _, c := range cases {
		if got := md5OfAttributes(c.attributes); got != c.want {
			t.Errorf("%v: %q, not %q", c.attributes, got, c.want)
		}
	}
	text := md5OfAttributes(map[string]attribute{"a": {DataType: "String", StringValue: "x"}})
	raw := md5OfAttributes(map[string]attribute{"a": {DataType: "Binary", BinaryValue: []byte("x")}})
	if text == raw {
		t.Error("text and binary value give one digest")
	}
}

// TestNothingLostNothingTwice has senders and receivers at once: every message
// is received, and none by two while it is in flight.
func TestNothingLostNothingTwice(t *testing.T) {
	t.Parallel()
	b := setupSQS(t) // the clock stands still, so nothing becomes visible again
	url := b.create("intake", nil)
	const senders, each, receivers = 8, 50, 8
	errs := make(chan error, senders+receivers)
	bodies := make(chan string, senders*each*2)
	for s := range senders {
		go func() {
			for i := range each {
				_, err := b.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(fmt.Sprint(s*each + i))})
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range receivers {
		go func() {
			for {
				out, err := b.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 7, WaitTimeSeconds: 1})
				if err != nil || len(out.Messages) == 0 {
					errs <- err
					return
				}
				for _, m := range out.Messages {
					bodies <- *m.Body
				}
			}
		}()
	}
	for range senders + receivers {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	close(bodies)
	seen := map[string]int{}
	for body := range bodies {
		seen[body]++
	}
	for i := range senders * each {
		if n := seen[fmt.Sprint(i)]; n != 1 {
			t.Errorf("message %d was received %d times", i, n)
		}
	}
}
