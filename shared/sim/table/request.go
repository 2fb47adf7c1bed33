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
	hasKey       bool
	hasItem      bool
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
	flaw               *fault // of the item of a put in a transaction
}

// reset empties the request but keeps its memory.
func (q *request) reset(operation string) {
	x, key, item, start := q.expressions, q.key[:0], q.item[:0], q.start[:0]
	x.reset()
	*q = request{expressions: x, operation: operation, key: key, item: item, start: start}
}

// members of requests, by what they are part of. What is not listed is not
// modelled, and refused rather than ignored.
const (
	ofGet = 1 << iota
	ofPut
	ofUpdate
	ofDelete
	ofCheck
	ofQuery
	ofSingle // not within a transaction
	ofTransaction
	ofWrites = ofPut | ofUpdate | ofDelete | ofCheck
)

var memberOf = map[string]int{
	"TableName":                           ofGet | ofWrites | ofQuery,
	"Key":                                 ofGet | ofUpdate | ofDelete | ofCheck,
	"Item":                                ofPut,
	"ConditionExpression":                 ofWrites,
	"UpdateExpression":                    ofUpdate,
	"KeyConditionExpression":              ofQuery,
	"ExpressionAttributeNames":            ofWrites | ofQuery,
	"ExpressionAttributeValues":           ofWrites | ofQuery,
	"ReturnValues":                        ofSingle,
	"ReturnValuesOnConditionCheckFailure": ofWrites,
	"ConsistentRead":                      ofGet | ofQuery,
	"IndexName":                           ofQuery,
	"Limit":                               ofQuery,
	"ScanIndexForward":                    ofQuery,
	"ExclusiveStartKey":                   ofQuery,
	"ReturnConsumedCapacity":              ofGet | ofQuery | ofSingle,
	"ReturnItemCollectionMetrics":         ofSingle,
}

// read reads the request as a part of what it belongs to.
func (q *request) read(r *reader, part int) {
	r.object(func(name []byte) {
		if memberOf[string(name)]&part == 0 {
			r.fail(invalid("the parameter %s is not modelled here", name))
			return
		}
		if !r.literal("null") {
			q.member(r, string(name))
		}
	})
	if r.fault == nil && len(q.table) == 0 {
		r.fail(invalid("1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"))
	}
}

func (q *request) member(r *reader, name string) {
	switch name {
	case "TableName":
		q.table = r.text()
	case "Key":
		q.key, q.hasKey = r.fields(q.key, 0), true
	case "Item":
		q.item, q.hasItem = r.fields(q.item, 0), true
	case "ConditionExpression":
		q.condition = r.expression()
	case "UpdateExpression":
		q.update = r.expression()
	case "KeyConditionExpression":
		q.keyCondition = r.expression()
	case "ExpressionAttributeNames":
		q.hasNames = true
		r.object(func(placeholder []byte) { q.names = append(q.names, pair{placeholder, r.text()}) })
	case "ExpressionAttributeValues":
		q.values, q.hasValues = r.fields(q.values, 0), true
	case "ReturnValues":
		q.returns = r.choice("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
	case "ReturnValuesOnConditionCheckFailure":
		q.returnsFailed = r.choice("NONE", "ALL_OLD")
	case "ConsistentRead":
		q.consistent = r.boolean()
	case "IndexName":
		q.index = r.text()
	case "Limit":
		q.limit, q.hasLimit = r.integer(), true
	case "ScanIndexForward":
		q.backward = !r.boolean()
	case "ExclusiveStartKey":
		q.start, q.hasStart = r.fields(q.start, 0), true
	case "ReturnConsumedCapacity", "ReturnItemCollectionMetrics":
		r.choice("NONE")
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
	var f *fault
	if q.cond, f = q.bind(c, q.condition, false); f != nil {
		return f
	}
	if q.change, f = q.bind(c, q.update, true); f != nil {
		return f
	}
	if f = q.finish(q.condition != nil || q.update != nil); f != nil {
		return f
	}
	if q.cond.e != nil {
		if f = q.cond.check(q.cond.e.cond); f != nil {
			return f
		}
	}
	if q.change.e != nil {
		if f = q.change.checkUpdate(); f != nil {
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
	if q.operation == opPut {
		return q.locateItem()
	}
	if len(q.key) != 2 || string(q.key[0].name) != schema.PK || string(q.key[1].name) != schema.SK ||
		q.key[0].value.kind != textKind || q.key[1].value.kind != textKind {
		return invalid("The provided key element does not match the schema")
	}
	return q.setKey(q.key[0].value, q.key[1].value)
}

func (q *request) locateItem() *fault {
	pk, sk := fieldOf(q.item, schema.PK), fieldOf(q.item, schema.SK)
	if pk.kind != textKind || sk.kind != textKind {
		return invalid("One or more parameter values were invalid: Missing a key in the item, or type mismatch for key")
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
	case len(q.pk) > mostPK:
		return invalid("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of 2048 bytes")
	case len(q.sk) > mostSK:
		return invalid("One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}
