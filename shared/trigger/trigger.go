// Package trigger translates between Lambda events and Go: an API Gateway
// request becomes an *http.Request, a queue's batch becomes messages, a
// stream's batch becomes history entries, a schedule becomes a moment. It knows
// nothing of business. Every function has exactly one trigger, so that no event
// is ever guessed at.
//
// Each handler writes one log line per request, message, entry or tick, with
// outcome and duration. Lines carry ids only: never a body, a path as it was
// typed, or the value of a panic.
package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"sluice/shared/lead"
)

// Margin is kept back of an invocation's deadline, so that there is time left to
// answer, or to report what was not done, before Lambda ends the function.
const Margin = 500 * time.Millisecond

// handler makes a lambda.Handler of a function over raw JSON.
type handler func(context.Context, []byte) ([]byte, error)

// Invoke implements lambda.Handler.
func (h handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return h(ctx, payload)
}

// withMargin ends ctx before the invocation's own deadline. Of a short
// invocation at most a quarter is kept back.
func withMargin(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(Margin, time.Until(deadline)/4)))
}

// decode reads an event. Its error names the place, never the content: the
// decoder's own text may quote a value.
func decode(payload []byte, event any) error {
	if err := json.Unmarshal(payload, event); err != nil {
		return errors.New("decode event: " + fault(err))
	}
	return nil
}

// panicked is a panic made into an error. Its text says where, not with what.
type panicked struct {
	what  string
	stack []byte
}

func (p *panicked) Error() string { return "panic: " + p.what }

// contain runs f and makes its panic an error.
func contain(f func() error) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case runtime.Error:
			err = &panicked{what: v.Error(), stack: debug.Stack()}
		default:
			err = &panicked{what: fmt.Sprintf("a value of type %T", v), stack: debug.Stack()}
		}
	}()
	return f()
}

// logOutcome writes the one line. A failure that a retry may heal is a warning:
// the dead-letter queue rings when none does. A panic, or an error that no retry
// heals, is for a person.
func logOutcome(ctx context.Context, log *slog.Logger, line line) {
	attrs := append(line.attrs, slog.Duration("took", line.took))
	level, outcome := slog.LevelInfo, "done"
	var p *panicked
	switch {
	case errors.As(line.err, &p):
		level, outcome = slog.LevelError, "panic"
		attrs = append(attrs, slog.String("error", p.Error()), slog.String("stack", string(p.stack)))
	case line.err != nil:
		kind := lead.KindOf(line.err)
		level, outcome = slog.LevelError, "failed"
		if kind == lead.Unavailable || kind == lead.Conflict {
			level = slog.LevelWarn
		}
		attrs = append(attrs, slog.String("kind", string(kind)), slog.String("error", line.err.Error()))
	}
	log.LogAttrs(ctx, level, line.what, append(attrs, slog.String("outcome", outcome))...)
}

type line struct {
	what  string
	attrs []slog.Attr
	took  time.Duration
	err   error
}
