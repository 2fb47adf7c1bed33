package app

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// numberBlock is how many lead numbers a function takes at a time: one write a
// hundred leads, so that the counter is never hot. What a stopped function had
// left is a gap.
const numberBlock = 100

// Numbering hands out readable lead numbers, unique within a year.
type Numbering struct {
	Store Numbers

	mu         sync.Mutex
	year       int
	next, left int
}

// Next returns the next number, such as L-2026-000042.
func (n *Numbering) Next(ctx context.Context, prefix string, now time.Time) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if year := now.UTC().Year(); n.left == 0 || n.year != year {
		first, err := n.Store.TakeNumbers(ctx, year, numberBlock)
		if err != nil {
			return "", err
		}
		n.year, n.next, n.left = year, first, numberBlock
	}
	number := fmt.Sprintf("%s-%d-%06d", prefix, n.year, n.next)
	n.next, n.left = n.next+1, n.left-1
	return number, nil
}
