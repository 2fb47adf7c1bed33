package local

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// queueBench is a queue whose messages go to the dead letters after three
// receives, behind an edge.
type queueBench struct {
	t           *testing.T
	client      *sqs.Client
	queue, dead string // URLs
}

func setupQueue(t *testing.T) *queueBench {
	t.Helper()
	server := must[*SQS](t)(OpenSQS(SQSOptions{}))
	client := sqsClient(listen(t, EdgeOptions{SQS: server}))
	create := func(name string, attributes map[string]string) string {
		return *must[*sqs.CreateQueueOutput](t)(client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})).QueueUrl
	}
	dead := create("work-dead", nil)
	return &queueBench{t: t, client: client, dead: dead, queue: create("work", map[string]string{
		"VisibilityTimeout": "600", // so that what comes back within the test came back by the source
		"RedrivePolicy":     fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":3}`, server.ARN("work-dead")),
	})}
}

func (b *queueBench) send(bodies ...string) {
	b.t.Helper()
	for chunk := range slices.Chunk(bodies, 10) {
		in := &sqs.SendMessageBatchInput{QueueUrl: &b.queue}
		for i, body := range chunk {
			id := fmt.Sprint(i)
			in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body})
		}
		must[*sqs.SendMessageBatchOutput](b.t)(b.client.SendMessageBatch(b.t.Context(), in))
	}
}

func (b *queueBench) received(url string) (bodies []string) {
	b.t.Helper()
	for {
		out := must[*sqs.ReceiveMessageOutput](b.t)(b.client.ReceiveMessage(b.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10}))
		if len(out.Messages) == 0 {
			slices.Sort(bodies)
			return bodies
		}
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
		}
	}
}

// start runs a source until the returned function, or the test, ends it.
func (b *queueBench) start(h lambda.Handler) (s *QueueSource, stop func()) {
	s = NewQueueSource(QueueSourceOptions{Client: b.client, URL: b.queue, Retry: time.Millisecond,
		Function: Function{Name: "work", Handler: h, Timeout: 10 * time.Second}})
	return s, run(b.t, s)
}

// run starts a part, and returns what stops it and waits.
func run(t *testing.T, part interface{ Run(context.Context) error }) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- part.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func settled(t *testing.T, parts ...Part) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := Settle(ctx, parts...); err != nil {
		t.Fatal(err)
	}
}

func TestQueueSourceDeliversAndRedelivers(t *testing.T) {
	t.Parallel()
	b := setupQueue(t)
	var mu sync.Mutex
	attempts := map[string][]int{}
	s, _ := b.start(trigger.SQS(discard(), func(_ context.Context, m trigger.Message) error {
		mu.Lock()
		defer mu.Unlock()
		body := string(m.Body)
		attempts[body] = append(attempts[body], m.Attempt)
		if time.Since(m.Sent) > time.Minute {
			t.Errorf("sent at %s", m.Sent)
		}
		switch {
		case strings.HasPrefix(body, "poison"):
			return lead.Errorf(lead.Invalid, "no")
		case strings.HasPrefix(body, "once") && m.Attempt == 1:
			panic("at first")
		}
		return nil
	}))
	var bodies []string
	for i := range 40 {
		bodies = append(bodies, fmt.Sprintf("good %d", i))
	}
	bodies = append(bodies, "poison 1", "poison 2", "once 1")
	b.send(bodies...)
	settled(t, s)

	for _, body := range bodies {
		want := []int{1}
		switch {
		case strings.HasPrefix(body, "poison"):
			want = []int{1, 2, 3}
		case strings.HasPrefix(body, "once"):
			want = []int{1, 2}
		}
		if !slices.Equal(attempts[body], want) {
			t.Errorf("%s: attempts %v, want %v", body, attempts[body], want)
		}
	}
	if dead := b.received(b.dead); !slices.Equal(dead, []string{"poison 1", "poison 2"}) {
		t.Errorf("dead letters %v", dead)
	}
	if want := int64(40 + 3 + 3 + 2); s.Handled() != want {
		t.Errorf("handled %d, want %d", s.Handled(), want)
	}
}

