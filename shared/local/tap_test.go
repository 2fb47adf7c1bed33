package local

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestTapSourceTellsWhatPassesTheEdge(t *testing.T) {
	t.Parallel()
	table, r := setupStream(t), &relay{}
	tap := NewTapSource(TapSourceOptions{Table: table.name, StreamFunction: StreamFunction{Function: r.function()}})
	run(t, tap)
	key := must[aws.Credentials](t)(table.db.Options().Credentials.Retrieve(t.Context())).AccessKeyID
	table.db = dynamoClient(listen(t, EdgeOptions{Engine: memoryEngine(t).URL(), Tap: tap.Tap}), key)

	var writers sync.WaitGroup
	for i := range 20 {
		writers.Go(func() {
			for v := range 5 {
				table.commit(fmt.Sprintf("l%d", i), v+1)
			}
		})
	}
	writers.Wait()
	put := func(name, sk, condition string) error {
		in := &dynamodb.PutItemInput{TableName: &name, Item: map[string]ddb.AttributeValue{"pk": &ddb.AttributeValueMemberS{Value: "L#x"},
			"sk": &ddb.AttributeValueMemberS{Value: sk}, "doc": &ddb.AttributeValueMemberS{Value: doc("x", 1)}}}
		if condition != "" {
			in.ConditionExpression = &condition
		}
		_, err := table.db.PutItem(t.Context(), in)
		return err
	}
	if err := errors.Join(put(table.name, "H#000001", ""), put(table.name, "S", "")); err != nil {
		t.Fatal(err)
	}
	if put(table.name, "H#000001", "attribute_not_exists(pk)") == nil {
		t.Fatal("the second put was to fail")
	}
	settled(t, tap)
	if len(r.told) != 101 || tap.Handled() != 101 || !slices.Contains(r.told, "x-1") {
		t.Errorf("told %d, want one per history entry that was written", len(r.told))
	}
	for i := range 20 { // of one lead in their order
		var of []string
		for _, id := range r.told {
			if strings.HasPrefix(id, fmt.Sprintf("l%d-", i)) {
				of = append(of, id)
			}
		}
		if !slices.IsSorted(of) || len(of) != 5 {
			t.Errorf("of lead %d told %v", i, of)
		}
	}
}

func TestTapPassesOver(t *testing.T) {
	t.Parallel()
	const history = `{"pk":{"S":"L#x"},"sk":{"S":"H#1"},"doc":{"S":"{}"}}`
	for name, tt := range map[string]struct {
		operation, request string
		want               int
	}{
		"history":           {"PutItem", `{"TableName":"leads","Item":` + history + `}`, 1},
		"transaction":       {"TransactWriteItems", `{"TransactItems":[{"Update":{"TableName":"leads"}},{"Put":{"TableName":"leads","Item":` + history + `}},{"Put":{"TableName":"leads","Item":` + history + `}}]}`, 2},
		"other operation":   {"DeleteItem", `{"TableName":"leads","Item":` + history + `}`, 0},
		"other table":       {"PutItem", `{"TableName":"other","Item":` + history + `}`, 0},
		"other item":        {"PutItem", `{"TableName":"leads","Item":{"sk":{"S":"S"},"doc":{"S":"H#"}}}`, 0},
		"key of other type": {"PutItem", `{"TableName":"leads","Item":{"sk":{"N":"1"},"doc":{"S":"H#"}}}`, 0},
		"not JSON":          {"PutItem", `H#`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tap := NewTapSource(TapSourceOptions{Table: "leads"})
			tap.Tap(tt.operation, []byte(tt.request))
			if got := len(tap.pending); got != tt.want {
				t.Errorf("%d records, want %d", got, tt.want)
			}
		})
	}
}

func TestTapSourceDrainsWhenStopped(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan struct{}), make(chan struct{})
	r := &relay{do: func(id string) error {
		if id == "l0-1" {
			close(begun)
			<-finish
		}
		return nil
	}}
	tap := NewTapSource(TapSourceOptions{Table: "leads", StreamFunction: StreamFunction{Function: r.function(), Batch: 2}})
	stop := run(t, tap)
	for i := range 9 {
		tap.Tap("PutItem", fmt.Appendf(nil, `{"TableName":"leads","Item":{"sk":{"S":"H#1"},"doc":{"S":%q}}}`, doc(fmt.Sprintf("l%d", i), 1)))
		if i == 0 {
			<-begun
		}
	}
	if idle, _ := tap.Idle(t.Context()); idle {
		t.Error("idle with nine records pending")
	}
	close(finish)
	stop()
	if len(r.told) != 9 {
		t.Errorf("told %v", r.told)
	}
}
