package dynamo

import (
	"crypto/sha256"
	"encoding/hex"
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
	all := make([]byte, 0, 4<<10) // few are longer
	for _, w := range writes {
		switch {
		case w.Put != nil:
			all = addText(all, "put", aws.ToString(w.Put.TableName), aws.ToString(w.Put.ConditionExpression))
			all = addItem(all, w.Put.Item)
			all = addItem(all, w.Put.ExpressionAttributeValues)
		case w.Update != nil:
			all = addText(all, "update", aws.ToString(w.Update.TableName), aws.ToString(w.Update.ConditionExpression), aws.ToString(w.Update.UpdateExpression))
			all = addItem(all, w.Update.Key)
			all = addItem(all, w.Update.ExpressionAttributeValues)
			for _, name := range sortedKeys(make([]string, 0, 16), w.Update.ExpressionAttributeNames) {
				all = addText(all, name, w.Update.ExpressionAttributeNames[name])
			}
		}
	}
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:16])
}

func addItem(all []byte, item attributes) []byte {
	for _, name := range sortedKeys(make([]string, 0, 16), item) {
		switch v := item[name].(type) {
		case *types.AttributeValueMemberS:
			all = addText(all, name, "s", v.Value)
		case *types.AttributeValueMemberN:
			all = addText(all, name, "n", v.Value)
		case *types.AttributeValueMemberB:
			all = addText(all, name, "b")
			all = addText(all, v.Value)
		}
	}
	return addText(all, "end")
}

// addText adds each part after its length, so that no two lists of parts look
// alike.
func addText[T string | []byte](all []byte, parts ...T) []byte {
	for _, part := range parts {
		all = strconv.AppendInt(all, int64(len(part)), 10)
		all = append(append(all, ':'), part...)
	}
	return all
}

// sortedKeys takes the room that the caller has for them.
func sortedKeys[V any](room []string, m map[string]V) []string {
	for key := range m {
		room = append(room, key)
	}
	slices.Sort(room)
	return room
}
