package local

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestEdgeProxiesTheEngine(t *testing.T) {
	t.Parallel()
	engine := memoryEngine(t)
	var taps tapLog
	url := listen(t, EdgeOptions{Engine: engine.URL(), Tap: taps.add})
	db := dynamoClient(url, "edgeproxies")
	createTable(t, db, "leads")
	putName(t, db, "leads", "1", "Ada")
	if got := getName(t, db, "leads", "1"); got != "Ada" {
		t.Errorf("read back %q", got)
	}
	if got := getName(t, dynamoClient(engine.URL(), "edgeproxies"), "leads", "1"); got != "Ada" {
		t.Errorf("read back %q from the engine itself", got)
	}
	_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String("leads"), ConditionExpression: aws.String("attribute_not_exists(pk)"),
		Item: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "1"}},
	})
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); !refused {
		t.Errorf("a refused write gives %v", err)
	}
	_, err = db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Delete: &types.Delete{TableName: aws.String("leads"), Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "1"}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	// Neither reads, nor tables, nor the write that was refused.
	if got := taps.targets(); !slices.Equal(got, []string{"PutItem", "TransactWriteItems"}) {
		t.Errorf("tapped %v", got)
	}
	var first struct{ TableName string }
	if err := json.Unmarshal(taps.calls[0].body, &first); err != nil || first.TableName != "leads" {
		t.Errorf("tapped request %s: %v", taps.calls[0].body, err)
	}
}

func TestEdgeTakesManyCallsAtOnce(t *testing.T) {
	t.Parallel()
	url := listen(t, EdgeOptions{Engine: memoryEngine(t).URL()})
	db := dynamoClient(url, "edgemany")
	createTable(t, db, "leads")
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			for i := range 10 {
				id := strings.Repeat("x", worker+1) + strings.Repeat("y", i)
				_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{
					TableName: aws.String("leads"), Item: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: id}},
				}, func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
				if err != nil {
					t.Errorf("put %s: %v", id, err)
				}
			}
		})
	}
	all.Wait()
}

func TestEdgeRefusals(t *testing.T) {
	t.Parallel()
	queues := must[*SQS](t)(OpenSQS(SQSOptions{}))
	cases := map[string]struct {
		opts   EdgeOptions
		target string
		body   io.Reader
		status int
		says   string
	}{
		"no target":         {EdgeOptions{SQS: queues, Engine: "http://127.0.0.1:1"}, "", strings.NewReader("{}"), 400, "DynamoDB, DynamoDB Streams, SQS"},
		"unknown service":   {EdgeOptions{SQS: queues}, "Kinesis_20131202.PutRecord", strings.NewReader("{}"), 400, "UnknownOperationException"},
		"no engine":         {EdgeOptions{SQS: queues}, "DynamoDB_20120810.GetItem", strings.NewReader("{}"), 400, "This edge has SQS"},
		"no queues":         {EdgeOptions{Engine: "http://127.0.0.1:1"}, "AmazonSQS.ListQueues", strings.NewReader("{}"), 400, "UnknownOperationException"},
		"nothing":           {EdgeOptions{}, "AmazonSQS.ListQueues", strings.NewReader("{}"), 400, "no service"},
		"engine is down":    {EdgeOptions{Engine: "http://127.0.0.1:1"}, "DynamoDB_20120810.GetItem", strings.NewReader("{}"), 500, "InternalServerError"},
		"unknown operation": {EdgeOptions{SQS: queues}, "AmazonSQS.Nonsense", strings.NewReader("{}"), 400, "UnknownOperationException"},
		"not JSON":          {EdgeOptions{SQS: queues}, "AmazonSQS.ListQueues", strings.NewReader("{"), 400, "SerializationException"},
		"too large":         {EdgeOptions{SQS: queues}, "AmazonSQS.ListQueues", io.LimitReader(zeros{}, MaxBodyBytes+1), 413, "RequestEntityTooLargeException"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", c.body)
			r.Header.Set("X-Amz-Target", c.target)
			w := httptest.NewRecorder()
			NewEdge(c.opts).ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("answer %d %s", w.Code, w.Body)
			}
			if !json.Valid(w.Body.Bytes()) {
				t.Errorf("answer is not JSON: %s", w.Body)
			}
		})
	}
}

func TestEdgeListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "example.com:80", "127.0.0.1"} {
		e := NewEdge(EdgeOptions{})
		if url, err := e.Listen(addr); err == nil {
			t.Errorf("Listen(%q) listens at %s", addr, url)
		}
		_ = e.Shutdown(context.Background())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type tapLog struct {
	mu    sync.Mutex
	calls []call
}

func (l *tapLog) add(target string, request []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, call{target, request})
}

func (l *tapLog) targets() (ops []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.calls {
		ops = append(ops, c.op)
	}
	return ops
}
