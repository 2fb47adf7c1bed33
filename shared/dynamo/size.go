package dynamo

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// maxItem is DynamoDB's limit for an item, names and values together.
const maxItem = 400 << 10

// sizeOf is an item's size in bytes as AWS counts it (Developer Guide, "DynamoDB
// item sizes and formats"): names and values in UTF-8; a number one byte for
// each two digits and one more; a list or map 3 bytes and one for each entry.
func sizeOf(item attributes) int {
	size := 0
	for name, v := range item {
		size += len(name) + valueSize(v)
	}
	return size
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		digits := strings.Trim(strings.TrimPrefix(v.Value, "-"), "0")
		size := (len(digits)+1)/2 + 1
		if strings.HasPrefix(v.Value, "-") {
			size++
		}
		return size
	case *types.AttributeValueMemberM:
		return 3 + len(v.Value) + sizeOf(v.Value)
	}
	return 1 // null and booleans; nothing else is stored here
}

// digest is the same for the same writes and for no others: the token by which
// DynamoDB knows a transaction that it has already done (at most 36 characters).
func digest(writes []types.TransactWriteItem) string {
	h := sha256.New()
	for _, w := range writes {
		switch {
		case w.Put != nil:
			hashText(h, "put", aws.ToString(w.Put.TableName), aws.ToString(w.Put.ConditionExpression))
			hashItem(h, w.Put.Item)
			hashItem(h, w.Put.ExpressionAttributeValues)
		case w.Update != nil:
			hashText(h, "update", aws.ToString(w.Update.TableName), aws.ToString(w.Update.ConditionExpression), aws.ToString(w.Update.UpdateExpression))
			hashItem(h, w.Update.Key)
			hashItem(h, w.Update.ExpressionAttributeValues)
			for _, name := range slices.Sorted(maps.Keys(w.Update.ExpressionAttributeNames)) {
				hashText(h, name, w.Update.ExpressionAttributeNames[name])
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func hashItem(h hash.Hash, item attributes) {
	for _, name := range slices.Sorted(maps.Keys(item)) {
		switch v := item[name].(type) {
		case *types.AttributeValueMemberS:
			hashText(h, name, "s", v.Value)
		case *types.AttributeValueMemberN:
			hashText(h, name, "n", v.Value)
		case *types.AttributeValueMemberB:
			hashText(h, name, "b", string(v.Value))
		}
	}
	hashText(h, "end")
}

// hashText writes each part after its length, so that no two lists of parts
// look alike.
func hashText(h hash.Hash, parts ...string) {
	for _, part := range parts {
		io.WriteString(h, strconv.Itoa(len(part))+":"+part)
	}
}
