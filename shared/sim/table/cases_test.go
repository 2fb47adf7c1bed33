package table_test

import (
	"fmt"
	"strings"
	"testing"

	"sluice/shared/sim/table"
)

// list and map of the item that the cases below change.
const changed = `"l":{"L":[{"N":"1"},{"N":"2"},{"N":"3"},{"M":{"x":{"N":"1"},"y":{"N":"2"}}}]},"m":{"M":{"x":{"N":"1"},"y":{"L":[{"N":"1"},{"N":"2"}]},"z":{"M":{"q":{"N":"1"},"r":{"N":"1"}}}}}`

// cases are requests that chance seldom makes.
func cases() []call {
	var all []call
	add := func(operation, body string, args ...any) {
		all = append(all, call{operation, `{"TableName":"TABLE",` + fmt.Sprintf(body, args...) + `}`})
	}
	transact := func(writes ...string) {
		all = append(all, call{"TransactWriteItems", `{"TransactItems":[` + strings.Join(writes, ",") + `]}`})
	}
	key := func(sk string) string { return `"Key":{"pk":{"S":"§a"},"sk":{"S":"` + sk + `"}}` }
	item := func(sk, more string) string {
		return `"Item":{"pk":{"S":"§a"},"sk":{"S":"` + sk + `"}` + more + `}`
	}

	// Nested updates, each of the same item, and what they return.
	for _, update := range []string{
		"SET l[0] = :v", "SET l[2] = :v, l[0] = :v", "SET l[7] = :v, l[0] = :v", "SET l[9] = :v, l[5] = l[0]", "REMOVE l[0]", "REMOVE l[1], l[2] SET l[3] = :v",
		"REMOVE l[0] SET l[1] = :v", "SET l[3].x = :v", "SET l[3].x.y = :v", "SET l[4].x = :v", "SET m.y[1] = :v", "REMOVE m.y[0]", "ADD l[9] :v", "ADD l[0] :v",
		"SET l[9] = l[0] + :v REMOVE l[0], l[8]", "SET l = list_append(l, l), m.x = :v", "SET m.y = list_append(m.y, l)", "SET l = list_append(l, m)",
		"SET m[0] = :v", "SET l.x = :v", "SET m.x = :v, m.y[0] = :v", "SET m = :v, m.x = :v", "SET m.x = :v REMOVE m[1]", "SET m.x = :v, m.x = :v", "ADD m :v", "SET l = if_not_exists(l, :v) + :v", "SET s = if_not_exists(l, k)", "SET s = if_not_exists(k, m.y)",
	} {
		add("PutItem", "%s", item("1", ","+changed))
		values := ""
		if strings.Contains(update, ":v") {
			values = `"ExpressionAttributeValues":{":v":{"N":"9"}},`
		}
		add("UpdateItem", `%s,%s"UpdateExpression":"%s","ReturnValues":"ALL_NEW"`, key("1"), values, update)
	}
	for _, update := range []string{"SET m.x = :v, m.z.q = :v", "REMOVE m.x SET m.z.q = :v, m.zz = :v", "ADD m.x :v", "SET n = :v REMOVE m.x, s"} {
		for _, returns := range []string{"UPDATED_OLD", "UPDATED_NEW"} {
			add("PutItem", "%s", item("1", ","+changed))
			add("UpdateItem", `%s,"ExpressionAttributeValues":{":v":{"N":"9"}},"UpdateExpression":"%s","ReturnValues":"%s"`, key("1"), update, returns)
		}
	}
	// Numbers at their limits.
	for _, v := range []string{"9e125", "9.99e125", "1e126", "1e-130", "1e-131", "12345678901234567890123456789012345678", "123456789012345678901234567890123456789"} {
		add("UpdateItem", `%s,"UpdateExpression":"SET n = :v","ExpressionAttributeValues":{":v":{"N":"%s"}},"ReturnValues":"ALL_NEW"`, key("n"), v)
		for _, more := range []string{"0.5", "9e125", "-1"} {
			add("UpdateItem", `%s,"UpdateExpression":"SET n = n + :v","ExpressionAttributeValues":{":v":{"N":"%s"}},"ReturnValues":"ALL_NEW"`, key("n"), more)
		}
	}
	// Conditions without an item, and with values alone.
	for _, condition := range []string{":v = :v", ":v = :w", ":v < :w", "size(pk) = size(pk)", "pk = pk", "contains(:v, :w)", "begins_with(:v, :w)", ":v BETWEEN :w AND :v", "pk IN (pk)", "attribute_exists(:v)", "size(:v) > :w", "size(size(pk)) > :v AND pk = :w", "size(:n) > :n"} {
		values := object{}
		for at, v := range map[string]object{":v": {"S": "b"}, ":w": {"S": "a"}, ":n": {"N": "1"}} {
			if strings.Contains(condition, at) {
				values[at] = v
			}
		}
		more := ""
		if len(values) > 0 {
			more = `,"ExpressionAttributeValues":` + text(values)
		}
		add("PutItem", `%s,"ConditionExpression":"%s"%s`, item("c", ""), condition, more)
	}
	// Sizes: keys, items, and pages of 1 MB.
	long, large := strings.Repeat("x", 1025), strings.Repeat("y", 400<<10)
	for _, sk := range []string{long, long[:1024]} {
		add("PutItem", "%s", item(sk, ""))
		add("GetItem", "%s", key(sk))
		transact(`{"Put":{"TableName":"TABLE",` + item(sk, "") + `}}`)
	}
	add("PutItem", "%s", item("i", `,"dueAt":{"S":"`+long+`"},"dueShard":{"S":"§0"}`))
	for _, n := range []int{len(large), len(large) - 100} {
		add("PutItem", "%s", item("s", `,"x":{"S":"`+large[:n]+`"}`))
		add("UpdateItem", `%s,"UpdateExpression":"SET x = :x","ExpressionAttributeValues":{":x":{"S":"%s"}}`, key("s"), large[:n])
		transact(`{"Put":{"TableName":"TABLE",`+item("s", `,"x":{"S":"`+large[:n]+`"}`)+`,"ConditionExpression":"attribute_exists(pk)"}}`,
			`{"Put":{"TableName":"TABLE",`+item("s2", "")+`,"ConditionExpression":"attribute_exists(pk)"}}`)
	}
	for i := range 14 {
		add("PutItem", `"Item":{"pk":{"S":"§page"},"sk":{"S":"%02d"},"x":{"S":"%s"}}`, i, large[:100<<10])
	}
	for _, more := range []string{"", `,"ScanIndexForward":false`, `,"Limit":12`, `,"Limit":11`, `,"Limit":14`} {
		add("Query", `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"§page"}}%s`, more)
	}
	// Start keys at the ends of what is asked for.
	for _, start := range []string{"00", "05", "13", "2"} {
		for _, cond := range []string{"sk BETWEEN :x AND :y", "sk >= :x AND pk = :p", "sk > :x", "sk <= :y", "sk < :y", "sk = :y", "begins_with(sk, :y)"} {
			for _, forward := range []bool{true, false} {
				if !strings.Contains(cond, ":p") {
					cond += " AND pk = :p"
				}
				values := `":p":{"S":"§page"}`
				for _, v := range []string{"x", "y"} {
					if strings.Contains(cond, ":"+v) {
						values += `,":` + v + `":{"S":"` + map[string]string{"x": "00", "y": "05"}[v] + `"}`
					}
				}
				add("Query", `"KeyConditionExpression":"%s","ExpressionAttributeValues":{%s},"ScanIndexForward":%t,"Limit":2,"ExclusiveStartKey":{"pk":{"S":"§page"},"sk":{"S":"%s"}}`,
					cond, values, forward, start)
			}
		}
	}
	// Transactions that cannot be, and index keys that cannot be.
	transact()
	transact(`{}`)
	for _, more := range []string{`"dueAt":{"S":""}`, `"dueAt":{"N":"1"}`, `"dueAt":{"B":"YQ=="}`, `"dueAt":{"BOOL":true}`, `"dueAt":{"L":[]}`, `"":{"S":"a"}`, `"holder":{"NULL":true}`} {
		add("PutItem", "%s", item("k", ","+more))
		transact(`{"Put":{"TableName":"TABLE",` + item("k", ","+more) + `,"ConditionExpression":"attribute_exists(pk)"}}`)
	}
	for _, v := range []string{`{"S":""}`, `{"N":"1"}`, `{"L":[]}`, `{"S":"` + long + `"}`} {
		add("UpdateItem", `%s,"UpdateExpression":"SET dueAt = :v","ExpressionAttributeValues":{":v":%s}`, key("u"), v)
		transact(`{"Update":{"TableName":"TABLE",` + key("u") + `,"UpdateExpression":"SET dueAt = :v","ExpressionAttributeValues":{":v":` + v + `}}}`)
	}
	all = append(all, call{"TransactWriteItems", `{"ClientRequestToken":"` + strings.Repeat("t", 37) + `","TransactItems":[{"Delete":{"TableName":"TABLE",` + key("t") + `}}]}`},
		call{"BatchGetItem", `{"RequestItems":{}}`}, call{"BatchGetItem", `{"RequestItems":{"TABLE":{"Keys":[]}}}`})
	for _, operation := range []string{"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"} {
		all = append(all, call{operation, `{"TableName":"TABLE"}`}, call{operation, `{` + key("t") + `}`})
	}
	add("DeleteItem", `%s,"ReturnValues":"ALL_NEW"`, key("t"))
	add("UpdateItem", `%s`, key("only a key"))
	add("GetItem", `%s`, key("only a key"))
	return all
}

// TestCasesAsEngine sends the cases to DynamoDB Local and to the model.
func TestCasesAsEngine(t *testing.T) {
	t.Parallel()
	e, m := newEngine(t), table.New(table.Options{})
	for i, c := range cases() {
		if err := sameAnswer(t, e, m, "c-", c); err != nil && err != errKnown {
			t.Errorf("case %d: %.1500v", i, err)
		}
	}
}
