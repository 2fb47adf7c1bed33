package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// deliveryKept is how long it is remembered that a message was sent: longer than
// a message can wait in a queue and its dead-letter queue (14 days each).
const deliveryKept = 30 * 24 * time.Hour

// The states of a delivery.
const (
	sending = "sending"
	sent    = "sent"
)

// BeginDelivery takes the message for the caller until the lease ends; done says
// that it was sent before. Unavailable where another caller has it.
func (t *Table) BeginDelivery(ctx context.Context, id string, now, lease time.Time) (done bool, err error) {
	x := newExpression()
	// A message that was sent has no lease, so none of its can be over.
	x.require("(attribute_not_exists(" + x.name(schema.PK) + ") OR " +
		x.name(leaseAttr) + " <= " + x.value(number(now.UnixMilli())) + ")")
	item := keyAttributes(keyOfDelivery(id))
	item[statusAttr] = text(sending)
	item[leaseAttr] = number(lease.UnixMilli())
	expire(item, lease.Add(deliveryKept))
	_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           &t.name,
		Item:                                item,
		ConditionExpression:                 x.condition(),
		ExpressionAttributeNames:            x.names,
		ExpressionAttributeValues:           x.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failed *types.ConditionalCheckFailedException
	switch {
	case !errors.As(err, &failed):
		return false, unavailable(err)
	case getText(failed.Item, statusAttr) == sent:
		return true, nil
	}
	return false, lead.Errorf(lead.Unavailable, "the message is being sent by another: try again later")
}

// EndDelivery notes that the message was sent. It is remembered for 30 days.
func (t *Table) EndDelivery(ctx context.Context, id string, now time.Time) error {
	item := keyAttributes(keyOfDelivery(id))
	item[statusAttr] = text(sent)
	expire(item, now.Add(deliveryKept))
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: item})
	return unavailable(err)
}

// TakeNumbers reserves n numbers of a year and returns the first, 1 at the
// beginning. Numbers whose answer was lost are a gap.
func (t *Table) TakeNumbers(ctx context.Context, year, n int) (first int, err error) {
	if n < 1 {
		return 0, lead.Errorf(lead.Invalid, "take one number or more")
	}
	x := newExpression()
	out, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       keyAttributes(keyOfNumbers(year)),
		UpdateExpression:          aws.String("ADD " + x.name(countAttr) + " " + x.value(number(n))),
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
		ReturnValues:              types.ReturnValueUpdatedNew,
	})
	if err != nil {
		return 0, unavailable(err)
	}
	return int(getNumber(out.Attributes, countAttr)) - n + 1, nil
}

// LoadKeys returns the record of each of the vault's keys by its name.
func (t *Table) LoadKeys(ctx context.Context) (map[string][]byte, error) {
	items, err := t.query(ctx, partition(schema.VaultPartition), 0)
	if err != nil {
		return nil, err
	}
	records := make(map[string][]byte, len(items))
	for _, item := range items {
		records[getText(item, schema.SK)] = []byte(getText(item, schema.Doc))
	}
	return records, nil
}

// SaveKey keeps a record of the vault, text, under a name that is free; added is
// false where the name is taken.
func (t *Table) SaveKey(ctx context.Context, name string, record []byte) (added bool, err error) {
	x := unlessThere()
	item := keyAttributes(keyOfVault(name))
	item[schema.Doc] = text(string(record))
	_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                &t.name,
		Item:                     item,
		ConditionExpression:      x.condition(),
		ExpressionAttributeNames: x.names,
	})
	if refused(err) {
		return false, nil
	}
	return err == nil, unavailable(err)
}
