package dynamo

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// Tallies lists the figures of a pool's cycles, the newest first, at most so many
// cycles. Shard is empty: all are added up.
func (t *Table) Tallies(ctx context.Context, pool string, cycles int) ([]lead.Tally, error) {
	in := partition(tallyPrefix + pool)
	in.ScanIndexForward = aws.Bool(false)
	items, err := t.query(ctx, in, min(cycles, pageMost)*lead.TallyShards)
	if err != nil {
		return nil, err
	}
	var all []lead.Tally
	for _, item := range items {
		began, _, _ := strings.Cut(getText(item, schema.SK), "#")
		cycle, err := time.Parse(time.RFC3339, began)
		if err != nil {
			return nil, unavailable(err)
		}
		if n := len(all); n == 0 || !all[n-1].Cycle.Equal(cycle) {
			if n == cycles {
				break
			}
			all = append(all, lead.Tally{Pool: pool, Cycle: cycle, Add: map[string]int{}})
		}
		for name := range item {
			if name != schema.PK && name != schema.SK {
				all[len(all)-1].Add[name] += int(getNumber(item, name))
			}
		}
	}
	return all, nil
}
