package local

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"sluice/shared/schema"
)

// Sender takes the notice of records that a function could not handle; package
// queue has one.
type Sender interface {
	Send(ctx context.Context, body []byte) error
}

// StreamFunction says what a stream's batches are handed to, and how long a
// record that fails is tried. [StreamSource] and [TapSource] share it.
type StreamFunction struct {
	Function  Function
	Batch     int // records of one invocation, 1 to 100; 0 is 100
	Attempts  int // of one record, before it goes to OnFailure; 0 is 10, about a quarter of a minute
	OnFailure Sender
	Log       *slog.Logger // nil discards
}

func (f StreamFunction) withDefaults() StreamFunction {
	f.Batch = cmp.Or(f.Batch, 100)
	f.Attempts = cmp.Or(f.Attempts, 10)
	if f.Log == nil {
		f.Log = slog.New(slog.DiscardHandler)
	}
	return f
}

// streamItem is a record that passed the filter.
type streamItem struct {
	sequence string
	arrived  time.Time
	json     json.RawMessage
}

// isHistory is the event source's filter, the same as in the stack: the insert
// of a history item.
func isHistory(event, sk string) bool {
	return event == "INSERT" && strings.HasPrefix(sk, schema.HistoryPrefix)
}

// batcher hands the records of one shard to the function in their order, like an
// event source mapping with ReportBatchItemFailures and
// BisectBatchOnFunctionError.
type batcher struct {
	StreamFunction
	stream, shard string
	handled       *atomic.Int64
	done          func(sequence string) // everything up to sequence is settled
}

// deliver works through items until all are handled or given up, or ctx ends
// between two invocations. A failure halves the batch, or cuts it to the one
// record that the function named, until a single record stands alone; that one
// is tried with growing pauses, then given to OnFailure, and its neighbours go
// on.
func (b *batcher) deliver(ctx context.Context, items []streamItem) {
	size, attempt := b.Batch, 0
	for len(items) > 0 && ctx.Err() == nil {
		batch := items[:min(size, len(items))]
		succeeded, named := b.invoke(ctx, batch)
		if succeeded > 0 {
			b.handled.Add(int64(succeeded))
			b.done(batch[succeeded-1].sequence)
			items, attempt = items[succeeded:], 0
		}
		switch rest := len(batch) - succeeded; {
		case rest == 0:
			size = b.Batch
		case rest > 1 && named:
			size = 1
		case rest > 1:
			size = (rest + 1) / 2
		default:
			if attempt++; attempt < b.Attempts {
				pause(ctx, backoff(attempt, firstPause/2, longestWait))
			} else if b.giveUp(ctx, items[0], attempt) {
				b.handled.Add(1)
				b.done(items[0].sequence)
				items, size, attempt = items[1:], b.Batch, 0
			} else {
				pause(ctx, longestWait)
			}
		}
	}
}

// invoke says how many records, from the first, succeeded, and whether the
// function itself named the one that did not.
func (b *batcher) invoke(ctx context.Context, batch []streamItem) (succeeded int, named bool) {
	var payload bytes.Buffer
	payload.WriteString(`{"Records":[`)
	for i, item := range batch {
		if i > 0 {
			payload.WriteByte(',')
		}
		payload.Write(item.json)
	}
	payload.WriteString(`]}`)
	answer, err := b.Function.invoke(context.WithoutCancel(ctx), payload.Bytes())
	failed, ok := failedItems(answer)
	if err != nil || !ok {
		b.Log.WarnContext(ctx, "batch failed whole", "shard", b.shard, "records", len(batch), "error", errText(err))
		return 0, false
	}
	if len(failed) == 0 {
		return len(batch), true
	}
	// Of several the earliest counts: everything from there on is tried again.
	isFailed := map[string]bool{}
	for _, sequence := range failed {
		isFailed[sequence] = true
	}
	for i, item := range batch {
		if isFailed[item.sequence] {
			return i, true
		}
	}
	b.Log.WarnContext(ctx, "batch failed whole", "shard", b.shard, "records", len(batch), "error", "unknown sequence number reported")
	return 0, false
}

// giveUp tells OnFailure of a record, in the words of AWS: where it is, not what
// it holds. A notice that cannot be sent is tried again with the record.
func (b *batcher) giveUp(ctx context.Context, item streamItem, attempts int) bool {
	b.Log.ErrorContext(ctx, "record given up", "shard", b.shard, "sequence", item.sequence, "attempts", attempts)
	if b.OnFailure == nil {
		return true
	}
	at := item.arrived.UTC().Format("2006-01-02T15:04:05.000Z")
	notice, err := json.Marshal(map[string]any{
		"requestContext": map[string]any{"requestId": newID(), "functionArn": b.Function.ARN(),
			"condition": "RetryAttemptsExhausted", "approximateInvokeCount": attempts},
		"responseContext": map[string]any{"statusCode": 200, "executedVersion": "$LATEST", "functionError": nil},
		"version":         "1.0",
		"timestamp":       time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
		"DDBStreamBatchInfo": map[string]any{"shardId": b.shard, "streamArn": b.stream,
			"startSequenceNumber": item.sequence, "endSequenceNumber": item.sequence, "batchSize": 1,
			"approximateArrivalOfFirstRecord": at, "approximateArrivalOfLastRecord": at},
	})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterwards)
	defer cancel()
	if err := b.OnFailure.Send(ctx, notice); err != nil {
		b.Log.ErrorContext(ctx, "send failure notice", "sequence", item.sequence, "error", err.Error())
		return false
	}
	return true
}
