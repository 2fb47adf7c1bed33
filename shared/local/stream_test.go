package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"sluice/shared/lead"
	"sluice/shared/trigger"
)

// relay is a function that tells history entries as told by do, and remembers.
type relay struct {
	mu   sync.Mutex
	told []string // lead and version, in order
	do   func(id string) error
}

func (r *relay) function() Function {
	return Function{Name: "relay", Timeout: 10 * time.Second, Handler: trigger.Stream(discard(), func(_ context.Context, e lead.Entry) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.do != nil {
			if err := r.do(e.ID()); err != nil {
				return err
			}
		}
		r.told = append(r.told, e.ID())
		return nil
	})}
}

// notices is a failure destination; it refuses the first ones.
type notices struct {
	mu     sync.Mutex
	refuse int
	sent   []map[string]any
}

func (n *notices) Send(_ context.Context, body []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refuse--; n.refuse >= 0 {
		return errors.New("down")
	}
	var notice map[string]any
	n.sent = append(n.sent, notice)
	return json.Unmarshal(body, &n.sent[len(n.sent)-1])
}

func doc(id string, version int) string {
	b, _ := json.Marshal(lead.Entry{Lead: id, Version: version, By: lead.System("test"), Events: []lead.Event{lead.Accepted{}}})
	return string(b)
}

// streamTable is a table with a stream on the shared engine.
type streamTable struct {
	t       *testing.T
	db      *dynamodb.Client
	streams *dynamodbstreams.Client
	name    string
}

func setupStream(t *testing.T) *streamTable {
	t.Helper()
	url, key := memoryEngine(t).URL(), strings.ReplaceAll(newID(), "-", "")
	s := &streamTable{t: t, db: dynamoClient(url, key), streams: dynamodbstreams.NewFromConfig(awsConfig(url, key)), name: "leads"}
	must[*dynamodb.CreateTableOutput](t)(s.db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &s.name, BillingMode: ddb.BillingModePayPerRequest,
		KeySchema:            []ddb.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: ddb.KeyTypeHash}, {AttributeName: aws.String("sk"), KeyType: ddb.KeyTypeRange}},
		AttributeDefinitions: []ddb.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("sk"), AttributeType: "S"}},
		StreamSpecification:  &ddb.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: ddb.StreamViewTypeNewImage},
	}))
	return s
}

// commit writes a snapshot and its history entry in one transaction, as the
// store does.
func (s *streamTable) commit(id string, version int) { s.commitDoc(id, version, doc(id, version)) }

func (s *streamTable) commitDoc(id string, version int, doc string) {
	s.t.Helper()
	item := func(sk string) ddb.TransactWriteItem {
		return ddb.TransactWriteItem{Put: &ddb.Put{TableName: &s.name, Item: map[string]ddb.AttributeValue{
			"pk": &ddb.AttributeValueMemberS{Value: "L#" + id}, "sk": &ddb.AttributeValueMemberS{Value: sk},
			"doc": &ddb.AttributeValueMemberS{Value: doc}, "v": &ddb.AttributeValueMemberN{Value: fmt.Sprint(version)}}}}
	}
	must[*dynamodb.TransactWriteItemsOutput](s.t)(s.db.TransactWriteItems(s.t.Context(), &dynamodb.TransactWriteItemsInput{
		TransactItems: []ddb.TransactWriteItem{item("S"), item(fmt.Sprintf("H#%06d", version))}}))
}

func (s *streamTable) source(r *relay, checkpoint string, n *notices) *StreamSource {
	return NewStreamSource(StreamSourceOptions{Client: s.streams, Table: s.name, Checkpoint: checkpoint, Poll: 20 * time.Millisecond,
		StreamFunction: StreamFunction{Function: r.function(), Attempts: 3, OnFailure: n}})
}

