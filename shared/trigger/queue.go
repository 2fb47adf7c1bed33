package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/pace"
)

// Message is one message of a queue.
type Message struct {
	ID      string
	Body    []byte
	Attempt int       // how often it was received, this time included; 1 at first
	Sent    time.Time // to the millisecond
}

// Workers is how many messages of a batch are handled at once. A message spends
// its time waiting for the table, not computing, so a batch of ten should take
// as long as its slowest message and not as long as all of them; ten is also
// the largest batch of a queue without a batching window.
const Workers = 10

// SQS makes a handler that calls handle once for each message of a batch, up to
// [Workers] at once and in no particular order. A message whose call returns an
// error or panics is reported by its id and comes back, and its neighbours are
// not touched; so does one whose turn has not come when time runs out. After the
// queue's limit of receives it ends in the dead-letter queue, which is where an
// Invalid one belongs too: what can be kept elsewhere, handle must have kept.
func SQS(log *slog.Logger, handle func(context.Context, Message) error) lambda.Handler {
	return handler(func(ctx context.Context, payload []byte) ([]byte, error) {
		var event queueEvent
		if err := decode(payload, &event); err != nil {
			return nil, err
		}
		for _, record := range event.Records {
			if record.ID == "" {
				return nil, errors.New("decode event: a message without id cannot be reported")
			}
		}
		ctx, cancel := withMargin(ctx)
		defer cancel()

		failed := make([]bool, len(event.Records))
		pace.Each(ctx, len(event.Records), Workers, func(i int) {
			failed[i] = handleMessage(ctx, log, event.Records[i], handle) != nil
		})

		answer := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
		for i, record := range event.Records {
			if failed[i] {
				answer.BatchItemFailures = append(answer.BatchItemFailures,
					events.SQSBatchItemFailure{ItemIdentifier: record.ID})
			}
		}
		return json.Marshal(answer)
	})
}

// queueEvent is what is read of a batch. The numbers travel as strings.
type queueEvent struct {
	Records []queueRecord `json:"Records"`
}

type queueRecord struct {
	ID         string `json:"messageId"`
	Body       string `json:"body"`
	Attributes struct {
		Receives string `json:"ApproximateReceiveCount"`
		Sent     string `json:"SentTimestamp"`
	} `json:"attributes"`
}

var errNoTime = &lead.Error{Kind: lead.Unavailable, Text: "no time was left to begin"}

func handleMessage(ctx context.Context, log *slog.Logger, record queueRecord, handle func(context.Context, Message) error) error {
	began := time.Now()
	msg := Message{
		ID:      record.ID,
		Body:    []byte(record.Body),
		Attempt: max(1, number(record.Attributes.Receives)),
		Sent:    time.UnixMilli(int64(number(record.Attributes.Sent))).UTC(),
	}
	err := contain(func() error {
		if ctx.Err() != nil {
			return errNoTime
		}
		return handle(ctx, msg)
	})
	logOutcome(ctx, log, line{
		what:  "message",
		attrs: []slog.Attr{slog.String("message", msg.ID), slog.Int("attempt", msg.Attempt)},
		took:  time.Since(began),
		err:   err,
	})
	return err
}

// number is 0 where the queue sent none.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
