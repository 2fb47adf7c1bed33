package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/lead"
)

// Table is the store. It may be used by several goroutines. What it returns as
// an error is a *lead.Refused or a *lead.Error, never a type of AWS.
type Table struct {
	client calls
	name   string
	meter  *tally
}

// Options say which table is opened.
type Options struct {
	Table string // its name
}

// Open returns the table. It makes no call.
func Open(client *dynamodb.Client, o Options) *Table {
	t := &Table{name: o.Table, meter: &tally{}}
	t.client = callsOf(dynamodb.New(client.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, t.meter.install)
		// DynamoDB Local closes bodies in a way that upsets the check, and TLS
		// protects the real one's.
		o.DisableValidateResponseChecksum = o.DisableValidateResponseChecksum || o.BaseEndpoint != nil
	}))
	return t
}

// calls are the operations that the store uses, held one by one: a client held
// as such would link all its operations into every function, because the
// expressions of the policy are evaluated by reflection (0.9 MB of each zip).
type calls struct {
	BatchGetItem       func(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	GetItem            func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem            func(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	Query              func(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	TransactWriteItems func(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
	UpdateItem         func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

func callsOf(c *dynamodb.Client) calls {
	return calls{BatchGetItem: c.BatchGetItem, GetItem: c.GetItem, PutItem: c.PutItem, Query: c.Query,
		TransactWriteItems: c.TransactWriteItems, UpdateItem: c.UpdateItem}
}

// get reads an item strongly; it is nil where there is none.
func (t *Table) get(ctx context.Context, k key) (attributes, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &t.name,
		Key:            keyAttributes(k),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, unavailable(err)
	}
	return out.Item, nil
}

// mustGet is get for an item that the caller names: NotFound without one.
func (t *Table) mustGet(ctx context.Context, k key, what string) (attributes, error) {
	item, err := t.get(ctx, k)
	if err == nil && item == nil {
		err = notThere(what)
	}
	return item, err
}

func notThere(what string) error {
	return lead.Errorf(lead.NotFound, "there is no such %s", what)
}

// unavailable is where errors of AWS end: the kind says that trying again may
// help, the text of the cause is for the log. Whether the caller's own time ran
// out stays visible to errors.Is.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	cause := errors.New(err.Error())
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			cause = errors.Join(end, cause)
		}
	}
	return &lead.Error{Kind: lead.Unavailable, Text: "the store cannot be reached: try again", Cause: cause}
}
