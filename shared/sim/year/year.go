// Package year plays a year of business on a virtual clock: enquiries arrive, reps
// take them, follow up or go quiet, fall ill and go on holiday, customers come back,
// pools are claimed from and swept, clocks are changed. Everything is decided by the
// pure packages (lead, policy, route, pool) in memory, without a store or a queue,
// so that 200,000 leads take minutes.
//
// A [checker] reads the history as it grows, keeps books of its own and finds what
// breaks a promise of the product. It asks neither the policy nor the snapshots what
// is allowed: it knows the promises by heart and reckons zones, holidays, cycles and
// days itself.
package year

import (
	"fmt"
	"math/rand/v2"
	"time"

	"sluice/shared/policy"
)

// Options say which year is played.
type Options struct {
	Seed  uint64 // decides everything that happens
	Leads int    // that come in, 100 to 2,000,000
	Reps  int    // 5 to 200

	// Progress is told at the end of each month how many leads there are; nil is
	// nobody.
	Progress func(month time.Month, leads int)

	bend  func(*policy.Document) // changes the policy, so that it breaks promises
	plant func(*world)           // puts a fault into the world before it begins
}

// Check tells what is wrong with the options.
func (o Options) Check() error {
	switch {
	case o.Leads < 100 || o.Leads > 2_000_000:
		return fmt.Errorf("leads: give 100 to 2,000,000, not %d", o.Leads)
	case o.Reps < 5 || o.Reps > 200:
		return fmt.Errorf("reps: give 5 to 200, not %d", o.Reps)
	}
	return nil
}

// The year that is played, in seconds since 1970: its holidays and changes of the
// clocks are in clock.go.
var (
	begin = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
	end   = time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
)

const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour
)

// Play plays a year. The error is about the options: what was broken is in the
// report.
func Play(o Options) (*Report, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	began := time.Now()
	w, err := newWorld(o, rand.New(rand.NewPCG(o.Seed, 2026)))
	if err != nil {
		return nil, err
	}
	w.run()
	r := w.report()
	r.Took = time.Since(began)
	return r, nil
}
