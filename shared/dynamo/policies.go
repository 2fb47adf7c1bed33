package dynamo

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/policy"
	"sluice/shared/schema"
)

// MaxPolicy is the largest policy kept, in bytes: its document, and its source
// again. An item of the table holds no more than 400 KB.
const MaxPolicy = 350 << 10

// bodyAttr holds a policy's document and source, gzipped JSON.
const bodyAttr = "body"

// policyBody is the large part of a record; the rest is the item's doc.
type policyBody struct {
	Document json.RawMessage `json:"document,omitempty"`
	Source   string          `json:"source,omitempty"`
}

// CurrentPolicy returns the current version, and its document unless it is the
// version known to the caller; NotFound before the first.
func (t *Table) CurrentPolicy(ctx context.Context, known int) (policy.Record, error) {
	item, err := t.mustGet(ctx, keyOfCurrentPolicy(), "policy")
	if err != nil {
		return policy.Record{}, err
	}
	version := int(getNumber(item, schema.Version))
	if version == known {
		return policy.Record{Version: version}, nil
	}
	return t.Policy(ctx, version)
}

// Policy reads a version with its document; NotFound where there is none.
func (t *Table) Policy(ctx context.Context, version int) (policy.Record, error) {
	item, err := t.mustGet(ctx, keyOfPolicy(version), "version of the policy")
	if err != nil {
		return policy.Record{}, err
	}
	record, err := decode[policy.Record](item)
	if err != nil {
		return policy.Record{}, err
	}
	body, err := unzip[policyBody](getBinary(item, bodyAttr))
	if err != nil {
		return policy.Record{}, &lead.Error{Kind: lead.Unavailable, Text: "the stored policy cannot be read",
			Cause: fmt.Errorf("read policy version %d: %w", version, err)}
	}
	record.Document, record.Source = body.Document, body.Source
	return record, nil
}

// Policies lists versions, newest first, without their documents.
func (t *Table) Policies(ctx context.Context, p lead.Page) ([]policy.Record, string, error) {
	const list = "policies"
	from, err := readCursor(list, policyPrefix, p.Cursor)
	if err != nil {
		return nil, "", err
	}
	in := between(policyPartition, policyPrefix, cmp.Or(from, policyPrefix+last))
	in.ScanIndexForward = aws.Bool(false)
	return page[policy.Record](ctx, t, in, list, p.Limit)
}

// PutPolicy adds a version and makes it current in one step; Conflict where
// Record.Version-1 is not current. A document or source of more than
// [MaxPolicy] is Invalid.
func (t *Table) PutPolicy(ctx context.Context, r policy.Record) error {
	if r.Version < 1 {
		return lead.Errorf(lead.Invalid, "a policy's versions count from 1")
	}
	item, err := policyItem(r)
	if err != nil {
		return err
	}
	current := keyAttributes(keyOfCurrentPolicy())
	current[schema.Version] = number(r.Version)
	_, err = t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: []types.TransactWriteItem{t.put(item, newExpression()), t.put(current, at(r.Version))},
	})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		return &lead.Error{Kind: lead.Conflict, Text: "another version of the policy was applied meanwhile: look at it first",
			Cause: errors.New(err.Error())}
	}
	return unavailable(err)
}

func policyItem(r policy.Record) (attributes, error) {
	tooLarge := lead.Errorf(lead.Invalid, "the policy is larger than %d KB", MaxPolicy>>10)
	if len(r.Document) > MaxPolicy || len(r.Source) > MaxPolicy {
		return nil, tooLarge
	}
	body, err := zip(policyBody{Document: r.Document, Source: r.Source})
	if err != nil {
		return nil, &lead.Error{Kind: lead.Invalid, Text: "the policy cannot be encoded", Cause: err}
	}
	r.Document, r.Source = nil, ""
	item, err := newItem(keyOfPolicy(r.Version), r)
	if err != nil {
		return nil, err
	}
	item[bodyAttr] = binary(body)
	if sizeOf(item) > maxItem {
		return nil, tooLarge
	}
	return item, nil
}

// A gzip.Writer has 800 KB of tables, a Reader 40 KB: they are used again.
var (
	writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	readers = sync.Pool{New: func() any { return new(gzip.Reader) }}
)

func zip(body any) ([]byte, error) {
	w := writers.Get().(*gzip.Writer)
	defer writers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	err := errors.Join(json.NewEncoder(w).Encode(body), w.Close())
	return out.Bytes(), err
}

func unzip[T any](data []byte) (T, error) {
	r := readers.Get().(*gzip.Reader)
	defer readers.Put(r)
	var body T
	if err := r.Reset(bytes.NewReader(data)); err != nil {
		return body, err
	}
	err := json.NewDecoder(io.LimitReader(r, 3*MaxPolicy)).Decode(&body)
	return body, err
}
