package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// Reps reads all reps strongly, with their counters, in the order of their ids.
func (t *Table) Reps(ctx context.Context) ([]lead.Rep, error) {
	items, err := t.query(ctx, partition(repPartition), 0)
	if err != nil {
		return nil, err
	}
	return repsOf(items)
}

// repsOf reads items in their order. A rep's results, if there are any, follow
// the rep: in ids nothing sorts before their mark.
func repsOf(items []attributes) ([]lead.Rep, error) {
	reps := make([]lead.Rep, 0, len(items))
	for _, item := range items {
		if id, ok := strings.CutSuffix(getText(item, schema.SK), resultsSuffix); ok {
			if n := len(reps); n > 0 && reps[n-1].ID == id {
				addResults(&reps[n-1], item)
			}
			continue
		}
		rep, err := repOf(item)
		if err != nil {
			return nil, err
		}
		reps = append(reps, rep)
	}
	return reps, nil
}

// Rep reads one rep strongly; NotFound where there is none.
func (t *Table) Rep(ctx context.Context, id string) (lead.Rep, error) {
	if id == "" {
		return lead.Rep{}, notThere("rep")
	}
	pk, from := keyOfRep(id).pair()
	_, to := keyOfResults(id).pair()
	items, err := t.query(ctx, between(pk, from, to), 0)
	if err != nil {
		return lead.Rep{}, err
	}
	reps, err := repsOf(items)
	if err != nil {
		return lead.Rep{}, err
	}
	if len(reps) == 0 || reps[0].ID != id {
		return lead.Rep{}, notThere("rep")
	}
	return reps[0], nil
}

// PutRep writes the record as the revision after Rep.Revision, which must be the
// one stored, 0 for a new rep; Conflict where it is not. Counters stay as they
// are. Rep.Turns counts only for teams in which the rep had no turn yet: a new
// member does not start at zero, which would bring it every lead for a while.
func (t *Table) PutRep(ctx context.Context, rep lead.Rep) error {
	if rep.ID == "" {
		return &lead.Error{Kind: lead.Invalid, Field: "id", Text: "a rep needs an id"}
	}
	x, err := repUpdate(rep)
	if err != nil {
		return err
	}
	_, err = t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       keyAttributes(keyOfRep(rep.ID)),
		UpdateExpression:          x.update(),
		ConditionExpression:       x.condition(),
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
	})
	if refused(err) {
		return lead.Errorf(lead.Conflict, "the rep was changed meanwhile: read it again")
	}
	return unavailable(err)
}

func repUpdate(rep lead.Rep) (*expression, error) {
	before := rep.Revision
	rep.Revision++
	doc, err := json.Marshal(rep)
	if err != nil {
		return nil, unavailable(err)
	}
	x := newExpression()
	x.assign(x.name(schema.Doc), x.value(text(string(doc))))
	x.assign(x.name(revAttr), x.value(number(rep.Revision)))
	x.limit(capAttr, rep.Cap)
	x.limit(quotaAttr, rep.Quota)
	if before > 0 {
		x.require(x.name(revAttr) + " = " + x.value(number(before)))
		for _, team := range slices.Sorted(maps.Keys(rep.Turns)) {
			turns := x.path(turnsAttr, team)
			x.assign(turns, "if_not_exists("+turns+", "+x.value(number(rep.Turns[team]))+")")
		}
		return x, nil
	}
	x.require("attribute_not_exists(" + x.name(schema.PK) + ")")
	for _, counter := range []string{holdingAttr, todayAttr, claimsAttr, revealsAttr} {
		x.assign(x.name(counter), x.value(number(0)))
	}
	x.assign(x.name(dayAttr), x.value(text("")))
	x.assign(x.name(turnsAttr), x.value(numbers(rep.Turns)))
	return x, nil
}

// limit keeps a limit beside the record, where conditions see it; without one
// the attribute is absent.
func (x *expression) limit(attribute string, n *int) {
	if n == nil {
		x.remove = append(x.remove, x.name(attribute))
		return
	}
	x.assign(x.name(attribute), x.value(number(*n)))
}

// refused reports whether a single write's condition did not hold.
func refused(err error) bool {
	var failed *types.ConditionalCheckFailedException
	return errors.As(err, &failed)
}
