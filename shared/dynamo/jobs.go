package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// PutJob writes a job whose Version is one more than the stored one's, 1 for a
// new one; Conflict where it is not: somebody else works on it.
func (t *Table) PutJob(ctx context.Context, j lead.Job) error {
	item, err := newItem(keyOfJob(j.ID), j)
	if err != nil {
		return err
	}
	if !j.Next.IsZero() {
		dueIndex().enter(item, dueJobs, stamp(j.Next)+"#"+j.ID)
	}
	return t.putVersion(ctx, item, j.Version)
}

// putVersion writes an item whose version is one more than the stored one's;
// Conflict where it is not.
func (t *Table) putVersion(ctx context.Context, item attributes, version int) error {
	item[schema.Version] = number(version)
	x := at(version)
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                 &t.name,
		Item:                      item,
		ConditionExpression:       x.condition(),
		ExpressionAttributeNames:  x.namesOrNil(),
		ExpressionAttributeValues: x.valuesOrNil(),
	})
	if refused(err) {
		return lead.Errorf(lead.Conflict, "it has moved on meanwhile: read it again")
	}
	return unavailable(err)
}

// Job reads a job strongly; NotFound where there is none.
func (t *Table) Job(ctx context.Context, id string) (lead.Job, error) {
	item, err := t.mustGet(ctx, keyOfJob(id), "job")
	if err != nil {
		return lead.Job{}, err
	}
	return decode[lead.Job](item)
}

// Jobs lists jobs, the newest first.
func (t *Table) Jobs(ctx context.Context, p lead.Page) ([]lead.Job, string, error) {
	const list = "jobs"
	before, err := readCursor(list, "", p.Cursor)
	if err != nil {
		return nil, "", err
	}
	in := partition(jobPartition)
	if before != "" {
		x := newExpression()
		cond := x.name(schema.PK) + " = " + x.value(text(jobPartition)) + " AND " + x.name(schema.SK) + " < " + x.value(text(before))
		in.KeyConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues = &cond, x.names, x.values
	}
	in.ScanIndexForward = aws.Bool(false)
	limit := pageSize(p.Limit)
	items, err := t.query(ctx, in, limit+1)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(items) > limit {
		items = items[:limit]
		next = newCursor(list, getText(items[limit-1], schema.SK))
	}
	jobs := make([]lead.Job, len(items))
	for i, item := range items {
		if jobs[i], err = decode[lead.Job](item); err != nil {
			return nil, "", err
		}
	}
	return jobs, next, nil
}

// OpenJobs lists the ids of jobs that are to be worked on at or before a moment,
// the longest waiting first.
func (t *Table) OpenJobs(ctx context.Context, until time.Time, limit int) ([]string, error) {
	items, err := t.query(ctx, within(dueIndex(), dueJobs, "", stamp(until)+"$"), pageSize(limit))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = getText(item, schema.SK)
	}
	return ids, nil
}
