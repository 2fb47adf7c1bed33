package local

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// QueueClient is what a [QueueSource] asks of SQS; *sqs.Client has it.
type QueueClient interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
	ChangeMessageVisibilityBatch(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// QueueSourceOptions says which queue feeds which function.
type QueueSourceOptions struct {
	Client   QueueClient
	URL      string // of the queue
	Function Function
	Batch    int // messages of one invocation, 1 to 10; 0 is 10
	Pollers  int // batches at once; 0 is 2
	// Retry is when a failed message comes back, in whole seconds: four times
	// later each time, but for at most a minute or Retry itself, so that a
	// short outage does not use up its receives. Less than a second is at once,
	// each time. 0 leaves it to the queue's visibility timeout, as AWS does: on
	// a laptop nobody wants to wait for that.
	Retry time.Duration
	Log   *slog.Logger // of batches that failed whole; nil discards
}

// QueueSource stands for the event source mapping between a queue and a
// function: it receives batches, invokes the function with the event that Lambda
// sends, deletes what did not fail and leaves the rest to the queue, which
// brings it back or moves it to the dead letters.
type QueueSource struct {
	opts    QueueSourceOptions
	arn     string
	flying  atomic.Int64 // batches between their receipt and their deletion
	handled atomic.Int64
}

const (
	longPoll    = 20 // seconds, the longest
	afterwards  = 10 * time.Second
	firstPause  = 100 * time.Millisecond
	longestWait = 5 * time.Second

	longestRetry = time.Minute
)

// NewQueueSource builds a source that [QueueSource.Run] starts.
func NewQueueSource(opts QueueSourceOptions) *QueueSource {
	opts.Batch = cmp.Or(opts.Batch, 10)
	opts.Pollers = cmp.Or(opts.Pollers, 2)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	name := opts.URL[strings.LastIndexByte(opts.URL, '/')+1:]
	return &QueueSource{opts: opts, arn: "arn:aws:sqs:us-east-1:" + Account + ":" + name}
}

// Run polls until ctx ends, and then lets the batches at hand finish. A queue
// that does not answer is asked again; the error is always nil.
func (s *QueueSource) Run(ctx context.Context) error {
	var pollers sync.WaitGroup
	for range s.opts.Pollers {
		pollers.Go(func() { s.poll(ctx) })
	}
	pollers.Wait()
	return nil
}

// Idle says whether the queue is empty and nothing of it is being handled.
// Messages that wait to come back count; dead letters do not.
func (s *QueueSource) Idle(ctx context.Context) (bool, error) {
	if s.flying.Load() > 0 {
		return false, nil
	}
	out, err := s.opts.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &s.opts.URL,
		AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages,
			types.QueueAttributeNameApproximateNumberOfMessagesDelayed, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible}})
	if err != nil {
		return false, err
	}
	for _, n := range out.Attributes {
		if n != "0" {
			return false, nil
		}
	}
	return true, nil
}

// Handled counts the messages handed to the function, each time they were.
func (s *QueueSource) Handled() int64 { return s.handled.Load() }

func (s *QueueSource) poll(ctx context.Context) {
	for faults := 0; ctx.Err() == nil; {
		out, err := s.opts.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &s.opts.URL, MaxNumberOfMessages: int32(s.opts.Batch), WaitTimeSeconds: longPoll,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
			MessageAttributeNames:       []string{"All"},
		})
		if err != nil {
			if faults++; pause(ctx, backoff(faults, firstPause, longestWait)) {
				s.opts.Log.WarnContext(ctx, "receive messages", "queue", s.arn, "error", err.Error())
			}
			continue
		}
		faults = 0
		if len(out.Messages) > 0 {
			s.flying.Add(1)
			s.handle(context.WithoutCancel(ctx), out.Messages)
			s.flying.Add(-1)
		}
	}
}

