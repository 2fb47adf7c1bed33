package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/lead"
	"sluice/shared/schema"
)

// The sizes of the sweep's benchmark.
const (
	sweepFew    = 10_000
	sweepMany   = 100_000
	sweepRounds = 3 // sweeps at each size, of which the median counts
)

// benchSweep measures what each of that many due leads costs, with few and with many leads in the
// table that are not due, and what a look of the stock sweep costs.
func benchSweep(ctx context.Context, f figures, due int) error {
	return withBench(ctx, func(b *intakeBench) error {
		if err := b.many(ctx, benchWarm, 1, nil); err != nil {
			return err
		}
		stand, err := b.standIns(ctx)
		if err != nil {
			return err
		}
		if err := b.closeAll(ctx); err != nil {
			return err
		}
		var costs [2]sweepCost
		for i, size := range []int{sweepFew, sweepMany} {
			if err := stand.fill(ctx, size); err != nil {
				return err
			}
			if costs[i], err = b.sweepDue(ctx, due); err != nil {
				return err
			}
			at := fmt.Sprintf(".at_%d", size)
			f.print("sweep.read_units"+at, costs[i].ReadUnits, "units/lead")
			f.print("sweep.write_units"+at, costs[i].WriteUnits, "units/lead")
			f.print("sweep.ms"+at, costs[i].seconds*1000, "ms/lead")
		}
		f.print("sweep.read_units_growth", costs[1].ReadUnits/costs[0].ReadUnits, "ratio")
		f.print("sweep.write_units_growth", costs[1].WriteUnits/costs[0].WriteUnits, "ratio")
		f.print("sweep.ms_growth", costs[1].seconds/costs[0].seconds, "ratio")
		return b.stock(ctx, f, due)
	})
}

// sweepCost is what a lead costs.
type sweepCost struct{ ReadUnits, WriteUnits, seconds float64 }

// sweepDue makes leads due and sweeps, several times over.
func (b *intakeBench) sweepDue(ctx context.Context, due int) (sweepCost, error) {
	var cost sweepCost
	var took []time.Duration
	for round := range sweepRounds {
		progress("sweep %d of %d: %d leads come in and are not accepted", round+1, sweepRounds, due)
		now := b.clock.Now().Truncate(24*time.Hour).AddDate(0, 0, 1).Add(2 * time.Hour) // ten in the morning where the teams work
		b.clock.set(now)
		if err := b.many(ctx, due, benchWorkers, nil); err != nil {
			return cost, err
		}
		b.clock.set(now.Add(31 * time.Minute)) // to be reminded of; the others are due much later
		one, err := b.sweepOnce(ctx, string(lead.DutyRemind), due)
		if err != nil {
			return cost, err
		}
		took = append(took, time.Duration(one.seconds*float64(time.Second)))
		cost.ReadUnits, cost.WriteUnits = one.ReadUnits, one.WriteUnits
		if err := b.closeAll(ctx); err != nil {
			return cost, err
		}
	}
	cost.seconds = median(took).Seconds()
	return cost, nil
}

// sweepOnce sweeps now and returns what each of the leads cost that were acted on.
func (b *intakeBench) sweepOnce(ctx context.Context, duty string, n int) (sweepCost, error) {
	now := b.clock.Now()
	before, began := b.system.table.Meter(), time.Now()
	counts, err := b.system.sweepCounts(ctx, now)
	if err != nil {
		return sweepCost{}, err
	}
	took, cost := time.Since(began), b.system.table.Meter().Sub(before)
	if counts[duty] != n || counts["failed"] != 0 {
		return sweepCost{}, fmt.Errorf("bench: the sweep counted %v, want %d of %s", counts, n, duty)
	}
	return sweepCost{ReadUnits: cost.ReadUnits / float64(n), WriteUnits: cost.WriteUnits / float64(n), seconds: took.Seconds() / float64(n)}, nil
}

// closeAll ends what reps have, so that none of it is due again.
func (b *intakeBench) closeAll(ctx context.Context) error {
	reps, err := b.system.table.Reps(ctx)
	if err != nil {
		return err
	}
	now := b.clock.Now()
	for _, rep := range reps {
		for p := (lead.Page{Limit: 100}); ; {
			ids, cursor, err := b.system.table.Inbox(ctx, rep.ID, p)
			if err != nil {
				return err
			}
			if err := b.each(ctx, ids, now, lead.Accept{Rep: rep.ID}, lead.Close{Rep: rep.ID, As: lead.StateJunk, Reason: "bench"}); err != nil {
				return err
			}
			if p.Cursor = cursor; cursor == "" {
				break
			}
		}
	}
	return nil
}

// each decides commands on leads, some at once.
func (b *intakeBench) each(ctx context.Context, ids []string, now time.Time, commands ...lead.Command) error {
	pol, err := b.system.policy.Get(ctx)
	if err != nil {
		return err
	}
	leads, err := b.system.table.Leads(ctx, ids)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	var next atomic.Int64
	var fault atomic.Pointer[error]
	for range benchWorkers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(leads); i = int(next.Add(1)) - 1 {
				after, entry, err := lead.Run(leads[i], lead.System("bench"), pol.Rules(leads[i].Team), now, commands...)
				if err == nil {
					err = b.system.table.Commit(ctx, lead.NewChange(after, entry))
				}
				if err != nil {
					fault.Store(&err)
				}
			}
		})
	}
	group.Wait()
	if err := fault.Load(); err != nil {
		return *err
	}
	return nil
}

