package table

import "sluice/shared/schema"

// span reads a query's key condition: equality of the partition key, and at most
// one condition more, on the sort key.
func (q *request) span(c *cache, x *index) (s span, f *fault) {
	hash, sort := schema.PK, schema.SK
	if x != nil {
		hash, sort = x.hash, x.sort
	}
	q.begin()
	if q.keyCondition == nil {
		return s, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if f = q.bind(c, &q.keys, q.keyCondition, false); f != nil {
		return s, f
	}
	if f = q.finish(true); f != nil {
		return s, f
	}
	if f = q.keys.check(q.keys.e.cond); f != nil {
		return s, f
	}
	hasHash, hasSort := false, false
	for _, part := range q.keys.e.cond.conjuncts() {
		name, texts, f := q.keys.keyPart(part)
		if f != nil {
			return s, f
		}
		switch {
		case name == hash && part.op == opEqual && !hasHash:
			s.hash, hasHash = texts[0], true
		case name == hash:
			return s, invalid("Query key condition not supported")
		case name == sort && !hasSort:
			hasSort = true
			s.narrow(part.op, texts)
		default:
			return s, invalid("Query condition missed key schema element: %s", hash)
		}
	}
	if !hasHash {
		return s, invalid("Query condition missed key schema element: %s", hash)
	}
	return s, nil
}

// keyPart takes one part of a key condition apart: an attribute's name and the
// texts it is compared with.
func (b *binding) keyPart(c *cond) (name string, texts []string, _ *fault) {
	switch c.op {
	case opEqual, opLess, opAtMost, opMore, opAtLeast, opBetween, opBegins:
	default:
		return "", nil, invalid("Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: %s", opNames[c.op])
	}
	if c.args[0].kind != pathOperand || len(c.args[0].path) != 1 {
		return "", nil, invalid("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes")
	}
	for _, o := range c.args[1:] {
		if o.kind != valueOperand {
			return "", nil, invalid("Invalid KeyConditionExpression: operands must be values")
		}
		v := b.values[o.slot]
		if v.kind != textKind {
			return "", nil, invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
		}
		if v.size == 0 {
			return "", nil, invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value")
		}
		texts = append(texts, string(v.text()))
	}
	return string(b.name(c.args[0].path[0])), texts, nil
}

func (s *span) narrow(o op, texts []string) {
	switch o {
	case opEqual:
		s.low, s.high, s.exact = &texts[0], &texts[0], true
	case opLess, opAtMost:
		s.high, s.highOpen = &texts[0], o == opLess
	case opMore, opAtLeast:
		s.low, s.lowOpen = &texts[0], o == opMore
	case opBetween:
		s.low, s.high = &texts[0], &texts[1]
	case opBegins:
		s.prefix = &texts[0]
	}
}
