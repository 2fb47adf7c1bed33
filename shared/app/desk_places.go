package app

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Places are where a user works: what the navigation of the desk shows.
type Places struct {
	Inbox      bool           // the user is a rep
	Teams      []TeamView     // whose triage they see
	Pools      []PoolView     // that they see
	Moves      bool           // they move many leads at once
	Models     bool           // they see what was learned from closed leads
	Quarantine bool           // they see what could not become a lead
	Cleansing  bool           // they see what waits for the cleansing team
	Zone       *time.Location // in which their times are shown: that of their shifts, else UTC
}

// TeamView is a team by id and name.
type TeamView struct{ ID, Name string }

// PoolView is a pool as a user may use it.
type PoolView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Member   bool   `json:"member"`                 // the user is one
	Assigned bool   `json:"assigned,omitempty"`     // members do not claim: the admins assign
	Admin    bool   `json:"admin,omitempty"`        // the user is one
	Stock    bool   `json:"stock,omitempty"`        // the user sees what the sweep did
	Claims   int    `json:"claims"`                 // of one member a day
	Left     *int   `json:"left,omitempty"`         // claims left to the user today, if a member
	Looks    *int   `json:"reveals_left,omitempty"` // looks at contact data left today, if a member
}

// Places tells where the user works.
func (d *Desk) Places(ctx context.Context, u User) (Places, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return Places{}, err
	}
	p := Places{Inbox: u.rep() != "", Moves: v.removes(), Models: u.SeesModels(), Quarantine: u.seesSubmissions(), Cleansing: v.sightOfPersons() != unseen, Pools: d.pools(v), Zone: time.UTC}
	for _, team := range v.pol.Teams() {
		if v.seesTriage(team.ID) {
			p.Teams = append(p.Teams, TeamView{ID: team.ID, Name: cmp.Or(team.Name, team.ID)})
		}
	}
	if zone, err := time.LoadLocation(v.record.Zone); err == nil { // UTC for "" as well
		p.Zone = zone
	}
	return p, nil
}

// Pools lists the pools that the user sees.
func (d *Desk) Pools(ctx context.Context, u User) ([]PoolView, error) {
	v, err := d.viewer(ctx, u)
	if err != nil {
		return nil, err
	}
	return d.pools(v), nil
}

func (d *Desk) pools(v viewer) []PoolView {
	_, claimed := v.record.CountToday(d.Now())
	views := []PoolView{}
	for _, pool := range v.pol.Pools() {
		if !v.seesPool(pool.ID) {
			continue
		}
		view := PoolView{ID: pool.ID, Name: cmp.Or(pool.Name, pool.ID), Member: v.memberOf(pool.ID), Assigned: pool.Assigned,
			Admin: v.adminOf(pool.ID), Stock: v.seesStock(pool.ID), Claims: v.pol.ClaimLimit(pool.ID)}
		if view.Member {
			left, looks := max(0, view.Claims-claimed), max(0, v.pol.RevealLimit(pool.ID)-v.record.RevealsToday(v.now))
			view.Left, view.Looks = &left, &looks
		}
		views = append(views, view)
	}
	return views
}

// Pool finds a pool among the places.
func (p Places) Pool(id string) (PoolView, bool) {
	if i := slices.IndexFunc(p.Pools, func(v PoolView) bool { return v.ID == id }); i >= 0 {
		return p.Pools[i], true
	}
	return PoolView{}, false
}
