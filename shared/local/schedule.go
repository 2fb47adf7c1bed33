package local

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// ScheduleOptions says which function runs how often.
type ScheduleOptions struct {
	Rule     string // name, in the event's resources
	Function Function
	Every    time.Duration // 0 is a minute
	Log      *slog.Logger  // of ticks that failed or were skipped; nil discards
}

// Schedule stands for an EventBridge rule with a rate: it invokes a function
// with a scheduled event whose time is the tick's.
type Schedule struct {
	opts    ScheduleOptions
	skipped atomic.Int64
}

// NewSchedule builds a schedule that [Schedule.Run] starts; [Schedule.Fire] fires
// it by hand.
func NewSchedule(opts ScheduleOptions) *Schedule {
	opts.Every = cmp.Or(opts.Every, time.Minute)
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Schedule{opts: opts}
}

// Run fires at each full interval of the clock (a rule of one minute: at second
// 0) until ctx ends, and then lets the tick at hand finish. A tick that finds
// the one before still running is skipped, for two would only meet the same
// work. Its error is always nil: the next tick is the remedy.
func (s *Schedule) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	var busy atomic.Bool
	for {
		now := time.Now()
		at := now.Truncate(s.opts.Every).Add(s.opts.Every)
		if !pause(ctx, at.Sub(now)) {
			return nil
		}
		if !busy.CompareAndSwap(false, true) {
			s.skipped.Add(1)
			s.opts.Log.WarnContext(ctx, "tick skipped: the one before still runs", "rule", s.opts.Rule, "at", at.UTC())
			continue
		}
		running.Go(func() {
			defer busy.Store(false)
			if _, err := s.Fire(ctx, at); err != nil {
				s.opts.Log.WarnContext(ctx, "tick failed", "rule", s.opts.Rule, "at", at.UTC(), "error", err.Error())
			}
		})
	}
}

// Skipped counts the ticks that were skipped.
func (s *Schedule) Skipped() int64 { return s.skipped.Load() }

// Fire invokes the function as of at and returns its answer: the step of a
// virtual clock.
func (s *Schedule) Fire(ctx context.Context, at time.Time) ([]byte, error) {
	payload, err := json.Marshal(events.EventBridgeEvent{
		Version: "0", ID: newID(), DetailType: "Scheduled Event", Source: "aws.events", AccountID: Account, Region: "us-east-1",
		Time: at.UTC(), Resources: []string{"arn:aws:events:us-east-1:" + Account + ":rule/" + s.opts.Rule}, Detail: json.RawMessage("{}"),
	})
	if err != nil {
		return nil, fmt.Errorf("fire %s: %w", s.opts.Rule, err)
	}
	return s.opts.Function.invoke(context.WithoutCancel(ctx), payload)
}
