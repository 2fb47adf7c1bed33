package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"sluice/shared/dial"
	"sluice/shared/lead"
	"sluice/shared/schema"
)

// List lists what is on a call list and was not dialled yet, in the order of a pool.
func (t *Table) List(ctx context.Context, list string, p lead.Page) (ids []string, cursor string, err error) {
	return t.held(ctx, shards(callListOf(list)), p)
}

// Figures reads what was measured of a call list, strongly, with its version; none
// and version 0 of a list that nobody has dialled.
func (t *Table) Figures(ctx context.Context, list string) (f dial.Figures, version int, err error) {
	item, err := t.get(ctx, keyOfCallList(list))
	if err != nil || item == nil {
		return f, 0, err
	}
	f, err = decode[dial.Figures](item)
	return f, int(getNumber(item, schema.Version)), err
}

// PutFigures writes what was measured of a call list under a version, which is one
// more than the stored one; Conflict where it is not.
func (t *Table) PutFigures(ctx context.Context, list string, version int, f dial.Figures) error {
	item, err := newItem(keyOfCallList(list), f)
	if err != nil {
		return err
	}
	return t.putVersion(ctx, item, version)
}

// Secret reads a sealed secret strongly; NotFound where there is none.
func (t *Table) Secret(ctx context.Context, name string) (lead.Sealed, error) {
	item, err := t.mustGet(ctx, keyOfSecret(name), "secret")
	return getBinary(item, rawAttr), err
}

// PutSecret keeps a sealed secret under a name, in the place of the one before.
func (t *Table) PutSecret(ctx context.Context, name string, sealed lead.Sealed) error {
	item := keyAttributes(keyOfSecret(name))
	item[rawAttr] = binary(sealed)
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: item})
	return unavailable(err)
}