func TestStreamSourceResumesAfterRestart(t *testing.T) {
	t.Parallel()
	table, r := setupStream(t), &relay{}
	checkpoint := filepath.Join(t.TempDir(), "sub", "stream.json")
	var want []string
	write := func(from, n int) {
		for i := range n {
			id := fmt.Sprintf("l%d", from+i)
			table.commit(id, 1)
			want = append(want, id+"-1")
		}
	}
	write(0, 120) // more than a batch, before the first start
	first := table.source(r, checkpoint, nil)
	stop := run(t, first)
	write(120, 5)
	settled(t, first)
	if !slices.Equal(r.told, want) {
		t.Fatalf("told %d of %d entries, or out of order", len(r.told), len(want))
	}
	stop()
	write(125, 7)
	second := table.source(r, checkpoint, nil)
	run(t, second)
	settled(t, second)
	if !slices.Equal(r.told, want) || second.Handled() != 7 {
		t.Errorf("after the restart told %d of %d, %d of them anew", len(r.told), len(want), second.Handled())
	}
}

func TestStreamSourcePutsPoisonAside(t *testing.T) {
	t.Parallel()
	table, dead := setupStream(t), &notices{}
	failed := map[string]int{}
	r := &relay{do: func(id string) error {
		switch {
		case strings.HasPrefix(id, "bad"):
			failed[id]++
			return errors.New("no")
		case id == "once-1" && failed[id] == 0:
			failed[id]++
			return errors.New("not yet")
		}
		return nil
	}}
	for _, id := range []string{"a", "b", "bad1", "c", "once", "d"} {
		table.commit(id, 1)
	}
	table.commitDoc("e", 1, "{no entry")
	table.commit("f", 1)
	s := table.source(r, "", dead)
	run(t, s)
	settled(t, s)
	if want := []string{"a-1", "b-1", "c-1", "once-1", "d-1", "f-1"}; !slices.Equal(r.told, want) {
		t.Errorf("told %v, want %v", r.told, want)
	}
	if len(dead.sent) != 2 || failed["bad1-1"] < 3 {
		t.Fatalf("%d notices after %d attempts", len(dead.sent), failed["bad1-1"])
	}
	info, _ := dead.sent[0]["DDBStreamBatchInfo"].(map[string]any)
	request, _ := dead.sent[0]["requestContext"].(map[string]any)
	if info["startSequenceNumber"] != info["endSequenceNumber"] || info["startSequenceNumber"] == "" || info["batchSize"] != 1.0 ||
		info["shardId"] == "" || request["condition"] != "RetryAttemptsExhausted" || request["approximateInvokeCount"] != 3.0 {
		t.Errorf("notice %v", dead.sent[0])
	}
	if strings.Contains(fmt.Sprint(dead.sent), "bad1") {
		t.Error("the notice holds the record itself")
	}
}

func TestStreamSourceIsPrompt(t *testing.T) {
	t.Parallel()
	table := setupStream(t)
	told := make(chan time.Time, 1)
	r := &relay{do: func(string) error { told <- time.Now(); return nil }}
	s := NewStreamSource(StreamSourceOptions{Client: table.streams, Table: table.name, StreamFunction: StreamFunction{Function: r.function()}})
	run(t, s)
	settled(t, s)
	table.commit("a", 1)
	written := time.Now()
	if took := (<-told).Sub(written); took > time.Second {
		t.Errorf("told %s after the commit", took)
	} else {
		t.Logf("told %s after the commit", took)
	}
}

