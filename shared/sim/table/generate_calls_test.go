package table_test

import (
	"strings"

	"pgregory.net/rapid"
)

// finish adds the names and values that the expressions use.
func (d *draw) finish(body object) {
	if d.oneIn(60, "unused") {
		d.names["#unused"] = "unused"
	}
	if d.oneIn(60, "unused value") {
		d.values[":unused"] = object{"S": "unused"}
	}
	_, conditional := body["ConditionExpression"]
	if len(d.names) > 0 || conditional && d.oneIn(80, "empty names") {
		body["ExpressionAttributeNames"] = d.names
	}
	if len(d.values) > 0 || conditional && d.oneIn(80, "empty values") {
		body["ExpressionAttributeValues"] = d.values
	}
}

func newDraw(t *rapid.T) *draw {
	return &draw{t: t, names: map[string]string{}, values: map[string]any{}}
}

// write is a write, on its own or as a part of a transaction.
func write(t *rapid.T, operation string) object {
	d := newDraw(t)
	body := object{"TableName": "TABLE"}
	if operation == "Put" {
		body["Item"] = d.item()
	} else {
		body["Key"] = d.key()
	}
	if operation == "ConditionCheck" || d.oneIn(2, "condition") {
		body["ConditionExpression"] = d.spoil(d.condition(0))
	}
	if operation == "Update" && !d.oneIn(40, "no update") {
		body["UpdateExpression"] = d.spoil(d.update())
	}
	if d.oneIn(2, "return on failure") {
		body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
	}
	d.finish(body)
	return body
}

func anyCall() *rapid.Generator[call] {
	return rapid.Custom(func(t *rapid.T) call {
		d := newDraw(t)
		switch d.n(16, "operation") {
		case 0, 1, 2:
			body := write(t, "Put")
			if d.oneIn(3, "return") {
				body["ReturnValues"] = d.pick("NONE", "ALL_OLD", "ALL_OLD", "ALL_NEW")
			}
			return call{"PutItem", text(body)}
		case 3, 4, 5, 6:
			body := write(t, "Update")
			if d.n(3, "return") > 0 {
				returns := []string{"NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}
				if update, _ := body["UpdateExpression"].(string); strings.Contains(update, "[") {
					returns = returns[:3] // of lists the others are not modelled
				}
				body["ReturnValues"] = d.pick(returns...)
			}
			return call{"UpdateItem", text(body)}
		case 7:
			body := write(t, "Delete")
			if d.oneIn(2, "return") {
				body["ReturnValues"] = "ALL_OLD"
			}
			return call{"DeleteItem", text(body)}
		case 8:
			return call{"GetItem", text(object{"TableName": "TABLE", "Key": d.key(), "ConsistentRead": d.oneIn(2, "consistent")})}
		case 9:
			keys := []any{d.key()}
			for d.oneIn(2, "more") {
				keys = append(keys, d.key())
			}
			return call{"BatchGetItem", text(object{"RequestItems": object{"TABLE": object{"Keys": keys}}})}
		case 10, 11, 12:
			return query(t)
		}
		return transaction(t)
	})
}

func transaction(t *rapid.T) call {
	d := newDraw(t)
	var items []any
	for len(items) == 0 || d.n(3, "more") > 0 {
		operation := d.pick("Put", "Put", "Update", "Update", "Delete", "ConditionCheck")
		items = append(items, object{operation: write(t, operation)})
	}
	body := object{"TransactItems": items}
	if d.oneIn(3, "token") {
		body["ClientRequestToken"] = "§" + d.pick("t1", "t2")
	}
	return call{"TransactWriteItems", text(body)}
}

func query(t *rapid.T) call {
	d := newDraw(t)
	body := object{"TableName": "TABLE"}
	hash, sort := "pk", "sk"
	partition := d.pick("§a", "§b", "§c")
	switch d.n(3, "index") {
	case 0:
		body["IndexName"], hash, sort, partition = "due", "dueShard", "dueAt", d.pick("§0", "§1")
	case 1:
		body["IndexName"], hash, sort, partition = "held", "holder", "heldAt", "§h"
	}
	if d.oneIn(60, "odd index") {
		body["IndexName"] = "none"
	}
	cond := d.name(hash) + " = " + d.bind(object{"S": partition})
	mark := func() string { return d.bind(object{"S": d.pick("0", "1", "2", "21", "3", "4", "1a1", "3b2")}) }
	at := d.name(sort)
	if d.oneIn(30, "odd mark") {
		mark = func() string { return d.bind(d.value(1)) }
	}
	switch d.n(6, "range") {
	case 0:
		cond += " AND " + at + d.pick(" = ", " < ", " <= ", " > ", " >= ") + mark()
	case 1:
		cond += " and " + at + " BETWEEN " + mark() + " AND " + mark()
	case 2:
		cond = "begins_with(" + at + ", " + mark() + ") AND " + cond
	case 3:
		if d.oneIn(8, "odd condition") {
			cond = d.pick(at+" = "+mark(), cond+" OR "+at+" = "+mark(), "NOT "+cond, cond+" AND "+at+" <> "+mark(), cond+" AND "+cond,
				"("+cond+") AND ("+at+" = "+mark()+")", cond+" AND "+at+" = "+mark()+" AND "+at+" > "+mark(), mark()+" = "+at+" AND "+cond, cond+" AND attribute_exists("+at+")")
		}
	}
	if d.oneIn(2, "limit") {
		body["Limit"] = d.n(4, "limit")
		if body["Limit"] == 0 && !d.oneIn(10, "no limit") {
			body["Limit"] = 1
		}
	}
	if d.oneIn(2, "direction") {
		body["ScanIndexForward"] = d.oneIn(2, "forward")
	}
	if d.oneIn(4, "consistent") {
		body["ConsistentRead"] = true
	}
	if d.oneIn(6, "start") {
		start := d.key()
		if body["IndexName"] != nil && !d.oneIn(4, "short start") {
			start[hash], start[sort] = object{"S": partition}, object{"S": d.pick("1", "2", "3", "1a1")}
		}
		body["ExclusiveStartKey"] = start
	}
	body["KeyConditionExpression"] = d.spoil(cond)
	d.finish(body)
	return call{"Query", text(body)}
}
