package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/policy"
	"sluice/shared/pool"
	"sluice/shared/schema"
	"sluice/shared/trigger"
)

// SweepPorts are what sweep works with.
type SweepPorts struct {
	Ports
	Store  Store
	Vault  Vault
	Policy *Current
	Score  Queue
}

const (
	sweepPage     = 50    // leads read at a time
	sweepMost     = 2_000 // leads acted on in one run; the rest are a minute late
	sweepParallel = 8     // leads acted on at once
)

// Sweep acts on every lead whose deadline has passed at the event's own time, and
// goes on with the jobs that move leads and with the walk that scores them anew.
func Sweep(p SweepPorts) lambda.Handler {
	s := &sweep{SweepPorts: p, router: newRouter(p.Store, p.Policy)}
	return trigger.Schedule(p.Log, s.run)
}

type sweep struct {
	SweepPorts
	router *router
	walked atomic.Pointer[scoredBy] // the last walk that is known to be over
}

// run works in bounded pages until nothing is due or its share is done. It
// returns how many leads were due, and how many it acted on, by duty. What
// fails stays due and is found again in a minute.
func (s *sweep) run(ctx context.Context, at time.Time) (map[string]int, error) {
	counts := map[string]int{"due": 0, "failed": 0}
	var faults []error
	for shard := range schema.DueShards {
		seen := map[string]bool{} // the index may lag behind what was just done
		for counts["due"] < sweepMost && ctx.Err() == nil {
			ids, more, err := s.Store.Due(ctx, shard, at, sweepPage+len(seen))
			if err != nil {
				faults = append(faults, err)
				break
			}
			found := fresh(ids, seen)
			counts["due"] += len(found)
			faults = append(faults, s.act(ctx, found, at, counts))
			if !more || len(found) == 0 {
				break
			}
		}
	}
	faults = append(faults, s.jobs(ctx, at, counts), s.rescore(ctx, counts))
	return counts, errors.Join(faults...)
}

func fresh(ids []string, seen map[string]bool) []string {
	var found []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			found = append(found, id)
		}
	}
	return found
}

// act works through one page. A lead that fails does not hold up the others.
func (s *sweep) act(ctx context.Context, ids []string, at time.Time, counts map[string]int) error {
	leads, err := s.Store.Leads(ctx, ids)
	if err != nil {
		counts["failed"] += len(ids)
		return err
	}
	var mu sync.Mutex
	var faults []error
	pace.Each(ctx, len(leads), sweepParallel, func(i int) {
		did, err := s.one(ctx, leads[i], at)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			counts["failed"]++
			faults = append(faults, fmt.Errorf("act on lead %s: %w", leads[i].ID, err))
		} else if did != "" {
			counts[string(did)]++
		}
	})
	return errors.Join(faults...)
}

// one acts on one lead, or leaves it where somebody else has acted meanwhile.
func (s *sweep) one(ctx context.Context, l lead.Lead, at time.Time) (lead.Duty, error) {
	if l.Deadline == nil || l.Deadline.At.After(at) {
		return "", nil
	}
	duty := l.Deadline.Do
	if duty == lead.DutyScore || duty == lead.DutyRoute {
		done, err := s.router.route(ctx, l.ID, lead.System("sweep"), at)
		if !done {
			duty = ""
		}
		return duty, err
	}
	pol, err := s.Policy.Get(ctx)
	if err != nil {
		return "", err
	}
	next := lead.Next(l, pol.Rules(l.Team)) // by the policy as it is now
	duty = next.Do
	switch due := !next.At.After(at); {
	case due && duty == lead.DutySweep:
		err = s.look(ctx, pol, l, at)
	case due && duty == lead.DutyNudge:
		err = s.nudge(ctx, pol, l, at)
	default: // what is not due yet only gets its new deadline
		err = s.expire(ctx, pol, l, at)
	}
	var refused *lead.Refused
	if errors.As(err, &refused) || err != nil && lead.KindOf(err) == lead.Conflict { // somebody has acted meanwhile
		return "", nil
	}
	return duty, err
}

// expire acts on a deadline that has passed.
func (s *sweep) expire(ctx context.Context, pol *policy.Policy, l lead.Lead, at time.Time) error {
	change, err := s.change(pol, l, at, pool.Outcome{Team: l.Team, Commands: []lead.Command{lead.Expire{}}})
	if err != nil || change.Entry == nil {
		return err
	}
	return s.Store.Commit(ctx, change)
}
