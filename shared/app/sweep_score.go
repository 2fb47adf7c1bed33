package app

import (
	"context"
	"errors"
	"fmt"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// rescorePages bounds a run's share of the walk through all open leads: a thousand
// leads a minute, so that a change of the policy crowds nobody out.
const rescorePages = 40

// rescoreAfter is how long after a change of the policy or the model the walk begins: by
// then every process knows of it, and what was begun before that has ended.
const rescoreAfter = 2 * policyAge

// scoredBy is what leads are scored by: versions of the policy and of the model, 0 for
// none.
type scoredBy struct{ policy, model int }

func scoresBy(pol *policy.Policy) scoredBy { return scoredBy{pol.Version(), pol.Learned()} }

// older reports whether b was in force before o. Versions only grow, but that a model
// goes out of force without another.
func (b scoredBy) older(o scoredBy) bool {
	return b.policy < o.policy || b.model > 0 && b.model < o.model
}

func (b scoredBy) String() string {
	if b.model > 0 {
		return fmt.Sprintf("policy %d, model %d", b.policy, b.model)
	}
	return fmt.Sprintf("policy %d", b.policy)
}

// rescore has all open leads scored anew, a few pages a minute, after the policy or the
// model has changed. The walk follows the deadlines from the most overdue on. A lead
// whose deadline moves behind the walk meanwhile is scored anew for that: see [Follows].
func (s *sweep) rescore(ctx context.Context, counts map[string]int) error {
	pol, err := s.Policy.Get(ctx)
	if err != nil {
		return err
	}
	by := scoresBy(pol)
	if walked := s.walked.Load(); walked != nil && *walked == by {
		return nil
	}
	r, err := s.Store.Rescore(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	switch last := (scoredBy{r.Policy, r.Model}); {
	case by.older(last): // this process does not know yet
		return nil
	case by != last:
		r = score.Rescore{Version: r.Version, Policy: by.policy, Model: by.model, Began: now}
	case !r.Ended.IsZero():
		s.walked.Store(&by)
		return nil
	case now.Sub(r.Began) < rescoreAfter:
		return nil
	default:
		err = s.walk(ctx, &r, counts)
	}
	r.Version++
	if stored := s.Store.PutRescore(ctx, r); stored != nil && lead.KindOf(stored) != lead.Conflict { // another run walks
		err = errors.Join(err, stored)
	}
	return err
}

// walk goes a run's share of the way on. Where it fails, what it did until then is done.
func (s *sweep) walk(ctx context.Context, r *score.Rescore, counts map[string]int) error {
	order := ScoreOrder{Cause: scoredBy{r.Policy, r.Model}.String(), Quiet: true, Policy: r.Policy, Model: r.Model}
	for range rescorePages {
		ids, next, err := s.Store.Open(ctx, r.Shard, Page{Limit: scoreAtOnce, Cursor: r.Cursor})
		if err != nil {
			return err
		}
		if order.Leads = ids; len(ids) > 0 {
			if err := send(ctx, s.Score, order); err != nil {
				return err
			}
		}
		counts["rescored"] += len(ids)
		r.Sent += len(ids)
		if r.Cursor = next; next != "" {
			continue
		}
		if r.Shard++; r.Shard == schema.DueShards {
			r.Ended = s.Now()
			break
		}
	}
	return nil
}
