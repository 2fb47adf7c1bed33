package table

import (
	"slices"

	"sluice/shared/schema"
)

// checkUpdate refuses an update that no item could take, whatever is stored.
func (b *binding) checkUpdate() *fault {
	u := b.e.update
	paths := u.paths
	for i, p := range paths {
		for _, q := range paths[:i] {
			n := min(len(p), len(q))
			if b.samePath(p[:n], q[:n]) {
				return invalid("Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths")
			}
			if conflicting(b, p[:n], q[:n]) {
				return invalid("Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths")
			}
		}
	}
	for _, a := range u.set {
		if f := b.checkSource(a.a); f != nil {
			return f
		}
		if f := b.checkSource(a.b); f != nil {
			return f
		}
		if a.arith == 0 {
			continue
		}
		for _, o := range []operand{a.a, a.b} {
			if o.kind == appendListsOperand || o.kind == valueOperand && b.values[o.slot].kind != numberKind {
				return invalid("Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: %s", string(a.arith))
			}
		}
	}
	for _, a := range u.add {
		if b.values[a.slot].kind != numberKind {
			return invalid("Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD")
		}
	}
	return nil
}

// checkSource refuses a path that is to stand in for itself.
func (b *binding) checkSource(o operand) *fault {
	for _, arg := range o.args {
		if o.kind == ifMissingOperand && arg.kind == pathOperand && b.samePath(o.path, arg.path) {
			return invalid("Invalid UpdateExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: if_not_exists")
		}
		if f := b.checkSource(arg); f != nil {
			return f
		}
	}
	return nil
}

// conflicting reports whether two paths take one value for a map and for a list.
func conflicting(b *binding, p, q []step) bool {
	for i := range p {
		if (p[i].index >= 0) != (q[i].index >= 0) {
			return true
		}
		if !b.samePath(p[i:i+1], q[i:i+1]) {
			return false
		}
	}
	return false
}

// apply changes the fields of an item, which has at least its key, as the update
// says.
func (b *binding) apply(d *draft, s *stored) *fault {
	u := b.e.update
	for _, p := range u.paths {
		if name := string(b.name(p[0])); name == schema.PK || name == schema.SK {
			return invalid("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", name)
		}
	}
	for i := range u.set {
		v, f := b.assigned(&u.set[i], s)
		if f == nil {
			f = d.put(b, u.set[i].path, v)
		}
		if f != nil {
			return f
		}
	}
	for _, path := range u.remove {
		if f := d.put(b, path, value{}); f != nil {
			return f
		}
	}
	for _, a := range u.add {
		total := b.values[a.slot]
		if had := b.at(a.path, s); had.kind != 0 {
			var f *fault
			if total, f = arithmetic(had, total, false); f != nil {
				return f
			}
		}
		if f := d.put(b, a.path, total); f != nil {
			return f
		}
	}
	d.close()
	return nil
}

// assigned is the value that an assignment gives, by the item as it was.
func (b *binding) assigned(a *assignment, s *stored) (value, *fault) {
	v, f := b.source(&a.a, s)
	if f != nil || a.arith == 0 {
		return v, f
	}
	w, f := b.source(&a.b, s)
	if f != nil {
		return v, f
	}
	return arithmetic(v, w, a.arith == '-')
}

func (b *binding) source(o *operand, s *stored) (value, *fault) {
	switch o.kind {
	case valueOperand:
		return b.values[o.slot], nil
	case ifMissingOperand:
		other, f := b.source(&o.args[0], s) // must be there, needed or not
		if v := b.at(o.path, s); v.kind != 0 && f == nil {
			return v, nil
		}
		return other, f
	case appendListsOperand:
		x, f := b.source(&o.args[0], s)
		if f != nil {
			return x, f
		}
		y, f := b.source(&o.args[1], s)
		if f != nil {
			return y, f
		}
		if x.kind != listKind || y.kind != listKind {
			return x, wrongType()
		}
		return newList(slices.Concat(x.elements(), y.elements())), nil
	}
	v := b.at(o.path, s)
	if v.kind == 0 {
		return v, invalid("The provided expression refers to an attribute that does not exist in the item")
	}
	return v, nil
}

func wrongType() *fault {
	return invalid("An operand in the update expression has an incorrect data type")
}

func arithmetic(a, b value, minus bool) (value, *fault) {
	if a.kind != numberKind || b.kind != numberKind {
		return value{}, wrongType()
	}
	digits, f := sum(a.raw, b.raw, minus)
	if f != nil {
		return value{}, f
	}
	return value{raw: digits, kind: numberKind, size: numberSize(digits)}, nil
}
