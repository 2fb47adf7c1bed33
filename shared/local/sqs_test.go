package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// clock is a virtual one that many may read.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// sqsBench is an SQS behind an edge, with a virtual clock, and the SDK's client.
type sqsBench struct {
	*testing.T
	server *SQS
	client *sqs.Client
	clock  *clock
	base   string
}

func setupSQS(t *testing.T) *sqsBench {
	t.Helper()
	return openSQS(t, "", newClock())
}

func openSQS(t *testing.T, dir string, c *clock) *sqsBench {
	t.Helper()
	server := must[*SQS](t)(OpenSQS(SQSOptions{Dir: dir, Now: c.now}))
	base := listen(t, EdgeOptions{SQS: server})
	return &sqsBench{T: t, server: server, client: sqsClient(base), clock: c, base: base}
}

func (b *sqsBench) create(name string, attributes map[string]string) string {
	b.Helper()
	out := must[*sqs.CreateQueueOutput](b)(b.client.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes}))
	return *out.QueueUrl
}

func (b *sqsBench) redriven(name string, receives int) (url, dead string) {
	b.Helper()
	dead = b.create(name+"-dead", nil)
	policy := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":"%d"}`, b.server.ARN(name+"-dead"), receives)
	return b.create(name, map[string]string{"RedrivePolicy": policy}), dead
}

func (b *sqsBench) send(url, body string) string {
	b.Helper()
	out := must[*sqs.SendMessageOutput](b)(b.client.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body}))
	return *out.MessageId
}

func (b *sqsBench) receive(url string) []types.Message {
	b.Helper()
	out := must[*sqs.ReceiveMessageOutput](b)(b.client.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"},
	}))
	return out.Messages
}

// bodies are the texts of what is received, sorted.
func (b *sqsBench) bodies(url string) []string {
	b.Helper()
	var got []string
	for _, m := range b.receive(url) {
		got = append(got, *m.Body)
	}
	slices.Sort(got)
	return got
}

func (b *sqsBench) delete(url string, m types.Message) {
	b.Helper()
	must[*sqs.DeleteMessageOutput](b)(b.client.DeleteMessage(b.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}))
}

func (b *sqsBench) attributes(url string, names ...types.QueueAttributeName) map[string]string {
	b.Helper()
	return must[*sqs.GetQueueAttributesOutput](b)(b.client.GetQueueAttributes(b.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: names})).Attributes
}

// depths are visible, delayed and in flight.
func (b *sqsBench) depths(url string) [3]string {
	b.Helper()
	a := b.attributes(url, "All")
	return [3]string{a["ApproximateNumberOfMessages"], a["ApproximateNumberOfMessagesDelayed"], a["ApproximateNumberOfMessagesNotVisible"]}
}

func TestQueueLifecycle(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", map[string]string{"VisibilityTimeout": "60", "DelaySeconds": "0"})
	if want := b.base + "/000000000000/intake"; url != want {
		t.Errorf("URL %s, not %s", url, want)
	}
	if again := b.create("intake", map[string]string{"VisibilityTimeout": "60"}); again != url {
		t.Errorf("created again at %s", again)
	}
	b.create("other", nil)
	found := must[*sqs.GetQueueUrlOutput](t)(b.client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("intake")}))
	if *found.QueueUrl != url {
		t.Errorf("found at %s", *found.QueueUrl)
	}
	a := b.attributes(url, "VisibilityTimeout", "QueueArn", "MaximumMessageSize")
	if len(a) != 3 || a["VisibilityTimeout"] != "60" || a["QueueArn"] != "arn:aws:sqs:us-east-1:000000000000:intake" || a["MaximumMessageSize"] != "1048576" {
		t.Errorf("attributes %v", a)
	}
	must[*sqs.SetQueueAttributesOutput](t)(b.client.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"VisibilityTimeout": "90"}}))
	if got := b.attributes(url, "VisibilityTimeout")["VisibilityTimeout"]; got != "90" {
		t.Errorf("visibility is %s after it was set", got)
	}
	var names []string
	pages := sqs.NewListQueuesPaginator(b.client, &sqs.ListQueuesInput{MaxResults: aws.Int32(1)})
	for pages.HasMorePages() {
		page := must[*sqs.ListQueuesOutput](t)(pages.NextPage(t.Context()))
		names = append(names, page.QueueUrls...)
	}
	if len(names) != 2 || names[0] != url {
		t.Errorf("queues are %v", names)
	}
	b.send(url, "gone")
	must[*sqs.PurgeQueueOutput](t)(b.client.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &url}))
	if got := b.bodies(url); got != nil {
		t.Errorf("purged queue has %v", got)
	}
	must[*sqs.DeleteQueueOutput](t)(b.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}))
	_, err := b.client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("intake")})
	if _, ok := errors.AsType[*types.QueueDoesNotExist](err); !ok {
		t.Errorf("deleted queue gives %v", err)
	}
}

