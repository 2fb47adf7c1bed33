package table_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"sluice/shared/sim/table"
)

// put stores an item of the partition p: its sort key and its number n.
func put(t testing.TB, m *table.Model, sk string, n int) {
	t.Helper()
	send(t, m, "PutItem", fmt.Sprintf(`{"TableName":"t","Item":{"pk":{"S":"p"},"sk":{"S":"%s"},"n":{"N":"%d"}}}`, sk, n))
}

func numbers(m *table.Model) (all []string) {
	m.Partition("p", func(i table.Item) bool {
		n, _ := i.Number("n")
		all = append(all, fmt.Sprint(itemKey(i), "=", n))
		return true
	})
	return all
}

func TestCloneIsIndependent(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	o := table.Options{Now: func() time.Time { return now }}
	m := table.New(o)
	put(t, m, "1", 1)
	put(t, m, "2", 1)
	add := `{"ClientRequestToken":"token","TransactItems":[{"Update":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"1"}},"UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}]}`
	send(t, m, "TransactWriteItems", add)
	c := m.Clone(o)
	put(t, c, "2", 5)
	put(t, c, "3", 5)
	put(t, m, "0", 7)
	send(t, c, "TransactWriteItems", add) // the copy knows the token
	if got := numbers(m); !slices.Equal(got, []string{"0=7", "1=2", "2=1"}) {
		t.Errorf("the original has %v", got)
	}
	if got := numbers(c); !slices.Equal(got, []string{"1=2", "2=5", "3=5"}) {
		t.Errorf("the copy has %v", got)
	}
}

func TestTokenIsForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	m := table.New(table.Options{Now: func() time.Time { return now }})
	// The members of the second are in another order, as a client may send them.
	add := []string{
		`{"ClientRequestToken":"token","TransactItems":[{"Update":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"1"}},"UpdateExpression":"ADD n :n, m :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}]}`,
		`{"TransactItems":[{"Update":{"UpdateExpression":"ADD n :n, m :n","ExpressionAttributeValues":{":n":{"N":"1.0"}},"Key":{"sk":{"S":"1"},"pk":{"S":"p"}},"TableName":"t"}}],"ClientRequestToken":"token"}`,
	}
	for _, step := range []struct {
		wait time.Duration
		want string
	}{{0, "1=1"}, {0, "1=1"}, {10*time.Minute - time.Nanosecond, "1=1"}, {time.Nanosecond, "1=2"}, {time.Minute, "1=2"}} {
		now = now.Add(step.wait)
		send(t, m, "TransactWriteItems", add[0])
		send(t, m, "TransactWriteItems", add[1])
		if got := numbers(m); !slices.Equal(got, []string{step.want}) {
			t.Errorf("at %v: %v, want %s", now, got, step.want)
		}
	}
	_, answer := m.Answer("DynamoDB_20120810.TransactWriteItems", []byte(strings.Replace(add[0], `"N":"1"`, `"N":"2"`, 1)))
	if !strings.Contains(string(answer), "#IdempotentParameterMismatchException") {
		t.Errorf("other parameters: %s", answer)
	}
}

