package table

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"
)

// operations are the requests that a fuzzed body is read as.
var operations = []string{"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "Scan"}

// FuzzAnswer reads any bytes as any request: the answer is always one of the
// service, and what was stored can be read back.
func FuzzAnswer(f *testing.F) {
	for i, body := range []string{
		`{"TableName":"t","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ConsistentRead":true}`,
		`{"RequestItems":{"t":{"Keys":[{"pk":{"S":"a"},"sk":{"S":"1"}}]}}}`,
		`{"TableName":"t","IndexName":"due","KeyConditionExpression":"#a = :a AND begins_with(dueAt, :b)","ExpressionAttributeNames":{"#a":"dueShard"},"ExpressionAttributeValues":{":a":{"S":"1"},":b":{"S":"2"}},"Limit":1,"ScanIndexForward":false,"ExclusiveStartKey":{"pk":{"S":"a"},"sk":{"S":"1"},"dueShard":{"S":"1"},"dueAt":{"S":"2"}}}`,
		`{"TableName":"t","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"-1.50e1"},"m":{"M":{"\u00e9\ud834\udd1e\"":{"L":[{"NULL":true},{"B":"YQ=="},{"BOOL":false}]}}}},"ReturnValues":"ALL_OLD"}`,
		`{"TableName":"t","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"UpdateExpression":"SET m.x[1].y = if_not_exists(n, :a) + :a, l = list_append(l, :l) REMOVE b ADD c :a","ExpressionAttributeValues":{":a":{"N":"1"},":l":{"L":[]}},"ReturnValues":"ALL_NEW"}`,
		`{"TableName":"t","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ConditionExpression":"NOT (size(m) BETWEEN :a AND :b OR n IN (:a, :b)) AND contains(l, :a)","ExpressionAttributeValues":{":a":{"N":"1"},":b":{"N":"2"}}}`,
		`{"ClientRequestToken":"t","TransactItems":[{"Put":{"TableName":"t","Item":{"pk":{"S":"a"},"sk":{"S":"2"},"dueShard":{"S":"1"},"dueAt":{"S":"2"}}}},{"ConditionCheck":{"TableName":"t","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ConditionExpression":"attribute_exists(pk)"}}]}`,
		` { "a" : [ null , 1 ] } `,
	} {
		f.Add(uint(i), []byte(body))
	}
	f.Fuzz(func(t *testing.T, operation uint, body []byte) {
		m := New(Options{})
		for _, c := range []struct{ target, body string }{
			{"PutItem", `{"TableName":"t","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"2"},"l":{"L":[{"N":"1"}]},"m":{"M":{"x":{"L":[{"S":"a"},{"M":{}}]}}}}}`},
			{operations[operation%uint(len(operations))], string(body)},
			{operations[operation%uint(len(operations))], string(body)},
		} {
			before := slices.Clone([]byte(c.body))
			status, answer := m.Answer("DynamoDB_20120810."+c.target, []byte(c.body))
			if status != 200 && status != 400 || !json.Valid(answer) || string(before) != c.body {
				t.Fatalf("%s: %d %s", c.body, status, answer)
			}
			Failure(Conflict, "DynamoDB_20120810."+c.target, []byte(c.body))
		}
		m.All(func(i Item) bool {
			r := &reader{in: i.Image()}
			fields := r.fields(nil, 0)
			if r.end(); r.fault != nil || !(Item{newStored(fields)}).Equal(i) || newStored(fields).size != i.Size() {
				t.Errorf("stored %s, read back %v", i.Image(), r.fault)
			}
			for _, name := range i.Names() {
				if !i.Has(name) {
					t.Errorf("%q is named and not there", name)
				}
			}
			return true
		})
	})
}

// FuzzText: what a JSON string stands for is what the standard library says.
func FuzzText(f *testing.F) {
	for _, s := range []string{`"a"`, `"\u00e9\n\/\\\""`, `"\ud834\udd1e"`, `"\ud834"`, `"\udd1e\ud834x"`, `"a\u2028<"`, "\"\x01\"", `"\x"`, `"\u12"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r := &reader{in: in}
		raw, size, escaped := r.quoted()
		if r.end(); r.fault != nil {
			if r.fault.code != serialization {
				t.Errorf("%q: %v", in, r.fault)
			}
			return
		}
		got := decoded(nil, raw)
		if len(got) != size || escaped == (string(got) == string(raw)) {
			t.Errorf("%q is %q of %d bytes, said to be %d", in, got, len(got), size)
		}
		var want string
		if err := json.Unmarshal(in, &want); err != nil {
			t.Fatalf("%q was read, but %v", in, err)
		}
		if want != string([]rune(string(got))) { // the library replaces what is no UTF-8
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		var again string
		if err := json.Unmarshal(appendText(nil, got), &again); err != nil || again != want {
			t.Errorf("written %s: %q, %v", appendText(nil, got), again, err)
		}
	})
}

// FuzzExpression: what is parsed is written so that it is parsed as the same,
// and means the same.
func FuzzExpression(f *testing.F) {
	for _, e := range []string{
		"a = :a", "#a.b[1].#c <> :a AND NOT (x < y OR x <= y) AND a > :b OR b >= :c", "a BETWEEN :a AND :b AND c IN (:a, d, :c)",
		"(attribute_not_exists(pk) OR lease <= :0)", "attribute_exists(a.b) and size(a) = :n or begins_with(b, :s)", "NOT NOT contains(a, :a)",
		"attribute_type(a, :t) AND (a = :a AND (b = :b AND c = :c))", "a = b OR (c = d OR e = f) AND g = h",
	} {
		f.Add(e, false)
	}
	for _, e := range []string{"SET a = :a, b.c[2] = b.c[2] + :b, #d = if_not_exists(#d, :x) - e REMOVE f, g[0] ADD h :h", "set a = list_append(a, :l)", "ADD #n :0"} {
		f.Add(e, true)
	}
	item := newStored((&reader{in: []byte(`{"a":{"N":"1"},"b":{"M":{"c":{"L":[{"N":"1"},{"N":"2"},{"S":"x"}]}}},"c":{"S":"ab"},"d":{"N":"7"},"l":{"L":[]},"pk":{"S":"p"},"sk":{"S":"s"},"x":{"N":"0"}}`)}).fields(nil, 0))
	bound := func(e *expression) *binding {
		b := &binding{e: e}
		for _, name := range e.names {
			b.names = append(b.names, []byte(name[1:2]))
		}
		for _, name := range e.values {
			v := value{kind: numberKind, raw: []byte(strconv.Itoa(int(name[1]) % 4))}
			if name[1] == 's' || name[1] == 't' {
				v = value{kind: textKind, raw: []byte("a")}
			}
			b.values = append(b.values, v)
		}
		return b
	}
	f.Fuzz(func(t *testing.T, text string, isUpdate bool) {
		e, fault := parse(text, isUpdate)
		if fault != nil {
			return
		}
		written := e.String()
		again, fault := parse(written, isUpdate)
		if fault != nil || again.String() != written {
			t.Fatalf("%q is written %q: %v", text, written, fault)
		}
		if isUpdate {
			var d, e2 draft
			d.begin(item)
			e2.begin(item)
			one, two := bound(e).apply(&d, item), bound(again).apply(&e2, item)
			if (one == nil) != (two == nil) || one == nil && string(newStored(d.fields).image) != string(newStored(e2.fields).image) {
				t.Errorf("%q and %q do not do the same", text, written)
			}
			return
		}
		a, b := bound(e), bound(again)
		if a.holds(e.cond, item) != b.holds(again.cond, item) || a.holds(e.cond, nil) != b.holds(again.cond, nil) || a.text(e.cond) != b.text(again.cond) {
			t.Errorf("%q and %q do not mean the same", text, written)
		}
		_, _ = a.check(e.cond), b.check(again.cond)
	})
}
