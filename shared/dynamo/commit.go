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
	if c.Lead != nil || c.Entry != nil || c.Person != nil || c.Submission != nil || c.Company != nil {
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

// plan lists a change's writes and those of the changes beside it, always in the
// same order.
func (t *Table) plan(c lead.Change) ([]action, error) {
	var actions []action
	var moves []lead.RepMove
	for _, part := range c.All() {
		if err := check(part); err != nil {
			return nil, err
		}
		moves = append(moves, part.Moves...)
		planned, err := t.planOne(part)
		if err != nil {
			return nil, err
		}
		actions = append(actions, planned...)
	}
	slices.SortFunc(moves, func(a, b lead.RepMove) int { return cmp.Compare(a.Rep, b.Rep) })
	for i, m := range moves {
		if i > 0 && moves[i-1].Rep == m.Rep {
			return nil, lead.Errorf(lead.Invalid, "commit change: each move needs a rep of its own")
		}
		planned, err := t.planMove(m)
		if err != nil {
			return nil, err
		}
		actions = append(actions, planned...)
	}
	if len(actions) > transactionMost {
		return nil, lead.Errorf(lead.Invalid, "commit change: %d writes at once, at most %d", len(actions), transactionMost)
	}
	return actions, nil
}

// transactionMost is what DynamoDB takes in one transaction.
const transactionMost = 100

// planOne lists what one change writes beside the reps.
func (t *Table) planOne(c lead.Change) ([]action, error) {
	var plan planning
	if s := c.Submission; s != nil {
		plan.add(t.putSubmission(*s))
		if s.Idem != "" {
			plan.add(t.putIdem(*s))
		}
	}
	reserve := slices.Clone(c.Reserve)
	slices.Sort(reserve)
	for _, hash := range slices.Compact(reserve) {
		plan.add(t.putIdentity(hash, c.Person.ID))
	}
	if c.Person != nil {
		plan.add(t.putPerson(*c.Person))
	}
	if c.Company != nil {
		plan.add(t.putCompany(*c.Company))
	}
	if c.Lead != nil {
		plan.add(t.putLead(*c.Lead))
	}
	if c.Entry != nil {
		plan.add(t.putEntry(*c.Entry))
	}
	if c.Tally != nil {
		plan.add(t.addTally(*c.Tally))
	}
	return plan.actions, plan.fault
}

func (t *Table) planMove(m lead.RepMove) ([]action, error) {
	var plan planning
	plan.add(t.moveRep(m))
	if m.Kind == lead.MoveRelease && m.Result != "" {
		plan.add(t.countResult(m))
	}
	return plan.actions, plan.fault
}

// planning collects writes, and the first fault among them.
type planning struct {
	actions []action
	fault   error
}

func (p *planning) add(a action, err error) {
	if err == nil {
		err = fits(a.write)
	}
	p.actions = append(p.actions, a)
	if p.fault == nil {
		p.fault = err
	}
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
	case c.Person != nil && len(c.Person.Alike) > len(likeIndexes()):
		return invalid("a person with too many keys to be found by")
	case c.Company != nil && (c.Company.ID == "" || c.Company.Version < 1):
		return invalid("a company without id or version")
	case len(c.Reserve) > 0 && c.Person == nil:
		return invalid("identity keys without the person")
	case slices.Contains(c.Reserve, ""):
		return invalid("an empty identity key")
	case c.Submission != nil && c.Submission.ID == "":
		return invalid("a submission without id")
	}
	for _, m := range c.Moves {
		switch {
		case m.Rep == "":
			return invalid("each move needs a rep of its own")
		case m.Kind == lead.MoveAssign && m.Team == "":
			return invalid("an assignment without team")
		}
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
