package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/app"
	"sluice/shared/lead"
	"sluice/shared/route"
	"sluice/shared/schema"
)

// benchRoute measures how good and how fast routing decides, and what it costs
// when many decide at once.
func benchRoute(ctx context.Context, f figures, leads int) error {
	if err := benchDecide(f); err != nil {
		return err
	}
	if err := benchMatch(ctx, f); err != nil {
		return err
	}
	if err := contention(ctx, f, "route.contention", contest{reps: 5, leads: 1_600}); err != nil {
		return err
	}
	return contention(ctx, f, "route.caps", contest{reps: 50, leads: leads, caps: true})
}

// benchDecide times one decision of a large house: 200 rules of which the last
// holds, 500 reps in five zones with two shifts a day, caps and quotas.
func benchDecide(f figures) error {
	const rules, reps, rounds, each = 200, 500, 21, 200
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday
	plan := route.Plan{Routing: route.Spec{Fallback: "team"}}
	for i := range rules {
		plan.Routing.Rules = append(plan.Routing.Rules, route.Rule{Name: fmt.Sprintf("rule %d", i), Team: "team",
			When: fmt.Sprintf(`product == "p%d" and country in ["CN", "SG"] and answer.age >= 4`, i)})
	}
	limit, zones := 100, []string{"Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Asia/Singapore"}
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	var all []lead.Rep
	for i := range reps {
		all = append(all, lead.Rep{ID: fmt.Sprint("rep-", i), Teams: []string{"team"}, Active: true, Zone: zones[i%len(zones)], Cap: &limit, Quota: &limit,
			Shifts: []lead.Shift{{Days: weekdays, From: "08:00", To: "12:00"}, {Days: weekdays, From: "13:00", To: "22:00"}},
			Turns:  map[string]int{"team": i % 7}, Tried: map[string]int{"web": 40 + i%9}, Won: map[string]int{"web": i % 11},
			Last: 5, Mix: map[lead.Grade]int{"A": 3, "B": 8, "C": 9}, Level: []string{"senior", "junior"}[i%2]})
	}
	for _, c := range []struct {
		name string
		way  route.Way
	}{
		{"route.decide_us", route.Way{Team: "team"}},
		{"route.decide_us.growth", route.Way{Team: "team", Mode: route.Growth}},
		{"route.decide_us.efficiency", route.Way{Team: "team", Mode: route.Efficiency}},
		{"route.decide_us.steps", route.Way{Team: "team", Steps: []route.Step{
			{By: route.BySeniority, Levels: map[lead.Grade][]string{"B": {"junior"}}}, {By: route.BySkill, Best: 20}}}},
	} {
		plan.Ways = []route.Way{c.way}
		table, problems := route.Compile(plan)
		if problems != nil {
			return fmt.Errorf("bench: %v", problems)
		}
		facts := lead.Facts{Product: fmt.Sprint("p", rules-1), Country: "CN", Channel: "web", Answers: map[string]any{"age": 7.0}}
		q := route.Query{Lead: lead.Lead{ID: "lead", Grade: "B", Facts: facts}, Facts: facts, Reps: all, Abilities: route.NewAbilities(all, now), Now: now}
		if table.Choose(q).Rep == "" {
			return fmt.Errorf("bench: %s chose nobody", c.name)
		}
		var took []time.Duration
		for range rounds {
			began := time.Now()
			for range each {
				table.Choose(q)
			}
			took = append(took, time.Since(began)/each)
		}
		f.print(c.name, float64(median(took).Nanoseconds())/1000, "us")
	}
	return nil
}

// contestants are the instances of intake that decide at once and know nothing of
// each other.
const contestants = 32

// contest is many leads that come at once for few reps.
type contest struct {
	reps, leads int
	caps        bool // a fifth of the reps is full half way; all together just have room
}

// caps are the caps of the reps: with a fifth of them at less than half an even
// share, and room for about two in a hundred more than there are leads.
func (c contest) most(rep int) int {
	few := c.leads / c.reps / 2
	if rep < c.reps/5 {
		return few
	}
	rest := c.leads - few*(c.reps/5)
	return rest/(c.reps-c.reps/5) + 1
}