func TestSQSFaultsAreTyped(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", nil)
	nowhere := b.base + "/000000000000/nowhere"
	entries := func(ids ...string) (list []types.SendMessageBatchRequestEntry) {
		for _, id := range ids {
			list = append(list, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String("x")})
		}
		return list
	}
	batch := func(list []types.SendMessageBatchRequestEntry) error {
		_, err := b.client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: list})
		return err
	}
	send := func(in sqs.SendMessageInput) error {
		_, err := b.client.SendMessage(t.Context(), &in)
		return err
	}
	create := func(attributes map[string]string) error {
		_, err := b.client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("intake"), Attributes: attributes})
		return err
	}
	half := strings.Repeat("x", MaxMessageBytes/2+1)
	big := entries("a", "b")
	big[0].MessageBody, big[1].MessageBody = &half, &half
	cases := map[string]struct {
		err  error
		code string
	}{
		"no queue":          {send(sqs.SendMessageInput{QueueUrl: &nowhere, MessageBody: aws.String("x")}), "AWS.SimpleQueueService.NonExistentQueue"},
		"other attributes":  {create(map[string]string{"DelaySeconds": "5"}), "QueueAlreadyExists"},
		"out of range":      {create(map[string]string{"DelaySeconds": "901"}), "InvalidAttributeValue"},
		"unknown attribute": {create(map[string]string{"Colour": "red"}), "InvalidAttributeName"},
		"first in, first out": {create(map[string]string{"FifoQueue": "true"}),
			"AWS.SimpleQueueService.UnsupportedOperation"},
		"no dead-letter queue": {func() error {
			_, err := b.client.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url,
				Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:nowhere","maxReceiveCount":3}`}})
			return err
		}(), "InvalidParameterValue"},
		"too long":      {send(sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(half + half)}), "InvalidParameterValue"},
		"empty":         {send(sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("")}), "MissingParameter"},
		"control":       {send(sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("a\x00b")}), "InvalidMessageContents"},
		"delay":         {send(sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("x"), DelaySeconds: 901}), "InvalidParameterValue"},
		"empty batch":   {batch([]types.SendMessageBatchRequestEntry{}), "AWS.SimpleQueueService.EmptyBatchRequest"},
		"ids repeat":    {batch(entries("a", "a")), "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"},
		"bad id":        {batch(entries("a b")), "AWS.SimpleQueueService.InvalidBatchEntryId"},
		"eleven":        {batch(entries("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k")), "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"},
		"batch too big": {batch(big), "AWS.SimpleQueueService.BatchRequestTooLong"},
		"eleven asked": {func() error {
			_, err := b.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 11})
			return err
		}(), "InvalidParameterValue"},
		"no such receipt": {func() error {
			_, err := b.client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: aws.String("nonsense")})
			return err
		}(), "ReceiptHandleIsInvalid"},
		"not part of this": {func() error {
			_, err := b.client.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"a": "b"}})
			return err
		}(), "UnknownOperationException"},
	}
	for name, c := range cases {
		api, ok := errors.AsType[smithy.APIError](c.err)
		if !ok || api.ErrorCode() != c.code {
			t.Errorf("%s: %v, not %s", name, c.err, c.code)
		}
	}
	if _, ok := errors.AsType[*types.QueueDoesNotExist](cases["no queue"].err); !ok {
		t.Errorf("no queue: %T is not the SDK's type", cases["no queue"].err)
	}
	if _, ok := errors.AsType[*types.ReceiptHandleIsInvalid](cases["no such receipt"].err); !ok {
		t.Errorf("no such receipt: %T is not the SDK's type", cases["no such receipt"].err)
	}
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", map[string]string{"VisibilityTimeout": "30"})
	b.send(url, "one")
	first := b.receive(url)
	if len(first) != 1 || *first[0].Body != "one" {
		t.Fatalf("received %v", first)
	}
	start := strconv.FormatInt(b.clock.now().UnixMilli(), 10)
	if a := first[0].Attributes; a["ApproximateReceiveCount"] != "1" || a["SentTimestamp"] != start || a["ApproximateFirstReceiveTimestamp"] != start {
		t.Errorf("attributes of the first receive are %v", a)
	}
	if again := b.bodies(url); again != nil {
		t.Errorf("received %v while in flight", again)
	}
	if got := b.depths(url); got != [3]string{"0", "0", "1"} {
		t.Errorf("depths in flight %v", got)
	}
	b.clock.advance(30 * time.Second)
	second := b.receive(url)
	if len(second) != 1 || second[0].Attributes["ApproximateReceiveCount"] != "2" || second[0].Attributes["ApproximateFirstReceiveTimestamp"] != start {
		t.Fatalf("received %v when visible again", second)
	}

	// The first receipt is stale: deleting by it succeeds and does nothing.
	b.delete(url, first[0])
	if got := b.depths(url); got != [3]string{"0", "0", "1"} {
		t.Errorf("depths after a stale delete %v", got)
	}
	change := func(m types.Message, seconds int32) error {
		_, err := b.client.ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: seconds})
		return err
	}
	if err := change(first[0], 0); err == nil {
		t.Error("a stale receipt changes visibility")
	}
	if err := change(second[0], 100); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(99 * time.Second)
	if got := b.bodies(url); got != nil {
		t.Errorf("received %v before the longer time was over", got)
	}
	if err := change(second[0], 0); err != nil {
		t.Fatal(err)
	}
	_ = b.depths(url) // the message is back
	if _, ok := errors.AsType[*types.MessageNotInflight](change(second[0], 5)); !ok {
		t.Error("a message that is not in flight changes visibility")
	}
	third := b.receive(url)
	if len(third) != 1 {
		t.Fatalf("received %v when given back", third)
	}
	b.delete(url, third[0])
	b.delete(url, third[0]) // twice is harmless
	b.clock.advance(time.Hour)
	if got := b.bodies(url); got != nil {
		t.Errorf("received %v after it was deleted", got)
	}
}

