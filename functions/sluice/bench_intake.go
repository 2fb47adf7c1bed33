package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/lead"
)

// benchIntake measures what one new lead costs, from its queue message to its
// owner, through the real handler on the real engine.
func benchIntake(ctx context.Context, f figures, grown int) error {
	return withBench(ctx, func(b *intakeBench) error { return b.run(ctx, f, grown) })
}

// withBench runs a benchmark on an engine of its own.
func withBench(ctx context.Context, run func(*intakeBench) error) error {
	folder, err := os.MkdirTemp("", "sluice-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := &intakeBench{clock: &virtualClock{now: demoStart.Add(4 * time.Hour)}, random: rand.New(rand.NewPCG(1, 1))}
	// The tap feeds relay from what is written, without the engine's streams,
	// which slow it; nobody is told anything here.
	b.system, err = openSystem(ctx, systemOptions{folder: folder, memory: true, http: "127.0.0.1:0", edge: "127.0.0.1:0",
		policy: samplePolicy, reps: sampleReps, now: b.clock.Now, quiet: true, idle: true, tap: func(lead.Entry) {}})
	if err != nil {
		return err
	}
	defer b.system.close()
	if err := b.freeReps(ctx); err != nil {
		return err
	}
	return run(b)
}

type intakeBench struct {
	system *system
	clock  *virtualClock
	random *rand.Rand
	made   atomic.Int64
}

// freeReps takes caps and quotas off the reps, so that every lead finds one.
func (b *intakeBench) freeReps(ctx context.Context) error {
	reps, err := b.system.table.Reps(ctx)
	if err != nil {
		return err
	}
	for _, r := range reps {
		r.Cap, r.Quota, r.Shifts = nil, nil, nil
		if err := b.system.table.PutRep(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

const (
	benchWarm    = 201 // leads before anything is measured; the last one takes a new block of numbers
	benchBlock   = 99  // leads that use up the block
	benchSample  = 300 // leads in a sample
	benchWorkers = 8
)

func (b *intakeBench) run(ctx context.Context, f figures, grown int) error {
	progress("warming the engine with %d leads", benchWarm)
	if err := b.many(ctx, benchWarm, 1, nil); err != nil {
		return err
	}
	before := b.system.table.Meter()
	var small []time.Duration
	if err := b.many(ctx, benchBlock, 1, &small); err != nil {
		return err
	}
	cost := b.system.table.Meter().Sub(before)
	f.print("intake.roundtrips", float64(cost.RoundTrips)/benchBlock, "calls/lead")
	f.print("intake.write_units", cost.WriteUnits/benchBlock, "units/lead")
	f.print("intake.read_units", cost.ReadUnits/benchBlock, "units/lead")
	// Once in a hundred leads a block of numbers is taken as well.
	if err := b.many(ctx, benchSample-benchBlock, 1, &small); err != nil {
		return err
	}
	cost = b.system.table.Meter().Sub(before)
	f.print("intake.roundtrips.with_numbers", float64(cost.RoundTrips)/benchSample, "calls/lead")
	f.print("intake.write_units.with_numbers", cost.WriteUnits/benchSample, "units/lead")
	if err := b.againstBare(ctx, f); err != nil {
		return err
	}
	began := time.Now()
	if err := b.many(ctx, 4*benchSample, benchWorkers, nil); err != nil {
		return err
	}
	f.print("intake.leads_per_s", 4*benchSample/time.Since(began).Seconds(), "leads/s")
	if err := b.grow(ctx, grown); err != nil {
		return err
	}
	var large []time.Duration
	if err := b.many(ctx, benchSample, 1, &large); err != nil {
		return err
	}
	f.print("intake.growth", float64(median(large))/float64(median(small)), "ratio")
	return nil
}

// grow fills the table up to so many leads.
func (b *intakeBench) grow(ctx context.Context, to int) error {
	for {
		missing := to - int(b.made.Load())
		if missing <= 0 {
			return nil
		}
		progress("%d of %d leads in the table", b.made.Load(), to)
		if err := b.many(ctx, min(missing, 2_000), benchWorkers, nil); err != nil {
			return err
		}
	}
}

// many hands so many new people to intake, one message an invocation, and notes
// how long each took.
func (b *intakeBench) many(ctx context.Context, n, workers int, took *[]time.Duration) error {
	payloads := make([][]byte, n)
	for i := range payloads {
		var err error
		if payloads[i], err = b.message(ctx); err != nil {
			return err
		}
	}
	var next atomic.Int64
	var mu sync.Mutex
	var faults []error
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				began := time.Now()
				err := b.invoke(ctx, payloads[i])
				d := time.Since(began)
				mu.Lock()
				if took != nil {
					*took = append(*took, d)
				}
				if err != nil {
					faults = append(faults, err)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	b.made.Add(int64(n))
	return errors.Join(faults...)
}

func (b *intakeBench) invoke(ctx context.Context, payload []byte) error {
	return invokeQueue(ctx, b.system.handlers["intake"], payload)
}

func invokeQueue(ctx context.Context, handler lambda.Handler, payload []byte) error {
	answer, err := handler.Invoke(ctx, payload)
	if err != nil {
		return err
	}
	var failed events.SQSEventResponse
	if err := json.Unmarshal(answer, &failed); err != nil {
		return err
	}
	if len(failed.BatchItemFailures) > 0 {
		return errors.New("a message came back")
	}
	return nil
}

// message is the queue event of one new person with phone and e-mail, as
// capture sends it.
func (b *intakeBench) message(ctx context.Context) ([]byte, error) {
	n := b.random.IntN(1_000_000_000)
	body := fmt.Sprintf("name=Bench+Person&phone=%%2B8613%09d&email=person.%d%%40example.com&child_age=7&city=Shanghai&consent=yes&utm_source=bench", n, n)
	env, err := app.Pack(ctx, b.system.vault, app.Envelope{ID: app.NewID(), Form: "trial", At: b.clock.Now(),
		Type: "application/x-www-form-urlencoded"}, []byte(body))
	if err != nil {
		return nil, err
	}
	message, err := json.Marshal(env)
	if err != nil {
		return nil, err
	}
	return json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: env.ID, Body: string(message), EventSource: "aws:sqs"}}})
}

// againstBare compares a whole intake with the bare transaction that it ends
// in: the very items of the intake before, under other keys, in turns.
func (b *intakeBench) againstBare(ctx context.Context, f figures) error {
	seen := make(chan *dynamodb.TransactWriteItemsInput, 1)
	bare := dynamodb.NewFromConfig(client.Config(awsAt(b.system.edgeAt)))
	restore := b.system.watch(func(in *dynamodb.TransactWriteItemsInput) {
		select {
		case seen <- in:
		default:
		}
	})
	defer restore()
	var whole, alone []time.Duration
	for i := range benchSample {
		if err := b.many(ctx, 1, 1, &whole); err != nil {
			return err
		}
		in := rekeyed(<-seen, fmt.Sprint("-bare-", i))
		began := time.Now()
		if _, err := bare.TransactWriteItems(ctx, in); err != nil {
			return fmt.Errorf("bare transaction: %w", err)
		}
		alone = append(alone, time.Since(began))
	}
	f.print("intake.bare_ms", float64(median(alone).Microseconds())/1000, "ms")
	f.print("intake.vs_bare", float64(median(whole))/float64(median(alone)), "ratio")
	return nil
}

// rekeyed copies a transaction under other partition keys. The rep's counters
// are moved again as they are, but for their condition, which has served.
func rekeyed(in *dynamodb.TransactWriteItemsInput, suffix string) *dynamodb.TransactWriteItemsInput {
	out := &dynamodb.TransactWriteItemsInput{}
	for _, w := range in.TransactItems {
		switch {
		case w.Put != nil:
			put := *w.Put
			put.Item = map[string]types.AttributeValue{}
			for name, value := range w.Put.Item {
				put.Item[name] = value
			}
			pk := put.Item["pk"].(*types.AttributeValueMemberS).Value
			put.Item["pk"] = &types.AttributeValueMemberS{Value: pk + suffix}
			w.Put = &put
		case w.Update != nil:
			update := *w.Update
			update.ConditionExpression = aws.String("attribute_exists(pk)")
			update.ExpressionAttributeNames = used(update.ExpressionAttributeNames, *update.UpdateExpression)
			update.ExpressionAttributeValues = used(update.ExpressionAttributeValues, *update.UpdateExpression)
			w.Update = &update
		}
		out.TransactItems = append(out.TransactItems, w)
	}
	return out
}

// used keeps the placeholders that an expression names; the service refuses
// others.
func used[V any](all map[string]V, expression string) map[string]V {
	out := map[string]V{}
	for _, name := range placeholder.FindAllString(expression, -1) {
		if value, ok := all[name]; ok {
			out[name] = value
		}
	}
	return out
}

var placeholder = regexp.MustCompile(`[#:]\w+`)

// watch shows every transaction to see until restored.
func (s *system) watch(see func(*dynamodb.TransactWriteItemsInput)) (restore func()) {
	s.see.Store(&see)
	return func() { s.see.Store(nil) }
}

// watching is the SDK middleware behind watch and the tap.
func (s *system) watching(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("SluiceWatch",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, meta, err := next.HandleInitialize(ctx, in)
			tx, ok := in.Parameters.(*dynamodb.TransactWriteItemsInput)
			if ok {
				s.tries.Add(1)
			}
			if ok && err == nil {
				s.tell(tx)
				if see := s.see.Load(); see != nil {
					(*see)(tx)
				}
			}
			return out, meta, err
		}), middleware.After)
}
