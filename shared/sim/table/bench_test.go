package table_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/sim/table"
)

// counter is where a benchmark's request has the number of its round.
const counter = "0000000000"

// arrival is a transaction of seven items, as a new lead is: about 1 KB each,
// most of it JSON within a text.
func arrival() *dynamodb.TransactWriteItemsInput {
	doc := strings.Repeat(`{"id":"01963c5e-8a30-7d31-9f53-2b7a3a7c1e01","state":"offered","reasons":["country: +20","budget: +30"],"at":"2026-03-02T09:30:00Z"},`, 7)
	s := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	n := func(v string) types.AttributeValue { return &types.AttributeValueMemberN{Value: v} }
	put := func(pk, sk string, more map[string]types.AttributeValue) types.TransactWriteItem {
		item := map[string]types.AttributeValue{"pk": s(pk), "sk": s(sk), "doc": s(doc)}
		for name, v := range more {
			item[name] = v
		}
		return types.TransactWriteItem{Put: &types.Put{
			TableName: aws.String("sluice"), Item: item, ConditionExpression: aws.String("attribute_not_exists(#pk)"),
			ExpressionAttributeNames:            map[string]string{"#pk": "pk"},
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}}
	}
	return &dynamodb.TransactWriteItemsInput{
		ClientRequestToken: aws.String("token" + counter),
		TransactItems: []types.TransactWriteItem{
			put("S#"+counter, "S", map[string]types.AttributeValue{"expires": n("1790000000"), "raw": &types.AttributeValueMemberB{Value: make([]byte, 300)}}),
			put("K#"+counter+"a", "K", nil), put("K#"+counter+"b", "K", nil),
			put("P#"+counter, "P", map[string]types.AttributeValue{"v": n("1")}),
			put("L#"+counter, "L", map[string]types.AttributeValue{"v": n("1"), "dueShard": s("3"), "dueAt": s("20260302T093000." + counter),
				"holder": s("R#rep1"), "heldAt": s("1#20260302T093000." + counter)}),
			put("L#"+counter, "H#00000001", nil),
			{Update: &types.Update{
				TableName: aws.String("sluice"), Key: map[string]types.AttributeValue{"pk": s("REP"), "sk": s("rep1")},
				ConditionExpression: aws.String("#rev = :0 AND (attribute_not_exists(#cap) OR #holding < #cap) AND #day = :2 AND (attribute_not_exists(#quota) OR #today < #quota) AND #turns.#e7 >= :4"),
				UpdateExpression:    aws.String("SET #holding = #holding + :1, #today = #today + :1, #turns.#e7 = #turns.#e7 + :1"),
				ExpressionAttributeNames: map[string]string{"#rev": "rev", "#cap": "cap", "#holding": "holding", "#day": "day", "#quota": "quota",
					"#today": "today", "#turns": "turns", "#e7": "red"},
				ExpressionAttributeValues: map[string]types.AttributeValue{":0": n("1"), ":1": n("1"), ":2": s("2026-03-02"), ":4": n("0")},
			}},
		},
	}
}

func benchModel(b testing.TB) *table.Model {
	m := table.New(table.Options{Now: func() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) }})
	s := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	n := func(v string) types.AttributeValue { return &types.AttributeValueMemberN{Value: v} }
	_, err := client(m).PutItem(context.Background(), &dynamodb.PutItemInput{TableName: aws.String("sluice"), Item: map[string]types.AttributeValue{
		"pk": s("REP"), "sk": s("rep1"), "doc": s(`{"id":"rep1"}`), "rev": n("1"), "holding": n("0"), "today": n("0"), "claims": n("0"), "day": s("2026-03-02"),
		"turns": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"red": n("0"), "blue": n("3"), "green": n("4")}},
	}})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// round is a request whose number can be set.
type round struct {
	target string
	body   []byte
	at     []int
}

// capture takes the request that a call of the SDK sends.
func capture(b *testing.B, call func(*dynamodb.Client) error) *round {
	b.Helper()
	w := &recorder{wire: wire{model: benchModel(b)}}
	if err := call(clientOver(w)); err != nil {
		b.Fatal(err)
	}
	r := &round{target: w.target, body: w.body}
	for from := 0; ; {
		i := bytes.Index(r.body[from:], []byte(counter))
		if i < 0 {
			return r
		}
		r.at = append(r.at, from+i)
		from += i + len(counter)
	}
}

func (r *round) set(n int) {
	var digits [len(counter)]byte
	copy(digits[:], counter)
	text := strconv.AppendInt(nil, int64(n), 10)
	copy(digits[len(digits)-len(text):], text)
	for _, at := range r.at {
		copy(r.body[at:], digits[:])
	}
}

