package dynamo

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// expression collects the names and values that a condition and an update
// refer to. Attributes are always named through it: DynamoDB reserves hundreds
// of words.
type expression struct {
	names  map[string]string
	values attributes
	cond   []string
	set    []string
	remove []string
}

func newExpression() *expression {
	return &expression{names: map[string]string{}, values: attributes{}}
}

// name returns the placeholder of an attribute.
func (x *expression) name(attribute string) string {
	x.names["#"+attribute] = attribute
	return "#" + attribute
}

// anyName returns the placeholder of an attribute whose name may be anything but
// empty: a placeholder itself takes letters and digits only.
func (x *expression) anyName(attribute string) string {
	at := "#e" + strconv.Itoa(len(x.names))
	x.names[at] = attribute
	return at
}

// path returns the placeholder of an entry of a map; the entry's name may be
// anything but empty.
func (x *expression) path(attribute, entry string) string {
	at := x.anyName(entry)
	return x.name(attribute) + "." + at
}

// value returns the placeholder of a value.
func (x *expression) value(v types.AttributeValue) string {
	at := ":" + strconv.Itoa(len(x.values))
	x.values[at] = v
	return at
}

// require adds a condition; all of them must hold.
func (x *expression) require(cond string) { x.cond = append(x.cond, cond) }

// assign adds an assignment to the update.
func (x *expression) assign(attribute, value string) { x.set = append(x.set, attribute+" = "+value) }

func (x *expression) condition() *string {
	if len(x.cond) == 0 {
		return nil
	}
	all := strings.Join(x.cond, " AND ")
	return &all
}

func (x *expression) update() *string {
	all := "SET " + strings.Join(x.set, ", ")
	if len(x.remove) > 0 {
		all += " REMOVE " + strings.Join(x.remove, ", ")
	}
	return &all
}

// namesOrNil and valuesOrNil: DynamoDB refuses empty maps.

func (x *expression) namesOrNil() map[string]string {
	if len(x.names) == 0 {
		return nil
	}
	return x.names
}

func (x *expression) valuesOrNil() attributes {
	if len(x.values) == 0 {
		return nil
	}
	return x.values
}
