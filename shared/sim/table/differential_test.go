package table_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sluice/shared/leadtest"
	"sluice/shared/sim/table"
)

// call is a request; § in its body stands for the prefix of its sequence.
type call struct {
	Operation string
	Body      string
}

func (c call) String() string { return c.Operation + " " + c.Body }

// engine is DynamoDB Local, spoken to as the wire does.
type engine struct {
	url, key, table string
}

func (e engine) answer(t testing.TB, operation, body string) (int, []byte) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	// The engine finds the database by the key and does not check the signature.
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+e.key+"/20260302/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("X-Amz-Date", "20260302T093000Z")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	out, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, out
}

func newEngine(t testing.TB) engine {
	_, name := leadtest.Table(t)
	return engine{url: leadtest.Engine(t), key: leadtest.Credentials(t), table: name}
}

// TestSameAsEngine sends the same sequences of requests to DynamoDB Local and to
// the model: 2,500 sequences, a fifth with -short, each with keys of its own.
func TestSameAsEngine(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	m := table.New(table.Options{})
	sequences, requests, ended := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) { // 100 times
		for range 25 {
			calls := rapid.SliceOfN(anyCall(), 4, 14).Draw(rt, "calls")
			sequences++
			prefix := fmt.Sprintf("%d-", sequences)
			var done []call
			for _, c := range calls {
				done = append(done, c)
				requests++
				err := sameAnswer(t, e, m, prefix, c)
				if err == errKnown {
					ended++
					break
				}
				if err != nil {
					rt.Fatalf("%v\nafter %v", err, lines(done))
				}
			}
		}
	})
	t.Logf("%d sequences of %d requests; %d ended at a known difference", sequences, requests, ended)
}

func lines(calls []call) string {
	var out strings.Builder
	for _, c := range calls {
		out.WriteString("\n  " + c.String())
	}
	return out.String()
}

// sameAnswer sends a request to both; a query is followed to its last page.
func sameAnswer(t testing.TB, e engine, m *table.Model, prefix string, c call) error {
	body := strings.ReplaceAll(strings.ReplaceAll(c.Body, "§", prefix), "TABLE", e.table)
	for page := 0; ; page++ {
		status, want := e.answer(t, c.Operation, body)
		gotStatus, got := m.Answer("DynamoDB_20120810."+c.Operation, []byte(body))
		w, g := normal(t, want), normal(t, got)
		if strings.Contains(c.Body, `"ReturnValues":"UPDATED_`) {
			if all, ok := w["Attributes"].(object); ok {
				of, _ := g["Attributes"].(object)
				for name := range of {
					all[name] = part(all[name], of[name])
				}
			}
		}
		if status != gotStatus || !reflect.DeepEqual(w, g) {
			if known(c, want, got) {
				return errKnown
			}
			return fmt.Errorf("%s %s\nengine %d %s\nmodel  %d %s", c.Operation, body, status, want, gotStatus, got)
		}
		last, more := w["LastEvaluatedKey"]
		if !more || page == 20 {
			return nil
		}
		var request map[string]any
		if err := json.Unmarshal([]byte(body), &request); err != nil {
			t.Fatal(err)
		}
		request["ExclusiveStartKey"] = last
		body = text(request)
	}
}

// errKnown ends a sequence at a difference that is known: from there on both
// may hold other items.
var errKnown = errors.New("known difference")

// differences are those in which DynamoDB Local is known to differ from the
// service, each told by what it and the model answer.
var differences = []struct {
	why   string
	model string // in the model's answer
	known func(c call, engine string) bool
}{
	{
		"an update that cannot be applied fails all of a transaction; the service gives it the reason ValidationError (API reference, CancellationReasons)",
		`"Code":"ValidationError"`,
		func(c call, engine string) bool {
			return c.Operation == "TransactWriteItems" && strings.Contains(engine, "#ValidationException") &&
				slices.ContainsFunc(unfit, func(message string) bool { return strings.Contains(engine, message) })
		},
	},
	{
		"a transaction that would update a key attribute is told one reason in all; the service tells one for each write",
		`"Message":"One or more parameter values were invalid: Cannot update attribute`,
		func(c call, engine string) bool { return strings.Contains(engine, oneReason) },
	},
	{
		"a token is looked up, and the update of a key attribute noticed, before the rest of a transaction is found to be malformed; neither writes",
		"#ValidationException",
		func(c call, engine string) bool {
			return c.Operation == "TransactWriteItems" &&
				(strings.Contains(engine, "IdempotentParameterMismatchException") || strings.Contains(engine, oneReason))
		},
	},
	{
		"an item named twice is noticed only when no condition failed before; the service looks at the request first",
		"Transaction request cannot include multiple operations on one item",
		func(c call, engine string) bool { return strings.Contains(engine, "TransactionCanceledException") },
	},
	{
		"an Update of a transaction may lack its expression, which the API reference requires",
		"the expression of a Update must not be null",
		func(c call, engine string) bool { return true },
	},
}

// unfit is what the engine says of updates that cannot be applied.
var unfit = []string{
	"The document path provided in the update expression is invalid for update",
	"The provided expression refers to an attribute that does not exist in the item",
	"An operand in the update expression has an incorrect data type",
	"Number overflow", "Number underflow", "DynamoDB only supports precision up to 38 digits",
	"The update expression attempted to update a secondary index key to a value that is not supported",
	"Invalid attribute value type", "Size limit exceeded", "Item size to update has exceeded the maximum allowed size",
}

// oneReason is how the engine refuses to update a key attribute.
const oneReason = `"CancellationReasons":[{"Code":"ValidationError","Message":"One or more parameter values were invalid: Cannot update attribute`

func known(c call, engine, model []byte) bool {
	for _, d := range differences {
		if bytes.Contains(model, []byte(d.model)) && d.known(c, string(engine)) {
			return true
		}
	}
	return false
}

// normal is an answer without what may differ: messages, the namespaces of
// errors, and the order of a batch.
func normal(t testing.TB, answer []byte) map[string]any {
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	delete(out, "message")
	delete(out, "Message")
	delete(out, "ConsumedCapacity") // of a delete of nothing, though not asked for
	if kind, ok := out["__type"].(string); ok {
		_, out["__type"], _ = strings.Cut(kind, "#")
	}
	reasons, _ := out["CancellationReasons"].([]any)
	for _, r := range reasons {
		delete(r.(map[string]any), "Message")
	}
	tables, _ := out["Responses"].(map[string]any)
	for _, items := range tables {
		slices.SortFunc(items.([]any), func(a, b any) int { return strings.Compare(text(a), text(b)) })
	}
	return sameNumbers(out).(object)
}

// part is what of one value is named by another. Of an update of a map's entry
// the engine returns the whole map, the service only the entry.
func part(all, named any) any {
	a, ok := all.(object)
	b, also := named.(object)
	if !ok || !also {
		return all
	}
	out := object{}
	for name := range b {
		if v, ok := a[name]; ok {
			out[name] = part(v, b[name])
		}
	}
	return out
}

// sameNumbers writes the numbers of an answer alike: the engine returns some as
// they were sent, 1e2 for 100. The service trims zeros.
func sameNumbers(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = sameNumbers(v[i])
		}
	case object:
		if n, ok := v["N"].(string); ok && len(v) == 1 {
			r, ok := new(big.Rat).SetString(n)
			if !ok {
				panic("no number: " + n)
			}
			return object{"N": r.RatString()}
		}
		for name := range v {
			v[name] = sameNumbers(v[name])
		}
	}
	return v
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}