func (s *QueueSource) handle(ctx context.Context, batch []types.Message) {
	payload, err := json.Marshal(s.event(batch))
	if err != nil {
		panic(err) // a struct of strings always encodes
	}
	answer, err := s.opts.Function.invoke(ctx, payload)
	failed, ok := failedItems(answer)
	if err != nil || !ok || !known(failed, batch) {
		s.opts.Log.WarnContext(ctx, "batch failed whole", "queue", s.arn, "messages", len(batch), "error", errText(err))
		failed = nil
		for _, m := range batch {
			failed = append(failed, aws.ToString(m.MessageId))
		}
	}
	s.handled.Add(int64(len(batch)))
	ctx, cancel := context.WithTimeout(ctx, afterwards)
	defer cancel()
	if err := s.settle(ctx, batch, failed); err != nil {
		// They come back and are handled again: delivery is at least once.
		s.opts.Log.WarnContext(ctx, "settle batch", "queue", s.arn, "error", err.Error())
	}
}

// settle deletes what did not fail and says when the rest comes back.
func (s *QueueSource) settle(ctx context.Context, batch []types.Message, failed []string) error {
	isFailed := make(map[string]bool, len(failed))
	for _, id := range failed {
		isFailed[id] = true
	}
	done := &sqs.DeleteMessageBatchInput{QueueUrl: &s.opts.URL}
	again := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &s.opts.URL}
	for i, m := range batch {
		id := aws.String(strconv.Itoa(i))
		if isFailed[aws.ToString(m.MessageId)] {
			again.Entries = append(again.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
				Id: id, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: s.hiddenFor(m)})
		} else {
			done.Entries = append(done.Entries, types.DeleteMessageBatchRequestEntry{Id: id, ReceiptHandle: m.ReceiptHandle})
		}
	}
	if len(done.Entries) > 0 {
		if _, err := s.opts.Client.DeleteMessageBatch(ctx, done); err != nil {
			return err
		}
	}
	if len(again.Entries) > 0 && s.opts.Retry > 0 {
		if _, err := s.opts.Client.ChangeMessageVisibilityBatch(ctx, again); err != nil {
			return err
		}
	}
	return nil
}

// hiddenFor is in how many seconds a failed message comes back.
func (s *QueueSource) hiddenFor(m types.Message) int32 {
	if s.opts.Retry < time.Second {
		return 0
	}
	receives, _ := strconv.Atoi(m.Attributes["ApproximateReceiveCount"]) // 0 where the queue does not tell
	grown := s.opts.Retry << (2 * min(max(receives-1, 0), 10))
	return int32(max(s.opts.Retry, min(grown, longestRetry)) / time.Second)
}

// event is the batch as Lambda sends it.
func (s *QueueSource) event(batch []types.Message) events.SQSEvent {
	var e events.SQSEvent
	for _, m := range batch {
		attributes := make(map[string]events.SQSMessageAttribute, len(m.MessageAttributes))
		for name, v := range m.MessageAttributes {
			attributes[name] = events.SQSMessageAttribute{DataType: aws.ToString(v.DataType), StringValue: v.StringValue, BinaryValue: v.BinaryValue}
		}
		e.Records = append(e.Records, events.SQSMessage{
			MessageId: aws.ToString(m.MessageId), ReceiptHandle: aws.ToString(m.ReceiptHandle),
			Body: aws.ToString(m.Body), Md5OfBody: aws.ToString(m.MD5OfBody), Md5OfMessageAttributes: aws.ToString(m.MD5OfMessageAttributes),
			Attributes: m.Attributes, MessageAttributes: attributes,
			EventSource: "aws:sqs", EventSourceARN: s.arn, AWSRegion: "us-east-1",
		})
	}
	return e
}

// failedItems reads the ids that an answer reports. Like Lambda it takes an
// empty answer for success, and anything it cannot read for none.
func failedItems(answer []byte) (ids []string, ok bool) {
	var out struct {
		BatchItemFailures []struct {
			ItemIdentifier *string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if len(answer) == 0 {
		return nil, true
	}
	if json.Unmarshal(answer, &out) != nil {
		return nil, false
	}
	for _, f := range out.BatchItemFailures {
		if aws.ToString(f.ItemIdentifier) == "" {
			return nil, false
		}
		ids = append(ids, *f.ItemIdentifier)
	}
	return ids, true
}

// known says whether every id is of the batch; Lambda fails the batch otherwise.
func known(ids []string, batch []types.Message) bool {
	of := make(map[string]bool, len(batch))
	for _, m := range batch {
		of[aws.ToString(m.MessageId)] = true
	}
	for _, id := range ids {
		if !of[id] {
			return false
		}
	}
	return true
}

func errText(err error) string {
	if err == nil {
		return "malformed batch response"
	}
	return err.Error()
}
