package dynamo

import (
	"bytes"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"sluice/shared/lead"
	"sluice/shared/schema"
)

// The actions of a commit, one constructor for each kind of item.

func (t *Table) putSubmission(s lead.Submission) (action, error) {
	item, err := newItem(keyOfSubmission(s.ID), s)
	if err != nil {
		return action{}, err
	}
	if len(s.Raw) > 0 {
		item[rawAttr] = binary(s.Raw)
	}
	expire(item, s.Expires)
	holder, held := quarantinePlace(s)
	heldIndex().enter(item, holder, held)
	same := sameDoc(item)
	return action{
		write: t.put(item, unlessThere()),
		refuse: func(r *lead.Refused, stored attributes) error {
			was, err := submissionOf(stored)
			r.Submission = &was
			return err
		},
		ours: func(stored attributes) bool {
			return same(stored) && bytes.Equal(getBinary(stored, rawAttr), s.Raw)
		},
	}, nil
}

func (t *Table) putIdem(s lead.Submission) (action, error) {
	item, err := newItem(keyOfIdem(s.Idem), s.ID)
	if err != nil {
		return action{}, err
	}
	expire(item, s.Expires)
	return action{
		write: t.put(item, unlessThere()),
		refuse: func(r *lead.Refused, stored attributes) (err error) {
			r.Idem, err = decode[string](stored)
			return err
		},
	}, nil
}

func (t *Table) putIdentity(hash lead.Key, person string) (action, error) {
	item, err := newItem(keyOfIdentity(hash), person)
	if err != nil {
		return action{}, err
	}
	return action{
		write: t.put(item, unlessThere()),
		refuse: func(r *lead.Refused, stored attributes) error {
			taken, err := decode[string](stored)
			if r.Keys == nil {
				r.Keys = map[lead.Key]string{}
			}
			r.Keys[hash] = taken
			return err
		},
	}, nil
}

func (t *Table) putPerson(p lead.Person) (action, error) {
	item, err := newItem(keyOfPerson(p.ID), p)
	if err != nil {
		return action{}, err
	}
	item[schema.Version] = number(p.Version)
	holder, held := doubtPlace(p)
	heldIndex().enter(item, holder, held)
	for i, alike := range p.Alike {
		if alike != "" && p.Into == "" {
			item[likeIndexes()[i].partition] = text(string(alike))
		}
	}
	return action{
		write: t.put(item, at(p.Version)),
		refuse: func(r *lead.Refused, _ attributes) error {
			r.Person = true
			return nil
		},
	}, nil
}

func (t *Table) putCompany(c lead.Company) (action, error) {
	item, err := newItem(keyOfCompany(c.ID), c)
	if err != nil {
		return action{}, err
	}
	item[schema.Version] = number(c.Version)
	return action{
		write: t.put(item, at(c.Version)),
		refuse: func(r *lead.Refused, _ attributes) error {
			r.Company = true
			return nil
		},
	}, nil
}

func (t *Table) putLead(l lead.Lead) (action, error) {
	kept := l
	kept.ID = "" // the key says it: a lead that is worked is to fit into one kilobyte
	item, err := newItem(keyOfLead(l.ID), kept)
	if err != nil {
		return action{}, err
	}
	item[schema.Version] = number(l.Version)
	shard, due := duePlace(l)
	dueIndex().enter(item, shard, due)
	holder, held := heldPlace(l)
	heldIndex().enter(item, holder, held)
	return action{write: t.put(item, at(l.Version)), refuse: refuseLead}, nil
}

func (t *Table) putEntry(e lead.Entry) (action, error) {
	item, err := newItem(keyOfEntry(e.Lead, e.Version), e)
	if err != nil {
		return action{}, err
	}
	return action{write: t.put(item, unlessThere()), refuse: refuseLead, ours: sameDoc(item)}, nil
}

func refuseLead(r *lead.Refused, _ attributes) error {
	r.Lead = true
	return nil
}

// moveRep moves a rep's counters under the conditions told in the package
// comment.
func (t *Table) moveRep(m lead.RepMove) (action, error) {
	x := newExpression()
	switch m.Kind {
	case lead.MoveRelease:
		holding := x.name(holdingAttr)
		x.require("attribute_exists(" + x.name(schema.PK) + ")")
		x.assign(holding, holding+" - "+x.value(number(1+m.More)))
	case lead.MoveByHand:
		x.takeOne(m)
	case lead.MoveClaim:
		x.takeOne(m)
		x.countDay(m, claimsAttr)
	case lead.MoveReveal:
		x.require(x.name(revAttr) + " = " + x.value(number(m.Revision)))
		x.countDay(m, revealsAttr)
	case lead.MoveAssign:
		x.takeOne(m)
		x.countDay(m, todayAttr)
		x.underQuota(m)
		x.takeTurn(m)
		x.takePace(m)
		x.count(mixAttrs[m.Grade.Rank()])
		x.assign(x.name(servedAttr), x.value(number(m.At.UnixMilli())))
	default:
		return action{}, lead.Errorf(lead.Invalid, "commit change: unknown move %q", m.Kind)
	}
	return action{
		write: types.TransactWriteItem{Update: &types.Update{
			TableName:                           &t.name,
			Key:                                 keyAttributes(keyOfRep(m.Rep)),
			UpdateExpression:                    x.update(),
			ConditionExpression:                 x.condition(),
			ExpressionAttributeNames:            x.namesOrNil(),
			ExpressionAttributeValues:           x.valuesOrNil(),
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}},
		refuse: func(r *lead.Refused, stored attributes) (err error) {
			rep := lead.Rep{ID: m.Rep} // nobody: it was never put
			if stored != nil {
				rep, err = repOf(stored)
			}
			if r.Reps == nil {
				r.Reps = map[string]lead.Rep{}
			}
			r.Reps[m.Rep] = rep
			return err
		},
	}, nil
}

