package dynamo

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

func TestSizeOf(t *testing.T) {
	t.Parallel()
	num := func(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }
	for _, c := range []struct {
		name string
		item attributes
		want int
	}{
		{"nothing", nil, 0},
		{"text in UTF-8", attributes{"pk": text("Grüße")}, 2 + 7},
		{"binary", attributes{"raw": binary(make([]byte, 100))}, 3 + 100},
		{"number 0", attributes{"n": num("0")}, 1 + 1},
		{"one digit", attributes{"n": num("7")}, 1 + 2},
		{"ten digits", attributes{"n": num("1774000001")}, 1 + 6},
		{"zeros at the end", attributes{"n": num("1700")}, 1 + 2},
		{"negative", attributes{"n": num("-12")}, 1 + 3},
		{"map", attributes{"m": numbers(map[string]int{"red": 1, "blue": 22})}, 1 + 3 + 2 + 3 + 2 + 4 + 2},
	} {
		if got := sizeOf(c.item); got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
}

// writes are those of a common change: a put and an update of each sort of value.
func writes() []types.TransactWriteItem {
	table := &Table{name: "sluice"}
	item := attributes{"pk": text("L#01jn8e7l2"), "sk": text("L"), "v": number(2), "raw": binary([]byte("sealed")),
		"doc": text(strings.Repeat("x", 900))}
	return []types.TransactWriteItem{
		table.put(item, at(2)),
		{Update: &types.Update{TableName: &table.name, Key: attributes{"pk": text("REPS"), "sk": text("ann")},
			UpdateExpression: new("SET #a = :a"), ExpressionAttributeNames: map[string]string{"#a": "day"},
			ExpressionAttributeValues: attributes{":a": text("2026-03-02")}}},
	}
}

// TestDigest moves a letter from one part to the next, or a value to another
// sort: each time it is another list of writes.
func TestDigest(t *testing.T) {
	t.Parallel()
	put := func(item attributes) []types.TransactWriteItem {
		return []types.TransactWriteItem{{Put: &types.Put{Item: item}}}
	}
	update := func(names map[string]string) []types.TransactWriteItem {
		return []types.TransactWriteItem{{Update: &types.Update{ExpressionAttributeNames: names}}}
	}
	seen := map[string]int{}
	for i, list := range [][]types.TransactWriteItem{
		nil, writes(), writes()[:1], append(writes(), writes()...),
		put(nil), put(attributes{"a": text("bc")}), put(attributes{"ab": text("c")}), put(attributes{"a": text("b"), "c": text("")}),
		put(attributes{"a": binary([]byte("bc"))}), put(attributes{"a": text("1")}), put(attributes{"a": number(1)}),
		put(attributes{"a": text("1:b")}), append(put(nil), put(nil)...),
		update(nil), update(map[string]string{"#a": "bc"}), update(map[string]string{"#ab": "c"}),
	} {
		token := digest(list)
		if other, ok := seen[token]; ok {
			t.Errorf("lists %d and %d have the same token", other, i)
		}
		seen[token] = i
		for range 10 { // in whatever order a map is gone through
			if again := digest(list); again != token || len(token) > 36 {
				t.Errorf("list %d has the tokens %q and %q", i, token, again)
			}
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	list := writes()
	b.ReportAllocs()
	for b.Loop() {
		digest(list)
	}
}

func TestShardsSpread(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	const n = 8000
	for i := range n {
		counts[shardOf("01963c5e-8a30-7d31-"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+time.Unix(int64(i), 0).UTC().Format(time.TimeOnly), schema.DueShards)]++
	}
	for shard, got := range counts {
		if got < n/schema.DueShards*8/10 || got > n/schema.DueShards*12/10 {
			t.Errorf("shard %s has %d of %d", shard, got, n)
		}
	}
}

func TestMomentsSortAsText(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 8*3600)
	start := time.Date(2026, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	moments := []time.Time{start.Add(-time.Hour), start.Add(-1), start, start.Add(1).In(zone), start.Add(time.Second), start.Add(24 * time.Hour).In(zone)}
	for i := range len(moments) - 1 {
		if a, b := stamp(moments[i]), stamp(moments[i+1]); a >= b || len(a) != len(b) {
			t.Errorf("%q does not sort before %q", a, b)
		}
	}
}

func TestIndexWrites(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	due := &lead.Deadline{At: at, Do: lead.DutyReclaim}
	period := &lead.Period{Rep: "rep1", Start: at}
	change := func(l lead.Lead, events ...lead.Event) lead.Change {
		return lead.Change{Lead: &l, Entry: &lead.Entry{Events: events}}
	}
	for _, c := range []struct {
		name   string
		change lead.Change
		want   int
	}{
		{"nothing", lead.Change{}, 0},
		{"a new lead with a rep", change(lead.Lead{Version: 1, Deadline: due, Period: period}, lead.Captured{}, lead.Offered{}, lead.Due{At: at}), 2},
		{"a new lead in nurturing", change(lead.Lead{Version: 1, Deadline: due, State: lead.StateNurturing}, lead.Captured{}, lead.Nurtured{}, lead.Due{At: at}), 1},
		{"a new lead that waits", change(lead.Lead{Version: 1, Deadline: due, State: lead.StateRouting, Wait: at}, lead.Captured{}, lead.Waiting{}, lead.Due{At: at}), 2},
		{"begins to wait", change(lead.Lead{Version: 3, Deadline: due, State: lead.StateRouting, Wait: at}, lead.Waiting{}, lead.Due{At: at}), 4},
		{"qualified", change(lead.Lead{Version: 3, Deadline: due, State: lead.StateRouting}, lead.Qualified{}, lead.Ended{}, lead.Woken{}, lead.Due{At: at}), 3},
		{"moved to a pool", change(lead.Lead{Version: 3, Deadline: due, State: lead.StatePooled}, lead.Moved{}, lead.Ended{}, lead.Pooled{}, lead.Due{At: at}), 4},
		{"a new deadline", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Logged{}, lead.Due{At: at}), 2},
		{"a new grade", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Logged{Grade: lead.GradeA}), 2},
		{"scored for the first time", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Scored{Grade: lead.GradeA}), 2},
		{"scored anew", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Scored{Grade: lead.GradeA, Was: &lead.Standing{Grade: lead.GradeA}}), 0},
		{"regraded", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Scored{Grade: lead.GradeA, Was: &lead.Standing{Grade: lead.GradeB}}), 2},
		{"signals", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Engaged{}), 0},
		{"closed", change(lead.Lead{Version: 2, State: lead.StateLost}, lead.Ended{}, lead.Closed{}, lead.Due{}), 2},
		{"a touch", change(lead.Lead{Version: 2, Deadline: due, Period: period}, lead.Touched{}), 0},
		{"quarantine", lead.Change{Submission: &lead.Submission{Outcome: lead.OutcomeQuarantined}}, 1},
		{"a merged submission", lead.Change{Submission: &lead.Submission{Outcome: lead.OutcomeMerged}}, 0},
	} {
		if got := indexWrites(c.change); got != c.want {
			t.Errorf("%s: %d index writes, want %d", c.name, got, c.want)
		}
	}
}

func FuzzReadCursor(f *testing.F) {
	f.Add("history lead1", newCursor("history lead1", "H#00000012"))
	f.Add("history lead1", newCursor("history lead2", "H#00000012"))
	f.Add("history lead1", newCursor("history lead1", "P#"))
	f.Add("", "e30")
	f.Fuzz(func(t *testing.T, list, given string) {
		after, err := readCursor(list, "H#", given)
		switch {
		case err != nil && (after != "" || lead.KindOf(err) != lead.Invalid):
			t.Errorf("%q gives %q and %v", given, after, err)
		case err == nil && given == "" && after != "":
			t.Errorf("no cursor gives %q", after)
		case err == nil && given != "" && (newCursor(list, after) != given || after <= "H#" || after >= "H#~"):
			t.Errorf("%q gives %q, which was never given out", given, after)
		}
	})
}