func TestDelayAndRetention(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", map[string]string{"DelaySeconds": "10", "MessageRetentionPeriod": "60"})
	b.send(url, "queue's delay")
	must[*sqs.SendMessageOutput](t)(b.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("its own"), DelaySeconds: 20}))
	if got := b.bodies(url); got != nil {
		t.Errorf("received %v at once", got)
	}
	if got := b.depths(url); got != [3]string{"0", "2", "0"} {
		t.Errorf("depths %v", got)
	}
	b.clock.advance(10 * time.Second)
	if got := b.bodies(url); !slices.Equal(got, []string{"queue's delay"}) {
		t.Errorf("received %v after 10 s", got)
	}
	b.clock.advance(49 * time.Second)
	if got := b.bodies(url); !slices.Equal(got, []string{"its own", "queue's delay"}) {
		t.Errorf("received %v after 59 s", got)
	}
	b.clock.advance(31 * time.Second)
	if got := b.bodies(url); got != nil {
		t.Errorf("received %v past the retention", got)
	}
	if got := b.depths(url); got != [3]string{"0", "0", "0"} {
		t.Errorf("depths past the retention %v", got)
	}
}

func TestLongPoll(t *testing.T) {
	t.Parallel()
	b := setupSQS(t)
	url := b.create("intake", nil)
	poll := func(ctx context.Context, wait int32) <-chan []types.Message {
		got := make(chan []types.Message, 1)
		go func() {
			out, err := b.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: wait})
			if err != nil && ctx.Err() == nil {
				t.Errorf("receive: %v", err)
			}
			if out == nil {
				out = &sqs.ReceiveMessageOutput{}
			}
			got <- out.Messages
		}()
		return got
	}
	// Whether the poll waits already or not, a send ends it long before 20 s.
	start := time.Now()
	got := poll(t.Context(), 20)
	b.send(url, "wakes")
	if m := <-got; len(m) != 1 || time.Since(start) > 10*time.Second {
		t.Errorf("a send wakes the poll with %v after %v", m, time.Since(start))
	}
	// A virtual clock does not hold it: it becomes visible while polled for.
	got = poll(t.Context(), 20)
	b.clock.advance(31 * time.Second)
	b.server.Wake()
	if m := <-got; len(m) != 1 || time.Since(start) > 10*time.Second {
		t.Errorf("a virtual clock gives %v after %v", m, time.Since(start))
	}
	start = time.Now()
	if m := <-poll(t.Context(), 1); len(m) != 0 || time.Since(start) < 900*time.Millisecond {
		t.Errorf("an empty queue gives %v after %v", m, time.Since(start))
	}
	ctx, cancel := context.WithCancel(t.Context())
	got = poll(ctx, 20)
	cancel()
	<-got
	b.send(url, "for the next") // whom a poll that hung up must not rob
	if m := <-poll(t.Context(), 5); len(m) != 1 {
		t.Errorf("after a poll hung up the next gets %v", m)
	}
	got = poll(t.Context(), 20)
	b.server.endWaits() // as a shutdown does
	if m := <-got; len(m) != 0 || time.Since(start) > 10*time.Second {
		t.Errorf("a shutdown ends the poll with %v after %v", m, time.Since(start))
	}
}