// takeOne adds a lead to what the rep holds: the record is the one that was
// chosen by, and there is room.
func (x *expression) takeOne(m lead.RepMove) {
	holding, most := x.name(holdingAttr), x.name(capAttr)
	x.require(x.name(revAttr) + " = " + x.value(number(m.Revision)))
	x.require("(attribute_not_exists(" + most + ") OR " + holding + " < " + most + ")")
	x.assign(holding, holding+" + "+x.value(number(1)))
}

// countDay adds one to a counter of the day, below the limit that there may be, and
// starts all of the day's anew where the day is another.
func (x *expression) countDay(m lead.RepMove, counter string) {
	day, count := x.name(dayAttr), x.name(counter)
	today, one := x.value(text(m.Day)), x.value(number(1))
	if m.SameDay {
		x.require(day + " = " + today)
		x.assign(count, count+" + "+one)
		if m.Most > 0 {
			x.require(count + " < " + x.value(number(m.Most)))
		}
		return
	}
	x.require(day + " < " + today) // of a day that has begun nobody counts an earlier one
	x.assign(day, today)
	x.assign(x.name(lastAttr), x.name(todayAttr))
	zero := x.value(number(0))
	for _, other := range []string{todayAttr, claimsAttr, revealsAttr} {
		n := zero
		if other == counter {
			n = one
		}
		x.assign(x.name(other), n)
	}
}

func (x *expression) underQuota(m lead.RepMove) {
	quota, before := x.name(quotaAttr), x.name(todayAttr)
	if !m.SameDay {
		before = x.value(number(0))
	}
	x.require("(attribute_not_exists(" + quota + ") OR " + before + " < " + quota + ")")
}

// takeTurn counts the team's turn, which must still be the one that was chosen
// by: otherwise somebody else has become the rep with the fewest.
func (x *expression) takeTurn(m lead.RepMove) {
	turns, seen := x.path(turnsAttr, m.Team), x.value(number(m.Turns))
	cond := turns + " = " + seen
	if m.Turns == 0 {
		cond = "(attribute_not_exists(" + turns + ") OR " + cond + ")"
	}
	x.require(cond)
	x.assign(turns, x.value(number(m.Turns+max(1, m.Step))))
}

// takePace moves the rep's pace on, from where it was when the rep was chosen.
func (x *expression) takePace(m lead.RepMove) {
	if m.PacedTo.IsZero() {
		return
	}
	paced := x.name(pacedAttr)
	if m.Paced.IsZero() {
		x.require("attribute_not_exists(" + paced + ")")
	} else {
		x.require(paced + " = " + x.value(number(m.Paced.UnixMilli())))
	}
	x.assign(paced, x.value(number(m.PacedTo.UnixMilli())))
}

// count adds one to a counter that may not be there yet.
func (x *expression) count(attribute string) {
	counter := x.anyName(attribute)
	x.assign(counter, "if_not_exists("+counter+", "+x.value(number(0))+") + "+x.value(number(1)))
}

// addTally adds to the figures of a stock sweep's cycle. Each lead counts in the
// item of its shard.
func (t *Table) addTally(tally lead.Tally) (action, error) {
	x := newExpression()
	for _, what := range slices.Sorted(maps.Keys(tally.Add)) {
		counter := x.anyName(what)
		x.assign(counter, "if_not_exists("+counter+", "+x.value(number(0))+") + "+x.value(number(tally.Add[what])))
	}
	return action{write: types.TransactWriteItem{Update: &types.Update{
		TableName:                 &t.name,
		Key:                       keyAttributes(keyOfTally(tally.Pool, tally.Cycle, tally.Shard)),
		UpdateExpression:          x.update(),
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
	}}}, nil
}

// countResult counts how a rep's work on a lead ended, in an item beside the
// rep's: what assignments condition on stays small, and meets no more writes.
func (t *Table) countResult(m lead.RepMove) (action, error) {
	x := newExpression()
	x.count(triedPrefix + m.Channel)
	if m.Result == lead.ResultWon {
		x.count(wonPrefix + m.Channel)
		x.count(monthPrefix + m.Month)
	}
	return action{write: types.TransactWriteItem{Update: &types.Update{
		TableName:                 &t.name,
		Key:                       keyAttributes(keyOfResults(m.Rep)),
		UpdateExpression:          x.update(),
		ExpressionAttributeNames:  x.names,
		ExpressionAttributeValues: x.values,
	}}}, nil
}
