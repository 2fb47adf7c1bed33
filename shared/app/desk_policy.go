package app

import (
	"cmp"
	"context"

	"sluice/shared/policy"
)

// Users lists who may sign in.
func (d *Desk) Users(ctx context.Context) ([]User, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]User, 0, len(pol.Users()))
	for _, u := range pol.Users() {
		users = append(users, userOf(u))
	}
	return users, nil
}

func userOf(u policy.User) User {
	user := User{ID: u.ID, Name: cmp.Or(u.Name, u.ID), Email: u.Email, Rep: u.Rep, Teams: u.Teams}
	for _, role := range u.Roles {
		user.Roles = append(user.Roles, string(role))
	}
	return user
}

// FormView is a form as a link to its landing page needs it.
type FormView struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Product string `json:"product"`
}

// Forms lists the forms that take posts, for links to their landing pages.
func (d *Desk) Forms(ctx context.Context) ([]FormView, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return nil, err
	}
	views := []FormView{}
	for _, f := range pol.Forms() {
		if !f.Closed {
			views = append(views, FormView{ID: f.ID, Title: cmp.Or(f.Name, f.ID), Product: f.Product})
		}
	}
	return views, nil
}

// has turns a look-up into its second half.
func has[T any](_ T, found bool) bool { return found }
