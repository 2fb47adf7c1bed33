package sim

import (
	"context"
	"errors"
	"testing"
	"time"

	"sluice/shared/dial"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/score"
	"sluice/shared/sim/table"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// contracts are what the store refuses by one condition alone: each is done to a
// store of its own, and its last step must be refused.
var contracts = map[string]func(context.Context, *dynamo.Table) error{
	"put lead: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		return twice(ctx, s, lead.Change{Lead: &lead.Lead{ID: "l1", Version: 1, State: lead.StateLost}},
			lead.Change{Lead: &lead.Lead{ID: "l1", Version: 1, State: lead.StateJunk}})
	},
	"put lead: v = ?": func(ctx context.Context, s *dynamo.Table) error {
		first := lead.Change{Lead: &lead.Lead{ID: "l1", Version: 1, State: lead.StateLost}}
		return twice(ctx, s, first, lead.Change{Lead: &lead.Lead{ID: "l1", Version: 3, State: lead.StateJunk}})
	},
	"put history: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		entry := func(by string) lead.Change {
			return lead.Change{Entry: &lead.Entry{Lead: "l1", Version: 1, At: begin, By: lead.System(by), Events: []lead.Event{lead.Accepted{}}}}
		}
		return twice(ctx, s, entry("intake"), entry("route"))
	},
	"put person: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		return twice(ctx, s, lead.Change{Person: &lead.Person{ID: "p1", Version: 1}},
			lead.Change{Person: &lead.Person{ID: "p1", Version: 1, Created: begin}})
	},
	"put person: v = ?": func(ctx context.Context, s *dynamo.Table) error {
		return twice(ctx, s, lead.Change{Person: &lead.Person{ID: "p1", Version: 1}}, lead.Change{Person: &lead.Person{ID: "p1", Version: 3}})
	},
	"put company: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		return twice(ctx, s, lead.Change{Company: &lead.Company{ID: "o1", Version: 1}},
			lead.Change{Company: &lead.Company{ID: "o1", Version: 1, Account: "l1"}})
	},
	"put company: v = ?": func(ctx context.Context, s *dynamo.Table) error {
		return twice(ctx, s, lead.Change{Company: &lead.Company{ID: "o1", Version: 1}}, lead.Change{Company: &lead.Company{ID: "o1", Version: 3}})
	},
	"update budget: attribute_not_exists(n) OR n < ?": func(ctx context.Context, s *dynamo.Table) error {
		if _, err := s.Spend(ctx, "enricher/register", "2026-03-02", 1); err != nil {
			return err
		}
		left, err := s.Spend(ctx, "enricher/register", "2026-03-02", 1)
		if err == nil && !left {
			err = &lead.Refused{}
		}
		return err
	},
	"put current policy: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutPolicy(ctx, policy.Record{Version: 1, Document: []byte("{}")}); err != nil {
			return err
		}
		return s.PutPolicy(ctx, policy.Record{Version: 1, Document: []byte("[]")})
	},
	"put current model: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutTraining(ctx, training(1, begin)); err != nil {
			return err
		}
		return s.PutTraining(ctx, training(1, begin.Add(day)))
	},
	"put current model: v = ?": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutTraining(ctx, training(1, begin)); err != nil {
			return err
		}
		return s.PutTraining(ctx, training(3, begin))
	},
	"put walk: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutRescore(ctx, score.Rescore{Version: 1, Policy: 1}); err != nil {
			return err
		}
		return s.PutRescore(ctx, score.Rescore{Version: 1, Policy: 2})
	},
	"put walk: v = ?": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutRescore(ctx, score.Rescore{Version: 1, Policy: 1}); err != nil {
			return err
		}
		return s.PutRescore(ctx, score.Rescore{Version: 3, Policy: 1})
	},
	"put outcome: attribute_not_exists(pk) OR v < ?": func(ctx context.Context, s *dynamo.Table) error {
		for version := 3; version > 1; version-- {
			if err := s.PutOutcome(ctx, score.Outcome{Lead: "l1", Version: version, Created: begin}); err != nil {
				return err
			}
		}
		kept, _, err := s.Outcomes(ctx, begin, lead.Page{})
		if err == nil && kept[0].Version == 3 {
			err = &lead.Refused{}
		}
		return err
	},
	"put job: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutJob(ctx, lead.Job{ID: "j1", Version: 1, By: "max"}); err != nil {
			return err
		}
		return s.PutJob(ctx, lead.Job{ID: "j1", Version: 1, By: "mona"})
	},
	"put call list: attribute_not_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutFigures(ctx, "phones", 1, dial.Figures{}); err != nil {
			return err
		}
		return s.PutFigures(ctx, "phones", 1, dial.Figures{})
	},
	"put call list: v = ?": func(ctx context.Context, s *dynamo.Table) error {
		if err := s.PutFigures(ctx, "phones", 1, dial.Figures{}); err != nil {
			return err
		}
		return s.PutFigures(ctx, "phones", 3, dial.Figures{})
	},
	"update rep: day = ?": func(ctx context.Context, s *dynamo.Table) error {
		r := lead.Rep{ID: "r1", Zone: "UTC"}
		if err := s.PutRep(ctx, r); err != nil {
			return err
		}
		move := lead.RepMove{Rep: "r1", Kind: lead.MoveClaim, Revision: 1, Day: "2026-03-03"}
		if err := s.Commit(ctx, lead.Change{Moves: []lead.RepMove{move}}); err != nil {
			return err
		}
		move.Day, move.SameDay = "2026-03-02", true
		return s.Commit(ctx, lead.Change{Moves: []lead.RepMove{move}})
	},
	"update rep: attribute_exists(pk)": func(ctx context.Context, s *dynamo.Table) error {
		return s.Commit(ctx, lead.Change{Moves: []lead.RepMove{{Rep: "nobody", Kind: lead.MoveRelease}}})
	},
	"update rep: attribute_not_exists(quota) OR today < quota": func(ctx context.Context, s *dynamo.Table) error {
		one := 1
		r := lead.Rep{ID: "r1", Zone: "UTC", Quota: &one}
		if err := s.PutRep(ctx, r); err != nil {
			return err
		}
		r.Revision = 1
		for {
			move := lead.RepMove{Rep: "r1", Kind: lead.MoveAssign, Team: "kids"}
			move.Expect(r, begin)
			if r = move.Count(r); r.Today > 2 {
				return nil
			}
			if err := s.Commit(ctx, lead.Change{Moves: []lead.RepMove{move}}); err != nil {
				return err
			}
		}
	},
	"update rep: attribute_not_exists(quota) OR ? < quota": func(ctx context.Context, s *dynamo.Table) error {
		none := 0
		r := lead.Rep{ID: "r1", Zone: "UTC", Quota: &none}
		if err := s.PutRep(ctx, r); err != nil {
			return err
		}
		move := lead.RepMove{Rep: "r1", Kind: lead.MoveAssign, Team: "kids"}
		r.Revision = 1
		move.Expect(r, begin)
		return s.Commit(ctx, lead.Change{Moves: []lead.RepMove{move}})
	},
}

func twice(ctx context.Context, s *dynamo.Table, first, second lead.Change) error {
	if err := s.Commit(ctx, first); err != nil {
		return err
	}
	return s.Commit(ctx, second)
}

// holdsContract reports whether the store refuses what the condition is for,
// though the condition is left out.
func holdsContract(t *testing.T, condition string) bool {
	t.Helper()
	if !refuses(t, condition, nil) {
		t.Errorf("the store does not refuse what %q is for", condition)
	}
	return refuses(t, condition, func(c table.Condition) bool { return conditionName(c) == condition })
}

func refuses(t *testing.T, condition string, relax func(table.Condition) bool) bool {
	t.Helper()
	m := table.New(table.Options{Now: func() time.Time { return begin }, Relax: relax})
	err := contracts[condition](t.Context(), dynamo.Open(dynamodb.NewFromConfig(clients(modelOnly{m})), dynamo.Options{Table: "sluice"}))
	var refused *lead.Refused // an error of another kind is no refusal
	return errors.As(err, &refused) || err != nil && lead.KindOf(err) == lead.Conflict
}
