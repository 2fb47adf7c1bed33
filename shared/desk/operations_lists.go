package desk

import "sluice/shared/app"

// next hands a dialler of the house the leads of a call list that are to be dialled
// now.
func (d *desk) next(c call) (any, error) {
	list, err := c.id("list")
	if err != nil {
		return nil, err
	}
	in, err := read[app.Floor](c)
	if err != nil {
		return nil, err
	}
	return d.app.Next(c.Context(), c.user, list, in)
}

// recordCall records what came of a call from a list.
func (d *desk) recordCall(c call) (any, error) {
	list, err := c.id("list")
	if err != nil {
		return nil, err
	}
	in, err := read[app.CallResult](c)
	if err != nil {
		return nil, err
	}
	return d.app.RecordCall(c.Context(), c.user, list, in)
}