func TestStreamSourceRefusals(t *testing.T) {
	t.Parallel()
	table := setupStream(t)
	none := NewStreamSource(StreamSourceOptions{Client: table.streams, Table: "elsewhere"})
	if err := none.Run(t.Context()); !errors.Is(err, errNoStream) {
		t.Errorf("a table without stream: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "stream.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := table.source(&relay{}, broken, nil).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("a broken checkpoint: %v", err)
	}
}

// fakeStream is a stream in memory whose shards a test can split, and which
// fails as told.
type fakeStream struct {
	mu     sync.Mutex
	order  []string
	shards map[string]*fakeShard
	faults []error // of the next reads, one each
}

type fakeShard struct {
	parent  string
	records []string // lead ids
	closed  bool
}

func (f *fakeStream) ListStreams(context.Context, *dynamodbstreams.ListStreamsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.ListStreamsOutput, error) {
	return &dynamodbstreams.ListStreamsOutput{Streams: []types.Stream{
		{StreamArn: aws.String("new"), StreamLabel: aws.String("2026-03-02")}, {StreamArn: aws.String("old"), StreamLabel: aws.String("2026-03-01")}}}, nil
}

// DescribeStream lists one shard a page.
func (f *fakeStream) DescribeStream(_ context.Context, in *dynamodbstreams.DescribeStreamInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *in.StreamArn != "new" {
		return nil, errors.New("not the latest stream")
	}
	i := slices.Index(f.order, aws.ToString(in.ExclusiveStartShardId)) + 1
	d := &types.StreamDescription{}
	if i < len(f.order) {
		d.Shards = []types.Shard{{ShardId: &f.order[i]}}
		if parent := f.shards[f.order[i]].parent; parent != "" {
			d.Shards[0].ParentShardId = &parent
		}
		if i+1 < len(f.order) {
			d.LastEvaluatedShardId = &f.order[i]
		}
	}
	return &dynamodbstreams.DescribeStreamOutput{StreamDescription: d}, nil
}

func (f *fakeStream) GetShardIterator(_ context.Context, in *dynamodbstreams.GetShardIteratorInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error) {
	at := 0
	if in.ShardIteratorType == types.ShardIteratorTypeAfterSequenceNumber {
		if *in.SequenceNumber == "trimmed" {
			return nil, &types.TrimmedDataAccessException{}
		}
		_, _ = fmt.Sscanf(*in.SequenceNumber, *in.ShardId+"/%d", &at)
		at++
	}
	return &dynamodbstreams.GetShardIteratorOutput{ShardIterator: aws.String(fmt.Sprintf("%s %d", *in.ShardId, at))}, nil
}

func (f *fakeStream) GetRecords(_ context.Context, in *dynamodbstreams.GetRecordsInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.faults) > 0 {
		err := f.faults[0]
		f.faults = f.faults[1:]
		return nil, err
	}
	var id string
	var at int
	if _, err := fmt.Sscan(*in.ShardIterator, &id, &at); err != nil {
		return nil, err
	}
	shard, out := f.shards[id], &dynamodbstreams.GetRecordsOutput{}
	for ; at < len(shard.records) && len(out.Records) < 2; at++ { // two a page
		name := shard.records[at]
		out.Records = append(out.Records, types.Record{EventName: types.OperationTypeInsert, Dynamodb: &types.StreamRecord{
			SequenceNumber: aws.String(fmt.Sprintf("%s/%d", id, at)),
			Keys:           map[string]types.AttributeValue{"sk": &types.AttributeValueMemberS{Value: "H#1"}},
			NewImage:       map[string]types.AttributeValue{"doc": &types.AttributeValueMemberS{Value: doc(name, 1)}}}})
	}
	if at < len(shard.records) || !shard.closed {
		out.NextShardIterator = aws.String(fmt.Sprintf("%s %d", id, at))
	}
	return out, nil
}

