package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"sluice/shared/lead"
	"sluice/shared/policy"
)

// contact opens a person's contact data, and masks it where the user may not see
// all of it.
func (d *Desk) contact(ctx context.Context, p lead.Person, sees sight) (*Contact, error) {
	var c lead.Contact
	for _, f := range []struct {
		field  string
		sealed lead.Sealed
		to     *string
	}{
		{"name", p.Name, &c.Name}, {"phone", p.Phone, &c.Phone},
		{"email", p.Email, &c.Email}, {"company", p.Company, &c.Company},
	} {
		text, err := d.open(ctx, placePerson(p.ID, f.field), f.sealed)
		if err != nil {
			return nil, fmt.Errorf("open %s of person %s: %w", f.field, p.ID, err)
		}
		*f.to = text
	}
	if sees == masked {
		c = mask(c)
	}
	return &Contact{Name: c.Name, Phone: c.Phone, Email: c.Email, Company: c.Company, Masked: sees == masked}, nil
}

func (d *Desk) private(ctx context.Context, l lead.Lead) (map[string]any, error) {
	text, err := d.open(ctx, placePrivate(l.ID), l.Private)
	if err != nil {
		return nil, fmt.Errorf("open answers of lead %s: %w", l.ID, err)
	}
	var answers map[string]any
	if err := json.Unmarshal([]byte(text), &answers); err != nil {
		return nil, fmt.Errorf("read answers of lead %s: not a map", l.ID)
	}
	return answers, nil
}

func (d *Desk) open(ctx context.Context, place string, sealed lead.Sealed) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := d.Vault.Open(ctx, place, sealed)
	return string(plain), err
}

// names finds the names of reps and users, for one answer.
type names struct {
	store Reps
	pol   *policy.Directory
	reps  map[string]string
}

func (d *Desk) names(pol *policy.Directory) *names {
	return &names{store: d.Store, pol: pol, reps: map[string]string{}}
}

// rep is a rep's name, the id where none is known.
func (n *names) rep(ctx context.Context, id string) string {
	if name, ok := n.reps[id]; ok {
		return name
	}
	name := id
	if u, ok := n.pol.UserOfRep(id); ok {
		name = cmp.Or(u.Name, u.ID)
	}
	if name == id {
		if r, err := n.store.Rep(ctx, id); err == nil && r.Name != "" {
			name = r.Name
		}
	}
	n.reps[id] = name
	return name
}

// who names an actor of the history.
func (n *names) who(ctx context.Context, a lead.Actor) Who {
	w := Who{Kind: a.Kind, ID: a.ID, Name: a.ID}
	switch a.Kind {
	case "system":
	case RoleRep:
		w.Name = n.rep(ctx, a.ID)
	default:
		for _, u := range n.pol.Users() {
			if u.ID == a.ID {
				w.Name = cmp.Or(u.Name, u.ID)
			}
		}
	}
	return w
}