// contention hands leads to instances of intake, each in a process's place, and
// looks at what became of them.
func contention(ctx context.Context, f figures, name string, c contest) error {
	folder, err := os.MkdirTemp("", "sluice-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := &intakeBench{clock: &virtualClock{now: demoStart.Add(4 * time.Hour)}, random: rand.New(rand.NewPCG(2, 2))}
	b.system, err = openSystem(ctx, systemOptions{folder: folder, memory: true, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: samplePolicy, reps: sampleReps, now: b.clock.Now, quiet: true, idle: true, tap: func(lead.Entry) {}})
	if err != nil {
		return err
	}
	defer b.system.close()
	if err := c.staff(ctx, b.system); err != nil {
		return err
	}
	instances := make([]lambda.Handler, contestants)
	for i := range instances {
		instances[i] = app.Intake(app.IntakePorts{Ports: b.system.portsOf("intake"), Store: b.system.table, Vault: b.system.vault,
			Policy: &app.Current{Store: b.system.table, Now: b.clock.Now}})
	}
	payloads := make([][]byte, c.leads)
	for i := range payloads {
		if payloads[i], err = b.message(ctx); err != nil {
			return err
		}
	}
	progress("%d leads onto %d reps by %d instances", c.leads, c.reps, contestants)
	var made sync.Map // ids of leads
	restore := b.system.watch(c.seen(&made))
	defer restore()
	before := b.system.tries.Load()
	began := time.Now()
	back, err := c.run(ctx, b, instances, payloads)
	if err != nil {
		return err
	}
	took := time.Since(began)
	f.print(name+".leads_per_s", float64(c.leads)/took.Seconds(), "leads/s")
	f.print(name+".retries", float64(b.system.tries.Load()-before)/float64(c.leads)-1, "retries/lead")
	f.print(name+".came_back", float64(back)/float64(c.leads), "deliveries/lead")
	return c.judge(ctx, f, name, b.system, &made)
}

// seen notes the leads that are made.
func (c contest) seen(made *sync.Map) func(*dynamodb.TransactWriteItemsInput) {
	return func(tx *dynamodb.TransactWriteItemsInput) {
		for _, w := range tx.TransactItems {
			if w.Put == nil || !strings.HasPrefix(textOf(w.Put.Item, schema.SK), schema.HistoryPrefix) {
				continue
			}
			made.Store(strings.TrimPrefix(textOf(w.Put.Item, schema.PK), "L#"), true)
		}
	}
}

// staff leaves the contest's reps alone in the team.
func (c contest) staff(ctx context.Context, s *system) error {
	reps, err := s.table.Reps(ctx)
	if err != nil {
		return err
	}
	for _, r := range reps {
		r.Active = false
		if err := s.table.PutRep(ctx, r); err != nil {
			return err
		}
	}
	for i := range c.reps {
		r := lead.Rep{ID: fmt.Sprintf("rep%03d", i), Name: "Rep", Email: "rep@example.com", Teams: []string{"young"}, Active: true, Zone: "UTC"}
		if c.caps {
			most := c.most(i)
			r.Cap = &most
		}
		if err := s.table.PutRep(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// run hands out the messages. One that comes back is delivered again, as the
// queue does.
func (c contest) run(ctx context.Context, b *intakeBench, instances []lambda.Handler, payloads [][]byte) (back int64, err error) {
	const deliveries = 20
	var next, returned atomic.Int64
	faults := make([]error, len(instances))
	var group sync.WaitGroup
	for i, instance := range instances {
		group.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(payloads) {
					return
				}
				for try := 0; ; try++ {
					err := invokeQueue(ctx, instance, payloads[n])
					if err == nil {
						break
					}
					returned.Add(1)
					if try == deliveries {
						faults[i] = err
						return
					}
				}
			}
		})
	}
	group.Wait()
	return returned.Load(), firstOf(faults)
}

func firstOf(faults []error) error {
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// judge looks at every lead and rep: nobody beyond the cap, no lead lost, the
// spread among those who were never full, an explanation with each.
func (c contest) judge(ctx context.Context, f figures, name string, s *system, made *sync.Map) error {
	found, offered, unexplained := 0, 0, 0
	var faults []error
	made.Range(func(id, _ any) bool {
		l, err := s.table.Lead(ctx, id.(string))
		if err != nil {
			faults = append(faults, err)
			return true
		}
		for l.State == lead.StateNew || l.State == lead.StateRouting && l.Wait.IsZero() { // left for route to place
			if err := s.routeLead(ctx, l.ID); err != nil {
				faults = append(faults, err)
				return true
			}
			if l, err = s.table.Lead(ctx, l.ID); err != nil {
				faults = append(faults, err)
				return true
			}
		}
		found++
		explained := false
		history, _, err := s.table.History(ctx, l.ID, lead.Page{Limit: 50})
		faults = append(faults, err)
		for _, e := range slices.Concat(eventsOf(history)...) {
			switch e := e.(type) {
			case lead.Offered:
				offered++
				explained = e.Grounds != nil && len(e.Grounds.First) > 0 && e.Reason() != "" && e.Rule != ""
			case lead.Triaged:
				explained = e.Grounds != nil && len(e.Grounds.Not) > 0 && e.Reason() != ""
			}
		}
		if !explained {
			unexplained++
		}
		return true
	})
	if err := firstOf(faults); err != nil {
		return err
	}
	reps, err := s.table.Reps(ctx)
	if err != nil {
		return err
	}
	over, held, least, most := 0, 0, 1<<31, 0
	for _, r := range reps {
		if !r.Active {
			continue
		}
		held += r.Holding
		if r.Cap != nil && r.Holding > *r.Cap {
			over += r.Holding - *r.Cap
		}
		if r.Cap == nil || r.Holding < *r.Cap {
			least, most = min(least, r.Holding), max(most, r.Holding)
		}
	}
	if most > 0 {
		f.print(name+".spread", float64(most-least), "leads")
	}
	f.print(name+".over_cap", float64(over), "leads")
	f.print(name+".lost", float64(c.leads-found), "leads")
	f.print(name+".unexplained", float64(unexplained), "leads")
	f.print(name+".placed", float64(held)/float64(c.leads), "ratio")
	if held != offered {
		return fmt.Errorf("bench: reps hold %d leads by their counters, %d were offered", held, offered)
	}
	return nil
}

func eventsOf(history []lead.Entry) [][]lead.Event {
	all := make([][]lead.Event, len(history))
	for i, entry := range history {
		all[i] = entry.Events
	}
	return all
}

// routeLead hands a routing order to route, as the queue does.
func (s *system) routeLead(ctx context.Context, id string) error {
	order, err := json.Marshal(app.RouteOrder{Lead: id})
	if err != nil {
		return err
	}
	payload, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: id, Body: string(order), EventSource: "aws:sqs"}}})
	if err != nil {
		return err
	}
	return invokeQueue(ctx, s.handlers["route"], payload)
}
