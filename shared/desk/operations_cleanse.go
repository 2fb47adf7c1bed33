package desk

import (
	"net/http"
	"strconv"

	"sluice/shared/app"
)

// cleanseOperations list what the cleansing team does.
func (d *desk) cleanseOperations() []operation {
	get, post := http.MethodGet, http.MethodPost
	return []operation{
		{get, "/api/doubts", d.doubts},
		{get, "/api/persons/{person}", d.person},
		{post, "/api/persons/{person}/merge", d.merge},
		{post, "/api/persons/{person}/apart", d.apart},
		{post, "/api/persons/{person}/divide", d.divide},
		{get, "/api/unverified", d.unverified},
		{post, "/api/leads/{lead}/verify", d.verify},
	}
}

// personAnswer carries the person's version as its ETag.
type personAnswer struct{ app.PersonView }

func (p personAnswer) tag() string { return strconv.Quote(strconv.Itoa(p.Version)) }

func (d *desk) doubts(c call) (any, error) {
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Doubts(c.Context(), c.user, p)
}

func (d *desk) person(c call) (any, error) {
	id, err := c.id("person")
	if err != nil {
		return nil, err
	}
	p, err := d.app.Person(c.Context(), c.user, id)
	return personAnswer{p}, err
}

// decide decides on the person of the path with the body's T.
func decide[T any](c call, do func(person string, version int, in T) (app.PersonView, error)) (any, error) {
	id, err := c.id("person")
	if err != nil {
		return nil, err
	}
	version, err := c.version()
	if err != nil {
		return nil, err
	}
	in, err := read[T](c)
	if err != nil {
		return nil, err
	}
	p, err := do(id, version, in)
	return personAnswer{p}, err
}

func (d *desk) merge(c call) (any, error) {
	return decide(c, func(person string, version int, in app.Merging) (app.PersonView, error) {
		in.Person, in.Version = person, version
		return d.app.Merge(c.Context(), c.user, in)
	})
}

func (d *desk) apart(c call) (any, error) {
	type body struct {
		With string `json:"with"`
	}
	return decide(c, func(person string, _ int, in body) (app.PersonView, error) {
		return d.app.Apart(c.Context(), c.user, person, in.With)
	})
}

func (d *desk) divide(c call) (any, error) {
	return decide(c, func(person string, version int, in app.Division) (app.PersonView, error) {
		in.Person, in.Version = person, version
		return d.app.Divide(c.Context(), c.user, in)
	})
}

func (d *desk) unverified(c call) (any, error) {
	p, err := pageOf(c.Request)
	if err != nil {
		return nil, err
	}
	return d.app.Unverified(c.Context(), c.user, p)
}

func (d *desk) verify(c call) (any, error) {
	return act(c, func(on app.Target, in app.Verification) (app.LeadView, error) {
		return d.app.Verify(c.Context(), c.user, on, in)
	})
}
