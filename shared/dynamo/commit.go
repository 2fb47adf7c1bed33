package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/client"
	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/schema"
)

// commitTries bounds how often a transaction is sent that met another one on
// the same items: on average 0.8 s of pauses in all.
const commitTries = 6

// Commit writes a change whole or not at all. A *lead.Refused says what stood in
// the way; a change that cannot be written whatever is stored is Invalid; all
// else is Unavailable and may, where the answer was lost, have been written all
// the same. To commit the very same change again is harmless: it is found to be
// stored and succeeds.
func (t *Table) Commit(ctx context.Context, c lead.Change) error {
	actions, err := t.plan(c)
	if err != nil || len(actions) == 0 {
		return err
	}
	in := &dynamodb.TransactWriteItemsInput{TransactItems: make([]types.TransactWriteItem, len(actions))}
	for i, a := range actions {
		in.TransactItems[i] = a.write
	}
	// Counters alone prove nothing: moving them twice may be meant.
	if c.Lead != nil || c.Entry != nil || c.Person != nil || c.Submission != nil {
		in.ClientRequestToken = aws.String(digest(in.TransactItems))
	}
	for try := 1; ; try++ {
		_, err := t.client.TransactWriteItems(ctx, in)
		if err == nil {
			t.meter.wrote(indexWrites(c))
			return nil
		}
		again, err := judge(err, actions)
		if !again || try == commitTries {
			return err
		}
		if err := pace.Pause(ctx, client.Backoff(try)); err != nil {
			return unavailable(err)
		}
	}
}

// action is one write of a transaction, with what it means if its condition
// does not hold.
type action struct {
	write types.TransactWriteItem
	// refuse notes the item that stood in the way, nil where none is stored.
	refuse func(r *lead.Refused, stored attributes) error
	// ours reports whether the stored item is what this very action writes.
	// Only this transaction writes it, so then all of it was written before.
	ours func(stored attributes) bool
}

// judge tells a cancelled transaction apart: refused by a condition, to be sent
// again because it met another, or failed.
func judge(err error, actions []action) (again bool, _ error) {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || len(cancelled.CancellationReasons) != len(actions) {
		return false, unavailable(err)
	}
	refused, isRefused := &lead.Refused{}, false
	for i, reason := range cancelled.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed":
			if a := actions[i]; a.ours != nil && a.ours(reason.Item) {
				return false, nil
			}
			if err := actions[i].refuse(refused, reason.Item); err != nil {
				return false, err
			}
			isRefused = true
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			again = true
		}
	}
	if isRefused {
		return false, refused
	}
	return again, unavailable(err)
}

// plan lists a change's writes, always in the same order.
func (t *Table) plan(c lead.Change) ([]action, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	var actions []action
	var faults []error
	add := func(a action, err error) {
		if err == nil {
			err = fits(a.write)
		}
		actions, faults = append(actions, a), append(faults, err)
	}
	if s := c.Submission; s != nil {
		add(t.putSubmission(*s))
		if s.Idem != "" {
			add(t.putIdem(*s))
		}
	}
	reserve := slices.Clone(c.Reserve)
	slices.Sort(reserve)
	for _, hash := range slices.Compact(reserve) {
		add(t.putIdentity(hash, c.Person.ID))
	}
	if c.Person != nil {
		add(t.putPerson(*c.Person))
	}
	if c.Lead != nil {
		add(t.putLead(*c.Lead))
	}
	if c.Entry != nil {
		add(t.putEntry(*c.Entry))
	}
	if c.Tally != nil {
		add(t.addTally(*c.Tally))
	}
	moves := slices.SortedFunc(slices.Values(c.Moves), func(a, b lead.RepMove) int {
		return cmp.Compare(a.Rep, b.Rep)
	})
	for _, m := range moves {
		add(t.moveRep(m))
		if m.Kind == lead.MoveRelease && m.Result != "" {
			add(t.countResult(m))
		}
	}
	for _, err := range faults {
		if err != nil {
			return nil, err
		}
	}
	return actions, nil
}

// check refuses a change that contradicts itself: no store could write it.
func check(c lead.Change) error {
	invalid := func(format string, args ...any) error {
		return lead.Errorf(lead.Invalid, "commit change: "+format, args...)
	}
	switch {
	case c.Lead != nil && (c.Lead.ID == "" || c.Lead.Version < 1):
		return invalid("a lead without id or version")
	case c.Entry != nil && (c.Entry.Lead == "" || c.Entry.Version < 1):
		return invalid("a history entry without lead or version")
	case c.Lead != nil && c.Entry != nil && (c.Lead.ID != c.Entry.Lead || c.Lead.Version != c.Entry.Version):
		return invalid("the history entry is not the lead's")
	case c.Person != nil && (c.Person.ID == "" || c.Person.Version < 1):
		return invalid("a person without id or version")
	case len(c.Reserve) > 0 && c.Person == nil:
		return invalid("identity keys without the person")
	case slices.Contains(c.Reserve, ""):
		return invalid("an empty identity key")
	case c.Submission != nil && c.Submission.ID == "":
		return invalid("a submission without id")
	}
	seen := map[string]bool{}
	for _, m := range c.Moves {
		switch {
		case m.Rep == "" || seen[m.Rep]:
			return invalid("each move needs a rep of its own")
		case m.Kind == lead.MoveAssign && m.Team == "":
			return invalid("an assignment without team")
		}
		seen[m.Rep] = true
	}
	return nil
}

// put writes an item whole under a condition.
func (t *Table) put(item attributes, x *expression) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{
		TableName:                           &t.name,
		Item:                                item,
		ConditionExpression:                 x.condition(),
		ExpressionAttributeNames:            x.namesOrNil(),
		ExpressionAttributeValues:           x.valuesOrNil(),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// unlessThere is the condition that nothing is stored under the key.
func unlessThere() *expression {
	x := newExpression()
	x.require("attribute_not_exists(" + x.name(schema.PK) + ")")
	return x
}

// at is the condition that the version before the given one is stored, nothing
// where that is 0.
func at(version int) *expression {
	if version == 1 {
		return unlessThere()
	}
	x := newExpression()
	x.require(x.name(schema.Version) + " = " + x.value(number(version-1)))
	return x
}

func sameDoc(item attributes) func(attributes) bool {
	doc := getText(item, schema.Doc)
	return func(stored attributes) bool { return stored != nil && getText(stored, schema.Doc) == doc }
}

// fits refuses what DynamoDB would refuse for its size.
func fits(w types.TransactWriteItem) error {
	if w.Put == nil || sizeOf(w.Put.Item) <= maxItem {
		return nil
	}
	return &lead.Error{Kind: lead.Invalid, Text: "too large to be stored",
		Cause: fmt.Errorf("item %s of %d bytes", getText(w.Put.Item, schema.PK), sizeOf(w.Put.Item))}
}
