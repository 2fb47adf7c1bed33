package app

import (
	"context"
	"fmt"
	"time"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// rescorePages bounds a run's share of the walk through all open leads: a thousand
// leads a minute, so that a change of the policy crowds nobody out.
const rescorePages = 40

// rescore has all open leads scored anew, a few pages a minute, after the policy or the
// model has changed. The walk follows the deadlines from the most overdue on. A lead
// whose deadline moves behind the walk meanwhile has been given to somebody, claimed or
// resumed, and is scored anew for that: see [Follows].
func (s *sweep) rescore(ctx context.Context, at time.Time, counts map[string]int) error {
	pol, err := s.Policy.Get(ctx)
	if err != nil {
		return err
	}
	r, err := s.Store.Rescore(ctx)
	if err != nil {
		return err
	}
	why := walkFor(&r, pol, at)
	if !r.Ended.IsZero() {
		return nil
	}
	for range rescorePages {
		ids, next, err := s.Store.Open(ctx, r.Shard, Page{Limit: scoreAtOnce, Cursor: r.Cursor})
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			if err := send(ctx, s.Score, ScoreOrder{Leads: ids, Cause: why, Quiet: true}); err != nil {
				return err
			}
		}
		counts["rescored"] += len(ids)
		r.Sent += len(ids)
		if r.Cursor = next; next != "" {
			continue
		}
		if r.Shard++; r.Shard == schema.DueShards {
			r.Ended = at
			break
		}
	}
	r.Version++
	if err := s.Store.PutRescore(ctx, r); err != nil && lead.KindOf(err) != lead.Conflict { // another run walks
		return err
	}
	return nil
}

// walkFor begins the walk anew where what it scores by has changed, and says what that
// was.
func walkFor(r *score.Rescore, pol *policy.Policy, at time.Time) string {
	if r.Policy != pol.Version() || r.Model != pol.Learned() || r.Version == 0 {
		*r = score.Rescore{Version: r.Version, Policy: pol.Version(), Model: pol.Learned(), Began: at}
	}
	if r.Model > 0 {
		return fmt.Sprintf("policy %d, model %d", r.Policy, r.Model)
	}
	return fmt.Sprintf("policy %d", r.Policy)
}
