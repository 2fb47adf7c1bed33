package table_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sluice/shared/sim/table"
)

// send makes a request that must succeed.
func send(t rapid.TB, m *table.Model, operation, body string) object {
	t.Helper()
	status, answer := m.Answer("DynamoDB_20120810."+operation, []byte(body))
	if status != 200 {
		t.Fatalf("%s %s: %d %s", operation, body, status, answer)
	}
	var out object
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// version is an item as it is seen from a moment on; without place it is none.
type version struct {
	from  time.Time
	there bool
	place string // in the index due, "" is none
	n     int
}

// history is all that ever was of one item, the oldest first.
type history []version

func (h history) at(now time.Time) (v version) {
	for _, each := range h {
		if !each.from.After(now) {
			v = each
		}
	}
	return v
}

// TestLag compares what lagging reads see with an obvious model: each item has a
// list of versions, and each version a moment from which on it is seen, never
// before the version before it. Consistent reads see the last one at once. It is
// also the test that the index is the filter over all items.
func TestLag(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
		lag := time.Duration(0)
		o := table.Options{Now: func() time.Time { return now }, Lag: func() time.Duration { return lag }}
		if rapid.Bool().Draw(t, "no lag") {
			o.Lag = nil
		}
		m := table.New(o)
		all := map[string]history{}
		n := 0
		write := func(sk string, v version) {
			was := all[sk]
			v.from = now
			if o.Lag != nil {
				v.from = now.Add(lag)
				if len(was) > 0 && was[len(was)-1].from.After(v.from) {
					v.from = was[len(was)-1].from
				}
			}
			if v.there || len(was) > 0 && was[len(was)-1].there {
				all[sk] = append(was, v)
			}
		}
		key := rapid.SampledFrom([]string{"1", "2", "3", "4"})
		put := func(t *rapid.T, sk string) {
			n++
			place, index := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "place"), ""
			lag = time.Duration(rapid.IntRange(-1, 5).Draw(t, "lag")) * time.Second
			if place != "" {
				place += sk
				index = fmt.Sprintf(`,"dueShard":{"S":"0"},"dueAt":{"S":"%s"}`, place)
			}
			send(t, m, "PutItem", fmt.Sprintf(`{"TableName":"t","Item":{"pk":{"S":"p"},"sk":{"S":"%s"},"n":{"N":"%d"}%s}}`, sk, n, index))
			lag = max(0, lag)
			write(sk, version{there: true, place: place, n: n})
		}
		remove := func(t *rapid.T, sk string) {
			lag = time.Duration(rapid.IntRange(0, 5).Draw(t, "lag")) * time.Second
			send(t, m, "DeleteItem", fmt.Sprintf(`{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"%s"}}}`, sk))
			write(sk, version{})
		}
		t.Repeat(map[string]func(*rapid.T){
			"put":    func(t *rapid.T) { put(t, key.Draw(t, "key")) },
			"delete": func(t *rapid.T) { remove(t, key.Draw(t, "key")) },
			"come and go": func(t *rapid.T) { // all of it may still be unseen
				sk := key.Draw(t, "key")
				remove(t, sk)
				put(t, sk)
				remove(t, sk)
			},
			"wait":              func(t *rapid.T) { now = now.Add(time.Duration(rapid.IntRange(1, 4).Draw(t, "wait")) * time.Second) },
			"go on with a copy": func(*rapid.T) { m = m.Clone(o) },
			"": func(t *rapid.T) {
				checkSeen(t, m, all, now)
			},
		})
	})
}

func checkSeen(t *rapid.T, m *table.Model, all map[string]history, now time.Time) {
	var base, strong, places, first []string
	for _, sk := range []string{"1", "2", "3", "4"} {
		h := all[sk]
		seen, is := h.at(now), version{}
		if len(h) > 0 {
			is = h[len(h)-1]
		}
		if seen.there {
			base = append(base, fmt.Sprint(sk, "=", seen.n))
		}
		if is.there {
			strong = append(strong, fmt.Sprint(sk, "=", is.n))
		}
		if seen.there && seen.place != "" {
			places = append(places, seen.place)
		}
		if is.there && is.place != "" {
			first = append(first, is.place)
		}
		for _, consistent := range []bool{false, true} {
			out := send(t, m, "GetItem", fmt.Sprintf(`{"TableName":"t","Key":{"pk":{"S":"p"},"sk":{"S":"%s"}},"ConsistentRead":%t}`, sk, consistent))
			want := seen
			if consistent {
				want = is
			}
			item, there := out["Item"].(object)
			if there != want.there || there && item["n"].(object)["N"] != fmt.Sprint(want.n) {
				t.Fatalf("item %s consistent %t: %v, want %+v", sk, consistent, item, want)
			}
		}
	}
	list := func(body string, show func(object) string) (got []string) {
		for _, item := range send(t, m, "Query", body)["Items"].([]any) {
			got = append(got, show(item.(object)))
		}
		return got
	}
	number := func(i object) string { return fmt.Sprint(i["sk"].(object)["S"], "=", i["n"].(object)["N"]) }
	query := `{"TableName":"t","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},"ConsistentRead":%t}`
	if got := list(fmt.Sprintf(query, false), number); !slices.Equal(got, base) {
		t.Fatalf("query sees %v, want %v", got, base)
	}
	if got := list(fmt.Sprintf(query, true), number); !slices.Equal(got, strong) {
		t.Fatalf("consistent query sees %v, want %v", got, strong)
	}
	slices.Sort(places)
	slices.Sort(first)
	index := `{"TableName":"t","IndexName":"due","KeyConditionExpression":"dueShard = :p","ExpressionAttributeValues":{":p":{"S":"0"}},"ScanIndexForward":%t}`
	place := func(i object) string { return i["dueAt"].(object)["S"].(string) }
	if got := list(fmt.Sprintf(index, true), place); !slices.Equal(got, places) {
		t.Fatalf("index has %v, want %v", got, places)
	}
	slices.Reverse(places)
	if got := list(fmt.Sprintf(index, false), place); !slices.Equal(got, places) {
		t.Fatalf("index has %v backward, want %v", got, places)
	}
	sort, item, ok := m.First("due", "0")
	if ok != (len(first) > 0) || ok && (sort != first[0] || !strings.HasSuffix(sort, itemKey(item))) {
		t.Fatalf("first is %q of %v, want %v", sort, item, first)
	}
	var got []string
	m.All(func(i table.Item) bool {
		n, _ := i.Number("n")
		got = append(got, fmt.Sprint(itemKey(i), "=", n))
		return true
	})
	if !slices.Equal(got, strong) {
		t.Fatalf("all are %v, want %v", got, strong)
	}
}

func itemKey(i table.Item) string {
	_, sk := i.Key()
	return sk
}
