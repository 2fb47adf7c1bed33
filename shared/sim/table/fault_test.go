package table_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"sluice/shared/sim/table"
)

type attributes = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// TestErrorsOfTheSDK: each error comes out of the real client as its own type,
// with what it carries.
func TestErrorsOfTheSDK(t *testing.T) {
	t.Parallel()
	c, ctx := client(table.New(table.Options{})), t.Context()
	item := attributes{"pk": str("p"), "sk": str("s"), "doc": str(`a "b"`)}
	once := &dynamodb.PutItemInput{TableName: aws.String("t"), Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}
	if _, err := c.PutItem(ctx, once); err != nil {
		t.Fatal(err)
	}
	_, err := c.PutItem(ctx, once)
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) || failed.Item["doc"].(*types.AttributeValueMemberS).Value != `a "b"` || failed.ErrorMessage() == "" {
		t.Errorf("a failed condition is %v", err)
	}

	put := func(sk string, returns types.ReturnValuesOnConditionCheckFailure) types.TransactWriteItem {
		return types.TransactWriteItem{Put: &types.Put{TableName: aws.String("t"), Item: attributes{"pk": str("p"), "sk": str(sk)},
			ConditionExpression: aws.String("attribute_not_exists(pk)"), ReturnValuesOnConditionCheckFailure: returns}}
	}
	_, err = c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		put("new", types.ReturnValuesOnConditionCheckFailureAllOld), put("s", types.ReturnValuesOnConditionCheckFailureAllOld),
		{Update: &types.Update{TableName: aws.String("t"), Key: attributes{"pk": str("p"), "sk": str("other")},
			UpdateExpression: aws.String("SET n = n + :n"), ExpressionAttributeValues: attributes{":n": &types.AttributeValueMemberN{Value: "1"}}}},
	}})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || len(cancelled.CancellationReasons) != 3 {
		t.Fatalf("a cancelled transaction is %v", err)
	}
	for i, want := range []string{"None", "ConditionalCheckFailed", "ValidationError"} {
		r := cancelled.CancellationReasons[i]
		if aws.ToString(r.Code) != want || (r.Item != nil) != (i == 1) || (r.Message != nil) != (i > 0) {
			t.Errorf("reason %d is %s of %v, want %s", i, aws.ToString(r.Code), r.Item, want)
		}
	}
	if out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("t"), Key: attributes{"pk": str("p"), "sk": str("new")}}); err != nil || out.Item != nil {
		t.Errorf("a part of a cancelled transaction is there: %v, %v", out, err)
	}

	token := &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("token"), TransactItems: []types.TransactWriteItem{put("a", "")}}
	if _, err := c.TransactWriteItems(ctx, token); err != nil {
		t.Error(err)
	}
	token.TransactItems = []types.TransactWriteItem{put("b", "")}
	_, err = c.TransactWriteItems(ctx, token)
	if mismatch := (*types.IdempotentParameterMismatchException)(nil); !errors.As(err, &mismatch) {
		t.Errorf("a token of other parameters is %v", err)
	}
	_, err = c.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("t"), Item: attributes{"pk": str("p")}})
	if api := smithy.APIError(nil); !errors.As(err, &api) || api.ErrorCode() != "ValidationException" {
		t.Errorf("an item without a key is %v", err)
	}
}

// TestRefused: what is no request, and what is not modelled.
func TestRefused(t *testing.T) {
	t.Parallel()
	const key, put = `"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"s"}}`, `"TableName":"t","Item":{"pk":{"S":"p"},"sk":{"S":"s"}`
	m := table.New(table.Options{})
	for _, c := range []struct{ operation, body, code string }{
		{"GetItem", ``, "SerializationException"},
		{"GetItem", `[]`, "SerializationException"},
		{"GetItem", `{` + key, "SerializationException"},
		{"GetItem", `{` + key + `} x`, "SerializationException"},
		{"GetItem", `{` + key + `,"ConsistentRead":"true"}`, "SerializationException"},
		{"GetItem", `{"TableName":1}`, "SerializationException"},
		{"Query", `{"TableName":"t","Limit":1.5}`, "SerializationException"},
		{"Query", `{"TableName":"t","Limit":12345678901}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"S":1}}}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"N":1}}}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"B":"*"}}}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"B":"YQ"}}}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"M":[]}}}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"S":"\q"}}}`, "SerializationException"},
		{"PutItem", `{` + put + `,"a":{"SS":["a"]}}}`, "ValidationException"},
		{"PutItem", `{` + put + `,"a":` + strings.Repeat(`{"L":[`, 33) + strings.Repeat(`]}`, 33) + `}}`, "ValidationException"},
		{"PutItem", `{` + put + `},"Expected":{}}`, "ValidationException"},
		{"PutItem", `{` + put + `},"ReturnConsumedCapacity":"TOTAL"}`, "ValidationException"},
		{"PutItem", `{` + put + `},"UpdateExpression":"SET a = b"}`, "ValidationException"},
		{"GetItem", `{` + key + `,"ProjectionExpression":"a"}`, "ValidationException"},
		{"Query", `{"TableName":"t","FilterExpression":"a = b"}`, "ValidationException"},
		{"UpdateItem", `{` + key + `,"UpdateExpression":"DELETE a :a"}`, "ValidationException"},
		{"UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE l[0]","ReturnValues":"UPDATED_OLD"}`, "ValidationException"},
		{"UpdateItem", `{` + key + `,"UpdateExpression":"SET a = ` + strings.Repeat("b", 4097) + `"}`, "ValidationException"},
		{"DeleteItem", `{` + key + `,"ConditionExpression":"` + strings.Repeat("NOT ", 300) + `a = b"}`, "ValidationException"},
		{"TransactWriteItems", `{"TransactItems":[{"Get":{` + key + `}}]}`, "ValidationException"},
		{"TransactWriteItems", `{"TransactItems":[` + strings.Repeat(`{"Delete":{`+key+`}},`, 100) + `{"Delete":{` + key + `}}]}`, "ValidationException"},
		{"TransactWriteItems", `{"TransactItems":[{"Delete":{` + key + `}}],"ClientRequestToken":""}`, "ValidationException"},
		{"Scan", `{"TableName":"t"}`, "UnknownOperationException"},
	} {
		status, answer := m.Answer("DynamoDB_20120810."+c.operation, []byte(c.body))
		if status != 400 || !strings.Contains(string(answer), "#"+c.code+`"`) {
			t.Errorf("%s %.200s: %d %s, want %s", c.operation, c.body, status, answer, c.code)
		}
	}
	m.All(func(i table.Item) bool { t.Errorf("%v was stored", i); return true })
	if status, answer := m.Answer("DynamoDB_20120810.GetItem", []byte("\n{ "+key+", \"ConsistentRead\" : null, \"ReturnConsumedCapacity\" : \"NONE\" }\t")); status != 200 {
		t.Errorf("spaces and null: %s", answer)
	}
}
