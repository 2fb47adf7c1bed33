package dynamo

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"sluice/shared/lead"
)

// Meter is what a table's calls have cost so far, by AWS's rules for on-demand
// tables. It is computed from what was sent and what came back, because an
// emulator reports transactions wrongly. Four things it cannot see, and takes
// at their dearest or plainest: an index entry that an update may have moved
// counts as moved, an updated item (reps, deliveries and counters are) counts as
// one of up to 1 KB, the places of a person who is there already count as unmoved,
// and a write whose answer was lost does not count.
type Meter struct {
	ReadUnits  float64
	WriteUnits float64
	RoundTrips int // HTTP requests, retries included
}

// Sub returns what m counted since earlier.
func (m Meter) Sub(earlier Meter) Meter {
	return Meter{m.ReadUnits - earlier.ReadUnits, m.WriteUnits - earlier.WriteUnits, m.RoundTrips - earlier.RoundTrips}
}

// Meter returns the count since the table was opened.
func (t *Table) Meter() Meter {
	return Meter{
		ReadUnits:  float64(t.meter.halfReads.Load()) / 2,
		WriteUnits: float64(t.meter.writes.Load()),
		RoundTrips: int(t.meter.trips.Load()),
	}
}

const (
	readUnit  = 4 << 10
	writeUnit = 1 << 10
)

type tally struct {
	halfReads atomic.Int64 // an eventually consistent read costs half
	writes    atomic.Int64
	trips     atomic.Int64
}

func (m *tally) wrote(units int) { m.writes.Add(int64(units)) }

// install hangs the meter into a client: whole calls where their input and
// output are known, single requests below the retries.
func (m *tally) install(stack *middleware.Stack) error {
	calls := middleware.InitializeMiddlewareFunc("SluiceMeterCalls",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, meta, err := next.HandleInitialize(ctx, in)
			m.count(in.Parameters, out.Result, err)
			return out, meta, err
		})
	requests := middleware.FinalizeMiddlewareFunc("SluiceMeterRequests",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			m.trips.Add(1)
			return next.HandleFinalize(ctx, in)
		})
	if err := stack.Initialize.Add(calls, middleware.After); err != nil {
		return err
	}
	return stack.Finalize.Insert(requests, "Retry", middleware.After)
}

func (m *tally) count(in, out any, err error) {
	if err != nil && !evaluated(err) {
		return
	}
	switch in := in.(type) {
	case *dynamodb.TransactWriteItemsInput:
		for _, w := range in.TransactItems {
			m.wrote(2 * writeUnits(w)) // once to prepare, once to commit
		}
	case *dynamodb.PutItemInput:
		m.wrote(units(sizeOf(in.Item), writeUnit))
	case *dynamodb.UpdateItemInput:
		m.wrote(1)
	}
	switch out := out.(type) {
	case *dynamodb.GetItemOutput:
		m.read(sizeOf(out.Item), in.(*dynamodb.GetItemInput).ConsistentRead)
	case *dynamodb.QueryOutput: // rounded up once for the page
		size := 0
		for _, item := range out.Items {
			size += sizeOf(item)
		}
		m.read(size, in.(*dynamodb.QueryInput).ConsistentRead)
	case *dynamodb.BatchGetItemOutput: // rounded up for each item
		for table, asked := range in.(*dynamodb.BatchGetItemInput).RequestItems {
			found := out.Responses[table]
			for _, item := range found {
				m.read(sizeOf(item), asked.ConsistentRead)
			}
			for range len(asked.Keys) - len(found) - len(out.UnprocessedKeys[table].Keys) {
				m.read(0, asked.ConsistentRead)
			}
		}
	}
}

// evaluated reports whether a write was refused by its condition: it costs as
// much as one that was done.
func evaluated(err error) bool {
	var one *types.ConditionalCheckFailedException
	var all *types.TransactionCanceledException
	return errors.As(err, &one) || errors.As(err, &all)
}

func (m *tally) read(size int, strong *bool) {
	half := int64(units(size, readUnit))
	if aws.ToBool(strong) {
		half *= 2
	}
	m.halfReads.Add(half)
}

func writeUnits(w types.TransactWriteItem) int {
	if w.Put != nil {
		return units(sizeOf(w.Put.Item), writeUnit)
	}
	return 1
}

func units(size, unit int) int { return max(1, (size+unit-1)/unit) }

// indexWrites counts the index entries that a change adds, moves or takes away.
// A move is two writes: the old entry goes, the new one comes. Entries are keys
// alone, far below 1 KB.
func indexWrites(c lead.Change) int {
	n := 0
	for _, also := range c.Also {
		n += indexWrites(also)
	}
	if c.Person != nil && c.Person.Version == 1 { // later they seldom move
		n += likesOf(*c.Person)
	}
	if c.Submission != nil && c.Submission.Outcome == lead.OutcomeQuarantined {
		n++
	}
	if c.Lead == nil {
		return n
	}
	dueMoved, heldMoved := c.Entry == nil, c.Entry == nil
	if c.Entry != nil {
		for _, e := range c.Entry.Events {
			due, held := mayMove(e)
			dueMoved, heldMoved = dueMoved || due, heldMoved || held
		}
	}
	for _, index := range []struct {
		moved   bool
		present bool
	}{{dueMoved, c.Lead.Deadline != nil}, {heldMoved, isHeld(*c.Lead)}} {
		if index.moved && c.Lead.Version > 1 {
			n++
		}
		if index.moved && index.present {
			n++
		}
	}
	return n
}

func isHeld(l lead.Lead) bool {
	holder, _ := heldPlace(l)
	return holder != ""
}

// mayMove tells which of a lead's index entries an event may move.
func mayMove(e lead.Event) (due, held bool) {
	switch e := e.(type) {
	case lead.Due:
		return true, false
	case lead.Logged:
		return false, e.Grade != ""
	case lead.Swept: // that it leaves a call list cannot be seen
		return false, e.List != ""
	case lead.Scored:
		return false, e.Was == nil || e.Was.Grade != e.Grade
	case lead.Captured, lead.Woken, lead.Offered, lead.Triaged, lead.Waiting, lead.Ended,
		lead.Nurtured, lead.Pooled, lead.Claimed, lead.Closed, lead.Dialled, lead.Called, lead.Unlisted,
		lead.Unverified, lead.Verified, lead.Absorbed, lead.Restored:
		return false, true
	}
	return false, false
}
