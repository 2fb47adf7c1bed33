package app

import (
	"context"
	"errors"
	"slices"

	"sluice/shared/dial"
	"sluice/shared/lead"
	"sluice/shared/pace"
	"sluice/shared/policy"
)

// Floor is who is there to talk at a moment: see [dial.Floor].
type Floor struct {
	Free    int `json:"free"`
	Busy    int `json:"busy"`
	Ringing int `json:"ringing"`
}

// ToDial is what a dialler of the house is to do now.
type ToDial struct {
	Dial       int      `json:"dial"` // numbers, as the pacing has it
	Predictive bool     `json:"predictive"`
	Why        string   `json:"why"`
	Leads      []Number `json:"leads"` // to dial now: fewer where the list has no more
}

// Number is somebody to dial now. Nobody else gets the lead from the list.
type Number struct {
	Lead     string `json:"lead"`
	Number   string `json:"number,omitempty"`
	Product  string `json:"product"`
	Name     string `json:"name,omitempty"`
	Phone    string `json:"phone"` // E.164
	Language string `json:"language,omitempty"`
}

// Bounds of one answer, so that it comes while the agents it counts on are free.
const (
	floorMost   = 10_000 // agents, or numbers that ring
	dialMost    = 50     // leads
	dialPages   = 5      // of a list that are looked through
	dialCommits = 8      // at the same time
)

// Next hands out the leads of a call list that are to be dialled now, as many as its
// figures allow. Each is handed out once: where nothing is heard of it again, it
// stays in its pool and comes round with the next look.
func (d *Desk) Next(ctx context.Context, u User, list string, f Floor) (ToDial, error) {
	for _, n := range []struct {
		name string
		n    int
	}{{"free", f.Free}, {"busy", f.Busy}, {"ringing", f.Ringing}} {
		if n.n < 0 || n.n > floorMost {
			return ToDial{}, field{n.name, ""}.invalid("give a count from 0 to %d", floorMost)
		}
	}
	v, found, err := d.dialler(ctx, u, list)
	if err != nil {
		return ToDial{}, err
	}
	if found.URL != "" {
		return ToDial{}, lead.Errorf(lead.Conflict, "this list is called by its vendor, to whom its leads are sent")
	}
	figures, _, err := d.Store.Figures(ctx, list)
	if err != nil {
		return ToDial{}, err
	}
	decision := dial.Pacing{Abandon: dial.Abandon}.Dial(figures, dial.Floor(f))
	out := ToDial{Dial: decision.N, Predictive: decision.Predictive, Why: decision.Why, Leads: []Number{}}
	out.Leads, err = d.handOut(ctx, handing{v, list, d.NewID()}, min(decision.N, dialMost))
	return out, err
}

// dialler is the user as the list sees them: a rep, dispatcher or manager of a team
// whose pools use it.
func (d *Desk) dialler(ctx context.Context, u User, list string) (viewer, policy.CallList, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return v, policy.CallList{}, err
	}
	found, ok := v.pol.List(list)
	if !ok || !slices.ContainsFunc(v.pol.Pools(), func(p policy.Pool) bool { return p.List == list && v.dials(p) }) {
		return v, found, lead.Errorf(lead.NotFound, "there is no such call list for you")
	}
	return v, found, nil
}

func (u viewer) dials(p policy.Pool) bool {
	return u.memberOf(p.ID) || slices.ContainsFunc(p.Teams, func(team string) bool {
		return u.over(team, RoleDispatcher, RoleManager)
	})
}

// dialRole is the role in which a user hands out leads.
func (u viewer) dialRole() string {
	for _, role := range []string{RoleDispatcher, RoleManager} {
		if u.Is(role) {
			return role
		}
	}
	return RoleRep
}

// handing is one answer to a dialler who asks for leads.
type handing struct {
	viewer
	list string
	id   string
}

// handOut takes up to n leads off the list, best first. What was taken off is to be
// dialled, whatever went wrong after it.
func (d *Desk) handOut(ctx context.Context, h handing, n int) ([]Number, error) {
	out := []Number{}
	p := Page{Limit: pageMax}
	for page := 0; page < dialPages && len(out) < n; page++ {
		ids, cursor, err := d.Store.List(ctx, h.list, p)
		if err == nil {
			var some []Number
			some, err = d.handOutOf(ctx, h, ids, n-len(out))
			out = append(out, some...)
		}
		if err != nil && len(out) == 0 {
			return nil, err
		}
		if err != nil {
			d.Log.WarnContext(ctx, "dial", "list", h.list, "error", err.Error())
		}
		if p.Cursor = cursor; cursor == "" || err != nil {
			break
		}
	}
	d.handedOut(ctx, h, out)
	return out, nil
}

// handOutOf takes up to n of a page of leads off the list.
func (d *Desk) handOutOf(ctx context.Context, h handing, ids []string, n int) ([]Number, error) {
	leads, err := d.Store.Leads(ctx, ids)
	if err != nil {
		return nil, err
	}
	persons, err := d.persons(ctx, leads)
	if err != nil {
		return nil, err
	}
	var out []Number
	for len(leads) > 0 && len(out) < n && err == nil {
		some := leads[:min(n-len(out), len(leads))]
		leads = leads[len(some):]
		got := make([]Number, len(some))
		faults := make([]error, len(some))
		pace.Each(ctx, len(some), dialCommits, func(i int) {
			got[i], faults[i] = d.takeOff(ctx, h, some[i], persons[some[i].Person])
		})
		out = append(out, slices.DeleteFunc(got, func(n Number) bool { return n.Lead == "" })...)
		err = errors.Join(faults...)
	}
	return out, err
}

// takeOff takes a lead off the list for the user to dial; it is none where somebody
// was quicker or the person is not to be called now.
func (d *Desk) takeOff(ctx context.Context, h handing, l lead.Lead, person lead.Person) (Number, error) {
	now := d.Now()
	if l.State != lead.StatePooled || l.List != h.list || person.ID == "" || h.pol.Quiet(l, now) {
		return Number{}, nil
	}
	by, command := h.actor(h.dialRole()), lead.Command(lead.Dial{List: h.list, Hand: h.id})
	contact, err := OpenContact(ctx, d.Vault, person)
	if err != nil {
		return Number{}, err
	}
	gone := !person.OptOut.IsZero() // by mail, or for another product
	if gone {
		by, command = lead.System("desk"), lead.OptOut{}
	} else if contact.Phone == "" {
		return Number{}, nil
	}
	after, entry, err := lead.Run(l, by, h.pol.Rules(l.Team), now, command)
	if err != nil {
		return Number{}, err
	}
	err = d.Store.Commit(ctx, lead.NewChange(after, entry))
	var refused *lead.Refused
	switch {
	case errors.As(err, &refused), err == nil && gone:
		return Number{}, nil
	case err != nil:
		return Number{}, err
	}
	return Number{Lead: l.ID, Number: l.Number, Product: l.Product, Name: contact.Name, Phone: contact.Phone, Language: l.Facts.Language}, nil
}

// handedOut logs whose contact data the user was given.
func (d *Desk) handedOut(ctx context.Context, h handing, numbers []Number) {
	var ids []string
	for _, n := range numbers {
		ids = append(ids, n.Lead)
	}
	if len(ids) > 0 {
		d.Log.InfoContext(ctx, "reveal", "user", h.ID, "list", h.list, "leads", ids)
	}
}
