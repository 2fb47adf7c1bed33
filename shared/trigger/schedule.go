package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// Schedule makes a handler that calls run at each tick of an EventBridge rule,
// with the tick's own time: a tick that is delivered late, or replayed, acts as
// of when it was due. The counts that run returns are logged with the duration,
// those of a failed run too, and are the function's answer.
func Schedule(log *slog.Logger, run func(ctx context.Context, at time.Time) (map[string]int, error)) lambda.Handler {
	return handler(func(ctx context.Context, payload []byte) ([]byte, error) {
		var event events.EventBridgeEvent
		if err := decode(payload, &event); err != nil {
			return nil, err
		}
		if event.Time.IsZero() {
			return nil, errors.New("decode event: a scheduled event without time")
		}
		ctx, cancel := withMargin(ctx)
		defer cancel()

		began := time.Now()
		counts := map[string]int{}
		err := contain(func() error {
			var err error
			counts, err = run(ctx, event.Time.UTC())
			return err
		})
		logOutcome(ctx, log, line{
			what:  "tick",
			attrs: []slog.Attr{slog.Time("at", event.Time), slog.Any("counts", counts)},
			took:  time.Since(began),
			err:   err,
		})
		if err != nil {
			return nil, err
		}
		return json.Marshal(counts)
	})
}
