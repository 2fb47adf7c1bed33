package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/client"
	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/schema"
)

const (
	batchKeys  = 100 // the most that BatchGetItem takes
	batchTries = 6   // calls in a row that bring nothing
)

// Lead reads a lead strongly; NotFound where there is none.
func (t *Table) Lead(ctx context.Context, id string) (lead.Lead, error) {
	item, err := t.mustGet(ctx, keyOfLead(id), "lead")
	if err != nil {
		return lead.Lead{}, err
	}
	return leadOf(item)
}

// LeadAndRep reads a lead and a rep strongly in one request; NotFound where
// there is no lead. The rep is without results, and zero where there is none or rep is "".
func (t *Table) LeadAndRep(ctx context.Context, id, rep string) (lead.Lead, lead.Rep, error) {
	if rep == "" {
		l, err := t.Lead(ctx, id)
		return l, lead.Rep{}, err
	}
	found := make(map[string]attributes, 2) // by partition key
	err := t.readBatch(ctx, types.KeysAndAttributes{
		Keys:           []attributes{keyAttributes(keyOfLead(id)), keyAttributes(keyOfRep(rep))},
		ConsistentRead: aws.Bool(true),
	}, found)
	if err != nil {
		return lead.Lead{}, lead.Rep{}, err
	}
	leadPartition, _ := keyOfLead(id).pair()
	item, ok := found[leadPartition]
	if !ok {
		return lead.Lead{}, lead.Rep{}, notThere("lead")
	}
	l, err := leadOf(item)
	if err != nil {
		return lead.Lead{}, lead.Rep{}, err
	}
	item, ok = found[repPartition]
	if !ok {
		return l, lead.Rep{}, nil
	}
	record, err := repOf(item)
	return l, record, err
}

// Leads reads leads, eventually consistent, in the order asked, leaving out
// unknown ones.
func (t *Table) Leads(ctx context.Context, ids []string) ([]lead.Lead, error) {
	return readMany(ctx, t, ids, func(id string) key { return keyOfLead(id) }, leadOf)
}

// Entry reads one history entry strongly; NotFound where there is none.
func (t *Table) Entry(ctx context.Context, id string, version int) (lead.Entry, error) {
	item, err := t.mustGet(ctx, keyOfEntry(id, version), "history entry")
	if err != nil {
		return lead.Entry{}, err
	}
	return decode[lead.Entry](item)
}

// Person reads a person strongly; NotFound where there is none.
func (t *Table) Person(ctx context.Context, id string) (lead.Person, error) {
	item, err := t.mustGet(ctx, keyOfPerson(id), "person")
	if err != nil {
		return lead.Person{}, err
	}
	return decode[lead.Person](item)
}

// Persons is [Table.Leads] for persons.
func (t *Table) Persons(ctx context.Context, ids []string) ([]lead.Person, error) {
	return readMany(ctx, t, ids, func(id string) key { return keyOfPerson(id) }, decode[lead.Person])
}

// Submission reads a submission strongly; NotFound where there is none or it
// was purged.
func (t *Table) Submission(ctx context.Context, id string) (lead.Submission, error) {
	item, err := t.mustGet(ctx, keyOfSubmission(id), "submission")
	if err != nil {
		return lead.Submission{}, err
	}
	return submissionOf(item)
}

// Idempotent returns the submission that used an idempotency key; NotFound
// where none did.
func (t *Table) Idempotent(ctx context.Context, hash lead.Key) (lead.Submission, error) {
	item, err := t.mustGet(ctx, keyOfIdem(hash), "idempotency key")
	if err != nil {
		return lead.Submission{}, err
	}
	id, err := decode[string](item)
	if err != nil {
		return lead.Submission{}, err
	}
	return t.Submission(ctx, id)
}

// readMany reads the items of ids in the order of ids.
func readMany[T any](ctx context.Context, t *Table, ids []string, keyOf func(string) key, read func(attributes) (T, error)) ([]T, error) {
	found := make(map[string]attributes, len(ids)) // by partition key
	var keys []attributes
	asked := map[string]bool{}
	for _, id := range ids {
		if id != "" && !asked[id] { // a batch must not name a key twice
			asked[id] = true
			keys = append(keys, keyAttributes(keyOf(id)))
		}
	}
	for len(keys) > 0 {
		n := min(batchKeys, len(keys))
		if err := t.readBatch(ctx, types.KeysAndAttributes{Keys: keys[:n]}, found); err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	out := make([]T, 0, len(found))
	for _, id := range ids {
		pk, _ := keyOf(id).pair()
		if item, ok := found[pk]; ok {
			content, err := read(item)
			if err != nil {
				return nil, err
			}
			out = append(out, content)
		}
	}
	return out, nil
}

// readBatch reads at most 100 items, each of a partition of its own, asking
// again in the same way for those that were left out.
func (t *Table) readBatch(ctx context.Context, asked types.KeysAndAttributes, found map[string]attributes) error {
	for try := 1; ; {
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{t.name: asked},
		})
		if err != nil {
			return unavailable(err)
		}
		for _, item := range out.Responses[t.name] {
			found[getText(item, schema.PK)] = item
		}
		left := out.UnprocessedKeys[t.name].Keys
		if len(left) == 0 {
			return nil
		}
		if len(left) < len(asked.Keys) { // 16 MB are the most of a call: not throttled
			try = 1
		} else if try++; try > batchTries {
			return lead.Errorf(lead.Unavailable, "the store is busy: try again")
		}
		asked.Keys = left
		if err := pace.Pause(ctx, client.Backoff(try)); err != nil {
			return unavailable(err)
		}
	}
}

// query reads the items of a query from all its pages, at most limit of them
// where limit is not 0.
func (t *Table) query(ctx context.Context, in *dynamodb.QueryInput, limit int) ([]attributes, error) {
	in.TableName = &t.name
	var items []attributes
	for {
		if limit > 0 {
			in.Limit = aws.Int32(int32(limit - len(items)))
		}
		out, err := t.client.Query(ctx, in)
		if err != nil {
			return nil, unavailable(err)
		}
		items = append(items, out.Items...)
		if len(out.LastEvaluatedKey) == 0 || limit > 0 && len(items) >= limit {
			return items, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