func TestStreamSourceReadsParentsFirstAndSurvivesFaults(t *testing.T) {
	t.Parallel()
	f := &fakeStream{order: []string{"child2", "child1", "root"}, shards: map[string]*fakeShard{
		"root":   {parent: "trimmed-away", records: []string{"r1", "r2", "r3", "r4", "r5"}, closed: true},
		"child1": {parent: "root", records: []string{"c1", "c2", "c3"}},
		"child2": {parent: "root", records: []string{"d1"}},
	}, faults: []error{&types.ExpiredIteratorException{}, errors.New("reset")}}
	r, path := &relay{}, filepath.Join(t.TempDir(), "marks.json")
	if err := os.WriteFile(path, []byte(`{"stream":"new","shards":{"root":{"sequence":"trimmed"},"gone":{"done":true}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := NewStreamSource(StreamSourceOptions{Client: f, Table: "t", Checkpoint: path, Poll: time.Millisecond, StreamFunction: StreamFunction{Function: r.function()}})
	stop := run(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for s.Handled() < 9 && pause(ctx, time.Millisecond) {
	}
	settled(t, s)
	stop()
	if len(r.told) != 9 || !slices.Equal(r.told[:5], []string{"r1-1", "r2-1", "r3-1", "r4-1", "r5-1"}) {
		t.Fatalf("told %v: the parent goes first, each once", r.told)
	}
	if i := slices.Index(r.told, "c1-1"); !slices.Contains(r.told[i:], "c2-1") {
		t.Errorf("told %v: a shard keeps its order", r.told)
	}
	var kept checkpointState
	if err := json.Unmarshal(must[[]byte](t)(os.ReadFile(path)), &kept); err != nil {
		t.Fatal(err)
	}
	want := map[string]mark{"root": {Sequence: "root/4", Done: true}, "child1": {Sequence: "child1/2"}, "child2": {Sequence: "child2/0"}}
	if fmt.Sprint(kept.Shards) != fmt.Sprint(want) || kept.Stream != "new" {
		t.Errorf("kept %v, want %v", kept, want)
	}
}

func TestBatcherIsolatesWhatFails(t *testing.T) {
	t.Parallel()
	items := func(n int) (out []streamItem) {
		for i := range n {
			out = append(out, streamItem{sequence: fmt.Sprint(i), json: fmt.Appendf(nil, `{"dynamodb":{"SequenceNumber":"%d"}}`, i)})
		}
		return out
	}
	sequences := func(payload []byte) (out []string) {
		var e events.DynamoDBEvent
		_ = json.Unmarshal(payload, &e)
		for _, r := range e.Records {
			out = append(out, r.Change.SequenceNumber)
		}
		return out
	}
	for name, fail := range map[string]func(batch []string) ([]byte, error){
		"error of the whole": func([]string) ([]byte, error) { return nil, errors.New("no") },
		"names it":           func([]string) ([]byte, error) { return []byte(`{"batchItemFailures":[{"itemIdentifier":"37"}]}`), nil },
		"names it and later ones": func([]string) ([]byte, error) {
			return []byte(`{"batchItemFailures":[{"itemIdentifier":"99"},{"itemIdentifier":"37"}]}`), nil
		},
		"names one of another time": func([]string) ([]byte, error) { return []byte(`{"batchItemFailures":[{"itemIdentifier":"x"}]}`), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dead, handled, last := &notices{}, map[string]bool{}, ""
			s := NewStreamSource(StreamSourceOptions{StreamFunction: StreamFunction{Attempts: 2, OnFailure: dead,
				Function: Function{Handler: handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
					batch := sequences(payload)
					if i := slices.Index(batch, "37"); i >= 0 {
						return fail(batch)
					}
					for _, sequence := range batch {
						handled[sequence] = true
					}
					return nil, nil
				})}}})
			b := batcher{StreamFunction: s.opts.StreamFunction, handled: &s.handled, done: func(sequence string) { last = sequence }}
			b.deliver(t.Context(), items(100))
			// Where the function named it, what came before it counts as handled.
			if s.Handled() != 100 || last != "99" || handled["37"] || len(dead.sent) != 1 || !handled["38"] || !handled["99"] {
				t.Errorf("%d handled up to %s, %d notices", s.Handled(), last, len(dead.sent))
			}
		})
	}
}

func TestCheckpointOfAnotherStreamIsDropped(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "marks.json")
	c := must[*checkpoint](t)(openCheckpoint(checkpointSpec{path: path, stream: "one"}))
	if err := c.set("s", mark{Sequence: "7"}); err != nil {
		t.Fatal(err)
	}
	again := must[*checkpoint](t)(openCheckpoint(checkpointSpec{path: path, stream: "one"}))
	other := must[*checkpoint](t)(openCheckpoint(checkpointSpec{path: path, stream: "two"}))
	if again.at("s").Sequence != "7" || other.at("s") != (mark{}) {
		t.Errorf("kept %v, of another stream %v", again.at("s"), other.at("s"))
	}
}
