package dynamo

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number[N int | int64](n N) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(int64(n), 10)}
}

func binary(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }

func numbers(m map[string]int) types.AttributeValue {
	out := make(attributes, len(m))
	for name, n := range m {
		out[name] = number(n)
	}
	return &types.AttributeValueMemberM{Value: out}
}

// The getters answer the zero value where the attribute is missing.

func getText(item attributes, name string) string {
	if v, ok := item[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func getNumber(item attributes, name string) int64 {
	if v, ok := item[name].(*types.AttributeValueMemberN); ok {
		n, _ := strconv.ParseInt(v.Value, 10, 64) // the store takes numbers only
		return n
	}
	return 0
}

func getBinary(item attributes, name string) []byte {
	if v, ok := item[name].(*types.AttributeValueMemberB); ok {
		return v.Value
	}
	return nil
}

func getNumbers(item attributes, name string) map[string]int {
	v, ok := item[name].(*types.AttributeValueMemberM)
	if !ok {
		return nil
	}
	out := make(map[string]int, len(v.Value))
	for key := range v.Value {
		out[key] = int(getNumber(v.Value, key))
	}
	return out
}

// newItem is an item with its key and its content as JSON.
func newItem(k key, content any) (attributes, error) {
	doc, err := encode(content)
	if err != nil {
		pk, _ := k.pair()
		return nil, fmt.Errorf("encode item %s: %w", pk, err)
	}
	item := keyAttributes(k)
	item[schema.Doc] = text(string(doc))
	return item, nil
}

// unmarshal reads JSON. What reads its own needs no look before.
func unmarshal(doc []byte, content any) error {
	if m, ok := content.(json.Unmarshaler); ok {
		return m.UnmarshalJSON(doc)
	}
	return json.Unmarshal(doc, content)
}

// encode writes JSON. What writes its own needs no second look.
func encode(content any) ([]byte, error) {
	if m, ok := content.(json.Marshaler); ok {
		return m.MarshalJSON()
	}
	return json.Marshal(content)
}

// index is one of the table's indexes with its key attributes.
type index struct{ name, partition, sort string }

func dueIndex() index  { return index{schema.DueIndex, schema.DueShard, schema.DueAt} }
func heldIndex() index { return index{schema.HeldIndex, schema.Holder, schema.HeldAt} }

// likeIndexes are in the order of lead.Person.Alike.
func likeIndexes() []index {
	return []index{
		{schema.LikeNameIndex, schema.LikeName, schema.PK},
		{schema.LikePlaceIndex, schema.LikePlace, schema.PK},
	}
}

// enter gives an item its place in the index; without a partition it has none.
func (x index) enter(item attributes, partition, sort string) {
	if partition != "" {
		item[x.partition], item[x.sort] = text(partition), text(sort)
	}
}

func expire(item attributes, at time.Time) {
	if !at.IsZero() {
		item[schema.Expires] = number(at.Unix())
	}
}

// decode reads an item's content.
func decode[T any](item attributes) (T, error) {
	var content T
	if err := unmarshal([]byte(getText(item, schema.Doc)), &content); err != nil {
		return content, &lead.Error{Kind: lead.Unavailable, Text: "a stored item cannot be read",
			Cause: fmt.Errorf("decode item %s %s: %w", getText(item, schema.PK), getText(item, schema.SK), err)}
	}
	return content, nil
}

func leadOf(item attributes) (lead.Lead, error) {
	l, err := decode[lead.Lead](item)
	l.ID = strings.TrimPrefix(getText(item, schema.PK), leadPrefix)
	return l, err
}

func submissionOf(item attributes) (lead.Submission, error) {
	s, err := decode[lead.Submission](item)
	s.Raw = getBinary(item, rawAttr)
	if at := getNumber(item, schema.Expires); at != 0 {
		s.Expires = time.Unix(at, 0).UTC()
	}
	return s, err
}

func repOf(item attributes) (lead.Rep, error) {
	r, err := decode[lead.Rep](item)
	r.Revision = int(getNumber(item, revAttr))
	r.Holding = int(getNumber(item, holdingAttr))
	r.Day = getText(item, dayAttr)
	r.Today = int(getNumber(item, todayAttr))
	r.Claims = int(getNumber(item, claimsAttr))
	r.Reveals = int(getNumber(item, revealsAttr))
	r.Last = int(getNumber(item, lastAttr))
	r.Turns = getNumbers(item, turnsAttr)
	for rank, attribute := range mixAttrs {
		if n := int(getNumber(item, attribute)); n > 0 {
			if r.Mix == nil {
				r.Mix = map[lead.Grade]int{}
			}
			r.Mix[gradeOf(rank)] = n
		}
	}
	r.Paced, r.Served = getMoment(item, pacedAttr), getMoment(item, servedAttr)
	return r, err
}

// getMoment reads epoch milliseconds; the zero time where there are none.
func getMoment(item attributes, name string) time.Time {
	if at := getNumber(item, name); at != 0 {
		return time.UnixMilli(at).UTC()
	}
	return time.Time{}
}

// gradeOf is the grade of a rank; none for the last.
func gradeOf(rank int) lead.Grade {
	if rank < len(lead.Grades) {
		return lead.Grades[rank]
	}
	return ""
}

// addResults reads the item of a rep's results into the rep.
func addResults(r *lead.Rep, item attributes) {
	counters := func(prefix string) map[string]int {
		var found map[string]int
		for name := range item {
			if key, ok := strings.CutPrefix(name, prefix); ok {
				if found == nil {
					found = map[string]int{}
				}
				found[key] = int(getNumber(item, name))
			}
		}
		return found
	}
	r.Tried, r.Won, r.Months = counters(triedPrefix), counters(wonPrefix), counters(monthPrefix)
}

// mixAttrs count a rep's leads by the rank of the grade.
var mixAttrs = [...]string{"mix0", "mix1", "mix2", "mix3", "mix4", "mix5"}

// Attributes that nobody but this package looks at.
const (
	rawAttr = "raw" // of a submission or a secret: sealed bytes

	revAttr     = "rev" // of a rep
	capAttr     = "cap"
	quotaAttr   = "quota"
	holdingAttr = "holding"
	dayAttr     = "day"
	todayAttr   = "today"
	claimsAttr  = "claims"
	revealsAttr = "reveals"
	turnsAttr   = "turns"
	lastAttr    = "last"
	pacedAttr   = "paced" // epoch milliseconds
	servedAttr  = "served"

	triedPrefix = "tried#" // of a rep's results, before a channel
	wonPrefix   = "won#"
	monthPrefix = "month#" // before a month

	statusAttr = "status" // of a delivery
	leaseAttr  = "lease"  // epoch milliseconds

	countAttr = "n" // of numbers handed out
)
