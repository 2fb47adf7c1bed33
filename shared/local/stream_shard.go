package local

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"sluice/shared/schema"
)

// shardReader reads one shard to its end.
type shardReader struct {
	source *StreamSource
	stream string
	id     string
	marks  *checkpoint
	out    batcher

	// Held by the source's lock. A poll is one GetRecords.
	polls int  // that ended
	empty int  // number of the last one that found nothing
	busy  bool // records at hand
	over  bool // read to its end
}

// newReader registers a reader; nil where the shard has one.
func (s *StreamSource) newReader(stream, id string, marks *checkpoint) *shardReader {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shards[id] != nil {
		return nil
	}
	r := &shardReader{source: s, stream: stream, id: id, marks: marks}
	r.out = batcher{StreamFunction: s.opts.StreamFunction, stream: stream, shard: id, handled: &s.handled,
		done: func(sequence string) { r.mark(mark{Sequence: sequence}) }}
	s.shards[id] = r
	return r
}

func (r *shardReader) run(ctx context.Context) {
	var iterator *string
	for faults := 0; ctx.Err() == nil; {
		next, found, err := r.poll(ctx, iterator)
		if err != nil {
			iterator = nil // where to go on is kept in the marks
			if faults++; pause(ctx, backoff(faults, firstPause, longestWait)) {
				r.source.opts.Log.WarnContext(ctx, "read shard", "shard", r.id, "error", err.Error())
			}
			continue
		}
		if faults = 0; next == nil && ctx.Err() == nil {
			r.mark(mark{Sequence: r.marks.at(r.id).Sequence, Done: true})
			r.note(func() { r.over = true })
			select {
			case r.source.ended <- struct{}{}:
			default: // somebody else's end is yet to be seen, and this one with it
			}
			return
		}
		if iterator = next; !found {
			pause(ctx, r.source.opts.Poll)
		}
	}
}

// poll reads once and hands on what it finds. Without an iterator, at the start
// and after an error, it makes one from the marks; a nil next is the shard's end.
func (r *shardReader) poll(ctx context.Context, iterator *string) (next *string, found bool, err error) {
	client := r.source.opts.Client
	if iterator == nil {
		if iterator, err = r.iterator(ctx); err != nil {
			return nil, false, err
		}
	}
	out, err := client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(int32(r.out.Batch))})
	if err != nil {
		return nil, false, err
	}
	if len(out.Records) == 0 {
		r.note(func() { r.polls++; r.empty = r.polls })
		return out.NextShardIterator, false, nil
	}
	r.note(func() { r.busy = true })
	defer r.note(func() { r.polls++; r.busy = false })
	items, err := filter(out.Records)
	if err != nil {
		return nil, true, err
	}
	r.out.deliver(ctx, items)
	if ctx.Err() == nil {
		// Past the records that were filtered out, too.
		r.mark(mark{Sequence: aws.ToString(out.Records[len(out.Records)-1].Dynamodb.SequenceNumber)})
	}
	return out.NextShardIterator, true, nil
}

// iterator goes on after the mark, or begins at the oldest record there is:
// where nothing was read yet, or what was read last is trimmed.
func (r *shardReader) iterator(ctx context.Context) (*string, error) {
	in := &dynamodbstreams.GetShardIteratorInput{StreamArn: &r.stream, ShardId: &r.id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon}
	if at := r.marks.at(r.id).Sequence; at != "" {
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &at
	}
	out, err := r.source.opts.Client.GetShardIterator(ctx, in)
	if _, trimmed := errors.AsType[*types.TrimmedDataAccessException](err); trimmed {
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeTrimHorizon, nil
		out, err = r.source.opts.Client.GetShardIterator(ctx, in)
	}
	if err != nil {
		return nil, err
	}
	return out.ShardIterator, nil
}

// mark keeps how far the shard is settled. Where the disk refuses, records will
// be handled again after a restart, which they must bear anyway.
func (r *shardReader) mark(m mark) {
	if err := r.marks.set(r.id, m); err != nil {
		r.source.opts.Log.Warn("keep checkpoint", "shard", r.id, "error", err.Error())
	}
}

// note changes what Idle looks at, and wakes it.
func (r *shardReader) note(change func()) {
	s := r.source
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// filter keeps the inserts of history items and renders them as Lambda does.
func filter(records []types.Record) ([]streamItem, error) {
	var items []streamItem
	for _, record := range records {
		change := record.Dynamodb
		sk, _ := change.Keys[schema.SK].(*types.AttributeValueMemberS)
		if sk == nil || !isHistory(string(record.EventName), sk.Value) {
			continue
		}
		arrived := aws.ToTime(change.ApproximateCreationDateTime)
		rendered, err := json.Marshal(events.DynamoDBEventRecord{
			AWSRegion: aws.ToString(record.AwsRegion), EventID: aws.ToString(record.EventID), EventName: string(record.EventName),
			EventSource: aws.ToString(record.EventSource), EventVersion: aws.ToString(record.EventVersion),
			Change: events.DynamoDBStreamRecord{
				ApproximateCreationDateTime: events.SecondsEpochTime{Time: arrived.Truncate(time.Second)},
				Keys:                        convert(change.Keys), NewImage: convert(change.NewImage), OldImage: convert(change.OldImage),
				SequenceNumber: aws.ToString(change.SequenceNumber), SizeBytes: aws.ToInt64(change.SizeBytes),
				StreamViewType: string(change.StreamViewType),
			},
		})
		if err != nil {
			return nil, err
		}
		items = append(items, streamItem{sequence: aws.ToString(change.SequenceNumber), arrived: arrived, json: rendered})
	}
	return items, nil
}

func convert(item map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if len(item) == 0 {
		return nil
	}
	out := make(map[string]events.DynamoDBAttributeValue, len(item))
	for name, v := range item {
		out[name] = convertValue(v)
	}
	return out
}

func convertValue(v types.AttributeValue) events.DynamoDBAttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value)
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		return events.NewMapAttribute(convert(v.Value))
	case *types.AttributeValueMemberL:
		list := make([]events.DynamoDBAttributeValue, len(v.Value))
		for i, element := range v.Value {
			list[i] = convertValue(element)
		}
		return events.NewListAttribute(list)
	}
	return events.NewNullAttribute()
}
