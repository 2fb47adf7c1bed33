package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/pace"
)

// Alike finds who shares a key of a person, at most limit persons a key and the
// newest first, together with what is known of a company: all at the same time. It
// is eventually consistent. An empty key has nobody, and an unknown company is the
// zero Company.
func (t *Table) Alike(ctx context.Context, keys []lead.Key, company lead.Key, limit int) (ids [][]string, known lead.Company, err error) {
	ids = make([][]string, len(keys))
	faults := make([]error, len(keys)+1)
	pace.Each(ctx, len(faults), len(faults), func(i int) {
		switch {
		case i == len(keys) && company != "":
			known, faults[i] = t.company(ctx, company)
		case i < len(keys) && keys[i] != "":
			ids[i], faults[i] = t.sharing(ctx, likeIndexes()[i], keys[i], limit)
		}
	})
	return ids, known, errors.Join(faults...)
}

func (t *Table) sharing(ctx context.Context, x index, key lead.Key, limit int) ([]string, error) {
	in := within(x, string(key), "", "")
	in.ScanIndexForward = aws.Bool(false)
	items, err := t.query(ctx, in, limit)
	var ids []string
	for _, item := range items {
		ids = append(ids, idIn(item))
	}
	return ids, err
}

func (t *Table) company(ctx context.Context, id lead.Key) (lead.Company, error) {
	item, err := t.get(ctx, keyOfCompany(id))
	if err != nil || item == nil {
		return lead.Company{}, err
	}
	return decode[lead.Company](item)
}

// Company reads what is known of a company, strongly: the zero Company where that is
// nothing.
func (t *Table) Company(ctx context.Context, id lead.Key) (lead.Company, error) {
	return t.company(ctx, id)
}

// Doubts lists persons of whom there is a doubt whether they are others, the oldest
// first.
func (t *Table) Doubts(ctx context.Context, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, shards(doubtful), p)
}

// Unverified lists leads that wait for the cleansing team, best grade first, oldest
// first within.
func (t *Table) Unverified(ctx context.Context, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, shards(unverified), p)
}

// Spend takes one of a day's budget of something; false where nothing is left of it.
func (t *Table) Spend(ctx context.Context, what, day string, most int) (bool, error) {
	if most <= 0 {
		return false, nil
	}
	x := newExpression()
	count, one := x.name(countAttr), x.value(number(1))
	x.require("(attribute_not_exists(" + count + ") OR " + count + " < " + x.value(number(most)) + ")")
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       keyAttributes(keyOfSpent(what, day)),
		UpdateExpression:          aws.String("ADD " + count + " " + one),
		ConditionExpression:       x.condition(),
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
	})
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return false, nil
	}
	return err == nil, unavailable(err)
}

// likesOf counts the index entries by which a person is found.
func likesOf(p lead.Person) int {
	if p.Into != "" {
		return 0
	}
	n := 0
	for _, key := range p.Alike {
		if key != "" {
			n++
		}
	}
	if len(p.Doubts) > 0 {
		n++
	}
	return n
}
