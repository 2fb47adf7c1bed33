package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sluice/shared/schema"
)

// TapSourceOptions says which table's writes feed a function.
type TapSourceOptions struct {
	StreamFunction
	Table string
	Now   func() time.Time // nil is time.Now
}

// TapSource feeds a function as [StreamSource] does, from the writes that pass
// the edge instead of the engine's streams, which slow the engine down as they
// grow: for load tests and the demo. It keeps in memory what is not handled
// yet, so that a killed process loses it; the deadline of each lead covers that.
type TapSource struct {
	opts    TapSourceOptions
	out     batcher
	handled atomic.Int64
	wake    chan struct{}

	mu      sync.Mutex
	pending []streamItem
	last    int64
}

// drain bounds how long a stopped tap works on what it still holds.
const drain = 10 * time.Second

// NewTapSource builds a source that [TapSource.Run] starts and [TapSource.Tap]
// feeds.
func NewTapSource(opts TapSourceOptions) *TapSource {
	opts.StreamFunction = opts.StreamFunction.withDefaults()
	if opts.Now == nil {
		opts.Now = time.Now
	}
	t := &TapSource{opts: opts, wake: make(chan struct{}, 1)}
	t.out = batcher{StreamFunction: opts.StreamFunction, stream: t.streamARN(), shard: "tap", handled: &t.handled, done: t.settled}
	return t
}

func (t *TapSource) streamARN() string {
	return "arn:aws:dynamodb:us-east-1:" + Account + ":table/" + t.opts.Table + "/stream/tap"
}

// tapped is what is read of a write; other parts of it are passed over.
type tapped struct {
	tappedPut
	TransactItems []struct{ Put *tappedPut }
}

type tappedPut struct {
	TableName string
	Item      map[string]json.RawMessage
}

// Tap takes a write that succeeded, as an edge tells it: its history items are
// queued before Tap returns. It is safe to call from many goroutines.
func (t *TapSource) Tap(operation string, request []byte) {
	// Most writes are of something else; looking is cheaper than decoding.
	if operation != "PutItem" && operation != "TransactWriteItems" || !bytes.Contains(request, []byte(schema.HistoryPrefix)) {
		return
	}
	var write tapped
	if err := json.Unmarshal(request, &write); err != nil {
		t.opts.Log.Error("read tapped write", "operation", operation, "bytes", len(request))
		return
	}
	puts := []tappedPut{write.tappedPut}
	for _, item := range write.TransactItems {
		if item.Put != nil {
			puts = append(puts, *item.Put)
		}
	}
	for _, put := range puts {
		var sk struct{ S string }
		if put.TableName == t.opts.Table && json.Unmarshal(put.Item[schema.SK], &sk) == nil && isHistory("INSERT", sk.S) {
			t.add(put.Item)
		}
	}
}

func (t *TapSource) add(item map[string]json.RawMessage) {
	now := t.opts.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	sequence := fmt.Sprintf("%021d", t.last)
	size := 0
	for name, v := range item {
		size += len(name) + len(v)
	}
	rendered, err := json.Marshal(map[string]any{
		"eventID": newID(), "eventName": "INSERT", "eventVersion": "1.1",
		"eventSource": "aws:dynamodb", "awsRegion": "us-east-1", "eventSourceARN": t.streamARN(),
		"dynamodb": map[string]any{
			"ApproximateCreationDateTime": now.Unix(),
			"Keys":                        map[string]json.RawMessage{schema.PK: item[schema.PK], schema.SK: item[schema.SK]},
			"NewImage":                    item,
			"SequenceNumber":              sequence, "SizeBytes": size, "StreamViewType": "NEW_IMAGE",
		},
	})
	if err != nil {
		t.opts.Log.Error("render tapped write", "sequence", sequence)
		return
	}
	t.pending = append(t.pending, streamItem{sequence: sequence, arrived: now, json: rendered})
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run hands on what was tapped until ctx ends, and then what is still held, for
// at most 10 s. Its error is always nil.
func (t *TapSource) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		t.work(ctx)
		select {
		case <-ctx.Done():
		case <-t.wake:
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	t.work(ctx)
	return nil
}

// work hands on until nothing is pending. What an ended ctx left over stays.
func (t *TapSource) work(ctx context.Context) {
	for ctx.Err() == nil {
		t.mu.Lock()
		items := slices.Clone(t.pending[:min(len(t.pending), t.opts.Batch)])
		t.mu.Unlock()
		if len(items) == 0 {
			return
		}
		t.out.deliver(ctx, items)
	}
}

// settled drops everything up to sequence; until then it counts as pending.
func (t *TapSource) settled(sequence string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.pending, func(item streamItem) bool { return item.sequence == sequence })
	t.pending = t.pending[i+1:]
}

// Idle says whether everything tapped so far is handled.
func (t *TapSource) Idle(context.Context) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.pending) == 0, nil
}

// Handled counts the records that were handled or given up.
func (t *TapSource) Handled() int64 { return t.handled.Load() }