// stock measures one cycle's looks at leads in a pool: those of which nothing
// follows but the look, and the hold-out.
func (b *intakeBench) stock(ctx context.Context, f figures, due int) error {
	progress("%d leads come in and go to a pool", due)
	if err := b.many(ctx, due, benchWorkers, nil); err != nil {
		return err
	}
	reps, err := b.system.table.Reps(ctx)
	if err != nil {
		return err
	}
	now, pooled := b.clock.Now(), 0
	for _, rep := range reps {
		for p := (lead.Page{Limit: 100}); ; {
			ids, cursor, err := b.system.table.Inbox(ctx, rep.ID, p)
			if err != nil {
				return err
			}
			pooled += len(ids)
			if err := b.each(ctx, ids, now, lead.Move{Pool: "open-sea", Team: "young", Why: "bench"}); err != nil {
				return err
			}
			if p.Cursor = cursor; cursor == "" {
				break
			}
		}
		rep.Active = false // nobody is woken: a look is measured, not what may follow
		if err := b.system.table.PutRep(ctx, rep); err != nil {
			return err
		}
	}
	// Every lead's place in the next cycle has passed by then, and it is ten in the
	// morning where the people are.
	b.clock.set(lead.CycleAt(now, 30*24*time.Hour).AddDate(0, 0, 58).Add(2 * time.Hour))
	cost, err := b.sweepOnce(ctx, string(lead.DutySweep), pooled)
	if err != nil {
		return err
	}
	f.print("sweep.stock.read_units", cost.ReadUnits, "units/lead")
	f.print("sweep.stock.write_units", cost.WriteUnits, "units/lead")
	f.print("sweep.stock.ms", cost.seconds*1000, "ms/lead")
	tallies, err := b.system.table.Tallies(ctx, "open-sea", 1)
	if err != nil || len(tallies) == 0 {
		return fmt.Errorf("bench: no figures of the cycle: %w", err)
	}
	for _, did := range lead.Dids {
		f.print("sweep.stock."+string(did), float64(tallies[0].Add[string(did)]), "leads")
	}
	return nil
}

// standIns are leads that fill the table and its indexes and are due in years.
type standIns struct {
	client *dynamodb.Client
	table  *string
	like   map[string]types.AttributeValue
	made   int
}

// standIns takes a lead that was just written as the model of many.
func (b *intakeBench) standIns(ctx context.Context) (*standIns, error) {
	stand := &standIns{client: dynamodb.NewFromConfig(client.Config(awsAt(b.system.edgeAt)))}
	restore := b.system.watch(func(in *dynamodb.TransactWriteItemsInput) {
		for _, w := range in.TransactItems {
			if w.Put == nil {
				continue
			}
			if sk, ok := w.Put.Item[schema.SK].(*types.AttributeValueMemberS); ok && sk.Value == "L" {
				stand.table, stand.like = w.Put.TableName, w.Put.Item
			}
		}
	})
	defer restore()
	if err := b.many(ctx, 1, 1, nil); err != nil {
		return nil, err
	}
	if stand.like == nil {
		return nil, fmt.Errorf("bench: no lead was written")
	}
	return stand, nil
}

// fill writes stand-ins until there are so many.
func (s *standIns) fill(ctx context.Context, to int) error {
	progress("filling the table up to %d leads", to)
	const batch = 25
	var group sync.WaitGroup
	var fault atomic.Pointer[error]
	batches := make(chan []types.WriteRequest)
	for range benchWorkers {
		group.Go(func() {
			for requests := range batches {
				pending := map[string][]types.WriteRequest{*s.table: requests}
				for len(pending) > 0 {
					out, err := s.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: pending})
					if err != nil {
						fault.Store(&err)
						break
					}
					pending = out.UnprocessedItems
				}
			}
		})
	}
	for s.made < to {
		var requests []types.WriteRequest
		for range min(batch, to-s.made) {
			s.made++
			item, err := s.one(s.made)
			if err != nil {
				return err
			}
			requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
		}
		batches <- requests
	}
	close(batches)
	group.Wait()
	if err := fault.Load(); err != nil {
		return fmt.Errorf("bench: fill the table: %w", *err)
	}
	return nil
}

// one is a lead of another id, due years from now, in nobody's inbox.
func (s *standIns) one(n int) (map[string]types.AttributeValue, error) {
	text := func(name string) string { return s.like[name].(*types.AttributeValueMemberS).Value }
	var l lead.Lead
	if err := json.Unmarshal([]byte(text(schema.Doc)), &l); err != nil {
		return nil, err
	}
	l.ID = "l" + app.NewID()
	doc, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	due := l.Deadline.At.AddDate(5, 0, 0).Add(time.Duration(n) * time.Second)
	_, id, _ := strings.Cut(text(schema.DueAt), "#")
	item := map[string]types.AttributeValue{}
	for name, value := range s.like {
		item[name] = value
	}
	put := func(name, value string) { item[name] = &types.AttributeValueMemberS{Value: value} }
	put(schema.PK, "L#"+l.ID)
	put(schema.Doc, string(doc))
	put(schema.DueShard, fmt.Sprint(n%schema.DueShards))
	put(schema.DueAt, due.UTC().Format("20060102T150405.000000000")+"#"+l.ID)
	put(schema.Holder, fmt.Sprintf("R#stand-in-%d", n%50))
	put(schema.HeldAt, strings.Replace(text(schema.HeldAt), id, l.ID, 1))
	return item, nil
}
