package table

import "sluice/shared/schema"

// Operations as they are told to [Options.Relax].
const (
	opPut    = "Put"
	opUpdate = "Update"
	opDelete = "Delete"
	opCheck  = "ConditionCheck"
)

// request is a request for one item or one query, read from the wire. Its
// slices may be parts of the request's bytes.
type request struct {
	expressions
	operation    string // of a write
	table, index []byte
	key, item    []field
	start        []field // of a query, with hasStart
	hasStart     bool

	condition, update, keyCondition []byte // nil where absent

	returns       []byte // ReturnValues
	returnsFailed []byte // ReturnValuesOnConditionCheckFailure
	consistent    bool
	backward      bool
	limit         int
	hasLimit      bool

	cond, change, keys binding
	pk, sk             []byte // of the item that is read or written
	flaw               *fault // of the key or the item of a write in a transaction
}

// reset empties the request but keeps its memory.
func (q *request) reset(operation string) {
	*q = request{
		operation: operation, expressions: q.expressions.emptied(),
		key: q.key[:0], item: q.item[:0], start: q.start[:0],
		cond: q.cond.emptied(), change: q.change.emptied(), keys: q.keys.emptied(),
	}
}

// What a request is part of, for the members that it may have.
const (
	ofGet = 1 << iota
	ofPut
	ofUpdate
	ofDelete
	ofCheck
	ofQuery
	ofSingle // not within a transaction
	ofWrites = ofPut | ofUpdate | ofDelete | ofCheck
)

// members are those that are modelled. Others are refused rather than ignored.
var members = map[string]struct {
	of   int
	read func(q *request, r *reader)
}{
	"TableName": {ofGet | ofWrites | ofQuery, func(q *request, r *reader) { q.table = r.text() }},
	"Key":       {ofGet | ofUpdate | ofDelete | ofCheck, func(q *request, r *reader) { q.key = r.fields(q.key, 0) }},
	"Item":      {ofPut, func(q *request, r *reader) { q.item = r.fields(q.item, 0) }},

	"ConditionExpression":    {ofWrites, func(q *request, r *reader) { q.condition = r.expression() }},
	"UpdateExpression":       {ofUpdate, func(q *request, r *reader) { q.update = r.expression() }},
	"KeyConditionExpression": {ofQuery, func(q *request, r *reader) { q.keyCondition = r.expression() }},
	"ExpressionAttributeNames": {ofWrites | ofQuery, func(q *request, r *reader) {
		q.hasNames = true
		r.object(func(placeholder []byte) { q.names = append(q.names, pair{placeholder, r.text()}) })
	}},
	"ExpressionAttributeValues": {ofWrites | ofQuery, func(q *request, r *reader) {
		q.values, q.hasValues = r.fields(q.values, 0), true
	}},

	"ReturnValues": {ofSingle, func(q *request, r *reader) {
		q.returns = r.choice("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
	}},
	"ReturnValuesOnConditionCheckFailure": {ofWrites, func(q *request, r *reader) { q.returnsFailed = r.choice("NONE", "ALL_OLD") }},
	"ReturnConsumedCapacity":              {ofGet | ofQuery | ofSingle, func(_ *request, r *reader) { r.choice("NONE") }},
	"ReturnItemCollectionMetrics":         {ofSingle, func(_ *request, r *reader) { r.choice("NONE") }},

	"ConsistentRead":   {ofGet | ofQuery, func(q *request, r *reader) { q.consistent = r.boolean() }},
	"IndexName":        {ofQuery, func(q *request, r *reader) { q.index = r.text() }},
	"Limit":            {ofQuery, func(q *request, r *reader) { q.limit, q.hasLimit = r.integer(), true }},
	"ScanIndexForward": {ofQuery, func(q *request, r *reader) { q.backward = !r.boolean() }},
	"ExclusiveStartKey": {ofQuery, func(q *request, r *reader) {
		q.start, q.hasStart = r.fields(q.start, 0), true
	}},
}

// read reads the request as a part of what it belongs to.
func (q *request) read(r *reader, part int) {
	r.object(func(name []byte) {
		m := members[string(name)]
		if m.of&part == 0 {
			r.fail(invalid("the parameter %s is not modelled here", name))
			return
		}
		if !r.literal("null") {
			m.read(q, r)
		}
	})
	if r.fault == nil && len(q.table) == 0 {
		r.fail(invalid("1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"))
	}
}

// expression reads an expression's text; it is never nil.
func (r *reader) expression() []byte {
	if text := r.text(); text != nil {
		return text
	}
	return []byte{}
}

func (r *reader) choice(words ...string) []byte {
	text := r.text()
	for _, word := range words {
		if string(text) == word {
			return text
		}
	}
	r.fail(invalid("1 validation error detected: Value '%s' failed to satisfy constraint: Member must satisfy enum value set: %v", text, words))
	return nil
}

// prepare checks all of a write that can be checked without the table.
func (q *request) prepare(c *cache) *fault {
	q.begin()
	if f := q.bind(c, &q.cond, q.condition, false); f != nil {
		return f
	}
	if f := q.bind(c, &q.change, q.update, true); f != nil {
		return f
	}
	if f := q.finish(q.condition != nil || q.update != nil); f != nil {
		return f
	}
	if q.cond.e != nil {
		if f := q.cond.check(q.cond.e.cond); f != nil {
			return f
		}
	}
	if q.change.e != nil {
		if f := q.change.checkUpdate(); f != nil {
			return f
		}
	}
	return nil
}

// Limits of the service, in bytes.
const (
	mostPK   = 2048
	mostSK   = 1024
	mostItem = 400 << 10
)

// locate finds the key of the item that is read or written.
func (q *request) locate() *fault {
	fields := q.key
	if q.operation == opPut {
		fields = q.item
	}
	pk, sk := fieldOf(fields, schema.PK), fieldOf(fields, schema.SK)
	switch {
	case q.operation == opPut && (pk.kind == 0 || sk.kind == 0):
		return invalid("One or more parameter values were invalid: Missing a key in the item")
	case q.operation != opPut && (len(fields) != 2 || pk.kind == 0 || sk.kind == 0):
		return invalid("The provided key element does not match the schema")
	case pk.kind != textKind || sk.kind != textKind:
		f := invalid("One or more parameter values were invalid: Type mismatch for key")
		f.ofWrite = true
		return f
	}
	return q.setKey(pk, sk)
}

func fieldOf(fields []field, name string) value {
	for _, f := range fields {
		if string(f.name) == name {
			return f.value
		}
	}
	return value{}
}

func (q *request) setKey(pk, sk value) *fault {
	q.pk, q.sk = pk.text(), sk.text()
	switch {
	case len(q.pk) == 0 || len(q.sk) == 0:
		return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value")
	case len(q.pk) > mostPK || len(q.sk) > mostSK:
		f := invalid("Hash primary key values must be under 2048 bytes, and range primary key values must be under 1024 bytes")
		f.ofWrite = true
		return f
	}
	return nil
}
