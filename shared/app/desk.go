package app

import (
	"context"
	"slices"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// Desk is what people do with leads, whoever shows it to them. Each use case
// takes the [User] who asks and answers only within their scope:
//
//   - a rep sees and changes own leads, and sees the leads of the pools they
//     are a member of with contact data masked;
//   - an admin of a pool sees its leads masked, and gives them to its members;
//   - a dispatcher sees and places what waits in triage of their teams;
//   - dispatchers and managers of the cleansing team see the leads that wait for it,
//     and every person;
//   - a manager sees the leads, inboxes and pools of their teams;
//   - customer success sees converted leads and confirms them;
//   - a marketer sees every lead, and ops every lead and list, without contact
//     data.
//
// What lies outside the scope is not found, so that nobody learns that it
// exists; a rep who had a lead before is told that it is gone.
//
// With a warm policy an act of a rep is three round trips to the store: the lead
// with the rep's record, the commit, and the person, who is read before the commit
// where the act changes them and after it for the answer where not.
type Desk struct {
	Ports
	Store  Store
	Vault  Vault
	Policy *Current
}

// User is who asks, as the policy lists them.
type User struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Roles []string `json:"roles"`
	Rep   string   `json:"rep,omitempty"` // the rep that the user is, "" where none
	Teams []string `json:"teams,omitempty"`
}

// The roles of users. A user may have several and sees what any of them sees.
const (
	RoleRep        = "rep"
	RoleDispatcher = "dispatcher"
	RoleManager    = "manager"
	RoleMarketer   = "marketer"
	RoleOps        = "ops"
	RoleSuccess    = "customer_success"
)

// byAdmin is how the history names an admin of a pool who is nothing else to the
// lead.
const byAdmin = "pool_admin"

// Is reports whether the user has one of the roles.
func (u User) Is(roles ...string) bool {
	return slices.ContainsFunc(u.Roles, func(r string) bool { return slices.Contains(roles, r) })
}

// rep is the rep that the user acts as, "" where they may not.
func (u User) rep() string {
	if !u.Is(RoleRep) {
		return ""
	}
	return u.Rep
}

// actor is the user as the history names them.
func (u User) actor(role string) lead.Actor {
	if role == RoleRep {
		return lead.Actor{Kind: RoleRep, ID: u.Rep}
	}
	return lead.Actor{Kind: role, ID: u.ID}
}

// User returns a user of the policy by id; NotFound where there is none.
func (d *Desk) User(ctx context.Context, id string) (User, error) {
	return d.user(ctx, func(u policy.User) bool { return u.ID == id })
}

// UserByEmail returns the user with an e-mail address, which the caller has
// verified. Case does not matter.
func (d *Desk) UserByEmail(ctx context.Context, email string) (User, error) {
	return d.user(ctx, func(u policy.User) bool { return email != "" && sameFold(u.Email, email) })
}

func (d *Desk) user(ctx context.Context, match func(policy.User) bool) (User, error) {
	pol, err := d.Policy.Directory(ctx)
	if err != nil {
		return User{}, err
	}
	if i := slices.IndexFunc(pol.Users(), match); i >= 0 {
		return userOf(pol.Users()[i]), nil
	}
	return User{}, lead.Errorf(lead.NotFound, "the policy lists no such user")
}

// Target is the lead that an action is about. Version, where it is not 0, is the
// version that the user saw: the action is refused with [ErrMoved] where the
// lead has moved on since.
type Target struct {
	Lead    string
	Version int
}

// ErrMoved is the cause of the Conflict that a [Target] with an older version
// meets.
var ErrMoved error = movedError{}

type movedError struct{}

func (movedError) Error() string { return "the lead has moved on" }

// The numbers of items in a page of a list.
const (
	pageDefault = 50
	pageMax     = 100
)

func bounded(p Page) Page {
	if p.Limit <= 0 {
		p.Limit = pageDefault
	}
	p.Limit = min(p.Limit, pageMax)
	return p
}
