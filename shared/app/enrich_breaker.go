package app

import (
	"sync"
	"time"

	"sluice/shared/policy"
)

// breaker leaves a service in peace that fails again and again: closed until it has
// failed so often in a row, then open for a while, then one question decides.
type breaker struct {
	failed int
	open   time.Time // until then nobody asks
}

// ready reports whether the service may be asked now. Where the time is up it is
// asked once: until that is answered nobody else does.
func (b *breaker) ready(now time.Time, most int, pause time.Duration) bool {
	if now.Before(b.open) {
		return false
	}
	if b.failed >= most {
		b.open = now.Add(pause)
	}
	return true
}

// told notes how asking went.
func (b *breaker) told(ok bool, now time.Time, most int, pause time.Duration) {
	if ok {
		*b = breaker{}
		return
	}
	if b.failed++; b.failed >= most {
		b.open = now.Add(pause)
	}
}

// breakers are those of one running function: each learns for itself.
type breakers struct {
	mu   sync.Mutex
	each map[string]*breaker
}

func (b *breakers) of(id string) *breaker {
	if b.each == nil {
		b.each = map[string]*breaker{}
	}
	if b.each[id] == nil {
		b.each[id] = &breaker{}
	}
	return b.each[id]
}

func (b *breakers) ready(e policy.Enrichment, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.of(e.ID).ready(now, e.Failures, e.Pause)
}

func (b *breakers) told(e policy.Enrichment, ok bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(e.ID).told(ok, now, e.Failures, e.Pause)
}
