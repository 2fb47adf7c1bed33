package local

import (
	"context"
	"fmt"
	"time"
)

// Part is something that works through what it is fed: a source.
type Part interface {
	// Idle says whether nothing that was there when it was asked is left.
	Idle(context.Context) (bool, error)
	// Handled counts what was worked on since the start.
	Handled() int64
}

// settlePause is how long Settle waits before it asks again: shorter than what
// anything that is under way takes.
const settlePause = 2 * time.Millisecond

// Settle waits until nothing is left to do in any part: until all of them, asked
// one after the other, were idle while none did anything. What comes from
// outside meanwhile, or by a schedule, is the caller's to hold back.
func Settle(ctx context.Context, parts ...Part) error {
	for {
		before := handled(parts)
		idle := true
		for _, p := range parts {
			ok, err := p.Idle(ctx)
			if err != nil {
				return fmt.Errorf("settle: %w", err)
			}
			if idle = idle && ok; !idle {
				break
			}
		}
		if idle && handled(parts) == before {
			return nil
		}
		if !pause(ctx, settlePause) {
			return fmt.Errorf("settle: %w", ctx.Err())
		}
	}
}

func handled(parts []Part) (n int64) {
	for _, p := range parts {
		n += p.Handled()
	}
	return n
}