func TestQueueSourceMakesTheEventOfLambda(t *testing.T) {
	t.Parallel()
	b := setupQueue(t)
	got := make(chan []byte, 1)
	b.start(handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) { got <- payload; return nil, nil }))
	b.send("hello")
	var e events.SQSEvent
	if err := json.Unmarshal(<-got, &e); err != nil || len(e.Records) != 1 {
		t.Fatalf("event %+v, %v", e, err)
	}
	r := e.Records[0]
	if r.Body != "hello" || r.MessageId == "" || r.ReceiptHandle == "" || r.EventSource != "aws:sqs" ||
		r.EventSourceARN != "arn:aws:sqs:us-east-1:000000000000:work" || r.Md5OfBody != "5d41402abc4b2a76b9719d911017c592" ||
		r.Attributes["ApproximateReceiveCount"] != "1" || r.Attributes["SentTimestamp"] == "" {
		t.Errorf("record %+v", r)
	}
}

func TestQueueSourceFailsTheWholeBatch(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]handlerFunc{
		"error":    func(context.Context, []byte) ([]byte, error) { return nil, fmt.Errorf("down") },
		"panic":    func(context.Context, []byte) ([]byte, error) { panic("down") },
		"not JSON": func(context.Context, []byte) ([]byte, error) { return []byte("hello"), nil },
		"empty id": func(context.Context, []byte) ([]byte, error) {
			return []byte(`{"batchItemFailures":[{"itemIdentifier":""}]}`), nil
		},
		"null id": func(context.Context, []byte) ([]byte, error) { return []byte(`{"batchItemFailures":[{}]}`), nil },
		"foreign id": func(context.Context, []byte) ([]byte, error) {
			return []byte(`{"batchItemFailures":[{"itemIdentifier":"x"}]}`), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupQueue(t)
			s, stop := b.start(answer)
			b.send("1", "2", "3")
			settled(t, s)
			stop()
			if dead := b.received(b.dead); !slices.Equal(dead, []string{"1", "2", "3"}) || s.Handled() != 9 {
				t.Errorf("dead letters %v after %d", dead, s.Handled())
			}
		})
	}
	for name, answer := range map[string]string{"nothing": "", "null": "null", "null list": `{"batchItemFailures":null}`, "empty list": `{"batchItemFailures":[]}`} {
		t.Run("success: "+name, func(t *testing.T) {
			t.Parallel()
			b := setupQueue(t)
			s, _ := b.start(answering("f", answer).Handler)
			b.send("1", "2", "3")
			settled(t, s)
			if dead := b.received(b.dead); len(dead) != 0 || s.Handled() != 3 {
				t.Errorf("dead letters %v after %d", dead, s.Handled())
			}
		})
	}
}

func TestQueueSourceDrainsWhenStopped(t *testing.T) {
	t.Parallel()
	b := setupQueue(t)
	begun, finish := make(chan struct{}), make(chan struct{})
	s, stop := b.start(trigger.SQS(discard(), func(ctx context.Context, _ trigger.Message) error {
		close(begun)
		<-finish
		return ctx.Err()
	}))
	b.send("slow")
	<-begun
	if idle, err := s.Idle(t.Context()); idle || err != nil {
		t.Errorf("idle %t, %v while a message is being handled", idle, err)
	}
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	select {
	case <-stopped:
		t.Error("stopped without the message at hand")
	case <-time.After(50 * time.Millisecond):
	}
	close(finish)
	<-stopped
	if idle, err := s.Idle(t.Context()); !idle || err != nil {
		t.Errorf("idle %t, %v: the drained message was not deleted", idle, err)
	}
}

func TestQueueSourceSurvivesItsQueue(t *testing.T) {
	t.Parallel()
	b := setupQueue(t)
	missing := b.queue + "-later"
	s := NewQueueSource(QueueSourceOptions{Client: b.client, URL: missing, Function: answering("f", "")})
	run(t, s)
	if _, err := s.Idle(t.Context()); err == nil {
		t.Error("idle without a queue")
	}
	name := "work-later"
	must[*sqs.CreateQueueOutput](t)(b.client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name}))
	b.queue = missing
	b.send("late")
	settled(t, s)
	if s.Handled() != 1 {
		t.Errorf("handled %d", s.Handled())
	}
}