// leads is how many a benchmark's world has before the next one begins.
const leads = 2000

// run sends the request again and again, the n-th time for the lead that each
// names. The world is asked for whenever all leads have had their turn.
func run(b *testing.B, world func() *table.Model, r *round, each func(n int) int) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(r.body)))
	var m *table.Model
	for n := 0; b.Loop(); n++ {
		if n%leads == 0 {
			m = world()
		}
		r.set(each(n % leads))
		if status, answer := m.Answer(r.target, r.body); status != 200 {
			b.Fatalf("%s", answer)
		}
	}
}

func transact(b *testing.B, o table.Options, tick func()) {
	r := capture(b, func(c *dynamodb.Client) error { _, err := c.TransactWriteItems(b.Context(), arrival()); return err })
	fresh := benchModel(b)
	run(b, func() *table.Model { return fresh.Clone(o) }, r, func(n int) int { tick(); return n })
}

func BenchmarkTransact(b *testing.B) { transact(b, table.Options{}, func() {}) }

func BenchmarkTransactLag(b *testing.B) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	o := table.Options{Now: func() time.Time { return now }, Lag: func() time.Duration { return time.Second }}
	transact(b, o, func() { now = now.Add(10 * time.Millisecond) })
}

// filled holds what the arrivals leave.
func filled(b *testing.B) *table.Model {
	r := capture(b, func(c *dynamodb.Client) error { _, err := c.TransactWriteItems(b.Context(), arrival()); return err })
	m := benchModel(b)
	for n := range leads {
		r.set(n)
		if status, answer := m.Answer(r.target, r.body); status != 200 {
			b.Fatalf("%s", answer)
		}
	}
	return m
}

func get() *dynamodb.GetItemInput {
	return &dynamodb.GetItemInput{TableName: aws.String("sluice"), ConsistentRead: aws.Bool(true), Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "L#" + counter}, "sk": &types.AttributeValueMemberS{Value: "L"}}}
}

func due() *dynamodb.QueryInput {
	return &dynamodb.QueryInput{TableName: aws.String("sluice"), IndexName: aws.String("due"), Limit: aws.Int32(26),
		KeyConditionExpression:   aws.String("#dueShard = :0 AND #dueAt < :1"),
		ExpressionAttributeNames: map[string]string{"#dueShard": "dueShard", "#dueAt": "dueAt"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":0": &types.AttributeValueMemberS{Value: "3"},
			":1": &types.AttributeValueMemberS{Value: "20260302T093000." + counter + "$"}}}
}

func BenchmarkGet(b *testing.B) {
	r := capture(b, func(c *dynamodb.Client) error { _, err := c.GetItem(b.Context(), get()); return err })
	m := filled(b)
	run(b, func() *table.Model { return m }, r, func(n int) int { return n * 7919 % leads })
}

func BenchmarkQueryIndex(b *testing.B) {
	r := capture(b, func(c *dynamodb.Client) error { _, err := c.Query(b.Context(), due()); return err })
	m := filled(b)
	run(b, func() *table.Model { return m }, r, func(n int) int { return n * 7919 % leads })
}

// The same through the SDK.

func BenchmarkSDKTransact(b *testing.B) {
	w := &wire{}
	c := clientOver(w)
	fresh := benchModel(b)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%leads == 0 {
			w.model = fresh.Clone(table.Options{})
		}
		in := arrival()
		digits := fmt.Sprintf("%010d", n)
		in.ClientRequestToken = aws.String("token" + digits)
		for i, w := range in.TransactItems {
			if w.Put != nil {
				pk := w.Put.Item["pk"].(*types.AttributeValueMemberS)
				pk.Value = strings.Replace(pk.Value, counter, digits, 1)
				in.TransactItems[i] = w
			}
		}
		if _, err := c.TransactWriteItems(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSDKGet(b *testing.B) {
	c := client(filled(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.GetItem(b.Context(), get()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSDKQueryIndex(b *testing.B) {
	c := client(filled(b))
	in := due()
	in.ExpressionAttributeValues[":1"] = &types.AttributeValueMemberS{Value: "20260302T093001"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Query(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClone copies a table of 60 items.
func BenchmarkClone(b *testing.B) {
	m := table.New(table.Options{})
	for n := range 60 {
		body := fmt.Sprintf(`{"TableName":"sluice","Item":{"pk":{"S":"REP"},"sk":{"S":"%d"},"doc":{"S":"{}"}}}`, n)
		if status, answer := m.Answer("DynamoDB_20120810.PutItem", []byte(body)); status != 200 {
			b.Fatalf("%s", answer)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Clone(table.Options{})
	}
}
