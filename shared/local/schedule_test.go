package local

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/trigger"
)

// handlerFunc makes a handler of a function over raw events.
type handlerFunc func(ctx context.Context, payload []byte) ([]byte, error)

func (f handlerFunc) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return f(ctx, payload)
}

var _ lambda.Handler = handlerFunc(nil)

func TestScheduleFiresOnTheMinuteAndSkipsOverlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // its clock starts at midnight of 2000-01-01
		var ticks []string
		s := NewSchedule(ScheduleOptions{Rule: "sweep", Function: Function{Timeout: time.Hour, Handler: handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
			var e struct{ Time time.Time }
			if err := json.Unmarshal(payload, &e); err != nil {
				return nil, err
			}
			ticks = append(ticks, e.Time.Format("15:04:05"))
			if len(ticks) == 2 {
				time.Sleep(90 * time.Second) // so that the third finds it running
			}
			return nil, errors.New("a failed tick must not end the schedule")
		})}})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+30*time.Second)
		defer cancel()
		time.Sleep(20 * time.Second)
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
		if want := []string{"00:01:00", "00:02:00", "00:04:00", "00:05:00"}; !slices.Equal(ticks, want) || s.Skipped() != 1 {
			t.Errorf("ticks %v, %d skipped; want %v", ticks, s.Skipped(), want)
		}
	})
}

func TestScheduleDrainsItsTick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		finished := false
		s := NewSchedule(ScheduleOptions{Function: Function{Handler: handlerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
			time.Sleep(10 * time.Second)
			finished = ctx.Err() == nil
			return nil, nil
		})}})
		ctx, cancel := context.WithTimeout(t.Context(), 65*time.Second)
		defer cancel()
		_ = s.Run(ctx)
		if !finished {
			t.Error("the tick at hand was cut off")
		}
	})
}

func TestScheduleFiresByHand(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 10, 15, 0, 0, time.FixedZone("CET", 3600))
	s := NewSchedule(ScheduleOptions{Rule: "sweep", Function: Function{Handler: trigger.Schedule(discard(), func(_ context.Context, got time.Time) (map[string]int, error) {
		if !got.Equal(at) {
			t.Errorf("at %s, want %s", got, at)
		}
		return map[string]int{"due": 4}, nil
	})}})
	answer := must[[]byte](t)(s.Fire(t.Context(), at))
	if string(answer) != `{"due":4}` {
		t.Errorf("answer %s", answer)
	}
}
