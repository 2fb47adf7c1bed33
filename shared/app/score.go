package app

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/aws/aws-lambda-go/lambda"

	"sluice/shared/lead"
	"sluice/shared/score"
	"sluice/shared/trigger"
)

// ScorePorts are what score works with.
type ScorePorts struct {
	Ports
	Store  Store
	Vault  Vault
	Policy *Current
}

// ScoreOrder asks for leads to be scored anew. Doing so twice does nothing: a score
// that is the same is not written.
type ScoreOrder struct {
	Leads []string `json:"leads"` // at most scoreAtOnce
	// Cause is what made it necessary, for the history; without one they are not scored.
	Cause string `json:"cause,omitempty"`
	// Quiet writes only what changes what anybody would do: nothing is known of the
	// leads that was not known before, and behaviour fades all the time.
	Quiet bool `json:"quiet,omitempty"`
	// Policy and Model are the versions that the leads are to be scored by, or later ones;
	// 0 is any.
	Policy int `json:"policy,omitempty"`
	Model  int `json:"model,omitempty"`
	// Over says that the leads are over, or open again after that: how they ended is kept.
	Over bool `json:"over,omitempty"`
}

// scoreAtOnce bounds the leads of one order.
const scoreAtOnce = 25

// Score scores leads anew when something is known that can change their score: what
// they did, how a follow-up went, another policy or model. Of leads that are over it
// keeps how they ended, to learn from.
func Score(p ScorePorts) lambda.Handler {
	s := &scorer{p}
	return trigger.SQS(p.Log, func(ctx context.Context, m trigger.Message) error {
		var order ScoreOrder
		err := json.Unmarshal(m.Body, &order)
		if err != nil || len(order.Leads) == 0 || len(order.Leads) > scoreAtOnce || order.Cause == "" && !order.Over {
			return malformed("a scoring order")
		}
		var faults []error
		for _, id := range order.Leads {
			if order.Cause != "" {
				faults = append(faults, s.rescore(ctx, id, order))
			}
			if order.Over {
				faults = append(faults, s.outcome(ctx, id))
			}
		}
		return errors.Join(faults...)
	})
}

type scorer struct{ ScorePorts }

// rescore scores a lead as it is now, and writes that where it says something new.
func (s *scorer) rescore(ctx context.Context, id string, order ScoreOrder) error {
	pol, err := s.Policy.Get(ctx)
	if err != nil {
		return err
	}
	if scoresBy(pol).older(scoredBy{order.Policy, order.Model}) {
		return lead.Errorf(lead.Unavailable, "policy or model is not known here yet; it is tried again")
	}
	for range commitAttempts {
		l, err := s.Store.Lead(ctx, id)
		if lead.KindOf(err) == lead.NotFound || l.State == lead.StateMerged {
			return nil // it is gone, or goes on as another
		}
		if err != nil {
			return err
		}
		private, err := openAnswers(ctx, s.Vault, l)
		if err != nil {
			return err
		}
		now := s.Now()
		scored := cause(order.Cause, pol.Score(l, scoring(l.Facts, private), now))
		after, entry, err := lead.Run(l, lead.System("score"), pol.Rules(l.Team), now, scored)
		if err != nil || len(entry.Events) == 0 || order.Quiet && !l.Standing().Differs(after.Standing()) {
			return err
		}
		var refused *lead.Refused
		if err := s.Store.Commit(ctx, lead.NewChange(after, entry)); !errors.As(err, &refused) {
			return err
		}
	}
	return lead.Errorf(lead.Unavailable, "the lead changed at the same moment, again and again; it is tried again")
}

// outcome keeps how a lead ended.
func (s *scorer) outcome(ctx context.Context, id string) error {
	pol, err := s.Policy.Get(ctx)
	if err != nil {
		return err
	}
	history, err := wholeHistory(ctx, s.Store, id)
	if err != nil || len(history) == 0 {
		return err
	}
	return s.Store.PutOutcome(ctx, score.OutcomeOf(history, pol.Clock()))
}

// wholeHistory reads all entries of a lead, oldest first.
func wholeHistory(ctx context.Context, store Leads, id string) ([]lead.Entry, error) {
	var history []lead.Entry
	for page := (Page{Limit: 200}); ; {
		entries, cursor, err := store.History(ctx, id, page)
		if err != nil {
			return nil, err
		}
		history = append(history, entries...)
		if page.Cursor = cursor; cursor == "" {
			return history, nil
		}
	}
}
