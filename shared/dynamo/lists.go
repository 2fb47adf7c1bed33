package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/schema"
)

// The numbers of items in a page: where none is given, and at most.
const (
	pageDefault = 50
	pageMost    = 1000
)

// Due lists leads of one shard, 0 to schema.DueShards-1, whose deadline is at or
// before until, the most overdue first; more says that the limit cut the list.
func (t *Table) Due(ctx context.Context, shard int, until time.Time, limit int) (ids []string, more bool, err error) {
	limit = pageSize(limit)
	// "$" follows "#", which ends the moment in the index.
	in := within(dueIndex(), strconv.Itoa(shard), "", stamp(until)+"$")
	items, err := t.query(ctx, in, limit+1)
	if err != nil {
		return nil, false, err
	}
	more = len(items) > limit
	for _, item := range items[:min(limit, len(items))] {
		ids = append(ids, idIn(item))
	}
	return ids, more, nil
}

// Inbox lists what a rep holds, best grade first, oldest period first within.
func (t *Table) Inbox(ctx context.Context, rep string, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, []string{inboxOf(rep)}, p)
}

// Pool lists what rests in a pool, best grade first, oldest lead first within.
func (t *Table) Pool(ctx context.Context, pool string, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, shards(poolOf(pool)), p)
}

// Triage lists what waits for a team's dispatcher, in the order of a pool.
func (t *Table) Triage(ctx context.Context, team string, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, shards(triageOf(team)), p)
}

// Quarantine lists submissions in quarantine, oldest first.
func (t *Table) Quarantine(ctx context.Context, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, shards(quarantine), p)
}

func shards(prefix string) []string {
	all := make([]string, schema.HolderShards)
	for i := range all {
		all[i] = prefix + strconv.Itoa(i)
	}
	return all
}

// held lists the partitions of one list merged. All of them are asked for what
// follows the last item of the page before: an item's place does not depend on
// its shard, so none is listed twice and none left out.
func (t *Table) held(ctx context.Context, partitions []string, p lead.Page) (ids []string, next string, err error) {
	list := "held " + partitions[0]
	after, err := readCursor(list, "", p.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(p.Limit)
	found := make([][]attributes, len(partitions))
	faults := make([]error, len(partitions))
	pace.Each(ctx, len(partitions), len(partitions), func(i int) {
		found[i], faults[i] = t.query(ctx, within(heldIndex(), partitions[i], after, ""), limit+1)
	})
	for _, err := range faults {
		if err != nil {
			return nil, "", err
		}
	}
	items := slices.Concat(found...)
	slices.SortFunc(items, func(a, b attributes) int {
		return strings.Compare(getText(a, schema.HeldAt), getText(b, schema.HeldAt))
	})
	if len(items) > limit {
		items = items[:limit]
		next = newCursor(list, getText(items[limit-1], schema.HeldAt))
	}
	for _, item := range items {
		ids = append(ids, idIn(item))
	}
	return ids, next, nil
}

// within queries one partition of an index for what sorts after one mark and
// before another; an empty mark is no bound.
func within(index index, partition, after, before string) *dynamodb.QueryInput {
	x := newExpression()
	cond := x.name(index.partition) + " = " + x.value(text(partition))
	switch {
	case after != "":
		cond += " AND " + x.name(index.sort) + " > " + x.value(text(after))
	case before != "":
		cond += " AND " + x.name(index.sort) + " < " + x.value(text(before))
	}
	return &dynamodb.QueryInput{
		IndexName:                 aws.String(index.name),
		KeyConditionExpression:    &cond,
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
	}
}

// History lists a lead's entries strongly, oldest first.
func (t *Table) History(ctx context.Context, id string, p lead.Page) ([]lead.Entry, string, error) {
	list := "history " + id
	after, err := readCursor(list, schema.HistoryPrefix, p.Cursor)
	if err != nil {
		return nil, "", err
	}
	pk, first := keyOfEntry(id, 0).pair()
	limit := pageSize(p.Limit)
	// "#" makes it sort behind the last entry listed and before the next one.
	items, err := t.query(ctx, between(pk, max(after, first)+"#", schema.HistoryPrefix+last), limit+1)
	if err != nil {
		return nil, "", err
	}
	var next string
	if len(items) > limit {
		items = items[:limit]
		next = newCursor(list, getText(items[limit-1], schema.SK))
	}
	entries := make([]lead.Entry, len(items))
	for i, item := range items {
		if entries[i], err = decode[lead.Entry](item); err != nil {
			return nil, "", err
		}
	}
	return entries, next, nil
}

// last sorts behind everything that follows a prefix.
const last = "~"

// between queries a partition of the table strongly for sort keys from one to
// another, both included.
func between(pk, from, to string) *dynamodb.QueryInput {
	x := newExpression()
	cond := x.name(schema.PK) + " = " + x.value(text(pk)) + " AND " +
		x.name(schema.SK) + " BETWEEN " + x.value(text(from)) + " AND " + x.value(text(to))
	return &dynamodb.QueryInput{
		KeyConditionExpression:    &cond,
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
		ConsistentRead:            aws.Bool(true),
	}
}

// partition queries all of a partition of the table strongly.
func partition(pk string) *dynamodb.QueryInput {
	x := newExpression()
	cond := x.name(schema.PK) + " = " + x.value(text(pk))
	return &dynamodb.QueryInput{
		KeyConditionExpression:    &cond,
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
		ConsistentRead:            aws.Bool(true),
	}
}

func pageSize(limit int) int {
	if limit <= 0 {
		return pageDefault
	}
	return min(limit, pageMost)
}

// cursor is the mark behind an opaque cursor: the list it belongs to and the
// sort key of the last item listed.
type cursor struct {
	List  string `json:"l"`
	After string `json:"a"`
}

func newCursor(list, after string) string {
	mark, _ := json.Marshal(cursor{list, after}) // two strings
	return base64.RawURLEncoding.EncodeToString(mark)
}

// readCursor returns the sort key to go on after, which starts with prefix. A
// cursor of another list, or none that was given out, is Invalid.
func readCursor(list, prefix, given string) (after string, err error) {
	if given == "" {
		return "", nil
	}
	mark, err := base64.RawURLEncoding.Strict().DecodeString(given)
	var c cursor
	if err == nil {
		err = json.Unmarshal(mark, &c)
	}
	known := err == nil && c.List == list && newCursor(list, c.After) == given
	if !known || c.After <= prefix || c.After >= prefix+last {
		return "", &lead.Error{Kind: lead.Invalid, Field: "cursor", Text: "the cursor is not one of this list: start again without it"}
	}
	return c.After, nil
}