// TestChanged: all changes of a transaction are told together, and none of what
// did not come to pass.
func TestChanged(t *testing.T) {
	t.Parallel()
	var told []string
	m := table.New(table.Options{Changed: func(changes []table.Change) {
		var line []string
		for _, c := range changes {
			before, _ := c.Before.Number("n")
			after, _ := c.After.Number("n")
			line = append(line, fmt.Sprintf("%v %d %v %d", c.Before.IsZero(), before, c.After.IsZero(), after))
		}
		told = append(told, strings.Join(line, ", "))
	}})
	put(t, m, "1", 1)
	send(t, m, "TransactWriteItems", `{"TransactItems":[
		{"Delete":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"1"}}}}, {"Delete":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"none"}}}},
		{"ConditionCheck":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"other"}},"ConditionExpression":"attribute_not_exists(pk)"}},
		{"Put":{"TableName":"t","Item":{"pk":{"S":"p"},"sk":{"S":"2"},"n":{"N":"2"}}}}]}`)
	if status, _ := m.Answer("DynamoDB_20120810.DeleteItem", []byte(`{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"2"}},"ConditionExpression":"attribute_not_exists(pk)"}`)); status != 400 {
		t.Error("a condition held that does not")
	}
	if want := []string{"true 0 false 1", "false 1 true 0, true 0 false 2"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// TestRelax: each conjunct has a stable text, and one taken as true lets a write
// pass that it alone forbids.
func TestRelax(t *testing.T) {
	t.Parallel()
	const update = `{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"1"}},"UpdateExpression":"SET #n = #n + :one",
		"ConditionExpression":"#rev = :rev AND (attribute_not_exists(#cap) OR #n < #cap) AND (:zero < n AND #turns.#e3 = :one) AND NOT begins_with(#turns.list[0], :text)",
		"ExpressionAttributeNames":{"#n":"n","#rev":"rev","#cap":"cap","#turns":"turns","#e3":"red"},
		"ExpressionAttributeValues":{":rev":{"N":"%d"},":zero":{"N":"0"},":one":{"N":"1"},":text":{"S":"x"}}}`
	want := []string{"rev = ?", "attribute_not_exists(cap) OR n < cap", "? < n", "turns.* = ?", "NOT begins_with(turns.*.*, ?)"}
	for _, relaxed := range want {
		var asked []string
		m := table.New(table.Options{Relax: func(c table.Condition) bool {
			if c.Operation != "Update" || c.Key != (table.Key{PK: "p", SK: "1"}) {
				t.Errorf("asked about %+v", c)
			}
			asked = append(asked, c.Text)
			return c.Text == relaxed
		}})
		send(t, m, "PutItem", `{"TableName":"t","Item":{"pk":{"S":"p"},"sk":{"S":"1"},"rev":{"N":"1"},"n":{"N":"1"},"cap":{"N":"5"},"turns":{"M":{"red":{"N":"1"},"list":{"L":[]}}}}}`)
		for rev := range 2 { // 0 is another's
			status, answer := m.Answer("DynamoDB_20120810.UpdateItem", fmt.Appendf(nil, update, rev))
			if passes := rev == 1 || relaxed == "rev = ?"; passes != (status == 200) {
				t.Errorf("with %q relaxed, revision %d: %d %s", relaxed, rev, status, answer)
			}
		}
		if !slices.Equal(asked, append(slices.Clone(want), want...)) {
			t.Errorf("asked about %q, want %q twice", asked, want)
		}
	}
}

// TestRelaxInTransaction: the operations are called the same there.
func TestRelaxInTransaction(t *testing.T) {
	t.Parallel()
	var asked []string
	m := table.New(table.Options{Relax: func(c table.Condition) bool {
		asked = append(asked, c.Operation+" "+c.SK+" "+c.Text)
		return true
	}})
	send(t, m, "TransactWriteItems", `{"TransactItems":[
		{"Put":{"TableName":"t","Item":{"pk":{"S":"p"},"sk":{"S":"1"}},"ConditionExpression":"attribute_exists(#pk)","ExpressionAttributeNames":{"#pk":"pk"}}},
		{"Delete":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"2"}},"ConditionExpression":"attribute_exists(pk)"}},
		{"ConditionCheck":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"3"}},"ConditionExpression":"attribute_exists(pk)"}}]}`)
	if want := []string{"Put 1 attribute_exists(pk)", "Delete 2 attribute_exists(pk)", "ConditionCheck 3 attribute_exists(pk)"}; !slices.Equal(asked, want) {
		t.Errorf("asked about %q, want %q", asked, want)
	}
}

// TestEqualPlaces: entries with the same sort key are listed once each, however
// small the pages.
func TestEqualPlaces(t *testing.T) {
	t.Parallel()
	m := table.New(table.Options{})
	var want []string
	for i := range 9 {
		sk := fmt.Sprint(i)
		want = append(want, sk)
		send(t, m, "PutItem", fmt.Sprintf(`{"TableName":"t","Item":{"pk":{"S":"p%d"},"sk":{"S":"%s"},"holder":{"S":"h"},"heldAt":{"S":"%d"}}}`, i%2, sk, i/6))
	}
	for _, forward := range []bool{true, false} {
		for limit := 1; limit < 11; limit++ {
			body := object{"TableName": "t", "IndexName": "held", "KeyConditionExpression": "holder = :h", "Limit": limit, "ScanIndexForward": forward,
				"ExpressionAttributeValues": object{":h": object{"S": "h"}}}
			var got []string
			for more := true; more; {
				out := send(t, m, "Query", text(body))
				for _, item := range out["Items"].([]any) {
					got = append(got, item.(object)["sk"].(object)["S"].(string))
				}
				body["ExclusiveStartKey"], more = out["LastEvaluatedKey"]
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("pages of %d, forward %t: %v", limit, forward, got)
			}
		}
	}
}

func TestItem(t *testing.T) {
	t.Parallel()
	m := table.New(table.Options{})
	const image = `{"a\"":{"BOOL":true},"b":{"B":"YWI="},"m":{"M":{"x":{"N":"1"},"y":{"N":"-2"},"z":{"N":"0.5"}}},"n":{"N":"150"},"pk":{"S":"p\u0001"},"sk":{"S":"s"},"t":{"S":"é\n"}}`
	send(t, m, "PutItem", `{"TableName":"t","Item":{"t":{"S":"é\n"},"m":{"M":{"y":{"N":"-2.0"},"x":{"N":"01"},"z":{"N":".5"}}},"n":{"N":"1.5e2"},"pk":{"S":"p\u0001"},"sk":{"S":"s"},"b":{"B":"YQ=="},"b":{"B":"YWI="},"a\"":{"BOOL":true}}}`)
	i, ok := m.Get("p\x01", "s") // of two attributes of one name the last
	if !ok || i.IsZero() || string(i.Image()) != image {
		t.Fatalf("image %s, want %s", i.Image(), image)
	}
	n, isNumber := i.Number("n")
	_, textIsNumber := i.Number("t")
	if i.Text("t") != "é\n" || i.Text("n") != "" || n != 150 || !isNumber || textIsNumber || string(i.Binary("b")) != "ab" || i.Binary("t") != nil {
		t.Errorf("text %q, number %d, binary %q", i.Text("t"), n, i.Binary("b"))
	}
	if got := i.Map("m"); len(got) != 2 || got["x"] != 1 || got["y"] != -2 || i.Map("n") != nil {
		t.Errorf("map %v", got)
	}
	if got := i.Names(); !slices.Equal(got, []string{`a"`, "b", "m", "n", "pk", "sk", "t"}) || !i.Has(`a"`) || i.Has("z") {
		t.Errorf("names %q", got)
	}
	if none, ok := m.Get("p", "none"); ok || !none.IsZero() || none.Has("pk") || none.Image() != nil || none.Names() != nil {
		t.Errorf("what is not there is %s", none.Image())
	}
	const names, entries = 2 + 1 + 1 + 1 + 2 + 2 + 1, 3*(1+1) + 2 + 3 + 2
	if got := i.Size(); got != names+1+2+(3+entries)+2+2+1+3 {
		t.Errorf("%d bytes", got)
	}
}

// TestFailure: the SDK takes each failure for what it is.
func TestFailure(t *testing.T) {
	t.Parallel()
	body := []byte(`{"TransactItems":[{"Delete":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"1"}}}},{"Delete":{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"2"}}}}]}`)
	ctx, key := t.Context(), map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "p"}, "sk": &types.AttributeValueMemberS{Value: "1"}}
	for _, kind := range []table.Kind{table.Throttled, table.Conflict, table.Internal} {
		c := failing(kind)
		_, get := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("t"), Key: key})
		_, del := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String("t"), Key: key})
		_, all := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Delete: &types.Delete{TableName: aws.String("t"), Key: key}}, {Delete: &types.Delete{TableName: aws.String("t"), Key: key}}}})
		var throttled *types.ProvisionedThroughputExceededException
		var conflict *types.TransactionConflictException
		var cancelled *types.TransactionCanceledException
		var api smithy.APIError
		switch kind {
		case table.Throttled:
			if !errors.As(get, &throttled) || !errors.As(del, &throttled) || !errors.As(all, &cancelled) || aws.ToString(cancelled.CancellationReasons[0].Code) != "ThrottlingError" {
				t.Errorf("throttled: %v, %v, %v", get, del, all)
			}
		case table.Conflict:
			if !errors.As(get, &throttled) || !errors.As(del, &conflict) || !errors.As(all, &cancelled) || len(cancelled.CancellationReasons) != 2 ||
				aws.ToString(cancelled.CancellationReasons[0].Code) != "TransactionConflict" || aws.ToString(cancelled.CancellationReasons[1].Code) != "None" {
				t.Errorf("conflict: %v, %v, %v", get, del, all)
			}
		case table.Internal:
			for _, err := range []error{get, del, all} {
				if !errors.As(err, &api) || api.ErrorCode() != "InternalServerError" {
					t.Errorf("internal: %v", err)
				}
			}
			if status, _ := table.Failure(kind, "DynamoDB_20120810.TransactWriteItems", body); status != 500 {
				t.Errorf("status %d", status)
			}
		}
	}
}
