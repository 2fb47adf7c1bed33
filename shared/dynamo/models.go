package dynamo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/predict"
	"sluice/shared/schema"
	"sluice/shared/score"
)

// inForceAttr of the current model's item is the version in force, which may be older
// than the last training; 0 or none for none.
const inForceAttr = "inForce"

// CurrentModel returns the version of the model in force, and the model unless it is
// the version known to the caller. Version 0 says that none is.
func (t *Table) CurrentModel(ctx context.Context, known int) (score.Record, error) {
	item, err := t.get(ctx, keyOfModel())
	version := int(getNumber(item, inForceAttr))
	if err != nil || version == known || version == 0 {
		return score.Record{Version: version}, err
	}
	return t.Training(ctx, version)
}

// Training reads a training with its model; NotFound where there is none.
func (t *Table) Training(ctx context.Context, version int) (score.Record, error) {
	item, err := t.mustGet(ctx, keyOfTraining(version), "training")
	if err != nil {
		return score.Record{}, err
	}
	record, err := decode[score.Record](item)
	if body := getBinary(item, bodyAttr); err == nil && body != nil {
		var model json.RawMessage
		if model, err = unzip[json.RawMessage](body); err != nil {
			return record, &lead.Error{Kind: lead.Unavailable, Text: "the stored model cannot be read",
				Cause: fmt.Errorf("read model %d: %w", version, err)}
		}
		record.Model = model
	}
	return record, err
}

// Trainings lists trainings, newest first, without their models.
func (t *Table) Trainings(ctx context.Context, p lead.Page) ([]score.Record, string, error) {
	const list = "trainings"
	from, err := readCursor(list, policyPrefix, p.Cursor)
	if err != nil {
		return nil, "", err
	}
	in := between(modelPartition, policyPrefix, cmp.Or(from, policyPrefix+last))
	in.ScanIndexForward = aws.Bool(false)
	return page[score.Record](ctx, t, in, list, p.Limit)
}

// page reads one page of a list that begins with the item left out by the page before.
func page[T any](ctx context.Context, t *Table, in *dynamodb.QueryInput, list string, limit int) ([]T, string, error) {
	limit = pageSize(limit)
	items, err := t.query(ctx, in, limit+1)
	if err != nil {
		return nil, "", err
	}
	var next string
	if len(items) > limit {
		next = newCursor(list, getText(items[limit], schema.SK))
		items = items[:limit]
	}
	all := make([]T, len(items))
	for i, item := range items {
		if all[i], err = decode[T](item); err != nil {
			return nil, "", err
		}
	}
	return all, next, nil
}

// PutTraining keeps a training, and takes its model into force where it has one, in
// one step; without one Record.Champion is in force, 0 for none. Conflict where
// Record.Version-1 is not the last training; a model that is too large to be kept, or to
// be read, is Invalid.
func (t *Table) PutTraining(ctx context.Context, r score.Record) error {
	tooLarge := lead.Errorf(lead.Invalid, "the model is larger than what can be kept")
	if len(r.Model) > predict.MaxBytes {
		return tooLarge
	}
	item, err := newItem(keyOfTraining(r.Version), r)
	if err != nil {
		return err
	}
	inForce := r.Champion
	if r.Model != nil {
		body, err := zip(json.RawMessage(r.Model))
		if err != nil {
			return &lead.Error{Kind: lead.Invalid, Text: "the model cannot be encoded", Cause: err}
		}
		item[bodyAttr], inForce = binary(body), r.Version
	}
	if sizeOf(item) > maxItem {
		return tooLarge
	}
	current := keyAttributes(keyOfModel())
	current[schema.Version], current[inForceAttr] = number(r.Version), number(inForce)
	_, err = t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: []types.TransactWriteItem{t.put(item, newExpression()), t.put(current, at(r.Version))},
	})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		return &lead.Error{Kind: lead.Conflict, Text: "another training was kept meanwhile", Cause: errors.New(err.Error())}
	}
	return unavailable(err)
}

// PutOutcome keeps how a lead ended, unless what is kept is of the same version of the
// lead or a later one.
func (t *Table) PutOutcome(ctx context.Context, o score.Outcome) error {
	item, err := newItem(keyOfOutcome(o.Created, o.Lead), o)
	if err != nil {
		return err
	}
	item[schema.Version] = number(o.Version)
	x := newExpression()
	x.require("attribute_not_exists(" + x.name(schema.PK) + ") OR " + x.name(schema.Version) + " < " + x.value(number(o.Version)))
	_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &t.name, Item: item, ConditionExpression: x.condition(),
		ExpressionAttributeNames: x.namesOrNil(), ExpressionAttributeValues: x.valuesOrNil(),
	})
	if refused(err) {
		return nil
	}
	return unavailable(err)
}

// Outcomes lists how the leads ended that came in a month, in no telling order.
func (t *Table) Outcomes(ctx context.Context, month time.Time, p lead.Page) ([]score.Outcome, string, error) {
	pk, _ := keyOfOutcome(month, "").pair()
	from, err := readCursor(pk, "", p.Cursor)
	if err != nil {
		return nil, "", err
	}
	return page[score.Outcome](ctx, t, between(pk, cmp.Or(from, " "), last), pk, p.Limit)
}

// Rescore reads the walk that scores all leads anew; the zero one before the first.
func (t *Table) Rescore(ctx context.Context) (score.Rescore, error) {
	item, err := t.get(ctx, keyOfRescore())
	if err != nil || item == nil {
		return score.Rescore{}, err
	}
	return decode[score.Rescore](item)
}

// PutRescore writes the walk; Conflict where Rescore.Version-1 is not what is stored.
func (t *Table) PutRescore(ctx context.Context, r score.Rescore) error {
	item, err := newItem(keyOfRescore(), r)
	if err != nil {
		return err
	}
	return t.putVersion(ctx, item, r.Version)
}

// Open lists the open leads of one shard, 0 to schema.DueShards-1, by their deadlines,
// the most overdue first. A lead whose deadline moves ahead of the page meanwhile is
// listed again, one whose deadline moves behind it is not.
func (t *Table) Open(ctx context.Context, shard int, p lead.Page) (ids []string, next string, err error) {
	list := "open " + strconv.Itoa(shard)
	after, err := readCursor(list, "", p.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(p.Limit)
	items, err := t.query(ctx, within(dueIndex(), strconv.Itoa(shard), after, ""), limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(items) > limit {
		items = items[:limit]
		next = newCursor(list, getText(items[limit-1], schema.DueAt))
	}
	for _, item := range items {
		ids = append(ids, idIn(item))
	}
	return ids, next, nil
}
