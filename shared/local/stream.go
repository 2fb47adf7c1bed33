package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// StreamClient is what a [StreamSource] asks of DynamoDB Streams;
// *dynamodbstreams.Client has it.
type StreamClient interface {
	ListStreams(context.Context, *dynamodbstreams.ListStreamsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.ListStreamsOutput, error)
	DescribeStream(context.Context, *dynamodbstreams.DescribeStreamInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error)
	GetShardIterator(context.Context, *dynamodbstreams.GetShardIteratorInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error)
	GetRecords(context.Context, *dynamodbstreams.GetRecordsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error)
}

// StreamSourceOptions says which table's stream feeds a function.
type StreamSourceOptions struct {
	StreamFunction
	Client StreamClient
	Table  string // the stream is the table's latest
	// Checkpoint is the file that keeps how far each shard was read; "" keeps
	// it in memory, so that every start reads all that the stream still has.
	Checkpoint string
	Poll       time.Duration // between looks at a shard that had nothing; 0 is 100 ms
}

// StreamSource stands for the event source mapping between the table's stream
// and a function. The shards are read side by side, a child after its parent,
// from the oldest record; where a record was handled is kept on disk, so that
// after a restart, even after kill -9, every record is handled at least once.
type StreamSource struct {
	opts    StreamSourceOptions
	handled atomic.Int64
	ended   chan struct{} // a shard ended: its children may begin

	mu      sync.Mutex
	shards  map[string]*shardReader
	changed chan struct{} // closed and replaced at the end of each poll
}

// discover is how often new shards are looked for; the end of one is told at
// once.
const discover = 2 * time.Second

// NewStreamSource builds a source that [StreamSource.Run] starts.
func NewStreamSource(opts StreamSourceOptions) *StreamSource {
	opts.StreamFunction = opts.StreamFunction.withDefaults()
	opts.Poll = cmp.Or(opts.Poll, firstPause)
	return &StreamSource{opts: opts, ended: make(chan struct{}, 1), shards: map[string]*shardReader{}, changed: make(chan struct{})}
}

// Handled counts the records that were handled or given up.
func (s *StreamSource) Handled() int64 { return s.handled.Load() }

// Run reads until ctx ends, and then lets the batches at hand finish. It fails
// where the table has no stream or the checkpoint cannot be read.
func (s *StreamSource) Run(ctx context.Context) error {
	arn, err := s.findStream(ctx)
	if err != nil {
		return fmt.Errorf("run stream of %s: %w", s.opts.Table, err)
	}
	marks, err := openCheckpoint(checkpointSpec{path: s.opts.Checkpoint, stream: arn})
	if err != nil {
		return fmt.Errorf("run stream of %s: %w", s.opts.Table, err)
	}
	var readers sync.WaitGroup
	defer readers.Wait()
	timer := time.NewTicker(discover)
	defer timer.Stop()
	for {
		shards, err := s.listShards(ctx, arn)
		if err == nil {
			err = marks.keepOnly(shards)
		}
		if err != nil && ctx.Err() == nil {
			s.opts.Log.WarnContext(ctx, "describe stream", "table", s.opts.Table, "error", err.Error())
		}
		for _, id := range ready(shards, marks) {
			if r := s.newReader(arn, id, marks); r != nil {
				readers.Go(func() { r.run(ctx) })
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.ended:
		case <-timer.C:
		}
	}
}

// ready lists the shards to be read: not read to their end, and no parent that
// is not.
func ready(shards []types.Shard, marks *checkpoint) []string {
	listed := map[string]bool{}
	for _, shard := range shards {
		listed[aws.ToString(shard.ShardId)] = true
	}
	var ids []string
	for _, shard := range shards {
		id, parent := aws.ToString(shard.ShardId), aws.ToString(shard.ParentShardId)
		if !marks.at(id).Done && (!listed[parent] || marks.at(parent).Done) {
			ids = append(ids, id)
		}
	}
	return ids
}

var errNoStream = errors.New("the table has no stream")

func (s *StreamSource) findStream(ctx context.Context) (arn string, err error) {
	in := &dynamodbstreams.ListStreamsInput{TableName: &s.opts.Table}
	label := ""
	for {
		out, err := s.opts.Client.ListStreams(ctx, in)
		if err != nil {
			return "", err
		}
		for _, stream := range out.Streams {
			// Labels are times: the latest stream is the one that is enabled.
			if l := aws.ToString(stream.StreamLabel); l > label {
				label, arn = l, aws.ToString(stream.StreamArn)
			}
		}
		if in.ExclusiveStartStreamArn = out.LastEvaluatedStreamArn; in.ExclusiveStartStreamArn == nil {
			break
		}
	}
	if arn == "" {
		return "", errNoStream
	}
	return arn, nil
}

func (s *StreamSource) listShards(ctx context.Context, arn string) (shards []types.Shard, err error) {
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: &arn}
	for {
		out, err := s.opts.Client.DescribeStream(ctx, in)
		if err != nil {
			return nil, err
		}
		shards = append(shards, out.StreamDescription.Shards...)
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return shards, nil
		}
	}
}

// Idle waits until every shard was looked at anew, and says whether all of them
// had nothing: what was written before the call is then handled. It is false
// while a shard has work, or before Run has found one.
func (s *StreamSource) Idle(ctx context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := map[*shardReader]int{}
	for _, r := range s.shards {
		from[r] = r.polls + 1 // a poll with a higher number begins after now
	}
	for {
		waiting := false
		for r, after := range from {
			switch {
			case r.over || r.empty > after:
			case r.busy || r.polls > after:
				return false, nil
			default:
				waiting = true
			}
		}
		if !waiting {
			return len(from) > 0, nil
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-changed:
		}
		s.mu.Lock()
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
}
